//! `DeleteUserPoolClientSecret`

use std::sync::Arc;
use std::time::Duration;

use cognate_testkit::app::Answered;
use cognate_testkit::{TestApp, both_engines};
use serde_json::json;

use super::add_user_pool_client_secret::{OWN, add, confidential, listed, revokes, signed_in};

async fn delete(app: &TestApp, pool: &str, client: &str, secret_id: &str) -> Answered {
    let input = json!({ "UserPoolId": pool, "ClientId": client, "ClientSecretId": secret_id });
    app.idp("DeleteUserPoolClientSecret", input).await
}

/// The ids of the first and of an added secret.
async fn ids(app: &TestApp, pool: &str, client: &str) -> [String; 2] {
    let listed = listed(app, pool, client).await;
    [0, 1].map(|at: usize| listed[at]["ClientSecretId"].as_str().unwrap().to_owned())
}

both_engines! {
    async fn the_first_secret_goes_and_the_second_stays(app: TestApp) {
        let (pool, client, first) = confidential(&app).await;
        app.user(&pool, "ann").await;
        app.clock.advance(Duration::from_mins(1));
        add(&app, &pool, &client, Some(OWN)).await.assert_good();
        signed_in(&app, &client, &first).await.assert_good(); // now in the cache
        let [first_id, _] = ids(&app, &pool, &client).await;

        assert_eq!(delete(&app, &pool, &client, &first_id).await.good(), json!({}));

        signed_in(&app, &client, &first).await.assert_refused(
            "NotAuthorizedException",
            &format!("Unable to verify secret hash for client {client}"),
        );
        revokes(&app, &client, &first).await.assert_refused("UnauthorizedException", "Invalid client or client secret");
        signed_in(&app, &client, OWN).await.assert_good();
        let described = app.idp("DescribeUserPoolClient", json!({ "UserPoolId": pool, "ClientId": client })).await;
        assert_eq!(described.text("/UserPoolClient/ClientSecret"), OWN);
    }

    async fn the_added_secret_goes_and_the_first_stays(app: TestApp) {
        let (pool, client, first) = confidential(&app).await;
        app.user(&pool, "ann").await;
        add(&app, &pool, &client, Some(OWN)).await.assert_good();
        let [_, added_id] = ids(&app, &pool, &client).await;

        delete(&app, &pool, &client, &added_id).await.assert_good();

        assert_eq!(signed_in(&app, &client, OWN).await.status, 400);
        signed_in(&app, &client, &first).await.assert_good();
        assert_eq!(app.rows("client_secrets").await, 0);
    }

    async fn the_last_secret_cannot_go_and_the_client_never_becomes_public(app: TestApp) {
        let (pool, client, _) = confidential(&app).await;
        add(&app, &pool, &client, Some(OWN)).await.assert_good();
        let [first_id, added_id] = ids(&app, &pool, &client).await;
        delete(&app, &pool, &client, &first_id).await.assert_good();

        let refused = delete(&app, &pool, &client, &added_id).await;

        let sentence = "The last remaining client secret of a user pool client can not be deleted.";
        refused.assert_refused("InvalidParameterException", sentence);
        revokes(&app, &client, OWN).await.assert_good();
        let without = json!({ "ClientId": client, "Token": "a.b.c.d.e" });
        let refused = app.idp("RevokeToken", without).await;
        refused.assert_refused("UnauthorizedException", "Invalid client or client secret");
    }

    async fn of_two_deletions_at_once_one_secret_remains(app: TestApp) {
        let (pool, client, _) = confidential(&app).await;
        add(&app, &pool, &client, None).await.assert_good();
        let [first_id, added_id] = ids(&app, &pool, &client).await;
        let app = Arc::new(app);

        let (one, other) = tokio::join!(delete(&app, &pool, &client, &first_id), delete(&app, &pool, &client, &added_id));

        assert_eq!([one.status, other.status].iter().filter(|status| **status == 200).count(), 1, "{one} {other}");
        assert_eq!(listed(&app, &pool, &client).await.len(), 1);
    }

    async fn the_secrets_can_be_changed_over_and_over(app: TestApp) {
        let (pool, client, _) = confidential(&app).await;
        for _ in 0..4 {
            let added = add(&app, &pool, &client, None).await.text("/ClientSecretDescriptor/ClientSecretValue");
            let [older, _] = ids(&app, &pool, &client).await;
            delete(&app, &pool, &client, &older).await.assert_good();
            revokes(&app, &client, &added).await.assert_good();
        }
        assert_eq!((app.rows("client_secrets").await, listed(&app, &pool, &client).await.len()), (1, 1));
    }

    async fn an_unknown_secret_is_not_found(app: TestApp) {
        let (pool, client, _) = confidential(&app).await;
        let (other_pool, other, _) = confidential(&app).await;
        add(&app, &pool, &client, None).await.assert_good();
        add(&app, &other_pool, &other, None).await.assert_good();
        let [others, _] = ids(&app, &other_pool, &other).await;

        let refused = delete(&app, &pool, &client, &others).await;
        refused.assert_refused("ResourceNotFoundException", &format!("Client secret {others} does not exist."));
        let refused = delete(&app, &pool, &other, &others).await;
        refused.assert_refused("ResourceNotFoundException", &format!("User pool client {other} does not exist."));
        assert_eq!(listed(&app, &other_pool, &other).await.len(), 2);
    }
}
