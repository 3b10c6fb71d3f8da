//! `AdminRemoveUserFromGroup`.

use cognate_testkit::{TestApp, both_engines};
use serde_json::{Value, json};

use super::kit::{GROUP_NOT_FOUND, USER_NOT_FOUND, add, ann_and_group, create, groups_of, members, remove};

both_engines! {
    async fn who_is_removed_is_out_of_this_group_alone(app: TestApp) {
        let pool = ann_and_group(&app, "admins").await;
        app.user(&pool, "bob").await;
        create(&app, &pool, "readers", json!({})).await.assert_good();
        for (user, group) in [("ann", "admins"), ("ann", "readers"), ("bob", "admins")] {
            add(&app, &pool, user, group).await.assert_good();
        }

        let removed = remove(&app, &pool, "ann", "admins").await;

        assert_eq!(removed.good(), Value::Null);
        assert_eq!(groups_of(&app, &pool, "ann").await, ["readers"]);
        assert_eq!(members(&app, &pool, "admins").await, ["bob"]);
    }

    async fn removing_who_is_not_in_it_is_silent(app: TestApp) {
        let pool = ann_and_group(&app, "admins").await;

        remove(&app, &pool, "ann", "admins").await.assert_good();
        add(&app, &pool, "ann", "admins").await.assert_good();
        remove(&app, &pool, "ann", "admins").await.assert_good();
        remove(&app, &pool, "ann", "admins").await.assert_good();

        assert_eq!(members(&app, &pool, "admins").await, [""; 0]);
        add(&app, &pool, "ann", "admins").await.assert_good();
        assert_eq!(members(&app, &pool, "admins").await, ["ann"]);
    }

    async fn who_or_what_is_not_there_is_named(app: TestApp) {
        let pool = ann_and_group(&app, "admins").await;

        remove(&app, &pool, "eve", "admins").await.assert_refused(USER_NOT_FOUND.0, USER_NOT_FOUND.1);
        remove(&app, &pool, "ann", "nothing").await.assert_refused(GROUP_NOT_FOUND.0, GROUP_NOT_FOUND.1);
    }
}
