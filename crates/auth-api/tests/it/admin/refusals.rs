//! Who may not.

use cognate_domain::Clock as _;
use cognate_domain::directory::{Workspace, WorkspaceState};
use cognate_store::workspaces;
use cognate_testkit::{TestApp, both_engines};
use http::Method;
use serde_json::{Value, json};

use super::USERS;
use crate::kit::Product;

/// Every address, with what it takes, about somebody by their id.
fn addresses(who: &str) -> Vec<(Method, String, Option<Value>)> {
    let at = |path: &str| format!("/v1/admin/{path}");
    let policy = json!({ "id": "p", "source": "permit (principal, action, resource);" });
    vec![
        (Method::GET, at("users?role=support"), None),
        (Method::POST, at("users"), Some(json!({ "email": "new@example.com" }))),
        (Method::GET, at(&format!("users/{who}")), None),
        (Method::PATCH, at(&format!("users/{who}")), Some(json!({ "plan": "pro" }))),
        (Method::PATCH, at(&format!("users/{who}")), Some(json!({ "entitlements": ["all"] }))),
        (Method::PATCH, at(&format!("users/{who}")), Some(json!({ "platformRole": "platform_admin" }))),
        (Method::PATCH, at(&format!("users/{who}")), Some(json!({ "state": "disabled" }))),
        (Method::PATCH, at(&format!("users/{who}")), Some(json!({ "state": "active" }))),
        (Method::PATCH, at(&format!("users/{who}")), Some(json!({}))),
        (Method::POST, at(&format!("users/{who}/password-resets")), Some(json!({}))),
        (Method::GET, at("roles"), None),
        (Method::POST, at("roles"), Some(json!({ "key": "r", "scope": "platform", "name": "r" }))),
        (Method::GET, at("roles/support"), None),
        (Method::PATCH, at("roles/support"), Some(json!({ "name": "x" }))),
        (Method::DELETE, at("roles/support"), None),
        (Method::GET, at("grants"), None),
        (Method::POST, at("grants"), Some(json!({ "role": "support", "action": "*", "resource": "*" }))),
        (Method::GET, at("grants/built-in-support-0"), None),
        (Method::PATCH, at("grants/built-in-support-0"), Some(json!({ "action": "*" }))),
        (Method::DELETE, at("grants/built-in-support-0"), None),
        (Method::GET, at("policies"), None),
        (Method::POST, at("policies"), Some(policy.clone())),
        (Method::GET, at("policies/p"), None),
        (Method::PUT, at("policies/p"), Some(json!({ "source": policy["source"] }))),
        (Method::DELETE, at("policies/p"), None),
        (Method::GET, at("audit"), None),
    ]
}

/// What the built-in role of support sees.
const SEEN: [&str; 3] = ["/v1/admin/users?role=support", "/v1/admin/audit", "/v1/admin/users/"];

