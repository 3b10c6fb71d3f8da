//! `/v1/workspaces`: what tenants are called here. Any person may make one and is its owner then.

use axum::extract::rejection::PathRejection;
use axum::extract::{Path, Request, State};
use axum::response::Response;
use cognate_domain::directory::{SubjectKind, Workspace, WorkspaceState, rules};
use cognate_domain::{Error, ids};
use cognate_store::{WriteTx, audit_log, callers, workspaces};
use serde::{Deserialize, Serialize};
use serde_json::Map;
use utoipa::ToSchema;

use super::door::{Refusal, ids_of, not_there};
use crate::Api;
use crate::audit::Changed;
use crate::call::{Call, Reply, with_body, without_body};
use crate::caller::Caller;
use crate::check::{Checked, Flaws};
use crate::openapi::shapes;
use crate::parameters::List;
use crate::problem::{Code, Problem, ProblemDocument};
use crate::session::moment;

#[derive(Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub(crate) struct WorkspaceBody {
    id: String,
    name: String,
    /// `active`, or `archived`: then it takes no changes.
    #[schema(value_type = shapes::WorkspaceStatus)]
    state: WorkspaceState,
    /// The key of the caller's role; left out if they are no member.
    #[serde(skip_serializing_if = "Option::is_none")]
    role: Option<String>,
    /// RFC 3339.
    #[schema(format = DateTime)]
    created_at: String,
    /// RFC 3339.
    #[schema(format = DateTime)]
    updated_at: String,
}

impl WorkspaceBody {
    pub(crate) fn of(workspace: Workspace, role: Option<String>) -> Self {
        let Workspace { id, name, state, created_at, modified_at, .. } = workspace;
        Self { id, name, state, role, created_at: moment(created_at), updated_at: moment(modified_at) }
    }
}

#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct NewWorkspace {
    #[schema(min_length = 1, max_length = 100, pattern = r"\S", example = "Works")]
    name: String,
}

impl Checked for NewWorkspace {
    fn check(&self, flaws: &mut Flaws) {
        flaws.fits("name", &rules::name(&self.name));
    }
}

/// What is left out stays.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct ChangeWorkspace {
    #[schema(min_length = 1, max_length = 100, pattern = r"\S")]
    name: Option<String>,
    /// `archived`, or `active` again.
    #[schema(value_type = Option<shapes::WorkspaceStatus>)]
    state: Option<WorkspaceState>,
}

impl Checked for ChangeWorkspace {
    fn check(&self, flaws: &mut Flaws) {
        if let Some(name) = &self.name {
            flaws.fits("name", &rules::name(name));
        }
    }
}

/// The caller's workspaces
#[utoipa::path(get, operation_id = "list_workspaces", path = "/v1/workspaces",
    tag = "Workspaces", security(("bearer" = [])), params(
    ("limit" = Option<u32>, Query, minimum = 1, maximum = 100, description = "Of one page; 50 if left out"),
    ("next" = Option<String>, Query, max_length = 512, description = "As the page before said it"),
), responses(
    (status = 200, description = "A page of them, archived ones too", body = List<WorkspaceBody>),
    (status = "4XX", description = "`validation_failed`, `unauthenticated`, `account_disabled`", body = ProblemDocument,
     content_type = "application/problem+json"),
    (status = "5XX", description = "`provider_failed`, …", body = ProblemDocument, content_type = "application/problem+json"),
))]
pub(crate) async fn list(State(api): Api, request: Request) -> Response {
    without_body(api, "list_workspaces", request, |mut call, mut parameters| async move {
        let page = parameters.page()?;
        parameters.done()?;
        let caller = call.caller().await?;
        let after = page.after.as_deref().unwrap_or_default();
        let mut tx = call.cx.read().await?;
        let read = workspaces::list_of_subject(&mut tx, &caller.subject.id, after, page.to_read()).await?;
        Reply::ok(&page.shown(
            read,
            |(workspace, _)| workspace.id.clone(),
            |(workspace, role)| WorkspaceBody::of(workspace, Some(role)),
        ))
    })
    .await
}

