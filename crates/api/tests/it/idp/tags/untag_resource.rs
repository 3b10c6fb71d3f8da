//! `UntagResource`.

use cognate_testkit::{TestApp, both_engines};
use serde_json::json;

use super::kit::{arn, tag, tags, untag};

both_engines! {
    async fn tags_are_taken_away_by_their_exact_keys(app: TestApp) {
        let pool = app.pool_with(json!({ "UserPoolTags": { "stage": "test", "owner": "ann", "Stage": "x" } })).await;

        assert_eq!(untag(&app, &arn(&pool), json!(["stage", "unknown", "stage"])).await.good(), json!({}));
        assert_eq!(tags(&app, &arn(&pool)).await, json!({ "owner": "ann", "Stage": "x" }));

        untag(&app, &arn(&pool), json!(["owner", "Stage"])).await.assert_good();
        assert_eq!(tags(&app, &arn(&pool)).await, json!({}));
        tag(&app, &arn(&pool), json!({ "owner": "bob" })).await.assert_good();
    }

    async fn a_pool_that_is_not_there_has_no_tags(app: TestApp) {
        let refused = untag(&app, &arn("us-east-1_000000000"), json!(["a"])).await;
        refused.assert_refused("ResourceNotFoundException", "User pool us-east-1_000000000 does not exist.");
    }
}