both_engines! {
    async fn only_a_role_of_the_platforms_opens_any_of_it(app: TestApp) {
        let product = Product::open(app).await;
        let (ann, owner) = (product.known("ann@example.com").await, product.known("owner@example.com").await);
        let support = product.known_with("support@example.com", "support").await;
        let machine = product.machine_bearer().await;
        let now = product.app.clock.now();
        let workspace = Workspace {
            id: "w".to_owned(), name: "Works".to_owned(), state: WorkspaceState::Active, created_by: owner.id.clone(), version: 1,
            created_at: now, modified_at: now,
        };
        assert!(product.app.app.db.write(async |tx| workspaces::insert(tx, &workspace).await).await.unwrap());

        for who in [&ann.id, &owner.id, &support.id] {
            for (method, path, body) in addresses(who) {
                let ask = |token| product.call(method.clone(), &path, token, body.clone());
                assert_eq!(ask(None).await.problem(), (401, "unauthenticated"), "{method} {path}");
                assert_eq!(ask(Some(owner.session.id.as_str())).await.problem(), (401, "unauthenticated"), "{method} {path}: an ID token");
                for token in [&ann.session.access, &owner.session.access, &machine] {
                    assert_eq!(ask(Some(token.as_str())).await.problem(), (403, "forbidden"), "{method} {path}");
                }
                let told = ask(Some(support.session.access.as_str())).await;
                if method == Method::GET && SEEN.iter().any(|seen| path.starts_with(seen)) {
                    told.good();
                } else {
                    assert_eq!(told.problem(), (403, "forbidden"), "{method} {path}");
                }
            }
        }
        assert_eq!(product.app.rows("audit_log").await, 0);
        assert!(product.message("new@example.com").await.is_none());
    }

    async fn nobody_gives_more_than_they_have(app: TestApp) {
        let product = Product::open(app).await;
        let (admin, ann) = (product.admin().await, product.known("ann@example.com").await);
        let root = &admin.session.access;
        let role = json!({ "key": "lead", "scope": "platform", "name": "Lead" });
        product.post_as(root, "/v1/admin/roles", role).await.good();
        for action in ["subjects:*", "roles:*", "grants:*", "audit:read", "sign_ins:read"] {
            let grant = json!({ "role": "lead", "action": action, "resource": "*" });
            product.post_as(root, "/v1/admin/grants", grant).await.good();
        }
        let lead = product.known_with("lead@example.com", "lead").await;
        let token = &lead.session.access;
        let one = |id: &str| format!("{USERS}/{id}");

        for (path, body) in [
            (one(&lead.id), json!({ "platformRole": "platform_admin" })),
            (one(&ann.id), json!({ "platformRole": "platform_admin" })),
            (one(&ann.id), json!({ "platformRole": "support" })), // sees workspaces
            (one(&admin.id), json!({ "platformRole": null })),
            (one(&admin.id), json!({ "state": "disabled" })),
            (one(&admin.id), json!({ "plan": "free" })),
        ] {
            assert_eq!(product.patch_as(token, &path, body.clone()).await.problem(), (403, "forbidden"), "{path} {body}");
        }
        let reset = format!("{}/password-resets", one(&admin.id));
        assert_eq!(product.post_as(token, &reset, json!({})).await.problem(), (403, "forbidden"));
        let invited = json!({ "email": "new@example.com", "platformRole": "platform_admin" });
        assert_eq!(product.post_as(token, USERS, invited).await.problem(), (403, "forbidden"));
        assert!(product.message("new@example.com").await.is_none());
        for grant in [
            json!({ "role": "lead", "action": "*", "resource": "*" }),
            json!({ "role": "lead", "action": "policies:create", "resource": "*" }),
            json!({ "role": "member", "action": "documents:read", "resource": "*" }),
        ] {
            assert_eq!(product.post_as(token, "/v1/admin/grants", grant.clone()).await.problem(), (403, "forbidden"), "{grant}");
        }
        let widened = product.patch_as(token, "/v1/admin/grants/built-in-support-0", json!({ "action": "*" })).await;
        assert_eq!(widened.problem(), (403, "forbidden"));
        let taken = product.delete_as(token, "/v1/admin/grants/built-in-admin-0").await;
        assert_eq!(taken.problem(), (403, "forbidden"));

        // What is theirs to give they give, and take.
        product.patch_as(token, &one(&ann.id), json!({ "platformRole": "lead", "plan": "pro" })).await.good();
        product.patch_as(token, &one(&ann.id), json!({ "platformRole": null })).await.good();
        let less = json!({ "role": "lead", "action": "subjects:read", "resource": "subjects/*", "condition": { "kinds": ["user"] } });
        product.post_as(token, "/v1/admin/grants", less).await.good();
        let shown = product.get_as(token, &one(&ann.id)).await.good();
        assert!(shown.body.get("signIns").is_some());
    }

    async fn who_may_not_see_sign_ins_sees_the_rest(app: TestApp) {
        let product = Product::open(app).await;
        let (admin, ann) = (product.admin().await, product.known_with("ann@example.com", "support").await);
        let path = format!("{USERS}/{}", ann.id);
        assert!(product.get_as(&ann.session.access, &path).await.good().body.get("signIns").is_some());
        product.delete_as(&admin.session.access, "/v1/admin/grants/built-in-support-1").await.good();
        let shown = product.get_as(&ann.session.access, &path).await.good();
        assert!(shown.body.get("signIns").is_none(), "{}", shown.body);
    }

    async fn what_does_not_fit_its_contract_is_refused_everywhere(app: TestApp) {
        let product = Product::open(app).await;
        let admin = product.admin().await;
        for (method, path, body) in addresses(&admin.id) {
            let token = Some(admin.session.access.as_str());
            if let Some(mut body) = body {
                body["userId"] = json!("somebody else");
                let refused = product.call(method.clone(), &path, token, Some(body)).await;
                assert_eq!(refused.problem(), (400, "validation_failed"), "{method} {path}");
                assert_eq!(refused.text("/errors/0/field"), "/userId", "{method} {path}");
            } else {
                let joint = if path.contains('?') { '&' } else { '?' };
                let refused = product.call(method.clone(), &format!("{path}{joint}userId=x"), token, None).await;
                assert_eq!(refused.problem(), (400, "validation_failed"), "{method} {path}");
            }
        }
        assert_eq!(product.app.rows("audit_log").await, 0);
    }
}
