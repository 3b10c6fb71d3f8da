//! `/v1/workspaces/{id}/invitations`, `/v1/invitations/accept`: places that wait for whoever brings the token, which leaves by e-mail alone.
//! An address is where it was sent, and no proof of who brings it.

use std::time::Duration;

use axum::extract::rejection::PathRejection;
use axum::extract::{Path, Request, State};
use axum::response::Response;
use cognate_domain::directory::{Invitation, SubjectState, Workspace, rules};
use cognate_domain::{Error, Result as Kept, Timestamp, ids};
use cognate_engine::Secret;
use cognate_engine::invitations::WorkspaceInvitation;
use cognate_jose::sha256;
use cognate_store::counted_calls::{self, Calls, Limit};
use cognate_store::invitations::{self, Taken};
use cognate_store::members::Outcome;
use cognate_store::{Tx, WriteTx, audit_log, callers, subjects, workspaces};
use data_encoding::BASE64URL_NOPAD;
use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};
use utoipa::ToSchema;

use super::door::{Refusal, ids_of, is_for_members, is_id, not_there, within};
use super::workspaces::WorkspaceBody;
use crate::Api;
use crate::audit::Changed;
use crate::call::{Call, Reply, with_body, without_body};
use crate::caller::Caller;
use crate::check::{Checked, Flaws};
use crate::parameters::List;
use crate::permissions::may_hand_out;
use crate::problem::{Problem, ProblemDocument};
use crate::session::moment;

const GOOD_FOR: Duration = Duration::from_hours(7 * 24);
const HOUR: Duration = Duration::from_hours(1);
const DAY: Duration = Duration::from_hours(24);
/// Of one caller, and into one workspace.
const MOST_IN_AN_HOUR: i64 = 50;
/// Of one workspace to one address.
const MOST_TO_ONE_IN_A_DAY: i64 = 5;

/// Its token is told to nobody but whoever reads the mail.
#[derive(Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub(crate) struct InvitationBody {
    id: String,
    /// Where it was sent. Only members are told.
    #[serde(skip_serializing_if = "Option::is_none")]
    email: Option<String>,
    /// The role's key.
    #[schema(example = "member")]
    role: String,
    /// A subject's id.
    invited_by: String,
    /// RFC 3339.
    #[schema(format = DateTime)]
    created_at: String,
    /// RFC 3339.
    #[schema(format = DateTime)]
    expires_at: String,
}

impl InvitationBody {
    /// `to_member`: whether one of the workspace's own is told.
    fn of(invitation: Invitation, to_member: bool) -> Self {
        let Invitation { id, email, role, invited_by, created_at, expires_at, .. } = invitation;
        let email = Some(email).filter(|_| to_member);
        Self { id, email, role, invited_by, created_at: moment(created_at), expires_at: moment(expires_at) }
    }
}

#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct NewInvitation {
    #[schema(format = Email, min_length = 3, max_length = 254)]
    email: String,
    #[schema(min_length = 1, max_length = 40, pattern = "^[a-z][a-z0-9_-]*$", example = "member")]
    role: String,
}

impl Checked for NewInvitation {
    fn check(&self, flaws: &mut Flaws) {
        flaws.email("email", &self.email, 254);
        flaws.fits("role", &rules::role_key(&self.role));
    }
}

#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct AcceptInvitation {
    /// As the mail brought it.
    #[schema(value_type = String, min_length = 1, max_length = 128)]
    token: Secret,
}

impl Checked for AcceptInvitation {
    fn check(&self, flaws: &mut Flaws) {
        flaws.secret("token", &self.token, 128);
    }
}

