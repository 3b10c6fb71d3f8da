//! What must hold on both engines: whose a store is when several start at once, and what `dev` does to its own.

use cognate_store::{Db, Options};
use cognate_testkit::{TestDb, both_engines};
use serde_json::json;

use crate::process::{Server, idp, refused, request, run, stderr};
use crate::serve::{config, configured};

async fn execute(url: &str, statement: &str) {
    let db = Db::open(url, Options::default()).await.unwrap();
    db.write(async |tx| tx.query(statement).execute().await).await.unwrap();
}

fn dev(db: &TestDb, data: &std::path::Path) -> Server {
    let data = data.to_str().unwrap();
    Server::start(&["dev", "--json", "--listen", "127.0.0.1:0", "--data", data, "--database", &db.url])
}

both_engines! {
    async fn of_several_that_start_at_once_on_nothing_one_environment_has_the_store(db: TestDb) {
        let folder = configured("production");
        let start = |environment: &'static str| {
            let (place, url) = (config(&folder), db.url.clone());
            let command = move || {
                run(&["keys", "create", "--config", &place, "--environment", environment, "--database", &url])
            };
            std::thread::spawn(command)
        };
        let tries = ["production", "staging", "production", "staging"].map(start);
        let outputs = tries.map(|one| one.join().unwrap());

        let said: Vec<_> = outputs.iter().map(stderr).collect();
        let won: Vec<_> = outputs.iter().map(|output| output.status.success()).collect();
        assert!(won == [true, false, true, false] || won == [false, true, false, true], "{won:?} {said:?}");
        assert_eq!(said.iter().filter(|said| said.contains("is marked as the store of")).count(), 2, "{said:?}");
    }

    async fn a_newer_store_is_refused(db: TestDb) {
        let data = tempfile::tempdir().unwrap();
        assert!(dev(&db, data.path()).terminate().success());
        execute(&db.url, "INSERT INTO schema_migrations (version, name, checksum) VALUES (999, 'future', 'x')").await;
        refused(
            &["dev", "--listen", "127.0.0.1:0", "--data", data.path().to_str().unwrap(), "--database", &db.url],
            &["store.database", "newer version", "999"],
        );
    }

    async fn a_database_with_tables_of_somebody_else_is_refused_and_gets_none_of_ours(db: TestDb) {
        execute(&db.url, "CREATE TABLE recipes (name TEXT)").await;
        let data = tempfile::tempdir().unwrap();
        refused(
            &["dev", "--listen", "127.0.0.1:0", "--data", data.path().to_str().unwrap(), "--database", &db.url],
            &["store.database", "recipes"],
        );
        let opened = Db::open(&db.url, Options::default()).await.unwrap();
        let tables = cognate_store::marks::tables(&mut opened.read().await.unwrap()).await.unwrap();
        assert_eq!(tables, ["recipes"]);
    }

    async fn a_reset_empties_the_store_and_makes_the_sample_again(db: TestDb) {
        let data = tempfile::tempdir().unwrap();
        let server = dev(&db, data.path());
        let (address, before) = (server.address(), server.json());
        let made = idp(&address, "CreateUserPool", &json!({ "PoolName": "mine" })).json();

        let answer = request(&address, "POST /dev/reset HTTP/1.1", "");

        assert_eq!(answer.status, 200, "{}", answer.body);
        let after = answer.json();
        assert_eq!(after["endpoint"], before["endpoint"]);
        assert_ne!(after["userPoolId"], before["userPoolId"]);
        let gone = idp(&address, "DescribeUserPool", &json!({ "UserPoolId": made["UserPool"]["Id"] }));
        assert_eq!(gone.status, 400, "{}", gone.body);
        let there = idp(&address, "DescribeUserPool", &json!({ "UserPoolId": after["userPoolId"] }));
        assert_eq!(there.status, 200, "{}", there.body);

        let all: Vec<_> = (0..3).map(|_| {
            let address = address.clone();
            std::thread::spawn(move || request(&address, "POST /dev/reset HTTP/1.1", ""))
        }).collect();
        let last = all.into_iter().map(|one| one.join().unwrap()).map(|answer| answer.json());
        let pools: Vec<_> = last.map(|answer| answer["userPoolId"].clone()).collect();
        let list = idp(&address, "ListUserPools", &json!({ "MaxResults": 10 })).json();
        let listed = list["UserPools"].as_array().unwrap();
        assert_eq!(listed.len(), 1, "resets at once leave one sample: {list}");
        assert!(pools.contains(&listed[0]["Id"]));
    }

    async fn a_store_that_is_no_longer_marked_dev_is_not_reset(db: TestDb) {
        let data = tempfile::tempdir().unwrap();
        let server = dev(&db, data.path());
        execute(&db.url, "UPDATE store_marks SET value = 'production' WHERE mark = 'environment'").await;

        let answer = request(&server.address(), "POST /dev/reset HTTP/1.1", "");

        assert_eq!(answer.status, 500);
        assert!(answer.body.contains("marked `dev`"), "{}", answer.body);
        let pool = json!({ "UserPoolId": server.json()["userPoolId"] });
        assert_eq!(idp(&server.address(), "DescribeUserPool", &pool).status, 200, "nothing was emptied");
    }
}
