//! The beginnings of the tests of login domains.

use cognate_testkit::app::merged;
use cognate_testkit::{Answered, TestApp};
use serde_json::{Value, json};

pub(super) const INVALID: &str = "InvalidParameterException";
pub(super) const TAKEN: &str = "Domain already associated with another user pool.";
pub(super) const FULL: &str = "User pool already has a domain configured.";
pub(super) const UNKNOWN: &str = "No such domain or user pool exists.";

/// What makes a domain a name of the owner's own.
pub(super) fn certified() -> Value {
    json!({ "CustomDomainConfig": { "CertificateArn": "arn:aws:acm:us-east-1:123456789012:certificate/one" } })
}

pub(super) async fn create(app: &TestApp, pool: &str, domain: &str, more: Value) -> Answered {
    app.idp("CreateUserPoolDomain", merged(json!({ "UserPoolId": pool, "Domain": domain }), more)).await
}

pub(super) async fn update(app: &TestApp, pool: &str, domain: &str, more: Value) -> Answered {
    app.idp("UpdateUserPoolDomain", merged(json!({ "UserPoolId": pool, "Domain": domain }), more)).await
}

pub(super) async fn delete(app: &TestApp, pool: &str, domain: &str) -> Answered {
    app.idp("DeleteUserPoolDomain", json!({ "UserPoolId": pool, "Domain": domain })).await
}

/// The description, empty for a domain that is not there.
pub(super) async fn described(app: &TestApp, domain: &str) -> Value {
    app.idp("DescribeUserPoolDomain", json!({ "Domain": domain })).await.good()["DomainDescription"].take()
}

/// What the pool says of its domains: prefix and name of its own.
pub(super) async fn of_pool(app: &TestApp, pool: &str) -> (Value, Value) {
    let pool = app.idp("DescribeUserPool", json!({ "UserPoolId": pool })).await.good();
    (pool["UserPool"]["Domain"].clone(), pool["UserPool"]["CustomDomain"].clone())
}
