//! An issuer that signs whatever it is told to, and a fetcher that has what it is given.

use std::sync::{Arc, Mutex};
use std::time::Duration;

use aws_lc_rs::signature::Ed25519KeyPair;
use cognate_authorizer::{
    Alg, AuthContext, Authorizer, Builder, Fetch, FetchError, Fetching, Issuer, JwkSet, KeySet, Refusal, Rule,
};
use cognate_jose::{Jwk, SigningKey};
use data_encoding::BASE64URL_NOPAD;
use serde_json::{Value, json};

pub(crate) const POOL: &str = "https://cognito-idp.eu-central-1.amazonaws.com/eu-central-1_Test";
pub(crate) const PARTNER: &str = "https://login.partner.example";
pub(crate) const CLIENT: &str = "1example23456789";
pub(crate) const NOW: i64 = 1_800_000_000;

pub(crate) struct Signer {
    pair: Ed25519KeyPair,
    jwk: Jwk,
}

impl Signer {
    pub(crate) fn new(kid: &str) -> Self {
        let (key, pkcs8) = SigningKey::generate_for(Alg::EdDsa).unwrap();
        let jwk = Jwk { kid: kid.to_owned(), ..key.public_jwk() };
        Self { pair: Ed25519KeyPair::from_pkcs8(&pkcs8).unwrap(), jwk }
    }

    pub(crate) fn jwk(&self) -> Jwk {
        self.jwk.clone()
    }

    pub(crate) fn sign(&self, claims: &Value) -> String {
        self.sign_as(&format!(r#"{{"alg":"EdDSA","kid":{:?}}}"#, self.jwk.kid), &claims.to_string())
    }

    /// Header and claims as they are, whatever they are.
    pub(crate) fn sign_as(&self, header: &str, claims: &str) -> String {
        let signed = unsigned(header, claims);
        format!("{signed}.{}", BASE64URL_NOPAD.encode(self.pair.sign(signed.as_bytes()).as_ref()))
    }
}

pub(crate) fn unsigned(header: &str, claims: &str) -> String {
    format!("{}.{}", BASE64URL_NOPAD.encode(header.as_bytes()), BASE64URL_NOPAD.encode(claims.as_bytes()))
}

/// An access token's claims, with these in place of its own; null takes one away.
pub(crate) fn access(changes: Value) -> Value {
    changed(
        json!({
            "sub": "ann", "iss": POOL, "client_id": CLIENT, "token_use": "access", "scope": "orders/read openid",
            "exp": NOW + 300, "iat": NOW - 5, "jti": "j", "origin_jti": "o", "username": "ann1",
        }),
        changes,
    )
}

pub(crate) fn id(changes: Value) -> Value {
    changed(
        json!({
            "sub": "ann", "iss": POOL, "aud": CLIENT, "token_use": "id", "exp": NOW + 300, "iat": NOW - 5,
            "cognito:username": "ann1", "email": "ann@example.com",
        }),
        changes,
    )
}

fn changed(mut claims: Value, changes: Value) -> Value {
    let Value::Object(changes) = changes else { return claims };
    for (name, value) in changes {
        match value {
            Value::Null => drop(claims.as_object_mut().unwrap().remove(&name)),
            value => claims[name] = value,
        }
    }
    claims
}

pub(crate) fn keys<'a>(signers: impl IntoIterator<Item = &'a Signer>) -> KeySet {
    KeySet::from_jwks(&set(signers)).unwrap()
}

pub(crate) fn set<'a>(signers: impl IntoIterator<Item = &'a Signer>) -> JwkSet {
    JwkSet { keys: signers.into_iter().map(Signer::jwk).collect() }
}

pub(crate) fn at(now: i64) -> Builder {
    Authorizer::builder().clock(move || now)
}

/// The pool, with its keys given, for one client.
pub(crate) fn pool(signer: &Signer) -> Issuer {
    Issuer::cognito(POOL).clients([CLIENT]).keys(keys([signer]))
}

pub(crate) fn trusting(issuer: Issuer) -> Authorizer {
    at(NOW).issuer(issuer).build().unwrap()
}

pub(crate) fn verify(authorizer: &Authorizer, token: &str) -> Result<AuthContext, Refusal> {
    authorizer.verify_now(token, &Rule::authenticated())
}

/// What it says can be changed; what it was asked is remembered.
#[derive(Clone)]
pub(crate) struct Shelf {
    answer: Arc<Mutex<Result<Vec<u8>, FetchError>>>,
    asked: Arc<Mutex<Vec<String>>>,
    /// How long an answer takes.
    delay: Duration,
}

impl Shelf {
    pub(crate) fn new<'a>(signers: impl IntoIterator<Item = &'a Signer>) -> Self {
        let shelf = Self {
            answer: Arc::new(Mutex::new(Err(FetchError::NotYet))),
            asked: Arc::default(),
            delay: Duration::from_secs(1),
        };
        shelf.has(signers);
        shelf
    }

    pub(crate) fn has<'a>(&self, signers: impl IntoIterator<Item = &'a Signer>) {
        self.says(Ok(serde_json::to_vec(&set(signers)).unwrap()));
    }

    pub(crate) fn says(&self, answer: Result<Vec<u8>, FetchError>) {
        *self.answer.lock().unwrap() = answer;
    }

    pub(crate) fn slow(mut self, delay: Duration) -> Self {
        self.delay = delay;
        self
    }

    pub(crate) fn asked(&self) -> Vec<String> {
        self.asked.lock().unwrap().clone()
    }

    pub(crate) fn times_asked(&self) -> usize {
        self.asked.lock().unwrap().len()
    }
}

impl Fetch for Shelf {
    fn fetch<'a>(&'a self, url: &'a str) -> Fetching<'a> {
        self.asked.lock().unwrap().push(url.to_owned());
        Box::pin(async move {
            tokio::time::sleep(self.delay).await;
            self.answer.lock().unwrap().clone()
        })
    }
}

/// The pool, with its keys on that shelf.
pub(crate) fn fetching(shelf: &Shelf) -> Authorizer {
    at(NOW).issuer(Issuer::cognito(POOL).clients([CLIENT])).fetcher(shelf.clone()).build().unwrap()
}
