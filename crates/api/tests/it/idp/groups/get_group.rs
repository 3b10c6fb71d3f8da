//! `GetGroup`.

use cognate_testkit::{TestApp, both_engines};
use serde_json::json;

use super::kit::{GROUP_NOT_FOUND, create, get, role};

both_engines! {
    async fn a_group_is_found_by_pool_and_name(app: TestApp) {
        let (pool, other) = (app.pool().await, app.pool().await);
        for (pool, name) in [(&pool, "readers"), (&pool, "écrivains✍"), (&other, "readers")] {
            let settings = json!({ "Description": format!("{name} of {pool}"), "RoleArn": role("x"), "Precedence": 1 });
            let made = create(&app, pool, name, settings).await;
            assert_eq!(get(&app, pool, name).await.good(), made.good());
        }
        assert_eq!(get(&app, &other, "readers").await.text("/Group/Description"), format!("readers of {other}"));
    }

    async fn a_group_that_is_not_there_is_not_found(app: TestApp) {
        let pool = app.pool().await;

        get(&app, &pool, "readers").await.assert_refused(GROUP_NOT_FOUND.0, GROUP_NOT_FOUND.1);
        let nowhere = get(&app, "us-east-1_000000000", "readers").await;
        nowhere.assert_refused("ResourceNotFoundException", "User pool us-east-1_000000000 does not exist.");
    }
}
