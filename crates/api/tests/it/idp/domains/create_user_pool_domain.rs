//! `CreateUserPoolDomain`.

use std::sync::Arc;

use cognate_testkit::app::merged;
use cognate_testkit::{TestApp, both_engines};
use serde_json::{Value, json};
use tokio::task::JoinSet;

use super::kit::{FULL, INVALID, TAKEN, certified, create, described, of_pool};

both_engines! {
    async fn a_prefix_is_answered_with_the_version_of_its_pages(app: TestApp) {
        let pool = app.pool().await;

        let made = create(&app, &pool, "tenant-a", json!({})).await.good();

        assert_eq!(made, json!({ "ManagedLoginVersion": 1 }));
        assert_eq!(of_pool(&app, &pool).await, (json!("tenant-a"), Value::Null));
    }

    async fn a_name_of_ones_own_is_answered_with_what_dns_must_point_to(app: TestApp) {
        let pool = app.pool().await;

        let input = merged(certified(), json!({ "ManagedLoginVersion": 2 }));
        let made = create(&app, &pool, "auth.example.org", input).await.good();

        assert_eq!(made, json!({ "ManagedLoginVersion": 2, "CloudFrontDomain": "id.example.com" }));
        assert_eq!(of_pool(&app, &pool).await, (Value::Null, json!("auth.example.org")));
    }

    async fn a_pool_has_one_of_each_kind_and_no_more(app: TestApp) {
        let pool = app.pool().await;
        create(&app, &pool, "tenant-a", json!({})).await.assert_good();
        create(&app, &pool, "auth.example.org", certified()).await.assert_good();

        create(&app, &pool, "tenant-b", json!({})).await.assert_refused(INVALID, FULL);
        create(&app, &pool, "login.example.org", certified()).await.assert_refused(INVALID, FULL);
        create(&app, &pool, "tenant-a", json!({})).await.assert_refused(INVALID, FULL);

        assert_eq!(of_pool(&app, &pool).await, (json!("tenant-a"), json!("auth.example.org")));
        assert_eq!(app.rows("login_domains").await, 2);
    }

    async fn a_name_belongs_to_one_pool_of_the_server(app: TestApp) {
        let (pool, other) = (app.pool().await, app.pool().await);
        create(&app, &pool, "tenant-a", json!({})).await.assert_good();
        create(&app, &pool, "auth.example.org", certified()).await.assert_good();

        create(&app, &other, "tenant-a", json!({})).await.assert_refused(INVALID, TAKEN);
        create(&app, &other, "auth.example.org", certified()).await.assert_refused(INVALID, TAKEN);

        assert_eq!(of_pool(&app, &other).await, (Value::Null, Value::Null));
        assert_eq!(described(&app, "tenant-a").await["UserPoolId"], json!(pool));
    }

    async fn names_that_cannot_be_are_refused(app: TestApp) {
        let pool = app.pool().await;
        let prefix = "The domain name contains an invalid character. Domain names can only contain lower-case letters, \
                      numbers, and hyphens. Please enter a different name that follows this format: \
                      ^[a-z0-9](?:[a-z0-9\\-]{0,61}[a-z0-9])?$";
        let whole = "Custom domain is not a valid subdomain: it must be a lower-case name of at least two labels, such \
                     as auth.example.com.";

        create(&app, &pool, "auth.example.org", json!({})).await.assert_refused(INVALID, prefix);
        create(&app, &pool, "Tenant", json!({})).await.assert_refused(INVALID, prefix);
        create(&app, &pool, "127.0.0.1", certified()).await.assert_refused(INVALID, whole);
        create(&app, &pool, "my-cognito", json!({})).await
            .assert_refused(INVALID, "Domain cannot contain reserved word: cognito");
        create(&app, &pool, "id.example.com", certified()).await.assert_refused(INVALID, TAKEN); // the server's own
        create(&app, &pool, &"a".repeat(64), json!({})).await.assert_refused(INVALID, &format!(
            "1 validation error detected: Value '{}' at 'domain' failed to satisfy constraint: Member must have length \
             less than or equal to 63", "a".repeat(64)));

        assert_eq!((app.rows("login_domains").await, of_pool(&app, &pool).await), (0, (Value::Null, Value::Null)));
    }

    async fn managed_login_is_not_for_lite(app: TestApp) {
        let pool = app.pool_with(json!({ "UserPoolTier": "LITE" })).await;
        let refused = create(&app, &pool, "tenant-a", json!({ "ManagedLoginVersion": 2 })).await;
        refused.assert_refused(
            "FeatureUnavailableInTierException",
            "The following features need to be disabled for the LITE pricing tier configured: Managed Login",
        );
        let unknown = create(&app, &pool, "tenant-a", json!({ "ManagedLoginVersion": 3 })).await;
        unknown.assert_refused(INVALID, "ManagedLoginVersion must be 1 or 2.");
        create(&app, &pool, "tenant-a", json!({ "ManagedLoginVersion": 1 })).await.assert_good();
    }

    async fn of_twenty_pools_that_want_a_name_one_gets_it(app: TestApp) {
        let app = Arc::new(app);
        let mut pools = Vec::new();
        for _ in 0..20 {
            pools.push(app.pool().await);
        }

        let mut calls = JoinSet::new();
        for pool in pools.clone() {
            let app = Arc::clone(&app);
            calls.spawn(async move { create(&app, &pool, "tenant-a", json!({})).await });
        }
        let answers = calls.join_all().await;

        assert_eq!(answers.iter().filter(|answer| answer.status == 200).count(), 1);
        assert!(answers.iter().all(|answer| [200, 400].contains(&answer.status)));
        let owner = described(&app, "tenant-a").await["UserPoolId"].clone();
        for pool in pools {
            let own = if owner == json!(pool) { json!("tenant-a") } else { Value::Null };
            assert_eq!(of_pool(&app, &pool).await.0, own);
        }
    }

    async fn of_ten_names_that_a_pool_wants_it_gets_one(app: TestApp) {
        let pool = app.pool().await;
        let app = Arc::new(app);

        let mut calls = JoinSet::new();
        for number in 0..10 {
            let (app, pool) = (Arc::clone(&app), pool.clone());
            calls.spawn(async move { create(&app, &pool, &format!("tenant-{number}"), json!({})).await });
        }
        let answers = calls.join_all().await;

        assert_eq!(answers.iter().filter(|answer| answer.status == 200).count(), 1);
        assert_eq!(app.rows("login_domains").await, 1);
        let kept = of_pool(&app, &pool).await.0;
        assert_eq!(described(&app, kept.as_str().unwrap()).await["UserPoolId"], json!(pool));
    }
}
