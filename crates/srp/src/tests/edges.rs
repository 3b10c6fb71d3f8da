//! Numbers at the edges: what the comb, the reduction and the parsers do there.

use data_encoding::HEXLOWER;

use super::bytes;
use super::client::{number, power_of_two};
use crate::constants::{Bytes, K, N, small};
use crate::group::{Group, reduce};
use crate::public::pad;
use crate::{ClientPublic, Refused, ServerPublic, client_verifier, salt_hex};

fn n_and(low: i16) -> Bytes {
    let mut number = N;
    let last = number.last_mut().unwrap();
    *last = last.checked_add_signed(i8::try_from(low).unwrap()).unwrap();
    number
}

#[test]
fn the_comb_equals_a_plain_exponentiation() {
    let mut exponents: Vec<[u8; 32]> = (0..24).map(|round| bytes(&format!("exponent {round}"))).collect();
    exponents.extend([[0; 32], [0xff; 32]]);
    // Each bit alone: every entry of the table that stands for one tooth.
    exponents.extend((0..256).map(|bit| {
        let mut exponent = [0; 32];
        exponent[31 - bit / 8] = 1 << (bit % 8);
        exponent
    }));
    for (index, exponent) in exponents.iter().enumerate() {
        let combed = Group::get().base_power(exponent);
        // One byte longer is the same number, and takes aws-lc's general way.
        let plain = Group::get().base_power(&[&[0], exponent.as_slice()].concat());
        assert_eq!(combed, plain, "{}", HEXLOWER.encode(exponent));
        if index < 26 {
            assert_eq!(number(combed.as_slice()), power_of_two(&number(exponent)), "{}", HEXLOWER.encode(exponent));
        }
    }
    assert_eq!(*Group::get().base_power(&[0; 32]), small(1));
}

#[test]
fn a_reduction_subtracts_n_exactly_when_the_number_reaches_it() {
    assert_eq!(*reduce(&small(0), 0), small(0));
    assert_eq!(*reduce(&n_and(-1), 0), n_and(-1));
    assert_eq!(*reduce(&N, 0), small(0));
    assert_eq!(number(reduce(&[0xff; 384], 0).as_slice()), number(&[0xff; 384]).wrapping_sub(&number(&N)));
    // 2^3072 - N, where the carry alone tells that the number is large.
    assert_eq!(number(reduce(&small(0), 1).as_slice()), number(&small(0)).wrapping_sub(&number(&N)));
    // 2N - 1, the largest there is.
    let largest = number(&N).wrapping_add(&number(&n_and(-1)));
    assert_eq!(*reduce(&largest.to_be_bytes().into(), 1), n_and(-1));
}

#[test]
fn k_is_the_hash_of_the_padded_group() {
    let text = [pad(&N).as_slice(), pad(&[2]).as_slice()].concat();
    assert_eq!(aws_lc_rs::digest::digest(&aws_lc_rs::digest::SHA256, &text).as_ref(), K);
}

#[test]
fn an_a_that_is_no_number_or_none_of_the_group_is_refused() {
    let n = HEXLOWER.encode(&N);
    let long = format!("1{}", "0".repeat(768));
    for bad in ["", "g", "0x12", " 12", "12 ", "-1", "+1", "1_2", "1.0", "ä", "\u{0}", &long, &"f".repeat(2000)] {
        assert_eq!(ClientPublic::parse(bad), Err(Refused::MalformedA), "{bad}");
    }
    assert_eq!(ClientPublic::parse(&"0".repeat(1025)), Err(Refused::MalformedA));
    for zero in ["0", "00", &"0".repeat(1024), &n, &n.to_uppercase(), &format!("00{n}")] {
        assert_eq!(ClientPublic::parse(zero), Err(Refused::ZeroA), "{zero}");
    }
    assert_eq!(ClientPublic::from_bytes(N), Err(Refused::ZeroA));
    assert_eq!(ServerPublic::from_bytes(N), Err(Refused::ZeroB));
    assert_eq!(ServerPublic::from_bytes([0; 384]), Err(Refused::ZeroB));
    for good in ["1", "2", "aBc", "0002", &"f".repeat(768), &HEXLOWER.encode(&n_and(-1))] {
        assert!(ClientPublic::parse(good).is_ok(), "{good}");
    }
}

#[test]
fn a_verifier_that_proves_nothing_is_refused() {
    let long = [&[1], [0; 384].as_slice()].concat();
    for bad in [&[][..], &[0], &[1], &[0, 0, 1], &[0; 500], &N, &n_and(-1), &[0xff; 384], &long] {
        assert_eq!(client_verifier(bad).map(|verifier| *verifier), Err(Refused::Verifier), "{bad:?}");
    }
    assert_eq!(*client_verifier(&[2]).unwrap(), small(2));
    assert_eq!(*client_verifier(&n_and(-2)).unwrap(), n_and(-2));
    assert_eq!(*client_verifier(&[&[0; 100], n_and(-2).as_slice()].concat()).unwrap(), n_and(-2));
}

#[test]
fn a_salt_is_printed_as_an_integer() {
    assert_eq!(salt_hex(&[0; 16]), "0");
    assert_eq!(salt_hex(&[0, 0x0a, 0xbc]), "abc");
    assert_eq!(salt_hex(&[0x00, 0xff]), "ff");
}
