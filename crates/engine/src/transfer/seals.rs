//! The keys of one export file, made of the export key and the file's own id: one authenticates lines, one seals values.
//!
//! A line's tag covers the tag before it, the line's number and its text; so a line that was changed, left out, moved or
//! taken from another file shows, and the footer stands for all of them.

use cognate_domain::{Entropy, Error, Result, ids};
use cognate_jose::{Keyring, MasterKey, Place, SEAL_RANDOM, constant_time_eq, hmac_sha256};
use zeroize::Zeroizing;

const LINES: &[u8] = b"cognate export 1: lines";
const VALUES: &[u8] = b"cognate export 1: values";

/// What is sealed in a file. With the key of its object it says where a value belongs.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Secret {
    VeilKey,
    SigningKey,
    ClientSecret,
    AddedSecret,
    Verifier,
    PasswordHistory,
}

impl Secret {
    const fn name(self) -> &'static str {
        match self {
            Self::VeilKey => "pool.veilKey",
            Self::SigningKey => "signingKey.privateKey",
            Self::ClientSecret => "client.secret",
            Self::AddedSecret => "client.addedSecrets.secret",
            Self::Verifier => "user.password.verifier",
            Self::PasswordHistory => "user.passwordHistory",
        }
    }

    const fn at(self, row: &str) -> Place<'_> {
        Place { table: "export", column: self.name(), row }
    }
}

pub struct FileKeys {
    lines: Zeroizing<[u8; 32]>,
    values: Keyring,
}

impl FileKeys {
    /// `id` is the header's.
    pub fn new(key: &MasterKey, id: &str) -> Result<Self> {
        let lines = key.derive(id.as_bytes(), LINES).map_err(Error::internal)?;
        let values = key.derive(id.as_bytes(), VALUES).map_err(Error::internal)?;
        Ok(Self { lines, values: Keyring::new(MasterKey::from_bytes(*values), Vec::new()) })
    }

    pub fn seal(&self, secret: Secret, row: &str, plain: &[u8], entropy: &dyn Entropy) -> Result<Vec<u8>> {
        self.values.seal(secret.at(row), plain, ids::random::<SEAL_RANDOM>(entropy)).map_err(Error::internal)
    }

    pub fn open(&self, secret: Secret, row: &str, sealed: &[u8]) -> Result<Zeroizing<Vec<u8>>, String> {
        let opened = self.values.open(secret.at(row), sealed);
        opened.map_err(|_| format!("the sealed {} belongs elsewhere or was altered", secret.name()))
    }

    pub(super) fn chain(&self) -> Chain {
        Chain { key: self.lines.clone(), last: [0; 32], number: 0 }
    }
}

/// The tags of a file's lines, one after another.
#[derive(Clone)]
pub(super) struct Chain {
    key: Zeroizing<[u8; 32]>,
    last: [u8; 32],
    number: u64,
}

impl Chain {
    /// The tag of the next line.
    pub(super) fn tag(&mut self, text: &[u8]) -> [u8; 32] {
        self.number += 1;
        self.last = hmac_sha256(self.key.as_slice(), &[&self.last, &self.number.to_be_bytes(), text]);
        self.last
    }

    /// Whether this is the tag of the next line.
    pub(super) fn accepts(&mut self, text: &[u8], tag: &[u8]) -> bool {
        constant_time_eq(&self.tag(text), tag)
    }

    pub(super) fn last(&self) -> &[u8; 32] {
        &self.last
    }
}
