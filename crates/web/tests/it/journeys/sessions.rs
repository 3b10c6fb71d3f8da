//! A browser in which somebody is signed in: at one client and the next, in the account chooser, and until they are
//! not.

use std::time::Duration;

use cognate_testkit::app::claims;
use cognate_testkit::{TestApp, both_engines};
use serde_json::json;

use crate::kit::{CALLBACK, Shop};

const SESSION: &str = "__Host-cognito";
const BYE: &str = "https://shop.example.com/bye";

both_engines! {
    async fn a_second_client_shares_the_session(app: TestApp) {
        let shop = Shop::open(app).await;
        shop.app.user(&shop.pool, "ann").await;
        let (first, second) = (shop.page(json!({})).await, shop.page(json!({})).await);
        let mut browser = shop.browser();
        browser.sign_in(&Shop::authorize(&first, &[]), "ann").await.code();
        shop.app.clock.advance(Duration::from_mins(10));

        let silent = browser.get(&Shop::authorize(&second, &[("state", "t")])).await;

        let tokens = shop.redeem(&second, &silent.code(), &[]).await;
        let claims = claims(&tokens.text("id_token"));
        assert_eq!((&claims["cognito:username"], &claims["aud"]), (&json!("ann"), &json!(second)));
        assert_eq!((&claims["auth_time"], &claims["iat"]), (&json!(1_767_323_045), &json!(1_767_323_645)));
        assert_eq!(silent.answer("state").unwrap(), "t");
    }

    async fn the_account_chooser_goes_on_changes_or_signs_out(app: TestApp) {
        let shop = Shop::open(app).await;
        for name in ["ann", "bob"] {
            shop.app.user(&shop.pool, name).await;
        }
        let client = shop.page(json!({})).await;
        let mut browser = shop.browser();
        browser.sign_in(&Shop::authorize(&client, &[]), "ann").await.code();
        let login = Shop::address("/login", &client, &[]);

        let page = browser.get(&login).await;
        assert_eq!(page.title(), "Choose an account");
        assert!(page.html.contains("Continue as ann@example.com"), "{}", page.html);
        let form = page.form("/login");
        let on = browser.submit(&form.clone().with("choice", "continue")).await;
        assert_eq!(shop.redeem(&client, &on.code(), &[]).await.status, 200);

        let other = browser.get(&page.link("prompt=login")).await;
        assert_eq!(other.title(), "Sign in");
        let other = other.form("/login").fill("username", "bob").fill("password", cognate_testkit::app::PASSWORD);
        browser.submit(&other).await.code();
        assert!(browser.get(&login).await.html.contains("bob@example.com"));

        let out = browser.send_on(&form.clone().with("choice", "sign_out")).await;
        assert_eq!((out.title().as_str(), out.says()), ("Sign in", vec!["You are signed out".to_owned()]));
        assert_eq!(browser.cookie(SESSION), None);
        let late = browser.send_on(&form.with("choice", "continue")).await;
        assert_eq!((late.title().as_str(), late.answer("code")), ("Sign in", None), "the page was open for too long");
    }

    /// Whoever planted a session's cookie before has nothing of the one that is made.
    async fn a_sign_in_makes_a_new_session_whatever_the_browser_carried(app: TestApp) {
        let shop = Shop::open(app).await;
        for name in ["ann", "mallory"] {
            shop.app.user(&shop.pool, name).await;
        }
        let client = shop.page(json!({})).await;
        let again = Shop::authorize(&client, &[("prompt", "login")]);
        let mut mallory = shop.browser();
        mallory.sign_in(&again, "mallory").await.code();
        let planted = mallory.cookie(SESSION).unwrap().to_owned();
        for planted in [planted.as_str(), "made-up"] {
            let mut ann = shop.browser();
            ann.plant(SESSION, planted);
            ann.sign_in(&again, "ann").await.code();
            assert_ne!(ann.cookie(SESSION).unwrap(), planted);
            let mut thief = shop.browser();
            thief.plant(SESSION, planted);
            let silent = thief.get(&Shop::authorize(&client, &[])).await;
            if let Some(code) = silent.answer("code") {
                let tokens = shop.redeem(&client, &code, &[]).await;
                assert_eq!(claims(&tokens.text("id_token"))["cognito:username"], "mallory");
            }
        }
        let mut ann = shop.browser();
        let first = ann.sign_in(&again, "ann").await;
        let (before, code) = (ann.cookie(SESSION).unwrap().to_owned(), first.code());
        ann.sign_in(&again, "ann").await.code();
        assert_ne!(ann.cookie(SESSION).unwrap(), before);
        assert!(!before.contains(&code) && before.len() >= 43);
    }

    async fn whose_account_is_closed_is_signed_in_no_longer(app: TestApp) {
        let shop = Shop::open(app).await;
        let client = shop.page(json!({})).await;
        for (name, operation) in [("ann", "AdminDisableUser"), ("bob", "AdminDeleteUser")] {
            shop.app.user(&shop.pool, name).await;
            let mut browser = shop.browser();
            let code = browser.sign_in(&Shop::authorize(&client, &[]), name).await.code();
            let chooser = browser.get(&Shop::address("/login", &client, &[])).await.form("/login");
            shop.app.idp(operation, json!({ "UserPoolId": shop.pool, "Username": name })).await.assert_good();

            assert_eq!(shop.redeem(&client, &code, &[]).await.error(), (400, "invalid_grant"), "{operation}");
            let silent = browser.get(&Shop::authorize(&client, &[("prompt", "none")])).await;
            assert_eq!(silent.answer("error").as_deref(), Some("login_required"), "{operation}");
            assert_eq!(browser.open(&Shop::authorize(&client, &[])).await.title(), "Sign in");
            let on = browser.send_on(&chooser.with("choice", "continue")).await;
            assert_eq!((on.title().as_str(), on.answer("code")), ("Sign in", None), "{operation}");
        }
    }

    /// Somebody else who takes the name of an account that is gone does not inherit its browsers.
    async fn a_session_is_for_one_person_not_for_a_name(app: TestApp) {
        let shop = Shop::open(app).await;
        let client = shop.page(json!({})).await;
        shop.app.user(&shop.pool, "ann").await;
        let mut browser = shop.browser();
        browser.sign_in(&Shop::authorize(&client, &[]), "ann").await.code();
        shop.app.idp("AdminDeleteUser", json!({ "UserPoolId": shop.pool, "Username": "ann" })).await.assert_good();
        shop.app.user(&shop.pool, "ann").await;
        assert_eq!(browser.open(&Shop::authorize(&client, &[])).await.title(), "Sign in");
    }

    async fn a_session_of_one_pool_is_none_of_another(app: TestApp) {
        let shop = Shop::open(app).await;
        shop.app.user(&shop.pool, "ann").await;
        let client = shop.page(json!({})).await;
        let elsewhere = shop.app.pool().await;
        let domain = json!({ "UserPoolId": elsewhere, "Domain": "bakery" });
        shop.app.idp("CreateUserPoolDomain", domain).await.assert_good();
        let theirs = shop.app.client_with(&elsewhere, json!({
            "AllowedOAuthFlowsUserPoolClient": true, "AllowedOAuthFlows": ["code"], "AllowedOAuthScopes": ["openid"],
            "CallbackURLs": [CALLBACK], "SupportedIdentityProviders": ["COGNITO"],
        })).await;
        let mut browser = shop.browser();
        browser.sign_in(&Shop::authorize(&client, &[]), "ann").await.code();
        let foreign = browser.get(&Shop::authorize(&theirs, &[])).await;
        assert_eq!(
            foreign.location(),
            format!("/error?error=invalid_request&client_id={theirs}"),
            "another pool's client"
        );
        browser.headers = vec![("host", "bakery.auth.id.example.com".to_owned())];
        let page = browser.get(&Shop::authorize(&theirs, &[("prompt", "none")])).await;
        assert_eq!(page.answer("error").as_deref(), Some("login_required"));
    }

    async fn logging_out_ends_the_session_and_goes_only_where_it_may(app: TestApp) {
        let shop = Shop::open(app).await;
        shop.app.user(&shop.pool, "ann").await;
        let client = shop.page(json!({ "LogoutURLs": [BYE] })).await;
        let mut browser = shop.browser();
        browser.sign_in(&Shop::authorize(&client, &[]), "ann").await.code();
        let stolen = browser.clone();
        let mismatch = format!("/error?error=redirect_mismatch&client_id={client}");
        let bad = format!("/error?error=invalid_request&client_id={client}");
        let nobody = "/error?error=invalid_request&client_id=nobody";
        let out = |more: &[(&str, &str)]| {
            let all: Vec<_> = [("redirect_uri", ""), ("response_type", ""), ("state", "")].into_iter().collect();
            let all: Vec<_> =
                all.into_iter().filter(|(name, _)| !more.iter().any(|(other, _)| other == name)).collect();
            Shop::address("/logout", &client, &[&all[..], more].concat())
        };
        for (address, status, to) in [
            (out(&[]), 400, ""),
            (out(&[("logout_uri", "https://evil.example.com/")]), 302, mismatch.as_str()),
            (out(&[("logout_uri", &format!("{BYE}/"))]), 302, &mismatch),
            (out(&[("logout_uri", CALLBACK)]), 302, &mismatch),
            (out(&[("redirect_uri", BYE), ("response_type", "code")]), 302, &mismatch),
            (format!("{}&logout_uri=x", out(&[("logout_uri", BYE)])), 302, &bad),
            (out(&[("redirect_uri", CALLBACK)]), 302, "https://shop.example.com/cb?error=invalid_request"),
            (format!("/logout?client_id=nobody&logout_uri={BYE}"), 302, nobody),
        ] {
            let page = browser.get(&address).await;
            assert_eq!((page.status, page.location()), (status, to), "{address}");
            browser.get(&Shop::authorize(&client, &[])).await.code();
        }

        let page = browser.get(&out(&[("logout_uri", BYE), ("state", "x")])).await;
        assert_eq!((page.status, page.location()), (302, BYE));
        assert_eq!(browser.cookie(SESSION), None);
        for mut browser in [browser.clone(), stolen] {
            assert_eq!(browser.open(&Shop::authorize(&client, &[])).await.title(), "Sign in", "here and in the store");
        }
        assert_eq!(browser.get(&out(&[("logout_uri", BYE)])).await.location(), BYE, "once more is no error");
    }

    async fn logging_out_to_sign_in_again_shows_the_form(app: TestApp) {
        let shop = Shop::open(app).await;
        shop.app.user(&shop.pool, "ann").await;
        let client = shop.page(json!({})).await;
        let mut browser = shop.browser();
        let code = browser.sign_in(&Shop::authorize(&client, &[]), "ann").await.code();
        let tokens = shop.redeem(&client, &code, &[]).await;
        let page = browser.get(&Shop::address("/logout", &client, &[("nonce", "n")])).await;
        assert_eq!(page.location(), Shop::address("/login", &client, &[("nonce", "n")]));
        let page = browser.follow(page).await;
        assert_eq!(page.title(), "Sign in");
        let form = page.form("/login").fill("username", "ann").fill("password", cognate_testkit::app::PASSWORD);
        assert_eq!(browser.submit(&form).await.answer("state").unwrap(), "s");
        assert_eq!(shop.userinfo(&tokens.text("access_token")).await.status, 200, "tokens stay as they are");
    }
}
