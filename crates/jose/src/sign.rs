//! An RSA-2048 key that signs tokens with RS256 (RFC 7515, RFC 7518 section 3.3). Parsed once, shared by `Arc`.
//! AWS: the header is exactly `{"kid":"..","alg":"RS256"}`, without `typ`.

use aws_lc_rs::encoding::{AsDer, Pkcs8V1Der};
use aws_lc_rs::rand::SystemRandom;
use aws_lc_rs::rsa::{KeyPair, KeySize};
use aws_lc_rs::signature::{KeyPair as _, RSA_PKCS1_SHA256};
use data_encoding::BASE64URL_NOPAD;
use thiserror::Error;
use zeroize::Zeroizing;

use crate::jwk::Jwk;
use crate::token::MAX_TOKEN;

const MODULUS_BYTES: usize = 256;
/// What surrounds the modulus in the PKCS#1 DER of a public key of 2048 bits with the exponent 65537.
const BEFORE_MODULUS: &[u8] = &[0x30, 0x82, 0x01, 0x0a, 0x02, 0x82, 0x01, 0x01, 0x00];
const AFTER_MODULUS: &[u8] = &[0x02, 0x03, 0x01, 0x00, 0x01];

#[derive(Clone, Copy, Debug, PartialEq, Eq, Error)]
pub enum KeyError {
    #[error("the RSA key could not be made")]
    Generate,
    #[error("the key is not valid PKCS#8 of an RSA key")]
    NotPkcs8,
    #[error("the RSA key is not one of 2048 bits with the exponent 65537")]
    NotRsa2048,
    #[error("the key refused to sign")]
    Sign,
    #[error("the claims do not fit a token")]
    ClaimsTooLong,
    #[error("the JWK is not an RS256 signature key")]
    NotAnRs256Jwk,
    #[error("the JWK's modulus or exponent is not valid")]
    BadJwk,
}

pub struct SigningKey {
    pair: KeyPair,
    jwk: Jwk,
    /// base64url of the header, with its dot.
    header: String,
    /// The same of an access token in RFC 9068's form.
    at_jwt_header: String,
}

impl SigningKey {
    /// A new key and its PKCS#8 DER, for sealing. Takes tenths of a second; draws on aws-lc's own generator.
    pub fn generate() -> Result<(Self, Zeroizing<Vec<u8>>), KeyError> {
        let pair = KeyPair::generate(KeySize::Rsa2048).map_err(|_| KeyError::Generate)?;
        let der: Pkcs8V1Der<'_> = pair.as_der().map_err(|_| KeyError::Generate)?;
        let pkcs8 = Zeroizing::new(der.as_ref().to_vec());
        Ok((Self::from_pair(pair)?, pkcs8))
    }

    pub fn from_pkcs8(der: &[u8]) -> Result<Self, KeyError> {
        Self::from_pair(KeyPair::from_pkcs8(der).map_err(|_| KeyError::NotPkcs8)?)
    }

    fn from_pair(pair: KeyPair) -> Result<Self, KeyError> {
        let modulus = pair.public_key().as_ref().strip_prefix(BEFORE_MODULUS);
        let modulus = modulus.and_then(|rest| rest.strip_suffix(AFTER_MODULUS)).ok_or(KeyError::NotRsa2048)?;
        let mut jwk = Jwk {
            alg: "RS256".to_owned(),
            e: "AQAB".to_owned(),
            kid: String::new(),
            kty: "RSA".to_owned(),
            n: BASE64URL_NOPAD.encode(modulus),
            usage: "sig".to_owned(),
        };
        jwk.kid = jwk.thumbprint();
        // Base64 needs no escaping in JSON.
        let encoded = |header: String| format!("{}.", BASE64URL_NOPAD.encode(header.as_bytes()));
        let header = encoded(format!(r#"{{"kid":"{}","alg":"RS256"}}"#, jwk.kid));
        let at_jwt_header = encoded(format!(r#"{{"typ":"at+jwt","kid":"{}","alg":"RS256"}}"#, jwk.kid));
        Ok(Self { pair, jwk, header, at_jwt_header })
    }

    /// 44 characters of standard base64; see [`Jwk::thumbprint`].
    pub fn kid(&self) -> &str {
        &self.jwk.kid
    }

    pub fn public_jwk(&self) -> Jwk {
        self.jwk.clone()
    }

    /// A compact JWS over `claims`, which are JSON and are signed byte for byte as they are. About a millisecond of CPU.
    pub fn sign(&self, claims: &[u8]) -> Result<String, KeyError> {
        self.sign_with(&self.header, claims)
    }

    /// The same with `typ: at+jwt` in its header (RFC 9068, section 2.1).
    pub fn sign_at_jwt(&self, claims: &[u8]) -> Result<String, KeyError> {
        self.sign_with(&self.at_jwt_header, claims)
    }

    fn sign_with(&self, header: &str, claims: &[u8]) -> Result<String, KeyError> {
        let mut token = String::with_capacity(header.len() + (claims.len() + MODULUS_BYTES) * 4 / 3 + 8);
        token.push_str(header);
        BASE64URL_NOPAD.encode_append(claims, &mut token);
        let mut signature = [0; MODULUS_BYTES];
        self.pair
            .sign(&RSA_PKCS1_SHA256, &SystemRandom::new(), token.as_bytes(), &mut signature)
            .map_err(|_| KeyError::Sign)?;
        token.push('.');
        BASE64URL_NOPAD.encode_append(&signature, &mut token);
        if token.len() > MAX_TOKEN { Err(KeyError::ClaimsTooLong) } else { Ok(token) }
    }
}

impl std::fmt::Debug for SigningKey {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("SigningKey").field("kid", &self.jwk.kid).finish_non_exhaustive()
    }
}
