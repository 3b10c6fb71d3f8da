//! DPoP proofs (RFC 9449, section 4): a token that a client signs with a key of its own, which it carries along. What is proved is that
//! whoever sends it has that key; whether its claims fit the request is decided by the caller.

use aws_lc_rs::rsa::PublicKeyComponents;
use aws_lc_rs::signature::{ECDSA_P256_SHA256_FIXED, ED25519, ParsedPublicKey, RSA_PKCS1_2048_8192_SHA256};
use data_encoding::BASE64URL_NOPAD;
use serde::Deserialize;
use serde::de::IgnoredAny;
use thiserror::Error;

use crate::digest::sha256;
use crate::token::decode;

/// Those that a proof may be signed with, as metadata name them.
pub const PROOF_ALGORITHMS: [&str; 3] = ["ES256", "EdDSA", "RS256"];
/// Longer proofs are not read: an RSA key of 4096 bits and its signature fit.
const MAX_PROOF: usize = 4096;
const P256_BYTES: usize = 32;
const ED25519_BYTES: usize = 32;
const RSA_BYTES: std::ops::RangeInclusive<usize> = 256..=512;
const UNCOMPRESSED: u8 = 4;

/// One way to fail each.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Error)]
pub enum ProofError {
    #[error("the proof is no token of three parts, or too long")]
    Malformed,
    #[error("the proof's header is not that of a DPoP proof")]
    Header,
    #[error("the proof's key is not one that it may be signed with")]
    Key,
    #[error("the proof's signature does not fit its key")]
    Signature,
    #[error("the proof's claims are not those of a DPoP proof")]
    Claims,
}

/// A proof whose signature fits.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Proof {
    /// The key's SHA-256 thumbprint (RFC 7638), unpadded base64url.
    pub thumbprint: String,
    pub claims: ProofClaims,
}

#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
pub struct ProofClaims {
    pub jti: String,
    pub htm: String,
    pub htu: String,
    /// Seconds since 1970.
    pub iat: i64,
    /// The digest of the access token that comes along.
    pub ath: Option<String>,
}

#[derive(Deserialize)]
struct Header {
    typ: String,
    alg: String,
    jwk: KeyOfProof,
    crit: Option<IgnoredAny>,
}

#[derive(Deserialize)]
struct KeyOfProof {
    kty: String,
    crv: Option<String>,
    x: Option<String>,
    y: Option<String>,
    n: Option<String>,
    e: Option<String>,
    /// Of a private key, which nobody may send.
    d: Option<IgnoredAny>,
    /// Of a shared one.
    k: Option<IgnoredAny>,
}

impl Proof {
    pub fn read(text: &str) -> Result<Self, ProofError> {
        if text.len() > MAX_PROOF {
            return Err(ProofError::Malformed);
        }
        let (signed, signature) = text.rsplit_once('.').ok_or(ProofError::Malformed)?;
        let (header, payload) = signed.split_once('.').ok_or(ProofError::Malformed)?;
        let part = |part: &str| decode(part).map_err(|_| ProofError::Malformed);
        let header: Header = serde_json::from_slice(&part(header)?).map_err(|_| ProofError::Header)?;
        if header.typ != "dpop+jwt" || header.crit.is_some() {
            return Err(ProofError::Header);
        }

        let (key, thumbprint) = header.jwk.parse(&header.alg)?;
        key.verify_sig(signed.as_bytes(), &part(signature)?).map_err(|_| ProofError::Signature)?;

        let claims = serde_json::from_slice(&part(payload)?).map_err(|_| ProofError::Claims)?;
        Ok(Self { thumbprint, claims })
    }
}

