//! Items 1 to 7, and 22: the authorization endpoint.

use std::time::Duration;

use cognate_testkit::app::Tokens;
use serde_json::json;

use super::{client_and, line};
use crate::kit::{CALLBACK, CHALLENGE, Shop};

pub(super) async fn unregistered_redirect_uri(shop: &Shop) -> String {
    let client = shop.page(json!({})).await;
    let mut observed = Vec::new();
    for uri in [
        "https://evil.example.com/cb",
        "https://shop.example.com/cb/",
        "https://shop.example.com/cb?next=1",
        "https://shop.example.com:444/cb",
        "https://SHOP.example.com/cb",
        "https://user@shop.example.com/cb",
        "https://shop.example.com.evil.example.com/cb",
    ] {
        let mut browser = shop.browser();
        let sent = browser.get(&Shop::authorize(&client, &[("redirect_uri", uri)])).await;
        let shown = browser.follow(sent.clone()).await;
        observed.push(format!("{}, {}", line(&sent, &client), shown.status));
    }
    let count = observed.len();
    observed.dedup();
    format!("{}; {count} times, and nowhere else", observed.join(" | "))
}

async fn asked(shop: &Shop, more: &[(&str, &str)]) -> String {
    let client = shop.page(json!({})).await;
    line(&shop.browser().get(&Shop::authorize(&client, more)).await, &client)
}

pub(super) async fn without_response_type(shop: &Shop) -> String {
    asked(shop, &[("response_type", "")]).await
}

pub(super) async fn challenge_method_plain(shop: &Shop) -> String {
    asked(shop, &[("code_challenge", CHALLENGE), ("code_challenge_method", "plain")]).await
}

pub(super) async fn implicit_on_code_only_client(shop: &Shop) -> String {
    asked(shop, &[("response_type", "token")]).await
}

pub(super) async fn prompt_none_without_cookie(shop: &Shop) -> String {
    asked(shop, &[("prompt", "none")]).await
}

pub(super) async fn prompt_none_with_cookie_of_other_client(shop: &Shop) -> String {
    let (first, second) = (client_and(shop, "case6").await, shop.page(json!({})).await);
    let mut browser = shop.browser();
    browser.sign_in(&Shop::authorize(&first, &[]), "case6").await.code();
    line(&browser.get(&Shop::authorize(&second, &[("prompt", "none")])).await, &second)
}

pub(super) async fn an_hour_after_login(shop: &Shop) -> String {
    let client = client_and(shop, "case7").await;
    let mut browser = shop.browser();
    let address = Shop::authorize(&client, &[]);
    browser.sign_in(&address, "case7").await.code();
    for _ in 0..2 {
        shop.app.clock.advance(Duration::from_mins(20));
        browser.get(&Shop::authorize(&client, &[("prompt", "none")])).await.code();
    }
    shop.app.clock.advance(Duration::from_mins(19));
    let before = line(&browser.open(&address).await, &client);
    shop.app.clock.advance(Duration::from_mins(2));
    format!("{before} / {}", line(&browser.open(&address).await, &client))
}

pub(super) async fn cookie_after_global_sign_out(shop: &Shop) -> String {
    let scopes = ["openid", "aws.cognito.signin.user.admin"];
    shop.app.user(&shop.pool, "case22").await;
    let client = shop.page(json!({ "AllowedOAuthScopes": scopes })).await;
    let mut browser = shop.browser();
    let code = browser.sign_in(&Shop::authorize(&client, &[]), "case22").await.code();
    let access = shop.redeem(&client, &code, &[]).await.text("access_token");
    let Tokens { access: of_sdk, .. } = shop.app.tokens(&client, "case22").await;
    shop.app.clock.tick();
    shop.app.idp("GlobalSignOut", json!({ "AccessToken": access })).await.assert_good();
    shop.app.clock.tick();
    assert_eq!(shop.app.get_user(&of_sdk).await.status, 400, "signed out everywhere");
    let silent = browser.get(&Shop::authorize(&client, &[("redirect_uri", CALLBACK)])).await;
    let code = silent.code();
    assert_eq!(shop.redeem(&client, &code, &[]).await.status, 200, "its code is good");
    line(&silent, &client)
}
