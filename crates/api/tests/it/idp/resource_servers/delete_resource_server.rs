//! `DeleteResourceServer`.

use cognate_testkit::{TestApp, both_engines};
use serde_json::{Value, json};

use super::kit::{assert_not_found, create, delete, describe};

both_engines! {
    async fn a_deleted_server_is_gone_and_can_be_made_again(app: TestApp) {
        let pool = app.pool().await;
        create(&app, &pool, "photos", &["read"]).await.assert_good();
        create(&app, &pool, "films", &[]).await.assert_good();

        let answer = delete(&app, &pool, "photos").await;

        assert_eq!((answer.status, answer.body), (200, Value::Null)); // no body at all
        assert_not_found(&describe(&app, &pool, "photos").await, "photos");
        assert_not_found(&delete(&app, &pool, "photos").await, "photos");
        describe(&app, &pool, "films").await.assert_good();
        create(&app, &pool, "photos", &[]).await.assert_good();
    }

    async fn only_a_server_of_this_pool_is_deleted(app: TestApp) {
        let (pool, other) = (app.pool().await, app.pool().await);
        create(&app, &other, "photos", &[]).await.assert_good();

        assert_not_found(&delete(&app, &pool, "photos").await, "photos");

        describe(&app, &other, "photos").await.assert_good();
    }

    async fn servers_go_with_their_pool(app: TestApp) {
        let (pool, other) = (app.pool().await, app.pool().await);
        create(&app, &pool, "photos", &[]).await.assert_good();
        create(&app, &other, "photos", &[]).await.assert_good();

        app.idp("DeleteUserPool", json!({ "UserPoolId": pool })).await.assert_good();

        assert_eq!(app.rows("resource_servers").await, 1);
        describe(&app, &other, "photos").await.assert_good();
    }
}
