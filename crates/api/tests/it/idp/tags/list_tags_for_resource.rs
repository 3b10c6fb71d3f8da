//! `ListTagsForResource`.

use cognate_testkit::{Serving, TestApp, both_engines};
use serde_json::json;

use super::kit::{arn, tags};

both_engines! {
    async fn tags_are_those_the_pool_was_made_with(app: TestApp) {
        let pool = app.pool_with(json!({ "UserPoolTags": { "stage": "test" } })).await;
        assert_eq!(tags(&app, &arn(&pool)).await, json!({ "stage": "test" }));
        assert_eq!(tags(&app, &arn(&app.pool().await)).await, json!({}));
    }

    async fn tags_are_their_own_accounts(app: Serving) {
        let pool = app.pool_with(json!({ "UserPoolTags": { "stage": "test" } })).await;
        let stranger = app.new_key("999999999999").await;

        for arn in [arn(&pool), arn(&pool).replace("123456789012", "999999999999")] {
            for operation in ["ListTagsForResource", "TagResource", "UntagResource"] {
                let input = json!({ "ResourceArn": arn, "Tags": { "stage": "theirs" }, "TagKeys": ["stage"] });
                let refused = app.send(app.sign(app.unsigned(operation, input.to_string()), &stranger)).await;
                refused.assert_refused("ResourceNotFoundException", &format!("User pool {pool} does not exist."));
            }
        }

        assert_eq!(tags(&app, &arn(&pool)).await, json!({ "stage": "test" }));
    }
}
