//! What went wrong, in words for people: the key of a text. A page never says more than the API would.

use axum::response::Response;
use cognate_domain::Error;
use cognate_domain::error::ErrorKind;
use http::StatusCode;

use super::Stop;
use super::error_page;
use super::visit::Visit;

pub(super) fn key(error: &Error) -> &'static str {
    let says = |other: Error| error.message == other.message;
    match error.kind {
        ErrorKind::NotAuthorized if says(Error::password_attempts_exceeded()) => "problem-locked",
        ErrorKind::NotAuthorized if says(Error::user_disabled()) => "problem-disabled",
        ErrorKind::NotAuthorized if says(Error::temporary_password_expired()) => "problem-temporary-expired",
        ErrorKind::NotAuthorized if says(Error::sign_up_not_permitted()) => "problem-sign-up-closed",
        ErrorKind::NotAuthorized if says(Error::only_admins_recover()) => "problem-only-admins",
        ErrorKind::NotAuthorized if says(Error::session_expired()) || says(Error::session_used()) => {
            "problem-form-expired"
        }
        ErrorKind::NotAuthorized | ErrorKind::UserNotFound => "problem-credentials",
        ErrorKind::UserNotConfirmed => "problem-not-confirmed",
        ErrorKind::PasswordResetRequired => "problem-reset-required",
        ErrorKind::CodeMismatch => "problem-code",
        ErrorKind::ExpiredCode => "problem-code-expired",
        ErrorKind::UsernameExists if says(Error::username_exists()) => "problem-user-exists",
        ErrorKind::UsernameExists => "problem-contact-taken",
        ErrorKind::AliasExists => "problem-alias-exists",
        ErrorKind::InvalidPassword => "problem-password",
        ErrorKind::PasswordHistoryPolicyViolation => "problem-password-reused",
        ErrorKind::LimitExceeded | ErrorKind::TooManyFailedAttempts => "problem-many-attempts",
        ErrorKind::TooManyRequests => "problem-busy",
        ErrorKind::CodeDeliveryFailure => "problem-delivery",
        ErrorKind::InvalidParameter if says(Error::cannot_resend_without_contact()) => "problem-no-recovery",
        ErrorKind::InvalidParameter if says(Error::no_verified_contact()) => "problem-no-recovery",
        ErrorKind::InvalidParameter => "problem-field",
        ErrorKind::NotImplemented => "problem-not-built",
        _ => "problem-server",
    }
}

/// Whether it is ours: the log hears of it.
pub(super) fn note(error: &Error) {
    if error.kind.status() >= 500 {
        crate::answer::log_failure(error);
    }
}

/// A fault of ours on a page of its own.
pub(super) fn failed(visit: &Visit, error: &Error) -> Stop {
    note(error);
    Stop::from(fault(visit))
}

fn fault(visit: &Visit) -> Response {
    error_page::page(visit, StatusCode::INTERNAL_SERVER_ERROR, "server_error")
}
