//! Whoever calls, as the application knows them: the first call, the profile, the catalogue, decisions.

use cognate_domain::Clock as _;
use cognate_domain::directory::{PLATFORM_ADMIN, SubjectState, Workspace, WorkspaceState};
use cognate_store::{catalogue, subjects, workspaces};
use cognate_testkit::app::log::Log;
use cognate_testkit::{TestApp, both_engines};
use http::{Method, header};
use serde_json::{Value, json};

use crate::kit::{Product, request};

const ME: &str = "/v1/me";

impl Product {
    async fn get(&self, path: &str, token: &str) -> crate::kit::Answer {
        self.call(Method::GET, path, Some(token), None).await
    }

    /// A workspace of somebody who has called before.
    async fn workspace(&self, owner: &str) -> String {
        let now = self.app.clock.now();
        let id = format!("workspace-of-{owner}");
        let workspace = Workspace {
            id: id.clone(),
            name: "Works".to_owned(),
            state: WorkspaceState::Active,
            created_by: owner.to_owned(),
            version: 1,
            created_at: now,
            modified_at: now,
        };
        let made = self.app.app.db.write(async |tx| workspaces::insert(tx, &workspace).await).await.unwrap();
        assert!(made);
        id
    }

    async fn decision(&self, token: &str, question: Value) -> (bool, String) {
        let answer = self.post_as(token, "/v1/authorization/decisions", question).await.good();
        (answer.body["allowed"].as_bool().unwrap(), answer.text("/reason"))
    }
}

