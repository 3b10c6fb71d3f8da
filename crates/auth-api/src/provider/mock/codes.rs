//! Codes that are sent: made, kept as digests, good once.

use std::time::Duration;

use cognate_domain::{Entropy, Timestamp, ids};
use cognate_engine::Secret;
use cognate_jose::{constant_time_eq, sha256};

use super::state::State;

const DIGITS: usize = 6;

#[derive(Clone, Copy, PartialEq, Eq, Hash)]
pub(super) enum CodeKind {
    SignUp,
    Reset,
}

impl CodeKind {
    const fn life(self) -> Duration {
        match self {
            Self::SignUp => Duration::from_hours(24),
            Self::Reset => Duration::from_hours(1),
        }
    }
}

/// The script's, or a random one.
pub(super) fn new_code(fixed: Option<&Secret>, entropy: &dyn Entropy) -> Secret {
    fixed.cloned().unwrap_or_else(|| Secret::from(ids::code(entropy, DIGITS)))
}

pub(super) fn digest(code: &Secret) -> [u8; 32] {
    sha256(code.expose().as_bytes())
}

impl State {
    /// In place of the one before.
    pub(super) fn keep_code(&mut self, kind: CodeKind, at: usize, code: &Secret, now: Timestamp) {
        self.codes.put((kind, at), digest(code), now + kind.life(), now);
    }

    pub(super) fn is_code(&self, kind: CodeKind, at: usize, code: &Secret, now: Timestamp) -> bool {
        self.codes.get(&(kind, at), now).is_some_and(|kept| constant_time_eq(kept, &digest(code)))
    }

    pub(super) fn take_code(&mut self, kind: CodeKind, at: usize, now: Timestamp) {
        self.codes.take(&(kind, at), now);
    }
}
