//! What lives as long as the server does. Made once by the binary (or a test), shared by every request.

use std::sync::Arc;

use cognate_domain::{Clock, Entropy, Result};
use cognate_jose::Keyring;
use cognate_store::Db;

use crate::access_keys::{DerivedKeys, GoodKeys};
use crate::cache::Caches;
use crate::messages::Post;
use crate::replays::Sightings;
use crate::request_ids::RequestIds;
use crate::settings::Settings;
use crate::tokens::ParsedKeys;
use crate::work::Work;

pub struct App {
    pub db: Db,
    pub clock: Arc<dyn Clock>,
    pub entropy: Arc<dyn Entropy>,
    pub keyring: Keyring,
    pub settings: Settings,
    pub post: Post,
    pub work: Work,
    pub caches: Caches,
    pub(crate) request_ids: RequestIds,
    pub(crate) sightings: Sightings,
    pub(crate) good_keys: GoodKeys,
    pub(crate) derived_keys: DerivedKeys,
    pub(crate) parsed_keys: ParsedKeys,
}

/// The parts that differ between the binary and a test.
pub struct Parts {
    pub db: Db,
    pub clock: Arc<dyn Clock>,
    pub entropy: Arc<dyn Entropy>,
    pub keyring: Keyring,
    pub settings: Settings,
    pub post: Post,
}

impl App {
    /// Brings the store's schema up to date and starts the pool of threads for costly work.
    pub async fn start(parts: Parts) -> Result<Arc<Self>> {
        cognate_store::migrate_all(&parts.db).await?;
        cognate_srp::warm_up();
        Ok(Arc::new(Self {
            db: parts.db,
            clock: parts.clock,
            entropy: parts.entropy,
            keyring: parts.keyring,
            settings: parts.settings,
            post: parts.post,
            work: Work::start(),
            caches: Caches::new(),
            request_ids: RequestIds::default(),
            sightings: Sightings::default(),
            good_keys: GoodKeys::default(),
            derived_keys: DerivedKeys::default(),
            parsed_keys: ParsedKeys::default(),
        }))
    }
}
