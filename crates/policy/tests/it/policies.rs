//! Operators' own Cedar.

use cognate_domain::Timestamp;
use cognate_policy::{Compiled, Position, Question, Reason, Refused};
use serde_json::{Value, json};

use crate::world::{caller, catalogue, compiled, grant, policy, question, saying, within};

fn with(source: &str) -> Compiled {
    compiled(vec![grant("g", "admin", "*", "*")], vec![policy("p", source)])
}

#[test]
fn a_policy_permits_what_no_role_grants() {
    let house = with(r#"permit (principal, action == Cognate::Action::"status:read", resource);"#);
    let verdict = caller("u").asks(&house, &question("status:read", "status"));
    let reason = Reason::Permitted { policy: "p".into() };
    assert_eq!((verdict.allowed, verdict.reason, verdict.determining), (true, reason, vec!["policy:p".to_owned()]));
    assert_eq!(caller("u").hears(&house, &within("w9", question("status:read", "status"))), "permitted_by_policy");
    assert_eq!(caller("u").hears(&house, &question("status:write", "status")), "no_grant");
}

#[test]
fn a_forbid_wins_over_grants_and_permits() {
    let permit = policy("a-permit", "permit (principal, action, resource);");
    let forbid = policy("z-forbid", r#"forbid (principal, action in Cognate::Action::"billing:*", resource);"#);
    let again = policy("b-forbid", r#"forbid (principal, action, resource in Cognate::Resource::"invoices/*");"#);
    let house = compiled(vec![grant("g", "admin", "*", "*")], vec![forbid, permit, again]);
    let admin = caller("u").platform("admin");
    let verdict = admin.asks(&house, &question("billing:refund", "invoices/5"));
    assert_eq!((verdict.allowed, verdict.reason), (false, Reason::Forbidden { policy: "b-forbid".into() }));
    assert_eq!(verdict.determining, ["policy:b-forbid", "policy:z-forbid"]);
    assert_eq!(admin.hears(&house, &question("billing:refund", "accounts/5")), "forbidden_by_policy");
    assert_eq!(admin.hears(&house, &question("billing", "invoices")), "permitted_by_policy");
}

#[test]
fn actions_and_resources_that_nobody_declared_lie_in_what_covers_them() {
    for (scope, action, resource, expected) in [
        (r#"action in Cognate::Action::"a:b:*", resource"#, "a:b:c", "x", true),
        (r#"action in Cognate::Action::"a:b:*", resource"#, "a:b:c:d", "x", true),
        (r#"action in Cognate::Action::"a:b:*", resource"#, "a:b", "x", false),
        (r#"action in Cognate::Action::"a:b:*", resource"#, "a:bc:d", "x", false),
        (r#"action in Cognate::Action::"*", resource"#, "anything", "x", true),
        (r#"action in [Cognate::Action::"a:*", Cognate::Action::"b"], resource"#, "b", "x", true),
        (r#"action in [Cognate::Action::"a:*", Cognate::Action::"b"], resource"#, "b:c", "x", false),
        (r#"action, resource in Cognate::Resource::"p/*""#, "a", "p/q/r", true),
        (r#"action, resource in Cognate::Resource::"p/*""#, "a", "p", false),
        (r#"action, resource in Cognate::Resource::"p/*""#, "a", "pp/q", false),
        (r#"action, resource in Cognate::Resource::"p/q""#, "a", "p/q", true),
        (r#"action, resource in Cognate::Resource::"p/q""#, "a", "p/q/r", false),
        (r#"action, resource in Cognate::Resource::"*""#, "a", "p/q/r", true),
        (r#"action, resource == Cognate::Resource::"p/q""#, "a", "p/q", true),
    ] {
        let house = with(&format!("permit (principal, {scope});"));
        let hears = caller("u").hears(&house, &question(action, resource));
        assert_eq!(hears == "permitted_by_policy", expected, "{scope}: {action} {resource}");
    }
}

/// Of somebody with everything that can be known.
fn condition_holds(condition: &str, question: &Question) -> bool {
    let house = with(&format!("permit (principal, action, resource) when {{ {condition} }};"));
    let mut who = caller("u-1").platform("support").member("w1", "editor");
    who.claims.sub = Some("sub-1".into());
    who.claims.scopes = vec!["openid".into(), "orders/read".into()];
    who.claims.groups = vec!["staff".into()];
    who.subject.entitlements = vec!["export".into()];
    match who.hears(&house, question) {
        "permitted_by_policy" => true,
        "no_grant" => false,
        other => panic!("{condition}: {other}"),
    }
}

#[test]
fn a_condition_can_speak_about_all_that_is_known() {
    let circumstances =
        json!({ "owner": "u-1", "order": { "total": 5, "state": "open" }, "urgent": true, "tags": ["a", "b"] });
    let full = saying(&circumstances, within("w1", question("documents:write", "projects/a1/documents/7")));
    let full = Question { address: Some("10.1.2.3".parse().unwrap()), ..full };
    for (condition, expected) in [
        (r#"principal == Cognate::Subject::"u-1""#, true),
        (r#"principal.id == "u-1" && principal.kind == "user" && principal.state == "active""#, true),
        (r#"principal.plan == "pro""#, false),
        (r#"principal has platformRole && principal.platformRole == "support""#, true),
        (r#"principal.entitlements.contains("export") && principal.groups.contains("staff")"#, true),
        (r#"principal.scopes.containsAll(["orders/read", "openid"])"#, true),
        (r#"principal.claims has sub && principal.claims.sub == "sub-1""#, true),
        ("principal.claims has clientId", false),
        (r#"principal in Cognate::Role::"support" && principal in Cognate::Role::"editor""#, true),
        (r#"principal in Cognate::Role::"admin""#, false),
        (r#"resource.path like "projects/*/documents/*""#, true),
        (r#"resource has tenant && resource.tenant == "w1" && context has tenant && context.tenant == "w1""#, true),
        (r#"context.member && !context.archived && context.action == "documents:write""#, true),
        (r#"context.action like "*:read""#, false),
        (r#"context has address && context.address.isInRange(ip("10.0.0.0/8"))"#, true),
        ("context has owner && context.owner == principal.id", true),
        (r#"context.texts.hasTag("order.state") && context.texts.getTag("order.state") == "open""#, true),
        (r#"context.texts.hasTag("owner")"#, true),
        (r#"context.numbers.hasTag("order.total") && context.numbers.getTag("order.total") > 4"#, true),
        (r#"context.numbers.hasTag("order.state")"#, false),
        (r#"context.flags.hasTag("urgent") && context.flags.getTag("urgent")"#, true),
        (r#"context.lists.hasTag("tags") && context.lists.getTag("tags").containsAny(["b", "c"])"#, true),
        (
            r#"context.now > datetime("2026-03-02T11:59:59Z") && context.now <= datetime("2026-03-02T12:00:00.000Z")"#,
            true,
        ),
        (r#"context.now.toTime() < duration("9h")"#, false),
        (r#"decimal("1.5").greaterThan(decimal("1.25"))"#, true),
    ] {
        assert_eq!(condition_holds(condition, &full), expected, "{condition}");
    }
}

#[test]
fn what_is_not_said_is_not_there() {
    let bare = question("documents:write", "documents/7");
    for condition in [
        "context has address",
        "context has owner",
        "context has tenant",
        "resource has tenant",
        "context.member",
        "context.archived",
        r#"context.texts.hasTag("owner")"#,
        r#"context.numbers.hasTag("a")"#,
        r#"context.flags.hasTag("a")"#,
        r#"context.lists.hasTag("a")"#,
        r#"principal in Cognate::Role::"editor""#,
    ] {
        assert!(!condition_holds(condition, &bare), "{condition}");
        assert!(condition_holds(&format!("!({condition})"), &bare), "{condition}");
    }
}

#[test]
fn what_cannot_be_evaluated_is_denied_whatever_else_permits() {
    let overflow = r#"when { context.numbers.hasTag("n") && context.numbers.getTag("n") + 1 > 0 };"#;
    let admin = caller("u").platform("admin");
    for effect in ["permit", "forbid"] {
        let house = with(&format!("{effect} (principal, action, resource)\n{overflow}"));
        let with_n = |n: Value| admin.asks(&house, &saying(&json!({ "n": n }), question("a:b", "c")));
        let verdict = with_n(json!(i64::MAX));
        assert_eq!((verdict.allowed, verdict.reason), (false, Reason::Failed { policy: Some("p".into()) }), "{effect}");
        assert_eq!(verdict.determining, ["policy:p"]);
        assert_eq!(with_n(json!(5)).allowed, effect == "permit");
        assert!(with_n(json!("5")).allowed);
    }
    // A forbid that does apply is the better answer.
    let both = format!("permit (principal, action, resource)\n{overflow}\nforbid (principal, action, resource);");
    let verdict = admin.asks(&with(&both), &saying(&json!({ "n": i64::MAX }), question("a:b", "c")));
    assert_eq!(verdict.reason, Reason::Forbidden { policy: "p".into() });
}

#[test]
fn a_moment_that_no_calendar_has_is_denied() {
    let house = with("permit (principal, action, resource);");
    for (now, expected) in [
        (Timestamp(0), "permitted_by_policy"),
        (Timestamp(253_402_300_799_999), "permitted_by_policy"),
        (Timestamp(-1), "permitted_by_policy"),
        (Timestamp(i64::MAX), "evaluation_failed"),
        (Timestamp(i64::MIN), "evaluation_failed"),
    ] {
        assert_eq!(caller("u").hears(&house, &Question { now, ..question("a:b", "c") }), expected, "{now:?}");
    }
}

fn refusal(source: &str) -> Refused {
    Compiled::new(&catalogue(
        Vec::new(),
        vec![policy("fine", "permit (principal, action, resource);"), policy("p", source)],
    ))
    .unwrap_err()
}

#[test]
fn a_bad_policy_is_refused_with_its_line() {
    let fine = "// A comment.\npermit (principal, action, resource);\n\n";
    let mut wrong = Vec::new();
    for (bad, line, column, part) in [
        ("permit (principal, action);", 1, 26, "resource"),
        ("permit (principal, action, resource)", 1, 37, "unexpected end of input"),
        ("permit (principal, action, resource)\nwhen { context. };", 2, 17, "unexpected token"),
        ("permit (principal, action, resource)\nwhen { nobody.id == \"u\" };", 2, 8, "nobody"),
        ("permit (principal, action, resource)\nwhen { principal.name == \"u\" };", 2, 8, "attribute `name`"),
        ("permit (principal, action, resource)\n  when { principal.id == 5 };", 2, 10, "types"),
        ("permit (principal, action, resource)\nwhen { context.owner == \"u\" };", 2, 8, "owner"),
        ("permit (principal, action, resource)\nwhen { context.texts.getTag(\"a\") == \"u\" };", 2, 8, "tag"),
        ("permit (principal, action, resource)\nwhen { ip(resource.path).isIpv4() };", 2, 8, "extension constructors"),
        ("permit (principal, action, resource)\nwhen { context.now < datetime(\"noon\") };", 2, 22, "datetime value"),
        ("permit (principal == User::\"u\", action, resource);", 1, 22, "User"),
        ("permit (principal, action == Action::\"a:b\", resource);", 1, 30, "Action"),
        ("permit (principal, action == Cognate::Action::\"A:b\", resource);", 1, 30, "A:b"),
        ("permit (principal, action in Cognate::Action::\"a*\", resource);", 1, 30, "a*"),
        (
            "permit (principal, action, resource in Cognate::Resource::\"a//b\");",
            1,
            40,
            "no part of a resource is empty",
        ),
        ("permit (principal, action, resource in Cognate::Resource::\"a/*/b\");", 1, 40, "a * stands only at the end"),
        ("permit (principal == ?principal, action, resource);", 1, 1, "template"),
    ] {
        let refused = refusal(&format!("{fine}{bad}"));
        assert!(refused.to_string().starts_with("policy p"), "{refused}");
        assert!(!refused.to_string().contains("policy1"), "{refused}");
        let expected = (!bad.contains("?principal")).then_some(Position { line: line + 3, column });
        if refused.at != expected || !refused.sentence.contains(part) {
            wrong.push(refused.to_string());
        }
    }
    assert!(wrong.is_empty(), "{wrong:#?}");
}

#[test]
fn of_several_mistakes_the_first_is_named() {
    let refused = refusal(
        "permit (principal, action, resource)\nwhen { principal.a == 1 };\n\
         permit (principal, action, resource)\nwhen { principal.b == 1 };",
    );
    assert_eq!(refused.at.map(|at| at.line), Some(2), "{refused}");
}

#[test]
fn a_policy_has_its_bounds() {
    for (source, part) in [
        (String::new(), "there is no policy in it"),
        ("// nothing".to_owned(), "there is no policy in it"),
        (format!("permit (principal, action, resource); //{}", "a".repeat(16 * 1024)), "at most 16384 bytes"),
        (format!("permit (principal, action, resource) when {{ {}true }};", "(".repeat(8_000)), "nested too deeply"),
        (
            format!("permit (principal, action, resource) when {{ {}true }};", "if true then true else ".repeat(500)),
            "nested too deeply",
        ),
        (format!("permit (principal, action, resource) when {{ {}true }};", "true&&".repeat(2_000)), "too long"),
        (format!("permit (principal, action, resource) when {{ principal{} }};", ".a".repeat(8_000)), "too long"),
    ] {
        let refused = refusal(&source);
        assert!(refused.sentence.contains(part), "{refused}");
    }
}

#[test]
fn what_is_within_the_bounds_can_be_read_checked_and_asked_on_a_small_stack() {
    let deep = format!("{}true{}", "!(".repeat(31), ")".repeat(31));
    let ifs = format!("{}true", "if true then true else ".repeat(31));
    let chain = format!("{}true", "context.member || ".repeat(130));
    let sum = format!("context.numbers.hasTag(\"n\") && context.numbers.getTag(\"n\"){} > 0", " + 1".repeat(190));
    let clauses = "true } when { ".repeat(190);
    let most = move || {
        for condition in [&deep, &ifs, &chain, &sum, &format!("{clauses}true")] {
            let house = with(&format!("permit (principal, action, resource) when {{ {condition} }};"));
            let hears = caller("u").hears(&house, &saying(&json!({ "n": 1 }), question("a:b", "c")));
            assert_eq!(hears == "permitted_by_policy", *condition != deep, "{condition}");
        }
    };
    // A thread of the server's runtime has 2 MiB, and does something else too.
    std::thread::Builder::new().stack_size(1536 * 1024).spawn(most).unwrap().join().unwrap();
}

#[test]
fn a_catalogue_has_its_bounds() {
    let one = |at: usize| policy(&format!("p{at}"), "permit (principal, action, resource);");
    let many = |count: usize| (0..count).map(one).collect::<Vec<_>>();
    assert!(Compiled::new(&catalogue(Vec::new(), many(500))).is_ok());
    let refused = Compiled::new(&catalogue(Vec::new(), many(501))).unwrap_err();
    assert!(refused.to_string().starts_with("the catalogue: there are at most 500 policies"), "{refused}");
    let two_in_one = vec![policy("p", &"permit (principal, action, resource);".repeat(251)); 2];
    let refused = Compiled::new(&catalogue(Vec::new(), two_in_one)).unwrap_err();
    assert!(refused.sentence.contains("at most 500 statements"), "{refused}");
    let grants = vec![grant("g", "admin", "a:b", "c"); 5_001];
    assert!(Compiled::new(&catalogue(grants, Vec::new())).is_err());
}

#[test]
fn a_role_that_was_removed_does_not_break_the_policies_that_name_it() {
    let house = with(r#"forbid (principal in Cognate::Role::"contractor", action, resource);"#);
    assert_eq!(caller("u").platform("admin").hears(&house, &question("a:b", "c")), "granted_by_role");
}
