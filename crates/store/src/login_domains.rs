//! Login domains: a name belongs to one pool of the whole server. How many a pool has is kept with the pool.

use cognate_domain::login_domain::LoginDomain;
use cognate_domain::{Error, Result};

use crate::{OnUnique as _, Row, Tx, WriteTx};

fn read(row: &Row<'_>) -> Result<LoginDomain> {
    let config = row.text(2)?;
    Ok(LoginDomain {
        name: row.text(0)?,
        pool_id: row.text(1)?,
        config: serde_json::from_str(&config).map_err(Error::internal)?,
        created_at: row.timestamp(3)?,
        modified_at: row.timestamp(4)?,
    })
}

/// Keeps a new domain if nobody has its name. The pool's row is changed in the same write.
pub async fn insert(tx: &mut WriteTx<'_>, domain: &LoginDomain) -> Result<()> {
    let config = serde_json::to_string(&domain.config).map_err(Error::internal)?;
    let kept = tx
        .query(
            "INSERT INTO login_domains (domain, pool_id, config, version, created_at, modified_at)
             VALUES ($1, $2, $3, 1, $4, $5)",
        )
        .bind(&domain.name)
        .bind(&domain.pool_id)
        .bind(&config)
        .bind(domain.created_at)
        .bind(domain.modified_at)
        .execute()
        .await;
    kept.on_unique(Error::domain_taken)
}

pub async fn find(tx: &mut Tx<'_>, name: &str) -> Result<Option<LoginDomain>> {
    tx.query("SELECT domain, pool_id, config, created_at, modified_at FROM login_domains WHERE domain = $1")
        .bind(name)
        .optional(read)
        .await
}

/// Inside a write that read it: replaces its configuration.
pub async fn update(tx: &mut WriteTx<'_>, domain: &LoginDomain) -> Result<()> {
    let config = serde_json::to_string(&domain.config).map_err(Error::internal)?;
    tx.query("UPDATE login_domains SET config = $1, modified_at = $2, version = version + 1 WHERE domain = $3")
        .bind(&config)
        .bind(domain.modified_at)
        .bind(&domain.name)
        .execute()
        .await
}

/// False if this pool has no such domain.
pub async fn delete(tx: &mut WriteTx<'_>, pool_id: &str, name: &str) -> Result<bool> {
    let deleted = tx
        .query("DELETE FROM login_domains WHERE domain = $1 AND pool_id = $2")
        .bind(name)
        .bind(pool_id)
        .affected()
        .await?;
    Ok(deleted == 1)
}

pub(crate) async fn delete_all(tx: &mut WriteTx<'_>, pool_id: &str) -> Result<()> {
    tx.query("DELETE FROM login_domains WHERE pool_id = $1").bind(pool_id).execute().await
}
