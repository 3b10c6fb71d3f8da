//! Pools in and out, by the engine's own functions. The binary's part is tested in `cognate`.

mod csv;
mod files;
mod forged;
mod moving;
mod resumed;

use std::path::{Path, PathBuf};
use std::sync::Arc;

use cognate_engine::transfer::{Checked, Exported, Failure, Imported, Target};
use cognate_jose::MasterKey;
use cognate_testkit::{On, TestApp, TestDb};
use tempfile::TempDir;

/// Every table that an import writes to.
const TABLES: [&str; 13] = [
    "user_pools",
    "user_counts",
    "signing_keys",
    "clients",
    "client_secrets",
    "resource_servers",
    "user_groups",
    "login_domains",
    "users",
    "user_aliases",
    "user_search",
    "group_members",
    "pending_attributes",
];

fn key() -> Arc<MasterKey> {
    Arc::new(MasterKey::from_bytes([42; 32]))
}

/// A file that is not there yet, in a folder that goes with the test.
fn place() -> (TempDir, PathBuf) {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("pool.jsonl");
    (folder, path)
}

/// A store on the engine that `db` is not on.
async fn on_the_other_engine(db: &TestDb) -> TestApp {
    TestApp::on(if db.is_sqlite() { TestDb::postgres().await } else { TestDb::sqlite() }).await
}

async fn export(app: &TestApp, pool: &str, path: &Path) -> Result<Exported, Failure> {
    app.app.export_pool(pool, &Target { path, key: &key() }, |_| {}).await
}

async fn check(app: &TestApp, path: &Path) -> Result<Checked, Failure> {
    app.app.check_import(path, &key(), |_| {}).await
}

async fn import(app: &TestApp, path: &Path) -> Result<Imported, Failure> {
    let checked = check(app, path).await?;
    app.app.import_pool((path, &key()), &checked, |_| {}).await
}

/// The line that is named, and why.
#[track_caller]
fn flaw<T: std::fmt::Debug>(result: Result<T, Failure>) -> (u64, String) {
    match result.unwrap_err() {
        Failure::File(flaws) => {
            let first = flaws.into_iter().next().unwrap();
            (first.line, first.reason)
        }
        other => panic!("{other:?}"),
    }
}

#[track_caller]
fn state<T: std::fmt::Debug>(result: Result<T, Failure>) -> String {
    match result.unwrap_err() {
        Failure::State(reason) => reason,
        other => panic!("{other:?}"),
    }
}

async fn rows(app: &TestApp) -> Vec<(&'static str, i64)> {
    let mut rows = Vec::new();
    for table in TABLES {
        rows.push((table, app.rows(table).await));
    }
    rows
}

async fn assert_nothing_of_it(app: &TestApp) {
    for (table, count) in rows(app).await {
        assert_eq!(count, 0, "{table}");
    }
    assert_eq!((app.rows("imports").await, app.rows("deleted_pools").await), (0, 0));
}
