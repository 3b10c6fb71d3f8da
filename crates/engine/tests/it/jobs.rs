//! Background work: what has expired goes, what still matters stays.

use std::time::Duration;

use cognate_engine::jobs;
use cognate_engine::tokens::STOCK_TARGET;
use cognate_testkit::app::PASSWORD;
use cognate_testkit::{Serving, TestApp, both_engines};
use serde_json::json;

const DAY: Duration = Duration::from_hours(24);

/// Works until there is nothing left to do.
async fn work(app: &TestApp) {
    for _ in 0..200 {
        if !jobs::step(&app.app).await.unwrap() {
            return;
        }
    }
    panic!("the work never ends");
}

async fn ann(app: &TestApp) -> (String, String) {
    let pool = app.pool().await;
    let client = app.client_with(&pool, json!({ "RefreshTokenValidity": 2 })).await;
    app.user(&pool, "ann").await;
    (pool, client)
}

both_engines! {
    async fn a_refresh_token_that_has_expired_is_told_apart_for_a_week(app: TestApp) {
        let (_, client) = ann(&app).await;
        let tokens = app.tokens(&client, "ann").await;

        app.clock.advance(2 * DAY);
        work(&app).await;
        let expired = app.refresh(&client, &tokens.refresh).await;
        app.clock.advance(8 * DAY);
        work(&app).await;

        expired.assert_refused("NotAuthorizedException", "Refresh Token has expired");
        assert_eq!((app.rows("token_families").await, app.rows("refresh_tokens").await), (0, 0));
        let forgotten = app.refresh(&client, &tokens.refresh).await;
        forgotten.assert_refused("NotAuthorizedException", "Invalid Refresh Token");
    }

    async fn what_is_alive_is_left_alone(app: TestApp) {
        let (_, client) = ann(&app).await;
        let tokens = app.tokens(&client, "ann").await;
        app.sign_up(&client, "bob").await.assert_good();
        let code = app.code("bob").await;

        app.clock.almost(DAY);
        work(&app).await;

        app.refresh(&client, &tokens.refresh).await.assert_good();
        app.confirm(&client, "bob", &code).await.assert_good();
    }

    async fn spent_sessions_are_forgotten_once_they_would_be_refused_anyway(app: TestApp) {
        let (pool, client) = ann(&app).await;
        app.invited(&pool, "bob", PASSWORD).await;
        let session = app.password(&client, "bob", PASSWORD).await.text("/Session");
        let answers = [("USERNAME", "bob"), ("NEW_PASSWORD", "Brand-New-Pass-2")];
        app.answer(&client, "NEW_PASSWORD_REQUIRED", &session, &answers).await.assert_good();
        assert_eq!(app.rows("spent_handles").await, 1);

        work(&app).await;
        assert_eq!(app.rows("spent_handles").await, 1);
        app.clock.advance(Duration::from_mins(4));
        work(&app).await;

        assert_eq!(app.rows("spent_handles").await, 0);
        let again = app.answer(&client, "NEW_PASSWORD_REQUIRED", &session, &answers).await;
        again.assert_refused("NotAuthorizedException", "Invalid session for the user, session is expired.");
    }

    async fn spent_signatures_are_forgotten_once_they_would_be_refused_anyway(app: Serving) {
        let call = app.signed("CreateUserPool", &json!({ "PoolName": "people" }));
        app.send(call.clone()).await.assert_good();

        app.clock.advance(Duration::from_mins(5));
        work(&app).await;
        let replayed = app.send(call.clone()).await;
        app.clock.advance(Duration::from_secs(1));
        work(&app).await;
        let expired = app.send(call).await;

        replayed.assert_refused("InvalidSignatureException", "Signature has already been used.");
        assert_eq!(app.rows("spent_signatures").await, 0);
        assert_eq!(expired.error.as_deref(), Some("InvalidSignatureException"));
        assert!(expired.message.starts_with("Signature expired"), "{expired}");
    }

    async fn sweeping_does_not_shorten_a_lock(app: TestApp) {
        let (_, client) = ann(&app).await;
        let guess = async || app.password(&client, "ann", "Wrong-Horse-9").await;
        for seconds in [0, 0, 0, 0, 1, 2, 4, 8, 16, 32, 64, 128, 256, 512].into_iter().chain([900; 16]) {
            guess().await.assert_refused("NotAuthorizedException", "Incorrect username or password.");
            app.clock.advance(Duration::from_secs(seconds));
            work(&app).await;
        }

        guess().await.assert_refused("NotAuthorizedException", "Incorrect username or password.");
        app.clock.almost(Duration::from_mins(15));
        guess().await.assert_refused("NotAuthorizedException", "Password attempts exceeded");
    }

    async fn nothing_is_left_of_a_deleted_pool(app: TestApp) {
        let (pool, client) = ann(&app).await;
        for number in 0..120 {
            app.invited(&pool, &format!("user-{number}"), PASSWORD).await;
        }
        app.sign_up(&client, "bob").await.assert_good();
        app.tokens(&client, "ann").await;
        app.password(&client, "ann", "Wrong-Horse-9").await;
        let kept = app.pool().await;
        app.user(&kept, "ann").await;
        for (of, group) in [(&pool, "gone"), (&pool, "admins"), (&kept, "admins")] {
            let group = json!({ "UserPoolId": of, "GroupName": group, "Username": "ann" });
            app.idp("CreateGroup", group.clone()).await.assert_good();
            app.idp("AdminAddUserToGroup", group).await.assert_good();
        }
        app.idp("DeleteGroup", json!({ "UserPoolId": pool, "GroupName": "gone" })).await.assert_good();

        app.idp("DeleteUserPool", json!({ "UserPoolId": pool })).await.assert_good();
        app.idp("AdminGetUser", json!({ "UserPoolId": pool, "Username": "ann" })).await
            .assert_refused("ResourceNotFoundException", &format!("User pool {pool} does not exist."));
        work(&app).await;

        for (table, left) in [
            ("user_pools", 1), ("users", 1), ("user_aliases", 1), ("clients", 0), ("codes", 0), ("attempts", 0),
            ("token_families", 0), ("refresh_tokens", 0), ("deleted_pools", 0), ("user_counts", 1), ("signing_keys", 2),
            ("user_groups", 1), ("group_members", 1), ("deleted_groups", 0),
        ] {
            assert_eq!(app.rows(table).await, left, "{table}");
        }
        app.idp("AdminGetUser", json!({ "UserPoolId": kept, "Username": "ann" })).await.assert_good();
    }

    async fn the_stock_of_keys_is_filled_and_no_further(app: TestApp) {
        for _ in 0..3 {
            app.pool().await; // takes two
        }
        assert_eq!(app.rows("key_stock").await, 0);

        work(&app).await;

        assert_eq!(app.rows("key_stock").await, STOCK_TARGET);
    }

    async fn a_pool_takes_its_keys_from_the_stock(app: TestApp) {
        let before = app.rows("key_stock").await;

        app.pool().await;

        assert_eq!((before, app.rows("key_stock").await, app.rows("signing_keys").await), (6, 4, 2));
    }
}
