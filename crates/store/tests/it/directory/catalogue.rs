use cognate_domain::Timestamp;
use cognate_domain::directory::built_in::{BUILT_IN, LOCKED_GRANT};
use cognate_domain::directory::rules::{MOST_GRANTS, MOST_POLICIES, MOST_ROLES};
use cognate_domain::directory::{Catalogue, Grant, PolicyText, Role, RoleScope};
use cognate_store::catalogue::{self, Outcome};
use cognate_store::{WriteTx, invitations, subjects};
use cognate_testkit::both_engines;

use super::{Directory, NOW, invitation, told};

fn role(key: &str, scope: RoleScope) -> Role {
    Role {
        key: key.to_owned(),
        scope,
        name: format!("Role {key}"),
        description: Some("Does things.".to_owned()),
        built_in: false,
        created_at: NOW,
        modified_at: NOW,
    }
}

fn grant(id: &str, role: &str) -> Grant {
    Grant {
        id: id.to_owned(),
        role: role.to_owned(),
        action: "documents:read".to_owned(),
        resource: "projects/*".to_owned(),
        condition: serde_json::json!({ "mfa": true, "hours": [9, 17] }).as_object().cloned(),
        created_at: NOW,
    }
}

fn policy(id: &str) -> PolicyText {
    PolicyText {
        id: id.to_owned(),
        source: "permit (principal, action, resource);".to_owned(),
        created_at: NOW,
        modified_at: NOW,
    }
}

impl Directory {
    /// Made and given nothing.
    pub(super) async fn role(&self, key: &str) {
        let role = role(key, RoleScope::Workspace);
        assert_eq!(self.change(async |tx| catalogue::insert_role(tx, &role).await).await, Outcome::Done);
    }

