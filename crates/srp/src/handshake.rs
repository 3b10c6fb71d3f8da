//! The server's side of the handshake, in the order in which it happens. For a device, `pool_name` is the device group
//! key and `user` the device key; the client computes and sends the verifier itself.

use aws_lc_rs::{digest, hkdf, hmac};
use subtle::ConstantTimeEq;
use zeroize::Zeroizing;

use crate::Refused;
use crate::constants::{BYTES, Bytes, small};
use crate::group::{Group, add, is_zero, reduce};
use crate::public::{ClientPublic, ServerPublic, pad};

/// Builds the tables, which otherwise the first caller waits for.
pub fn warm_up() {
    Group::get();
}

pub(crate) fn sha256(parts: &[&[u8]]) -> Zeroizing<[u8; 32]> {
    let mut context = digest::Context::new(&digest::SHA256);
    for part in parts {
        context.update(part);
    }
    let mut out = Zeroizing::new([0; 32]);
    out.copy_from_slice(context.finish().as_ref());
    out
}

/// `x = H(pad(salt) | H(poolName | user | ":" | password))`
pub(crate) fn private_key(pool_name: &str, user: &str, password: &str, salt: &[u8; 16]) -> Zeroizing<[u8; 32]> {
    let identity = sha256(&[pool_name.as_bytes(), user.as_bytes(), b":", password.as_bytes()]);
    sha256(&[&pad(salt), identity.as_slice()])
}

/// `v = g^x mod N`. As good as the password to whoever can guess passwords: it is kept sealed.
pub fn verifier(pool_name: &str, user: &str, password: &str, salt: &[u8; 16]) -> Zeroizing<Bytes> {
    Group::get().base_power(private_key(pool_name, user, password, salt).as_slice())
}

/// Whether `verifier` was made of this password. Takes the same time whatever the answer.
pub fn password_matches(pool_name: &str, user: &str, password: &str, salt: &[u8; 16], verifier: &Bytes) -> bool {
    self::verifier(pool_name, user, password, salt).ct_eq(verifier).into()
}

/// A verifier that a client computed (`ConfirmDevice`): an unsigned big-endian integer of any width. Refused are 0, 1 and
/// N - 1, with which a handshake would prove nothing, and all from N on.
pub fn client_verifier(bytes: &[u8]) -> Result<Zeroizing<Bytes>, Refused> {
    let mut verifier = Zeroizing::new([0; BYTES]);
    let mut digits = bytes.iter().rev();
    for (to, from) in verifier.iter_mut().rev().zip(&mut digits) {
        *to = *from;
    }
    let too_long = digits.any(|digit| *digit != 0);
    let minus_one = is_zero(&add(&verifier, &small(1)));
    if too_long || minus_one || *verifier == small(0) || *verifier == small(1) || *reduce(&verifier, 0) != *verifier {
        return Err(Refused::Verifier);
    }
    Ok(verifier)
}

/// `B = k*v + g^b mod N`. `b` is fresh and random, kept secret until the answer, then forgotten.
pub fn challenge(verifier: &Bytes, b: &[u8; 32]) -> Result<ServerPublic, Refused> {
    challenge_with(verifier, b)
}

pub(crate) fn challenge_with(verifier: &Bytes, b: &[u8]) -> Result<ServerPublic, Refused> {
    if is_zero(verifier) {
        return Err(Refused::Verifier);
    }
    let group = Group::get();
    ServerPublic::from_bytes(*group.masked(verifier, &group.base_power(b)))
}

/// The key under which the client signs its claim, if it knows the password. `b` is that of the challenge.
pub fn session_key(
    a: &ClientPublic,
    server_public: &ServerPublic,
    verifier: &Bytes,
    b: &[u8; 32],
) -> Result<Zeroizing<[u8; 16]>, Refused> {
    session_key_with(a, server_public, verifier, b)
}

pub(crate) fn session_key_with(
    a: &ClientPublic,
    server_public: &ServerPublic,
    verifier: &Bytes,
    b: &[u8],
) -> Result<Zeroizing<[u8; 16]>, Refused> {
    if is_zero(verifier) {
        return Err(Refused::Verifier);
    }
    let u = sha256(&[&pad(a.bytes()), &pad(server_public.bytes())]);
    if *u == [0; 32] {
        return Err(Refused::ZeroU);
    }
    let shared = Group::get().shared(a.bytes(), verifier, &u, b);
    derived(&u, &shared)
}

struct SixteenBytes;

impl hkdf::KeyType for SixteenBytes {
    fn len(&self) -> usize {
        16
    }
}

/// AWS: HKDF with `pad(u)` as the salt. "Caldera" is what Cognito's clients say.
pub(crate) fn derived(u: &[u8; 32], shared: &Bytes) -> Result<Zeroizing<[u8; 16]>, Refused> {
    let mut key = Zeroizing::new([0; 16]);
    hkdf::Salt::new(hkdf::HKDF_SHA256, &pad(u))
        .extract(&pad(shared))
        .expand(&[b"Caldera Derived Key"], SixteenBytes)
        .and_then(|material| material.fill(key.as_mut_slice()))
        .map_err(|_| Refused::NoKey)?;
    Ok(key)
}

/// `PASSWORD_CLAIM_SIGNATURE` before base64. `secret_block` is decoded, `timestamp` the text as it was sent.
pub fn claim_signature(key: &[u8; 16], pool_name: &str, user: &str, secret_block: &[u8], timestamp: &str) -> [u8; 32] {
    let mut context = hmac::Context::with_key(&hmac::Key::new(hmac::HMAC_SHA256, key));
    for part in [pool_name.as_bytes(), user.as_bytes(), secret_block, timestamp.as_bytes()] {
        context.update(part);
    }
    let mut signature = [0; 32];
    signature.copy_from_slice(context.sign().as_ref());
    signature
}

/// Whether what the client sent, decoded, is the expected signature; the time tells nothing but the length.
pub fn claim_matches(expected: &[u8; 32], claimed: &[u8]) -> bool {
    expected.as_slice().ct_eq(claimed).into()
}
