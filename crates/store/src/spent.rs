//! What is good once: answered challenge sessions, SRP secret blocks, signatures. The primary key says who came first.

use cognate_domain::{Result, Timestamp};

use crate::{Tx, WriteTx};

/// Spends a handle of a user. A second time is a unique violation.
pub async fn insert_handle(
    tx: &mut WriteTx<'_>,
    user: (&str, &str),
    digest: &[u8],
    expires_at: Timestamp,
) -> Result<()> {
    tx.query("INSERT INTO spent_handles (pool_id, user_id, handle_digest, expires_at) VALUES ($1, $2, $3, $4)")
        .bind(user.0)
        .bind(user.1)
        .bind(digest)
        .bind(expires_at)
        .execute()
        .await
}

/// Spends a handle of a user, whether or not it was spent before.
pub async fn note_handle(tx: &mut WriteTx<'_>, user: (&str, &str), digest: &[u8], expires_at: Timestamp) -> Result<()> {
    tx.query(
        "INSERT INTO spent_handles (pool_id, user_id, handle_digest, expires_at) VALUES ($1, $2, $3, $4)
         ON CONFLICT (pool_id, user_id, handle_digest) DO NOTHING",
    )
    .bind(user.0)
    .bind(user.1)
    .bind(digest)
    .bind(expires_at)
    .execute()
    .await
}

pub async fn is_spent(tx: &mut Tx<'_>, user: (&str, &str), digest: &[u8]) -> Result<bool> {
    let found = tx
        .query("SELECT expires_at FROM spent_handles WHERE pool_id = $1 AND user_id = $2 AND handle_digest = $3")
        .bind(user.0)
        .bind(user.1)
        .bind(digest)
        .optional(|row| row.int(0))
        .await?;
    Ok(found.is_some())
}

/// Notes a signature of a signed call; when it was seen first, which is `now` for one that is new.
pub async fn first_seen(
    tx: &mut WriteTx<'_>,
    digest: &[u8],
    now: Timestamp,
    expires_at: Timestamp,
) -> Result<Timestamp> {
    tx.query(
        "INSERT INTO spent_signatures (signature_digest, seen_at, expires_at) VALUES ($1, $2, $3)
         ON CONFLICT (signature_digest) DO NOTHING",
    )
    .bind(digest)
    .bind(now)
    .bind(expires_at)
    .execute()
    .await?;
    tx.query("SELECT seen_at FROM spent_signatures WHERE signature_digest = $1")
        .bind(digest)
        .one(|row| row.timestamp(0))
        .await
}

/// When a signed call, or its signature, was seen first.
pub async fn find_seen(tx: &mut Tx<'_>, digest: &[u8]) -> Result<Option<Timestamp>> {
    tx.query("SELECT seen_at FROM spent_signatures WHERE signature_digest = $1")
        .bind(digest)
        .optional(|row| row.timestamp(0))
        .await
}

/// Spends a signed call. A second time is a unique violation.
pub async fn insert_call(tx: &mut WriteTx<'_>, digest: &[u8], now: Timestamp, expires_at: Timestamp) -> Result<()> {
    tx.query("INSERT INTO spent_signatures (signature_digest, seen_at, expires_at) VALUES ($1, $2, $3)")
        .bind(digest)
        .bind(now)
        .bind(expires_at)
        .execute()
        .await
}
