//! `DeleteUser` and `AdminDeleteUser`

use std::sync::Arc;

use cognate_testkit::{TestApp, both_engines};
use serde_json::{Value, json};
use tokio::task::JoinSet;

/// All that is somebody's.
const TABLES: [&str; 11] = [
    "users",
    "user_aliases",
    "user_search",
    "codes",
    "pending_attributes",
    "attempts",
    "group_members",
    "spent_handles",
    "token_families",
    "refresh_tokens",
    "user_counts",
];

async fn counted(app: &TestApp, pool: &str) -> Value {
    let described = app.idp("DescribeUserPool", json!({ "UserPoolId": pool })).await.good();
    described["UserPool"]["EstimatedNumberOfUsers"].clone()
}

both_engines! {
    async fn who_deletes_themselves_leaves_nothing_behind(app: TestApp) {
        let pool = app.pool_with(json!({ "AutoVerifiedAttributes": ["email"], "AliasAttributes": ["email"] })).await;
        let client = app.client(&pool).await;
        app.idp("CreateGroup", json!({ "UserPoolId": pool, "GroupName": "staff" })).await.assert_good();
        app.user(&pool, "ann").await;
        let member = json!({ "UserPoolId": pool, "Username": "ann", "GroupName": "staff" });
        app.idp("AdminAddUserToGroup", member).await.assert_good();
        app.password(&client, "ann", "Wrong-Horse-9").await;
        let tokens = app.tokens(&client, "ann").await;
        let ask = json!({ "AccessToken": tokens.access, "AttributeName": "email" });
        app.idp("GetUserAttributeVerificationCode", ask).await.assert_good();

        let answer = app.idp("DeleteUser", json!({ "AccessToken": tokens.access })).await;

        assert_eq!((answer.status, answer.body), (200, Value::Null));
        for table in &TABLES[..10] {
            assert_eq!(app.rows(table).await, 0, "{table}");
        }
        assert_eq!(counted(&app, &pool).await, 0);
        app.get_user(&tokens.access).await.assert_refused("UserNotFoundException", "User does not exist.");
        let again = app.idp("DeleteUser", json!({ "AccessToken": tokens.access })).await;
        again.assert_refused("UserNotFoundException", "User does not exist.");
        let refreshed = app.refresh(&client, &tokens.refresh).await;
        refreshed.assert_refused("NotAuthorizedException", "Invalid Refresh Token");
        let signed_in = app.password(&client, "ann", cognate_testkit::app::PASSWORD).await;
        signed_in.assert_refused("UserNotFoundException", "User does not exist.");
    }

    async fn the_name_is_free_and_the_next_of_that_name_is_somebody_else(app: TestApp) {
        let pool = app.pool().await;
        let client = app.client(&pool).await;
        let first = app.user(&pool, "ann").await;
        let tokens = app.tokens(&client, "ann").await;
        app.idp("DeleteUser", json!({ "AccessToken": tokens.access })).await.assert_good();

        let second = app.user(&pool, "ann").await;

        assert_ne!(first, second);
        app.get_user(&tokens.access).await.assert_refused("UserNotFoundException", "User does not exist.");
    }

    async fn others_stay_untouched(app: TestApp) {
        let pool = app.pool().await;
        let client = app.client(&pool).await;
        app.user(&pool, "ann").await;
        app.user(&pool, "bob").await;
        let (ann, bob) = (app.tokens(&client, "ann").await, app.tokens(&client, "bob").await);

        app.idp("DeleteUser", json!({ "AccessToken": ann.access })).await.assert_good();

        app.get_user(&bob.access).await.assert_good();
        app.refresh(&client, &bob.refresh).await.assert_good();
        assert_eq!(counted(&app, &pool).await, 1);
    }

    async fn of_many_deletions_at_once_one_is_done_and_counted(app: TestApp) {
        let pool = app.pool().await;
        let client = app.client(&pool).await;
        app.user(&pool, "ann").await;
        app.user(&pool, "bob").await;
        let token = app.tokens(&client, "ann").await.access;
        let app = Arc::new(app);

        let mut calls = JoinSet::new();
        for number in 0..20 {
            let (app, token, pool) = (Arc::clone(&app), token.clone(), pool.clone());
            calls.spawn(async move {
                if number % 2 == 0 {
                    app.idp("DeleteUser", json!({ "AccessToken": token })).await
                } else {
                    app.idp("AdminDeleteUser", json!({ "UserPoolId": pool, "Username": "ann" })).await
                }
            });
        }
        let answers = calls.join_all().await;

        assert_eq!(answers.iter().filter(|answer| answer.status == 200).count(), 1);
        let told = |error: &String| ["UserNotFoundException", "TooManyRequestsException"].contains(&error.as_str());
        assert!(answers.iter().filter_map(|answer| answer.error.as_ref()).all(told));
        assert_eq!(counted(&app, &pool).await, 1);
    }

    async fn a_token_of_another_kind_deletes_nobody(app: TestApp) {
        let pool = app.pool().await;
        let client = app.client(&pool).await;
        app.user(&pool, "ann").await;
        let tokens = app.tokens(&client, "ann").await;

        for token in [&tokens.id, &tokens.refresh] {
            let refused = app.idp("DeleteUser", json!({ "AccessToken": token })).await;
            refused.assert_refused("NotAuthorizedException", "Invalid Access Token");
        }

        app.get_user(&tokens.access).await.assert_good();
    }
}