    async fn change<F>(&self, work: F) -> Outcome
    where
        F: AsyncFnOnce(&mut WriteTx<'_>) -> cognate_domain::Result<Outcome> + Clone,
    {
        loop {
            let work = work.clone();
            match self.db().write(async |tx| work.clone()(tx).await).await {
                Err(error) if matches!(error.cause(), Some(cognate_store::Fault::Again)) => {}
                done => return done.unwrap(),
            }
        }
    }

    async fn load(&self) -> Catalogue {
        catalogue::load(&mut self.db().read().await.unwrap()).await.unwrap()
    }

    /// What a change came to, and whether the version rose by one or stayed.
    async fn changed<F>(&self, work: F) -> Outcome
    where
        F: AsyncFnOnce(&mut WriteTx<'_>) -> cognate_domain::Result<Outcome> + Clone,
    {
        let before = self.load().await;
        let outcome = self.change(work).await;
        let after = self.load().await;
        if outcome == Outcome::Done {
            assert_eq!(after.version, before.version + 1);
        } else {
            assert_eq!(after, before);
        }
        outcome
    }
}

both_engines! {
    async fn what_is_built_in_comes_once_however_many_nodes_start(directory: Directory) {
        let first = directory.load().await;
        assert_eq!(first.version, NOW.0 + 1);
        assert_eq!(first.roles.len(), BUILT_IN.len());
        assert!(first.roles.iter().all(|role| role.built_in));
        let owner: Vec<_> = first.grants.iter().filter(|grant| grant.role == "owner").collect();
        assert_eq!((owner.len(), owner[0].action.as_str(), owner[0].resource.as_str()), (1, "*", "*"));
        assert!(first.grants.iter().any(|grant| grant.id == LOCKED_GRANT && grant.role == "platform_admin"));

        for table in ["catalogue", "roles", "role_grants"] {
            directory.execute(&format!("DELETE FROM {table}")).await; // as a development store is emptied
        }
        assert_eq!(directory.load().await.version, 0);
        let later = Timestamp(NOW.0 + 1_000);
        let mut nodes = tokio::task::JoinSet::new();
        for _ in 0..8 {
            let db = directory.db().clone();
            nodes.spawn(async move {
                while let Err(error) = db.write(async |tx| catalogue::insert_built_in(tx, later).await).await {
                    assert!(matches!(error.cause(), Some(cognate_store::Fault::Again)), "{error:?}");
                }
            });
        }
        nodes.join_all().await;
        let again = directory.load().await;
        assert_eq!(again.version, later.0 + 1);
        assert_eq!(again.grants.len(), first.grants.len());
        assert_eq!(again.roles.len(), first.roles.len());
    }

    async fn a_grant_that_an_operator_took_away_stays_away(directory: Directory) {
        let id = "built-in-viewer-0";
        let taken = directory.changed(async |tx| catalogue::delete_grant(tx, "viewer", id).await).await;
        assert_eq!(taken, Outcome::Done);
        let before = directory.load().await;
        directory.db().write(async |tx| catalogue::insert_built_in(tx, NOW).await).await.unwrap();
        assert_eq!(directory.load().await, before);
    }

    async fn everything_comes_back_as_it_was_kept(directory: Directory) {
        let (mut role, grant, policy) = (role("editor", RoleScope::Workspace), grant("g", "editor"), policy("p"));
        role.description = None;
        assert_eq!(directory.changed(async |tx| catalogue::insert_role(tx, &role).await).await, Outcome::Done);
        assert_eq!(directory.changed(async |tx| catalogue::insert_grant(tx, &grant).await).await, Outcome::Done);
        assert_eq!(directory.changed(async |tx| catalogue::insert_policy(tx, &policy).await).await, Outcome::Done);
        let kept = directory.load().await;
        assert!(kept.roles.contains(&role));
        assert!(kept.grants.contains(&grant));
        assert_eq!(kept.policies, [policy]);
        assert!(kept.roles.is_sorted_by(|one, other| one.key < other.key));
        assert_eq!(catalogue::version(&mut directory.db().read().await.unwrap()).await.unwrap(), kept.version);
    }

    async fn a_role_is_made_changed_and_removed(directory: Directory) {
        let mut editor = role("editor", RoleScope::Workspace);
        editor.built_in = true; // which is not for an operator to say
        assert_eq!(directory.changed(async |tx| catalogue::insert_role(tx, &editor).await).await, Outcome::Done);
        assert_eq!(directory.changed(async |tx| catalogue::insert_role(tx, &editor).await).await, Outcome::Taken);
        let given = grant("g", "editor");
        assert_eq!(directory.changed(async |tx| catalogue::insert_grant(tx, &given).await).await, Outcome::Done);
        editor.name = "Writer".to_owned();
        editor.scope = RoleScope::Platform; // which stays
        assert_eq!(directory.changed(async |tx| catalogue::update_role(tx, &editor).await).await, Outcome::Done);
        let kept = directory.load().await.roles.into_iter().find(|role| role.key == "editor").unwrap();
        assert_eq!((kept.name.as_str(), kept.scope, kept.built_in), ("Writer", RoleScope::Workspace, false));

        let delete = async |key: &str| directory.changed(async |tx| catalogue::delete_role(tx, key, NOW).await).await;
        assert_eq!(delete("editor").await, Outcome::Done);
        assert_eq!(delete("editor").await, Outcome::Missing);
        assert!(directory.load().await.grants.iter().all(|grant| grant.role != "editor"));
        assert_eq!(directory.changed(async |tx| catalogue::update_role(tx, &editor).await).await, Outcome::Missing);
        for role in BUILT_IN {
            assert_eq!(delete(role.key).await, Outcome::BuiltIn);
        }
    }

    async fn a_role_that_somebody_has_or_is_invited_to_stays(directory: Directory) {
        for name in ["ann", "bob"] {
            directory.subject(name).await;
        }
        directory.workspace("w", "ann").await;
        directory.role("editor").await;
        let auditor = role("auditor", RoleScope::Platform);
        assert_eq!(directory.changed(async |tx| catalogue::insert_role(tx, &auditor).await).await, Outcome::Done);
        let delete = async |key: &str, now: Timestamp| {
            directory.changed(async |tx| catalogue::delete_role(tx, key, now).await).await
        };

        let set = async |role: Option<&str>| {
            let write = async || {
                directory.db().write(async |tx| subjects::set_platform_role(tx, "id-bob", role, NOW).await).await
            };
            told(write).await
        };
        assert_eq!(set(Some("auditor")).await, subjects::Outcome::Done);
        assert_eq!(delete("auditor", NOW).await, Outcome::Held);
        assert_eq!(set(None).await, subjects::Outcome::Done);
        assert_eq!(delete("auditor", NOW).await, Outcome::Done);

        let sent = invitation("w", "i", "editor");
        let invited = directory.db().write(async |tx| invitations::insert(tx, &sent, b"digest").await).await.unwrap();
        assert_eq!(invited, cognate_store::members::Outcome::Done);
        assert_eq!(delete("editor", NOW).await, Outcome::Held);
        assert_eq!(directory.add("w", "bob", "editor").await, cognate_store::members::Outcome::Done);
        assert_eq!(delete("editor", sent.expires_at).await, Outcome::Held);
        assert_eq!(directory.remove("w", "bob").await, cognate_store::members::Outcome::Done);
        assert_eq!(delete("editor", sent.expires_at).await, Outcome::Done);
    }

    async fn a_grant_stays_its_roles_and_the_last_power_stays_there(directory: Directory) {
        directory.role("editor").await;
        for (role, expected) in [("none", Outcome::Missing), ("editor", Outcome::Done), ("editor", Outcome::Taken)] {
            let given = grant("g", role);
            let came = directory.changed(async |tx| catalogue::insert_grant(tx, &given).await).await;
            assert_eq!(came, expected);
        }
        let mut other = grant("g", "editor");
        other.action = "*".to_owned();
        other.condition = None;
        assert_eq!(directory.changed(async |tx| catalogue::update_grant(tx, &other).await).await, Outcome::Done);
        assert!(directory.load().await.grants.contains(&other));
        let elsewhere = Grant { role: "owner".to_owned(), ..other.clone() };
        assert_eq!(directory.changed(async |tx| catalogue::update_grant(tx, &elsewhere).await).await, Outcome::Missing);

        let delete = async |role: &str, id: &str| {
            directory.changed(async |tx| catalogue::delete_grant(tx, role, id).await).await
        };
        assert_eq!(delete("owner", "g").await, Outcome::Missing);
        assert_eq!(delete("editor", "g").await, Outcome::Done);
        assert_eq!(delete("editor", "g").await, Outcome::Missing);
        assert_eq!(delete("platform_admin", LOCKED_GRANT).await, Outcome::BuiltIn);
        let locked = grant(LOCKED_GRANT, "platform_admin");
        assert_eq!(directory.changed(async |tx| catalogue::update_grant(tx, &locked).await).await, Outcome::BuiltIn);
    }

    async fn a_policy_is_made_changed_and_removed(directory: Directory) {
        let mut policy = policy("p");
        assert_eq!(directory.changed(async |tx| catalogue::update_policy(tx, &policy).await).await, Outcome::Missing);
        assert_eq!(directory.changed(async |tx| catalogue::insert_policy(tx, &policy).await).await, Outcome::Done);
        assert_eq!(directory.changed(async |tx| catalogue::insert_policy(tx, &policy).await).await, Outcome::Taken);
        policy.source = "forbid (principal, action, resource);".to_owned();
        assert_eq!(directory.changed(async |tx| catalogue::update_policy(tx, &policy).await).await, Outcome::Done);
        assert_eq!(directory.load().await.policies, [policy]);
        assert_eq!(directory.changed(async |tx| catalogue::delete_policy(tx, "p").await).await, Outcome::Done);
        assert_eq!(directory.changed(async |tx| catalogue::delete_policy(tx, "p").await).await, Outcome::Missing);
    }

    async fn there_are_as_many_as_there_may_be(directory: Directory) {
        let numbers = |most: i64| (0..most).map(|number| format!("({number})")).collect::<Vec<_>>().join(", ");
        let there = i64::try_from(BUILT_IN.len()).unwrap();
        directory.execute(&format!(
            "INSERT INTO roles (role_key, scope, name, built_in, created_at, modified_at)
             WITH given (n) AS (VALUES {}) SELECT 'r' || n, 'workspace', 'r', FALSE, 0, 0 FROM given",
            numbers(MOST_ROLES - there)
        )).await;
        let one = role("one-more", RoleScope::Workspace);
        assert_eq!(directory.changed(async |tx| catalogue::insert_role(tx, &one).await).await, Outcome::Full);

        let there = i64::try_from(directory.load().await.grants.len()).unwrap();
        directory.execute(&format!(
            "INSERT INTO role_grants (grant_id, role_key, action, resource, created_at)
             WITH given (n) AS (VALUES {}) SELECT 'g' || n, 'r0', '*', '*', 0 FROM given", numbers(MOST_GRANTS - there)
        )).await;
        let one = grant("one-more", "r0");
        assert_eq!(directory.changed(async |tx| catalogue::insert_grant(tx, &one).await).await, Outcome::Full);

        directory.execute(&format!(
            "INSERT INTO policies (policy_id, source, created_at, modified_at)
             WITH given (n) AS (VALUES {}) SELECT 'p' || n, 'x', 0, 0 FROM given", numbers(MOST_POLICIES)
        )).await;
        let one = policy("one-more");
        assert_eq!(directory.changed(async |tx| catalogue::insert_policy(tx, &one).await).await, Outcome::Full);
    }

    /// However many change it at once, each change is one version.
    async fn changes_at_once_are_all_counted(directory: Directory) {
        let before = directory.load().await.version;
        let mut changes = tokio::task::JoinSet::new();
        for number in 0..10 {
            let db = directory.db().clone();
            changes.spawn(async move {
                let role = role(&format!("r{number}"), RoleScope::Workspace);
                while let Err(error) = db.write(async |tx| catalogue::insert_role(tx, &role).await).await {
                    assert!(matches!(error.cause(), Some(cognate_store::Fault::Again)), "{error:?}");
                }
            });
        }
        changes.join_all().await;
        let after = directory.load().await;
        assert_eq!((after.version, after.roles.len()), (before + 10, BUILT_IN.len() + 10));
    }
}
