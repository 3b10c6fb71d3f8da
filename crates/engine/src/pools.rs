//! Pools and clients with what is sealed in them opened, from the cache or the store.

use std::sync::Arc;

use cognate_domain::client::{Client, ClientSecret, secret_id};
use cognate_domain::pool::Pool;
use cognate_domain::{Error, Result};
use cognate_store::client_secrets::SecretRow;
use cognate_store::clients::ClientRow;
use cognate_store::pools::PoolRow;
use cognate_wire::Secret;

use crate::sealing::{Sealed, row_of};
use crate::{App, Cx};

/// How often a change of a client's secrets begins anew because somebody else changed the client meanwhile.
pub const SECRET_ATTEMPTS: usize = 5;

impl Cx {
    /// The pool, which must belong to the caller: another account's or region's does not exist for them.
    pub async fn own_pool(&self, pool_id: &str) -> Result<Arc<Pool>> {
        let pool = self.app.pool(pool_id).await?;
        let owned = |pool: &Arc<Pool>| pool.account == self.caller.account && pool.region == self.caller.region;
        pool.filter(owned).ok_or_else(|| Error::pool_not_found(pool_id))
    }

    /// A client of a pool of the caller's.
    pub async fn own_client(&self, pool_id: &str, client_id: &str) -> Result<(Arc<Pool>, Arc<Client>)> {
        let pool = self.own_pool(pool_id).await?;
        let client = self.app.client(client_id).await?.filter(|client| client.pool_id == pool.id);
        Ok((pool, client.ok_or_else(|| Error::client_not_found(client_id))?))
    }

    /// The same past the cache: for who changes it.
    pub async fn own_client_anew(&self, pool_id: &str, client_id: &str) -> Result<Client> {
        let pool = self.own_pool(pool_id).await?;
        let client = self.app.load_client(client_id).await?.filter(|client| client.pool_id == pool.id);
        client.ok_or_else(|| Error::client_not_found(client_id))
    }

    /// The client that an unsigned call names, and its pool.
    pub async fn client(&self, client_id: &str) -> Result<(Arc<Pool>, Arc<Client>)> {
        let client = self.app.client(client_id).await?.ok_or_else(|| Error::client_not_found(client_id))?;
        let pool = self.app.pool(&client.pool_id).await?.ok_or_else(|| Error::client_not_found(client_id))?;
        Ok((pool, client))
    }
}

impl App {
    pub async fn pool(&self, pool_id: &str) -> Result<Option<Arc<Pool>>> {
        let load = async || {
            let row = cognate_store::pools::find(&mut self.db.read().await?, pool_id).await?;
            row.map(|row| self.open_pool(row)).transpose()
        };
        self.caches.pools.get(pool_id, load).await
    }

    pub async fn client(&self, client_id: &str) -> Result<Option<Arc<Client>>> {
        self.caches.clients.get(client_id, async || self.load_client(client_id).await).await
    }

    /// The row before the secrets: if they change in between, the version is one that no write accepts any more.
    async fn load_client(&self, client_id: &str) -> Result<Option<Client>> {
        let mut tx = self.db.read().await?;
        let Some(row) = cognate_store::clients::find(&mut tx, client_id).await? else { return Ok(None) };
        let added = cognate_store::client_secrets::list(&mut tx, client_id).await?;
        self.open_client(row, added).map(Some)
    }

    pub fn open_pool(&self, row: PoolRow) -> Result<Pool> {
        let veil_key = self.open(Sealed::PoolVeilKey, &row.pool_id, &row.veil_key_sealed)?;
        let veil_key = veil_key.as_slice().try_into().map_err(|_| Error::corrupt("the length of a veil key"))?;
        Ok(Pool {
            id: row.pool_id,
            region: row.region,
            account: row.account_id,
            version: row.version,
            created_at: row.created_at,
            modified_at: row.modified_at,
            veil_key,
            config: row.config,
        })
    }

    /// `added`: the secrets beside the one in its row, the oldest first.
    pub fn open_client(&self, row: ClientRow, added: Vec<SecretRow>) -> Result<Client> {
        let mut secrets = Vec::with_capacity(added.len() + 1);
        if let Some(sealed) = &row.secret_sealed {
            let value = self.open_secret(Sealed::ClientSecret, &row.client_id, sealed)?;
            let id = secret_id(&row.client_id, row.created_at);
            secrets.push(ClientSecret { id, is_first: true, value, created_at: row.created_at });
        }
        for SecretRow { client_id, secret_id: id, secret_sealed, created_at } in added {
            let place = row_of(&client_id, &id);
            let value = self.open_secret(Sealed::AddedClientSecret, &place, &secret_sealed)?;
            secrets.push(ClientSecret { id, is_first: false, value, created_at });
        }
        Ok(Client {
            permissions: row.config.permissions(),
            validity: row.config.validity()?,
            revocation: row.config.revocation(),
            id: row.client_id,
            pool_id: row.pool_id,
            version: row.version,
            created_at: row.created_at,
            modified_at: row.modified_at,
            secrets,
            config: row.config,
        })
    }

    fn open_secret(&self, column: Sealed, row: &str, sealed: &[u8]) -> Result<Secret> {
        let plain = self.open(column, row, sealed)?;
        let text = std::str::from_utf8(&plain).map_err(|_| Error::corrupt("a client secret that is not text"))?;
        Ok(Secret::from(text))
    }
}
