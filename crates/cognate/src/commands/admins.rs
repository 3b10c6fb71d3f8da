//! `cognate auth-api admins`: who may do everything at `/v1/admin`. Somebody has to be the first, and no call can name them.

use std::fmt::Write as _;
use std::sync::Arc;

use anyhow::bail;
use cognate_domain::directory::rules;
use cognate_domain::directory::{
    AuditEntry, Claims, PLATFORM_ADMIN, ProviderSubject, Subject, SubjectKind, SubjectState,
};
use cognate_domain::{Error, ids};
use cognate_engine::App;
use cognate_store::subjects::{self, Outcome};
use cognate_store::{WriteTx, audit_log, catalogue};
use data_encoding::HEXLOWER;
use serde_json::{Map, Value, json};

use super::keys::open_store;
use super::say;
use crate::cli::{Admins, Place, Who};
use crate::open;
use crate::settings::Refused;

/// Subjects that are read at once.
const PAGE: i64 = 100;

pub(crate) async fn run(admins: Admins) -> anyhow::Result<()> {
    match admins {
        Admins::Add { who, kind, place } => add(who, &kind, place).await,
        Admins::List { json, place } => list(json, place).await,
        Admins::Remove { who, place } => remove(who, place).await,
    }
}

fn known_as(who: Who) -> anyhow::Result<ProviderSubject> {
    rules::provider_subject(&who.sub).map_err(|unfit| Refused::one("sub", unfit.0.to_owned()))?;
    Ok(ProviderSubject { provider: who.provider, id: who.sub })
}

/// What came of a change.
enum Done {
    Now,
    /// It was so already.
    Before,
    Disabled,
    Refused(Outcome),
}

async fn add(who: Who, kind: &str, place: Place) -> anyhow::Result<()> {
    let known_as = known_as(who)?;
    let kind = SubjectKind::from_name(kind).map_err(|error| open::said(&error))?;
    let (app, _) = open_store(place).await?;
    let (now, id) = (app.clock.now(), ids::uuid(app.entropy.as_ref()).to_string());
    let subject = Subject::new(id, kind, known_as, Claims::default(), now);
    let given = entry(&app, Some(PLATFORM_ADMIN));

    let work = async |tx: &mut WriteTx<'_>| {
        catalogue::insert_built_in(tx, now).await?; // where no server has run yet there is no role
        let there = subjects::insert_if_absent(tx, &subject).await?;
        if there.state == SubjectState::Disabled {
            return Ok((there, Done::Disabled));
        }
        let done = give(tx, &there, Some(PLATFORM_ADMIN), &given).await?;
        Ok((there, done))
    };
    let (there, done) = app.db.write(work).await.map_err(|error| open::said(&error))?;
    let (id, sub) = (&there.id, &there.known_as.id);
    match done {
        Done::Now => Ok(say(&format!("{sub} is an administrator: subject {id}."))?),
        Done::Before => Ok(say(&format!("{sub} has been an administrator before: subject {id}."))?),
        Done::Disabled => bail!("{sub} is disabled, and whoever may do nothing is no administrator: subject {id}"),
        Done::Refused(outcome) => bail!("{sub} cannot be made an administrator: {outcome:?}"),
    }
}

async fn remove(who: Who, place: Place) -> anyhow::Result<()> {
    let known_as = known_as(who)?;
    let (app, _) = open_store(place).await?;
    let taken = entry(&app, None);
    let work = async |tx: &mut WriteTx<'_>| match subjects::find_by_provider(tx, &known_as).await? {
        Some(there) if there.platform_role.as_deref() == Some(PLATFORM_ADMIN) => give(tx, &there, None, &taken).await,
        _ => Ok(Done::Before),
    };
    let sub = &known_as.id;
    match app.db.write(work).await.map_err(|error| open::said(&error))? {
        Done::Now => Ok(say(&format!("{sub} is an administrator no longer."))?),
        Done::Refused(Outcome::LastAdmin) => {
            bail!("{sub} is the last administrator who may sign in; name another one first")
        }
        Done::Before | Done::Disabled => bail!("{sub} is no administrator"),
        Done::Refused(outcome) => bail!("{sub} stays an administrator: {outcome:?}"),
    }
}

/// The role, or none, and the entry in the log: both, or neither.
async fn give(tx: &mut WriteTx<'_>, there: &Subject, role: Option<&str>, entry: &AuditEntry) -> Result<Done, Error> {
    if there.platform_role.as_deref() == role {
        return Ok(Done::Before);
    }
    let mut entry = entry.clone();
    entry.target.clone_from(&there.id);
    if let Some(before) = &there.platform_role {
        entry.details.insert("from".to_owned(), before.as_str().into());
    }
    match subjects::set_platform_role(tx, &there.id, role, entry.at).await? {
        Outcome::Done => audit_log::insert(tx, &entry).await.map(|()| Done::Now),
        outcome => Ok(Done::Refused(outcome)),
    }
}

/// As an administrator's own change is noted, but for who made it. The target is not known yet.
fn entry(app: &Arc<App>, to: Option<&str>) -> AuditEntry {
    let (entropy, at) = (app.entropy.as_ref(), app.clock.now());
    let mut details = Map::new();
    if let Some(to) = to {
        details.insert("to".to_owned(), to.into());
    }
    AuditEntry {
        id: ids::ordered_uuid(entropy, at).to_string(),
        at,
        actor: "operator".to_owned(),
        action: "subject.assign_role".to_owned(),
        target_kind: "subject".to_owned(),
        target: String::new(),
        workspace: None,
        details,
        trace: HEXLOWER.encode(&ids::random::<16>(entropy)),
    }
}

async fn list(json: bool, place: Place) -> anyhow::Result<()> {
    let (app, _) = open_store(place).await?;
    let admins = admins(&app).await.map_err(|error| open::said(&error))?;
    if json {
        let all: Vec<Value> = admins.iter().map(shown).collect();
        return Ok(say(&serde_json::to_string(&all)?)?);
    }
    let mut lines = format!("{:<36}  {:<8}  {:<8}  {:<8}  {}", "SUBJECT", "KIND", "STATE", "PROVIDER", "SUB");
    for admin in &admins {
        let (kind, state, of) = (admin.kind.name(), admin.state.name(), &admin.known_as);
        write!(lines, "\n{:<36}  {kind:<8}  {state:<8}  {:<8}  {}", admin.id, of.provider, of.id)?;
    }
    Ok(say(&lines)?)
}

async fn admins(app: &App) -> Result<Vec<Subject>, Error> {
    let mut tx = app.db.read().await?;
    let mut all: Vec<Subject> = Vec::new();
    loop {
        let after = all.last().map(|subject| subject.id.clone()).unwrap_or_default();
        let page = subjects::list_by_platform_role(&mut tx, PLATFORM_ADMIN, &after, PAGE).await?;
        if page.is_empty() {
            return Ok(all);
        }
        all.extend(page);
    }
}

fn shown(admin: &Subject) -> Value {
    json!({
        "id": admin.id,
        "kind": admin.kind.name(),
        "state": admin.state.name(),
        "provider": admin.known_as.provider,
        "sub": admin.known_as.id,
    })
}
