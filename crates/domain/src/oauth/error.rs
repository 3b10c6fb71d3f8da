//! OAuth's own errors: a code of RFC 6749 or of an extension, and now and then a description. AWS's API errors are another language.

use std::borrow::Cow;

use crate::Error;
use crate::error::ErrorKind;

pub type OAuthResult<T> = Result<T, OAuthError>;

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum OAuthCode {
    AccessDenied,
    AuthorizationPending,
    ExpiredToken,
    InvalidRequest,
    InvalidClient,
    InvalidDpopProof,
    InvalidGrant,
    InvalidScope,
    InvalidTarget,
    LoginRequired,
    RequestNotSupported,
    RequestUriNotSupported,
    ServerError,
    SlowDown,
    TemporarilyUnavailable,
    UnauthorizedClient,
    UnsupportedGrantType,
    UnsupportedTokenType,
}

impl OAuthCode {
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::AccessDenied => "access_denied",
            Self::AuthorizationPending => "authorization_pending",
            Self::ExpiredToken => "expired_token",
            Self::InvalidRequest => "invalid_request",
            Self::InvalidClient => "invalid_client",
            Self::InvalidDpopProof => "invalid_dpop_proof",
            Self::InvalidGrant => "invalid_grant",
            Self::InvalidScope => "invalid_scope",
            Self::InvalidTarget => "invalid_target",
            Self::LoginRequired => "login_required",
            Self::RequestNotSupported => "request_not_supported",
            Self::RequestUriNotSupported => "request_uri_not_supported",
            Self::ServerError => "server_error",
            Self::SlowDown => "slow_down",
            Self::TemporarilyUnavailable => "temporarily_unavailable",
            Self::UnauthorizedClient => "unauthorized_client",
            Self::UnsupportedGrantType => "unsupported_grant_type",
            Self::UnsupportedTokenType => "unsupported_token_type",
        }
    }
}

/// What a client is told (`code`, `description`) and what only the log learns (`source`).
#[derive(Debug)]
pub struct OAuthError {
    pub code: OAuthCode,
    pub description: Option<Cow<'static, str>>,
    pub source: Option<Error>,
}

impl OAuthError {
    pub const fn new(code: OAuthCode) -> Self {
        Self { code, description: None, source: None }
    }

    #[must_use]
    pub fn saying(mut self, description: impl Into<Cow<'static, str>>) -> Self {
        self.description = Some(description.into());
        self
    }
}

impl From<OAuthCode> for OAuthError {
    fn from(code: OAuthCode) -> Self {
        Self::new(code)
    }
}

/// A fault of ours: the client learns that there was one, or that it may try again in a moment.
impl From<Error> for OAuthError {
    fn from(source: Error) -> Self {
        let busy = source.kind == ErrorKind::TooManyRequests;
        let code = if busy { OAuthCode::TemporarilyUnavailable } else { OAuthCode::ServerError };
        Self { source: Some(source), ..Self::new(code) }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_fault_of_ours_is_told_to_the_log_alone() {
        let error = OAuthError::from(Error::corrupt("a row"));
        assert_eq!((error.code.as_str(), &error.description), ("server_error", &None));
        assert!(error.source.is_some());
        assert_eq!(OAuthError::from(Error::too_many_requests()).code.as_str(), "temporarily_unavailable");
    }

    /// RFC 6749, sections 4.1.2.1 and 5.2; RFC 7009, section 2.2.1; RFC 8707, section 2; OpenID Connect Core, section 3.1.2.6.
    #[test]
    fn codes_are_spelt_as_their_specifications_do() {
        use OAuthCode::*;

        for (code, text) in [
            (InvalidRequest, "invalid_request"),
            (InvalidClient, "invalid_client"),
            (InvalidDpopProof, "invalid_dpop_proof"),
            (InvalidGrant, "invalid_grant"),
            (InvalidScope, "invalid_scope"),
            (InvalidTarget, "invalid_target"),
            (LoginRequired, "login_required"),
            (RequestNotSupported, "request_not_supported"),
            (RequestUriNotSupported, "request_uri_not_supported"),
            (ServerError, "server_error"),
            (TemporarilyUnavailable, "temporarily_unavailable"),
            (UnauthorizedClient, "unauthorized_client"),
            (UnsupportedGrantType, "unsupported_grant_type"),
            (UnsupportedTokenType, "unsupported_token_type"),
        ] {
            assert_eq!(code.as_str(), text);
        }
    }
}