/// A workspace's invitations
///
/// Those that are still good.
#[utoipa::path(get, operation_id = "list_invitations", path = "/v1/workspaces/{id}/invitations",
    tag = "Workspaces", security(("bearer" = [])), params(
    ("id" = String, Path, min_length = 1, max_length = 64),
    ("limit" = Option<u32>, Query, minimum = 1, maximum = 100, description = "Of one page; 50 if left out"),
    ("next" = Option<String>, Query, max_length = 512, description = "As the page before said it"),
), responses(
    (status = 200, description = "A page of them", body = List<InvitationBody>),
    (status = "4XX", description = "`validation_failed`, `unauthenticated`, `forbidden`, `tenant_forbidden`, …", body = ProblemDocument,
     content_type = "application/problem+json"),
    (status = "5XX", description = "`provider_failed`, …", body = ProblemDocument, content_type = "application/problem+json"),
))]
pub(crate) async fn list(State(api): Api, path: Result<Path<String>, PathRejection>, request: Request) -> Response {
    let id = ids_of(path);
    without_body(api, "list_invitations", request, |mut call, mut parameters| async move {
        let page = parameters.page()?;
        parameters.done()?;
        let caller = call.caller().await?;
        call.enter(&caller, "invitations:read", (&id, "invitations")).await?;
        let after = page.after.as_deref().unwrap_or_default();
        let mut tx = call.cx.read().await?;
        let read = invitations::list(&mut tx, &id, after, page.to_read(), call.cx.now).await?;
        let to_member = caller.membership(&id).is_some();
        let show = |invitation| InvitationBody::of(invitation, to_member);
        Reply::ok(&page.shown(read, |invitation| invitation.id.clone(), show))
    })
    .await
}

/// Invite somebody
///
/// The token leaves by e-mail, and is good once, for seven days. Inviting an address again replaces the invitation that it has.
#[utoipa::path(post, operation_id = "create_invitation", path = "/v1/workspaces/{id}/invitations",
    tag = "Workspaces", request_body = NewInvitation,
    security(("bearer" = [])), params(
    ("id" = String, Path, min_length = 1, max_length = 64),
), responses(
    (status = 201, description = "Kept, and on its way", body = InvitationBody),
    (status = "4XX", description = "`validation_failed`, `forbidden`, `tenant_forbidden`, `workspace_archived`, `limit_reached`, \
     `rate_limited`, …", body = ProblemDocument, content_type = "application/problem+json"),
    (status = "5XX", description = "`provider_failed`, …", body = ProblemDocument, content_type = "application/problem+json"),
))]
pub(crate) async fn create(State(api): Api, path: Result<Path<String>, PathRejection>, request: Request) -> Response {
    let id = ids_of(path);
    with_body(api, "create_invitation", request, |mut call, body: NewInvitation| async move {
        let caller = call.caller().await?;
        call.enter(&caller, "invitations:create", (&id, "invitations")).await?;
        let current = call.catalogue(&caller).await?;
        is_for_members(&current, &body.role)?;
        may_hand_out(&current, &caller, &body.role, Some(&id))?;

        let now = call.cx.now;
        let token = Secret::from(BASE64URL_NOPAD.encode(&ids::random::<32>(call.cx.entropy())));
        let invitation = Invitation {
            workspace_id: id,
            id: ids::ordered_uuid(call.cx.entropy(), now).to_string(),
            email: body.email,
            role: body.role,
            invited_by: caller.subject.id.clone(),
            created_at: now,
            expires_at: now + GOOD_FOR,
        };
        let workspace = keep(&mut call, &caller, &invitation, &token).await?;
        send(&call, &caller, (&invitation, workspace), token);
        let to_member = caller.membership(&invitation.workspace_id).is_some();
        Reply::created(&InvitationBody::of(invitation, to_member))
    })
    .await
}

/// With its entry, within its limits. The workspace's name, for the mail.
async fn keep(call: &mut Call, caller: &Caller, invitation: &Invitation, token: &Secret) -> Result<String, Problem> {
    let workspace_id = invitation.workspace_id.as_str();
    let role = Map::from_iter([("role".to_owned(), Value::from(invitation.role.as_str()))]);
    let entry = call.entry(caller, &changed("invitation.create", &invitation.id, workspace_id), role);
    let limits = Limits::of(invitation);
    let (stood, digest) = (caller.stood(workspace_id), sha256(token.expose().as_bytes()));
    let kept = async |tx: &mut WriteTx<'_>| {
        if !callers::still_stands(tx, &stood).await? {
            return Ok(Err(Refusal::Raced));
        }
        if let Some(wait) = limits.wait(tx, invitation.created_at).await? {
            return Ok(Err(Refusal::Wait(wait)));
        }
        match invitations::insert(tx, invitation, &digest).await? {
            Outcome::Done => {}
            other => return Ok(Err(Refusal::Of(other))),
        }
        limits.count(tx, &invitation.id, invitation.created_at).await?;
        audit_log::insert(tx, &entry).await?;
        let found = workspaces::find(tx, workspace_id, stood.subject_id).await?;
        let (workspace, _) = found.ok_or_else(|| Error::corrupt("an invitation to a workspace that is not there"))?;
        Ok(Ok(workspace.name))
    };
    Ok(call.cx.write(kept).await??)
}

