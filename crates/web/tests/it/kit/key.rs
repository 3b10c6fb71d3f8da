//! A client's key, and the proofs that it makes (RFC 9449, section 4.2).

use std::sync::atomic::{AtomicU64, Ordering};

use aws_lc_rs::rand::SystemRandom;
use aws_lc_rs::signature::{ECDSA_P256_SHA256_FIXED_SIGNING, EcdsaKeyPair, KeyPair as _};
use cognate_domain::Clock as _;
use cognate_testkit::app::merged;
use data_encoding::BASE64URL_NOPAD;
use serde_json::{Value, json};

use super::{HOST, Shop, TOKEN, USER_INFO};

pub(crate) struct Key {
    pair: EcdsaKeyPair,
    jwk: Value,
    /// RFC 7638's.
    pub(crate) thumbprint: String,
}

impl Key {
    pub(crate) fn new() -> Self {
        let pair = EcdsaKeyPair::generate(&ECDSA_P256_SHA256_FIXED_SIGNING).unwrap();
        let (x, y) = pair.public_key().as_ref()[1..].split_at(32);
        let (x, y) = (BASE64URL_NOPAD.encode(x), BASE64URL_NOPAD.encode(y));
        let canonical = format!(r#"{{"crv":"P-256","kty":"EC","x":"{x}","y":"{y}"}}"#);
        let thumbprint = BASE64URL_NOPAD.encode(&cognate_jose::sha256(canonical.as_bytes()));
        Self { pair, jwk: serde_json::from_str(&canonical).unwrap(), thumbprint }
    }

    /// For the token endpoint.
    pub(crate) fn proof(&self, shop: &Shop) -> String {
        self.proof_of(shop, json!({}))
    }

    /// For userInfo, with a token.
    pub(crate) fn proof_with(&self, shop: &Shop, access_token: &str) -> String {
        self.proof_of(shop, at_userinfo(access_token))
    }

    /// With other claims than those of a good proof for the token endpoint; null leaves one out.
    pub(crate) fn proof_of(&self, shop: &Shop, more: Value) -> String {
        self.sign(&json!({ "typ": "dpop+jwt", "alg": "ES256", "jwk": self.jwk }), &good(shop, more))
    }

    /// Says that it is made with another's key.
    pub(crate) fn forged(&self, shop: &Shop, of: &Self) -> String {
        self.sign(&json!({ "typ": "dpop+jwt", "alg": "ES256", "jwk": of.jwk }), &good(shop, json!({})))
    }

    fn sign(&self, header: &Value, claims: &Value) -> String {
        let part = |json: &Value| BASE64URL_NOPAD.encode(json.to_string().as_bytes());
        let signed = format!("{}.{}", part(header), part(claims));
        let signature = self.pair.sign(&SystemRandom::new(), signed.as_bytes()).unwrap();
        format!("{signed}.{}", BASE64URL_NOPAD.encode(signature.as_ref()))
    }
}

fn good(shop: &Shop, more: Value) -> Value {
    static MADE: AtomicU64 = AtomicU64::new(0);

    let jti = format!("proof-{}", MADE.fetch_add(1, Ordering::Relaxed));
    let now = shop.app.clock.now().seconds();
    let good = json!({ "jti": jti, "htm": "POST", "htu": address(TOKEN), "iat": now });
    let Value::Object(mut claims) = merged(good, more) else { unreachable!("an object") };
    claims.retain(|_, value| !value.is_null());
    Value::Object(claims)
}

pub(crate) fn address(path: &str) -> String {
    format!("https://{HOST}{path}")
}

pub(crate) fn at_userinfo(access_token: &str) -> Value {
    let ath = BASE64URL_NOPAD.encode(&cognate_jose::sha256(access_token.as_bytes()));
    json!({ "htm": "GET", "htu": address(USER_INFO), "ath": ath })
}
