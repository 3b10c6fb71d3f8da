//! A second opinion: everything that is known is told to Cedar, every statement is evaluated in one set, and every
//! grant of a role that counts, one after the other. Slow, and short enough to be believed.

use std::collections::{BTreeSet, HashMap};

use cedar_policy::{
    AuthorizationError, Authorizer, Context, Decision, Entities, EntityUid, Policy, PolicyId, PolicySet, Request,
    Response,
};
use cognate_domain::directory::{Catalogue, Grant, RoleScope, WorkspaceState};
use cognate_policy::{DEFAULT_POLICIES, Question, Reason, Verdict};
use serde_json::{Map, Value, json};

use crate::world::Caller;

/// An application's object beside the question that it stands in.
pub(crate) struct Asked<'a> {
    pub(crate) catalogue: &'a Catalogue,
    pub(crate) caller: &'a Caller,
    pub(crate) question: &'a Question,
    pub(crate) said: &'a Map<String, Value>,
}

impl Asked<'_> {
    pub(crate) fn verdict(&self) -> Verdict {
        let mut policies = PolicySet::new();
        let mut labels = HashMap::new();
        let defaults = ("default", DEFAULT_POLICIES);
        let texts = self.catalogue.policies.iter().map(|text| (text.id.as_str(), text.source.as_str()));
        for (of, source) in std::iter::once(defaults).chain(texts) {
            for statement in source.parse::<PolicySet>().unwrap().policies() {
                let id = PolicyId::new(format!("{}", labels.len()));
                let reason = statement.annotation("reason");
                let label = reason.map_or_else(|| format!("policy:{of}"), |code| format!("default:{code}"));
                policies.add(statement.new_id(id.clone())).unwrap();
                labels.insert(id, label);
            }
        }
        let response = self.evaluate(&policies);
        let named: BTreeSet<_> = response.diagnostics().reason().map(|id| labels[id].clone()).collect();
        let failed: BTreeSet<_> = response.diagnostics().errors().map(|error| labels[failed(error)].clone()).collect();
        let first = |labels: &BTreeSet<String>| {
            let label = labels.first().cloned().unwrap_or_default();
            label.split_once(':').map(|(_, id)| id.to_owned()).unwrap_or_default()
        };
        let verdict = |allowed, reason, determining: BTreeSet<_>| Verdict {
            allowed,
            reason,
            determining: determining.into_iter().collect(),
        };
        match (response.decision(), named.first().map(String::as_str)) {
            (Decision::Deny, Some("default:subject_disabled")) => verdict(false, Reason::SubjectDisabled, named),
            (Decision::Deny, Some("default:workspace_archived")) => verdict(false, Reason::WorkspaceArchived, named),
            (Decision::Deny, Some(_)) => verdict(false, Reason::Forbidden { policy: first(&named) }, named),
            _ if !failed.is_empty() => verdict(false, Reason::Failed { policy: Some(first(&failed)) }, failed),
            (Decision::Allow, _) => verdict(true, Reason::Permitted { policy: first(&named) }, named),
            (Decision::Deny, None) => self.by_grants(),
        }
    }

    fn by_grants(&self) -> Verdict {
        for role in self.roles() {
            let mut grants: Vec<_> = self.catalogue.grants.iter().filter(|grant| grant.role == role).collect();
            grants.sort_by_key(|grant| (grant.condition.is_some(), grant.id.as_str()));
            for grant in grants {
                let policies = PolicySet::from_policies([as_policy(grant)]).unwrap();
                let response = self.evaluate(&policies);
                assert_eq!(response.diagnostics().errors().count(), 0);
                if response.decision() == Decision::Allow {
                    let reason = Reason::Granted { role, grant: grant.id.clone() };
                    return Verdict { allowed: true, reason, determining: vec![format!("grant:{}", grant.id)] };
                }
            }
        }
        let outside = self.question.tenant.is_some() && self.membership().is_none();
        let reason = if outside { Reason::NotAMember } else { Reason::NoGrant };
        Verdict { allowed: false, reason, determining: Vec::new() }
    }

    fn membership(&self) -> Option<&cognate_domain::directory::Membership> {
        let tenant = self.question.tenant.as_ref()?;
        self.caller.memberships.iter().find(|held| held.workspace_id == tenant.id())
    }

    fn roles(&self) -> Vec<String> {
        let platform = self.caller.subject.platform_role.clone().map(|role| (role, RoleScope::Platform));
        let tenant = self.membership().map(|held| (held.role.clone(), RoleScope::Workspace));
        let counts = |(key, scope): &(String, RoleScope)| {
            self.catalogue.roles.iter().any(|role| role.key == *key && role.scope == *scope)
        };
        platform.into_iter().chain(tenant).filter(counts).map(|(key, _)| key).collect()
    }

    fn evaluate(&self, policies: &PolicySet) -> Response {
        let Question { action, resource, .. } = self.question;
        let uid = |of: &str, id: &str| json!({ "type": format!("Cognate::{of}"), "id": id });
        let of_request = |of: &str, id: &str| EntityUid::from_json(uid(of, id)).unwrap();
        let request = Request::new(
            of_request("Subject", &self.caller.subject.id),
            of_request("Action", action.as_str()),
            of_request("Resource", resource.as_str()),
            Context::from_json_value(self.context(), None).unwrap(),
            None,
        );
        let bag = |of: &str, fits: fn(&Value) -> bool| {
            let tags: Map<_, _> = self.said.iter().filter(|(_, value)| fits(value)).map(owned).collect();
            json!({ "uid": uid(of, "circumstances"), "attrs": {}, "parents": [], "tags": tags })
        };
        let groups = |of: &str, border: &str, name: &str| {
            let parts: Vec<_> = name.split(border).collect();
            let above = (0..parts.len()).map(|end| parts[..end].iter().map(|part| format!("{part}{border}")));
            above.map(|prefix| uid(of, &format!("{}*", prefix.collect::<String>()))).collect::<Vec<_>>()
        };
        let entities = json!([
            { "uid": uid("Subject", &self.caller.subject.id), "attrs": self.subject(),
              "parents": self.roles().iter().map(|role| uid("Role", role)).collect::<Vec<_>>() },
            { "uid": uid("Action", action.as_str()), "attrs": {}, "parents": groups("Action", ":", action.as_str()) },
            { "uid": uid("Resource", resource.as_str()), "attrs": self.resource(),
              "parents": groups("Resource", "/", resource.as_str()) },
            bag("Texts", Value::is_string),
            bag("Numbers", Value::is_number),
            bag("Flags", Value::is_boolean),
            bag("Lists", Value::is_array),
        ]);
        let entities = Entities::from_json_value(entities, None).unwrap();
        Authorizer::new().is_authorized(&request.unwrap(), policies, &entities)
    }

    fn subject(&self) -> Value {
        let Caller { subject, claims, .. } = self.caller;
        let platform = self.roles().into_iter().next().filter(|role| Some(role) == subject.platform_role.as_ref());
        without_nulls(json!({
            "id": subject.id, "kind": subject.kind.name(), "state": subject.state.name(), "plan": subject.plan,
            "platformRole": platform, "entitlements": subject.entitlements, "scopes": claims.scopes,
            "groups": claims.groups,
            "claims": without_nulls(json!({ "sub": claims.sub, "clientId": claims.client_id })),
        }))
    }

    fn resource(&self) -> Value {
        without_nulls(json!({ "path": self.question.resource.as_str(), "tenant": self.tenant() }))
    }

    fn tenant(&self) -> Option<&str> {
        self.question.tenant.as_ref().map(cognate_policy::Tenant::id)
    }

    fn context(&self) -> Value {
        let bag = |of: &str| json!({ "__entity": { "type": format!("Cognate::{of}"), "id": "circumstances" } });
        let archived = self.membership().is_some_and(|held| held.workspace_state == WorkspaceState::Archived);
        let address = self.question.address.map(|address| json!({ "__extn": { "fn": "ip", "arg": address } }));
        without_nulls(json!({
            "action": self.question.action.as_str(), "tenant": self.tenant(), "member": self.membership().is_some(),
            "archived": archived, "address": address, "owner": self.said.get("owner"),
            "now": { "__extn": { "fn": "datetime", "arg": "2026-03-02T12:00:00Z" } },
            "texts": bag("Texts"), "numbers": bag("Numbers"), "flags": bag("Flags"), "lists": bag("Lists"),
        }))
    }
}

