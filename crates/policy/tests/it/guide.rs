//! The operator's page says what is true.

use cognate_policy::{SCHEMA, check_grant, check_policy};
use serde_json::Value;

use crate::world::{caller, catalogue, compiled, grant, policy, question, saying, when, within};

const GUIDE: &str = include_str!("../../../../docs/guides/policies.md");

fn blocks(language: &str) -> Vec<&'static str> {
    let fence = format!("```{language}\n");
    GUIDE.split(fence.as_str()).skip(1).map(|rest| rest.split("```").next().unwrap_or_default()).collect()
}

#[test]
fn the_examples_of_policies_can_be_stored_and_do_what_is_said() {
    let examples = blocks("cedar");
    let catalogue = catalogue(Vec::new(), Vec::new());
    for example in &examples {
        assert_eq!(check_policy("example", example, &catalogue), Ok(()), "{example}");
    }
    let [exports, refunds, machines] = examples[..] else { panic!("{} examples", examples.len()) };

    let everything = || vec![grant("g", "admin", "*", "*"), grant("h", "editor", "*", "*")];
    let editor = caller("u").member("w1", "editor");
    let house = compiled(everything(), vec![policy("refunds", refunds)]);
    for (amount, expected) in
        [("500", "granted_by_role"), ("501", "forbidden_by_policy"), ("\"500\"", "forbidden_by_policy")]
    {
        let said: Value = serde_json::from_str(&format!("{{ \"amount\": {amount} }}")).unwrap();
        let ask = saying(&said, within("w1", question("orders:refund", "orders/5")));
        assert_eq!(editor.hears(&house, &ask), expected, "{amount}");
    }
    assert_eq!(editor.hears(&house, &within("w1", question("orders:refund", "orders/5"))), "forbidden_by_policy");
    assert_eq!(editor.hears(&house, &within("w1", question("orders:read", "orders/5"))), "granted_by_role");

    let house = compiled(everything(), vec![policy("exports", exports)]);
    let admin = caller("a").platform("admin");
    let mut ask = question("exports:start", "exports");
    assert_eq!(admin.hears(&house, &ask), "forbidden_by_policy");
    ask.address = Some("10.1.1.1".parse().unwrap());
    assert_eq!(admin.hears(&house, &ask), "granted_by_role");

    let house = compiled(Vec::new(), vec![policy("machines", machines)]);
    let mut machine = caller("m");
    machine.subject.kind = cognate_domain::directory::SubjectKind::Machine;
    let ask = question("reports:write", "reports/7");
    assert_eq!(machine.hears(&house, &ask), "no_grant");
    machine.claims.scopes = vec!["reports/write".into()];
    assert_eq!(machine.hears(&house, &ask), "permitted_by_policy");
    assert_eq!(machine.hears(&house, &question("reports:delete", "reports/7")), "no_grant");
}

#[test]
fn the_examples_of_conditions_can_be_stored() {
    let examples = blocks("json");
    assert!(!examples.is_empty());
    for example in examples {
        let condition: Value = serde_json::from_str(example).unwrap();
        let grant = when(grant("g", "admin", "*", "*"), &condition);
        assert_eq!(check_grant(&grant, &catalogue(Vec::new(), Vec::new())), Ok(()), "{example}");
    }
}

#[test]
fn the_page_names_every_attribute_of_the_schema() {
    let attributes =
        SCHEMA.lines().filter_map(|line| line.trim().split_once(':')).map(|(name, _)| name.trim_end_matches('?'));
    let attributes: Vec<_> = attributes.filter(|name| name.chars().all(char::is_alphanumeric)).collect();
    assert!(attributes.len() > 20, "{attributes:?}");
    for attribute in attributes {
        let named =
            ["principal", "resource", "context"].contains(&attribute) || GUIDE.contains(&format!("`{attribute}`"));
        assert!(named, "{attribute}");
    }
}
