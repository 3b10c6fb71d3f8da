//! Time that is set by the test, and chance that is the same each time.

use std::sync::atomic::{AtomicI64, AtomicU64, Ordering};
use std::time::Duration;

use aws_lc_rs::digest::{SHA256, digest};
use cognate_domain::{Clock, Entropy, Timestamp};
use time::OffsetDateTime;
use time::format_description::well_known::Rfc3339;

/// Stands still until it is moved.
pub struct TestClock(AtomicI64);

impl TestClock {
    pub(super) fn new() -> Self {
        let clock = Self(AtomicI64::new(0));
        clock.set("2026-01-02T03:04:05Z");
        clock
    }

    pub fn set(&self, moment: &str) {
        let moment = OffsetDateTime::parse(moment, &Rfc3339).expect("a moment such as 2026-01-02T03:04:05Z");
        let millis = i64::try_from(moment.unix_timestamp_nanos() / 1_000_000).expect("a moment of our time");
        self.0.store(millis, Ordering::SeqCst);
    }

    pub fn advance(&self, by: Duration) {
        self.0.fetch_add(i64::try_from(by.as_millis()).expect("a length of our time"), Ordering::SeqCst);
    }

    /// To the last moment before so much time has passed; `tick` does the rest.
    pub fn almost(&self, by: Duration) {
        self.advance(by);
        self.back(Duration::from_millis(1));
    }

    /// The smallest step: it puts an order into what happens on both sides of it.
    pub fn tick(&self) {
        self.advance(Duration::from_millis(1));
    }

    pub fn back(&self, by: Duration) {
        self.0.fetch_sub(i64::try_from(by.as_millis()).expect("a length of our time"), Ordering::SeqCst);
    }
}

impl Clock for TestClock {
    fn now(&self) -> Timestamp {
        Timestamp(self.0.load(Ordering::SeqCst))
    }
}

/// The digests of a seed and a counter: every call gets other bytes, every run the same.
pub struct SeededEntropy {
    seed: u64,
    drawn: AtomicU64,
}

impl SeededEntropy {
    pub(super) fn new(seed: u64) -> Self {
        Self { seed, drawn: AtomicU64::new(0) }
    }
}

impl Entropy for SeededEntropy {
    fn fill(&self, bytes: &mut [u8]) {
        for chunk in bytes.chunks_mut(32) {
            let drawn = self.drawn.fetch_add(1, Ordering::Relaxed);
            let block = digest(&SHA256, &[self.seed.to_be_bytes(), drawn.to_be_bytes()].concat());
            for (to, from) in chunk.iter_mut().zip(block.as_ref()) {
                *to = *from;
            }
        }
    }
}
