//! What only development may do to its own store: remember where the sample is, and empty everything.

use cognate_domain::{Error, Result};
use cognate_store::{Tx, clients, marks, pools};

use crate::App;
use crate::settings::Mode;

/// The pool and the public client that a development store begins with.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Sample {
    pub pool_id: String,
    pub client_id: String,
}

impl App {
    /// The sample of an earlier start, if nobody has deleted it since.
    pub async fn find_sample(&self) -> Result<Option<Sample>> {
        find(&mut self.db.read().await?).await
    }

    /// Remembers a sample unless another node was first; the one that stands.
    pub async fn remember_sample(&self, sample: &Sample) -> Result<Sample> {
        self.db
            .write(async |tx| {
                if let Some(first) = find(tx).await? {
                    return Ok(first);
                }
                marks::set(tx, marks::SAMPLE_POOL, &sample.pool_id).await?;
                marks::set(tx, marks::SAMPLE_CLIENT, &sample.client_id).await?;
                Ok(sample.clone())
            })
            .await
    }

    /// Empties a development store. Refused by the mode, and by the store's own mark in the same transaction.
    pub async fn empty_store(&self) -> Result<()> {
        if self.settings.mode != Mode::Dev {
            return Err(Error::corrupt("only `cognate dev` empties a store"));
        }
        self.db.write(async |tx| marks::empty_dev_store(tx).await).await?;
        self.caches.forget_all();
        Ok(())
    }
}

async fn find(tx: &mut Tx<'_>) -> Result<Option<Sample>> {
    let Some(pool_id) = marks::find(tx, marks::SAMPLE_POOL).await? else { return Ok(None) };
    let Some(client_id) = marks::find(tx, marks::SAMPLE_CLIENT).await? else { return Ok(None) };
    let pool = pools::find(tx, &pool_id).await?;
    let client = clients::find(tx, &client_id).await?.filter(|client| client.pool_id == pool_id);
    Ok((pool.is_some() && client.is_some()).then_some(Sample { pool_id, client_id }))
}
