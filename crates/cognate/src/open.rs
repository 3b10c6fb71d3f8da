//! Opening a store: what is not ours, not this environment's, of a newer version or sealed with another master key is
//! refused before anything is changed.

use std::fs::DirBuilder;
use std::os::unix::fs::DirBuilderExt as _;
use std::path::Path;

use anyhow::Context as _;
use cognate_engine::App;
use cognate_jose::KeyId;
use cognate_store::marks::{self, Found, Marks};
use cognate_store::{Db, Fault, Options};
use tokio::task::JoinHandle;

use crate::settings::{Refused, Store};

/// The store as this process may use it: migrated, and marked as this environment's.
pub(crate) async fn store(store: &Store, environment: &str, keys: &[KeyId]) -> anyhow::Result<Db> {
    let marked = inspect(store, environment, keys).await?;
    if let Some(file) = store.sqlite_file() {
        make_folder(file.parent().unwrap_or(Path::new("."))).context("the store's folder cannot be made")?;
    }
    let db = Db::open(&store.database, Options::default()).await.map_err(|error| said(&error))?;
    cognate_store::migrate_all(&db).await.map_err(|error| said(&error))?;
    if !marked {
        let mark = db.write(async |tx| marks::claim(tx, environment).await).await.map_err(|error| said(&error))?;
        judge(mark.as_deref(), environment)?;
    }
    mark_key(&db, keys).await?;
    Ok(db)
}

/// The clean end: the store's file is complete by itself. What was acknowledged is safe without it, so a failure is
/// only told.
pub(crate) async fn close(app: &App, work: JoinHandle<()>) {
    work.abort();
    let _ = work.await; // nothing is under way any more
    if let Err(error) = app.db.close().await {
        tracing::warn!(cause = %said(&error), "the store's log could not be written back; the next start reads it");
    }
}

/// Looks without changing anything; says whether the store bears this environment's mark, or is still to be made.
pub(crate) async fn inspect(store: &Store, environment: &str, keys: &[KeyId]) -> anyhow::Result<bool> {
    let marks = look(store, environment).await?;
    judge_key(marks.master_key.as_deref(), keys)?;
    Ok(marks.environment.is_some())
}

/// The marks of a store that is this environment's, or nobody's yet.
pub(crate) async fn look(store: &Store, environment: &str) -> anyhow::Result<Marks> {
    match marks::inspect(&store.database).await.map_err(|error| said(&error))? {
        Found::Nothing => Ok(Marks::default()),
        Found::Foreign(how) => refuse(format!("is no store of Cognate's: {how}")),
        Found::Newer { version, known } => refuse(format!(
            "is a store of a newer version: it is at migration {version}, this program knows {known}; run the newer program"
        )),
        Found::Ours(marks) => {
            if marks.environment.is_some() {
                judge(marks.environment.as_deref(), environment)?;
            }
            Ok(marks)
        }
    }
}

fn judge(mark: Option<&str>, environment: &str) -> anyhow::Result<()> {
    match mark {
        Some(mark) if mark == environment => Ok(()),
        Some(mark) => refuse(format!("is marked as the store of {mark:?}, and this is {environment:?}")),
        None => refuse("holds pools or keys but bears no mark of its environment".to_owned()),
    }
}

fn refuse<T>(reason: String) -> anyhow::Result<T> {
    Err(Refused::one("store.database", reason).into())
}

async fn mark_key(db: &Db, keys: &[KeyId]) -> anyhow::Result<()> {
    let Some(current) = keys.first().map(ToString::to_string) else { return Ok(()) };
    let known =
        async { marks::find(&mut db.read().await?, marks::MASTER_KEY).await }.await.map_err(|error| said(&error))?;
    let sealed_with = match known {
        Some(known) => known,
        None => db
            .write(async |tx| marks::set_first(tx, marks::MASTER_KEY, &current).await)
            .await
            .map_err(|error| said(&error))?,
    };
    judge_key(Some(&sealed_with), keys)
}

fn judge_key(sealed_with: Option<&str>, keys: &[KeyId]) -> anyhow::Result<()> {
    match sealed_with {
        Some(id) if !keys.iter().any(|key| key.to_string() == id) => {
            let reason =
                format!("the store is sealed with master key {id}, which is neither this one nor a previous one");
            Err(Refused::one("keys.master_key", reason).into())
        }
        _ => Ok(()),
    }
}

fn make_folder(folder: &Path) -> std::io::Result<()> {
    if folder.as_os_str().is_empty() || folder.exists() {
        return Ok(());
    }
    DirBuilder::new().recursive(true).mode(0o700).create(folder)
}

/// The store's errors say nothing to clients; an operator is told the cause. One about the schema is a refusal.
pub(crate) fn said(error: &cognate_domain::Error) -> anyhow::Error {
    match error.cause::<Fault>() {
        Some(Fault::Schema(why)) => Refused::one("store.database", why.clone()).into(),
        Some(Fault::Open(why)) => anyhow::anyhow!("store.database: cannot be opened: {why}"),
        Some(fault) => anyhow::anyhow!("store.database: {fault}"),
        None => {
            let cause = std::error::Error::source(error).map(ToString::to_string);
            anyhow::anyhow!("{}", cause.unwrap_or_else(|| error.to_string()))
        }
    }
}
