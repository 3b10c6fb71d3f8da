//! Authorization requests that clients push beforehand, by the digest of the reference that they get for it (RFC 9126).

use std::time::Duration;

use cognate_domain::{Result, Timestamp};

use crate::{Tx, WriteTx};

pub struct PushedRequest {
    pub client_id: String,
    /// As a query.
    pub params: String,
}

pub async fn insert(
    tx: &mut WriteTx<'_>,
    pool_id: &str,
    digest: &[u8],
    request: &PushedRequest,
    life: (Timestamp, Duration),
) -> Result<()> {
    let (pushed_at, life) = life;
    tx.query(
        "INSERT INTO pushed_requests (pool_id, request_digest, client_id, params, pushed_at, expires_at)
         VALUES ($1, $2, $3, $4, $5, $6)",
    )
    .bind(pool_id)
    .bind(digest)
    .bind(&request.client_id)
    .bind(&request.params)
    .bind(pushed_at)
    .bind(pushed_at + life)
    .execute()
    .await
}

pub async fn find(tx: &mut Tx<'_>, pool_id: &str, digest: &[u8], now: Timestamp) -> Result<Option<PushedRequest>> {
    tx.query(
        "SELECT client_id, params FROM pushed_requests WHERE pool_id = $1 AND request_digest = $2 AND expires_at > $3",
    )
    .bind(pool_id)
    .bind(digest)
    .bind(now)
    .optional(|row| Ok(PushedRequest { client_id: row.text(0)?, params: row.text(1)? }))
    .await
}

/// Lets a person who has begun take their time: this long since it was pushed, however often they come.
pub async fn prolong(tx: &mut WriteTx<'_>, pool_id: &str, digest: &[u8], life: Duration) -> Result<()> {
    let life = i64::try_from(life.as_millis()).unwrap_or(i64::MAX);
    tx.query("UPDATE pushed_requests SET expires_at = pushed_at + $1 WHERE pool_id = $2 AND request_digest = $3")
        .bind(life)
        .bind(pool_id)
        .bind(digest)
        .execute()
        .await
}

/// Takes a request that is answered. False if somebody has answered it, or if it is too old.
pub async fn take(tx: &mut WriteTx<'_>, pool_id: &str, digest: &[u8], now: Timestamp) -> Result<bool> {
    let taken = tx
        .query("DELETE FROM pushed_requests WHERE pool_id = $1 AND request_digest = $2 AND expires_at > $3")
        .bind(pool_id)
        .bind(digest)
        .bind(now)
        .affected()
        .await?;
    Ok(taken == 1)
}
