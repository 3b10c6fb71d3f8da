//! A client as Cognito's libraries write it, on crypto-bigint and on hexadecimal text: it shares no arithmetic and no
//! padding with the crate.

use aws_lc_rs::{digest, hmac};
use crypto_bigint::modular::{FixedMontyForm, FixedMontyParams};
use crypto_bigint::{Odd, U3072};
use data_encoding::HEXLOWER_PERMISSIVE;

use super::{bytes, wide};
use crate::constants::{K, N};
use crate::{
    ClientPublic, Refused, ServerPublic, challenge, claim_matches, claim_signature, password_matches, session_key,
    verifier,
};

pub(super) fn number(bytes: &[u8]) -> U3072 {
    let mut full = [0; 384];
    full[384 - bytes.len()..].copy_from_slice(bytes);
    U3072::from_be_slice(&full)
}

pub(super) fn in_group(number: &U3072) -> FixedMontyForm<{ U3072::LIMBS }> {
    let modulus = Odd::new(U3072::from_be_slice(&N)).unwrap();
    FixedMontyForm::new(&number.rem(modulus.as_nz_ref()), &FixedMontyParams::new_vartime(modulus))
}

pub(super) fn power_of_two(exponent: &U3072) -> U3072 {
    in_group(&U3072::from_u8(2)).pow_vartime(exponent).retrieve()
}

fn padded(number: &U3072) -> Vec<u8> {
    let hex = format!("{number:x}");
    let hex = hex.trim_start_matches('0');
    let even = if hex.len() % 2 == 1 { format!("0{hex}") } else { hex.to_owned() };
    let signed = if even.starts_with(|first: char| "89abcdef".contains(first)) { format!("00{even}") } else { even };
    HEXLOWER_PERMISSIVE.decode(signed.as_bytes()).unwrap()
}

fn hash(parts: &[&[u8]]) -> Vec<u8> {
    digest::digest(&digest::SHA256, &parts.concat()).as_ref().to_vec()
}

fn mac(key: &[u8], data: &[u8]) -> Vec<u8> {
    hmac::sign(&hmac::Key::new(hmac::HMAC_SHA256, key), data).as_ref().to_vec()
}

struct Client {
    a: U3072,
    public: U3072,
}

impl Client {
    fn new(a: &[u8]) -> Self {
        let a = number(a);
        Self { public: power_of_two(&a), a }
    }

    fn hex(&self) -> String {
        format!("{:x}", self.public).trim_start_matches('0').to_owned()
    }

    fn session_key(&self, identity: &str, salt: &[u8], server_hex: &str) -> Vec<u8> {
        let server = number(&wide(server_hex));
        let u = number(&hash(&[&padded(&self.public), &padded(&server)]));
        let x = number(&hash(&[&padded(&number(salt)), &hash(&[identity.as_bytes()])]));
        let base = in_group(&server) - in_group(&number(&K)) * in_group(&power_of_two(&x));
        let shared = base.pow_vartime(&u.wrapping_mul(&x).wrapping_add(&self.a)).retrieve();
        let prk = mac(&padded(&u), &padded(&shared));
        mac(&prk, b"Caldera Derived Key\x01")[..16].to_vec()
    }
}

#[test]
fn a_client_and_the_server_agree_exactly_when_the_password_is_right() {
    for round in 0..32 {
        let (pool, user, password) = (format!("Pool{round}"), format!("user-{round}"), format!("pass-wörd {round}"));
        let mut salt: [u8; 16] = bytes(&format!("salt {round}"));
        salt[0] >>= round % 8;
        let b: [u8; 32] = bytes(&format!("b {round}"));
        // AWS's clients draw 1024 bits; others are content with 256.
        let client = if round % 2 == 0 { Client::new(&bytes::<128>(&pool)) } else { Client::new(&bytes::<32>(&pool)) };
        let v = verifier(&pool, &user, &password, &salt);
        let server = challenge(&v, &b).unwrap();

        // What is kept between the two requests travels as bytes.
        let a = ClientPublic::parse(&client.hex()).unwrap();
        let a = ClientPublic::from_bytes(a.to_bytes()).unwrap();
        let server = ServerPublic::from_bytes(server.to_bytes()).unwrap();
        let key = session_key(&a, &server, &v, &b).unwrap();

        let right = client.session_key(&format!("{pool}{user}:{password}"), &salt, &server.hex());
        assert_eq!(key.as_slice(), right, "round {round}");
        let wrong = client.session_key(&format!("{pool}{user}:{password}!"), &salt, &server.hex());
        assert_ne!(key.as_slice(), wrong, "round {round}");

        let claim = |key: &[u8]| claim_signature(key.try_into().unwrap(), &pool, &user, b"block", "Tue Sep 1 ..");
        let expected = claim_signature(&key, &pool, &user, b"block", "Tue Sep 1 ..");
        assert!(claim_matches(&expected, &claim(&right)));
        assert!(!claim_matches(&expected, &claim(&wrong)));
        assert!(!claim_matches(&expected, &claim(&right)[..31]));
        assert!(!claim_matches(&expected, b""));
    }
}

