//! The application's own directory: who calls, their workspaces, and what roles allow. docs/decisions/0020.

use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};

use crate::{Entropy, Error, Result, Timestamp, ids};

pub mod built_in;
pub mod rules;

/// What a caller is. Tenants, roles and grants are the same for all.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum SubjectKind {
    User,
    /// A client of its own that nobody has said more about.
    Machine,
    Device,
    Partner,
    Job,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum SubjectState {
    Active,
    Disabled,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Onboarding {
    New,
    InProgress,
    Done,
}

/// How the provider names a caller: what every look-up begins with.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct ProviderSubject {
    pub provider: String,
    /// A person's `sub`, a machine's client id.
    pub id: String,
}

/// What the provider last said of somebody. An address is no identity.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Claims {
    pub name: Option<String>,
    pub email: Option<String>,
}

#[derive(Clone, Debug, PartialEq)]
pub struct Subject {
    pub id: String,
    pub kind: SubjectKind,
    pub known_as: ProviderSubject,
    pub state: SubjectState,
    pub claims: Claims,
    pub display_name: Option<String>,
    pub preferences: Map<String, Value>,
    pub plan: String,
    pub onboarding: Onboarding,
    pub entitlements: Vec<String>,
    /// Of scope `platform`.
    pub platform_role: Option<String>,
    pub current_workspace: Option<String>,
    /// Grows with every change; a write asserts the one it read.
    pub version: i64,
    pub created_at: Timestamp,
    pub modified_at: Timestamp,
}

/// What somebody pays for until somebody says otherwise.
pub const FIRST_PLAN: &str = "free";

impl Subject {
    /// As they are when they are first seen.
    pub fn new(id: String, kind: SubjectKind, known_as: ProviderSubject, claims: Claims, now: Timestamp) -> Self {
        Self {
            id,
            kind,
            known_as,
            state: SubjectState::Active,
            claims,
            display_name: None,
            preferences: Map::new(),
            plan: FIRST_PLAN.to_owned(),
            onboarding: Onboarding::New,
            entitlements: Vec::new(),
            platform_role: None,
            current_workspace: None,
            version: 1,
            created_at: now,
            modified_at: now,
        }
    }
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum WorkspaceState {
    Active,
    Archived,
}

#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Workspace {
    pub id: String,
    pub name: String,
    pub state: WorkspaceState,
    /// A subject's id.
    pub created_by: String,
    pub version: i64,
    pub created_at: Timestamp,
    pub modified_at: Timestamp,
}

/// A subject's place in a workspace, with as much of the workspace as its members see everywhere.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Membership {
    pub workspace_id: String,
    pub workspace_name: String,
    pub workspace_state: WorkspaceState,
    pub role: String,
    pub added_at: Timestamp,
}

/// One of a workspace's, as the others see them.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Member {
    pub subject_id: String,
    pub kind: SubjectKind,
    pub state: SubjectState,
    pub claims: Claims,
    pub display_name: Option<String>,
    pub role: String,
    pub added_at: Timestamp,
}

/// A place in a workspace that waits for whoever brings its token, which is kept as a digest only.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Invitation {
    pub workspace_id: String,
    pub id: String,
    /// Where the token was sent: no proof of who brings it.
    pub email: String,
    pub role: String,
    /// A subject's id.
    pub invited_by: String,
    pub created_at: Timestamp,
    pub expires_at: Timestamp,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum RoleScope {
    Platform,
    Workspace,
}

/// Of the members' roles the one that a workspace is never without.
pub const OWNER: &str = "owner";

/// Of the platform's roles the one that somebody always has, once anybody has it.
pub const PLATFORM_ADMIN: &str = "platform_admin";

#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Role {
    pub key: String,
    pub scope: RoleScope,
    pub name: String,
    pub description: Option<String>,
    /// There from the beginning: it may get other grants, and cannot be removed.
    pub built_in: bool,
    pub created_at: Timestamp,
    pub modified_at: Timestamp,
}

/// What a role allows.
#[derive(Clone, Debug, PartialEq)]
pub struct Grant {
    pub id: String,
    pub role: String,
    /// `documents:read`, `documents:*`, or `*`.
    pub action: String,
    /// `projects/a1/documents/*`, or `*`. Where the resource of a question lies in a tenant, the role must be held
    /// there.
    pub resource: String,
    /// What must be true beside it.
    pub condition: Option<Map<String, Value>>,
    pub created_at: Timestamp,
}

