//! SQLite commits in groups: what befalls a group befalls every member of it, and nobody else.

use std::time::Duration;

use cognate_domain::Result;
use cognate_store::Fault;
use cognate_testkit::{On, TestDb};
use tokio::task::JoinHandle;
use tokio::time::sleep;

use crate::{Store, fault};

/// Queues one write for each statement behind a slow one, so that they come, in this order, into one group.
async fn together(store: &Store, statements: &[&'static str]) -> Vec<Result<()>> {
    let spawn = |sql: &'static str, slow: bool| -> JoinHandle<Result<()>> {
        let db = store.db.clone();
        tokio::spawn(async move {
            db.write(async |tx| {
                if slow {
                    std::thread::sleep(Duration::from_millis(400)); // blocking on purpose: the desk stays taken
                }
                tx.query(sql).execute().await
            })
            .await
        })
    };

    let slow = spawn("DELETE FROM notes WHERE id = 'none'", true);
    sleep(Duration::from_millis(100)).await; // by now the committing thread has queued as well
    let mut members = Vec::new();
    for sql in statements {
        members.push(spawn(sql, false));
        sleep(Duration::from_millis(10)).await;
    }
    slow.await.unwrap().unwrap();
    let mut answers = Vec::new();
    for member in members {
        answers.push(member.await.unwrap());
    }
    answers
}

async fn sqlite() -> Store {
    Store::on(TestDb::sqlite())
        .await
        .with(
            "CREATE TABLE notes (id TEXT NOT NULL PRIMARY KEY, body TEXT NOT NULL);
         CREATE TABLE replies (id TEXT NOT NULL PRIMARY KEY REFERENCES notes (id) DEFERRABLE INITIALLY DEFERRED);",
        )
        .await
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_failed_commit_fails_every_member_and_keeps_nothing() {
    let store = sqlite().await;
    let answers = together(
        &store,
        &[
            "INSERT INTO notes (id, body) VALUES ('1', '')",
            "INSERT INTO notes (id, body) VALUES ('2', '')",
            "INSERT INTO notes (id, body) VALUES ('3', '')",
            "INSERT INTO notes (id, body) VALUES ('4', '')",
            "INSERT INTO replies (id) VALUES ('nobody')",
            "INSERT INTO notes (id, body) VALUES ('6', '')",
            "INSERT INTO notes (id, body) VALUES ('7', '')",
            "INSERT INTO notes (id, body) VALUES ('8', '')",
            "INSERT INTO notes (id, body) VALUES ('9', '')",
        ],
    )
    .await;
    for answer in answers {
        assert!(matches!(answer.unwrap_err().cause(), Some(Fault::NotKept(why)) if why.contains("FOREIGN KEY")));
    }
    assert_eq!(store.count("notes").await, 0);
    store.note("next").await.unwrap();
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_group_that_sqlite_rolls_back_fails_whole_and_the_next_one_is_a_new_one() {
    let store = sqlite().await;
    store.note("there").await.unwrap();
    let answers = together(
        &store,
        &[
            "INSERT INTO notes (id, body) VALUES ('1', '')",
            "INSERT INTO notes (id, body) VALUES ('2', '')",
            "INSERT OR ROLLBACK INTO notes (id, body) VALUES ('there', '')",
            "INSERT INTO notes (id, body) VALUES ('4', '')",
        ],
    )
    .await;
    let said: Vec<String> = answers.iter().map(|answer| answer.as_ref().err().map(fault).unwrap_or_default()).collect();
    assert!(said[..3].iter().all(|said| said.contains("rolled the whole group of writes back")), "{said:?}");
    assert_eq!(said[3], "");
    let mut tx = store.db.read().await.unwrap();
    let kept = tx.query("SELECT id FROM notes ORDER BY id").all(|row| row.text(0)).await.unwrap();
    assert_eq!(kept, ["4", "there"]);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_panic_after_sqlite_rolled_a_group_back_does_not_let_the_others_believe_they_were_kept() {
    let store = sqlite().await;
    store.note("there").await.unwrap();
    let db = store.db.clone();
    let queued =
        tokio::spawn(async move { together(&store, &["INSERT INTO notes (id, body) VALUES ('1', '')"]).await });
    sleep(Duration::from_millis(200)).await; // the member is in the queue by now
    let panicked = tokio::spawn({
        let db = db.clone();
        async move {
            db.write(async |tx| {
                let sql = "INSERT OR ROLLBACK INTO notes (id, body) VALUES ('there', '')";
                tx.query(sql).execute().await.expect("this panic is wanted");
                Ok(())
            })
            .await
        }
    });
    assert!(panicked.await.unwrap_err().is_panic());
    assert!(queued.await.unwrap()[0].is_err());
    db.write(async |tx| crate::note(tx, "after").await).await.unwrap();
    assert_eq!(crate::count(&mut db.read().await.unwrap(), "notes").await, 2);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_refused_member_leaves_the_others_of_its_group_alone() {
    let store = sqlite().await;
    let answers = together(
        &store,
        &[
            "INSERT INTO notes (id, body) VALUES ('1', '')",
            "INSERT INTO notes (id, body) VALUES ('1', '')",
            "INSERT INTO notes (id, body) VALUES ('2', '')",
        ],
    )
    .await;
    assert!(answers[0].is_ok() && answers[2].is_ok());
    assert!(matches!(answers[1].as_ref().unwrap_err().cause(), Some(Fault::Unique { .. })));
    assert_eq!(store.count("notes").await, 2);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_full_disk_refuses_what_does_not_fit_and_keeps_what_was_acknowledged() {
    let store = sqlite().await;
    store.note("before").await.unwrap();
    let limit = async |sql: &'static str| {
        store.db.write(async |tx| tx.query(sql).all(|row| row.int(0)).await).await.unwrap();
    };
    limit("PRAGMA max_page_count = 1").await; // as few as there are
    let big = "x".repeat(100_000);
    let full = store
        .db
        .write(async |tx| tx.query("INSERT INTO notes (id, body) VALUES ('big', $1)").bind(&big).execute().await)
        .await;
    let said = fault(&full.unwrap_err());
    assert!(said.contains("disk is full"), "{said}");
    assert_eq!(store.count("notes").await, 1);

    limit("PRAGMA max_page_count = 1000000").await;
    store.note("after").await.unwrap();
    assert_eq!(store.count("notes").await, 2);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn every_commit_is_synced() {
    let store = sqlite().await;
    let level = store.db.write(async |tx| tx.query("PRAGMA synchronous").one(|row| row.int(0)).await).await.unwrap();
    let mode = store.db.write(async |tx| tx.query("PRAGMA journal_mode").one(|row| row.text(0)).await).await.unwrap();
    assert_eq!((level, mode.as_str()), (2, "wal"));
}

/// docs/decisions/0019: on busy cores groups grow, instead of signatures being interrupted for two or three writes.
#[cfg(target_os = "linux")]
#[tokio::test]
async fn the_committing_thread_yields_to_threads_that_compute() {
    let _store = sqlite().await;
    let tasks = std::fs::read_dir("/proc/self/task").unwrap();
    let stats = tasks.map(|task| std::fs::read_to_string(task.unwrap().path().join("stat")).unwrap());
    let niceness = |stat: String| {
        let (_, rest) = stat.split_once("(commit) ")?;
        rest.split(' ').nth(16).map(str::to_owned) // field 19 of proc(5)
    };
    let found: Vec<String> = stats.filter_map(niceness).collect();
    assert!(!found.is_empty() && found.iter().all(|niceness| niceness == "10"), "{found:?}");
}
