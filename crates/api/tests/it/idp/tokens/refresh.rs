//! `REFRESH_TOKEN_AUTH`: user-pools.md, section 18.

use std::time::Duration;

use cognate_testkit::app::{Tokens, claims};
use cognate_testkit::{TestApp, both_engines};
use serde_json::json;

const DAY: Duration = Duration::from_hours(24);
const INVALID: &str = "Invalid Refresh Token";

async fn ann(app: &TestApp) -> (String, String, Tokens) {
    let pool = app.pool().await;
    let days = json!({ "RefreshTokenValidity": 7 });
    let client = app.client_with(&pool, days).await;
    app.user(&pool, "ann").await;
    let tokens = app.tokens(&client, "ann").await;
    (pool, client, tokens)
}

both_engines! {
    async fn new_tokens_belong_to_the_same_sign_in(app: TestApp) {
        let (_, client, first) = ann(&app).await;
        app.clock.advance(Duration::from_mins(90));

        let answer = app.refresh(&client, &first.refresh).await;

        for (token, before) in [("IdToken", &first.id), ("AccessToken", &first.access)] {
            let (before, after) = (claims(before), answer.claims(token));
            for same in ["sub", "iss", "auth_time", "origin_jti", "event_id", "token_use"] {
                assert_eq!(before[same], after[same], "{same}");
            }
            assert_ne!(before["jti"], after["jti"]);
            for moved in ["iat", "exp"] {
                assert_eq!(before[moved].as_i64().unwrap() + 90 * 60, after[moved].as_i64().unwrap());
            }
        }
        assert!(answer["AuthenticationResult"].get("RefreshToken").is_none());
        assert_eq!(answer["ChallengeParameters"], json!({}));
        app.get_user(&answer.text("/AuthenticationResult/AccessToken")).await.assert_good();
    }

    async fn a_refresh_token_is_good_to_its_last_moment_and_can_be_used_often(app: TestApp) {
        let (_, client, tokens) = ann(&app).await;
        app.refresh(&client, &tokens.refresh).await.assert_good();

        app.clock.almost(7 * DAY);

        app.refresh(&client, &tokens.refresh).await.assert_good();
    }

    async fn a_refresh_token_expires_after_the_days_of_its_client_however_often_it_was_used(app: TestApp) {
        let (_, client, tokens) = ann(&app).await;
        app.clock.advance(4 * DAY);
        app.refresh(&client, &tokens.refresh).await.assert_good();

        app.clock.advance(3 * DAY);

        let refused = app.refresh(&client, &tokens.refresh).await;
        refused.assert_refused("NotAuthorizedException", "Refresh Token has expired");
    }

    async fn attributes_are_read_anew(app: TestApp) {
        let (pool, client, tokens) = ann(&app).await;
        app.change_user(&pool, "ann", |user| user.attributes.set("email", "new@example.com")).await;

        let answer = app.refresh(&client, &tokens.refresh).await;

        assert_eq!(answer.claims("IdToken")["email"], "new@example.com");
    }

    async fn a_refresh_token_of_another_client_is_invalid(app: TestApp) {
        let (pool, _, tokens) = ann(&app).await;
        let other = app.client(&pool).await;
        let elsewhere = app.client(&app.pool().await).await;

        for client in [other, elsewhere] {
            app.refresh(&client, &tokens.refresh).await.assert_refused("NotAuthorizedException", INVALID);
        }
    }

    async fn an_altered_refresh_token_is_invalid(app: TestApp) {
        let (_, client, tokens) = ann(&app).await;

        for token in [
            format!("{}A", tokens.refresh), tokens.refresh[..tokens.refresh.len() - 1].to_owned(), "x".to_owned(),
            tokens.access.clone(), tokens.id.clone(), tokens.refresh.replacen('.', "..", 1),
        ] {
            app.refresh(&client, &token).await.assert_refused("NotAuthorizedException", INVALID);
        }
    }

    async fn nothing_refreshes_at_a_deleted_client(app: TestApp) {
        let (pool, client, tokens) = ann(&app).await;
        app.idp("DeleteUserPoolClient", json!({ "UserPoolId": pool, "ClientId": client })).await.assert_good();

        let refused = app.refresh(&client, &tokens.refresh).await;

        refused.assert_refused("ResourceNotFoundException", &format!("User pool client {client} does not exist."));
    }

    async fn nothing_refreshes_for_a_disabled_user(app: TestApp) {
        let (pool, client, tokens) = ann(&app).await;
        app.change_user(&pool, "ann", |user| user.enabled = false).await;

        app.refresh(&client, &tokens.refresh).await.assert_refused("NotAuthorizedException", "User is disabled.");
    }

    async fn nothing_refreshes_for_a_deleted_user(app: TestApp) {
        let (pool, client, tokens) = ann(&app).await;
        app.idp("AdminDeleteUser", json!({ "UserPoolId": pool, "Username": "ann" })).await.assert_good();
        app.user(&pool, "ann").await;

        app.refresh(&client, &tokens.refresh).await.assert_refused("NotAuthorizedException", INVALID);
    }

    async fn the_secret_hash_is_over_the_real_name(app: TestApp) {
        let pool = app.pool_with(json!({ "UsernameAttributes": ["email"] })).await;
        let input = json!({
            "UserPoolId": pool, "ClientName": "secretive", "GenerateSecret": true,
            "ExplicitAuthFlows": ["ALLOW_USER_PASSWORD_AUTH", "ALLOW_REFRESH_TOKEN_AUTH"],
        });
        let made = app.idp("CreateUserPoolClient", input).await;
        let (client, secret) = (made.text("/UserPoolClient/ClientId"), made.text("/UserPoolClient/ClientSecret"));
        let sub = app.user(&pool, "ann@example.com").await;
        let sign_in = |flow: &str, mut parameters: serde_json::Value, name: &str| {
            parameters["SECRET_HASH"] = cognate_jose::secret_hash(&secret, name, &client).into();
            json!({ "ClientId": client, "AuthFlow": flow, "AuthParameters": parameters })
        };
        let named = json!({ "USERNAME": "ann@example.com", "PASSWORD": cognate_testkit::app::PASSWORD });
        let first = app.idp("InitiateAuth", sign_in("USER_PASSWORD_AUTH", named, "ann@example.com")).await;
        let refresh = json!({ "REFRESH_TOKEN": Tokens::of(&first).refresh });

        let by_address = sign_in("REFRESH_TOKEN_AUTH", refresh.clone(), "ann@example.com");
        let refused = app.idp("InitiateAuth", by_address).await;
        refused.assert_refused("NotAuthorizedException", &format!("Unable to verify secret hash for client {client}"));
        app.idp("InitiateAuth", sign_in("REFRESH_TOKEN_AUTH", refresh, &sub)).await.assert_good();
    }
}
