use cognate_domain::Timestamp;
use cognate_domain::directory::rules::MOST_INVITATIONS;
use cognate_domain::directory::{Invitation, WorkspaceState};
use cognate_store::invitations::{self, Taken};
use cognate_store::members::Outcome;
use cognate_store::workspaces;
use cognate_testkit::both_engines;

use super::{Directory, NOW, invitation, place, told};

impl Directory {
    async fn invite(&self, invitation: &Invitation, digest: &[u8]) -> Outcome {
        self.db().write(async |tx| invitations::insert(tx, invitation, digest).await).await.unwrap()
    }

    async fn take(&self, digest: &[u8], name: &str, now: Timestamp) -> String {
        let id = format!("id-{name}");
        let taken =
            told(async || self.db().write(async |tx| invitations::take(tx, digest, &id, now).await).await).await;
        match taken {
            Taken::Joined(invitation) => format!("joined as {}", invitation.role),
            Taken::Unknown => "unknown".to_owned(),
            Taken::Refused(outcome) => format!("{outcome:?}"),
        }
    }
}

/// Ann's workspace, with Bob and Cid outside.
async fn prepared(directory: &Directory) -> cognate_domain::directory::Workspace {
    for name in ["ann", "bob", "cid"] {
        directory.subject(name).await;
    }
    directory.workspace("w", "ann").await
}

