//! What is noted: changes, sign-ins, a provider's events, calls that are limited; and what of it is forgotten.

use std::time::Duration;

use cognate_domain::directory::{AuditEntry, SignIn, first_id_at};
use cognate_domain::{Error, Timestamp};
use cognate_store::audit_log::{self, About, Span};
use cognate_store::counted_calls::{self, Calls, Limit};
use cognate_store::members::Outcome;
use cognate_store::{invitations, members, provider_events, sign_ins, sweep};
use cognate_testkit::both_engines;
use tokio::task::JoinSet;

use super::{Directory, NOW, invitation, known_as, place};

/// At so many milliseconds behind `NOW`; `which` tells apart those of one moment.
fn entry(behind: i64, which: u8, about: (&str, &str, Option<&str>)) -> AuditEntry {
    let at = Timestamp(NOW.0 + behind);
    let id = first_id_at(at);
    AuditEntry {
        id: format!("{}{which:02x}", &id[..id.len() - 2]),
        at,
        actor: about.0.to_owned(),
        action: "member.add".to_owned(),
        target_kind: "subject".to_owned(),
        target: about.1.to_owned(),
        workspace: about.2.map(str::to_owned),
        details: serde_json::json!({ "role": "viewer" }).as_object().unwrap().clone(),
        trace: "trace".to_owned(),
    }
}

const EVERYTHING: Span = Span { from: None, until: None };

impl Directory {
    async fn note(&self, entry: &AuditEntry) {
        self.db().write(async |tx| audit_log::insert(tx, entry).await).await.unwrap();
    }

    async fn noted(&self, about: About<'_>, span: Span) -> Vec<AuditEntry> {
        audit_log::list(&mut self.db().read().await.unwrap(), about, span, None, 1_000).await.unwrap()
    }

    /// What a sweep at this moment removes.
    async fn sweep(&self, now: Timestamp) -> u64 {
        self.db().write(async |tx| sweep::expired(tx, now).await).await.unwrap()
    }
}

