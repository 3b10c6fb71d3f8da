//! `/v1/admin/users`: people and machines, found by what support is told, and invited.

pub(crate) mod change;
pub(crate) mod invite;
pub(crate) mod resets;
pub(crate) mod shown;

use axum::extract::{Request, State};
use axum::response::Response;
use cognate_domain::directory::{ProviderSubject, Subject, rules};
use cognate_policy::Current;
use cognate_store::{callers, sign_ins, subjects};

use self::shown::{User, UserDetails};
use super::Id;
use crate::Api;
use crate::call::{Call, Reply, without_body};
use crate::caller::Caller;
use crate::parameters::{List, Page, Parameters};
use crate::permissions::{On, may_hand_out};
use crate::problem::{Code, Problem, ProblemDocument};

/// Sign-ins that are shown.
const RECENT: i64 = 20;

/// What somebody is looked for by.
enum Wanted {
    Sub(String),
    Email(String),
    /// The beginning of it.
    Name(String),
    Role(String),
}

type Way = fn(String) -> Wanted;

impl Wanted {
    fn of(parameters: &mut Parameters) -> Result<Self, Problem> {
        const ONE: &str = "Look for somebody by one of `sub`, `email`, `name` and `role`.";
        const WAYS: [(&str, Way); 4] =
            [("sub", Wanted::Sub), ("email", Wanted::Email), ("name", Wanted::Name), ("role", Wanted::Role)];
        let mut given = Vec::new();
        for (name, way) in WAYS {
            match parameters.take(name) {
                Some(text) if text.is_empty() => return Err(Problem::field(name, "This is empty.")),
                Some(text) => given.push(way(text)),
                None => {}
            }
        }
        match (given.pop(), given.is_empty()) {
            (Some(wanted), true) => Ok(wanted),
            _ => Err(Problem::field("", ONE)),
        }
    }
}

/// What `/v1/admin/users/{id}` speaks of.
fn one(id: &str) -> On<'static> {
    On::platform(format!("subjects/{id}"))
}

/// All of them, and those who are not there yet.
fn all() -> On<'static> {
    On::platform("subjects")
}

/// Nobody has a hand in those who may do more than they may themselves.
fn may_touch(current: &Current, caller: &Caller, subject: &Subject) -> Result<(), Problem> {
    subject.platform_role.as_deref().map_or(Ok(()), |role| may_hand_out(current, caller, role, None))
}

/// Find users
///
/// By `sub` (a machine's client id), by address, by the beginning of their name, or by their role of the platform's.
#[utoipa::path(get, path = "/v1/admin/users", tag = "Administration",
    operation_id = "admin_list_users", security(("bearer" = [])),
    params(
        ("sub" = Option<String>, Query, min_length = 1, description = "As the provider knows them", max_length = 255),
        ("email" = Option<String>, Query, min_length = 1, description = "In whatever case", max_length = 512),
        ("name" = Option<String>, Query, min_length = 1, description = "How the name begins, in whatever case", max_length = 512),
        ("role" = Option<String>, Query, min_length = 1, description = "The key of a role of the platform's", max_length = 512),
        ("limit" = Option<u32>, Query, description = "Of a page: 1 to 100; 50 by default", minimum = 1, maximum = 100),
        ("next" = Option<String>, Query, description = "As the page before says it", max_length = 512),
    ),
    responses(
    (status = 200, description = "A page of them", body = List<User>),
    (status = "4XX", description = "`validation_failed`, `unauthenticated`, `forbidden`", body = ProblemDocument,
     content_type = "application/problem+json"),
    (status = "5XX", description = "`provider_failed`, …", body = ProblemDocument, content_type = "application/problem+json"),
))]
pub(crate) async fn list(State(api): Api, request: Request) -> Response {
    without_body(api, "admin_list_users", request, |mut call, mut parameters| async move {
        let caller = call.caller().await?;
        call.may(&caller, "subjects:read", all()).await?;
        let (page, wanted) = (parameters.page()?, Wanted::of(&mut parameters)?);
        parameters.done()?;
        let found = find(&call, &page, &wanted).await?;
        Reply::ok(&page.shown(found, |(key, _)| key.clone(), |(_, subject)| User::of(subject)))
    })
    .await
}

