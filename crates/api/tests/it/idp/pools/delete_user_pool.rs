//! `DeleteUserPool`, and the domains that stand in its way.

use cognate_testkit::{TestApp, both_engines};
use serde_json::json;

const HAS_A_DOMAIN: &str = "User pool cannot be deleted. It has a domain configured that should be deleted first.";

both_engines! {
    async fn a_pool_with_a_domain_is_not_deleted(app: TestApp) {
        let pool = app.pool().await;
        let custom = json!({ "CertificateArn": "arn:aws:acm:us-east-1:123456789012:certificate/one" });
        let prefix = json!({ "UserPoolId": pool, "Domain": "tenant-a" });
        let whole = json!({ "UserPoolId": pool, "Domain": "auth.example.org", "CustomDomainConfig": custom });
        let delete = async || app.idp("DeleteUserPool", json!({ "UserPoolId": pool })).await;

        for input in [prefix, whole] {
            app.idp("CreateUserPoolDomain", input.clone()).await.assert_good();
            delete().await.assert_refused("InvalidParameterException", HAS_A_DOMAIN);
            app.idp("DeleteUserPoolDomain", input).await.assert_good();
        }

        delete().await.assert_good();
    }

    async fn an_update_does_not_lose_the_domain(app: TestApp) {
        let pool = app.pool().await;
        app.idp("CreateUserPoolDomain", json!({ "UserPoolId": pool, "Domain": "tenant-a" })).await.assert_good();

        app.idp("UpdateUserPool", json!({ "UserPoolId": pool })).await.assert_good();

        let described = app.idp("DescribeUserPool", json!({ "UserPoolId": pool })).await.good();
        assert_eq!(described["UserPool"]["Domain"], json!("tenant-a"));
        let refused = app.idp("DeleteUserPool", json!({ "UserPoolId": pool })).await;
        refused.assert_refused("InvalidParameterException", HAS_A_DOMAIN);
    }
}
