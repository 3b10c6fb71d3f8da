//! `/v1/me`: what the application keeps of whoever calls, and what they may do.

use axum::extract::{Request, State};
use axum::response::Response;
use cognate_domain::Error;
use cognate_domain::directory::{Grant, Membership, Onboarding, Subject, SubjectKind, WorkspaceState, rules};
use cognate_policy::Current;
use cognate_store::{WriteTx, subjects};
use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};
use utoipa::ToSchema;

use crate::Api;
use crate::call::{Call, Reply, with_body, without_body};
use crate::caller::Caller;
use crate::check::{Change, Checked, Flaws};
use crate::openapi::shapes;
use crate::problem::{Code, Problem, ProblemDocument};
use crate::session::moment;

/// An application's user (or machine).
#[derive(Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub(crate) struct Me {
    id: String,
    #[schema(value_type = shapes::Kind)]
    kind: SubjectKind,
    #[schema(example = "cognate")]
    provider: String,
    /// A person's `sub`, a machine's client id.
    provider_subject: String,
    /// As the provider says it.
    #[serde(skip_serializing_if = "Option::is_none")]
    name: Option<String>,
    /// As the provider says it; no identity.
    #[serde(skip_serializing_if = "Option::is_none")]
    email: Option<String>,
    /// As they want to be called.
    #[serde(skip_serializing_if = "Option::is_none")]
    display_name: Option<String>,
    /// Whatever the application keeps for them: its own shape.
    preferences: Map<String, Value>,
    #[schema(example = "free")]
    plan: String,
    #[schema(value_type = shapes::OnboardingState)]
    onboarding: Onboarding,
    entitlements: Vec<String>,
    /// The role's key.
    #[serde(skip_serializing_if = "Option::is_none")]
    platform_role: Option<String>,
    workspaces: Vec<MyWorkspace>,
    /// One of `workspaces`.
    #[serde(skip_serializing_if = "Option::is_none")]
    current_workspace: Option<String>,
    permissions: Vec<Permission>,
    /// RFC 3339.
    #[schema(format = DateTime)]
    created_at: String,
}

#[derive(Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
struct MyWorkspace {
    id: String,
    name: String,
    #[schema(value_type = shapes::WorkspaceStatus)]
    state: WorkspaceState,
    /// The role's key.
    role: String,
    /// RFC 3339.
    #[schema(format = DateTime)]
    joined_at: String,
}

/// What a role of theirs allows; an operator's policies may forbid it still.
#[derive(Serialize, ToSchema)]
pub(crate) struct Permission {
    /// Where the role is held; left out of a role of the platform's.
    #[serde(skip_serializing_if = "Option::is_none")]
    workspace: Option<String>,
    role: String,
    #[schema(example = "members:*")]
    action: String,
    #[schema(example = "*")]
    resource: String,
    /// It depends on what the request is about.
    conditional: bool,
}

/// What somebody changes of themselves; what is left out stays. The plan is not theirs to change.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields, rename_all = "camelCase")]
pub(crate) struct ChangeMe {
    /// `null` takes it away.
    #[serde(default)]
    #[schema(value_type = Option<String>, min_length = 1, max_length = 100, pattern = r"\S")]
    display_name: Change<String>,
    /// All of them: they take the place of what was there. At most 8 KiB.
    preferences: Option<Map<String, Value>>,
    #[schema(value_type = Option<shapes::OnboardingState>)]
    onboarding: Option<Onboarding>,
    /// A workspace of theirs that is active; `null` for none.
    #[serde(default)]
    #[schema(value_type = Option<String>, min_length = 1, max_length = 64)]
    current_workspace: Change<String>,
}

impl Checked for ChangeMe {
    fn check(&self, flaws: &mut Flaws) {
        if let Change::Set(name) = &self.display_name {
            flaws.fits("displayName", &rules::name(name));
        }
        if let Some(preferences) = &self.preferences {
            flaws.fits("preferences", &rules::preferences(preferences));
        }
        if let Change::Set(workspace) = &self.current_workspace {
            flaws.text("currentWorkspace", workspace, 64);
        }
    }
}

impl Me {
    fn of(subject: Subject, memberships: &[Membership], current: &Current) -> Self {
        let permissions = permissions(&subject, memberships, current);
        Self {
            id: subject.id,
            kind: subject.kind,
            provider: subject.known_as.provider,
            provider_subject: subject.known_as.id,
            name: subject.claims.name,
            email: subject.claims.email,
            display_name: subject.display_name,
            preferences: subject.preferences,
            plan: subject.plan,
            onboarding: subject.onboarding,
            entitlements: subject.entitlements,
            platform_role: subject.platform_role,
            workspaces: memberships.iter().map(MyWorkspace::of).collect(),
            current_workspace: subject.current_workspace,
            permissions,
            created_at: moment(subject.created_at),
        }
    }
}

impl MyWorkspace {
    fn of(membership: &Membership) -> Self {
        Self {
            id: membership.workspace_id.clone(),
            name: membership.workspace_name.clone(),
            state: membership.workspace_state,
            role: membership.role.clone(),
            joined_at: moment(membership.added_at),
        }
    }
}

