//! `ForgotPassword`: user-pools.md, sections 7 and 15.

use std::time::Duration;

use cognate_domain::user::UserStatus;
use cognate_testkit::{TestApp, both_engines};
use serde_json::{Value, json};

use super::kit::{LIMIT, MISMATCH, NEW, NO_CONTACT, STATE, World, another, refused};

const HOUR: Duration = Duration::from_hours(1);
const BOTH: &[(&str, &str)] = &[
    ("email", "bea@example.com"),
    ("email_verified", "true"),
    ("phone_number", "+15551231234"),
    ("phone_number_verified", "true"),
];

fn recovery(names: &[&str]) -> Value {
    let mechanisms: Vec<Value> =
        names.iter().zip(1..).map(|(name, priority)| json!({ "Name": name, "Priority": priority })).collect();
    json!({ "AccountRecoverySetting": { "RecoveryMechanisms": mechanisms } })
}

both_engines! {
    async fn a_code_is_sent_and_the_answer_tells_where(app: TestApp) {
        let world = World::new(app).await;

        let answer = world.forgot("ann").await;

        let details = json!({ "Destination": "a***@e***", "DeliveryMedium": "EMAIL", "AttributeName": "email" });
        assert_eq!(answer.good(), json!({ "CodeDeliveryDetails": details }));
        let message = world.app.last_message("ann@example.com").await;
        assert_eq!(message.trigger, "CustomMessage_ForgotPassword");
        let code = message.code.unwrap();
        assert!(code.len() == 6 && code.bytes().all(|byte| byte.is_ascii_digit()), "{code}");
        assert_eq!(world.status("ann").await, "CONFIRMED");
        world.assert_signs_in("ann", cognate_testkit::app::PASSWORD).await; // asking changes nothing
    }

    async fn without_a_setting_the_phone_wins(app: TestApp) {
        let world = World::new(app).await;
        world.person("bea", BOTH).await;

        let details = world.forgot("bea").await.good()["CodeDeliveryDetails"].clone();

        let expected = json!({ "Destination": "+*******1234", "DeliveryMedium": "SMS", "AttributeName": "phone_number" });
        assert_eq!(details, expected);
        assert_eq!(world.app.rows("inbox").await, 1, "one message only");
    }

    async fn the_setting_orders_the_ways_and_leaves_out_the_others(app: TestApp) {
        let world = World::with(app, recovery(&["verified_email", "verified_phone_number"]), json!({})).await;
        world.person("bea", BOTH).await;
        world.person("cat", &BOTH[2..]).await;
        assert_eq!(world.forgot("bea").await.text("/CodeDeliveryDetails/DeliveryMedium"), "EMAIL");
        assert_eq!(world.forgot("cat").await.text("/CodeDeliveryDetails/DeliveryMedium"), "SMS");

        let update = json!({ "UserPoolId": world.pool, "AutoVerifiedAttributes": ["email"] });
        let only_email = cognate_testkit::app::merged(update, recovery(&["verified_email"]));
        world.app.idp("UpdateUserPool", only_email).await.assert_good();

        refused(&world.forgot("cat").await, NO_CONTACT);
    }

    async fn where_only_administrators_recover_nobody_is_sent_a_code(app: TestApp) {
        let world = World::with(app, recovery(&["admin_only"]), json!({})).await;

        let contact = ("NotAuthorizedException", "Contact administrator to reset password.");
        refused(&world.forgot("ann").await, contact);
        refused(&world.reset("ann").await, contact);
        assert_eq!((world.app.rows("inbox").await, world.status("ann").await.as_str()), (0, "CONFIRMED"));
    }

    async fn an_address_that_was_not_verified_does_not_do(app: TestApp) {
        let world = World::new(app).await;
        world.person("bea", &[("email", "bea@example.com")]).await;
        world.person("cat", &[]).await;
        world.person("dan", &[("phone_number", "+15551231234"), ("phone_number_verified", "false")]).await;

        for name in ["bea", "cat", "dan"] {
            refused(&world.forgot(name).await, NO_CONTACT);
        }
        assert_eq!((world.app.rows("inbox").await, world.app.rows("codes").await), (0, 0));
    }

    async fn states_that_have_no_password_of_their_own_are_refused(app: TestApp) {
        let world = World::new(app).await;
        let state = async |status: UserStatus, enabled: bool| {
            world.app.change_user(&world.pool, "ann", |user| (user.status, user.enabled) = (status, enabled)).await;
        };
        for status in [UserStatus::ForceChangePassword, UserStatus::ExternalProvider] {
            state(status, true).await;
            refused(&world.forgot("ann").await, STATE);
        }
        state(UserStatus::Unconfirmed, true).await;
        refused(&world.forgot("ann").await, NO_CONTACT);
        state(UserStatus::Confirmed, false).await;
        refused(&world.forgot("ann").await, ("NotAuthorizedException", "User is disabled."));
        assert_eq!((world.app.rows("inbox").await, world.app.rows("attempts").await), (0, 0));

        state(UserStatus::ResetRequired, true).await;
        world.forgot("ann").await.assert_good();
    }

    async fn unknown_names_and_clients_are_told(app: TestApp) {
        let world = World::new(app).await;

        refused(&world.forgot("nobody").await, ("UserNotFoundException", "Username/client id combination not found."));
        let elsewhere = json!({ "ClientId": "0000000000000000000000000a", "Username": "ann" });
        let answer = world.app.idp("ForgotPassword", elsewhere).await;
        refused(&answer, ("ResourceNotFoundException", "User pool client 0000000000000000000000000a does not exist."));
    }

    async fn a_new_code_replaces_the_one_before(app: TestApp) {
        let world = World::new(app).await;
        let old = world.code().await;
        let new = world.code().await;

        assert_ne!(old, new);
        assert_eq!(world.app.rows("codes").await, 1);
        refused(&world.confirm("ann", &old, NEW).await, MISMATCH);
        world.confirm("ann", &new, NEW).await.assert_good();
    }

    async fn ten_times_an_hour_a_user_asks_and_answers_together(app: TestApp) {
        let world = World::new(app).await;
        let mut code = String::new();
        for _ in 0..5 {
            code = world.code().await;
        }
        for _ in 0..5 {
            refused(&world.confirm("ann", another(&code), NEW).await, MISMATCH);
        }

        refused(&world.confirm("ann", &code, NEW).await, LIMIT);
        refused(&world.forgot("ann").await, LIMIT);
        world.app.clock.advance(HOUR);
        world.app.clock.back(Duration::from_millis(10));
        refused(&world.forgot("ann").await, LIMIT);
        world.app.clock.advance(Duration::from_millis(10));
        world.forgot("ann").await.assert_good();
    }

    async fn the_limit_is_one_users_own_and_the_same_by_every_client(app: TestApp) {
        let mut world = World::new(app).await;
        world.person("bea", BOTH).await;
        for _ in 0..10 {
            world.forgot("ann").await.assert_good();
        }

        world.client = world.app.client(&world.pool).await;
        refused(&world.forgot("ann").await, LIMIT);
        world.forgot("bea").await.assert_good();
    }

    async fn a_trigger_that_would_write_the_message_is_not_passed_over(app: TestApp) {
        let trigger = json!({ "LambdaConfig": { "CustomMessage": "arn:aws:lambda:us-east-1:123456789012:function:m" } });
        let world = World::with(app, trigger, json!({})).await;

        for answer in [world.forgot("ann").await, world.reset("ann").await] {
            assert_eq!((answer.status, answer.error.as_deref()), (501, Some("NotImplementedException")), "{answer}");
        }
        assert_eq!((world.app.rows("codes").await, world.status("ann").await.as_str()), (0, "CONFIRMED"));
    }
}
