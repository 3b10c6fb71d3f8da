//! The application's directory: what its statements refuse, whoever is at it at the same time.

mod callers;
mod catalogue;
mod invitations;
mod members;
mod records;
mod subjects;
mod workspaces;

use cognate_domain::directory::{Claims, Invitation, ProviderSubject, Subject, SubjectKind, Workspace, WorkspaceState};
use cognate_domain::{Result, Timestamp};
use cognate_store::members::{Outcome, Place};
use cognate_store::{Db, Fault, catalogue as roles, members as people, migrate_all, workspaces as tenants};
use cognate_testkit::{On, TestDb};

use crate::Store;

const NOW: Timestamp = Timestamp(1_750_000_000_000);

/// A store with what is built in, and nobody in it.
struct Directory {
    store: Store,
}

impl On for Directory {
    async fn on(test: TestDb) -> Self {
        let store = Store::on(test).await;
        migrate_all(&store.db).await.unwrap();
        store.db.write(async |tx| roles::insert_built_in(tx, NOW).await).await.unwrap();
        Self { store }
    }
}

fn known_as(name: &str) -> ProviderSubject {
    ProviderSubject { provider: "cognate".to_owned(), id: format!("sub-{name}") }
}

fn somebody(name: &str) -> Subject {
    let claims = Claims::kept(Some(name), Some(&format!("{name}@example.com")));
    Subject::new(format!("id-{name}"), SubjectKind::User, known_as(name), claims, NOW)
}

fn place<'a>(workspace_id: &'a str, subject_id: &'a str) -> Place<'a> {
    Place { workspace_id, subject_id }
}

fn invitation(workspace_id: &str, id: &str, role: &str) -> Invitation {
    Invitation {
        workspace_id: workspace_id.to_owned(),
        id: id.to_owned(),
        email: format!("{id}@example.com"),
        role: role.to_owned(),
        invited_by: "id-ann".to_owned(),
        created_at: NOW,
        expires_at: Timestamp(NOW.0 + 1_000),
    }
}

impl Directory {
    fn db(&self) -> &Db {
        &self.store.db
    }

    async fn subject(&self, name: &str) -> Subject {
        let subject = somebody(name);
        self.db().write(async |tx| cognate_store::subjects::insert_if_absent(tx, &subject).await).await.unwrap()
    }

    async fn find(&self, name: &str) -> Subject {
        let mut tx = self.db().read().await.unwrap();
        cognate_store::subjects::find_by_provider(&mut tx, &known_as(name)).await.unwrap().unwrap()
    }

    /// Of the subject with this name, who is there already.
    async fn workspace(&self, id: &str, owner: &str) -> Workspace {
        let workspace = Workspace {
            id: id.to_owned(),
            name: format!("Workspace {id}"),
            state: WorkspaceState::Active,
            created_by: format!("id-{owner}"),
            version: 1,
            created_at: NOW,
            modified_at: NOW,
        };
        assert!(self.db().write(async |tx| tenants::insert(tx, &workspace).await).await.unwrap());
        workspace
    }

    async fn archive(&self, workspace: &Workspace) {
        let read = (workspace.id.as_str(), workspace.version);
        let done = self.db().write(async |tx| tenants::set_state(tx, read, WorkspaceState::Archived, NOW).await).await;
        assert!(done.unwrap());
    }

    async fn add(&self, workspace: &str, name: &str, role: &str) -> Outcome {
        let id = format!("id-{name}");
        self.db().write(async |tx| people::add(tx, place(workspace, &id), role, NOW).await).await.unwrap()
    }

    async fn set_role(&self, workspace: &str, name: &str, role: &str) -> Outcome {
        let id = format!("id-{name}");
        told(async || self.db().write(async |tx| people::set_role(tx, place(workspace, &id), role).await).await).await
    }

    async fn remove(&self, workspace: &str, name: &str) -> Outcome {
        let id = format!("id-{name}");
        told(async || self.db().write(async |tx| people::remove(tx, place(workspace, &id)).await).await).await
    }

    /// Subjects' ids with their roles.
    async fn people(&self, workspace: &str) -> Vec<(String, String)> {
        let mut tx = self.db().read().await.unwrap();
        let members = people::list(&mut tx, workspace, "", 1_000).await.unwrap();
        members.into_iter().map(|member| (member.subject_id, member.role)).collect()
    }

    async fn execute(&self, sql: &str) {
        self.db().write(async |tx| tx.query(sql).execute().await).await.unwrap();
    }
}

/// What a caller hears who, told to try again, does.
async fn told<T>(write: impl AsyncFn() -> Result<T>) -> T {
    loop {
        match write().await {
            Err(error) if matches!(error.cause(), Some(Fault::Again)) => {}
            done => return done.unwrap(),
        }
    }
}
