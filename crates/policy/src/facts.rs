//! What is known of who asks, and what of it counts for a question.

use std::collections::HashMap;

use cognate_domain::directory::{Membership, RoleScope, Subject, WorkspaceState};

use crate::question::Tenant;

#[derive(Clone, Copy, Debug)]
pub struct Facts<'a> {
    pub subject: &'a Subject,
    pub memberships: &'a [Membership],
    pub claims: &'a VerifiedClaims,
}

/// Of a token that was proved, never of a request.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct VerifiedClaims {
    pub sub: Option<String>,
    pub client_id: Option<String>,
    pub scopes: Vec<String>,
    pub groups: Vec<String>,
}

/// Where the subject stands, as far as one question goes.
#[derive(Debug, PartialEq, Eq)]
pub(crate) struct Standing<'a> {
    pub(crate) platform_role: Option<&'a str>,
    /// In the question's tenant.
    pub(crate) tenant_role: Option<&'a str>,
    pub(crate) member: bool,
    pub(crate) archived: bool,
}

impl<'a> Standing<'a> {
    /// A role counts only in the scope that the catalogue gives it.
    pub(crate) fn of(facts: &Facts<'a>, tenant: Option<&Tenant>, scopes: &HashMap<String, RoleScope>) -> Self {
        let of_scope = |role: &'a str, scope| (scopes.get(role) == Some(&scope)).then_some(role);
        let membership =
            tenant.and_then(|tenant| facts.memberships.iter().find(|held| held.workspace_id == tenant.id()));
        let states = [membership.map(|held| held.workspace_state), tenant.and_then(Tenant::state)];
        Self {
            platform_role: facts.subject.platform_role.as_deref().and_then(|role| of_scope(role, RoleScope::Platform)),
            tenant_role: membership.and_then(|held| of_scope(&held.role, RoleScope::Workspace)),
            member: membership.is_some(),
            archived: states.contains(&Some(WorkspaceState::Archived)),
        }
    }

    /// The platform's first.
    pub(crate) const fn role_of_each_scope(&self) -> [Option<&'a str>; 2] {
        [self.platform_role, self.tenant_role]
    }
}
