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

fn microseconds(compiled: &Compiled, who: &Caller, question: &Question) -> f64 {
    const TIMES: u32 = 20_000;
    let began = Instant::now();
    for _ in 0..TIMES {
        black_box(compiled.decide(&black_box(who).facts(), black_box(question)));
    }
    began.elapsed().as_secs_f64() * 1e6 / f64::from(TIMES)
}

#[test]
#[ignore = "a measurement"]
fn the_cost_of_a_decision() {
    let catalogue = typical();
    let began = Instant::now();
    let compiled = Compiled::new(&catalogue).unwrap();
    println!("compiling: {:.1} ms", began.elapsed().as_secs_f64() * 1e3);

    let mut who = caller("3f2c9d1e-0000-4000-8000-000000000001").member("w0", "viewer").member("w1", "editor");
    who.claims.scopes = ["openid", "profile", "email"].map(str::to_owned).into();
    who.claims.groups = ["staff", "cleared"].map(str::to_owned).into();
    let said = json!({ "owner": who.subject.id, "order": { "amount": 5, "state": "open" }, "tags": ["a", "b"] });
    let address = Some("10.1.2.3".parse().unwrap());
    let granted = within("w1", question("orders:read", "orders/7/lines/3"));
    for (case, question) in [
        ("granted", Question { address, ..granted.clone() }),
        ("granted, with circumstances", saying(&said, Question { address, ..granted })),
        ("not granted", within("w1", question("users:read", "users/7"))),
        ("not a member", within("w2", question("orders:read", "orders/7"))),
        ("a long path", within("w1", question("orders:read", &format!("orders/{}", vec!["a"; 240].join("/"))))),
    ] {
        microseconds(&compiled, &who, &question);
        println!("{case}: {:.1} us, {}", microseconds(&compiled, &who, &question), who.hears(&compiled, &question));
    }
}
