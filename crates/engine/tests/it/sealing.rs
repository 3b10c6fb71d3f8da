//! Whoever can write to the database still cannot move secrets about: what is sealed is bound to its place.

use cognate_testkit::app::PASSWORD;
use cognate_testkit::{TestApp, both_engines};
use serde_json::json;

async fn run(app: &TestApp, sql: &str) {
    app.app.db.write(async |tx| tx.query(sql).execute().await).await.unwrap();
}

both_engines! {
    async fn somebody_elses_verifier_signs_nobody_in(app: TestApp) {
        let pool = app.pool().await;
        let client = app.client(&pool).await;
        app.user(&pool, "ann").await;
        app.user(&pool, "eve").await;

        run(&app, "UPDATE users SET verifier_sealed = (SELECT verifier_sealed FROM users WHERE username = 'eve'),
                   salt = (SELECT salt FROM users WHERE username = 'eve') WHERE username = 'ann'").await;

        let answer = app.password(&client, "ann", PASSWORD).await;
        assert_eq!((answer.status, answer.error.as_deref()), (500, Some("InternalErrorException")), "{answer}");
        assert_eq!(answer.message, "Internal error.");
        assert_eq!(app.rows("token_families").await, 0);
    }

    async fn another_clients_secret_opens_nothing(app: TestApp) {
        let pool = app.pool().await;
        let secretive = json!({ "GenerateSecret": true });
        let (one, other) = (app.client_with(&pool, secretive.clone()).await, app.client_with(&pool, secretive).await);

        let others = format!("SELECT secret_sealed FROM clients WHERE client_id = '{other}'");
        run(&app, &format!("UPDATE clients SET secret_sealed = ({others}) WHERE client_id = '{one}'")).await;
        app.app.caches.forget_all();

        let answer = app.idp("DescribeUserPoolClient", json!({ "UserPoolId": pool, "ClientId": one })).await;
        assert_eq!(answer.error.as_deref(), Some("InternalErrorException"), "{answer}");
        app.idp("DescribeUserPoolClient", json!({ "UserPoolId": pool, "ClientId": other })).await.assert_good();
    }

    async fn another_pools_key_signs_nothing(app: TestApp) {
        let (pool, other) = (app.pool().await, app.pool().await);
        let client = app.client(&pool).await;
        app.user(&pool, "ann").await;

        run(&app, &format!("UPDATE signing_keys SET pool_id = 'gone' WHERE pool_id = '{pool}'")).await;
        run(&app, &format!("UPDATE signing_keys SET pool_id = '{pool}' WHERE pool_id = '{other}'")).await;
        app.app.caches.forget_all();

        let answer = app.password(&client, "ann", PASSWORD).await;
        assert_eq!(answer.error.as_deref(), Some("InternalErrorException"), "{answer}");
    }
}
