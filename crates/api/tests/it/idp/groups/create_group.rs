//! `CreateGroup`.

use std::sync::Arc;

use cognate_testkit::{TestApp, both_engines};
use serde_json::json;
use tokio::task::JoinSet;

use super::kit::{GROUP_NOT_FOUND, assert_only, create, fill, get, outcomes, role};

const EXISTS: (&str, &str) = ("GroupExistsException", "A group with the name already exists.");
const FULL: (&str, &str) = ("LimitExceededException", "A user pool cannot have more than 10000 groups.");

both_engines! {
    async fn a_group_is_answered_and_found_as_it_was_made(app: TestApp) {
        let pool = app.pool().await;
        let settings = json!({ "Description": "Who may all", "RoleArn": role("admins"), "Precedence": 0 });

        let made = create(&app, &pool, "admins", settings).await.good();

        let moment = 1_767_323_045.0;
        assert_eq!(made, json!({ "Group": {
            "GroupName": "admins", "UserPoolId": pool, "Description": "Who may all", "RoleArn": role("admins"),
            "Precedence": 0, "LastModifiedDate": moment, "CreationDate": moment,
        } }));
        assert_eq!(get(&app, &pool, "admins").await.good(), made);
    }

    async fn a_group_has_nothing_it_was_not_given(app: TestApp) {
        let pool = app.pool().await;

        let made = create(&app, &pool, "readers", json!({})).await.good();

        let members: Vec<&String> = made["Group"].as_object().unwrap().keys().collect();
        assert_eq!(members, ["GroupName", "UserPoolId", "LastModifiedDate", "CreationDate"]);
        assert_eq!(get(&app, &pool, "readers").await.good(), made);
    }

    async fn a_name_is_taken_once_in_a_pool_and_by_its_exact_spelling(app: TestApp) {
        let (pool, other) = (app.pool().await, app.pool().await);
        create(&app, &pool, "admins", json!({ "Description": "the first" })).await.assert_good();

        create(&app, &pool, "admins", json!({})).await.assert_refused(EXISTS.0, EXISTS.1);
        create(&app, &pool, "Admins", json!({})).await.assert_good();
        create(&app, &other, "admins", json!({})).await.assert_good();

        assert_eq!(get(&app, &pool, "admins").await.text("/Group/Description"), "the first");
        get(&app, &pool, "ADMINS").await.assert_refused(GROUP_NOT_FOUND.0, GROUP_NOT_FOUND.1);
        get(&app, &other, "Admins").await.assert_refused(GROUP_NOT_FOUND.0, GROUP_NOT_FOUND.1);
    }

    async fn a_precedence_has_its_bounds(app: TestApp) {
        let pool = app.pool().await;

        let least = create(&app, &pool, "a", json!({ "Precedence": -1 })).await;
        let most = create(&app, &pool, "b", json!({ "Precedence": i32::MAX })).await.good();
        let more = create(&app, &pool, "c", json!({ "Precedence": i64::from(i32::MAX) + 1 })).await;

        assert_eq!(most["Group"]["Precedence"], i32::MAX);
        least.assert_refused(
            "InvalidParameterException",
            "1 validation error detected: Value '-1' at 'precedence' failed to satisfy constraint: Member must have \
             value greater than or equal to 0",
        );
        assert_eq!(more.error.as_deref(), Some("SerializationException"));
        assert_eq!(app.rows("user_groups").await, 1);
    }

    async fn the_group_before_the_last_is_made_and_none_behind_it(app: TestApp) {
        let pool = app.pool().await;
        fill(&app, &pool, 9_999).await;

        create(&app, &pool, "the-last", json!({})).await.assert_good();
        create(&app, &pool, "too-many", json!({})).await.assert_refused(FULL.0, FULL.1);
        create(&app, &app.pool().await, "elsewhere", json!({})).await.assert_good();
        super::kit::delete(&app, &pool, "group-7").await.assert_good();
        create(&app, &pool, "in-its-place", json!({})).await.assert_good();
    }

    async fn the_limit_holds_for_many_at_once(app: TestApp) {
        let pool = app.pool().await;
        fill(&app, &pool, 9_997).await;
        let app = Arc::new(app);

        let mut calls = JoinSet::new();
        for number in 0..12 {
            let (app, pool) = (Arc::clone(&app), pool.clone());
            calls.spawn(async move { create(&app, &pool, &format!("new-{number}"), json!({})).await });
        }
        let outcomes = outcomes(calls).await;

        assert_only(&outcomes, &["ok", FULL.0, "TooManyRequestsException"]);
        assert!(outcomes["ok"] <= 3, "{outcomes:?}");
        assert_eq!(app.rows("user_groups").await, 9_997 + i64::try_from(outcomes["ok"]).unwrap());
    }

    async fn of_twenty_groups_of_one_name_one_is_made(app: TestApp) {
        let pool = app.pool().await;
        let app = Arc::new(app);

        let mut calls = JoinSet::new();
        for _ in 0..20 {
            let (app, pool) = (Arc::clone(&app), pool.clone());
            calls.spawn(async move { create(&app, &pool, "admins", json!({})).await });
        }
        let outcomes = outcomes(calls).await;

        assert_only(&outcomes, &["ok", EXISTS.0, "TooManyRequestsException"]);
        assert_eq!((outcomes["ok"], app.rows("user_groups").await), (1, 1));
    }

    async fn groups_of_many_names_at_once_are_all_made(app: TestApp) {
        let pool = app.pool().await;
        let app = Arc::new(app);

        let mut calls = JoinSet::new();
        for number in 0..30 {
            let (app, pool) = (Arc::clone(&app), pool.clone());
            calls.spawn(async move { create(&app, &pool, &format!("group-{number}"), json!({})).await });
        }

        assert_eq!(outcomes(calls).await["ok"], 30);
        assert_eq!(app.rows("user_groups").await, 30);
    }

    async fn a_pool_that_is_gone_gets_no_group_from_a_node_that_has_not_heard_of_it(app: TestApp) {
        let there = app.another_node().await;
        let pool = app.pool().await;
        get(&there, &pool, "admins").await.assert_refused(GROUP_NOT_FOUND.0, GROUP_NOT_FOUND.1); // now in its cache
        app.idp("DeleteUserPool", json!({ "UserPoolId": pool })).await.assert_good();

        let refused = create(&there, &pool, "admins", json!({})).await;

        refused.assert_refused("ResourceNotFoundException", &format!("User pool {pool} does not exist."));
        assert_eq!(app.rows("user_groups").await, 0);
    }
}
