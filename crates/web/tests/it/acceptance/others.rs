//! Items 16, 17, 19 to 21, 23, and 25 to 28.

use axum::body::Body;
use cognate_testkit::app::PASSWORD;
use data_encoding::BASE64URL_NOPAD;
use http::{Method, Request};
use serde_json::{Value, json};

use super::{client_and, line};
use crate::kit::{Answer, HOST, Shop, basic};

fn short(answer: &Answer) -> String {
    format!("{} {}", answer.status, answer.error().1).trim_end().to_owned()
}

pub(super) async fn userinfo_with_sdk_token(shop: &Shop) -> String {
    let client = client_and(shop, "case16").await;
    let answer = shop.userinfo(&shop.app.tokens(&client, "case16").await.access).await;
    assert!(answer.header("www-authenticate").starts_with("Bearer error=\"invalid_token\""));
    short(&answer)
}

pub(super) async fn userinfo_flags(shop: &Shop) -> String {
    shop.app.user(&shop.pool, "case17").await;
    let client = shop.page(json!({ "AllowedOAuthScopes": ["openid", "email"] })).await;
    let verified = json!([{ "Name": "email_verified", "Value": "true" }]);
    let input = json!({ "UserPoolId": shop.pool, "Username": "case17", "UserAttributes": verified });
    shop.app.idp("AdminUpdateUserAttributes", input).await.assert_good();
    let code = shop.browser().sign_in(&Shop::authorize(&client, &[]), "case17").await.code();
    let access = shop.redeem(&client, &code, &[]).await.text("access_token");
    let mut seen = Vec::new();
    for profile in ["cognito", "oidc", "cognito"] {
        shop.tag(json!({ "cognate:profile": profile })).await;
        seen.push(shop.userinfo(&access).await.body["email_verified"].to_string());
    }
    let last = seen.pop();
    assert_eq!(seen.first(), last.as_ref(), "as it was");
    seen.join(" / ")
}

pub(super) async fn revoke_access_token(shop: &Shop) -> String {
    let client = client_and(shop, "case19").await;
    let code = shop.browser().sign_in(&Shop::authorize(&client, &[]), "case19").await.code();
    let access = shop.redeem(&client, &code, &[]).await.text("access_token");
    let answer = shop.post("/oauth2/revoke", &[("client_id", &client), ("token", &access)]).await;
    assert_eq!(shop.userinfo(&access).await.status, 200, "it stays");
    short(&answer)
}

pub(super) async fn revoke_garbage(shop: &Shop) -> String {
    let client = shop.page(json!({})).await;
    short(&shop.post("/oauth2/revoke", &[("client_id", &client), ("token", "garbage")]).await)
}

pub(super) async fn both_ways_of_logging_out(shop: &Shop) -> String {
    shop.app.user(&shop.pool, "case21").await;
    let client = shop.page(json!({ "LogoutURLs": ["https://shop.example.com/bye"] })).await;
    let mut browser = shop.browser();
    browser.sign_in(&Shop::authorize(&client, &[]), "case21").await.code();
    let both = Shop::address("/logout", &client, &[("logout_uri", "https://shop.example.com/bye")]);
    let out = line(&browser.get(&both).await, &client);
    let silent = browser.get(&Shop::authorize(&client, &[("prompt", "none")])).await;
    format!("{out}; then {}", line(&silent, &client))
}

pub(super) async fn second_client_secret(shop: &Shop) -> String {
    let machine = shop.machine().await;
    let chosen = "the_second_secret_of_a_machine";
    let names = json!({ "UserPoolId": shop.pool, "ClientId": machine.id });
    let with = |more: Value| cognate_testkit::app::merged(names.clone(), more);
    shop.app.idp("AddUserPoolClientSecret", with(json!({ "ClientSecret": chosen }))).await.assert_good();
    let tried = async |secret: &str| {
        let proof = basic(&machine.id, secret);
        let form = [("grant_type", "client_credentials")];
        short(&shop.post_with("/oauth2/token", &form, &[("authorization", &proof)]).await)
    };
    let before = format!("{}, {}", tried(&machine.secret).await, tried(chosen).await);
    let listed = shop.app.idp("ListUserPoolClientSecrets", with(json!({}))).await.good();
    let secrets = listed["ClientSecrets"].as_array().unwrap();
    assert_eq!(secrets.len(), 2, "{listed}");
    let oldest = secrets.iter().min_by_key(|secret| secret["ClientSecretCreateDate"].to_string()).unwrap();
    let gone = json!({ "ClientSecretId": oldest["ClientSecretId"] });
    shop.app.idp("DeleteUserPoolClientSecret", with(gone)).await.assert_good();
    let (first, second) = (tried(&machine.secret).await, tried(chosen).await);
    format!("{before}; first deleted: {first}, {second}")
}

