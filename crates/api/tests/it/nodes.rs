//! Two nodes on one database: what one writes the other sees, at once or within a second.

use std::time::{Duration, Instant};

use cognate_testkit::app::PASSWORD;
use cognate_testkit::{TestApp, both_engines};
use serde_json::json;

/// What a node may be behind, and some time for a busy machine.
const STALE: Duration = Duration::from_millis(1000 + 500);

both_engines! {
    async fn a_changed_client_is_seen_here_at_once_and_there_within_a_second(app: TestApp) {
        let there = app.another_node().await;
        let pool = app.pool().await;
        let client = app.client(&pool).await;
        app.user(&pool, "ann").await;
        there.password(&client, "ann", PASSWORD).await.assert_good(); // now in its cache

        let update = json!({ "UserPoolId": pool, "ClientId": client, "ExplicitAuthFlows": ["ALLOW_USER_SRP_AUTH"] });
        app.idp("UpdateUserPoolClient", update).await.assert_good();
        let changed = Instant::now();

        let sentence = "USER_PASSWORD_AUTH flow not enabled for this client";
        app.password(&client, "ann", PASSWORD).await.assert_refused("InvalidParameterException", sentence);
        loop {
            let answer = there.password(&client, "ann", PASSWORD).await;
            if answer.status == 400 {
                answer.assert_refused("InvalidParameterException", sentence);
                break;
            }
            assert!(changed.elapsed() < STALE, "still served after {:?}", changed.elapsed());
            tokio::time::sleep(Duration::from_millis(20)).await;
        }
    }

    async fn a_revoked_token_is_refused_everywhere_at_once(app: TestApp) {
        let there = app.another_node().await;
        let pool = app.pool().await;
        let client = app.client(&pool).await;
        app.user(&pool, "ann").await;
        let tokens = there.tokens(&client, "ann").await;
        there.get_user(&tokens.access).await.assert_good();

        app.idp("RevokeToken", json!({ "ClientId": client, "Token": tokens.refresh })).await.assert_good();

        let refused = there.get_user(&tokens.access).await;
        refused.assert_refused("NotAuthorizedException", "Access Token has been revoked");
        let refused = there.refresh(&client, &tokens.refresh).await;
        refused.assert_refused("NotAuthorizedException", "Refresh Token has been revoked");
    }

    async fn a_code_sent_here_is_good_there_and_once(app: TestApp) {
        let there = app.another_node().await;
        let pool = app.pool().await;
        let client = app.client(&pool).await;
        app.sign_up(&client, "ann").await.assert_good();
        let code = app.code("ann").await;

        there.confirm(&client, "ann", &code).await.assert_good();

        assert_eq!(app.confirm(&client, "ann", &code).await.error.as_deref(), Some("NotAuthorizedException"));
    }

    async fn a_session_asked_for_here_is_answered_there_and_once(app: TestApp) {
        let there = app.another_node().await;
        let pool = app.pool().await;
        let client = app.client(&pool).await;
        app.invited(&pool, "ann", PASSWORD).await;
        let session = app.password(&client, "ann", PASSWORD).await.text("/Session");
        let answers = [("USERNAME", "ann"), ("NEW_PASSWORD", "Brand-New-Pass-2")];

        there.answer(&client, "NEW_PASSWORD_REQUIRED", &session, &answers).await.assert_good();

        let again = app.answer(&client, "NEW_PASSWORD_REQUIRED", &session, &answers).await;
        assert_eq!(again.error.as_deref(), Some("NotAuthorizedException"), "{again}");
    }

    async fn failures_here_lock_there(app: TestApp) {
        let there = app.another_node().await;
        let pool = app.pool().await;
        let client = app.client(&pool).await;
        app.user(&pool, "ann").await;
        for _ in 0..5 {
            app.password(&client, "ann", "Wrong-Horse-9").await;
        }

        let refused = there.password(&client, "ann", PASSWORD).await;

        refused.assert_refused("NotAuthorizedException", "Password attempts exceeded");
    }

    async fn keys_rotated_here_sign_there_within_a_second(app: TestApp) {
        let there = app.another_node().await;
        let pool = app.pool().await;
        let client = app.client(&pool).await;
        app.user(&pool, "ann").await;
        let kid = |token: &str| cognate_jose::peek(token).unwrap().kid;
        let old = kid(&there.tokens(&client, "ann").await.access);

        app.cx().rotate_keys(&pool).await.unwrap();
        tokio::time::sleep(STALE).await;

        let here = app.tokens(&client, "ann").await;
        assert_ne!(kid(&here.access), old);
        assert_eq!(kid(&there.tokens(&client, "ann").await.access), kid(&here.access));
        there.get_user(&here.access).await.assert_good();
    }
}
