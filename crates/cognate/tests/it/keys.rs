//! `cognate keys`

use std::path::Path;

use rusqlite::Connection;
use serde_json::{Value, json};

use crate::process::{Server, idp, refused, run, stderr, stdout};
use crate::serve::{KEY, OTHER_KEY, config, configured, private};

fn listed(place: &str) -> Vec<Value> {
    let output = run(&["keys", "list", "--json", "--config", place]);
    assert!(output.status.success(), "{}", stderr(&output));
    serde_json::from_str::<Value>(&stdout(&output)).unwrap().as_array().unwrap().clone()
}

#[test]
fn a_key_is_made_listed_and_revoked() {
    let folder = configured("production");
    let place = config(&folder);

    let made = run(&["keys", "create", "--json", "--description", "for the deploy", "--config", &place]);
    assert!(made.status.success(), "{}", stderr(&made));
    let made: Value = serde_json::from_str(&stdout(&made)).unwrap();
    let (id, secret) = (made["accessKeyId"].as_str().unwrap(), made["secretAccessKey"].as_str().unwrap());
    assert!(id.starts_with("AKIA") && id.len() == 20, "{id}");
    assert_eq!(secret.len(), 40);
    assert_eq!(made["account"], "123456789012");

    let keys = listed(&place);
    assert_eq!(keys.len(), 1);
    assert_eq!((&keys[0]["accessKeyId"], &keys[0]["description"]), (&json!(id), &json!("for the deploy")));
    assert_eq!(keys[0]["revokedAt"], Value::Null);
    let shown = stdout(&run(&["keys", "list", "--config", &place]));
    assert!(shown.contains(id) && !shown.contains(secret), "{shown}");

    assert_eq!(stdout(&run(&["keys", "revoke", id, "--config", &place])), format!("{id} is revoked.\n"));
    assert!(listed(&place)[0]["revokedAt"].is_string());
    let again = run(&["keys", "revoke", id, "--config", &place]);
    assert!(stdout(&again).contains("has been revoked since"), "{again:?}");
    let unknown = run(&["keys", "revoke", "AKIANOSUCHKEY0000000", "--config", &place]);
    assert_eq!(unknown.status.code(), Some(1));
    assert!(stderr(&unknown).contains("AKIANOSUCHKEY0000000"));
}

#[test]
fn the_store_never_holds_a_secret_in_the_clear() {
    let folder = configured("production");
    let made = run(&["keys", "create", "--json", "--config", &config(&folder)]);
    let made: Value = serde_json::from_str(&stdout(&made)).unwrap();
    let secret = made["secretAccessKey"].as_str().unwrap().as_bytes();
    for entry in std::fs::read_dir(folder.path().join("data")).unwrap() {
        let bytes = std::fs::read(entry.unwrap().path()).unwrap();
        assert!(!bytes.windows(secret.len()).any(|window| window == secret));
    }
}

#[test]
fn a_folder_without_a_store_is_refused_rather_than_filled() {
    refused(&["keys", "list", "--data", "/nowhere/.cognate"], &["store.data", "/nowhere/.cognate"]);
    assert!(!Path::new("/nowhere").exists());
}

/// What is sealed in the store: for each value, its place and the eight bytes that name its key.
fn sealed(database: &Path) -> Vec<(String, Vec<u8>)> {
    let store = Connection::open(database).unwrap();
    let mut found = Vec::new();
    for (table, column) in [
        ("access_keys", "secret_sealed"),
        ("user_pools", "veil_key_sealed"),
        ("signing_keys", "private_sealed"),
        ("key_stock", "private_sealed"),
        ("clients", "secret_sealed"),
        ("users", "verifier_sealed"),
    ] {
        let sql = format!("SELECT substr({column}, 2, 8) FROM {table} WHERE {column} IS NOT NULL");
        let mut statement = store.prepare(&sql).unwrap();
        let keys: Vec<Vec<u8>> = statement.query_map([], |row| row.get(0)).unwrap().map(Result::unwrap).collect();
        found.extend(keys.into_iter().map(|key| (format!("{table}.{column}"), key)));
    }
    found
}

