//! Signed calls are good once. Those that change something are remembered in the store, in the write that changes it, so
//! that no node and no restart lets one pass again; those that only read are remembered by the node alone.
//!
//! docs/decisions/0006-replays.md says how honest twins (two equal calls signed in one second) are told from replays.

use std::collections::{BTreeMap, HashMap};
use std::hash::{BuildHasher, RandomState};
use std::sync::{Mutex, PoisonError};

use cognate_domain::{Error, Result, Timestamp};
use cognate_store::{OnUnique, WriteTx, spent};

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
/// Only calls whose signature was proved come here, two entries each, for as long as a signature is good (five minutes
/// and the clocks' difference): at `MOST` (some 150 MB) that is 10,000 reads a second, sustained. Beyond it reads are
/// refused as too many rather than let through unremembered.
#[derive(Default)]
pub(crate) struct Sightings(Mutex<Seen>);

/// By the moment at which a call stops to matter, which is in its signature: the same call always comes to the same
/// slice, and a slice that is over is dropped as one.
#[derive(Default)]
struct Seen {
    slices: BTreeMap<i64, HashMap<u64, u32>>,
    calls: usize,
    /// Makes short digests that nobody can aim at.
    key: RandomState,
}

const MOST: usize = 7_000_000;
/// Of a slice, in milliseconds.
const WIDTH: i64 = 10_000;

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
        self.forget(now);
        let call = self.key.hash_one(digest);
        let slice = self.slices.entry(until.0.div_euclid(WIDTH)).or_default();
        // What is kept is how long before `until` it was seen: that is in the signature, and fits.
        if let Some(before) = slice.get(&call) {
            return Ok(Some(Timestamp(until.0 - i64::from(*before))));
        }
        if self.calls >= most {
            return Err(Error::too_many_requests());
        }
        slice.insert(call, u32::try_from(until.0 - now.0).unwrap_or(0));
        self.calls += 1;
        Ok(None)
    }

    fn forget(&mut self, now: Timestamp) {
        while let Some(oldest) = self.slices.first_entry().filter(|oldest| (oldest.key() + 1) * WIDTH <= now.0) {
            self.calls -= oldest.remove().len();
        }
    }
}

impl SignedCall {
    fn is_stale(&self, first: Timestamp, now: Timestamp) -> bool {
        now.0 - first.0 > self.twins_within_ms
    }

    /// Remembers this call, inside the write that it asks for.
    pub(crate) async fn note(&self, tx: &mut WriteTx<'_>, now: Timestamp) -> Result<()> {
        spent::insert_call(tx, &self.call, now, self.until).await.on_unique(Error::replayed_signature)?;
        if let Some(shared) = self.signature
            && self.is_stale(spent::first_seen(tx, &shared, now, self.until).await?, now)
        {
            return Err(Error::replayed_signature());
        }
        Ok(())
    }
}

impl Cx {
    /// Refuses a call that came before. One that only reads is remembered at once, by this node; one that changes
    /// something is remembered in the store, by the write in which it does so (or by `note_call`).
    pub async fn refuse_replay(&mut self, call: SignedCall, read_only: bool) -> Result<()> {
        let now = self.now;
        if read_only {
            let seen = &self.app.sightings;
            let again = seen.first_seen(call.call, now, call.until)?.is_some();
            let shared = call.signature.map(|shared| seen.first_seen(shared, now, call.until)).transpose()?.flatten();
            let replayed = again || shared.is_some_and(|first| call.is_stale(first, now));
            return if replayed { Err(Error::replayed_signature()) } else { Ok(()) };
        }
        if self.was_seen(&call).await? {
            return Err(Error::replayed_signature());
        }
        self.unnoted = Some(call);
        Ok(())
    }

    /// Two that come at the same moment both pass here, and meet in `SignedCall::note`.
    async fn was_seen(&self, call: &SignedCall) -> Result<bool> {
        let tx = &mut self.read().await?;
        if spent::find_seen(tx, &call.call).await?.is_some() {
            return Ok(true);
        }
        let Some(shared) = &call.signature else { return Ok(false) };
        Ok(spent::find_seen(tx, shared).await?.is_some_and(|first| call.is_stale(first, self.now)))
    }

    /// Remembers a call that asked for a change and has come to its end without a write.
    pub async fn note_call(&mut self) -> Result<()> {
        if self.unnoted.is_none() {
            return Ok(());
        }
        self.write(async |_| Ok(())).await
    }
}

#[cfg(test)]
mod tests {
    use cognate_domain::error::ErrorKind;

    use super::*;

    const LIFE: i64 = 300_000;

    fn digest(number: u64) -> [u8; 32] {
        let mut digest = [0; 32];
        digest[..8].copy_from_slice(&number.to_le_bytes());
        digest
    }

    /// A call that was signed at 5000.
    fn see(seen: &mut Seen, number: u64, now: i64, most: usize) -> Result<Option<Timestamp>> {
        seen.first_seen(digest(number), (Timestamp(now), Timestamp(5000 + LIFE)), most)
    }

    #[test]
    fn what_is_full_refuses_the_new_and_still_knows_the_old() {
        let mut seen = Seen::default();
        for number in 0..100 {
            assert_eq!(see(&mut seen, number, 5000, 100).unwrap(), None);
        }

        assert_eq!(see(&mut seen, 100, 5001, 100).unwrap_err().kind, ErrorKind::TooManyRequests);
        assert_eq!(see(&mut seen, 7, 5001, 100).unwrap(), Some(Timestamp(5000)), "a replay is still one");
        assert_eq!(see(&mut seen, 7, 4999 + LIFE, 100).unwrap(), Some(Timestamp(5000)), "to its end");
        assert_eq!(see(&mut seen, 100, 4999 + LIFE, 100).unwrap_err().kind, ErrorKind::TooManyRequests);
    }

    #[test]
    fn what_is_over_makes_room() {
        let mut seen = Seen::default();
        for number in 0..100 {
            see(&mut seen, number, 5000, 100).unwrap();
        }
        let later = 5000 + LIFE + WIDTH;

        let new = seen.first_seen(digest(100), (Timestamp(later), Timestamp(later + LIFE)), 100);

        assert_eq!(new.unwrap(), None);
        assert_eq!((seen.calls, seen.slices.len()), (1, 1));
    }

    #[test]
    fn nothing_is_forgotten_while_it_matters_even_if_the_clock_is_set_back() {
        let mut seen = Seen::default();
        see(&mut seen, 1, 5000, MOST).unwrap();
        for now in [4000, 0, 4999 + LIFE, 5000] {
            assert_eq!(see(&mut seen, 1, now, MOST).unwrap(), Some(Timestamp(5000)), "at {now}");
        }
    }
}
