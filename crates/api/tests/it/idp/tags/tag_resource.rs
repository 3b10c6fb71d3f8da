//! `TagResource`.

use std::sync::Arc;

use cognate_testkit::{TestApp, both_engines};
use serde_json::{Map, Value, json};
use tokio::task::JoinSet;

use super::kit::{INVALID, arn, tag, tags};

fn numbered(from: usize, to: usize) -> Value {
    Value::Object((from..to).map(|number| (format!("key-{number}"), json!("x"))).collect::<Map<_, _>>())
}

both_engines! {
    async fn tags_are_added_and_values_replaced(app: TestApp) {
        let pool = app.pool_with(json!({ "UserPoolTags": { "stage": "test", "owner": "ann" } })).await;

        assert_eq!(tag(&app, &arn(&pool), json!({ "stage": "live", "Grüße": "" })).await.good(), json!({}));

        let now = json!({ "stage": "live", "owner": "ann", "Grüße": "" });
        assert_eq!(tags(&app, &arn(&pool)).await, now);
        let described = app.idp("DescribeUserPool", json!({ "UserPoolId": pool })).await.good();
        assert_eq!(described["UserPool"]["UserPoolTags"], now);
    }

    async fn a_pool_has_fifty_at_the_most(app: TestApp) {
        let pool = app.pool().await;
        tag(&app, &arn(&pool), numbered(0, 49)).await.assert_good();

        let refused = tag(&app, &arn(&pool), numbered(48, 51)).await;

        refused.assert_refused(INVALID, "A user pool cannot have more than 50 tags.");
        assert_eq!(tags(&app, &arn(&pool)).await, numbered(0, 49));
        tag(&app, &arn(&pool), numbered(48, 50)).await.assert_good();
    }

    async fn keys_of_aws_are_reserved_wherever_tags_are_given(app: TestApp) {
        let pool = app.pool().await;
        let sentence = "aws: prefixed tag key names are not allowed for external use.";

        let reserved = json!({ "AWS:cloudformation:stack-name": "x", "mine": "y" });
        tag(&app, &arn(&pool), reserved.clone()).await.assert_refused(INVALID, sentence);
        let input = json!({ "UserPoolId": pool, "UserPoolTags": reserved });
        app.idp("UpdateUserPool", input).await.assert_refused(INVALID, sentence);

        assert_eq!(tags(&app, &arn(&pool)).await, json!({}));
    }

    async fn two_at_the_same_moment_both_survive(app: TestApp) {
        let pool = app.pool().await;
        let app = Arc::new(app);

        for round in 0..10 {
            let mut calls = JoinSet::new();
            for side in ["left", "right"] {
                let (app, arn) = (Arc::clone(&app), arn(&pool));
                calls.spawn(async move { tag(&app, &arn, json!({ format!("{side}-{round}"): "x" })).await });
            }
            calls.join_all().await.iter().for_each(cognate_testkit::Answered::assert_good);
        }

        assert_eq!(tags(&app, &arn(&pool)).await.as_object().unwrap().len(), 20);
    }

    async fn only_the_whole_arn_of_a_pool_names_it(app: TestApp) {
        let pool = app.pool().await;
        let not_found = format!("User pool {pool} does not exist.");

        for other in [
            arn(&pool).replace("123456789012", "999999999999"),
            arn(&pool).replace(":us-east-1:", ":eu-west-1:"),
            arn(&pool).replace("arn:aws:", "arn:aws-cn:"),
            arn(&pool).replace(":cognito-idp:", ":cognito-identity:"),
        ] {
            let refused = tag(&app, &other, json!({ "a": "b" })).await;
            refused.assert_refused("ResourceNotFoundException", &not_found);
        }
        for other in [
            arn(&pool).replace("userpool/", "identitypool/"),
            arn(&pool).replace("userpool/", "userpools/"),
            format!("arn:aws:cognito-idp:us-east-1:123456789012:{pool}"),
        ] {
            let refused = tag(&app, &other, json!({ "a": "b" })).await;
            refused.assert_refused(INVALID, "ResourceArn is not the ARN of a user pool.");
        }
        let client = app.client(&pool).await;
        let refused = tag(&app, &format!("{}/client/{client}", arn(&pool)), json!({ "a": "b" })).await;
        refused.assert_refused(
            "ResourceNotFoundException",
            &format!("User pool {pool}/client/{client} does not exist."),
        );

        assert_eq!(tags(&app, &arn(&pool)).await, json!({}));
    }
}
