//! Where the time comes from that tokens are held against. (How long keys are kept is counted on the runtime's own
//! clock.)

use std::time::{SystemTime, UNIX_EPOCH};

/// A closure is a clock, too: `|| 1_700_000_000`.
pub trait Clock: Send + Sync {
    /// Seconds since 1970, rounded down.
    fn now(&self) -> i64;
}

impl<F: Fn() -> i64 + Send + Sync> Clock for F {
    fn now(&self) -> i64 {
        self()
    }
}

/// The system's clock; the one that is used where none is given.
#[derive(Clone, Copy, Debug, Default)]
pub struct SystemClock;

impl Clock for SystemClock {
    /// Of a clock that stands before 1970 nothing is known, and then everything has expired.
    #[expect(
        clippy::disallowed_methods,
        reason = "this crate is used without the server, too; the clock is a parameter"
    )]
    fn now(&self) -> i64 {
        let since = SystemTime::now().duration_since(UNIX_EPOCH);
        since.ok().and_then(|since| i64::try_from(since.as_secs()).ok()).unwrap_or(i64::MAX)
    }
}
