//! `UpdateGroup`.

use std::sync::Arc;

use cognate_testkit::app::merged;
use cognate_testkit::{Answered, TestApp, both_engines};
use serde_json::{Value, json};
use tokio::task::JoinSet;

use super::kit::{GROUP_NOT_FOUND, create, get, role};

async fn update(app: &TestApp, pool: &str, change: Value) -> Answered {
    app.idp("UpdateGroup", merged(json!({ "UserPoolId": pool, "GroupName": "admins" }), change)).await
}

/// A group with everything, the members of it that may change, and when it was made.
async fn admins(app: &TestApp) -> String {
    let pool = app.pool().await;
    let settings = json!({ "Description": "before", "RoleArn": role("before"), "Precedence": 5 });
    create(app, &pool, "admins", settings).await.assert_good();
    pool
}

both_engines! {
    async fn what_is_given_changes_and_the_rest_stays(app: TestApp) {
        let pool = admins(&app).await;
        for (change, wanted) in [
            (json!({ "Description": "after" }), json!(["after", role("before"), 5])),
            (json!({ "Precedence": 0 }), json!(["after", role("before"), 0])),
            (json!({ "RoleArn": role("after") }), json!(["after", role("after"), 0])),
            (json!({ "Description": "" }), json!(["", role("after"), 0])),
            (json!({ "Description": null, "RoleArn": null, "Precedence": null }), json!(["", role("after"), 0])),
            (json!({}), json!(["", role("after"), 0])),
            (json!({ "Description": "all", "RoleArn": role("all"), "Precedence": 9 }), json!(["all", role("all"), 9])),
        ] {
            let answered = update(&app, &pool, change.clone()).await.good();

            let group = &answered["Group"];
            assert_eq!(json!([group["Description"], group["RoleArn"], group["Precedence"]]), wanted, "{change}");
            assert_eq!(get(&app, &pool, "admins").await.good(), answered);
        }
    }

    async fn the_dates_tell_when_it_was_made_and_when_it_was_changed(app: TestApp) {
        let pool = admins(&app).await;
        app.clock.advance(std::time::Duration::from_millis(1500));

        let group = &update(&app, &pool, json!({ "Precedence": 1 })).await.good()["Group"];

        assert_eq!((&group["CreationDate"], &group["LastModifiedDate"]), (&json!(1_767_323_045.0), &json!(1_767_323_046.5)));
    }

    async fn a_group_that_is_not_there_is_not_made(app: TestApp) {
        let pool = app.pool().await;

        let refused = update(&app, &pool, json!({ "Precedence": 1 })).await;

        refused.assert_refused(GROUP_NOT_FOUND.0, GROUP_NOT_FOUND.1);
        assert_eq!(app.rows("user_groups").await, 0);
    }

    async fn the_group_of_the_same_name_in_another_pool_stays(app: TestApp) {
        let (pool, other) = (admins(&app).await, admins(&app).await);

        update(&app, &pool, json!({ "Description": "after" })).await.assert_good();

        assert_eq!(get(&app, &other, "admins").await.text("/Group/Description"), "before");
    }

    async fn changes_of_different_members_at_once_are_both_kept(app: TestApp) {
        let pool = admins(&app).await;
        let app = Arc::new(app);

        for round in 1..6 {
            let mut calls = JoinSet::new();
            for change in [json!({ "Precedence": round }), json!({ "Description": round.to_string() })] {
                let (app, pool) = (Arc::clone(&app), pool.clone());
                calls.spawn(async move { update(&app, &pool, change).await });
            }
            calls.join_all().await.iter().for_each(Answered::assert_good);
            let group = get(&app, &pool, "admins").await;
            assert_eq!(group["Group"]["Precedence"], round);
            assert_eq!(group.text("/Group/Description"), round.to_string());
        }
    }
}
