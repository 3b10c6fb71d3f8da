//! Catalogues and callers, in few words.

use cognate_domain::Timestamp;
use cognate_domain::directory::{
    Catalogue, Claims, Grant, Membership, Onboarding, PolicyText, ProviderSubject, Role, RoleScope, Subject,
    SubjectKind, SubjectState, WorkspaceState,
};
use cognate_policy::{
    Action, Circumstances, Compiled, Facts, Question, Reason, Resource, Tenant, Verdict, VerifiedClaims,
};
use serde_json::{Map, Value};

pub(crate) const NEVER: Timestamp = Timestamp(0);
/// 2026-03-02 12:00:00 UTC, a Monday.
pub(crate) const NOON: Timestamp = Timestamp(1_772_452_800_000);

pub(crate) fn role(key: &str, scope: RoleScope) -> Role {
    let key = key.to_owned();
    Role { name: key.clone(), key, scope, description: None, built_in: false, created_at: NEVER, modified_at: NEVER }
}

pub(crate) fn grant(id: &str, role: &str, action: &str, resource: &str) -> Grant {
    let [id, role, action, resource] = [id, role, action, resource].map(str::to_owned);
    Grant { id, role, action, resource, condition: None, created_at: NEVER }
}

pub(crate) fn when(grant: Grant, condition: &Value) -> Grant {
    Grant { condition: Some(object(condition)), ..grant }
}

pub(crate) fn object(value: &Value) -> Map<String, Value> {
    value.as_object().unwrap().clone()
}

pub(crate) fn policy(id: &str, source: &str) -> PolicyText {
    PolicyText { id: id.to_owned(), source: source.to_owned(), created_at: NEVER, modified_at: NEVER }
}

/// The roles `admin` and `support` of the platform, `owner`, `editor` and `viewer` of workspaces.
pub(crate) fn catalogue(grants: Vec<Grant>, policies: Vec<PolicyText>) -> Catalogue {
    let platform = ["admin", "support"].map(|key| role(key, RoleScope::Platform));
    let workspace = ["owner", "editor", "viewer"].map(|key| role(key, RoleScope::Workspace));
    Catalogue { version: 1, roles: platform.into_iter().chain(workspace).collect(), grants, policies }
}

pub(crate) fn compiled(grants: Vec<Grant>, policies: Vec<PolicyText>) -> Compiled {
    Compiled::new(&catalogue(grants, policies)).unwrap()
}

/// Who asks.
#[derive(Clone, Debug)]
pub(crate) struct Caller {
    pub(crate) subject: Subject,
    pub(crate) memberships: Vec<Membership>,
    pub(crate) claims: VerifiedClaims,
}

pub(crate) fn caller(id: &str) -> Caller {
    let subject = Subject {
        id: id.to_owned(),
        kind: SubjectKind::User,
        known_as: ProviderSubject { provider: "mock".to_owned(), id: format!("sub-{id}") },
        state: SubjectState::Active,
        claims: Claims::default(),
        display_name: None,
        preferences: Map::new(),
        plan: "free".to_owned(),
        onboarding: Onboarding::Done,
        entitlements: Vec::new(),
        platform_role: None,
        current_workspace: None,
        version: 1,
        created_at: NEVER,
        modified_at: NEVER,
    };
    Caller { subject, memberships: Vec::new(), claims: VerifiedClaims::default() }
}

impl Caller {
    pub(crate) fn platform(mut self, role: &str) -> Self {
        self.subject.platform_role = Some(role.to_owned());
        self
    }

    pub(crate) fn member(mut self, workspace: &str, role: &str) -> Self {
        self.memberships.push(Membership {
            workspace_id: workspace.to_owned(),
            workspace_name: workspace.to_owned(),
            workspace_state: WorkspaceState::Active,
            role: role.to_owned(),
            added_at: NEVER,
        });
        self
    }

    /// All workspaces so far.
    pub(crate) fn archived(mut self) -> Self {
        for membership in &mut self.memberships {
            membership.workspace_state = WorkspaceState::Archived;
        }
        self
    }

    pub(crate) fn disabled(mut self) -> Self {
        self.subject.state = SubjectState::Disabled;
        self
    }

    pub(crate) fn facts(&self) -> Facts<'_> {
        Facts { subject: &self.subject, memberships: &self.memberships, claims: &self.claims }
    }

    pub(crate) fn asks(&self, compiled: &Compiled, question: &Question) -> Verdict {
        compiled.decide(&self.facts(), question)
    }

    /// The code of the verdict's reason.
    pub(crate) fn hears(&self, compiled: &Compiled, question: &Question) -> &'static str {
        let Verdict { allowed, reason, .. } = self.asks(compiled, question);
        assert_eq!(allowed, matches!(reason, Reason::Granted { .. } | Reason::Permitted { .. }));
        reason.code()
    }
}

pub(crate) fn question(action: &str, resource: &str) -> Question {
    Question {
        action: Action::parse(action).unwrap(),
        resource: Resource::parse(resource).unwrap(),
        tenant: None,
        circumstances: Circumstances::default(),
        now: NOON,
        address: None,
    }
}

pub(crate) fn within(tenant: &str, question: Question) -> Question {
    Question { tenant: Some(Tenant::parse(tenant).unwrap()), ..question }
}

pub(crate) fn saying(circumstances: &Value, question: Question) -> Question {
    Question { circumstances: Circumstances::read(&object(circumstances)).unwrap(), ..question }
}
