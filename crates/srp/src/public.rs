//! The two public numbers of a handshake as they travel, and the one padding that all of Cognito's clients use.
//! AWS: `pad` is Java's `BigInteger.toByteArray()`, the shortest two's complement, never a fixed width; SALT, A and B
//! travel as hexadecimal integers without leading zeros.

use data_encoding::{HEXLOWER, HEXLOWER_PERMISSIVE};
use zeroize::Zeroizing;

use crate::Refused;
use crate::constants::{BYTES, Bytes};
use crate::group::is_zero;

/// A client that pads to some width is understood; this bounds what is looked at.
const MAX_HEX: usize = 1024;

/// The shortest big-endian two's complement of a non-negative integer. Its length, and so the time taken, tells how many
/// leading zero bytes the number has: the protocol hashes that length, so nothing can hide it.
pub(crate) fn pad(number: &[u8]) -> Zeroizing<Vec<u8>> {
    let significant = number.iter().skip_while(|byte| **byte == 0);
    let sign = significant.clone().next().is_none_or(|first| *first >= 0x80).then_some(&0);
    let mut padded = Zeroizing::new(Vec::with_capacity(number.len() + 1));
    padded.extend(sign.into_iter().chain(significant));
    padded
}

fn integer_hex(number: &[u8]) -> String {
    let digits = HEXLOWER.encode(number);
    match digits.trim_start_matches('0') {
        "" => "0".to_owned(),
        short => short.to_owned(),
    }
}

/// `SALT` as Cognito prints it: the integer's lower-case hexadecimal digits.
pub fn salt_hex(salt: &[u8]) -> String {
    integer_hex(salt)
}

/// A: never zero modulo N. It is hashed as the integer that was sent.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ClientPublic(Bytes);

impl ClientPublic {
    /// `SRP_A`: hexadecimal digits of either case, leading zeros allowed.
    pub fn parse(hex: &str) -> Result<Self, Refused> {
        if hex.is_empty() || hex.len() > MAX_HEX {
            return Err(Refused::MalformedA);
        }
        let digits = format!("{:0>width$}", hex.trim_start_matches('0'), width = BYTES * 2);
        let number = HEXLOWER_PERMISSIVE.decode(digits.as_bytes()).map_err(|_| Refused::MalformedA)?;
        Self::from_bytes(number.try_into().map_err(|_| Refused::MalformedA)?)
    }

    /// As a client sends it.
    #[cfg(feature = "client")]
    pub fn hex(&self) -> String {
        integer_hex(&self.0)
    }

    pub fn to_bytes(&self) -> Bytes {
        self.0
    }

    pub fn from_bytes(bytes: Bytes) -> Result<Self, Refused> {
        if is_zero(&bytes) { Err(Refused::ZeroA) } else { Ok(Self(bytes)) }
    }

    pub(crate) fn bytes(&self) -> &Bytes {
        &self.0
    }
}

/// B: below N and never zero.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ServerPublic(Bytes);

impl ServerPublic {
    /// `SRP_B`
    pub fn hex(&self) -> String {
        integer_hex(&self.0)
    }

    pub fn to_bytes(&self) -> Bytes {
        self.0
    }

    pub fn from_bytes(bytes: Bytes) -> Result<Self, Refused> {
        if is_zero(&bytes) { Err(Refused::ZeroB) } else { Ok(Self(bytes)) }
    }

    pub(crate) fn bytes(&self) -> &Bytes {
        &self.0
    }
}
