//! What is left out, of statements and of facts, changes no verdict.

use std::net::IpAddr;

use cognate_domain::directory::{Catalogue, Grant, SubjectKind};
use cognate_policy::{Compiled, Question};
use proptest::prelude::*;
use proptest::sample::select;
use serde_json::{Map, Value, json};

use crate::plain::Asked;
use crate::world::{Caller, caller, catalogue, grant, policy, question, saying, when, within};

const CONDITIONS: [&str; 36] = [
    "true",
    r#"principal.id == "u-1""#,
    r#"principal.kind == "machine""#,
    r#"principal.state == "active""#,
    r#"principal.plan == "pro""#,
    r#"principal has platformRole && principal.platformRole == "support""#,
    r#"principal.entitlements.contains("e")"#,
    r#"principal.scopes.contains("s")"#,
    r#"principal.groups.containsAny(["g", "h"])"#,
    r#"principal.claims has sub && principal.claims.sub == "s""#,
    "principal.claims has clientId",
    r#"principal in Cognate::Role::"editor""#,
    r#"principal in [Cognate::Role::"admin", Cognate::Role::"viewer"]"#,
    r#"principal == Cognate::Subject::"u-2""#,
    r#"Cognate::Subject::"u-1" has plan"#,
    r#"resource.path like "a/*""#,
    r#"resource has tenant && resource.tenant == "w1""#,
    r#"resource in Cognate::Resource::"a/*""#,
    r#"resource in [Cognate::Resource::"b/*", Cognate::Resource::"a"]"#,
    r#"action in Cognate::Action::"a:*""#,
    r#"action == Cognate::Action::"a:b""#,
    r#"context.action like "*:b""#,
    "context.member",
    "context.archived",
    r#"context has tenant && context.tenant == "w1""#,
    r#"context["m\u{65}mber"]"#,
    "context == context",
    "{ c: context }.c.member",
    "context has owner && context.owner == principal.id",
    r#"context has address && context.address.isInRange(ip("10.0.0.0/8"))"#,
    r#"context.now > datetime("2026-03-02T11:00:00Z")"#,
    // Beyond 64 bits for some.
    r#"context.numbers.hasTag("n") && context.numbers.getTag("n") + 1 > 0"#,
    r#"context.texts.hasTag("owner") && context.texts.getTag("owner") like "u-*""#,
    r#"Cognate::Texts::"circumstances".hasTag("owner")"#,
    r#"context.flags.hasTag("f") && context.flags.getTag("f")"#,
    r#"context.lists.hasTag("l") && context.lists.getTag("l").contains("x")"#,
];

fn name(border: &'static str) -> impl Strategy<Value = String> {
    prop::collection::vec("[ab]", 1..4).prop_map(move |parts| parts.join(border))
}

fn pattern(border: &'static str) -> impl Strategy<Value = String> {
    prop_oneof![
        2 => name(border),
        2 => name(border).prop_map(move |name| format!("{name}{border}*")),
        1 => Just("*".to_owned()),
    ]
}

fn role() -> impl Strategy<Value = String> {
    select(vec!["admin", "support", "owner", "editor", "viewer"]).prop_map(str::to_owned)
}

