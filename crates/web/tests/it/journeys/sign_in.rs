//! `/login`: a name and a password, and what is said of wrong ones.

use std::time::Duration;

use cognate_testkit::app::{PASSWORD, claims};
use cognate_testkit::{TestApp, both_engines};
use serde_json::json;

use crate::kit::{Browser, CALLBACK, CHALLENGE, Page, Shop, VERIFIER};

const CREDENTIALS: &str = "Incorrect user name or password.";
const UNVEILED: &str = "LEGACY";
const VEILED: &str = "ENABLED";

async fn client(shop: &Shop, veil: &str) -> String {
    shop.page(json!({ "PreventUserExistenceErrors": veil })).await
}

async fn tried(browser: &mut Browser<'_>, address: &str, name: &str, password: &str) -> Page {
    let form = browser.open(address).await.form("/login").fill("username", name).fill("password", password);
    browser.submit(&form).await
}

both_engines! {
    async fn a_person_signs_in_and_the_application_gets_their_tokens(app: TestApp) {
        let shop = Shop::open(app).await;
        let sub = shop.app.user(&shop.pool, "ann").await;
        let client = shop.page(json!({})).await;
        let mut browser = shop.browser();
        let asked =
            [("nonce", "n-1"), ("code_challenge", CHALLENGE), ("code_challenge_method", "S256"), ("unknown", "1")];

        let begun = browser.get(&Shop::authorize(&client, &asked)).await;
        assert_eq!(begun.status, 302);
        assert_eq!(begun.location(), Shop::authorize(&client, &asked).replace("/oauth2/authorize", "/login"));
        let page = browser.follow(begun).await;

        assert_eq!((page.status, page.title().as_str()), (200, "Sign in"));
        assert!(page.html.contains("to continue to Shop"));
        let named = page.tags().into_iter().find(|tag| tag.get("name") == Some("cognitoSignInForm")).unwrap();
        assert_eq!((named.get("method"), named.get("action")), (Some("post"), Some(page.address.as_str())));
        let form = page.form("/login");
        let fields: Vec<_> = form.fields.iter().map(|(name, _)| name.as_str()).collect();
        assert_eq!(fields, ["_csrf", "cognitoAsfData", "username", "password"]);
        assert_eq!(browser.cookie("XSRF-TOKEN"), Some(form.value("_csrf")));
        for (id, name) in [("signInFormUsername", "username"), ("signInFormPassword", "password")] {
            assert!(page.tags().iter().any(|tag| tag.get("id") == Some(id) && tag.get("name") == Some(name)), "{id}");
        }
        assert!(page.tags().iter().any(|tag| tag.get("name") == Some("signInSubmitButton")));

        let back = browser.submit(&form.fill("username", "ann").fill("password", PASSWORD)).await;

        assert_eq!(back.status, 302);
        assert_eq!(back.location(), format!("{CALLBACK}?code={}&state=s", back.code()));
        let tokens = shop.redeem(&client, &back.code(), &[("code_verifier", VERIFIER)]).await;
        assert_eq!(tokens.status, 200, "{}", tokens.body);
        let id = claims(&tokens.text("id_token"));
        assert_eq!((&id["sub"], &id["cognito:username"], &id["nonce"]), (&json!(sub), &json!("ann"), &json!("n-1")));
        assert_eq!((&id["aud"], &id["auth_time"]), (&json!(client), &json!(1_767_323_045)));
        assert!(id["at_hash"].is_string());
        assert_eq!(claims(&tokens.text("access_token"))["scope"], "openid");
        assert_eq!(shop.userinfo(&tokens.text("access_token")).await.body["sub"], json!(sub));
        assert_eq!(shop.refresh(&client, &tokens.text("refresh_token")).await.status, 200);
    }

    async fn the_same_pages_are_met_by_path(app: TestApp) {
        let shop = Shop::open(app).await;
        shop.app.user(&shop.pool, "ann").await;
        let client = shop.page(json!({})).await;
        let mut browser = shop.browser();
        let address = Shop::address("/domains/shop/oauth2/authorize", &client, &[]);
        let back = browser.sign_in(&address, "ann").await;
        assert!(back.address.starts_with("/domains/shop/login?"), "{}", back.address);
        assert_eq!(shop.redeem(&client, &back.code(), &[]).await.status, 200);
        browser.get(&address).await.code();
        assert_eq!(
            browser.get(&Shop::authorize(&client, &[("prompt", "none")])).await.answer("error").unwrap(),
            "login_required",
            "its cookies are for its path alone"
        );
        let page = browser.open(&Shop::address("/domains/shop/login", &client, &[("prompt", "login")])).await;
        for part in ["/signup", "/forgotPassword", "lang=de"] {
            assert!(page.link(part).starts_with("/domains/shop/"), "{}", page.link(part));
        }
        let style = page.tags().iter().find(|tag| tag.get("rel") == Some("stylesheet")).unwrap().get("href").unwrap().to_owned();
        assert!(style.starts_with("/domains/shop/assets/"), "{style}");
        assert_eq!(browser.get(&style).await.status, 200);
    }

    async fn who_is_wrong_is_told_no_more_than_the_api_tells(app: TestApp) {
        let shop = Shop::open(app).await;
        for name in ["ann", "off", "new"] {
            shop.app.user(&shop.pool, name).await;
        }
        shop.app.idp("AdminDisableUser", json!({ "UserPoolId": shop.pool, "Username": "off" })).await.assert_good();
        let (open, veiled) = (client(&shop, UNVEILED).await, client(&shop, VEILED).await);
        let disabled = "This account is disabled. Ask the people who run this application.";
        for (client, name, password, said) in [
            (&open, "ann", "Wrong-Horse-9", CREDENTIALS),
            (&veiled, "ann", "Wrong-Horse-9", CREDENTIALS),
            (&open, "nobody", PASSWORD, CREDENTIALS),
            (&veiled, "nobody", PASSWORD, CREDENTIALS),
            (&open, "off", PASSWORD, disabled),
            (&veiled, "off", PASSWORD, CREDENTIALS),
            (&veiled, "ann", "", "Fill in this field."),
            (&veiled, "", PASSWORD, "Fill in this field."),
        ] {
            let mut browser = shop.browser();
            let page = tried(&mut browser, &Shop::authorize(client, &[]), name, password).await;
            assert_eq!((page.status, page.says().pop().as_deref()), (200, Some(said)), "{name} {password}");
            assert_eq!(page.form("/login").value("username"), name, "what was entered is kept");
            assert!(!page.html.contains(PASSWORD), "a password is not");
            assert_eq!(browser.cookie("__Host-cognito"), None);
        }
    }

    /// Both answers to a name are the same byte for byte, but for what is new in every page.
    async fn with_the_veil_nobody_can_be_told_from_somebody(app: TestApp) {
        let shop = Shop::open(app).await;
        for name in ["ann", "off"] {
            shop.app.user(&shop.pool, name).await;
        }
        shop.app.idp("AdminDisableUser", json!({ "UserPoolId": shop.pool, "Username": "off" })).await.assert_good();
        let client = client(&shop, VEILED).await;
        let mut seen = Vec::new();
        for name in ["ann", "off", "bob"] {
            let mut browser = shop.browser();
            let mut pages = Vec::new();
            for _ in 0..6 {
                let page = tried(&mut browser, &Shop::authorize(&client, &[]), name, "Wrong-Horse-9").await;
                let nonce = page.tags().iter().find(|tag| tag.get("nonce").is_some()).unwrap().get("nonce").unwrap().to_owned();
                let html = page.html.replace(&nonce, "").replace(page.form("/login").value("_csrf"), "");
                pages.push((page.status, html.replace(&format!("value=\"{name}\""), "")));
            }
            assert!(pages.last().unwrap().1.contains("Too many wrong passwords."), "{}", pages.last().unwrap().1);
            seen.push(pages);
        }
        assert_eq!(seen[0], seen[1]);
        assert_eq!(seen[0], seen[2]);
    }

    async fn too_many_wrong_passwords_lock_an_account_for_a_while(app: TestApp) {
        let shop = Shop::open(app).await;
        shop.app.user(&shop.pool, "ann").await;
        let address = Shop::authorize(&client(&shop, VEILED).await, &[]);
        let mut browser = shop.browser();
        for _ in 0..5 {
            assert_eq!(tried(&mut browser, &address, "ann", "Wrong-Horse-9").await.says(), [CREDENTIALS]);
        }
        let locked = tried(&mut browser, &address, "ann", PASSWORD).await;
        assert!(locked.says()[0].starts_with("Too many wrong passwords."), "{:?}", locked.says());
        shop.app.clock.advance(Duration::from_secs(2));
        tried(&mut browser, &address, "ann", PASSWORD).await.code();
    }

    async fn who_is_not_confirmed_is_asked_for_the_code_first(app: TestApp) {
        let shop = Shop::open(app).await;
        let client = client(&shop, VEILED).await;
        shop.app.sign_up(&client, "eve").await.assert_good();
        let mut browser = shop.browser();
        let address = Shop::authorize(&client, &[]);

        let page = tried(&mut browser, &address, "eve", "Wrong-Horse-9").await;
        assert_eq!(page.says(), [CREDENTIALS], "not to whoever does not know the password");
        let page = tried(&mut browser, &address, "eve", PASSWORD).await;
        assert!(page.location().starts_with("/confirm?"), "{page:?}");
        let page = browser.follow(page).await;
        assert_eq!(page.title(), "Confirm your account");
        let form = page.form("/confirm").fill("code", &shop.app.code("eve").await);
        let page = browser.send_on(&form).await;
        assert_eq!(page.says(), ["Your account is confirmed. Sign in to go on."]);
        let form = page.form("/login").fill("username", "eve").fill("password", PASSWORD);
        browser.submit(&form).await.code();
    }

    async fn whose_password_was_reset_is_asked_for_the_code_first(app: TestApp) {
        let shop = Shop::open(app).await;
        shop.app.user(&shop.pool, "ann").await;
        let verified = json!([{ "Name": "email_verified", "Value": "true" }]);
        let who = json!({ "UserPoolId": shop.pool, "Username": "ann" });
        let input = cognate_testkit::app::merged(who.clone(), json!({ "UserAttributes": verified }));
        shop.app.idp("AdminUpdateUserAttributes", input).await.assert_good();
        shop.app.idp("AdminResetUserPassword", who).await.assert_good();
        let mut browser = shop.browser();
        let page = tried(&mut browser, &Shop::authorize(&client(&shop, VEILED).await, &[]), "ann", PASSWORD).await;
        assert_eq!(page.says(), [CREDENTIALS], "the veil hides it");
        let page = tried(&mut browser, &Shop::authorize(&client(&shop, UNVEILED).await, &[]), "ann", PASSWORD).await;
        assert!(page.location().starts_with("/confirmforgotPassword?"), "{page:?}");
        let form = browser.follow(page).await.form("/confirmforgotPassword");
        let form = form.fill("code", &shop.app.code("ann").await).fill("password", "Another-Horse-9");
        let page = browser.send_on(&form).await;
        assert_eq!(page.says(), ["Your password is changed. Sign in with the new one."]);
        let form = page.form("/login").fill("username", "ann").fill("password", "Another-Horse-9");
        browser.submit(&form).await.code();
    }
}
