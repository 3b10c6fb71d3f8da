//! `GlobalSignOut`

use cognate_testkit::{TestApp, both_engines};
use serde_json::json;

const REVOKED: &str = "Access Token has been revoked";

both_engines! {
    async fn every_sign_in_so_far_ends_and_later_ones_do_not(app: TestApp) {
        let pool = app.pool().await;
        let (client, other) = (app.client(&pool).await, app.client(&pool).await);
        app.user(&pool, "ann").await;
        app.user(&pool, "bob").await;
        let (here, there) = (app.tokens(&client, "ann").await, app.tokens(&other, "ann").await);
        let bobs = app.tokens(&client, "bob").await;

        let out = app.idp("GlobalSignOut", json!({ "AccessToken": here.access })).await;

        assert_eq!(out.good(), json!({}));
        for (tokens, client) in [(&here, &client), (&there, &other)] {
            app.get_user(&tokens.access).await.assert_refused("NotAuthorizedException", REVOKED);
            let refused = app.refresh(client, &tokens.refresh).await;
            refused.assert_refused("NotAuthorizedException", "Refresh Token has been revoked");
        }
        app.get_user(&bobs.access).await.assert_good();
        let later = app.tokens(&client, "ann").await;
        app.get_user(&later.access).await.assert_good();
    }

    async fn signing_out_twice_is_refused(app: TestApp) {
        let pool = app.pool().await;
        let client = app.client(&pool).await;
        app.user(&pool, "ann").await;
        let tokens = app.tokens(&client, "ann").await;
        app.idp("GlobalSignOut", json!({ "AccessToken": tokens.access })).await.assert_good();

        let again = app.idp("GlobalSignOut", json!({ "AccessToken": tokens.access })).await;

        again.assert_refused("NotAuthorizedException", REVOKED);
    }

    async fn it_works_without_token_revocation_too(app: TestApp) {
        let pool = app.pool().await;
        let client = app.client_with(&pool, json!({ "EnableTokenRevocation": false })).await;
        app.user(&pool, "ann").await;
        let tokens = app.tokens(&client, "ann").await;
        app.get_user(&tokens.access).await.assert_good();

        app.idp("GlobalSignOut", json!({ "AccessToken": tokens.access })).await.assert_good();

        app.get_user(&tokens.access).await.assert_refused("NotAuthorizedException", REVOKED);
        let refused = app.refresh(&client, &tokens.refresh).await;
        refused.assert_refused("NotAuthorizedException", "Refresh Token has been revoked");
    }
}
