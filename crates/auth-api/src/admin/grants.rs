//! `/v1/admin/grants`: what roles allow.

use axum::extract::{Request, State};
use axum::response::Response;
use cognate_domain::directory::{Catalogue, Grant, rules};
use cognate_domain::ids;
use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};
use utoipa::ToSchema;

use super::edit::Edit;
use super::{Id, behind};
use crate::Api;
use crate::call::{Reply, with_body, without_body};
use crate::check::{Change, Checked, Flaws};
use crate::openapi::shapes;
use crate::parameters::List;
use crate::permissions::On;
use crate::problem::{Code, Problem, ProblemDocument};
use crate::session::moment;

/// What a role allows, as it is edited.
#[derive(Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub(crate) struct GrantBody {
    id: String,
    /// The role's key.
    #[schema(example = "editor")]
    role: String,
    #[schema(example = "documents:*")]
    action: String,
    #[schema(example = "projects/a1/*")]
    resource: String,
    /// What must be true beside it, in the words of docs/guides/policies.md.
    #[schema(value_type = Option<shapes::Condition>)]
    #[serde(skip_serializing_if = "Option::is_none")]
    condition: Option<Map<String, Value>>,
    /// RFC 3339.
    #[schema(format = DateTime)]
    created_at: String,
}

impl GrantBody {
    fn of(grant: &Grant) -> Self {
        Self {
            id: grant.id.clone(),
            role: grant.role.clone(),
            action: grant.action.clone(),
            resource: grant.resource.clone(),
            condition: grant.condition.clone(),
            created_at: moment(grant.created_at),
        }
    }
}

#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct NewGrant {
    /// The role's key.
    #[schema(min_length = 1, max_length = 40, pattern = "^[a-z][a-z0-9_-]*$", example = "editor")]
    role: String,
    /// One, all below a name, or `*`.
    #[schema(
        min_length = 1,
        max_length = 100,
        pattern = r"^([a-z][a-z0-9_-]*:)*([a-z][a-z0-9_-]*|\*)$",
        example = "documents:*"
    )]
    action: String,
    /// One, all below a path, or `*`.
    #[schema(
        min_length = 1,
        max_length = 300,
        pattern = r"^([A-Za-z0-9_.~:@-]+/)*([A-Za-z0-9_.~:@-]+|\*)$",
        example = "projects/a1/*"
    )]
    resource: String,
    /// What must be true beside it, in the words of docs/guides/policies.md. At most 2 KiB.
    #[schema(value_type = Option<shapes::Condition>)]
    condition: Option<Map<String, Value>>,
}

impl Checked for NewGrant {
    fn check(&self, flaws: &mut Flaws) {
        flaws.fits("role", &rules::role_key(&self.role));
        flaws.fits("action", &rules::action(&self.action));
        flaws.fits("resource", &rules::resource(&self.resource));
        if let Some(condition) = &self.condition {
            flaws.fits("condition", &rules::condition(condition));
        }
    }
}

/// What is left out stays; so does the role.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct GrantChange {
    #[schema(
        min_length = 1,
        max_length = 100,
        pattern = r"^([a-z][a-z0-9_-]*:)*([a-z][a-z0-9_-]*|\*)$",
        example = "documents:*"
    )]
    action: Option<String>,
    #[schema(
        min_length = 1,
        max_length = 300,
        pattern = r"^([A-Za-z0-9_.~:@-]+/)*([A-Za-z0-9_.~:@-]+|\*)$",
        example = "projects/a1/*"
    )]
    resource: Option<String>,
    /// `null` takes it away.
    #[serde(default)]
    #[schema(value_type = Option<shapes::Condition>)]
    condition: Change<Map<String, Value>>,
}

impl Checked for GrantChange {
    fn check(&self, flaws: &mut Flaws) {
        if let Some(action) = &self.action {
            flaws.fits("action", &rules::action(action));
        }
        if let Some(resource) = &self.resource {
            flaws.fits("resource", &rules::resource(resource));
        }
        if let Change::Set(condition) = &self.condition {
            flaws.fits("condition", &rules::condition(condition));
        }
    }
}

