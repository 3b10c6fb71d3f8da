//! What a decision costs. A measurement, not a check: `cargo test --release -p cognate-policy cost -- --ignored
//! --nocapture`.

use std::hint::black_box;
use std::time::Instant;

use cognate_domain::directory::{Catalogue, RoleScope};
use cognate_policy::{Compiled, Question};
use serde_json::json;

use crate::world::{Caller, caller, catalogue, grant, policy, question, role, saying, when, within};

/// 6 roles of 10 grants each, every fifth with a condition, and 20 policies of operators.
fn typical() -> Catalogue {
    let nouns = ["documents", "projects", "orders", "reports", "tickets"];
    let mut grants = Vec::new();
    for held in ["admin", "support", "owner", "editor", "viewer", "guest"] {
        for at in 0..10 {
            let noun = nouns[at % nouns.len()];
            let action = if at < 5 { format!("{noun}:*") } else { format!("{noun}:read") };
            let one = grant(&format!("{held}-{at}"), held, &action, &format!("{noun}/*"));
            let conditional = when(one.clone(), &json!({ "own": true, "plan": ["pro", "team"] }));
            grants.push(if at % 5 == 0 { conditional } else { one });
        }
    }
    let policies = (0..20).map(|at| {
        let noun = nouns[at % nouns.len()];
        let source = match at % 4 {
            0 => format!(
                r#"forbid (principal, action == Cognate::Action::"{noun}:purge{at}", resource)
                   unless {{ principal has platformRole }};"#
            ),
            1 => format!(
                r#"forbid (principal, action in Cognate::Action::"{noun}{at}:*", resource)
                   when {{ context.numbers.hasTag("amount") && context.numbers.getTag("amount") > 500 }};"#
            ),
            2 => format!(
                r#"permit (principal, action, resource in Cognate::Resource::"public{at}/*")
                   when {{ context.action like "*:read" }};"#
            ),
            _ => format!(
                r#"forbid (principal, action, resource)
                   when {{ resource.path like "{noun}/*/secret{at}" && !(principal.groups.contains("cleared")) }};"#
            ),
        };
        policy(&format!("p{at}"), &source)
    });
    let mut catalogue = catalogue(grants, policies.collect());
    catalogue.roles.push(role("guest", RoleScope::Workspace));
    catalogue
}

/// As many policies and grants as there may be, of which one or two are about the question.
fn crowded() -> Catalogue {
    let grants = (0..5_000).map(|at| grant(&format!("g{at}"), "editor", &format!("orders{at}:*"), "*"));
    let policies = (0..500).map(|at| {
        let source = format!(r#"forbid (principal, action == Cognate::Action::"orders{at}:purge", resource);"#);
        policy(&format!("p{at}"), &source)
    });
    catalogue(grants.collect(), policies.collect())
}

/// Policies that look at what is dear to tell.
fn curious() -> Catalogue {
    let mut catalogue = typical();
    let sources = [
        r#"forbid (principal, action in Cognate::Action::"orders:*", resource)
           unless { context has address && context.address.isInRange(ip("10.0.0.0/8")) };"#,
        r#"forbid (principal, action, resource) when { context.now > datetime("2100-01-01") };"#,
    ];
    catalogue.policies.extend(sources.iter().enumerate().map(|(at, source)| policy(&format!("q{at}"), source)));
    catalogue
}

fn microseconds(times: u32, decide: impl Fn()) -> f64 {
    let run = || {
        let began = Instant::now();
        (0..times).for_each(|_| decide());
        began.elapsed().as_secs_f64() * 1e6 / f64::from(times)
    };
    // The least: what else the machine does is not what a decision costs.
    (0..5).map(|_| run()).fold(f64::INFINITY, f64::min)
}

#[test]
#[ignore = "a measurement"]
fn the_cost_of_a_decision() {
    let mut who = caller("3f2c9d1e-0000-4000-8000-000000000001").member("w0", "viewer").member("w1", "editor");
    who.claims.scopes = ["openid", "profile", "email"].map(str::to_owned).into();
    who.claims.groups = ["staff", "cleared"].map(str::to_owned).into();
    let said = json!({ "owner": who.subject.id, "order": { "amount": 5, "state": "open" }, "tags": ["a", "b"] });
    let address = Some("10.1.2.3".parse().unwrap());
    let granted = Question { address, ..within("w1", question("orders:read", "orders/7/lines/3")) };
    let told = |house: &Compiled, who: &Caller, case: &str, question: &Question| {
        let cost = microseconds(5_000, || {
            black_box(house.decide(&black_box(who).facts(), black_box(question)));
        });
        println!("{case}: {cost:.1} us, {}", who.hears(house, question));
    };

    let compile = |name: &str, catalogue: &Catalogue| {
        let began = Instant::now();
        let compiled = Compiled::new(catalogue).unwrap();
        println!("{name}, compiling: {:.1} ms", began.elapsed().as_secs_f64() * 1e3);
        compiled
    };

    let house = compile("typical", &typical());
    for (case, question) in [
        ("granted", granted.clone()),
        ("granted, with circumstances", saying(&said, granted.clone())),
        ("not granted", within("w1", question("users:read", "users/7"))),
        ("not a member", within("w2", question("orders:read", "orders/7"))),
        ("a long path", within("w1", question("orders:read", &format!("orders/{}", vec!["a"; 240].join("/"))))),
    ] {
        told(&house, &who, case, &question);
    }
    let fifty = vec![granted.clone(); 50];
    let cost = microseconds(100, || {
        black_box(house.decide_all(&black_box(&who).facts(), black_box(&fifty)));
    });
    println!("each of fifty at once: {:.1} us", cost / 50.0);

    let house = compile("curious", &curious());
    told(&house, &who, "granted, with time and address looked at", &granted);
    let cost = microseconds(100, || {
        black_box(house.decide_all(&black_box(&who).facts(), black_box(&fifty)));
    });
    println!("each of fifty at once: {:.1} us", cost / 50.0);

    let house = compile("crowded", &crowded());
    told(&house, &who, "granted", &within("w1", question("orders4999:read", "orders/7")));
}
