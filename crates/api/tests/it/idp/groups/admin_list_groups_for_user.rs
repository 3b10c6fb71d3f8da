//! `AdminListGroupsForUser`.

use cognate_testkit::{TestApp, both_engines};
use serde_json::json;

use super::kit::{USER_NOT_FOUND, add, ann_and_group, create, pages, role};

both_engines! {
    async fn a_users_groups_stand_by_name_each_on_one_page(app: TestApp) {
        let pool = ann_and_group(&app, "c").await;
        app.user(&pool, "bob").await;
        for (name, precedence) in [("a", 9), ("b", 1), ("d", 5), ("e", 0)] {
            create(&app, &pool, name, json!({ "Precedence": precedence })).await.assert_good();
        }
        for group in ["d", "a", "c", "b"] {
            add(&app, &pool, "ann", group).await.assert_good();
        }
        add(&app, &pool, "bob", "e").await.assert_good();

        for limit in [1, 2, 3, 4, 60] {
            let list = json!({ "UserPoolId": pool, "Username": "ann", "Limit": limit });
            let seen = pages(&app, "AdminListGroupsForUser", list, "Groups", "GroupName").await;
            assert_eq!(seen, ["a", "b", "c", "d"], "{limit}");
        }
    }

    async fn a_listed_group_is_whole(app: TestApp) {
        let pool = ann_and_group(&app, "others").await;
        let settings = json!({ "Description": "Who may all", "RoleArn": role("admins"), "Precedence": 3 });
        let made = create(&app, &pool, "admins", settings).await.good();
        add(&app, &pool, "ann", "admins").await.assert_good();

        let listed = app.idp("AdminListGroupsForUser", json!({ "UserPoolId": pool, "Username": "ann" })).await.good();

        assert_eq!(listed, json!({ "Groups": [made["Group"]] }));
    }

    async fn who_is_in_none_has_an_empty_list_and_who_is_not_there_none(app: TestApp) {
        let pool = ann_and_group(&app, "admins").await;
        let list = async |user: &str| {
            app.idp("AdminListGroupsForUser", json!({ "UserPoolId": pool, "Username": user })).await
        };

        assert_eq!(list("ann").await.good(), json!({ "Groups": [] }));
        list("eve").await.assert_refused(USER_NOT_FOUND.0, USER_NOT_FOUND.1);
    }
}
