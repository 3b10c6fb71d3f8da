//! A key that signs tokens: RSA-2048 with RS256 as Cognito does, or P-256 with ES256, or Ed25519 with EdDSA (RFC 7515, RFC 7518
//! section 3, RFC 8037). Parsed once, shared by `Arc`. AWS: the header is exactly `{"kid":"..","alg":"RS256"}`, without `typ`.

use aws_lc_rs::digest;
use aws_lc_rs::encoding::{AsDer, Pkcs8V1Der};
use aws_lc_rs::rand::SystemRandom;
use aws_lc_rs::rsa::{KeyPair, KeySize};
use aws_lc_rs::signature::{
    ECDSA_P256_SHA256_FIXED_SIGNING, EcdsaKeyPair, Ed25519KeyPair, KeyPair as _, RSA_PKCS1_SHA256,
};
use data_encoding::BASE64URL_NOPAD;
use thiserror::Error;
use zeroize::Zeroizing;

use crate::jwk::Jwk;
use crate::token::{Alg, MAX_TOKEN};

const MODULUS_BYTES: usize = 256;
/// What surrounds the modulus in the PKCS#1 DER of a public key of 2048 bits with the exponent 65537.
const BEFORE_MODULUS: &[u8] = &[0x30, 0x82, 0x01, 0x0a, 0x02, 0x82, 0x01, 0x01, 0x00];
const AFTER_MODULUS: &[u8] = &[0x02, 0x03, 0x01, 0x00, 0x01];
/// What precedes the coordinates of a point.
pub(crate) const UNCOMPRESSED: u8 = 4;

#[derive(Clone, Copy, Debug, PartialEq, Eq, Error)]
pub enum KeyError {
    #[error("the key could not be made")]
    Generate,
    #[error("the key is not valid PKCS#8 of a key that we sign with")]
    NotPkcs8,
    #[error("the RSA key is not one of 2048 bits with the exponent 65537")]
    NotRsa2048,
    #[error("the key refused to sign")]
    Sign,
    #[error("the claims do not fit a token")]
    ClaimsTooLong,
    #[error("the JWK is not a signature key of an algorithm of ours")]
    UnsuitableJwk,
    #[error("the JWK's numbers are not valid")]
    BadJwk,
}

pub struct SigningKey {
    pair: Pair,
    alg: Alg,
    jwk: Jwk,
    /// base64url of the header, with its dot.
    header: String,
    /// The same of an access token in RFC 9068's form.
    at_jwt_header: String,
}

enum Pair {
    Rsa(KeyPair),
    P256(EcdsaKeyPair),
    Ed25519(Ed25519KeyPair),
}

impl SigningKey {
    /// A new RSA key and its PKCS#8 DER, for sealing. Takes tenths of a second; draws on aws-lc's own generator.
    pub fn generate() -> Result<(Self, Zeroizing<Vec<u8>>), KeyError> {
        Self::generate_for(Alg::Rs256)
    }

    /// The same for any algorithm; those of curves take no time.
    pub fn generate_for(alg: Alg) -> Result<(Self, Zeroizing<Vec<u8>>), KeyError> {
        let failed = |_| KeyError::Generate;
        let pkcs8 = match alg {
            Alg::Rs256 => {
                let pair = KeyPair::generate(KeySize::Rsa2048).map_err(failed)?;
                let der: Pkcs8V1Der<'_> = pair.as_der().map_err(failed)?;
                Zeroizing::new(der.as_ref().to_vec())
            }
            Alg::Es256 => {
                let random = SystemRandom::new();
                let der = EcdsaKeyPair::generate_pkcs8(&ECDSA_P256_SHA256_FIXED_SIGNING, &random).map_err(failed)?;
                Zeroizing::new(der.as_ref().to_vec())
            }
            Alg::EdDsa => {
                let der = Ed25519KeyPair::generate_pkcs8(&SystemRandom::new()).map_err(failed)?;
                Zeroizing::new(der.as_ref().to_vec())
            }
        };
        Ok((Self::from_pkcs8(&pkcs8)?, pkcs8))
    }

    pub fn from_pkcs8(der: &[u8]) -> Result<Self, KeyError> {
        if let Ok(pair) = KeyPair::from_pkcs8(der) {
            return Self::rsa(pair);
        }
        if let Ok(pair) = EcdsaKeyPair::from_pkcs8(&ECDSA_P256_SHA256_FIXED_SIGNING, der) {
            return Self::p256(pair);
        }
        match Ed25519KeyPair::from_pkcs8(der) {
            Ok(pair) => Ok(Self::ed25519(pair)),
            Err(_) => Err(KeyError::NotPkcs8),
        }
    }

