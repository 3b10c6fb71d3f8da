//! What a pool asks for and is not built is refused when it would matter, and nothing is stored or issued.

use cognate_testkit::app::{Answered, PASSWORD};
use cognate_testkit::{TestApp, both_engines};
use serde_json::{Value, json};

const TRIGGER: &str = "arn:aws:lambda:us-east-1:123456789012:function:never";
const SMS: &str = "arn:aws:iam::123456789012:role/sms";

/// From now on the pool has these settings, and e-mail addresses are verified.
async fn settle(app: &TestApp, pool: &str, settings: Value) {
    let base = json!({ "UserPoolId": pool, "AutoVerifiedAttributes": ["email"] });
    app.idp("UpdateUserPool", cognate_testkit::app::merged(base, settings)).await.assert_good();
}

fn assert_unbuilt(answer: &Answered, what: &str) {
    assert_eq!(answer.status, 501, "{answer}");
    assert_eq!(answer.message, format!("{what} is not implemented yet."));
}

both_engines! {
    async fn required_mfa_is_not_passed_with_a_password_alone(app: TestApp) {
        let pool = app.pool().await;
        let client = app.client(&pool).await;
        app.user(&pool, "ann").await;
        settle(&app, &pool, json!({ "MfaConfiguration": "ON", "SmsConfiguration": { "SnsCallerArn": SMS } })).await;
        let families = app.rows("token_families").await;

        assert_unbuilt(&app.password(&client, "ann", PASSWORD).await, "Sign-in with required MFA");
        let srp = json!({ "USERNAME": "ann", "SRP_A": "ff" });
        let start = json!({ "ClientId": client, "AuthFlow": "USER_SRP_AUTH", "AuthParameters": srp });
        assert_unbuilt(&app.idp("InitiateAuth", start).await, "Sign-in with required MFA");
        assert_eq!(app.rows("token_families").await, families);
    }

    async fn a_trigger_that_could_refuse_a_sign_in_or_shape_its_tokens_is_not_skipped(app: TestApp) {
        let pool = app.pool().await;
        let client = app.client(&pool).await;
        app.user(&pool, "ann").await;
        let refresh = app.tokens(&client, "ann").await.refresh;
        for (trigger, named) in [
            ("PreAuthentication", "The PreAuthentication trigger"),
            ("PostAuthentication", "The PostAuthentication trigger"),
            ("PreTokenGeneration", "The PreTokenGeneration trigger"),
        ] {
            settle(&app, &pool, json!({ "LambdaConfig": { trigger: TRIGGER } })).await;
            assert_unbuilt(&app.password(&client, "ann", PASSWORD).await, named);
        }
        assert_unbuilt(&app.refresh(&client, &refresh).await, "The PreTokenGeneration trigger");

        settle(&app, &pool, json!({})).await;
        app.password(&client, "ann", PASSWORD).await.assert_good();
        app.refresh(&client, &refresh).await.assert_good();
    }

    async fn triggers_of_sign_up_and_its_messages_are_not_skipped(app: TestApp) {
        let pool = app.pool().await;
        let client = app.client(&pool).await;
        app.sign_up(&client, "bob").await.assert_good();
        let code = app.code("bob").await;
        let users = app.rows("users").await;

        settle(&app, &pool, json!({ "LambdaConfig": { "PreSignUp": TRIGGER } })).await;
        assert_unbuilt(&app.sign_up(&client, "ann").await, "The PreSignUp trigger");
        let made = json!({ "UserPoolId": pool, "Username": "ann" });
        assert_unbuilt(&app.idp("AdminCreateUser", made).await, "The PreSignUp trigger");
        settle(&app, &pool, json!({ "LambdaConfig": { "CustomMessage": TRIGGER } })).await;
        assert_unbuilt(&app.sign_up(&client, "ann").await, "The CustomMessage trigger");
        assert_unbuilt(&app.resend(&client, "bob").await, "The CustomMessage trigger");
        settle(&app, &pool, json!({ "LambdaConfig": { "PostConfirmation": TRIGGER } })).await;
        assert_unbuilt(&app.confirm(&client, "bob", &code).await, "The PostConfirmation trigger");
        assert_eq!(app.rows("users").await, users);

        settle(&app, &pool, json!({})).await;
        app.confirm(&client, "bob", &code).await.assert_good();
    }

    async fn custom_auth_says_whether_its_triggers_are_missing_or_not_built(app: TestApp) {
        let pool = app.pool().await;
        let client = app.client_with(&pool, json!({ "ExplicitAuthFlows": ["ALLOW_CUSTOM_AUTH"] })).await;
        let start = json!({ "ClientId": client, "AuthFlow": "CUSTOM_AUTH", "AuthParameters": { "USERNAME": "ann" } });

        app.idp("InitiateAuth", start.clone()).await.assert_refused(
            "InvalidParameterException",
            "Custom auth lambda trigger is not configured for the user pool.",
        );
        settle(&app, &pool, json!({ "LambdaConfig": { "DefineAuthChallenge": TRIGGER } })).await;
        assert_unbuilt(&app.idp("InitiateAuth", start).await, "InitiateAuth with CUSTOM_AUTH");
    }
}
