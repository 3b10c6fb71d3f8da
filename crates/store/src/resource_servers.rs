//! Resource servers of pools, and their scopes.

use cognate_domain::resource_server::ResourceServer;
use cognate_domain::{Error, Result};

use crate::{OnUnique as _, Row, Tx, WriteTx, pools};

fn read(row: &Row<'_>) -> Result<ResourceServer> {
    let scopes = row.text(3)?;
    Ok(ResourceServer {
        pool_id: row.text(0)?,
        identifier: row.text(1)?,
        name: row.text(2)?,
        scopes: serde_json::from_str(&scopes).map_err(Error::internal)?,
    })
}

/// Keeps a new server of a pool that is still there, if its identifier is free.
pub async fn insert(tx: &mut WriteTx<'_>, server: &ResourceServer) -> Result<()> {
    let scopes = serde_json::to_string(&server.scopes).map_err(Error::internal)?;
    pools::assert_there(tx, &server.pool_id).await?;
    let kept = tx
        .query("INSERT INTO resource_servers (pool_id, identifier, name, scopes) VALUES ($1, $2, $3, $4)")
        .bind(&server.pool_id)
        .bind(&server.identifier)
        .bind(&server.name)
        .bind(&scopes)
        .execute()
        .await;
    kept.on_unique(|| Error::resource_server_exists(&server.identifier, &server.pool_id))
}

pub async fn find(tx: &mut Tx<'_>, pool_id: &str, identifier: &str) -> Result<Option<ResourceServer>> {
    tx.query("SELECT pool_id, identifier, name, scopes FROM resource_servers WHERE pool_id = $1 AND identifier = $2")
        .bind(pool_id)
        .bind(identifier)
        .optional(read)
        .await
}

/// A page of a pool's servers, by identifier, behind `after`.
pub async fn list(tx: &mut Tx<'_>, pool_id: &str, after: &str, limit: i64) -> Result<Vec<ResourceServer>> {
    tx.query(
        "SELECT pool_id, identifier, name, scopes FROM resource_servers
          WHERE pool_id = $1 AND identifier > $2 ORDER BY identifier LIMIT $3",
    )
    .bind(pool_id)
    .bind(after)
    .bind(limit)
    .all(read)
    .await
}

/// How many a pool has. Inside a write every creation of the pool's servers meets in it.
pub async fn count(tx: &mut Tx<'_>, pool_id: &str) -> Result<i64> {
    tx.query("SELECT CAST(COUNT(*) AS BIGINT) FROM resource_servers WHERE pool_id = $1")
        .bind(pool_id)
        .one(|row| row.int(0))
        .await
}

/// Replaces name and scopes. False if it was not there.
pub async fn update(tx: &mut WriteTx<'_>, server: &ResourceServer) -> Result<bool> {
    let scopes = serde_json::to_string(&server.scopes).map_err(Error::internal)?;
    let changed = tx
        .query("UPDATE resource_servers SET name = $1, scopes = $2 WHERE pool_id = $3 AND identifier = $4")
        .bind(&server.name)
        .bind(&scopes)
        .bind(&server.pool_id)
        .bind(&server.identifier)
        .affected()
        .await?;
    Ok(changed == 1)
}

/// False if it was not there.
pub async fn delete(tx: &mut WriteTx<'_>, pool_id: &str, identifier: &str) -> Result<bool> {
    let deleted = tx
        .query("DELETE FROM resource_servers WHERE pool_id = $1 AND identifier = $2")
        .bind(pool_id)
        .bind(identifier)
        .affected()
        .await?;
    Ok(deleted == 1)
}

pub(crate) async fn delete_all(tx: &mut WriteTx<'_>, pool_id: &str) -> Result<()> {
    tx.query("DELETE FROM resource_servers WHERE pool_id = $1").bind(pool_id).execute().await
}