/// Make a workspace
///
/// Its maker is its owner. Machines make none.
#[utoipa::path(post, operation_id = "create_workspace", path = "/v1/workspaces",
    tag = "Workspaces", request_body = NewWorkspace, security(("bearer" = [])),
    responses(
    (status = 201, description = "Made; `ETag` is its version", body = WorkspaceBody),
    (status = "4XX", description = "`validation_failed`, `unauthenticated`, `account_disabled`, `forbidden`, `limit_reached`",
     body = ProblemDocument, content_type = "application/problem+json"),
    (status = "5XX", description = "`provider_failed`, …", body = ProblemDocument, content_type = "application/problem+json"),
))]
pub(crate) async fn create(State(api): Api, request: Request) -> Response {
    with_body(api, "create_workspace", request, |mut call, body: NewWorkspace| async move {
        let caller = call.caller().await?;
        if caller.subject.kind != SubjectKind::User {
            return Err(Problem::new(Code::Forbidden).saying("Only people make workspaces."));
        }
        let now = call.cx.now;
        let workspace = Workspace {
            id: ids::uuid(call.cx.entropy()).to_string(),
            name: body.name.trim().to_owned(),
            state: WorkspaceState::Active,
            created_by: caller.subject.id.clone(),
            version: 1,
            created_at: now,
            modified_at: now,
        };
        keep(&mut call, &caller, &workspace).await?;
        let role = cognate_domain::directory::OWNER.to_owned();
        let version = workspace.version;
        Ok(Reply::created(&WorkspaceBody::of(workspace, Some(role)))?.versioned(version))
    })
    .await
}

async fn keep(call: &mut Call, caller: &Caller, workspace: &Workspace) -> Result<(), Problem> {
    let stood = caller.stood(&workspace.id);
    let entry = call.entry(caller, &changed("workspace.create", &workspace.id), Map::new());
    let kept = async |tx: &mut WriteTx<'_>| {
        if !callers::still_stands(tx, &stood).await? {
            return Ok(Err(Refusal::Raced));
        }
        if !workspaces::insert(tx, workspace).await? {
            return Ok(Err(Refusal::Of(cognate_store::members::Outcome::MostMemberships)));
        }
        audit_log::insert(tx, &entry).await?;
        Ok(Ok(()))
    };
    Ok(call.cx.write(kept).await??)
}

const fn changed<'a>(action: &'static str, id: &'a str) -> Changed<'a> {
    Changed { action, kind: "workspace", id, workspace: Some(id) }
}

/// A workspace
///
/// `ETag` is its version.
#[utoipa::path(get, operation_id = "read_workspace", path = "/v1/workspaces/{id}",
    tag = "Workspaces", security(("bearer" = [])), params(
    ("id" = String, Path, min_length = 1, max_length = 64),
), responses(
    (status = 200, description = "As it is", body = WorkspaceBody),
    (status = "4XX", description = "`unauthenticated`, `account_disabled`, `forbidden`, `tenant_forbidden`", body = ProblemDocument,
     content_type = "application/problem+json"),
    (status = "5XX", description = "`provider_failed`, …", body = ProblemDocument, content_type = "application/problem+json"),
))]
pub(crate) async fn read(State(api): Api, path: Result<Path<String>, PathRejection>, request: Request) -> Response {
    let id = ids_of(path);
    without_body(api, "read_workspace", request, |mut call, parameters| async move {
        parameters.done()?;
        let caller = call.caller().await?;
        call.enter(&caller, "workspace:read", (&id, "")).await?;
        let (workspace, role) = find(&call, &caller, &id).await?;
        show(workspace, role)
    })
    .await
}

async fn find(call: &Call, caller: &Caller, id: &str) -> Result<(Workspace, Option<String>), Problem> {
    let found = workspaces::find(&mut call.cx.read().await?, id, &caller.subject.id).await?;
    found.ok_or_else(not_there)
}

