//! `cognate import`: into stores with master keys of their own, killed half-way, and refused.

use std::fs;
use std::path::PathBuf;
use std::process::Stdio;
use std::time::Duration;

use cognate_store::{Db, Options};
use cognate_testkit::app::{PASSWORD, people_file};
use cognate_testkit::{TestDb, both_engines};
use serde_json::{Value, json};
use tempfile::TempDir;

use crate::export::{dev_store, text};
use crate::process::{Server, cognate, idp, refused, run, stderr, stdout};
use crate::serve::private;

const KEY: [u8; 32] = [9; 32];

fn key_file(folder: &TempDir) -> PathBuf {
    let path = folder.path().join("export.key");
    private(&path, &data_encoding::BASE64.encode(&KEY));
    path
}

fn server(db: &TestDb, data: &str) -> Server {
    Server::start(&["dev", "--json", "--listen", "127.0.0.1:0", "--data", data, "--database", &db.url])
}

async fn count(url: &str, sql: &str) -> i64 {
    let db = Db::open(url, Options::default()).await.unwrap();
    db.read().await.unwrap().query(sql).one(|row| row.int(0)).await.unwrap()
}

fn sign_in(address: &str, client: &str, name: &str) -> crate::process::Answer {
    let parameters = json!({ "USERNAME": name, "PASSWORD": PASSWORD });
    let input = json!({ "AuthFlow": "USER_PASSWORD_AUTH", "ClientId": client, "AuthParameters": parameters });
    idp(address, "InitiateAuth", &input)
}

both_engines! {
    async fn killed_half_way_it_goes_on_and_brings_each_user_once_while_a_server_runs(db: TestDb) {
        let folder = tempfile::tempdir().unwrap();
        let data = folder.path().join("data");
        let data = text(&data);
        let (file, key) = (folder.path().join("people.jsonl"), key_file(&folder));
        let made = people_file::write(&file, KEY, 9000);
        let running = server(&db, data);
        let words = ["import", text(&file), "--key-file", text(&key), "--data", data, "--database", &db.url, "--json"];

        let mut killed = cognate(&words).stdout(Stdio::null()).spawn().unwrap();
        let lines = "SELECT CAST(COALESCE(MAX(lines_done), 0) AS BIGINT) FROM imports";
        while count(&db.url, lines).await < 2000 {
            assert!(killed.try_wait().unwrap().is_none(), "it ended before it could be killed");
            tokio::time::sleep(Duration::from_millis(2)).await;
        }
        killed.kill().unwrap(); // SIGKILL
        killed.wait().unwrap();

        let half = count(&db.url, "SELECT CAST(COUNT(*) AS BIGINT) FROM users").await;
        assert!((1000..9000).contains(&half), "{half}");
        let early = sign_in(&running.address(), &made.client_id, "person-0000000");
        assert_eq!(early.status, 400, "nobody sees half a pool: {}", early.body);

        let done = run(&words);
        assert!(done.status.success(), "{}", stderr(&done));
        let done: Value = serde_json::from_str(&stdout(&done)).unwrap();
        assert!(done["resumedAfter"].as_u64().unwrap() >= 2000, "{done}");
        assert_eq!(count(&db.url, "SELECT CAST(COUNT(*) AS BIGINT) FROM users").await, 9000);
        assert_eq!(count(&db.url, "SELECT CAST(COUNT(DISTINCT username) AS BIGINT) FROM users").await, 9000);
        for name in ["person-0000000", "person-0004500", "person-0008999"] {
            assert_eq!(sign_in(&running.address(), &made.client_id, name).status, 200, "{name}");
        }
        let again = run(&words[..words.len() - 1]);
        assert!(stdout(&again).contains("there is nothing to do"), "{}{}", stdout(&again), stderr(&again));
    }

    async fn a_csv_is_read_into_a_pool_in_use(db: TestDb) {
        let folder = tempfile::tempdir().unwrap();
        let data = folder.path().join("data");
        let data = text(&data);
        let running = server(&db, data);
        let pool = running.json()["userPoolId"].as_str().unwrap().to_owned();
        let header = "name,given_name,family_name,middle_name,nickname,preferred_username,profile,picture,website,email,\
            email_verified,gender,birthdate,zoneinfo,locale,phone_number,phone_number_verified,address,updated_at,\
            cognito:mfa_enabled,cognito:username";
        let row = |name: &str| format!(",,,,,,,,,{name}@example.com,true,,,,,,,,,false,{name}");
        let file = folder.path().join("people.csv");
        fs::write(&file, format!("{header}\n{}\n{}\n", row("ann"), row("bob"))).unwrap();
        let words = ["import", text(&file), "--csv-into", &pool, "--data", data, "--database", &db.url];

        let done = run(&words);
        assert!(done.status.success(), "{}", stderr(&done));
        assert_eq!(stdout(&done), format!("2 users are in {pool} now and must choose a password; 0 were skipped.\n"));
        let ann = idp(&running.address(), "AdminGetUser", &json!({ "UserPoolId": pool, "Username": "ann" })).json();
        assert_eq!(ann["UserStatus"], "RESET_REQUIRED");

        fs::write(&file, format!("{header}\n{}\n{}\n", row("bob"), row("zoe"))).unwrap();
        let done = stdout(&run(&words));
        assert!(done.starts_with("line 2: skipped, the username is that of a user who is there already\n1 users"), "{done}");

        fs::write(&file, format!("{header}\n{}\nbroken\n{}x\n", row("kim"), "\"")).unwrap();
        let said = refused(&words, &["people.csv, line 3: 1 values where the header has 21 columns", "people.csv, line 4: quotes"]);
        assert!(said.contains("nothing was changed"), "{said}");
        let kim = idp(&running.address(), "AdminGetUser", &json!({ "UserPoolId": pool, "Username": "kim" }));
        assert_eq!(kim.status, 400);
    }
}

