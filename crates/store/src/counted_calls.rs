//! Calls that are limited. Rows are only added, so parallel ones are counted exactly.

use std::time::Duration;

use cognate_domain::{Result, Timestamp};

use crate::{Tx, WriteTx};

/// Which calls, by whom or about whom.
#[derive(Clone, Copy)]
pub struct Calls<'a> {
    pub kind: &'a str,
    pub about_digest: &'a [u8],
}

/// At most so many behind a moment.
#[derive(Clone, Copy)]
pub struct Limit {
    pub most: i64,
    pub since: Timestamp,
}

pub async fn insert(tx: &mut WriteTx<'_>, calls: Calls<'_>, call_id: &str, now: Timestamp) -> Result<()> {
    tx.query("INSERT INTO counted_calls (kind, about_digest, called_at, call_id) VALUES ($1, $2, $3, $4)")
        .bind(calls.kind)
        .bind(calls.about_digest)
        .bind(now)
        .bind(call_id)
        .execute()
        .await
}

/// Counts a call, if there were fewer than the limit allows. False if not: then it is not counted, so that who goes on
/// asking is not kept out for ever, and fills no table.
pub async fn insert_within(
    tx: &mut WriteTx<'_>,
    calls: Calls<'_>,
    limit: Limit,
    call_id: &str,
    now: Timestamp,
) -> Result<bool> {
    let counted = tx
        .query(
            "INSERT INTO counted_calls (kind, about_digest, called_at, call_id)
             SELECT CAST($1 AS TEXT), $2, CAST($3 AS BIGINT), CAST($4 AS TEXT)
              WHERE (SELECT COUNT(*) FROM counted_calls
                      WHERE kind = $1 AND about_digest = $2 AND called_at > $5) < $6",
        )
        .bind(calls.kind)
        .bind(calls.about_digest)
        .bind(now)
        .bind(call_id)
        .bind(limit.since)
        .bind(limit.most)
        .affected()
        .await?;
    Ok(counted == 1)
}

/// How long until there is room for another call: none if there is room now. For who is told to wait; what lets a call
/// through is `insert_within`.
pub async fn wait(tx: &mut Tx<'_>, calls: Calls<'_>, limit: Limit) -> Result<Option<Duration>> {
    let keeps_out = tx
        .query(
            "SELECT called_at FROM counted_calls WHERE kind = $1 AND about_digest = $2 AND called_at > $3
              ORDER BY called_at DESC LIMIT 1 OFFSET $4",
        )
        .bind(calls.kind)
        .bind(calls.about_digest)
        .bind(limit.since)
        .bind(limit.most.saturating_sub(1))
        .optional(|row| row.timestamp(0))
        .await?;
    let left = keeps_out.map(|called_at| called_at.0.saturating_sub(limit.since.0));
    Ok(left.map(|left| Duration::from_millis(u64::try_from(left).unwrap_or_default())))
}

pub async fn count(tx: &mut Tx<'_>, calls: Calls<'_>, since: Timestamp) -> Result<i64> {
    tx.query("SELECT COUNT(*) FROM counted_calls WHERE kind = $1 AND about_digest = $2 AND called_at > $3")
        .bind(calls.kind)
        .bind(calls.about_digest)
        .bind(since)
        .one(|row| row.int(0))
        .await
}

/// When the first of those that count was made.
pub async fn oldest(tx: &mut Tx<'_>, calls: Calls<'_>, since: Timestamp) -> Result<Option<Timestamp>> {
    tx.query("SELECT MIN(called_at) FROM counted_calls WHERE kind = $1 AND about_digest = $2 AND called_at > $3")
        .bind(calls.kind)
        .bind(calls.about_digest)
        .bind(since)
        .one(|row| row.opt_timestamp(0))
        .await
}
