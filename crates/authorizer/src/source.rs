//! The keys of one issuer as they are held here: given once, or fetched and kept. Whoever brings a token of a known key
//! never waits; those with an unknown one wait for the one fetch in flight, which goes on even if they leave.

use std::sync::{Arc, Mutex, MutexGuard, PoisonError, RwLock};

use serde::Deserialize;
use tokio::runtime::Handle;
use tokio::sync::watch;
use tokio::time::{Instant, timeout};

use crate::fetch::{Fetch, FetchError, MAX_ANSWER, Pace};
use crate::keys::KeySet;
use crate::refusal::shown;
use crate::{Issuer, Refusal, address};

pub(crate) enum Source {
    Given { issuer: String, keys: KeySet },
    Fetched(Arc<Fetched>),
}

/// Where an issuer's keys are.
#[derive(Clone, Debug)]
pub(crate) enum Place {
    Jwks(String),
    /// Named by the issuer's metadata (OpenID Connect Discovery, section 4), which are at this URL.
    Metadata(String),
}

pub(crate) struct Fetched {
    issuer: String,
    place: Place,
    plain_http: bool,
    fetcher: Arc<dyn Fetch>,
    pace: Pace,
    held: RwLock<Option<Held>>,
    desk: Mutex<Desk>,
}

/// Keys, and when they came.
#[derive(Clone)]
struct Held {
    keys: KeySet,
    at: Instant,
}

/// Who may fetch, and what became of the last fetch.
#[derive(Default)]
struct Desk {
    /// Ends when the fetch has ended, in whatever way.
    flight: Option<watch::Receiver<()>>,
    rest_until: Option<Instant>,
    failure: Option<FetchError>,
}

impl Source {
    /// The keys among which is the one that is named, fetched if need be.
    pub(crate) async fn find(&self, kid: &str) -> Result<KeySet, Refusal> {
        let Self::Fetched(fetched) = self else { return self.find_here(kid) };
        if let Ok(keys) = self.find_here(kid) {
            return Ok(keys);
        }
        fetched.refetch().await;
        self.find_here(kid)
    }

    /// The same of what is here. Old keys are fetched again behind the caller's back, where there is a runtime.
    pub(crate) fn find_here(&self, kid: &str) -> Result<KeySet, Refusal> {
        let (issuer, keys) = match self {
            Self::Given { issuer, keys } => (issuer, keys.clone()),
            Self::Fetched(fetched) => (&fetched.issuer, fetched.current()?),
        };
        if keys.has(kid) { Ok(keys) } else { Err(Refusal::UnknownKey { issuer: issuer.clone(), actual: shown(kid) }) }
    }

    /// Sets a fetch off, if nothing is here.
    pub(crate) fn begin(&self) {
        if let Self::Fetched(fetched) = self
            && fetched.current().is_err()
        {
            drop(fetched.flight());
        }
    }

    /// Fetches what is not here yet.
    pub(crate) async fn preload(&self) -> Result<(), Refusal> {
        let Self::Fetched(fetched) = self else { return Ok(()) };
        if fetched.current().is_err() {
            fetched.refetch().await;
        }
        fetched.current().map(drop)
    }
}

impl Fetched {
    pub(crate) fn new(issuer: &Issuer, fetcher: Arc<dyn Fetch>, pace: Pace) -> Self {
        Self {
            issuer: issuer.url.clone(),
            place: issuer.place.clone(),
            plain_http: issuer.plain_http,
            fetcher,
            pace,
            held: RwLock::new(None),
            desk: Mutex::default(),
        }
    }

    /// The keys that are trusted now.
    fn current(self: &Arc<Self>) -> Result<KeySet, Refusal> {
        let held = self.held.read().unwrap_or_else(PoisonError::into_inner).clone();
        let age = held.as_ref().map(|held| held.at.elapsed());
        match (held, age) {
            (Some(held), Some(age)) if age < self.pace.trusted_for => {
                if age >= self.pace.refresh_after {
                    drop(self.flight());
                }
                Ok(held.keys)
            }
            _ => {
                let reason = self.desk().failure.clone().unwrap_or(FetchError::NotYet);
                Err(Refusal::NoKeys { issuer: self.issuer.clone(), reason })
            }
        }
    }

    /// Returns when the fetch in flight has ended, or at once if it is too early for another one.
    async fn refetch(self: &Arc<Self>) {
        let Some(mut flight) = self.flight() else { return };
        while flight.changed().await.is_ok() {}
    }

    /// The fetch in flight, or a new one if its time has come. It is a task of its own: clients that ask and leave
    /// neither break it off nor begin another.
    fn flight(self: &Arc<Self>) -> Option<watch::Receiver<()>> {
        let mut desk = self.desk();
        if let Some(flight) = desk.flight.as_ref().filter(|flight| flight.has_changed().is_ok()) {
            return Some(flight.clone());
        }
        let now = Instant::now();
        if desk.rest_until.is_some_and(|until| now < until) {
            return None;
        }
        let Ok(runtime) = Handle::try_current() else {
            desk.failure = Some(FetchError::NoRuntime);
            return None;
        };

        let (landing, flight) = watch::channel(());
        desk.flight = Some(flight.clone());
        desk.rest_until = Some(now + self.pace.cool_down);
        let fetched = Arc::clone(self);
        runtime.spawn(async move {
            fetched.fetch_and_keep().await;
            drop(landing);
        });
        Some(flight)
    }

    async fn fetch_and_keep(&self) {
        let outcome = timeout(self.pace.patience, self.fetch_keys()).await.unwrap_or(Err(FetchError::Timeout));
        let now = Instant::now();
        let (rest, failure) = match outcome {
            Ok(keys) => {
                *self.held.write().unwrap_or_else(PoisonError::into_inner) = Some(Held { keys, at: now });
                (self.pace.interval, None)
            }
            Err(error) => (self.pace.cool_down, Some(error)),
        };
        let mut desk = self.desk();
        desk.rest_until = Some(now + rest);
        desk.failure = failure;
    }

    async fn fetch_keys(&self) -> Result<KeySet, FetchError> {
        let named;
        let url = match &self.place {
            Place::Jwks(url) => url,
            Place::Metadata(url) => {
                named = self.jwks_uri(&self.get(url).await?)?;
                &named
            }
        };
        Ok(KeySet::from_json(&self.get(url).await?)?)
    }

    async fn get(&self, url: &str) -> Result<Vec<u8>, FetchError> {
        let body = self.fetcher.fetch(url).await?;
        if body.len() > MAX_ANSWER { Err(FetchError::TooLong) } else { Ok(body) }
    }

    /// Metadata count only if they say that they are this issuer's (OpenID Connect Discovery, section 4.3).
    fn jwks_uri(&self, metadata: &[u8]) -> Result<String, FetchError> {
        #[derive(Deserialize)]
        struct Metadata {
            issuer: String,
            jwks_uri: String,
        }

        let Metadata { issuer, jwks_uri } = serde_json::from_slice(metadata).map_err(|_| FetchError::NotMetadata)?;
        if issuer != self.issuer {
            return Err(FetchError::OfAnotherIssuer { expected: self.issuer.clone(), actual: shown(&issuer) });
        }
        address::check(&jwks_uri, self.plain_http).map_err(FetchError::BadJwksUri)?;
        Ok(jwks_uri)
    }

    fn desk(&self) -> MutexGuard<'_, Desk> {
        self.desk.lock().unwrap_or_else(PoisonError::into_inner)
    }
}
