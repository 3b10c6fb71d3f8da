//! A write is kept whole or not at all, whatever happens inside it.

use std::sync::Arc;
use std::sync::atomic::{AtomicU32, Ordering};
use std::time::Duration;

use cognate_domain::Error;
use cognate_domain::error::ErrorKind;
use cognate_store::Fault;
use cognate_testkit::{TestDb, both_engines};
use tokio::task::JoinSet;
use tokio::time::{sleep, timeout};

use crate::{Store, count, fault, note};

fn no() -> Error {
    Error::new(ErrorKind::GroupExists, "no")
}

both_engines! {
    async fn a_member_that_fails_late_loses_only_its_own_rows(store: Store) {
        let store = store.notes().await;
        let mut tasks = JoinSet::new();
        for number in 0..64 {
            let db = store.db.clone();
            tasks.spawn(async move {
                let (one, two) = (format!("{number}-one"), format!("{number}-two"));
                let done = db.write(async |tx| {
                    note(tx, &one).await?;
                    note(tx, &two).await?;
                    if number % 2 == 0 { Ok(number) } else { Err(no()) }
                }).await;
                (number, done)
            });
        }
        while let Some(task) = tasks.join_next().await {
            let (number, done) = task.unwrap();
            if number % 2 == 0 {
                assert_eq!(done.unwrap(), number);
            } else {
                assert_eq!(done.unwrap_err().message, "no");
            }
        }
        let mut tx = store.db.read().await.unwrap();
        let ids = tx.query("SELECT id FROM notes").all(|row| row.text(0)).await.unwrap();
        assert_eq!(ids.len(), 64);
        assert!(ids.iter().all(|id| id.split('-').next().unwrap().parse::<u32>().unwrap() % 2 == 0), "{ids:?}");
    }

    async fn a_swallowed_error_ends_the_write_all_the_same(store: Store) {
        let store = store.notes().await;
        store.note("a").await.unwrap();
        let done = store.db.write(async |tx| {
            note(tx, "b").await?;
            assert!(matches!(note(tx, "a").await.unwrap_err().cause(), Some(Fault::Unique { .. })));
            assert!(matches!(note(tx, "c").await.unwrap_err().cause(), Some(Fault::Ended)));
            Ok(())
        }).await;
        assert!(matches!(done.unwrap_err().cause(), Some(Fault::Unique { .. })));
        assert_eq!(store.count("notes").await, 1);
        store.note("b").await.unwrap();
    }

    async fn the_closures_own_word_for_a_failed_statement_is_kept(store: Store) {
        let store = store.notes().await;
        store.note("a").await.unwrap();
        let done = store.db.write(async |tx| note(tx, "a").await.map_err(|_| no())).await;
        assert_eq!(done.unwrap_err().message, "no");
    }

    async fn waiting_for_anything_else_is_refused(store: Store) {
        let store = store.notes().await;
        let said = "a write waited for something other than its own statements";
        let before = store.db.write(async |tx| {
            sleep(Duration::from_millis(1)).await;
            note(tx, "a").await
        }).await;
        assert_eq!(fault(&before.unwrap_err()), said);
        let after = store.db.write(async |tx| {
            note(tx, "a").await?;
            tokio::task::yield_now().await;
            Ok(())
        }).await;
        assert_eq!(fault(&after.unwrap_err()), said);
        let nested = store.db.write(async |tx| {
            note(tx, "a").await?;
            store.note("b").await
        }).await;
        assert_eq!(fault(&nested.unwrap_err()), said);

        assert_eq!(store.count("notes").await, 0);
        store.note("a").await.unwrap();
    }

    async fn a_panic_leaves_nothing_behind(store: Store) {
        let store = store.notes().await;
        let db = store.db.clone();
        let task = tokio::spawn(async move {
            db.write(async |tx| {
                note(tx, "a").await?;
                assert_eq!(count(tx, "notes").await, 5, "on purpose");
                Ok(())
            }).await
        });
        assert!(task.await.unwrap_err().is_panic());
        assert_eq!(store.count("notes").await, 0);
        store.note("a").await.unwrap();
        assert_eq!(store.count("notes").await, 1);
    }

    async fn a_write_that_is_dropped_is_there_whole_or_not_at_all(store: Store) {
        let store = store.notes().await;
        let mut tasks = JoinSet::new();
        for number in 0..200_u64 {
            let db = store.db.clone();
            tasks.spawn(async move {
                let (one, two) = (format!("{number}-one"), format!("{number}-two"));
                let write = db.write(async |tx| {
                    note(tx, &one).await?;
                    note(tx, &two).await
                });
                timeout(Duration::from_micros(number * 100), write).await.is_ok_and(|done| done.is_ok())
            });
        }
        let acknowledged = tasks.join_all().await.into_iter().filter(|done| *done).count();
        store.note("last").await.unwrap();

        let mut tx = store.db.read().await.unwrap();
        let ids = tx.query("SELECT id FROM notes WHERE id <> 'last'").all(|row| row.text(0)).await.unwrap();
        let half = |id: &&String| {
            let number = id.split('-').next().unwrap();
            !(ids.contains(&format!("{number}-one")) && ids.contains(&format!("{number}-two")))
        };
        assert_eq!(ids.iter().find(half), None);
        assert!(ids.len() >= 2 * acknowledged);
    }

    async fn no_acknowledged_addition_is_lost(store: Store) {
        let store = store.with("CREATE TABLE counters (id BIGINT NOT NULL PRIMARY KEY, n BIGINT NOT NULL);").await;
        store.db.write(async |tx| tx.query("INSERT INTO counters (id, n) VALUES (1, 0)").execute().await).await.unwrap();
        let runs = Arc::new(AtomicU32::new(0));

        let mut tasks = JoinSet::new();
        for _ in 0..8 {
            let (db, runs) = (store.db.clone(), Arc::clone(&runs));
            tasks.spawn(async move {
                let mut acknowledged = 0;
                for _ in 0..20 {
                    let done = db.write(async |tx| {
                        runs.fetch_add(1, Ordering::Relaxed);
                        let n = tx.query("SELECT n FROM counters WHERE id = 1").one(|row| row.int(0)).await?;
                        // A renamed error must not hide a lost race.
                        tx.query("UPDATE counters SET n = $1 WHERE id = 1").bind(n + 1).execute().await.map_err(|_| no())
                    }).await;
                    match done {
                        Ok(()) => acknowledged += 1,
                        Err(error) => assert!(matches!(error.cause(), Some(Fault::Again)), "{error:?}"),
                    }
                }
                acknowledged
            });
        }
        let acknowledged: i64 = tasks.join_all().await.into_iter().sum();

        let mut tx = store.db.read().await.unwrap();
        let kept = tx.query("SELECT n FROM counters").one(|row| row.int(0)).await.unwrap();
        assert_eq!(kept, acknowledged);
        assert!(acknowledged >= 140, "{acknowledged} of 160, in {} runs", runs.load(Ordering::Relaxed));
        if store.test.is_sqlite() {
            assert_eq!((acknowledged, runs.load(Ordering::Relaxed)), (160, 160));
        }
    }

    async fn a_commit_that_fails_is_no_success(store: Store) {
        let store = store.with(
            "CREATE TABLE parents (id TEXT NOT NULL PRIMARY KEY);
             CREATE TABLE children (id TEXT NOT NULL PRIMARY KEY,
               parent TEXT NOT NULL REFERENCES parents (id) DEFERRABLE INITIALLY DEFERRED);",
        ).await;
        let orphan = store.db.write(async |tx| {
            tx.query("INSERT INTO children (id, parent) VALUES ('a', 'nobody')").execute().await
        }).await;
        assert!(orphan.is_err());
        assert_eq!(store.count("children").await, 0);
    }

    async fn an_answer_may_borrow_and_the_closure_may_use_references(store: Store) {
        let store = store.notes().await;
        let ids = vec!["a".to_owned(), "b".to_owned()];
        let dynamic: &(dyn Fn(&str) -> String + Sync) = &|id| format!("{id}!");
        let last = store.db.write(async |tx| {
            let mut last = None;
            for id in &ids {
                note(tx, &dynamic(id)).await?;
                last = Some(id.as_str());
            }
            Ok(last)
        }).await.unwrap();
        assert_eq!(last, Some("b"));
        assert_eq!(store.count("notes").await, 2);
    }
}

