//! Grants with a condition, one by one.

use std::net::IpAddr;

use cognate_domain::directory::SubjectKind;
use cognate_policy::{Compiled, Question};
use serde_json::{Value, json};

use crate::world::{Caller, caller, compiled, grant, question, saying, when};

fn house(condition: &Value) -> Compiled {
    compiled(vec![when(grant("g", "admin", "*", "*"), condition)], Vec::new())
}

fn admin() -> Caller {
    caller("u-1").platform("admin")
}

fn ask() -> Question {
    question("documents:write", "documents/7")
}

fn holds(condition: &Value, who: &Caller, question: &Question) -> bool {
    who.hears(&house(condition), question) == "granted_by_role"
}

fn texts(of: &[&str]) -> Vec<String> {
    of.iter().map(|text| (*text).to_owned()).collect()
}

#[test]
fn own_is_what_the_circumstances_say_belongs_to_the_subject() {
    let own = json!({ "own": true });
    for (circumstances, expected) in [
        (json!({ "owner": "u-1" }), true),
        (json!({ "owner": "u-2" }), false),
        (json!({ "owner": "" }), false),
        (json!({ "owner": null }), false),
        (json!({ "document": { "owner": "u-1" } }), false),
        (json!({}), false),
    ] {
        assert_eq!(holds(&own, &admin(), &saying(&circumstances, ask())), expected, "{circumstances}");
    }
}

#[test]
fn lists_ask_for_all_or_for_one() {
    for (condition, has, expected) in [
        (json!({ "scopes": ["a", "b"] }), vec!["a", "b", "c"], true),
        (json!({ "scopes": ["a", "b"] }), vec!["a"], false),
        (json!({ "scopes": ["a"] }), vec!["A"], false),
        (json!({ "scopes": ["a"] }), vec![], false),
        (json!({ "entitlements": ["a", "b"] }), vec!["b", "a"], true),
        (json!({ "entitlements": ["a", "b"] }), vec!["b"], false),
        (json!({ "groups": ["a", "b"] }), vec!["b", "c"], true),
        (json!({ "groups": ["a", "b"] }), vec!["c"], false),
        (json!({ "groups": ["a", "b"] }), vec![], false),
    ] {
        let mut who = admin();
        let has_all = texts(&has);
        match condition.as_object().unwrap().keys().next().unwrap().as_str() {
            "scopes" => who.claims.scopes = has_all,
            "groups" => who.claims.groups = has_all,
            _ => who.subject.entitlements = has_all,
        }
        assert_eq!(holds(&condition, &who, &ask()), expected, "{condition} {has:?}");
    }
}

#[test]
fn a_plan_and_a_kind_are_one_of_those_named() {
    let mut who = admin();
    for (plan, expected) in [("pro", true), ("team", true), ("free", false), ("", false)] {
        plan.clone_into(&mut who.subject.plan);
        assert_eq!(holds(&json!({ "plan": ["pro", "team"] }), &who, &ask()), expected, "{plan}");
    }
    let kinds = [SubjectKind::User, SubjectKind::Machine, SubjectKind::Device, SubjectKind::Partner, SubjectKind::Job];
    for kind in kinds {
        who.subject.kind = kind;
        let expected = matches!(kind, SubjectKind::User | SubjectKind::Device);
        assert_eq!(holds(&json!({ "kinds": ["user", "device"] }), &who, &ask()), expected, "{kind:?}");
        assert!(holds(&json!({ "kinds": [kind.name()] }), &who, &ask()), "{kind:?}");
    }
}

#[test]
fn an_address_lies_in_one_of_the_networks() {
    let networks = json!({ "within": ["10.0.0.0/8", "192.168.1.7", "2001:db8::/32"] });
    for (address, expected) in [
        (Some("10.255.0.1"), true),
        (Some("11.0.0.1"), false),
        (Some("192.168.1.7"), true),
        (Some("192.168.1.8"), false),
        (Some("2001:db8:1::5"), true),
        (Some("2001:db9::5"), false),
        // As a socket of both families tells an IPv4 caller.
        (Some("::ffff:10.0.0.1"), true),
        (Some("::ffff:11.0.0.1"), false),
        (None, false),
    ] {
        let question = Question { address: address.map(|text| text.parse::<IpAddr>().unwrap()), ..ask() };
        assert_eq!(holds(&networks, &admin(), &question), expected, "{address:?}");
    }
}

#[test]
fn several_members_must_all_be_true() {
    let both = json!({ "own": true, "plan": ["pro"] });
    for (owner, plan, expected) in [("u-1", "pro", true), ("u-1", "free", false), ("u-2", "pro", false)] {
        let mut who = admin();
        plan.clone_into(&mut who.subject.plan);
        assert_eq!(holds(&both, &who, &saying(&json!({ "owner": owner }), ask())), expected, "{owner} {plan}");
    }
}

#[test]
fn another_grant_stands_in_for_one_whose_condition_is_not_met() {
    let grants = vec![
        when(grant("a", "admin", "*", "*"), &json!({ "plan": ["pro"] })),
        when(grant("b", "admin", "documents:*", "*"), &json!({ "groups": ["staff"] })),
        grant("c", "admin", "documents:read", "*"),
    ];
    let house = compiled(grants, Vec::new());
    let mut who = admin();
    let by = |who: &Caller, action| who.asks(&house, &question(action, "documents/7")).determining;
    assert_eq!(by(&who, "documents:read"), ["grant:c"]);
    assert!(by(&who, "documents:write").is_empty());
    who.claims.groups = texts(&["staff"]);
    assert_eq!(by(&who, "documents:write"), ["grant:b"]);
    "pro".clone_into(&mut who.subject.plan);
    assert_eq!(by(&who, "documents:write"), ["grant:a"]);
    // What needs no condition is named before what does.
    assert_eq!(by(&who, "documents:read"), ["grant:c"]);
}