    fn rsa(pair: KeyPair) -> Result<Self, KeyError> {
        let modulus = pair.public_key().as_ref().strip_prefix(BEFORE_MODULUS);
        let modulus = modulus.and_then(|rest| rest.strip_suffix(AFTER_MODULUS)).ok_or(KeyError::NotRsa2048)?;
        let numbers =
            Jwk { e: "AQAB".to_owned(), kty: "RSA".to_owned(), n: BASE64URL_NOPAD.encode(modulus), ..Jwk::default() };
        Ok(Self::with(Pair::Rsa(pair), Alg::Rs256, numbers))
    }

    fn p256(pair: EcdsaKeyPair) -> Result<Self, KeyError> {
        let point = pair.public_key().as_ref().strip_prefix(&[UNCOMPRESSED]).ok_or(KeyError::NotPkcs8)?;
        let (x, y) = point.split_at(point.len() / 2);
        let numbers = Jwk {
            crv: "P-256".to_owned(),
            kty: "EC".to_owned(),
            x: BASE64URL_NOPAD.encode(x),
            y: BASE64URL_NOPAD.encode(y),
            ..Jwk::default()
        };
        Ok(Self::with(Pair::P256(pair), Alg::Es256, numbers))
    }

    fn ed25519(pair: Ed25519KeyPair) -> Self {
        let x = BASE64URL_NOPAD.encode(pair.public_key().as_ref());
        let numbers = Jwk { crv: "Ed25519".to_owned(), kty: "OKP".to_owned(), x, ..Jwk::default() };
        Self::with(Pair::Ed25519(pair), Alg::EdDsa, numbers)
    }

    fn with(pair: Pair, alg: Alg, numbers: Jwk) -> Self {
        let (name, kid) = (alg.as_str(), numbers.thumbprint());
        let encoded = |header: String| format!("{}.", BASE64URL_NOPAD.encode(header.as_bytes()));
        // Base64 needs no escaping in JSON.
        let header = encoded(format!(r#"{{"kid":"{kid}","alg":"{name}"}}"#));
        let at_jwt_header = encoded(format!(r#"{{"typ":"at+jwt","kid":"{kid}","alg":"{name}"}}"#));
        let jwk = Jwk { alg: name.to_owned(), kid, usage: "sig".to_owned(), ..numbers };
        Self { pair, alg, jwk, header, at_jwt_header }
    }

    /// 44 characters of standard base64; see [`Jwk::thumbprint`].
    pub fn kid(&self) -> &str {
        &self.jwk.kid
    }

    pub fn alg(&self) -> Alg {
        self.alg
    }

    pub fn public_jwk(&self) -> Jwk {
        self.jwk.clone()
    }

    /// A compact JWS over `claims`, which are JSON and are signed byte for byte as they are. About a millisecond of CPU with RSA.
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
        let random = SystemRandom::new();
        let mut rsa = [0; MODULUS_BYTES];
        let short;
        let signature = match &self.pair {
            Pair::Rsa(pair) => {
                let signed = pair.sign(&RSA_PKCS1_SHA256, &random, token.as_bytes(), &mut rsa);
                signed.map(|()| rsa.as_slice()).map_err(|_| KeyError::Sign)?
            }
            Pair::P256(pair) => {
                short = pair.sign(&random, token.as_bytes()).map_err(|_| KeyError::Sign)?;
                short.as_ref()
            }
            Pair::Ed25519(pair) => {
                short = pair.sign(token.as_bytes());
                short.as_ref()
            }
        };
        token.push('.');
        BASE64URL_NOPAD.encode_append(signature, &mut token);
        if token.len() > MAX_TOKEN { Err(KeyError::ClaimsTooLong) } else { Ok(token) }
    }

    /// The left half of the digest that the algorithm signs, as `at_hash` says it (OpenID Connect Core, 3.1.3.6).
    pub fn left_half(&self, text: &str) -> String {
        let algorithm = match self.alg {
            Alg::Rs256 | Alg::Es256 => &digest::SHA256,
            Alg::EdDsa => &digest::SHA512,
        };
        let digest = digest::digest(algorithm, text.as_bytes());
        let (left, _) = digest.as_ref().split_at(algorithm.output_len() / 2);
        BASE64URL_NOPAD.encode(left)
    }
}

impl std::fmt::Debug for SigningKey {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("SigningKey").field("kid", &self.jwk.kid).finish_non_exhaustive()
    }
}
