//! `AddUserPoolClientSecret`, and what the secrets of a client prove.

use std::sync::Arc;

use cognate_domain::Clock;
use cognate_testkit::app::{Answered, PASSWORD};
use cognate_testkit::{TestApp, both_engines};
use serde_json::{Value, json};
use tokio::task::JoinSet;

pub(super) const OWN: &str = "a_secret_of_my_own_0123456789";

/// A client with a secret: pool, client and secret.
pub(super) async fn confidential(app: &TestApp) -> (String, String, String) {
    let pool = app.pool().await;
    let input = json!({ "UserPoolId": pool, "ClientName": "confidential", "GenerateSecret": true,
        "ExplicitAuthFlows": ["ALLOW_USER_PASSWORD_AUTH", "ALLOW_REFRESH_TOKEN_AUTH"] });
    let made = app.idp("CreateUserPoolClient", input).await;
    made.assert_good();
    (pool, made.text("/UserPoolClient/ClientId"), made.text("/UserPoolClient/ClientSecret"))
}

pub(super) async fn add(app: &TestApp, pool: &str, client: &str, secret: Option<&str>) -> Answered {
    let input = json!({ "UserPoolId": pool, "ClientId": client, "ClientSecret": secret });
    app.idp("AddUserPoolClientSecret", input).await
}

/// Signs in with this secret.
pub(super) async fn signed_in(app: &TestApp, client: &str, secret: &str) -> Answered {
    let hash = cognate_jose::secret_hash(secret, "ann", client);
    let parameters = json!({ "USERNAME": "ann", "PASSWORD": PASSWORD, "SECRET_HASH": hash });
    let input = json!({ "ClientId": client, "AuthFlow": "USER_PASSWORD_AUTH", "AuthParameters": parameters });
    app.idp("InitiateAuth", input).await
}

pub(super) async fn revokes(app: &TestApp, client: &str, secret: &str) -> Answered {
    let input = json!({ "ClientId": client, "Token": "a.b.c.d.e", "ClientSecret": secret });
    app.idp("RevokeToken", input).await
}

pub(super) async fn listed(app: &TestApp, pool: &str, client: &str) -> Vec<Value> {
    let listed = app.idp("ListUserPoolClientSecrets", json!({ "UserPoolId": pool, "ClientId": client })).await;
    listed.good()["ClientSecrets"].as_array().unwrap().clone()
}

