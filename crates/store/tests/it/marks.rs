//! Whether anything was committed between two looks.

use cognate_store::{Db, Options};
use cognate_testkit::{On, TestDb, both_engines};

use crate::Store;

async fn sqlite() -> Store {
    let store = <Store as On>::on(TestDb::sqlite()).await.notes().await;
    store.note("first").await.unwrap();
    store
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn reading_changes_no_mark_and_every_commit_does() {
    let store = sqlite().await;
    let before = store.db.mark();
    assert!(before.is_some());
    assert_eq!(store.count("notes").await, 1);
    assert!(store.db.mark() == before);

    let mut last = before;
    for number in 0..50 {
        store.note(&number.to_string()).await.unwrap();
        let now = store.db.mark();
        assert!(now.is_some());
        assert!(now != last, "commit {number}");
        last = now;
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_commit_of_somebody_else_changes_the_mark_too() {
    let store = sqlite().await;
    let other = Db::open(&store.test.url, Options::default()).await.unwrap();
    let before = store.db.mark();
    assert!(before == other.mark());

    other.write(async |tx| crate::note(tx, "theirs").await).await.unwrap();

    assert!(store.db.mark().is_some());
    assert!(store.db.mark() != before);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn what_is_taken_back_changes_nothing_and_emptying_the_log_hides_nothing() {
    let store = sqlite().await;
    let before = store.db.mark();
    let refused = store.db.write(async |tx| {
        crate::note(tx, "second").await?;
        Err::<(), _>(cognate_domain::Error::too_many_requests())
    });
    refused.await.unwrap_err();
    assert_eq!(store.count("notes").await, 1);

    store.note("third").await.unwrap();
    store.db.close().await.unwrap(); // a checkpoint, after which the log begins anew
    let emptied = store.db.mark();
    assert!(emptied != before || emptied.is_none());
    store.note("fourth").await.unwrap();
    assert!(store.db.mark() != emptied || emptied.is_none());
    assert!(store.db.mark() != before);
}

both_engines! {
    async fn only_sqlite_has_marks(store: Store) {
        let store = store.notes().await;
        store.note("one").await.unwrap();
        assert_eq!(store.db.mark().is_some(), store.test.is_sqlite());
    }
}
