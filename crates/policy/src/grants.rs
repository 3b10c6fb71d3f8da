//! A grant as a Cedar policy: a set of its own, because of a role's many grants only those are evaluated that cover the
//! question.

use cedar_policy::{Policy, PolicySet};
use cognate_domain::directory::Grant;
use serde_json::{Value, json};

use crate::condition;
use crate::needs::Needs;
use crate::pattern::{Names, Pattern};
use crate::refused::{Origin, Refused};
use crate::request::Types;

#[derive(Debug)]
pub(crate) struct CompiledGrant {
    pub(crate) id: String,
    pub(crate) role: String,
    pub(crate) action: Pattern,
    pub(crate) resource: Pattern,
    pub(crate) conditional: bool,
    pub(crate) policy: PolicySet,
    pub(crate) needs: Needs,
}

impl CompiledGrant {
    pub(crate) fn compile(grant: &Grant, types: &Types) -> Result<Self, Refused> {
        let refused = |sentence: String| Refused::new(Origin::Grant(grant.id.clone()), None, sentence);
        let pattern = |names, field: &str, text: &str| {
            Pattern::read(names, text).map_err(|sentence| refused(format!("{field}: {sentence}")))
        };
        let action = pattern(Names::Actions, "action", &grant.action)?;
        let resource = pattern(Names::Resources, "resource", &grant.resource)?;
        let when = match &grant.condition {
            Some(condition) => {
                condition::read(condition).map_err(|sentence| refused(format!("condition: {sentence}")))?
            }
            None => Vec::new(),
        };

        let conditional = !when.is_empty();
        let policy = Policy::from_json(None, permit(&grant.role, (&action, &resource), when));
        let policy = policy.map_err(|error| refused(error.to_string()))?;
        let needs = Needs::of(&policy, types);
        let policy = PolicySet::from_policies([policy]).map_err(|error| refused(error.to_string()))?;
        Ok(Self { id: grant.id.clone(), role: grant.role.clone(), action, resource, conditional, policy, needs })
    }

    pub(crate) fn covers(&self, action: &str, resource: &str) -> bool {
        self.action.covers(action) && self.resource.covers(resource)
    }
}

/// In Cedar's JSON form, in which ids need no escaping.
fn permit(role: &str, (action, resource): (&Pattern, &Pattern), when: Vec<Value>) -> Value {
    let when = when.into_iter().map(|body| json!({ "kind": "when", "body": body }));
    json!({
        "effect": "permit",
        "principal": { "op": "in", "entity": { "type": "Cognate::Role", "id": role } },
        "action": scope("Cognate::Action", action),
        "resource": scope("Cognate::Resource", resource),
        "conditions": when.collect::<Vec<_>>(),
    })
}

fn scope(entity_type: &str, pattern: &Pattern) -> Value {
    match pattern {
        Pattern::Below(prefix) if prefix.is_empty() => json!({ "op": "All" }),
        Pattern::Below(prefix) => {
            json!({ "op": "in", "entity": { "type": entity_type, "id": format!("{prefix}*") } })
        }
        Pattern::Exactly(one) => json!({ "op": "==", "entity": { "type": entity_type, "id": one } }),
    }
}
