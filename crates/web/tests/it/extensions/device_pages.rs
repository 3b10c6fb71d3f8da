//! Device authorization as people meet it: who may let a device in, what they see before they do, and who cannot make them.

use std::time::Duration;

use cognate_domain::Clock as _;
use cognate_domain::attempts::AttemptKind;
use cognate_store::attempts::{self, Attempts};
use cognate_testkit::app::PASSWORD;
use cognate_testkit::{TestApp, both_engines};
use serde_json::json;

use super::device::{Codes, ask, assert_told, before_decision, begin, decide, let_in};
use super::setting::{ADMIN, app_of, open};
use crate::kit::{Browser, Page, Shop};

const UNKNOWN: &str = "There is no device waiting with this code. Check it, or begin again on your device.";
const MANY: &str = "Too many tries. Wait a while, then try again.";

/// A code is typed on the page that a browser shows.
async fn type_code(browser: &mut Browser<'_>, page: &Page, code: &str) -> Page {
    browser.send_on(&page.form("/device").fill("user_code", code)).await
}

/// A browser in which somebody is signed in.
async fn signed_in<'s>(shop: &'s Shop, client: &str, name: &str) -> Browser<'s> {
    let mut browser = shop.browser();
    let page = browser.sign_in(&format!("/device?client_id={client}"), name).await;
    assert_eq!(page.title(), "Connect a device");
    browser
}

/// Says that nobody has decided about it.
async fn assert_waits(shop: &Shop, client: &str, codes: &Codes) {
    shop.app.clock.advance(Duration::from_secs(6));
    assert_told(&ask(shop, client, codes).await, "authorization_pending");
}

/// So many wrong codes of people who are not signed in.
async fn guessed_by_strangers(shop: &Shop, count: u32) {
    let of = Attempts { pool_id: &shop.pool, user_id: "", kind: AttemptKind::StrangersDeviceCode };
    let now = shop.app.clock.now();
    let written = shop.app.app.db.write(async |tx| {
        for number in 0..count {
            attempts::insert(tx, &of, &number.to_string(), now).await?;
        }
        Ok(())
    });
    written.await.unwrap();
}

