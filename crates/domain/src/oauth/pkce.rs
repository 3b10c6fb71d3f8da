//! Proof Key for Code Exchange (RFC 7636), with `S256` alone: `plain` proves nothing to whoever has seen the request.

use aws_lc_rs::digest;
use data_encoding::BASE64URL_NOPAD;
use serde::{Deserialize, Serialize};
use subtle::ConstantTimeEq as _;

use super::error::{OAuthCode, OAuthResult};
use super::params::Params;

/// The digest of a verifier that only the asking client knows.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Challenge(String);

impl Challenge {
    /// A challenge and its method come together or not at all.
    pub(super) fn of(params: &Params) -> OAuthResult<Option<Self>> {
        match (params.get("code_challenge")?, params.get("code_challenge_method")?) {
            (None, None) => Ok(None),
            (Some(challenge), Some("S256")) if is_a_digest(challenge) => Ok(Some(Self(challenge.to_owned()))),
            _ => Err(OAuthCode::InvalidRequest.into()),
        }
    }

    pub fn is_met_by(&self, verifier: &Verifier<'_>) -> bool {
        let digest = digest::digest(&digest::SHA256, verifier.0.as_bytes());
        BASE64URL_NOPAD.encode(digest.as_ref()).as_bytes().ct_eq(self.0.as_bytes()).into()
    }
}

fn is_a_digest(challenge: &str) -> bool {
    BASE64URL_NOPAD.decode(challenge.as_bytes()).is_ok_and(|bytes| bytes.len() == digest::SHA256_OUTPUT_LEN)
}

/// 43 to 128 unreserved characters (RFC 7636, section 4.1).
#[derive(Clone, Copy, Debug)]
pub struct Verifier<'v>(&'v str);

impl<'v> Verifier<'v> {
    pub fn parse(text: &'v str) -> Option<Self> {
        let unreserved = |byte: u8| byte.is_ascii_alphanumeric() || b"-._~".contains(&byte);
        ((43..=128).contains(&text.len()) && text.bytes().all(unreserved)).then_some(Self(text))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn challenge(query: &str) -> OAuthResult<Option<Challenge>> {
        Challenge::of(&Params::parse(query.as_bytes()))
    }

    const OF_THE_RFC: &str = "E9Melhoa2OwvFrEMTJguCHaoeK1t8URWbuGJSstw-cM";

    #[test]
    fn a_challenge_is_met_by_its_verifier_alone() {
        let of_the_guide = "9D-aW_iygXrgQcWJd0y0tNVMPSXSChIc2xceDhvYVdGLCBk-JWFTmBNjvKSdOrjTTYazOFbUmrFERrjWx6oKtK2b6z_x4_gHBDlr4K1mRFGyE8yA-05-_v7Dxf3EIYJH";
        for (verifier, digest) in [
            ("dBjftJeZ4CVP-mB92K27uhbUJU1p1r_wW1gFWFOEjXk", OF_THE_RFC),
            (of_the_guide, "Eh0mg-OZv7BAyo-tdv_vYamx1boOYDulDklyXoMDtLg"),
        ] {
            let asked = challenge(&format!("code_challenge={digest}&code_challenge_method=S256")).unwrap().unwrap();
            assert!(asked.is_met_by(&Verifier::parse(verifier).unwrap()));
            let other = verifier.replacen('d', "e", 1).replacen('9', "8", 1);
            assert!(!asked.is_met_by(&Verifier::parse(&other).unwrap()));
        }
    }

    #[test]
    fn a_challenge_comes_with_its_method_and_has_the_length_of_a_digest() {
        assert_eq!(challenge("").unwrap(), None);
        for query in [
            format!("code_challenge={OF_THE_RFC}"),
            "code_challenge_method=S256".to_owned(),
            format!("code_challenge={OF_THE_RFC}&code_challenge_method=plain"),
            format!("code_challenge={OF_THE_RFC}&code_challenge_method=s256"),
            format!("code_challenge={OF_THE_RFC}=&code_challenge_method=S256"),
            "code_challenge=short&code_challenge_method=S256".to_owned(),
        ] {
            assert_eq!(challenge(&query).unwrap_err().code, OAuthCode::InvalidRequest, "{query}");
        }
    }

    #[test]
    fn a_verifier_has_43_to_128_unreserved_characters() {
        let good = "aZ0-._~".repeat(7);
        assert!(Verifier::parse(&good[..43]).is_some());
        assert!(Verifier::parse(&good[..42]).is_none());
        assert!(Verifier::parse(&"a".repeat(128)).is_some());
        assert!(Verifier::parse(&"a".repeat(129)).is_none());
        assert!(Verifier::parse(&format!("{}+", &good[..43])).is_none());
    }
}
