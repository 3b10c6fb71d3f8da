//! `/forgotPassword` and `/confirmforgotPassword`.

use std::time::Duration;

use cognate_testkit::app::{PASSWORD, merged};
use cognate_testkit::{TestApp, both_engines};
use serde_json::json;

use crate::kit::{Browser, Form, Page, Shop};

const NEW: &str = "Another-Horse-9";

/// Somebody whose address is known to be theirs.
async fn verified(shop: &Shop, name: &str) {
    shop.app.user(&shop.pool, name).await;
    let verified = json!([{ "Name": "email_verified", "Value": "true" }]);
    let input = json!({ "UserPoolId": shop.pool, "Username": name, "UserAttributes": verified });
    shop.app.idp("AdminUpdateUserAttributes", input).await.assert_good();
}

async fn client(shop: &Shop, veil: &str) -> String {
    shop.page(json!({ "PreventUserExistenceErrors": veil })).await
}

async fn forgot(browser: &mut Browser<'_>, client: &str, name: &str) -> Page {
    let login = browser.open(&Shop::authorize(client, &[])).await;
    let form = browser.open(&login.link("/forgotPassword")).await.form("/forgotPassword").fill("username", name);
    browser.send_on(&form).await
}

fn reset(page: &Page, code: &str, password: &str) -> Form {
    page.form("/confirmforgotPassword").fill("code", code).fill("password", password)
}

both_engines! {
    async fn a_forgotten_password_is_replaced_by_a_code(app: TestApp) {
        let shop = Shop::open(app).await;
        verified(&shop, "ann").await;
        let client = client(&shop, "ENABLED").await;
        let mut browser = shop.browser();

        let page = forgot(&mut browser, &client, "ann").await;

        assert_eq!((page.title().as_str(), page.known_as().as_deref()), ("Set a new password", Some("ann")));
        assert!(page.html.contains("We sent a code to a***@e***."), "{}", page.html);
        let form = reset(&page, &shop.app.code("ann").await, NEW);
        let page = browser.send_on(&form).await;
        assert_eq!(page.says(), ["Your password is changed. Sign in with the new one."]);
        let login = page.form("/login").fill("username", "ann");
        let old = browser.submit(&login.clone().fill("password", PASSWORD)).await;
        assert_eq!(old.says(), ["Incorrect user name or password."]);
        browser.submit(&login.fill("password", NEW)).await.code();

        let again = browser.submit(&form).await;
        assert_eq!((again.status, again.answer("code")), (200, None), "a code is good once: {again:?}");
    }

    async fn what_is_wrong_is_said_at_its_field(app: TestApp) {
        let shop = Shop::open(app).await;
        verified(&shop, "ann").await;
        let mut browser = shop.browser();
        let page = forgot(&mut browser, &client(&shop, "LEGACY").await, "ann").await;
        let code = shop.app.code("ann").await;
        for (code, password, said) in [
            ("", NEW, "Code: Fill in this field."),
            (code.as_str(), "", "New password: Fill in this field."),
            ("000000x", NEW, "Code: That code is not right. Check it and try again."),
            (code.as_str(), "short", "New password: The password does not meet the rules below."),
        ] {
            let shown = browser.submit(&reset(&page, code, password)).await;
            assert_eq!((shown.status, shown.says()[0].as_str()), (200, said), "{code} {password}");
            assert!(!shown.html.contains(NEW));
        }
        shop.app.clock.advance(Duration::from_mins(61));
        let late = browser.submit(&reset(&page, &code, NEW).with("username", "ann")).await;
        assert_eq!(late.says()[0], "Code: That code is too old. Ask for a new one.");
    }

    /// Unveiled: as the API says it. An unverified address gets no code.
    async fn who_cannot_be_reached_is_told_only_without_the_veil(app: TestApp) {
        let shop = Shop::open(app).await;
        shop.app.user(&shop.pool, "una").await;
        let (open, veiled) = (client(&shop, "LEGACY").await, client(&shop, "ENABLED").await);
        let page = forgot(&mut shop.browser(), &open, "una").await;
        assert_eq!(
            page.says(),
            ["This account has no confirmed email address or phone number to send a code to. \
                                  Ask the people who run this application."]
        );
        let page = forgot(&mut shop.browser(), &open, "nobody").await;
        assert_eq!(page.says(), ["Incorrect user name or password."]);
        for name in ["una", "nobody"] {
            let mut browser = shop.browser();
            let page = forgot(&mut browser, &veiled, name).await;
            assert_eq!((page.title().as_str(), page.says()), ("Set a new password", Vec::new()), "{name}");
            assert!(page.html.contains("We sent a code to "), "{}", page.html);
            let page = browser.submit(&reset(&page, "123456", NEW)).await;
            assert_eq!(page.says()[0], "Code: That code is not right. Check it and try again.", "{name}");
        }
        assert_eq!(shop.app.rows("inbox").await, 0);
    }

    async fn asking_too_often_is_refused(app: TestApp) {
        let shop = Shop::open(app).await;
        verified(&shop, "ann").await;
        let veiled = client(&shop, "ENABLED").await;
        for name in ["ann", "nobody"] {
            let mut browser = shop.browser();
            for _ in 0..10 {
                assert_eq!(forgot(&mut browser, &veiled, name).await.title(), "Set a new password");
            }
            let page = forgot(&mut browser, &veiled, name).await;
            assert_eq!(page.says(), ["Too many tries. Wait a while, then try again."], "{name}");
        }
    }

    async fn where_only_administrators_recover_there_is_no_way_there(app: TestApp) {
        let only =
            json!({ "AccountRecoverySetting": { "RecoveryMechanisms": [{ "Name": "admin_only", "Priority": 1 }] } });
        let shop = Shop::open_with(app, merged(json!({ "AutoVerifiedAttributes": ["email"] }), only)).await;
        shop.app.user(&shop.pool, "ann").await;
        let client = client(&shop, "ENABLED").await;
        let mut browser = shop.browser();
        let login = browser.open(&Shop::authorize(&client, &[])).await;
        assert!(!login.html.contains("/forgotPassword"));
        let page = browser.open(&Shop::address("/forgotPassword", &client, &[])).await;
        let page = browser.submit(&page.form("/forgotPassword").fill("username", "ann")).await;
        assert_eq!(page.says(), ["Only an administrator can do this. Ask the people who run this application."]);
    }
}
