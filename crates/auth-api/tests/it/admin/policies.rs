//! An operator's Cedar.

use cognate_testkit::{TestApp, both_engines};
use http::Method;
use serde_json::json;

use crate::kit::Product;

const POLICIES: &str = "/v1/admin/policies";

const NO_EXPORTS: &str = "forbid (principal, action in Cognate::Action::\"exports:*\", resource);\n";

both_engines! {
    async fn a_policy_counts_from_the_moment_it_is_kept(app: TestApp) {
        let product = Product::open(app).await;
        let admin = product.admin().await;
        let token = &admin.session.access;
        let export = || product.post_as(token, "/v1/authorization/decisions", json!({ "action": "exports:run", "resource": "r" }));
        assert_eq!(export().await.good().body["allowed"], true);

        let made = product.post_as(token, POLICIES, json!({ "id": "no-exports", "source": NO_EXPORTS })).await;
        assert_eq!(made.status, 201, "{}", made.body);
        assert_eq!(export().await.good().text("/reason"), "forbidden_by_policy");
        let one = format!("{POLICIES}/no-exports");
        assert_eq!(product.get_as(token, &one).await.good().body, made.body);
        let listed = product.get_as(token, POLICIES).await.good();
        assert_eq!((listed.text("/items/0/id"), listed.body["items"][0].get("source")), ("no-exports".to_owned(), None));

        let other = NO_EXPORTS.replace("exports", "imports");
        product.put_as(token, &one, json!({ "source": other })).await.good();
        assert_eq!(export().await.good().body["allowed"], true);
        assert_eq!(product.delete_as(token, &one).await.status, 204);
        assert_eq!(product.get_as(token, &one).await.problem(), (404, "not_found"));
        let logged: Vec<_> = product.logged(&admin, "policy", "no-exports").await.into_iter().map(|entry| entry.0).collect();
        assert_eq!(logged.len(), 3, "{logged:?}");
    }

    async fn a_mistake_is_told_with_its_line(app: TestApp) {
        let product = Product::open(app).await;
        let admin = product.admin().await;
        let token = &admin.session.access;
        let etag = product.get_as(token, POLICIES).await.good().header("etag").to_owned();
        let refused = |source: &'static str| product.post_as(token, POLICIES, json!({ "id": "p", "source": source }));
        for (source, begins) in [
            ("// why\n\npermit (principal, action resource);", "line 3, column "),
            ("permit (principal, action, resource)\nwhen {\n  principal.moon == 1\n};", "line 3, column "),
            ("// a role\n\npermit (principal in Cognate::Role::\"no_such\", action, resource);", "line 3, column "),
        ] {
            let answer = refused(source).await;
            assert_eq!(answer.problem(), (422, "policy_rejected"), "{}", answer.body);
            assert_eq!(answer.text("/errors/0/field"), "/source");
            assert!(answer.text("/errors/0/message").starts_with(begins), "{}", answer.body);
        }
        for (body, field) in [
            (json!({ "id": "P", "source": NO_EXPORTS }), "/id"),
            (json!({ "id": "p", "source": "" }), "/source"),
            (json!({ "id": "p", "source": "x".repeat(17_000) }), "/source"),
        ] {
            let answer = product.post_as(token, POLICIES, body).await;
            assert_eq!((answer.problem(), answer.text("/errors/0/field").as_str()), ((400, "validation_failed"), field));
        }
        assert_eq!(product.get_as(token, POLICIES).await.good().header("etag"), etag);
        assert_eq!(product.app.rows("audit_log").await, 0);
    }

    async fn nobody_locks_themselves_out(app: TestApp) {
        let product = Product::open(app).await;
        let admin = product.admin().await;
        let token = &admin.session.access;
        let all = "forbid (principal, action, resource);";
        let answer = product.post_as(token, POLICIES, json!({ "id": "all", "source": all })).await;
        assert_eq!(answer.problem(), (422, "policy_rejected"));
        assert!(answer.text("/errors/0/message").contains("could not take it back"));
        product.post_as(token, POLICIES, json!({ "id": "all", "source": NO_EXPORTS })).await.good();
        let put = product.put_as(token, &format!("{POLICIES}/all"), json!({ "source": all })).await;
        assert_eq!(put.problem(), (422, "policy_rejected"));
        product.delete_as(token, &format!("{POLICIES}/all")).await.good();
    }

    async fn a_policy_has_one_id(app: TestApp) {
        let product = Product::open(app).await;
        let admin = product.admin().await;
        let token = &admin.session.access;
        let body = json!({ "id": "p", "source": NO_EXPORTS });
        let made = product.post_as(token, POLICIES, body.clone()).await.good();
        assert_eq!(product.post_as(token, POLICIES, body).await.problem(), (409, "conflict"));
        let missing = format!("{POLICIES}/q");
        let source = json!({ "source": NO_EXPORTS });
        assert_eq!(product.put_as(token, &missing, source.clone()).await.problem(), (404, "not_found"));
        assert_eq!(product.delete_as(token, &missing).await.problem(), (404, "not_found"));
        let one = format!("{POLICIES}/p");
        product.if_match(&admin, (Method::PUT, &one, Some(source.clone())), made.header("etag")).await.good();
        let late = product.if_match(&admin, (Method::PUT, &one, Some(source)), made.header("etag")).await;
        assert_eq!(late.problem(), (412, "precondition_failed"));
    }
}
