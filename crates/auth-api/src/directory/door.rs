//! The door of a workspace: who comes in to do what, and what is said to whoever does not. A workspace that is not there and one that the
//! caller does not belong to look the same.

use std::time::Duration;

use axum::extract::Path;
use axum::extract::rejection::PathRejection;
use cognate_domain::directory::RoleScope;
use cognate_policy::Current;
use cognate_store::callers::Stood;
use cognate_store::members::Outcome;
use cognate_store::workspaces;

use crate::call::Call;
use crate::caller::Caller;
use crate::permissions::On;
use crate::problem::{Code, Problem};

const LONGEST_ID: usize = 64;

/// Whether this may be an id of ours. What may not is not there.
pub(crate) fn is_id(text: &str) -> bool {
    let fits = |byte: u8| byte.is_ascii_alphanumeric() || b"-_".contains(&byte);
    (1..=LONGEST_ID).contains(&text.len()) && text.bytes().all(fits)
}

/// The ids of an address. What is no text is no id.
pub(crate) fn ids_of<T: Default>(path: Result<Path<T>, PathRejection>) -> T {
    path.map(|Path(ids)| ids).unwrap_or_default()
}

impl Call {
    /// That the caller may do this to a workspace (`within` is empty) or to something in it (`members`, `members/{id}`).
    pub(crate) async fn enter(&self, caller: &Caller, action: &str, (id, within): (&str, &str)) -> Result<(), Problem> {
        if !is_id(id) {
            return Err(Problem::new(Code::TenantForbidden).because("no workspace has such an id"));
        }
        if let Some(held) = caller.membership(id) {
            return self.may(caller, action, On::workspace(id, Some(held.workspace_state), within)).await;
        }
        // A stranger is not told whether it is there, or archived; a role of the platform's that reaches all of them is.
        self.may(caller, action, On::workspace(id, None, within)).await?;
        let found = workspaces::find(&mut self.cx.read().await?, id, &caller.subject.id).await?;
        let (workspace, _) = found.ok_or_else(not_there)?;
        self.may(caller, action, On::workspace(id, Some(workspace.state), within)).await
    }
}

/// `members/{id}`; `members` where that is no id, and so nothing that a grant could name.
pub(crate) fn within(kind: &str, id: &str) -> String {
    if is_id(id) { format!("{kind}/{id}") } else { kind.to_owned() }
}

pub(crate) fn not_there() -> Problem {
    Problem::new(Code::NotFound)
}

/// That a role is one of those that members have.
pub(crate) fn is_for_members(current: &Current, key: &str) -> Result<(), Problem> {
    let mut roles = current.catalogue.roles.iter();
    let known = roles.any(|role| role.key == key && role.scope == RoleScope::Workspace);
    if known { Ok(()) } else { Err(Refusal::Of(Outcome::UnknownRole).into()) }
}

impl Caller {
    /// What a decision about them in this workspace stands on, to be seen again by the write that it allows.
    pub(crate) fn stood<'a>(&'a self, workspace_id: &'a str) -> Stood<'a> {
        let role = self.membership(workspace_id).map(|held| held.role.as_str());
        Stood {
            subject_id: &self.subject.id,
            platform_role: self.subject.platform_role.as_deref(),
            place: Some((workspace_id, role)),
            catalogue_version: self.catalogue_version,
        }
    }
}

/// Why a write changed nothing.
#[derive(Clone, Copy, Debug)]
pub(crate) enum Refusal {
    /// What it was allowed by is so no more.
    Raced,
    /// People are not added.
    Person,
    /// As many as there may be were made in this time; the next one may be made so much later.
    Wait(Duration),
    /// An invitation's: unknown, used, replaced, taken back or too old.
    BadToken,
    Of(Outcome),
}

impl From<Refusal> for Problem {
    fn from(refusal: Refusal) -> Self {
        let outcome = match refusal {
            Refusal::Raced => return Self::new(Code::Conflict),
            Refusal::Person => {
                return Self::new(Code::Conflict)
                    .saying("People are invited: nobody is added to a workspace without their doing.");
            }
            Refusal::Wait(wait) => {
                // Whole seconds are told: who comes back then is not too early.
                let wait = Duration::from_secs(wait.as_secs() + u64::from(wait.subsec_nanos() > 0));
                return Self::new(Code::RateLimited).after(wait).saying("These are many invitations. Wait a little.");
            }
            Refusal::BadToken => {
                return Self::new(Code::CodeRejected)
                    .saying("The invitation is not good, or not any more. Ask for a new one.");
            }
            Refusal::Of(outcome) => outcome,
        };
        match outcome {
            Outcome::Done => Self::new(Code::Internal).because("what was done is called a refusal"),
            Outcome::NoWorkspace | Outcome::NotAMember => not_there(),
            Outcome::Archived => Self::new(Code::WorkspaceArchived),
            Outcome::NoSubject => Self::field("/subjectId", "There is no such subject."),
            Outcome::AlreadyMember => Self::new(Code::Conflict).saying("Who is a member already does not become one."),
            Outcome::UnknownRole => Self::field("/role", "There is no such role for members of a workspace."),
            Outcome::LastOwner => Self::new(Code::LastOwner),
            Outcome::MostMemberships => Self::new(Code::LimitReached).saying("Nobody belongs to more workspaces."),
            Outcome::MostMembers => Self::new(Code::LimitReached).saying("No workspace has more members."),
            Outcome::MostInvitations => Self::new(Code::LimitReached).saying("No workspace has more invitations."),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::{is_id, within};

    #[test]
    fn what_is_no_id_names_nothing() {
        assert!(is_id("0197c8b7-fed8-7000-8000-000000000000"));
        for other in ["", ".", "..", "a/b", "a b", "*", "a\u{0}", "é", &"a".repeat(65)] {
            assert!(!is_id(other), "{other:?}");
            assert_eq!(within("members", other), "members");
        }
        assert_eq!(within("members", "a-1"), "members/a-1");
    }
}
