//! A public key that verifies tokens, parsed once. The algorithm is the key's, never the token's choice.

use aws_lc_rs::rsa::PublicKeyComponents;
use aws_lc_rs::signature::{ECDSA_P256_SHA256_FIXED, ED25519, ParsedPublicKey, RSA_PKCS1_2048_8192_SHA256};
use data_encoding::BASE64URL_NOPAD;

use crate::jwk::Jwk;
use crate::sign::{KeyError, UNCOMPRESSED};
use crate::token::{Alg, Peek, VerifyError, peek};

/// 2048 to 8192 bits; the longest costs a verifier about a millisecond.
const MODULUS_BYTES: std::ops::RangeInclusive<usize> = 256..=1024;

fn odd(number: &[u8]) -> bool {
    number.last().is_some_and(|low| low & 1 == 1)
}

/// aws-lc looks at the exponent only when it verifies. 3 to 2^32: the range that it then accepts, and all that is in use.
fn exponent(number: &[u8]) -> bool {
    odd(number) && number.len() <= 4 && number != [1]
}

pub struct VerifyingKey {
    kid: String,
    alg: Alg,
    key: ParsedPublicKey,
}

impl VerifyingKey {
    pub fn from_jwk(jwk: &Jwk) -> Result<Self, KeyError> {
        let suits = |member: &str, wanted: &str| member.is_empty() || member == wanted;
        let alg = match (jwk.kty.as_str(), jwk.crv.as_str()) {
            ("RSA", _) => Alg::Rs256,
            ("EC", "P-256") => Alg::Es256,
            ("OKP", "Ed25519") => Alg::EdDsa,
            _ => return Err(KeyError::UnsuitableJwk),
        };
        if !suits(&jwk.alg, alg.as_str()) || !suits(&jwk.usage, "sig") {
            return Err(KeyError::UnsuitableJwk);
        }
        Ok(Self { kid: jwk.kid.clone(), alg, key: parse(jwk, alg)? })
    }

    pub fn kid(&self) -> &str {
        &self.kid
    }

    /// The claims' JSON of a token that this key signed. The token must name this key; a key without a kid verifies
    /// only tokens without one.
    pub fn verify(&self, token: &str) -> Result<Vec<u8>, VerifyError> {
        let read = peek(token)?;
        self.proves(&read)?;
        Ok(read.payload)
    }

    /// The same for a token that was taken apart before: from then on what was read is what was signed.
    pub fn proves(&self, read: &Peek<'_>) -> Result<(), VerifyError> {
        if read.kid.as_deref().unwrap_or_default() != self.kid {
            return Err(VerifyError::WrongKey);
        }
        if read.alg != self.alg {
            return Err(VerifyError::WrongAlgorithm);
        }
        self.key.verify_sig(read.signed.as_bytes(), &read.signature).map_err(|_| VerifyError::BadSignature)
    }
}

fn parse(jwk: &Jwk, alg: Alg) -> Result<ParsedPublicKey, KeyError> {
    let number = |text: &str| BASE64URL_NOPAD.decode(text.as_bytes()).map_err(|_| KeyError::BadJwk);
    match alg {
        Alg::Rs256 => {
            let components = PublicKeyComponents { n: number(&jwk.n)?, e: number(&jwk.e)? };
            if !MODULUS_BYTES.contains(&components.n.len()) || !odd(&components.n) || !exponent(&components.e) {
                return Err(KeyError::BadJwk);
            }
            components.to_parsed_public_key(&RSA_PKCS1_2048_8192_SHA256).map_err(|_| KeyError::BadJwk)
        }
        Alg::Es256 => {
            let point = [vec![UNCOMPRESSED], number(&jwk.x)?, number(&jwk.y)?].concat();
            ParsedPublicKey::new(&ECDSA_P256_SHA256_FIXED, &point).map_err(|_| KeyError::BadJwk)
        }
        Alg::EdDsa => ParsedPublicKey::new(&ED25519, number(&jwk.x)?).map_err(|_| KeyError::BadJwk),
    }
}

impl std::fmt::Debug for VerifyingKey {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("VerifyingKey").field("kid", &self.kid).finish_non_exhaustive()
    }
}
