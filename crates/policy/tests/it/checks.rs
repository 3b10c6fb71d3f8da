//! What is about to be stored.

use cognate_policy::{Position, check_grant, check_policy};
use serde_json::json;

use crate::world::{catalogue, grant, policy, when};

const FINE: &str = "permit (principal, action, resource);";

#[test]
fn a_policy_that_fits_may_be_added() {
    let catalogue = catalogue(Vec::new(), vec![policy("old", FINE)]);
    for source in [
        FINE,
        r#"permit (principal in Cognate::Role::"editor", action == Cognate::Action::"orders:refund", resource);"#,
        r#"forbid (principal, action, resource)
           unless { principal in [Cognate::Role::"admin", Cognate::Role::"owner"] };"#,
    ] {
        assert_eq!(check_policy("new", source, &catalogue), Ok(()), "{source}");
    }
}

#[test]
fn a_policy_that_names_a_role_of_nobodys_is_refused() {
    let catalogue = catalogue(Vec::new(), Vec::new());
    let refused = check_policy(
        "new",
        "forbid (principal,\n  action, resource)\nwhen { principal in Cognate::Role::\"amdin\" };",
        &catalogue,
    );
    let refused = refused.unwrap_err();
    assert!(refused.sentence.contains("amdin"), "{refused}");
    assert_eq!(refused.at, Some(Position { line: 3, column: 21 }), "{refused}");
}

#[test]
fn a_policy_is_counted_once_when_it_takes_its_own_place() {
    let full = (0..500).map(|at| policy(&format!("p{at}"), FINE)).collect();
    let full = catalogue(Vec::new(), full);
    assert_eq!(check_policy("p7", FINE, &full), Ok(()));
    assert!(check_policy("p7", &FINE.repeat(2), &full).unwrap_err().sentence.contains("at most 500"));
    assert!(check_policy("p500", FINE, &full).unwrap_err().sentence.contains("at most 500"));
}

#[test]
fn what_was_stored_and_does_not_parse_is_no_reason_to_refuse_another() {
    let catalogue = catalogue(Vec::new(), vec![policy("old", "permit")]);
    assert_eq!(check_policy("new", FINE, &catalogue), Ok(()));
    assert!(check_policy("old", "permit", &catalogue).is_err());
}

#[test]
fn a_grant_that_cannot_be_read_is_refused_by_its_id() {
    let catalogue = catalogue(Vec::new(), Vec::new());
    let condition = json!({ "weekday": ["monday"] });
    for (bad, sentence) in [
        (grant("g", "admin", "doc*", "*"), "grant g: action: a * stands alone or behind a :"),
        (grant("g", "admin", "Docs:read", "*"), "grant g: action: an action is made of a-z, 0-9, _, ., : and -"),
        (grant("g", "admin", "*", "a/*/b"), "grant g: resource: a * stands only at the end"),
        (grant("g", "admin", "*", "a/../b"), "grant g: resource: no part of a resource is empty, ., .. or *"),
        (
            when(grant("g", "admin", "*", "*"), &condition),
            "grant g: condition: \"weekday\" is no condition; there are own, scopes, entitlements, groups, plan, kinds \
             and within",
        ),
    ] {
        assert_eq!(check_grant(&bad, &catalogue).unwrap_err().to_string(), sentence);
    }
    assert_eq!(check_grant(&when(grant("g", "admin", "*", "*"), &json!({ "own": true })), &catalogue), Ok(()));
}

#[test]
fn grants_have_their_number() {
    let full = catalogue((0..5_000).map(|at| grant(&at.to_string(), "admin", "a:b", "c")).collect(), Vec::new());
    assert_eq!(check_grant(&grant("7", "admin", "*", "*"), &full), Ok(()));
    assert!(check_grant(&grant("5000", "admin", "*", "*"), &full).is_err());
}
