//! The same requests in a pool of the `cognito` profile: section 15's "demands that differ from plain Cognito
//! behaviour", as Cognito has them.

use std::time::Duration;

use axum::body::Body;
use cognate_testkit::{TestApp, both_engines};
use http::Request;
use serde_json::{Value, json};

use super::party::Suite;
use crate::kit::{CALLBACK, HOST, VERIFIER};

async fn open(app: TestApp) -> Suite {
    Suite::of(app, "cognito").await
}

both_engines! {
    async fn authorize_is_asked_by_get_alone(app: TestApp) {
        let suite = open(app).await;
        let address = suite.request(&[]);
        let (path, form) = address.split_once('?').unwrap();
        let page = suite.shop.browser().post(path, form.to_owned()).await;
        assert_eq!((page.status, page.location(), page.header("allow")), (405, "", "GET, HEAD"));
    }

    /// Like every parameter that it does not know.
    async fn request_objects_are_ignored(app: TestApp) {
        let suite = open(app).await;
        for (name, value) in [
            ("request", "e30.e30."),
            ("request_uri", "https://shop.example.com/request.jwt"),
            ("request_uri", "urn:ietf:params:oauth:request_uri:nothing"),
            ("extra", "foobar"),
            ("claims", "{\"userinfo\":{\"name\":{\"essential\":true}}}"),
        ] {
            let page = suite.signed_in(&[(name, value)]).await;
            suite.exchange(&page.code(), &[]).await;
        }
    }

    async fn userinfo_has_the_attributes_as_strings_and_all_of_them_for_openid_alone(app: TestApp) {
        let suite = open(app).await;
        let tokens = suite.tokens(&[]).await;
        let given = suite.userinfo(&tokens).await;
        for (name, value) in [
            ("email", "ann@example.com"),
            ("email_verified", "true"),
            ("phone_number_verified", "true"),
            ("updated_at", "1471453471"),
            ("address", "1 Main St"),
            ("name", "Ann Example"),
            ("username", "ann"),
        ] {
            assert_eq!(given[name], value, "{name}");
        }
        assert_eq!((&tokens.id["email_verified"], &tokens.id["updated_at"]), (&json!(true), &json!(1_471_453_471)));
        let narrow = suite.tokens(&[("scope", "openid email")]).await;
        assert_eq!(suite.userinfo(&narrow).await.get("name"), None);
    }

    async fn a_redirect_that_differs_is_the_clients_fault(app: TestApp) {
        let suite = open(app).await;
        let code = suite.signed_in(&[]).await.code();
        let proof = crate::kit::basic(&suite.client.id, &suite.client.secret);
        let form =
            [("grant_type", "authorization_code"), ("redirect_uri", "https://shop.example.com/other"), ("code", &code)];
        let refused = suite.shop.post_with("/oauth2/token", &form, &[("authorization", &proof)]).await;
        assert_eq!(
            (refused.error(), refused.text("error_description").as_str()),
            ((400, "unauthorized_client"), "invalid_redirect")
        );
    }

    async fn a_client_that_fails_is_answered_with_400(app: TestApp) {
        let suite = open(app).await;
        let proof = crate::kit::basic(&suite.client.id, "another-secret");
        let form = [("grant_type", "authorization_code"), ("code", "x"), ("redirect_uri", CALLBACK)];
        let refused = suite.shop.post_with("/oauth2/token", &form, &[("authorization", &proof)]).await;
        assert_eq!((refused.error(), refused.header("www-authenticate")), ((400, "invalid_client"), ""));
        let revoked = suite.shop.post_with("/oauth2/revoke", &[("token", "x")], &[("authorization", &proof)]).await;
        assert_eq!((revoked.error(), revoked.header("www-authenticate")), ((401, "invalid_client"), ""));
    }

    async fn a_hint_with_an_id_token_is_not_known(app: TestApp) {
        let suite = open(app).await;
        let mut browser = suite.shop.browser();
        let hint = suite.again(&mut browser, &[]).await.answer.text("id_token");
        suite.shop.app.user(&suite.shop.pool, "bob").await;
        let mut bobs = suite.shop.browser();
        bobs.sign_in(&suite.request(&[]), "bob").await.code();
        for hint in [hint.as_str(), "x"] {
            bobs.get(&suite.request(&[("prompt", "none"), ("id_token_hint", hint)])).await.code();
        }
    }

    async fn select_account_is_other_providers_business(app: TestApp) {
        let suite = open(app).await;
        let mut browser = suite.shop.browser();
        suite.again(&mut browser, &[]).await;
        browser.get(&suite.request(&[("prompt", "select_account")])).await.code();
    }

    /// What both profiles have: PKCE that is optional and whose verifier is checked, `max_age`, a code that is good
    /// once, and answers that nobody keeps.
    async fn what_does_not_differ(app: TestApp) {
        let suite = open(app).await;
        let mut browser = suite.shop.browser();
        let first =
            suite.again(&mut browser, &[("acr_values", "1 2"), ("ui_locales", "se"), ("claims_locales", "se")]).await;
        suite.shop.app.clock.advance(Duration::from_secs(2));
        let page = browser.open(&suite.request(&[("max_age", "1")])).await;
        assert_eq!(page.title(), "Sign in");
        let second = suite.again(&mut browser, &[("max_age", "10000"), ("prompt", "none")]).await;
        assert_eq!(second.id["auth_time"], first.id["auth_time"]);
        let code = suite.signed_in(&[]).await.code();
        assert_eq!(suite.redeem(&code, &[("code_verifier", VERIFIER)]).await.error(), (400, "invalid_grant"));
        suite.exchange(&code, &[]).await;
        assert_eq!(suite.redeem(&code, &[]).await.error(), (400, "invalid_grant"));
    }

    async fn discovery_says_what_cognitos_does_and_no_more_than_is_true(app: TestApp) {
        let suite = open(app).await;
        let document = suite
            .shop
            .get(&format!("/{}/.well-known/openid-configuration", suite.shop.pool), "id.example.com")
            .await
            .body;
        for absent in
            ["claims_supported", "claims_parameter_supported", "request_parameter_supported", "prompt_values_supported"]
        {
            assert_eq!(document.get(absent), None::<&Value>, "{absent}");
        }
        assert_eq!(document["request_uri_parameter_supported"], false);
        assert_eq!(
            document["token_endpoint_auth_methods_supported"],
            json!(["client_secret_basic", "client_secret_post"])
        );
    }

    async fn userinfo_takes_the_token_by_post_too(app: TestApp) {
        let suite = open(app).await;
        let tokens = suite.tokens(&[]).await;
        let answer = suite.shop.post("/oauth2/userInfo", &[("access_token", &tokens.access)]).await;
        assert_eq!((answer.status, &answer.body["email_verified"]), (200, &json!("true")));
        let none = Request::post("/oauth2/userInfo").header("host", HOST).body(Body::empty()).unwrap();
        assert_eq!(suite.shop.send(none).await.error(), (400, "invalid_request"));
    }
}
