//! `ChangePassword`: a token alone neither changes a password nor helps to guess it.

use std::time::Duration;

use cognate_domain::user::UserStatus;
use cognate_testkit::app::PASSWORD;
use cognate_testkit::{TestApp, both_engines};
use serde_json::json;

use super::kit::{INCORRECT, LIMIT, LOCKED, NEW, REUSED, SHORT, STATE, World, refused};

const WRONG: &str = "Wrong-Horse-9";

async fn signed_in(app: TestApp) -> (World, String) {
    let world = World::new(app).await;
    let token = world.token("ann").await;
    (world, token)
}

both_engines! {
    async fn the_new_password_signs_in_at_once_and_the_old_one_no_longer(app: TestApp) {
        let (world, token) = signed_in(app).await;

        assert_eq!(world.change(&token, Some(PASSWORD), NEW).await.good(), json!({}));

        world.assert_signs_in("ann", NEW).await;
        refused(&world.app.srp(&world.pool, &world.client, "ann", PASSWORD).await, INCORRECT);
        refused(&world.app.password(&world.client, "ann", PASSWORD).await, INCORRECT);
    }

    async fn tokens_stay_good(app: TestApp) {
        let world = World::new(app).await;
        let tokens = world.app.tokens(&world.client, "ann").await;
        world.change(&tokens.access, Some(PASSWORD), NEW).await.assert_good();

        world.app.get_user(&tokens.access).await.assert_good();
        world.app.refresh(&world.client, &tokens.refresh).await.assert_good();
    }

    async fn a_sign_in_under_way_with_the_old_password_ends(app: TestApp) {
        let (world, token) = signed_in(app).await;
        let proof = world.app.srp_proof(&world.pool, &world.client, "ann", PASSWORD).await;

        world.change(&token, Some(PASSWORD), NEW).await.assert_good();

        refused(&world.app.send_proof(&world.client, &proof).await, INCORRECT);
        assert_eq!(world.app.rows("token_families").await, 1);
    }

    async fn a_token_is_no_way_to_guess_the_password(app: TestApp) {
        let (world, token) = signed_in(app).await;
        for _ in 0..5 {
            refused(&world.change(&token, Some(WRONG), NEW).await, INCORRECT);
        }

        refused(&world.change(&token, Some(PASSWORD), NEW).await, LIMIT);
        refused(&world.app.password(&world.client, "ann", PASSWORD).await, LOCKED); // one count with signing in
        world.app.clock.advance(Duration::from_secs(1));
        world.assert_signs_in("ann", PASSWORD).await;
        world.app.clock.advance(Duration::from_hours(1));
        world.change(&world.token("ann").await, Some(PASSWORD), NEW).await.assert_good();
    }

    async fn wrong_passwords_at_sign_in_lock_the_change_too(app: TestApp) {
        let (world, token) = signed_in(app).await;
        for _ in 0..5 {
            refused(&world.app.password(&world.client, "ann", WRONG).await, INCORRECT);
        }

        refused(&world.change(&token, Some(PASSWORD), NEW).await, LOCKED);
        world.app.clock.advance(Duration::from_secs(1));
        world.change(&token, Some(PASSWORD), NEW).await.assert_good();
        let failures = world.app.app.db.read().await.unwrap()
            .query("SELECT attempt_id FROM attempts WHERE kind = 'password'").all(|row| row.text(0)).await.unwrap();
        assert_eq!(failures, Vec::<String>::new(), "a right password forgets the failures");
    }

    async fn five_changes_an_hour_are_enough(app: TestApp) {
        let (world, token) = signed_in(app).await;
        let mut now = PASSWORD.to_owned();
        for number in 0..5 {
            let next = format!("Horse-Number-{number}");
            world.change(&token, Some(&now), &next).await.assert_good();
            now = next;
        }

        refused(&world.change(&token, Some(&now), NEW).await, LIMIT);
        world.app.clock.almost(Duration::from_hours(1));
        refused(&world.change(&world.app.password(&world.client, "ann", &now).await.text("/AuthenticationResult/AccessToken"), Some(&now), NEW).await, LIMIT);
        world.app.clock.tick();
        let token = world.app.password(&world.client, "ann", &now).await.text("/AuthenticationResult/AccessToken");
        world.change(&token, Some(&now), NEW).await.assert_good();
    }

    async fn a_bad_proposal_is_told_before_anything_counts(app: TestApp) {
        let (world, token) = signed_in(app).await;
        for _ in 0..10 {
            refused(&world.change(&token, Some(WRONG), "Short-1").await, SHORT);
        }

        assert_eq!(world.app.rows("attempts").await, 0);
    }

    async fn a_remembered_password_does_not_come_again(app: TestApp) {
        let remembering = json!({ "Policies": { "PasswordPolicy": { "MinimumLength": 8, "PasswordHistorySize": 2 } } });
        let world = World::with(app, remembering, json!({})).await;
        let token = world.token("ann").await;
        refused(&world.change(&token, Some(PASSWORD), PASSWORD).await, REUSED);
        refused(&world.change(&token, Some(WRONG), PASSWORD).await, INCORRECT); // a stranger is not told
        world.change(&token, Some(PASSWORD), NEW).await.assert_good();

        refused(&world.change(&token, Some(NEW), PASSWORD).await, REUSED);
        world.change(&token, Some(NEW), "Third-Horse-9").await.assert_good();
    }

    async fn who_has_a_password_must_name_it(app: TestApp) {
        let (world, token) = signed_in(app).await;

        refused(&world.change(&token, None, NEW).await, ("InvalidParameterException", "Missing required parameter PreviousPassword"));

        world.assert_signs_in("ann", PASSWORD).await;
    }

    async fn who_has_none_sets_the_first(app: TestApp) {
        let (world, token) = signed_in(app).await;
        world.app.change_user(&world.pool, "ann", |user| user.password = None).await;
        refused(&world.change(&token, Some(PASSWORD), NEW).await, INCORRECT);

        world.change(&token, None, NEW).await.assert_good();

        world.assert_signs_in("ann", NEW).await;
    }

    async fn states_in_which_the_password_is_not_ones_own_are_refused(app: TestApp) {
        let (world, token) = signed_in(app).await;
        for status in [UserStatus::ForceChangePassword, UserStatus::ExternalProvider] {
            world.app.change_user(&world.pool, "ann", |user| user.status = status).await;
            refused(&world.change(&token, Some(PASSWORD), NEW).await, STATE);
        }
        world.app.change_user(&world.pool, "ann", |user| user.enabled = false).await;
        refused(&world.change(&token, Some(PASSWORD), NEW).await, ("NotAuthorizedException", "User is disabled."));
    }

    async fn what_is_no_access_token_changes_nothing(app: TestApp) {
        let world = World::new(app).await;
        let id = world.app.tokens(&world.client, "ann").await.id;

        for token in ["garbage", id.as_str()] {
            refused(&world.change(token, Some(PASSWORD), NEW).await, ("NotAuthorizedException", "Invalid Access Token"));
        }
    }
}
