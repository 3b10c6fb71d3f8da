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

/// A random UUID: `sub`, `jti`.
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

#[cfg(test)]
mod tests {
    use std::iter::{Cycle, Take};
    use std::sync::Mutex;
    use std::vec::IntoIter;

    use proptest::prelude::*;

    use super::*;

    /// These bytes, and then them again; not for ever, for a fault must fail the test and not hold it up.
    struct Given(Mutex<Take<Cycle<IntoIter<u8>>>>);

    impl Entropy for Given {
        fn fill(&self, bytes: &mut [u8]) {
            bytes.fill_with(|| self.0.lock().unwrap().next().expect("too much was drawn"));
        }
    }

    fn given(bytes: &[u8]) -> Given {
        let bytes = Vec::from(bytes);
        Given(Mutex::new(bytes.into_iter().cycle().take(100_000)))
    }

    fn counting() -> Given {
        given(&(0..=255).collect::<Vec<u8>>())
    }

    #[test]
    fn what_comes_of_the_bytes_from_0_to_255() {
        let parts = refresh_token(&counting());
        let lengths: Vec<_> = parts.split('.').map(str::len).collect();
        for (made, expected) in [
            (uuid(&counting()).to_string(), "00010203-0405-4607-8809-0a0b0c0d0e0f"),
            (
                ordered_uuid(&counting(), Timestamp(1_751_419_191_000)).to_string(),
                "0197c8b7-fed8-7001-8203-040506070809",
            ),
            (ordered_uuid(&counting(), Timestamp(-1)).to_string(), "00000000-0000-7001-8203-040506070809"),
            (pool_id(&counting(), "us-east-1"), "us-east-1_ABCDEFGHI"),
            (client_id(&counting()), "00041061050o3gg28a1c60q3gf"),
            (client_secret(&counting()), "0001081g81860s40i2gb1g6gs3og2491650l2obhg68q3ce1q7gv"),
            (code(&counting(), 6), "012345"),
            (code(&counting(), 12), "012345678901"),
            (access_key_id(&counting()), "AKIAABCDEFGHIJKLMNOP"),
            (secret_access_key(&counting()), "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmn"),
            (format!("{:?}", random::<3>(&counting())), "[0, 1, 2]"),
            (format!("{lengths:?}"), "[62, 342, 16, 1088, 22]"),
        ] {
            assert_eq!(made, expected);
        }
        assert!(parts.starts_with("eyJjdHkiOiJKV1QiLCJlbmMiOiJBMjU2R0NNIiwiYWxnIjoiUlNBLU9BRVAifQ.AAECAwQF"));
    }

    /// A byte that would make some characters more likely than others is thrown away.
    #[test]
    fn every_character_is_as_likely_as_every_other() {
        for (alphabet, bytes, expected) in [
            (&b"0123456789"[..], &[255, 250, 249][..], '9'),
            (b"0123456789", &[250, 10], '0'),
            (b"0123456789", &[9, 0], '9'),
            (ALPHANUMERIC, &[248, 247], '9'),
            (ALPHANUMERIC, &[255, 62], 'A'),
            (b"ABCDEFGHIJKLMNOPQRSTUVWXYZ234567", &[255, 0], '7'),
            (b"x", &[255], 'x'),
        ] {
            assert_eq!(pick(&given(bytes), alphabet), expected, "{bytes:?}");
        }
        for alphabet in [&b"0123456789"[..], ALPHANUMERIC, b"abcdefg"] {
            let all = counting();
            let drawn: Vec<char> = (0..256 - 256 % alphabet.len()).map(|_| pick(&all, alphabet)).collect();
            for letter in alphabet {
                let times = drawn.iter().filter(|one| **one == char::from(*letter)).count();
                assert_eq!(times, 256 / alphabet.len(), "{}", char::from(*letter));
            }
        }
    }

    proptest! {
        #[test]
        fn base_32_is_the_number_five_bits_at_a_time(number: u128) {
            let digits = |number: u128| {
                let value = |at: u32| char::from_digit((number >> (at * 5) & 31) as u32, 32).unwrap();
                (0..26).rev().map(value).collect::<String>()
            };
            prop_assert_eq!(base32(&number.to_be_bytes(), 26), digits(number));
            prop_assert_eq!(base32(&number.to_be_bytes(), 30), format!("0000{}", digits(number)));
        }
    }
}
