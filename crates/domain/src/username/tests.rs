use cognate_wire::idp::{
    AliasAttributeType as Alias, UsernameAttributeType as NameAttribute, UsernameConfigurationType,
};
use proptest::prelude::*;

use super::{AliasKind, NameKind, SignInNames, fold, is_email, is_phone};
use crate::Timestamp;
use crate::error::ErrorKind;
use crate::user::{User, UserStatus};

const SUB: &str = "34c84488-e0e1-70ae-d2ee-991ad1a898c8";

pub(crate) fn user(username: &str, status: UserStatus, attributes: &[(&str, &str)]) -> User {
    User {
        pool_id: "eu-west-1_abcdefghi".to_owned(),
        id: SUB.to_owned(),
        username: username.to_owned(),
        status,
        enabled: true,
        attributes: attributes.iter().copied().collect(),
        password: None,
        password_history_sealed: None,
        version: 1,
        created_at: Timestamp(0),
        modified_at: Timestamp(0),
        number: None,
    }
}

fn names(kind: NameKind) -> SignInNames {
    SignInNames { kind, case_sensitive: false }
}

fn plain() -> SignInNames {
    names(NameKind::Plain)
}

fn aliases() -> SignInNames {
    names(NameKind::Aliases { email: true, phone: true, preferred_username: true })
}

fn by_contact(email: bool, phone: bool) -> SignInNames {
    names(NameKind::UsernameAttributes { email, phone })
}

fn listed(keys: &[(AliasKind, String)]) -> Vec<(&str, &str)> {
    keys.iter().map(|(kind, value)| (kind.name(), value.as_str())).collect()
}

#[test]
fn a_pool_is_of_one_kind_and_case_sensitive_unless_it_says_otherwise() {
    let pool = SignInNames::from_wire(None, Some(&[]), None).unwrap();
    assert_eq!(pool, SignInNames { kind: NameKind::Plain, case_sensitive: true });

    let folding = UsernameConfigurationType { case_sensitive: false };
    let pool = SignInNames::from_wire(Some(&[Alias::Email, Alias::PreferredUsername]), None, Some(&folding)).unwrap();
    assert_eq!(pool, names(NameKind::Aliases { email: true, phone: false, preferred_username: true }));

    let pool = SignInNames::from_wire(None, Some(&[NameAttribute::PhoneNumber]), Some(&folding)).unwrap();
    assert_eq!(pool, by_contact(false, true));

    let error = SignInNames::from_wire(Some(&[Alias::Email]), Some(&[NameAttribute::Email]), None).unwrap_err();
    assert_eq!(error.message, "Only one of the aliasAttributes or usernameAttributes can be set in a user pool.");
}

#[test]
fn a_new_name_has_the_shape_that_the_pool_asks_for() {
    let looks_like_email = "Username cannot be of email format, since user pool is configured for email alias.";
    let looks_like_phone =
        "Username cannot be of phone number format, since user pool is configured for phone number alias.";
    let only_phone_alias = names(NameKind::Aliases { email: false, phone: true, preferred_username: false });
    let cases = [
        (plain(), "ann", Ok(None)),
        (plain(), "ann@b.example", Ok(None)),
        (plain(), "+15551234567", Ok(None)),
        (aliases(), "ann", Ok(None)),
        (aliases(), "ann@b.example", Err(looks_like_email)),
        (aliases(), "+15551234567", Err(looks_like_phone)),
        (only_phone_alias, "ann@b.example", Ok(None)),
        (by_contact(true, false), "ann@b.example", Ok(Some(AliasKind::Email))),
        (by_contact(true, false), "ann", Err("Username should be an email.")),
        (by_contact(true, false), "+15551234567", Err("Username should be an email.")),
        (by_contact(false, true), "+15551234567", Ok(Some(AliasKind::PhoneNumber))),
        (by_contact(false, true), "ann@b.example", Err("Username should be a phone number.")),
        (by_contact(true, true), "ann@b.example", Ok(Some(AliasKind::Email))),
        (by_contact(true, true), "+15551234567", Ok(Some(AliasKind::PhoneNumber))),
        (by_contact(true, true), "ann", Err("Username should be either an email or a phone number.")),
    ];
    for (pool, username, expected) in cases {
        let answer = pool.check_new(username);
        if let Err(error) = &answer {
            assert_eq!(error.kind, ErrorKind::InvalidParameter);
        }
        assert_eq!(
            answer.map_err(|error| error.message.into_owned()),
            expected.map_err(str::to_owned),
            "{username} {pool:?}"
        );
    }
}