both_engines! {
    async fn the_first_call_makes_the_subject_and_the_next_ones_find_it(app: TestApp) {
        let product = Product::open(app).await;
        let sub = product.person("ann@example.com").await;
        let session = product.signed_in("ann@example.com").await;

        let first = product.get(ME, &session.access).await.good();
        let id = first.text("/id");
        assert_eq!(id.len(), 36);
        assert_ne!(id, sub);
        assert_eq!(first.body, json!({
            "id": id, "kind": "user", "provider": "cognate", "providerSubject": sub, "name": "Ann", "email": "ann@example.com",
            "preferences": {}, "plan": "free", "onboarding": "new", "entitlements": [], "workspaces": [], "permissions": [],
            "createdAt": "2026-01-02T03:04:05Z",
        }));
        assert_eq!((first.header("etag"), first.header("cache-control")), ("\"1\"", "private, no-cache"));
        assert_eq!(product.get(ME, &session.access).await.good().body, first.body);

        let subject = product.get("/v1/auth/subject", &session.access).await.good();
        assert_eq!(subject.body, json!({
            "id": id, "kind": "user", "provider": "cognate", "providerSubject": sub, "name": "Ann", "email": "ann@example.com",
            "tenants": [], "onboarding": "new",
        }));
    }

    async fn a_warm_call_is_one_read(app: TestApp) {
        let product = Product::open(app).await;
        product.person("ann@example.com").await;
        let session = product.signed_in("ann@example.com").await;
        let id = product.get(ME, &session.access).await.good().text("/id");
        product.workspace(&id).await;
        product.get(ME, &session.access).await.good();
        let log = Log::capture();
        let asked = || log.text().matches("cognate_store::statements").count();
        for path in [ME, "/v1/auth/subject"] {
            let before = asked();
            product.get(path, &session.access).await.good();
            assert_eq!(asked() - before, 1, "{path}");
        }
        let before = asked();
        product.call(Method::PATCH, ME, Some(&session.access), Some(json!({ "displayName": "Annie" }))).await.good();
        assert!(asked() - before > 2, "statements are not counted");
    }

    async fn fifty_first_calls_at_once_make_one_subject(app: TestApp) {
        let product = Product::open(app).await;
        product.person("ann@example.com").await;
        let session = product.signed_in("ann@example.com").await;
        let mut calls = tokio::task::JoinSet::new();
        for _ in 0..50 {
            calls.spawn(crate::kit::send(product.routes(), request(Method::GET, ME, Some(&session.access), None)));
        }
        let ids: Vec<_> = calls.join_all().await.into_iter().map(|answer| answer.good().text("/id")).collect();
        assert_eq!(ids.len(), 50);
        assert!(ids.iter().all(|id| Some(id) == ids.first()), "{ids:?}");
        let mut tx = product.app.app.db.read().await.unwrap();
        assert_eq!(subjects::list_by_email(&mut tx, "ann@example.com", "", 10).await.unwrap().len(), 1);
    }

    async fn a_person_changes_what_is_theirs_and_nothing_else(app: TestApp) {
        let product = Product::open(app).await;
        product.person("ann@example.com").await;
        let session = product.signed_in("ann@example.com").await;
        let id = product.get(ME, &session.access).await.good().text("/id");
        let workspace = product.workspace(&id).await;
        let patch = |body: Value| product.call(Method::PATCH, ME, Some(&session.access), Some(body));

        let changed = patch(json!({
            "displayName": "  Annie ", "preferences": { "theme": "dark" }, "onboarding": "done", "currentWorkspace": workspace,
        })).await.good();
        assert_eq!(changed.text("/displayName"), "Annie");
        assert_eq!((&changed.body["preferences"], changed.text("/onboarding")), (&json!({ "theme": "dark" }), "done".to_owned()));
        assert_eq!(changed.text("/currentWorkspace"), workspace);
        assert_eq!(changed.body["workspaces"][0]["role"], "owner");
        assert_eq!(changed.body["permissions"], json!([
            { "workspace": workspace, "role": "owner", "action": "*", "resource": "*", "conditional": false },
        ]));
        let taken = patch(json!({ "displayName": null, "currentWorkspace": null })).await.good();
        assert_eq!((&taken.body["displayName"], &taken.body["currentWorkspace"]), (&Value::Null, &Value::Null));
        assert_eq!(taken.body["preferences"], json!({ "theme": "dark" }));

        for (body, field) in [
            (json!({ "plan": "enterprise" }), "/plan"),
            (json!({ "platformRole": "platform_admin" }), "/platformRole"),
            (json!({ "entitlements": ["all"] }), "/entitlements"),
            (json!({ "id": "somebody-else" }), "/id"),
            (json!({ "email": "eve@example.com" }), "/email"),
            (json!({ "displayName": "" }), "/displayName"),
            (json!({ "displayName": 7 }), "/displayName"),
            (json!({ "onboarding": "finished" }), "/onboarding"),
            (json!({ "preferences": [] }), "/preferences"),
            (json!({ "preferences": { "much": "x".repeat(9000) } }), "/preferences"),
        ] {
            let refused = patch(body.clone()).await;
            assert_eq!(refused.problem(), (400, "validation_failed"), "{body}");
            assert_eq!(refused.text("/errors/0/field"), field, "{body}");
        }
        let elsewhere = patch(json!({ "currentWorkspace": "workspace-of-somebody", "displayName": "Eve" })).await;
        assert_eq!(elsewhere.problem(), (403, "tenant_forbidden"));
        assert_eq!(product.get(ME, &session.access).await.good().body, taken.body);
    }

    async fn a_change_of_what_has_changed_is_refused(app: TestApp) {
        let product = Product::open(app).await;
        product.person("ann@example.com").await;
        let session = product.signed_in("ann@example.com").await;
        let first = product.get(ME, &session.access).await.good();
        let patch = |etag: &str| {
            let mut asked = request(Method::PATCH, ME, Some(&session.access), Some(json!({ "displayName": "Annie" })));
            asked.headers_mut().insert(header::IF_MATCH, etag.parse().unwrap());
            product.send(asked)
        };
        patch(first.header("etag")).await.good();
        assert_eq!(patch(first.header("etag")).await.problem(), (412, "precondition_failed"));
        assert_eq!(patch("something").await.problem(), (400, "validation_failed"));
    }

    async fn who_is_disabled_in_the_directory_may_only_sign_out(app: TestApp) {
        let product = Product::open(app).await;
        product.person("ann@example.com").await;
        let session = product.signed_in("ann@example.com").await;
        let id = product.get(ME, &session.access).await.good().text("/id");
        let now = product.app.clock.now();
        let done = product.app.app.db.write(async |tx| subjects::set_state(tx, &id, SubjectState::Disabled, now).await).await;
        assert_eq!(done.unwrap(), subjects::Outcome::Done);

        for path in [ME, "/v1/auth/subject", "/v1/auth/authorization-catalog"] {
            assert_eq!(product.get(path, &session.access).await.problem(), (403, "account_disabled"), "{path}");
        }
        let verify = json!({ "password": "x" });
        let verified = product.post_as(&session.access, "/v1/auth/password-verifications", verify).await;
        assert_eq!(verified.problem(), (403, "account_disabled"));
        product.post_as(&session.access, "/v1/auth/sign-out", json!({})).await.good();
    }

    async fn the_catalogue_is_told_again_only_when_it_has_changed(app: TestApp) {
        let product = Product::open(app).await;
        product.person("ann@example.com").await;
        let session = product.signed_in("ann@example.com").await;
        let path = "/v1/auth/authorization-catalog";
        let first = product.get(path, &session.access).await.good();
        let keys: Vec<_> = first.body["roles"].as_array().unwrap().iter().map(|role| role["key"].clone()).collect();
        assert_eq!(keys, ["admin", "member", "owner", "platform_admin", "support", "viewer"]);
        assert_eq!(first.header("etag"), format!("\"{}\"", first.body["version"]));
        let again = |etag: &str| {
            let mut asked = request(Method::GET, path, Some(&session.access), None);
            asked.headers_mut().insert(header::IF_NONE_MATCH, etag.parse().unwrap());
            product.send(asked)
        };
        let same = again(first.header("etag")).await;
        assert_eq!((same.status, &same.body, same.header("etag")), (304, &Value::Null, first.header("etag")));
        let role = cognate_domain::directory::Role {
            key: "auditor".to_owned(), scope: cognate_domain::directory::RoleScope::Workspace, name: "Auditor".to_owned(),
            description: None, built_in: false, created_at: product.app.clock.now(), modified_at: product.app.clock.now(),
        };
        let done = product.app.app.db.write(async |tx| catalogue::insert_role(tx, &role).await).await.unwrap();
        assert_eq!(done, catalogue::Outcome::Done);
        let next = again(first.header("etag")).await.good();
        assert_eq!((next.status, next.body["roles"].as_array().unwrap().len()), (200, 7));
    }

    async fn decisions_go_by_the_callers_roles_and_never_by_what_the_question_says_of_them(app: TestApp) {
        let product = Product::open(app).await;
        product.person("ann@example.com").await;
        product.person("eve@example.com").await;
        let ann = product.signed_in("ann@example.com").await;
        let eve = product.signed_in("eve@example.com").await;
        let (ann_id, eve_id) =
            (product.get(ME, &ann.access).await.good().text("/id"), product.get(ME, &eve.access).await.good().text("/id"));
        let workspace = product.workspace(&ann_id).await;
        let question = json!({ "action": "documents:read", "resource": "projects/a1", "tenant": workspace });

        assert_eq!(product.decision(&ann.access, question.clone()).await, (true, "granted_by_role".to_owned()));
        assert_eq!(product.decision(&eve.access, question.clone()).await, (false, "not_a_member".to_owned()));
        let nowhere = json!({ "action": "documents:read", "resource": "projects/a1" });
        assert_eq!(product.decision(&ann.access, nowhere.clone()).await, (false, "no_grant".to_owned()));
        let in_batch = json!({ "requests": [question, nowhere] });
        let both = product.post_as(&ann.access, "/v1/authorization/decisions", in_batch).await.good();
        assert_eq!(both.body, json!({ "decisions": [
            { "allowed": true, "reason": "granted_by_role", "role": "owner", "determinedBy": ["grant:built-in-owner-0"] },
            { "allowed": false, "reason": "no_grant", "determinedBy": [] },
        ] }));

        // An administrator of the platform reaches it, until it is archived.
        let now = product.app.clock.now();
        let done = async |tx: &mut cognate_store::WriteTx<'_>| {
            subjects::set_platform_role(tx, &eve_id, Some(PLATFORM_ADMIN), now).await
        };
        assert_eq!(product.app.app.db.write(done).await.unwrap(), subjects::Outcome::Done);
        assert_eq!(product.decision(&eve.access, question.clone()).await, (true, "granted_by_role".to_owned()));
        let archive = async |tx: &mut cognate_store::WriteTx<'_>| {
            workspaces::set_state(tx, (&workspace, 1), WorkspaceState::Archived, now).await
        };
        assert!(product.app.app.db.write(archive).await.unwrap());
        let write = json!({ "action": "documents:write", "resource": "projects/a1", "tenant": workspace });
        for token in [&ann.access, &eve.access] {
            assert_eq!(product.decision(token, write.clone()).await, (false, "workspace_archived".to_owned()));
            assert_eq!(product.decision(token, question.clone()).await, (true, "granted_by_role".to_owned()));
        }
    }

    async fn a_question_that_cannot_be_read_says_where(app: TestApp) {
        let product = Product::open(app).await;
        product.person("ann@example.com").await;
        let ann = product.signed_in("ann@example.com").await;
        let question = json!({ "action": "a:b", "resource": "r" });
        for (body, field) in [
            (json!({}), "/action"),
            (json!({ "action": "a:b" }), "/resource"),
            (json!({ "action": "A:b", "resource": "r" }), "/action"),
            (json!({ "action": "a:b", "resource": "r//s" }), "/resource"),
            (json!({ "action": "a:b", "resource": "r", "tenant": "" }), "/tenant"),
            (json!({ "action": "a:b", "resource": "r", "context": { "a": 1.5 } }), "/context"),
            (json!({ "action": "a:b", "resource": "r", "subject": "somebody-else" }), "/subject"),
            (json!({ "requests": [] }), "/requests"),
            (json!({ "requests": [question, { "action": "a:b", "resource": "" }] }), "/requests/1/resource"),
            (json!({ "requests": [question], "action": "a:b" }), "/requests"),
            (json!({ "requests": vec![question.clone(); 51] }), "/requests"),
        ] {
            let refused = product.post_as(&ann.access, "/v1/authorization/decisions", body.clone()).await;
            assert_eq!(refused.problem(), (400, "validation_failed"), "{body}");
            assert_eq!(refused.text("/errors/0/field"), field, "{body}");
        }
    }

    async fn a_machine_is_a_subject_too(app: TestApp) {
        let product = Product::open(app).await;
        let (client, token) = product.machine().await;
        let me = product.get(ME, &token).await.good();
        assert_eq!((me.text("/kind"), me.text("/providerSubject")), ("machine".to_owned(), client));
        let id = me.text("/id");
        assert_eq!(product.get(ME, &token).await.good().text("/id"), id);
        let signed_out = product.post_as(&token, "/v1/auth/sign-out", json!({})).await;
        assert_eq!(signed_out.problem(), (403, "forbidden"));
    }
}
