//! What a store is: its environment, set when it is made and never changed; which master key seals it; and, in
//! development, where the sample is. `inspect` asks without changing anything, so that a stranger's store stays as it was.

use std::path::Path;

use cognate_domain::{Error, Result};
use rusqlite::{Connection, OpenFlags, OptionalExtension as _};

use crate::{Db, Fault, MIGRATIONS, Options, Sql, Tx, WriteTx};

pub const ENVIRONMENT: &str = "environment";
/// The id of the master key that the store's values are sealed with.
pub const MASTER_KEY: &str = "master_key";
pub const SAMPLE_POOL: &str = "sample_pool";
pub const SAMPLE_CLIENT: &str = "sample_client";

const ALL_TABLES: Sql<'static> = Sql::each(
    TABLES_OF_SQLITE,
    "SELECT table_name FROM information_schema.tables
      WHERE table_schema = current_schema() AND table_type = 'BASE TABLE' ORDER BY table_name",
);
const TABLES_OF_SQLITE: &str = "SELECT name FROM sqlite_master
      WHERE type = 'table' AND substr(name, 1, 7) <> 'sqlite_' ORDER BY name";
const NEWEST_APPLIED: &str = "SELECT COALESCE(MAX(version), 0) FROM schema_migrations";
const MARK: &str = "SELECT value FROM store_marks WHERE mark = $1";

/// What a store of ours says of itself. Without an environment it was made a moment ago, and is not yet marked.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Marks {
    pub environment: Option<String>,
    pub master_key: Option<String>,
}

/// What is found where a store was expected.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Found {
    /// No store yet: no file, no tables.
    Nothing,
    /// Somebody else's; the text says how that shows.
    Foreign(String),
    /// One of ours that a newer program has been at.
    Newer {
        version: i64,
        known: i64,
    },
    Ours(Marks),
}

/// Looks at a store without opening it for writing. Run it before anything is migrated or marked.
pub async fn inspect(url: &str) -> Result<Found> {
    let Some(path) = url.strip_prefix("sqlite:") else {
        let db = Db::open(url, Options { connections: 1, ..Options::default() }).await?;
        return inspect_open(&mut db.read().await?).await;
    };
    if !Path::new(path).exists() {
        return Ok(Found::Nothing);
    }
    inspect_file(path).or_else(|error| match error.sqlite_error_code() {
        Some(rusqlite::ErrorCode::NotADatabase) => Ok(Found::Foreign("this file is no SQLite database".into())),
        _ => Err(Error::internal(Fault::Open(error.to_string()))),
    })
}

async fn inspect_open(tx: &mut Tx<'_>) -> Result<Found> {
    let tables = tables(tx).await?;
    if let Some(found) = by_tables(&tables) {
        return Ok(found);
    }
    let version = tx.query(NEWEST_APPLIED).one(|row| row.int(0)).await?;
    if !has(&tables, "store_marks") {
        return Ok(judge(version, Marks::default()));
    }
    let marks = Marks { environment: find(tx, ENVIRONMENT).await?, master_key: find(tx, MASTER_KEY).await? };
    Ok(judge(version, marks))
}

/// A file whose log is folded in is read as it lies, so that not even SQLite's helper files appear beside it.
fn inspect_file(path: &str) -> rusqlite::Result<Found> {
    let flags = OpenFlags::SQLITE_OPEN_READ_ONLY | OpenFlags::SQLITE_OPEN_URI | OpenFlags::SQLITE_OPEN_NO_MUTEX;
    let in_use = Path::new(&format!("{path}-wal")).exists();
    let escaped = path.replace('%', "%25").replace('?', "%3f").replace('#', "%23");
    let file = Connection::open_with_flags(format!("file:{escaped}?immutable={}", u8::from(!in_use)), flags)?;

    let mut statement = file.prepare(TABLES_OF_SQLITE)?;
    let tables: Vec<String> = statement.query_map([], |row| row.get(0))?.collect::<rusqlite::Result<_>>()?;
    if let Some(found) = by_tables(&tables) {
        return Ok(found);
    }
    let version = file.query_row(NEWEST_APPLIED, [], |row| row.get(0))?;
    if !has(&tables, "store_marks") {
        return Ok(judge(version, Marks::default()));
    }
    let mark = |mark| file.query_row(MARK, [mark], |row| row.get(0)).optional();
    Ok(judge(version, Marks { environment: mark(ENVIRONMENT)?, master_key: mark(MASTER_KEY)? }))
}

