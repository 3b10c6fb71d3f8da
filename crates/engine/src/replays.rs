//! Signed calls are good once. Those that change something are remembered in the store, so that no node and no restart
//! lets one pass again; those that only read are remembered by the node, which spares them a write.
//!
//! docs/decisions/0006-replays.md says how honest twins (two equal calls signed in one second) are told from replays.

use std::collections::HashMap;
use std::sync::{Mutex, PoisonError};

use cognate_domain::{Error, Result, Timestamp};
use cognate_store::{OnUnique, spent};

use crate::Cx;

/// A signed call as the signature's verifier describes it.
pub struct SignedCall {
    /// Of this very request.
    pub call: [u8; 32],
    /// Of its signature, where honest calls may share one.
    pub signature: Option<[u8; 32]>,
    /// How long after its first sighting a shared signature may be used, in milliseconds.
    pub twins_within_ms: i64,
    pub until: Timestamp,
}

/// What a node saw of read-only calls: when first, and until when it matters.
#[derive(Default)]
pub(crate) struct Sightings(Mutex<HashMap<[u8; 32], (Timestamp, Timestamp)>>);

/// At this size what no longer matters is thrown out.
const SWEEP_AT: usize = 50_000;

impl Sightings {
    fn first_seen(&self, digest: [u8; 32], now: Timestamp, until: Timestamp) -> Option<Timestamp> {
        let mut seen = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        if seen.len() >= SWEEP_AT && seen.len().is_multiple_of(1000) {
            seen.retain(|_, (_, until)| *until > now);
        }
        if let Some((first, _)) = seen.get(&digest) {
            return Some(*first);
        }
        seen.insert(digest, (now, until));
        None
    }
}

impl Cx {
    pub async fn refuse_replay(&mut self, call: SignedCall, read_only: bool) -> Result<()> {
        let now = self.now;
        let is_stale = |first: Timestamp| now.0 - first.0 > call.twins_within_ms;
        if read_only {
            let seen = &self.app.sightings;
            let again = seen.first_seen(call.call, now, call.until).is_some();
            let stale =
                call.signature.and_then(|shared| seen.first_seen(shared, now, call.until)).is_some_and(is_stale);
            return if again || stale { Err(Error::replayed_signature()) } else { Ok(()) };
        }
        self.write(async |tx| {
            spent::insert_call(tx, &call.call, now, call.until).await.on_unique(Error::replayed_signature)?;
            if let Some(shared) = call.signature
                && is_stale(spent::first_seen(tx, &shared, now, call.until).await?)
            {
                return Err(Error::replayed_signature());
            }
            Ok(())
        })
        .await
    }
}
