//! Invitations: sent, replaced, taken back, accepted once; and how many there may be.

use std::time::Duration;

use cognate_engine::Secret;
use cognate_engine::invitations::WorkspaceInvitation;
use cognate_testkit::{TestApp, both_engines};
use http::Method;
use serde_json::{Value, json};

use crate::kit::{Answer, request, send};
use crate::team::Team;

const ACCEPT: &str = "/v1/invitations/accept";
const DAY: Duration = Duration::from_hours(24);

/// A mail leaves in a task of its own.
async fn until<T>(mut look: impl AsyncFnMut() -> Option<T>) -> T {
    for _ in 0..500 {
        if let Some(found) = look().await {
            return found;
        }
        tokio::time::sleep(Duration::from_millis(10)).await;
    }
    look().await.unwrap()
}

fn to(email: &str, role: &str) -> Value {
    json!({ "email": email, "role": role })
}

impl Team {
    /// By Ann; the token, as the mail has it.
    async fn invite(&self, email: &str, role: &str) -> String {
        let before = self.mails(email).await;
        self.product.app.clock.tick();
        self.post("ann", "/invitations", to(email, role)).await.good();
        until(async || (self.mails(email).await > before).then_some(())).await;
        self.product.app.last_message(email).await.code.unwrap()
    }

    async fn mails(&self, email: &str) -> i64 {
        let mut tx = self.product.app.app.db.read().await.unwrap();
        let sql = "SELECT CAST(COUNT(*) AS BIGINT) FROM inbox WHERE recipient = $1";
        tx.query(sql).bind(email).one(|row| row.int(0)).await.unwrap()
    }

    async fn accept(&self, name: &str, token: &str) -> Answer {
        self.product.post_as(&self.who(name).token, ACCEPT, json!({ "token": token })).await
    }

    async fn invitations(&self) -> Vec<Value> {
        self.get("ann", "/invitations").await.good().body["items"].as_array().unwrap().clone()
    }
}

