//! `AdminUserGlobalSignOut`

use cognate_testkit::{TestApp, both_engines};
use serde_json::json;

const OUT: &str = "AdminUserGlobalSignOut";

both_engines! {
    async fn every_sign_in_so_far_ends_and_later_ones_and_other_peoples_do_not(app: TestApp) {
        let pool = app.pool_with(json!({ "AutoVerifiedAttributes": ["email"], "AliasAttributes": ["email"] })).await;
        let (client, other) = (app.client(&pool).await, app.client(&pool).await);
        app.user(&pool, "ann").await;
        app.user(&pool, "bob").await;
        let (here, there) = (app.tokens(&client, "ann").await, app.tokens(&other, "ann").await);
        let bobs = app.tokens(&client, "bob").await;

        let out = app.idp(OUT, json!({ "UserPoolId": pool, "Username": "ann" })).await;

        assert_eq!(out.good(), json!({}));
        for (tokens, client) in [(&here, &client), (&there, &other)] {
            let refused = app.get_user(&tokens.access).await;
            refused.assert_refused("NotAuthorizedException", "Access Token has been revoked");
            let refused = app.refresh(client, &tokens.refresh).await;
            refused.assert_refused("NotAuthorizedException", "Refresh Token has been revoked");
        }
        app.get_user(&bobs.access).await.assert_good();
        let later = app.tokens(&client, "ann").await;
        app.get_user(&later.access).await.assert_good();
        app.refresh(&client, &later.refresh).await.assert_good();
    }

    async fn it_needs_no_sign_in_and_may_be_repeated(app: TestApp) {
        let pool = app.pool().await;
        app.user(&pool, "ann").await;

        for _ in 0..2 {
            assert_eq!(app.idp(OUT, json!({ "UserPoolId": pool, "Username": "ann" })).await.good(), json!({}));
        }
    }

    async fn one_more_is_enough_however_many_there_were(app: TestApp) {
        let pool = app.pool().await;
        let client = app.client(&pool).await;
        app.user(&pool, "ann").await;

        for _ in 0..3 {
            let tokens = [app.tokens(&client, "ann").await, app.tokens(&client, "ann").await];
            app.idp(OUT, json!({ "UserPoolId": pool, "Username": "ann" })).await.assert_good();
            for tokens in tokens {
                let refused = app.get_user(&tokens.access).await;
                refused.assert_refused("NotAuthorizedException", "Access Token has been revoked");
            }
        }
    }

    async fn a_change_of_the_user_that_was_under_way_is_kept(app: TestApp) {
        let pool = app.pool().await;
        app.user(&pool, "ann").await;
        let known = app.app.pool(&pool).await.unwrap().unwrap();
        let mut user = cognate_engine::users::get(&mut app.app.db.read().await.unwrap(), &known, "ann").await.unwrap();
        user.attributes.set("name", "Ann");

        app.idp(OUT, json!({ "UserPoolId": pool, "Username": "ann" })).await.assert_good();

        app.app.db.write(async |tx| cognate_store::users::update(tx, &user).await).await.unwrap();
    }

    async fn nobody_can_be_signed_out_who_is_not_there(app: TestApp) {
        let pool = app.pool().await;

        let refused = app.idp(OUT, json!({ "UserPoolId": pool, "Username": "nobody" })).await;
        refused.assert_refused("UserNotFoundException", "User does not exist.");
        let refused = app.idp(OUT, json!({ "UserPoolId": "us-east-1_000000000", "Username": "ann" })).await;
        refused.assert_refused("ResourceNotFoundException", "User pool us-east-1_000000000 does not exist.");
    }
}
