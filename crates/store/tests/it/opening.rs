//! What `Db::open` takes and refuses.

use std::os::unix::fs::PermissionsExt;

use cognate_store::{Db, Options};
use cognate_testkit::both_engines;

use crate::{Store, fault};

async fn refusal(url: &str) -> String {
    match Db::open(url, Options::default()).await {
        Ok(_) => panic!("{url} was opened"),
        Err(error) => fault(&error),
    }
}

#[tokio::test]
async fn a_url_of_no_known_kind_is_refused_without_repeating_its_secrets() {
    for url in ["mysql://me:hunter2@host/db", "cognate.db", "", "postgres:host"] {
        let said = refusal(url).await;
        assert!(said.contains("sqlite:PATH or postgres://"), "{said}");
        assert!(!said.contains("hunter2"), "{said}");
    }
}

#[tokio::test]
async fn a_sqlite_url_names_a_file_and_nothing_else() {
    assert!(refusal("sqlite:").await.contains("needs the path of a file"));
    assert!(refusal("sqlite::memory:").await.contains("could not be durable"));
    assert!(refusal("sqlite:a.db?mode=rwc").await.contains("no parameters"));
    assert!(refusal("sqlite:/no/such/folder/a.db").await.contains("/no/such/folder/a.db"));
}

#[tokio::test]
async fn a_server_that_does_not_answer_is_named_at_once() {
    let said = refusal("postgres://me:hunter2@127.0.0.1:1/db").await;
    assert!(said.contains("connecting to server"), "{said}");
    assert!(!said.contains("hunter2"), "{said}");
}

#[tokio::test]
async fn a_new_sqlite_file_is_for_its_owner_only() {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("new.db");
    let _db = Db::open(&format!("sqlite://{}", file.display()), Options::default()).await.unwrap();
    assert_eq!(std::fs::metadata(&file).unwrap().permissions().mode() & 0o777, 0o600);
}

both_engines! {
    async fn what_one_handle_wrote_another_one_reads(store: Store) {
        let store = store.notes().await;
        store.note("a").await.unwrap();
        let other = Db::open(&store.test.url, Options::default()).await.unwrap();
        assert_eq!(crate::count(&mut other.read().await.unwrap(), "notes").await, 1);
    }
}
