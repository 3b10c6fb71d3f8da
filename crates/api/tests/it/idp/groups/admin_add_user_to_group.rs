//! `AdminAddUserToGroup`.

use std::sync::Arc;

use cognate_testkit::app::PASSWORD;
use cognate_testkit::{TestApp, both_engines};
use serde_json::{Value, json};
use tokio::task::JoinSet;

use super::kit::{
    GROUP_NOT_FOUND, USER_NOT_FOUND, add, ann_and_group, assert_only, create, delete, fill, fill_user, groups_of,
    members, outcomes,
};

const FULL: (&str, &str) = ("InvalidParameterException", "A user cannot be in more than 100 groups.");

async fn delete_user(app: &TestApp, pool: &str, name: &str) -> cognate_testkit::Answered {
    app.idp("AdminDeleteUser", json!({ "UserPoolId": pool, "Username": name })).await
}

both_engines! {
    async fn who_is_added_is_in_the_group_and_nobody_else(app: TestApp) {
        let pool = ann_and_group(&app, "admins").await;
        let sub = app.user(&pool, "bob").await;
        create(&app, &pool, "readers", json!({})).await.assert_good();

        let added = add(&app, &pool, "ann", "admins").await;

        assert_eq!(added.good(), Value::Null);
        assert_eq!(members(&app, &pool, "admins").await, ["ann"]);
        assert_eq!(members(&app, &pool, "readers").await, [""; 0]);
        add(&app, &pool, &sub, "admins").await.assert_good(); // by another name of theirs
        assert_eq!(members(&app, &pool, "admins").await, ["ann", "bob"]);
    }

    async fn adding_twice_is_silent_and_changes_nothing(app: TestApp) {
        let pool = ann_and_group(&app, "admins").await;

        add(&app, &pool, "ann", "admins").await.assert_good();
        add(&app, &pool, "ann", "admins").await.assert_good();

        assert_eq!(app.rows("group_members").await, 1);
        assert_eq!(groups_of(&app, &pool, "ann").await, ["admins"]);
    }

    async fn who_or_what_is_not_there_is_named(app: TestApp) {
        let pool = ann_and_group(&app, "admins").await;
        let other = ann_and_group(&app, "others").await;

        add(&app, &pool, "eve", "admins").await.assert_refused(USER_NOT_FOUND.0, USER_NOT_FOUND.1);
        add(&app, &pool, "ann", "nothing").await.assert_refused(GROUP_NOT_FOUND.0, GROUP_NOT_FOUND.1);
        add(&app, &pool, "ann", "others").await.assert_refused(GROUP_NOT_FOUND.0, GROUP_NOT_FOUND.1);
        add(&app, &other, "ann", "admins").await.assert_refused(GROUP_NOT_FOUND.0, GROUP_NOT_FOUND.1);
        assert_eq!(app.rows("group_members").await, 0);
    }

    async fn a_user_is_in_a_hundred_groups_at_the_most(app: TestApp) {
        let pool = app.pool().await;
        let sub = app.user(&pool, "ann").await;
        fill(&app, &pool, 99).await;
        fill_user(&app, &pool, &sub).await;
        for group in ["the-last", "too-many"] {
            create(&app, &pool, group, json!({})).await.assert_good();
        }

        add(&app, &pool, "ann", "the-last").await.assert_good();
        add(&app, &pool, "ann", "too-many").await.assert_refused(FULL.0, FULL.1);
        add(&app, &pool, "ann", "group-7").await.assert_good(); // they are in it
        assert_eq!(members(&app, &pool, "too-many").await, [""; 0]);

        delete(&app, &pool, "group-7").await.assert_good();
        add(&app, &pool, "ann", "too-many").await.assert_good(); // a deleted one counts no more
        assert_eq!(members(&app, &pool, "too-many").await, ["ann"]);
    }

    async fn the_hundred_hold_for_many_at_once(app: TestApp) {
        let pool = app.pool().await;
        let sub = app.user(&pool, "ann").await;
        fill(&app, &pool, 97).await;
        fill_user(&app, &pool, &sub).await;
        for number in 0..10 {
            create(&app, &pool, &format!("new-{number}"), json!({})).await.assert_good();
        }
        let app = Arc::new(app);

        let mut calls = JoinSet::new();
        for number in 0..10 {
            let (app, pool) = (Arc::clone(&app), pool.clone());
            calls.spawn(async move { add(&app, &pool, "ann", &format!("new-{number}")).await });
        }
        let outcomes = outcomes(calls).await;

        assert_only(&outcomes, &["ok", FULL.0, "TooManyRequestsException"]);
        assert!((1..=3).contains(&outcomes["ok"]), "{outcomes:?}");
        assert_eq!(app.rows("group_members").await, 97 + i64::try_from(outcomes["ok"]).unwrap());
    }

    async fn many_at_once_are_all_added(app: TestApp) {
        let pool = ann_and_group(&app, "admins").await;
        for number in 0..20 {
            app.invited(&pool, &format!("user-{number}"), PASSWORD).await;
        }
        let app = Arc::new(app);

        let mut calls = JoinSet::new();
        for number in 0..20 {
            let (app, pool) = (Arc::clone(&app), pool.clone());
            calls.spawn(async move { add(&app, &pool, &format!("user-{number}"), "admins").await });
        }

        assert_eq!(outcomes(calls).await["ok"], 20);
        assert_eq!(members(&app, &pool, "admins").await.len(), 20);
    }

    async fn a_user_who_is_deleted_takes_their_memberships_along(app: TestApp) {
        let pool = ann_and_group(&app, "admins").await;
        app.user(&pool, "bob").await;
        for name in ["ann", "bob"] {
            add(&app, &pool, name, "admins").await.assert_good();
        }

        delete_user(&app, &pool, "ann").await.assert_good();
        assert_eq!(members(&app, &pool, "admins").await, ["bob"]);
        app.user(&pool, "ann").await;

        assert_eq!(members(&app, &pool, "admins").await, ["bob"]);
        assert_eq!((groups_of(&app, &pool, "ann").await, app.rows("group_members").await), (Vec::new(), 1));
    }

    async fn who_is_added_while_they_are_deleted_leaves_nothing_behind(app: TestApp) {
        let pool = app.pool().await;
        for number in 0..4 {
            create(&app, &pool, &format!("group-{number}"), json!({})).await.assert_good();
        }
        let app = Arc::new(app);

        for _ in 0..8 {
            app.invited(&pool, "ann", PASSWORD).await;
            let mut calls = JoinSet::new();
            for number in 0..4 {
                let (app, pool) = (Arc::clone(&app), pool.clone());
                calls.spawn(async move { add(&app, &pool, "ann", &format!("group-{number}")).await });
            }
            let (there, of) = (Arc::clone(&app), pool.clone());
            let deleted = tokio::spawn(async move { delete_user(&there, &of, "ann").await });

            assert_only(&outcomes(calls).await, &["ok", USER_NOT_FOUND.0, "TooManyRequestsException"]);
            let deleted = deleted.await.unwrap();
            if deleted.error.as_deref() == Some("TooManyRequestsException") {
                delete_user(&app, &pool, "ann").await.assert_good();
            } else {
                deleted.assert_good();
            }
            assert_eq!(app.rows("group_members").await, 0);
        }
    }
}
