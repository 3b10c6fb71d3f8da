//! `/changePassword`: a temporary password, and what the pool still wants to know.

use std::time::Duration;

use cognate_testkit::app::claims;
use cognate_testkit::{TestApp, both_engines};
use serde_json::json;

use crate::kit::{Browser, Page, Shop};

const TEMPORARY: &str = "Temporary-Horse-1";
const OWN: &str = "Another-Horse-9";

async fn wants_names(app: TestApp) -> Shop {
    let schema = ["given_name", "family_name"].map(|name| json!({ "Name": name, "Required": true, "Mutable": true }));
    Shop::open_with(app, json!({ "AutoVerifiedAttributes": ["email"], "Schema": schema })).await
}

async fn asked(browser: &mut Browser<'_>, client: &str) -> Page {
    let page = browser.open(&Shop::authorize(client, &[])).await;
    browser.submit(&page.form("/login").fill("username", "ann").fill("password", TEMPORARY)).await
}

both_engines! {
    async fn a_temporary_password_is_replaced_and_what_is_missing_is_asked_for(app: TestApp) {
        let shop = wants_names(app).await;
        shop.app.invited(&shop.pool, "ann", TEMPORARY).await;
        let client = shop.page(json!({})).await;
        let mut browser = shop.browser();

        let page = asked(&mut browser, &client).await;

        assert_eq!((page.status, page.title().as_str()), (200, "Choose your own password"));
        assert!(page.html.contains("We also need a few details from you."));
        assert_eq!(browser.cookie("__Host-cognito"), None, "the temporary one alone opens nothing");
        assert_eq!(page.known_as().as_deref(), Some("ann"), "a password manager is told whose password it keeps");
        let form = page.form("/changePassword");
        for (password, given, said) in [
            ("", "", "New password: Fill in this field."),
            ("short", "Ann", "New password: The password does not meet the rules below."),
            (OWN, "", "Given name: Fill in this field."),
        ] {
            let form = form.clone().fill("password", password).fill("given_name", given).fill("family_name", "Example");
            let page = browser.submit(&form).await;
            assert_eq!(page.status, 200);
            assert!(page.says().iter().any(|line| line == said), "{password} {given}: {:?}", page.says());
            assert_eq!(page.form("/changePassword").value("family_name"), "Example", "what was entered is kept");
            assert!(!page.html.contains(OWN));
            assert_eq!(page.known_as().as_deref(), Some("ann"));
        }
        let form = form.fill("password", OWN).fill("given_name", "Ann").fill("family_name", "Example");
        let back = browser.submit(&form).await;
        let tokens = shop.redeem(&client, &back.code(), &[]).await;
        assert_eq!(claims(&tokens.text("id_token"))["given_name"], "Ann");

        let twice = browser.send_on(&form).await;
        assert_eq!(twice.answer("code"), None, "a sign-in so far is good once: {twice:?}");
        let mut elsewhere = shop.browser();
        elsewhere.open(&Shop::authorize(&client, &[])).await;
        let form = form.fill("_csrf", elsewhere.cookie("XSRF-TOKEN").unwrap_or_default());
        let twice = elsewhere.send_on(&form).await;
        assert_eq!(twice.says(), ["This form was open for too long, or was sent twice. Try again."]);
    }

    async fn a_login_is_finished_within_five_minutes(app: TestApp) {
        let shop = Shop::open(app).await;
        shop.app.invited(&shop.pool, "ann", TEMPORARY).await;
        let client = shop.page(json!({ "AuthSessionValidity": 15 })).await;
        for (minutes, good) in [(6, false), (4, true)] {
            let mut browser = shop.browser();
            let form = asked(&mut browser, &client).await.form("/changePassword").fill("password", OWN);
            shop.app.clock.advance(Duration::from_mins(minutes));
            let page = browser.send_on(&form).await;
            assert_eq!(page.answer("code").is_some(), good, "{minutes} minutes: {page:?}");
            if !good {
                assert_eq!(page.says(), ["This form was open for too long, or was sent twice. Try again."]);
            }
        }
    }

    async fn a_sign_in_so_far_is_nobody_elses(app: TestApp) {
        let shop = Shop::open(app).await;
        shop.app.invited(&shop.pool, "ann", TEMPORARY).await;
        shop.app.invited(&shop.pool, "bob", TEMPORARY).await;
        let (client, other) = (shop.page(json!({})).await, shop.page(json!({})).await);
        let mut browser = shop.browser();
        let form = asked(&mut browser, &client).await.form("/changePassword").fill("password", OWN);
        let mut elsewhere = form.clone();
        elsewhere.action = elsewhere.action.replace(&client, &other);
        for form in [form.clone().fill("username", "bob"), form.clone().fill("session", "x"), elsewhere] {
            let page = browser.send_on(&form).await;
            assert_eq!((page.title().as_str(), page.answer("code")), ("Sign in", None));
        }
        browser.submit(&form).await.code();
    }

    async fn a_temporary_password_that_is_too_old_is_said_to_be(app: TestApp) {
        let shop = Shop::open(app).await;
        shop.app.invited(&shop.pool, "ann", TEMPORARY).await;
        let client = shop.page(json!({})).await;
        shop.app.clock.advance(Duration::from_hours(24 * 8));
        let page = asked(&mut shop.browser(), &client).await;
        assert_eq!(page.says(), ["The temporary password is too old. Ask an administrator for a new one."]);
    }

    async fn nobody_comes_to_a_new_password_by_its_address(app: TestApp) {
        let shop = Shop::open(app).await;
        let client = shop.page(json!({})).await;
        let page = shop.browser().get(&Shop::address("/changePassword", &client, &[])).await;
        assert_eq!((page.status, page.location()), (302, Shop::address("/login", &client, &[]).as_str()));
    }
}
