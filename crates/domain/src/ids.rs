//! Ids, codes and secrets: the only place where chance becomes a value.

use data_encoding::BASE64URL_NOPAD;
use uuid::{Builder, Uuid};

use crate::{Entropy, Timestamp};

fn bytes<const N: usize>(entropy: &dyn Entropy) -> [u8; N] {
    let mut bytes = [0; N];
    entropy.fill(&mut bytes);
    bytes
}

/// `N` random bytes: salts, nonces, keys.
pub fn random<const N: usize>(entropy: &dyn Entropy) -> [u8; N] {
    bytes(entropy)
}

/// A random UUID: `sub`, `jti`, request ids.
pub fn uuid(entropy: &dyn Entropy) -> Uuid {
    Builder::from_random_bytes(bytes(entropy)).into_uuid()
}

/// A UUID whose order is that of time: keys of rows that are read in the order they were made.
pub fn ordered_uuid(entropy: &dyn Entropy, now: Timestamp) -> Uuid {
    Builder::from_unix_timestamp_millis(u64::try_from(now.0).unwrap_or(0), &bytes(entropy)).into_uuid()
}

/// One character of `alphabet`, unbiased for any length up to 256.
pub fn pick(entropy: &dyn Entropy, alphabet: &[u8]) -> char {
    let length = alphabet.len();
    loop {
        let [byte] = bytes::<1>(entropy);
        let at = usize::from(byte);
        if at < 256 - 256 % length
            && let Some(found) = alphabet.get(at % length)
        {
            return char::from(*found);
        }
    }
}

const ALPHANUMERIC: &[u8] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789";

/// `{region}_` and nine letters or digits.
pub fn pool_id(entropy: &dyn Entropy, region: &str) -> String {
    let name: String = (0..9).map(|_| pick(entropy, ALPHANUMERIC)).collect();
    format!("{region}_{name}")
}

/// A 128-bit number in base 32, as AWS's client ids look; 26 digits of `0-9a-v`.
pub fn client_id(entropy: &dyn Entropy) -> String {
    base32(&bytes::<16>(entropy), 26)
}

/// A 256-bit number in base 32; 52 digits.
pub fn client_secret(entropy: &dyn Entropy) -> String {
    base32(&bytes::<32>(entropy), 52)
}

/// A number of big-endian bytes in base 32, padded with zeros to `digits`.
fn base32(number: &[u8], digits: usize) -> String {
    const DIGITS: &[u8] = b"0123456789abcdefghijklmnopqrstuv";
    let bit = |at: usize| number.get(number.len() - 1 - at / 8).map_or(0, |byte| usize::from(byte >> (at % 8) & 1));
    (0..digits)
        .rev()
        .map(|digit| (0..5).filter(|at| digit * 5 + at < number.len() * 8).map(|at| bit(digit * 5 + at) << at).sum())
        .map(|value: usize| DIGITS.get(value).map_or('0', |digit| char::from(*digit)))
        .collect()
}

/// Decimal digits, each equally likely.
pub fn code(entropy: &dyn Entropy, digits: usize) -> String {
    (0..digits).map(|_| pick(entropy, b"0123456789")).collect()
}

/// The form of Cognito's refresh tokens, five parts behind a fixed header. It carries nothing: it is found by the
/// digest of the whole string.
pub fn refresh_token(entropy: &dyn Entropy) -> String {
    const HEADER: &str = "eyJjdHkiOiJKV1QiLCJlbmMiOiJBMjU2R0NNIiwiYWxnIjoiUlNBLU9BRVAifQ";
    let part = |random: &[u8]| BASE64URL_NOPAD.encode(random);
    format!(
        "{HEADER}.{}.{}.{}.{}",
        part(&bytes::<256>(entropy)),
        part(&bytes::<12>(entropy)),
        part(&bytes::<816>(entropy)),
        part(&bytes::<16>(entropy)),
    )
}

/// `AKIA` and sixteen upper-case letters or digits, as AWS's long-lived keys look.
pub fn access_key_id(entropy: &dyn Entropy) -> String {
    let rest: String = (0..16).map(|_| pick(entropy, b"ABCDEFGHIJKLMNOPQRSTUVWXYZ234567")).collect();
    format!("AKIA{rest}")
}

/// Forty characters, as AWS's secret access keys are long.
pub fn secret_access_key(entropy: &dyn Entropy) -> String {
    (0..40).map(|_| pick(entropy, ALPHANUMERIC)).collect()
}
