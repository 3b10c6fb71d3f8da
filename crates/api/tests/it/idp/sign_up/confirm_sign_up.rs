//! `ConfirmSignUp`

use std::time::Duration;

use cognate_testkit::{TestApp, both_engines};
use serde_json::json;

const DAY: Duration = Duration::from_hours(24);
const HOUR: Duration = Duration::from_hours(1);

const MISMATCH: (&str, &str) = ("CodeMismatchException", "Invalid verification code provided, please try again.");
const EXPIRED: (&str, &str) = ("ExpiredCodeException", "Invalid code provided, please request a code again.");
const LIMIT: (&str, &str) = ("LimitExceededException", "Attempt limit exceeded, please try after some time.");

/// A client at which Ann has signed up, and her code.
async fn ann(app: &TestApp) -> (String, String) {
    let pool = app.pool().await;
    let client = app.client(&pool).await;
    app.sign_up(&client, "ann").await.assert_good();
    let code = app.code("ann").await;
    (client, code)
}

/// Six digits that are not the code.
fn another(code: &str) -> &'static str {
    if code == "123456" { "654321" } else { "123456" }
}

both_engines! {
    async fn a_code_is_good_once(app: TestApp) {
        let (client, code) = ann(&app).await;

        let confirmed = app.confirm(&client, "ann", &code).await;
        let again = app.confirm(&client, "ann", &code).await;

        assert_eq!(confirmed.good(), json!({}));
        again.assert_refused("NotAuthorizedException", "User cannot be confirmed. Current status is CONFIRMED");
        assert_eq!(app.rows("codes").await, 0);
        app.password(&client, "ann", cognate_testkit::app::PASSWORD).await.assert_good();
    }

    async fn a_code_is_good_to_the_last_moment_of_its_day(app: TestApp) {
        let (client, code) = ann(&app).await;

        app.clock.almost(DAY);

        app.confirm(&client, "ann", &code).await.assert_good();
    }

    async fn a_code_expires_after_a_day(app: TestApp) {
        let (client, code) = ann(&app).await;

        app.clock.advance(DAY);

        app.confirm(&client, "ann", &code).await.assert_refused(EXPIRED.0, EXPIRED.1);
        app.confirm(&client, "ann", another(&code)).await.assert_refused(EXPIRED.0, EXPIRED.1);
    }

    async fn a_new_code_replaces_the_one_before(app: TestApp) {
        let (client, old) = ann(&app).await;

        app.clock.tick();
        app.resend(&client, "ann").await.assert_good();
        let new = app.code("ann").await;

        assert_ne!(old, new);
        app.confirm(&client, "ann", &old).await.assert_refused(MISMATCH.0, MISMATCH.1);
        app.confirm(&client, "ann", &new).await.assert_good();
    }

    async fn a_new_code_begins_a_new_day(app: TestApp) {
        let (client, _) = ann(&app).await;
        app.clock.advance(DAY);
        app.resend(&client, "ann").await.assert_good();
        app.clock.almost(DAY);

        let code = app.code("ann").await;

        app.confirm(&client, "ann", &code).await.assert_good();
    }

    async fn a_wrong_code_does_not_spend_the_right_one(app: TestApp) {
        let (client, code) = ann(&app).await;

        app.confirm(&client, "ann", another(&code)).await.assert_refused(MISMATCH.0, MISMATCH.1);

        app.confirm(&client, "ann", &code).await.assert_good();
    }

    async fn a_code_is_good_for_its_own_user_only(app: TestApp) {
        let (client, code) = ann(&app).await;
        app.sign_up(&client, "bob").await.assert_good();

        app.confirm(&client, "bob", &code).await.assert_refused(MISMATCH.0, MISMATCH.1);
    }

    async fn fifteen_attempts_an_hour_are_judged_and_the_right_code_waits_after_that(app: TestApp) {
        let (client, code) = ann(&app).await;

        for _ in 0..15 {
            app.confirm(&client, "ann", another(&code)).await.assert_refused(MISMATCH.0, MISMATCH.1);
        }

        app.confirm(&client, "ann", another(&code)).await.assert_refused(LIMIT.0, LIMIT.1);
        app.confirm(&client, "ann", &code).await.assert_refused(LIMIT.0, LIMIT.1);
        app.clock.almost(HOUR);
        app.confirm(&client, "ann", &code).await.assert_refused(LIMIT.0, LIMIT.1);
        app.clock.tick();
        app.confirm(&client, "ann", &code).await.assert_good();
    }

    async fn the_hour_slides_with_each_attempt(app: TestApp) {
        let (client, code) = ann(&app).await;
        for _ in 0..15 {
            app.confirm(&client, "ann", another(&code)).await.assert_refused(MISMATCH.0, MISMATCH.1);
            app.clock.advance(Duration::from_mins(2));
        }
        // The first lies half an hour back. When an hour has passed since it, one more may be made, and no second one.
        app.clock.advance(Duration::from_mins(30));

        app.confirm(&client, "ann", another(&code)).await.assert_refused(MISMATCH.0, MISMATCH.1);
        app.confirm(&client, "ann", another(&code)).await.assert_refused(LIMIT.0, LIMIT.1);
    }

    async fn a_limit_is_one_users_own(app: TestApp) {
        let (client, code) = ann(&app).await;
        app.sign_up(&client, "bob").await.assert_good();
        let bobs = app.code("bob").await;

        for _ in 0..16 {
            app.confirm(&client, "ann", another(&code)).await;
        }

        app.confirm(&client, "bob", &bobs).await.assert_good();
    }

    async fn a_code_is_kept_only_as_a_digest(app: TestApp) {
        let (_, code) = ann(&app).await;

        let mut tx = app.app.db.read().await.unwrap();
        let kept = tx.query("SELECT code_digest FROM codes").one(|row| row.bytes(0)).await.unwrap();

        assert_eq!(kept.len(), 32);
        assert!(!kept.windows(6).any(|window| window == code.as_bytes()));
    }
}