pub(super) async fn login_of_a_foreign_form(shop: &Shop) -> String {
    let client = client_and(shop, "case25").await;
    let mut observed = Vec::new();
    for without in [true, false] {
        let (mut browser, mut stranger) = (shop.browser(), shop.browser());
        let address = Shop::authorize(&client, &[]);
        let form = browser.open(&address).await.form("/login");
        let foreign = stranger.open(&address).await.form("/login").value("_csrf").to_owned();
        assert_ne!(form.value("_csrf"), foreign);
        let form = if without { form.without("_csrf") } else { form.fill("_csrf", &foreign) };
        let page = browser.submit(&form.fill("username", "case25").fill("password", PASSWORD)).await;
        let session = if browser.cookie("__Host-cognito").is_some() { "a session" } else { "no session" };
        observed.push(format!("{}, {session}", line(&page, &client)));
    }
    observed.join(" / ")
}

/// At the root, as OpenID Connect Discovery and RFC 8414 would look for it, and as the issuer has it.
pub(super) async fn discovery_on_the_domain_host(shop: &Shop) -> String {
    let of_the_issuer = format!("/{}/.well-known/openid-configuration", shop.pool);
    assert_eq!(shop.get(&of_the_issuer, "id.example.com").await.status, 200);
    let mut observed = Vec::new();
    for path in ["/.well-known/openid-configuration", "/.well-known/oauth-authorization-server", &of_the_issuer] {
        observed.push(shop.get(path, HOST).await.status.to_string());
    }
    observed.join(" ")
}

pub(super) async fn jwks(shop: &Shop) -> String {
    let client = client_and(shop, "case27").await;
    let code = shop.browser().sign_in(&Shop::authorize(&client, &[]), "case27").await.code();
    let tokens = shop.redeem(&client, &code, &[]).await;
    let published = shop.get(&format!("/{}/.well-known/jwks.json", shop.pool), "id.example.com").await.body;
    let keys = published["keys"].as_array().unwrap();
    assert!(keys.iter().all(|key| key.get("d").is_none() && key["alg"] == "RS256"), "{published}");
    let kid = |token: &str| {
        let header = tokens.text(token).split('.').next().unwrap().to_owned();
        let header: Value = serde_json::from_slice(&BASE64URL_NOPAD.decode(header.as_bytes()).unwrap()).unwrap();
        header["kid"].clone()
    };
    let kids = [kid("id_token"), kid("access_token")];
    let published = kids.iter().filter(|kid| keys.iter().any(|key| key["kid"] == **kid)).count();
    let differ = if kids[0] == kids[1] { "are the same" } else { "differ" };
    let published = if published == 2 { "both published" } else { "not published" };
    format!("{} keys; id and access kid {differ}, {published}", keys.len())
}

pub(super) async fn cors(shop: &Shop) -> String {
    let client = shop.page(json!({ "LogoutURLs": ["https://shop.example.com/bye"] })).await;
    let mut open = Vec::new();
    for (method, path) in [
        (Method::POST, "/oauth2/token"),
        (Method::POST, "/oauth2/revoke"),
        (Method::GET, "/oauth2/userInfo"),
        (Method::GET, "/oauth2/authorize"),
        (Method::GET, "/login"),
        (Method::POST, "/login"),
        (Method::GET, "/signup"),
        (Method::GET, "/confirm"),
        (Method::GET, "/forgotPassword"),
        (Method::GET, "/logout"),
        (Method::GET, "/error"),
        (Method::OPTIONS, "/oauth2/authorize"),
        (Method::OPTIONS, "/login"),
    ] {
        let address = Shop::address(path, &client, &[("logout_uri", "https://shop.example.com/bye")]);
        let request = Request::builder().method(method).uri(address).header("host", HOST);
        let request = request.header("origin", "https://elsewhere.example.com");
        let answer = shop.send(request.body(Body::empty()).unwrap()).await;
        match answer.header("access-control-allow-origin") {
            "" => {}
            origin => open.push((origin.to_owned(), path)),
        }
    }
    assert!(open.iter().all(|(origin, _)| origin == "*"), "{open:?}");
    let paths: Vec<_> = open.iter().map(|(_, path)| *path).collect();
    format!("* on {}", paths.join(", "))
}
