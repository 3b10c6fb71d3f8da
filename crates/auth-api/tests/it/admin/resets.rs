//! A password that an administrator takes away.

use cognate_testkit::{TestApp, both_engines};
use serde_json::json;

use super::USERS;
use crate::kit::Product;

const NEW: &str = "Another-Horse-8";

both_engines! {
    async fn a_password_that_was_reset_is_replaced_by_the_code_that_was_sent(app: TestApp) {
        let product = Product::open(app).await;
        let (admin, ann) = (product.admin().await, product.known("ann@example.com").await);
        let path = format!("{USERS}/{}/password-resets", ann.id);
        assert_eq!(product.post_as(&admin.session.access, &path, json!({})).await.status, 204);
        assert_eq!(product.sign_in("ann@example.com").await.problem(), (401, "invalid_credentials"));

        let (_, code) = product.message("ann@example.com").await.unwrap();
        let finish = json!({ "identifier": "ann@example.com", "code": code.unwrap(), "newPassword": NEW });
        assert_eq!(product.post("/v1/auth/password-resets/confirm", finish).await.status, 204);
        product.post("/v1/auth/sign-in", json!({ "identifier": "ann@example.com", "password": NEW })).await.good();
        assert_eq!(product.logged(&admin, "subject", &ann.id).await, [("subject.reset_password".to_owned(), json!({}))]);
    }

    async fn a_reset_that_cannot_be_is_said(app: TestApp) {
        let product = Product::open(app).await;
        let admin = product.admin().await;
        let reset = |id: &str| product.post_to(&admin.session.access, format!("{USERS}/{id}/password-resets"));
        for nobody in ["00000000-0000-4000-8000-000000000000", "a%2fb"] {
            assert_eq!(reset(nobody).await.problem(), (404, "not_found"), "{nobody}");
        }
        let machine = product.machine_bearer().await;
        let id = product.get_as(&machine, "/v1/me").await.good().text("/id");
        assert_eq!(reset(&id).await.problem(), (409, "conflict"));

        let invited = product.post_as(&admin.session.access, USERS, json!({ "email": "eve@example.com" })).await.good();
        assert_eq!(reset(&invited.text("/id")).await.problem(), (409, "conflict"), "they have a temporary one");
        let ann = product.known("ann@example.com").await;
        let path = format!("{USERS}/{}", ann.id);
        product.patch_as(&admin.session.access, &path, json!({ "state": "disabled" })).await.good();
        assert_eq!(reset(&ann.id).await.problem(), (409, "conflict"));
    }
}

impl Product {
    async fn post_to(&self, token: &str, path: String) -> crate::kit::Answer {
        self.post_as(token, &path, json!({})).await
    }
}
