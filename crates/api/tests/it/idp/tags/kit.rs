//! The beginnings of the tests of tags.

use cognate_testkit::{Answered, TestApp};
use serde_json::{Value, json};

pub(super) const INVALID: &str = "InvalidParameterException";

pub(super) fn arn(pool: &str) -> String {
    format!("arn:aws:cognito-idp:us-east-1:123456789012:userpool/{pool}")
}

pub(super) async fn tag(app: &TestApp, arn: &str, tags: Value) -> Answered {
    app.idp("TagResource", json!({ "ResourceArn": arn, "Tags": tags })).await
}

pub(super) async fn untag(app: &TestApp, arn: &str, keys: Value) -> Answered {
    app.idp("UntagResource", json!({ "ResourceArn": arn, "TagKeys": keys })).await
}

pub(super) async fn tags(app: &TestApp, arn: &str) -> Value {
    app.idp("ListTagsForResource", json!({ "ResourceArn": arn })).await.good()["Tags"].take()
}
