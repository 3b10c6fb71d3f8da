//! Attempts that are limited or lock. Rows are only added, so parallel ones are counted exactly and never collide.

use cognate_domain::attempts::{AttemptKind, Failures};
use cognate_domain::{Result, Timestamp};

use crate::{Tx, WriteTx};

/// Whose attempts, at what.
pub struct Attempts<'a> {
    pub pool_id: &'a str,
    pub user_id: &'a str,
    pub kind: AttemptKind,
}

pub async fn insert(tx: &mut WriteTx<'_>, of: &Attempts<'_>, attempt_id: &str, now: Timestamp) -> Result<()> {
    tx.query("INSERT INTO attempts (pool_id, user_id, kind, attempt_id, attempted_at) VALUES ($1, $2, $3, $4, $5)")
        .bind(of.pool_id)
        .bind(of.user_id)
        .bind(of.kind.name())
        .bind(attempt_id)
        .bind(now)
        .execute()
        .await
}

/// Those behind `since`, without the one named.
pub async fn count(tx: &mut Tx<'_>, of: &Attempts<'_>, since: Timestamp, but: &str) -> Result<Failures> {
    tx.query(
        "SELECT CAST(COUNT(*) AS BIGINT), MAX(attempted_at) FROM attempts
          WHERE pool_id = $1 AND user_id = $2 AND kind = $3 AND attempted_at > $4 AND attempt_id <> $5",
    )
    .bind(of.pool_id)
    .bind(of.user_id)
    .bind(of.kind.name())
    .bind(since)
    .bind(but)
    .one(|row| Ok(Failures { count: row.int(0)?, last: Timestamp(row.opt_int(1)?.unwrap_or_default()) }))
    .await
}

/// Forgets those at or before `until`.
pub async fn delete(tx: &mut WriteTx<'_>, of: &Attempts<'_>, until: Timestamp) -> Result<()> {
    tx.query("DELETE FROM attempts WHERE pool_id = $1 AND user_id = $2 AND kind = $3 AND attempted_at <= $4")
        .bind(of.pool_id)
        .bind(of.user_id)
        .bind(of.kind.name())
        .bind(until)
        .execute()
        .await
}
