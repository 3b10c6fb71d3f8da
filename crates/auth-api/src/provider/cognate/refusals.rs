//! What the engine's errors mean at this boundary.

use std::time::Duration;

use cognate_domain::Error;
use cognate_domain::error::ErrorKind;

use crate::problem::{Code, Problem};

/// What was asked when the engine refused.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum During {
    SignIn,
    Challenge,
    Refresh,
    /// Signing up, confirming, resetting: by somebody who is not signed in.
    Account,
    /// Of somebody who is signed in.
    Password,
    Administration,
}

/// How long a lock lasts is not told: after a moment it says so again.
const SOME_TIME: Duration = Duration::from_secs(30);

pub(super) fn refused(error: Error, during: During) -> Problem {
    let is = |fact: fn() -> Error| error.message == fact().message;
    let cause = error.message.clone();
    let problem = match error.kind {
        ErrorKind::CodeDeliveryFailure => {
            Problem::new(Code::ProviderFailed).saying("The message could not be delivered. Try again later.")
        }
        ErrorKind::NotImplemented => Problem::new(Code::UnsupportedByProvider).saying(error.message),
        kind if kind.status() >= 500 => return error.into(),
        ErrorKind::NotAuthorized if is(Error::password_attempts_exceeded) => {
            Problem::new(Code::RateLimited).after(SOME_TIME)
        }
        ErrorKind::LimitExceeded | ErrorKind::TooManyFailedAttempts => Problem::new(Code::RateLimited).after(SOME_TIME),
        ErrorKind::TooManyRequests => Problem::new(Code::RateLimited).after(Duration::from_secs(1)),
        ErrorKind::UserNotConfirmed => Problem::new(Code::ConfirmationRequired),
        ErrorKind::PasswordResetRequired => Problem::new(Code::PasswordResetRequired),
        ErrorKind::InvalidPassword | ErrorKind::PasswordHistoryPolicyViolation => {
            Problem::new(Code::PasswordRejected).saying(error.message)
        }
        // A form that passwords have, whatever the pool's policy: of a length, and not ending in blanks.
        ErrorKind::InvalidParameter if error.message.contains("'password'") => Problem::new(Code::PasswordRejected),
        ErrorKind::CodeMismatch | ErrorKind::ExpiredCode => Problem::new(Code::CodeRejected),
        ErrorKind::RefreshTokenReuse => Problem::new(Code::RefreshRejected),
        ErrorKind::NotAuthorized if is(Error::sign_up_not_permitted) => Problem::new(Code::SignUpClosed),
        ErrorKind::NotAuthorized if is(Error::only_admins_recover) => {
            Problem::new(Code::Forbidden).saying("Ask an administrator for a new password.")
        }
        ErrorKind::NotAuthorized if is(Error::session_expired) => Problem::new(Code::ChallengeExpired),
        // Of somebody who is there: an account in another state than this needs.
        ErrorKind::NotAuthorized if during == During::Administration => {
            Problem::new(Code::Conflict).saying(error.message)
        }
        ErrorKind::NotAuthorized | ErrorKind::UserNotFound => Problem::new(match during {
            During::SignIn => Code::InvalidCredentials,
            During::Challenge => Code::ChallengeFailed,
            During::Refresh => Code::RefreshRejected,
            During::Account => Code::CodeRejected,
            During::Password => Code::Forbidden,
            During::Administration => Code::NotFound,
        }),
        ErrorKind::UsernameExists | ErrorKind::AliasExists | ErrorKind::UnsupportedUserState => {
            Problem::new(Code::Conflict).saying(error.message)
        }
        _ => Problem::new(Code::ValidationFailed).saying(error.message),
    };
    problem.because(cause)
}
