use super::*;
use crate::schema::SCHEMA;

fn needs(condition: &str) -> Needs {
    let source = format!("permit (principal, action, resource) when {{ {condition} }};");
    Needs::of(&source.parse().unwrap(), &Types::new().unwrap())
}

fn named(condition: &str) -> Vec<&'static str> {
    let Needs { attributes, .. } = needs(condition);
    let named = Attribute::ALL.into_iter().filter(|attribute| attributes.has(*attribute));
    named.map(Attribute::name).collect()
}

#[test]
fn what_a_condition_looks_at_is_found_however_it_is_written() {
    for (condition, expected) in [
        ("true", vec![]),
        ("principal.plan == \"pro\"", vec!["plan"]),
        ("principal[\"pl\\u{61}n\"] == \"pro\"", vec!["plan"]),
        ("principal has platformRole", vec!["platformRole"]),
        ("principal has \"platformRole\"", vec!["platformRole"]),
        ("principal.claims has sub", vec!["claims"]),
        ("context has texts.a.owner", vec!["owner", "texts"]),
        ("context[\"no\\x77\"] > context.now.offset(duration(\"1h\"))", vec!["now"]),
        ("(if context.member then principal else principal).state == \"a\"", vec!["state", "member"]),
        ("[{ of: principal }].contains({ of: principal }) && { p: resource }.p has tenant", vec!["tenant"]),
        ("Cognate::Subject::\"u\".plan == \"owner\"", vec!["plan", "owner"]),
    ] {
        assert_eq!(named(condition), expected, "{condition}");
    }
}

#[test]
fn who_takes_the_context_as_a_whole_may_look_at_everything() {
    for condition in [
        "context == context",
        "{ c: context }.c.member",
        "(if true then context else context).member",
        "[context].contains(context)",
        "Cognate::Texts::\"circumstances\".hasTag(\"a\")",
    ] {
        assert_eq!(needs(condition).attributes, Attributes::ALL, "{condition}");
    }
}

#[test]
fn roles_and_groups_are_those_that_are_named() {
    let needs = needs(
        r#"principal in Cognate::Role::"admin" && resource in Cognate::Resource::"a/b/*"
           && action in [Cognate::Action::"a:*", Cognate::Action::"b"]"#,
    );
    assert_eq!(needs.roles, ["admin".to_owned()].into());
    assert_eq!(needs.actions.keys().collect::<Vec<_>>(), ["a:"]);
    assert_eq!(needs.resources.keys().collect::<Vec<_>>(), ["a/b/"]);
}

#[test]
fn there_is_no_attribute_in_the_schema_that_is_not_known_here() {
    let known = |name: &str| Attribute::ALL.iter().any(|attribute| attribute.name() == name);
    let mut found = 0;
    for line in SCHEMA.lines().map(str::trim).filter(|line| !line.starts_with("//")) {
        let Some((name, _)) = line.split_once(':') else { continue };
        let name = name.trim_end_matches('?');
        // What an action applies to, and the members of the schema's own words.
        if name.contains(' ') || ["principal", "resource", "context"].contains(&name) {
            continue;
        }
        assert!(known(name), "{name}");
        found += 1;
    }
    assert!(found > 20, "{found}");
}
