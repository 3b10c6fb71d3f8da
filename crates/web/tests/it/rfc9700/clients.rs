//! Sections 2.4, 2.5, 2.6, 4.13 and 4.15: who calls, and what a client may know.

use cognate_testkit::app::{PASSWORD, claims};
use cognate_testkit::{TestApp, both_engines};
use serde_json::json;

use super::{Scene, WITH_PKCE};
use crate::kit::{CALLBACK, HOST, Shop, basic};

both_engines! {
    /// 2.4: passwords are for our own page alone.
    async fn a_client_does_not_get_tokens_for_a_password(app: TestApp) {
        let scene = Scene::set(app, json!({})).await;
        let machine = scene.shop.machine().await;
        let password = [("grant_type", "password"), ("username", "ann"), ("password", PASSWORD), ("scope", "openid")];
        let public = [&password[..], &[("client_id", &scene.client)]].concat();
        assert_eq!(scene.shop.post("/oauth2/token", &public).await.error(), (400, "unsupported_grant_type"));
        let proof = basic(&machine.id, &machine.secret);
        let answer = scene.shop.post_with("/oauth2/token", &password, &[("authorization", &proof)]).await;
        assert_eq!(answer.error(), (400, "unsupported_grant_type"));
        let document = format!("/{}/.well-known/openid-configuration", scene.shop.pool);
        let grants = scene.shop.get(&document, "id.example.com").await.body["grant_types_supported"].to_string();
        assert!(!grants.contains("password"), "{grants}");
    }

    /// 2.5: whoever has a secret proves it, for a code as for anything else.
    async fn a_client_that_has_a_secret_is_not_impersonated(app: TestApp) {
        let scene = Scene::set(app, json!({})).await;
        let web = scene
            .shop
            .confidential(json!({
                "AllowedOAuthFlows": ["code"], "AllowedOAuthScopes": ["openid"], "CallbackURLs": [CALLBACK],
                "SupportedIdentityProviders": ["COGNITO"],
            }))
            .await;
        let code = scene.shop.browser().sign_in(&Shop::authorize(&web.id, &[]), "ann").await.code();
        for secret in ["", "wrong", &web.secret[1..], &web.id] {
            let answer = scene.shop.redeem(&web.id, &code, &[("client_secret", secret)]).await;
            assert_eq!(answer.error(), (400, "invalid_client"), "{secret}");
        }
        let tokens = scene.shop.redeem(&web.id, &code, &[("client_secret", &web.secret)]).await;
        assert_eq!(tokens.status, 200, "{}", tokens.body);
        let refresh = tokens.text("refresh_token");
        assert_eq!(scene.shop.refresh(&web.id, &refresh).await.error(), (400, "invalid_client"));
        let revoke = [("client_id", web.id.as_str()), ("token", &refresh)];
        assert_eq!(scene.shop.post("/oauth2/revoke", &revoke).await.error(), (401, "invalid_client"));
        let public = scene.code(&[]).await;
        let answer = scene.shop.redeem(&scene.client, &public, &[("client_secret", "made-up")]).await;
        assert_eq!(answer.error(), (400, "invalid_client"), "nor does a public one have a secret");
    }

    /// 2.6: a client can find out what it needs, PKCE among it.
    async fn a_client_learns_from_metadata_what_the_server_can(app: TestApp) {
        let scene = Scene::set(app, json!({})).await;
        let document = format!("/{}/.well-known/openid-configuration", scene.shop.pool);
        let metadata = scene.shop.get(&document, "id.example.com").await.body;
        assert_eq!(metadata["issuer"], format!("https://id.example.com/{}", scene.shop.pool));
        assert_eq!(metadata["code_challenge_methods_supported"], json!(["S256"]));
        assert_eq!(metadata["authorization_endpoint"], format!("https://{HOST}/oauth2/authorize"));
        assert_eq!(metadata["token_endpoint"], format!("https://{HOST}/oauth2/token"));
        assert_eq!(metadata["request_uri_parameter_supported"], false);
        let id = claims(&scene.tokens().await.text("id_token"));
        assert_eq!(id["iss"], metadata["issuer"]);
    }

    /// 4.13: what a proxy would say of the host is not believed of whoever says it.
    async fn a_header_that_a_proxy_would_set_changes_nothing(app: TestApp) {
        let scene = Scene::set(app, json!({})).await;
        let lies = [
            ("x-forwarded-host", "evil.example.com"),
            ("x-forwarded-proto", "http"),
            ("x-forwarded-for", "127.0.0.1"),
            ("x-forwarded-prefix", "//evil.example.com"),
            ("x-original-url", "//evil.example.com"),
            ("forwarded", "host=evil.example.com;proto=http"),
        ];
        for lie in lies {
            let mut browser = scene.shop.browser();
            browser.headers = vec![(lie.0, lie.1.to_owned())];
            let page = browser.get(&Shop::authorize(&scene.client, &[])).await;
            assert!(page.location().starts_with("/login?"), "{lie:?}: {}", page.location());
            let page = browser.follow(page).await;
            assert!(!page.html.contains("evil.example.com"), "{lie:?}");
            let back = browser.sign_in(&Shop::authorize(&scene.client, &WITH_PKCE), "ann").await;
            assert!(back.location().starts_with(CALLBACK), "{lie:?}: the cookies stay `Secure`, the address ours");
        }
        let mut neighbour = scene.shop.browser();
        neighbour.headers = vec![("host", "id.example.com".to_owned()), ("x-forwarded-host", HOST.to_owned())];
        assert_eq!(neighbour.get(&Shop::authorize(&scene.client, &[])).await.status, 404);
    }

    /// 4.15: a machine's token is no person's, whatever the machine is called.
    async fn a_client_is_not_taken_for_a_person(app: TestApp) {
        let scene = Scene::set(app, json!({})).await;
        let machine = scene.shop.machine().await;
        scene.shop.app.user(&scene.shop.pool, &machine.id).await;
        let proof = basic(&machine.id, &machine.secret);
        let form = [("grant_type", "client_credentials")];
        let answer = scene.shop.post_with("/oauth2/token", &form, &[("authorization", &proof)]).await;
        let access = answer.text("access_token");
        let claims = claims(&access);
        assert_eq!((&claims["sub"], claims.get("username")), (&json!(machine.id), None));
        assert!(answer.body.get("id_token").is_none() && answer.body.get("refresh_token").is_none());
        assert_eq!(scene.userinfo(&access).await, 401);
        assert_eq!(scene.shop.app.get_user(&access).await.status, 400);
        for scope in ["openid", "openid orders/read", "aws.cognito.signin.user.admin"] {
            let form = [form[0], ("scope", scope)];
            let answer = scene.shop.post_with("/oauth2/token", &form, &[("authorization", &proof)]).await;
            assert_eq!(answer.error(), (400, "invalid_scope"), "{scope}");
        }
        let sub = scene.shop.app.user(&scene.shop.pool, "bob").await;
        assert_ne!(sub.len(), machine.id.len(), "no client is ever called like a person's id");
    }
}
