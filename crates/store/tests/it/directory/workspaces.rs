use cognate_domain::Timestamp;
use cognate_domain::directory::WorkspaceState;
use cognate_store::workspaces;
use cognate_testkit::both_engines;

use super::{Directory, NOW};

const LATER: Timestamp = Timestamp(NOW.0 + 5);

both_engines! {
    async fn a_workspace_comes_with_its_owner_or_not_at_all(directory: Directory) {
        directory.subject("ann").await;
        directory.subject("bob").await;
        let made = directory.workspace("w", "ann").await;
        let mut tx = directory.db().read().await.unwrap();
        let found = workspaces::find(&mut tx, "w", "id-ann").await.unwrap();
        assert_eq!(found, Some((made.clone(), Some("owner".to_owned()))));
        assert_eq!(workspaces::find(&mut tx, "w", "id-bob").await.unwrap(), Some((made.clone(), None)));
        assert_eq!(workspaces::find(&mut tx, "none", "id-ann").await.unwrap(), None);

        let of_nobody = cognate_domain::directory::Workspace { id: "v".into(), created_by: "id-nobody".into(), ..made };
        assert!(!directory.db().write(async |tx| workspaces::insert(tx, &of_nobody).await).await.unwrap());
        assert_eq!(directory.store.count("workspaces").await, 1);
        assert_eq!(directory.store.count("members").await, 1);
    }

    async fn a_change_asserts_what_was_read_and_that_it_is_active(directory: Directory) {
        directory.subject("ann").await;
        directory.workspace("w", "ann").await;
        let rename = async |version, name: &str| {
            directory.db().write(async |tx| workspaces::rename(tx, ("w", version), name, LATER).await).await.unwrap()
        };
        let set = async |version, state| {
            let read = ("w", version);
            directory.db().write(async |tx| workspaces::set_state(tx, read, state, LATER).await).await.unwrap()
        };
        assert!(rename(1, "One").await);
        assert!(!rename(1, "Other").await);
        assert!(!set(1, WorkspaceState::Archived).await);
        assert!(!set(2, WorkspaceState::Active).await);
        assert!(set(2, WorkspaceState::Archived).await);
        assert!(!rename(3, "Archived").await);
        assert!(set(3, WorkspaceState::Active).await);
        assert!(rename(4, "Two").await);
        let mut tx = directory.db().read().await.unwrap();
        let (now, _) = workspaces::find(&mut tx, "w", "id-ann").await.unwrap().unwrap();
        assert_eq!((now.name.as_str(), now.version, now.modified_at), ("Two", 5, LATER));
    }

    async fn pages_of_ones_own_pass_over_none(directory: Directory) {
        directory.subject("ann").await;
        directory.subject("bob").await;
        for number in 0..9 {
            directory.workspace(&format!("w{number}"), "ann").await;
        }
        directory.workspace("v", "bob").await;
        let mut tx = directory.db().read().await.unwrap();
        for size in [1, 4, 9, 20] {
            let mut seen: Vec<String> = Vec::new();
            loop {
                let after = seen.last().cloned().unwrap_or_default();
                let page = workspaces::list_of_subject(&mut tx, "id-ann", &after, size).await.unwrap();
                if page.is_empty() {
                    break;
                }
                assert!(page.iter().all(|(_, role)| role == "owner"));
                seen.extend(page.into_iter().map(|(workspace, _)| workspace.id));
            }
            assert_eq!(seen.len(), 9);
            assert!(seen.is_sorted());
        }
    }
}
