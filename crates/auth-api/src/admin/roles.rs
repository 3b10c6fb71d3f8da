//! `/v1/admin/roles`: what there is to hold. What a role allows is said by its grants.

use axum::extract::{Request, State};
use axum::response::Response;
use cognate_domain::directory::{Role, RoleScope, rules};
use serde::{Deserialize, Serialize};
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

/// A role, as it is edited.
#[derive(Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub(crate) struct RoleBody {
    #[schema(example = "editor")]
    key: String,
    #[schema(value_type = shapes::Scope)]
    scope: RoleScope,
    name: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    description: Option<String>,
    /// There from the beginning: it cannot be removed.
    built_in: bool,
    /// RFC 3339.
    #[schema(format = DateTime)]
    created_at: String,
    /// RFC 3339.
    #[schema(format = DateTime)]
    modified_at: String,
}

impl RoleBody {
    fn of(role: &Role) -> Self {
        Self {
            key: role.key.clone(),
            scope: role.scope,
            name: role.name.clone(),
            description: role.description.clone(),
            built_in: role.built_in,
            created_at: moment(role.created_at),
            modified_at: moment(role.modified_at),
        }
    }
}

/// It allows nothing until it has grants.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct NewRole {
    #[schema(min_length = 1, max_length = 40, pattern = "^[a-z][a-z0-9_-]*$", example = "editor")]
    key: String,
    /// `platform` or `workspace`: where it is held.
    #[schema(value_type = shapes::Scope)]
    scope: RoleScope,
    #[schema(min_length = 1, max_length = 100, pattern = r"\S")]
    name: String,
    #[schema(min_length = 1, max_length = 500, pattern = r"\S")]
    description: Option<String>,
}

impl Checked for NewRole {
    fn check(&self, flaws: &mut Flaws) {
        flaws.fits("key", &rules::role_key(&self.key));
        flaws.fits("name", &rules::name(&self.name));
        if let Some(description) = &self.description {
            flaws.fits("description", &rules::description(description));
        }
    }
}

/// What is left out stays; so does the scope.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct RoleChange {
    #[schema(min_length = 1, max_length = 100, pattern = r"\S")]
    name: Option<String>,
    /// `null` takes it away.
    #[serde(default)]
    #[schema(value_type = Option<String>, min_length = 1, max_length = 500, pattern = r"\S")]
    description: Change<String>,
}

impl Checked for RoleChange {
    fn check(&self, flaws: &mut Flaws) {
        if let Some(name) = &self.name {
            flaws.fits("name", &rules::name(name));
        }
        if let Change::Set(description) = &self.description {
            flaws.fits("description", &rules::description(description));
        }
    }
}

fn trimmed(text: &str) -> String {
    text.trim().to_owned()
}

fn one(key: &str) -> On<'static> {
    On::platform(format!("roles/{key}"))
}

/// All roles
///
/// `ETag` is the catalogue's version.
#[utoipa::path(get, path = "/v1/admin/roles", tag = "Administration",
    operation_id = "admin_list_roles", security(("bearer" = [])),
    params(
        ("limit" = Option<u32>, Query, description = "Of a page: 1 to 100; 50 by default", minimum = 1, maximum = 100),
        ("next" = Option<String>, Query, description = "As the page before says it", max_length = 512),
    ),
    responses(
    (status = 200, description = "A page of them", body = List<RoleBody>),
    (status = "4XX", description = "`validation_failed`, `unauthenticated`, `forbidden`", body = ProblemDocument,
     content_type = "application/problem+json"),
    (status = "5XX", description = "`provider_failed`, …", body = ProblemDocument, content_type = "application/problem+json"),
))]
pub(crate) async fn list(State(api): Api, request: Request) -> Response {
    without_body(api, "admin_list_roles", request, |mut call, mut parameters| async move {
        let caller = call.caller().await?;
        call.may(&caller, "roles:read", On::platform("roles")).await?;
        let page = parameters.page()?;
        parameters.done()?;
        let current = call.catalogue(&caller).await?;
        let read = behind(current.catalogue.roles.iter(), &page, |role| &role.key);
        Ok(Reply::ok(&page.shown(read, |role| role.key.clone(), RoleBody::of))?.versioned(current.catalogue.version))
    })
    .await
}

/// One role
///
/// `ETag` is the catalogue's version.
#[utoipa::path(get, path = "/v1/admin/roles/{key}", tag = "Administration",
    operation_id = "admin_read_role", security(("bearer" = [])),
    params(("key" = String, Path, description = "The role's key", max_length = 40)),
    responses(
    (status = 200, description = "The role", body = RoleBody),
    (status = "4XX", description = "`unauthenticated`, `forbidden`, `not_found`", body = ProblemDocument,
     content_type = "application/problem+json"),
    (status = "5XX", description = "`provider_failed`, …", body = ProblemDocument, content_type = "application/problem+json"),
))]
pub(crate) async fn read(State(api): Api, key: Id, request: Request) -> Response {
    without_body(api, "admin_read_role", request, |mut call, parameters| async move {
        let caller = call.caller().await?;
        let key = key.known()?;
        call.may(&caller, "roles:read", one(&key)).await?;
        parameters.done()?;
        let current = call.catalogue(&caller).await?;
        let role = current.catalogue.roles.iter().find(|role| role.key == key);
        let role = role.ok_or_else(|| Problem::new(Code::NotFound))?;
        Ok(Reply::ok(&RoleBody::of(role))?.versioned(current.catalogue.version))
    })
    .await
}

