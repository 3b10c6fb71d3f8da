use cognate_jose::{Keyring, MasterKey, Place, SEAL_OVERHEAD, SealError};

const HERE: Place<'static> = Place { table: "signing_keys", column: "pkcs8", row: "us-east-1_Ab3dE6gH9/1" };

fn key(fill: u8) -> MasterKey {
    MasterKey::from_bytes([fill; 32])
}

fn ring(fill: u8) -> Keyring {
    Keyring::new(key(fill), vec![])
}

#[test]
fn what_was_sealed_opens_in_its_place() {
    let ring = ring(7);
    for plain in [&b""[..], b"x", &[0xab; 5000]] {
        let sealed = ring.seal(HERE, plain, [9; 28]).unwrap();
        assert_eq!(sealed.len(), plain.len() + SEAL_OVERHEAD);
        assert_eq!(ring.open(HERE, &sealed).unwrap().as_slice(), plain);
        assert!(plain.len() < 16 || !sealed.windows(16).any(|window| plain.starts_with(window)));
    }
}

/// A stored value outlives releases: this one was computed apart from this code, with Python's `cryptography`.
#[test]
fn a_value_sealed_long_ago_still_opens() {
    let sealed = data_encoding::HEXLOWER.decode(FROZEN.as_bytes()).unwrap();
    let bytes: [u8; 32] = std::array::from_fn(|at| u8::try_from(at).unwrap());
    let random: [u8; 28] = std::array::from_fn(|at| 0x80 + u8::try_from(at).unwrap());
    let ring = Keyring::new(MasterKey::from_bytes(bytes), vec![]);
    assert_eq!(ring.open(HERE, &sealed).unwrap().as_slice(), b"a value at rest");
    assert_eq!(ring.seal(HERE, b"a value at rest", random).unwrap(), sealed);
}

const FROZEN: &str = "017115f4fab7b66d1d808182838485868788898a8b8c8d8e8f909192939495969798999a9b2e45a16381ac2e44c29403b92771ebad5def21f6d2523225a0091d20972dff";

#[test]
fn a_value_moved_to_another_place_is_refused() {
    let ring = ring(7);
    let sealed = ring.seal(HERE, b"secret", [9; 28]).unwrap();
    for elsewhere in [
        Place { table: "clients", ..HERE },
        Place { column: "pkcs", ..HERE },
        Place { row: "us-east-1_Ab3dE6gH9/2", ..HERE },
        Place { row: "", ..HERE },
        // The same letters, divided otherwise.
        Place { table: "signing_keysp", column: "kcs8", ..HERE },
        Place { table: "signing_keys", column: "pkcs8u", row: "s-east-1_Ab3dE6gH9/1" },
    ] {
        assert_eq!(ring.open(elsewhere, &sealed).unwrap_err(), SealError::Refused, "{elsewhere:?}");
    }
}

#[test]
fn every_flipped_bit_and_every_cut_is_noticed() {
    let ring = ring(7);
    let sealed = ring.seal(HERE, b"secret", [9; 28]).unwrap();
    for at in 0..sealed.len() {
        for bit in 0..8 {
            let mut changed = sealed.clone();
            changed[at] ^= 1 << bit;
            assert!(ring.open(HERE, &changed).is_err(), "bit {bit} of byte {at}");
        }
        assert!(ring.open(HERE, &sealed[..at]).is_err(), "cut at {at}");
    }
    assert!(ring.open(HERE, &[&sealed[..], &[0]].concat()).is_err());
    assert_eq!(ring.open(HERE, b"").unwrap_err(), SealError::Malformed);
}

#[test]
fn a_previous_key_opens_and_the_current_one_seals() {
    let old = ring(1).seal(HERE, b"secret", [9; 28]).unwrap();
    let ring = Keyring::new(key(2), vec![key(3), key(1)]);
    assert_eq!(ring.open(HERE, &old).unwrap().as_slice(), b"secret");
    assert_eq!((Keyring::key_id_of(&old), ring.is_current(&old)), (Some(key(1).id()), false));

    let new = ring.seal(HERE, &ring.open(HERE, &old).unwrap(), [8; 28]).unwrap();
    assert_eq!((Keyring::key_id_of(&new), ring.is_current(&new)), (Some(key(2).id()), true));
    assert_eq!(ring.current_id(), key(2).id());
}

#[test]
fn a_value_of_an_unknown_key_names_that_key() {
    let sealed = ring(1).seal(HERE, b"secret", [9; 28]).unwrap();
    let refusal = ring(2).open(HERE, &sealed).unwrap_err();
    assert_eq!(refusal, SealError::UnknownKey(key(1).id()));
    assert!(refusal.to_string().contains(&key(1).id().to_string()));
    assert_eq!(Keyring::key_id_of(b"not sealed"), None);
    assert!(!ring(1).is_current(b"not sealed"));
}

#[test]
fn the_same_value_sealed_twice_differs() {
    let ring = ring(7);
    let first = ring.seal(HERE, b"secret", [9; 28]).unwrap();
    let mut random = [9; 28];
    for at in [0, 27] {
        random[at] = 8;
        let second = ring.seal(HERE, b"secret", random).unwrap();
        assert_ne!(first[37..], second[37..], "the salt and the nonce each count");
        random[at] = 9;
    }
}

#[test]
fn a_master_keys_id_is_16_hex_digits_and_its_bytes_are_never_printed() {
    let printed = format!("{:?}", Keyring::new(MasterKey::from_bytes([0xee; 32]), vec![key(1)]));
    assert!(!printed.contains("238") && !printed.contains("eeee"), "{printed}");
    let id = key(1).id().to_string();
    assert_eq!(id.len(), 16);
    assert!(id.bytes().all(|digit| digit.is_ascii_hexdigit()));
}

/// Files that are out there are read with it: computed apart from this code, with Python's `hmac`.
#[test]
fn a_derived_key_is_hkdf_of_salt_and_label() {
    let derived = key(7).derive(b"salt", b"label").unwrap();
    assert_eq!(
        data_encoding::HEXLOWER.encode(derived.as_slice()),
        "f4fdb930f14208d2bc646add4868504fa2ce6ad273e18cd55a4fd1451ee4c5d6"
    );
    assert_ne!(key(7).derive(b"salt", b"other").unwrap(), derived);
    assert_ne!(key(7).derive(b"tlas", b"label").unwrap(), derived);
}
