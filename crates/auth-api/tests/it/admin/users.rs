//! Finding, inviting and changing people.

use cognate_testkit::app::PASSWORD;
use cognate_testkit::{TestApp, both_engines};
use http::{Method, header};
use serde_json::{Value, json};

use super::{USERS, encoded};
use crate::kit::{Answer, Product, request};

fn ids(answer: &Answer) -> Vec<String> {
    answer.body["items"].as_array().unwrap().iter().map(|item| item["id"].as_str().unwrap().to_owned()).collect()
}

both_engines! {
    async fn people_are_found_by_what_support_is_told(app: TestApp) {
        let product = Product::open(app).await;
        let (admin, ann) = (product.admin().await, product.known("ann@example.com").await);
        let sub = product.get_as(&ann.session.access, "/v1/me").await.good().text("/providerSubject");
        let find = |query: String| product.call_owned(format!("{USERS}?{query}"), admin.session.access.clone());

        for query in [format!("sub={sub}"), "email=ANN%40example.com".to_owned()] {
            let found = find(query).await.good();
            assert_eq!(ids(&found), [ann.id.as_str()]);
            assert_eq!(found.text("/items/0/email"), "ann@example.com");
            assert!(found.body.get("next").is_none());
        }
        let mut both = [admin.id.clone(), ann.id.clone()];
        both.sort();
        assert_eq!(ids(&find("name=aN".to_owned()).await.good()), both, "all of them are called Ann");
        assert_eq!(ids(&find("role=platform_admin".to_owned()).await.good()), [admin.id.as_str()]);
        for nobody in ["sub=nobody", "email=nobody%40example.com", "name=Bob", "role=support", "role=no_such"] {
            assert_eq!(find(nobody.to_owned()).await.good().body, json!({ "items": [] }), "{nobody}");
        }
        for (bad, field) in [
            ("", ""), ("sub=a&email=b", ""), ("name=", "name"), ("who=ann", ""), ("name=a&who=ann", "who"), ("name=a&limit=0", "limit"),
            ("name=a&next=x", "next"),
        ] {
            let refused = find(bad.to_owned()).await;
            assert_eq!(refused.problem(), (400, "validation_failed"), "{bad}");
            assert_eq!(refused.text("/errors/0/field"), field, "{bad}");
        }
    }

    async fn pages_of_people_come_to_an_end_and_leave_nobody_out(app: TestApp) {
        let product = Product::open(app).await;
        let admin = product.admin().await;
        for at in 0..6 {
            let known = product.known(&format!("ann{at}@example.com")).await;
            product.give(&known.id, Some("support")).await;
        }
        for (query, all) in [("name=a", 7), ("name=Ann", 7), ("role=support", 6), ("email=ann1%40example.com", 1)] {
            for limit in [1, 2, 3, 100] {
                let found = product.pages(&admin.session.access, &format!("{USERS}?{query}"), limit).await;
                let mut ids: Vec<_> = found.iter().map(|user| user["id"].to_string()).collect();
                ids.sort();
                ids.dedup();
                assert_eq!((found.len(), ids.len()), (all, all), "{query} {limit}");
            }
        }
    }

    async fn a_person_is_shown_with_where_they_belong_and_how_they_came(app: TestApp) {
        let product = Product::open(app).await;
        let (admin, ann) = (product.admin().await, product.known("ann@example.com").await);
        let path = format!("{USERS}/{}", ann.id);
        let shown = product.get_as(&admin.session.access, &path).await.good();
        assert_eq!(shown.header("etag"), "\"1\"");
        assert_eq!(shown.body, json!({
            "id": ann.id, "kind": "user", "provider": "cognate", "providerSubject": shown.text("/providerSubject"), "state": "active",
            "name": "Ann", "email": "ann@example.com", "plan": "free", "onboarding": "new", "entitlements": [],
            "createdAt": "2026-01-02T03:04:05Z", "modifiedAt": "2026-01-02T03:04:05Z",
            "preferences": {}, "workspaces": [], "signIns": [{ "at": "2026-01-02T03:04:05Z" }],
        }));
        for nobody in ["00000000-0000-4000-8000-000000000000", "x", &"x".repeat(65), "a%2Fb", "%FF", "..%2f", "a%00"] {
            let missing = product.get_as(&admin.session.access, &format!("{USERS}/{nobody}")).await;
            assert_eq!(missing.problem(), (404, "not_found"), "{nobody}");
        }
    }

    async fn an_invited_person_signs_in_with_what_they_were_sent(app: TestApp) {
        let product = Product::open(app).await;
        let admin = product.admin().await;
        let invite = |body: Value| product.post_as(&admin.session.access, USERS, body);
        let made = invite(json!({ "email": "eve@example.com", "name": "Eve", "plan": "pro", "platformRole": "support" })).await;
        assert_eq!(made.status, 201, "{}", made.body);
        assert_eq!((made.text("/email"), made.text("/plan"), made.text("/platformRole")),
            ("eve@example.com".to_owned(), "pro".to_owned(), "support".to_owned()));
        let id = made.text("/id");

        let (told, _) = product.message("eve@example.com").await.unwrap();
        let password = told.split_once("temporary password is ").unwrap().1.strip_suffix('.').unwrap();
        let begun = product.post("/v1/auth/sign-in", json!({ "identifier": "eve@example.com", "password": password })).await.good();
        let answer = json!({ "session": begun.text("/challenge/session"), "newPassword": PASSWORD });
        let session = product.post("/v1/auth/challenges/new-password", answer).await.good();
        let me = product.get_as(&session.text("/accessToken"), "/v1/me").await.good();
        assert_eq!((me.text("/id"), me.text("/plan"), me.text("/platformRole")), (id.clone(), "pro".to_owned(), "support".to_owned()));

        let shown = product.get_as(&admin.session.access, &format!("{USERS}/{id}")).await.good();
        assert_eq!(shown.body["signIns"], json!([{ "at": "2026-01-02T03:04:05Z", "challenge": "new_password" }]));
        let logged = product.logged(&admin, "subject", &id).await;
        assert!(logged.contains(&("subject.invite".to_owned(), json!({}))), "{logged:?}");
        assert!(logged.contains(&("subject.create".to_owned(), json!({ "plan": "pro", "role": "support" }))), "{logged:?}");

        let again = invite(json!({ "email": "eve@example.com" })).await;
        assert_eq!(again.problem(), (409, "conflict"), "an administrator may know");
        for (body, field) in [
            (json!({}), ""),
            (json!({ "email": "no address" }), "/email"),
            (json!({ "email": "abe@example.com", "plan": "Pro" }), "/plan"),
            (json!({ "email": "abe@example.com", "platformRole": "no_such" }), "/platformRole"),
            (json!({ "email": "abe@example.com", "platformRole": "owner" }), "/platformRole"),
            (json!({ "email": "abe@example.com", "password": "x" }), "/password"),
            (json!({ "email": "abe@example.com", "attributes": { "email_verified": "true" } }), "/attributes/email_verified"),
        ] {
            let refused = invite(body.clone()).await;
            assert_eq!(refused.problem(), (400, "validation_failed"), "{body}");
            assert_eq!(refused.text("/errors/0/field"), field, "{body}");
        }
        assert!(product.message("abe@example.com").await.is_none());
    }

    async fn plan_entitlements_and_role_are_set_and_the_log_says_so(app: TestApp) {
        let product = Product::open(app).await;
        let (admin, ann) = (product.admin().await, product.known("ann@example.com").await);
        let path = format!("{USERS}/{}", ann.id);
        let patch = |body: Value| product.patch_as(&admin.session.access, &path, body);

        let changed = patch(json!({ "plan": "pro", "entitlements": ["export"], "platformRole": "support" })).await.good();
        assert_eq!((changed.text("/plan"), changed.text("/platformRole")), ("pro".to_owned(), "support".to_owned()));
        assert_eq!(changed.body["entitlements"], json!(["export"]));
        assert!(changed.body.get("providerAccount").is_none());
        let me = product.get_as(&ann.session.access, "/v1/me").await.good();
        assert_eq!((me.text("/plan"), me.text("/platformRole"), me.header("etag")),
            ("pro".to_owned(), "support".to_owned(), changed.header("etag")));
        let nothing = patch(json!({ "plan": "pro", "platformRole": "support" })).await.good();
        assert_eq!(nothing.header("etag"), changed.header("etag"), "nothing has changed");
        assert!(patch(json!({ "platformRole": null })).await.good().body.get("platformRole").is_none());

        let mut logged = product.logged(&admin, "subject", &ann.id).await;
        logged.sort_by_key(|entry| entry.0.clone() + &entry.1.to_string());
        assert_eq!(logged, [
            ("subject.assign_role".to_owned(), json!({ "from": "support" })),
            ("subject.assign_role".to_owned(), json!({ "to": "support" })),
            ("subject.update".to_owned(), json!({ "plan": "pro", "entitlements": ["export"] })),
        ]);

        for (body, field) in [
            (json!({ "plan": "Pro" }), "/plan"),
            (json!({ "entitlements": ["A"] }), "/entitlements"),
            (json!({ "platformRole": "no_such" }), "/platformRole"),
            (json!({ "platformRole": "owner" }), "/platformRole"),
            (json!({ "platformRole": "" }), "/platformRole"),
            (json!({ "state": "gone" }), "/state"),
            (json!({ "kind": "user" }), "/kind"),
            (json!({ "kind": "device" }), "/kind"),
            (json!({ "email": "eve@example.com" }), "/email"),
            (json!({ "id": "x" }), "/id"),
        ] {
            let refused = patch(body.clone()).await;
            assert_eq!(refused.problem(), (400, "validation_failed"), "{body}");
            assert_eq!(refused.text("/errors/0/field"), field, "{body}");
        }
        assert_eq!(product.logged(&admin, "subject", &ann.id).await.len(), 3);
    }

    async fn a_change_of_another_version_is_refused(app: TestApp) {
        let product = Product::open(app).await;
        let (admin, ann) = (product.admin().await, product.known("ann@example.com").await);
        let path = format!("{USERS}/{}", ann.id);
        let patch = |etag: &str, plan: &str| {
            let mut asked = request(Method::PATCH, &path, Some(&admin.session.access), Some(json!({ "plan": plan })));
            asked.headers_mut().insert(header::IF_MATCH, etag.parse().unwrap());
            product.send(asked)
        };
        let changed = patch("\"1\"", "pro").await.good();
        assert_eq!(patch("\"1\"", "team").await.problem(), (412, "precondition_failed"));
        assert_eq!(patch("1", "team").await.problem(), (400, "validation_failed"));
        patch(changed.header("etag"), "team").await.good();
    }

    async fn who_is_disabled_is_out_at_once_and_comes_back(app: TestApp) {
        let product = Product::open(app).await;
        let (admin, ann) = (product.admin().await, product.known("ann@example.com").await);
        let path = format!("{USERS}/{}", ann.id);
        let patch = |state: &str| product.patch_as(&admin.session.access, &path, json!({ "state": state }));

        let disabled = patch("disabled").await.good();
        assert_eq!((disabled.text("/state"), disabled.text("/providerAccount")), ("disabled".to_owned(), "changed".to_owned()));
        assert_eq!(product.get_as(&ann.session.access, "/v1/me").await.problem(), (403, "account_disabled"));
        let refreshed = product.post("/v1/auth/token/refresh", json!({ "refreshToken": ann.session.refresh })).await;
        assert_eq!(refreshed.problem(), (401, "refresh_rejected"));
        assert_eq!(product.sign_in("ann@example.com").await.problem(), (401, "invalid_credentials"));
        assert_eq!(patch("disabled").await.good().text("/providerAccount"), "changed", "it can be asked again");

        let enabled = patch("active").await.good();
        assert_eq!((enabled.text("/state"), enabled.text("/providerAccount")), ("active".to_owned(), "changed".to_owned()));
        let session = product.signed_in("ann@example.com").await;
        product.get_as(&session.access, "/v1/me").await.good();
        let old = product.get_as(&ann.session.access, "/v1/me").await;
        assert_eq!(old.problem(), (401, "unauthenticated"), "what they had then is revoked");
        let logged: Vec<_> = product.logged(&admin, "subject", &ann.id).await.into_iter().map(|entry| entry.0).collect();
        assert_eq!(logged.iter().filter(|action| *action == "subject.disable").count(), 2);
        assert_eq!(logged.iter().filter(|action| *action == "subject.enable").count(), 1);
    }

    async fn the_directory_shuts_out_whom_the_provider_does_not(app: TestApp) {
        let product = Product::open(app).await;
        let (admin, ann) = (product.admin().await, product.known("ann@example.com").await);
        let path = format!("{USERS}/{}", ann.id);
        // The pool's own users cannot be written: the provider fails, the directory does not.
        product.refuse("users", "UPDATE").await;
        let disabled = product.patch_as(&admin.session.access, &path, json!({ "state": "disabled" })).await.good();
        assert_eq!((disabled.text("/state"), disabled.text("/providerAccount")), ("disabled".to_owned(), "failed".to_owned()));
        assert_eq!(product.get_as(&ann.session.access, "/v1/me").await.problem(), (403, "account_disabled"));
        assert_eq!(product.get_as(&ann.session.access, USERS).await.problem(), (403, "account_disabled"));
        product.allow("users").await;
        let again = product.patch_as(&admin.session.access, &path, json!({ "state": "disabled" })).await.good();
        assert_eq!(again.text("/providerAccount"), "changed");

        let gone = json!({ "UserPoolId": product.pool, "Username": "ann@example.com" });
        product.app.idp("AdminDeleteUser", gone).await.assert_good();
        let missing = product.patch_as(&admin.session.access, &path, json!({ "state": "disabled" })).await.good();
        assert_eq!(missing.text("/providerAccount"), "missing");
    }

    async fn a_machine_has_a_kind_and_no_account(app: TestApp) {
        let product = Product::open(app).await;
        let admin = product.admin().await;
        let machine = product.machine_bearer().await;
        let id = product.get_as(&machine, "/v1/me").await.good().text("/id");
        let path = format!("{USERS}/{id}");
        let patch = |body: Value| product.patch_as(&admin.session.access, &path, body);
        for kind in ["device", "partner", "job", "machine"] {
            assert_eq!(patch(json!({ "kind": kind })).await.good().text("/kind"), kind);
        }
        assert_eq!(patch(json!({ "kind": "user" })).await.problem(), (400, "validation_failed"));

        let support = patch(json!({ "platformRole": "support" })).await.good();
        assert_eq!(support.text("/platformRole"), "support");
        product.get_as(&machine, &format!("{USERS}?role=support")).await.good();
        let forbidden = product.patch_as(&machine, &path, json!({ "platformRole": "platform_admin" })).await;
        assert_eq!(forbidden.problem(), (403, "forbidden"));

        let disabled = patch(json!({ "state": "disabled" })).await.good();
        assert!(disabled.body.get("providerAccount").is_none());
        assert_eq!(product.get_as(&machine, "/v1/me").await.problem(), (403, "account_disabled"));
    }

    async fn the_last_administrator_stays_whoever_is_faster(app: TestApp) {
        let product = Product::open(app).await;
        let admin = product.admin().await;
        let own = format!("{USERS}/{}", admin.id);
        for body in [
            json!({ "platformRole": null }), json!({ "platformRole": "support" }), json!({ "state": "disabled" }),
            json!({ "state": "disabled", "platformRole": null, "plan": "pro" }),
        ] {
            assert_eq!(product.patch_as(&admin.session.access, &own, body.clone()).await.problem(), (409, "last_admin"), "{body}");
        }
        assert_eq!(product.get_as(&admin.session.access, &own).await.good().text("/plan"), "free", "all of it was taken back");

        let other = product.known_with("other@example.com", "platform_admin").await;
        let others = format!("{USERS}/{}", other.id);
        let body = json!({ "platformRole": null });
        for round in 0..4 {
            // Each steps down, or each takes the other's power away.
            let (first, second) = if round % 2 == 0 { (&own, &others) } else { (&others, &own) };
            let (one, two) = tokio::join!(
                product.patch_as(&admin.session.access, first, body.clone()),
                product.patch_as(&other.session.access, second, body.clone()),
            );
            let statuses = [one.status, two.status];
            assert!(statuses.contains(&200) && statuses != [200, 200], "{statuses:?} {} {}", one.body, two.body);
            let left = product.admins().await;
            assert_eq!(left.len(), 1, "{left:?}");
            for id in [&admin.id, &other.id] {
                product.give(id, Some("platform_admin")).await;
            }
        }
    }
}

impl Product {
    async fn call_owned(&self, path: String, token: String) -> Answer {
        self.get_as(&token, &path).await
    }

    async fn admins(&self) -> Vec<String> {
        let mut tx = self.app.app.db.read().await.unwrap();
        let admins = cognate_store::subjects::list_by_platform_role(&mut tx, "platform_admin", "", 10).await.unwrap();
        admins.into_iter().map(|subject| subject.id).collect()
    }
}

#[test]
fn a_query_is_encoded() {
    assert_eq!(encoded("a/é"), "a%2F%C3%A9");
}
