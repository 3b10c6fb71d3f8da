//! The clean end of a store.

use cognate_store::Db;
use cognate_store::Options;
use cognate_testkit::{On, TestDb, both_engines};

use crate::Store;

/// The size of SQLite's log.
fn log(store: &Store) -> u64 {
    let file = store.test.url.strip_prefix("sqlite:").unwrap();
    std::fs::metadata(format!("{file}-wal")).unwrap().len()
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_closed_sqlite_file_is_complete_by_itself() {
    let store = <Store as On>::on(TestDb::sqlite()).await.notes().await;
    store.note("a").await.unwrap();
    assert_eq!(store.count("notes").await, 1);
    assert!(log(&store) > 0);

    store.db.close().await.unwrap();

    assert_eq!(log(&store), 0);
    let folder = tempfile::tempdir().unwrap();
    let copy = folder.path().join("copy.db");
    std::fs::copy(store.test.url.strip_prefix("sqlite:").unwrap(), &copy).unwrap();
    let copied = Db::open(&format!("sqlite:{}", copy.display()), Options::default()).await.unwrap();
    assert_eq!(crate::count(&mut copied.read().await.unwrap(), "notes").await, 1);
}

both_engines! {
    async fn writes_that_are_under_way_are_kept_when_the_store_is_closed(store: Store) {
        let store = store.notes().await;
        let mut tasks = tokio::task::JoinSet::new();
        for number in 0..50 {
            let db = store.db.clone();
            tasks.spawn(async move { db.write(async |tx| crate::note(tx, &number.to_string()).await).await });
        }
        tokio::task::yield_now().await;

        store.db.close().await.unwrap();

        let acknowledged = tasks.join_all().await.iter().filter(|done| done.is_ok()).count();
        let again = Db::open(&store.test.url, Options::default()).await.unwrap();
        let kept = crate::count(&mut again.read().await.unwrap(), "notes").await;
        assert_eq!(usize::try_from(kept).unwrap(), acknowledged);
        if store.test.is_sqlite() {
            assert_eq!(acknowledged, 50);
        }
    }
}