const fn changed<'a>(action: &'static str, id: &'a str, workspace_id: &'a str) -> Changed<'a> {
    Changed { action, kind: "invitation", id, workspace: Some(workspace_id) }
}

/// What an invitation counts for: whose it is, where to, and to whom.
struct Limits([(&'static str, [u8; 32], i64, Duration); 3]);

impl Limits {
    fn of(invitation: &Invitation) -> Self {
        let workspace = invitation.workspace_id.as_bytes();
        let address = [workspace, b"\0", rules::search_key(&invitation.email).as_bytes()].concat();
        Self([
            ("invitation_by_caller", sha256(invitation.invited_by.as_bytes()), MOST_IN_AN_HOUR, HOUR),
            ("invitation_by_workspace", sha256(workspace), MOST_IN_AN_HOUR, HOUR),
            ("invitation_by_address", sha256(&address), MOST_TO_ONE_IN_A_DAY, DAY),
        ])
    }

    fn each(&self, now: Timestamp) -> impl Iterator<Item = (Calls<'_>, Limit)> {
        self.0.iter().map(move |(kind, about_digest, most, within)| {
            (Calls { kind, about_digest }, Limit { most: *most, since: now - *within })
        })
    }

    /// The longest that one of them keeps out.
    async fn wait(&self, tx: &mut Tx<'_>, now: Timestamp) -> Kept<Option<Duration>> {
        let mut longest = None;
        for (calls, limit) in self.each(now) {
            longest = longest.max(counted_calls::wait(tx, calls, limit).await?);
        }
        Ok(longest)
    }

    /// To be asked for the wait before, in the same write.
    async fn count(&self, tx: &mut WriteTx<'_>, id: &str, now: Timestamp) -> Kept<()> {
        for (calls, limit) in self.each(now) {
            if !counted_calls::insert_within(tx, calls, limit, id, now).await? {
                return Err(Error::corrupt("a call that need not wait and is too much"));
            }
        }
        Ok(())
    }
}

fn send(call: &Call, caller: &Caller, (invitation, workspace): (&Invitation, String), token: Secret) {
    let link = call.api.settings.invitation_url.as_ref();
    let subject = &caller.subject;
    call.cx.invite_unseen(WorkspaceInvitation {
        pool_id: call.api.provider.pool_id(),
        to: invitation.email.clone(),
        workspace,
        inviter: subject.display_name.clone().or_else(|| subject.claims.name.clone()),
        link: link.map(|link| Secret::from(link.replace("{token}", token.expose()))),
        token,
    });
}

/// Take an invitation back
#[utoipa::path(delete, operation_id = "delete_invitation", path = "/v1/workspaces/{id}/invitations/{invitationId}",
    tag = "Workspaces", security(("bearer" = [])),
    params(
    ("id" = String, Path, min_length = 1, max_length = 64),
    ("invitationId" = String, Path, min_length = 1, max_length = 64),
), responses(
    (status = 204, description = "Its token is good no more"),
    (status = "4XX", description = "`unauthenticated`, `forbidden`, `tenant_forbidden`, `not_found`, `workspace_archived`, …",
     body = ProblemDocument, content_type = "application/problem+json"),
    (status = "5XX", description = "`provider_failed`, …", body = ProblemDocument, content_type = "application/problem+json"),
))]
pub(crate) async fn delete(
    State(api): Api,
    path: Result<Path<(String, String)>, PathRejection>,
    request: Request,
) -> Response {
    let (id, invitation_id) = ids_of(path);
    without_body(api, "delete_invitation", request, |mut call, parameters| async move {
        parameters.done()?;
        let caller = call.caller().await?;
        call.enter(&caller, "invitations:delete", (&id, &within("invitations", &invitation_id))).await?;
        if !is_id(&invitation_id) {
            return Err(not_there());
        }
        take_back(&mut call, &caller, (&id, &invitation_id)).await?;
        Ok(Reply::nothing())
    })
    .await
}

async fn take_back(call: &mut Call, caller: &Caller, (id, invitation_id): (&str, &str)) -> Result<(), Problem> {
    let entry = call.entry(caller, &changed("invitation.delete", invitation_id, id), Map::new());
    let stood = caller.stood(id);
    let done = async |tx: &mut WriteTx<'_>| {
        if !callers::still_stands(tx, &stood).await? {
            return Ok(Err(Refusal::Raced));
        }
        let deleted = invitations::delete(tx, id, invitation_id).await?;
        if deleted {
            audit_log::insert(tx, &entry).await?;
        }
        Ok(Ok(deleted))
    };
    let deleted = call.cx.write(done).await??;
    if deleted { Ok(()) } else { Err(not_there()) }
}

