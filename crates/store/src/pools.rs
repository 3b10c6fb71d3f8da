//! User pools, and the count of their users.

use cognate_domain::pool::PoolConfig;
use cognate_domain::{Error, Result, Timestamp};

use crate::{Row, Tx, WriteTx};

/// A pool as it is kept. The engine opens what is sealed.
pub struct PoolRow {
    pub pool_id: String,
    pub account_id: String,
    pub region: String,
    pub config: PoolConfig,
    pub veil_key_sealed: Vec<u8>,
    pub version: i64,
    pub created_at: Timestamp,
    pub modified_at: Timestamp,
}

impl PoolRow {
    fn read(row: &Row<'_>) -> Result<Self> {
        let config = row.text(3)?;
        Ok(Self {
            pool_id: row.text(0)?,
            account_id: row.text(1)?,
            region: row.text(2)?,
            config: serde_json::from_str(&config).map_err(Error::internal)?,
            veil_key_sealed: row.bytes(4)?,
            version: row.int(5)?,
            created_at: Timestamp(row.int(6)?),
            modified_at: Timestamp(row.int(7)?),
        })
    }
}

pub async fn insert(tx: &mut WriteTx<'_>, pool: &PoolRow) -> Result<()> {
    let config = serde_json::to_string(&pool.config).map_err(Error::internal)?;
    tx.query(
        "INSERT INTO user_pools (pool_id, account_id, region, config, veil_key_sealed, version, created_at, modified_at)
         VALUES ($1, $2, $3, $4, $5, $6, $7, $8)",
    )
    .bind(&pool.pool_id)
    .bind(&pool.account_id)
    .bind(&pool.region)
    .bind(&config)
    .bind(&pool.veil_key_sealed)
    .bind(pool.version)
    .bind(pool.created_at)
    .bind(pool.modified_at)
    .execute()
    .await
}

pub async fn find(tx: &mut Tx<'_>, pool_id: &str) -> Result<Option<PoolRow>> {
    tx.query(
        "SELECT pool_id, account_id, region, config, veil_key_sealed, version, created_at, modified_at
           FROM user_pools WHERE pool_id = $1",
    )
    .bind(pool_id)
    .optional(PoolRow::read)
    .await
}

pub async fn get(tx: &mut Tx<'_>, pool_id: &str) -> Result<PoolRow> {
    find(tx, pool_id).await?.ok_or_else(|| Error::pool_not_found(pool_id))
}

/// Inside a write: the pool is there, and still will be when the write is kept.
pub(crate) async fn assert_there(tx: &mut WriteTx<'_>, pool_id: &str) -> Result<()> {
    let found =
        tx.query("SELECT pool_id FROM user_pools WHERE pool_id = $1").bind(pool_id).optional(|row| row.text(0)).await?;
    found.map(drop).ok_or_else(|| Error::pool_not_found(pool_id))
}

/// A page of an account's pools in one region, by id, behind `after`.
pub async fn list(tx: &mut Tx<'_>, owner: (&str, &str), after: &str, limit: i64) -> Result<Vec<PoolRow>> {
    let (account, region) = owner;
    tx.query(
        "SELECT pool_id, account_id, region, config, veil_key_sealed, version, created_at, modified_at
           FROM user_pools WHERE account_id = $1 AND region = $2 AND pool_id > $3
          ORDER BY pool_id LIMIT $4",
    )
    .bind(account)
    .bind(region)
    .bind(after)
    .bind(limit)
    .all(PoolRow::read)
    .await
}

/// Replaces the configuration if nobody else has since `version` was read.
pub async fn update(tx: &mut WriteTx<'_>, pool: &PoolRow) -> Result<()> {
    let config = serde_json::to_string(&pool.config).map_err(Error::internal)?;
    let changed = tx
        .query(
            "UPDATE user_pools SET config = $1, modified_at = $2, version = version + 1
              WHERE pool_id = $3 AND version = $4",
        )
        .bind(&config)
        .bind(pool.modified_at)
        .bind(&pool.pool_id)
        .bind(pool.version)
        .affected()
        .await?;
    if changed == 1 { Ok(()) } else { Err(Error::concurrent_modification()) }
}

