//! Sections 2.1, 4.1, 4.4 and 4.11: where a browser may be sent.

use cognate_testkit::{TestApp, both_engines};
use serde_json::json;

use super::Scene;
use crate::kit::{CALLBACK, Shop, param};

const EVIL: &str = "https://evil.example.com/cb";

both_engines! {
    /// 2.1 and 4.1: exact comparison. Each of these passes some looser one.
    async fn an_address_that_only_resembles_a_registered_one_gets_no_code(app: TestApp) {
        let scene =
            Scene::set(app, json!({ "CallbackURLs": [CALLBACK, "http://localhost:3000/cb", "shop://cb"] })).await;
        let mut ann = scene.shop.browser();
        ann.sign_in(&Shop::authorize(&scene.client, &[]), "ann").await.code();
        for uri in [
            EVIL,
            "https://shop.example.com/cb/",
            "https://shop.example.com/cb/../evil",
            "https://shop.example.com/cb%2f..%2fevil",
            "https://shop.example.com/cb?next=https://evil.example.com",
            "https://shop.example.com/cb#",
            "https://shop.example.com/cb;x",
            "https://shop.example.com/CB",
            "https://SHOP.example.com/cb",
            "https://shop.example.com:443/cb",
            "https://shop.example.com.evil.example.com/cb",
            "https://shop.example.com@evil.example.com/cb",
            "https://evil.example.com/https://shop.example.com/cb",
            "https://evilshop.example.com/cb",
            "https:\\\\shop.example.com\\cb",
            "http://shop.example.com/cb",
            "http://localhost:3001/cb",
            "http://127.0.0.1:3000/cb",
            "http://localhost.evil.example.com:3000/cb",
            "shop://cb/evil",
            "shop:cb",
            "data:text/html,x",
            "javascript:alert(1)//https://shop.example.com/cb",
            "//evil.example.com/cb",
            "/cb",
            " https://shop.example.com/cb",
            "https://shop.example.com/cb\t",
        ] {
            for more in [&[][..], &[("prompt", "none")], &[("response_type", "token")], &[("scope", "unknown")]] {
                let asked = [&[("redirect_uri", uri)], more].concat();
                let page = ann.get(&Shop::authorize(&scene.client, &asked)).await;
                let expected = format!("/error?error=redirect_mismatch&client_id={}", scene.client);
                assert_eq!((page.status, page.location()), (302, expected.as_str()), "{uri}");
            }
        }
        for uri in [CALLBACK, "http://localhost:3000/cb", "shop://cb"] {
            let page = ann.get(&Shop::authorize(&scene.client, &[("redirect_uri", uri)])).await;
            assert!(page.location().starts_with(&format!("{uri}?code=")), "{uri}");
        }
    }

    /// 4.11.2: no page sends a browser to an address that nobody registered, whoever asks and whatever else is wrong.
    async fn the_server_is_no_open_redirector(app: TestApp) {
        let scene = Scene::set(app, json!({ "LogoutURLs": ["https://shop.example.com/bye"] })).await;
        let mut ann = scene.shop.browser();
        ann.sign_in(&Shop::authorize(&scene.client, &[]), "ann").await.code();
        let nobody = "nobody".to_owned();
        for path in [
            "/oauth2/authorize",
            "/authorize",
            "/login",
            "/signup",
            "/confirm",
            "/resendcode",
            "/forgotPassword",
            "/confirmforgotPassword",
            "/changePassword",
            "/logout",
            "/error",
        ] {
            for client in [&scene.client, &nobody] {
                for more in [
                    &[("redirect_uri", EVIL)][..],
                    &[("redirect_uri", EVIL), ("response_type", "")],
                    &[("redirect_uri", EVIL), ("error", "x")],
                    &[("redirect_uri", "//evil.example.com")],
                    &[("logout_uri", EVIL), ("redirect_uri", "")],
                    &[("logout_uri", EVIL)],
                    &[("post_logout_redirect_uri", EVIL), ("redirect_uri", "")],
                    &[("next", EVIL), ("url", EVIL), ("redirect_uri", "")],
                ] {
                    let address = Shop::address(path, client, more);
                    let page = ann.get(&address).await;
                    let to = page.location();
                    let own = to.is_empty()
                        || (to.starts_with('/') && !to.starts_with("//"))
                        || to.starts_with(&format!("{CALLBACK}?"));
                    assert!(own && !to.starts_with(EVIL), "{address} leads to {to}");
                }
            }
        }
    }

    /// 4.11.2: an error of a stranger's request is shown here; only what a registered client asked for travels to it.
    async fn a_request_that_nobody_can_have_made_is_answered_on_our_own_page(app: TestApp) {
        let scene = Scene::set(app, json!({})).await;
        let mut browser = scene.shop.browser();
        for (name, value) in [("client_id", "nobody"), ("client_id", ""), ("redirect_uri", EVIL)] {
            let page = browser.open(&Shop::authorize(&scene.client, &[(name, value), ("prompt", "none")])).await;
            assert_eq!(page.status, 400, "{name}={value}");
            assert!(!page.html.contains("evil.example.com"), "the page does not show it either");
            assert!(page.html.contains("An error was encountered with the requested page."));
        }
    }

    /// 4.4 (RFC 9207): a client of several servers learns whose answer it has, also of an error. AWS: no `iss`, so a pool
    /// has to ask for it.
    async fn an_answer_of_another_server_is_told_by_its_issuer(app: TestApp) {
        let tags = json!({ "UserPoolTags": { "cognate:extensions": "iss" } });
        let shop = Shop::open_with(app, tags).await;
        shop.app.user(&shop.pool, "ann").await;
        let client = shop.page(json!({ "AllowedOAuthFlows": ["code", "implicit"] })).await;
        let document = format!("/{}/.well-known/openid-configuration", shop.pool);
        let metadata = shop.get(&document, "id.example.com").await.body;
        assert_eq!(metadata["authorization_response_iss_parameter_supported"], true);
        let issuer = metadata["issuer"].as_str();
        let mut ann = shop.browser();
        let first = ann.sign_in(&Shop::authorize(&client, &[]), "ann").await;
        assert_eq!(first.answer("iss").as_deref(), issuer);
        for more in [("prompt", ""), ("response_type", "token"), ("scope", "unknown"), ("code_challenge", "x")] {
            let page = ann.get(&Shop::authorize(&client, &[more])).await;
            assert_eq!(page.answer("iss").as_deref(), issuer, "{more:?}: {}", page.location());
        }
        let page = shop.browser().get(&Shop::authorize(&client, &[("prompt", "none")])).await;
        assert_eq!((page.answer("error").as_deref(), page.answer("iss").as_deref()), (Some("login_required"), issuer));
    }

    /// 4.4: a code stays with the server that gave it.
    async fn a_code_that_was_carried_to_another_server_is_good_for_nothing_there(app: TestApp) {
        let scene = Scene::set(app, json!({})).await;
        let shop = &scene.shop;
        let elsewhere = shop.app.pool().await;
        let domain = json!({ "UserPoolId": elsewhere, "Domain": "bakery" });
        shop.app.idp("CreateUserPoolDomain", domain).await.assert_good();
        let code = scene.code(&[]).await;
        let form = [
            ("grant_type", "authorization_code"),
            ("client_id", &scene.client),
            ("redirect_uri", CALLBACK),
            ("code", &code),
        ];
        let theirs = shop.post_with("/oauth2/token", &form, &[("host", "bakery.auth.id.example.com")]).await;
        assert_eq!(theirs.error(), (400, "invalid_client"));
        assert_eq!(shop.redeem(&scene.client, &code, &[]).await.status, 200, "it is not lost by that");
    }

    /// 4.7: what the client binds to the browser comes back as it was, with every answer.
    async fn an_answer_that_the_client_did_not_ask_for_is_told_by_its_state(app: TestApp) {
        let scene = Scene::set(app, json!({})).await;
        let state = "{\"csrf\":\"a b&c=d#e\"}";
        let page = scene.answer(&[("state", state)]).await;
        assert_eq!(page.answer("state").as_deref(), Some(state));
        for more in [("prompt", "none"), ("scope", "unknown"), ("response_type", ""), ("code_challenge", "x")] {
            let page = scene.shop.browser().get(&Shop::authorize(&scene.client, &[("state", state), more])).await;
            assert!(page.answer("error").is_some(), "{more:?}");
            assert_eq!(param(page.location(), "state").as_deref(), Some(state), "{more:?}");
        }
    }
}
