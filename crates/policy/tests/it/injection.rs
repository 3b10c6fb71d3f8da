//! Ids, actions, resources and what an application says are data, whatever is written in them.

use cognate_domain::directory::RoleScope;
use cognate_policy::{Action, Compiled, Resource, Tenant};
use serde_json::json;

use crate::world::{Caller, caller, catalogue, compiled, grant, policy, question, role, saying, when, within};

const NASTY: [&str; 9] = [
    "\"",
    "\\",
    "\\\"",
    "a\nb",
    "\"; permit(principal,action,resource);",
    "\"); permit(principal, action, resource); //",
    "\\u{22}",
    "*",
    "\u{202e}\u{0}ü",
];

/// One grant and one policy, both of which are about something else.
fn house(of: &str) -> Compiled {
    let about = policy("p", r#"permit (principal == Cognate::Subject::"nobody", action, resource);"#);
    let mut catalogue = catalogue(vec![grant("g", of, "a:b", "c")], vec![about]);
    catalogue.roles.push(role(of, RoleScope::Platform));
    Compiled::new(&catalogue).unwrap()
}

#[test]
fn the_names_of_subjects_roles_and_claims_are_data() {
    for nasty in NASTY {
        let house = house(nasty);
        let mut who = caller(nasty);
        who.subject.plan = nasty.to_owned();
        who.subject.entitlements = vec![nasty.to_owned()];
        who.claims.sub = Some(nasty.to_owned());
        who.claims.client_id = Some(nasty.to_owned());
        who.claims.scopes = vec![nasty.to_owned()];
        who.claims.groups = vec![nasty.to_owned()];
        assert_eq!(who.hears(&house, &question("a:b", "c")), "no_grant", "{nasty:?}");
        let holder = who.platform(nasty);
        assert_eq!(holder.hears(&house, &question("a:b", "c")), "granted_by_role", "{nasty:?}");
        assert_eq!(holder.hears(&house, &question("a:b", "d")), "no_grant", "{nasty:?}");
    }
}

#[test]
fn an_action_has_no_characters_that_mean_something() {
    for nasty in NASTY {
        assert!(Action::parse(nasty).is_err() && Action::parse(&format!("a:{nasty}")).is_err(), "{nasty:?}");
    }
}

#[test]
fn a_resource_and_a_tenant_are_data_or_refused() {
    let granted = compiled(vec![grant("g", "editor", "a:b", "c/*")], Vec::new());
    for nasty in NASTY {
        let control = nasty.contains(char::is_control);
        assert_eq!(Tenant::parse(nasty).is_err(), control, "{nasty:?}");
        let path = format!("d/{nasty}");
        let refused = control || nasty == "*" || nasty.contains("//");
        assert_eq!(Resource::parse(&path).is_err(), refused, "{nasty:?}");
        let editor = caller("u").member(nasty, "editor");
        if refused {
            continue;
        }
        assert_eq!(editor.hears(&granted, &within(nasty, question("a:b", &path))), "no_grant", "{nasty:?}");
        let below = format!("c/{nasty}");
        assert_eq!(editor.hears(&granted, &within(nasty, question("a:b", &below))), "granted_by_role", "{nasty:?}");
        assert_eq!(caller("u").hears(&granted, &within(nasty, question("a:b", &below))), "not_a_member", "{nasty:?}");
        // And as the pattern of a grant.
        let exact = compiled(vec![grant("g", "admin", "a:b", &path)], Vec::new());
        let admin = caller("u").platform("admin");
        assert_eq!(admin.hears(&exact, &question("a:b", &path)), "granted_by_role", "{nasty:?}");
        assert_eq!(admin.hears(&exact, &question("a:b", "d/x")), "no_grant", "{nasty:?}");
    }
}

#[test]
fn what_an_application_says_is_data() {
    let own = compiled(vec![when(grant("g", "admin", "*", "*"), &json!({ "own": true }))], Vec::new());
    for nasty in NASTY {
        let said = json!({ "owner": nasty, "text": nasty, "list": [nasty] });
        let hears = |who: Caller| who.platform("admin").hears(&own, &saying(&said, question("a:b", "c")));
        assert_eq!((hears(caller(nasty)), hears(caller("u"))), ("granted_by_role", "no_grant"), "{nasty:?}");
    }
}

#[test]
fn the_entries_of_a_condition_are_data() {
    for nasty in NASTY {
        for member in ["scopes", "groups", "entitlements", "plan"] {
            let house = compiled(vec![when(grant("g", "admin", "*", "*"), &json!({ member: [nasty] }))], Vec::new());
            let mut who = caller("u").platform("admin");
            assert_eq!(who.hears(&house, &question("a:b", "c")), "no_grant", "{member} {nasty:?}");
            who.claims.scopes = vec![nasty.to_owned()];
            who.claims.groups = vec![nasty.to_owned()];
            who.subject.entitlements = vec![nasty.to_owned()];
            nasty.clone_into(&mut who.subject.plan);
            assert_eq!(who.hears(&house, &question("a:b", "c")), "granted_by_role", "{member} {nasty:?}");
        }
    }
}

#[test]
fn the_id_of_a_policy_or_a_grant_is_a_label() {
    for nasty in NASTY {
        let forbid = policy(nasty, "forbid (principal, action, resource);");
        let house = compiled(vec![grant(nasty, "admin", "*", "*")], vec![forbid]);
        let verdict = caller("u").platform("admin").asks(&house, &question("a:b", "c"));
        assert_eq!(verdict.determining, [format!("policy:{nasty}")]);
        let house = compiled(vec![grant(nasty, "admin", "*", "*")], Vec::new());
        let verdict = caller("u").platform("admin").asks(&house, &question("a:b", "c"));
        assert_eq!(verdict.determining, [format!("grant:{nasty}")]);
    }
}
