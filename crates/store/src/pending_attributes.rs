//! E-mail addresses and phone numbers that replace the user's own only once they are proved. One of each at the most.

use cognate_domain::{Result, Timestamp};

use crate::{Tx, WriteTx};

/// Keeps a value in place of the one that waited before.
pub async fn put(tx: &mut WriteTx<'_>, user: (&str, &str), attribute: &str, value: &str, now: Timestamp) -> Result<()> {
    tx.query(
        "INSERT INTO pending_attributes (pool_id, user_id, attribute, value, asked_at) VALUES ($1, $2, $3, $4, $5)
         ON CONFLICT (pool_id, user_id, attribute) DO UPDATE SET value = excluded.value, asked_at = excluded.asked_at",
    )
    .bind(user.0)
    .bind(user.1)
    .bind(attribute)
    .bind(value)
    .bind(now)
    .execute()
    .await
}

pub async fn find(tx: &mut Tx<'_>, user: (&str, &str), attribute: &str) -> Result<Option<String>> {
    tx.query("SELECT value FROM pending_attributes WHERE pool_id = $1 AND user_id = $2 AND attribute = $3")
        .bind(user.0)
        .bind(user.1)
        .bind(attribute)
        .optional(|row| row.text(0))
        .await
}

pub async fn delete(tx: &mut WriteTx<'_>, user: (&str, &str), attribute: &str) -> Result<()> {
    tx.query("DELETE FROM pending_attributes WHERE pool_id = $1 AND user_id = $2 AND attribute = $3")
        .bind(user.0)
        .bind(user.1)
        .bind(attribute)
        .execute()
        .await
}
