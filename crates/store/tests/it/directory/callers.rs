use std::sync::atomic::{AtomicBool, Ordering};

use cognate_domain::directory::{Subject, WorkspaceState};
use cognate_store::callers::{self, Caller, FamilyKey, Stood};
use cognate_store::members::Outcome;
use cognate_store::{Tx, catalogue, subjects, tokens};
use cognate_testkit::both_engines;

use super::{Directory, NOW, known_as};

const FAMILY: FamilyKey<'_> = FamilyKey { pool_id: "pool", user_id: "sub-ann", origin_jti: "jti" };

/// Ann signs in at this server.
async fn sign_in(directory: &Directory) {
    directory
        .execute(
            "INSERT INTO users (pool_id, user_id, username, status, enabled, attributes, version, created_at,
                                modified_at)
             VALUES ('pool', 'sub-ann', 'ann', 'CONFIRMED', TRUE, '{}', 1, 0, 0)",
        )
        .await;
    directory
        .execute(
            "INSERT INTO token_families (pool_id, user_id, user_number, origin_jti, client_id, event_id, scope,
                                         authenticated_at, expires_at, token_epoch)
             SELECT pool_id, user_id, user_number, 'jti', 'client', 'event', 'scope', 1, 2, token_epoch FROM users",
        )
        .await;
}

async fn find(directory: &Directory, family: Option<FamilyKey<'_>>) -> Caller {
    callers::find(&mut directory.db().read().await.unwrap(), &known_as("ann"), family).await.unwrap()
}

fn places(caller: &Caller) -> Vec<(&str, &str)> {
    caller.memberships.iter().map(|place| (place.workspace_id.as_str(), place.role.as_str())).collect()
}