fn show(workspace: Workspace, role: Option<String>) -> Result<Reply, Problem> {
    let version = workspace.version;
    Ok(Reply::ok(&WorkspaceBody::of(workspace, role))?.versioned(version))
}

/// Rename a workspace, archive it, make it active again
///
/// With `If-Match` only the version that it names is changed.
#[utoipa::path(patch, operation_id = "change_workspace", path = "/v1/workspaces/{id}",
    tag = "Workspaces", request_body = ChangeWorkspace,
    security(("bearer" = [])), params(
    ("id" = String, Path, min_length = 1, max_length = 64),
), responses(
    (status = 200, description = "As it is now", body = WorkspaceBody),
    (status = "4XX", description = "`validation_failed`, `forbidden`, `tenant_forbidden`, `workspace_archived`, `conflict`, \
     `precondition_failed`, …", body = ProblemDocument, content_type = "application/problem+json"),
    (status = "5XX", description = "`provider_failed`, …", body = ProblemDocument, content_type = "application/problem+json"),
))]
pub(crate) async fn change(State(api): Api, path: Result<Path<String>, PathRejection>, request: Request) -> Response {
    let id = ids_of(path);
    with_body(api, "change_workspace", request, |mut call, body: ChangeWorkspace| async move {
        let caller = call.caller().await?;
        for action in body.actions() {
            call.enter(&caller, action, (&id, "")).await?;
        }
        let (workspace, _) = find(&call, &caller, &id).await?;
        call.must_match(workspace.version)?;
        let (workspace, role) = change_what_was_read(&mut call, &caller, &workspace, body).await?;
        show(workspace, role)
    })
    .await
}

impl ChangeWorkspace {
    /// What the caller has to be allowed.
    fn actions(&self) -> Vec<&'static str> {
        let rename = self.name.as_ref().map(|_| "workspace:update");
        let state = self.state.map(|state| match state {
            WorkspaceState::Archived => "workspace:archive",
            WorkspaceState::Active => "workspace:restore",
        });
        let asked: Vec<_> = rename.into_iter().chain(state).collect();
        if asked.is_empty() { vec!["workspace:read"] } else { asked }
    }
}

async fn change_what_was_read(
    call: &mut Call,
    caller: &Caller,
    read: &Workspace,
    body: ChangeWorkspace,
) -> Result<(Workspace, Option<String>), Problem> {
    let name = body.name.map(|name| name.trim().to_owned()).filter(|name| *name != read.name);
    let state = body.state.filter(|state| *state != read.state);
    let renamed = name.as_ref().map(|_| "workspace.rename");
    let moved = state.map(|state| match state {
        WorkspaceState::Archived => "workspace.archive",
        WorkspaceState::Active => "workspace.restore",
    });
    let actions = renamed.into_iter().chain(moved);
    let entries: Vec<_> = actions.map(|action| call.entry(caller, &changed(action, &read.id), Map::new())).collect();
    let (stood, now) = (caller.stood(&read.id), call.cx.now);

    let done = async |tx: &mut WriteTx<'_>| {
        if !callers::still_stands(tx, &stood).await? {
            return Ok(Err(Refusal::Raced));
        }
        let mut version = read.version;
        if let Some(name) = &name {
            if !workspaces::rename(tx, (&read.id, version), name, now).await? {
                return Ok(Err(Refusal::Raced));
            }
            version += 1;
        }
        if let Some(state) = state
            && !workspaces::set_state(tx, (&read.id, version), state, now).await?
        {
            if version == read.version {
                return Ok(Err(Refusal::Raced));
            }
            return Err(Error::corrupt("a workspace of this version is of another"));
        }
        for entry in &entries {
            audit_log::insert(tx, entry).await?;
        }
        let found = workspaces::find(tx, &read.id, stood.subject_id).await?;
        found.map(Ok).ok_or_else(|| Error::corrupt("a workspace that was changed and is not there"))
    };
    Ok(call.cx.write(done).await??)
}
