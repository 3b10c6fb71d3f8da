//! Subjects as support sees them.

use cognate_domain::directory::{Membership, Onboarding, SignIn, Subject, SubjectKind, SubjectState};
use serde::Serialize;
use serde_json::{Map, Value};
use utoipa::ToSchema;

use crate::directory::subject::TenantBody;
use crate::openapi::shapes;
use crate::session::moment;

/// A person or a machine.
#[derive(Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub(crate) struct User {
    id: String,
    #[schema(value_type = shapes::Kind)]
    kind: SubjectKind,
    #[schema(example = "cognate")]
    provider: String,
    /// A person's `sub`, a machine's client id.
    provider_subject: String,
    #[schema(value_type = shapes::State)]
    state: SubjectState,
    /// As the provider says it.
    #[serde(skip_serializing_if = "Option::is_none")]
    name: Option<String>,
    /// As the provider says it; no identity.
    #[serde(skip_serializing_if = "Option::is_none")]
    email: Option<String>,
    /// As they want to be called.
    #[serde(skip_serializing_if = "Option::is_none")]
    display_name: Option<String>,
    #[schema(example = "free")]
    plan: String,
    #[schema(value_type = shapes::OnboardingState)]
    onboarding: Onboarding,
    entitlements: Vec<String>,
    /// The role's key.
    #[serde(skip_serializing_if = "Option::is_none")]
    platform_role: Option<String>,
    /// RFC 3339.
    #[schema(format = DateTime)]
    created_at: String,
    /// RFC 3339.
    #[schema(format = DateTime)]
    modified_at: String,
}

/// All that the directory keeps of somebody.
#[derive(Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub(crate) struct UserDetails {
    #[serde(flatten)]
    user: User,
    /// Whatever the application keeps for them: its own shape.
    preferences: Map<String, Value>,
    workspaces: Vec<TenantBody>,
    /// One of `workspaces`.
    #[serde(skip_serializing_if = "Option::is_none")]
    current_workspace: Option<String>,
    /// The last ones, the newest first; left out for those who may not see them.
    #[serde(skip_serializing_if = "Option::is_none")]
    sign_ins: Option<Vec<SignInBody>>,
}

/// A sign-in that came to its end.
#[derive(Serialize, ToSchema)]
pub(crate) struct SignInBody {
    /// RFC 3339.
    #[schema(format = DateTime)]
    at: String,
    /// The last challenge that was answered.
    #[schema(example = "new_password")]
    #[serde(skip_serializing_if = "Option::is_none")]
    challenge: Option<String>,
}

/// Somebody as they are after a change.
#[derive(Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub(crate) struct ChangedUser {
    #[serde(flatten)]
    pub(super) user: User,
    /// What became of the provider's account where `state` was set; left out where there is none of this provider's.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) provider_account: Option<ProviderAccount>,
}

/// What the provider did when its account was to be shut or opened. Whatever it is, the directory's state stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub(crate) enum ProviderAccount {
    Changed,
    /// It has no such account.
    Missing,
    /// It cannot do this.
    Unsupported,
    /// It did not do it: ask again.
    Failed,
}

impl User {
    pub(super) fn of(subject: Subject) -> Self {
        Self {
            id: subject.id,
            kind: subject.kind,
            provider: subject.known_as.provider,
            provider_subject: subject.known_as.id,
            state: subject.state,
            name: subject.claims.name,
            email: subject.claims.email,
            display_name: subject.display_name,
            plan: subject.plan,
            onboarding: subject.onboarding,
            entitlements: subject.entitlements,
            platform_role: subject.platform_role,
            created_at: moment(subject.created_at),
            modified_at: moment(subject.modified_at),
        }
    }
}

impl UserDetails {
    pub(super) fn of(mut subject: Subject, memberships: Vec<Membership>, sign_ins: Option<Vec<SignIn>>) -> Self {
        let show = |sign_in: SignIn| SignInBody { at: moment(sign_in.at), challenge: sign_in.challenge };
        Self {
            preferences: std::mem::take(&mut subject.preferences),
            workspaces: memberships.into_iter().map(TenantBody::of).collect(),
            current_workspace: subject.current_workspace.take(),
            sign_ins: sign_ins.map(|all| all.into_iter().map(show).collect()),
            user: User::of(subject),
        }
    }
}