/// Make a role
///
/// `If-Match` may name the catalogue's version.
#[utoipa::path(post, path = "/v1/admin/roles", tag = "Administration",
    operation_id = "admin_create_role", request_body = NewRole, security(("bearer" = [])),
    params(("If-Match" = Option<String>, Header, description = "The catalogue's ETag")),
    responses(
    (status = 201, description = "Made", body = RoleBody),
    (status = "4XX", description = "`validation_failed`, `forbidden`, `conflict`, `limit_reached`, `precondition_failed`",
     body = ProblemDocument, content_type = "application/problem+json"),
    (status = "5XX", description = "`provider_failed`, …", body = ProblemDocument, content_type = "application/problem+json"),
))]
pub(crate) async fn create(State(api): Api, request: Request) -> Response {
    with_body(api, "admin_create_role", request, |mut call, body: NewRole| async move {
        let caller = call.caller().await?;
        call.may(&caller, "roles:create", On::platform("roles")).await?;
        let role = Role {
            key: body.key,
            scope: body.scope,
            name: trimmed(&body.name),
            description: body.description.as_deref().map(trimmed),
            built_in: false,
            created_at: call.cx.now,
            modified_at: call.cx.now,
        };
        let (_, version) = call.edit(&caller, |_| Ok(Edit::AddRole(role.clone()))).await?;
        Ok(Reply::created(&RoleBody::of(&role))?.versioned(version))
    })
    .await
}

/// Change a role's name or description
///
/// `If-Match` may name the catalogue's version.
#[utoipa::path(patch, path = "/v1/admin/roles/{key}", tag = "Administration",
    operation_id = "admin_change_role", request_body = RoleChange, security(("bearer" = [])),
    params(
        ("key" = String, Path, description = "The role's key", max_length = 40),
        ("If-Match" = Option<String>, Header, description = "The catalogue's ETag"),
    ),
    responses(
    (status = 200, description = "The role as it is now", body = RoleBody),
    (status = "4XX", description = "`validation_failed`, `forbidden`, `not_found`, `precondition_failed`", body = ProblemDocument,
     content_type = "application/problem+json"),
    (status = "5XX", description = "`provider_failed`, …", body = ProblemDocument, content_type = "application/problem+json"),
))]
pub(crate) async fn change(State(api): Api, key: Id, request: Request) -> Response {
    with_body(api, "admin_change_role", request, |mut call, body: RoleChange| async move {
        let caller = call.caller().await?;
        let key = key.known()?;
        call.may(&caller, "roles:update", one(&key)).await?;
        let now = call.cx.now;
        let change = |role: &Role| {
            let mut role = Role { modified_at: now, ..role.clone() };
            role.name = body.name.as_deref().map_or(role.name, trimmed);
            body.description.clone().apply(&mut role.description);
            role.description = role.description.as_deref().map(trimmed);
            Edit::ChangeRole(role)
        };
        let (edit, version) = call
            .edit(&caller, |catalogue| {
                let there = catalogue.roles.iter().find(|role| role.key == key);
                there.map(change).ok_or_else(|| Problem::new(Code::NotFound))
            })
            .await?;
        let Edit::ChangeRole(role) = edit else { return Err(Problem::new(Code::Internal)) };
        Ok(Reply::ok(&RoleBody::of(&role))?.versioned(version))
    })
    .await
}

/// Remove a role and its grants
///
/// One that nobody has and nobody is invited to. `If-Match` may name the catalogue's version.
#[utoipa::path(delete, path = "/v1/admin/roles/{key}", tag = "Administration",
    operation_id = "admin_remove_role", security(("bearer" = [])),
    params(
        ("key" = String, Path, description = "The role's key", max_length = 40),
        ("If-Match" = Option<String>, Header, description = "The catalogue's ETag"),
    ),
    responses(
    (status = 204, description = "It is gone"),
    (status = "4XX", description = "`forbidden`, `not_found`, `conflict`: it is built in, or somebody has it; `precondition_failed`",
     body = ProblemDocument, content_type = "application/problem+json"),
    (status = "5XX", description = "`provider_failed`, …", body = ProblemDocument, content_type = "application/problem+json"),
))]
pub(crate) async fn remove(State(api): Api, key: Id, request: Request) -> Response {
    without_body(api, "admin_remove_role", request, |mut call, parameters| async move {
        let caller = call.caller().await?;
        let key = key.known()?;
        call.may(&caller, "roles:delete", one(&key)).await?;
        parameters.done()?;
        let (_, version) = call.edit(&caller, |_| Ok(Edit::RemoveRole(key.clone()))).await?;
        Ok(Reply::nothing().versioned(version))
    })
    .await
}