both_engines! {
    async fn whoever_types_the_code_signs_in_sees_what_they_let_in_and_says_so(app: TestApp) {
        let shop = open(app, "device").await;
        let scopes = json!({ "AllowedOAuthScopes": ["openid", "email", ADMIN, "orders/read"] });
        let client = app_of(&shop, scopes).await;
        let codes = begin(&shop, &client).await;
        let mut browser = shop.browser();

        let page = browser.open(&codes.page).await;
        assert_eq!((page.status, page.title().as_str()), (200, "Connect a device"));
        let typed = codes.user.to_lowercase().replace('-', " ");
        let page = type_code(&mut browser, &page, &typed).await;
        assert_eq!(page.title(), "Sign in");
        let page = browser.send_on(&page.form("/login").fill("username", "ann").fill("password", PASSWORD)).await;
        assert_eq!((page.title().as_str(), page.form("/device").value("user_code")), ("Let this device in?", codes.user.as_str()));
        assert_eq!(browser.open(&page.address).await.title(), "Let this device in?", "one can come back to it");
        for shown in
            [&codes.user, "Shop", "ann@example.com", "know that it is you", "see your email address", "look after your account", "read"]
        {
            assert!(page.tags().iter().any(|tag| tag.text.contains(shown)), "no {shown} in {}", page.html);
        }
        assert_waits(&shop, &client, &codes).await;

        let done = decide(&mut browser, &page, "allow").await;
        assert_eq!(done.title(), "Your device is connected");
        assert_eq!(ask(&shop, &client, &codes).await.status, 200);
        assert_eq!(browser.open(&done.address).await.title(), "Connect a device", "said once");
    }

    async fn somebody_who_is_signed_in_only_types_the_code(app: TestApp) {
        let shop = open(app, "device").await;
        let (client, other) = (app_of(&shop, json!({})).await, app_of(&shop, json!({})).await);
        let codes = begin(&shop, &client).await;
        let mut browser = signed_in(&shop, &other, "ann").await;
        let page = browser.open("/device").await;
        let page = type_code(&mut browser, &page, &codes.user).await;
        assert_eq!(page.title(), "Let this device in?");
        decide(&mut browser, &page, "allow").await;
        assert_eq!(ask(&shop, &client, &codes).await.status, 200);
    }

    async fn another_account_can_be_taken(app: TestApp) {
        let shop = open(app, "device").await;
        shop.app.user(&shop.pool, "bob").await;
        let client = app_of(&shop, json!({})).await;
        let codes = begin(&shop, &client).await;
        let mut browser = shop.browser();
        let page = before_decision(&mut browser, &codes, "ann").await;
        let other = browser.open(&page.link("prompt=login")).await;
        let page = browser.send_on(&other.form("/login").fill("username", "bob").fill("password", PASSWORD)).await;
        let page = browser.send_on(&page.form("/device")).await;
        decide(&mut browser, &page, "allow").await;
        let tokens = ask(&shop, &client, &codes).await;
        assert_eq!(cognate_testkit::app::claims(&tokens.text("access_token"))["username"], "bob");
    }

    /// In another window of the same browser.
    async fn who_takes_somebodys_place_has_decided_nothing(app: TestApp) {
        let shop = open(app, "device").await;
        shop.app.user(&shop.pool, "bob").await;
        let client = app_of(&shop, json!({})).await;
        let codes = begin(&shop, &client).await;
        let mut browser = shop.browser();
        let anns = before_decision(&mut browser, &codes, "ann").await;
        browser.sign_in(&Shop::authorize(&client, &[("prompt", "login")]), "bob").await.code();
        let page = decide(&mut browser, &anns, "allow").await;
        assert_eq!(page.title(), "Let this device in?");
        assert!(page.html.contains("bob@example.com"));
        assert_waits(&shop, &client, &codes).await;
    }

    /// Looking again at what has ended is no guess.
    async fn a_page_that_is_loaded_anew_counts_nothing(app: TestApp) {
        let shop = open(app, "device").await;
        let client = app_of(&shop, json!({})).await;
        let codes = begin(&shop, &client).await;
        let mut browser = shop.browser();
        let page = before_decision(&mut browser, &codes, "ann").await;
        shop.app.clock.advance(Duration::from_mins(10));
        for _ in 0..20 {
            assert_eq!(browser.open(&page.address).await.title(), "Connect a device");
        }
        assert_eq!(shop.app.rows("attempts").await, 0);
    }

    async fn a_decision_is_the_last_one(app: TestApp) {
        let shop = open(app, "device").await;
        let client = app_of(&shop, json!({})).await;
        let codes = begin(&shop, &client).await;
        let mut browser = shop.browser();
        let page = before_decision(&mut browser, &codes, "ann").await;
        decide(&mut browser, &page, "refuse").await;
        let again = decide(&mut browser, &page, "allow").await;
        assert_eq!((again.title().as_str(), again.says()), ("Connect a device", vec![format!("Code: {UNKNOWN}"), UNKNOWN.to_owned()]));
        assert_told(&ask(&shop, &client, &codes).await, "access_denied");
    }

    /// Section 5.1: nobody finds the code of somebody else's device by trying.
    async fn guesses_are_counted_for_each_person(app: TestApp) {
        let shop = open(app, "device").await;
        let client = app_of(&shop, json!({})).await;
        let codes = begin(&shop, &client).await;
        let mut browser = signed_in(&shop, &client, "ann").await;
        let page = browser.open("/device").await;
        for wrong in ["BBBB-BBBB", "nonsense", "1"].iter().cycle().take(15) {
            assert_eq!(type_code(&mut browser, &page, wrong).await.says(), [format!("Code: {UNKNOWN}"), UNKNOWN.to_owned()]);
        }
        for code in ["BBBB-BBBB", codes.user.as_str()] {
            assert_eq!(type_code(&mut browser, &page, code).await.says(), [MANY]);
        }
        shop.app.clock.advance(Duration::from_hours(1));
        let codes = begin(&shop, &client).await;
        let mut browser = signed_in(&shop, &client, "ann").await;
        let page = browser.open("/device").await;
        assert_eq!(type_code(&mut browser, &page, &codes.user).await.title(), "Let this device in?");
    }

    /// Whoever is not signed in is counted with all others who are not; that closes the page to none who is.
    async fn guesses_of_strangers_are_counted_together(app: TestApp) {
        let shop = open(app, "device").await;
        let client = app_of(&shop, json!({})).await;
        let codes = begin(&shop, &client).await;
        guessed_by_strangers(&shop, 999).await;
        let mut browser = shop.browser();
        let page = browser.open("/device").await;
        assert_eq!(type_code(&mut browser, &page, "").await.says(), ["Code: Fill in this field.", "Fill in this field."]);
        assert_eq!(type_code(&mut browser, &page, "BBBB-BBBB").await.says(), [format!("Code: {UNKNOWN}"), UNKNOWN.to_owned()]);
        assert_eq!(type_code(&mut browser, &page, &codes.user).await.says(), [MANY]);

        let_in(&shop, &codes, "ann").await;
        assert_eq!(ask(&shop, &client, &codes).await.status, 200);

        shop.app.clock.advance(Duration::from_hours(2));
        assert_eq!(type_code(&mut browser, &page, "BBBB-BBBB").await.title(), "Connect a device");
        assert_eq!(shop.app.rows("attempts").await, 1, "those of before are forgotten");
    }

    /// Whoever comes by the address with the application's name in it is told nothing before they have signed in.
    async fn a_stranger_learns_nothing_of_a_code(app: TestApp) {
        let shop = open(app, "device").await;
        let client = app_of(&shop, json!({})).await;
        let codes = begin(&shop, &client).await;
        for code in [codes.user.as_str(), "BBBB-BBBB", "x\"><script>"] {
            let mut browser = shop.browser();
            let page = browser.open(&Shop::address("/device", &client, &[("user_code", code), ("response_type", ""), ("redirect_uri", ""), ("state", "")])).await;
            assert_eq!((page.status, page.title().as_str()), (200, "Sign in"));
        }
        assert_eq!(shop.app.rows("attempts").await, 0);
    }

    async fn no_form_of_another_site_lets_a_device_in(app: TestApp) {
        let shop = open(app, "device").await;
        let client = app_of(&shop, json!({})).await;
        let codes = begin(&shop, &client).await;
        let mut browser = shop.browser();
        let page = before_decision(&mut browser, &codes, "ann").await;
        let form = page.form("/device").with("decision", "allow");
        for bad in [form.clone().without("_csrf"), form.clone().fill("_csrf", "0"), form.clone().fill("_csrf", "")] {
            let said = browser.submit(&bad).await;
            assert_eq!((said.status, said.title().as_str()), (200, "Connect a device"));
        }
        let mut elsewhere = browser.clone();
        elsewhere.headers = vec![("sec-fetch-site", "cross-site".to_owned())];
        elsewhere.submit(&form).await;
        elsewhere.headers = vec![("origin", "https://evil.example.com".to_owned())];
        elsewhere.submit(&form).await;
        let mut stranger = shop.browser();
        stranger.submit(&form).await;
        for decision in ["", "yes", "ALLOW"] {
            browser.submit(&page.form("/device").with("decision", decision)).await;
        }
        assert_waits(&shop, &client, &codes).await;
        browser.submit(&form).await;
        assert_eq!(ask(&shop, &client, &codes).await.status, 200, "the form itself was good");
    }

    async fn a_device_of_another_pool_is_nobodys_here(app: TestApp) {
        let shop = open(app, "device").await;
        let client = app_of(&shop, json!({})).await;
        let codes = begin(&shop, &client).await;
        let tags = json!({ "cognate:extensions": "device" });
        let pool = shop.app.pool_with(json!({ "UserPoolTags": tags })).await;
        shop.app.idp("CreateUserPoolDomain", json!({ "UserPoolId": pool, "Domain": "other" })).await.assert_good();
        let mut browser = shop.browser();
        browser.headers = vec![("host", "other.auth.id.example.com".to_owned()), ("origin", String::new())];
        let page = browser.open("/device").await;
        assert_eq!(type_code(&mut browser, &page, &codes.user).await.says(), [format!("Code: {UNKNOWN}"), UNKNOWN.to_owned()]);
        let refused = browser.get(&codes.whole_page).await;
        assert!(refused.location().starts_with("/error?error=invalid_request"), "{}", refused.location());
    }

    /// Between the page and the word.
    async fn a_client_that_is_gone_or_may_not_any_more_is_not_let_in(app: TestApp) {
        let shop = open(app, "device").await;
        let (client, gone) = (app_of(&shop, json!({})).await, app_of(&shop, json!({})).await);
        let codes = begin(&shop, &gone).await;
        let mut browser = signed_in(&shop, &client, "ann").await;
        let page = browser.open("/device").await;
        let page = type_code(&mut browser, &page, &codes.user).await;
        shop.app.idp("DeleteUserPoolClient", json!({ "UserPoolId": shop.pool, "ClientId": gone })).await.assert_good();
        assert_eq!(decide(&mut browser, &page, "allow").await.title(), "Something is missing from this link");
        assert_told(&ask(&shop, &gone, &codes).await, "invalid_client");
    }
}
