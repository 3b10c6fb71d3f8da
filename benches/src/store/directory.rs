//! App users and workspaces, put into a store before a server starts on it, by the store's own statements: every user of the pool has called
//! before, and every ten share a workspace.

use anyhow::Result;
use cognate_domain::directory::{Claims, ProviderSubject, Subject, SubjectKind, Workspace, WorkspaceState};
use cognate_domain::username::AliasKind;
use cognate_domain::{Error, Timestamp};
use cognate_store::members::{Outcome, Place};
use cognate_store::{Db, Options, WriteTx, catalogue, members, subjects, users, workspaces};

use super::Store;
use super::sessions::told;
use crate::chance::{Chance, now_ms};
use crate::people;
use crate::report::progress;

const OF_ONE_WORKSPACE: u64 = 10;
/// In one transaction.
const BLOCK: u64 = 10_000;
const BLOCK_STEP: usize = 10_000;

impl Store {
    pub(crate) async fn know_everybody(&self) -> Result<()> {
        let db = Db::open(&self.url, Options::default()).await.map_err(|error| told(&error))?;
        let now = Timestamp(now_ms());
        let begun = db.write(async |tx| catalogue::insert_built_in(tx, now).await).await;
        begun.map_err(|error| told(&error))?;
        let users = self.kept.pool.users;
        for from in (0..users).step_by(BLOCK_STEP) {
            let block = async |tx: &mut WriteTx<'_>| {
                let mut chance = Chance::new(from);
                for first in (from..users.min(from + BLOCK)).step_by(10) {
                    self.share_workspace(tx, (first, users), (&mut chance, now)).await?;
                }
                Ok(())
            };
            db.write(block).await.map_err(|error| told(&error))?;
            if (from + BLOCK).is_multiple_of(100_000) {
                progress(&format!("{} app users", from + BLOCK));
            }
        }
        db.close().await.map_err(|error| told(&error))
    }

    /// A workspace of `first`, whose members are the nine behind.
    async fn share_workspace(
        &self,
        tx: &mut WriteTx<'_>,
        (first, users): (u64, u64),
        (chance, now): (&mut Chance, Timestamp),
    ) -> cognate_domain::Result<()> {
        let workspace_id = chance.uuid();
        for number in first..users.min(first + OF_ONE_WORKSPACE) {
            let (pool, name) = (&self.kept.pool.id, people::username(number));
            let user = users::find_by_alias(tx, pool, AliasKind::Username.name(), &name).await?;
            let user = user.ok_or_else(|| Error::corrupt("a user of the harness who is not there"))?;
            let known_as = ProviderSubject { provider: "cognate".to_owned(), id: user.id };
            let claims = Claims { name: None, email: Some(people::email(number)) };
            let subject = Subject::new(chance.uuid(), SubjectKind::User, known_as, claims, now);
            subjects::insert_if_absent(tx, &subject).await?;
            let done = if number == first {
                workspaces::insert(tx, &workspace(&workspace_id, &subject.id, now)).await?
            } else {
                let place = Place { workspace_id: &workspace_id, subject_id: &subject.id };
                members::add(tx, place, "member", now).await? == Outcome::Done
            };
            if !done {
                return Err(Error::corrupt("a workspace of the harness that could not be made"));
            }
        }
        Ok(())
    }
}

fn workspace(id: &str, owner: &str, now: Timestamp) -> Workspace {
    Workspace {
        id: id.to_owned(),
        name: "Works".to_owned(),
        state: WorkspaceState::Active,
        created_by: owner.to_owned(),
        version: 1,
        created_at: now,
        modified_at: now,
    }
}
