//! `UpdateUserPoolDomain`.

use std::time::Duration;

use cognate_testkit::app::merged;
use cognate_testkit::{TestApp, both_engines};
use serde_json::json;

use super::kit::{INVALID, UNKNOWN, certified, create, described, update};

both_engines! {
    async fn the_version_of_a_prefix_is_changed(app: TestApp) {
        let pool = app.pool().await;
        create(&app, &pool, "tenant-a", json!({})).await.assert_good();
        app.clock.tick();
        app.clock.almost(Duration::from_mins(1));

        let answer = update(&app, &pool, "tenant-a", json!({ "ManagedLoginVersion": 2 })).await.good();

        assert_eq!(answer, json!({ "ManagedLoginVersion": 2 }));
        let now = described(&app, "tenant-a").await;
        assert_eq!(now["ManagedLoginVersion"], json!(2));
        assert_ne!(now["Version"], json!("20260102030405"));
    }

    async fn the_certificate_of_a_name_is_replaced(app: TestApp) {
        let pool = app.pool().await;
        create(&app, &pool, "auth.example.org", merged(certified(), json!({ "ManagedLoginVersion": 2 }))).await.assert_good();
        let renewed = json!({ "CustomDomainConfig": {
            "CertificateArn": "arn:aws:acm:us-east-1:123456789012:certificate/two", "SecurityPolicy": "TLS_V1_2_2021" } });

        let answer = update(&app, &pool, "auth.example.org", renewed.clone()).await.good();

        assert_eq!(answer, json!({ "ManagedLoginVersion": 2, "CloudFrontDomain": "id.example.com" }));
        assert_eq!(described(&app, "auth.example.org").await["CustomDomainConfig"], renewed["CustomDomainConfig"]);
    }

    async fn a_prefix_and_a_name_do_not_become_each_other(app: TestApp) {
        let pool = app.pool().await;
        create(&app, &pool, "tenant-a", json!({})).await.assert_good();
        create(&app, &pool, "auth.example.org", certified()).await.assert_good();

        let refused = update(&app, &pool, "auth.example.org", json!({ "ManagedLoginVersion": 2 })).await;
        refused.assert_refused(INVALID, "Cannot convert custom domain to prefix domain.");
        let refused = update(&app, &pool, "tenant-a", certified()).await;
        refused.assert_refused(INVALID, "Cannot convert prefix domain to custom domain.");
    }

    async fn managed_login_is_not_for_lite(app: TestApp) {
        let pool = app.pool_with(json!({ "UserPoolTier": "LITE" })).await;
        create(&app, &pool, "tenant-a", json!({})).await.assert_good();

        let refused = update(&app, &pool, "tenant-a", json!({ "ManagedLoginVersion": 2 })).await;

        assert_eq!(refused.error.as_deref(), Some("FeatureUnavailableInTierException"));
        assert_eq!(described(&app, "tenant-a").await["ManagedLoginVersion"], json!(1));
    }

    async fn only_a_domain_of_this_pool_is_changed(app: TestApp) {
        let (pool, other) = (app.pool().await, app.pool().await);
        create(&app, &other, "tenant-a", json!({})).await.assert_good();

        for domain in ["tenant-a", "nobody"] {
            update(&app, &pool, domain, json!({ "ManagedLoginVersion": 2 })).await.assert_refused(INVALID, UNKNOWN);
        }

        assert_eq!(described(&app, "tenant-a").await["ManagedLoginVersion"], json!(1));
    }
}
