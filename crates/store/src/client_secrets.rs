//! Secrets that were added to a client. Its first one lies in its own row; so the client's version guards them all.

use cognate_domain::{Result, Timestamp};

use crate::{Row, Tx, WriteTx};

/// A secret as it is kept. The engine opens it.
pub struct SecretRow {
    pub client_id: String,
    pub secret_id: String,
    pub secret_sealed: Vec<u8>,
    pub created_at: Timestamp,
}

impl SecretRow {
    fn read(row: &Row<'_>) -> Result<Self> {
        Ok(Self {
            client_id: row.text(0)?,
            secret_id: row.text(1)?,
            secret_sealed: row.bytes(2)?,
            created_at: Timestamp(row.int(3)?),
        })
    }
}

/// The oldest first.
pub async fn list(tx: &mut Tx<'_>, client_id: &str) -> Result<Vec<SecretRow>> {
    tx.query(
        "SELECT client_id, secret_id, secret_sealed, created_at
           FROM client_secrets WHERE client_id = $1 ORDER BY created_at, secret_id",
    )
    .bind(client_id)
    .all(SecretRow::read)
    .await
}

/// False if the client was changed since `version` was read: then nothing is kept.
pub async fn insert(tx: &mut WriteTx<'_>, secret: &SecretRow, version: i64) -> Result<bool> {
    if !still_at(tx, &secret.client_id, version).await? {
        return Ok(false);
    }
    tx.query("INSERT INTO client_secrets (client_id, secret_id, secret_sealed, created_at) VALUES ($1, $2, $3, $4)")
        .bind(&secret.client_id)
        .bind(&secret.secret_id)
        .bind(&secret.secret_sealed)
        .bind(secret.created_at)
        .execute()
        .await?;
    Ok(true)
}

/// False if the client was changed since `version` was read: then nothing is removed.
pub async fn delete(tx: &mut WriteTx<'_>, client_id: &str, secret_id: &str, version: i64) -> Result<bool> {
    if !still_at(tx, client_id, version).await? {
        return Ok(false);
    }
    tx.query("DELETE FROM client_secrets WHERE client_id = $1 AND secret_id = $2")
        .bind(client_id)
        .bind(secret_id)
        .execute()
        .await?;
    Ok(true)
}

/// The same for the secret in the client's own row.
pub async fn delete_first(tx: &mut WriteTx<'_>, client_id: &str, version: i64) -> Result<bool> {
    if !still_at(tx, client_id, version).await? {
        return Ok(false);
    }
    tx.query("UPDATE clients SET secret_sealed = NULL WHERE client_id = $1").bind(client_id).execute().await?;
    Ok(true)
}

/// Takes the next version, so that of two who change the same secrets one learns of the other.
async fn still_at(tx: &mut WriteTx<'_>, client_id: &str, version: i64) -> Result<bool> {
    let changed = tx
        .query("UPDATE clients SET version = version + 1 WHERE client_id = $1 AND version = $2")
        .bind(client_id)
        .bind(version)
        .affected()
        .await?;
    Ok(changed == 1)
}
