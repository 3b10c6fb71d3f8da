//! What a caller may do, by the catalogue and nothing else: each endpoint asks for an action on a resource, as products do for theirs.

use std::sync::Arc;

use cognate_domain::directory::{Catalogue, Grant, WorkspaceState};
use cognate_policy::{Action, Circumstances, Compiled, Current, Question, Reason, Resource, Tenant, Verdict};
use cognate_store::catalogue;

use crate::call::Call;
use crate::caller::Caller;
use crate::problem::{Code, Problem};

/// What an action is done to.
#[derive(Clone, Debug)]
pub(crate) struct On<'a> {
    /// `workspaces/{id}/members/{id}`.
    resource: String,
    workspace: Option<(&'a str, Option<WorkspaceState>)>,
}

impl<'a> On<'a> {
    /// Something of the platform's: only its roles count.
    pub(crate) fn platform(resource: impl Into<String>) -> Self {
        Self { resource: resource.into(), workspace: None }
    }

    /// A workspace, or something in it (`members/{id}`). Its state, where it was read: a platform's role need not be a member.
    pub(crate) fn workspace(id: &'a str, state: Option<WorkspaceState>, within: &str) -> Self {
        let resource = if within.is_empty() { format!("workspaces/{id}") } else { format!("workspaces/{id}/{within}") };
        Self { resource, workspace: Some((id, state)) }
    }
}

impl Call {
    /// The catalogue of the caller's moment, or a newer one.
    pub(crate) async fn catalogue(&self, caller: &Caller) -> Result<Arc<Current>, Problem> {
        self.catalogue_of(caller.catalogue_version).await
    }

    async fn catalogue_of(&self, version: i64) -> Result<Arc<Current>, Problem> {
        let load = async || catalogue::load(&mut self.cx.read().await?).await;
        Ok(self.api.policies.get(version, load).await?)
    }

    pub(crate) async fn may(&self, caller: &Caller, action: &str, on: On<'_>) -> Result<(), Problem> {
        if let Some((workspace, _)) = on.workspace {
            self.noted.tenant(workspace);
        }
        let verdict = self.decide(caller, action, on).await?;
        if verdict.allowed { Ok(()) } else { Err(denied(&verdict.reason)) }
    }

    /// The same, where either answer is a good one.
    pub(crate) async fn is_allowed(&self, caller: &Caller, action: &str, on: On<'_>) -> Result<bool, Problem> {
        Ok(self.decide(caller, action, on).await?.allowed)
    }

    /// Whether a catalogue that is not there yet would allow it.
    pub(crate) fn would_allow(
        &self,
        compiled: &Compiled,
        caller: &Caller,
        action: &str,
        on: &On<'_>,
    ) -> Result<bool, Problem> {
        let question =
            self.question(action, on).map_err(|error| Problem::new(Code::Internal).because(error.to_string()))?;
        Ok(compiled.decide(&caller.facts(), &question).allowed)
    }

    async fn decide(&self, caller: &Caller, action: &str, on: On<'_>) -> Result<Verdict, Problem> {
        let question = self.question(action, &on).map_err(|error| {
            // An id in the address that no workspace could have.
            Problem::new(Code::TenantForbidden).because(error.to_string())
        })?;
        Ok(self.catalogue(caller).await?.compiled.decide(&caller.facts(), &question))
    }

    fn question(&self, action: &str, on: &On<'_>) -> Result<Question, cognate_policy::BadQuestion> {
        let tenant = match on.workspace {
            None => None,
            Some((id, None)) => Some(Tenant::parse(id)?),
            Some((id, Some(state))) => Some(Tenant::parse(id)?.in_state(state)),
        };
        Ok(Question {
            action: Action::parse(action)?,
            resource: Resource::parse(&on.resource)?,
            tenant,
            circumstances: Circumstances::default(),
            now: self.cx.now,
            address: self.address,
        })
    }
}

fn denied(reason: &Reason) -> Problem {
    let code = match reason {
        Reason::SubjectDisabled => Code::AccountDisabled,
        Reason::WorkspaceArchived => Code::WorkspaceArchived,
        Reason::NotAMember => Code::TenantForbidden,
        _ => Code::Forbidden,
    };
    Problem::new(code).because(reason.code())
}

/// Whether somebody may give a role, or take it away: nobody hands out more than they have. `workspace` is where it is given; none, for a
/// role of the platform's.
pub(crate) fn may_hand_out(
    current: &Current,
    caller: &Caller,
    role: &str,
    workspace: Option<&str>,
) -> Result<(), Problem> {
    may_hand_out_of(&current.catalogue, caller, role, workspace)
}

/// The same by a catalogue that was just read.
pub(crate) fn may_hand_out_of(
    catalogue: &Catalogue,
    caller: &Caller,
    role: &str,
    workspace: Option<&str>,
) -> Result<(), Problem> {
    let own = workspace.and_then(|id| caller.membership(id)).map(|membership| membership.role.as_str());
    if allows_no_more(catalogue, role, [own, caller.subject.platform_role.as_deref()]) {
        return Ok(());
    }
    let problem = Problem::new(Code::Forbidden).because("a role that allows more than the caller's");
    Err(problem.saying("This role allows more than yours does."))
}

/// Whether a role allows nothing that these two do not.
pub(crate) fn allows_no_more(catalogue: &Catalogue, role: &str, than: [Option<&str>; 2]) -> bool {
    let grants = &catalogue.grants;
    let held: Vec<_> = grants.iter().filter(|grant| than.contains(&Some(grant.role.as_str()))).collect();
    let mut given = grants.iter().filter(|grant| grant.role == role);
    given.all(|given| held.iter().any(|held| includes(held, given)))
}

/// Whether somebody of the platform's may say that a role has a grant, or has it no longer: nobody gives more than they have.
pub(crate) fn may_define(catalogue: &Catalogue, caller: &Caller, grant: &Grant) -> Result<(), Problem> {
    let own = caller.subject.platform_role.as_deref();
    let mut held = catalogue.grants.iter().filter(|held| Some(held.role.as_str()) == own);
    if held.any(|held| includes(held, grant)) {
        return Ok(());
    }
    let problem = Problem::new(Code::Forbidden).because("a grant that allows more than the caller's role");
    Err(problem.saying("This grant allows more than your role does."))
}

fn includes(held: &Grant, given: &Grant) -> bool {
    let conditions = held.condition.is_none() || held.condition == given.condition;
    conditions && covers(&held.action, &given.action) && covers(&held.resource, &given.resource)
}

/// Of two patterns: whether the first matches all that the second does.
fn covers(wide: &str, narrow: &str) -> bool {
    wide == narrow || wide.strip_suffix('*').is_some_and(|prefix| narrow.starts_with(prefix))
}

#[cfg(test)]
mod tests {
    use super::covers;

    #[test]
    fn a_pattern_covers_what_matches_nothing_else() {
        for (wide, narrow, expected) in [
            ("*", "*", true),
            ("*", "members:read", true),
            ("members:*", "members:read", true),
            ("members:*", "members:*", true),
            ("members:*", "*", false),
            ("members:read", "members:*", false),
            ("members:*", "memberships:read", false),
            ("projects/a/*", "projects/a/documents/*", true),
            ("projects/a/*", "projects/ab", false),
        ] {
            assert_eq!(covers(wide, narrow), expected, "{wide} {narrow}");
        }
    }
}
