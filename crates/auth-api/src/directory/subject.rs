//! `GET /v1/auth/subject`: whoever calls, as an application needs to know them, whatever the provider.

use axum::extract::{Request, State};
use axum::response::Response;
use cognate_domain::directory::{Membership, Onboarding, SubjectKind, WorkspaceState};
use serde::Serialize;
use utoipa::ToSchema;

use crate::Api;
use crate::call::{Reply, without_body};
use crate::caller::Caller;
use crate::openapi::shapes;
use crate::problem::ProblemDocument;

/// Somebody who calls. `id` stays if the provider changes; an address is a claim, and no identity.
#[derive(Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub(crate) struct SubjectBody {
    id: String,
    #[schema(value_type = shapes::Kind)]
    kind: SubjectKind,
    #[schema(example = "cognate")]
    provider: String,
    /// A person's `sub`, a machine's client id.
    provider_subject: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    name: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    email: Option<String>,
    /// The role's key.
    #[serde(skip_serializing_if = "Option::is_none")]
    platform_role: Option<String>,
    tenants: Vec<TenantBody>,
    /// One of `tenants`.
    #[serde(skip_serializing_if = "Option::is_none")]
    current_tenant: Option<String>,
    #[schema(value_type = shapes::OnboardingState)]
    onboarding: Onboarding,
}

/// A workspace that somebody belongs to, and as what.
#[derive(Serialize, ToSchema)]
pub(crate) struct TenantBody {
    id: String,
    name: String,
    #[schema(value_type = shapes::WorkspaceStatus)]
    state: WorkspaceState,
    /// The role's key.
    role: String,
}

impl TenantBody {
    pub(crate) fn of(membership: Membership) -> Self {
        let Membership { workspace_id, workspace_name, workspace_state, role, .. } = membership;
        Self { id: workspace_id, name: workspace_name, state: workspace_state, role }
    }
}

impl SubjectBody {
    fn of(caller: Caller) -> Self {
        let Caller { subject, memberships, .. } = caller;
        Self {
            id: subject.id,
            kind: subject.kind,
            provider: subject.known_as.provider,
            provider_subject: subject.known_as.id,
            name: subject.claims.name,
            email: subject.claims.email,
            platform_role: subject.platform_role,
            tenants: memberships.into_iter().map(TenantBody::of).collect(),
            current_tenant: subject.current_workspace,
            onboarding: subject.onboarding,
        }
    }
}

/// Who calls
///
/// The first call makes the subject.
#[utoipa::path(get, path = "/v1/auth/subject", tag = "Directory", security(("bearer" = [])), responses(
    (status = 200, description = "Who calls", body = SubjectBody),
    (status = "4XX", description = "`unauthenticated`, `account_disabled`", body = ProblemDocument,
     content_type = "application/problem+json"),
    (status = "5XX", description = "`provider_failed`, `provider_timeout`", body = ProblemDocument, content_type = "application/problem+json"),
))]
pub(crate) async fn subject(State(api): Api, request: Request) -> Response {
    without_body(api, "subject", request, |mut call, parameters| async move {
        parameters.done()?;
        Reply::ok(&SubjectBody::of(call.caller().await?))
    })
    .await
}
