//! Items 8 to 15, 18 and 24: the token endpoint, and what its tokens say.

use std::time::Duration;

use cognate_testkit::app::claims;
use serde_json::{Value, json};

use super::client_and;
use crate::kit::{Answer, CALLBACK, CHALLENGE, Shop, VERIFIER, basic};

fn line(answer: &Answer) -> String {
    match answer.error() {
        (status, "") => status.to_string(),
        (status, error) => format!("{status} {error}"),
    }
}

fn members(answer: &Answer) -> String {
    let mut names: Vec<_> = answer.body.as_object().into_iter().flatten().map(|(name, _)| name.as_str()).collect();
    names.sort_unstable();
    names.join(" ")
}

async fn code_for(shop: &Shop, client: &str, name: &str, more: &[(&str, &str)]) -> String {
    shop.browser().sign_in(&Shop::authorize(client, more), name).await.code()
}

pub(super) async fn code_twice(shop: &Shop) -> String {
    let client = client_and(shop, "case8").await;
    let code = code_for(shop, &client, "case8", &[]).await;
    let first = shop.redeem(&client, &code, &[]).await;
    assert_eq!(shop.userinfo(&first.text("access_token")).await.status, 200);
    shop.app.clock.tick();
    let second = shop.redeem(&client, &code, &[]).await;
    let (access, refresh) = (first.text("access_token"), first.text("refresh_token"));
    let (access, refresh) = (shop.userinfo(&access).await, shop.refresh(&client, &refresh).await);
    format!("{}, {}; its tokens: {}, {}", line(&first), line(&second), line(&access), line(&refresh))
}

pub(super) async fn code_after_301_seconds(shop: &Shop) -> String {
    let client = client_and(shop, "case9").await;
    let mut observed = Vec::new();
    for seconds in [299, 301] {
        let code = code_for(shop, &client, "case9", &[]).await;
        shop.app.clock.advance(Duration::from_secs(seconds));
        observed.push(format!("{seconds} s: {}", line(&shop.redeem(&client, &code, &[]).await)));
    }
    observed.join("; ")
}

pub(super) async fn token_with_other_redirect_uri(shop: &Shop) -> String {
    let other = "https://shop.example.com/other";
    shop.app.user(&shop.pool, "case10").await;
    let client = shop.page(json!({ "CallbackURLs": [CALLBACK, other] })).await;
    let code = code_for(shop, &client, "case10", &[]).await;
    let answer = shop.redeem(&client, &code, &[("redirect_uri", other)]).await;
    format!("{} {}", line(&answer), answer.text("error_description"))
}

pub(super) async fn verifiers(shop: &Shop) -> String {
    let client = client_and(shop, "case11").await;
    let challenge = [("code_challenge", CHALLENGE), ("code_challenge_method", "S256")];
    let wrong = VERIFIER.replacen('d', "e", 1);
    let mut observed = Vec::new();
    for (challenge, verifier) in [(&challenge[..], ""), (&challenge[..], wrong.as_str()), (&[], VERIFIER)] {
        let code = code_for(shop, &client, "case11", challenge).await;
        observed.push(line(&shop.redeem(&client, &code, &[("code_verifier", verifier)]).await));
    }
    let code = code_for(shop, &client, "case11", &challenge).await;
    assert_eq!(shop.redeem(&client, &code, &[("code_verifier", VERIFIER)]).await.status, 200);
    observed.join(" / ")
}

pub(super) async fn refresh_without_rotation(shop: &Shop) -> String {
    let client = client_and(shop, "case12").await;
    let code = code_for(shop, &client, "case12", &[]).await;
    let tokens = shop.redeem(&client, &code, &[]).await;
    let answer = shop.refresh(&client, &tokens.text("refresh_token")).await;
    format!("{} {}", line(&answer), members(&answer))
}

fn rotating(more: &Value) -> Value {
    let rotation = json!({ "Feature": "ENABLED", "RetryGracePeriodSeconds": 30 });
    let base = json!({ "RefreshTokenRotation": rotation, "ExplicitAuthFlows": ["ALLOW_USER_PASSWORD_AUTH"] });
    cognate_testkit::app::merged(base, more.clone())
}

