//! The schema that an operator's policies are held against. Roles and actions are data: a policy is checked against the
//! schema that has the roles of its catalogue and the actions that it names itself.

use std::collections::BTreeSet;
use std::sync::LazyLock;

use cedar_policy::{Schema, SchemaFragment};
use serde_json::{Map, Value, json};

use crate::pattern::{Names, Pattern};

/// For operators and their tools. The file `schema.cedarschema` of this crate.
pub const SCHEMA: &str = include_str!("../schema.cedarschema");

const ANY_ACTION: &str = "*";

static BASE: LazyLock<Result<Value, String>> = LazyLock::new(|| {
    let (fragment, _warnings) = SchemaFragment::from_cedarschema_str(SCHEMA).map_err(|error| error.to_string())?;
    fragment.to_json_value().map_err(|error| error.to_string())
});

/// `actions` may be patterns; each lies in those that cover it. What is no action is not declared, so that the
/// validator refuses it with its line.
pub(crate) fn with(roles: &BTreeSet<&str>, actions: &BTreeSet<String>) -> Result<Schema, String> {
    let mut schema = BASE.clone()?;
    let house =
        schema.pointer_mut("/Cognate").and_then(Value::as_object_mut).ok_or("the schema has no namespace Cognate")?;

    if !roles.is_empty() {
        let entities =
            house.get_mut("entityTypes").and_then(Value::as_object_mut).ok_or("the schema has no entity types")?;
        entities.insert("Role".to_owned(), json!({ "enum": roles }));
    }

    let declared = house.get_mut("actions").and_then(Value::as_object_mut).ok_or("the schema has no actions")?;
    let applies_to =
        declared.get(ANY_ACTION).and_then(|any| any.get("appliesTo")).cloned().ok_or("the schema has no action *")?;
    for action in actions {
        declare(declared, &applies_to, action);
    }
    Schema::from_json_value(schema).map_err(|error| error.to_string())
}

/// An action, and the patterns that it lies in.
fn declare(declared: &mut Map<String, Value>, applies_to: &Value, action: &str) {
    let Ok(pattern) = Pattern::read(Names::Actions, action) else { return };
    let name = match &pattern {
        Pattern::Exactly(name) | Pattern::Below(name) => name,
    };
    let mut above = Vec::new();
    for group in Names::Actions.prefixes(name).map(|prefix| format!("{prefix}*")).chain([action.to_owned()]) {
        if !declared.contains_key(&group) {
            declared.insert(group.clone(), json!({ "memberOf": above, "appliesTo": applies_to }));
        }
        above.push(json!({ "id": group }));
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn actions_lie_in_what_covers_them() {
        let actions = ["a:b:c", "a:*", "*", "A:b"].map(str::to_owned).into();
        let schema = with(&["admin"].into(), &actions).unwrap();
        let mut ids: Vec<_> = schema.actions().map(|action| action.id().unescaped().to_owned()).collect();
        ids.sort_unstable();
        assert_eq!(ids, ["*", "a:*", "a:b:*", "a:b:c"]);
        let entities = schema.action_entities().unwrap();
        let uid = |id: &str| schema.actions().find(|action| action.id().unescaped() == id).unwrap();
        for (below, above, expected) in [
            ("a:b:c", "a:b:*", true),
            ("a:b:c", "*", true),
            ("a:b:*", "a:*", true),
            ("a:*", "*", true),
            ("a:*", "a:b:*", false),
        ] {
            assert_eq!(entities.is_ancestor_of(uid(above), uid(below)), expected, "{below} in {above}");
        }
    }
}
