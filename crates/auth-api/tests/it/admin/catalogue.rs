//! Roles and their grants.

use cognate_domain::Clock as _;
use cognate_domain::directory::{Role, RoleScope, rules};
use cognate_store::catalogue;
use cognate_testkit::{TestApp, both_engines};
use http::Method;
use serde_json::{Value, json};

use crate::kit::Product;

const ROLES: &str = "/v1/admin/roles";
const GRANTS: &str = "/v1/admin/grants";

both_engines! {
    async fn a_role_is_made_granted_something_and_removed(app: TestApp) {
        let product = Product::open(app).await;
        let (admin, ann) = (product.admin().await, product.known("ann@example.com").await);
        let token = &admin.session.access;
        let before = product.get_as(token, ROLES).await.good();

        let made = product.post_as(token, ROLES, json!({ "key": "auditor", "scope": "platform", "name": " Auditor ", "description": "Reads." })).await;
        assert_eq!(made.status, 201, "{}", made.body);
        assert_eq!(made.body, json!({
            "key": "auditor", "scope": "platform", "name": "Auditor", "description": "Reads.", "builtIn": false,
            "createdAt": "2026-01-02T03:04:05Z", "modifiedAt": "2026-01-02T03:04:05Z",
        }));
        assert_ne!(made.header("etag"), before.header("etag"));
        let one = format!("{ROLES}/auditor");
        assert_eq!(product.get_as(token, &one).await.good().body, made.body);
        let changed = product.patch_as(token, &one, json!({ "name": "Reader", "description": null })).await.good();
        assert_eq!((changed.text("/name"), &changed.body["description"]), ("Reader".to_owned(), &Value::Null));

        product.give(&ann.id, Some("auditor")).await;
        let audit = "/v1/admin/audit";
        assert_eq!(product.get_as(&ann.session.access, audit).await.problem(), (403, "forbidden"));
        let granted = product.post_as(token, GRANTS, json!({ "role": "auditor", "action": "audit:read", "resource": "*" })).await;
        assert_eq!(granted.status, 201, "{}", granted.body);
        product.get_as(&ann.session.access, audit).await.good();

        let grant = format!("{GRANTS}/{}", granted.text("/id"));
        assert_eq!(product.get_as(token, &grant).await.good().body, granted.body);
        let of_role = product.get_as(token, &format!("{GRANTS}?role=auditor")).await.good();
        assert_eq!(of_role.body["items"], json!([granted.body]));
        let conditional = product.patch_as(token, &grant, json!({ "condition": { "kinds": ["machine"] } })).await.good();
        assert_eq!(conditional.body["condition"], json!({ "kinds": ["machine"] }));
        assert_eq!(product.get_as(&ann.session.access, audit).await.problem(), (403, "forbidden"));
        let plain = product.patch_as(token, &grant, json!({ "condition": null, "action": "audit:*" })).await.good();
        assert_eq!((&plain.body["condition"], plain.text("/action")), (&Value::Null, "audit:*".to_owned()));
        product.get_as(&ann.session.access, audit).await.good();
        assert_eq!(product.delete_as(token, &grant).await.status, 204);
        assert_eq!(product.get_as(&ann.session.access, audit).await.problem(), (403, "forbidden"));
        assert_eq!(product.get_as(token, &grant).await.problem(), (404, "not_found"));

        let held = product.delete_as(token, &one).await;
        assert_eq!(held.problem(), (409, "conflict"));
        assert!(held.text("/detail").contains("Somebody has this role"));
        product.give(&ann.id, None).await;
        assert_eq!(product.delete_as(token, &one).await.status, 204);
        assert_eq!(product.get_as(token, &one).await.problem(), (404, "not_found"));

        let logged: Vec<_> = product.logged(&admin, "role", "auditor").await.into_iter().map(|entry| entry.0).collect();
        assert_eq!(logged.len(), 3, "{logged:?}");
        let of_grant = product.logged(&admin, "grant", &granted.text("/id")).await;
        assert_eq!(of_grant.len(), 4);
        let first = json!({ "role": "auditor", "action": "audit:read", "resource": "*" });
        assert!(of_grant.contains(&("grant.create".to_owned(), first)), "{of_grant:?}");
    }

    async fn what_does_not_fit_changes_nothing(app: TestApp) {
        let product = Product::open(app).await;
        let admin = product.admin().await;
        let token = &admin.session.access;
        let before = product.get_as(token, ROLES).await.good();
        let role = json!({ "key": "editor", "scope": "workspace", "name": "Editor" });
        let grant = json!({ "role": "member", "action": "documents:read", "resource": "*" });
        let with = |base: &Value, name: &str, value: Value| {
            let mut base = base.clone();
            base[name] = value;
            base
        };
        for (path, body, field) in [
            (ROLES, with(&role, "key", json!("Editor")), "/key"),
            (ROLES, with(&role, "key", json!("x".repeat(41))), "/key"),
            (ROLES, with(&role, "scope", json!("tenant")), "/scope"),
            (ROLES, with(&role, "name", json!(" ")), "/name"),
            (ROLES, with(&role, "description", json!("x".repeat(501))), "/description"),
            (ROLES, with(&role, "builtIn", json!(true)), "/builtIn"),
            (GRANTS, with(&grant, "role", json!("no_such")), "/role"),
            (GRANTS, with(&grant, "action", json!("documents:re*")), "/action"),
            (GRANTS, with(&grant, "resource", json!("a//b")), "/resource"),
            (GRANTS, with(&grant, "condition", json!({})), "/condition"),
            (GRANTS, with(&grant, "condition", json!({ "moon": "full" })), "/condition"),
            (GRANTS, with(&grant, "condition", json!({ "within": ["10.0.0.0/33"] })), "/condition"),
            (GRANTS, with(&grant, "condition", json!({ "groups": ["x".repeat(3000)] })), "/condition"),
            (GRANTS, with(&grant, "id", json!("built-in-platform_admin-0")), "/id"),
        ] {
            let refused = product.post_as(token, path, body.clone()).await;
            assert_eq!(refused.problem(), (400, "validation_failed"), "{body}");
            assert_eq!(refused.text("/errors/0/field"), field, "{body} {}", refused.body);
        }
        for (method, path, body, expected) in [
            (Method::POST, ROLES.to_owned(), Some(with(&role, "key", json!("viewer"))), (409, "conflict")),
            (Method::DELETE, format!("{ROLES}/viewer"), None, (409, "conflict")),
            (Method::DELETE, format!("{ROLES}/no_such"), None, (404, "not_found")),
            (Method::PATCH, format!("{ROLES}/no_such"), Some(json!({ "name": "x" })), (404, "not_found")),
            (Method::PATCH, format!("{ROLES}/viewer"), Some(json!({ "scope": "platform" })), (400, "validation_failed")),
            (Method::PATCH, format!("{GRANTS}/no_such"), Some(json!({ "action": "*" })), (404, "not_found")),
            (Method::DELETE, format!("{GRANTS}/no_such"), None, (404, "not_found")),
            (Method::DELETE, format!("{GRANTS}/built-in-platform_admin-0"), None, (409, "conflict")),
            (Method::PATCH, format!("{GRANTS}/built-in-platform_admin-0"), Some(json!({ "action": "a:b" })), (409, "conflict")),
            (Method::PATCH, format!("{GRANTS}/built-in-member-0"), Some(json!({ "role": "viewer" })), (400, "validation_failed")),
        ] {
            let refused = product.call(method.clone(), &path, Some(token), body).await;
            assert_eq!(refused.problem(), expected, "{method} {path}");
        }
        assert_eq!(product.get_as(token, ROLES).await.good().header("etag"), before.header("etag"));
        assert_eq!(product.app.rows("audit_log").await, 0);
    }

    async fn a_catalogue_of_another_version_is_not_changed(app: TestApp) {
        let product = Product::open(app).await;
        let admin = product.admin().await;
        let first = product.get_as(&admin.session.access, ROLES).await.good();
        let role = |key: &str| json!({ "key": key, "scope": "platform", "name": "x" });
        let make = |key: &str, etag| product.if_match(&admin, (Method::POST, ROLES, Some(role(key))), etag);
        let made = make("one", first.header("etag")).await.good();
        assert_eq!(make("two", first.header("etag")).await.problem(), (412, "precondition_failed"));
        assert_eq!(make("two", "W/x").await.problem(), (400, "validation_failed"));
        let removed = product.if_match(&admin, (Method::DELETE, "/v1/admin/roles/one", None), made.header("etag")).await.good();
        assert_eq!(removed.header("etag"), product.get_as(&admin.session.access, ROLES).await.good().header("etag"));
    }

    async fn many_who_edit_at_once_all_come_through_or_are_told(app: TestApp) {
        let product = Product::open(app).await;
        let admin = product.admin().await;
        let make = |at: usize| {
            let body = json!({ "key": format!("r{at}"), "scope": "workspace", "name": "x" });
            product.post_as(&admin.session.access, ROLES, body)
        };
        let (a, b, c) = tokio::join!(make(0), make(1), make(2));
        let made = [a, b, c].into_iter().filter(|answer| {
            let made = answer.status == 201;
            assert!(made || ["conflict", "rate_limited"].contains(&answer.problem().1));
            made
        }).count();
        assert!(made >= 1);
        let all = product.pages(&admin.session.access, ROLES, 100).await;
        assert_eq!(all.iter().filter(|role| role["builtIn"] == false).count(), made);
        assert_eq!(product.app.rows("audit_log").await, i64::try_from(made).unwrap());
    }

    async fn pages_of_the_catalogue_come_to_an_end(app: TestApp) {
        let product = Product::open(app).await;
        let admin = product.admin().await;
        for (path, all) in [(ROLES, 6), (GRANTS, 15), ("/v1/admin/grants?role=support", 6), ("/v1/admin/policies", 0)] {
            for limit in [1, 4, 100] {
                assert_eq!(product.pages(&admin.session.access, path, limit).await.len(), all, "{path} {limit}");
            }
        }
    }

    async fn there_are_only_so_many_roles(app: TestApp) {
        let product = Product::open(app).await;
        let admin = product.admin().await;
        let now = product.app.clock.now();
        let role = |at: i64| Role {
            key: format!("r{at}"), scope: RoleScope::Workspace, name: "x".to_owned(), description: None, built_in: false,
            created_at: now, modified_at: now,
        };
        let filled = product.app.app.db.write(async |tx| {
            for at in 6..rules::MOST_ROLES {
                assert_eq!(catalogue::insert_role(tx, &role(at)).await?, catalogue::Outcome::Done);
            }
            Ok(())
        }).await;
        filled.unwrap();
        let more = json!({ "key": "more", "scope": "workspace", "name": "x" });
        assert_eq!(product.post_as(&admin.session.access, ROLES, more).await.problem(), (409, "limit_reached"));
        assert_eq!(product.pages(&admin.session.access, ROLES, 100).await.len(), 200);
    }
}
