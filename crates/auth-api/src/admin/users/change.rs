//! `PATCH /v1/admin/users/{id}`: plan, entitlements, role of the platform's, and whether somebody may do anything at all.

use axum::extract::{Request, State};
use axum::response::Response;
use cognate_domain::Error;
use cognate_domain::directory::{AuditEntry, Subject, SubjectKind, SubjectState, rules};
use cognate_policy::Current;
use cognate_store::subjects::Outcome;
use cognate_store::{WriteTx, audit_log, subjects};
use serde::Deserialize;
use serde_json::{Map, Value};
use utoipa::ToSchema;

use super::super::{Id, assert_power, details};
use super::invite::may_give;
use super::shown::{ChangedUser, ProviderAccount, User};
use super::{get, may_touch, one};
use crate::Api;
use crate::audit::Changed;
use crate::call::{Call, Reply, ask, with_body};
use crate::caller::Caller;
use crate::check::{Change, Checked, Flaws};
use crate::openapi::shapes;
use crate::problem::{Code, GivenUp, Problem, ProblemDocument};

/// How often a change is tried on somebody who changes meanwhile.
const TRIES: usize = 3;

/// What is left out stays.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields, rename_all = "camelCase")]
pub(crate) struct UserChange {
    #[schema(min_length = 1, max_length = 40, pattern = "^[a-z][a-z0-9_-]*$", example = "pro")]
    plan: Option<String>,
    /// All of them: they take the place of what was there.
    #[schema(value_type = Option<shapes::Entitlements>)]
    entitlements: Option<Vec<String>>,
    /// The key of a role of the platform's; `null` takes it away.
    #[serde(default)]
    #[schema(value_type = Option<String>, min_length = 1, max_length = 40, pattern = "^[a-z][a-z0-9_-]*$")]
    platform_role: Change<String>,
    /// `disabled`: they may do nothing from now on, and the provider is told to let them in no more.
    #[schema(value_type = Option<shapes::State>)]
    state: Option<SubjectState>,
    /// Of a machine: `machine`, `device`, `partner` or `job`.
    #[schema(value_type = Option<shapes::MachineKind>)]
    kind: Option<SubjectKind>,
}

impl Checked for UserChange {
    fn check(&self, flaws: &mut Flaws) {
        if let Some(plan) = &self.plan {
            flaws.fits("plan", &rules::plan(plan));
        }
        if let Some(entitlements) = &self.entitlements {
            flaws.fits("entitlements", &rules::entitlements(entitlements));
        }
        if let Change::Set(role) = &self.platform_role {
            flaws.fits("platformRole", &rules::role_key(role));
        }
        if self.kind == Some(SubjectKind::User) {
            flaws.add("kind", "Nothing becomes a person.");
        }
    }
}

impl UserChange {
    /// What has to be allowed.
    fn actions(&self) -> impl Iterator<Item = &'static str> {
        let profile = self.plan.is_some() || self.entitlements.is_some() || self.kind.is_some();
        let role = !matches!(self.platform_role, Change::Kept);
        let state = self.state.map(|state| match state {
            SubjectState::Active => "subjects:enable",
            SubjectState::Disabled => "subjects:disable",
        });
        let nothing = !profile && !role && state.is_none();
        let update = (profile || nothing).then_some("subjects:update");
        update.into_iter().chain(role.then_some("roles:assign")).chain(state)
    }
}

/// Change a user
///
/// With `If-Match` only the version that it names is changed. Nobody gives or takes a role that allows more than their own, and the last
/// administrator stays one. Disabling counts at once for every token; `providerAccount` says whether the provider followed.
#[utoipa::path(patch, path = "/v1/admin/users/{id}", tag = "Administration",
    operation_id = "admin_change_user", request_body = UserChange, security(("bearer" = [])),
    params(
        ("id" = String, Path, description = "The directory's own id", max_length = 64),
        ("If-Match" = Option<String>, Header, description = "The ETag of what is to be changed"),
    ),
    responses(
    (status = 200, description = "The user as they are now", body = ChangedUser),
    (status = "4XX", description = "`validation_failed`, `forbidden`, `not_found`, `last_admin`, `conflict`, `precondition_failed`",
     body = ProblemDocument, content_type = "application/problem+json"),
    (status = "5XX", description = "`provider_failed`, …", body = ProblemDocument, content_type = "application/problem+json"),
))]
pub(crate) async fn change(State(api): Api, id: Id, request: Request) -> Response {
    with_body(api, "admin_change_user", request, |mut call, body: UserChange| async move {
        let caller = call.caller().await?;
        let id = id.known()?;
        for action in body.actions() {
            call.may(&caller, action, one(&id)).await?;
        }
        let current = call.catalogue(&caller).await?;
        let changed = try_change(&mut call, (&caller, &current), &id, &body).await?;
        let provider_account = match body.state {
            Some(state) => tell_provider(&mut call, &changed, state == SubjectState::Active).await,
            None => None,
        };
        let version = changed.version;
        Ok(Reply::ok(&ChangedUser { user: User::of(changed), provider_account })?.versioned(version))
    })
    .await
}

async fn try_change(
    call: &mut Call,
    (caller, current): (&Caller, &Current),
    id: &str,
    body: &UserChange,
) -> Result<Subject, Problem> {
    for _ in 0..TRIES {
        let read = get(call, id).await?;
        call.must_match(read.version)?;
        may_touch(current, caller, &read)?;
        let step = Step::of(&read, body, call.cx.now)?;
        if let Change::Set(role) = &step.role {
            may_give(current, caller, role)?;
        }
        let entries = step.entries(call, caller, &read);
        if entries.is_empty() {
            return Ok(read);
        }
        if let Some(changed) = write(call, caller, &step, &entries).await? {
            return Ok(changed);
        }
    }
    Err(Problem::new(Code::Conflict))
}

