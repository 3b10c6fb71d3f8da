//! `/v1/admin/policies`: an operator's Cedar. A policy can permit and forbid everything to everybody, so who may write one may do everything.

use axum::extract::{Request, State};
use axum::response::Response;
use cognate_domain::directory::{Catalogue, PolicyText, rules};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::edit::Edit;
use super::{Id, behind};
use crate::Api;
use crate::call::{Reply, with_body, without_body};
use crate::check::{Checked, Flaws};
use crate::parameters::List;
use crate::permissions::On;
use crate::problem::{Code, Problem, ProblemDocument};
use crate::session::moment;

/// A policy.
#[derive(Serialize, ToSchema)]
pub(crate) struct PolicyBody {
    #[serde(flatten)]
    named: PolicyName,
    /// Cedar.
    source: String,
}

/// That a policy is there.
#[derive(Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub(crate) struct PolicyName {
    #[schema(example = "office-only")]
    id: String,
    /// RFC 3339.
    #[schema(format = DateTime)]
    created_at: String,
    /// RFC 3339.
    #[schema(format = DateTime)]
    modified_at: String,
}

impl PolicyName {
    fn of(policy: &PolicyText) -> Self {
        Self { id: policy.id.clone(), created_at: moment(policy.created_at), modified_at: moment(policy.modified_at) }
    }
}

impl PolicyBody {
    fn of(policy: &PolicyText) -> Self {
        Self { named: PolicyName::of(policy), source: policy.source.clone() }
    }
}

#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct NewPolicy {
    #[schema(min_length = 1, max_length = 64, pattern = "^[a-z][a-z0-9_-]*$", example = "office-only")]
    id: String,
    /// Cedar, of at most 16 KiB: docs/guides/policies.md.
    #[schema(min_length = 1, max_length = 16384, pattern = r"^[^\u0000]*$")]
    source: String,
}

impl Checked for NewPolicy {
    fn check(&self, flaws: &mut Flaws) {
        flaws.fits("id", &rules::policy_id(&self.id));
        flaws.fits("source", &rules::policy_source(&self.source));
    }
}

#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct ReplacePolicy {
    /// Cedar, of at most 16 KiB: docs/guides/policies.md.
    #[schema(min_length = 1, max_length = 16384, pattern = r"^[^\u0000]*$")]
    source: String,
}

impl Checked for ReplacePolicy {
    fn check(&self, flaws: &mut Flaws) {
        flaws.fits("source", &rules::policy_source(&self.source));
    }
}

fn one(id: &str) -> On<'static> {
    On::platform(format!("policies/{id}"))
}

fn find<'a>(catalogue: &'a Catalogue, id: &str) -> Result<&'a PolicyText, Problem> {
    catalogue.policies.iter().find(|policy| policy.id == id).ok_or_else(|| Problem::new(Code::NotFound))
}

/// All policies, without their text
///
/// `ETag` is the catalogue's version.
#[utoipa::path(get, path = "/v1/admin/policies", tag = "Administration",
    operation_id = "admin_list_policies", security(("bearer" = [])),
    params(
        ("limit" = Option<u32>, Query, description = "Of a page: 1 to 100; 50 by default", minimum = 1, maximum = 100),
        ("next" = Option<String>, Query, description = "As the page before says it", max_length = 512),
    ),
    responses(
    (status = 200, description = "A page of them", body = List<PolicyName>),
    (status = "4XX", description = "`validation_failed`, `unauthenticated`, `forbidden`", body = ProblemDocument,
     content_type = "application/problem+json"),
    (status = "5XX", description = "`provider_failed`, …", body = ProblemDocument, content_type = "application/problem+json"),
))]
pub(crate) async fn list(State(api): Api, request: Request) -> Response {
    without_body(api, "admin_list_policies", request, |mut call, mut parameters| async move {
        let caller = call.caller().await?;
        call.may(&caller, "policies:read", On::platform("policies")).await?;
        let page = parameters.page()?;
        parameters.done()?;
        let current = call.catalogue(&caller).await?;
        let read = behind(current.catalogue.policies.iter(), &page, |policy| &policy.id);
        Ok(Reply::ok(&page.shown(read, |policy| policy.id.clone(), PolicyName::of))?
            .versioned(current.catalogue.version))
    })
    .await
}

/// One policy
///
/// `ETag` is the catalogue's version.
#[utoipa::path(get, path = "/v1/admin/policies/{id}", tag = "Administration",
    operation_id = "admin_read_policy", security(("bearer" = [])),
    params(("id" = String, Path, description = "The policy's id", max_length = 64)),
    responses(
    (status = 200, description = "The policy", body = PolicyBody),
    (status = "4XX", description = "`unauthenticated`, `forbidden`, `not_found`", body = ProblemDocument,
     content_type = "application/problem+json"),
    (status = "5XX", description = "`provider_failed`, …", body = ProblemDocument, content_type = "application/problem+json"),
))]
pub(crate) async fn read(State(api): Api, id: Id, request: Request) -> Response {
    without_body(api, "admin_read_policy", request, |mut call, parameters| async move {
        let caller = call.caller().await?;
        let id = id.known()?;
        call.may(&caller, "policies:read", one(&id)).await?;
        parameters.done()?;
        let current = call.catalogue(&caller).await?;
        let policy = find(&current.catalogue, &id)?;
        Ok(Reply::ok(&PolicyBody::of(policy))?.versioned(current.catalogue.version))
    })
    .await
}

