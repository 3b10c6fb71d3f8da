//! Keys, JWK sets, signing, verifying, sealing and digests. No clock, no network; chance is passed in, except where an
//! RSA key is made. Whether a verified token's claims mean anything (time, issuer, use) is decided by the caller.

mod digest;
mod jwk;
mod proof;
mod seal;
mod sign;
mod token;
mod verify;

pub use digest::{constant_time_eq, hmac_sha256, secret_hash, sha256};
pub use jwk::{Jwk, JwkSet};
pub use proof::{PROOF_ALGORITHMS, Proof, ProofClaims, ProofError};
pub use seal::{KeyId, Keyring, MasterKey, Place, SEAL_OVERHEAD, SEAL_RANDOM, SealError};
pub use sign::{KeyError, SigningKey};
pub use token::{Alg, MAX_TOKEN, Peek, VerifyError, peek};
pub use verify::VerifyingKey;
