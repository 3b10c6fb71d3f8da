//! Time and chance come from outside. Tests put a fixed clock and a seeded generator in their place.

use std::ops::{Add, Sub};
use std::time::Duration;

/// A moment: milliseconds since 1970 UTC.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Timestamp(pub i64);

impl Timestamp {
    /// Whole seconds, as JWT claims count.
    pub const fn seconds(self) -> i64 {
        self.0.div_euclid(1000)
    }

    /// AWS JSON's form: seconds with a fraction of milliseconds.
    #[expect(clippy::cast_precision_loss, reason = "milliseconds fit 53 bits until the year 287396")]
    pub fn as_json_seconds(self) -> f64 {
        self.0 as f64 / 1000.0
    }

    /// How long after `earlier` this is; zero if it is before.
    pub fn since(self, earlier: Timestamp) -> Duration {
        Duration::from_millis(u64::try_from(self.0.saturating_sub(earlier.0)).unwrap_or(0))
    }
}

impl Add<Duration> for Timestamp {
    type Output = Timestamp;
    fn add(self, length: Duration) -> Timestamp {
        Timestamp(self.0.saturating_add(i64::try_from(length.as_millis()).unwrap_or(i64::MAX)))
    }
}

impl Sub<Duration> for Timestamp {
    type Output = Timestamp;
    fn sub(self, length: Duration) -> Timestamp {
        Timestamp(self.0.saturating_sub(i64::try_from(length.as_millis()).unwrap_or(i64::MAX)))
    }
}

/// The one source of the present moment.
pub trait Clock: Send + Sync {
    fn now(&self) -> Timestamp;
}

/// The one source of chance. Cryptographically strong outside tests.
pub trait Entropy: Send + Sync {
    fn fill(&self, bytes: &mut [u8]);
}
