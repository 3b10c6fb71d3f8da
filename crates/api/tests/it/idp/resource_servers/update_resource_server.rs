//! `UpdateResourceServer`.

use cognate_testkit::{TestApp, both_engines};
use serde_json::json;

use super::kit::{INVALID, assert_not_found, create, describe, scope, update};

both_engines! {
    async fn name_and_scopes_are_replaced(app: TestApp) {
        let pool = app.pool().await;
        create(&app, &pool, "photos", &["read", "write"]).await.assert_good();
        create(&app, &pool, "films", &["read"]).await.assert_good();

        let answer = update(&app, &pool, "photos", json!({ "Name": "New", "Scopes": [scope("share")] })).await.good();

        let now = json!({ "ResourceServer": {
            "UserPoolId": pool, "Identifier": "photos", "Name": "New", "Scopes": [scope("share")] } });
        assert_eq!(answer, now);
        assert_eq!(describe(&app, &pool, "photos").await.good(), now);
        assert_eq!(describe(&app, &pool, "films").await["ResourceServer"]["Scopes"], json!([scope("read")]));
    }

    async fn scopes_that_are_left_out_are_gone(app: TestApp) {
        let pool = app.pool().await;
        create(&app, &pool, "photos", &["read"]).await.assert_good();

        update(&app, &pool, "photos", json!({ "Name": "Photos" })).await.assert_good();

        let now = json!({ "UserPoolId": pool, "Identifier": "photos", "Name": "Photos" });
        assert_eq!(describe(&app, &pool, "photos").await["ResourceServer"], now);
    }

    async fn a_refused_update_changes_nothing(app: TestApp) {
        let pool = app.pool().await;
        let made = create(&app, &pool, "photos", &["read"]).await.good();

        let twice = json!({ "Name": "New", "Scopes": [scope("a"), scope("a")] });
        update(&app, &pool, "photos", twice).await.assert_refused(INVALID, "Duplicate scope name: a");

        assert_eq!(describe(&app, &pool, "photos").await.good(), made);
    }

    async fn only_a_server_of_this_pool_is_changed(app: TestApp) {
        let (pool, other) = (app.pool().await, app.pool().await);
        let made = create(&app, &other, "photos", &["read"]).await.good();

        assert_not_found(&update(&app, &pool, "photos", json!({ "Name": "New" })).await, "photos");

        assert_eq!(describe(&app, &other, "photos").await.good(), made);
        assert_eq!(app.rows("resource_servers").await, 1);
    }
}
