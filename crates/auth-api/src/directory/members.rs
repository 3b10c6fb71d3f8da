//! `/v1/workspaces/{id}/members`: who belongs to a workspace, and as what. People are invited and come by themselves; machines are added.

use axum::extract::rejection::PathRejection;
use axum::extract::{Path, Request, State};
use axum::response::Response;
use cognate_domain::directory::{Claims, Member, SubjectKind, SubjectState, rules};
use cognate_domain::{Result as Kept, Timestamp};
use cognate_policy::Current;
use cognate_store::members::{self, Outcome, Place};
use cognate_store::{Tx, WriteTx, audit_log, callers, invitations, subjects};
use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};
use utoipa::ToSchema;

use super::door::{Refusal, ids_of, is_for_members, is_id, not_there, within};
use crate::Api;
use crate::audit::Changed;
use crate::call::{Call, Reply, with_body, without_body};
use crate::caller::Caller;
use crate::check::{Checked, Flaws};
use crate::openapi::shapes;
use crate::parameters::List;
use crate::permissions::{allows_no_more, may_hand_out};
use crate::problem::{Code, Problem, ProblemDocument};
use crate::session::moment;

#[derive(Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub(crate) struct MemberBody {
    subject_id: String,
    #[schema(value_type = shapes::Kind)]
    kind: SubjectKind,
    /// As they want to be called.
    #[serde(skip_serializing_if = "Option::is_none")]
    display_name: Option<String>,
    /// As the provider says it.
    #[serde(skip_serializing_if = "Option::is_none")]
    name: Option<String>,
    /// As the provider says it. Only members are told.
    #[serde(skip_serializing_if = "Option::is_none")]
    email: Option<String>,
    /// The role's key.
    #[schema(example = "member")]
    role: String,
    /// `active`, or `disabled`: then they may do nothing.
    #[schema(value_type = shapes::State)]
    state: SubjectState,
    /// RFC 3339.
    #[schema(format = DateTime)]
    joined_at: String,
}

impl MemberBody {
    /// `to_member`: whether one of the workspace's own is told.
    fn of(member: Member, to_member: bool) -> Self {
        let Member { subject_id, kind, state, claims: Claims { name, email }, display_name, role, added_at } = member;
        let email = email.filter(|_| to_member);
        Self { subject_id, kind, display_name, name, email, role, state, joined_at: moment(added_at) }
    }
}

/// A machine, a device, a partner or a job. People are invited.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields, rename_all = "camelCase")]
pub(crate) struct NewMember {
    #[schema(min_length = 1, max_length = 64, pattern = "^[A-Za-z0-9_-]+$")]
    subject_id: String,
    #[schema(min_length = 1, max_length = 40, pattern = "^[a-z][a-z0-9_-]*$", example = "member")]
    role: String,
}

impl Checked for NewMember {
    fn check(&self, flaws: &mut Flaws) {
        if !is_id(&self.subject_id) {
            flaws.add("subjectId", "This is no subject's id.");
        }
        flaws.fits("role", &rules::role_key(&self.role));
    }
}

#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct ChangeMember {
    #[schema(min_length = 1, max_length = 40, pattern = "^[a-z][a-z0-9_-]*$", example = "admin")]
    role: String,
}

impl Checked for ChangeMember {
    fn check(&self, flaws: &mut Flaws) {
        flaws.fits("role", &rules::role_key(&self.role));
    }
}

/// A workspace's members
#[utoipa::path(get, operation_id = "list_members", path = "/v1/workspaces/{id}/members",
    tag = "Workspaces", security(("bearer" = [])), params(
    ("id" = String, Path, min_length = 1, max_length = 64),
    ("limit" = Option<u32>, Query, minimum = 1, maximum = 100, description = "Of one page; 50 if left out"),
    ("next" = Option<String>, Query, max_length = 512, description = "As the page before said it"),
), responses(
    (status = 200, description = "A page of them", body = List<MemberBody>),
    (status = "4XX", description = "`validation_failed`, `unauthenticated`, `forbidden`, `tenant_forbidden`, …", body = ProblemDocument,
     content_type = "application/problem+json"),
    (status = "5XX", description = "`provider_failed`, …", body = ProblemDocument, content_type = "application/problem+json"),
))]
pub(crate) async fn list(State(api): Api, path: Result<Path<String>, PathRejection>, request: Request) -> Response {
    let id = ids_of(path);
    without_body(api, "list_members", request, |mut call, mut parameters| async move {
        let page = parameters.page()?;
        parameters.done()?;
        let caller = call.caller().await?;
        call.enter(&caller, "members:read", (&id, "members")).await?;
        let after = page.after.as_deref().unwrap_or_default();
        let read = members::list(&mut call.cx.read().await?, &id, after, page.to_read()).await?;
        let to_member = caller.membership(&id).is_some();
        Reply::ok(&page.shown(read, |member| member.subject_id.clone(), |member| MemberBody::of(member, to_member)))
    })
    .await
}

