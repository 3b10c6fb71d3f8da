//! Values sealed at rest: a stolen database alone shows nothing, and a sealed value is worth nothing in another place.
//! Format: version 1, key id (8 bytes), salt (16), nonce (12), AES-256-GCM ciphertext, tag (16). Every message has a key
//! of its own: HKDF-SHA256(master key, salt, `MESSAGE_KEY`); with salt and nonce 28 random bytes meet no birthday bound
//! below 2^112 messages, where GCM's own nonce under one key would stop at 2^32 (NIST SP 800-38D section 8.3).

use std::fmt;

use aws_lc_rs::aead::{AES_256_GCM, Aad, LessSafeKey, NONCE_LEN, Nonce, UnboundKey};
use aws_lc_rs::hkdf::{HKDF_SHA256, Salt};
use data_encoding::HEXLOWER;
use thiserror::Error;
use zeroize::Zeroizing;

use crate::digest::sha256;

const VERSION: u8 = 1;
const MESSAGE_KEY: &[u8] = b"cognate seal 1: message key";
const KEY_ID: &[u8] = b"cognate seal 1: key id";
const SALT_LEN: usize = 16;
const TAG_LEN: usize = 16;
const HEAD_LEN: usize = 1 + 8 + SEAL_RANDOM;

/// How many fresh random bytes one sealing needs.
pub const SEAL_RANDOM: usize = SALT_LEN + NONCE_LEN;
/// How much longer the sealed value is than the plain one.
pub const SEAL_OVERHEAD: usize = HEAD_LEN + TAG_LEN;

#[derive(Clone, Copy, Debug, PartialEq, Eq, Error)]
pub enum SealError {
    #[error("the sealed value is too short or of an unknown version")]
    Malformed,
    #[error("the value is sealed with master key {0}, which is not at hand")]
    UnknownKey(KeyId),
    #[error("the sealed value was altered, or belongs to another place")]
    Refused,
    #[error("the value is too long to be sealed")]
    TooLong,
}

/// Names a master key without telling it; prints as 16 hex digits.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct KeyId([u8; 8]);

impl fmt::Display for KeyId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&HEXLOWER.encode(&self.0))
    }
}

impl fmt::Debug for KeyId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(self, f)
    }
}

/// Where a sealed value lives. A handle that lives in no table (a secret block, a session) names its kind instead.
#[derive(Clone, Copy, Debug)]
pub struct Place<'a> {
    pub table: &'a str,
    pub column: &'a str,
    pub row: &'a str,
}

impl Place<'_> {
    /// Each name is preceded by its length, so that no two places give the same bytes.
    fn bound_to(&self, id: KeyId) -> Vec<u8> {
        let names = [self.table, self.column, self.row];
        let mut bytes = Vec::with_capacity(9 + names.iter().map(|name| 8 + name.len()).sum::<usize>());
        bytes.push(VERSION);
        bytes.extend(id.0);
        for name in names {
            bytes.extend((name.len() as u64).to_be_bytes());
            bytes.extend(name.as_bytes());
        }
        bytes
    }
}

/// 32 bytes that protect everything; wiped when dropped.
pub struct MasterKey {
    bytes: Zeroizing<[u8; 32]>,
    id: KeyId,
}

impl MasterKey {
    pub fn from_bytes(bytes: [u8; 32]) -> Self {
        let bytes = Zeroizing::new(bytes);
        let labelled = Zeroizing::new([KEY_ID, bytes.as_slice()].concat());
        let mut id = [0; 8];
        for (to, from) in id.iter_mut().zip(sha256(&labelled)) {
            *to = from;
        }
        Self { bytes, id: KeyId(id) }
    }

    pub fn id(&self) -> KeyId {
        self.id
    }

    /// 32 bytes for another use, such as the key of one file: HKDF-SHA256 with this salt and label. The label must not be
    /// one of this module's own.
    pub fn derive(&self, salt: &[u8], label: &[u8]) -> Result<Zeroizing<[u8; 32]>, SealError> {
        let prk = Salt::new(HKDF_SHA256, salt).extract(self.bytes.as_slice());
        let mut key = Zeroizing::new([0; 32]);
        prk.expand(&[label], HKDF_SHA256)
            .and_then(|material| material.fill(key.as_mut_slice()))
            .map_err(|_| SealError::Refused)?;
        Ok(key)
    }

