//! Pushed requests and the browsers that bring their references: each is good once, for its own client, and says all
//! there is.

use std::time::Duration;

use cognate_testkit::app::{PASSWORD, claims};
use cognate_testkit::{TestApp, both_engines};
use serde_json::json;

use super::par::{by_reference, push, request};
use super::setting::{app_of, by_code, open, proved, switch, website};
use crate::kit::key::Key;
use crate::kit::{CALLBACK, CHALLENGE, Machine, Page, Shop};

/// An error page, and nobody is told.
#[track_caller]
fn assert_nothing(page: &Page) {
    assert!(page.location().starts_with("/error?error=invalid_request"), "{} {}", page.status, page.location());
}

/// A browser in which Ann is signed in.
async fn signed_in<'s>(shop: &'s Shop, client: &Machine) -> crate::kit::Browser<'s> {
    let mut browser = shop.browser();
    let reference = push(shop, client, &[]).await;
    browser.sign_in(&by_reference(&client.id, &reference, &[]), "ann").await.code();
    browser
}

both_engines! {
    async fn a_reference_is_answered_once(app: TestApp) {
        let shop = open(app, "par").await;
        let client = website(&shop, json!({})).await;
        let mut browser = signed_in(&shop, &client).await;
        let reference = push(&shop, &client, &[]).await;
        let address = by_reference(&client.id, &reference, &[]);
        let (mut early, mut late) = (shop.browser(), shop.browser());
        let form = early.open(&address).await.form("/login").fill("username", "ann").fill("password", PASSWORD);
        late.open(&address).await.form("/login");

        browser.get(&address).await.code();

        for browser in [&mut browser, &mut late] {
            assert_nothing(&browser.get(&address).await);
        }
        let page = early.send_on(&form).await;
        assert_eq!(
            (page.answer("code"), early.cookie("__Host-cognito")),
            (None, None),
            "who came with it before is too late"
        );
        assert_eq!(shop.app.rows("pushed_requests").await, 0);
    }

    /// Of two at the same moment one.
    async fn a_reference_is_answered_once_however_many_bring_it(app: TestApp) {
        let shop = open(app, "par").await;
        let client = website(&shop, json!({})).await;
        let mut browsers = [signed_in(&shop, &client).await, signed_in(&shop, &client).await];
        for _ in 0..5 {
            let reference = push(&shop, &client, &[]).await;
            let address = by_reference(&client.id, &reference, &[]);
            let [one, two] = &mut browsers;
            let (one, two) = tokio::join!(one.get(&address), two.get(&address));
            let codes = [&one, &two].iter().filter(|page| page.answer("code").is_some()).count();
            assert_eq!(codes, 1, "{} {}", one.location(), two.location());
        }
    }

    async fn a_reference_is_its_own_clients(app: TestApp) {
        let shop = open(app, "par").await;
        let (client, other) = (website(&shop, json!({})).await, website(&shop, json!({})).await);
        let mut browser = signed_in(&shop, &client).await;
        let reference = push(&shop, &client, &[]).await;
        for address in [
            by_reference(&other.id, &reference, &[]),
            by_reference("nobody", &reference, &[]),
            by_reference("", &reference, &[]),
            format!("{}&client_id={}", by_reference(&client.id, &reference, &[]), other.id),
            format!("{}&client_id={}", by_reference(&client.id, &reference, &[]), client.id),
            by_reference(&client.id, &format!("{reference}x"), &[]),
            by_reference(&client.id, "urn:ietf:params:oauth:request_uri:", &[]),
            by_reference(&client.id, &format!("urn:ietf:params:oauth:request_uri:{}", "x".repeat(5000)), &[]),
        ] {
            for path in ["/oauth2/authorize", "/login", "/signup", "/forgotPassword"] {
                assert_nothing(&browser.get(&address.replace("/oauth2/authorize", path)).await);
            }
        }
        let twice = format!("{}&request_uri={reference}", by_reference(&client.id, &reference, &[]));
        assert_eq!(browser.get(&twice).await.answer("code"), None);
        browser.get(&by_reference(&client.id, &reference, &[])).await.code();
    }

    async fn a_reference_is_one_of_its_own_pool(app: TestApp) {
        let shop = open(app, "par").await;
        let client = website(&shop, json!({})).await;
        let tags = json!({ "cognate:extensions": "par" });
        let elsewhere = shop.app.pool_with(json!({ "UserPoolTags": tags })).await;
        shop.app
            .idp("CreateUserPoolDomain", json!({ "UserPoolId": elsewhere, "Domain": "bakery" }))
            .await
            .assert_good();
        let reference = push(&shop, &client, &[]).await;
        let mut browser = shop.browser();
        browser.headers = vec![("host", "bakery.auth.id.example.com".to_owned())];
        assert_nothing(&browser.get(&by_reference(&client.id, &reference, &[])).await);
    }

    async fn a_person_who_has_come_may_take_their_time(app: TestApp) {
        let shop = open(app, "par").await;
        let client = website(&shop, json!({})).await;
        for (waits, in_time) in [(9, true), (10, false)] {
            let reference = push(&shop, &client, &[]).await;
            shop.app.clock.almost(Duration::from_mins(1));
            let mut browser = shop.browser();
            let page = browser.open(&by_reference(&client.id, &reference, &[("lang", "en")])).await;
            let form = page.form("/login").fill("username", "ann").fill("password", PASSWORD);
            shop.app.clock.advance(Duration::from_mins(waits));
            let page = browser.send_on(&form).await;
            assert_eq!(page.answer("code").is_some(), in_time, "{waits} minutes: {} {}", page.status, page.location());
        }
    }

    /// Whatever stands beside the reference: what was pushed is what is asked for (RFC 9126, section 4; RFC 9101,
    /// section 6.3).
    async fn nothing_that_a_browser_adds_has_an_effect(app: TestApp) {
        let shop = open(app, "par dpop").await;
        let other = "https://shop.example.com/other";
        let client =
            website(&shop, json!({ "CallbackURLs": [CALLBACK, other], "AllowedOAuthFlows": ["code", "implicit"] }))
                .await;
        let (mut browser, key) = (signed_in(&shop, &client).await, Key::new());
        for added in [
            vec![("scope", "openid email aws.cognito.signin.user.admin")],
            vec![("scope", "nothing")],
            vec![("redirect_uri", other)],
            vec![("redirect_uri", "https://evil.example.com/cb")],
            vec![("state", "of-the-browser")],
            vec![("response_type", "token")],
            vec![("response_type", "nothing")],
            vec![("nonce", "of-the-browser")],
            vec![("prompt", "none")],
            vec![("prompt", "login")],
            vec![("prompt", "none login")],
            vec![("max_age", "0")],
            vec![("max_age", "soon")],
            vec![("resource", "https://api.example.com")],
            vec![("code_challenge", CHALLENGE), ("code_challenge_method", "S256")],
            vec![("code_challenge_method", "plain")],
            vec![("dpop_jkt", key.thumbprint.as_str())],
            vec![("identity_provider", "Google")],
            vec![("idp_identifier", "example.com")],
            vec![("request", "e30.e30.")],
        ] {
            let reference = push(&shop, &client, &[]).await;
            let page = browser.get(&by_reference(&client.id, &reference, &added)).await;
            assert!(page.location().starts_with(&format!("{CALLBACK}?code=")), "{added:?}: {}", page.location());
            assert_eq!(page.answer("state").as_deref(), Some("pushed"), "{added:?}");
            let tokens = proved(&shop, &client, "/oauth2/token", &by_code(&page.code())).await;
            assert_eq!(tokens.status, 200, "{added:?}: {}", tokens.body);
            let (access, id) = (claims(&tokens.text("access_token")), claims(&tokens.text("id_token")));
            assert_eq!(
                (&access["scope"], access.get("aud"), &id["nonce"]),
                (&json!("openid"), None, &json!("pushed")),
                "{added:?}"
            );
        }
    }

    /// A client that asks for a new sign-in gets one, whatever the browser says.
    async fn no_browser_talks_its_way_around_what_was_pushed(app: TestApp) {
        let shop = open(app, "par").await;
        let client = website(&shop, json!({})).await;
        let mut browser = signed_in(&shop, &client).await;
        shop.app.clock.advance(Duration::from_secs(2));
        for pushed in [("prompt", "login"), ("max_age", "1")] {
            let reference = push(&shop, &client, &[pushed]).await;
            for added in
                [vec![], vec![("prompt", "none")], vec![("prompt", "select_account")], vec![("max_age", "10000")]]
            {
                let page = browser.open(&by_reference(&client.id, &reference, &added)).await;
                assert_eq!((page.status, page.title().as_str()), (200, "Sign in"), "{pushed:?} {added:?}");
                let form = page.form("/login");
                let page = browser.send_on(&form.clone().with("choice", "continue")).await;
                assert_eq!((page.title().as_str(), page.answer("code")), ("Sign in", None), "{pushed:?} {added:?}");
            }
        }
        let silent = push(&shop, &client, &[("prompt", "none")]).await;
        let page = shop.browser().get(&by_reference(&client.id, &silent, &[("prompt", "login")])).await;
        assert_eq!(
            (page.answer("error").as_deref(), page.answer("state").as_deref()),
            (Some("login_required"), Some("pushed"))
        );
    }

    /// A person who signs up, or has forgotten their password, comes back to what was pushed.
    async fn every_page_carries_the_reference_along(app: TestApp) {
        let shop = open(app, "par").await;
        let client = website(&shop, json!({})).await;
        let reference = push(&shop, &client, &[]).await;
        let mut browser = shop.browser();
        let login = browser.open(&by_reference(&client.id, &reference, &[])).await;
        let page = browser.open(&login.link("/signup")).await;
        let form =
            page.form("/signup").fill("username", "bob").fill("email", "bob@example.com").fill("password", PASSWORD);
        let page = browser.send_on(&form).await;
        let code = shop.app.code("bob").await;
        let page = browser.send_on(&page.form("/confirm").fill("code", &code)).await;
        assert_eq!(
            (page.answer("state").as_deref(), page.answer("code").is_some()),
            (Some("pushed"), true),
            "{page:?}"
        );
    }

    async fn where_it_is_required_a_plain_request_is_refused(app: TestApp) {
        let shop = open(app, "par require-par").await;
        let (client, public) = (website(&shop, json!({})).await, app_of(&shop, json!({})).await);
        let mut browser = signed_in(&shop, &client).await;
        for client in [&client.id, &public] {
            for path in ["/oauth2/authorize", "/authorize", "/login", "/signup", "/forgotPassword"] {
                let plain = Shop::address(path, client, &[]);
                for address in [
                    plain.clone(),
                    format!("{plain}&request_uri=https://shop.example.com/r.jwt"),
                    format!("{plain}&request_uri="),
                ] {
                    assert_nothing(&browser.get(&address).await);
                }
            }
        }
        let reference = push(&shop, &client, &[]).await;
        let address = by_reference(&client.id, &reference, &[]);
        let form =
            shop.browser().open(&address).await.form("/login").fill("username", "ann").fill("password", PASSWORD);
        let plain = crate::kit::Form { action: Shop::address("/login", &client.id, &[]), ..form };
        assert_nothing(&browser.submit(&plain).await);
        browser.get(&address).await.code();
        switch(&shop, "par").await;
        browser.get(&Shop::authorize(&client.id, &[])).await.code();
    }

    /// What a client may no longer ask for is not answered because it was pushed in time.
    async fn a_pushed_request_is_checked_again_when_it_is_used(app: TestApp) {
        let shop = open(app, "par").await;
        let client = website(&shop, json!({})).await;
        let mut browser = signed_in(&shop, &client).await;
        let reference = push(&shop, &client, &request(&[("scope", "openid email")])).await;
        let narrowed = json!({
            "UserPoolId": shop.pool,
            "ClientId": client.id,
            "AllowedOAuthFlowsUserPoolClient": true,
            "AllowedOAuthFlows": ["code"],
            "AllowedOAuthScopes": ["openid"],
            "CallbackURLs": [CALLBACK],
            "SupportedIdentityProviders": ["COGNITO"],
        });
        shop.app.idp("UpdateUserPoolClient", narrowed).await.assert_good();
        let page = browser.get(&by_reference(&client.id, &reference, &[])).await;
        assert_eq!(page.answer("error").as_deref(), Some("invalid_scope"));
        let gone = json!({ "UserPoolId": shop.pool, "ClientId": client.id });
        shop.app.idp("DeleteUserPoolClient", gone).await.assert_good();
        assert_nothing(&browser.get(&by_reference(&client.id, &reference, &[])).await);
    }
}
