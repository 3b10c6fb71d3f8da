//! `AdminCreateUser`: the life of a temporary password.

use std::sync::Arc;
use std::time::Duration;

use cognate_testkit::app::{PASSWORD, merged};
use cognate_testkit::{TestApp, both_engines};
use serde_json::{Value, json};
use tokio::task::JoinSet;

const DAY: Duration = Duration::from_hours(24);
const EXPIRED: &str = "Temporary password has expired and must be reset by an administrator.";
const INVITED: &str = "Your username is ann and temporary password is ";

async fn ann(app: &TestApp) -> (String, String) {
    let policy = json!({ "PasswordPolicy": { "MinimumLength": 8, "TemporaryPasswordValidityDays": 3 } });
    let pool = app.pool_with(json!({ "Policies": policy })).await;
    let client = app.client(&pool).await;
    app.invited(&pool, "ann", PASSWORD).await;
    (pool, client)
}

fn resend(pool: &str, more: Value) -> Value {
    let resend = json!({
        "UserPoolId": pool, "Username": "ann", "MessageAction": "RESEND", "DesiredDeliveryMediums": ["EMAIL"],
    });
    merged(resend, more)
}

both_engines! {
    async fn a_temporary_password_is_good_to_the_last_moment_of_its_days(app: TestApp) {
        let (_, client) = ann(&app).await;

        app.clock.almost(3 * DAY);

        let answer = app.password(&client, "ann", PASSWORD).await;
        assert_eq!(answer.good()["ChallengeName"], "NEW_PASSWORD_REQUIRED");
    }

    async fn a_temporary_password_expires_after_the_days_of_its_pool(app: TestApp) {
        let (pool, client) = ann(&app).await;

        app.clock.advance(3 * DAY);

        app.password(&client, "ann", PASSWORD).await.assert_refused("NotAuthorizedException", EXPIRED);
        app.srp(&pool, &client, "ann", PASSWORD).await.assert_refused("NotAuthorizedException", EXPIRED);
        let wrong = app.password(&client, "ann", "Wrong-Horse-9").await;
        wrong.assert_refused("NotAuthorizedException", "Incorrect username or password.");
    }

    async fn resending_makes_a_new_password_with_days_of_its_own(app: TestApp) {
        let (pool, client) = ann(&app).await;
        app.clock.advance(3 * DAY);

        app.idp("AdminCreateUser", resend(&pool, json!({}))).await.assert_good();

        let message = app.last_message("ann@example.com").await;
        let new = message.body.strip_prefix(INVITED).and_then(|rest| rest.strip_suffix('.')).unwrap();
        let old = app.password(&client, "ann", PASSWORD).await;
        old.assert_refused("NotAuthorizedException", "Incorrect username or password.");
        app.clock.almost(3 * DAY);
        assert_eq!(app.password(&client, "ann", new).await.good()["ChallengeName"], "NEW_PASSWORD_REQUIRED");
        app.clock.tick();
        app.password(&client, "ann", new).await.assert_refused("NotAuthorizedException", EXPIRED);
    }

    async fn a_given_password_can_be_resent(app: TestApp) {
        let (pool, client) = ann(&app).await;

        let given = json!({ "TemporaryPassword": "Given-Again-5" });
        app.idp("AdminCreateUser", resend(&pool, given)).await.assert_good();

        assert_eq!(app.last_message("ann@example.com").await.body, format!("{INVITED}Given-Again-5."));
        assert_eq!(app.password(&client, "ann", "Given-Again-5").await.status, 200);
    }

    async fn nobody_is_invited_again_who_has_a_password_of_their_own(app: TestApp) {
        let (pool, client) = ann(&app).await;
        let own = json!({ "UserPoolId": pool, "Username": "ann", "Password": PASSWORD, "Permanent": true });
        app.idp("AdminSetUserPassword", own).await.assert_good();

        let refused = app.idp("AdminCreateUser", resend(&pool, json!({}))).await;

        let sentence = "Resend not possible. ann status is not FORCE_CHANGE_PASSWORD";
        refused.assert_refused("UnsupportedUserStateException", sentence);
        app.clock.advance(300 * DAY);
        app.password(&client, "ann", PASSWORD).await.assert_good();
    }

    async fn a_temporary_password_set_by_hand_expires_too(app: TestApp) {
        let (pool, client) = ann(&app).await;
        app.clock.advance(2 * DAY);
        let set = json!({ "UserPoolId": pool, "Username": "ann", "Password": "Set-By-Hand-5", "Permanent": false });
        app.idp("AdminSetUserPassword", set).await.assert_good();

        app.clock.almost(3 * DAY);
        assert_eq!(app.password(&client, "ann", "Set-By-Hand-5").await.status, 200);
        app.clock.tick();

        app.password(&client, "ann", "Set-By-Hand-5").await.assert_refused("NotAuthorizedException", EXPIRED);
    }

    async fn invitations_at_once_each_end_in_an_answer_of_amazons(app: TestApp) {
        let (pool, _) = ann(&app).await;
        let app = Arc::new(app);

        let mut calls = JoinSet::new();
        for _ in 0..10 {
            let (app, pool) = (Arc::clone(&app), pool.clone());
            calls.spawn(async move { app.idp("AdminCreateUser", resend(&pool, json!({}))).await });
        }
        for answer in calls.join_all().await {
            assert!(answer.status == 200 || answer.error.as_deref() == Some("TooManyRequestsException"), "{answer}");
        }
    }

    async fn passwords_set_at_once_each_end_in_an_answer_of_amazons(app: TestApp) {
        let (pool, client) = ann(&app).await;
        let app = Arc::new(app);

        let mut calls = JoinSet::new();
        for number in 0..10 {
            let (app, pool) = (Arc::clone(&app), pool.clone());
            calls.spawn(async move {
                let password = format!("Brand-New-Pass-{number}");
                let set = json!({ "UserPoolId": pool, "Username": "ann", "Password": password, "Permanent": true });
                (password, app.idp("AdminSetUserPassword", set).await)
            });
        }
        let mut good = Vec::new();
        for (password, answer) in calls.join_all().await {
            assert!(answer.status == 200 || answer.error.as_deref() == Some("TooManyRequestsException"), "{answer}");
            good.extend((answer.status == 200).then_some(password));
        }
        let mut signs_in = 0;
        for password in &good {
            signs_in += usize::from(app.password(&client, "ann", password).await.status == 200);
            app.clock.advance(Duration::from_hours(1));
        }
        assert_eq!(signs_in, 1, "one of {good:?} is the password now");
    }
}
