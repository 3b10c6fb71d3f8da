//! `tests/srp-vectors.json`; `tests/README.md` tells where it comes from.

use data_encoding::{BASE64, HEXLOWER};
use serde_json::Value;

use super::wide;
use crate::constants::{K, N};
use crate::handshake::{challenge_with, session_key_with};
use crate::public::pad;
use crate::{ClientPublic, claim_matches, claim_signature, client_verifier, password_matches, salt_hex, verifier};

struct Vector(Value);

impl Vector {
    fn text(&self, member: &str) -> &str {
        self.0[member].as_str().unwrap_or_else(|| panic!("{member} in {}", self.0["name"]))
    }

    fn base64(&self, member: &str) -> Vec<u8> {
        BASE64.decode(self.text(member).as_bytes()).unwrap()
    }

    fn salt(&self) -> [u8; 16] {
        HEXLOWER.decode(format!("{:0>32}", self.text("saltHex")).as_bytes()).unwrap().try_into().unwrap()
    }
}

fn document() -> Value {
    serde_json::from_str(include_str!("../../tests/srp-vectors.json")).unwrap()
}

fn vectors() -> Vec<Vector> {
    let vectors: Vec<_> = document()["vectors"].as_array().unwrap().iter().cloned().map(Vector).collect();
    assert_eq!(vectors.len(), 6);
    vectors
}

#[test]
fn the_constants_are_those_of_the_vectors() {
    let document = document();
    assert_eq!(HEXLOWER.encode(&N), document["N_hex"].as_str().unwrap());
    assert_eq!(HEXLOWER.encode(&K), document["kHex"].as_str().unwrap());
}

#[test]
fn the_padding_is_javas() {
    for (number, padded) in [
        (&[0][..], &[0][..]),
        (&[], &[0]),
        (&[20], &[0x14]),
        (&[0x7f], &[0x7f]),
        (&[200], &[0x00, 0xc8]),
        (&[0, 0, 0xec], &[0x00, 0xec]),
        (&[0, 1, 0], &[1, 0]),
    ] {
        assert_eq!(pad(number).as_slice(), padded);
    }
    assert_eq!(pad(&N).len(), 385);
}

#[test]
fn every_vector_is_reproduced_from_password_to_signature() {
    for vector in vectors() {
        let name = vector.text("name").to_owned();
        let (pool, user) = (vector.text("poolNameOrDeviceGroupKey"), vector.text("userIdOrDeviceKey"));
        let salt = vector.salt();
        assert_eq!(salt_hex(&salt), vector.text("saltHex"), "{name}");
        assert_eq!(HEXLOWER.encode(&pad(&salt)), vector.text("saltPaddedHex"), "{name}");

        let v = verifier(pool, user, vector.text("password"), &salt);
        assert_eq!(*v, wide(vector.text("verifierHex")), "{name}");
        assert!(password_matches(pool, user, vector.text("password"), &salt, &v), "{name}");

        let b = HEXLOWER.decode(format!("{:0>256}", vector.text("bHex")).as_bytes()).unwrap();
        let server = challenge_with(&v, &b).unwrap();
        assert_eq!(server.hex(), vector.text("B_hex"), "{name}");
        assert_eq!(pad(&server.to_bytes()).len() as u64, vector.0["B_paddedBytes"].as_u64().unwrap(), "{name}");

        let sent = vector.text("A_hex");
        for spelled in [sent.to_owned(), sent.to_uppercase(), format!("000{sent}")] {
            let client = ClientPublic::parse(&spelled).unwrap();
            assert_eq!(pad(&client.to_bytes()).len() as u64, vector.0["A_paddedBytes"].as_u64().unwrap(), "{name}");
            let key = session_key_with(&client, &server, &v, &b).unwrap();
            assert_eq!(HEXLOWER.encode(key.as_slice()), vector.text("hkdfKeyHex"), "{name}");

            let block = vector.base64("secretBlockBase64");
            let signature = claim_signature(&key, pool, user, &block, vector.text("timestamp"));
            assert!(claim_matches(&signature, &vector.base64("passwordClaimSignatureBase64")), "{name}");
        }
    }
}

#[test]
fn a_devices_verifier_is_read_as_clients_send_it() {
    let vectors = vectors();
    let device = vectors.iter().find(|vector| vector.text("kind") == "device").unwrap();
    let sent = device.0["confirmDevice"]["PasswordVerifier"].as_str().unwrap();
    let verifier = client_verifier(&BASE64.decode(sent.as_bytes()).unwrap()).unwrap();
    assert_eq!(*verifier, wide(device.text("verifierHex")));
    let salt = BASE64.decode(device.0["confirmDevice"]["Salt"].as_str().unwrap().as_bytes()).unwrap();
    assert_eq!(salt_hex(&salt), device.text("saltHex"));
}
