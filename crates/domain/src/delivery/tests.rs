use std::collections::BTreeMap;

use cognate_wire::idp::{DeliveryMediumType as Wire, VerifiedAttributeType as Verified};
use proptest::prelude::*;
use serde_json::json;

use super::{DOMAIN_INITIALS, Delivery, LOCAL_INITIALS, Medium, choose_for_invitation, choose_for_sign_up, veiled};
use crate::attributes::Attributes;
use crate::error::ErrorKind;
use crate::username::{NameKind, SignInNames};

const BOTH: &[Verified] = &[Verified::Email, Verified::PhoneNumber];
const KEY: [u8; 32] = [7; 32];

fn user(attributes: &[(&str, &str)]) -> Attributes {
    attributes.iter().copied().collect()
}

fn with_both() -> Attributes {
    user(&[("email", "f@e.example"), ("phone_number", "+15551231234")])
}

fn media(deliveries: &[Delivery]) -> Vec<Medium> {
    deliveries.iter().map(|delivery| delivery.medium).collect()
}

fn names(case_sensitive: bool) -> SignInNames {
    SignInNames { kind: NameKind::Plain, case_sensitive }
}

#[test]
fn an_address_is_told_masked() {
    let cases = [
        (Medium::Email, "felix@example.com", "f***@e***"),
        (Medium::Email, "a@b.co", "a***@b***"),
        (Medium::Sms, "+15551231234", "+*******1234"),
        (Medium::Sms, "+4915112345678", "+*********5678"),
    ];
    for (medium, address, masked) in cases {
        let delivery = Delivery { medium, address: address.to_owned() };
        assert_eq!(delivery.destination().masked, masked);
    }
}

#[test]
fn each_contact_has_its_own_flag() {
    for (medium, attribute, flag) in
        [(Medium::Email, "email", "email_verified"), (Medium::Sms, "phone_number", "phone_number_verified")]
    {
        let delivery = Delivery { medium, address: String::new() };
        assert_eq!((delivery.attribute(), medium.verified_flag()), (attribute, flag));
        assert_eq!(Medium::of(attribute), Some(medium));
        assert_eq!(Medium::of(flag), None);
    }
}

#[test]
fn a_delivery_is_described_as_aws_does() {
    let delivery = Delivery { medium: Medium::Email, address: "felix@example.com".to_owned() };

    assert_eq!(
        serde_json::to_value(delivery.destination().into_wire()).unwrap(),
        json!({ "Destination": "f***@e***", "DeliveryMedium": "EMAIL", "AttributeName": "email" })
    );
}

#[test]
fn the_code_of_a_sign_up_goes_to_a_verified_attribute_and_a_phone_wins() {
    let medium = |verified, user: &Attributes| choose_for_sign_up(verified, user).map(|delivery| delivery.medium);

    assert_eq!(medium(BOTH, &with_both()), Some(Medium::Sms));
    assert_eq!(medium(&[Verified::Email], &with_both()), Some(Medium::Email));
    assert_eq!(medium(BOTH, &user(&[("email", "f@e.example")])), Some(Medium::Email));
    assert_eq!(medium(BOTH, &user(&[("email", "f@e.example"), ("phone_number", "")])), Some(Medium::Email));
    assert_eq!(medium(&[Verified::PhoneNumber], &user(&[("email", "f@e.example")])), None);
    assert_eq!(medium(&[], &with_both()), None);
}

#[test]
fn an_invitation_goes_where_it_is_asked_to_go_as_far_as_the_user_can_be_reached() {
    let email = user(&[("email", "f@e.example")]);
    let media = |desired: &[Wire], user: &Attributes| media(&choose_for_invitation(desired, user).unwrap());

    assert_eq!(media(&[], &with_both()), [Medium::Sms]);
    assert_eq!(media(&[], &email), [Medium::Email]);
    assert_eq!(media(&[], &user(&[])), []);
    assert_eq!(media(&[Wire::Email, Wire::Sms, Wire::Email], &with_both()), [Medium::Email, Medium::Sms]);
    assert_eq!(media(&[Wire::Sms, Wire::Email], &email), [Medium::Email]);

    let Err(error) = choose_for_invitation(&[Wire::Sms], &email) else { panic!("sent to nobody") };
    assert_eq!(error.kind, ErrorKind::InvalidParameter);
    assert_eq!(error.message, "User has no phone_number to deliver the message to.");
}

#[test]
fn who_does_not_exist_is_answered_like_somebody_who_does() {
    let told = |input: &str, verified| veiled(input, &names(false), verified, &KEY);

    assert_eq!(told("felix@example.com", BOTH).masked, "f***@e***");
    assert_eq!(told("+15551231234", BOTH).masked, "+*******1234");
    assert_eq!(told("felix@example.com", &[Verified::PhoneNumber]).medium, Medium::Sms);
    assert_eq!(told("ann", BOTH).medium, Medium::Sms);
    assert_eq!(told("ann", &[Verified::Email]).medium, Medium::Email);
    assert_eq!(told("ann", &[]).medium, Medium::Email);
}

#[test]
fn the_veil_is_the_same_for_every_spelling_and_another_in_every_pool() {
    let told = |input: &str, key: u8| veiled(input, &names(false), &[Verified::PhoneNumber], &[key; 32]).masked;

    assert_eq!(told("Ann", 1), told("ann", 1));
    assert!((2..20).any(|key| told("ann", key) != told("ann", 1)));
    assert!((0..20).any(|n| told(&format!("ann{n}"), 1) != told("ann", 1)));
}

#[test]
fn made_up_initials_are_spread_like_those_of_people() {
    let mut found = [BTreeMap::new(), BTreeMap::new()];
    for n in 0..2000 {
        let masked = veiled(&format!("user{n}"), &names(true), &[Verified::Email], &KEY).masked;
        for (initials, at) in found.iter_mut().zip([0, 5]) {
            *initials.entry(masked.as_bytes()[at]).or_insert(0) += 1;
        }
    }
    for (initials, (letters, most)) in found.iter().zip([(LOCAL_INITIALS, 350), (DOMAIN_INITIALS, 600)]) {
        assert!(letters.bytes().all(|letter| initials.contains_key(&letter)), "{initials:?}");
        assert!(
            initials.iter().all(|(letter, times)| letters.as_bytes().contains(letter) && *times < most),
            "{initials:?}"
        );
    }
}

proptest! {
    #[test]
    fn the_veil_looks_like_an_address(input in "\\PC{1,20}", key: [u8; 32]) {
        let email = veiled(&input, &names(true), &[Verified::Email], &key).masked;
        prop_assert!(email.len() == 9 && email[1..].starts_with("***@") && email.ends_with("***"), "{email}");

        let phone = veiled(&input, &names(true), &[Verified::PhoneNumber], &key).masked;
        prop_assert!(phone.starts_with("+*******") && phone.len() == 12 && phone[8..].bytes().all(|b| b.is_ascii_digit()), "{phone}");
    }
}
