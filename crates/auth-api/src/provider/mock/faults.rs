//! Failures and delays that are switched on: by the file, or while it runs.

use std::sync::{Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use serde::{Deserialize, Serialize};

use crate::problem::{Code, Problem};

/// Of all faults together.
pub(super) const MOST: usize = 100;
const LONGEST_DELAY: Duration = Duration::from_mins(1);
const MOST_TIMES: u32 = 1_000_000;
const RETRY: Duration = Duration::from_secs(30);

/// Every operation but `prove`: a token is read without asking a provider.
const EVERY: &str = "*";
pub(super) const PROVE: &str = "prove";
/// The provider's operations, and `token` of a machine.
const OPERATIONS: &[&str] = &[
    "sign_in",
    "answer",
    "refresh",
    "sign_out",
    "sign_up",
    "confirm_sign_up",
    "resend_confirmation",
    "begin_password_reset",
    "finish_password_reset",
    "verify_password",
    "change_password",
    PROVE,
    "claims",
    "remind_identifier",
    "invite",
    "set_enabled",
    "force_password_reset",
    "token",
];

/// What a provider can bring about. The rest this API says by itself.
const CAUSED: &[Code] = &[
    Code::Unauthenticated,
    Code::InvalidCredentials,
    Code::ChallengeFailed,
    Code::ChallengeExpired,
    Code::RefreshRejected,
    Code::ConfirmationRequired,
    Code::PasswordResetRequired,
    Code::Forbidden,
    Code::SignUpClosed,
    Code::Conflict,
    Code::NotFound,
    Code::CodeRejected,
    Code::PasswordRejected,
    Code::RateLimited,
    Code::ChallengeUnsupported,
    Code::UnsupportedByProvider,
    Code::ProviderFailed,
    Code::ProviderTimeout,
];

/// As it is written, in TOML and in JSON.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Fault {
    operation: String,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    code: Option<String>,
    /// `250ms`, `2s`
    #[serde(default, skip_serializing_if = "Option::is_none")]
    delay: Option<String>,
    /// How often it strikes; without it always.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    times: Option<u32>,
}

/// One that was understood.
#[derive(Clone)]
pub(super) struct Strike {
    fault: Fault,
    code: Option<Code>,
    delay: Duration,
}

impl Fault {
    /// Or why it is none.
    pub(super) fn understood(self) -> Result<Strike, String> {
        if self.operation != EVERY && !OPERATIONS.contains(&self.operation.as_str()) {
            return Err(format!("An operation is \"*\" or one of {}.", OPERATIONS.join(", ")));
        }
        let code = self.code.as_deref().map(caused).transpose()?;
        let delay = self.delay.as_deref().map(delay).transpose()?;
        if code.is_none() && delay.is_none() {
            return Err("A fault has a code, a delay, or both.".to_owned());
        }
        if self.times.is_some_and(|times| !(1..=MOST_TIMES).contains(&times)) {
            return Err(format!("A fault strikes 1 to {MOST_TIMES} times; leave `times` out for always."));
        }
        Ok(Strike { fault: self, code, delay: delay.unwrap_or_default() })
    }
}

fn caused(name: &str) -> Result<Code, String> {
    CAUSED.iter().copied().find(|code| code.name() == name).ok_or_else(|| {
        let names: Vec<_> = CAUSED.iter().map(|code| code.name()).collect();
        format!("A code that a provider can cause is one of {}.", names.join(", "))
    })
}

fn delay(text: &str) -> Result<Duration, String> {
    let millis = text.strip_suffix("ms").map(|number| (number, 1));
    let parts = millis.or_else(|| text.strip_suffix('s').map(|number| (number, 1000)));
    let read = parts.filter(|(number, _)| number.bytes().all(|byte| byte.is_ascii_digit()));
    let read = read.and_then(|(number, unit)| number.parse::<u64>().ok()?.checked_mul(unit));
    let delay = read.map(Duration::from_millis).filter(|delay| *delay <= LONGEST_DELAY);
    delay.ok_or_else(|| "A delay is \"250ms\" or \"2s\", of at most 60s.".to_owned())
}

