//! The real clock and the real source of chance: the two seams as the binary fills them.

use std::time::{SystemTime, UNIX_EPOCH};

use cognate_domain::{Clock, Entropy, Timestamp};

pub(crate) struct SystemClock;

impl Clock for SystemClock {
    #[expect(clippy::disallowed_methods, reason = "this is the one place that reads the system's clock")]
    fn now(&self) -> Timestamp {
        let since = SystemTime::now().duration_since(UNIX_EPOCH).unwrap_or_default();
        Timestamp(i64::try_from(since.as_millis()).unwrap_or(i64::MAX))
    }
}

pub(crate) struct SystemEntropy;

impl Entropy for SystemEntropy {
    /// Without chance no secret may be made: going on would be worse than ending.
    fn fill(&self, bytes: &mut [u8]) {
        let filled = aws_lc_rs::rand::fill(bytes);
        assert!(filled.is_ok(), "the system's source of randomness failed");
    }
}
