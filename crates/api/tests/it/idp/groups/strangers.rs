//! What the key of another account sees of a pool's groups: nothing.

use cognate_testkit::app::merged;
use cognate_testkit::{Serving, both_engines};
use serde_json::json;

use super::kit::{add, ann_and_group, get, groups_of};

both_engines! {
    async fn a_group_is_its_own_accounts(app: Serving) {
        let pool = ann_and_group(&app, "admins").await;
        add(&app, &pool, "ann", "admins").await.assert_good();
        let stranger = app.new_key("999999999999").await;
        let (group, user) = (json!({ "GroupName": "admins" }), json!({ "Username": "ann" }));

        for (operation, more) in [
            ("CreateGroup", json!({ "GroupName": "theirs" })),
            ("GetGroup", group.clone()),
            ("UpdateGroup", merged(group.clone(), json!({ "RoleArn": super::kit::role("theirs") }))),
            ("DeleteGroup", group.clone()),
            ("ListGroups", json!({})),
            ("ListUsersInGroup", group.clone()),
            ("AdminListGroupsForUser", user.clone()),
            ("AdminAddUserToGroup", merged(group.clone(), user.clone())),
            ("AdminRemoveUserFromGroup", merged(group, user)),
        ] {
            let input = merged(json!({ "UserPoolId": pool }), more);
            let call = app.sign(app.unsigned(operation, input.to_string()), &stranger);
            let refused = app.send(call).await;
            refused.assert_refused("ResourceNotFoundException", &format!("User pool {pool} does not exist."));
        }

        assert_eq!(groups_of(&app, &pool, "ann").await, ["admins"]);
        assert_eq!(get(&app, &pool, "admins").await["Group"].get("RoleArn"), None);
        assert_eq!(app.rows("user_groups").await, 1);
    }
}