both_engines! {
    async fn both_secrets_prove_and_no_other_does(app: TestApp) {
        let (pool, client, first) = confidential(&app).await;
        app.user(&pool, "ann").await;
        signed_in(&app, &client, &first).await.assert_good(); // now in the cache

        let added = add(&app, &pool, &client, None).await;

        let second = added.text("/ClientSecretDescriptor/ClientSecretValue");
        assert_ne!(first, second);
        let seconds = app.clock.now().seconds();
        assert_eq!(added["ClientSecretDescriptor"]["ClientSecretId"], format!("{client}--{}", seconds + 1));
        for secret in [&first, &second] {
            signed_in(&app, &client, secret).await.assert_good();
            revokes(&app, &client, secret).await.assert_good();
        }
        let wrong = signed_in(&app, &client, OWN).await;
        wrong.assert_refused("NotAuthorizedException", &format!("Unable to verify secret hash for client {client}"));
        revokes(&app, &client, OWN).await.assert_refused("UnauthorizedException", "Invalid client or client secret");
    }

    async fn a_secret_of_ones_own_is_taken_and_not_said_again(app: TestApp) {
        let (pool, client, _) = confidential(&app).await;
        app.user(&pool, "ann").await;

        let added = add(&app, &pool, &client, Some(OWN)).await;

        added.assert_good();
        assert!(added.text("/ClientSecretDescriptor/ClientSecretId").starts_with(&client));
        assert_eq!(added["ClientSecretDescriptor"].get("ClientSecretValue"), None);
        signed_in(&app, &client, OWN).await.assert_good();
    }

    async fn a_third_secret_is_one_too_many(app: TestApp) {
        let (pool, client, _) = confidential(&app).await;
        add(&app, &pool, &client, None).await.assert_good();

        let refused = add(&app, &pool, &client, None).await;

        let sentence = "A user pool client can have at most 2 active client secrets.";
        refused.assert_refused("LimitExceededException", sentence);
        assert_eq!(app.rows("client_secrets").await, 1);
    }

    async fn of_many_that_are_added_at_once_one_is_kept(app: TestApp) {
        let (pool, client, _) = confidential(&app).await;
        let app = Arc::new(app);
        let mut calls = JoinSet::new();
        for _ in 0..12 {
            let (app, pool, client) = (Arc::clone(&app), pool.clone(), client.clone());
            calls.spawn(async move { add(&app, &pool, &client, None).await });
        }

        let answers = calls.join_all().await;

        let outcomes: Vec<&str> = answers.iter().map(|answer| answer.error.as_deref().unwrap_or("ok")).collect();
        assert_eq!(outcomes.iter().filter(|outcome| **outcome == "ok").count(), 1, "{outcomes:?}");
        let expected = ["ok", "LimitExceededException", "TooManyRequestsException"];
        assert!(outcomes.iter().all(|outcome| expected.contains(outcome)), "{outcomes:?}");
        assert_eq!(app.rows("client_secrets").await, 1);
    }

    async fn a_public_client_gets_none(app: TestApp) {
        let pool = app.pool().await;
        let client = app.client(&pool).await;

        let refused = add(&app, &pool, &client, None).await;

        let sentence = "Client secrets can only be added to a client that is configured with a secret.";
        refused.assert_refused("InvalidParameterException", sentence);
        assert_eq!(app.rows("client_secrets").await, 0);
    }

    async fn what_is_not_ones_own_does_not_exist(app: TestApp) {
        let (pool, client, _) = confidential(&app).await;
        let elsewhere = app.pool().await;

        let refused = add(&app, &elsewhere, &client, None).await;
        refused.assert_refused("ResourceNotFoundException", &format!("User pool client {client} does not exist."));
        let refused = add(&app, &pool, "0000000000000000000000000a", None).await;
        refused.assert_refused("ResourceNotFoundException", "User pool client 0000000000000000000000000a does not exist.");
        let refused = add(&app, "us-east-1_000000000", &client, None).await;
        refused.assert_refused("ResourceNotFoundException", "User pool us-east-1_000000000 does not exist.");
        assert_eq!(app.rows("client_secrets").await, 0);
    }

    async fn an_update_shows_and_keeps_the_older_secret(app: TestApp) {
        let (pool, client, first) = confidential(&app).await;
        add(&app, &pool, &client, None).await.assert_good();

        let input = json!({ "UserPoolId": pool, "ClientId": client, "ClientName": "renamed",
            "EnablePropagateAdditionalUserContextData": true });
        let updated = app.idp("UpdateUserPoolClient", input).await;

        assert_eq!(updated.text("/UserPoolClient/ClientSecret"), first);
        assert_eq!(listed(&app, &pool, &client).await.len(), 2);
    }

    async fn added_secrets_go_with_their_client_and_its_pool(app: TestApp) {
        let (pool, client, _) = confidential(&app).await;
        let (other_pool, other, _) = confidential(&app).await;
        add(&app, &pool, &client, None).await.assert_good();
        add(&app, &other_pool, &other, None).await.assert_good();

        app.idp("DeleteUserPoolClient", json!({ "UserPoolId": pool, "ClientId": client })).await.assert_good();
        assert_eq!(app.rows("client_secrets").await, 1);
        app.idp("DeleteUserPool", json!({ "UserPoolId": other_pool })).await.assert_good();
        assert_eq!(app.rows("client_secrets").await, 0);
    }

    async fn what_is_stored_is_sealed_and_bound_to_its_client(app: TestApp) {
        let (pool, client, _) = confidential(&app).await;
        let (other_pool, other, _) = confidential(&app).await;
        add(&app, &pool, &client, Some(OWN)).await.assert_good();
        add(&app, &other_pool, &other, None).await.assert_good();

        let sealed = "SELECT secret_sealed FROM client_secrets WHERE client_id = $1";
        let mut tx = app.app.db.read().await.unwrap();
        let stored = tx.query(sealed).bind(client.as_str()).one(|row| row.bytes(0)).await.unwrap();
        drop(tx);
        assert!(!stored.windows(OWN.len()).any(|window| window == OWN.as_bytes()));

        let moved = "UPDATE client_secrets SET secret_sealed = $1 WHERE client_id = $2";
        let write = app.app.db.write(async |tx| tx.query(moved).bind(&stored).bind(other.as_str()).execute().await);
        write.await.unwrap();
        app.app.caches.forget_all();
        let refused = revokes(&app, &other, OWN).await;
        assert_eq!(refused.error.as_deref(), Some("InternalErrorException"), "{refused}");
    }
}
