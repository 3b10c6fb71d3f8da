//! `AdminResetUserPassword`, and what `RESET_REQUIRED` means to sign-in and to tokens.

use cognate_domain::user::UserStatus;
use cognate_testkit::app::PASSWORD;
use cognate_testkit::{TestApp, both_engines};
use serde_json::json;

use super::kit::{INCORRECT, NEW, NO_CONTACT, RESET, STATE, World, refused};

both_engines! {
    async fn the_password_is_good_no_longer_until_the_code_comes_back(app: TestApp) {
        let world = World::new(app).await;

        assert_eq!(world.reset("ann").await.good(), json!({}));

        assert_eq!(world.status("ann").await, "RESET_REQUIRED");
        refused(&world.app.password(&world.client, "ann", PASSWORD).await, RESET);
        refused(&world.app.srp(&world.pool, &world.client, "ann", PASSWORD).await, RESET);
        let message = world.app.last_message("ann@example.com").await;
        assert_eq!(message.trigger, "CustomMessage_ForgotPassword");
        world.confirm("ann", &message.code.unwrap(), NEW).await.assert_good();
        assert_eq!(world.status("ann").await, "CONFIRMED");
        world.assert_signs_in("ann", NEW).await;
    }

    async fn the_veil_hides_that_a_password_was_reset(app: TestApp) {
        let world = World::veiled(app).await;
        world.reset("ann").await.assert_good();

        refused(&world.app.password(&world.client, "ann", PASSWORD).await, INCORRECT);
        refused(&world.app.srp(&world.pool, &world.client, "ann", PASSWORD).await, INCORRECT);
        let code = world.code().await;
        world.confirm("ann", &code, NEW).await.assert_good();
    }

    async fn tokens_wait_until_the_password_is_there_again(app: TestApp) {
        let world = World::new(app).await;
        let tokens = world.app.tokens(&world.client, "ann").await;
        world.reset("ann").await.assert_good();

        refused(&world.app.get_user(&tokens.access).await, RESET);
        refused(&world.change(&tokens.access, Some(PASSWORD), NEW).await, RESET);
        refused(&world.app.idp("GlobalSignOut", json!({ "AccessToken": tokens.access })).await, RESET);

        let code = world.app.code("ann").await;
        world.confirm("ann", &code, NEW).await.assert_good();
        world.app.get_user(&tokens.access).await.assert_good();
    }

    async fn a_sign_in_under_way_ends(app: TestApp) {
        let world = World::new(app).await;
        world.assert_ends_what_was_under_way(async |world| world.reset("ann").await.assert_good()).await;
    }

    async fn a_second_reset_sends_another_code(app: TestApp) {
        let world = World::new(app).await;
        world.reset("ann").await.assert_good();
        let old = world.app.code("ann").await;
        world.app.clock.tick();
        world.reset("ann").await.assert_good();
        let new = world.app.code("ann").await;

        assert_ne!(old, new);
        world.confirm("ann", &new, NEW).await.assert_good();
    }

    async fn administrators_are_not_limited_and_do_not_use_up_the_users_attempts(app: TestApp) {
        let world = World::new(app).await;
        for _ in 0..20 {
            world.reset("ann").await.assert_good();
        }

        assert_eq!(world.app.rows("attempts").await, 0);
    }

    async fn states_and_contacts_that_do_not_fit_are_refused(app: TestApp) {
        let world = World::new(app).await;
        world.person("bare", &[]).await;
        refused(&world.reset("bare").await, NO_CONTACT);
        refused(&world.reset("nobody").await, ("UserNotFoundException", "User does not exist."));
        let state = async |status: UserStatus, enabled: bool| {
            world.app.change_user(&world.pool, "ann", |user| (user.status, user.enabled) = (status, enabled)).await;
        };
        for status in [UserStatus::ForceChangePassword, UserStatus::ExternalProvider] {
            state(status, true).await;
            refused(&world.reset("ann").await, STATE);
        }
        state(UserStatus::Unconfirmed, true).await;
        refused(&world.reset("ann").await, NO_CONTACT);
        state(UserStatus::Confirmed, false).await;
        refused(&world.reset("ann").await, ("NotAuthorizedException", "User is disabled"));
        assert_eq!((world.app.rows("codes").await, world.status("ann").await.as_str()), (0, "CONFIRMED"));
    }

    async fn a_password_set_by_an_administrator_ends_the_reset(app: TestApp) {
        let world = World::new(app).await;
        world.reset("ann").await.assert_good();

        world.app.set_password(&world.pool, "ann").await;

        world.assert_signs_in("ann", PASSWORD).await;
    }
}
