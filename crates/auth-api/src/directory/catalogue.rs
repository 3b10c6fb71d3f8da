//! `GET /v1/auth/authorization-catalog`: what roles there are and what they allow, so that a page can show what somebody may do. Its version
//! is its `ETag`.

use axum::extract::{Request, State};
use axum::response::Response;
use cognate_domain::directory::{Catalogue, Grant, Role, RoleScope};
use http::header;
use serde::Serialize;
use serde_json::{Map, Value};
use utoipa::ToSchema;

use crate::Api;
use crate::call::{Reply, without_body};
use crate::openapi::shapes;
use crate::problem::ProblemDocument;

#[derive(Serialize, ToSchema)]
pub(crate) struct CatalogueBody {
    /// Grows with every change.
    version: i64,
    roles: Vec<CatalogueRole>,
    /// An operator's: beside what roles allow, they permit and forbid.
    policies: Vec<PolicyHint>,
}

#[derive(Serialize, ToSchema)]
struct CatalogueRole {
    #[schema(example = "member")]
    key: String,
    #[schema(value_type = shapes::Scope)]
    scope: RoleScope,
    name: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    description: Option<String>,
    grants: Vec<CatalogueGrant>,
}

#[derive(Serialize, ToSchema)]
struct CatalogueGrant {
    #[schema(example = "documents:*")]
    action: String,
    #[schema(example = "projects/a1/*")]
    resource: String,
    /// What must be true beside it, in the words of docs/guides/policies.md.
    #[schema(value_type = Option<shapes::Condition>)]
    #[serde(skip_serializing_if = "Option::is_none")]
    condition: Option<Map<String, Value>>,
}

/// That a policy is there. What it says is for administrators.
#[derive(Serialize, ToSchema)]
struct PolicyHint {
    id: String,
}

impl CatalogueBody {
    fn of(catalogue: &Catalogue) -> Self {
        let roles = catalogue.roles.iter().map(|role| CatalogueRole::of(role, &catalogue.grants)).collect();
        let policies = catalogue.policies.iter().map(|policy| PolicyHint { id: policy.id.clone() }).collect();
        Self { version: catalogue.version, roles, policies }
    }
}

impl CatalogueRole {
    fn of(role: &Role, grants: &[Grant]) -> Self {
        let grants = grants.iter().filter(|grant| grant.role == role.key).map(|grant| CatalogueGrant {
            action: grant.action.clone(),
            resource: grant.resource.clone(),
            condition: grant.condition.clone(),
        });
        Self {
            key: role.key.clone(),
            scope: role.scope,
            name: role.name.clone(),
            description: role.description.clone(),
            grants: grants.collect(),
        }
    }
}

/// Roles and what they allow
///
/// With `If-None-Match` it is told only if it has changed.
#[utoipa::path(get, path = "/v1/auth/authorization-catalog", tag = "Authorization", security(("bearer" = [])),
    params(("If-None-Match" = Option<String>, Header, description = "The ETag of what the client has")), responses(
    (status = 200, description = "The catalogue", body = CatalogueBody, headers(("ETag" = String, description = "Its version"))),
    (status = 304, description = "It is what the client has", headers(("ETag" = String, description = "Its version"))),
    (status = "4XX", description = "`unauthenticated`, `account_disabled`", body = ProblemDocument,
     content_type = "application/problem+json"),
    (status = "5XX", description = "`provider_failed`, `provider_timeout`", body = ProblemDocument, content_type = "application/problem+json"),
))]
pub(crate) async fn read(State(api): Api, request: Request) -> Response {
    without_body(api, "authorization_catalog", request, |mut call, parameters| async move {
        parameters.done()?;
        let caller = call.caller().await?;
        let current = call.catalogue(&caller).await?;
        let version = current.catalogue.version;
        // What cannot be read is another version.
        if call.named_version(&header::IF_NONE_MATCH).is_some_and(|named| named.is_ok_and(|named| named == version)) {
            return Ok(Reply::not_modified(version));
        }
        Ok(Reply::ok(&CatalogueBody::of(&current.catalogue))?.versioned(version))
    })
    .await
}
