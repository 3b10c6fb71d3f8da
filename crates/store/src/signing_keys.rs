//! The keys that sign a pool's tokens, and the stock of keys made beforehand.

use cognate_domain::{Result, Timestamp};

use crate::{Row, Tx, WriteTx};

/// A pool's key. `token_use` is `id` or `access`; one that is retired verifies but no longer signs.
pub struct SigningKeyRow {
    pub kid: String,
    pub token_use: String,
    pub public_jwk: String,
    pub private_sealed: Vec<u8>,
    pub created_at: Timestamp,
    pub retired_at: Option<Timestamp>,
}

impl SigningKeyRow {
    fn read(row: &Row<'_>) -> Result<Self> {
        Ok(Self {
            kid: row.text(0)?,
            token_use: row.text(1)?,
            public_jwk: row.text(2)?,
            private_sealed: row.bytes(3)?,
            created_at: Timestamp(row.int(4)?),
            retired_at: row.opt_int(5)?.map(Timestamp),
        })
    }
}

pub async fn insert(tx: &mut WriteTx<'_>, pool_id: &str, key: &SigningKeyRow) -> Result<()> {
    tx.query(
        "INSERT INTO signing_keys (pool_id, kid, token_use, public_jwk, private_sealed, created_at, retired_at)
         VALUES ($1, $2, $3, $4, $5, $6, $7)",
    )
    .bind(pool_id)
    .bind(&key.kid)
    .bind(&key.token_use)
    .bind(&key.public_jwk)
    .bind(&key.private_sealed)
    .bind(key.created_at)
    .bind(key.retired_at)
    .execute()
    .await
}

/// All keys of a pool, newest first.
pub async fn list(tx: &mut Tx<'_>, pool_id: &str) -> Result<Vec<SigningKeyRow>> {
    tx.query(
        "SELECT kid, token_use, public_jwk, private_sealed, created_at, retired_at
           FROM signing_keys WHERE pool_id = $1 ORDER BY created_at DESC, kid",
    )
    .bind(pool_id)
    .all(SigningKeyRow::read)
    .await
}

/// The public half of one key of a pool.
pub async fn find_public(tx: &mut Tx<'_>, key: (&str, &str), token_use: &str) -> Result<Option<String>> {
    let (pool_id, kid) = key;
    tx.query("SELECT public_jwk FROM signing_keys WHERE pool_id = $1 AND kid = $2 AND token_use = $3")
        .bind(pool_id)
        .bind(kid)
        .bind(token_use)
        .optional(|row| row.text(0))
        .await
}

/// From now on the pool's present keys only verify.
pub async fn retire(tx: &mut WriteTx<'_>, pool_id: &str, now: Timestamp) -> Result<()> {
    tx.query("UPDATE signing_keys SET retired_at = $1 WHERE pool_id = $2 AND retired_at IS NULL")
        .bind(now)
        .bind(pool_id)
        .execute()
        .await
}

/// Forgets keys that were retired before every token they can have signed had expired.
pub async fn delete_retired(tx: &mut WriteTx<'_>, pool_id: &str, before: Timestamp) -> Result<()> {
    tx.query("DELETE FROM signing_keys WHERE pool_id = $1 AND retired_at < $2")
        .bind(pool_id)
        .bind(before)
        .execute()
        .await
}

/// A key made beforehand: who takes it out of the stock is the only one who has it.
pub struct StockRow {
    pub kid: String,
    pub public_jwk: String,
    pub private_sealed: Vec<u8>,
}

pub async fn add_to_stock(tx: &mut WriteTx<'_>, key: &StockRow) -> Result<()> {
    tx.query("INSERT INTO key_stock (kid, public_jwk, private_sealed) VALUES ($1, $2, $3)")
        .bind(&key.kid)
        .bind(&key.public_jwk)
        .bind(&key.private_sealed)
        .execute()
        .await
}

/// The first key in stock at or behind `from`, which is chance, so that two nodes seldom want the same one.
pub async fn take_from_stock(tx: &mut WriteTx<'_>, from: &str) -> Result<Option<StockRow>> {
    tx.query(
        "DELETE FROM key_stock WHERE kid = (SELECT kid FROM key_stock WHERE kid >= $1 ORDER BY kid LIMIT 1)
         RETURNING kid, public_jwk, private_sealed",
    )
    .bind(from)
    .optional(|row| Ok(StockRow { kid: row.text(0)?, public_jwk: row.text(1)?, private_sealed: row.bytes(2)? }))
    .await
}

pub async fn number_in_stock(tx: &mut Tx<'_>) -> Result<i64> {
    tx.query("SELECT CAST(COUNT(*) AS BIGINT) FROM key_stock").one(|row| row.int(0)).await
}
