//! Workspaces: who makes them, sees them, renames and archives them.

use cognate_domain::directory::rules::MOST_MEMBERSHIPS;
use cognate_testkit::{TestApp, both_engines};
use http::{Method, header};
use serde_json::{Value, json};

use crate::kit::{Answer, request};
use crate::team::{Team, WORKSPACES};

impl Team {
    async fn patch_version(&self, etag: &str, body: Value) -> Answer {
        let mut asked = request(Method::PATCH, &self.at(""), Some(&self.who("ann").token), Some(body));
        asked.headers_mut().insert(header::IF_MATCH, etag.parse().unwrap());
        self.product.send(asked).await
    }
}

both_engines! {
    async fn whoever_makes_a_workspace_owns_it(app: TestApp) {
        let team = Team::of(app, &[]).await;
        let read = team.get("ann", "").await.good();
        assert_eq!(read.body, json!({
            "id": team.id, "name": "Works", "state": "active", "role": "owner",
            "createdAt": "2026-01-02T03:04:05Z", "updatedAt": "2026-01-02T03:04:05Z",
        }));
        assert_eq!(read.header("etag"), "\"1\"");
        let token = &team.who("ann").token;
        let made = team.product.post_as(token, WORKSPACES, json!({ "name": "  Other " })).await;
        assert_eq!((made.status, made.header("etag"), made.text("/name"), made.text("/role")),
            (201, "\"1\"", "Other".to_owned(), "owner".to_owned()));

        let entries = team.entries().await;
        let (entry, others) = entries.split_first().unwrap();
        assert_eq!(others, []);
        assert_eq!((entry.action.as_str(), entry.target_kind.as_str()), ("workspace.create", "workspace"));
        assert_eq!((entry.target.as_str(), entry.actor.as_str()), (team.id.as_str(), team.id_of("ann")));
        assert_eq!(entry.trace.len(), 32);
    }

    async fn ones_own_are_listed_in_pages(app: TestApp) {
        let team = Team::of(app, &[("bob", "")]).await;
        let token = team.who("ann").token.clone();
        for name in ["Two", "Three"] {
            team.product.post_as(&token, WORKSPACES, json!({ "name": name })).await.good();
        }
        team.archive().await;
        let list = async |token: &str, query: &str| {
            team.product.call(Method::GET, &format!("{WORKSPACES}{query}"), Some(token), None).await.good()
        };
        let all = list(&token, "").await;
        assert_eq!((all.body["items"].as_array().unwrap().len(), &all.body["next"]), (3, &Value::Null));
        let first = list(&token, "?limit=2").await;
        let rest = list(&token, &format!("?limit=2&next={}", first.text("/next"))).await;
        let items = |page: &Answer| page.body["items"].as_array().unwrap().clone();
        assert_eq!([items(&first), items(&rest)].concat(), items(&all));
        assert_eq!(rest.body["next"], Value::Null);
        assert_eq!(list(&team.who("bob").token, "").await.body, json!({ "items": [] }));
        for query in ["?limit=0", "?limit=101", "?limit=2&limit=2", "?owner=ann"] {
            let path = format!("{WORKSPACES}{query}");
            let refused = team.product.call(Method::GET, &path, Some(&token), None).await;
            assert_eq!(refused.problem(), (400, "validation_failed"), "{query}");
        }
    }

    async fn a_workspace_is_renamed_archived_and_made_active_again(app: TestApp) {
        let team = Team::of(app, &[]).await;
        let changed = team.patch("ann", "", json!({ "name": " Mill " })).await.good();
        assert_eq!((changed.text("/name"), changed.header("etag")), ("Mill".to_owned(), "\"2\""));
        team.product.app.clock.tick();
        let archived = team.patch("ann", "", json!({ "state": "archived" })).await.good();
        assert_eq!((archived.text("/state"), archived.header("etag")), ("archived".to_owned(), "\"3\""));
        assert_eq!(team.get("ann", "").await.good().text("/state"), "archived");

        for body in [json!({ "name": "Works" }), json!({ "state": "archived" }), json!({ "name": "W", "state": "active" })] {
            assert_eq!(team.patch("ann", "", body).await.problem(), (409, "workspace_archived"));
        }
        team.product.app.clock.tick();
        let active = team.patch("ann", "", json!({ "state": "active" })).await.good();
        assert_eq!((active.text("/state"), active.header("etag")), ("active".to_owned(), "\"4\""));
        team.product.app.clock.tick();
        let both = team.patch("ann", "", json!({ "name": "Closed", "state": "archived" })).await.good();
        assert_eq!((both.text("/name"), both.text("/state"), both.header("etag")),
            ("Closed".to_owned(), "archived".to_owned(), "\"6\""));

        let mut noted: Vec<_> = team.entries().await.into_iter().map(|entry| entry.action).collect();
        noted.sort();
        assert_eq!(noted, [
            "workspace.archive", "workspace.archive", "workspace.create", "workspace.rename", "workspace.rename",
            "workspace.restore",
        ]);
    }

    async fn what_changes_nothing_is_no_change(app: TestApp) {
        let team = Team::of(app, &[("bob", "viewer")]).await;
        for body in [json!({}), json!({ "name": "Works" }), json!({ "name": "Works", "state": "active" })] {
            let same = team.patch("ann", "", body).await.good();
            assert_eq!((same.header("etag"), same.text("/name")), ("\"1\"", "Works".to_owned()));
        }
        team.patch("bob", "", json!({})).await.good();
        assert_eq!(team.patch("bob", "", json!({ "state": "active" })).await.problem(), (403, "forbidden"));
        assert_eq!(team.entries().await.len(), 1);
    }

    async fn a_change_of_what_has_changed_is_refused(app: TestApp) {
        let team = Team::of(app, &[]).await;
        team.patch_version("\"1\"", json!({ "name": "Mill" })).await.good();
        let late = team.patch_version("\"1\"", json!({ "name": "Late" })).await;
        assert_eq!(late.problem(), (412, "precondition_failed"));
        assert_eq!(team.patch_version("one", json!({ "name": "Odd" })).await.problem(), (400, "validation_failed"));
        assert_eq!(team.get("ann", "").await.good().text("/name"), "Mill");
    }

    async fn renamed_by_several_at_once_it_has_one_of_the_names_for_each_version(app: TestApp) {
        let team = Team::of(app, &[]).await;
        let mut calls = tokio::task::JoinSet::new();
        for number in 0..8 {
            let body = json!({ "name": format!("Name {number}") });
            let asked = request(Method::PATCH, &team.at(""), Some(&team.who("ann").token), Some(body));
            calls.spawn(crate::kit::send(team.product.routes(), asked));
        }
        let answers = calls.join_all().await;
        let done = answers.iter().filter(|answer| answer.status == 200).count();
        assert!(answers.iter().all(|answer| [200, 409, 429].contains(&answer.status)));
        assert!(done >= 1);
        assert_eq!(team.get("ann", "").await.good().header("etag"), format!("\"{}\"", done + 1));
        assert_eq!(team.entries().await.len(), done + 1);
    }

    async fn roles_say_who_may_do_what(app: TestApp) {
        let team = Team::of(app, &[("bob", "admin"), ("cid", "member"), ("dora", "viewer")]).await;
        for (name, renames) in [("bob", true), ("cid", false), ("dora", false)] {
            let read = team.get(name, "").await.good();
            assert_eq!(read.text("/role"), team.role_of(name).await.unwrap());
            let renamed = team.patch(name, "", json!({ "name": format!("Of {name}") })).await;
            if renames {
                renamed.good();
            } else {
                assert_eq!(renamed.problem(), (403, "forbidden"), "{name}");
            }
            assert_eq!(team.patch(name, "", json!({ "state": "archived" })).await.problem(), (403, "forbidden"), "{name}");
            // Of two changes one that is not allowed is enough.
            let both = team.patch(name, "", json!({ "name": "Mine", "state": "archived" })).await;
            assert_eq!(both.problem(), (403, "forbidden"), "{name}");
        }
        assert_eq!(team.get("ann", "").await.good().text("/name"), "Of bob");
        team.archive().await;
        assert_eq!(team.patch("bob", "", json!({ "state": "active" })).await.problem(), (403, "forbidden"));
    }

    async fn what_is_not_there_and_what_is_not_ones_own_look_the_same(app: TestApp) {
        let mut team = Team::of(app, &[("eve", "")]).await;
        team.machine("job").await;
        let eve = team.who("eve").token.clone();
        team.product.post_as(&eve, WORKSPACES, json!({ "name": "Eve's" })).await.good();
        let gone = "0197c8b7-fed8-7000-8000-000000000000";
        for archived in [false, true] {
            if archived {
                team.archive().await;
            }
            for name in ["eve", "job"] {
                let token = &team.who(name).token;
                for id in [team.id.as_str(), gone, "..%2F..", "a%2Fb", "%00", "*", &"a".repeat(65), "%FF"] {
                    let path = format!("{WORKSPACES}/{id}");
                    let mut read = team.product.call(Method::GET, &path, Some(token), None).await;
                    let mut change =
                        team.product.call(Method::PATCH, &path, Some(token), Some(json!({ "name": "Eve's" }))).await;
                    for answer in [&mut read, &mut change] {
                        assert_eq!(answer.problem(), (403, "tenant_forbidden"), "{name} {path} {archived}");
                        assert_eq!(answer.text("/detail"), "You do not belong to this workspace.");
                    }
                }
            }
        }
    }

    async fn who_does_not_prove_who_they_are_gets_nothing(app: TestApp) {
        let team = Team::of(app, &[("bob", "owner")]).await;
        let id_token = team.who("ann").id_token.clone();
        for token in [None, Some(id_token.as_str()), Some("nonsense")] {
            for (method, path, body) in [
                (Method::GET, WORKSPACES.to_owned(), None),
                (Method::POST, WORKSPACES.to_owned(), Some(json!({ "name": "Mine" }))),
                (Method::GET, team.at(""), None),
                (Method::PATCH, team.at(""), Some(json!({ "name": "Mine" }))),
            ] {
                let refused = team.product.call(method, &path, token, body).await;
                assert_eq!(refused.problem(), (401, "unauthenticated"), "{path}");
            }
        }
        team.disable("bob").await;
        assert_eq!(team.get("bob", "").await.problem(), (403, "account_disabled"));
        let token = &team.who("bob").token;
        let made = team.product.post_as(token, WORKSPACES, json!({ "name": "Mine" })).await;
        assert_eq!(made.problem(), (403, "account_disabled"));
        assert_eq!(team.product.app.rows("workspaces").await, 1);
    }

    async fn machines_make_no_workspaces(app: TestApp) {
        let mut team = Team::of(app, &[]).await;
        team.machine("job").await;
        let token = &team.who("job").token;
        let refused = team.product.post_as(token, WORKSPACES, json!({ "name": "Mine" })).await;
        assert_eq!((refused.problem(), refused.text("/detail")), ((403, "forbidden"), "Only people make workspaces.".to_owned()));
    }

    async fn a_role_of_the_platforms_reaches_them_all_and_is_told_what_is_not_there(app: TestApp) {
        let team = Team::of(app, &[("pia", ""), ("sue", "")]).await;
        team.give_platform_role("pia", "platform_admin").await;
        team.give_platform_role("sue", "support").await;
        for name in ["pia", "sue"] {
            let read = team.get(name, "").await.good();
            assert_eq!((read.text("/name"), &read.body["role"]), ("Works".to_owned(), &Value::Null));
            let path = format!("{WORKSPACES}/0197c8b7-fed8-7000-8000-000000000000");
            let nothing = team.product.call(Method::GET, &path, Some(&team.who(name).token), None).await;
            assert_eq!(nothing.problem(), (404, "not_found"));
        }
        assert_eq!(team.patch("sue", "", json!({ "name": "Mine" })).await.problem(), (403, "tenant_forbidden"));
        team.patch("pia", "", json!({ "name": "Mill", "state": "archived" })).await.good();
        assert_eq!(team.patch("pia", "", json!({ "name": "Works" })).await.problem(), (409, "workspace_archived"));
        assert_eq!(team.patch("sue", "", json!({ "name": "Mine" })).await.problem(), (403, "tenant_forbidden"));
        team.get("sue", "").await.good();
        team.patch("pia", "", json!({ "state": "active" })).await.good();
        assert_eq!(team.entry("workspace.restore").await.actor, team.id_of("pia"));
    }

    async fn nobody_belongs_to_more_than_they_may(app: TestApp) {
        let team = Team::of(app, &[]).await;
        let ann = team.id_of("ann");
        let rows: Vec<_> = (1..MOST_MEMBERSHIPS).map(|at| format!("('{ann}', 'w{at}', 'viewer', 0)")).collect();
        let rows = rows.join(", ");
        team.execute(&format!("INSERT INTO members (subject_id, workspace_id, role_key, added_at) VALUES {rows}")).await;
        let token = &team.who("ann").token;
        let refused = team.product.post_as(token, WORKSPACES, json!({ "name": "One more" })).await;
        assert_eq!(refused.problem(), (409, "limit_reached"));
        assert_eq!(team.product.app.rows("workspaces").await, 1);
        assert_eq!(team.product.app.rows("audit_log").await, 1);
    }

    async fn a_body_that_does_not_fit_says_where(app: TestApp) {
        let team = Team::of(app, &[]).await;
        let token = &team.who("ann").token;
        for (body, field) in [
            (json!({}), ""),
            (json!({ "name": "" }), "/name"),
            (json!({ "name": "  " }), "/name"),
            (json!({ "name": "a\nb" }), "/name"),
            (json!({ "name": "x".repeat(101) }), "/name"),
            (json!({ "name": 7 }), "/name"),
            (json!({ "name": "A", "owner": "somebody-else" }), "/owner"),
            (json!({ "name": "A", "createdBy": "somebody-else" }), "/createdBy"),
        ] {
            let refused = team.product.post_as(token, WORKSPACES, body.clone()).await;
            assert_eq!(refused.problem(), (400, "validation_failed"), "{body}");
            assert_eq!(refused.text("/errors/0/field"), field, "{body}");
        }
        for body in [json!({ "name": "" }), json!({ "state": "gone" }), json!({ "state": null, "version": 7 })] {
            assert_eq!(team.patch("ann", "", body.clone()).await.problem(), (400, "validation_failed"), "{body}");
        }
        assert_eq!(team.product.app.rows("workspaces").await, 1);
    }

    async fn what_cannot_be_noted_does_not_happen(app: TestApp) {
        let team = Team::of(app, &[]).await;
        team.execute("ALTER TABLE audit_log RENAME TO elsewhere").await;
        let token = &team.who("ann").token;
        let made = team.product.post_as(token, WORKSPACES, json!({ "name": "Other" })).await;
        assert_eq!(made.problem(), (500, "internal"));
        for body in [json!({ "name": "Mill" }), json!({ "state": "archived" })] {
            assert_eq!(team.patch("ann", "", body).await.problem(), (500, "internal"));
        }
        assert_eq!((team.product.app.rows("workspaces").await, team.product.app.rows("members").await), (1, 1));
        let same = team.get("ann", "").await.good();
        assert_eq!((same.text("/name"), same.text("/state"), same.header("etag")),
            ("Works".to_owned(), "active".to_owned(), "\"1\""));

        team.execute("ALTER TABLE elsewhere RENAME TO audit_log").await;
        team.patch("ann", "", json!({ "name": "Mill" })).await.good();
        assert_eq!(team.entries().await.len(), 2);
    }
}