#[test]
fn every_sealed_column_of_the_schema_is_moved() {
    let folder = configured("production");
    run(&["keys", "list", "--config", &config(&folder)]);
    let store = Connection::open(folder.path().join("data/cognate.db")).unwrap();
    let sql = "SELECT m.name || '.' || c.name FROM sqlite_master m JOIN pragma_table_info(m.name) c
                WHERE m.type = 'table' AND c.name LIKE '%\\_sealed' ESCAPE '\\' ORDER BY 1";
    let mut statement = store.prepare(sql).unwrap();
    let columns: Vec<String> = statement.query_map([], |row| row.get(0)).unwrap().map(Result::unwrap).collect();
    assert_eq!(
        columns,
        [
            "access_keys.secret_sealed",
            "clients.secret_sealed",
            "key_stock.private_sealed",
            "signing_keys.private_sealed",
            "user_pools.veil_key_sealed",
            "users.verifier_sealed",
        ],
        "a new sealed column must join engine::rewrap::COLUMNS, and this list"
    );
}

#[test]
fn after_a_rewrap_the_old_master_key_is_needed_no_longer() {
    let folder = tempfile::tempdir().unwrap();
    let server = Server::dev(folder.path());
    let (address, first) = (server.address(), server.json());
    let secret_client = json!({ "UserPoolId": first["userPoolId"], "ClientName": "b", "GenerateSecret": true });
    let made = idp(&address, "CreateUserPoolClient", &secret_client).json();
    let describe = json!({ "UserPoolId": first["userPoolId"], "ClientId": made["UserPoolClient"]["ClientId"] });
    let sign_up = json!({ "ClientId": first["clientId"], "Username": "ann", "Password": "Correct-horse-7",
        "UserAttributes": [{ "Name": "email", "Value": "ann@example.com" }] });
    assert_eq!(idp(&address, "SignUp", &sign_up).status, 200);
    let confirm = json!({ "UserPoolId": first["userPoolId"], "Username": "ann" });
    assert_eq!(idp(&address, "AdminConfirmSignUp", &confirm).status, 200);
    assert!(server.terminate().success());
    let data = folder.path().to_str().unwrap();
    assert!(run(&["keys", "create", "--data", data]).status.success());

    let (current, old) = (folder.path().join("master.key"), folder.path().join("old.key"));
    std::fs::rename(&current, &old).unwrap();
    private(&current, OTHER_KEY);
    refused(&["keys", "rewrap", "--data", data], &["keys.master_key"]);
    let database = folder.path().join("cognate.db");
    let before = sealed(&database);
    let rewrap = || run(&["keys", "rewrap", "--data", data, "--previous-master-key-files", old.to_str().unwrap()]);

    let done = rewrap();

    assert!(done.status.success(), "{}", stderr(&done));
    assert!(stdout(&done).starts_with(&format!("{} values were moved", before.len())), "{}", stdout(&done));
    let after = sealed(&database);
    assert_eq!(after.len(), before.len());
    assert!(before.iter().all(|(_, key)| key == &before[0].1));
    assert!(after.iter().all(|(_, key)| key == &after[0].1 && key != &before[0].1));
    let places: std::collections::BTreeSet<_> = after.iter().map(|(place, _)| place.as_str()).collect();
    for place in ["access_keys", "user_pools", "signing_keys", "clients", "users"] {
        assert!(places.iter().any(|found| found.starts_with(place)), "{place} was not tried: {places:?}");
    }
    assert!(stdout(&rewrap()).starts_with("0 values were moved"), "a second run has nothing to do");

    std::fs::remove_file(&old).unwrap();
    let server = Server::dev(folder.path());
    let address = server.address();
    let described = idp(&address, "DescribeUserPoolClient", &describe).json();
    assert_eq!(described["UserPoolClient"]["ClientSecret"], made["UserPoolClient"]["ClientSecret"]);
    let sign_in = json!({ "AuthFlow": "USER_PASSWORD_AUTH", "ClientId": first["clientId"],
        "AuthParameters": { "USERNAME": "ann", "PASSWORD": "Correct-horse-7" } });
    let tokens = idp(&address, "InitiateAuth", &sign_in);
    assert_eq!(tokens.status, 200, "{}", tokens.body);
    assert!(std::fs::read_to_string(&current).unwrap() != KEY);
}
