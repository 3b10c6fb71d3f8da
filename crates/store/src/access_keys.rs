//! Access keys of operators and machines. A revoked key stays listed, so that its use in old logs can be explained.

use cognate_domain::{Result, Timestamp};

use crate::{Row, Tx, WriteTx};

#[derive(Clone, Debug)]
pub struct AccessKey {
    pub id: String,
    pub account_id: String,
    pub description: String,
    pub secret_sealed: Vec<u8>,
    pub created_at: Timestamp,
    pub revoked_at: Option<Timestamp>,
}

/// What every signed request needs of a key that is not revoked.
pub struct GoodKey {
    pub account_id: String,
    pub secret_sealed: Vec<u8>,
}

impl AccessKey {
    fn from_row(row: &Row<'_>) -> Result<Self> {
        Ok(Self {
            id: row.text(0)?,
            account_id: row.text(1)?,
            description: row.text(2)?,
            secret_sealed: row.bytes(3)?,
            created_at: row.timestamp(4)?,
            revoked_at: row.opt_timestamp(5)?,
        })
    }
}

pub async fn insert(tx: &mut WriteTx<'_>, key: &AccessKey) -> Result<()> {
    tx.query(
        "INSERT INTO access_keys (access_key_id, account_id, description, secret_sealed, created_at)
         VALUES ($1, $2, $3, $4, $5)",
    )
    .bind(&key.id)
    .bind(&key.account_id)
    .bind(&key.description)
    .bind(&key.secret_sealed)
    .bind(key.created_at)
    .execute()
    .await
}

/// The key, if it is good: a revoked one is as unknown as one that never was.
pub async fn find_good(tx: &mut Tx<'_>, id: &str) -> Result<Option<GoodKey>> {
    tx.query("SELECT account_id, secret_sealed FROM access_keys WHERE access_key_id = $1 AND revoked_at IS NULL")
        .bind(id)
        .optional(|row| Ok(GoodKey { account_id: row.text(0)?, secret_sealed: row.bytes(1)? }))
        .await
}

/// Every key, revoked ones too, oldest first. Operators make few of them.
pub async fn list(tx: &mut Tx<'_>) -> Result<Vec<AccessKey>> {
    tx.query(
        "SELECT access_key_id, account_id, description, secret_sealed, created_at, revoked_at
           FROM access_keys ORDER BY created_at, access_key_id",
    )
    .all(AccessKey::from_row)
    .await
}

/// What became of a wish to revoke a key.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Revoked {
    Now,
    Before(Timestamp),
    Unknown,
}

/// Ends a key. The first revocation's time stays.
pub async fn revoke(tx: &mut WriteTx<'_>, id: &str, now: Timestamp) -> Result<Revoked> {
    let ended = tx
        .query("UPDATE access_keys SET revoked_at = $2 WHERE access_key_id = $1 AND revoked_at IS NULL")
        .bind(id)
        .bind(now)
        .affected()
        .await?;
    if ended > 0 {
        return Ok(Revoked::Now);
    }
    let before = tx
        .query("SELECT revoked_at FROM access_keys WHERE access_key_id = $1")
        .bind(id)
        .optional(|row| row.timestamp(0))
        .await?;
    Ok(before.map_or(Revoked::Unknown, Revoked::Before))
}