#[derive(Default)]
pub(super) struct Faults(Mutex<Vec<Strike>>);

impl Faults {
    pub(super) fn of(strikes: Vec<Strike>) -> Self {
        Self(Mutex::new(strikes))
    }

    fn held(&self) -> MutexGuard<'_, Vec<Strike>> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }

    pub(super) fn replace(&self, strikes: Vec<Strike>) {
        *self.held() = strikes;
    }

    pub(super) fn shown(&self) -> Vec<Fault> {
        self.held().iter().map(|strike| strike.fault.clone()).collect()
    }

    /// What the first fault of this operation does; it is gone once it has struck as often as it may.
    pub(super) async fn strike(&self, operation: &'static str) -> Result<(), Problem> {
        let Some((delay, code)) = self.first(operation) else { return Ok(()) };
        if !delay.is_zero() {
            tokio::time::sleep(delay).await;
        }
        match code {
            None => Ok(()),
            Some(code) => {
                let problem = Problem::new(code).because("a fault that is switched on");
                Err(if code == Code::RateLimited { problem.after(RETRY) } else { problem })
            }
        }
    }

    fn first(&self, operation: &str) -> Option<(Duration, Option<Code>)> {
        let mut strikes = self.held();
        let fits = |strike: &Strike| {
            strike.fault.operation == operation || (strike.fault.operation == EVERY && operation != PROVE)
        };
        let at = strikes.iter().position(fits)?;
        let strike = strikes.get_mut(at)?;
        let does = (strike.delay, strike.code);
        if let Some(times) = &mut strike.fault.times {
            *times -= 1;
            if *times == 0 {
                strikes.remove(at);
            }
        }
        Some(does)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn fault(operation: &str, code: Option<&str>, delay: Option<&str>, times: Option<u32>) -> Fault {
        let owned = |text: Option<&str>| text.map(str::to_owned);
        Fault { operation: operation.to_owned(), code: owned(code), delay: owned(delay), times }
    }

    #[test]
    fn what_is_no_fault_is_refused_with_what_would_be_one() {
        for (wrong, told) in [
            (fault("signin", Some("provider_failed"), None, None), "An operation is"),
            (fault("sign_in", Some("internal"), None, None), "A code that a provider can cause"),
            (fault("sign_in", Some("Provider failed"), None, None), "A code that a provider can cause"),
            (fault("sign_in", None, None, None), "A fault has a code, a delay, or both."),
            (fault("sign_in", None, Some("2"), None), "A delay is"),
            (fault("sign_in", None, Some("s"), None), "A delay is"),
            (fault("sign_in", None, Some("-2s"), None), "A delay is"),
            (fault("sign_in", None, Some("61s"), None), "A delay is"),
            (fault("sign_in", None, Some("18446744073709551615s"), None), "A delay is"),
            (fault("sign_in", None, Some("2s"), Some(0)), "A fault strikes"),
        ] {
            let said = wrong.clone().understood().err().unwrap();
            assert!(said.starts_with(told), "{wrong:?}: {said}");
        }
    }

    #[tokio::test]
    async fn a_fault_strikes_its_operation_as_often_as_it_says() {
        let strikes = [
            fault("sign_in", Some("provider_timeout"), None, Some(2)),
            fault("*", Some("rate_limited"), Some("1ms"), None),
        ];
        let faults = Faults::of(strikes.map(|fault| fault.understood().unwrap()).into());
        let struck = async |operation| faults.strike(operation).await.err().map(|problem| problem.code);
        assert_eq!(struck("refresh").await, Some(Code::RateLimited));
        assert_eq!(struck(PROVE).await, None, "everything but this");
        for _ in 0..2 {
            assert_eq!(struck("sign_in").await, Some(Code::ProviderTimeout));
        }
        assert_eq!(struck("sign_in").await, Some(Code::RateLimited), "the next one that fits");
        assert_eq!(faults.shown().len(), 1);
        faults.replace(Vec::new());
        assert_eq!(struck("sign_in").await, None);
    }
}
