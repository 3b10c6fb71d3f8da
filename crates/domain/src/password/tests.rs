use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::mpsc;
use std::time::Duration;

use cognate_wire::idp::PasswordPolicyType;
use proptest::prelude::*;
use serde_json::json;

use super::{CharacterClass, PasswordPolicy, PolicyFailure};
use crate::Entropy;
use crate::error::ErrorKind;

/// `splitmix64`: good enough to look random, and the same every time.
struct Seeded(AtomicU64);

impl Entropy for Seeded {
    fn fill(&self, bytes: &mut [u8]) {
        for byte in bytes {
            let mut z = self.0.fetch_add(0x9e37_79b9_7f4a_7c15, Ordering::Relaxed);
            z = (z ^ (z >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
            z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
            *byte = (z >> 56) as u8;
        }
    }
}

fn policy(asked: serde_json::Value) -> PasswordPolicy {
    let asked: PasswordPolicyType = serde_json::from_value(asked).unwrap();
    PasswordPolicy::from_wire(Some(&asked), None).unwrap()
}

/// One of the sixteen combinations of required classes.
fn requiring(combination: usize, minimum_length: u16) -> PasswordPolicy {
    let required = CharacterClass::ALL.into_iter().enumerate().filter(|(bit, _)| combination >> bit & 1 == 1);
    PasswordPolicy { minimum_length, required: required.map(|(_, class)| class).collect(), ..PasswordPolicy::default() }
}

#[test]
fn a_pool_without_a_policy_gets_the_default_of_aws() {
    assert_eq!(
        serde_json::to_value(PasswordPolicy::from_wire(None, None).unwrap().into_wire()).unwrap(),
        json!({ "MinimumLength": 8, "RequireUppercase": true, "RequireLowercase": true, "RequireNumbers": true,
            "RequireSymbols": true, "TemporaryPasswordValidityDays": 7 })
    );
}

#[test]
fn a_policy_does_not_require_what_it_does_not_name() {
    assert_eq!(
        serde_json::to_value(
            policy(json!({ "MinimumLength": 10, "RequireNumbers": true, "PasswordHistorySize": 3 })).into_wire()
        )
        .unwrap(),
        json!({ "MinimumLength": 10, "RequireUppercase": false, "RequireLowercase": false, "RequireNumbers": true,
            "RequireSymbols": false, "PasswordHistorySize": 3, "TemporaryPasswordValidityDays": 7 })
    );
}

#[test]
fn the_validity_of_temporary_passwords_has_two_names_and_one_value() {
    let days = |days: Option<i32>, unused: Option<i32>| {
        let asked = PasswordPolicyType { temporary_password_validity_days: days, ..PasswordPolicyType::default() };
        PasswordPolicy::from_wire(Some(&asked), unused).map(|policy| policy.temporary_validity_days())
    };
    assert_eq!(days(None, None).unwrap(), 7);
    assert_eq!(days(Some(0), None).unwrap(), 7);
    assert_eq!(days(Some(30), None).unwrap(), 30);
    assert_eq!(days(None, Some(14)).unwrap(), 14);
    assert_eq!(days(Some(14), Some(14)).unwrap(), 14);
    assert_eq!(days(Some(14), Some(15)).unwrap_err().kind, ErrorKind::InvalidParameter);

    let without_a_policy = |unused| PasswordPolicy::from_wire(None, unused).unwrap();
    assert_eq!(without_a_policy(Some(14)), PasswordPolicy { temporary_validity_days: 14, ..PasswordPolicy::default() });
    assert_eq!(without_a_policy(None), PasswordPolicy::default());
}

#[test]
fn one_failure_is_reported_the_length_first() {
    let all = PasswordPolicy::default();
    let cases = [
        ("", "Password not long enough"),
        ("aA1!aA1", "Password not long enough"),
        ("        x"[1..].trim(), "Password not long enough"),
        ("AAAA1111", "Password must have lowercase characters"),
        ("aaaa1111", "Password must have uppercase characters"),
        ("aaaaAAAA", "Password must have numeric characters"),
        ("aaaaAA11", "Password must have symbol characters"),
        ("ÄäÄä11!!", "Password must have lowercase characters"),
        ("aaÄÄ11!!", "Password must have uppercase characters"),
        ("aaAA११!!", "Password must have numeric characters"),
        ("aaAA11§§", "Password must have symbol characters"),
    ];
    for (password, failure) in cases {
        let error = all.check(password).unwrap_err().into_error();
        assert_eq!(error.kind, ErrorKind::InvalidPassword);
        assert_eq!(error.message, format!("Password did not conform with policy: {failure}"), "{password}");
    }
}

#[test]
fn a_refused_temporary_password_is_told_in_other_words() {
    let error = PasswordPolicy::default().check("aaaaAAAA").unwrap_err().into_temporary_error();

    assert_eq!(error.kind, ErrorKind::InvalidPassword);
    assert_eq!(error.message, "Password did not conform with password policy: Password must have numeric characters");
}

#[test]
fn every_listed_symbol_counts_and_so_does_an_inner_space() {
    for symbol in r#"^$*.[]{}()?"!@#%&/\,><':;|_~`=+- "#.chars() {
        assert_eq!(PasswordPolicy::default().check(&format!("aaAA{symbol}111")), Ok(()), "{symbol}");
    }
}

#[test]
fn white_space_at_an_end_is_no_password() {
    for password in [" aaAA11!!", "aaAA11!! ", "aaAA11!!\n", "\u{a0}aaAA11!!", " "] {
        assert_eq!(PasswordPolicy::default().check(password), Err(PolicyFailure::OuterSpace), "{password:?}");
    }
    let error = PolicyFailure::OuterSpace.into_error();
    assert_eq!(error.kind, ErrorKind::InvalidParameter);
    assert!(error.message.ends_with(r"Member must satisfy regular expression pattern: ^[\S]+.*[\S]+$"), "{error}");
}

#[test]
fn a_password_has_at_most_256_characters() {
    let password = |length: usize| format!("aA1!{}", "ü".repeat(length - 4));

    assert_eq!(PasswordPolicy::default().check(&password(256)), Ok(()));
    assert_eq!(PasswordPolicy::default().check(&password(257)), Err(PolicyFailure::TooLong));
}

#[test]
fn a_policy_is_kept_and_read_back_unchanged() {
    let policy = requiring(5, 12);

    assert_eq!(serde_json::from_str::<PasswordPolicy>(&serde_json::to_string(&policy).unwrap()).unwrap(), policy);
}

/// Drawing goes on until every class is there: a fault in it must fail the test and not hold it up for ever.
fn generated(policy: PasswordPolicy, seed: u64) -> String {
    let (sender, receiver) = mpsc::channel();
    std::thread::spawn(move || sender.send(policy.generate(&Seeded(AtomicU64::new(seed)))));
    receiver.recv_timeout(Duration::from_secs(10)).expect("a password within seconds")
}

#[test]
fn generated_passwords_differ_and_have_every_class() {
    let passwords: Vec<String> = (0..50).map(|seed| generated(PasswordPolicy::default(), seed)).collect();

    for (at, password) in passwords.iter().enumerate() {
        assert_eq!((password.len(), passwords[..at].contains(password)), (12, false), "{password}");
        for class in [char::is_lowercase, char::is_uppercase, char::is_numeric, |c: char| !c.is_alphanumeric()] {
            assert!(password.contains(class), "{password}");
        }
    }
}

proptest! {
    #![proptest_config(ProptestConfig { max_shrink_iters: 0, ..ProptestConfig::default() })]

    #[test]
    fn a_generated_password_satisfies_its_policy(seed: u64, combination in 0_usize..16, minimum in 6_u16..=99) {
        let policy = requiring(combination, minimum);

        let password = generated(policy.clone(), seed);

        prop_assert_eq!(policy.check(&password), Ok(()));
        prop_assert_eq!(password.len(), usize::from(minimum.max(12)));
    }
}

proptest! {
    #[test]
    fn checking_never_panics(password in "\\PC*", combination in 0_usize..16) {
        let _ = requiring(combination, 8).check(&password);
    }
}
