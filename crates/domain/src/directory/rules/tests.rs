use serde_json::json;

use super::*;

fn long(length: usize) -> String {
    "a".repeat(length)
}

#[test]
fn keys_are_lower_case_and_begin_with_a_letter() {
    for key in ["a", "owner", "a-b_9", &long(40)] {
        assert_eq!((role_key(key), plan(key), policy_id(key)), (Ok(()), Ok(()), Ok(())), "{key}");
    }
    for key in ["", "A", "Owner", "9a", "_a", "-a", "a b", "a.b", "a:b", "ä", "a\0", "a\n", &long(65)] {
        assert!(role_key(key).is_err() && plan(key).is_err() && policy_id(key).is_err(), "{key:?}");
    }
    assert!(role_key(&long(41)).is_err() && plan(&long(41)).is_err() && policy_id(&long(41)).is_ok());
}

#[test]
fn a_name_is_one_line_without_the_blanks_around_it() {
    for (given, kept) in [("a", "a"), ("  Acme & Söhne \u{2003}", "Acme & Söhne"), (" a  b ", "a  b"), ("🦀", "🦀")]
    {
        assert_eq!(name(given).as_deref(), Ok(kept));
    }
    assert_eq!(name(&"ß".repeat(100)).unwrap().chars().count(), 100);
    assert!(name(&format!("  {}  ", long(100))).is_ok());
    for given in ["", " \t\n ", "a\nb", "a\0b", "a\u{7f}", "\u{85}a\u{9b}b", &long(101)] {
        assert!(name(given).is_err(), "{given:?}");
    }
    assert!(description(&long(500)).is_ok() && description(&long(501)).is_err());
}

#[test]
fn preferences_and_conditions_are_measured_as_json() {
    let of = |length: usize| json!({ "a": long(length) }).as_object().unwrap().clone();
    let around = r#"{"a":""}"#.len();
    assert!(preferences(&Map::new()).is_ok());
    assert!(preferences(&of(8192 - around)).is_ok() && preferences(&of(8193 - around)).is_err());
    assert!(condition(&of(2048 - around)).is_ok() && condition(&of(2049 - around)).is_err());
}

#[test]
fn an_action_or_a_resource_ends_in_a_star_or_has_none() {
    for given in ["*", "documents:read", "documents:*", "a:b:c", "read", "a-b:c_d"] {
        assert_eq!(action(given), Ok(()), "{given}");
    }
    for given in ["", ":", "*:read", "documents:", ":read", "doc*", "a:b*", "**", "A:b", "a b", "a:\0", &long(101)] {
        assert!(action(given).is_err(), "{given:?}");
    }
    for given in ["*", "projects/a1/documents/*", "projects/A1", "a:b@c~d.e-f_g"] {
        assert_eq!(resource(given), Ok(()), "{given}");
    }
    for given in ["", "/", "/a", "a/", "a//b", "*/a", "a*", "a/b*", "a b", "a/\"", "ä", "a\\b", &long(301)] {
        assert!(resource(given).is_err(), "{given:?}");
    }
}

#[test]
fn entitlements_are_few_and_different() {
    let of = |list: &[&str]| entitlements(&list.iter().map(|one| (*one).to_owned()).collect::<Vec<_>>());
    assert!(of(&[]).is_ok() && of(&["export", "seats.more", "api:v2"]).is_ok());
    for list in [&[""][..], &["a", "a"], &["A"], &["a."], &[".a"], &["a b"], &[long(65).as_str()]] {
        assert!(of(list).is_err(), "{list:?}");
    }
    let many = |length: usize| (0..length).map(|number| format!("e{number}")).collect::<Vec<_>>();
    assert!(entitlements(&many(100)).is_ok() && entitlements(&many(101)).is_err());
}

#[test]
fn policies_and_addresses_have_their_sizes() {
    assert!(policy_source("permit(principal, action, resource);").is_ok());
    for source in ["", "a\0", &long(16 * 1024 + 1)] {
        assert!(policy_source(source).is_err());
    }
    assert!(provider_subject("auth0|5f Ü").is_ok() && provider_subject(&long(255)).is_ok());
    assert!([String::new(), "a\0".to_owned(), long(256)].iter().all(|id| provider_subject(id).is_err()));
    assert!(email("a@example.com").is_ok() && email("a").is_err() && email("a@b@example.com").is_err());
}

#[test]
fn of_a_providers_claims_only_what_can_be_kept_is_kept() {
    let kept = |name: &str, email: &str| {
        let claims = Claims::kept(Some(name), Some(email));
        (claims.name, claims.email)
    };
    assert_eq!(Claims::kept(None, None), Claims::default());
    let same = |text: &str| Some(text.to_owned());
    assert_eq!(kept(" Ann\u{0} \nLee ", "Ann@Example.com"), (same("Ann Lee"), same("Ann@Example.com")));
    assert_eq!(kept(" \n ", ""), (None, None));
    for address in ["ann", "@", "a@", "@b", "a b@c", "a@b\u{0}", "a@b\n", &format!("a@{}", long(253))] {
        assert_eq!(kept("Ann", address).1, None, "{address:?}");
    }
    assert_eq!(kept(&"ß".repeat(300), "ä@ö").0.unwrap().chars().count(), 256);
}

#[test]
fn what_is_searched_for_is_folded_and_short() {
    assert_eq!(search_key("ÄNN Lee"), "änn lee");
    assert_eq!(search_key(&"İ".repeat(300)).chars().count(), 256);
}
