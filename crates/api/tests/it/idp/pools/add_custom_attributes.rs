//! `AddCustomAttributes`.

use std::sync::Arc;

use cognate_testkit::{Answered, TestApp, both_engines};
use serde_json::{Value, json};
use tokio::task::JoinSet;

const INVALID: &str = "InvalidParameterException";

fn text(name: &str) -> Value {
    json!({ "Name": name, "AttributeDataType": "String" })
}

async fn add(app: &TestApp, pool: &str, attributes: &[Value]) -> Answered {
    app.idp("AddCustomAttributes", json!({ "UserPoolId": pool, "CustomAttributes": attributes })).await
}

/// The pool's own attributes, as they are described.
async fn custom(app: &TestApp, pool: &str) -> Vec<Value> {
    let pool = app.idp("DescribeUserPool", json!({ "UserPoolId": pool })).await.good();
    let all = pool["UserPool"]["SchemaAttributes"].as_array().unwrap().clone();
    all.into_iter().filter(|one| one["Name"].as_str().unwrap().contains(':')).collect()
}

async fn names(app: &TestApp, pool: &str) -> Vec<String> {
    custom(app, pool).await.iter().map(|one| one["Name"].as_str().unwrap().to_owned()).collect()
}

both_engines! {
    async fn attributes_are_described_with_their_prefix_and_bounds(app: TestApp) {
        let pool = app.pool_with(json!({ "Schema": [text("first")] })).await;

        let answer = add(&app, &pool, &[
            json!({ "Name": "rank", "AttributeDataType": "Number", "Mutable": false,
                "NumberAttributeConstraints": { "MinValue": "1", "MaxValue": "9" } }),
            json!({ "Name": "note", "AttributeDataType": "String", "DeveloperOnlyAttribute": true }),
        ]).await.good();

        assert_eq!(answer, json!({}));
        assert_eq!(names(&app, &pool).await, ["custom:first", "custom:rank", "dev:note"]);
        assert_eq!(custom(&app, &pool).await[1], json!({
            "Name": "custom:rank", "AttributeDataType": "Number", "DeveloperOnlyAttribute": false, "Mutable": false,
            "Required": false, "NumberAttributeConstraints": { "MinValue": "1", "MaxValue": "9" } }));
    }

    async fn an_attribute_can_be_signed_up_with_and_listed_at_once(app: TestApp) {
        let pool = app.pool().await;
        let client = app.client(&pool).await;
        let sign_up = async |name: &str| {
            let attributes = json!([{ "Name": "email", "Value": "a@example.com" }, { "Name": "custom:team", "Value": name }]);
            let input = json!({ "ClientId": client, "Username": name, "Password": "Correct-Horse-9", "UserAttributes": attributes });
            app.idp("SignUp", input).await
        };
        assert_eq!(sign_up("ann").await.error.as_deref(), Some(INVALID)); // and the pool is in the cache now

        add(&app, &pool, &[text("team")]).await.assert_good();

        sign_up("ann").await.assert_good();
        let listed = app.idp("ListUsers", json!({ "UserPoolId": pool, "AttributesToGet": ["custom:team"] })).await.good();
        assert_eq!(listed["Users"][0]["Attributes"], json!([{ "Name": "custom:team", "Value": "ann" }]));
    }

    async fn all_are_added_or_none(app: TestApp) {
        let pool = app.pool_with(json!({ "Schema": [text("team")] })).await;

        let refused = add(&app, &pool, &[text("new"), text("team")]).await;
        refused.assert_refused(INVALID, "custom:team: Existing attribute already has name custom:team.");
        let refused = add(&app, &pool, &[text("new"), text("new")]).await;
        refused.assert_refused(INVALID, "custom:new: Existing attribute already has name custom:new.");
        let nameless = add(&app, &pool, &[text("new"), json!({ "AttributeDataType": "String" })]).await;
        nameless.assert_refused(INVALID, "Invalid Name input, every schema attribute needs one.");
        let required = json!({ "Name": "other", "AttributeDataType": "String", "Required": true });
        let refused = add(&app, &pool, &[text("new"), required]).await;
        refused.assert_refused(INVALID, "Required custom attributes are not supported currently.");

        assert_eq!(names(&app, &pool).await, ["custom:team"]);
    }

    async fn a_pool_has_fifty_at_the_most(app: TestApp) {
        let pool = app.pool().await;
        let some = |from: usize, to: usize| (from..to).map(|number| text(&format!("a{number}"))).collect::<Vec<_>>();
        add(&app, &pool, &some(0, 25)).await.assert_good();
        add(&app, &pool, &some(25, 49)).await.assert_good();

        let refused = add(&app, &pool, &some(49, 51)).await;
        refused.assert_refused(INVALID, "A user pool cannot have more than 50 custom attributes.");
        add(&app, &pool, &some(49, 50)).await.assert_good();

        assert_eq!(names(&app, &pool).await.len(), 50);
    }

    async fn a_call_adds_one_to_twenty_five(app: TestApp) {
        let pool = app.pool().await;
        let many: Vec<Value> = (0..26).map(|number| text(&format!("a{number}"))).collect();
        for (attributes, bound) in [(&many[..], "less than or equal to 25"), (&[][..], "greater than or equal to 1")] {
            let refused = add(&app, &pool, attributes).await;
            assert_eq!(refused.error.as_deref(), Some(INVALID));
            assert!(refused.message.ends_with(&format!("Member must have length {bound}")), "{refused}");
        }
    }

    async fn two_at_the_same_moment_both_survive(app: TestApp) {
        let pool = app.pool().await;
        let app = Arc::new(app);

        for round in 0..10 {
            let mut calls = JoinSet::new();
            for side in ["left", "right"] {
                let (app, pool) = (Arc::clone(&app), pool.clone());
                calls.spawn(async move { add(&app, &pool, &[text(&format!("{side}{round}"))]).await });
            }
            calls.join_all().await.iter().for_each(Answered::assert_good);
        }

        assert_eq!(names(&app, &pool).await.len(), 20);
    }

    async fn of_ten_of_one_name_one_is_added(app: TestApp) {
        let pool = app.pool().await;
        let app = Arc::new(app);

        let mut calls = JoinSet::new();
        for _ in 0..10 {
            let (app, pool) = (Arc::clone(&app), pool.clone());
            calls.spawn(async move { add(&app, &pool, &[text("team")]).await });
        }
        let answers = calls.join_all().await;

        assert_eq!(answers.iter().filter(|answer| answer.status == 200).count(), 1);
        assert_eq!(names(&app, &pool).await, ["custom:team"]);
    }

    async fn an_unknown_pool_has_no_schema(app: TestApp) {
        let refused = add(&app, "us-east-1_000000000", &[text("team")]).await;
        refused.assert_refused("ResourceNotFoundException", "User pool us-east-1_000000000 does not exist.");
    }
}