#[test]
fn refusals_name_file_and_line_and_end_with_2() {
    let (folder, data, pool) = dev_store();
    let (file, key) = (folder.path().join("people.jsonl"), key_file(&folder));
    people_file::write(&file, KEY, 20);
    let words = ["import", text(&file), "--key-file", text(&key), "--data", &data];

    let whole = fs::read(&file).unwrap();
    fs::write(&file, &whole[..whole.len() / 2]).unwrap();
    refused(&words, &["people.jsonl, line ", "cut off", "nothing was changed"]);
    fs::write(&file, &whole).unwrap();
    let other = folder.path().join("other.key");
    private(&other, &data_encoding::BASE64.encode(&[8; 32]));
    let said =
        refused(&["import", text(&file), "--key-file", text(&other), "--data", &data], &["line 1", "export key"]);
    assert!(said.contains(&cognate_jose::MasterKey::from_bytes(KEY).id().to_string()), "{said}");
    refused(&["import", text(&file), "--key-file", "/nowhere/export.key", "--data", &data], &["/nowhere/export.key"]);
    assert!(!std::path::Path::new("/nowhere").exists(), "an import makes no key");
    refused(&["import", text(&file), "--data", &data], &["COGNATE_EXPORT_KEY"]);
    refused(&["import", "--abandon", &pool, "--data", &data], &["no import of pool"]);

    let out = folder.path().join("own.jsonl");
    assert!(run(&["export", &pool, text(&out), "--key-file", text(&key), "--data", &data]).status.success());
    refused(&["import", text(&out), "--key-file", text(&key), "--data", &data], &[&pool, "is there already"]);

    let missing = run(&["import", "/nowhere/people.jsonl", "--key-file", text(&key), "--data", &data]);
    assert_eq!(missing.status.code(), Some(1), "{}", stderr(&missing));
    assert!(stderr(&missing).contains("/nowhere/people.jsonl"));
    refused(
        &["import", text(&file), "--key-file", text(&key), "--data", &data, "--environment", "production"],
        &["keys.master_key"],
    );
    let help = stdout(&run(&["import", "--help"]));
    for word in ["--key-file", "--csv-into", "--abandon", "goes on where it was"] {
        assert!(help.contains(word), "{word}: {help}");
    }
    assert_eq!(run(&["import"]).status.code(), Some(2));
}
