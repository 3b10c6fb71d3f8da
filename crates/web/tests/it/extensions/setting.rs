//! A pool with extensions, and its clients.

use axum::body::Body;
use cognate_testkit::TestApp;
use cognate_testkit::app::merged;
use data_encoding::BASE64URL_NOPAD;
use http::Request;
use serde_json::{Value, json};

use crate::kit::{Answer, CALLBACK, HOST, Machine, Shop, USER_INFO, basic};

/// A token that has it is good for AWS's API.
pub(super) const ADMIN: &str = "aws.cognito.signin.user.admin";

/// With Ann.
pub(super) async fn open(app: TestApp, extensions: &str) -> Shop {
    let tags = json!({ "cognate:extensions": extensions });
    let shop = Shop::open_with(app, json!({ "AutoVerifiedAttributes": ["email"], "UserPoolTags": tags })).await;
    shop.app.user(&shop.pool, "ann").await;
    shop
}

/// For people, with a secret.
pub(super) async fn website(shop: &Shop, more: Value) -> Machine {
    let base = json!({
        "AllowedOAuthFlows": ["code"],
        "AllowedOAuthScopes": ["openid", "email", ADMIN],
        "CallbackURLs": [CALLBACK],
        "SupportedIdentityProviders": ["COGNITO"],
    });
    shop.confidential(merged(base, more)).await
}

/// The same without one.
pub(super) async fn app_of(shop: &Shop, more: Value) -> String {
    shop.page(merged(json!({ "AllowedOAuthScopes": ["openid", "email", ADMIN] }), more)).await
}

/// Switches a pool's extensions from now on.
pub(super) async fn switch(shop: &Shop, extensions: &str) {
    shop.tag(json!({ "cognate:extensions": extensions })).await;
}

/// A call of a client that proves its secret.
pub(super) async fn proved(shop: &Shop, client: &Machine, path: &str, form: &[(&str, &str)]) -> Answer {
    shop.post_with(path, form, &[("authorization", &basic(&client.id, &client.secret))]).await
}

/// A code of Ann's.
pub(super) async fn code(shop: &Shop, client: &str, more: &[(&str, &str)]) -> String {
    shop.browser().sign_in(&Shop::authorize(client, more), "ann").await.code()
}

pub(super) fn by_code(code: &str) -> [(&str, &str); 3] {
    [("grant_type", "authorization_code"), ("redirect_uri", CALLBACK), ("code", code)]
}

pub(super) fn by_refresh(token: &str) -> [(&str, &str); 2] {
    [("grant_type", "refresh_token"), ("refresh_token", token)]
}

/// A token's header.
pub(super) fn header(token: &str) -> Value {
    let header = token.split('.').next().unwrap();
    serde_json::from_slice(&BASE64URL_NOPAD.decode(header.as_bytes()).unwrap()).unwrap()
}

/// userInfo, asked in this way.
pub(super) async fn userinfo(shop: &Shop, authorization: &str, proofs: &[&str]) -> Answer {
    let mut request = Request::get(USER_INFO).header("host", HOST).header("authorization", authorization);
    for proof in proofs {
        request = request.header("dpop", *proof);
    }
    shop.send(request.body(Body::empty()).unwrap()).await
}

pub(super) async fn discovery(shop: &Shop) -> Value {
    shop.get(&format!("/{}/.well-known/openid-configuration", shop.pool), "id.example.com").await.body
}
