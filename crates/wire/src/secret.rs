//! A value that is never printed and is wiped when dropped: passwords, tokens, codes, sessions, client secrets.

use std::fmt;

use serde::de::{Deserialize, Deserializer};
use serde::ser::{Serialize, Serializer};
use subtle::ConstantTimeEq;
use zeroize::Zeroize;

#[derive(Clone, Default)]
pub struct Secret<T: Zeroize = String>(T);

impl Secret<String> {
    /// The content. Name the reason where it leaves the program.
    pub fn expose(&self) -> &str {
        &self.0
    }
}

impl From<String> for Secret<String> {
    fn from(content: String) -> Self {
        Self(content)
    }
}

impl From<&str> for Secret<String> {
    fn from(content: &str) -> Self {
        Self(content.to_owned())
    }
}

impl<T: Zeroize> Drop for Secret<T> {
    fn drop(&mut self) {
        self.0.zeroize();
    }
}

impl<T: Zeroize> fmt::Debug for Secret<T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Secret(..)")
    }
}

/// Takes the same time wherever two contents of one length differ.
impl PartialEq for Secret<String> {
    fn eq(&self, other: &Self) -> bool {
        self.0.as_bytes().ct_eq(other.0.as_bytes()).into()
    }
}

impl Eq for Secret<String> {}

impl<'de> Deserialize<'de> for Secret<String> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        String::deserialize(deserializer).map(Self)
    }
}

impl Serialize for Secret<String> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(&self.0)
    }
}
