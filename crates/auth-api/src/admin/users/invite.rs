//! `POST /v1/admin/users`: an account that an administrator opens. The provider sends a temporary password.

use axum::extract::{Request, State};
use axum::response::Response;
use cognate_domain::directory::{Claims, FIRST_PLAN, ProviderSubject, RoleScope, Subject, SubjectKind, rules};
use cognate_domain::ids;
use cognate_policy::Current;
use cognate_store::{WriteTx, audit_log, subjects};
use serde::Deserialize;
use utoipa::ToSchema;

use super::super::{assert_power, details};
use super::change::done;
use super::shown::User;
use crate::Api;
use crate::audit::Changed;
use crate::auth::sign_up::{ADDRESS, NAME};
use crate::call::{Call, Reply, ask, with_body};
use crate::caller::Caller;
use crate::check::{Checked, Flaws};
use crate::permissions::may_hand_out;
use crate::problem::{Code, GivenUp, Problem, ProblemDocument};
use crate::provider::NewAccount;
use crate::sign_up_attributes::Attributes;

#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields, rename_all = "camelCase")]
pub(crate) struct Invitee {
    #[schema(format = Email, min_length = 3, max_length = 254)]
    email: String,
    #[schema(min_length = 1, max_length = 200)]
    name: Option<String>,
    /// `+` and at most fifteen digits.
    #[schema(pattern = r"^\+[0-9]{1,15}$", example = "+15551234567")]
    phone: Option<String>,
    #[serde(default)]
    attributes: Attributes,
    #[schema(min_length = 1, max_length = 40, pattern = "^[a-z][a-z0-9_-]*$", example = "free")]
    plan: Option<String>,
    /// The key of a role of the platform's.
    #[schema(min_length = 1, max_length = 40, pattern = "^[a-z][a-z0-9_-]*$")]
    platform_role: Option<String>,
}

impl Checked for Invitee {
    fn check(&self, flaws: &mut Flaws) {
        flaws.email("email", &self.email, ADDRESS);
        if let Some(name) = &self.name {
            flaws.text("name", name, NAME);
        }
        if let Some(phone) = &self.phone {
            flaws.phone("phone", phone);
        }
        self.attributes.check(flaws);
        if let Some(plan) = &self.plan {
            flaws.fits("plan", &rules::plan(plan));
        }
        if let Some(role) = &self.platform_role {
            flaws.fits("platformRole", &rules::role_key(role));
        }
    }
}

/// That a body may give this role: it is there, one of the platform's, and allows no more than the caller's.
pub(super) fn may_give(current: &Current, caller: &Caller, role: &str) -> Result<(), Problem> {
    let mut roles = current.catalogue.roles.iter();
    if !roles.any(|there| there.key == role && there.scope == RoleScope::Platform) {
        return Err(Problem::no_such_role("/platformRole"));
    }
    may_hand_out(current, caller, role, None)
}

/// Invite a user
///
/// The provider opens the account and sends a temporary password. That an address is taken is told here: `conflict`.
#[utoipa::path(post, path = "/v1/admin/users", tag = "Administration",
    operation_id = "admin_invite_user", request_body = Invitee, security(("bearer" = [])), responses(
    (status = 201, description = "Invited", body = User),
    (status = "4XX", description = "`validation_failed`, `unauthenticated`, `forbidden`, `conflict`", body = ProblemDocument,
     content_type = "application/problem+json"),
    (status = "5XX", description = "`provider_failed`, `unsupported_by_provider`, …", body = ProblemDocument,
     content_type = "application/problem+json"),
))]
pub(crate) async fn invite(State(api): Api, request: Request) -> Response {
    with_body(api, "admin_invite_user", request, |mut call, body: Invitee| async move {
        let caller = call.caller().await?;
        call.may(&caller, "subjects:create", super::all()).await?;
        if let Some(role) = &body.platform_role {
            call.may(&caller, "roles:assign", super::all()).await?;
            let current = call.catalogue(&caller).await?;
            may_give(&current, &caller, role)?;
        }

        let Invitee { email, name, phone, attributes, plan, platform_role } = body;
        let id = ids::uuid(call.cx.entropy()).to_string();
        note_intent(&mut call, &caller, &id).await?;
        let account = NewAccount { email, password: None, name, phone, attributes: attributes.into_pairs() };
        let known_as = ask!(call, invite(&account))?;

        let given = Given { plan, platform_role };
        let made = keep(&mut call, &caller, (id, known_as, account), &given).await?;
        let version = made.version;
        Ok(Reply::created(&User::of(made))?.versioned(version))
    })
    .await
}

/// What the provider does cannot be taken back, so that somebody asked for it is kept before.
async fn note_intent(call: &mut Call, caller: &Caller, id: &str) -> Result<(), Problem> {
    let changed = Changed { action: "subject.invite", kind: "subject", id, workspace: None };
    let entry = call.entry(caller, &changed, details([]));
    let noted = async |tx: &mut WriteTx<'_>| {
        assert_power(tx, caller).await?;
        audit_log::insert(tx, &entry).await
    };
    Ok(call.cx.write(noted).await?)
}

/// What the administrator says beside the account.
struct Given {
    plan: Option<String>,
    platform_role: Option<String>,
}

async fn keep(
    call: &mut Call,
    caller: &Caller,
    (id, known_as, account): (String, ProviderSubject, NewAccount),
    given: &Given,
) -> Result<Subject, Problem> {
    let now = call.cx.now;
    let claims = Claims::kept(account.name.as_deref(), Some(&account.email));
    let plan = given.plan.as_deref().unwrap_or(FIRST_PLAN);
    let subject = Subject { plan: plan.to_owned(), ..Subject::new(id, SubjectKind::User, known_as, claims, now) };
    let told = details([("plan", plan.into()), ("role", given.platform_role.clone().into())]);
    let changed = Changed { action: "subject.create", kind: "subject", id: &subject.id, workspace: None };
    let entry = call.entry(caller, &changed, told);

    let kept = async |tx: &mut WriteTx<'_>| {
        // A provider's event may have told of them already, and then they have another id.
        let there = subjects::insert_if_absent(tx, &subject).await?;
        if there.plan != plan {
            subjects::set_plan(tx, &there.id, plan, now).await?;
        }
        if let Some(role) = &given.platform_role {
            done(subjects::set_platform_role(tx, &there.id, Some(role), now).await?)?;
        }
        let mut entry = entry.clone();
        entry.target.clone_from(&there.id);
        audit_log::insert(tx, &entry).await?;
        let made = subjects::find(tx, &there.id).await?;
        made.ok_or_else(|| GivenUp::because(Code::Conflict))
    };
    Ok(call.cx.write(kept).await?)
}
