//! How often something may be tried. Attempts are rows that are only added, so parallel ones are counted exactly.
//!
//! Lock-out of passwords (user-pools.md, section 6): after 5 failures one second, doubling with each further one up
//! to 15 minutes; attempts during the lock fail and do not count; forgotten 15 minutes after a lock has ended.

use std::time::Duration;

use crate::Timestamp;

/// What is counted. Each kind has its own rows.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum AttemptKind {
    Password,
    ConfirmSignUp,
    ResendConfirmationCode,
    /// `ForgotPassword` and `ConfirmForgotPassword` together.
    Recovery,
    ChangePassword,
    GetUserAttributeVerificationCode,
    VerifyUserAttribute,
    /// Wrong codes of devices, of somebody who is signed in.
    DeviceCode,
    /// The same of everybody else together.
    StrangersDeviceCode,
}

impl AttemptKind {
    pub const fn name(self) -> &'static str {
        match self {
            Self::Password => "password",
            Self::ConfirmSignUp => "confirm_sign_up",
            Self::ResendConfirmationCode => "resend_confirmation_code",
            Self::Recovery => "recovery",
            Self::ChangePassword => "change_password",
            Self::GetUserAttributeVerificationCode => "get_user_attribute_verification_code",
            Self::VerifyUserAttribute => "verify_user_attribute",
            Self::DeviceCode => "device_code",
            Self::StrangersDeviceCode => "strangers_device_code",
        }
    }

    /// How many per user and hour, or pool and hour; `None` where another rule holds.
    pub const fn per_hour(self) -> Option<i64> {
        match self {
            Self::Password => None,
            Self::ConfirmSignUp | Self::VerifyUserAttribute | Self::DeviceCode => Some(15),
            Self::ResendConfirmationCode | Self::ChangePassword | Self::GetUserAttributeVerificationCode => Some(5),
            // Of 34 bits: where ten thousand devices wait, a guess is right in 2,500 hours.
            Self::StrangersDeviceCode => Some(1_000),
            Self::Recovery => Some(10), // AWS: 5 to 20, by the risk it sees
        }
    }
}

pub const HOUR: Duration = Duration::from_hours(1);

const FREE_FAILURES: i64 = 5;
const LONGEST_LOCK: Duration = Duration::from_mins(15);
const FORGOTTEN_AFTER: Duration = Duration::from_mins(15);

/// The failed passwords of one user since the last success.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Failures {
    pub count: i64,
    pub last: Timestamp,
}

impl Failures {
    /// How long the last failure locks.
    fn lock(self) -> Duration {
        let Ok(doublings) = u32::try_from(self.count - FREE_FAILURES) else { return Duration::ZERO };
        Duration::from_secs(1_u64.checked_shl(doublings).unwrap_or(u64::MAX)).min(LONGEST_LOCK)
    }

    pub fn locked_until(self) -> Timestamp {
        self.last + self.lock()
    }

    pub fn locks(self, now: Timestamp) -> bool {
        now < self.locked_until()
    }

    /// Nothing was tried for so long that the count begins anew.
    pub fn forgotten(self, now: Timestamp) -> bool {
        now >= self.locked_until() + FORGOTTEN_AFTER
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn after(count: i64) -> Failures {
        Failures { count, last: Timestamp(1_000_000) }
    }

    /// Rows are kept and counted by these names: an attempt of yesterday's program is one of today's.
    #[test]
    fn every_kind_has_a_name_that_stays_and_a_limit_of_its_own() {
        for (kind, name, per_hour) in [
            (AttemptKind::Password, "password", None),
            (AttemptKind::ConfirmSignUp, "confirm_sign_up", Some(15)),
            (AttemptKind::ResendConfirmationCode, "resend_confirmation_code", Some(5)),
            (AttemptKind::Recovery, "recovery", Some(10)),
            (AttemptKind::ChangePassword, "change_password", Some(5)),
            (AttemptKind::GetUserAttributeVerificationCode, "get_user_attribute_verification_code", Some(5)),
            (AttemptKind::VerifyUserAttribute, "verify_user_attribute", Some(15)),
            (AttemptKind::DeviceCode, "device_code", Some(15)),
            (AttemptKind::StrangersDeviceCode, "strangers_device_code", Some(1_000)),
        ] {
            assert_eq!((kind.name(), kind.per_hour()), (name, per_hour));
        }
    }

    #[test]
    fn the_lock_doubles_from_the_fifth_failure_to_fifteen_minutes() {
        let lengths = [(0, 0), (4, 0), (5, 1), (6, 2), (7, 4), (14, 512), (15, 900), (16, 900), (1_000, 900)];
        for (count, seconds) in lengths {
            assert_eq!(after(count).lock(), Duration::from_secs(seconds), "after {count} failures");
        }
    }

    #[test]
    fn a_lock_ends_on_its_second_and_is_forgotten_fifteen_minutes_later() {
        let five = after(5);
        assert!(five.locks(Timestamp(1_000_999)));
        assert!(!five.locks(Timestamp(1_001_000)));
        assert!(!five.forgotten(Timestamp(1_001_000)));
        assert!(five.forgotten(Timestamp(1_001_000 + 900_000)));
    }
}