/// Each with what the next page goes by.
async fn find(call: &Call, page: &Page, wanted: &Wanted) -> Result<Vec<(String, Subject)>, Problem> {
    let (after, limit) = (page.after.as_deref().unwrap_or_default(), page.to_read());
    let mut tx = call.cx.read().await?;
    let found = match wanted {
        Wanted::Sub(id) => {
            rules::provider_subject(id).map_err(|unfit| Problem::field("sub", unfit.0))?;
            let known_as = ProviderSubject { provider: call.api.provider.name().to_owned(), id: id.clone() };
            let found = subjects::find_by_provider(&mut tx, &known_as).await?;
            found.into_iter().filter(|subject| subject.id.as_str() > after).collect()
        }
        Wanted::Email(email) => subjects::list_by_email(&mut tx, email, after, limit).await?,
        Wanted::Role(role) => subjects::list_by_platform_role(&mut tx, role, after, limit).await?,
        Wanted::Name(prefix) => {
            let after = page.after.as_deref().map(split).transpose()?;
            let found = subjects::list_by_name(&mut tx, prefix, after, limit).await?;
            return Ok(found
                .into_iter()
                .map(|(folded, subject)| (format!("{}/{folded}", subject.id), subject))
                .collect());
        }
    };
    Ok(found.into_iter().map(|subject| (subject.id.clone(), subject)).collect())
}

/// Of a page by name: the folded name, and the id of who has it.
fn split(next: &str) -> Result<(&str, &str), Problem> {
    let (id, folded) =
        next.split_once('/').ok_or_else(|| Problem::field("next", "This is not the `next` of a page."))?;
    Ok((folded, id))
}

/// One user
///
/// Profile, role of the platform's, workspaces and, for those who may see them, the last sign-ins. `ETag` is the profile's version.
#[utoipa::path(get, path = "/v1/admin/users/{id}", tag = "Administration",
    operation_id = "admin_read_user", security(("bearer" = [])),
    params(("id" = String, Path, description = "The directory's own id", max_length = 64)),
    responses(
    (status = 200, description = "The user", body = UserDetails),
    (status = "4XX", description = "`unauthenticated`, `forbidden`, `not_found`", body = ProblemDocument,
     content_type = "application/problem+json"),
    (status = "5XX", description = "`provider_failed`, …", body = ProblemDocument, content_type = "application/problem+json"),
))]
pub(crate) async fn read(State(api): Api, id: Id, request: Request) -> Response {
    without_body(api, "admin_read_user", request, |mut call, parameters| async move {
        let caller = call.caller().await?;
        let id = id.known()?;
        call.may(&caller, "subjects:read", one(&id)).await?;
        parameters.done()?;
        let sees_sign_ins = call.is_allowed(&caller, "sign_ins:read", one(&id)).await?;

        let mut tx = call.cx.read().await?;
        let known_as = get(&call, &id).await?.known_as;
        let found = callers::find(&mut tx, &known_as, None).await?;
        let subject = found.subject.ok_or_else(|| Problem::new(Code::NotFound))?;
        let recent = if sees_sign_ins { Some(sign_ins::list(&mut tx, &known_as, None, RECENT).await?) } else { None };

        let version = subject.version;
        Ok(Reply::ok(&UserDetails::of(subject, found.memberships, recent))?.versioned(version))
    })
    .await
}

async fn get(call: &Call, id: &str) -> Result<Subject, Problem> {
    let found = subjects::find(&mut call.cx.read().await?, id).await?;
    found.ok_or_else(|| Problem::new(Code::NotFound))
}
