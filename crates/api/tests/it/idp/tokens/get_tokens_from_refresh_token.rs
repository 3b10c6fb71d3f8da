//! `GetTokensFromRefreshToken`, without rotation and with it: user-pools.md, section 18.

use std::time::Duration;

use cognate_engine::jobs;
use cognate_testkit::app::{PASSWORD, Tokens, claims, merged};
use cognate_testkit::{Answered, TestApp, both_engines};
use serde_json::{Value, json};

const DAY: Duration = Duration::from_hours(24);
const INVALID: &str = "Invalid Refresh Token";
const REVOKED: &str = "Refresh Token has been revoked";

/// A pool with ann, a client of these settings, and her tokens.
async fn ann_at(app: &TestApp, settings: Value) -> (String, String, Tokens) {
    let pool = app.pool().await;
    let client = app.client_with(&pool, merged(json!({ "RefreshTokenValidity": 7 }), settings)).await;
    app.user(&pool, "ann").await;
    let tokens = app.tokens(&client, "ann").await;
    (pool, client, tokens)
}

fn rotating(grace: i64) -> Value {
    json!({
        "ExplicitAuthFlows": ["ALLOW_USER_PASSWORD_AUTH"],
        "RefreshTokenRotation": { "Feature": "ENABLED", "RetryGracePeriodSeconds": grace },
    })
}

async fn renew(app: &TestApp, client: &str, token: &str) -> Answered {
    app.idp("GetTokensFromRefreshToken", json!({ "ClientId": client, "RefreshToken": token })).await
}

#[track_caller]
fn assert_reused(answer: &Answered) {
    answer.assert_refused("RefreshTokenReuseException", "Refresh token has already been used");
}

fn names(result: &Value) -> Vec<&str> {
    let mut names: Vec<&str> = result.as_object().unwrap().keys().map(String::as_str).collect();
    names.sort_unstable();
    names
}

