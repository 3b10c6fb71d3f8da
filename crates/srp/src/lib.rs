//! Cognito's SRP-6a, server side: 3072-bit group, g = 2, SHA-256, and AWS's own padding and key derivation.
//! Everything that touches a password, a verifier or b runs in constant time. Chance and secrets are passed in.

mod bn;
#[cfg(feature = "client")]
pub mod client;
mod comb;
mod constants;
mod group;
mod handshake;
mod public;
#[cfg(test)]
mod tests;

use thiserror::Error;

pub use constants::{BYTES, Bytes};
pub use handshake::{
    challenge, claim_matches, claim_signature, client_verifier, password_matches, session_key, verifier, warm_up,
};
pub use public::{ClientPublic, ServerPublic, salt_hex};

/// Why a handshake cannot go on. Only `MalformedA`, `ZeroA` and `Verifier` can be brought about by a client.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Error)]
pub enum Refused {
    #[error("A is not a hexadecimal number of at most 3072 bits")]
    MalformedA,
    #[error("A is zero modulo N")]
    ZeroA,
    #[error("B is zero modulo N")]
    ZeroB,
    #[error("u is zero")]
    ZeroU,
    #[error("the verifier is not one that a password could have")]
    Verifier,
    #[error("the session key could not be derived")]
    NoKey,
}