fn principals() -> impl Strategy<Value = String> {
    let one = select(vec!["u-1", "u-2"]);
    prop_oneof![
        3 => Just("principal".to_owned()),
        1 => one.clone().prop_map(|id| format!(r#"principal == Cognate::Subject::"{id}""#)),
        1 => one.prop_map(|id| format!(r#"principal in Cognate::Subject::"{id}""#)),
        2 => role().prop_map(|role| format!(r#"principal in Cognate::Role::"{role}""#)),
        1 => Just("principal is Cognate::Subject".to_owned()),
        1 => role().prop_map(|role| format!(r#"principal is Cognate::Subject in Cognate::Role::"{role}""#)),
    ]
}

fn actions() -> impl Strategy<Value = String> {
    let one = |id: String| format!(r#"Cognate::Action::"{id}""#);
    prop_oneof![
        2 => Just("action".to_owned()),
        2 => pattern(":").prop_map(move |id| format!("action == {}", one(id))),
        2 => pattern(":").prop_map(move |id| format!("action in {}", one(id))),
        2 => prop::collection::vec(pattern(":").prop_map(one), 1..4)
            .prop_map(|several| format!("action in [{}]", several.join(", "))),
    ]
}

fn resources() -> impl Strategy<Value = String> {
    let one = |id: String| format!(r#"Cognate::Resource::"{id}""#);
    prop_oneof![
        2 => Just("resource".to_owned()),
        2 => pattern("/").prop_map(move |id| format!("resource == {}", one(id))),
        2 => pattern("/").prop_map(move |id| format!("resource in {}", one(id))),
        1 => Just("resource is Cognate::Resource".to_owned()),
        1 => pattern("/").prop_map(move |id| format!("resource is Cognate::Resource in {}", one(id))),
    ]
}

fn statement() -> impl Strategy<Value = String> {
    let condition = (select(vec!["when", "unless"]), select(CONDITIONS.to_vec()));
    let conditions = prop::collection::vec(condition.prop_map(|(of, what)| format!(" {of} {{ {what} }}")), 0..3);
    (select(vec!["permit", "forbid"]), principals(), actions(), resources(), conditions).prop_map(
        |(effect, principal, action, resource, conditions)| {
            format!("{effect} ({principal}, {action}, {resource}){};\n", conditions.concat())
        },
    )
}

fn grants() -> impl Strategy<Value = Vec<Grant>> {
    let conditions = [
        Value::Null,
        Value::Null,
        json!({ "own": true }),
        json!({ "plan": ["pro"] }),
        json!({ "groups": ["g", "h"], "own": true }),
        json!({ "within": ["10.0.0.0/8"] }),
    ];
    let one = (role(), pattern(":"), pattern("/"), select(conditions.to_vec()));
    prop::collection::vec(one, 0..12).prop_map(|all| {
        let one = |(at, (role, action, resource, condition)): (usize, (String, String, String, Value))| {
            let one = grant(&format!("g{at:02}"), &role, &action, &resource);
            if condition.is_null() { one } else { when(one, &condition) }
        };
        all.into_iter().enumerate().map(one).collect()
    })
}

fn catalogues() -> impl Strategy<Value = Catalogue> {
    let text = prop::collection::vec(statement(), 1..4).prop_map(|several| several.concat());
    (grants(), prop::collection::vec(text, 0..6)).prop_map(|(grants, texts)| {
        let texts = texts.iter().enumerate().map(|(at, source)| policy(&format!("p{at}"), source));
        catalogue(grants, texts.collect())
    })
}

fn some(of: &'static str) -> impl Strategy<Value = Vec<String>> {
    prop_oneof![Just(Vec::new()), Just(vec![of.to_owned()])]
}

fn callers() -> impl Strategy<Value = Caller> {
    let standing = (prop::option::of(role()), prop::option::of(role()), prop::bool::weighted(0.2));
    let state = (prop::bool::weighted(0.1), any::<bool>(), any::<bool>());
    let has = (some("e"), some("s"), some("h"), prop::option::of(Just("s".to_owned())));
    (select(vec!["u-1", "u-2"]), standing, state, has).prop_map(
        |(id, (platform, tenant, archived), (disabled, machine, pro), (entitlements, scopes, groups, sub))| {
            let mut who = caller(id);
            who.subject.platform_role = platform;
            if let Some(role) = tenant {
                who = who.member("w1", &role);
            }
            if archived {
                who = who.archived();
            }
            if disabled {
                who = who.disabled();
            }
            if machine {
                who.subject.kind = SubjectKind::Machine;
            }
            if pro { "pro" } else { "free" }.clone_into(&mut who.subject.plan);
            who.subject.entitlements = entitlements;
            (who.claims.scopes, who.claims.groups, who.claims.sub) = (scopes, groups, sub);
            who
        },
    )
}

fn questions() -> impl Strategy<Value = (Question, Map<String, Value>)> {
    let said = [
        json!({}),
        json!({ "owner": "u-1", "n": 5, "f": true, "l": ["x"] }),
        json!({ "owner": "u-2", "n": i64::MAX, "f": false, "l": [] }),
    ];
    let tenant = select(vec![None, Some("w1"), Some("w1"), Some("w2")]);
    let address = select(vec![None, Some("10.1.2.3"), Some("2001:db8::1")]);
    (name(":"), name("/"), tenant, address, select(said.to_vec())).prop_map(
        |(action, resource, tenant, address, said)| {
            let address = address.map(|text| text.parse::<IpAddr>().unwrap());
            let ask = saying(&said, Question { address, ..question(&action, &resource) });
            let ask = if let Some(tenant) = tenant { within(tenant, ask) } else { ask };
            (ask, said.as_object().unwrap().clone())
        },
    )
}

proptest! {
    // Of 18 questions each.
    #![proptest_config(ProptestConfig::with_cases(64))]

    #[test]
    fn a_verdict_is_that_of_evaluating_everything(
        catalogue in catalogues(),
        callers in prop::collection::vec(callers(), 3),
        questions in prop::collection::vec(questions(), 6),
    ) {
        let house = Compiled::new(&catalogue).unwrap();
        let asked: Vec<_> = questions.iter().map(|(question, _)| question.clone()).collect();
        for caller in &callers {
            let one_by_one: Vec<_> = asked.iter().map(|question| caller.asks(&house, question)).collect();
            for ((question, said), verdict) in questions.iter().zip(&one_by_one) {
                let plain = Asked { catalogue: &catalogue, caller, question, said }.verdict();
                prop_assert_eq!(verdict, &plain, "{:?}", question);
            }
            prop_assert_eq!(house.decide_all(&caller.facts(), &asked), one_by_one);
        }
    }
}

#[test]
fn each_condition_that_is_tried_can_be_stored() {
    for condition in CONDITIONS {
        let source = format!("permit (principal, action, resource) when {{ {condition} }};");
        assert!(Compiled::new(&catalogue(Vec::new(), vec![policy("p", &source)])).is_ok(), "{condition}");
    }
}
