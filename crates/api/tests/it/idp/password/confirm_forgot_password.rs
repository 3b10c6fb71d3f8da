//! `ConfirmForgotPassword`: one code, once, for the address it was sent to.

use std::time::Duration;

use cognate_domain::user::UserStatus;
use cognate_testkit::app::PASSWORD;
use cognate_testkit::{TestApp, both_engines};
use serde_json::{Value, json};

use super::kit::{EXPIRED, INCORRECT, LIMIT, LOCKED, MISMATCH, NEW, REUSED, SHORT, STATE, World, another, refused};

const HOUR: Duration = Duration::from_hours(1);

fn remembering(passwords: i32) -> Value {
    json!({ "Policies": { "PasswordPolicy": { "MinimumLength": 8, "PasswordHistorySize": passwords } } })
}

both_engines! {
    async fn the_new_password_signs_in_at_once_and_the_old_one_no_longer(app: TestApp) {
        let world = World::new(app).await;
        let code = world.code().await;

        assert_eq!(world.confirm("ann", &code, NEW).await.good(), json!({}));

        world.assert_signs_in("ann", NEW).await;
        refused(&world.app.password(&world.client, "ann", PASSWORD).await, INCORRECT);
        refused(&world.app.srp(&world.pool, &world.client, "ann", PASSWORD).await, INCORRECT);
        assert_eq!(world.status("ann").await, "CONFIRMED");
    }

    async fn a_code_is_good_once(app: TestApp) {
        let world = World::new(app).await;
        let code = world.code().await;
        world.confirm("ann", &code, NEW).await.assert_good();

        refused(&world.confirm("ann", &code, "Third-Horse-9").await, EXPIRED);
        assert_eq!(world.app.rows("codes").await, 0);
        world.assert_signs_in("ann", NEW).await;
    }

    async fn a_code_lives_for_an_hour_to_its_last_moment(app: TestApp) {
        let world = World::new(app).await;
        let code = world.code().await;

        world.app.clock.advance(HOUR);
        refused(&world.confirm("ann", &code, NEW).await, EXPIRED);
        world.app.clock.back(Duration::from_millis(1));
        world.confirm("ann", &code, NEW).await.assert_good();
    }

    async fn a_wrong_code_changes_nothing_and_the_right_one_stays_good(app: TestApp) {
        let world = World::new(app).await;
        let code = world.code().await;

        refused(&world.confirm("ann", another(&code), NEW).await, MISMATCH);
        world.assert_signs_in("ann", PASSWORD).await;
        world.confirm("ann", &code, NEW).await.assert_good();
    }

    async fn without_a_code_there_is_nothing_to_confirm_with(app: TestApp) {
        let world = World::new(app).await;

        refused(&world.confirm("ann", "123456", NEW).await, EXPIRED);
    }

    async fn a_code_is_good_for_its_own_user_and_its_own_purpose_only(app: TestApp) {
        let world = World::new(app).await;
        world.person("bea", &[("email", "bea@example.com"), ("email_verified", "true")]).await;
        let code = world.code().await;
        world.forgot("bea").await.assert_good();
        refused(&world.confirm("bea", &code, NEW).await, MISMATCH);

        world.app.sign_up(&world.client, "cat").await.assert_good();
        let signed_up = world.app.code("cat").await;
        let confirm = json!({ "UserPoolId": world.pool, "Username": "cat" });
        world.app.idp("AdminConfirmSignUp", confirm).await.assert_good();
        refused(&world.confirm("cat", &signed_up, NEW).await, EXPIRED);
    }

    async fn a_bad_password_spends_no_code_and_no_attempt(app: TestApp) {
        let world = World::new(app).await;
        let code = world.code().await;
        for _ in 0..20 {
            refused(&world.confirm("ann", &code, "Short-1").await, SHORT);
        }
        assert_eq!(world.app.rows("attempts").await, 1, "only the asking counts");

        world.confirm("ann", &code, NEW).await.assert_good();
    }

    async fn a_password_that_comes_again_spends_no_code(app: TestApp) {
        let world = World::with(app, remembering(3), json!({})).await;
        let code = world.code().await;
        refused(&world.confirm("ann", &code, PASSWORD).await, REUSED);
        world.confirm("ann", &code, NEW).await.assert_good();

        let code = world.code().await;
        refused(&world.confirm("ann", &code, PASSWORD).await, REUSED);
        refused(&world.confirm("ann", &code, NEW).await, REUSED);
        world.confirm("ann", &code, "Third-Horse-9").await.assert_good();
    }

    async fn without_the_code_nobody_learns_which_passwords_were_used(app: TestApp) {
        let world = World::with(app, remembering(3), json!({})).await;
        refused(&world.confirm("ann", "123456", PASSWORD).await, EXPIRED);
        let code = world.code().await;

        refused(&world.confirm("ann", another(&code), PASSWORD).await, MISMATCH);
    }

    async fn tokens_stay_good(app: TestApp) {
        let world = World::new(app).await;
        let tokens = world.app.tokens(&world.client, "ann").await;
        let code = world.code().await;
        world.confirm("ann", &code, NEW).await.assert_good();

        world.app.get_user(&tokens.access).await.assert_good();
        world.app.refresh(&world.client, &tokens.refresh).await.assert_good();
    }

    async fn a_sign_in_under_way_with_the_old_password_ends(app: TestApp) {
        let world = World::new(app).await;
        world.assert_ends_what_was_under_way(async |world| {
            let code = world.code().await;
            world.confirm("ann", &code, NEW).await.assert_good();
        }).await;
    }

    async fn a_lock_after_wrong_passwords_ends_with_them(app: TestApp) {
        let world = World::new(app).await;
        for _ in 0..5 {
            refused(&world.app.password(&world.client, "ann", "Wrong-Horse-9").await, INCORRECT);
        }
        refused(&world.app.password(&world.client, "ann", PASSWORD).await, LOCKED);
        let code = world.code().await;
        world.confirm("ann", &code, NEW).await.assert_good();

        world.assert_signs_in("ann", NEW).await;
    }

    async fn the_address_that_the_code_came_back_from_is_verified(app: TestApp) {
        let world = World::new(app).await;
        let code = world.code().await;
        world.app.change_user(&world.pool, "ann", |user| user.attributes.set("email_verified", "false")).await;

        world.confirm("ann", &code, NEW).await.assert_good();

        assert_eq!(world.attribute("ann", "email_verified").await.as_deref(), Some("true"));
    }

    async fn an_address_that_was_given_up_gets_no_new_password(app: TestApp) {
        let world = World::new(app).await;
        let code = world.code().await;
        world.app.change_user(&world.pool, "ann", |user| user.attributes.set("email", "new@example.com")).await;

        refused(&world.confirm("ann", &code, NEW).await, EXPIRED);

        world.assert_signs_in("ann", PASSWORD).await;
    }

    async fn an_address_that_became_somebody_elses_name_stays_unverified(app: TestApp) {
        let world = World::with(app, json!({ "AliasAttributes": ["email"] }), json!({})).await;
        let code = world.code().await;
        let taken = json!({
            "UserPoolId": world.pool, "Username": "bea", "TemporaryPassword": PASSWORD, "MessageAction": "SUPPRESS",
            "ForceAliasCreation": true,
            "UserAttributes": [
                { "Name": "email", "Value": "ann@example.com" }, { "Name": "email_verified", "Value": "true" },
            ],
        });
        world.app.idp("AdminCreateUser", taken).await.assert_good();

        world.confirm("ann", &code, NEW).await.assert_good();

        assert_eq!(world.attribute("ann", "email_verified").await.as_deref(), Some("false"));
        assert_eq!(world.get("ann@example.com").await.text("/Username"), "bea");
        world.assert_signs_in("ann", NEW).await;
    }

    async fn a_code_does_not_outlive_the_state_it_was_made_for(app: TestApp) {
        let world = World::new(app).await;
        let code = world.code().await;
        let state = async |status: UserStatus, enabled: bool| {
            world.app.change_user(&world.pool, "ann", |user| (user.status, user.enabled) = (status, enabled)).await;
        };
        for status in [UserStatus::ForceChangePassword, UserStatus::ExternalProvider] {
            state(status, true).await;
            refused(&world.confirm("ann", &code, NEW).await, STATE);
        }
        state(UserStatus::Unconfirmed, true).await;
        refused(&world.confirm("ann", &code, NEW).await, ("UserNotConfirmedException", "User is not confirmed."));
        state(UserStatus::ResetRequired, false).await;
        refused(&world.confirm("ann", &code, NEW).await, ("NotAuthorizedException", "User is disabled."));
        refused(&world.confirm("eve", &code, NEW).await, ("UserNotFoundException", "Username/client id combination not found."));

        state(UserStatus::ResetRequired, true).await;
        world.confirm("ann", &code, NEW).await.assert_good();
        world.assert_signs_in("ann", NEW).await;
    }

    async fn ten_codes_an_hour_are_judged_and_no_more(app: TestApp) {
        let world = World::new(app).await;
        let code = world.code().await;
        for _ in 0..9 {
            refused(&world.confirm("ann", another(&code), NEW).await, MISMATCH);
        }

        refused(&world.confirm("ann", &code, NEW).await, LIMIT);
        world.assert_signs_in("ann", PASSWORD).await;
    }

    async fn a_code_is_kept_only_as_a_digest(app: TestApp) {
        let world = World::new(app).await;
        let code = world.code().await;

        let mut tx = world.app.app.db.read().await.unwrap();
        let kept = tx.query("SELECT code_digest FROM codes").one(|row| row.bytes(0)).await.unwrap();

        assert_eq!(kept.len(), 32);
        assert!(!kept.windows(6).any(|window| window == code.as_bytes()));
    }

    async fn a_trigger_that_would_hear_of_it_is_not_passed_over(app: TestApp) {
        let trigger = json!({ "LambdaConfig": { "PostConfirmation": "arn:aws:lambda:us-east-1:123456789012:function:p" } });
        let world = World::with(app, trigger, json!({})).await;
        let code = world.code().await;

        let answer = world.confirm("ann", &code, NEW).await;

        assert_eq!((answer.status, answer.error.as_deref()), (501, Some("NotImplementedException")), "{answer}");
        world.assert_signs_in("ann", PASSWORD).await;
    }
}
