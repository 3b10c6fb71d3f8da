use cognate_wire::idp::RecoveryOptionNameType::{AdminOnly, VerifiedEmail, VerifiedPhoneNumber};
use cognate_wire::idp::VerifiedAttributeType::{Email, PhoneNumber};
use cognate_wire::idp::{AccountRecoverySettingType, RecoveryOptionNameType, RecoveryOptionType};

use super::{choose, may_ask, may_recover, mechanisms, simulated};
use crate::Timestamp;
use crate::attributes::Attributes;
use crate::delivery::Medium;
use crate::error::ErrorKind;
use crate::user::{User, UserStatus};

/// A user with these contacts; `e` and `p` unverified, `E` and `P` verified.
fn with(contacts: &str) -> Attributes {
    let mut attributes = Attributes::default();
    for contact in contacts.chars() {
        let (name, value) = if contact.eq_ignore_ascii_case(&'e') {
            ("email", "f@e.example")
        } else {
            ("phone_number", "+15551231234")
        };
        attributes.set(name, value);
        attributes.set(format!("{name}_verified"), if contact.is_uppercase() { "true" } else { "false" });
    }
    attributes
}

fn user(status: UserStatus, enabled: bool) -> User {
    User {
        pool_id: "us-east-1_x".to_owned(),
        id: "1".to_owned(),
        username: "ann".to_owned(),
        status,
        enabled,
        attributes: Attributes::default(),
        password: None,
        password_history_sealed: None,
        version: 1,
        created_at: Timestamp(0),
        modified_at: Timestamp(0),
        number: None,
    }
}

#[test]
fn only_verified_contacts_count_and_the_setting_says_in_which_order() {
    let (sms, email) = (Some(Medium::Sms), Some(Medium::Email));
    let cases: &[(&[RecoveryOptionNameType], &str, Option<Medium>)] = &[
        (&[], "EP", sms),
        (&[], "Ep", email),
        (&[], "eP", sms),
        (&[], "E", email),
        (&[], "ep", None),
        (&[], "", None),
        (&[VerifiedEmail, VerifiedPhoneNumber], "EP", email),
        (&[VerifiedEmail, VerifiedPhoneNumber], "eP", sms),
        (&[VerifiedPhoneNumber, VerifiedEmail], "EP", sms),
        (&[VerifiedPhoneNumber, VerifiedEmail], "Ep", email),
        (&[VerifiedEmail], "eP", None),
        (&[VerifiedEmail], "P", None),
        (&[VerifiedPhoneNumber], "E", None),
        (&[AdminOnly], "EP", None),
    ];
    for (mechanisms, contacts, expected) in cases {
        let chosen = choose(mechanisms, &with(contacts)).map(|delivery| delivery.medium);
        assert_eq!(chosen, *expected, "{mechanisms:?} with {contacts}");
    }
}

#[test]
fn a_blank_address_is_none_whatever_its_flag_says() {
    let attributes = [("email", ""), ("email_verified", "true")].into_iter().collect();

    assert!(choose(&[], &attributes).is_none());
}

#[test]
fn mechanisms_come_by_their_priority_and_not_as_they_were_listed() {
    let option = |priority, name| RecoveryOptionType { priority, name };
    let setting = AccountRecoverySettingType {
        recovery_mechanisms: Some(vec![option(2, VerifiedPhoneNumber), option(1, VerifiedEmail)]),
    };

    assert_eq!(mechanisms(Some(&setting)), [VerifiedEmail, VerifiedPhoneNumber]);
    assert_eq!(mechanisms(Some(&AccountRecoverySettingType { recovery_mechanisms: None })), []);
    assert_eq!(mechanisms(None), []);
}

#[test]
fn who_is_not_there_is_sent_what_others_most_likely_get() {
    assert_eq!(simulated(&[], &[Email, PhoneNumber]), [Email, PhoneNumber]);
    assert_eq!(simulated(&[VerifiedEmail, VerifiedPhoneNumber], &[Email, PhoneNumber]), [Email]);
    assert_eq!(simulated(&[VerifiedEmail, VerifiedPhoneNumber], &[PhoneNumber]), [PhoneNumber]);
    assert_eq!(simulated(&[VerifiedPhoneNumber], &[Email]), [PhoneNumber]);
    assert_eq!(simulated(&[AdminOnly], &[Email]), [Email]);
}

#[test]
fn a_password_comes_back_to_users_who_have_had_one_of_their_own() {
    use UserStatus::{Confirmed, ExternalProvider, ForceChangePassword, ResetRequired, Unconfirmed};
    let kind = |outcome: crate::Result<()>| outcome.err().map(|error| error.kind);
    let (state, contact) = (Some(ErrorKind::NotAuthorized), Some(ErrorKind::InvalidParameter));
    let cases = [
        (Confirmed, None, None),
        (ResetRequired, None, None),
        (Unconfirmed, contact, Some(ErrorKind::UserNotConfirmed)),
        (ForceChangePassword, state, state),
        (ExternalProvider, state, state),
    ];
    for (status, asking, recovering) in cases {
        assert_eq!(kind(may_ask(&user(status, true))), asking, "{status:?} asks");
        assert_eq!(kind(may_recover(&user(status, true))), recovering, "{status:?} recovers");
        assert_eq!(kind(may_ask(&user(status, false))), state, "disabled {status:?} asks");
        assert_eq!(kind(may_recover(&user(status, false))), state, "disabled {status:?} recovers");
    }
}
