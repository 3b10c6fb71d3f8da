//! An issuer's public keys, parsed once (RFC 7517). Keys of kinds that we do not verify with, keys for encryption and
//! keys without a `kid` are left out; a set is refused only if it is no set.

use std::collections::BTreeMap;
use std::fmt;
use std::fs::File;
use std::io::Read as _;
use std::path::Path;
use std::sync::Arc;

use cognate_jose::{Jwk, JwkSet, Peek, VerifyError, VerifyingKey};
use serde::Deserialize;
use serde_json::Value;
use thiserror::Error;

use crate::fetch::MAX_ANSWER;

/// Parsing a key costs something, so a set may not have any number of them.
const MAX_KEYS: usize = 100;

/// Cheap to clone.
#[derive(Clone, Default)]
pub struct KeySet {
    /// An issuer may have keys of several kinds under one name.
    by_kid: Arc<BTreeMap<String, Vec<VerifyingKey>>>,
}

#[derive(Clone, Debug, PartialEq, Eq, Error)]
#[non_exhaustive]
pub enum KeySetError {
    #[error("the key set is no JSON object with an array of keys")]
    NotASet,
    #[error("the key set has {actual} keys, expected at most {MAX_KEYS}")]
    TooManyKeys { actual: usize },
    #[error("the key set is longer than 256 KiB")]
    TooLong,
    #[error("the file of the key set cannot be read: {0}")]
    NotReadable(std::io::ErrorKind),
}

#[derive(Deserialize)]
struct Members {
    keys: Vec<Value>,
}

impl KeySet {
    pub fn from_json(json: &[u8]) -> Result<Self, KeySetError> {
        if json.len() > MAX_ANSWER {
            return Err(KeySetError::TooLong);
        }
        let Members { keys } = serde_json::from_slice(json).map_err(|_| KeySetError::NotASet)?;
        if keys.len() > MAX_KEYS {
            return Err(KeySetError::TooManyKeys { actual: keys.len() });
        }
        // What does not even read as a JWK is a kind of key that we do not know.
        Ok(Self::of(keys.into_iter().filter_map(|key| serde_json::from_value(key).ok())))
    }

    /// For a service without a network: the file is what the issuer serves as its `jwks.json`.
    pub fn from_file(path: impl AsRef<Path>) -> Result<Self, KeySetError> {
        let failed = |error: std::io::Error| KeySetError::NotReadable(error.kind());
        let mut json = Vec::new();
        let longest = u64::try_from(MAX_ANSWER).unwrap_or(u64::MAX).saturating_add(1);
        File::open(path).map_err(failed)?.take(longest).read_to_end(&mut json).map_err(failed)?;
        Self::from_json(&json)
    }

    pub fn from_jwks(set: &JwkSet) -> Result<Self, KeySetError> {
        if set.keys.len() > MAX_KEYS {
            return Err(KeySetError::TooManyKeys { actual: set.keys.len() });
        }
        Ok(Self::of(set.keys.iter().cloned()))
    }

    fn of(keys: impl Iterator<Item = Jwk>) -> Self {
        let mut by_kid: BTreeMap<String, Vec<VerifyingKey>> = BTreeMap::new();
        for key in keys.filter(|key| !key.kid.is_empty()).filter_map(|key| VerifyingKey::from_jwk(&key).ok()) {
            by_kid.entry(key.kid().to_owned()).or_default().push(key);
        }
        Self { by_kid: Arc::new(by_kid) }
    }

    pub fn is_empty(&self) -> bool {
        self.by_kid.is_empty()
    }

    /// The names of the keys that tokens can be verified with.
    pub fn kids(&self) -> impl Iterator<Item = &str> {
        self.by_kid.keys().map(String::as_str)
    }

    pub(crate) fn has(&self, kid: &str) -> bool {
        self.by_kid.contains_key(kid)
    }

    /// Whether one of the keys that the token names signed it. The algorithm is the key's.
    pub(crate) fn prove(&self, read: &Peek<'_>) -> Result<(), VerifyError> {
        let named = read.kid.as_deref().and_then(|kid| self.by_kid.get(kid));
        let mut outcome = Err(VerifyError::WrongKey);
        for key in named.into_iter().flatten() {
            match key.proves(read) {
                Ok(()) => return Ok(()),
                // Of two keys of a name, the one of the token's algorithm has the say.
                Err(VerifyError::WrongAlgorithm) if outcome == Err(VerifyError::BadSignature) => {}
                Err(error) => outcome = Err(error),
            }
        }
        outcome
    }
}

impl fmt::Debug for KeySet {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_set().entries(self.by_kid.keys()).finish()
    }
}