/// The pool is gone at once; its users are removed by a job. False if it was not there.
pub async fn delete(tx: &mut WriteTx<'_>, pool_id: &str, now: Timestamp) -> Result<bool> {
    let deleted = tx.query("DELETE FROM user_pools WHERE pool_id = $1").bind(pool_id).affected().await?;
    if deleted == 0 {
        return Ok(false);
    }
    bury(tx, pool_id, now).await.map(|()| true)
}

/// Removes what a pool without a row of its own has, and leaves its users to the job.
pub async fn bury(tx: &mut WriteTx<'_>, pool_id: &str, now: Timestamp) -> Result<()> {
    tx.query("DELETE FROM client_secrets WHERE client_id IN (SELECT client_id FROM clients WHERE pool_id = $1)")
        .bind(pool_id)
        .execute()
        .await?;
    tx.query("DELETE FROM clients WHERE pool_id = $1").bind(pool_id).execute().await?;
    tx.query("DELETE FROM signing_keys WHERE pool_id = $1").bind(pool_id).execute().await?;
    crate::resource_servers::delete_all(tx, pool_id).await?;
    crate::login_domains::delete_all(tx, pool_id).await?;
    tx.query("INSERT INTO deleted_pools (pool_id, deleted_at) VALUES ($1, $2)").bind(pool_id).bind(now).execute().await
}

/// Pools whose rows still have to be removed.
pub async fn list_deleted(tx: &mut Tx<'_>) -> Result<Vec<String>> {
    tx.query("SELECT pool_id FROM deleted_pools ORDER BY deleted_at LIMIT 16").all(|row| row.text(0)).await
}

/// Removes everything of some users of a deleted pool, and then as many of its groups; true when nothing is left and
/// the pool is forgotten.
pub async fn sweep_deleted(tx: &mut WriteTx<'_>, pool_id: &str, users: i64) -> Result<bool> {
    let ids = tx
        .query("SELECT user_id FROM users WHERE pool_id = $1 ORDER BY user_id LIMIT $2")
        .bind(pool_id)
        .bind(users)
        .all(|row| row.text(0))
        .await?;
    for id in &ids {
        crate::users::delete(tx, pool_id, id).await?;
    }
    if !ids.is_empty() {
        return Ok(false);
    }
    if !crate::groups::sweep_pool(tx, pool_id, users).await? {
        return Ok(false);
    }
    tx.query("DELETE FROM user_counts WHERE pool_id = $1").bind(pool_id).execute().await?;
    tx.query("DELETE FROM deleted_pools WHERE pool_id = $1").bind(pool_id).execute().await?;
    Ok(true)
}

/// Rows over which a pool's count is spread.
pub const COUNT_SHARDS: u8 = u8::MAX;

/// Adds to the pool's number of users; `shard` is chance, so that sign-ups seldom touch the same row.
pub async fn count_users(tx: &mut WriteTx<'_>, pool_id: &str, shard: u8, change: i64) -> Result<()> {
    tx.query(
        "INSERT INTO user_counts (pool_id, shard, users) VALUES ($1, $2, $3)
         ON CONFLICT (pool_id, shard) DO UPDATE SET users = user_counts.users + excluded.users",
    )
    .bind(pool_id)
    .bind(i64::from(shard))
    .bind(change)
    .execute()
    .await
}

pub async fn number_of_users(tx: &mut Tx<'_>, pool_id: &str) -> Result<i64> {
    tx.query("SELECT CAST(COALESCE(SUM(users), 0) AS BIGINT) FROM user_counts WHERE pool_id = $1")
        .bind(pool_id)
        .one(|row| row.int(0))
        .await
}
