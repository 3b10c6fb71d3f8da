//! Public keys as JSON (RFC 7517). Reading is lenient: a foreign set may hold keys of other kinds, which parse here
//! and are refused when made into a `VerifyingKey`.

use data_encoding::BASE64;
use serde::{Deserialize, Serialize};

use crate::digest::sha256;

/// Members in the order in which Cognito prints them. One that is absent is the empty string, and is not written.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Jwk {
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub alg: String,
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub crv: String,
    /// Unpadded base64url of the big-endian exponent.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub e: String,
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub kid: String,
    pub kty: String,
    /// Unpadded base64url of the big-endian modulus, without leading zeros.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub n: String,
    #[serde(default, rename = "use", skip_serializing_if = "String::is_empty")]
    pub usage: String,
    /// Unpadded base64url of a point's coordinates; of Ed25519 there is one.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub x: String,
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub y: String,
}

impl Jwk {
    /// The kid that we give a key: standard base64 of its SHA-256 thumbprint. So it has the form of Cognito's kids, and the same
    /// key has the same kid everywhere.
    pub fn thumbprint(&self) -> String {
        BASE64.encode(&self.digest())
    }

    /// The thumbprint of RFC 7638: of the members that make the key, in the order of their names.
    pub(crate) fn digest(&self) -> [u8; 32] {
        let Self { crv, e, kty, n, x, y, .. } = self;
        let members = match kty.as_str() {
            "EC" => format!(r#"{{"crv":"{crv}","kty":"EC","x":"{x}","y":"{y}"}}"#),
            "OKP" => format!(r#"{{"crv":"{crv}","kty":"OKP","x":"{x}"}}"#),
            _ => format!(r#"{{"e":"{e}","kty":"{kty}","n":"{n}"}}"#),
        };
        sha256(members.as_bytes())
    }
}

#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct JwkSet {
    pub keys: Vec<Jwk>,
}

impl JwkSet {
    pub fn find(&self, kid: &str) -> Option<&Jwk> {
        self.keys.iter().find(|key| key.kid == kid)
    }
}

#[cfg(test)]
mod tests {
    use data_encoding::BASE64URL_NOPAD;

    use super::*;

    #[test]
    fn the_thumbprint_is_that_of_rfc_7638() {
        let key = Jwk {
            alg: "RS256".into(),
            e: "AQAB".into(),
            kid: "2011-04-29".into(),
            kty: "RSA".into(),
            n: "0vx7agoebGcQSuuPiLJXZptN9nndrQmbXEps2aiAFbWhM78LhWx4cbbfAAtVT86zwu1RK7aPFFxuhDR1L6tSoc_BJECPebWKRXjBZCiFV4n3oknjhMstn64tZ_2W-5JsGY4Hc5n9yBXArwl93lqt7_RN5w6Cf0h4QyQ5v-65YGjQR0_FDW2QvzqY368QQMicAtaSqzs8KJZgnYb9c7d0zgdAZHzu6qMQvRL5hajrn1n91CbOpbISD08qNLyrdkt-bFTWhAI4vMQFh6WeZu0fM4lFd2NcRwr3XPksINHaQ-G_xBniIqbw0Ls1jF44-csFCur-kEgU8awapJzKnqDKgw".into(),
            ..Jwk::default()
        };
        let digest = BASE64.decode(key.thumbprint().as_bytes()).unwrap();
        assert_eq!(BASE64URL_NOPAD.encode(&digest), "NzbLsXh8uDCcd-6MNwXF4W_7noWXFZAfHkxZsRGC9Xs");
    }

    #[test]
    fn a_set_with_a_foreign_kind_of_key_still_parses() {
        let set: JwkSet = serde_json::from_str(
            r#"{"keys":[{"kty":"EC","crv":"P-256","x":"AA","y":"AA","kid":"ec"},{"kty":"RSA","kid":"rsa","n":"AA","e":"AQAB"}]}"#,
        )
        .unwrap();
        assert_eq!(set.find("rsa").unwrap().n, "AA");
        assert_eq!(set.find("ec").unwrap().n, "");
        assert_eq!(set.find("other"), None);
    }

    #[test]
    fn members_are_written_in_cognitos_order() {
        let key = Jwk {
            alg: "RS256".into(),
            e: "AQAB".into(),
            kid: "k".into(),
            kty: "RSA".into(),
            n: "AA".into(),
            usage: "sig".into(),
            ..Jwk::default()
        };
        assert_eq!(
            serde_json::to_string(&JwkSet { keys: vec![key] }).unwrap(),
            r#"{"keys":[{"alg":"RS256","e":"AQAB","kid":"k","kty":"RSA","n":"AA","use":"sig"}]}"#
        );
    }
}
