//! `DeleteUserPoolDomain`.

use cognate_testkit::{TestApp, both_engines};
use serde_json::{Value, json};

use super::kit::{INVALID, UNKNOWN, certified, create, delete, described, of_pool};

both_engines! {
    async fn a_deleted_domain_is_free_for_anybody(app: TestApp) {
        let (pool, other) = (app.pool().await, app.pool().await);
        create(&app, &pool, "tenant-a", json!({})).await.assert_good();
        create(&app, &pool, "auth.example.org", certified()).await.assert_good();

        assert_eq!(delete(&app, &pool, "tenant-a").await.good(), json!({}));

        assert_eq!(of_pool(&app, &pool).await, (Value::Null, json!("auth.example.org")));
        assert_eq!(described(&app, "tenant-a").await, json!({}));
        delete(&app, &pool, "tenant-a").await.assert_refused(INVALID, UNKNOWN);
        create(&app, &other, "tenant-a", json!({})).await.assert_good();
        create(&app, &pool, "tenant-b", json!({})).await.assert_good();
    }

    async fn only_a_domain_of_this_pool_is_deleted(app: TestApp) {
        let (pool, other) = (app.pool().await, app.pool().await);
        create(&app, &other, "tenant-a", json!({})).await.assert_good();

        delete(&app, &pool, "tenant-a").await.assert_refused(INVALID, UNKNOWN);

        assert_eq!(of_pool(&app, &other).await.0, json!("tenant-a"));
    }
}