    fn message_key(&self, salt: &[u8; SALT_LEN]) -> Result<LessSafeKey, SealError> {
        let prk = Salt::new(HKDF_SHA256, salt).extract(self.bytes.as_slice());
        let mut key = Zeroizing::new([0; 32]);
        prk.expand(&[MESSAGE_KEY], &AES_256_GCM)
            .and_then(|material| material.fill(key.as_mut_slice()))
            .and_then(|()| UnboundKey::new(&AES_256_GCM, key.as_slice()))
            .map(LessSafeKey::new)
            .map_err(|_| SealError::Refused)
    }
}

impl fmt::Debug for MasterKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "MasterKey({})", self.id)
    }
}

/// Seals with the current key; opens with that or a previous one.
#[derive(Debug)]
pub struct Keyring {
    current: MasterKey,
    previous: Vec<MasterKey>,
}

impl Keyring {
    pub fn new(current: MasterKey, previous: Vec<MasterKey>) -> Self {
        Self { current, previous }
    }

    /// `random` must be fresh for each call and is stored in the sealed value.
    pub fn seal(&self, place: Place<'_>, plain: &[u8], random: [u8; SEAL_RANDOM]) -> Result<Vec<u8>, SealError> {
        let head = Head { id: self.current.id, random };
        let mut sealed = Vec::with_capacity(plain.len().saturating_add(SEAL_OVERHEAD));
        sealed.push(VERSION);
        sealed.extend(head.id.0);
        sealed.extend(head.random);
        sealed.extend(plain);
        let body = sealed.get_mut(HEAD_LEN..).unwrap_or_default();
        let tag = self
            .current
            .message_key(head.salt())?
            .seal_in_place_separate_tag(head.nonce(), Aad::from(place.bound_to(head.id)), body)
            .map_err(|_| SealError::TooLong)?;
        sealed.extend(tag.as_ref());
        Ok(sealed)
    }

    pub fn open(&self, place: Place<'_>, sealed: &[u8]) -> Result<Zeroizing<Vec<u8>>, SealError> {
        let (head, body) = Head::read(sealed).ok_or(SealError::Malformed)?;
        let key = std::iter::once(&self.current)
            .chain(&self.previous)
            .find(|key| key.id == head.id)
            .ok_or(SealError::UnknownKey(head.id))?;
        let mut plain = Zeroizing::new(body.to_vec());
        let length = key
            .message_key(head.salt())?
            .open_in_place(head.nonce(), Aad::from(place.bound_to(head.id)), &mut plain)
            .map_err(|_| SealError::Refused)?
            .len();
        plain.truncate(length);
        Ok(plain)
    }

    /// Whether the value need not be sealed anew after a change of master keys.
    pub fn is_current(&self, sealed: &[u8]) -> bool {
        Self::key_id_of(sealed) == Some(self.current.id)
    }

    /// The key that a value says it was sealed with; `None` if it is no sealed value.
    pub fn key_id_of(sealed: &[u8]) -> Option<KeyId> {
        Head::read(sealed).map(|(head, _)| head.id)
    }

    pub fn current_id(&self) -> KeyId {
        self.current.id
    }
}

struct Head {
    id: KeyId,
    random: [u8; SEAL_RANDOM],
}

impl Head {
    fn read(sealed: &[u8]) -> Option<(Self, &[u8])> {
        let (&[version], rest) = sealed.split_first_chunk()?;
        let (&id, rest) = rest.split_first_chunk()?;
        let (&random, body) = rest.split_first_chunk()?;
        (version == VERSION && body.len() >= TAG_LEN).then_some((Self { id: KeyId(id), random }, body))
    }

    fn salt(&self) -> &[u8; SALT_LEN] {
        let [salt @ .., _, _, _, _, _, _, _, _, _, _, _, _] = &self.random;
        salt
    }

    fn nonce(&self) -> Nonce {
        let [_, _, _, _, _, _, _, _, _, _, _, _, _, _, _, _, nonce @ ..] = self.random;
        Nonce::assume_unique_for_key(nonce)
    }
}