/// A change of one version of somebody.
struct Step {
    /// With what `subjects::update` keeps; of the version that was read.
    after: Subject,
    updates: Map<String, Value>,
    state: Option<SubjectState>,
    role: Change<String>,
}

impl Step {
    fn of(read: &Subject, body: &UserChange, now: cognate_domain::Timestamp) -> Result<Self, Problem> {
        let mut updates = Map::new();
        let mut after = Subject { modified_at: now, ..read.clone() };
        if let Some(plan) = body.plan.as_ref().filter(|plan| **plan != read.plan) {
            updates.insert("plan".to_owned(), plan.as_str().into());
            after.plan.clone_from(plan);
        }
        if let Some(entitlements) = body.entitlements.as_ref().filter(|all| **all != read.entitlements) {
            updates.insert("entitlements".to_owned(), entitlements.clone().into());
            after.entitlements.clone_from(entitlements);
        }
        if let Some(kind) = body.kind {
            if read.kind == SubjectKind::User {
                return Err(Problem::field("/kind", "A person stays one."));
            }
            if kind != read.kind {
                updates.insert("kind".to_owned(), kind.name().into());
                after.kind = kind;
            }
        }
        let role = match (&body.platform_role, &read.platform_role) {
            (Change::Removed, None) => Change::Kept,
            (Change::Set(role), Some(there)) if role == there => Change::Kept,
            (change, _) => change.clone(),
        };
        // Asked for again it is done again: the provider may not have followed the first time.
        Ok(Self { after, updates, state: body.state, role })
    }

    fn entries(&self, call: &Call, caller: &Caller, read: &Subject) -> Vec<AuditEntry> {
        let state = self.state.map(|state| match state {
            SubjectState::Active => ("subject.enable", details([])),
            SubjectState::Disabled => ("subject.disable", details([])),
        });
        let role = match &self.role {
            Change::Kept => None,
            Change::Removed => Some(Value::Null),
            Change::Set(role) => Some(role.as_str().into()),
        };
        let role =
            role.map(|to| ("subject.assign_role", details([("from", read.platform_role.clone().into()), ("to", to)])));
        let update = (!self.updates.is_empty()).then(|| ("subject.update", self.updates.clone()));
        let entry = |(action, told)| {
            call.entry(caller, &Changed { action, kind: "subject", id: &read.id, workspace: None }, told)
        };
        [state, role, update].into_iter().flatten().map(entry).collect()
    }
}

/// None if somebody has changed them since they were read.
async fn write(
    call: &mut Call,
    caller: &Caller,
    step: &Step,
    entries: &[AuditEntry],
) -> Result<Option<Subject>, Problem> {
    let (id, now) = (step.after.id.as_str(), call.cx.now);
    let changed = async |tx: &mut WriteTx<'_>| {
        assert_power(tx, caller).await?;
        let there = subjects::find(tx, id).await?.ok_or_else(|| GivenUp::because(Code::NotFound))?;
        if there.version != step.after.version {
            return Ok(None);
        }
        let mut after = step.after.clone();
        if let Some(state) = step.state {
            done(subjects::set_state(tx, id, state, now).await?)?;
            after.version += 1;
        }
        let role = match &step.role {
            Change::Kept => step.after.platform_role.as_deref(),
            Change::Removed => None,
            Change::Set(role) => Some(role.as_str()),
        };
        if role != step.after.platform_role.as_deref() {
            done(subjects::set_platform_role(tx, id, role, now).await?)?;
            after.version += 1;
        }
        if !step.updates.is_empty() && !subjects::update(tx, &after).await? {
            return Err(Error::corrupt("a subject of this version is of another"));
        }
        for entry in entries {
            audit_log::insert(tx, entry).await?;
        }
        subjects::find(tx, id).await
    };
    Ok(call.cx.write(changed).await?)
}

/// What is not done gives the write up, and with it what was done before.
pub(super) fn done(outcome: Outcome) -> cognate_domain::Result<()> {
    match outcome {
        Outcome::Done => Ok(()),
        Outcome::NoSubject => Err(GivenUp::because(Code::NotFound)),
        Outcome::UnknownRole => Err(GivenUp::because(Code::Conflict)), // it was there a moment ago
        Outcome::LastAdmin => Err(GivenUp::because(Code::LastAdmin)),
    }
}

/// The directory has decided already, and for every token; that the provider lets somebody in no more comes on top of it.
async fn tell_provider(call: &mut Call, subject: &Subject, enabled: bool) -> Option<ProviderAccount> {
    if subject.kind != SubjectKind::User || subject.known_as.provider != call.api.provider.name() {
        return None;
    }
    let problem = match ask!(call, set_enabled(&subject.known_as, enabled)) {
        Ok(()) => return Some(ProviderAccount::Changed),
        Err(problem) => problem,
    };
    let (trace_id, subject_id, code) = (call.trace.as_str(), subject.id.as_str(), problem.code.name());
    let cause = problem.cause.as_deref();
    tracing::warn!(
        trace_id,
        subject_id,
        enabled,
        code,
        cause,
        "the provider did not follow: the account of subject {subject_id}"
    );
    Some(match problem.code {
        Code::NotFound => ProviderAccount::Missing,
        Code::UnsupportedByProvider => ProviderAccount::Unsupported,
        _ => ProviderAccount::Failed,
    })
}
