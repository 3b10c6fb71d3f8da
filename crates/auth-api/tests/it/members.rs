//! Who belongs to a workspace, and as what: who may see it and change it, and what nobody may.

use cognate_testkit::{TestApp, both_engines};
use http::Method;
use serde_json::{Value, json};

use crate::kit::{Answer, request, send};
use crate::team::{Team, WORKSPACES};

fn role(role: &str) -> Value {
    json!({ "role": role })
}

/// A machine to add.
fn machine(id: &str, role: &str) -> Value {
    json!({ "subjectId": id, "role": role })
}

/// Two calls, side by side.
async fn at_once(team: &Team, calls: [(&str, Method, &str, Option<Value>); 2]) -> Vec<Answer> {
    let mut going = tokio::task::JoinSet::new();
    for (name, method, path, body) in calls {
        let asked = request(method, &team.at(path), Some(&team.who(name).token), body);
        going.spawn(send(team.product.routes(), asked));
    }
    going.join_all().await
}

both_engines! {
    async fn members_see_each_other(app: TestApp) {
        let team = Team::of(app, &[("bob", "admin"), ("cid", "member"), ("dora", "viewer"), ("sue", "")]).await;
        team.give_platform_role("sue", "support").await;
        let one = team.get("cid", "/members/{bob}").await.good();
        assert_eq!(one.body, json!({
            "subjectId": team.id_of("bob"), "kind": "user", "name": "Ann", "email": "bob@example.com", "role": "admin",
            "state": "active", "joinedAt": "2026-01-02T03:04:05Z",
        }));
        let all = team.get("cid", "/members").await.good();
        assert_eq!(all.body["items"].as_array().unwrap().len(), 4);
        assert!(all.body["items"].as_array().unwrap().contains(&one.body));

        let mut seen = Vec::new();
        let mut path = "/members?limit=3".to_owned();
        loop {
            let page = team.get("cid", &path).await.good();
            seen.extend(page.body["items"].as_array().unwrap().clone());
            let Some(next) = page.body["next"].as_str() else { break };
            path = format!("/members?limit=3&next={next}");
        }
        assert_eq!(&Value::Array(seen), &all.body["items"]);

        // Whom the platform lets in from outside learns no addresses.
        let told = team.get("sue", "/members/{bob}").await.good();
        assert_eq!((told.text("/role"), &told.body["email"]), ("admin".to_owned(), &Value::Null));
        assert!(!team.get("sue", "/members").await.good().body.to_string().contains("@example.com"));

        assert_eq!(team.get("dora", "/members").await.problem(), (403, "forbidden"));
        assert_eq!(team.get("cid", "/members/{sue}").await.problem(), (404, "not_found"));
        team.disable("bob").await;
        assert_eq!(team.get("cid", "/members/{bob}").await.good().text("/state"), "disabled");
    }

    async fn machines_are_added_and_people_are_not(app: TestApp) {
        let mut team = Team::of(app, &[("bob", "admin"), ("eve", "")]).await;
        team.machine("job").await;
        let job = team.id_of("job").to_owned();
        let person = team.post("ann", "/members", machine(team.id_of("eve"), "viewer")).await;
        assert_eq!(person.problem(), (409, "conflict"));
        assert_eq!(person.text("/detail"), "People are invited: nobody is added to a workspace without their doing.");

        let added = team.post("bob", "/members", machine(&job, "member")).await;
        assert_eq!((added.status, added.text("/kind"), added.text("/role"), added.text("/subjectId")),
            (201, "machine".to_owned(), "member".to_owned(), job.clone()));
        assert_eq!(team.get("job", "").await.good().text("/role"), "member");
        team.get("job", "/members").await.good();
        assert_eq!(team.post("bob", "/members", machine(&job, "viewer")).await.problem(), (409, "conflict"));
        assert_eq!(team.role_of("job").await.as_deref(), Some("member"));

        let entry = team.entry("member.add").await;
        assert_eq!((entry.actor.as_str(), entry.target.as_str(), entry.target_kind.as_str()), (team.id_of("bob"), job.as_str(), "subject"));
        assert_eq!(Value::Object(entry.details), json!({ "role": "member" }));
        assert_eq!(team.entries().await.len(), 2);
    }

    async fn a_role_that_members_do_not_have_is_given_to_nobody(app: TestApp) {
        let mut team = Team::of(app, &[("bob", "member")]).await;
        team.machine("job").await;
        let job = team.id_of("job").to_owned();
        for key in ["no_such_role", "platform_admin", "support"] {
            for refused in [
                team.post("ann", "/members", machine(&job, key)).await,
                team.patch("ann", "/members/{bob}", role(key)).await,
                team.post("ann", "/invitations", json!({ "email": "cid@example.com", "role": key })).await,
            ] {
                assert_eq!(refused.problem(), (400, "validation_failed"), "{key}");
                assert_eq!(refused.text("/errors/0/field"), "/role");
                assert_eq!(refused.text("/errors/0/message"), "There is no such role for members of a workspace.");
            }
        }
        for key in ["", "Owner", "owner ", "*", "ro/le"] {
            assert_eq!(team.patch("ann", "/members/{bob}", role(key)).await.problem(), (400, "validation_failed"), "{key}");
        }
        for body in [
            machine("0197c8b7-fed8-7000-8000-000000000000", "viewer"),
            machine("a/b", "viewer"),
            machine("", "viewer"),
            json!({ "role": "viewer" }),
            json!({ "subjectId": job, "role": "viewer", "workspace": "another" }),
        ] {
            assert_eq!(team.post("ann", "/members", body.clone()).await.problem(), (400, "validation_failed"), "{body}");
        }
        assert_eq!(team.role_of("bob").await.as_deref(), Some("member"));
        assert_eq!((team.members().await.len(), team.entries().await.len()), (2, 1));
    }

    async fn roles_are_changed_by_whoever_has_as_much(app: TestApp) {
        let mut team = Team::of(app, &[("bob", "admin"), ("cid", "member"), ("dora", "viewer"), ("fay", "admin")]).await;
        team.machine("job").await;
        let job = team.id_of("job").to_owned();
        let changed = team.patch("bob", "/members/{dora}", role("member")).await.good();
        assert_eq!((changed.text("/role"), changed.text("/subjectId")), ("member".to_owned(), team.id_of("dora").to_owned()));
        let entry = team.entry("member.update").await;
        assert_eq!(Value::Object(entry.details), json!({ "from": "viewer", "to": "member" }));
        team.patch("bob", "/members/{fay}", role("viewer")).await.good();
        team.patch("bob", "/members/{fay}", role("admin")).await.good();

        let more = "This role allows more than yours does.";
        for refused in [
            team.patch("bob", "/members/{cid}", role("owner")).await,
            team.patch("bob", "/members/{ann}", role("viewer")).await,
            team.patch("bob", "/members/{ann}", role("owner")).await,
            team.delete("bob", "/members/{ann}").await,
            team.post("bob", "/members", machine(&job, "owner")).await,
            team.post("bob", "/invitations", json!({ "email": "gus@example.com", "role": "owner" })).await,
            team.patch("bob", "/members/{bob}", role("owner")).await,
        ] {
            assert_eq!((refused.problem(), refused.text("/detail")), ((403, "forbidden"), more.to_owned()));
        }
        for name in ["cid", "dora"] {
            for (method, path, body) in [
                (Method::PATCH, "/members/{ann}".to_owned(), Some(role("viewer"))),
                (Method::PATCH, format!("/members/{{{name}}}"), Some(role("admin"))),
                (Method::PATCH, format!("/members/{{{name}}}"), Some(role("owner"))),
                (Method::DELETE, "/members/{fay}".to_owned(), None),
                (Method::POST, "/members".to_owned(), Some(machine(&job, "viewer"))),
                (Method::POST, "/invitations".to_owned(), Some(json!({ "email": "gus@example.com", "role": "viewer" }))),
                (Method::GET, "/invitations".to_owned(), None),
            ] {
                assert_eq!(team.call(name, method, &path, body).await.problem(), (403, "forbidden"), "{name} {path}");
            }
        }
        assert_eq!(team.role_of("ann").await.as_deref(), Some("owner"));
        assert_eq!(team.role_of("cid").await.as_deref(), Some("member"));
        let noted = team.entries().await.len();
        team.patch("bob", "/members/{cid}", role("member")).await.good();
        assert_eq!(team.entries().await.len(), noted, "what changes nothing is not noted");
    }

    async fn nobody_raises_themselves_whatever_they_are_for_the_platform(app: TestApp) {
        let mut team = Team::of(app, &[("pia", "viewer")]).await;
        team.give_platform_role("pia", "platform_admin").await;
        let raised = team.patch("pia", "/members/{pia}", role("owner")).await;
        assert_eq!((raised.problem(), raised.text("/detail")), ((403, "forbidden"), "Nobody raises themselves.".to_owned()));
        assert_eq!(team.role_of("pia").await.as_deref(), Some("viewer"));
        team.machine("job").await;
        team.give_platform_role("job", "platform_admin").await;
        let added = team.post("job", "/members", machine(team.id_of("job"), "viewer")).await;
        assert_eq!((added.problem(), added.text("/detail")), ((403, "forbidden"), "Nobody adds themselves.".to_owned()));
        team.patch("ann", "/members/{pia}", role("owner")).await.good();
        team.patch("pia", "/members/{pia}", role("admin")).await.good();
    }

    async fn members_leave_and_are_removed(app: TestApp) {
        let team = Team::of(app, &[("bob", "admin"), ("cid", "member"), ("dora", "viewer"), ("eve", "")]).await;
        assert_eq!(team.delete("dora", "/members/{dora}").await.status, 204);
        assert_eq!(team.get("dora", "").await.problem(), (403, "tenant_forbidden"));
        assert_eq!(team.delete("bob", "/members/{cid}").await.status, 204);
        assert_eq!(team.delete("bob", "/members/{cid}").await.problem(), (404, "not_found"));
        assert_eq!(team.patch("bob", "/members/{cid}", role("viewer")).await.problem(), (404, "not_found"));
        assert_eq!(team.delete("eve", "/members/{eve}").await.problem(), (403, "tenant_forbidden"));
        assert_eq!(team.members().await.len(), 2);
        let (left, removed) = (team.entry("member.leave").await, team.entry("member.remove").await);
        assert_eq!((left.actor.as_str(), left.target.as_str()), (team.id_of("dora"), team.id_of("dora")));
        assert_eq!((removed.actor.as_str(), removed.target.as_str()), (team.id_of("bob"), team.id_of("cid")));
        assert_eq!(Value::Object(removed.details), role("member"));
        for odd in ["a%2Fb", "%00", "..", "*", &"a".repeat(65)] {
            for method in [Method::GET, Method::DELETE] {
                let answer = team.call("ann", method, &format!("/members/{odd}"), None).await;
                assert_eq!(answer.problem(), (404, "not_found"), "{odd}");
            }
        }
    }

    async fn the_last_owner_stays_one(app: TestApp) {
        let team = Team::of(app, &[("bob", "admin"), ("pia", "")]).await;
        team.give_platform_role("pia", "platform_admin").await;
        for refused in [
            team.delete("ann", "/members/{ann}").await,
            team.patch("ann", "/members/{ann}", role("admin")).await,
            team.delete("pia", "/members/{ann}").await,
            team.patch("pia", "/members/{ann}", role("viewer")).await,
        ] {
            assert_eq!(refused.problem(), (409, "last_owner"));
        }
        team.patch("ann", "/members/{bob}", role("owner")).await.good();
        assert_eq!(team.delete("ann", "/members/{ann}").await.status, 204);
        assert_eq!(team.delete("bob", "/members/{bob}").await.problem(), (409, "last_owner"));
        assert_eq!(team.entries().await.len(), 3);
    }

    async fn of_two_owners_who_go_at_once_one_stays(app: TestApp) {
        let team = Team::of(app, &[("bob", "owner")]).await;
        for round in 0..6 {
            let (path, other) = ("/members/{ann}", "/members/{bob}");
            let answers = match round % 3 {
                0 => at_once(&team, [("ann", Method::DELETE, path, None), ("bob", Method::DELETE, other, None)]).await,
                1 => {
                    let to = || Some(role("viewer"));
                    at_once(&team, [("ann", Method::PATCH, path, to()), ("bob", Method::PATCH, other, to())]).await
                }
                // Each removes the other: who is gone removes nobody.
                _ => at_once(&team, [("ann", Method::DELETE, other, None), ("bob", Method::DELETE, path, None)]).await,
            };
            let done = answers.iter().filter(|answer| answer.status < 300).count();
            let refused = answers.iter().find(|answer| answer.status >= 300).map(|answer| answer.problem().0);
            assert_eq!(done, 1, "round {round}: {:?}", answers.iter().map(|answer| &answer.body).collect::<Vec<_>>());
            assert!(refused.is_some_and(|status| [403, 409].contains(&status)), "round {round}: {refused:?}");
            let owners: Vec<_> = team.members().await.into_iter().filter(|(_, role)| role == "owner").collect();
            assert_eq!(owners.len(), 1, "round {round}");

            let gone = if owners[0].0 == team.id_of("ann") { "bob" } else { "ann" };
            team.execute(&format!("DELETE FROM members WHERE subject_id = '{}'", team.id_of(gone))).await;
            team.put(gone, "owner").await;
        }
    }

    async fn whoever_loses_their_power_changes_nothing_with_it(app: TestApp) {
        let team = Team::of(app, &[("bob", "admin"), ("cid", "viewer")]).await;
        for round in 0..6 {
            let answers = at_once(&team, [
                ("ann", Method::PATCH, "/members/{bob}", Some(role("viewer"))),
                ("bob", Method::PATCH, "/members/{cid}", Some(role("admin"))),
            ]).await;
            let raised = team.role_of("cid").await.as_deref() == Some("admin");
            assert_eq!(team.role_of("bob").await.as_deref(), Some("viewer"), "round {round}");
            assert_eq!(answers.iter().filter(|answer| answer.status == 200).count(), 1 + usize::from(raised));
            for (name, back) in [("bob", "admin"), ("cid", "viewer")] {
                team.patch("ann", &format!("/members/{{{name}}}"), role(back)).await.good();
            }
        }
    }

    async fn an_archived_workspace_takes_no_changes(app: TestApp) {
        let mut team = Team::of(app, &[("bob", "admin"), ("cid", "member"), ("eve", "")]).await;
        team.machine("job").await;
        let job = team.id_of("job").to_owned();
        team.archive().await;
        for (name, method, path, body) in [
            ("ann", Method::POST, "/members", Some(machine(&job, "viewer"))),
            ("ann", Method::PATCH, "/members/{cid}", Some(role("viewer"))),
            ("bob", Method::DELETE, "/members/{cid}", None),
            ("cid", Method::DELETE, "/members/{cid}", None),
            ("ann", Method::POST, "/invitations", Some(json!({ "email": "gus@example.com", "role": "viewer" }))),
            ("ann", Method::DELETE, "/invitations/some-invitation", None),
        ] {
            assert_eq!(team.call(name, method, path, body).await.problem(), (409, "workspace_archived"), "{path}");
        }
        for path in ["/members", "/members/{bob}", "/invitations"] {
            team.get("bob", path).await.good();
            assert_eq!(team.get("eve", path).await.problem(), (403, "tenant_forbidden"));
        }
        assert_eq!(team.members().await.len(), 3);
    }

    async fn nobody_from_elsewhere_gets_in(app: TestApp) {
        let mut team = Team::of(app, &[("bob", "member"), ("eve", ""), ("sue", "")]).await;
        team.machine("job").await;
        team.give_platform_role("sue", "support").await;
        let eve = team.who("eve").token.clone();
        team.product.post_as(&eve, WORKSPACES, json!({ "name": "Eve's" })).await.good();
        let job = team.id_of("job").to_owned();
        let calls = [
            (Method::GET, "/members", None),
            (Method::POST, "/members", Some(machine(&job, "viewer"))),
            (Method::GET, "/members/{bob}", None),
            (Method::PATCH, "/members/{bob}", Some(role("owner"))),
            (Method::DELETE, "/members/{bob}", None),
            (Method::GET, "/invitations", None),
            (Method::POST, "/invitations", Some(json!({ "email": "eve@example.com", "role": "owner" }))),
            (Method::DELETE, "/invitations/some-invitation", None),
        ];
        for (method, path, body) in calls {
            let is_read = method == Method::GET;
            for name in ["eve", "job"] {
                let answer = team.call(name, method.clone(), path, body.clone()).await;
                assert_eq!(answer.problem(), (403, "tenant_forbidden"), "{name} {method} {path}");
            }
            for token in [None, Some(team.who("ann").id_token.clone())] {
                let answer = team.product.call(method.clone(), &team.at(path), token.as_deref(), body.clone()).await;
                assert_eq!(answer.problem(), (401, "unauthenticated"), "{method} {path}");
            }
            let support = team.call("sue", method.clone(), path, body.clone()).await;
            if is_read {
                support.good();
            } else {
                assert_eq!(support.problem(), (403, "tenant_forbidden"), "{method} {path}");
            }
        }
        team.disable("bob").await;
        assert_eq!(team.delete("bob", "/members/{bob}").await.problem(), (403, "account_disabled"));
        assert_eq!((team.members().await.len(), team.entries().await.len()), (2, 1));
        assert_eq!(team.product.app.rows("invitations").await, 0);
    }

    async fn who_is_not_noted_to_come_or_go_does_not(app: TestApp) {
        let mut team = Team::of(app, &[("bob", "admin"), ("cid", "member")]).await;
        team.machine("job").await;
        let job = team.id_of("job").to_owned();
        let before = team.members().await;
        team.execute("ALTER TABLE audit_log RENAME TO elsewhere").await;
        for (name, method, path, body) in [
            ("ann", Method::POST, "/members", Some(machine(&job, "viewer"))),
            ("ann", Method::PATCH, "/members/{cid}", Some(role("viewer"))),
            ("bob", Method::DELETE, "/members/{cid}", None),
            ("cid", Method::DELETE, "/members/{cid}", None),
        ] {
            assert_eq!(team.call(name, method, path, body).await.problem(), (500, "internal"), "{path}");
        }
        assert_eq!(team.members().await, before);
        team.execute("ALTER TABLE elsewhere RENAME TO audit_log").await;
        assert_eq!(team.delete("cid", "/members/{cid}").await.status, 204);
        assert_eq!(team.entries().await.len(), 2);
    }
}