impl KeyOfProof {
    /// The key, for the algorithm that the header names, and its thumbprint.
    fn parse(&self, alg: &str) -> Result<(ParsedPublicKey, String), ProofError> {
        if self.d.is_some() || self.k.is_some() {
            return Err(ProofError::Key);
        }
        let member = |member: &Option<String>| member.clone().ok_or(ProofError::Key);
        let bytes = |text: &str| BASE64URL_NOPAD.decode(text.as_bytes()).map_err(|_| ProofError::Key);
        let fixed = |text: &str, length: usize| {
            bytes(text).and_then(|is| if is.len() == length { Ok(is) } else { Err(ProofError::Key) })
        };
        let parsed = |key: Result<ParsedPublicKey, _>| key.map_err(|_: aws_lc_rs::error::KeyRejected| ProofError::Key);
        // Members in the order of RFC 7638, and nothing that needs escaping: all are base64url.
        let (key, canonical) = match (alg, self.kty.as_str(), self.crv.as_deref()) {
            ("ES256", "EC", Some("P-256")) => {
                let (x, y) = (member(&self.x)?, member(&self.y)?);
                let point = [vec![UNCOMPRESSED], fixed(&x, P256_BYTES)?, fixed(&y, P256_BYTES)?].concat();
                let key = parsed(ParsedPublicKey::new(&ECDSA_P256_SHA256_FIXED, &point))?;
                (key, format!(r#"{{"crv":"P-256","kty":"EC","x":"{x}","y":"{y}"}}"#))
            }
            ("EdDSA" | "Ed25519", "OKP", Some("Ed25519")) => {
                let x = member(&self.x)?;
                let key = parsed(ParsedPublicKey::new(&ED25519, fixed(&x, ED25519_BYTES)?))?;
                (key, format!(r#"{{"crv":"Ed25519","kty":"OKP","x":"{x}"}}"#))
            }
            ("RS256", "RSA", None) => {
                let (n, e) = (member(&self.n)?, member(&self.e)?);
                let components = PublicKeyComponents { n: bytes(&n)?, e: bytes(&e)? };
                if !RSA_BYTES.contains(&components.n.len()) || components.e != [1, 0, 1] {
                    return Err(ProofError::Key);
                }
                let key = components.to_parsed_public_key(&RSA_PKCS1_2048_8192_SHA256).map_err(|_| ProofError::Key)?;
                (key, format!(r#"{{"e":"{e}","kty":"RSA","n":"{n}"}}"#))
            }
            _ => return Err(ProofError::Key),
        };
        Ok((key, BASE64URL_NOPAD.encode(&sha256(canonical.as_bytes()))))
    }
}

#[cfg(test)]
mod tests {
    use aws_lc_rs::rand::SystemRandom;
    use aws_lc_rs::signature::{ECDSA_P256_SHA256_FIXED_SIGNING, EcdsaKeyPair, Ed25519KeyPair, KeyPair as _};

    use super::*;

    /// RFC 9449, section 4.1 (figure 2); the thumbprint is that of its section 6.1.
    const OF_THE_RFC: &str = "eyJ0eXAiOiJkcG9wK2p3dCIsImFsZyI6IkVTMjU2IiwiandrIjp7Imt0eSI6IkVDIiwieCI6Imw4dEZyaHgtMzR0VjNoUklDUkRZOXpDa0RscEJoRjQyVVFVZldWQVdCRnMiLCJ5IjoiOVZFNGpmX09rX282NHpiVFRsY3VOSmFqSG10NnY5VERWclUwQ2R2R1JEQSIsImNydiI6IlAtMjU2In19.eyJqdGkiOiItQndDM0VTYzZhY2MybFRjIiwiaHRtIjoiUE9TVCIsImh0dSI6Imh0dHBzOi8vc2VydmVyLmV4YW1wbGUuY29tL3Rva2VuIiwiaWF0IjoxNTYyMjYyNjE2fQ.2-GxA6T8lP4vfrg8v-FdWP0A0zdrj8igiMLvqRMUvwnQg4PtFLbdLXiOSsX0x7NVY-FNyJK70nfbV37xRZT3Lg";

    fn encode(json: &str) -> String {
        BASE64URL_NOPAD.encode(json.as_bytes())
    }

    const CLAIMS: &str = r#"{"jti":"a","htm":"POST","htu":"https://a/token","iat":1}"#;

    fn es256(header: impl Fn(&str) -> String, claims: &str) -> String {
        let pair = EcdsaKeyPair::generate(&ECDSA_P256_SHA256_FIXED_SIGNING).unwrap();
        let (x, y) = pair.public_key().as_ref()[1..].split_at(32);
        let (x, y) = (BASE64URL_NOPAD.encode(x), BASE64URL_NOPAD.encode(y));
        let jwk = format!(r#""kty":"EC","crv":"P-256","x":"{x}","y":"{y}""#);
        let signed = format!("{}.{}", encode(&header(&jwk)), encode(claims));
        let signature = pair.sign(&SystemRandom::new(), signed.as_bytes()).unwrap();
        format!("{signed}.{}", BASE64URL_NOPAD.encode(signature.as_ref()))
    }

    fn plain(jwk: &str) -> String {
        format!(r#"{{"typ":"dpop+jwt","alg":"ES256","jwk":{{{jwk}}}}}"#)
    }

    #[test]
    fn the_proof_of_the_rfc_is_one_and_a_changed_one_is_none() {
        let proof = Proof::read(OF_THE_RFC).unwrap();
        assert_eq!(proof.thumbprint, "0ZcOCORZNYy-DWpqq30jZyJGHTN0d2HglBV3uiguA4I");
        let claims = &proof.claims;
        assert_eq!((claims.htm.as_str(), claims.htu.as_str()), ("POST", "https://server.example.com/token"));
        assert_eq!((claims.jti.as_str(), claims.iat, &claims.ath), ("-BwC3ESc6acc2lTc", 1_562_262_616, &None));
        let (signed, signature) = OF_THE_RFC.rsplit_once('.').unwrap();
        let (header, _) = signed.split_once('.').unwrap();
        let other = format!("{header}.{}.{signature}", encode(CLAIMS));
        assert_eq!(Proof::read(&other), Err(ProofError::Signature));
    }

    #[test]
    fn an_ed25519_key_proves_itself() {
        let pair = Ed25519KeyPair::generate().unwrap();
        let x = BASE64URL_NOPAD.encode(pair.public_key().as_ref());
        let header = format!(r#"{{"typ":"dpop+jwt","alg":"EdDSA","jwk":{{"kty":"OKP","crv":"Ed25519","x":"{x}"}}}}"#);
        let signed = format!("{}.{}", encode(&header), encode(CLAIMS));
        let proof = format!("{signed}.{}", BASE64URL_NOPAD.encode(pair.sign(signed.as_bytes()).as_ref()));
        assert_eq!(Proof::read(&proof).unwrap().claims.htm, "POST");
        let other = format!("{}.{}", signed, BASE64URL_NOPAD.encode(pair.sign(b"other").as_ref()));
        assert_eq!(Proof::read(&other), Err(ProofError::Signature));
    }

    #[test]
    fn what_only_looks_like_a_proof_is_refused() {
        assert!(Proof::read(&es256(plain, CLAIMS)).is_ok());
        for (header, reason) in [
            (r#"{"typ":"JWT","alg":"ES256","jwk":{JWK}}"#, ProofError::Header),
            (r#"{"alg":"ES256","jwk":{JWK}}"#, ProofError::Header),
            (r#"{"typ":"dpop+jwt","alg":"ES256"}"#, ProofError::Header),
            (r#"{"typ":"dpop+jwt","alg":"ES256","jwk":{JWK},"crit":["b64"]}"#, ProofError::Header),
            (r#"{"typ":"dpop+jwt","alg":"ES256","alg":"none","jwk":{JWK}}"#, ProofError::Header),
            (r#"{"typ":"dpop+jwt","alg":"none","jwk":{JWK}}"#, ProofError::Key),
            (r#"{"typ":"dpop+jwt","alg":"HS256","jwk":{JWK}}"#, ProofError::Key),
            (r#"{"typ":"dpop+jwt","alg":"ES384","jwk":{JWK}}"#, ProofError::Key),
            (r#"{"typ":"dpop+jwt","alg":"ES256","jwk":{JWK,"d":"AA"}}"#, ProofError::Key),
            (r#"{"typ":"dpop+jwt","alg":"ES256","jwk":{JWK,"k":"AA"}}"#, ProofError::Key),
            (r#"{"typ":"dpop+jwt","alg":"ES256","jwk":{"kty":"EC","crv":"P-256","x":"AA","y":"AA"}}"#, ProofError::Key),
            (r#"{"typ":"dpop+jwt","alg":"RS256","jwk":{"kty":"RSA","n":"AA","e":"AQAB"}}"#, ProofError::Key),
        ] {
            let proof = es256(|jwk| header.replace("JWK", jwk), CLAIMS);
            assert_eq!(Proof::read(&proof), Err(reason), "{header}");
        }
        for claims in
            ["{}", "[]", r#"{"jti":"a","htm":"POST","htu":"u"}"#, r#"{"jti":"a","htm":"POST","htu":"u","iat":"1"}"#]
        {
            assert_eq!(Proof::read(&es256(plain, claims)), Err(ProofError::Claims), "{claims}");
        }
        for text in ["", "a", "a.b", "a.b.c.d", &format!("{}{}", OF_THE_RFC, "A".repeat(4096))] {
            assert_eq!(Proof::read(text), Err(ProofError::Malformed), "{text:.20}");
        }
    }
}