pub(super) async fn refresh_with_rotation(shop: &Shop) -> String {
    shop.app.user(&shop.pool, "case13").await;
    let client = shop.page(rotating(&json!({}))).await;
    let code = code_for(shop, &client, "case13", &[]).await;
    let old = shop.redeem(&client, &code, &[]).await.text("refresh_token");
    let first = shop.refresh(&client, &old).await;
    assert_ne!(first.text("refresh_token"), "");
    shop.app.clock.advance(Duration::from_secs(29));
    let inside = line(&shop.refresh(&client, &old).await);
    shop.app.clock.advance(Duration::from_secs(2));
    format!("{inside} / {}", line(&shop.refresh(&client, &old).await))
}

pub(super) async fn expiry_of_the_next_refresh_token(shop: &Shop) -> String {
    shop.app.user(&shop.pool, "case14").await;
    let units = json!({ "RefreshToken": "minutes" });
    let client = shop.page(rotating(&json!({ "RefreshTokenValidity": 60, "TokenValidityUnits": units }))).await;
    let code = code_for(shop, &client, "case14", &[]).await;
    let mut token = shop.redeem(&client, &code, &[]).await.text("refresh_token");
    shop.app.clock.advance(Duration::from_mins(30));
    token = shop.refresh(&client, &token).await.text("refresh_token");
    shop.app.clock.advance(Duration::from_mins(29));
    let before = shop.refresh(&client, &token).await;
    shop.app.clock.advance(Duration::from_mins(2));
    let after = shop.refresh(&client, &before.text("refresh_token")).await;
    format!("59 min: {}; 61 min: {}", line(&before), line(&after))
}

pub(super) async fn client_credentials_without_scope(shop: &Shop) -> String {
    let machine = shop.machine().await;
    let proof = basic(&machine.id, &machine.secret);
    let form = [("grant_type", "client_credentials")];
    let answer = shop.post_with("/oauth2/token", &form, &[("authorization", &proof)]).await;
    let claims = claims(&answer.text("access_token"));
    let [scope, sub] = ["scope", "sub"].map(|name| claims[name].as_str().unwrap_or_default().to_owned());
    let sub = sub.replace(&machine.id, "CLIENT");
    format!("{} {}; scope {scope}; sub {sub}", line(&answer), members(&answer))
}

pub(super) async fn id_token_by_scope(shop: &Shop) -> String {
    shop.app.user(&shop.pool, "case18").await;
    let attributes = [("name", "Ann Case"), ("given_name", "Ann"), ("email_verified", "true")];
    let attributes = attributes.map(|(name, value)| json!({ "Name": name, "Value": value }));
    let input = json!({ "UserPoolId": shop.pool, "Username": "case18", "UserAttributes": attributes });
    shop.app.idp("AdminUpdateUserAttributes", input).await.assert_good();
    let client = shop.page(json!({ "AllowedOAuthScopes": ["openid", "email"] })).await;
    let mut observed = Vec::new();
    for scope in ["openid", "openid email"] {
        let code = code_for(shop, &client, "case18", &[("scope", scope)]).await;
        let claims = claims(&shop.redeem(&client, &code, &[]).await.text("id_token"));
        let about_them = ["email", "email_verified", "given_name", "name", "phone_number"];
        let has: Vec<_> = about_them.into_iter().filter(|name| claims.get(*name).is_some()).collect();
        assert_eq!(claims["email_verified"], true);
        observed.push(has.join(" "));
    }
    observed.join(" / ")
}

pub(super) async fn resource(shop: &Shop) -> String {
    let client = client_and(shop, "case24").await;
    let code = code_for(shop, &client, "case24", &[("resource", "https://api")]).await;
    let tokens = shop.redeem(&client, &code, &[]).await;
    let refreshed = shop.refresh(&client, &tokens.text("refresh_token")).await;
    let audience = |answer: &Answer, token: &str| {
        claims(&answer.text(token))["aud"].as_str().unwrap_or("none").replace(&client, "CLIENT")
    };
    assert_eq!(audience(&refreshed, "id_token"), "CLIENT");
    let [first, next] = [&tokens, &refreshed].map(|answer| audience(answer, "access_token"));
    format!("access {first}, refreshed {next}, id {}", audience(&tokens, "id_token"))
}