fn owned((name, value): (&String, &Value)) -> (String, Value) {
    (name.clone(), value.clone())
}

fn without_nulls(object: Value) -> Value {
    let Value::Object(members) = object else { panic!("{object}") };
    members.into_iter().filter(|(_, value)| !value.is_null()).collect()
}

fn failed(error: &AuthorizationError) -> &PolicyId {
    let AuthorizationError::PolicyEvaluationError(inner) = error;
    inner.policy_id()
}

/// Of the conditions that `same` makes.
fn as_policy(grant: &Grant) -> Policy {
    let conditions = grant.condition.iter().flatten().map(|(name, value)| match name.as_str() {
        "own" => "context has owner && context.owner == principal.id".to_owned(),
        "plan" => format!("{value}.contains(principal.plan)"),
        "groups" => format!("principal.groups.containsAny({value})"),
        "within" => format!("context has address && context.address.isInRange(ip({}))", value[0]),
        other => panic!("{other}"),
    });
    let when = conditions.map(|condition| format!(" when {{ {condition} }}")).collect::<Vec<_>>().concat();
    let Grant { role, action, resource, .. } = grant;
    let source = format!(
        r#"permit (principal in Cognate::Role::"{role}", action in Cognate::Action::"{action}",
                   resource in Cognate::Resource::"{resource}"){when};"#
    );
    Policy::parse(None, source).unwrap()
}
