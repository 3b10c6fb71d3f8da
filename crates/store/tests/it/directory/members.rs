use cognate_domain::directory::rules::{MOST_MEMBERS, MOST_MEMBERSHIPS};
use cognate_domain::directory::{Claims, SubjectState, WorkspaceState};
use cognate_store::members::{self, Outcome};
use cognate_store::{catalogue, workspaces};
use cognate_testkit::both_engines;

use super::{Directory, NOW, place};

both_engines! {
    async fn members_come_change_and_go(directory: Directory) {
        for name in ["ann", "bob"] {
            directory.subject(name).await;
        }
        directory.workspace("w", "ann").await;
        assert_eq!(directory.add("w", "bob", "viewer").await, Outcome::Done);
        assert_eq!(directory.add("w", "bob", "owner").await, Outcome::AlreadyMember);
        assert_eq!(directory.set_role("w", "bob", "member").await, Outcome::Done);
        let mut tx = directory.db().read().await.unwrap();
        let bob = members::find(&mut tx, place("w", "id-bob")).await.unwrap().unwrap();
        assert_eq!((bob.role.as_str(), bob.claims, bob.state, bob.added_at),
            ("member", Claims::kept(Some("bob"), Some("bob@example.com")), SubjectState::Active, NOW));
        assert_eq!(members::find_role(&mut tx, place("w", "id-bob")).await.unwrap().as_deref(), Some("member"));
        assert_eq!(directory.remove("w", "bob").await, Outcome::Done);
        assert_eq!(members::find_role(&mut tx, place("w", "id-bob")).await.unwrap(), None);
        assert_eq!(directory.people("w").await, [("id-ann".to_owned(), "owner".to_owned())]);
    }

    async fn what_is_not_there_is_named(directory: Directory) {
        for name in ["ann", "bob"] {
            directory.subject(name).await;
        }
        directory.workspace("w", "ann").await;
        assert_eq!(directory.add("none", "bob", "viewer").await, Outcome::NoWorkspace);
        assert_eq!(directory.add("w", "nobody", "viewer").await, Outcome::NoSubject);
        assert_eq!(directory.set_role("none", "bob", "viewer").await, Outcome::NoWorkspace);
        assert_eq!(directory.set_role("w", "bob", "viewer").await, Outcome::NotAMember);
        assert_eq!(directory.remove("none", "bob").await, Outcome::NoWorkspace);
        assert_eq!(directory.remove("w", "bob").await, Outcome::NotAMember);
    }

    async fn no_role_of_the_platforms_and_no_unknown_one_is_given_in_a_workspace(directory: Directory) {
        for name in ["ann", "bob", "cid"] {
            directory.subject(name).await;
        }
        directory.workspace("w", "ann").await;
        assert_eq!(directory.add("w", "bob", "viewer").await, Outcome::Done);
        for role in ["platform_admin", "support", "no_such_role", "", "Owner", "owner ", "*"] {
            assert_eq!(directory.add("w", "cid", role).await, Outcome::UnknownRole, "{role}");
            assert_eq!(directory.set_role("w", "bob", role).await, Outcome::UnknownRole, "{role}");
        }
        let people = directory.people("w").await;
        assert_eq!(people.iter().map(|(_, role)| role.as_str()).collect::<Vec<_>>(), ["owner", "viewer"]);
    }

    async fn the_last_owner_can_neither_leave_nor_be_demoted(directory: Directory) {
        for name in ["ann", "bob"] {
            directory.subject(name).await;
        }
        directory.workspace("w", "ann").await;
        directory.workspace("other", "bob").await; // whose owner is none of this one's
        assert_eq!(directory.add("w", "bob", "admin").await, Outcome::Done);
        assert_eq!(directory.remove("w", "ann").await, Outcome::LastOwner);
        assert_eq!(directory.set_role("w", "ann", "admin").await, Outcome::LastOwner);
        assert_eq!(directory.set_role("w", "ann", "owner").await, Outcome::Done);
        assert_eq!(directory.set_role("w", "bob", "owner").await, Outcome::Done);
        assert_eq!(directory.set_role("w", "ann", "viewer").await, Outcome::Done);
        assert_eq!(directory.remove("w", "bob").await, Outcome::LastOwner);
        assert_eq!(directory.remove("w", "ann").await, Outcome::Done);
    }

    async fn two_owners_who_leave_or_remove_each_other_at_once_leave_one(directory: Directory) {
        for name in ["ann", "bob"] {
            directory.subject(name).await;
        }
        for round in 0..12 {
            let id = format!("w{round}");
            directory.workspace(&id, "ann").await;
            assert_eq!(directory.add(&id, "bob", "owner").await, Outcome::Done);
            let (one, other) = match round % 3 {
                0 => tokio::join!(directory.remove(&id, "ann"), directory.remove(&id, "bob")),
                1 => tokio::join!(directory.set_role(&id, "ann", "viewer"), directory.set_role(&id, "bob", "viewer")),
                _ => tokio::join!(directory.set_role(&id, "ann", "viewer"), directory.remove(&id, "bob")),
            };
            let mut outcomes = [format!("{one:?}"), format!("{other:?}")];
            outcomes.sort();
            assert_eq!(outcomes, ["Done", "LastOwner"], "round {round}");
            assert_eq!(directory.people(&id).await.iter().filter(|(_, role)| role == "owner").count(), 1);
        }
    }

    async fn a_role_is_not_removed_while_somebody_is_given_it(directory: Directory) {
        for name in ["ann", "bob"] {
            directory.subject(name).await;
        }
        for round in 0..10 {
            let (workspace, role) = (format!("w{round}"), format!("role{round}"));
            directory.workspace(&workspace, "ann").await;
            directory.role(&role).await;
            let remove = super::told(async || {
                directory.db().write(async |tx| catalogue::delete_role(tx, &role, NOW).await).await
            });
            let add = super::told(async || {
                directory.db().write(async |tx| members::add(tx, place(&workspace, "id-bob"), &role, NOW).await).await
            });
            let (added, removed) = tokio::join!(add, remove);
            let there = directory.people(&workspace).await.len() == 2;
            assert_eq!(there, added == Outcome::Done);
            let expected = if there { catalogue::Outcome::Held } else { catalogue::Outcome::Done };
            assert_eq!(removed, expected, "round {round}: {added:?}");
        }
    }

    async fn an_archived_workspace_takes_no_changes_until_it_is_active_again(directory: Directory) {
        for name in ["ann", "bob", "cid"] {
            directory.subject(name).await;
        }
        let workspace = directory.workspace("w", "ann").await;
        assert_eq!(directory.add("w", "bob", "member").await, Outcome::Done);
        let before = directory.people("w").await;
        directory.archive(&workspace).await;
        assert_eq!(directory.add("w", "cid", "viewer").await, Outcome::Archived);
        assert_eq!(directory.set_role("w", "bob", "admin").await, Outcome::Archived);
        assert_eq!(directory.remove("w", "bob").await, Outcome::Archived);
        assert_eq!(directory.people("w").await, before);

        let active = directory.db()
            .write(async |tx| workspaces::set_state(tx, ("w", 2), WorkspaceState::Active, NOW).await).await;
        assert!(active.unwrap());
        assert_eq!(directory.remove("w", "bob").await, Outcome::Done);
    }

    async fn nobody_belongs_to_more_workspaces_than_one_may(directory: Directory) {
        for name in ["ann", "bob"] {
            directory.subject(name).await;
        }
        directory.workspace("w", "bob").await;
        fill(&directory, MOST_MEMBERSHIPS, |number| format!("('id-ann', 'w{number}', 'viewer', 0)")).await;
        assert_eq!(directory.add("w", "ann", "viewer").await, Outcome::MostMemberships);
        let mut own = directory.workspace("own", "bob").await;
        own.id = "another".to_owned();
        own.created_by = "id-ann".to_owned();
        assert!(!directory.db().write(async |tx| workspaces::insert(tx, &own).await).await.unwrap());
        directory.execute("DELETE FROM members WHERE workspace_id = 'w7'").await;
        assert_eq!(directory.add("w", "ann", "viewer").await, Outcome::Done);
    }

    async fn no_workspace_has_more_members_than_it_may(directory: Directory) {
        for name in ["ann", "bob"] {
            directory.subject(name).await;
        }
        directory.workspace("w", "bob").await;
        fill(&directory, MOST_MEMBERS - 1, |number| format!("('id-{number}', 'w', 'viewer', 0)")).await;
        assert_eq!(directory.add("w", "ann", "viewer").await, Outcome::MostMembers);
        directory.execute("DELETE FROM members WHERE subject_id = 'id-7'").await;
        assert_eq!(directory.add("w", "ann", "viewer").await, Outcome::Done);
    }

    async fn pages_of_members_pass_over_nobody(directory: Directory) {
        directory.subject("ann").await;
        directory.workspace("w", "ann").await;
        for number in 0..11 {
            let name = format!("m{number:02}");
            directory.subject(&name).await;
            assert_eq!(directory.add("w", &name, "viewer").await, Outcome::Done);
        }
        directory.workspace("other", "m01").await;
        let mut tx = directory.db().read().await.unwrap();
        for size in [1, 5, 12, 50] {
            let mut seen: Vec<String> = Vec::new();
            loop {
                let after = seen.last().cloned().unwrap_or_default();
                let page = members::list(&mut tx, "w", &after, size).await.unwrap();
                if page.is_empty() {
                    break;
                }
                seen.extend(page.into_iter().map(|member| member.subject_id));
            }
            assert_eq!(seen.len(), 12);
            assert!(seen.is_sorted());
        }
    }
}

/// Rows of members, past the statements that would ask who they are.
async fn fill(directory: &Directory, count: i64, row: impl Fn(i64) -> String) {
    let rows: Vec<_> = (0..count).map(row).collect();
    for rows in rows.chunks(500) {
        let sql =
            format!("INSERT INTO members (subject_id, workspace_id, role_key, added_at) VALUES {}", rows.join(", "));
        directory.execute(&sql).await;
    }
}