/// A member
#[utoipa::path(get, operation_id = "read_member", path = "/v1/workspaces/{id}/members/{subjectId}",
    tag = "Workspaces", security(("bearer" = [])), params(
    ("id" = String, Path, min_length = 1, max_length = 64),
    ("subjectId" = String, Path, min_length = 1, max_length = 64),
), responses(
    (status = 200, description = "As they are", body = MemberBody),
    (status = "4XX", description = "`unauthenticated`, `forbidden`, `tenant_forbidden`, `not_found`, …", body = ProblemDocument,
     content_type = "application/problem+json"),
    (status = "5XX", description = "`provider_failed`, …", body = ProblemDocument, content_type = "application/problem+json"),
))]
pub(crate) async fn read(
    State(api): Api,
    path: Result<Path<(String, String)>, PathRejection>,
    request: Request,
) -> Response {
    let (id, subject_id) = ids_of(path);
    without_body(api, "read_member", request, |mut call, parameters| async move {
        parameters.done()?;
        let caller = call.caller().await?;
        call.enter(&caller, "members:read", (&id, &within("members", &subject_id))).await?;
        let member = find(&call, Place { workspace_id: &id, subject_id: &subject_id }).await?;
        Reply::ok(&MemberBody::of(member, caller.membership(&id).is_some()))
    })
    .await
}

async fn find(call: &Call, place: Place<'_>) -> Result<Member, Problem> {
    if !is_id(place.subject_id) {
        return Err(not_there());
    }
    members::find(&mut call.cx.read().await?, place).await?.ok_or_else(not_there)
}

/// Add a machine
///
/// People are invited, so that nobody is in a workspace without their doing.
#[utoipa::path(post, operation_id = "add_member", path = "/v1/workspaces/{id}/members",
    tag = "Workspaces", request_body = NewMember, security(("bearer" = [])),
    params(
    ("id" = String, Path, min_length = 1, max_length = 64),
), responses(
    (status = 201, description = "Added", body = MemberBody),
    (status = "4XX", description = "`validation_failed`, `forbidden`, `tenant_forbidden`, `conflict`, `workspace_archived`, \
     `limit_reached`, …", body = ProblemDocument, content_type = "application/problem+json"),
    (status = "5XX", description = "`provider_failed`, …", body = ProblemDocument, content_type = "application/problem+json"),
))]
pub(crate) async fn add(State(api): Api, path: Result<Path<String>, PathRejection>, request: Request) -> Response {
    let id = ids_of(path);
    with_body(api, "add_member", request, |mut call, body: NewMember| async move {
        let caller = call.caller().await?;
        call.enter(&caller, "members:add", (&id, &within("members", &body.subject_id))).await?;
        let current = call.catalogue(&caller).await?;
        is_for_members(&current, &body.role)?;
        may_hand_out(&current, &caller, &body.role, Some(&id))?;
        if body.subject_id == caller.subject.id {
            return Err(Problem::new(Code::Forbidden).saying("Nobody adds themselves."));
        }

        let place = Place { workspace_id: &id, subject_id: &body.subject_id };
        let member = change_people(&mut call, &caller, place, Step::Add { role: &body.role }).await?;
        let member = member.ok_or_else(not_there)?;
        Reply::created(&MemberBody::of(member, caller.membership(&id).is_some()))
    })
    .await
}

