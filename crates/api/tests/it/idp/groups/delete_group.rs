//! `DeleteGroup`: nobody is in a group that is gone, nor in a later one of its name.

use std::sync::Arc;

use cognate_testkit::app::PASSWORD;
use cognate_testkit::{TestApp, both_engines};
use serde_json::{Value, json};
use tokio::task::JoinSet;

use super::kit::{
    GROUP_NOT_FOUND, add, ann_and_group, assert_only, create, delete, fill_user, get, groups_of, members, outcomes,
    remove, work,
};

both_engines! {
    async fn a_deleted_group_is_gone_and_answers_nothing(app: TestApp) {
        let pool = ann_and_group(&app, "admins").await;

        let deleted = delete(&app, &pool, "admins").await;

        assert_eq!(deleted.good(), Value::Null);
        get(&app, &pool, "admins").await.assert_refused(GROUP_NOT_FOUND.0, GROUP_NOT_FOUND.1);
        delete(&app, &pool, "admins").await.assert_refused(GROUP_NOT_FOUND.0, GROUP_NOT_FOUND.1);
        add(&app, &pool, "ann", "admins").await.assert_refused(GROUP_NOT_FOUND.0, GROUP_NOT_FOUND.1);
        remove(&app, &pool, "ann", "admins").await.assert_refused(GROUP_NOT_FOUND.0, GROUP_NOT_FOUND.1);
    }

    async fn its_members_are_in_no_group_of_its_name_any_more(app: TestApp) {
        let pool = ann_and_group(&app, "admins").await;
        create(&app, &pool, "readers", json!({})).await.assert_good();
        add(&app, &pool, "ann", "admins").await.assert_good();
        add(&app, &pool, "ann", "readers").await.assert_good();

        delete(&app, &pool, "admins").await.assert_good();
        assert_eq!(groups_of(&app, &pool, "ann").await, ["readers"]);
        create(&app, &pool, "admins", json!({})).await.assert_good();

        assert_eq!(groups_of(&app, &pool, "ann").await, ["readers"]);
        assert_eq!(members(&app, &pool, "admins").await, [""; 0]);
        work(&app).await;
        assert_eq!(groups_of(&app, &pool, "ann").await, ["readers"]);
    }

    async fn the_rows_of_its_members_are_removed_in_steps_and_no_others(app: TestApp) {
        let pool = ann_and_group(&app, "admins").await;
        for group in ["readers", "writers"] {
            create(&app, &pool, group, json!({})).await.assert_good();
        }
        for number in 0..1200 {
            fill_user(&app, &pool, &format!("nobody-{number}")).await;
        }
        delete(&app, &pool, "admins").await.assert_good();
        delete(&app, &pool, "writers").await.assert_good();
        assert_eq!((app.rows("group_members").await, app.rows("deleted_groups").await), (3600, 2));

        cognate_engine::jobs::step(&app.app).await.unwrap();
        let after_one_step = app.rows("group_members").await;
        work(&app).await;

        assert!((1200..3600).contains(&after_one_step), "{after_one_step}");
        assert_eq!((app.rows("group_members").await, app.rows("deleted_groups").await), (1200, 0));
    }

    async fn who_is_added_while_a_group_is_deleted_is_in_no_group(app: TestApp) {
        let pool = app.pool().await;
        for number in 0..6 {
            app.invited(&pool, &format!("user-{number}"), PASSWORD).await;
        }
        let app = Arc::new(app);

        for _ in 0..5 {
            create(&app, &pool, "admins", json!({})).await.assert_good();
            let mut calls = JoinSet::new();
            for number in 0..6 {
                let (app, pool) = (Arc::clone(&app), pool.clone());
                calls.spawn(async move { add(&app, &pool, &format!("user-{number}"), "admins").await });
            }
            let (there, of) = (Arc::clone(&app), pool.clone());
            let deleted = tokio::spawn(async move { delete(&there, &of, "admins").await });
            let (there, of) = (Arc::clone(&app), app.another_node().await);
            let swept = tokio::spawn(async move {
                let _ = (cognate_engine::jobs::step(&there.app).await, cognate_engine::jobs::step(&of.app).await);
            });

            assert_only(&outcomes(calls).await, &["ok", GROUP_NOT_FOUND.0, "TooManyRequestsException"]);
            deleted.await.unwrap().assert_good();
            swept.await.unwrap();

            create(&app, &pool, "admins", json!({})).await.assert_good();
            assert_eq!(members(&app, &pool, "admins").await, [""; 0]);
            for number in 0..6 {
                assert_eq!(groups_of(&app, &pool, &format!("user-{number}")).await, [""; 0]);
            }
            delete(&app, &pool, "admins").await.assert_good();
            work(&app).await;
            assert_eq!((app.rows("group_members").await, app.rows("deleted_groups").await), (0, 0));
        }
    }
}
