//! A compact JWS taken apart (RFC 7515 section 7.1), before anything is known about who signed it. One reader serves
//! `peek` and `VerifyingKey::verify`, so that what was looked at is what gets verified. Strict where leniency would let
//! two readers differ: unpadded canonical base64url, no member of the header twice, no `crit`.

use std::collections::BTreeSet;
use std::fmt;

use data_encoding::BASE64URL_NOPAD;
use serde::de::{Error as _, IgnoredAny, MapAccess, Visitor};
use serde::{Deserialize, Deserializer};
use thiserror::Error;

/// Longer tokens are neither made nor read.
pub const MAX_TOKEN: usize = 16 * 1024;

/// One way to fail each; none of them tells anything about the key.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Error)]
pub enum VerifyError {
    #[error("the token is longer than 16 KiB")]
    TooLong,
    #[error("the token does not have three parts")]
    NotThreeParts,
    #[error("a part of the token is not unpadded base64url")]
    NotBase64Url,
    #[error("the token's header is not a JSON object with text members alg and kid, each given once")]
    BadHeader,
    #[error("the token's header has critical extensions")]
    Critical,
    #[error("the token's algorithm is not one of ours, or not its key's")]
    WrongAlgorithm,
    #[error("the token names another key")]
    WrongKey,
    #[error("the signature does not fit")]
    BadSignature,
}

/// The algorithms we sign and verify with.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Alg {
    /// Cognito's.
    #[default]
    Rs256,
    Es256,
    /// With Ed25519.
    EdDsa,
}

impl Alg {
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Rs256 => "RS256",
            Self::Es256 => "ES256",
            Self::EdDsa => "EdDSA",
        }
    }

    fn from_name(name: &str) -> Option<Self> {
        [Self::Rs256, Self::Es256, Self::EdDsa].into_iter().find(|alg| alg.as_str() == name)
    }
}

/// What a token says about itself. **Nothing here is verified** before [`crate::VerifyingKey::proves`] said so: until
/// then it is good for choosing the key, and for nothing else.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Peek<'t> {
    pub kid: Option<String>,
    pub alg: Alg,
    /// The claims' JSON, as it was signed.
    pub payload: Vec<u8>,
    pub(crate) signed: &'t str,
    pub(crate) signature: Vec<u8>,
}

pub fn peek(token: &str) -> Result<Peek<'_>, VerifyError> {
    let parts = Parts::read(token)?;
    let signature = decode(parts.signature)?;
    Ok(Peek { payload: decode(parts.payload)?, kid: parts.kid, alg: parts.alg, signed: parts.signed, signature })
}

pub(crate) struct Parts<'t> {
    pub(crate) kid: Option<String>,
    pub(crate) alg: Alg,
    /// Header, dot, payload: the text that was signed.
    pub(crate) signed: &'t str,
    pub(crate) payload: &'t str,
    pub(crate) signature: &'t str,
}

impl<'t> Parts<'t> {
    pub(crate) fn read(token: &'t str) -> Result<Self, VerifyError> {
        if token.len() > MAX_TOKEN {
            return Err(VerifyError::TooLong);
        }
        let (signed, signature) = token.rsplit_once('.').ok_or(VerifyError::NotThreeParts)?;
        let (header, payload) = signed.split_once('.').ok_or(VerifyError::NotThreeParts)?;
        if payload.contains('.') {
            return Err(VerifyError::NotThreeParts);
        }
        let header: Header = serde_json::from_slice(&decode(header)?).map_err(|_| VerifyError::BadHeader)?;
        if header.critical {
            return Err(VerifyError::Critical);
        }
        let alg = header.alg.as_deref().ok_or(VerifyError::BadHeader)?;
        let alg = Alg::from_name(alg).ok_or(VerifyError::WrongAlgorithm)?;
        Ok(Self { kid: header.kid, alg, signed, payload, signature })
    }
}

pub(crate) fn decode(part: &str) -> Result<Vec<u8>, VerifyError> {
    BASE64URL_NOPAD.decode(part.as_bytes()).map_err(|_| VerifyError::NotBase64Url)
}

#[derive(Default)]
struct Header {
    alg: Option<String>,
    kid: Option<String>,
    critical: bool,
}

impl<'de> Deserialize<'de> for Header {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_map(HeaderVisitor)
    }
}

struct HeaderVisitor;

