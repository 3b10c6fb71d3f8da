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

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_moment_is_told_in_seconds() {
        for (millis, whole, json) in [(1_999, 1, 1.999), (0, 0, 0.0), (-1, -1, -0.001), (1_500, 1, 1.5)] {
            let moment = Timestamp(millis);
            assert_eq!((moment.seconds(), moment.as_json_seconds().to_string()), (whole, json.to_string()), "{millis}");
        }
    }

    #[test]
    fn moments_and_lengths_add_up_and_never_run_over() {
        let (moment, second) = (Timestamp(5_000), Duration::from_secs(1));
        assert_eq!((moment + second, moment - second), (Timestamp(6_000), Timestamp(4_000)));
        assert_eq!(Timestamp(i64::MAX) + second, Timestamp(i64::MAX));
        assert_eq!(Timestamp(i64::MIN) - second, Timestamp(i64::MIN));
        assert_eq!(moment + Duration::MAX, Timestamp(i64::MAX));
        assert_eq!(moment.since(Timestamp(3_500)), Duration::from_millis(1_500));
        assert_eq!(Timestamp(3_500).since(moment), Duration::ZERO);
    }
}
