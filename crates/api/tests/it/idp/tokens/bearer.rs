//! Operations that take an access token: which are believed. `GetUser` stands for all of them.

use std::time::Duration;

use cognate_testkit::app::{PUBLIC_URL, Tokens, claims};
use cognate_testkit::{TestApp, both_engines};
use data_encoding::BASE64URL_NOPAD;
use serde_json::{Value, json};

const INVALID: (&str, &str) = ("NotAuthorizedException", "Invalid Access Token");

async fn ann(app: &TestApp) -> (String, String, Tokens) {
    let pool = app.pool().await;
    let client = app.client(&pool).await;
    app.user(&pool, "ann").await;
    let tokens = app.tokens(&client, "ann").await;
    (pool, client, tokens)
}

/// The claims of a good token with some of them changed, signed with the pool's own key for access tokens.
async fn signed_by_us(app: &TestApp, pool: &str, good: &str, change: impl Fn(&mut Value)) -> String {
    let mut claims = claims(good);
    change(&mut claims);
    app.app.keys(pool).await.unwrap().sign_access(claims.to_string().as_bytes()).unwrap()
}

/// A good token under another header, with this signature.
fn with_header(good: &str, header: &Value, signature: &str) -> String {
    let payload = good.split('.').nth(1).unwrap();
    format!("{}.{payload}.{signature}", BASE64URL_NOPAD.encode(header.to_string().as_bytes()))
}