#[test]
fn a_password_matches_only_in_its_pool_for_its_user_with_its_salt() {
    let salt = bytes("salt");
    let v = verifier("Pool", "jane", "secret", &salt);
    assert!(password_matches("Pool", "jane", "secret", &salt, &v));
    assert!(!password_matches("Pool", "jane", "Secret", &salt, &v));
    assert!(!password_matches("Pool", "jane", "", &salt, &v));
    assert!(!password_matches("Loop", "jane", "secret", &salt, &v));
    assert!(!password_matches("Pool", "john", "secret", &salt, &v));
    assert!(!password_matches("Pool", "jane", "secret", &bytes("pepper"), &v));
    assert!(!password_matches("Pool", "jane", "secret", &salt, &[0; 384]));
}

#[test]
fn a_claim_is_bound_to_every_one_of_its_parts() {
    let claim = claim_signature(&[1; 16], "Pool", "jane", b"block", "now");
    for other in [
        claim_signature(&[2; 16], "Pool", "jane", b"block", "now"),
        claim_signature(&[1; 16], "Pond", "jane", b"block", "now"),
        claim_signature(&[1; 16], "Pool", "john", b"block", "now"),
        claim_signature(&[1; 16], "Pool", "jane", b"clock", "now"),
        claim_signature(&[1; 16], "Pool", "jane", b"block", "new"),
    ] {
        assert!(!claim_matches(&claim, &other));
    }
}

#[test]
fn an_a_beyond_n_is_hashed_as_sent_and_reckoned_modulo_n() {
    // No honest client sends it; the two sides of the rule must still not be mixed up.
    let (salt, b) = (bytes("salt"), bytes("b"));
    let v = verifier("Pool", "jane", "secret", &salt);
    let server = challenge(&v, &b).unwrap();
    let small = ClientPublic::parse("2").unwrap();
    let large = ClientPublic::from_bytes(number(&N).wrapping_add(&U3072::from_u8(2)).to_be_bytes().into()).unwrap();
    assert_ne!(session_key(&small, &server, &v, &b).unwrap(), session_key(&large, &server, &v, &b).unwrap());

    let u = hash(&[&padded(&number(&large.to_bytes())), &padded(&number(&server.to_bytes()))]);
    let base = in_group(&U3072::from_u8(2)) * in_group(&number(v.as_slice())).pow_vartime(&number(&u));
    let shared = base.pow_vartime(&number(&b)).retrieve();
    let prk = mac(&padded(&number(&u)), &padded(&shared));
    let wanted = &mac(&prk, b"Caldera Derived Key\x01")[..16];
    assert_eq!(session_key(&large, &server, &v, &b).unwrap().as_slice(), wanted);
}

#[test]
fn a_verifier_of_zero_serves_no_handshake() {
    let (a, server) =
        (ClientPublic::parse("2").unwrap(), challenge(&verifier("p", "u", "w", &[1; 16]), &[2; 32]).unwrap());
    for zero in [[0; 384], N] {
        assert_eq!(challenge(&zero, &[2; 32]).unwrap_err(), Refused::Verifier);
        assert_eq!(session_key(&a, &server, &zero, &[2; 32]).unwrap_err(), Refused::Verifier);
    }
}
