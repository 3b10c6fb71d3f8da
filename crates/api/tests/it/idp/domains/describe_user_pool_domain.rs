//! `DescribeUserPoolDomain`.

use cognate_testkit::{Serving, TestApp, both_engines};
use serde_json::{Value, json};

use super::kit::{UNKNOWN, certified, create, described, of_pool};

both_engines! {
    async fn a_prefix_is_described_as_it_was_made(app: TestApp) {
        let pool = app.pool().await;
        create(&app, &pool, "tenant-a", json!({ "ManagedLoginVersion": 2 })).await.assert_good();

        assert_eq!(described(&app, "tenant-a").await, json!({
            "UserPoolId": pool, "AWSAccountId": "123456789012", "Domain": "tenant-a", "Status": "ACTIVE",
            "CloudFrontDistribution": "id.example.com", "Version": "20260102030405", "ManagedLoginVersion": 2,
        }));
    }

    async fn a_name_of_ones_own_is_described_with_its_certificate(app: TestApp) {
        let pool = app.pool().await;
        create(&app, &pool, "auth.example.org", certified()).await.assert_good();

        let described = described(&app, "auth.example.org").await;

        assert_eq!(described["CustomDomainConfig"], certified()["CustomDomainConfig"]);
        assert_eq!((&described["Domain"], &described["ManagedLoginVersion"]), (&json!("auth.example.org"), &json!(1)));
    }

    async fn an_unknown_domain_is_an_empty_object(app: TestApp) {
        for unknown in ["nobody", "auth.example.org", "NOT/a domain", "id.example.com"] {
            let answer = app.idp("DescribeUserPoolDomain", json!({ "Domain": unknown })).await.good();
            assert_eq!(answer, json!({ "DomainDescription": {} }), "{unknown}");
        }
    }

    async fn a_strangers_domain_is_an_unknown_one(app: Serving) {
        let pool = app.pool().await;
        create(&app, &pool, "tenant-a", json!({})).await.assert_good();
        let stranger = app.new_key("999999999999").await;
        let call = async |operation: &str, input: Value| {
            app.send(app.sign(app.unsigned(operation, input.to_string()), &stranger)).await
        };

        let theirs = call("CreateUserPool", json!({ "PoolName": "theirs" })).await.text("/UserPool/Id");
        let seen = call("DescribeUserPoolDomain", json!({ "Domain": "tenant-a" })).await.good();
        assert_eq!(seen, json!({ "DomainDescription": {} }));
        for operation in ["CreateUserPoolDomain", "UpdateUserPoolDomain", "DeleteUserPoolDomain"] {
            let refused = call(operation, json!({ "UserPoolId": pool, "Domain": "tenant-a" })).await;
            refused.assert_refused("ResourceNotFoundException", &format!("User pool {pool} does not exist."));
        }
        for operation in ["UpdateUserPoolDomain", "DeleteUserPoolDomain"] {
            let refused = call(operation, json!({ "UserPoolId": theirs, "Domain": "tenant-a" })).await;
            refused.assert_refused("InvalidParameterException", UNKNOWN);
        }

        assert_eq!(of_pool(&app, &pool).await.0, json!("tenant-a"));
        assert_eq!(described(&app, "tenant-a").await["UserPoolId"], json!(pool));
    }
}
