//! Confirmation codes, as digests. A code is good once, and the store is what makes it so.

use cognate_domain::{Result, Timestamp};

use crate::{Tx, WriteTx};

pub struct CodeRow<'a> {
    pub pool_id: &'a str,
    pub user_id: &'a str,
    pub kind: &'a str,
    pub digest: &'a [u8],
    /// The attribute it was sent to, and the address: it proves that address and no other.
    pub attribute: Option<&'a str>,
    pub sent_to: Option<&'a str>,
    pub expires_at: Timestamp,
}

/// Keeps a code in place of the one before.
pub async fn put(tx: &mut WriteTx<'_>, code: &CodeRow<'_>) -> Result<()> {
    tx.query(
        "INSERT INTO codes (pool_id, user_id, kind, code_digest, attribute, sent_to, expires_at)
         VALUES ($1, $2, $3, $4, $5, $6, $7)
         ON CONFLICT (pool_id, user_id, kind) DO UPDATE SET code_digest = excluded.code_digest,
            attribute = excluded.attribute, sent_to = excluded.sent_to, expires_at = excluded.expires_at",
    )
    .bind(code.pool_id)
    .bind(code.user_id)
    .bind(code.kind)
    .bind(code.digest)
    .bind(code.attribute)
    .bind(code.sent_to)
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

/// What a code proves: that its bearer reads `sent_to`, which was the user's `attribute` when it was sent. One from a
/// release that did not note the address proves none.
pub struct Taken {
    pub attribute: Option<String>,
    pub sent_to: Option<String>,
}

/// Takes the code out: the first caller gets what it proves, every later one gets `None`.
pub async fn take(tx: &mut WriteTx<'_>, code: &Presented<'_>, now: Timestamp) -> Result<Option<Taken>> {
    tx.query(
        "DELETE FROM codes WHERE pool_id = $1 AND user_id = $2 AND kind = $3 AND code_digest = $4 AND expires_at > $5
         RETURNING attribute, sent_to",
    )
    .bind(code.pool_id)
    .bind(code.user_id)
    .bind(code.kind)
    .bind(code.digest)
    .bind(now)
    .optional(|row| Ok(Taken { attribute: row.opt_text(0)?, sent_to: row.opt_text(1)? }))
    .await
}

/// A code that waits, as it is kept.
pub struct Waiting {
    pub digest: Vec<u8>,
    pub proves: Taken,
}

/// The code of this kind that waits for the user, to be judged before costly work; `take` asserts it.
pub async fn find(tx: &mut Tx<'_>, user: (&str, &str), kind: &str, now: Timestamp) -> Result<Option<Waiting>> {
    tx.query(
        "SELECT code_digest, attribute, sent_to FROM codes
          WHERE pool_id = $1 AND user_id = $2 AND kind = $3 AND expires_at > $4",
    )
    .bind(user.0)
    .bind(user.1)
    .bind(kind)
    .bind(now)
    .optional(|row| {
        Ok(Waiting { digest: row.bytes(0)?, proves: Taken { attribute: row.opt_text(1)?, sent_to: row.opt_text(2)? } })
    })
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
