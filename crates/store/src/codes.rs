//! Confirmation codes, as digests. A code is good once, and the store is what makes it so.

use cognate_domain::{Result, Timestamp};

use crate::{Tx, WriteTx};

pub struct CodeRow<'a> {
    pub pool_id: &'a str,
    pub user_id: &'a str,
    pub kind: &'a str,
    pub digest: &'a [u8],
    /// The attribute it was sent to, which it verifies.
    pub attribute: Option<&'a str>,
    pub expires_at: Timestamp,
}

/// Keeps a code in place of the one before.
pub async fn put(tx: &mut WriteTx<'_>, code: &CodeRow<'_>) -> Result<()> {
    tx.query(
        "INSERT INTO codes (pool_id, user_id, kind, code_digest, attribute, expires_at) VALUES ($1, $2, $3, $4, $5, $6)
         ON CONFLICT (pool_id, user_id, kind) DO UPDATE SET code_digest = excluded.code_digest,
            attribute = excluded.attribute, expires_at = excluded.expires_at",
    )
    .bind(code.pool_id)
    .bind(code.user_id)
    .bind(code.kind)
    .bind(code.digest)
    .bind(code.attribute)
    .bind(code.expires_at)
    .execute()
    .await
}

/// Whose code, and which.
pub struct Presented<'a> {
    pub pool_id: &'a str,
    pub user_id: &'a str,
    pub kind: &'a str,
    pub digest: &'a [u8],
}

/// Takes the code out: the first caller gets the attribute it verifies, every later one gets `None`.
pub async fn take(tx: &mut WriteTx<'_>, code: &Presented<'_>, now: Timestamp) -> Result<Option<Option<String>>> {
    tx.query(
        "DELETE FROM codes WHERE pool_id = $1 AND user_id = $2 AND kind = $3 AND code_digest = $4 AND expires_at > $5
         RETURNING attribute",
    )
    .bind(code.pool_id)
    .bind(code.user_id)
    .bind(code.kind)
    .bind(code.digest)
    .bind(now)
    .optional(|row| row.opt_text(0))
    .await
}

/// Whether any code of this kind waits for the user.
pub async fn waits(tx: &mut Tx<'_>, user: (&str, &str), kind: &str, now: Timestamp) -> Result<bool> {
    let found = tx
        .query("SELECT kind FROM codes WHERE pool_id = $1 AND user_id = $2 AND kind = $3 AND expires_at > $4")
        .bind(user.0)
        .bind(user.1)
        .bind(kind)
        .bind(now)
        .optional(|row| row.text(0))
        .await?;
    Ok(found.is_some())
}