both_engines! {
    async fn a_good_token_says_whose_it_is(app: TestApp) {
        let (_, _, tokens) = ann(&app).await;

        let user = app.get_user(&tokens.access).await.good();

        assert_eq!(user["Username"], "ann");
        assert_eq!(user["UserAttributes"][0]["Name"], "sub");
    }

    async fn an_access_token_expires_after_its_hour(app: TestApp) {
        let (_, _, tokens) = ann(&app).await;

        app.clock.almost(Duration::from_hours(1));
        app.get_user(&tokens.access).await.assert_good();
        app.clock.tick();

        app.get_user(&tokens.access).await.assert_refused("NotAuthorizedException", "Access Token has expired");
    }

    async fn an_id_token_is_no_access_token(app: TestApp) {
        let (_, _, tokens) = ann(&app).await;

        app.get_user(&tokens.id).await.assert_refused(INVALID.0, INVALID.1);
        app.get_user(&tokens.refresh).await.assert_refused(INVALID.0, INVALID.1);
    }

    async fn a_token_whose_signature_is_another_ones_is_invalid(app: TestApp) {
        let (_, _, tokens) = ann(&app).await;
        let (signed, signature) = tokens.access.rsplit_once('.').unwrap();
        let other = tokens.id.rsplit_once('.').unwrap().1;

        let mut bent = signature.to_owned();
        bent.replace_range(5..6, if &bent[5..6] == "A" { "B" } else { "A" });
        for signature in [other, bent.as_str(), "", "AAAA"] {
            app.get_user(&format!("{signed}.{signature}")).await.assert_refused(INVALID.0, INVALID.1);
        }
    }

    async fn a_token_that_chooses_its_own_algorithm_is_invalid(app: TestApp) {
        let (pool, _, tokens) = ann(&app).await;
        let kid = cognate_jose::peek(&tokens.access).unwrap().kid.unwrap();
        let keys = app.app.keys(&pool).await.unwrap();
        let jwk = keys.public().keys.iter().find(|jwk| jwk.kid == kid).unwrap();

        for alg in ["none", "None", "NONE", ""] {
            let bare = with_header(&tokens.access, &json!({ "kid": kid, "alg": alg }), "");
            app.get_user(&bare).await.assert_refused(INVALID.0, INVALID.1);
        }
        // The classic confusion: the public key as the secret of an HMAC.
        let header = json!({ "kid": kid, "alg": "HS256" });
        let unsigned = with_header(&tokens.access, &header, "");
        let signed = unsigned.trim_end_matches('.');
        for secret in [jwk.n.clone(), serde_json::to_string(jwk).unwrap()] {
            let mut padded = secret.into_bytes();
            padded.resize(padded.len().max(32), 0);
            let key = cognate_jose::sha256(&padded);
            let signature = BASE64URL_NOPAD.encode(&cognate_jose::hmac_sha256(&key, &[signed.as_bytes()]));
            app.get_user(&format!("{signed}.{signature}")).await.assert_refused(INVALID.0, INVALID.1);
        }
    }

    async fn a_token_must_name_a_key_of_its_pool(app: TestApp) {
        let (_, _, tokens) = ann(&app).await;
        let signature = tokens.access.rsplit_once('.').unwrap().1;

        for kid in [Value::Null, "".into(), "x".into()] {
            let mut header = json!({ "alg": "RS256", "kid": kid });
            header.as_object_mut().unwrap().retain(|_, member| !member.is_null());
            let token = with_header(&tokens.access, &header, signature);
            app.get_user(&token).await.assert_refused(INVALID.0, INVALID.1);
        }
    }

    async fn a_token_of_another_pool_is_not_this_pools(app: TestApp) {
        let (pool, _, tokens) = ann(&app).await;
        let (other, _, others) = ann(&app).await;

        let elsewhere = format!("{PUBLIC_URL}/{other}");
        let crossed = [
            signed_by_us(&app, &pool, &others.access, |_| {}).await,
            signed_by_us(&app, &other, &tokens.access, |_| {}).await,
            signed_by_us(&app, &pool, &tokens.access, |claims| claims["iss"] = elsewhere.clone().into()).await,
        ];
        for token in crossed {
            app.get_user(&token).await.assert_refused(INVALID.0, INVALID.1);
        }
        let mine = signed_by_us(&app, &pool, &tokens.access, |_| {}).await;
        app.get_user(&mine).await.assert_good();
    }

    async fn a_token_of_another_issuer_is_invalid(app: TestApp) {
        let (pool, _, tokens) = ann(&app).await;

        for issuer in [
            format!("https://cognito-idp.us-east-1.amazonaws.com/{pool}"), format!("https://evil.example/{pool}"),
            format!("{PUBLIC_URL}.evil.example/{pool}"), format!("{PUBLIC_URL}/x/{pool}"),
            format!("{PUBLIC_URL}{pool}"), format!("{PUBLIC_URL}/{pool}/"), pool.clone(), String::new(),
        ] {
            let token = signed_by_us(&app, &pool, &tokens.access, |claims| claims["iss"] = issuer.clone().into()).await;
            app.get_user(&token).await.assert_refused(INVALID.0, INVALID.1);
        }
    }

    async fn a_token_for_another_use_is_invalid_even_with_the_right_key(app: TestApp) {
        let (pool, _, tokens) = ann(&app).await;

        let token = signed_by_us(&app, &pool, &tokens.access, |claims| claims["token_use"] = "id".into()).await;

        app.get_user(&token).await.assert_refused(INVALID.0, INVALID.1);
    }

    async fn a_token_without_the_scope_does_not_do(app: TestApp) {
        let (pool, _, tokens) = ann(&app).await;

        for scope in ["openid email", "", "aws.cognito.signin.user.administrator"] {
            let token = signed_by_us(&app, &pool, &tokens.access, |claims| claims["scope"] = scope.into()).await;
            let sentence = "Access Token does not have required scopes";
            app.get_user(&token).await.assert_refused("NotAuthorizedException", sentence);
        }
    }

    async fn a_token_of_a_sign_in_that_never_was_is_revoked(app: TestApp) {
        let (pool, _, tokens) = ann(&app).await;

        let token = signed_by_us(&app, &pool, &tokens.access, |claims| claims["origin_jti"] = "other".into()).await;

        app.get_user(&token).await.assert_refused("NotAuthorizedException", "Access Token has been revoked");
    }

    async fn a_deleted_user_is_not_found(app: TestApp) {
        let (pool, _, tokens) = ann(&app).await;
        app.idp("AdminDeleteUser", json!({ "UserPoolId": pool, "Username": "ann" })).await.assert_good();

        app.get_user(&tokens.access).await.assert_refused("UserNotFoundException", "User does not exist.");
        let sign_out = app.idp("GlobalSignOut", json!({ "AccessToken": tokens.access })).await;
        assert_eq!(sign_out.status, 400, "{sign_out}");
    }

    async fn a_new_user_of_the_same_name_does_not_inherit_the_token(app: TestApp) {
        let (pool, _, tokens) = ann(&app).await;
        app.idp("AdminDeleteUser", json!({ "UserPoolId": pool, "Username": "ann" })).await.assert_good();
        app.user(&pool, "ann").await;

        app.get_user(&tokens.access).await.assert_refused("UserNotFoundException", "User does not exist.");
    }

    async fn a_disabled_user_is_refused(app: TestApp) {
        let (pool, _, tokens) = ann(&app).await;
        app.change_user(&pool, "ann", |user| user.enabled = false).await;

        app.get_user(&tokens.access).await.assert_refused("NotAuthorizedException", "User is disabled.");
    }

    async fn the_bearer_of_a_deleted_clients_token_can_still_sign_out(app: TestApp) {
        let (pool, client, tokens) = ann(&app).await;
        app.idp("DeleteUserPoolClient", json!({ "UserPoolId": pool, "ClientId": client })).await.assert_good();

        let answer = app.get_user(&tokens.access).await;

        answer.assert_refused("ResourceNotFoundException", &format!("User pool client {client} does not exist."));
        app.idp("GlobalSignOut", json!({ "AccessToken": tokens.access })).await.assert_good();
    }

    async fn the_tokens_of_a_deleted_pool_are_invalid(app: TestApp) {
        let (pool, _, tokens) = ann(&app).await;
        app.idp("DeleteUserPool", json!({ "UserPoolId": pool })).await.assert_good();

        app.get_user(&tokens.access).await.assert_refused(INVALID.0, INVALID.1);
    }

    async fn what_is_no_token_is_invalid(app: TestApp) {
        let (_, _, tokens) = ann(&app).await;
        let header = tokens.access.split('.').next().unwrap();

        let (unsigned, longer, long) = (format!("{header}.e30.AAAA"), format!("{}.x", tokens.access), "A".repeat(20_000));
        for token in ["x", "a.b.c", "..", &unsigned, &longer, &long] {
            app.get_user(token).await.assert_refused(INVALID.0, INVALID.1);
        }
    }
}
