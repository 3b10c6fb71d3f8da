//! `AdminDisableUser` and `AdminEnableUser`: out at once and with everything, in again with nothing but the password.

use cognate_domain::error::ErrorKind;
use cognate_testkit::app::PASSWORD;
use cognate_testkit::{TestApp, both_engines};
use serde_json::{Value, json};

const DISABLED: &str = "User is disabled.";

fn who(pool: &str, name: &str) -> Value {
    json!({ "UserPoolId": pool, "Username": name })
}

async fn ann(app: &TestApp) -> (String, String) {
    let pool = app.pool().await;
    let client = app.client(&pool).await;
    app.user(&pool, "ann").await;
    (pool, client)
}

async fn enabled(app: &TestApp, pool: &str) -> Value {
    app.idp("AdminGetUser", who(pool, "ann")).await["Enabled"].clone()
}

both_engines! {
    async fn who_is_disabled_does_nothing_more(app: TestApp) {
        let (pool, client) = ann(&app).await;
        app.user(&pool, "bob").await;
        let (tokens, bobs) = (app.tokens(&client, "ann").await, app.tokens(&client, "bob").await);
        let proof = app.srp_proof(&pool, &client, "ann", PASSWORD).await;
        app.clock.tick();

        let answer = app.idp("AdminDisableUser", who(&pool, "ann")).await;

        assert_eq!(answer.good(), json!({}));
        for refused in [
            app.password(&client, "ann", PASSWORD).await,
            app.srp(&pool, &client, "ann", PASSWORD).await,
            app.send_proof(&client, &proof).await,
            app.refresh(&client, &tokens.refresh).await,
            app.get_user(&tokens.access).await,
        ] {
            refused.assert_refused("NotAuthorizedException", DISABLED);
        }
        let named = async |filter: &str| {
            let found = app.idp("ListUsers", json!({ "UserPoolId": pool, "Filter": filter })).await;
            found["Users"].as_array().unwrap().iter().map(|user| user["Username"].clone()).collect::<Vec<_>>()
        };
        assert_eq!((named("status = \"Disabled\"").await, named("status = \"Enabled\"").await), (vec![json!("ann")], vec![json!("bob")]));
        let seen = app.idp("AdminGetUser", who(&pool, "ann")).await;
        assert_eq!((&seen["Enabled"], &seen["UserStatus"]), (&json!(false), &json!("CONFIRMED")));
        assert!(seen["UserLastModifiedDate"].as_f64() > seen["UserCreateDate"].as_f64());
        app.get_user(&bobs.access).await.assert_good();
    }

    async fn who_is_enabled_again_signs_in_and_has_none_of_the_old_tokens(app: TestApp) {
        let (pool, client) = ann(&app).await;
        let old = app.tokens(&client, "ann").await;
        app.idp("AdminDisableUser", who(&pool, "ann")).await.assert_good();

        let answer = app.idp("AdminEnableUser", who(&pool, "ann")).await;

        assert_eq!(answer.good(), json!({}));
        assert_eq!(enabled(&app, &pool).await, true);
        let shut_out = json!({ "UserPoolId": pool, "Filter": "status = \"Disabled\"" });
        assert_eq!(app.idp("ListUsers", shut_out).await["Users"], json!([]));
        let refused = app.get_user(&old.access).await;
        refused.assert_refused("NotAuthorizedException", "Access Token has been revoked");
        let refused = app.refresh(&client, &old.refresh).await;
        refused.assert_refused("NotAuthorizedException", "Refresh Token has been revoked");
        let new = app.tokens(&client, "ann").await;
        app.get_user(&new.access).await.assert_good();
        app.refresh(&client, &new.refresh).await.assert_good();
    }

    async fn both_may_be_repeated_and_enabling_the_enabled_ends_nothing(app: TestApp) {
        let (pool, client) = ann(&app).await;
        let tokens = app.tokens(&client, "ann").await;

        for _ in 0..2 {
            assert_eq!(app.idp("AdminEnableUser", who(&pool, "ann")).await.good(), json!({}));
            app.get_user(&tokens.access).await.assert_good();
        }
        for _ in 0..2 {
            assert_eq!(app.idp("AdminDisableUser", who(&pool, "ann")).await.good(), json!({}));
            assert_eq!(enabled(&app, &pool).await, false);
        }
    }

    async fn a_change_that_was_under_way_does_not_bring_them_back(app: TestApp) {
        let (pool, _) = ann(&app).await;
        let known = app.app.pool(&pool).await.unwrap().unwrap();
        let read = cognate_engine::users::get(&mut app.app.db.read().await.unwrap(), &known, "ann").await.unwrap();

        app.idp("AdminDisableUser", who(&pool, "ann")).await.assert_good();

        let late = app.app.db.write(async |tx| cognate_store::users::update(tx, &read).await).await;
        assert_eq!(late.unwrap_err().kind, ErrorKind::TooManyRequests);
        assert_eq!(enabled(&app, &pool).await, false);
    }

    async fn a_new_password_is_not_accepted_from_who_was_disabled_meanwhile(app: TestApp) {
        let pool = app.pool().await;
        let client = app.client(&pool).await;
        app.invited(&pool, "ann", PASSWORD).await;
        let session = app.password(&client, "ann", PASSWORD).await.text("/Session");
        app.idp("AdminDisableUser", who(&pool, "ann")).await.assert_good();

        let answers = [("USERNAME", "ann"), ("NEW_PASSWORD", "Brand-New-Pass-2")];
        let refused = app.answer(&client, "NEW_PASSWORD_REQUIRED", &session, &answers).await;

        refused.assert_refused("NotAuthorizedException", DISABLED);
    }

    async fn nobody_can_be_disabled_or_enabled_who_is_not_there(app: TestApp) {
        let pool = app.pool().await;

        for operation in ["AdminDisableUser", "AdminEnableUser"] {
            let refused = app.idp(operation, who(&pool, "nobody")).await;
            refused.assert_refused("UserNotFoundException", "User does not exist.");
            let refused = app.idp(operation, who("us-east-1_000000000", "ann")).await;
            refused.assert_refused("ResourceNotFoundException", "User pool us-east-1_000000000 does not exist.");
        }
    }
}