fn has(tables: &[String], name: &str) -> bool {
    tables.iter().any(|table| table == name)
}

/// A history of migrations is ours only together with the marks, which are in the first of them.
fn by_tables(tables: &[String]) -> Option<Found> {
    if tables.is_empty() {
        return Some(Found::Nothing);
    }
    let ours = has(tables, "schema_migrations") && (tables.len() == 1 || has(tables, "store_marks"));
    let first = tables.first().map_or("", String::as_str);
    (!ours).then(|| Found::Foreign(format!("it has tables that are not Cognate's, such as {first}")))
}

fn judge(version: i64, marks: Marks) -> Found {
    let known = MIGRATIONS.last().map_or(0, |migration| migration.version);
    if version > known { Found::Newer { version, known } } else { Found::Ours(marks) }
}

/// Every table of the store, ours and whatever else is there.
pub async fn tables(tx: &mut Tx<'_>) -> Result<Vec<String>> {
    tx.query(ALL_TABLES).all(|row| row.text(0)).await
}

pub async fn find(tx: &mut Tx<'_>, mark: &str) -> Result<Option<String>> {
    tx.query(MARK).bind(mark).optional(|row| row.text(0)).await
}

/// Marks a store that holds nothing yet, and answers the mark that stands: of several who try at once one wins, and all
/// see whose it is. A store with pools or keys but no mark stays without.
pub async fn claim(tx: &mut WriteTx<'_>, environment: &str) -> Result<Option<String>> {
    tx.query(
        "INSERT INTO store_marks (mark, value)
         SELECT 'environment', CAST($1 AS TEXT)
          WHERE NOT EXISTS (SELECT 1 FROM user_pools) AND NOT EXISTS (SELECT 1 FROM access_keys)
             ON CONFLICT (mark) DO NOTHING",
    )
    .bind(environment)
    .execute()
    .await?;
    find(tx, ENVIRONMENT).await
}

/// Sets a mark that may change; `claim` alone sets the environment.
pub async fn set(tx: &mut WriteTx<'_>, mark: &str, value: &str) -> Result<()> {
    tx.query(
        "INSERT INTO store_marks (mark, value) VALUES ($1, $2)
             ON CONFLICT (mark) DO UPDATE SET value = excluded.value",
    )
    .bind(mark)
    .bind(value)
    .execute()
    .await
}

/// Sets a mark unless it is there, and answers the one that stands.
pub async fn set_first(tx: &mut WriteTx<'_>, mark: &str, value: &str) -> Result<String> {
    tx.query("INSERT INTO store_marks (mark, value) VALUES ($1, $2) ON CONFLICT (mark) DO NOTHING")
        .bind(mark)
        .bind(value)
        .execute()
        .await?;
    tx.query(MARK).bind(mark).one(|row| row.text(0)).await
}

/// Empties every table but the history, the marks that say what the store is, and the stock of unused keys.
/// Refuses, inside the same transaction, a store that is not marked `dev`.
pub async fn empty_dev_store(tx: &mut WriteTx<'_>) -> Result<()> {
    if find(tx, ENVIRONMENT).await?.as_deref() != Some("dev") {
        return Err(Error::internal(Fault::Schema("only a store that is marked `dev` is emptied".into())));
    }
    for table in tables(tx).await? {
        match table.as_str() {
            "schema_migrations" | "key_stock" => {}
            "store_marks" => {
                tx.query("DELETE FROM store_marks WHERE mark <> $1 AND mark <> $2")
                    .bind(ENVIRONMENT)
                    .bind(MASTER_KEY)
                    .execute()
                    .await?;
            }
            table => tx.query(&format!("DELETE FROM \"{table}\"")).execute().await?,
        }
    }
    Ok(())
}
