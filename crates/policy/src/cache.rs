//! The compiled catalogue of one version. A node compares versions before each decision; whoever meets a new one
//! compiles it, others wait.

use std::sync::{Arc, PoisonError, RwLock};

use cognate_domain::directory::Catalogue;
use cognate_domain::{Error, Result};
use tokio::sync::Mutex;
use tokio::task::spawn_blocking;

use crate::compiled::Compiled;
use crate::refused::Refused;

/// One version of the catalogue, as it reads and as it decides.
#[derive(Debug)]
pub struct Current {
    pub catalogue: Catalogue,
    pub compiled: Compiled,
}

#[derive(Default)]
pub struct Cache {
    kept: RwLock<Option<Kept>>,
    compiling: Mutex<()>,
}

/// A failure too: it will not compile the next time either.
#[derive(Clone)]
struct Kept {
    version: i64,
    current: Result<Arc<Current>, Refused>,
}

impl Cache {
    pub fn new() -> Self {
        Self::default()
    }

    /// The catalogue of this version. What `load` brings may be newer already. A catalogue that does not compile is an
    /// error: an old one is not asked in its place, because what is new may be a forbid.
    pub async fn get(&self, version: i64, load: impl AsyncFnOnce() -> Result<Catalogue>) -> Result<Arc<Current>> {
        if let Some(kept) = self.of(version) {
            return kept.answer();
        }
        let _one_at_a_time = self.compiling.lock().await;
        if let Some(kept) = self.of(version) {
            return kept.answer();
        }
        let catalogue = load().await?;
        // Who asks may have read the version before the last change.
        if let Some(kept) = self.of(catalogue.version) {
            return kept.answer();
        }
        let version = catalogue.version;
        let compile = move || Compiled::new(&catalogue).map(|compiled| Arc::new(Current { catalogue, compiled }));
        let current = spawn_blocking(compile).await.map_err(Error::internal)?;
        if let Err(refused) = &current {
            tracing::error!(version, %refused, "the catalogue does not compile, and every question is denied");
        }
        let kept = Kept { version, current };
        *self.kept.write().unwrap_or_else(PoisonError::into_inner) = Some(kept.clone());
        kept.answer()
    }

    fn of(&self, version: i64) -> Option<Kept> {
        let kept = self.kept.read().unwrap_or_else(PoisonError::into_inner);
        kept.as_ref().filter(|kept| kept.version == version).cloned()
    }
}

impl Kept {
    fn answer(self) -> Result<Arc<Current>> {
        self.current.map_err(Error::internal)
    }
}

#[cfg(test)]
mod tests;