/// Add a policy
///
/// One that does not parse or does not fit the schema is refused with line and column, and so is one by which its author could not remove
/// it again. `If-Match` may name the catalogue's version.
#[utoipa::path(post, path = "/v1/admin/policies", tag = "Administration",
    operation_id = "admin_create_policy", request_body = NewPolicy, security(("bearer" = [])),
    params(("If-Match" = Option<String>, Header, description = "The catalogue's ETag")),
    responses(
    (status = 201, description = "It counts from now on", body = PolicyBody),
    (status = "4XX", description = "`validation_failed`, `forbidden`, `policy_rejected`, `conflict`, `limit_reached`, \
     `precondition_failed`", body = ProblemDocument, content_type = "application/problem+json"),
    (status = "5XX", description = "`provider_failed`, …", body = ProblemDocument, content_type = "application/problem+json"),
))]
pub(crate) async fn create(State(api): Api, request: Request) -> Response {
    with_body(api, "admin_create_policy", request, |mut call, body: NewPolicy| async move {
        let caller = call.caller().await?;
        call.may(&caller, "policies:create", On::platform("policies")).await?;
        let now = call.cx.now;
        let policy = PolicyText { id: body.id, source: body.source, created_at: now, modified_at: now };
        let make = |catalogue: &Catalogue| match find(catalogue, &policy.id) {
            Ok(_) => Err(Problem::taken()),
            Err(_) => Ok(Edit::AddPolicy(policy.clone())),
        };
        let (_, version) = call.edit(&caller, make).await?;
        Ok(Reply::created(&PolicyBody::of(&policy))?.versioned(version))
    })
    .await
}

/// Replace a policy's text
///
/// Refused as a new one is. `If-Match` may name the catalogue's version.
#[utoipa::path(put, path = "/v1/admin/policies/{id}", tag = "Administration",
    operation_id = "admin_replace_policy", request_body = ReplacePolicy, security(("bearer" = [])),
    params(
        ("id" = String, Path, description = "The policy's id", max_length = 64),
        ("If-Match" = Option<String>, Header, description = "The catalogue's ETag"),
    ),
    responses(
    (status = 200, description = "It counts from now on", body = PolicyBody),
    (status = "4XX", description = "`validation_failed`, `forbidden`, `not_found`, `policy_rejected`, `precondition_failed`",
     body = ProblemDocument, content_type = "application/problem+json"),
    (status = "5XX", description = "`provider_failed`, …", body = ProblemDocument, content_type = "application/problem+json"),
))]
pub(crate) async fn replace(State(api): Api, id: Id, request: Request) -> Response {
    with_body(api, "admin_replace_policy", request, |mut call, body: ReplacePolicy| async move {
        let caller = call.caller().await?;
        let id = id.known()?;
        call.may(&caller, "policies:update", one(&id)).await?;
        let now = call.cx.now;
        let make = |catalogue: &Catalogue| {
            let there = find(catalogue, &id)?.clone();
            Ok(Edit::ChangePolicy(PolicyText { source: body.source.clone(), modified_at: now, ..there }))
        };
        let (edit, version) = call.edit(&caller, make).await?;
        let Edit::ChangePolicy(policy) = edit else { return Err(Problem::new(Code::Internal)) };
        Ok(Reply::ok(&PolicyBody::of(&policy))?.versioned(version))
    })
    .await
}

/// Remove a policy
///
/// `If-Match` may name the catalogue's version.
#[utoipa::path(delete, path = "/v1/admin/policies/{id}", tag = "Administration",
    operation_id = "admin_remove_policy", security(("bearer" = [])),
    params(
        ("id" = String, Path, description = "The policy's id", max_length = 64),
        ("If-Match" = Option<String>, Header, description = "The catalogue's ETag"),
    ),
    responses(
    (status = 204, description = "It is gone"),
    (status = "4XX", description = "`forbidden`, `not_found`, `precondition_failed`", body = ProblemDocument,
     content_type = "application/problem+json"),
    (status = "5XX", description = "`provider_failed`, …", body = ProblemDocument, content_type = "application/problem+json"),
))]
pub(crate) async fn remove(State(api): Api, id: Id, request: Request) -> Response {
    without_body(api, "admin_remove_policy", request, |mut call, parameters| async move {
        let caller = call.caller().await?;
        let id = id.known()?;
        call.may(&caller, "policies:delete", one(&id)).await?;
        parameters.done()?;
        let (_, version) = call.edit(&caller, |_| Ok(Edit::RemovePolicy(id.clone()))).await?;
        Ok(Reply::nothing().versioned(version))
    })
    .await
}
