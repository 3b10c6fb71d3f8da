//! `cognate export`

use std::fs;
use std::os::unix::fs::PermissionsExt as _;
use std::path::Path;

use cognate_testkit::app::people_file;
use serde_json::Value;

use crate::process::{Server, cognate, refused, run, stderr, stdout};

/// A development store with a sample pool; its folder, and the pool's id.
pub(crate) fn dev_store() -> (tempfile::TempDir, String, String) {
    let folder = tempfile::tempdir().unwrap();
    let server = Server::dev(folder.path());
    let pool = server.json()["userPoolId"].as_str().unwrap().to_owned();
    assert!(server.terminate().success());
    let data = folder.path().to_str().unwrap().to_owned();
    (folder, data, pool)
}

pub(crate) fn text(path: &Path) -> &str {
    path.to_str().unwrap()
}

#[test]
fn the_key_is_made_once_for_its_owner_alone_and_is_never_said() {
    let (folder, data, pool) = dev_store();
    let (file, key) = (folder.path().join("a.jsonl"), folder.path().join("export.key"));

    let done = run(&["export", &pool, text(&file), "--key-file", text(&key), "--data", &data]);

    assert!(done.status.success(), "{}", stderr(&done));
    for made in [&file, &key] {
        assert_eq!(fs::metadata(made).unwrap().permissions().mode() & 0o777, 0o600);
    }
    let secret = fs::read_to_string(&key).unwrap();
    let said = format!("{}{}", stdout(&done), stderr(&done));
    assert!(said.contains(&format!("{pool} is in ")) && said.contains("0 users"), "{said}");
    assert_eq!(stderr(&done), "", "no bar where there is no terminal");
    assert!(!said.contains(secret.trim()) && !fs::read_to_string(&file).unwrap().contains(secret.trim()));

    let second = folder.path().join("b.jsonl");
    let again = run(&["export", &pool, text(&second), "--key-file", text(&key), "--data", &data, "--json"]);
    assert!(again.status.success(), "{}", stderr(&again));
    let again: Value = serde_json::from_str(&stdout(&again)).unwrap();
    assert_eq!((&again["userPoolId"], &again["exported"]["signingKeys"]), (&pool.clone().into(), &2.into()));
    assert_eq!(fs::read_to_string(&key).unwrap(), secret);
    assert!(said.contains(again["key"].as_str().unwrap()), "the same key has the same name");
}

#[test]
fn what_cannot_be_exported_is_refused_and_leaves_no_file() {
    let (folder, data, pool) = dev_store();
    let (file, key) = (folder.path().join("a.jsonl"), folder.path().join("export.key"));

    refused(&["export", &pool, text(&file), "--data", &data], &["export key", "--key-file", "COGNATE_EXPORT_KEY"]);
    refused(
        &["export", "us-east-1_None12345", text(&file), "--key-file", text(&key), "--data", &data],
        &["there is no pool us-east-1_None12345"],
    );
    fs::set_permissions(&key, fs::Permissions::from_mode(0o644)).unwrap();
    refused(&["export", &pool, text(&file), "--key-file", text(&key), "--data", &data], &["export.key", "mode 0644"]);
    assert!(!file.exists());

    fs::write(&file, "mine").unwrap();
    fs::set_permissions(&key, fs::Permissions::from_mode(0o600)).unwrap();
    refused(&["export", &pool, text(&file), "--key-file", text(&key), "--data", &data], &["is there already"]);
    assert_eq!(fs::read_to_string(&file).unwrap(), "mine");

    let help = stdout(&run(&["export", "--help"]));
    assert!(help.contains("--key-file") && help.contains("sealed") && !help.contains("--key "), "{help}");
    assert_eq!(run(&["export"]).status.code(), Some(2));
}

#[test]
fn the_key_may_come_from_the_environment() {
    let (folder, data, pool) = dev_store();
    let file = folder.path().join("a.jsonl");
    let key = data_encoding::BASE64.encode(&[5; 32]);

    let mut command = cognate(&["export", &pool, text(&file), "--data", &data, "--json"]);
    let done = command.env("COGNATE_EXPORT_KEY", &key).output().unwrap();

    assert!(done.status.success(), "{}", stderr(&done));
    let done: Value = serde_json::from_str(&stdout(&done)).unwrap();
    let same = cognate_jose::MasterKey::from_bytes([5; 32]).id().to_string();
    assert_eq!(done["key"], same);
    let mut command = cognate(&["export", &pool, text(&folder.path().join("b")), "--data", &data]);
    let short = command.env("COGNATE_EXPORT_KEY", "c2hvcnQ=").output().unwrap();
    assert_eq!(short.status.code(), Some(2));
    assert!(stderr(&short).contains("COGNATE_EXPORT_KEY: is not 32 bytes"), "{}", stderr(&short));
    assert!(!stderr(&short).contains("c2hvcnQ="), "a refusal must not repeat a key");
}

#[test]
fn an_export_that_was_killed_goes_on_with_the_same_command() {
    let (folder, data, _) = dev_store();
    let (file, key) = (folder.path().join("a.jsonl"), folder.path().join("export.key"));
    let (source, source_key) = (folder.path().join("people.jsonl"), folder.path().join("people.key"));
    let made = people_file::write(&source, [9; 32], 12_000);
    crate::serve::private(&source_key, &data_encoding::BASE64.encode(&[9; 32]));
    let brought = run(&["import", text(&source), "--key-file", text(&source_key), "--data", &data]);
    assert!(brought.status.success(), "{}", stderr(&brought));

    let words = ["export", &made.pool_id, text(&file), "--key-file", text(&key), "--data", &data, "--json"];
    let mut killed = cognate(&words).stdout(std::process::Stdio::null()).spawn().unwrap();
    let part = folder.path().join("a.jsonl.part");
    while fs::metadata(&part).map_or(0, |part| part.len()) < 3_000_000 {
        assert!(killed.try_wait().unwrap().is_none(), "it ended before it could be killed");
        std::thread::sleep(std::time::Duration::from_millis(2));
    }
    killed.kill().unwrap(); // SIGKILL
    killed.wait().unwrap();
    assert!(!file.exists());

    let done = run(&words);
    assert!(done.status.success(), "{}", stderr(&done));
    let done: Value = serde_json::from_str(&stdout(&done)).unwrap();
    assert_eq!(done["exported"]["users"], 12_000);
    assert!(done["resumedAfter"].as_u64().unwrap() > 1000, "{done}");
    assert!(!part.exists());
    let names = fs::read_to_string(&file).unwrap();
    assert_eq!(names.matches("\"username\":\"person-").count(), 12_000);
}
