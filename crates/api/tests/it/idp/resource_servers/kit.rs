//! The beginnings of the tests of resource servers.

use cognate_testkit::app::merged;
use cognate_testkit::{Answered, TestApp};
use serde_json::{Value, json};

pub(super) const INVALID: &str = "InvalidParameterException";

pub(super) fn scope(name: &str) -> Value {
    json!({ "ScopeName": name, "ScopeDescription": format!("May {name}") })
}

pub(super) async fn create(app: &TestApp, pool: &str, identifier: &str, scopes: &[&str]) -> Answered {
    let scopes: Vec<Value> = scopes.iter().map(|name| scope(name)).collect();
    with(app, "CreateResourceServer", pool, identifier, json!({ "Name": "API", "Scopes": scopes })).await
}

pub(super) async fn update(app: &TestApp, pool: &str, identifier: &str, more: Value) -> Answered {
    with(app, "UpdateResourceServer", pool, identifier, more).await
}

pub(super) async fn describe(app: &TestApp, pool: &str, identifier: &str) -> Answered {
    with(app, "DescribeResourceServer", pool, identifier, json!({})).await
}

pub(super) async fn delete(app: &TestApp, pool: &str, identifier: &str) -> Answered {
    with(app, "DeleteResourceServer", pool, identifier, json!({})).await
}

#[track_caller]
pub(super) fn assert_not_found(answer: &Answered, identifier: &str) {
    answer.assert_refused("ResourceNotFoundException", &format!("Resource server {identifier} does not exist."));
}

async fn with(app: &TestApp, operation: &str, pool: &str, identifier: &str, more: Value) -> Answered {
    app.idp(operation, merged(json!({ "UserPoolId": pool, "Identifier": identifier }), more)).await
}
