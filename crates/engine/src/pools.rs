//! Pools and clients with what is sealed in them opened, from the cache or the store.

use std::sync::Arc;

use cognate_domain::client::Client;
use cognate_domain::pool::Pool;
use cognate_domain::{Error, Result};
use cognate_store::clients::ClientRow;
use cognate_store::pools::PoolRow;
use cognate_wire::Secret;
use zeroize::Zeroizing;

use crate::sealing::Sealed;
use crate::{App, Cx};

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

    /// The client that an unsigned call names, and its pool.
    pub async fn client(&self, client_id: &str) -> Result<(Arc<Pool>, Arc<Client>)> {
        let client = self.app.client(client_id).await?.ok_or_else(|| Error::client_not_found(client_id))?;
        let pool = self.app.pool(&client.pool_id).await?.ok_or_else(|| Error::client_not_found(client_id))?;
        Ok((pool, client))
    }
}

impl App {
    pub async fn pool(&self, pool_id: &str) -> Result<Option<Arc<Pool>>> {
        let load = async {
            let row = cognate_store::pools::find(&mut self.db.read().await?, pool_id).await?;
            row.map(|row| self.open_pool(row)).transpose()
        };
        self.caches.pools.get(pool_id, load).await
    }

    pub async fn client(&self, client_id: &str) -> Result<Option<Arc<Client>>> {
        let load = async {
            let row = cognate_store::clients::find(&mut self.db.read().await?, client_id).await?;
            row.map(|row| self.open_client(row)).transpose()
        };
        self.caches.clients.get(client_id, load).await
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

    pub fn open_client(&self, row: ClientRow) -> Result<Client> {
        let secret = row.secret_sealed.as_deref().map(|sealed| self.open(Sealed::ClientSecret, &row.client_id, sealed));
        let readable = |plain: Zeroizing<Vec<u8>>| match std::str::from_utf8(&plain) {
            Ok(secret) => Ok(Secret::from(secret)),
            Err(_) => Err(Error::corrupt("a client secret that is not text")),
        };
        let secret = secret.transpose()?.map(readable).transpose()?;
        Ok(Client {
            permissions: row.config.permissions(),
            validity: row.config.validity()?,
            revocation: row.config.revocation(),
            id: row.client_id,
            pool_id: row.pool_id,
            version: row.version,
            created_at: row.created_at,
            modified_at: row.modified_at,
            secret,
            config: row.config,
        })
    }
}