/// Change a member's role
///
/// Nobody hands out, or takes away, a role that allows more than theirs, and nobody raises themselves.
#[utoipa::path(patch, operation_id = "change_member", path = "/v1/workspaces/{id}/members/{subjectId}",
    tag = "Workspaces", request_body = ChangeMember,
    security(("bearer" = [])), params(
    ("id" = String, Path, min_length = 1, max_length = 64),
    ("subjectId" = String, Path, min_length = 1, max_length = 64),
), responses(
    (status = 200, description = "As they are now", body = MemberBody),
    (status = "4XX", description = "`validation_failed`, `forbidden`, `tenant_forbidden`, `not_found`, `last_owner`, `conflict`, \
     `workspace_archived`, …", body = ProblemDocument, content_type = "application/problem+json"),
    (status = "5XX", description = "`provider_failed`, …", body = ProblemDocument, content_type = "application/problem+json"),
))]
pub(crate) async fn change(
    State(api): Api,
    path: Result<Path<(String, String)>, PathRejection>,
    request: Request,
) -> Response {
    let (id, subject_id) = ids_of(path);
    with_body(api, "change_member", request, |mut call, body: ChangeMember| async move {
        let caller = call.caller().await?;
        call.enter(&caller, "members:update", (&id, &within("members", &subject_id))).await?;
        let current = call.catalogue(&caller).await?;
        is_for_members(&current, &body.role)?;
        let place = Place { workspace_id: &id, subject_id: &subject_id };
        let member = find(&call, place).await?;
        for role in [&member.role, &body.role] {
            may_hand_out(&current, &caller, role, Some(&id))?;
        }
        if member.subject_id == caller.subject.id {
            is_no_rise(&current, &member.role, &body.role)?;
        }

        let to_member = caller.membership(&id).is_some();
        if member.role == body.role {
            return Reply::ok(&MemberBody::of(member, to_member));
        }
        let lowers = !allows_no_more(&current.catalogue, &member.role, [Some(&body.role), None]);
        let step = Step::Change { from: &member.role, to: &body.role, lowers };
        let member = change_people(&mut call, &caller, place, step).await?.ok_or_else(not_there)?;
        Reply::ok(&MemberBody::of(member, to_member))
    })
    .await
}

/// Whatever else they are: a role of the platform's raises nobody in a workspace of their own.
fn is_no_rise(current: &Current, from: &str, to: &str) -> Result<(), Problem> {
    if allows_no_more(&current.catalogue, to, [Some(from), None]) {
        return Ok(());
    }
    Err(Problem::new(Code::Forbidden)
        .saying("Nobody raises themselves.")
        .because("a role that allows more than theirs"))
}

/// Remove a member, or leave
///
/// Whoever leaves needs no grant. What they have invited others to is taken back.
#[utoipa::path(delete, operation_id = "remove_member", path = "/v1/workspaces/{id}/members/{subjectId}",
    tag = "Workspaces", security(("bearer" = [])), params(
    ("id" = String, Path, min_length = 1, max_length = 64),
    ("subjectId" = String, Path, min_length = 1, max_length = 64),
), responses(
    (status = 204, description = "Removed"),
    (status = "4XX", description = "`unauthenticated`, `forbidden`, `tenant_forbidden`, `not_found`, `last_owner`, `conflict`, \
     `workspace_archived`, …", body = ProblemDocument, content_type = "application/problem+json"),
    (status = "5XX", description = "`provider_failed`, …", body = ProblemDocument, content_type = "application/problem+json"),
))]
pub(crate) async fn remove(
    State(api): Api,
    path: Result<Path<(String, String)>, PathRejection>,
    request: Request,
) -> Response {
    let (id, subject_id) = ids_of(path);
    without_body(api, "remove_member", request, |mut call, parameters| async move {
        parameters.done()?;
        let caller = call.caller().await?;
        let place = Place { workspace_id: &id, subject_id: &subject_id };
        let own = caller.membership(&id).filter(|_| subject_id == caller.subject.id);
        if let Some(own) = own {
            call.noted.tenant(&id);
            change_people(&mut call, &caller, place, Step::Leave { role: &own.role }).await?;
            return Ok(Reply::nothing());
        }
        call.enter(&caller, "members:remove", (&id, &within("members", &subject_id))).await?;
        let current = call.catalogue(&caller).await?;
        let member = find(&call, place).await?;
        may_hand_out(&current, &caller, &member.role, Some(&id))?;
        change_people(&mut call, &caller, place, Step::Remove { role: &member.role }).await?;
        Ok(Reply::nothing())
    })
    .await
}