both_engines! {
    async fn a_change_and_its_entry_are_kept_together_or_not_at_all(directory: Directory) {
        for name in ["ann", "bob"] {
            directory.subject(name).await;
        }
        directory.workspace("w", "ann").await;
        let entry = entry(0, 0, ("id-ann", "id-bob", Some("w")));
        for fails in [true, false] {
            let done = directory.db().write(async |tx| {
                assert_eq!(members::add(tx, place("w", "id-bob"), "viewer", NOW).await?, Outcome::Done);
                audit_log::insert(tx, &entry).await?;
                if fails { Err(Error::too_many_requests()) } else { Ok(()) }
            }).await;
            assert_eq!(done.is_err(), fails);
            let there = usize::from(!fails);
            assert_eq!(directory.people("w").await.len(), 1 + there);
            assert_eq!(directory.noted(About::Everything, EVERYTHING).await.len(), there);
        }
        assert_eq!(directory.noted(About::Everything, EVERYTHING).await, [entry]);
    }

    async fn a_change_is_taken_back_where_its_entry_cannot_be_kept(directory: Directory) {
        for name in ["ann", "bob"] {
            directory.subject(name).await;
        }
        directory.workspace("w", "ann").await;
        let entry = entry(0, 0, ("id-ann", "id-bob", Some("w")));
        directory.note(&entry).await;
        let done = directory.db().write(async |tx| {
            let outcome = members::add(tx, place("w", "id-bob"), "viewer", NOW).await?;
            let _ = audit_log::insert(tx, &entry).await; // its id is taken
            Ok(outcome)
        }).await;
        done.unwrap_err();
        assert_eq!(directory.people("w").await.len(), 1);
    }

    async fn entries_are_found_by_whom_they_are_about_and_when(directory: Directory) {
        let entries = [
            entry(0, 1, ("ann", "bob", Some("w"))),
            entry(0, 2, ("ann", "cid", None)),
            entry(10, 0, ("bob", "cid", Some("w"))),
            entry(20, 0, ("bob", "bob", Some("v"))),
        ];
        for entry in [2, 0, 3, 1].map(|at| &entries[at]) {
            directory.note(entry).await;
        }
        let found = async |about: About<'_>, from: Option<i64>, until: Option<i64>| -> Vec<usize> {
            let moment = |behind: i64| Timestamp(NOW.0 + behind);
            let found = directory.noted(about, Span { from: from.map(moment), until: until.map(moment) }).await;
            found.iter().map(|entry| entries.iter().position(|one| one == entry).unwrap()).collect()
        };
        assert_eq!(found(About::Everything, None, None).await, [3, 2, 1, 0]);
        assert_eq!(found(About::Everything, Some(10), None).await, [3, 2]);
        assert_eq!(found(About::Everything, None, Some(10)).await, [1, 0]);
        assert_eq!(found(About::Everything, Some(1), Some(20)).await, [2]);
        assert_eq!(found(About::Target { kind: "subject", id: "bob" }, None, None).await, [3, 0]);
        assert_eq!(found(About::Target { kind: "workspace", id: "bob" }, None, None).await, [0_usize; 0]);
        assert_eq!(found(About::Actor("ann"), None, None).await, [1, 0]);
        assert_eq!(found(About::Workspace("w"), None, None).await, [2, 0]);
        assert_eq!(found(About::Workspace("w"), Some(5), Some(15)).await, [2]);
    }

    async fn pages_of_entries_pass_over_none_of_one_moment(directory: Directory) {
        for which in 0..20 {
            directory.note(&entry(i64::from(which / 7), which, ("ann", "bob", Some("w")))).await;
        }
        let mut tx = directory.db().read().await.unwrap();
        let before = Some(Timestamp(NOW.0 + 2));
        for (size, until, expected) in [(1, None, 20), (6, None, 20), (50, None, 20), (3, before, 14)] {
            let mut seen: Vec<String> = Vec::new();
            loop {
                let after = seen.last().cloned();
                let span = Span { from: None, until };
                let page = audit_log::list(&mut tx, About::Workspace("w"), span, after.as_deref(), size).await.unwrap();
                if page.is_empty() {
                    break;
                }
                seen.extend(page.into_iter().map(|entry| entry.id));
            }
            assert_eq!(seen.len(), expected);
            assert!(seen.is_sorted_by(|one, other| one > other));
        }
    }

    async fn sign_ins_are_shown_newest_first(directory: Directory) {
        let sign_in = |behind: i64| SignIn {
            id: first_id_at(Timestamp(NOW.0 + behind)),
            at: Timestamp(NOW.0 + behind),
            challenge: (behind % 2 == 0).then(|| "software_token".to_owned()),
        };
        for (name, behind) in [("ann", 2), ("bob", 3), ("ann", 1), ("ann", 4)] {
            let (of, sign_in) = (known_as(name), sign_in(behind));
            directory.db().write(async |tx| sign_ins::insert(tx, &of, &sign_in).await).await.unwrap();
        }
        let mut tx = directory.db().read().await.unwrap();
        let first = sign_ins::list(&mut tx, &known_as("ann"), None, 2).await.unwrap();
        assert_eq!(first, [sign_in(4), sign_in(2)]);
        let rest = sign_ins::list(&mut tx, &known_as("ann"), Some(&first[1].id), 2).await.unwrap();
        assert_eq!(rest, [sign_in(1)]);
    }

    async fn an_event_counts_once_however_often_and_by_how_many_it_is_told(directory: Directory) {
        let mut tellings = JoinSet::new();
        for _ in 0..10 {
            let db = directory.db().clone();
            tellings.spawn(async move {
                loop {
                    match db.write(async |tx| provider_events::insert(tx, "event", NOW).await).await {
                        Ok(told) => return told,
                        Err(error) => assert!(matches!(error.cause(), Some(cognate_store::Fault::Again)), "{error:?}"),
                    }
                }
            });
        }
        let counted = tellings.join_all().await.into_iter().filter(|told| *told).count();
        assert_eq!(counted, 1);
    }

    async fn of_calls_at_once_no_more_than_the_limit_are_let_through(directory: Directory) {
        let calls = Calls { kind: "sign_in", about_digest: b"ann" };
        let limit = Limit { most: 5, since: Timestamp(NOW.0 - 100) };
        let mut tries = JoinSet::new();
        for number in 0..20 {
            let db = directory.db().clone();
            tries.spawn(async move {
                let id = format!("call-{number}");
                loop {
                    match db.write(async |tx| counted_calls::insert_within(tx, calls, limit, &id, NOW).await).await {
                        Ok(let_through) => return let_through,
                        Err(error) => assert!(matches!(error.cause(), Some(cognate_store::Fault::Again)), "{error:?}"),
                    }
                }
            });
        }
        assert_eq!(tries.join_all().await.into_iter().filter(|let_through| *let_through).count(), 5);

        let mut tx = directory.db().read().await.unwrap();
        assert_eq!(counted_calls::count(&mut tx, calls, limit.since).await.unwrap(), 5);
        assert_eq!(counted_calls::count(&mut tx, calls, NOW).await.unwrap(), 0);
        let others = [Calls { kind: "sign_up", ..calls }, Calls { about_digest: b"bob", ..calls }];
        for other in others {
            assert_eq!(counted_calls::count(&mut tx, other, limit.since).await.unwrap(), 0);
        }
        let later = Limit { since: NOW, ..limit };
        let once_more = directory.db()
            .write(async |tx| counted_calls::insert_within(tx, calls, later, "more", Timestamp(NOW.0 + 1)).await).await;
        assert!(once_more.unwrap());
        directory.db().write(async |tx| counted_calls::insert(tx, calls, "plain", NOW).await).await.unwrap();
        assert_eq!(counted_calls::count(&mut tx, calls, limit.since).await.unwrap(), 7);
    }

    async fn who_has_to_wait_is_told_how_long(directory: Directory) {
        let calls = Calls { kind: "invitation", about_digest: b"ann" };
        let at = |behind: i64| Timestamp(NOW.0 + behind);
        let limit = |now: i64| Limit { most: 2, since: Timestamp(at(now).0 - 100) };
        let call = async |behind: i64| {
            let id = format!("call-{behind}");
            directory.db()
                .write(async |tx| counted_calls::insert_within(tx, calls, limit(behind), &id, at(behind)).await)
                .await.unwrap()
        };
        let wait = async |now: i64| {
            let mut tx = directory.db().read().await.unwrap();
            counted_calls::wait(&mut tx, calls, limit(now)).await.unwrap()
        };
        assert_eq!(wait(0).await, None);
        assert!(call(0).await);
        assert_eq!(wait(10).await, None);
        assert!(call(30).await);
        assert!(!call(40).await);
        assert_eq!(wait(40).await, Some(Duration::from_millis(60)));
        assert_eq!(wait(99).await, Some(Duration::from_millis(1)));
        assert_eq!(wait(100).await, None);
        assert!(call(100).await);
        assert_eq!(wait(100).await, Some(Duration::from_millis(30)));
    }

    async fn what_has_expired_is_forgotten_and_nothing_else(directory: Directory) {
        directory.subject("ann").await;
        directory.workspace("w", "ann").await;
        let (calls, sent) = (Calls { kind: "k", about_digest: b"d" }, invitation("w", "i", "viewer"));
        let sign_in = SignIn { id: first_id_at(NOW), at: NOW, challenge: None };
        let invited = directory.db().write(async |tx| {
            sign_ins::insert(tx, &known_as("ann"), &sign_in).await?;
            provider_events::insert(tx, "event", sent.expires_at).await?;
            counted_calls::insert(tx, calls, "call", NOW).await?;
            audit_log::insert(tx, &entry(0, 0, ("ann", "bob", None))).await?;
            invitations::insert(tx, &sent, b"digest").await
        }).await;
        assert_eq!(invited.unwrap(), Outcome::Done);

        let millisecond = Duration::from_millis(1);
        assert_eq!(directory.sweep(sent.expires_at).await, 0);
        assert_eq!(directory.sweep(sent.expires_at + millisecond).await, 2);
        let day = Duration::from_hours(24);
        assert_eq!(directory.sweep(NOW + day).await, 0);
        assert_eq!(directory.sweep(NOW + day + millisecond).await, 1);
        assert_eq!(directory.sweep(NOW + day * 90).await, 0);
        assert_eq!(directory.sweep(NOW + day * 90 + millisecond).await, 1);
        assert_eq!(directory.sweep(NOW + day * 9_000).await, 0);
        assert_eq!(directory.noted(About::Everything, EVERYTHING).await.len(), 1);
    }
}
