//! `cognate keys`

use std::path::Path;

use rusqlite::Connection;
use serde_json::{Value, json};

use crate::process::{refused, run, stderr, stdout};
use crate::serve::{config, configured};

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
            "client_secrets.secret_sealed",
            "clients.secret_sealed",
            "key_stock.private_sealed",
            "signing_keys.private_sealed",
            "user_pools.veil_key_sealed",
            "users.password_history_sealed",
            "users.verifier_sealed",
        ],
        "a new sealed column must join engine::rewrap::COLUMNS, and this list"
    );
}
