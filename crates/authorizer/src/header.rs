//! What a token's header says beside key and algorithm, which `cognate_jose::peek` has read. `jku`, `x5u` and `jwk` are
//! not even looked for: a key is never taken from the token that it should prove (RFC 8725, section 3.10).

use cognate_jose::VerifyError;
use data_encoding::BASE64URL_NOPAD;
use serde::Deserialize;
use serde::de::IgnoredAny;

use crate::Refusal;
use crate::refusal::shown;

/// Those that an access token or an ID token may say, in any case. A logout token or a DPoP proof of the same issuer is
/// neither (RFC 8725, section 3.11).
const TYPES: [&str; 3] = ["JWT", AT_JWT, "application/at+jwt"];
const AT_JWT: &str = "at+jwt";

#[derive(Debug, Deserialize)]
pub(crate) struct Header {
    typ: Option<String>,
    b64: Option<IgnoredAny>,
}

impl Header {
    /// Of a token that has been peeked at.
    pub(crate) fn read(token: &str) -> Result<Self, Refusal> {
        let header: Self = Self::decode(token).ok_or(Refusal::BadHeader)?;
        if header.b64.is_some() {
            return Err(Refusal::UnencodedPayload);
        }
        match &header.typ {
            Some(typ) if !TYPES.iter().any(|known| known.eq_ignore_ascii_case(typ)) => {
                Err(Refusal::WrongType { actual: shown(typ) })
            }
            _ => Ok(header),
        }
    }

    /// RFC 9068's form, which no ID token has.
    pub(crate) fn is_access_token(&self) -> bool {
        self.typ.as_ref().is_some_and(|typ| typ.to_ascii_lowercase().ends_with(AT_JWT))
    }

    fn decode<T: for<'de> Deserialize<'de>>(token: &str) -> Option<T> {
        let (header, _) = token.split_once('.')?;
        serde_json::from_slice(&BASE64URL_NOPAD.decode(header.as_bytes()).ok()?).ok()
    }
}

/// `expected` are the algorithms that would do.
pub(crate) fn refuse(error: VerifyError, token: &str, expected: String) -> Refusal {
    #[derive(Deserialize)]
    struct Named {
        alg: String,
    }

    match error {
        VerifyError::TooLong => Refusal::TooLong { expected: cognate_jose::MAX_TOKEN, actual: token.len() },
        VerifyError::NotThreeParts => Refusal::NotThreeParts { actual: token.split('.').count() },
        VerifyError::NotBase64Url => Refusal::NotBase64Url,
        VerifyError::Critical => Refusal::Critical,
        VerifyError::WrongAlgorithm => {
            let named: Option<Named> = Header::decode(token);
            Refusal::WrongAlgorithm { expected, actual: named.map_or_else(String::new, |named| shown(&named.alg)) }
        }
        VerifyError::BadHeader | VerifyError::WrongKey | VerifyError::BadSignature => Refusal::BadHeader,
    }
}