both_engines! {
    async fn who_is_invited_comes_by_themselves(app: TestApp) {
        let team = Team::of(app, &[("bob", "")]).await;
        let sent = team.post("ann", "/invitations", to("Bob@example.com", "member")).await;
        assert_eq!(sent.status, 201);
        let id = sent.text("/id");
        assert_eq!(sent.body, json!({
            "id": id, "email": "Bob@example.com", "role": "member", "invitedBy": team.id_of("ann"),
            "createdAt": "2026-01-02T03:04:05Z", "expiresAt": "2026-01-09T03:04:05Z",
        }));
        assert_eq!(team.invitations().await, [sent.body]);

        let (body, token) = until(async || team.product.message("Bob@example.com").await).await;
        let token = token.unwrap();
        assert_eq!(token.len(), 43);
        assert!(body.starts_with("Ann invites you to Works. <a href=\"https://shop.example.com/join?token="), "{body}");
        assert!(body.contains(&format!("token={token}\"")) && !body.contains("ann@example.com"), "{body}");
        let mail = team.product.app.last_message("Bob@example.com").await;
        assert_eq!((mail.subject.as_deref(), mail.trigger.as_str()), (Some("You are invited to Works"), "WorkspaceInvitation"));

        let joined = team.accept("bob", &token).await;
        assert_eq!((joined.status, joined.text("/id"), joined.text("/name"), joined.text("/role")),
            (201, team.id.clone(), "Works".to_owned(), "member".to_owned()));
        assert_eq!(team.get("bob", "").await.good().text("/role"), "member");
        assert_eq!(team.invitations().await, [Value::Null; 0]);

        let (made, accepted) = (team.entry("invitation.create").await, team.entry("invitation.accept").await);
        assert_eq!((made.actor.as_str(), accepted.actor.as_str()), (team.id_of("ann"), team.id_of("bob")));
        for entry in [made, accepted] {
            assert_eq!((entry.target_kind.as_str(), entry.target.as_str()), ("invitation", id.as_str()));
            assert_eq!(Value::Object(entry.details), json!({ "role": "member" }));
        }
    }

    async fn a_token_is_good_once_for_who_is_no_member_and_for_seven_days(app: TestApp) {
        let mut team = Team::of(app, &[("bob", ""), ("cid", ""), ("dora", "viewer")]).await;
        let token = team.invite("bob@example.com", "viewer").await;
        let member = team.accept("dora", &token).await;
        assert_eq!((member.problem(), member.text("/detail")),
            ((409, "conflict"), "Who is a member already does not become one.".to_owned()));
        team.accept("bob", &token).await.good();
        let unknown = "A".repeat(43);
        for used in [&token, &unknown] {
            let refused = team.accept("cid", used).await;
            assert_eq!(refused.problem(), (422, "code_rejected"));
            assert_eq!(refused.text("/detail"), "The invitation is not good, or not any more. Ask for a new one.");
        }

        let late = team.invite("cid@example.com", "viewer").await;
        team.product.app.clock.advance(DAY * 7);
        team.sign_in_again("cid").await;
        assert_eq!(team.accept("cid", &late).await.problem(), (422, "code_rejected"));
        team.product.app.clock.tick();
        team.sign_in_again("ann").await;
        let last = team.invite("cid@example.com", "viewer").await;
        team.product.app.clock.almost(DAY * 7);
        team.sign_in_again("cid").await;
        team.accept("cid", &last).await.good();
    }

    async fn sending_again_replaces_what_was_sent(app: TestApp) {
        let team = Team::of(app, &[("bob", "")]).await;
        let first = team.invite("bob@example.com", "viewer").await;
        let second = team.invite("BOB@example.com", "member").await;
        assert_eq!(team.invitations().await.len(), 1);
        assert_eq!(team.accept("bob", &first).await.problem(), (422, "code_rejected"));
        assert_eq!(team.accept("bob", &second).await.good().text("/role"), "member");
    }

    async fn what_is_taken_back_is_good_no_more(app: TestApp) {
        let team = Team::of(app, &[("bob", "admin"), ("cid", ""), ("dora", "member")]).await;
        let token = team.invite("cid@example.com", "viewer").await;
        let id = team.invitations().await[0]["id"].as_str().unwrap().to_owned();
        let path = format!("/invitations/{id}");
        assert_eq!(team.delete("dora", &path).await.problem(), (403, "forbidden"));
        assert_eq!(team.delete("bob", &path).await.status, 204);
        assert_eq!(team.delete("bob", &path).await.problem(), (404, "not_found"));
        assert_eq!(team.delete("bob", "/invitations/a%2Fb").await.problem(), (404, "not_found"));
        assert_eq!(team.accept("cid", &token).await.problem(), (422, "code_rejected"));
        assert_eq!(team.entry("invitation.delete").await.target, id);
        assert_eq!(team.entries().await.len(), 3);
    }

    async fn of_several_who_bring_a_token_at_once_one_joins(app: TestApp) {
        let team = Team::of(app, &[("bob", ""), ("cid", ""), ("dora", "")]).await;
        for round in 0..4 {
            let token = team.invite(&format!("round{round}@example.com"), "viewer").await;
            let mut calls = tokio::task::JoinSet::new();
            for name in ["bob", "cid", "dora", "bob"] {
                let body = json!({ "token": token });
                let asked = request(Method::POST, ACCEPT, Some(&team.who(name).token), Some(body));
                calls.spawn(send(team.product.routes(), asked));
            }
            let mut statuses: Vec<_> = calls.join_all().await.into_iter().map(|answer| answer.status).collect();
            statuses.sort_unstable();
            assert_eq!(statuses, [201, 422, 422, 422], "round {round}");
            assert_eq!(team.members().await.len(), 2);
            let ann = team.id_of("ann");
            team.execute(&format!("DELETE FROM members WHERE subject_id <> '{ann}'")).await;
        }
        let accepted = team.entries().await.into_iter().filter(|entry| entry.action == "invitation.accept").count();
        assert_eq!(accepted, 4);
    }

    async fn who_goes_or_is_shut_out_takes_along_what_they_have_sent(app: TestApp) {
        let team = Team::of(app, &[("bob", "admin"), ("cid", "admin"), ("eve", "")]).await;
        let invite = async |name: &str, email: &str| {
            team.product.app.clock.tick();
            team.post(name, "/invitations", to(email, "admin")).await.good();
            let (_, token) = until(async || team.product.message(email).await).await;
            token.unwrap()
        };
        let of_bob = invite("bob", "one@example.com").await;
        let of_cid = invite("cid", "two@example.com").await;
        let of_ann = invite("ann", "three@example.com").await;
        team.delete("ann", "/members/{bob}").await;
        team.patch("ann", "/members/{cid}", json!({ "role": "member" })).await.good();
        for token in [&of_bob, &of_cid] {
            assert_eq!(team.accept("eve", token).await.problem(), (422, "code_rejected"));
        }
        assert_eq!(team.invitations().await.len(), 1);
        team.patch("ann", "/members/{cid}", json!({ "role": "admin" })).await.good();
        let of_cid = invite("cid", "four@example.com").await;
        team.patch("ann", "/members/{cid}", json!({ "role": "owner" })).await.good();
        team.disable("ann").await;
        assert_eq!(team.accept("eve", &of_ann).await.problem(), (422, "code_rejected"));
        team.accept("eve", &of_cid).await.good();
    }

    async fn what_became_impossible_is_said(app: TestApp) {
        let team = Team::of(app, &[("bob", ""), ("dis", "")]).await;
        let token = team.invite("bob@example.com", "viewer").await;
        team.archive().await;
        assert_eq!(team.accept("bob", &token).await.problem(), (409, "workspace_archived"));
        team.patch("ann", "", json!({ "state": "active" })).await.good();
        team.disable("dis").await;
        assert_eq!(team.accept("dis", &token).await.problem(), (403, "account_disabled"));
        for bearer in [None, Some(team.who("bob").id_token.as_str())] {
            let refused = team.product.call(Method::POST, ACCEPT, bearer, Some(json!({ "token": token }))).await;
            assert_eq!(refused.problem(), (401, "unauthenticated"));
        }
        for body in [json!({}), json!({ "token": "" }), json!({ "token": "x".repeat(129) }), json!({ "token": token, "role": "owner" })] {
            let refused = team.product.post_as(&team.who("bob").token, ACCEPT, body).await;
            assert_eq!(refused.problem(), (400, "validation_failed"));
        }
        team.accept("bob", &token).await.good();
    }

    async fn a_machine_accepts_like_anybody(app: TestApp) {
        let mut team = Team::of(app, &[]).await;
        team.machine("job").await;
        let token = team.invite("operator@example.com", "viewer").await;
        assert_eq!(team.accept("job", &token).await.good().text("/role"), "viewer");
    }

    async fn one_address_is_not_flooded(app: TestApp) {
        let mut team = Team::of(app, &[("bob", "admin")]).await;
        for _ in 0..5 {
            team.invite("gus@example.com", "viewer").await;
        }
        let before = team.invitations().await;
        for name in ["ann", "bob"] {
            let refused = team.post(name, "/invitations", to("GUS@example.com", "viewer")).await;
            assert_eq!(refused.problem(), (429, "rate_limited"));
            assert_eq!(refused.header("retry-after"), "86400", "the first of five was four ticks ago");
        }
        assert_eq!(team.invitations().await, before);
        assert_eq!((team.entries().await.len(), team.product.app.rows("counted_calls").await), (6, 15));
        team.invite("hal@example.com", "viewer").await;

        team.product.app.clock.advance(DAY.saturating_sub(Duration::from_millis(6)));
        team.sign_in_again("ann").await;
        assert_eq!(team.post("ann", "/invitations", to("gus@example.com", "viewer")).await.header("retry-after"), "1");
        team.product.app.clock.tick();
        team.invite("gus@example.com", "viewer").await;
        assert_eq!(team.mails("gus@example.com").await, 6);
    }

    async fn a_workspace_invites_so_many_in_an_hour_also_at_once(app: TestApp) {
        let mut team = Team::of(app, &[("bob", "admin")]).await;
        let ann = team.id_of("ann").to_owned();
        for at in 0..48 {
            let answer = team.post(["ann", "bob"][at % 2], "/invitations", to(&format!("e{at}@example.com"), "viewer")).await;
            assert_eq!(answer.status, 201);
        }
        let mut calls = tokio::task::JoinSet::new();
        for at in 0..8 {
            let body = to(&format!("f{at}@example.com"), "viewer");
            let asked = request(Method::POST, &team.at("/invitations"), Some(&team.who("ann").token), Some(body));
            calls.spawn(send(team.product.routes(), asked));
        }
        let answers = calls.join_all().await;
        assert_eq!(answers.iter().filter(|answer| answer.status == 201).count(), 2);
        for refused in answers.iter().filter(|answer| answer.status != 201) {
            assert_eq!(refused.problem(), (429, "rate_limited"));
        }
        assert_eq!(team.product.app.rows("invitations").await, 50);
        let again = team.post("bob", "/invitations", to("g@example.com", "viewer")).await;
        assert_eq!((again.problem(), again.header("retry-after")), ((429, "rate_limited"), "3600"));

        // Another workspace of theirs has an hour of its own, as far as theirs goes.
        let other = team.product.post_as(&team.who("ann").token, "/v1/workspaces", json!({ "name": "Other" })).await.good();
        team.id = other.text("/id");
        for at in 0..24 {
            team.post("ann", "/invitations", to(&format!("h{at}@example.com"), "viewer")).await.good();
        }
        let counted = team.product.app.rows("counted_calls").await;
        assert_eq!(counted, 3 * (50 + 24), "{ann}");
        let own = team.post("ann", "/invitations", to("i@example.com", "viewer")).await;
        assert_eq!(own.problem(), (429, "rate_limited"));
        assert_eq!(team.product.app.rows("counted_calls").await, counted, "who is refused is not kept out longer");
    }

    async fn an_invitation_that_is_not_noted_is_neither_kept_nor_sent(app: TestApp) {
        let team = Team::of(app, &[("bob", "")]).await;
        let token = team.invite("bob@example.com", "viewer").await;
        let before = team.invitations().await;
        let path = format!("/invitations/{}", before[0]["id"].as_str().unwrap());
        team.execute("ALTER TABLE audit_log RENAME TO elsewhere").await;
        assert_eq!(team.post("ann", "/invitations", to("cid@example.com", "viewer")).await.problem(), (500, "internal"));
        assert_eq!(team.delete("ann", &path).await.problem(), (500, "internal"));
        assert_eq!(team.accept("bob", &token).await.problem(), (500, "internal"));
        assert_eq!((team.invitations().await, team.members().await.len()), (before, 1));
        assert_eq!(team.product.app.rows("counted_calls").await, 3);
        team.execute("ALTER TABLE elsewhere RENAME TO audit_log").await;
        team.accept("bob", &token).await.good();
        assert_eq!(team.mails("cid@example.com").await, 0);
    }

    async fn nothing_kept_holds_the_token_and_nothing_noted_an_address(app: TestApp) {
        let team = Team::of(app, &[]).await;
        let token = team.invite("bob@example.com", "viewer").await;
        let mut tx = team.product.app.app.db.read().await.unwrap();
        let digest = tx.query("SELECT token_digest FROM invitations").one(|row| row.bytes(0)).await.unwrap();
        assert_eq!(digest, cognate_jose::sha256(token.as_bytes()));
        for entry in team.entries().await {
            assert!(!format!("{entry:?}").contains('@'));
        }
        assert!(!team.invitations().await[0].to_string().contains(&token));
    }

    async fn what_is_no_invitation_says_where(app: TestApp) {
        let team = Team::of(app, &[]).await;
        for (body, field) in [
            (json!({ "email": "bob@example.com" }), ""),
            (json!({ "email": "bob", "role": "viewer" }), "/email"),
            (json!({ "email": "", "role": "viewer" }), "/email"),
            (json!({ "email": format!("{}@example.com", "b".repeat(250)), "role": "viewer" }), "/email"),
            (json!({ "email": "bob@example.com\r\nBcc: all@example.com", "role": "viewer" }), "/email"),
            (json!({ "email": ["bob@example.com"], "role": "viewer" }), "/email"),
            (json!({ "email": "bob@example.com", "role": "viewer", "invitedBy": "somebody" }), "/invitedBy"),
        ] {
            let refused = team.post("ann", "/invitations", body.clone()).await;
            assert_eq!(refused.problem(), (400, "validation_failed"), "{body}");
            assert_eq!(refused.text("/errors/0/field"), field, "{body}");
        }
        assert_eq!(team.product.app.rows("invitations").await, 0);
    }

    async fn where_no_pool_sends_the_mail_still_leaves(app: TestApp) {
        app.cx().invite_unseen(WorkspaceInvitation {
            pool_id: None,
            to: "bob@example.com".to_owned(),
            workspace: "Win at eve.example".to_owned(),
            inviter: Some("eve@example.com".to_owned()),
            token: Secret::from("t0ken"),
            link: None,
        });
        let mail = until(async || app.find_message("bob@example.com").await).await;
        assert_eq!(mail.subject.as_deref(), Some("You are invited to a workspace"));
        assert!(mail.body.starts_with("Somebody invites you to a workspace. Your invitation code is t0ken and is good once"));
        assert!(!mail.body.contains("eve.") && !mail.body.contains("eve@"));
    }
}