/// One change of a workspace's people, with the role that it was judged by.
#[derive(Clone, Copy)]
enum Step<'a> {
    Add {
        role: &'a str,
    },
    Change {
        from: &'a str,
        to: &'a str,
        /// Something that they were allowed they are not any more.
        lowers: bool,
    },
    Remove {
        role: &'a str,
    },
    Leave {
        role: &'a str,
    },
}

impl Step<'_> {
    const fn action(self) -> &'static str {
        match self {
            Self::Add { .. } => "member.add",
            Self::Change { .. } => "member.update",
            Self::Remove { .. } => "member.remove",
            Self::Leave { .. } => "member.leave",
        }
    }

    fn details(self) -> Map<String, Value> {
        let text = |name: &str, value: &str| (name.to_owned(), Value::from(value));
        match self {
            Self::Add { role } | Self::Remove { role } | Self::Leave { role } => Map::from_iter([text("role", role)]),
            Self::Change { from, to, .. } => Map::from_iter([text("from", from), text("to", to)]),
        }
    }

    /// Whether the member is still what was judged.
    async fn is_judged(self, tx: &mut Tx<'_>, place: Place<'_>) -> Kept<Result<(), Refusal>> {
        let judged = match self {
            Self::Add { .. } => return is_no_person(tx, place.subject_id).await,
            Self::Remove { role } | Self::Leave { role } | Self::Change { from: role, .. } => role,
        };
        Ok(match members::find_role(tx, place).await? {
            Some(role) if role == judged => Ok(()),
            Some(_) => Err(Refusal::Raced),
            None => Err(Refusal::Of(Outcome::NotAMember)),
        })
    }

    /// Whoever goes, or may do less, takes along what they have invited others to.
    async fn make(self, tx: &mut WriteTx<'_>, place: Place<'_>, now: Timestamp) -> Kept<Outcome> {
        let (outcome, withdraws) = match self {
            Self::Add { role } => (members::add(tx, place, role, now).await?, false),
            Self::Change { to, lowers, .. } => (members::set_role(tx, place, to).await?, lowers),
            Self::Remove { .. } | Self::Leave { .. } => (members::remove(tx, place).await?, true),
        };
        if outcome == Outcome::Done && withdraws {
            invitations::delete_of_inviter(tx, place).await?;
        }
        Ok(outcome)
    }
}

/// People come by themselves.
async fn is_no_person(tx: &mut Tx<'_>, subject_id: &str) -> Kept<Result<(), Refusal>> {
    Ok(match subjects::find(tx, subject_id).await? {
        None => Err(Refusal::Of(Outcome::NoSubject)),
        Some(subject) if subject.kind == SubjectKind::User => Err(Refusal::Person),
        Some(_) => Ok(()),
    })
}

/// Makes the change with its entry, if all that it was judged by is so still; the member as they are then.
async fn change_people(
    call: &mut Call,
    caller: &Caller,
    place: Place<'_>,
    step: Step<'_>,
) -> Result<Option<Member>, Problem> {
    let Place { workspace_id, subject_id } = place;
    let changed = Changed { action: step.action(), kind: "subject", id: subject_id, workspace: Some(workspace_id) };
    let entry = call.entry(caller, &changed, step.details());
    let (stood, now) = (caller.stood(workspace_id), call.cx.now);
    let done = async |tx: &mut WriteTx<'_>| {
        if !callers::still_stands(tx, &stood).await? {
            return Ok(Err(Refusal::Raced));
        }
        if let Err(refusal) = step.is_judged(tx, place).await? {
            return Ok(Err(refusal));
        }
        match step.make(tx, place, now).await? {
            Outcome::Done => {}
            other => return Ok(Err(Refusal::Of(other))),
        }
        audit_log::insert(tx, &entry).await?;
        members::find(tx, place).await.map(Ok)
    };
    Ok(call.cx.write(done).await??)
}