fn permissions(subject: &Subject, memberships: &[Membership], current: &Current) -> Vec<Permission> {
    let of_platform = subject.platform_role.iter().map(|role| (None, role.as_str()));
    let held = of_platform.chain(memberships.iter().map(|held| (Some(held.workspace_id.as_str()), held.role.as_str())));
    let allows = |(workspace, role): (Option<&str>, &str)| {
        let show = |grant: &Grant| Permission {
            workspace: workspace.map(str::to_owned),
            role: grant.role.clone(),
            action: grant.action.clone(),
            resource: grant.resource.clone(),
            conditional: grant.condition.is_some(),
        };
        current.catalogue.grants.iter().filter(|grant| grant.role == role).map(show).collect::<Vec<_>>()
    };
    held.flat_map(allows).collect()
}

/// The caller's profile
///
/// The first call makes it. `ETag` is its version.
#[utoipa::path(get, operation_id = "read_me", path = "/v1/me", tag = "Directory", security(("bearer" = [])), responses(
    (status = 200, description = "The profile, and what its roles allow", body = Me,
     headers(("ETag" = String, description = "The profile's version"))),
    (status = "4XX", description = "`unauthenticated`, `account_disabled`", body = ProblemDocument,
     content_type = "application/problem+json"),
    (status = "5XX", description = "`provider_failed`, `provider_timeout`", body = ProblemDocument, content_type = "application/problem+json"),
))]
pub(crate) async fn read(State(api): Api, request: Request) -> Response {
    without_body(api, "read_me", request, |mut call, parameters| async move {
        parameters.done()?;
        let caller = call.caller().await?;
        show(&call, caller).await
    })
    .await
}

/// Change the caller's profile
///
/// What is left out stays. With `If-Match` only the version that it names is changed.
#[utoipa::path(patch, operation_id = "change_me", path = "/v1/me", tag = "Directory", request_body = ChangeMe,
    security(("bearer" = [])),
    params(("If-Match" = Option<String>, Header, description = "The ETag of what is changed")), responses(
    (status = 200, description = "The profile as it is now", body = Me,
     headers(("ETag" = String, description = "The profile's version"))),
    (status = "4XX", description = "`validation_failed`, `tenant_forbidden`, `conflict`, `precondition_failed`",
     body = ProblemDocument, content_type = "application/problem+json"),
    (status = "5XX", description = "`provider_failed`, `provider_timeout`", body = ProblemDocument, content_type = "application/problem+json"),
))]
pub(crate) async fn change(State(api): Api, request: Request) -> Response {
    with_body(api, "change_me", request, |mut call, body: ChangeMe| async move {
        let caller = call.caller().await?;
        call.must_match(caller.subject.version)?;
        change_subject(&mut call, &caller.subject, body).await?;
        let caller = call.caller().await?; // a current workspace that is gone meanwhile is left out
        show(&call, caller).await
    })
    .await
}

/// What came of a change.
enum Outcome {
    Done,
    Raced,
    NotTheirs,
}

async fn change_subject(call: &mut Call, read: &Subject, body: ChangeMe) -> Result<(), Problem> {
    let ChangeMe { display_name, preferences, onboarding, current_workspace } = body;
    let (now, mut subject) = (call.cx.now, read.clone());
    display_name.apply(&mut subject.display_name);
    subject.display_name = subject.display_name.map(|name| name.trim().to_owned());
    subject.preferences = preferences.unwrap_or(subject.preferences);
    subject.onboarding = onboarding.unwrap_or(subject.onboarding);
    subject.modified_at = now;
    let moves_to = match current_workspace {
        Change::Kept => None,
        Change::Removed => Some(None),
        Change::Set(workspace) => Some(Some(workspace)),
    };

    let changed = async |tx: &mut WriteTx<'_>| {
        let there = subjects::find(tx, &read.id).await?;
        if there.is_none_or(|there| there.version != read.version) {
            return Ok(Outcome::Raced);
        }
        let mut subject = subject.clone();
        if let Some(workspace) = &moves_to {
            if !subjects::set_current_workspace(tx, &read.id, workspace.as_deref(), now).await? {
                return Ok(Outcome::NotTheirs);
            }
            subject.version += 1;
        }
        let updated = subjects::update(tx, &subject).await?;
        if updated { Ok(Outcome::Done) } else { Err(Error::corrupt("a subject of this version is of another")) }
    };
    match call.cx.write(changed).await? {
        Outcome::Done => Ok(()),
        Outcome::Raced => Err(Problem::new(Code::Conflict)),
        Outcome::NotTheirs => Err(Problem::new(Code::TenantForbidden).because("not an active workspace of theirs")),
    }
}

async fn show(call: &Call, caller: Caller) -> Result<Reply, Problem> {
    let current = call.catalogue(&caller).await?;
    let version = caller.subject.version;
    Ok(Reply::ok(&Me::of(caller.subject, &caller.memberships, &current))?.versioned(version))
}