fn one(id: &str) -> On<'static> {
    On::platform(format!("grants/{id}"))
}

fn find<'a>(catalogue: &'a Catalogue, id: &str) -> Result<&'a Grant, Problem> {
    catalogue.grants.iter().find(|grant| grant.id == id).ok_or_else(|| Problem::new(Code::NotFound))
}

/// All grants, or those of a role
///
/// `ETag` is the catalogue's version.
#[utoipa::path(get, path = "/v1/admin/grants", tag = "Administration",
    operation_id = "admin_list_grants", security(("bearer" = [])),
    params(
        ("role" = Option<String>, Query, description = "A role's key", max_length = 512),
        ("limit" = Option<u32>, Query, description = "Of a page: 1 to 100; 50 by default", minimum = 1, maximum = 100),
        ("next" = Option<String>, Query, description = "As the page before says it", max_length = 512),
    ),
    responses(
    (status = 200, description = "A page of them", body = List<GrantBody>),
    (status = "4XX", description = "`validation_failed`, `unauthenticated`, `forbidden`", body = ProblemDocument,
     content_type = "application/problem+json"),
    (status = "5XX", description = "`provider_failed`, …", body = ProblemDocument, content_type = "application/problem+json"),
))]
pub(crate) async fn list(State(api): Api, request: Request) -> Response {
    without_body(api, "admin_list_grants", request, |mut call, mut parameters| async move {
        let caller = call.caller().await?;
        call.may(&caller, "grants:read", On::platform("grants")).await?;
        let (page, role) = (parameters.page()?, parameters.take("role"));
        parameters.done()?;
        let current = call.catalogue(&caller).await?;
        let of_role =
            current.catalogue.grants.iter().filter(|grant| role.as_ref().is_none_or(|role| grant.role == *role));
        let read = behind(of_role, &page, |grant| &grant.id);
        Ok(Reply::ok(&page.shown(read, |grant| grant.id.clone(), GrantBody::of))?.versioned(current.catalogue.version))
    })
    .await
}

/// One grant
///
/// `ETag` is the catalogue's version.
#[utoipa::path(get, path = "/v1/admin/grants/{id}", tag = "Administration",
    operation_id = "admin_read_grant", security(("bearer" = [])),
    params(("id" = String, Path, description = "The grant's id", max_length = 64)),
    responses(
    (status = 200, description = "The grant", body = GrantBody),
    (status = "4XX", description = "`unauthenticated`, `forbidden`, `not_found`", body = ProblemDocument,
     content_type = "application/problem+json"),
    (status = "5XX", description = "`provider_failed`, …", body = ProblemDocument, content_type = "application/problem+json"),
))]
pub(crate) async fn read(State(api): Api, id: Id, request: Request) -> Response {
    without_body(api, "admin_read_grant", request, |mut call, parameters| async move {
        let caller = call.caller().await?;
        let id = id.known()?;
        call.may(&caller, "grants:read", one(&id)).await?;
        parameters.done()?;
        let current = call.catalogue(&caller).await?;
        let grant = find(&current.catalogue, &id)?;
        Ok(Reply::ok(&GrantBody::of(grant))?.versioned(current.catalogue.version))
    })
    .await
}

