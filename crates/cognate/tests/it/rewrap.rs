//! `cognate keys rewrap`

use std::collections::BTreeSet;

use cognate_store::{Db, Options};
use cognate_testkit::{TestDb, both_engines};
use serde_json::json;

use crate::process::{Server, idp, refused, run, stderr, stdout};
use crate::serve::{OTHER_KEY, private};

const COLUMNS: [(&str, &str); 7] = [
    ("access_keys", "secret_sealed"),
    ("user_pools", "veil_key_sealed"),
    ("signing_keys", "private_sealed"),
    ("key_stock", "private_sealed"),
    ("clients", "secret_sealed"),
    ("client_secrets", "secret_sealed"),
    ("users", "verifier_sealed"),
];

/// What is sealed in the store: for each value its table, and the eight bytes that name its key.
async fn sealed(db: &TestDb) -> Vec<(&'static str, Vec<u8>)> {
    let store = Db::open(&db.url, Options::default()).await.unwrap();
    let mut found = Vec::new();
    for (table, column) in COLUMNS {
        let sql = format!("SELECT {column} FROM {table} WHERE {column} IS NOT NULL");
        let values = store.read().await.unwrap().query(&sql).all(|row| row.bytes(0)).await.unwrap();
        found.extend(values.iter().map(|value| (table, value[1..9].to_vec())));
    }
    found
}

fn dev(db: &TestDb, data: &str) -> Server {
    Server::start(&["dev", "--json", "--listen", "127.0.0.1:0", "--data", data, "--database", &db.url])
}

both_engines! {
    async fn after_a_rewrap_the_old_master_key_is_needed_no_longer(db: TestDb) {
        let folder = tempfile::tempdir().unwrap();
        let data = folder.path().to_str().unwrap();
        let server = dev(&db, data);
        let (address, first) = (server.address(), server.json());
        let secret_client = json!({ "UserPoolId": first["userPoolId"], "ClientName": "b", "GenerateSecret": true });
        let made = idp(&address, "CreateUserPoolClient", &secret_client).json();
        let describe = json!({ "UserPoolId": first["userPoolId"], "ClientId": made["UserPoolClient"]["ClientId"] });
        assert_eq!(idp(&address, "AddUserPoolClientSecret", &describe).status, 200);
        let sign_up = json!({ "ClientId": first["clientId"], "Username": "ann", "Password": "Correct-horse-7",
            "UserAttributes": [{ "Name": "email", "Value": "ann@example.com" }] });
        assert_eq!(idp(&address, "SignUp", &sign_up).status, 200);
        let confirm = json!({ "UserPoolId": first["userPoolId"], "Username": "ann" });
        assert_eq!(idp(&address, "AdminConfirmSignUp", &confirm).status, 200);
        assert!(server.terminate().success());
        assert!(run(&["keys", "create", "--data", data, "--database", &db.url]).status.success());

        let (current, old) = (folder.path().join("master.key"), folder.path().join("old.key"));
        std::fs::rename(&current, &old).unwrap();
        private(&current, OTHER_KEY);
        refused(&["keys", "rewrap", "--data", data, "--database", &db.url], &["keys.master_key"]);
        let before = sealed(&db).await;
        let rewrap = || {
            let old = old.to_str().unwrap();
            run(&["keys", "rewrap", "--data", data, "--database", &db.url, "--previous-master-key-files", old])
        };

        let running = Server::start(&["dev", "--json", "--listen", "127.0.0.1:0", "--data", data, "--database", &db.url,
            "--previous-master-key-files", old.to_str().unwrap()]);
        let (one, other) = std::thread::scope(|scope| {
            let two = [scope.spawn(rewrap), scope.spawn(rewrap)];
            assert_eq!(idp(&running.address(), "DescribeUserPoolClient", &describe).status, 200, "servers go on");
            let [one, other] = two.map(|run| run.join().unwrap());
            (one, other)
        });
        assert!(running.terminate().success());

        assert!(one.status.success() && other.status.success(), "{} {}", stderr(&one), stderr(&other));
        let moved = |done| stdout(done).split(' ').next().unwrap().parse::<usize>().unwrap();
        assert_eq!(moved(&one) + moved(&other), before.len(), "each value is moved once");
        let after = sealed(&db).await;
        assert_eq!(after.len(), before.len());
        assert!(before.iter().all(|(_, key)| *key == before[0].1));
        assert!(after.iter().all(|(_, key)| *key == after[0].1 && *key != before[0].1));
        let tables: BTreeSet<_> = after.iter().map(|(table, _)| *table).collect();
        for table in ["access_keys", "clients", "signing_keys", "user_pools", "users"] {
            assert!(tables.contains(table), "{table} was not tried: {tables:?}");
        }
        assert!(stdout(&rewrap()).starts_with("0 values were moved"), "a second run has nothing to do");

        std::fs::remove_file(&old).unwrap();
        let server = dev(&db, data);
        let address = server.address();
        let described = idp(&address, "DescribeUserPoolClient", &describe).json();
        assert_eq!(described["UserPoolClient"]["ClientSecret"], made["UserPoolClient"]["ClientSecret"]);
        let sign_in = json!({ "AuthFlow": "USER_PASSWORD_AUTH", "ClientId": first["clientId"],
            "AuthParameters": { "USERNAME": "ann", "PASSWORD": "Correct-horse-7" } });
        let tokens = idp(&address, "InitiateAuth", &sign_in);
        assert_eq!(tokens.status, 200, "{}", tokens.body);
    }
}
