//! `NEW_PASSWORD_REQUIRED`, and the session that leads to its answer.

use std::time::Duration;

use cognate_testkit::app::{Answered, PASSWORD};
use cognate_testkit::{TestApp, both_engines};
use serde_json::json;

const NEW: &str = "Brand-New-Pass-2";
const EXPIRED: &str = "Invalid session for the user, session is expired.";
const INVALID: &str = "Invalid session for the user.";
const USED: &str = "Invalid session for the user, session can only be used once.";

/// Ann has a temporary password, and a session with which to replace it.
async fn ann(app: &TestApp) -> (String, String, String) {
    let pool = app.pool().await;
    let client = app.client_with(&pool, json!({ "AuthSessionValidity": 5 })).await;
    app.invited(&pool, "ann", PASSWORD).await;
    let session = app.password(&client, "ann", PASSWORD).await.text("/Session");
    (pool, client, session)
}

async fn answer(app: &TestApp, client: &str, session: &str, password: &str) -> Answered {
    app.answer(client, "NEW_PASSWORD_REQUIRED", session, &[("USERNAME", "ann"), ("NEW_PASSWORD", password)]).await
}

both_engines! {
    async fn a_session_is_good_to_its_last_moment(app: TestApp) {
        let (_, client, session) = ann(&app).await;

        app.clock.almost(Duration::from_mins(5));

        answer(&app, &client, &session, NEW).await.assert_good();
        app.password(&client, "ann", NEW).await.assert_good();
    }

    async fn a_session_expires_after_the_minutes_of_its_client(app: TestApp) {
        let (_, client, session) = ann(&app).await;

        app.clock.advance(Duration::from_mins(5));

        answer(&app, &client, &session, NEW).await.assert_refused("NotAuthorizedException", EXPIRED);
    }

    async fn a_session_is_good_once(app: TestApp) {
        let (_, client, session) = ann(&app).await;
        answer(&app, &client, &session, NEW).await.assert_good();

        answer(&app, &client, &session, "Other-New-Pass-3").await.assert_refused("NotAuthorizedException", USED);

        app.password(&client, "ann", NEW).await.assert_good();
        assert_eq!(app.rows("token_families").await, 2);
    }

    async fn a_session_that_was_used_cannot_set_another_password_later(app: TestApp) {
        let (pool, client, session) = ann(&app).await;
        answer(&app, &client, &session, NEW).await.assert_good();
        let again = json!({ "UserPoolId": pool, "Username": "ann", "Password": PASSWORD, "Permanent": false });
        app.idp("AdminSetUserPassword", again).await.assert_good();

        let refused = answer(&app, &client, &session, "Other-New-Pass-3").await;

        refused.assert_refused("NotAuthorizedException", USED);
    }

    async fn a_session_is_for_its_own_client_and_pool(app: TestApp) {
        let (pool, _, session) = ann(&app).await;
        let other_client = app.client(&pool).await;
        let other_pool = app.pool().await;
        let elsewhere = app.client(&other_pool).await;
        app.invited(&other_pool, "ann", PASSWORD).await;

        for client in [other_client, elsewhere] {
            answer(&app, &client, &session, NEW).await.assert_refused("NotAuthorizedException", INVALID);
        }
    }

    async fn a_session_is_for_its_own_user(app: TestApp) {
        let (pool, client, session) = ann(&app).await;
        app.invited(&pool, "bob", PASSWORD).await;

        let answers = [("USERNAME", "bob"), ("NEW_PASSWORD", NEW)];
        let refused = app.answer(&client, "NEW_PASSWORD_REQUIRED", &session, &answers).await;

        refused.assert_refused("NotAuthorizedException", INVALID);
    }

    async fn an_altered_session_is_invalid(app: TestApp) {
        let (_, client, session) = ann(&app).await;

        for at in [0, 5, 10, 40, session.len() / 2, session.len() - 1] {
            let mut bent = session.clone().into_bytes();
            bent[at] = if bent[at] == b'A' { b'B' } else { b'A' };
            let bent = String::from_utf8(bent).unwrap();
            if bent != session {
                answer(&app, &client, &bent, NEW).await.assert_refused("NotAuthorizedException", INVALID);
            }
        }
        let shorter = &session[..session.len() - 4];
        answer(&app, &client, shorter, NEW).await.assert_refused("NotAuthorizedException", INVALID);
        answer(&app, &client, &session, NEW).await.assert_good();
    }

    async fn a_password_off_the_policy_does_not_consume_the_session(app: TestApp) {
        let (_, client, session) = ann(&app).await;

        let refused = answer(&app, &client, &session, "short").await;

        let sentence = "Password did not conform with policy: Password not long enough";
        refused.assert_refused("InvalidPasswordException", sentence);
        assert_eq!(app.rows("spent_handles").await, 0);
        answer(&app, &client, &session, NEW).await.assert_good();
    }

    async fn two_sessions_of_one_user_are_good_for_one_password(app: TestApp) {
        let (_, client, first) = ann(&app).await;
        let second = app.password(&client, "ann", PASSWORD).await.text("/Session");
        assert_ne!(first, second);
        answer(&app, &client, &first, NEW).await.assert_good();

        answer(&app, &client, &second, NEW).await.assert_refused("NotAuthorizedException", INVALID);
    }

    async fn a_user_who_was_disabled_meanwhile_gets_in_no_more(app: TestApp) {
        let (pool, client, session) = ann(&app).await;
        app.change_user(&pool, "ann", |user| user.enabled = false).await;

        answer(&app, &client, &session, NEW).await.assert_refused("NotAuthorizedException", "User is disabled.");
    }

    async fn a_session_answers_no_other_challenge(app: TestApp) {
        let (_, client, session) = ann(&app).await;

        let answers = [("USERNAME", "ann"), ("SMS_MFA_CODE", "123456")];
        let refused = app.answer(&client, "SMS_MFA", &session, &answers).await;

        refused.assert_refused("NotAuthorizedException", INVALID);
    }
}
