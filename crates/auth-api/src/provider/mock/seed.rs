//! What the application's own directory is to know of the script: who is there, their workspaces, roles and grants. The same file seeds the
//! same; what it says stands, what it is silent about stays as it is.

use std::collections::HashMap;

use cognate_domain::directory::{self, Catalogue, Claims, ProviderSubject, Subject, SubjectKind, WorkspaceState};
use cognate_domain::{Error, Result, Timestamp, ids};
use cognate_engine::Cx;
use cognate_store::{WriteTx, catalogue, members, subjects, workspaces};

use super::script::{Script, Standing, Workspace};
use super::{Mock, NAME};

/// Somebody as the directory begins with them.
struct Seed<'s> {
    subject: Subject,
    standing: &'s Standing,
}

impl Mock {
    /// At every start, and after a store was emptied.
    pub async fn seed(&self, cx: &mut Cx) -> Result<()> {
        seed(cx, &self.script).await
    }
}

/// All of it or nothing.
pub(super) async fn seed(cx: &mut Cx, script: &Script) -> Result<()> {
    let now = cx.now;
    let seeds = seeds(script, cx);
    cx.write(async |tx| {
        catalogue::insert_built_in(tx, now).await?;
        seed_catalogue(tx, script, now).await?;
        let mut known = HashMap::new();
        for seed in &seeds {
            let id = seed_subject(tx, seed, now).await?;
            known.insert(seed.subject.known_as.id.as_str(), id);
        }
        for workspace in &script.workspaces {
            seed_workspace(tx, workspace, &known, now).await?;
        }
        Ok(())
    })
    .await
}

fn seeds<'s>(script: &'s Script, cx: &Cx) -> Vec<Seed<'s>> {
    let subject = |kind: SubjectKind, id: &str, claims: Claims| {
        let known_as = ProviderSubject { provider: NAME.to_owned(), id: id.to_owned() };
        Subject::new(ids::uuid(cx.entropy()).to_string(), kind, known_as, claims, cx.now)
    };
    let people = script.people.iter().map(|person| {
        let claims = Claims::kept(person.name.as_deref(), Some(&person.email));
        Seed { subject: subject(SubjectKind::User, &person.sub, claims), standing: &person.standing }
    });
    let machines = script.machines.iter().map(|machine| {
        let subject = subject(machine.kind, &machine.client_id, Claims::default());
        Seed { subject, standing: &machine.standing }
    });
    people.chain(machines).collect()
}

async fn seed_catalogue(tx: &mut WriteTx<'_>, script: &Script, now: Timestamp) -> Result<()> {
    let Catalogue { roles, grants, .. } = catalogue::load(tx).await?;
    for role in &script.roles {
        let role = directory::Role { created_at: now, modified_at: now, ..role.clone() };
        let outcome = match roles.iter().find(|there| there.key == role.key) {
            None => catalogue::insert_role(tx, &role).await?,
            Some(there) if there.scope != role.scope => {
                return Err(unfit(&format!("the role {} is there with another scope", role.key)));
            }
            Some(there) if (&there.name, &there.description) != (&role.name, &role.description) => {
                catalogue::update_role(tx, &role).await?
            }
            Some(_) => catalogue::Outcome::Done,
        };
        must_be_done(&outcome, outcome == catalogue::Outcome::Done, &role.key)?;
    }
    for grant in &script.grants {
        // Its id is what it says.
        if !grants.iter().any(|there| there.id == grant.id) {
            let outcome = catalogue::insert_grant(tx, &directory::Grant { created_at: now, ..grant.clone() }).await?;
            let told_twice = outcome == catalogue::Outcome::Taken;
            must_be_done(&outcome, told_twice || outcome == catalogue::Outcome::Done, &grant.role)?;
        }
    }
    Ok(())
}

/// Its id in the directory.
async fn seed_subject(tx: &mut WriteTx<'_>, seed: &Seed<'_>, now: Timestamp) -> Result<String> {
    let mut there = subjects::insert_if_absent(tx, &seed.subject).await?;
    subjects::set_claims(tx, &there.id, &seed.subject.claims, now).await?;
    if there.kind != seed.subject.kind
        && let Some(now_there) = subjects::find(tx, &there.id).await?
    {
        there = Subject { kind: seed.subject.kind, modified_at: now, ..now_there };
        subjects::update(tx, &there).await?;
    }
    if let Some(plan) = seed.standing.plan.as_deref().filter(|plan| *plan != there.plan) {
        subjects::set_plan(tx, &there.id, plan, now).await?;
    }
    let role = seed.standing.platform_role.as_deref();
    if role.is_some() && role != there.platform_role.as_deref() {
        let outcome = subjects::set_platform_role(tx, &there.id, role, now).await?;
        must_be_done(&outcome, outcome == subjects::Outcome::Done, &there.known_as.id)?;
    }
    Ok(there.id)
}

async fn seed_workspace(
    tx: &mut WriteTx<'_>,
    workspace: &Workspace,
    known: &HashMap<&str, String>,
    now: Timestamp,
) -> Result<()> {
    let subject = |of: &str| known.get(of).ok_or_else(|| unfit(&format!("nobody is {of}")));
    let Some(maker) = workspace.members.first() else { return Ok(()) };
    let created_by = subject(&maker.provider_subject)?;
    match workspaces::find(tx, &workspace.id, created_by).await? {
        None => {
            let new = directory::Workspace {
                id: workspace.id.clone(),
                name: workspace.name.clone(),
                state: WorkspaceState::Active,
                created_by: created_by.clone(),
                version: 1,
                created_at: now,
                modified_at: now,
            };
            if !workspaces::insert(tx, &new).await? {
                return Err(unfit(&format!("{} belongs to as many workspaces as one may", maker.provider_subject)));
            }
        }
        // What somebody has archived since stays as it is.
        Some((there, _)) if there.state == WorkspaceState::Archived => return Ok(()),
        Some((there, _)) if there.name != workspace.name => {
            workspaces::rename(tx, (&there.id, there.version), &workspace.name, now).await?;
        }
        Some(_) => {}
    }
    for member in &workspace.members {
        let subject_id = subject(&member.provider_subject)?;
        let place = members::Place { workspace_id: &workspace.id, subject_id };
        let outcome = match members::find_role(tx, place).await? {
            None => members::add(tx, place, &member.role, now).await?,
            Some(role) if role != member.role => members::set_role(tx, place, &member.role).await?,
            Some(_) => members::Outcome::Done,
        };
        must_be_done(&outcome, outcome == members::Outcome::Done, &member.provider_subject)?;
    }
    Ok(())
}

fn must_be_done(outcome: &impl std::fmt::Debug, done: bool, what: &str) -> Result<()> {
    if done { Ok(()) } else { Err(unfit(&format!("{what}: {outcome:?}"))) }
}

/// The file and the store contradict each other.
fn unfit(what: &str) -> Error {
    Error::corrupt(format!("the mock's file does not fit the store ({what}); begin with an empty one"))
}