#[test]
fn nobody_unconfirmed_has_a_preferred_username_where_it_is_an_alias() {
    let asked = [("preferred_username", "annie")].into_iter().collect();

    assert!(plain().check_unconfirmed(&asked).is_ok());
    assert_eq!(
        aliases().check_unconfirmed(&asked).unwrap_err().message,
        "Preferred username cannot be provided for unconfirmed account, since user pool is configured for preferred \
         username alias."
    );
}

#[test]
fn a_name_is_looked_up_as_username_then_sub_then_alias() {
    assert_eq!(listed(&plain().lookup_keys("Ann@B.example")), [("username", "ann@b.example")]);
    assert_eq!(listed(&plain().lookup_keys(SUB)), [("username", SUB), ("sub", SUB)]);
    assert_eq!(
        listed(&aliases().lookup_keys("Ann@B.example")),
        [("username", "ann@b.example"), ("email", "ann@b.example"), ("preferred_username", "ann@b.example")]
    );
    assert_eq!(
        listed(&aliases().lookup_keys("+15551234567")),
        [("username", "+15551234567"), ("phone_number", "+15551234567"), ("preferred_username", "+15551234567")]
    );
    assert_eq!(
        listed(&by_contact(true, false).lookup_keys("Ann@B.example")),
        [("username", "ann@b.example"), ("email", "ann@b.example")]
    );
    assert_eq!(listed(&by_contact(true, false).lookup_keys("+15551234567")), [("username", "+15551234567")]);
}

#[test]
fn a_case_sensitive_pool_keeps_spellings_apart() {
    let pool = SignInNames { case_sensitive: true, ..by_contact(true, false) };

    assert_eq!(listed(&pool.lookup_keys("Ann@B.example")), [("username", "Ann@B.example"), ("email", "Ann@B.example")]);
}

#[test]
fn only_what_counts_for_signing_in_is_the_users_own() {
    let contacts = [("email", "Ann@B.example"), ("phone_number", "+15551234567"), ("preferred_username", "Annie")];
    let ann = |status| user("Ann", status, &contacts);

    assert_eq!(listed(&plain().aliases_of(&ann(UserStatus::Confirmed))), [("username", "ann")]);
    assert_eq!(listed(&aliases().aliases_of(&ann(UserStatus::Unconfirmed))), [("username", "ann")]);
    assert_eq!(
        listed(&aliases().aliases_of(&ann(UserStatus::Confirmed))),
        [("username", "ann"), ("preferred_username", "annie")]
    );

    let mut verified = ann(UserStatus::Confirmed);
    verified.attributes.set("email_verified", "true");
    verified.attributes.set("phone_number_verified", "false");
    assert_eq!(
        listed(&aliases().aliases_of(&verified)),
        [("username", "ann"), ("email", "ann@b.example"), ("preferred_username", "annie")]
    );

    verified.attributes.set("phone_number_verified", "true");
    assert!(listed(&aliases().aliases_of(&verified)).contains(&("phone_number", "+15551234567")));
}

#[test]
fn a_preferred_username_that_is_the_username_is_one_name() {
    let contacts = [("email", "ann@b.example"), ("email_verified", "true"), ("preferred_username", "Ann")];
    let ann = user("ann", UserStatus::Confirmed, &contacts);

    assert_eq!(listed(&aliases().aliases_of(&ann)), [("username", "ann"), ("email", "ann@b.example")]);
}

