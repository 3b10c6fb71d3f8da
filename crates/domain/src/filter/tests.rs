use proptest::prelude::*;

use super::{Comparison, Filter, SearchAttribute, prefix_end, search_rows};
use crate::error::ErrorKind;
use crate::user::UserStatus;
use crate::username::tests::user;
use crate::username::{NameKind, SignInNames};

fn names(case_sensitive: bool) -> SignInNames {
    SignInNames { kind: NameKind::Plain, case_sensitive }
}

fn filter(attribute: SearchAttribute, comparison: Comparison, value: &str) -> Filter {
    Filter { attribute, comparison, value: value.to_owned() }
}

fn folded(text: &str, case_sensitive: bool) -> String {
    Filter::parse(text).unwrap().unwrap().folded_value(&names(case_sensitive))
}

#[test]
fn a_filter_is_one_condition() {
    use Comparison::{Equals, StartsWith};
    let cases = [
        (r#"family_name = "Reddy""#, filter(SearchAttribute::FamilyName, Equals, "Reddy")),
        (r#"given_name ^= "Jon""#, filter(SearchAttribute::GivenName, StartsWith, "Jon")),
        (r#"email^="x""#, filter(SearchAttribute::Email, StartsWith, "x")),
        (r#"  username="a b"  "#, filter(SearchAttribute::Username, Equals, "a b")),
        (r#"name = "say \"hi\"""#, filter(SearchAttribute::Name, Equals, r#"say "hi""#)),
        (r#"name = "a\\b\c""#, filter(SearchAttribute::Name, Equals, r"a\b\c")),
        (r#"phone_number ^= "+312""#, filter(SearchAttribute::PhoneNumber, StartsWith, "+312")),
        (r#"cognito:user_status = "Confirmed""#, filter(SearchAttribute::UserStatus, Equals, "Confirmed")),
        (r#"status = "Enabled""#, filter(SearchAttribute::Status, Equals, "Enabled")),
        (r#"sub = """#, filter(SearchAttribute::Sub, Equals, "")),
        (r#"preferred_username = "=^=""#, filter(SearchAttribute::PreferredUsername, Equals, "=^=")),
    ];
    for (text, expected) in cases {
        assert_eq!(Filter::parse(text).unwrap(), Some(expected), "{text}");
    }
}

#[test]
fn a_blank_filter_finds_everybody() {
    assert_eq!(Filter::parse("").unwrap(), None);
    assert_eq!(Filter::parse("  ").unwrap(), None);
}

#[test]
fn anything_else_cannot_be_parsed() {
    let cases = [
        "email",
        "email =",
        "email = x",
        r#"email = "x"#,
        r#"email = "x\""#,
        r#"= "x""#,
        r#"email "x""#,
        r#"email ~ "x""#,
        r#"email == "x""#,
        r#"email ^ = "x""#,
        r#"email = "x" and name = "y""#,
        r#"email = "x"y"#,
        "email = 'x'",
        "email = \"x\0\"",
    ];
    for text in cases {
        let error = Filter::parse(text).unwrap_err();
        assert_eq!(
            (error.kind, &*error.message),
            (ErrorKind::InvalidParameter, "Error while parsing filter"),
            "{text}"
        );
    }
}

#[test]
fn custom_and_unknown_attributes_cannot_be_searched() {
    for name in ["custom:foo", "address", "Email", "user_status"] {
        let error = Filter::parse(&format!("{name} = \"x\"")).unwrap_err();
        assert_eq!(
            (error.kind, error.message.into_owned()),
            (ErrorKind::InvalidParameter, format!("Invalid search attribute: {name}"))
        );
    }
}

#[test]
fn spelling_matters_for_the_username_the_sub_and_the_enabled_flag_only() {
    assert_eq!(folded(r#"username = "Ann""#, true), "Ann");
    assert_eq!(folded(r#"username = "Ann""#, false), "ann");
    assert_eq!(folded(r#"sub = "A""#, false), "A");
    assert_eq!(folded(r#"status = "Enabled""#, false), "Enabled");
    assert_eq!(folded(r#"email = "Ann@B""#, true), "ann@b");
    assert_eq!(folded(r#"cognito:user_status = "CONFIRMED""#, true), "confirmed");
}

#[test]
fn a_user_is_found_by_everything_searchable_that_is_known() {
    let ann = user(
        "Ann",
        UserStatus::ResetRequired,
        &[("email", "Ann@B.example"), ("name", "Ann Lee"), ("nickname", "A"), ("given_name", "")],
    );

    let rows = search_rows(&ann, &names(true));

    let rows: Vec<_> = rows.iter().map(|(attribute, value)| (attribute.name(), value.as_str())).collect();
    assert_eq!(
        rows,
        [
            ("username", "Ann"),
            ("email", "ann@b.example"),
            ("name", "ann lee"),
            ("cognito:user_status", "reset_required"),
            ("status", "Enabled"),
            ("sub", ann.id.as_str()),
        ]
    );
}

#[test]
fn a_long_value_is_kept_as_far_as_a_filter_can_ask_for_it() {
    let ann = user("ann", UserStatus::Confirmed, &[("name", &"Ж".repeat(2048))]);

    let rows = search_rows(&ann, &names(true));

    let (_, name) = rows.iter().find(|(attribute, _)| *attribute == SearchAttribute::Name).unwrap();
    assert_eq!(*name, "ж".repeat(256));
}

#[test]
fn a_prefix_ends_before_the_next_character() {
    let cases = [
        ("", None),
        ("a", Some("b")),
        ("az", Some("a{")),
        ("\u{7f}", Some("\u{80}")),
        ("\u{d7ff}", Some("\u{e000}")),
        ("a\u{10ffff}", Some("b")),
        ("\u{10ffff}\u{10ffff}", None),
    ];
    for (prefix, end) in cases {
        assert_eq!(prefix_end(prefix).as_deref(), end, "{prefix:?}");
    }
}

proptest! {
    #[test]
    fn parsing_never_panics(text in "(\\PC|email|[\"\\\\=^ ]){0,60}") {
        let _ = Filter::parse(&text);
    }

    #[test]
    fn a_quoted_value_is_read_back(value in "[^\\x00]{0,80}") {
        let quoted = value.replace('\\', r"\\").replace('"', r#"\""#);
        let parsed = Filter::parse(&format!("email ^= \"{quoted}\"")).unwrap().unwrap();
        prop_assert_eq!(parsed.value, value);
    }

    #[test]
    fn exactly_what_begins_with_the_prefix_is_in_the_range(prefix: String, rest: String, other: String) {
        let within = |text: &str| text >= prefix.as_str() && prefix_end(&prefix).is_none_or(|end| text < end.as_str());
        let longer = format!("{prefix}{rest}");
        prop_assert!(within(&longer));
        prop_assert_eq!(within(&other), other.starts_with(&prefix));
    }

    /// Neighbours of the prefix, where an end that is too large would let strangers in.
    #[test]
    fn near_strangers_are_outside_the_range(prefix in "[a-c\u{10fffe}\u{10ffff}\u{d7ff}\u{e000}]{0,4}", other in "[a-c\u{10fffe}\u{10ffff}\u{d7ff}\u{e000}]{0,5}") {
        let within = other >= prefix && prefix_end(&prefix).is_none_or(|end| other < end);
        prop_assert_eq!(within, other.starts_with(&prefix));
    }
}
