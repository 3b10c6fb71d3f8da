//! How far imports have come. A step forward is part of the write that brought something, so a line is brought once.
//!
//! A pool that is being imported is claimed: the claim is a row of its own, whose key is the pool's, so that two files never
//! bring one pool at a time. Until its last write such a pool has no row in `user_pools`, and nobody can see it.

use cognate_domain::{Result, Timestamp};

use crate::{Tx, WriteTx};

/// An import as it stands.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Import {
    pub import_id: String,
    pub pool_id: String,
    pub lines_done: i64,
    pub finished: bool,
}

pub async fn find(tx: &mut Tx<'_>, import_id: &str) -> Result<Option<Import>> {
    tx.query("SELECT pool_id, lines_done, finished_at FROM imports WHERE import_id = $1")
        .bind(import_id)
        .optional(|row| {
            Ok(Import {
                import_id: import_id.to_owned(),
                pool_id: row.text(0)?,
                lines_done: row.int(1)?,
                finished: row.opt_int(2)?.is_some(),
            })
        })
        .await
}

/// Begins an import, or begins one anew that had finished.
pub async fn begin(tx: &mut WriteTx<'_>, import_id: &str, pool_id: &str, now: Timestamp) -> Result<()> {
    tx.query(
        "INSERT INTO imports (import_id, pool_id, lines_done, began_at) VALUES ($1, $2, 0, $3)
             ON CONFLICT (import_id) DO UPDATE SET lines_done = 0, began_at = excluded.began_at, finished_at = NULL",
    )
    .bind(import_id)
    .bind(pool_id)
    .bind(now)
    .execute()
    .await
}

/// From line `from` to line `to`. False if the import is not where it was thought to be: somebody else is at it.
pub async fn advance(tx: &mut WriteTx<'_>, import_id: &str, lines: (i64, i64)) -> Result<bool> {
    let (from, to) = lines;
    let advanced = tx
        .query("UPDATE imports SET lines_done = $1 WHERE import_id = $2 AND lines_done = $3 AND finished_at IS NULL")
        .bind(to)
        .bind(import_id)
        .bind(from)
        .affected()
        .await?;
    Ok(advanced == 1)
}

pub async fn finish(tx: &mut WriteTx<'_>, import_id: &str, now: Timestamp) -> Result<()> {
    tx.query("UPDATE imports SET finished_at = $1 WHERE import_id = $2").bind(now).bind(import_id).execute().await
}

pub async fn delete(tx: &mut WriteTx<'_>, import_id: &str) -> Result<()> {
    tx.query("DELETE FROM imports WHERE import_id = $1").bind(import_id).execute().await
}

fn claim_of(pool_id: &str) -> String {
    format!("pool/{pool_id}")
}

/// Claims a pool for one import. False if it is claimed already.
pub async fn claim(tx: &mut WriteTx<'_>, pool_id: &str, now: Timestamp) -> Result<bool> {
    let claimed = tx
        .query(
            "INSERT INTO imports (import_id, pool_id, lines_done, began_at) VALUES ($1, $2, 0, $3)
                 ON CONFLICT (import_id) DO NOTHING",
        )
        .bind(claim_of(pool_id))
        .bind(pool_id)
        .bind(now)
        .affected()
        .await?;
    Ok(claimed == 1)
}

pub async fn release(tx: &mut WriteTx<'_>, pool_id: &str) -> Result<()> {
    delete(tx, &claim_of(pool_id)).await
}

/// The unfinished import of a pool that is claimed. The table is small: imports are rare.
pub async fn list_unfinished(tx: &mut Tx<'_>, pool_id: &str) -> Result<Vec<String>> {
    tx.query("SELECT import_id FROM imports WHERE pool_id = $1 AND finished_at IS NULL AND import_id <> $2")
        .bind(pool_id)
        .bind(claim_of(pool_id))
        .all(|row| row.text(0))
        .await
}