#[test]
fn a_username_attribute_counts_before_it_is_verified() {
    let ann = user(SUB, UserStatus::Unconfirmed, &[("email", "Ann@B.example"), ("phone_number", "+15551234567")]);

    assert_eq!(listed(&by_contact(true, false).aliases_of(&ann)), [("username", SUB), ("email", "ann@b.example")]);
    assert_eq!(
        listed(&by_contact(false, true).aliases_of(&ann)),
        [("username", SUB), ("phone_number", "+15551234567")]
    );
}

#[test]
fn the_name_of_a_federated_user_is_never_folded() {
    let ann = user("Google_AbC", UserStatus::ExternalProvider, &[]);

    assert_eq!(listed(&plain().aliases_of(&ann)), [("username", "Google_AbC")]);
    assert_eq!(listed(&plain().lookup_keys("Google_AbC")), [("username", "Google_AbC"), ("username", "google_abc")]);
}

#[test]
fn every_spelling_of_a_name_folds_to_one() {
    for (one, other) in [("STRASSE", "strasse"), ("ΟΔΟΣ", "οδοσ"), ("ÄNNE", "änne"), ("ЖАННА", "жанна")]
    {
        assert_eq!(fold(one), fold(other));
    }
}

#[test]
fn addresses_have_one_at_sign_and_a_domain() {
    for good in ["a@b.co", "first.last+tag@sub.domain.example", "o'neil_1@x-y.example", "A@B.CO"] {
        assert!(is_email(good), "{good}");
    }
    let long = format!("{}@b.co", "a".repeat(65));
    for bad in [
        "", "a", "@b.co", "a@", "a@b", "a@b.", "a@.co", "a@b..co", "a b@c.co", "a@b@c.co", "a@-b.co", "a@b-.co",
        "ä@b.co", &long,
    ] {
        assert!(!is_email(bad), "{bad}");
    }
}

#[test]
fn phone_numbers_are_a_plus_and_up_to_fifteen_digits() {
    for good in ["+15551234567", "+4917012345678", "+123456789012345"] {
        assert!(is_phone(good), "{good}");
    }
    for bad in ["", "+", "15551234567", "+1 555", "+1-555", "+1234567890123456", "+١٢٣", "++1"] {
        assert!(!is_phone(bad), "{bad}");
    }
}

#[test]
fn the_kinds_of_aliases_keep_their_names() {
    for kind in
        [AliasKind::Username, AliasKind::Sub, AliasKind::Email, AliasKind::PhoneNumber, AliasKind::PreferredUsername]
    {
        assert_eq!(AliasKind::from_name(kind.name()).unwrap(), kind);
    }
    assert!(AliasKind::from_name("nickname").is_err());
}

/// The store keeps a name in its space: nobody may take as a preferred username what is somebody else's username.
#[test]
fn a_username_and_a_preferred_username_are_of_one_space() {
    for (kind, space) in [
        (AliasKind::Username, "username"),
        (AliasKind::PreferredUsername, "username"),
        (AliasKind::Sub, "sub"),
        (AliasKind::Email, "email"),
        (AliasKind::PhoneNumber, "phone_number"),
    ] {
        assert_eq!(kind.space(), space, "{kind:?}");
    }
}

proptest! {
    #[test]
    fn folding_twice_changes_nothing_more(value in "\\PC*") {
        prop_assert_eq!(fold(&fold(&value)), fold(&value));
    }

    #[test]
    fn what_is_looked_up_is_what_is_kept(username in "\\PC{1,20}", case_sensitive: bool) {
        let pool = SignInNames { kind: NameKind::Plain, case_sensitive };
        let kept = pool.aliases_of(&user(&username, UserStatus::Confirmed, &[]));
        let asked = pool.lookup_keys(&username);
        prop_assert!(kept.iter().all(|key| asked.contains(key)));
    }
}
