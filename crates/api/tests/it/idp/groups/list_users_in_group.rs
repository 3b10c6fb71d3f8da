//! `ListUsersInGroup`.

use cognate_testkit::{TestApp, both_engines};
use serde_json::json;

use super::kit::{GROUP_NOT_FOUND, add, ann_and_group, create, pages};

both_engines! {
    async fn members_are_each_on_one_page(app: TestApp) {
        let pool = ann_and_group(&app, "admins").await;
        create(&app, &pool, "readers", json!({})).await.assert_good();
        for name in ["bob", "cid", "dan", "eve"] {
            app.invited(&pool, name, cognate_testkit::app::PASSWORD).await;
        }
        for name in ["ann", "bob", "cid", "dan"] {
            add(&app, &pool, name, "admins").await.assert_good();
        }
        add(&app, &pool, "eve", "readers").await.assert_good();

        for limit in [1, 2, 3, 4, 60] {
            let list = json!({ "UserPoolId": pool, "GroupName": "admins", "Limit": limit });
            let mut seen = pages(&app, "ListUsersInGroup", list, "Users", "Username").await;
            seen.sort();
            assert_eq!(seen, ["ann", "bob", "cid", "dan"], "{limit}");
        }
    }

    async fn a_listed_member_is_the_user_that_list_users_shows(app: TestApp) {
        let pool = ann_and_group(&app, "admins").await;
        add(&app, &pool, "ann", "admins").await.assert_good();

        let members = app.idp("ListUsersInGroup", json!({ "UserPoolId": pool, "GroupName": "admins" })).await.good();
        let users = app.idp("ListUsers", json!({ "UserPoolId": pool })).await.good();

        assert_eq!(members, json!({ "Users": users["Users"] }));
        assert_eq!(members["Users"][0]["Username"], "ann");
    }

    async fn a_group_of_nobody_has_an_empty_list_and_no_group_none(app: TestApp) {
        let pool = ann_and_group(&app, "admins").await;
        let list = async |group: &str| {
            app.idp("ListUsersInGroup", json!({ "UserPoolId": pool, "GroupName": group })).await
        };

        assert_eq!(list("admins").await.good(), json!({ "Users": [] }));
        list("nothing").await.assert_refused(GROUP_NOT_FOUND.0, GROUP_NOT_FOUND.1);
    }
}
