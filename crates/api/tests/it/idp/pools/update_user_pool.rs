//! `UpdateUserPool`, where it meets what has operations of its own.

use cognate_testkit::app::merged;
use cognate_testkit::{TestApp, both_engines};
use serde_json::json;

both_engines! {
    async fn a_pool_with_managed_login_does_not_become_lite(app: TestApp) {
        let pool = app.pool().await;
        let named = json!({ "UserPoolId": pool, "Domain": "tenant-a" });
        let version = |version: i32| merged(named.clone(), json!({ "ManagedLoginVersion": version }));
        app.idp("CreateUserPoolDomain", version(2)).await.assert_good();
        let lite = json!({ "UserPoolId": pool, "UserPoolTier": "LITE" });

        app.idp("UpdateUserPool", lite.clone()).await.assert_refused(
            "FeatureUnavailableInTierException",
            "The following features need to be disabled for the LITE pricing tier configured: Managed Login",
        );
        app.idp("UpdateUserPoolDomain", version(1)).await.assert_good();
        app.idp("UpdateUserPool", lite).await.assert_good();

        let refused = app.idp("UpdateUserPoolDomain", version(2)).await;
        assert_eq!(refused.error.as_deref(), Some("FeatureUnavailableInTierException"));
    }

    async fn tags_and_added_attributes_stay(app: TestApp) {
        let pool = app.pool_with(json!({ "UserPoolTags": { "stage": "test" } })).await;
        let added = json!([{ "Name": "team", "AttributeDataType": "String" }]);
        app.idp("AddCustomAttributes", json!({ "UserPoolId": pool, "CustomAttributes": added })).await.assert_good();

        app.idp("UpdateUserPool", json!({ "UserPoolId": pool })).await.assert_good();

        let now = app.idp("DescribeUserPool", json!({ "UserPoolId": pool })).await.good();
        assert_eq!(now["UserPool"]["UserPoolTags"], json!({ "stage": "test" }));
        let attributes = now["UserPool"]["SchemaAttributes"].as_array().unwrap();
        assert!(attributes.iter().any(|one| one["Name"] == "custom:team"), "{now}");
    }

    /// Terraform sends empty lists where nobody configured any.
    async fn a_clients_empty_lists_of_attributes_are_none(app: TestApp) {
        let required = json!([{ "Name": "email", "AttributeDataType": "String", "Required": true }]);
        let pool = app.pool_with(json!({ "Schema": required, "AutoVerifiedAttributes": ["email"] })).await;
        let client = app.client(&pool).await;

        let lists = json!({ "UserPoolId": pool, "ClientId": client, "ReadAttributes": [], "WriteAttributes": [] });
        let flows = json!({ "ExplicitAuthFlows": ["ALLOW_USER_PASSWORD_AUTH", "ALLOW_REFRESH_TOKEN_AUTH"] });
        let changed = app.idp("UpdateUserPoolClient", merged(lists, flows)).await.good();

        assert_eq!(changed["UserPoolClient"].get("ReadAttributes"), None);
        app.sign_up(&client, "ann").await.assert_good(); // with an address
        app.confirm(&client, "ann", &app.code("ann").await).await.assert_good();
        let claims = app.password(&client, "ann", cognate_testkit::app::PASSWORD).await.claims("IdToken");
        assert_eq!(claims["email"], json!("ann@example.com"));
    }
}