impl<'de> Visitor<'de> for HeaderVisitor {
    type Value = Header;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a JOSE header")
    }

    fn visit_map<A: MapAccess<'de>>(self, mut members: A) -> Result<Header, A::Error> {
        let mut header = Header::default();
        let mut seen = BTreeSet::new();
        while let Some(name) = members.next_key::<String>()? {
            match name.as_str() {
                "alg" => header.alg = Some(members.next_value()?),
                "kid" => header.kid = Some(members.next_value()?),
                other => {
                    header.critical |= other == "crit";
                    members.next_value::<IgnoredAny>()?;
                }
            }
            if !seen.insert(name) {
                return Err(A::Error::custom("a member twice"));
            }
        }
        Ok(header)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn with_header(header: &str) -> String {
        format!("{}.e30.AAAA", BASE64URL_NOPAD.encode(header.as_bytes()))
    }

    #[test]
    fn what_a_token_says_of_itself_is_readable() {
        let token = with_header(r#"{"kid":"a+/=","alg":"RS256","typ":"JWT"}"#);
        let seen = peek(&token).unwrap();
        assert_eq!((seen.kid.as_deref(), seen.alg, seen.payload.as_slice()), (Some("a+/="), Alg::Rs256, &b"{}"[..]));
        assert_eq!(peek(&with_header(r#"{"alg":"RS256"}"#)).unwrap().kid, None);
    }

    #[test]
    fn headers_that_invite_confusion_are_refused() {
        for (header, reason) in [
            (r#"{"alg":"none"}"#, VerifyError::WrongAlgorithm),
            (r#"{"alg":"None"}"#, VerifyError::WrongAlgorithm),
            (r#"{"alg":"HS256"}"#, VerifyError::WrongAlgorithm),
            (r#"{"alg":"rs256"}"#, VerifyError::WrongAlgorithm),
            (r#"{"alg":"RS512"}"#, VerifyError::WrongAlgorithm),
            (r#"{"alg":"ES384"}"#, VerifyError::WrongAlgorithm),
            (r#"{"alg":"eddsa"}"#, VerifyError::WrongAlgorithm),
            (r#"{"alg":""}"#, VerifyError::WrongAlgorithm),
            (r#"{"alg":"RS256","crit":["exp"]}"#, VerifyError::Critical),
            (r#"{"alg":"RS256","crit":[]}"#, VerifyError::Critical),
            (r#"{"alg":"RS256","crit":null}"#, VerifyError::Critical),
            (r#"{"alg":"RS256","alg":"RS256"}"#, VerifyError::BadHeader),
            (r#"{"alg":"none","alg":"RS256"}"#, VerifyError::BadHeader),
            (r#"{"alg":"RS256","\u0061lg":"none"}"#, VerifyError::BadHeader),
            (r#"{"alg":"RS256","kid":"a","kid":"b"}"#, VerifyError::BadHeader),
            (r#"{"alg":"RS256","typ":"a","typ":"b"}"#, VerifyError::BadHeader),
            (r#"{"alg":["RS256"]}"#, VerifyError::BadHeader),
            (r#"{"alg":"RS256","kid":7}"#, VerifyError::BadHeader),
            (r#"{"alg":"RS256","kid":null}"#, VerifyError::BadHeader),
            (r#"{"alg":"RS256"} {}"#, VerifyError::BadHeader),
            (r#"{"kid":"a"}"#, VerifyError::BadHeader),
            (r#"["RS256"]"#, VerifyError::BadHeader),
            (r#"{"alg":"RS256""#, VerifyError::BadHeader),
            ("", VerifyError::BadHeader),
        ] {
            assert_eq!(peek(&with_header(header)).unwrap_err(), reason, "{header}");
        }
    }

    #[test]
    fn only_three_parts_of_strict_base64url_are_a_token() {
        let good = with_header(r#"{"alg":"RS256"}"#);
        let header = good.split('.').next().unwrap();
        assert!(peek(&good).is_ok());
        for (token, reason) in [
            (String::new(), VerifyError::NotThreeParts),
            ("a".to_owned(), VerifyError::NotThreeParts),
            (format!("{header}.e30"), VerifyError::NotThreeParts),
            (format!("{good}."), VerifyError::NotThreeParts),
            (format!("{good}.AAAA"), VerifyError::NotThreeParts),
            (format!(".{good}"), VerifyError::NotThreeParts),
            (format!("{header}.e30=.AAAA"), VerifyError::NotBase64Url),
            (format!("{header}.e3 0.AAAA"), VerifyError::NotBase64Url),
            (format!("{header}.e31.AAAA"), VerifyError::NotBase64Url), // bits left over
            (format!("{header}.e30.AA/A"), VerifyError::NotBase64Url),
            (format!("{header}.e30.A"), VerifyError::NotBase64Url),
            (format!("{header}.e30.AAAA\n"), VerifyError::NotBase64Url),
            (format!(" {good}"), VerifyError::NotBase64Url),
            (format!("{header}.{}.AAAA", "A".repeat(MAX_TOKEN)), VerifyError::TooLong),
        ] {
            assert_eq!(peek(&token).unwrap_err(), reason, "{token:.80}");
        }
    }
}
