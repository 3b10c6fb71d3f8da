//! Why a request is refused: a way to fail each, with what was expected and what came. All of that is for the log, and
//! none of it holds the token, or a claim that may name a person's address. The client hears what `public` says, and no
//! more (RFC 6750, section 3).

use http::header::WWW_AUTHENTICATE;
use http::{HeaderValue, Response, StatusCode};
use thiserror::Error;

use crate::fetch::FetchError;

/// What comes from a token is shown as far as that, in characters.
const SHOWN: usize = 160;

/// `actual` is text that came with the token, escaped and cut, or what kind of thing it was.
#[derive(Clone, Debug, PartialEq, Eq, Error)]
#[non_exhaustive]
pub enum Refusal {
    #[error("there is no Authorization header")]
    NoAuthorization,
    #[error("there are several Authorization headers, expected one")]
    SeveralAuthorizations,
    #[error("the Authorization header is not Bearer, one space and a token")]
    NotBearer,

    #[error("the token has {actual} bytes, expected at most {expected}")]
    TooLong { expected: usize, actual: usize },
    #[error("the token has {actual} parts, expected 3")]
    NotThreeParts { actual: usize },
    #[error("a part of the token is not unpadded base64url")]
    NotBase64Url,
    #[error("the header is no JSON object that has alg as a string and each member once")]
    BadHeader,
    #[error("the header asks for critical extensions, expected none")]
    Critical,
    #[error("the header says b64, whose payload would be read in another way")]
    UnencodedPayload,
    #[error("the token's typ is {actual}, expected JWT, at+jwt or none")]
    WrongType { actual: String },
    #[error("the token's alg is {actual}, expected {expected}")]
    WrongAlgorithm { expected: String, actual: String },
    #[error("the header has no kid")]
    NoKeyId,

    #[error("the claims are no JSON object with each member once: {actual}")]
    BadClaims { actual: String },
    #[error("the claim {expected} is missing")]
    MissingClaim { expected: &'static str },
    #[error("the claim {claim} is {actual}, expected {expected}")]
    BadClaim { claim: String, expected: &'static str, actual: &'static str },

    #[error("the issuer is {actual}, expected {expected}")]
    UnknownIssuer { expected: String, actual: String },
    #[error("there are no keys of {issuer}: {reason}")]
    NoKeys { issuer: String, reason: FetchError },
    #[error("the key is {actual}, which {issuer} does not have")]
    UnknownKey { issuer: String, actual: String },
    #[error("the signature does not fit the key {kid} of {issuer}")]
    BadSignature { issuer: String, kid: String },

    #[error("the token's use is {actual}, expected {expected}")]
    WrongTokenUse { expected: &'static str, actual: String },
    #[error("the client is {actual}, expected {expected}")]
    WrongClient { expected: String, actual: String },
    #[error("the audience is {actual}, expected {expected}")]
    WrongAudience { expected: String, actual: String },
    #[error("the token was good before {expired_at}, and it is {now}")]
    Expired { expired_at: i64, now: i64 },
    #[error("the token is good from {not_before}, and it is {now}")]
    NotYetValid { not_before: i64, now: i64 },
    #[error("the token was issued at {issued_at}, and it is {now}")]
    IssuedInTheFuture { issued_at: i64, now: i64 },
    #[error("the token is bound to a key of its holder (cnf), expected one that a bearer may use")]
    Bound,
    #[error("the token was revoked")]
    Revoked,
    #[error("whether the token was revoked is not known: {reason}")]
    StandingUnknown { reason: String },

    #[error("the scopes are {actual}, expected {expected}")]
    WithoutScope { expected: String, actual: String },
    #[error("the groups are {actual}, expected one of {expected}")]
    NotInGroup { expected: String, actual: String },
    #[error("the check {expected:?} says no")]
    CheckFailed { expected: String },
}

/// All that a client is told.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Public {
    /// 401 or 403.
    pub status: StatusCode,
    /// RFC 6750, section 3.1; none where nothing was presented that could be wrong.
    pub error: Option<&'static str>,
}

impl Refusal {
    pub fn public(&self) -> Public {
        let (status, error) = match self {
            Self::NoAuthorization | Self::NotBearer => (StatusCode::UNAUTHORIZED, None),
            Self::SeveralAuthorizations => (StatusCode::UNAUTHORIZED, Some("invalid_request")),
            Self::WithoutScope { .. } | Self::NotInGroup { .. } | Self::CheckFailed { .. } => {
                (StatusCode::FORBIDDEN, Some("insufficient_scope"))
            }
            _ => (StatusCode::UNAUTHORIZED, Some("invalid_token")),
        };
        Public { status, error }
    }

    /// The answer to a client. The refusal itself is among its extensions, for whoever writes the log.
    pub fn answer<B>(self, body: B) -> Response<B> {
        let public = self.public();
        let mut response = Response::new(body);
        *response.status_mut() = public.status;
        response.headers_mut().insert(WWW_AUTHENTICATE, HeaderValue::from_static(public.challenge()));
        response.extensions_mut().insert(self);
        response
    }
}

impl Public {
    /// The value of `WWW-Authenticate`.
    pub fn challenge(&self) -> &'static str {
        match self.error {
            Some("invalid_token") => r#"Bearer error="invalid_token""#,
            Some("insufficient_scope") => r#"Bearer error="insufficient_scope""#,
            Some(_) => r#"Bearer error="invalid_request""#,
            None => "Bearer",
        }
    }
}

/// What a stranger wrote, fit for one line of a log.
pub(crate) fn shown(text: &str) -> String {
    let mut shown: String = text.chars().take(SHOWN).flat_map(char::escape_debug).collect();
    if text.chars().nth(SHOWN).is_some() {
        shown.push_str("..");
    }
    shown
}

/// Names as they were set, or as they came: those of a token go through `shown`.
pub(crate) fn listed<T: AsRef<str>>(names: &[T]) -> String {
    let names: Vec<&str> = names.iter().map(AsRef::as_ref).collect();
    if names.is_empty() { "none".to_owned() } else { names.join(" ") }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_log_line_stays_one_line_and_short() {
        assert_eq!(shown("a\nb\u{1b}[31m\"\u{202e}"), "a\\nb\\u{1b}[31m\\\"\\u{202e}");
        assert_eq!(shown(&"x".repeat(160)).len(), 160);
        assert_eq!(shown(&"x".repeat(16_000)).len(), 162);
    }
}
