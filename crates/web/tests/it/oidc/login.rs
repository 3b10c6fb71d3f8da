//! Whether a person is asked, and how that looks.

use std::time::Duration;

use cognate_testkit::app::PASSWORD;
use cognate_testkit::{TestApp, both_engines};
use serde_json::json;

use super::party::{STATE, Suite, sign_in_at};

both_engines! {
    /// `display=page` is no reason to fail.
    async fn oidcc_display_page(app: TestApp) {
        let suite = Suite::open(app).await;
        suite.tokens(&[("display", "page")]).await;
    }

    /// Nor is `display=popup`.
    async fn oidcc_display_popup(app: TestApp) {
        let suite = Suite::open(app).await;
        suite.tokens(&[("display", "popup")]).await;
    }

    /// Whoever is signed in is asked again, and that is a new sign-in: the `auth_time` is a later one.
    async fn oidcc_prompt_login(app: TestApp) {
        let suite = Suite::open(app).await;
        let mut browser = suite.shop.browser();
        let first = suite.again(&mut browser, &[]).await;
        suite.shop.app.clock.advance(Duration::from_secs(2));
        let page = browser.open(&suite.request(&[("prompt", "login")])).await;
        let page = sign_in_at(&mut browser, &page).await;
        let second = suite.exchange(&page.code(), &[]).await;
        assert_eq!(second.id["auth_time"].as_i64(), first.id["auth_time"].as_i64().map(|first| first + 2));
        assert_eq!(second.id["sub"], first.id["sub"]);
    }

    /// Nobody who is signed in can have the question skipped: not by the button of a page that asks for less.
    async fn prompt_login_is_not_answered_by_going_on(app: TestApp) {
        let suite = Suite::open(app).await;
        let mut browser = suite.shop.browser();
        suite.again(&mut browser, &[]).await;
        let page = browser.open(&suite.request(&[("prompt", "login")])).await;
        let page = browser.send_on(&page.form("/login").with("choice", "continue")).await;
        assert_eq!((page.title().as_str(), page.answer("code")), ("Sign in", None));
    }

    /// Without a session nothing is shown: the answer is `login_required` (or another that says who is needed), with
    /// the state.
    async fn oidcc_prompt_none_not_logged_in(app: TestApp) {
        let suite = Suite::open(app).await;
        let page = suite.shop.browser().get(&suite.request(&[("prompt", "none")])).await;
        assert!(page.location().starts_with(crate::kit::CALLBACK));
        assert_eq!(
            (page.answer("error").as_deref(), page.answer("state").as_deref()),
            (Some("login_required"), Some(STATE))
        );
        assert_eq!(page.answer("code"), None);
    }

    /// With a session the answer comes at once: of the same person, and of the same sign-in.
    async fn oidcc_prompt_none_logged_in(app: TestApp) {
        let suite = Suite::open(app).await;
        let mut browser = suite.shop.browser();
        let first = suite.again(&mut browser, &[]).await;
        suite.shop.app.clock.advance(Duration::from_secs(2));
        let page = browser.get(&suite.request(&[("prompt", "none")])).await;
        Suite::assert_answers(&page);
        let second = suite.exchange(&page.code(), &[]).await;
        for name in ["sub", "auth_time"] {
            assert_eq!(second.id[name], first.id[name], "{name}");
        }
    }

    /// `none` is not to be combined (OpenID Connect Core, 3.1.2.1).
    async fn prompt_none_stands_alone(app: TestApp) {
        let suite = Suite::open(app).await;
        let page = suite.shop.browser().get(&suite.request(&[("prompt", "none login")])).await;
        assert_eq!(page.answer("error").as_deref(), Some("invalid_request"));
    }

    /// After two seconds a session is too old for `max_age=1`: the person is asked again, and `auth_time` is a newer
    /// one.
    async fn oidcc_max_age_1(app: TestApp) {
        let suite = Suite::open(app).await;
        let mut browser = suite.shop.browser();
        let first = suite.again(&mut browser, &[]).await;
        suite.shop.app.clock.advance(Duration::from_secs(2));
        let silent = browser.get(&suite.request(&[("max_age", "1"), ("prompt", "none")])).await;
        assert_eq!(silent.answer("error").as_deref(), Some("login_required"));
        let page = browser.open(&suite.request(&[("max_age", "1")])).await;
        let skipped = browser.send_on(&page.form("/login").with("choice", "continue")).await;
        assert_eq!((skipped.title().as_str(), skipped.answer("code")), ("Sign in", None));
        let page = sign_in_at(&mut browser, &page).await;
        let second = suite.exchange(&page.code(), &[]).await;
        assert_eq!(second.id["auth_time"].as_i64(), first.id["auth_time"].as_i64().map(|first| first + 2));
    }

    /// `max_age=15000` and then `max_age=10000`: nobody is asked a second time, and both ID tokens have the same
    /// `auth_time`.
    async fn oidcc_max_age_10000(app: TestApp) {
        let suite = Suite::open(app).await;
        let mut browser = suite.shop.browser();
        let first = suite.again(&mut browser, &[("max_age", "15000")]).await;
        suite.shop.app.clock.advance(Duration::from_secs(2));
        let page = browser.get(&suite.request(&[("max_age", "10000")])).await;
        Suite::assert_answers(&page);
        let second = suite.exchange(&page.code(), &[]).await;
        for name in ["sub", "auth_time"] {
            assert_eq!(second.id[name], first.id[name], "{name}");
        }
    }

    /// An ID token from before, with `prompt=none`, is answered at once for its own person, also when it has expired,
    /// and for nobody else (OpenID Connect Core, 3.1.2.1).
    async fn oidcc_id_token_hint(app: TestApp) {
        let suite = Suite::open(app).await;
        let mut browser = suite.shop.browser();
        let first = suite.again(&mut browser, &[]).await;
        let hint = first.answer.text("id_token");
        let asked = [("prompt", "none"), ("id_token_hint", hint.as_str())];
        let page = browser.get(&suite.request(&asked)).await;
        Suite::assert_answers(&page);
        let second = suite.exchange(&page.code(), &[]).await;
        for name in ["sub", "auth_time"] {
            assert_eq!(second.id[name], first.id[name], "{name}");
        }

        suite.shop.app.user(&suite.shop.pool, "bob").await;
        let mut bobs = suite.shop.browser();
        bobs.sign_in(&suite.request(&[]), "bob").await.code();
        let page = bobs.get(&suite.request(&asked)).await;
        assert_eq!((page.answer("error").as_deref(), page.answer("code")), (Some("login_required"), None));
        let page = bobs.open(&suite.request(&[("id_token_hint", &hint)])).await;
        let form = page.form("/login").fill("password", PASSWORD);
        let page = bobs.submit(&form.clone().fill("username", "bob")).await;
        assert_eq!((page.answer("error").as_deref(), page.answer("code")), (Some("login_required"), None));
        let mut fresh = suite.shop.browser();
        let page = fresh.open(&suite.request(&[("id_token_hint", &hint)])).await;
        let form = page.form("/login").fill("password", PASSWORD);
        fresh.submit(&form.clone().fill("username", "bob")).await;
        assert_eq!(fresh.cookie("__Host-cognito"), None, "nobody is signed in by it");
        fresh.submit(&form.fill("username", "ann")).await.code();
        let forged = format!("{}.{}", hint.rsplit_once('.').unwrap().0, "A".repeat(342));
        let twice = browser.get(&format!("{}&id_token_hint=x", suite.request(&asked))).await;
        assert_eq!((twice.answer("error").as_deref(), twice.answer("code")), (Some("invalid_request"), None));
        let page = suite.shop.browser().get(&suite.request(&[("id_token_hint", "x")])).await;
        assert_eq!(page.answer("error").as_deref(), Some("login_required"), "nobody is whom it means");
        for bad in ["x", &forged, &first.access] {
            let page = browser.get(&suite.request(&[("prompt", "none"), ("id_token_hint", bad)])).await;
            assert_eq!((page.answer("error").as_deref(), page.answer("code")), (Some("login_required"), None), "{bad}");
        }
    }

    /// The ID token that is hinted at may be one that has expired.
    async fn an_id_token_hint_may_be_an_old_one(app: TestApp) {
        let suite = Suite::open(app).await;
        let brief = json!({ "AllowedOAuthFlows": ["code"], "AllowedOAuthScopes": ["openid"], "IdTokenValidity": 5,
                            "CallbackURLs": [crate::kit::CALLBACK], "SupportedIdentityProviders": ["COGNITO"],
                            "TokenValidityUnits": { "IdToken": "minutes" } });
        let client = suite.shop.page(brief).await;
        let mut browser = suite.shop.browser();
        let code = browser.sign_in(&crate::kit::Shop::authorize(&client, &[]), "ann").await.code();
        let hint = suite.shop.redeem(&client, &code, &[]).await.text("id_token");
        suite.shop.app.clock.advance(Duration::from_mins(6));
        let page = browser.get(&suite.request(&[("prompt", "none"), ("id_token_hint", &hint)])).await;
        Suite::assert_answers(&page);
    }

    /// A hint is no reason to fail; the form is filled with it.
    async fn oidcc_login_hint(app: TestApp) {
        let suite = Suite::open(app).await;
        let mut browser = suite.shop.browser();
        let page = browser.open(&suite.request(&[("login_hint", "ann@example.com")])).await;
        assert_eq!(page.form("/login").value("username"), "ann@example.com");
        let page = sign_in_at(&mut browser, &page).await;
        suite.exchange(&page.code(), &[]).await;
    }

    /// The languages that are wished for the pages: the first one that is there is shown, and one that is not there is
    /// no reason to fail.
    async fn oidcc_ui_locales(app: TestApp) {
        let suite = Suite::open(app).await;
        for (locales, title) in [("se", "Sign in"), ("se fr-CA de", "Connexion"), ("de", "Anmelden")] {
            let page = suite.shop.browser().open(&suite.request(&[("ui_locales", locales)])).await;
            assert_eq!((page.status, page.title().as_str()), (200, title), "{locales}");
        }
        suite.tokens(&[("ui_locales", "se")]).await;
    }

    /// Levels that are wished for are no reason to fail; that none of them is named in the ID token is a warning.
    async fn oidcc_ensure_request_with_acr_values_succeeds(app: TestApp) {
        let suite = Suite::open(app).await;
        let tokens = suite.tokens(&[("acr_values", "1 2")]).await;
        assert!([None, Some(&json!("1")), Some(&json!("2"))].contains(&tokens.id.get("acr")), "{}", tokens.id);
    }
}