/// A `Store` on PostgreSQL, and a connection past it.
async fn postgres() -> (Store, tokio_postgres::Client) {
    let store = <Store as cognate_testkit::On>::on(TestDb::postgres().await).await.notes().await;
    let (client, connection) = tokio_postgres::connect(&store.test.url, tokio_postgres::NoTls).await.unwrap();
    tokio::spawn(connection);
    (store, client)
}

#[tokio::test]
async fn a_statement_abandoned_before_its_answer_ends_the_write() {
    let (store, _client) = postgres().await;
    let done = store
        .db
        .write(async |tx| {
            note(tx, "a").await?;
            let never = timeout(Duration::ZERO, tx.query("SELECT 1 FROM pg_sleep(0.05)").one(|row| row.int(0))).await;
            assert!(never.is_err());
            Ok(())
        })
        .await;
    assert_eq!(fault(&done.unwrap_err()), "a statement of a write was abandoned before its answer came");
    assert_eq!(store.count("notes").await, 0);
    store.note("a").await.unwrap();
}

#[tokio::test]
async fn a_connection_that_breaks_in_commit_is_reported_as_of_unknown_outcome_and_not_tried_again() {
    let (store, client) = postgres().await;
    client
        .batch_execute(
            "CREATE FUNCTION break() RETURNS trigger LANGUAGE plpgsql AS
               $$ BEGIN PERFORM pg_terminate_backend(pg_backend_pid()); PERFORM pg_sleep(1); RETURN NULL; END $$;
             CREATE CONSTRAINT TRIGGER break AFTER INSERT ON notes DEFERRABLE INITIALLY DEFERRED
               FOR EACH ROW WHEN (NEW.id = 'break') EXECUTE FUNCTION break();",
        )
        .await
        .unwrap();
    let runs = AtomicU32::new(0);
    let done = store
        .db
        .write(async |tx| {
            runs.fetch_add(1, Ordering::Relaxed);
            note(tx, "break").await
        })
        .await;
    assert!(matches!(done.unwrap_err().cause(), Some(Fault::OutcomeUnknown(_))));
    assert_eq!(runs.load(Ordering::Relaxed), 1);
    store.note("a").await.unwrap();
}

#[tokio::test]
async fn connections_that_the_server_closed_are_replaced() {
    let (store, client) = postgres().await;
    store.note("a").await.unwrap();
    client
        .execute(
            "SELECT pg_terminate_backend(pid) FROM pg_stat_activity
              WHERE application_name = 'cognate' AND datname = current_database()",
            &[],
        )
        .await
        .unwrap();
    sleep(Duration::from_millis(200)).await;
    store.note("b").await.unwrap();
    assert_eq!(store.count("notes").await, 2);
}
