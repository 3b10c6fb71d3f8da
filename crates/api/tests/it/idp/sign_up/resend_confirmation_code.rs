//! `ResendConfirmationCode`

use std::time::Duration;

use cognate_testkit::{TestApp, both_engines};
use serde_json::json;

both_engines! {
    async fn five_an_hour_are_sent(app: TestApp) {
        let pool = app.pool().await;
        let client = app.client(&pool).await;
        app.sign_up(&client, "ann").await.assert_good();

        for _ in 0..5 {
            app.clock.tick();
            app.resend(&client, "ann").await.assert_good();
        }
        let sixth = app.resend(&client, "ann").await;
        let code = app.code("ann").await;
        app.clock.advance(Duration::from_hours(1));
        let later = app.resend(&client, "ann").await;

        sixth.assert_refused("LimitExceededException", "Attempt limit exceeded, please try after some time.");
        later.assert_good();
        assert_eq!(app.rows("inbox").await, 7);
        assert_ne!(app.code("ann").await, code);
    }

    async fn the_code_of_a_refused_resend_is_not_replaced(app: TestApp) {
        let pool = app.pool().await;
        let client = app.client(&pool).await;
        app.sign_up(&client, "ann").await.assert_good();
        for _ in 0..5 {
            app.clock.tick();
            app.resend(&client, "ann").await.assert_good();
        }
        let code = app.code("ann").await;

        assert_eq!(app.resend(&client, "ann").await.status, 400);

        app.confirm(&client, "ann", &code).await.assert_good();
    }

    async fn the_answer_says_where_the_code_went(app: TestApp) {
        let pool = app.pool().await;
        let client = app.client(&pool).await;
        app.sign_up(&client, "ann").await.assert_good();

        let sent = app.resend(&client, "ann").await.good();

        let details = json!({ "Destination": "a***@e***", "DeliveryMedium": "EMAIL", "AttributeName": "email" });
        assert_eq!(sent, json!({ "CodeDeliveryDetails": details }));
    }
}
