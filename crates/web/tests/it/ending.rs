//! Ending a session as OpenID Connect RP-Initiated Logout 1.0 asks for it, at the address that discovery names.

use cognate_testkit::{TestApp, both_engines};
use serde_json::json;
use url::form_urlencoded::Serializer;

use crate::kit::{Browser, Shop};

const BYE: &str = "https://shop.example.com/bye";

fn logout(params: &[(&str, &str)]) -> String {
    format!("/logout?{}", Serializer::new(String::new()).extend_pairs(params).finish())
}

/// Somebody who is signed in, their client, and the ID token that it has.
async fn signed_in(shop: &Shop) -> (Browser<'_>, String, String) {
    shop.app.user(&shop.pool, "ann").await;
    let client = shop.page(json!({ "LogoutURLs": [BYE] })).await;
    let mut browser = shop.browser();
    let code = browser.sign_in(&Shop::authorize(&client, &[]), "ann").await.code();
    let id_token = shop.redeem(&client, &code, &[]).await.text("id_token");
    (browser, client, id_token)
}

async fn is_signed_in(browser: &mut Browser<'_>, client: &str) -> bool {
    browser.get(&Shop::authorize(client, &[("prompt", "none")])).await.answer("code").is_some()
}

both_engines! {
    async fn an_application_that_knows_the_person_signs_them_out(app: TestApp) {
        let shop = Shop::open(app).await;
        let (mut browser, client, id_token) = signed_in(&shop).await;
        // The hint may be older than its life.
        shop.app.clock.advance(std::time::Duration::from_mins(59));
        let params = [("id_token_hint", id_token.as_str()), ("post_logout_redirect_uri", BYE), ("state", "a b&c")];
        let gone = browser.get(&logout(&params)).await;
        assert_eq!((gone.status, gone.location()), (302, "https://shop.example.com/bye?state=a+b%26c"));
        assert!(!is_signed_in(&mut browser, &client).await);

        let again = browser.get(&logout(&params)).await;
        assert_eq!(again.location(), "https://shop.example.com/bye?state=a+b%26c", "whoever is signed out is not asked");
        let nowhere = browser.get(&logout(&[("id_token_hint", &id_token)])).await;
        assert_eq!((nowhere.status, nowhere.title().as_str()), (200, "You are signed out"));
    }

    async fn without_a_token_of_ours_the_person_is_asked(app: TestApp) {
        let shop = Shop::open(app).await;
        let (mut browser, client, id_token) = signed_in(&shop).await;
        let (said, signature) = id_token.rsplit_once('.').unwrap();
        let forged = format!("{said}.{}", signature.chars().rev().collect::<String>());
        for hint in [None, Some("x"), Some(forged.as_str())] {
            let mut params = vec![("client_id", client.as_str()), ("post_logout_redirect_uri", BYE)];
            params.extend(hint.map(|hint| ("id_token_hint", hint)));
            let asked = browser.get(&logout(&params)).await;
            assert_eq!((asked.status, asked.title().as_str()), (200, "Sign out"), "{hint:?}");
            assert!(is_signed_in(&mut browser, &client).await);
        }
        let asked = browser.get(&logout(&[("client_id", &client), ("post_logout_redirect_uri", BYE)])).await;
        let foreign = browser.submit(&asked.form("/logout").without("_csrf")).await;
        assert!(foreign.location().starts_with("/logout?"), "{foreign:?}");
        assert!(is_signed_in(&mut browser, &client).await);

        let gone = browser.submit(&asked.form("/logout")).await;
        assert_eq!((gone.status, gone.location()), (302, BYE));
        assert!(!is_signed_in(&mut browser, &client).await);
    }

    async fn somebody_elses_token_asks_too(app: TestApp) {
        let shop = Shop::open(app).await;
        let (_, client, anns) = signed_in(&shop).await;
        shop.app.user(&shop.pool, "bob").await;
        let mut browser = shop.browser();
        browser.sign_in(&Shop::authorize(&client, &[]), "bob").await.code();
        let asked = browser.get(&logout(&[("id_token_hint", &anns), ("post_logout_redirect_uri", BYE)])).await;
        assert_eq!(asked.title(), "Sign out");
        assert!(is_signed_in(&mut browser, &client).await);
    }

    async fn nobody_is_sent_where_the_client_has_not_said(app: TestApp) {
        let shop = Shop::open(app).await;
        let (mut browser, client, id_token) = signed_in(&shop).await;
        let other = shop.page(json!({})).await;
        for (params, code) in [
            (vec![("id_token_hint", id_token.as_str()), ("post_logout_redirect_uri", "https://evil.example")], "redirect_mismatch"),
            (vec![("client_id", client.as_str()), ("post_logout_redirect_uri", "https://shop.example.com/bye/")], "redirect_mismatch"),
            (vec![("post_logout_redirect_uri", BYE)], "invalid_request"),
            (vec![("id_token_hint", "x"), ("post_logout_redirect_uri", BYE)], "invalid_request"),
            (vec![("id_token_hint", id_token.as_str()), ("client_id", other.as_str()), ("post_logout_redirect_uri", BYE)], "invalid_request"),
        ] {
            let refused = browser.get(&logout(&params)).await;
            assert!(refused.location().starts_with(&format!("/error?error={code}&")), "{params:?}: {refused:?}");
            assert!(is_signed_in(&mut browser, &client).await);
        }
    }
}