/// Grant something to a role
///
/// Nobody grants more than their own role allows. `If-Match` may name the catalogue's version.
#[utoipa::path(post, path = "/v1/admin/grants", tag = "Administration",
    operation_id = "admin_create_grant", request_body = NewGrant, security(("bearer" = [])),
    params(("If-Match" = Option<String>, Header, description = "The catalogue's ETag")),
    responses(
    (status = 201, description = "Granted", body = GrantBody),
    (status = "4XX", description = "`validation_failed`, `forbidden`, `limit_reached`, `precondition_failed`", body = ProblemDocument,
     content_type = "application/problem+json"),
    (status = "5XX", description = "`provider_failed`, …", body = ProblemDocument, content_type = "application/problem+json"),
))]
pub(crate) async fn create(State(api): Api, request: Request) -> Response {
    with_body(api, "admin_create_grant", request, |mut call, body: NewGrant| async move {
        let caller = call.caller().await?;
        call.may(&caller, "grants:create", On::platform("grants")).await?;
        let NewGrant { role, action, resource, condition } = body;
        let (id, created_at) = (ids::uuid(call.cx.entropy()).to_string(), call.cx.now);
        let grant = Grant { id, role, action, resource, condition, created_at };
        let make = |catalogue: &Catalogue| {
            if !catalogue.roles.iter().any(|role| role.key == grant.role) {
                return Err(Problem::no_such_role("/role"));
            }
            Ok(Edit::AddGrant(grant.clone()))
        };
        let (_, version) = call.edit(&caller, make).await?;
        Ok(Reply::created(&GrantBody::of(&grant))?.versioned(version))
    })
    .await
}

/// Change a grant
///
/// Nobody changes one that allows, or would allow, more than their own role. `If-Match` may name the catalogue's version.
#[utoipa::path(patch, path = "/v1/admin/grants/{id}", tag = "Administration",
    operation_id = "admin_change_grant", request_body = GrantChange, security(("bearer" = [])),
    params(
        ("id" = String, Path, description = "The grant's id", max_length = 64),
        ("If-Match" = Option<String>, Header, description = "The catalogue's ETag"),
    ),
    responses(
    (status = 200, description = "The grant as it is now", body = GrantBody),
    (status = "4XX", description = "`validation_failed`, `forbidden`, `not_found`, `conflict`: it is built in; `precondition_failed`",
     body = ProblemDocument, content_type = "application/problem+json"),
    (status = "5XX", description = "`provider_failed`, …", body = ProblemDocument, content_type = "application/problem+json"),
))]
pub(crate) async fn change(State(api): Api, id: Id, request: Request) -> Response {
    with_body(api, "admin_change_grant", request, |mut call, body: GrantChange| async move {
        let caller = call.caller().await?;
        let id = id.known()?;
        call.may(&caller, "grants:update", one(&id)).await?;
        let make = |catalogue: &Catalogue| {
            let before = find(catalogue, &id)?.clone();
            let mut after = before.clone();
            after.action = body.action.clone().unwrap_or(after.action);
            after.resource = body.resource.clone().unwrap_or(after.resource);
            body.condition.clone().apply(&mut after.condition);
            Ok(Edit::ChangeGrant { before, after })
        };
        let (edit, version) = call.edit(&caller, make).await?;
        let Edit::ChangeGrant { after, .. } = edit else { return Err(Problem::new(Code::Internal)) };
        Ok(Reply::ok(&GrantBody::of(&after))?.versioned(version))
    })
    .await
}

/// Take a grant away
///
/// `If-Match` may name the catalogue's version.
#[utoipa::path(delete, path = "/v1/admin/grants/{id}", tag = "Administration",
    operation_id = "admin_remove_grant", security(("bearer" = [])),
    params(
        ("id" = String, Path, description = "The grant's id", max_length = 64),
        ("If-Match" = Option<String>, Header, description = "The catalogue's ETag"),
    ),
    responses(
    (status = 204, description = "It is gone"),
    (status = "4XX", description = "`forbidden`, `not_found`, `conflict`: it is built in; `precondition_failed`", body = ProblemDocument,
     content_type = "application/problem+json"),
    (status = "5XX", description = "`provider_failed`, …", body = ProblemDocument, content_type = "application/problem+json"),
))]
pub(crate) async fn remove(State(api): Api, id: Id, request: Request) -> Response {
    without_body(api, "admin_remove_grant", request, |mut call, parameters| async move {
        let caller = call.caller().await?;
        let id = id.known()?;
        call.may(&caller, "grants:delete", one(&id)).await?;
        parameters.done()?;
        let make = |catalogue: &Catalogue| Ok(Edit::RemoveGrant(find(catalogue, &id)?.clone()));
        let (_, version) = call.edit(&caller, make).await?;
        Ok(Reply::nothing().versioned(version))
    })
    .await
}
