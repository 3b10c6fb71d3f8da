//! Pools, clients, keys and login domains, read through a cache that is at most a second stale on other nodes and never on
//! the node that wrote: a write begins a new generation, and a value loaded under an old one is not seen again.

use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::Duration;

use cognate_domain::Result;
use cognate_domain::client::Client;
use cognate_domain::login_domain::LoginDomain;
use cognate_domain::pool::Pool;
use moka::future::Cache;

use crate::tokens::PoolKeys;

const STALE: Duration = Duration::from_secs(1);
const ENTRIES: u64 = 10_000;

pub struct Cached<T> {
    values: Cache<(String, u64), Arc<T>>,
    generation: AtomicU64,
}

impl<T: Send + Sync + 'static> Cached<T> {
    fn new() -> Self {
        let values = Cache::builder().max_capacity(ENTRIES).time_to_live(STALE).build();
        Self { values, generation: AtomicU64::new(0) }
    }

    /// The value, or what `load` finds. Absence is not kept.
    pub async fn get(&self, id: &str, load: impl AsyncFnOnce() -> Result<Option<T>>) -> Result<Option<Arc<T>>> {
        let key = (id.to_owned(), self.generation.load(Ordering::Acquire));
        if let Some(known) = self.values.get(&key).await {
            return Ok(Some(known));
        }
        // On the heap: loading is rare, and its ten kilobytes would be carried about in every request.
        Box::pin(async {
            let Some(loaded) = load().await?.map(Arc::new) else { return Ok(None) };
            self.values.insert(key, Arc::clone(&loaded)).await;
            Ok(Some(loaded))
        })
        .await
    }

    /// To be called after a write has become durable and before it is answered.
    pub fn forget(&self) {
        self.generation.fetch_add(1, Ordering::AcqRel);
    }
}

pub struct Caches {
    pub pools: Cached<Pool>,
    pub clients: Cached<Client>,
    pub keys: Cached<PoolKeys>,
    pub domains: Cached<LoginDomain>,
}

impl Caches {
    pub(crate) fn new() -> Self {
        Self { pools: Cached::new(), clients: Cached::new(), keys: Cached::new(), domains: Cached::new() }
    }

    /// After everything changed at once (a reset).
    pub fn forget_all(&self) {
        self.pools.forget();
        self.clients.forget();
        self.keys.forget();
        self.domains.forget();
    }
}