/// Cedar, as an operator wrote it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PolicyText {
    pub id: String,
    pub source: String,
    pub created_at: Timestamp,
    pub modified_at: Timestamp,
}

/// All that decisions are made by, as of one version.
#[derive(Clone, Debug, PartialEq)]
pub struct Catalogue {
    pub version: i64,
    pub roles: Vec<Role>,
    pub grants: Vec<Grant>,
    pub policies: Vec<PolicyText>,
}

/// A change that somebody with the right to it made.
#[derive(Clone, Debug, PartialEq)]
pub struct AuditEntry {
    /// Ordered by time.
    pub id: String,
    pub at: Timestamp,
    /// A subject's id, or `operator` for a command.
    pub actor: String,
    /// `subject.disable`, `role.create`, …
    pub action: String,
    pub target_kind: String,
    pub target: String,
    pub workspace: Option<String>,
    /// Neither addresses nor secrets.
    pub details: Map<String, Value>,
    pub trace: String,
}

/// A sign-in that came to its end, as support sees it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SignIn {
    /// Ordered by time.
    pub id: String,
    pub at: Timestamp,
    /// The last one that was answered.
    pub challenge: Option<String>,
}

/// The least of the ids that are ordered by time (`ids::ordered_uuid`) and were made at this moment or later.
pub fn first_id_at(at: Timestamp) -> String {
    ids::ordered_uuid(&Least, at).to_string()
}

struct Least;

impl Entropy for Least {
    fn fill(&self, bytes: &mut [u8]) {
        bytes.fill(0);
    }
}

/// The stored name of a value, and back.
macro_rules! named {
    ($type:ty, $what:literal: $($variant:ident = $name:literal),+) => {
        impl $type {
            pub const fn name(self) -> &'static str {
                match self { $(Self::$variant => $name),+ }
            }

            pub fn from_name(name: &str) -> Result<Self> {
                match name {
                    $($name => Ok(Self::$variant),)+
                    _ => Err(Error::corrupt(format!(concat!($what, " {}"), name))),
                }
            }
        }
    };
}

named!(SubjectKind, "kind of subject": User = "user", Machine = "machine", Device = "device", Partner = "partner", Job = "job");
named!(SubjectState, "state of a subject": Active = "active", Disabled = "disabled");
named!(Onboarding, "onboarding": New = "new", InProgress = "in_progress", Done = "done");
named!(WorkspaceState, "state of a workspace": Active = "active", Archived = "archived");
named!(RoleScope, "scope of a role": Platform = "platform", Workspace = "workspace");

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_stored_name_leads_back_and_no_other_does() {
        use SubjectKind::{Device, Job, Machine, Partner, User};
        for kind in [User, Machine, Device, Partner, Job] {
            assert_eq!(SubjectKind::from_name(kind.name()).unwrap(), kind);
        }
        for (state, name) in [(SubjectState::Active, "active"), (SubjectState::Disabled, "disabled")] {
            assert_eq!((SubjectState::from_name(name).unwrap(), state.name()), (state, name));
        }
        for state in [Onboarding::New, Onboarding::InProgress, Onboarding::Done] {
            assert_eq!(Onboarding::from_name(state.name()).unwrap(), state);
            assert_eq!(serde_json::to_value(state).unwrap(), state.name());
        }
        for state in [WorkspaceState::Active, WorkspaceState::Archived] {
            assert_eq!(WorkspaceState::from_name(state.name()).unwrap(), state);
        }
        for scope in [RoleScope::Platform, RoleScope::Workspace] {
            assert_eq!(RoleScope::from_name(scope.name()).unwrap(), scope);
        }
        SubjectKind::from_name("User").unwrap_err();
        RoleScope::from_name("").unwrap_err();
    }

    /// Always the greatest bytes.
    struct Greatest;

    impl Entropy for Greatest {
        fn fill(&self, bytes: &mut [u8]) {
            bytes.fill(255);
        }
    }

    #[test]
    fn the_first_id_of_a_moment_stands_before_all_of_it_and_after_all_earlier_ones() {
        let moment = Timestamp(1_751_419_191_000);
        let least = first_id_at(moment);
        assert_eq!(least, "0197c8b7-fed8-7000-8000-000000000000");
        assert!(least <= ids::ordered_uuid(&Least, moment).to_string());
        assert!(ids::ordered_uuid(&Greatest, Timestamp(moment.0 - 1)).to_string() < least);
    }
}
