//! App clients. Ids are unique per server, so that unsigned operations find their pool.

use cognate_domain::client::ClientConfig;
use cognate_domain::{Error, Result, Timestamp};

use crate::{Row, Tx, WriteTx, pools};

/// A client as it is kept. The engine opens its secret.
pub struct ClientRow {
    pub client_id: String,
    pub pool_id: String,
    pub config: ClientConfig,
    pub secret_sealed: Option<Vec<u8>>,
    pub version: i64,
    pub created_at: Timestamp,
    pub modified_at: Timestamp,
}

impl ClientRow {
    fn read(row: &Row<'_>) -> Result<Self> {
        let config = row.text(2)?;
        Ok(Self {
            client_id: row.text(0)?,
            pool_id: row.text(1)?,
            config: serde_json::from_str(&config).map_err(Error::internal)?,
            secret_sealed: row.opt_bytes(3)?,
            version: row.int(4)?,
            created_at: Timestamp(row.int(5)?),
            modified_at: Timestamp(row.int(6)?),
        })
    }
}

/// Keeps a new client of a pool that is still there.
pub async fn insert(tx: &mut WriteTx<'_>, client: &ClientRow) -> Result<()> {
    let config = serde_json::to_string(&client.config).map_err(Error::internal)?;
    pools::assert_there(tx, &client.pool_id).await?;
    tx.query(
        "INSERT INTO clients (client_id, pool_id, config, secret_sealed, version, created_at, modified_at)
         VALUES ($1, $2, $3, $4, $5, $6, $7)",
    )
    .bind(&client.client_id)
    .bind(&client.pool_id)
    .bind(&config)
    .bind(&client.secret_sealed)
    .bind(client.version)
    .bind(client.created_at)
    .bind(client.modified_at)
    .execute()
    .await
}

pub async fn find(tx: &mut Tx<'_>, client_id: &str) -> Result<Option<ClientRow>> {
    tx.query(
        "SELECT client_id, pool_id, config, secret_sealed, version, created_at, modified_at
           FROM clients WHERE client_id = $1",
    )
    .bind(client_id)
    .optional(ClientRow::read)
    .await
}

/// A page of a pool's clients, by id, behind `after`.
pub async fn list(tx: &mut Tx<'_>, pool_id: &str, after: &str, limit: i64) -> Result<Vec<ClientRow>> {
    tx.query(
        "SELECT client_id, pool_id, config, secret_sealed, version, created_at, modified_at
           FROM clients WHERE pool_id = $1 AND client_id > $2 ORDER BY client_id LIMIT $3",
    )
    .bind(pool_id)
    .bind(after)
    .bind(limit)
    .all(ClientRow::read)
    .await
}

/// Replaces the configuration if nobody else has since `version` was read.
pub async fn update(tx: &mut WriteTx<'_>, client: &ClientRow) -> Result<()> {
    let config = serde_json::to_string(&client.config).map_err(Error::internal)?;
    let changed = tx
        .query(
            "UPDATE clients SET config = $1, modified_at = $2, version = version + 1
              WHERE client_id = $3 AND version = $4",
        )
        .bind(&config)
        .bind(client.modified_at)
        .bind(&client.client_id)
        .bind(client.version)
        .affected()
        .await?;
    if changed == 1 { Ok(()) } else { Err(Error::concurrent_modification()) }
}

/// With the secrets that were added to it. False if it was not there.
pub async fn delete(tx: &mut WriteTx<'_>, pool_id: &str, client_id: &str) -> Result<bool> {
    let deleted = tx
        .query("DELETE FROM clients WHERE client_id = $1 AND pool_id = $2")
        .bind(client_id)
        .bind(pool_id)
        .affected()
        .await?;
    if deleted == 1 {
        tx.query("DELETE FROM client_secrets WHERE client_id = $1").bind(client_id).execute().await?;
    }
    Ok(deleted == 1)
}
