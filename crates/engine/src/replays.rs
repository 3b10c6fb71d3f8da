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

/// What a node saw of read-only calls.
///
/// Only calls whose signature was proved come here, two entries each, for the five minutes that a signature is good:
/// at `MOST` (some 100 MB) that is 1,600 reads a second, sustained. Beyond it reads are refused as too many rather than
/// let through unremembered; those that are remembered stay so, and each sweep makes room.
#[derive(Default)]
pub(crate) struct Sightings(Mutex<Seen>);

#[derive(Default)]
struct Seen {
    /// When first, and until when it matters.
    calls: HashMap<[u8; 32], (Timestamp, Timestamp)>,
    swept_at: Timestamp,
}

const MOST: usize = 1_000_000;
/// Between two sweeps, in milliseconds. A sweep looks at everything, so it must not happen as often as calls do.
const REST: u64 = 1000;

impl Sightings {
    fn first_seen(&self, digest: [u8; 32], now: Timestamp, until: Timestamp) -> Result<Option<Timestamp>> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner).first_seen(digest, (now, until), MOST)
    }
}

impl Seen {
    fn first_seen(
        &mut self,
        digest: [u8; 32],
        (now, until): (Timestamp, Timestamp),
        most: usize,
    ) -> Result<Option<Timestamp>> {
        if now.0.abs_diff(self.swept_at.0) >= REST {
            self.calls.retain(|_, (_, until)| *until > now);
            self.swept_at = now;
        }
        if let Some((first, _)) = self.calls.get(&digest) {
            return Ok(Some(*first));
        }
        if self.calls.len() >= most {
            return Err(Error::too_many_requests());
        }
        self.calls.insert(digest, (now, until));
        Ok(None)
    }
}

impl Cx {
    pub async fn refuse_replay(&mut self, call: SignedCall, read_only: bool) -> Result<()> {
        let now = self.now;
        let is_stale = |first: Timestamp| now.0 - first.0 > call.twins_within_ms;
        if read_only {
            let seen = &self.app.sightings;
            let again = seen.first_seen(call.call, now, call.until)?.is_some();
            let shared = call.signature.map(|shared| seen.first_seen(shared, now, call.until)).transpose()?.flatten();
            return if again || shared.is_some_and(is_stale) { Err(Error::replayed_signature()) } else { Ok(()) };
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

#[cfg(test)]
mod tests {
    use std::time::{Duration, Instant};

    use cognate_domain::error::ErrorKind;

    use super::*;

    const LIFE: i64 = 300_000;

    fn digest(number: u64) -> [u8; 32] {
        let mut digest = [0; 32];
        digest[..8].copy_from_slice(&number.to_le_bytes());
        digest
    }

    fn see(seen: &mut Seen, number: u64, now: i64, most: usize) -> Result<Option<Timestamp>> {
        seen.first_seen(digest(number), (Timestamp(now), Timestamp(now + LIFE)), most)
    }

    #[test]
    fn what_is_full_refuses_the_new_and_still_knows_the_old() {
        let mut seen = Seen::default();
        for number in 0..100 {
            assert_eq!(see(&mut seen, number, 5000, 100).unwrap(), None);
        }

        assert_eq!(see(&mut seen, 100, 5001, 100).unwrap_err().kind, ErrorKind::TooManyRequests);
        assert_eq!(see(&mut seen, 7, 5001, 100).unwrap(), Some(Timestamp(5000)), "a replay is still one");
        assert_eq!(see(&mut seen, 100, 4000 + LIFE, 100).unwrap_err().kind, ErrorKind::TooManyRequests);
        assert_eq!(see(&mut seen, 100, 5000 + LIFE, 100).unwrap(), None, "what is over makes room");
        assert_eq!(seen.calls.len(), 1);
    }

    #[test]
    fn a_large_memory_is_not_swept_by_every_call() {
        let mut seen = Seen::default();
        for number in 0..60_000 {
            see(&mut seen, number, 5000, MOST).unwrap();
        }
        let begun = Instant::now();

        for _ in 0..20_000 {
            see(&mut seen, 1, 5000, MOST).unwrap().expect("seen before");
        }

        assert!(begun.elapsed() < Duration::from_secs(2), "{:?}", begun.elapsed());
    }

    #[test]
    fn nothing_is_forgotten_while_it_matters_even_if_the_clock_is_set_back() {
        let mut seen = Seen::default();
        see(&mut seen, 1, 1_000_000, MOST).unwrap();
        for now in [999_000, 0, 1_000_000 + LIFE - 1, 5000] {
            assert_eq!(see(&mut seen, 1, now, MOST).unwrap(), Some(Timestamp(1_000_000)), "at {now}");
        }
    }
}
