//! Whose a store is, and what is left alone.

use std::fs;
use std::path::Path;

use rusqlite::Connection;

use crate::process::{Server, idp, refused};
use crate::serve::{OTHER_KEY, config, configured, private};

/// Every file of the folder and its bytes. Not SQLite's `-shm`: it holds nothing of the store, only who reads its log.
fn bytes(folder: &Path) -> Vec<(String, Vec<u8>)> {
    let mut all: Vec<_> = fs::read_dir(folder)
        .unwrap()
        .map(|entry| entry.unwrap().path())
        .filter(|path| path.is_file() && !path.to_string_lossy().ends_with("-shm"))
        .map(|path| (path.display().to_string(), fs::read(path).unwrap()))
        .collect();
    all.sort();
    all
}

#[test]
fn serve_refuses_the_store_of_dev_and_leaves_it_alone() {
    let dev = tempfile::tempdir().unwrap();
    Server::dev(dev.path()).terminate();
    let folder = configured("production");
    let database = format!("sqlite:{}/cognate.db", dev.path().display());
    let before = bytes(dev.path());

    for command in ["serve", "check"] {
        refused(
            &[command, "--config", &config(&folder), "--database", &database],
            &["store.database", "\"dev\"", "\"production\""],
        );
    }
    assert!(bytes(dev.path()) == before, "the store was touched");
}

#[test]
fn dev_refuses_the_store_of_serve_and_leaves_it_alone() {
    let folder = configured("production");
    Server::start(&["serve", "--config", &config(&folder)]).terminate();
    let data = folder.path().join("data");
    let database = format!("sqlite:{}/cognate.db", data.display());
    let own = tempfile::tempdir().unwrap();
    let before = bytes(&data);

    refused(
        &["dev", "--data", own.path().to_str().unwrap(), "--database", &database, "--listen", "127.0.0.1:0"],
        &["store.database", "\"production\"", "\"dev\""],
    );
    assert!(bytes(&data) == before, "the store was touched");
}

#[test]
fn staging_refuses_the_store_of_production() {
    let folder = configured("production");
    Server::start(&["serve", "--config", &config(&folder)]).terminate();
    refused(&["serve", "--config", &config(&folder), "--environment", "staging"], &["\"production\"", "\"staging\""]);
}

#[test]
fn a_store_of_a_newer_version_is_refused_untouched() {
    let folder = tempfile::tempdir().unwrap();
    Server::dev(folder.path()).terminate();
    let newer = Connection::open(folder.path().join("cognate.db")).unwrap();
    newer.execute("INSERT INTO schema_migrations VALUES (999, 'future', 'x')", []).unwrap();
    drop(newer);
    let before = bytes(folder.path());

    let data = folder.path().to_str().unwrap();
    refused(&["dev", "--data", data, "--listen", "127.0.0.1:0"], &["store.database", "newer version", "999"]);

    assert!(bytes(folder.path()) == before, "the store was touched");
}

#[test]
fn a_database_of_somebody_else_is_refused_untouched() {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("other.db");
    let other = Connection::open(&file).unwrap();
    other.execute("CREATE TABLE recipes (name TEXT)", []).unwrap();
    drop(other);
    fs::write(folder.path().join("letter.db"), "Dear Ann, this is no database at all.").unwrap();
    let own = tempfile::tempdir().unwrap();
    let before = bytes(folder.path());

    for (name, sign) in [("other.db", "recipes"), ("letter.db", "no SQLite database")] {
        let database = format!("sqlite:{}", folder.path().join(name).display());
        let data = own.path().to_str().unwrap();
        refused(
            &["dev", "--data", data, "--database", &database, "--listen", "127.0.0.1:0"],
            &["store.database", sign],
        );
    }
    assert!(bytes(folder.path()) == before, "somebody else's files were touched");
    assert_eq!(fs::read_dir(own.path()).unwrap().count(), 0, "nothing was made for a store that is refused");
}

#[test]
fn a_store_that_is_sealed_with_another_master_key_is_refused() {
    let folder = configured("production");
    Server::start(&["serve", "--config", &config(&folder)]).terminate();
    private(&folder.path().join("master.key"), OTHER_KEY);
    refused(&["serve", "--config", &config(&folder)], &["keys.master_key", "sealed with master key"]);
}

#[test]
fn a_lost_master_key_is_named_and_no_other_is_made_in_its_place() {
    let folder = tempfile::tempdir().unwrap();
    Server::dev(folder.path()).terminate();
    let key = folder.path().join("master.key");
    fs::remove_file(&key).unwrap();
    let data = folder.path().to_str().unwrap();

    refused(&["dev", "--data", data, "--listen", "127.0.0.1:0"], &["master.key", "cannot be read"]);
    refused(&["keys", "list", "--data", data], &["master.key", "cannot be read"]);
    assert!(!key.exists());
}

/// The store's own file alone, as a copy of it would be; its log must have nothing to add.
fn pools_of_the_file_alone(file: &Path) -> i64 {
    let log = fs::metadata(format!("{}-wal", file.display())).map_or(0, |log| log.len());
    assert_eq!(log, 0, "something is left in the log");
    let folder = tempfile::tempdir().unwrap();
    let copy = folder.path().join("copy.db");
    fs::copy(file, &copy).unwrap();
    Connection::open(copy).unwrap().query_row("SELECT COUNT(*) FROM user_pools", [], |row| row.get(0)).unwrap()
}

#[test]
fn a_store_that_was_ended_cleanly_is_whole_in_its_one_file() {
    let data = tempfile::tempdir().unwrap();
    let server = Server::dev(data.path());
    assert_eq!(idp(&server.address(), "CreateUserPool", &serde_json::json!({ "PoolName": "people" })).status, 200);

    assert!(server.terminate().success());

    assert_eq!(pools_of_the_file_alone(&data.path().join("cognate.db")), 2, "the sample and this one");

    let folder = configured("production");
    assert!(Server::start(&["serve", "--config", &config(&folder)]).terminate().success());
    assert_eq!(pools_of_the_file_alone(&folder.path().join("data/cognate.db")), 0);
}
