//! `ListGroups`, and what the three lists of this noun share.

use std::time::Duration;

use cognate_testkit::{TestApp, both_engines};
use serde_json::json;

use super::kit::{add, ann_and_group, create, delete, fill, names, pages, role};

const INVALID: (&str, &str) = ("InvalidParameterException", "Invalid pagination token given.");

both_engines! {
    async fn groups_stand_by_name_each_on_one_page(app: TestApp) {
        let (pool, other) = (app.pool().await, app.pool().await);
        for name in ["b", "a", "é", "B"] {
            create(&app, &pool, name, json!({})).await.assert_good();
        }
        create(&app, &other, "elsewhere", json!({})).await.assert_good();

        for limit in [1, 2, 3, 4, 60] {
            let list = json!({ "UserPoolId": pool, "Limit": limit });
            assert_eq!(pages(&app, "ListGroups", list, "Groups", "GroupName").await, ["B", "a", "b", "é"]);
        }
    }

    async fn a_listed_group_is_whole(app: TestApp) {
        let pool = app.pool().await;
        let settings = json!({ "Description": "Who may all", "RoleArn": role("admins"), "Precedence": 3 });
        let made = create(&app, &pool, "admins", settings).await.good();

        let listed = app.idp("ListGroups", json!({ "UserPoolId": pool })).await.good();

        assert_eq!(listed, json!({ "Groups": [made["Group"]] }));
    }

    async fn a_pool_without_groups_has_an_empty_list(app: TestApp) {
        let pool = app.pool().await;
        assert_eq!(app.idp("ListGroups", json!({ "UserPoolId": pool })).await.good(), json!({ "Groups": [] }));
    }

    async fn no_limit_and_a_limit_of_nought_mean_sixty(app: TestApp) {
        let pool = app.pool().await;
        fill(&app, &pool, 61).await;

        for list in [json!({ "UserPoolId": pool }), json!({ "UserPoolId": pool, "Limit": 0 })] {
            let page = app.idp("ListGroups", list).await.good();
            assert_eq!(names(&page["Groups"], "GroupName").len(), 60);
            assert!(page["NextToken"].is_string());
        }
    }

    async fn a_token_belongs_to_its_own_list_and_hour(app: TestApp) {
        let pool = ann_and_group(&app, "one").await;
        app.user(&pool, "bob").await;
        create(&app, &pool, "two", json!({})).await.assert_good();
        for (user, group) in [("ann", "one"), ("ann", "two"), ("bob", "one"), ("bob", "two")] {
            add(&app, &pool, user, group).await.assert_good();
        }
        let lists = [
            ("ListGroups", json!({ "UserPoolId": pool, "Limit": 1 })),
            ("AdminListGroupsForUser", json!({ "UserPoolId": pool, "Limit": 1, "Username": "ann" })),
            ("AdminListGroupsForUser", json!({ "UserPoolId": pool, "Limit": 1, "Username": "bob" })),
            ("ListUsersInGroup", json!({ "UserPoolId": pool, "Limit": 1, "GroupName": "one" })),
            ("ListUsersInGroup", json!({ "UserPoolId": pool, "Limit": 1, "GroupName": "two" })),
        ];

        for (at, (operation, list)) in lists.iter().enumerate() {
            let token = app.idp(operation, list.clone()).await.text("/NextToken");
            for (there, (other, foreign)) in lists.iter().enumerate() {
                let mut next = foreign.clone();
                next["NextToken"] = token.clone().into();
                let answer = app.idp(other, next).await;
                if at == there { answer.assert_good() } else { answer.assert_refused(INVALID.0, INVALID.1) }
            }
            let mut next = list.clone();
            next["NextToken"] = token.into();
            app.clock.almost(Duration::from_hours(1));
            app.idp(operation, next.clone()).await.assert_good();
            app.clock.tick();
            app.idp(operation, next).await.assert_refused(INVALID.0, INVALID.1);
        }
    }

    async fn the_members_of_a_later_group_of_the_name_are_another_list(app: TestApp) {
        let pool = ann_and_group(&app, "admins").await;
        app.user(&pool, "bob").await;
        let list = json!({ "UserPoolId": pool, "Limit": 1, "GroupName": "admins" });
        add(&app, &pool, "ann", "admins").await.assert_good();
        add(&app, &pool, "bob", "admins").await.assert_good();
        let mut next = list.clone();
        next["NextToken"] = app.idp("ListUsersInGroup", list).await.text("/NextToken").into();

        delete(&app, &pool, "admins").await.assert_good();
        create(&app, &pool, "admins", json!({})).await.assert_good();

        app.idp("ListUsersInGroup", next).await.assert_refused(INVALID.0, INVALID.1);
    }
}
