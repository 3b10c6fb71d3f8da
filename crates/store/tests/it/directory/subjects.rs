use cognate_domain::Timestamp;
use cognate_domain::directory::{Claims, Onboarding, SubjectState};
use cognate_store::WriteTx;
use cognate_store::subjects::{self, Outcome};
use cognate_testkit::both_engines;
use tokio::task::JoinSet;

use super::{Directory, NOW, known_as, somebody, told};

const LATER: Timestamp = Timestamp(NOW.0 + 5);

impl Directory {
    async fn platform_role(&self, name: &str, role: Option<&str>) -> Outcome {
        let id = format!("id-{name}");
        told(async || self.db().write(async |tx| subjects::set_platform_role(tx, &id, role, LATER).await).await).await
    }

    async fn state(&self, name: &str, state: SubjectState) -> Outcome {
        let id = format!("id-{name}");
        told(async || self.db().write(async |tx| subjects::set_state(tx, &id, state, LATER).await).await).await
    }

    async fn admins(&self) -> i64 {
        subjects::count_admins(&mut self.db().read().await.unwrap()).await.unwrap()
    }
}

both_engines! {
    async fn a_subject_comes_back_as_it_was_kept(directory: Directory) {
        let mut subject = somebody("ann");
        subject.preferences.insert("theme".to_owned(), "dark \"🦀\"".into());
        subject.entitlements = vec!["export".to_owned()];
        subject.display_name = Some("Ann".to_owned());
        let made = directory.db().write(async |tx| subjects::insert_if_absent(tx, &subject).await).await.unwrap();
        assert_eq!(made, subject);
        assert_eq!(directory.find("ann").await, subject);
        let mut tx = directory.db().read().await.unwrap();
        assert_eq!(subjects::find(&mut tx, "id-ann").await.unwrap(), Some(subject));
        assert_eq!(subjects::find(&mut tx, "id-bob").await.unwrap(), None);
        assert_eq!(subjects::find_by_provider(&mut tx, &known_as("bob")).await.unwrap(), None);
    }

    async fn a_role_or_a_workspace_cannot_be_brought_along(directory: Directory) {
        let mut subject = somebody("ann");
        subject.platform_role = Some("platform_admin".to_owned());
        subject.current_workspace = Some("w".to_owned());
        let made = directory.db().write(async |tx| subjects::insert_if_absent(tx, &subject).await).await.unwrap();
        assert_eq!((made.platform_role.as_ref(), made.current_workspace.as_ref()), (None, None));
        assert_eq!(directory.find("ann").await, made);
    }

    async fn fifty_first_calls_at_once_make_one_subject(directory: Directory) {
        let mut calls = JoinSet::new();
        for number in 0..50 {
            let db = directory.db().clone();
            calls.spawn(async move {
                let mut subject = somebody("ann");
                subject.id = format!("id-{number}");
                loop {
                    match db.write(async |tx| subjects::insert_if_absent(tx, &subject).await).await {
                        Ok(made) => return made.id,
                        Err(error) => assert!(matches!(error.cause(), Some(cognate_store::Fault::Again)), "{error:?}"),
                    }
                }
            });
        }
        let ids = calls.join_all().await;
        let there = directory.find("ann").await;
        assert_eq!(ids.len(), 50);
        assert!(ids.iter().all(|id| *id == there.id), "{ids:?}");
        assert_eq!(directory.store.count("subjects").await, 1);
    }

    async fn of_two_who_change_what_they_read_one_is_told(directory: Directory) {
        let read = directory.subject("ann").await;
        let mut one = read.clone();
        one.display_name = Some("One".to_owned());
        one.onboarding = Onboarding::Done;
        one.modified_at = LATER;
        let mut other = read.clone();
        other.plan = "pro".to_owned();
        assert!(directory.db().write(async |tx| subjects::update(tx, &one).await).await.unwrap());
        assert!(!directory.db().write(async |tx| subjects::update(tx, &other).await).await.unwrap());
        assert_eq!(directory.find("ann").await, cognate_domain::directory::Subject { version: 2, ..one });
    }

    async fn claims_are_written_only_where_they_changed(directory: Directory) {
        let read = directory.subject("ann").await;
        let set = async |claims: Claims| {
            directory.db().write(async |tx| subjects::set_claims(tx, "id-ann", &claims, LATER).await).await.unwrap()
        };
        assert!(!set(read.claims.clone()).await);
        assert_eq!(directory.find("ann").await, read);
        assert!(set(Claims { name: None, email: read.claims.email.clone() }).await);
        assert!(!set(Claims { name: None, email: read.claims.email.clone() }).await);
        assert!(set(Claims { name: None, email: None }).await);
        assert!(set(Claims { name: Some("Zoë".to_owned()), email: None }).await);
        let now = directory.find("ann").await;
        assert_eq!((now.claims.name.as_deref(), now.version), (Some("Zoë"), 4));

        let mut tx = directory.db().read().await.unwrap();
        let found = subjects::list_by_name(&mut tx, "ZOË", None, 10).await.unwrap();
        assert_eq!(found.len(), 1);
        assert!(subjects::list_by_name(&mut tx, "ann", None, 10).await.unwrap().is_empty());
        assert!(subjects::list_by_email(&mut tx, "ann@example.com", "", 10).await.unwrap().is_empty());
    }

    async fn a_plan_and_a_current_workspace_are_set_where_they_may_be(directory: Directory) {
        directory.subject("ann").await;
        directory.subject("bob").await;
        let workspace = directory.workspace("w", "ann").await;
        let set = async |name: &str, workspace: Option<&str>| {
            let write = async |tx: &mut WriteTx<'_>| {
                subjects::set_current_workspace(tx, name, workspace, LATER).await
            };
            directory.db().write(write).await.unwrap()
        };
        assert!(set("id-ann", Some("w")).await);
        assert_eq!(directory.find("ann").await.current_workspace.as_deref(), Some("w"));
        assert!(!set("id-bob", Some("w")).await);
        assert!(!set("id-ann", Some("other")).await);
        assert!(!set("id-nobody", None).await);
        assert!(set("id-ann", None).await);
        assert_eq!(directory.find("ann").await.current_workspace, None);
        directory.archive(&workspace).await;
        assert!(!set("id-ann", Some("w")).await);

        let plan = async |name: &str| {
            directory.db().write(async |tx| subjects::set_plan(tx, name, "pro", LATER).await).await.unwrap()
        };
        assert!(plan("id-ann").await);
        assert!(!plan("id-nobody").await);
        assert_eq!(directory.find("ann").await.plan, "pro");
    }

    async fn only_a_role_of_the_platforms_gives_power_over_it(directory: Directory) {
        directory.subject("ann").await;
        for role in ["owner", "admin", "viewer", "no_such_role", ""] {
            assert_eq!(directory.platform_role("ann", Some(role)).await, Outcome::UnknownRole, "{role}");
        }
        assert_eq!(directory.platform_role("nobody", Some("support")).await, Outcome::NoSubject);
        assert_eq!(directory.find("ann").await.version, 1);
        assert_eq!(directory.platform_role("ann", Some("support")).await, Outcome::Done);
        assert_eq!(directory.platform_role("ann", None).await, Outcome::Done);
        assert_eq!(directory.find("ann").await.platform_role, None);
    }

    async fn the_last_admin_stays_one_and_stays_active(directory: Directory) {
        for name in ["ann", "bob", "cid"] {
            directory.subject(name).await;
        }
        assert_eq!(directory.platform_role("ann", Some("platform_admin")).await, Outcome::Done);
        for role in [None, Some("support")] {
            assert_eq!(directory.platform_role("ann", role).await, Outcome::LastAdmin);
        }
        assert_eq!(directory.state("ann", SubjectState::Disabled).await, Outcome::LastAdmin);
        assert_eq!(directory.platform_role("ann", Some("platform_admin")).await, Outcome::Done);
        assert_eq!(directory.state("ann", SubjectState::Active).await, Outcome::Done);

        // One who is disabled is no other.
        assert_eq!(directory.platform_role("bob", Some("platform_admin")).await, Outcome::Done);
        assert_eq!(directory.state("bob", SubjectState::Disabled).await, Outcome::Done);
        assert_eq!(directory.platform_role("ann", None).await, Outcome::LastAdmin);
        assert_eq!(directory.platform_role("cid", Some("platform_admin")).await, Outcome::Done);
        assert_eq!(directory.platform_role("ann", None).await, Outcome::Done);
        assert_eq!(directory.state("ann", SubjectState::Disabled).await, Outcome::Done);
        assert_eq!(directory.state("nobody", SubjectState::Disabled).await, Outcome::NoSubject);
        assert_eq!(directory.admins().await, 1);
    }

    async fn two_admins_who_remove_each_other_at_once_leave_one(directory: Directory) {
        for name in ["ann", "bob"] {
            directory.subject(name).await;
        }
        for round in 0..10 {
            for name in ["ann", "bob"] {
                assert_eq!(directory.state(name, SubjectState::Active).await, Outcome::Done);
                assert_eq!(directory.platform_role(name, Some("platform_admin")).await, Outcome::Done);
            }
            let (one, other) = if round % 2 == 0 {
                tokio::join!(directory.platform_role("ann", None), directory.platform_role("bob", None))
            } else {
                tokio::join!(directory.platform_role("ann", None), directory.state("bob", SubjectState::Disabled))
            };
            let mut outcomes = [format!("{one:?}"), format!("{other:?}")];
            outcomes.sort();
            assert_eq!(outcomes, ["Done", "LastAdmin"], "round {round}");
            assert_eq!(directory.admins().await, 1);
        }
    }

    async fn pages_pass_over_nobody_where_names_and_addresses_are_equal(directory: Directory) {
        let mut everybody = Vec::new();
        for number in 0..25 {
            let mut subject = somebody(&format!("{number:02}"));
            let name = ["Ann", "ANN", "Ann Lee", "Bob"][number % 4];
            subject.claims = Claims::kept(Some(name), Some("Shared@example.com"));
            everybody.push((cognate_domain::directory::rules::search_key(name), subject.id.clone()));
            directory.db().write(async |tx| subjects::insert_if_absent(tx, &subject).await).await.unwrap();
        }
        everybody.sort();
        let anns: Vec<_> = everybody.iter().filter(|(name, _)| name.starts_with("ann")).cloned().collect();

        let mut tx = directory.db().read().await.unwrap();
        for size in [1, 2, 3, 7, 100] {
            let mut seen: Vec<(String, String)> = Vec::new();
            loop {
                let after = seen.last().cloned();
                let after = after.as_ref().map(|(name, id)| (name.as_str(), id.as_str()));
                let page = subjects::list_by_name(&mut tx, "aNn", after, size).await.unwrap();
                if page.is_empty() {
                    break;
                }
                seen.extend(page.into_iter().map(|(name, subject)| (name, subject.id)));
            }
            assert_eq!(seen, anns, "pages of {size}");

            for by_email in [true, false] {
                let mut seen: Vec<String> = Vec::new();
                loop {
                    let after = seen.last().cloned().unwrap_or_default();
                    let page = if by_email {
                        subjects::list_by_email(&mut tx, "SHARED@EXAMPLE.COM", &after, size).await.unwrap()
                    } else {
                        subjects::list(&mut tx, &after, size).await.unwrap()
                    };
                    if page.is_empty() {
                        break;
                    }
                    seen.extend(page.into_iter().map(|subject| subject.id));
                }
                assert_eq!(seen.len(), 25, "pages of {size}");
                assert!(seen.is_sorted());
            }
        }
        assert!(subjects::list_by_name(&mut tx, "an\u{10FFFE}", None, 10).await.unwrap().is_empty());
        assert_eq!(subjects::list_by_name(&mut tx, "", None, 100).await.unwrap().len(), 25);
        assert!(subjects::list_by_platform_role(&mut tx, "support", "", 10).await.unwrap().is_empty());
    }
}
