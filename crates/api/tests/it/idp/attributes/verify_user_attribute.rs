//! `VerifyUserAttribute`: a code proves the address it was sent to, once.

use std::sync::Arc;
use std::time::Duration;

use cognate_testkit::{TestApp, both_engines};
use serde_json::{Value, json};

use super::kit::{Ann, EXPIRED, LIMIT, MISMATCH, TAKEN, another, ask, assert_one_won, together, verify};

const DAY: Duration = Duration::from_hours(24);
const HOUR: Duration = Duration::from_hours(1);

/// Ann, and the code that was sent to her address.
async fn asked(app: &TestApp) -> (Ann, String) {
    let ann = Ann::new(app).await;
    ann.ask(app, "email").await.assert_good();
    let code = app.code("ann").await;
    (ann, code)
}

fn attempt(token: &str, code: &str) -> (&'static str, Value) {
    ("VerifyUserAttribute", json!({ "AccessToken": token, "AttributeName": "email", "Code": code }))
}

both_engines! {
    async fn a_code_verifies_once(app: TestApp) {
        let (ann, code) = asked(&app).await;

        let verified = ann.verify(&app, "email", &code).await;

        assert_eq!(verified.good(), json!({}));
        assert_eq!(ann.email(&app).await, ("ann@example.com".to_owned(), "true".to_owned()));
        ann.verify(&app, "email", &code).await.assert_refused(EXPIRED.0, EXPIRED.1);
    }

    async fn of_fifty_who_use_a_code_at_once_one_succeeds(app: TestApp) {
        let (ann, code) = asked(&app).await;
        let app = Arc::new(app);

        let outcomes = together(&app, (0..50).map(|_| attempt(&ann.token, &code))).await;

        assert_one_won(&outcomes, &[EXPIRED.0, LIMIT.0, "TooManyRequestsException"]);
        assert_eq!(ann.email(&app).await.1, "true");
    }

    async fn a_code_for_one_address_does_not_verify_the_next(app: TestApp) {
        let ann = Ann::among(&app, json!({})).await; // no code is sent that would replace this one
        ann.ask(&app, "email").await.assert_good();
        let code = app.code("ann").await;
        ann.update(&app, &[("email", "victim@example.com")]).await.assert_good();

        ann.verify(&app, "email", &code).await.assert_refused(EXPIRED.0, EXPIRED.1);

        assert_eq!(ann.email(&app).await, ("victim@example.com".to_owned(), "false".to_owned()));
        ann.update(&app, &[("email", "ann@example.com")]).await.assert_good();
        ann.verify(&app, "email", &code).await.assert_good(); // it still proves the address it went to
    }

    async fn a_new_address_ends_the_code_of_the_one_before(app: TestApp) {
        let (ann, code) = asked(&app).await;
        ann.update(&app, &[("email", "victim@example.com")]).await.assert_good();

        ann.verify(&app, "email", &code).await.assert_refused(MISMATCH.0, MISMATCH.1);

        assert_eq!(ann.email(&app).await.1, "false");
    }

    async fn a_code_of_the_sign_up_verifies_no_other_address_later(app: TestApp) {
        let pool = app.pool().await;
        let client = app.client(&pool).await;
        app.sign_up(&client, "ann").await.assert_good();
        let code = app.code("ann").await;
        app.idp("AdminConfirmSignUp", json!({ "UserPoolId": pool, "Username": "ann" })).await.assert_good();
        let token = app.tokens(&client, "ann").await.access;

        verify(&app, &token, "email", &code).await.assert_refused(EXPIRED.0, EXPIRED.1);
    }

    async fn a_code_verifies_nothing_of_another_kind_and_nobody_else(app: TestApp) {
        let (ann, code) = asked(&app).await;
        ann.update(&app, &[("phone_number", "+4930123456")]).await.assert_good();
        app.user(&ann.pool, "bob").await;
        let bob = app.tokens(&ann.client, "bob").await.access;
        ask(&app, &bob, "email").await.assert_good();

        ann.verify(&app, "phone_number", &code).await.assert_refused(MISMATCH.0, MISMATCH.1);
        verify(&app, &bob, "email", &code).await.assert_refused(MISMATCH.0, MISMATCH.1);

        ann.verify(&app, "email", &code).await.assert_good();
    }

    async fn a_code_is_good_to_the_last_moment_of_its_day(app: TestApp) {
        let ann = Ann::new(&app).await;
        let day = json!({ "AccessTokenValidity": 24, "RefreshTokenValidity": 30 });
        let client = app.client_with(&ann.pool, day).await;
        let token = app.tokens(&client, "ann").await.access;
        app.clock.tick();
        ask(&app, &token, "email").await.assert_good();
        let code = app.code("ann").await;

        app.clock.almost(DAY);
        let late = app.tokens(&client, "ann").await.access;
        app.clock.tick();
        verify(&app, &late, "email", &code).await.assert_refused(EXPIRED.0, EXPIRED.1);
        verify(&app, &late, "email", another(&code)).await.assert_refused(EXPIRED.0, EXPIRED.1);
        app.clock.back(Duration::from_millis(1));
        verify(&app, &late, "email", &code).await.assert_good();
    }

    async fn fifteen_attempts_an_hour_are_judged_and_the_right_code_waits_after_that(app: TestApp) {
        let (ann, code) = asked(&app).await;
        let wrong = another(&code);
        for _ in 0..15 {
            ann.verify(&app, "email", wrong).await.assert_refused(MISMATCH.0, MISMATCH.1);
        }

        ann.verify(&app, "email", &code).await.assert_refused(LIMIT.0, LIMIT.1);
        app.clock.advance(HOUR);
        let token = app.tokens(&ann.client, "ann").await.access;
        verify(&app, &token, "email", &code).await.assert_good();
    }

    async fn of_many_attempts_at_once_no_more_than_fifteen_are_judged(app: TestApp) {
        let (ann, code) = asked(&app).await;
        let app = Arc::new(app);

        let outcomes = together(&app, (0..40).map(|_| attempt(&ann.token, another(&code)))).await;

        assert!(outcomes.keys().all(|one| [MISMATCH.0, LIMIT.0, "TooManyRequestsException"].contains(&&**one)));
        let judged = app.rows("attempts").await - 1; // to be sent the code was one too
        assert!((1..=15).contains(&judged) && outcomes[MISMATCH.0] <= 15, "{judged} {outcomes:?}");
    }

    async fn of_two_who_prove_one_address_the_first_owns_it(app: TestApp) {
        let ann = Ann::among(&app, json!({ "AliasAttributes": ["email"], "AutoVerifiedAttributes": ["email"] })).await;
        app.user(&ann.pool, "bob").await;
        let bob = app.tokens(&ann.client, "bob").await.access;
        ann.update(&app, &[("email", "bob@example.com")]).await.assert_good();
        let hers = app.code("bob@example.com").await;
        app.clock.tick();
        ask(&app, &bob, "email").await.assert_good();
        let his = app.code("bob@example.com").await;
        let app = Arc::new(app);

        let outcomes = together(&app, [attempt(&ann.token, &hers), attempt(&bob, &his)]).await;

        assert_one_won(&outcomes, &[TAKEN.0]);
        assert!(ann.signs_in_as(&app, "bob@example.com").await);
    }

    async fn only_contacts_can_be_verified(app: TestApp) {
        let (ann, code) = asked(&app).await;
        let sentence = "Invalid attribute name. Only phone_number and email can be verified.";

        for name in ["nickname", "email_verified", "custom:none", "Email"] {
            ann.verify(&app, name, &code).await.assert_refused("InvalidParameterException", sentence);
            ann.ask(&app, name).await.assert_refused("InvalidParameterException", sentence);
        }
    }

    async fn a_code_is_kept_only_as_a_digest(app: TestApp) {
        let (_, code) = asked(&app).await;

        let mut tx = app.app.db.read().await.unwrap();
        let kept = tx.query("SELECT code_digest FROM codes").one(|row| row.bytes(0)).await.unwrap();

        assert_eq!(kept.len(), 32);
        assert!(!kept.windows(6).any(|window| window == code.as_bytes()));
    }
}
