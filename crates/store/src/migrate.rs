//! Brings a store's tables up to date, one transaction for each migration, the same text on both engines.
//!
//! Nodes may start at once: who inserts a migration's row first runs it, and the other, waiting on that row, then sees
//! it done. A store that a newer program has been at, or whose past differs from ours, is refused and left alone.

use cognate_domain::{Error, Result};

use crate::db::script::statements;
use crate::db::{Db, Fault, Sql, Tx, pause};

/// A step of the schema. Once released, its text never changes again. Column types are TEXT, BIGINT, BOOLEAN and
/// BYTEA, in capitals; TEXT compares and sorts bytewise on both engines. No deferrable constraints: one write's would
/// fail at the COMMIT that it shares with others.
#[derive(Clone, Copy, Debug)]
pub struct Migration<'m> {
    pub version: i64,
    pub name: &'m str,
    pub sql: &'m str,
}

/// What the store says was done to it.
struct Applied {
    version: i64,
    name: String,
    checksum: String,
}

/// On PostgreSQL two who make a table at once may meet in its catalogues, which is an error there instead of a wait.
const MOST_TRIES: u32 = 8;
/// PostgreSQL's codes for that, beside a violated constraint: the table, or the type of its rows, is there by now.
const MADE_MEANWHILE: [&str; 2] = ["42P07", "42710"];

/// Applies what is missing of `migrations`, which are in ascending order.
pub async fn migrate(db: &Db, migrations: &[Migration<'_>]) -> Result<()> {
    if !migrations.is_sorted_by(|earlier, later| earlier.version < later.version) {
        return Err(refused("the program's migrations are not in ascending order".to_owned()));
    }

    let mut tries = 1;
    while let Err(error) = make_history(db).await {
        let raced = match error.cause() {
            Some(Fault::Unique { .. } | Fault::Again) => true,
            Some(Fault::Driver { code, .. }) => MADE_MEANWHILE.contains(&code.as_str()),
            _ => false,
        };
        if !raced || tries == MOST_TRIES {
            return Err(error);
        }
        tries += 1;
        pause(tries).await;
    }
    let applied = history(&mut db.read().await?).await?;
    check(&applied, migrations)?;

    for migration in migrations.iter().skip(applied.len()) {
        apply(db, migration, migrations).await?;
    }
    Ok(())
}

async fn make_history(db: &Db) -> Result<()> {
    let there = db
        .read()
        .await?
        .query(Sql::each(
            "SELECT COUNT(*) FROM sqlite_master WHERE type = 'table' AND name = 'schema_migrations'",
            "SELECT COUNT(*) FROM information_schema.tables
              WHERE table_schema = current_schema() AND table_name = 'schema_migrations'",
        ))
        .one(|row| row.int(0))
        .await?;
    if there > 0 {
        return Ok(());
    }
    db.write(async |tx| {
        let sql = "CREATE TABLE IF NOT EXISTS schema_migrations
                     (version BIGINT NOT NULL PRIMARY KEY, name TEXT NOT NULL, checksum TEXT NOT NULL)";
        tx.query(sql).execute().await
    })
    .await
}

async fn history(tx: &mut Tx<'_>) -> Result<Vec<Applied>> {
    tx.query("SELECT version, name, checksum FROM schema_migrations ORDER BY version")
        .all(|row| Ok(Applied { version: row.int(0)?, name: row.text(1)?, checksum: row.text(2)? }))
        .await
}

/// What was applied must be the beginning of what we know.
fn check(applied: &[Applied], known: &[Migration<'_>]) -> Result<()> {
    let newest = known.last().map_or(0, |migration| migration.version);
    for (at, past) in applied.iter().enumerate() {
        let Applied { version, name, checksum } = past;
        if *version > newest {
            return Err(refused(format!(
                "the store is at migration {version} ({name}), this program knows none after {newest}: run the newer program"
            )));
        }
        match known.get(at) {
            Some(migration) if migration.version == *version => {
                if self::checksum(migration.sql) != *checksum {
                    return Err(refused(format!(
                        "migration {version} ({}) was applied with another text than this program's",
                        migration.name
                    )));
                }
            }
            Some(migration) if migration.version < *version => {
                return Err(refused(format!(
                    "the store is at migration {version} ({name}) but has never seen {} ({})",
                    migration.version, migration.name
                )));
            }
            _ => return Err(refused(format!("the store has migration {version} ({name}), unknown to this program"))),
        }
    }
    Ok(())
}

async fn apply(db: &Db, migration: &Migration<'_>, known: &[Migration<'_>]) -> Result<()> {
    let checksum = checksum(migration.sql);
    let statements = statements(migration.sql, db.dialect());

    db.write(async |tx| {
        let applied = history(tx).await?;
        check(&applied, known)?;
        if applied.iter().any(|past| past.version == migration.version) {
            return Ok(()); // by another node, meanwhile
        }
        tx.query("INSERT INTO schema_migrations (version, name, checksum) VALUES ($1, $2, $3)")
            .bind(migration.version)
            .bind(migration.name)
            .bind(&checksum)
            .execute()
            .await?;
        for statement in &statements {
            tx.query(statement).execute().await?;
        }
        Ok(())
    })
    .await
    .map_err(|error| match error.cause::<Fault>() {
        None | Some(Fault::Schema(_)) => error,
        Some(fault) => refused(format!("migration {} ({}) failed: {fault}", migration.version, migration.name)),
    })
}

fn refused(why: String) -> Error {
    Error::internal(Fault::Schema(why))
}

/// FNV-1a over the text, line ends aside: it notices an edit, nothing more.
fn checksum(sql: &str) -> String {
    let bytes = sql.bytes().filter(|byte| *byte != b'\r');
    let hash =
        bytes.fold(0xcbf2_9ce4_8422_2325_u64, |hash, byte| (hash ^ u64::from(byte)).wrapping_mul(0x0100_0000_01b3));
    format!("{hash:016x}")
}
