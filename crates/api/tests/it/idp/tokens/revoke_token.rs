//! `RevokeToken`

use std::time::Duration;

use cognate_testkit::app::Tokens;
use cognate_testkit::{TestApp, both_engines};
use serde_json::json;

async fn ann(app: &TestApp) -> (String, String, Tokens) {
    let pool = app.pool().await;
    let client = app.client(&pool).await;
    app.user(&pool, "ann").await;
    let tokens = app.tokens(&client, "ann").await;
    (pool, client, tokens)
}

async fn revoke(app: &TestApp, client: &str, token: &str) -> cognate_testkit::Answered {
    app.idp("RevokeToken", json!({ "ClientId": client, "Token": token })).await
}

both_engines! {
    async fn a_whole_sign_in_falls_and_no_other(app: TestApp) {
        let (_, client, tokens) = ann(&app).await;
        let refreshed = app.refresh(&client, &tokens.refresh).await.text("/AuthenticationResult/AccessToken");
        let other = app.tokens(&client, "ann").await;

        assert_eq!(revoke(&app, &client, &tokens.refresh).await.good(), json!({}));

        for access in [&tokens.access, &refreshed] {
            app.get_user(access).await.assert_refused("NotAuthorizedException", "Access Token has been revoked");
        }
        let refused = app.refresh(&client, &tokens.refresh).await;
        refused.assert_refused("NotAuthorizedException", "Refresh Token has been revoked");
        app.get_user(&other.access).await.assert_good();
        app.refresh(&client, &other.refresh).await.assert_good();
    }

    async fn revoking_again_or_nothing_at_all_is_no_error(app: TestApp) {
        let (_, client, tokens) = ann(&app).await;
        revoke(&app, &client, &tokens.refresh).await.assert_good();

        revoke(&app, &client, &tokens.refresh).await.assert_good();
        revoke(&app, &client, &format!("{}x", tokens.refresh)).await.assert_good();
        app.clock.advance(Duration::from_hours(24 * 31));
        revoke(&app, &client, &tokens.refresh).await.assert_good();
    }

    async fn another_client_cannot_revoke_it(app: TestApp) {
        let (pool, _, tokens) = ann(&app).await;
        let other = app.client(&pool).await;

        let refused = revoke(&app, &other, &tokens.refresh).await;

        assert_eq!(refused.error.as_deref(), Some("UnauthorizedException"), "{refused}");
        app.get_user(&tokens.access).await.assert_good();
    }

    async fn a_client_of_another_pool_can_neither(app: TestApp) {
        let (_, _, tokens) = ann(&app).await;
        let elsewhere = app.client(&app.pool().await).await;

        revoke(&app, &elsewhere, &tokens.refresh).await;

        app.get_user(&tokens.access).await.assert_good();
    }

    async fn only_refresh_tokens_can_be_revoked(app: TestApp) {
        let (_, client, tokens) = ann(&app).await;

        for token in [&tokens.access, &tokens.id, "x", "a.b.c.d"] {
            let refused = revoke(&app, &client, token).await;
            assert_eq!(refused.error.as_deref(), Some("UnsupportedTokenTypeException"), "{refused}");
        }
        app.get_user(&tokens.access).await.assert_good();
    }

    async fn a_client_without_revocation_revokes_nothing(app: TestApp) {
        let pool = app.pool().await;
        let client = app.client_with(&pool, json!({ "EnableTokenRevocation": false })).await;
        app.user(&pool, "ann").await;
        let tokens = app.tokens(&client, "ann").await;

        let refused = revoke(&app, &client, &tokens.refresh).await;

        assert_eq!(refused.error.as_deref(), Some("UnsupportedOperationException"), "{refused}");
        app.refresh(&client, &tokens.refresh).await.assert_good();
    }

    async fn a_secret_is_asked_for_in_plain(app: TestApp) {
        let pool = app.pool().await;
        let input = json!({ "UserPoolId": pool, "ClientName": "secretive", "GenerateSecret": true });
        let made = app.idp("CreateUserPoolClient", input).await;
        let (client, secret) = (made.text("/UserPoolClient/ClientId"), made.text("/UserPoolClient/ClientSecret"));

        for wrong in [None, Some(format!("{secret}0")), Some("0123456789012345678901234".to_owned())] {
            let input = json!({ "ClientId": client, "Token": "a.b.c.d.e", "ClientSecret": wrong });
            let refused = app.idp("RevokeToken", input).await;
            assert_eq!(refused.error.as_deref(), Some("UnauthorizedException"), "{refused}");
        }
        let right = json!({ "ClientId": client, "Token": "a.b.c.d.e", "ClientSecret": secret });
        app.idp("RevokeToken", right).await.assert_good();
    }
}
