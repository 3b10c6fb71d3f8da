//! `GetUserAttributeVerificationCode`

use std::sync::Arc;
use std::time::Duration;

use cognate_testkit::{TestApp, both_engines};
use serde_json::json;

use super::kit::{Ann, LIMIT, MISMATCH, ask, together};

both_engines! {
    async fn a_code_goes_to_the_users_own_address_verified_or_not(app: TestApp) {
        let ann = Ann::among(&app, json!({})).await; // the pool need not verify it by itself
        ann.administer(&app, &[("email_verified", "true")]).await.assert_good();

        let answer = ann.ask(&app, "email").await;

        let details = json!({ "Destination": "a***@e***", "DeliveryMedium": "EMAIL", "AttributeName": "email" });
        assert_eq!(answer.good(), json!({ "CodeDeliveryDetails": details }));
        let message = app.last_message("ann@example.com").await;
        assert_eq!(message.trigger, "CustomMessage_VerifyUserAttribute");
        ann.verify(&app, "email", &message.code.unwrap()).await.assert_good();
        assert_eq!(ann.email(&app).await.1, "true");
    }

    async fn a_new_code_replaces_the_one_before(app: TestApp) {
        let ann = Ann::new(&app).await;
        ann.ask(&app, "email").await.assert_good();
        let old = app.code("ann").await;
        app.clock.tick();
        ann.ask(&app, "email").await.assert_good();
        let new = app.code("ann").await;

        assert_ne!(old, new);
        ann.verify(&app, "email", &old).await.assert_refused(MISMATCH.0, MISMATCH.1);
        ann.verify(&app, "email", &new).await.assert_good();
    }

    async fn without_a_contact_there_is_nowhere_to_send_to(app: TestApp) {
        let ann = Ann::new(&app).await;

        let asked = ann.ask(&app, "phone_number").await;

        asked.assert_refused("InvalidParameterException", "User does not have a valid registered phone number");
        assert_eq!(app.rows("attempts").await, 0);
    }

    async fn five_an_hour_are_sent_for_all_contacts_together(app: TestApp) {
        let ann = Ann::new(&app).await;
        ann.update(&app, &[("phone_number", "+4930123456")]).await.assert_good();
        for name in ["email", "phone_number", "email", "phone_number", "email"] {
            app.clock.tick();
            ann.ask(&app, name).await.assert_good();
        }
        let code = app.code("ann").await;

        ann.ask(&app, "email").await.assert_refused(LIMIT.0, LIMIT.1);
        ann.verify(&app, "email", &code).await.assert_good(); // it was not replaced
        app.clock.advance(Duration::from_hours(1));
        let token = app.tokens(&ann.client, "ann").await.access;
        ask(&app, &token, "email").await.assert_good();
        assert_eq!(app.rows("inbox").await, 7);
    }

    async fn of_many_at_once_no_more_than_five_are_sent(app: TestApp) {
        let ann = Ann::new(&app).await;
        let app = Arc::new(app);

        let asked = || {
            ("GetUserAttributeVerificationCode", json!({ "AccessToken": ann.token, "AttributeName": "email" }))
        };
        let outcomes = together(&app, (0..30).map(|_| asked())).await;

        assert!(outcomes.keys().all(|one| ["ok", LIMIT.0, "TooManyRequestsException"].contains(&&**one)), "{outcomes:?}");
        assert!((1..=5).contains(&app.rows("inbox").await) && outcomes["ok"] <= 5, "{outcomes:?}");
    }
}