both_engines! {
    async fn whoever_brings_the_token_joins_once(directory: Directory) {
        prepared(&directory).await;
        let sent = invitation("w", "i", "member");
        assert_eq!(directory.invite(&sent, b"digest").await, Outcome::Done);
        let mut tx = directory.db().read().await.unwrap();
        assert_eq!(invitations::find(&mut tx, b"digest", NOW).await.unwrap(), Some(sent));
        assert_eq!(directory.take(b"other", "bob", NOW).await, "unknown");
        assert_eq!(directory.take(b"digest", "bob", NOW).await, "joined as member");
        assert_eq!(directory.take(b"digest", "cid", NOW).await, "unknown");
        assert_eq!(directory.take(b"digest", "bob", NOW).await, "unknown");
        assert_eq!(directory.people("w").await.len(), 2);
        assert_eq!(directory.store.count("invitations").await, 0);
    }

    async fn of_two_who_bring_it_at_once_one_joins(directory: Directory) {
        prepared(&directory).await;
        for round in 0..8 {
            let id = format!("w{round}");
            directory.workspace(&id, "ann").await;
            let digest = [round; 4];
            assert_eq!(directory.invite(&invitation(&id, "i", "viewer"), &digest).await, Outcome::Done);
            let (one, other) =
                tokio::join!(directory.take(&digest, "bob", NOW), directory.take(&digest, "cid", NOW));
            let mut said = [one, other];
            said.sort();
            assert_eq!(said, ["joined as viewer", "unknown"], "round {round}");
            assert_eq!(directory.people(&id).await.len(), 2);
        }
    }

    async fn one_that_comes_late_is_unknown(directory: Directory) {
        prepared(&directory).await;
        let sent = invitation("w", "i", "member");
        assert_eq!(directory.invite(&sent, b"digest").await, Outcome::Done);
        assert_eq!(directory.take(b"digest", "bob", sent.expires_at).await, "unknown");
        let mut tx = directory.db().read().await.unwrap();
        assert!(invitations::find(&mut tx, b"digest", sent.expires_at).await.unwrap().is_none());
        assert!(invitations::list(&mut tx, "w", "", 10, sent.expires_at).await.unwrap().is_empty());
        assert_eq!(directory.take(b"digest", "bob", Timestamp(sent.expires_at.0 - 1)).await, "joined as member");
    }

    async fn a_member_who_tries_the_link_does_not_use_it_up(directory: Directory) {
        prepared(&directory).await;
        assert_eq!(directory.invite(&invitation("w", "i", "viewer"), b"digest").await, Outcome::Done);
        assert_eq!(directory.take(b"digest", "ann", NOW).await, "AlreadyMember");
        assert_eq!(directory.take(b"digest", "nobody", NOW).await, "NoSubject");
        assert_eq!(directory.people("w").await, [("id-ann".to_owned(), "owner".to_owned())]);
        assert_eq!(directory.take(b"digest", "bob", NOW).await, "joined as viewer");
    }

    async fn a_new_one_of_the_same_address_takes_the_place_of_the_old(directory: Directory) {
        prepared(&directory).await;
        assert_eq!(directory.invite(&invitation("w", "i", "viewer"), b"first").await, Outcome::Done);
        let mut second = invitation("w", "j", "admin");
        second.email = "I@EXAMPLE.com".to_owned();
        assert_eq!(directory.invite(&second, b"second").await, Outcome::Done);
        let mut tx = directory.db().read().await.unwrap();
        assert_eq!(invitations::list(&mut tx, "w", "", 10, NOW).await.unwrap(), [second]);
        assert_eq!(directory.take(b"first", "bob", NOW).await, "unknown");
        assert_eq!(directory.take(b"second", "bob", NOW).await, "joined as admin");
    }

    async fn one_that_is_taken_back_is_gone(directory: Directory) {
        prepared(&directory).await;
        assert_eq!(directory.invite(&invitation("w", "i", "viewer"), b"digest").await, Outcome::Done);
        let delete = async |workspace: &str| {
            directory.db().write(async |tx| invitations::delete(tx, workspace, "i").await).await.unwrap()
        };
        assert!(!delete("other").await);
        assert!(delete("w").await);
        assert!(!delete("w").await);
        assert_eq!(directory.take(b"digest", "bob", NOW).await, "unknown");
    }

    async fn what_somebody_sent_out_is_taken_back_there_and_nowhere_else(directory: Directory) {
        prepared(&directory).await;
        directory.workspace("v", "ann").await;
        for (workspace, id, inviter) in [("w", "i", "id-ann"), ("w", "j", "id-ann"), ("w", "k", "id-bob"), ("v", "l", "id-ann")] {
            let sent = Invitation { invited_by: inviter.to_owned(), ..invitation(workspace, id, "viewer") };
            assert_eq!(directory.invite(&sent, id.as_bytes()).await, Outcome::Done);
        }
        let taken_back = directory.db()
            .write(async |tx| invitations::delete_of_inviter(tx, place("w", "id-ann")).await).await;
        assert_eq!(taken_back.unwrap(), 2);
        assert_eq!(directory.take(b"i", "cid", NOW).await, "unknown");
        assert_eq!(directory.take(b"k", "cid", NOW).await, "joined as viewer");
        assert_eq!(directory.take(b"l", "cid", NOW).await, "joined as viewer");
    }

    async fn nobody_is_invited_to_what_a_member_could_not_be(directory: Directory) {
        let workspace = prepared(&directory).await;
        for role in ["platform_admin", "support", "no_such_role", ""] {
            assert_eq!(directory.invite(&invitation("w", "i", role), b"digest").await, Outcome::UnknownRole, "{role}");
        }
        assert_eq!(directory.invite(&invitation("none", "i", "viewer"), b"digest").await, Outcome::NoWorkspace);
        directory.archive(&workspace).await;
        assert_eq!(directory.invite(&invitation("w", "i", "viewer"), b"digest").await, Outcome::Archived);
        assert_eq!(directory.store.count("invitations").await, 0);
    }

    async fn what_became_impossible_meanwhile_leaves_the_invitation_as_it_is(directory: Directory) {
        let workspace = prepared(&directory).await;
        assert_eq!(directory.invite(&invitation("w", "i", "viewer"), b"digest").await, Outcome::Done);
        directory.archive(&workspace).await;
        assert_eq!(directory.take(b"digest", "bob", NOW).await, "Archived");
        let active = directory.db()
            .write(async |tx| workspaces::set_state(tx, ("w", 2), WorkspaceState::Active, NOW).await).await;
        assert!(active.unwrap());
        directory.execute("UPDATE invitations SET role_key = 'platform_admin'").await;
        assert_eq!(directory.take(b"digest", "bob", NOW).await, "UnknownRole");
        directory.execute("UPDATE invitations SET role_key = 'viewer'").await;
        assert_eq!(directory.take(b"digest", "bob", NOW).await, "joined as viewer");
    }

    async fn invitations_are_bounded_and_pages_pass_over_none(directory: Directory) {
        prepared(&directory).await;
        let rows: Vec<_> = (0..MOST_INVITATIONS - 1)
            .map(|number| format!("('w', 'x{number:04}', 'e{number}', 'viewer', 'id-ann', 0, {})", i64::MAX))
            .collect();
        let digests = if directory.store.test.is_sqlite() { "CAST(id AS BLOB)" } else { "CAST(id AS BYTEA)" };
        directory.execute(&format!(
            "INSERT INTO invitations (workspace_id, invitation_id, token_digest, email, email_folded, role_key,
                                      invited_by, created_at, expires_at)
             WITH given (w, id, email, role, inviter, c, e) AS (VALUES {})
             SELECT w, id, {digests}, email, email, role, inviter, c, e FROM given", rows.join(", ")
        )).await;
        assert_eq!(directory.invite(&invitation("w", "i", "viewer"), b"digest").await, Outcome::Done);
        assert_eq!(directory.invite(&invitation("w", "j", "viewer"), b"another").await, Outcome::MostInvitations);

        let mut tx = directory.db().read().await.unwrap();
        let mut seen: Vec<String> = Vec::new();
        loop {
            let after = seen.last().cloned().unwrap_or_default();
            let page = invitations::list(&mut tx, "w", &after, 300, NOW).await.unwrap();
            if page.is_empty() {
                break;
            }
            seen.extend(page.into_iter().map(|invitation| invitation.id));
        }
        assert_eq!(i64::try_from(seen.len()), Ok(MOST_INVITATIONS));
        assert!(seen.is_sorted());
    }
}
