//! `SetUserPoolMfaConfig` and `GetUserPoolMfaConfig`: what is kept of second factors, and that requiring one fails closed.

use std::sync::Arc;

use cognate_testkit::app::{Answered, PASSWORD, merged};
use cognate_testkit::{TestApp, both_engines};
use serde_json::{Value, json};
use tokio::task::JoinSet;

async fn set(app: &TestApp, pool: &str, settings: Value) -> Answered {
    app.idp("SetUserPoolMfaConfig", merged(json!({ "UserPoolId": pool }), settings)).await
}

async fn told(app: &TestApp, pool: &str) -> Value {
    app.idp("GetUserPoolMfaConfig", json!({ "UserPoolId": pool })).await.good()
}

fn software_token(mode: &str) -> Value {
    json!({ "MfaConfiguration": mode, "SoftwareTokenMfaConfiguration": { "Enabled": true } })
}

both_engines! {
    async fn what_is_set_is_answered_told_and_described(app: TestApp) {
        let pool = app.pool().await;
        assert_eq!(told(&app, &pool).await, json!({ "MfaConfiguration": "OFF" }));
        let sender = json!({ "SnsCallerArn": "arn:aws:iam::123456789012:role/sms", "ExternalId": "x" });
        let texts = json!({ "SmsAuthenticationMessage": "Sign in with {####}", "SmsConfiguration": sender });
        let settings = merged(software_token("OPTIONAL"), json!({ "SmsMfaConfiguration": texts }));

        assert_eq!(set(&app, &pool, settings.clone()).await.good(), settings);

        assert_eq!(told(&app, &pool).await, settings);
        let described = app.idp("DescribeUserPool", json!({ "UserPoolId": pool })).await.good();
        assert_eq!(described["UserPool"]["MfaConfiguration"], "OPTIONAL");
        assert_eq!(described["UserPool"]["SmsConfiguration"], sender);
        assert_eq!(described["UserPool"]["SmsAuthenticationMessage"], "Sign in with {####}");
    }

    async fn a_pool_that_requires_mfa_lets_nobody_in_and_one_that_offers_it_everybody(app: TestApp) {
        let pool = app.pool().await;
        let client = app.client(&pool).await;
        app.user(&pool, "ann").await;
        app.tokens(&client, "ann").await; // the pool is in the cache

        set(&app, &pool, software_token("ON")).await.assert_good();
        for _ in 0..2 {
            let refused = app.password(&client, "ann", PASSWORD).await;
            assert_eq!((refused.status, refused.error.as_deref()), (501, Some("NotImplementedException")), "{refused}");
            assert_eq!(refused.message, "Sign-in with required MFA is not implemented yet.");
            app.app.caches.forget_all();
        }
        let wrong = app.password(&client, "ann", "Wrong-Horse-9").await;
        assert_ne!(wrong.status, 200, "{wrong}");

        set(&app, &pool, software_token("OPTIONAL")).await.assert_good();
        app.tokens(&client, "ann").await;
    }

    async fn an_update_of_the_pool_that_does_not_name_mfa_turns_it_off(app: TestApp) {
        let pool = app.pool().await;
        set(&app, &pool, software_token("ON")).await.assert_good();

        app.idp("UpdateUserPool", json!({ "UserPoolId": pool, "MfaConfiguration": "ON" })).await.assert_good();
        assert_eq!(told(&app, &pool).await, software_token("ON"));
        app.idp("UpdateUserPool", json!({ "UserPoolId": pool })).await.assert_good();
        assert_eq!(told(&app, &pool).await, json!({ "MfaConfiguration": "OFF" }));
    }

    async fn contradictions_are_refused_and_change_nothing(app: TestApp) {
        let pool = app.pool().await;
        for (settings, sentence) in [
            (
                json!({ "MfaConfiguration": "ON" }),
                "At least one of [SmsMfaConfiguration] or [SoftwareTokenMfaConfiguration] must be provided.",
            ),
            (
                json!({ "SoftwareTokenMfaConfiguration": { "Enabled": true } }),
                "[MfaConfiguration] must be one of 'ON', 'OFF', or 'OPTIONAL'.",
            ),
            (
                software_token("OFF"),
                "Invalid MFA configuration given, can't turn off MFA and configure an MFA together.",
            ),
        ] {
            set(&app, &pool, settings).await.assert_refused("InvalidParameterException", sentence);
        }
        assert_eq!(told(&app, &pool).await, json!({ "MfaConfiguration": "OFF" }));
    }

    async fn email_mfa_is_for_the_essentials_tier(app: TestApp) {
        let sender = json!({ "EmailSendingAccount": "DEVELOPER",
            "SourceArn": "arn:aws:ses:us-east-1:123456789012:identity/a@example.com" });
        let lite = app.pool_with(json!({ "UserPoolTier": "LITE", "EmailConfiguration": sender })).await;
        let email = json!({ "MfaConfiguration": "ON", "EmailMfaConfiguration": { "Message": "{####}", "Subject": "Code" } });

        let refused = set(&app, &lite, email.clone()).await;
        assert_eq!(refused.error.as_deref(), Some("FeatureUnavailableInTierException"), "{refused}");
        let essentials = app.pool_with(json!({ "EmailConfiguration": sender })).await;
        set(&app, &essentials, email).await.assert_good();
    }

    async fn other_peoples_pools_do_not_exist(app: TestApp) {
        let absent = "us-east-1_000000000";
        let sentence = format!("User pool {absent} does not exist.");
        let refused = set(&app, absent, software_token("ON")).await;
        refused.assert_refused("ResourceNotFoundException", &sentence);
        let refused = app.idp("GetUserPoolMfaConfig", json!({ "UserPoolId": absent })).await;
        refused.assert_refused("ResourceNotFoundException", &sentence);
    }

    async fn of_many_who_set_it_at_once_nobody_is_lost_silently(app: TestApp) {
        let pool = app.pool().await;
        let app = Arc::new(app);
        let mut calls = JoinSet::new();
        for at in 0..8 {
            let (app, pool) = (Arc::clone(&app), pool.clone());
            let mode = if at % 2 == 0 { "ON" } else { "OPTIONAL" };
            calls.spawn(async move { set(&app, &pool, software_token(mode)).await });
        }

        let answers = calls.join_all().await;

        let known = ["ConcurrentModificationException", "TooManyRequestsException"];
        assert!(answers.iter().all(|a| a.status == 200 || known.contains(&a.error.as_deref().unwrap())), "{answers:?}");
        assert!(answers.iter().any(|answer| answer.status == 200));
    }
}