/// Accept an invitation
///
/// Whoever is signed in and brings the token belongs to the workspace then, and the token is used up.
#[utoipa::path(post, operation_id = "accept_invitation", path = "/v1/invitations/accept",
    tag = "Workspaces", request_body = AcceptInvitation,
    security(("bearer" = [])), responses(
    (status = 201, description = "The workspace, and the role in it", body = WorkspaceBody),
    (status = "4XX", description = "`validation_failed`, `unauthenticated`, `code_rejected`, `conflict`, `workspace_archived`, \
     `limit_reached`, …", body = ProblemDocument, content_type = "application/problem+json"),
    (status = "5XX", description = "`provider_failed`, …", body = ProblemDocument, content_type = "application/problem+json"),
))]
pub(crate) async fn accept(State(api): Api, request: Request) -> Response {
    with_body(api, "accept_invitation", request, |mut call, body: AcceptInvitation| async move {
        let caller = call.caller().await?;
        let (workspace, role) = join(&mut call, &caller, &body.token).await?;
        Reply::created(&WorkspaceBody::of(workspace, role))
    })
    .await
}

async fn join(call: &mut Call, caller: &Caller, token: &Secret) -> Result<(Workspace, Option<String>), Problem> {
    let (digest, now) = (sha256(token.expose().as_bytes()), call.cx.now);
    let subject_id = caller.subject.id.as_str();
    // What it is about is known where the token is taken.
    let entry = call.entry(caller, &changed("invitation.accept", "", ""), Map::new());
    let joined = async |tx: &mut WriteTx<'_>| {
        let invitation = match invitations::find(tx, &digest, now).await? {
            Some(invitation) if may_still_invite(tx, &invitation).await? => invitation,
            _ => return Ok(Err(Refusal::BadToken)),
        };
        match invitations::take(tx, &digest, subject_id, now).await? {
            Taken::Joined(_) => {}
            Taken::Unknown => return Ok(Err(Refusal::BadToken)),
            Taken::Refused(outcome) => return Ok(Err(Refusal::Of(outcome))),
        }
        let mut entry = entry.clone();
        entry.details.insert("role".to_owned(), Value::from(invitation.role.as_str()));
        entry.target = invitation.id;
        entry.workspace = Some(invitation.workspace_id.clone());
        audit_log::insert(tx, &entry).await?;
        let found = workspaces::find(tx, &invitation.workspace_id, subject_id).await?;
        found.map(Ok).ok_or_else(|| Error::corrupt("a member of a workspace that is not there"))
    };
    Ok(call.cx.write(joined).await??)
}

/// Not of somebody who was shut out since.
async fn may_still_invite(tx: &mut Tx<'_>, invitation: &Invitation) -> Kept<bool> {
    let inviter = subjects::find(tx, &invitation.invited_by).await?;
    Ok(inviter.is_some_and(|inviter| inviter.state == SubjectState::Active))
}