both_engines! {
    async fn without_rotation_the_refresh_token_stays_and_is_not_answered(app: TestApp) {
        let (_, client, first) = ann_at(&app, json!({})).await;

        for _ in 0..3 {
            app.clock.advance(DAY);
            let answer = renew(&app, &client, &first.refresh).await;
            assert_eq!(names(&answer.body), ["AuthenticationResult"]);
            assert_eq!(names(&answer["AuthenticationResult"]), ["AccessToken", "ExpiresIn", "IdToken", "TokenType"]);
            for (token, before) in [("IdToken", &first.id), ("AccessToken", &first.access)] {
                let (before, after) = (claims(before), answer.claims(token));
                for same in ["sub", "iss", "auth_time", "origin_jti", "event_id", "token_use"] {
                    assert_eq!(before[same], after[same], "{same}");
                }
                assert_ne!(before["jti"], after["jti"]);
            }
        }
    }

    async fn with_rotation_each_token_is_exchanged_for_the_next_of_its_family(app: TestApp) {
        let (_, client, first) = ann_at(&app, rotating(0)).await;
        let mut seen = vec![first.refresh.clone()];

        for _ in 0..3 {
            app.clock.advance(DAY);
            let answer = renew(&app, &client, seen.last().unwrap()).await;
            let next = Tokens::of(&answer);
            for same in ["sub", "iss", "auth_time", "origin_jti", "event_id", "client_id", "username"] {
                assert_eq!(claims(&first.access)[same], claims(&next.access)[same], "{same}");
            }
            assert_eq!(next.refresh.split('.').count(), 5);
            assert!(!seen.contains(&next.refresh));
            app.get_user(&next.access).await.assert_good();
            seen.push(next.refresh);
        }
    }

    async fn the_last_token_of_a_family_ends_when_the_first_would_have(app: TestApp) {
        let (_, client, first) = ann_at(&app, rotating(0)).await;
        app.clock.advance(4 * DAY);
        let second = Tokens::of(&renew(&app, &client, &first.refresh).await);

        app.clock.almost(3 * DAY);
        let third = Tokens::of(&renew(&app, &client, &second.refresh).await);
        app.clock.tick();

        let refused = renew(&app, &client, &third.refresh).await;
        refused.assert_refused("NotAuthorizedException", "Refresh Token has expired");
    }

    async fn a_client_that_lost_the_answer_gets_another_one_within_the_grace(app: TestApp) {
        let (_, client, first) = ann_at(&app, rotating(10)).await;
        let lost = Tokens::of(&renew(&app, &client, &first.refresh).await);
        app.clock.almost(Duration::from_secs(10));

        let again = Tokens::of(&renew(&app, &client, &first.refresh).await);

        assert_ne!(lost.refresh, again.refresh);
        assert_eq!(claims(&lost.access)["origin_jti"], claims(&again.access)["origin_jti"]);
        renew(&app, &client, &again.refresh).await.assert_good();
        renew(&app, &client, &lost.refresh).await.assert_good();
    }

    async fn the_grace_is_not_prolonged_by_using_it(app: TestApp) {
        let (_, client, first) = ann_at(&app, rotating(10)).await;
        renew(&app, &client, &first.refresh).await.assert_good();
        app.clock.almost(Duration::from_secs(10));
        renew(&app, &client, &first.refresh).await.assert_good();

        app.clock.tick();

        assert_reused(&renew(&app, &client, &first.refresh).await);
    }

    async fn a_token_that_comes_back_after_its_grace_takes_the_whole_sign_in_along(app: TestApp) {
        for grace in [0, 10] {
            let (_, client, first) = ann_at(&app, rotating(grace)).await;
            let other = app.tokens(&client, "ann").await;
            let there = app.another_node().await;
            let second = Tokens::of(&renew(&app, &client, &first.refresh).await);
            let third = Tokens::of(&renew(&app, &client, &second.refresh).await);
            app.clock.advance(Duration::from_secs(grace.unsigned_abs()));
            app.clock.tick();

            assert_reused(&renew(&app, &client, &first.refresh).await);

            renew(&there, &client, &third.refresh).await.assert_refused("NotAuthorizedException", REVOKED);
            for access in [&first.access, &second.access, &third.access] {
                let refused = there.get_user(access).await;
                refused.assert_refused("NotAuthorizedException", "Access Token has been revoked");
            }
            there.get_user(&other.access).await.assert_good();
            renew(&there, &client, &other.refresh).await.assert_good();
        }
    }

    async fn all_tokens_that_were_exchanged_are_answered_alike_whatever_became_of_the_sign_in(app: TestApp) {
        let (pool, client, first) = ann_at(&app, rotating(0)).await;
        let second = Tokens::of(&renew(&app, &client, &first.refresh).await);
        app.clock.tick();

        for _ in 0..2 {
            assert_reused(&renew(&app, &client, &first.refresh).await);
        }
        app.idp("AdminUserGlobalSignOut", json!({ "UserPoolId": pool, "Username": "ann" })).await.assert_good();
        assert_reused(&renew(&app, &client, &first.refresh).await);
        app.idp("AdminDisableUser", json!({ "UserPoolId": pool, "Username": "ann" })).await.assert_good();
        assert_reused(&renew(&app, &client, &first.refresh).await);
        app.clock.advance(8 * DAY);
        assert_reused(&renew(&app, &client, &first.refresh).await);
        let last = renew(&app, &client, &second.refresh).await;
        last.assert_refused("NotAuthorizedException", "User is disabled.");
    }

    async fn what_is_no_refresh_token_of_this_client_is_invalid_and_changes_nothing(app: TestApp) {
        let (pool, client, first) = ann_at(&app, rotating(0)).await;
        let second = Tokens::of(&renew(&app, &client, &first.refresh).await);
        app.clock.tick();
        let beside = app.client_with(&pool, rotating(0)).await;
        let elsewhere = app.client_with(&app.pool().await, rotating(0)).await;
        let plain = app.client(&pool).await;

        for foreign in [&beside, &elsewhere, &plain] {
            for token in [&first.refresh, &second.refresh] {
                renew(&app, foreign, token).await.assert_refused("NotAuthorizedException", INVALID);
            }
        }
        for token in [&second.access, &second.id, &format!("{}A", second.refresh), &"x".to_owned(), &"=.-_".to_owned()] {
            renew(&app, &client, token).await.assert_refused("NotAuthorizedException", INVALID);
        }

        renew(&app, &client, &second.refresh).await.assert_good();
    }

    async fn the_plain_secret_is_asked_for_before_the_token_is_looked_at(app: TestApp) {
        let pool = app.pool().await;
        let settings = merged(rotating(0), json!({ "GenerateSecret": true, "UserPoolId": pool, "ClientName": "own" }));
        let made = app.idp("CreateUserPoolClient", settings).await;
        let (client, secret) = (made.text("/UserPoolClient/ClientId"), made.text("/UserPoolClient/ClientSecret"));
        let added = json!({ "UserPoolId": pool, "ClientId": client });
        let added = app.idp("AddUserPoolClientSecret", added).await.text("/ClientSecretDescriptor/ClientSecretValue");
        app.user(&pool, "ann").await;
        let hash = cognate_jose::secret_hash(&secret, "ann", &client);
        let named = json!({ "USERNAME": "ann", "PASSWORD": PASSWORD, "SECRET_HASH": hash });
        let start = json!({ "ClientId": client, "AuthFlow": "USER_PASSWORD_AUTH", "AuthParameters": named });
        let first = Tokens::of(&app.idp("InitiateAuth", start).await);
        let renew_with = async |token: &str, secret: Option<&str>| {
            let input = json!({ "ClientId": client, "RefreshToken": token, "ClientSecret": secret });
            app.idp("GetTokensFromRefreshToken", input).await
        };

        let missing = format!("Client {client} is configured with secret but ClientSecret was not received");
        let wrong = format!("Unable to verify client secret for client {client}");
        for token in [first.refresh.as_str(), "garbage"] {
            renew_with(token, None).await.assert_refused("NotAuthorizedException", &missing);
            for other in [format!("{secret}0"), hash.replace(['+', '/', '='], "a"), "x".repeat(50)] {
                renew_with(token, Some(&other)).await.assert_refused("NotAuthorizedException", &wrong);
            }
        }
        let second = Tokens::of(&renew_with(&first.refresh, Some(&secret)).await);
        app.clock.tick();
        renew_with(&first.refresh, None).await.assert_refused("NotAuthorizedException", &missing);
        renew_with(&second.refresh, Some(&added)).await.assert_good(); // so nobody without the secret ended the family
    }

    async fn a_secret_for_a_client_without_one_is_wrong(app: TestApp) {
        let (_, client, first) = ann_at(&app, rotating(0)).await;

        let secret = "0123456789012345678901234";
        let input = json!({ "ClientId": client, "RefreshToken": first.refresh, "ClientSecret": secret });
        let refused = app.idp("GetTokensFromRefreshToken", input).await;

        let sentence = format!("Unable to verify client secret for client {client}");
        refused.assert_refused("NotAuthorizedException", &sentence);
        renew(&app, &client, &first.refresh).await.assert_good();
    }

    async fn a_client_that_neither_rotates_nor_allows_refreshing_does_not(app: TestApp) {
        let flows = json!({ "ExplicitAuthFlows": ["ALLOW_USER_PASSWORD_AUTH"] });
        let (_, client, first) = ann_at(&app, flows).await;

        let refused = renew(&app, &client, &first.refresh).await;

        refused.assert_refused("InvalidParameterException", "REFRESH_TOKEN_AUTH is not enabled for the client.");
    }

    async fn nothing_is_renewed_for_a_user_who_is_disabled_or_deleted(app: TestApp) {
        for settings in [json!({}), rotating(0), rotating(60)] {
            let (pool, client, first) = ann_at(&app, settings).await;
            let who = json!({ "UserPoolId": pool, "Username": "ann" });

            app.idp("AdminDisableUser", who.clone()).await.assert_good();
            renew(&app, &client, &first.refresh).await.assert_refused("NotAuthorizedException", "User is disabled.");
            app.idp("AdminEnableUser", who.clone()).await.assert_good();
            renew(&app, &client, &first.refresh).await.assert_refused("NotAuthorizedException", REVOKED);
            app.idp("AdminDeleteUser", who).await.assert_good();
            renew(&app, &client, &first.refresh).await.assert_refused("NotAuthorizedException", INVALID);
        }
    }

    async fn revoking_any_token_of_a_family_revokes_all_of_it(app: TestApp) {
        for which in [0, 1] {
            let (_, client, first) = ann_at(&app, rotating(60)).await;
            let second = Tokens::of(&renew(&app, &client, &first.refresh).await);
            let revoked = [&first.refresh, &second.refresh][which];

            app.idp("RevokeToken", json!({ "ClientId": client, "Token": revoked })).await.assert_good();

            for token in [&first.refresh, &second.refresh] {
                renew(&app, &client, token).await.assert_refused("NotAuthorizedException", REVOKED);
            }
            for access in [&first.access, &second.access] {
                let refused = app.get_user(access).await;
                refused.assert_refused("NotAuthorizedException", "Access Token has been revoked");
            }
        }
    }

    async fn a_family_that_has_expired_is_forgotten_with_all_its_tokens(app: TestApp) {
        let (_, client, first) = ann_at(&app, rotating(0)).await;
        app.clock.advance(6 * DAY);
        let second = Tokens::of(&renew(&app, &client, &first.refresh).await);
        assert_eq!(app.rows("refresh_tokens").await, 2);

        app.clock.advance(2 * DAY);
        while jobs::step(&app.app).await.unwrap() {}
        let expired = renew(&app, &client, &second.refresh).await;
        expired.assert_refused("NotAuthorizedException", "Refresh Token has expired");
        app.clock.advance(7 * DAY);
        while jobs::step(&app.app).await.unwrap() {}

        assert_eq!((app.rows("token_families").await, app.rows("refresh_tokens").await), (0, 0));
        for token in [&first.refresh, &second.refresh] {
            renew(&app, &client, token).await.assert_refused("NotAuthorizedException", INVALID);
        }
    }

    async fn a_token_that_was_exchanged_stays_so_when_rotation_is_switched_off(app: TestApp) {
        let (pool, client, first) = ann_at(&app, rotating(60)).await;
        let other = app.tokens(&client, "ann").await;
        let [second, fourth] = [
            Tokens::of(&renew(&app, &client, &first.refresh).await),
            Tokens::of(&renew(&app, &client, &other.refresh).await),
        ];
        let update = json!({ "UserPoolId": pool, "ClientId": client, "ExplicitAuthFlows": ["ALLOW_REFRESH_TOKEN_AUTH"] });
        app.idp("UpdateUserPoolClient", update).await.assert_good();
        app.clock.tick();

        let plain = renew(&app, &client, &second.refresh).await;
        assert!(plain["AuthenticationResult"].get("RefreshToken").is_none());
        assert_reused(&renew(&app, &client, &first.refresh).await);
        renew(&app, &client, &second.refresh).await.assert_refused("NotAuthorizedException", REVOKED);

        app.refresh(&client, &fourth.refresh).await.assert_good();
        app.refresh(&client, &other.refresh).await.assert_refused("NotAuthorizedException", REVOKED);
        app.refresh(&client, &fourth.refresh).await.assert_refused("NotAuthorizedException", REVOKED);
    }

    async fn a_family_from_before_rotation_rotates_from_then_on(app: TestApp) {
        let (pool, client, first) = ann_at(&app, json!({})).await;
        renew(&app, &client, &first.refresh).await.assert_good();
        let update = merged(rotating(0), json!({ "UserPoolId": pool, "ClientId": client }));
        app.idp("UpdateUserPoolClient", update).await.assert_good();

        let second = Tokens::of(&renew(&app, &client, &first.refresh).await);

        app.clock.tick();
        renew(&app, &client, &second.refresh).await.assert_good();
        app.clock.tick();
        assert_reused(&renew(&app, &client, &first.refresh).await);
    }

    async fn a_device_that_nobody_knows_is_no_obstacle(app: TestApp) {
        let (_, client, first) = ann_at(&app, json!({})).await;

        let device = "us-east-1_0d0d0d0d-0d0d-4d0d-8d0d-0d0d0d0d0d0d";
        let input = json!({ "ClientId": client, "RefreshToken": first.refresh, "DeviceKey": device });

        app.idp("GetTokensFromRefreshToken", input).await.assert_good();
    }
}
