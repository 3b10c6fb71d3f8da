//! PostgreSQL under pressure: no connection free, a broken one, a row that everybody wants, a server that is set to
//! answer before it has written.

use std::sync::Arc;
use std::sync::atomic::{AtomicU32, Ordering};
use std::time::{Duration, Instant};

use cognate_store::{Db, Fault, Options};
use cognate_testkit::{On, TestDb};
use tokio::task::JoinSet;
use tokio::time::sleep;
use tokio_postgres::{Client, NoTls};

use crate::{Store, fault};

async fn postgres() -> Store {
    <Store as On>::on(TestDb::postgres().await).await.notes().await
}

async fn past_it(url: &str) -> Client {
    let (client, connection) = tokio_postgres::connect(url, NoTls).await.unwrap();
    tokio::spawn(connection);
    client
}

#[tokio::test]
async fn who_waits_too_long_for_a_connection_is_told_that_the_store_is_busy() {
    let store = postgres().await;
    let options = Options { connections: 1, patience: Duration::from_millis(500) };
    let db = Db::open(&store.test.url, options).await.unwrap();
    let slow = tokio::spawn({
        let db = db.clone();
        async move { db.write(async |tx| tx.query("SELECT 1 FROM pg_sleep(2)").one(|row| row.int(0)).await).await }
    });
    sleep(Duration::from_millis(200)).await;

    let read = db.read().await.unwrap().query("SELECT 1").one(|row| row.int(0)).await;
    let write = db.write(async |tx| crate::note(tx, "a").await).await;

    for error in [read.map(drop).unwrap_err(), write.unwrap_err()] {
        assert!(matches!(error.cause(), Some(Fault::Busy)), "{}", fault(&error));
    }
    slow.await.unwrap().unwrap();
    db.write(async |tx| crate::note(tx, "a").await).await.unwrap();
}

#[tokio::test]
async fn a_commit_waits_for_the_disk_whatever_the_server_is_set_to() {
    let store = postgres().await;
    let client = past_it(&store.test.url).await;
    client
        .batch_execute(
            "DO $$ BEGIN EXECUTE format('ALTER DATABASE %I SET synchronous_commit = off', current_database()); END $$",
        )
        .await
        .unwrap();
    let mark = if store.test.url.contains('?') { '&' } else { '?' };
    let asks_for_off = format!("{}{mark}options=-c%20synchronous_commit%3Doff", store.test.url);

    for url in [&store.test.url, &asks_for_off] {
        let db = Db::open(url, Options::default()).await.unwrap();
        let sql = "SELECT current_setting('synchronous_commit')";
        let without = db.read().await.unwrap().query(sql).one(|row| row.text(0)).await.unwrap();
        assert_eq!(without, "off", "this test sets nothing");

        let level = db.write(async |tx| tx.query(sql).one(|row| row.text(0)).await).await.unwrap();

        assert_eq!(level, "on");
    }
}

#[tokio::test] // one thread: nothing can notice the broken connection before it is used
async fn a_write_that_meets_a_broken_connection_takes_another_one() {
    let store = postgres().await;
    store.note("a").await.unwrap();
    let url = store.test.url.clone();
    let closing = std::thread::spawn(move || {
        let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
        runtime.block_on(async {
            let client = past_it(&url).await;
            let sql = "SELECT pg_terminate_backend(pid, 5000) FROM pg_stat_activity \
                       WHERE application_name = 'cognate' AND datname = current_database()";
            assert_eq!(client.query(sql, &[]).await.unwrap().len(), 1);
        });
    });
    closing.join().unwrap();

    store.note("b").await.unwrap();

    assert_eq!(store.count("notes").await, 2);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn many_writers_of_one_row_rarely_run_out_of_tries() {
    let store = <Store as On>::on(TestDb::postgres().await).await;
    let store = store.with("CREATE TABLE counters (id BIGINT NOT NULL PRIMARY KEY, n BIGINT NOT NULL);").await;
    store.db.write(async |tx| tx.query("INSERT INTO counters (id, n) VALUES (1, 0)").execute().await).await.unwrap();
    let runs = Arc::new(AtomicU32::new(0));
    let begun = Instant::now();
    let mut tasks = JoinSet::new();
    for _ in 0..100 {
        let (db, runs) = (store.db.clone(), Arc::clone(&runs));
        tasks.spawn(async move {
            db.write(async |tx| {
                runs.fetch_add(1, Ordering::Relaxed);
                tx.query("UPDATE counters SET n = n + 1 WHERE id = 1").execute().await
            })
            .await
        });
    }
    let done = tasks.join_all().await;
    let kept = done.iter().filter(|done| done.is_ok()).count();

    let mut tx = store.db.read().await.unwrap();
    let n = tx.query("SELECT n FROM counters").one(|row| row.int(0)).await.unwrap();
    assert_eq!(usize::try_from(n).unwrap(), kept);
    for lost in done.iter().filter_map(|done| done.as_ref().err()) {
        assert!(matches!(lost.cause(), Some(Fault::Again)), "{lost:?}");
    }
    assert!(kept >= 90, "{kept} of 100, in {} runs and {:?}", runs.load(Ordering::Relaxed), begun.elapsed());
}