both_engines! {
    async fn a_stranger_has_nothing_but_the_version(directory: Directory) {
        directory.subject("bob").await;
        directory.workspace("w", "bob").await;
        let version = catalogue::version(&mut directory.db().read().await.unwrap()).await.unwrap();
        assert!(version > NOW.0);
        for family in [None, Some(FAMILY)] {
            let caller = find(&directory, family).await;
            assert!(caller.held.is_none());
            assert_eq!((caller.subject, caller.memberships, caller.catalogue_version), (None, Vec::new(), version));
        }
    }

    async fn a_token_may_be_there_before_its_subject_is(directory: Directory) {
        sign_in(&directory).await;
        let caller = find(&directory, Some(FAMILY)).await;
        let held = caller.held.unwrap();
        assert_eq!((held.user.id.as_str(), held.family.client_id.as_str(), held.revoked), ("sub-ann", "client", false));
        assert_eq!((caller.subject, caller.memberships.len()), (None, 0));
        assert!(caller.catalogue_version > 0);
    }

    async fn a_person_without_memberships_is_a_subject_all_the_same(directory: Directory) {
        sign_in(&directory).await;
        let subject = directory.subject("ann").await;
        for family in [None, Some(FAMILY)] {
            let caller = find(&directory, family).await;
            assert_eq!(caller.held.is_some(), family.is_some());
            assert_eq!((caller.subject, caller.memberships.len()), (Some(subject.clone()), 0));
        }
    }

    async fn all_memberships_come_with_their_workspaces(directory: Directory) {
        sign_in(&directory).await;
        for name in ["ann", "bob"] {
            directory.subject(name).await;
        }
        directory.workspace("z", "ann").await;
        let archived = directory.workspace("y", "bob").await;
        assert_eq!(directory.add("y", "ann", "viewer").await, cognate_store::members::Outcome::Done);
        directory.archive(&archived).await;
        directory.workspace("x", "bob").await;
        directory.execute("UPDATE members SET added_at = added_at - 1 WHERE workspace_id = 'z'").await;
        for family in [None, Some(FAMILY)] {
            let caller = find(&directory, family).await;
            assert_eq!(places(&caller), [("z", "owner"), ("y", "viewer")]);
            let states: Vec<_> = caller.memberships.iter().map(|place| place.workspace_state).collect();
            assert_eq!(states, [WorkspaceState::Active, WorkspaceState::Archived]);
            assert_eq!(caller.memberships[0].workspace_name, "Workspace z");
            assert_eq!(caller.held.is_some(), family.is_some());
        }
    }

    async fn the_family_is_what_finding_the_bearer_gives(directory: Directory) {
        sign_in(&directory).await;
        directory.subject("ann").await;
        let both = async |tx: &mut Tx<'_>, key: FamilyKey<'_>| {
            let one = callers::find(tx, &known_as("ann"), Some(key)).await.unwrap().held;
            let other = tokens::find_bearer(tx, key.pool_id, key.user_id, key.origin_jti).await.unwrap();
            let told = |held: &tokens::Held| format!("{:?} {:?} {}", held.user, held.family, held.revoked);
            assert_eq!(one.as_ref().map(told), other.as_ref().map(told));
            one.map(|held| held.revoked)
        };
        let tx = &mut directory.db().read().await.unwrap();
        assert_eq!(both(tx, FAMILY).await, Some(false));
        let others = [
            FamilyKey { origin_jti: "other", ..FAMILY },
            FamilyKey { pool_id: "other", ..FAMILY },
            FamilyKey { user_id: "sub-bob", ..FAMILY },
        ];
        for other in others {
            assert_eq!(both(tx, other).await, None);
        }
        directory.execute("UPDATE users SET token_epoch = token_epoch + 1").await;
        assert_eq!(both(tx, FAMILY).await, Some(true));
        directory.execute("UPDATE token_families SET token_epoch = 1, revoked_at = 5").await;
        assert_eq!(both(tx, FAMILY).await, Some(true));
        directory.execute("UPDATE token_families SET revoked_at = NULL").await;
        assert_eq!(both(tx, FAMILY).await, Some(false));
        directory.execute("DELETE FROM users").await;
        assert_eq!(both(tx, FAMILY).await, None);
        assert!(find(&directory, Some(FAMILY)).await.subject.is_some());
    }

    async fn a_workspace_that_was_left_is_nobodys_current_one(directory: Directory) {
        for name in ["ann", "bob"] {
            directory.subject(name).await;
        }
        directory.workspace("w", "bob").await;
        assert_eq!(directory.add("w", "ann", "viewer").await, cognate_store::members::Outcome::Done);
        let set = directory.db()
            .write(async |tx| subjects::set_current_workspace(tx, "id-ann", Some("w"), NOW).await).await;
        assert!(set.unwrap());
        assert_eq!(find(&directory, None).await.subject.unwrap().current_workspace.as_deref(), Some("w"));
        assert_eq!(directory.remove("w", "ann").await, cognate_store::members::Outcome::Done);
        assert_eq!(find(&directory, None).await.subject.unwrap().current_workspace, None);
    }

    /// No snapshot spans two statements, on either engine: were it two, some of these reads would be torn.
    async fn all_of_it_is_as_of_one_moment(directory: Directory) {
        sign_in(&directory).await;
        directory.subject("ann").await;
        for id in ["w", "x", "y"] {
            directory.workspace(id, "ann").await;
        }
        let set = async |number: i64| {
            directory.db().write(async |tx| {
                for sql in [
                    "UPDATE users SET version = $1",
                    "UPDATE token_families SET expires_at = $1",
                    "UPDATE subjects SET version = $1",
                    "UPDATE members SET added_at = $1",
                    "UPDATE workspaces SET name = CAST(CAST($1 AS BIGINT) AS TEXT)",
                    "UPDATE catalogue SET version = $1",
                ] {
                    tx.query(sql).bind(number).execute().await?;
                }
                Ok(())
            }).await.unwrap();
        };
        set(0).await;

        let done = AtomicBool::new(false);
        let write = async {
            for number in 1..=200 {
                set(number).await;
            }
            done.store(true, Ordering::Relaxed);
        };
        let read = async {
            let mut seen = Vec::new();
            while !done.load(Ordering::Relaxed) {
                let caller = find(&directory, Some(FAMILY)).await;
                let held = caller.held.as_ref().unwrap();
                let mut numbers = vec![
                    held.user.version,
                    held.family.expires_at.0,
                    caller.subject.as_ref().map_or(-1, |subject: &Subject| subject.version),
                    caller.catalogue_version,
                ];
                numbers.extend(caller.memberships.iter().map(|place| place.added_at.0));
                numbers.extend(caller.memberships.iter().map(|place| place.workspace_name.parse::<i64>().unwrap()));
                assert_eq!(numbers.len(), 10);
                assert!(numbers.iter().all(|number| *number == numbers[0]), "torn: {numbers:?}");
                seen.push(numbers[0]);
                tokio::task::yield_now().await;
            }
            seen.dedup();
            seen
        };
        let ((), seen) = tokio::join!(write, read);
        assert!(seen.is_sorted());
        assert!(seen.len() > 20, "only {} moments were seen", seen.len());
    }

    async fn what_a_decision_stood_on_is_seen_to_have_changed(directory: Directory) {
        for name in ["ann", "bob"] {
            directory.subject(name).await;
        }
        directory.workspace("w", "ann").await;
        assert_eq!(directory.add("w", "bob", "admin").await, Outcome::Done);
        let catalogue_version = catalogue::version(&mut directory.db().read().await.unwrap()).await.unwrap();
        let bob = Stood { subject_id: "id-bob", platform_role: None, place: Some(("w", Some("admin"))), catalogue_version };
        let stands = async |stood: Stood<'_>| {
            directory.db().write(async |tx| callers::still_stands(tx, &stood).await).await.unwrap()
        };
        assert!(stands(bob).await);
        assert!(stands(Stood { place: None, ..bob }).await);
        assert!(stands(Stood { place: Some(("other", None)), ..bob }).await);
        for other in [
            Stood { subject_id: "id-nobody", place: None, ..bob },
            Stood { platform_role: Some("platform_admin"), ..bob },
            Stood { place: Some(("w", Some("owner"))), ..bob },
            Stood { place: Some(("w", None)), ..bob },
            Stood { place: Some(("other", Some("admin"))), ..bob },
            Stood { catalogue_version: catalogue_version - 1, ..bob },
        ] {
            assert!(!stands(other).await);
        }

        assert_eq!(directory.set_role("w", "bob", "member").await, Outcome::Done);
        assert!(!stands(bob).await);
        assert_eq!(directory.set_role("w", "bob", "admin").await, Outcome::Done);
        assert!(stands(bob).await);
        directory.execute("UPDATE subjects SET platform_role = 'support' WHERE subject_id = 'id-bob'").await;
        assert!(!stands(bob).await);
        assert!(stands(Stood { platform_role: Some("support"), ..bob }).await);
        directory.execute("UPDATE subjects SET state = 'disabled' WHERE subject_id = 'id-bob'").await;
        assert!(!stands(Stood { platform_role: Some("support"), ..bob }).await);
    }
}
