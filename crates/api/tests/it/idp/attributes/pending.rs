//! Contacts that are verified before the update (`AttributesRequireVerificationBeforeUpdate`).

use cognate_testkit::app::PASSWORD;
use cognate_testkit::{TestApp, both_engines};
use serde_json::json;

use super::kit::{Ann, EXPIRED, MISMATCH, TAKEN, administer, careful, found};

fn old() -> (String, String) {
    ("ann@example.com".to_owned(), "true".to_owned())
}

both_engines! {
    async fn the_old_address_stays_verified_and_signs_in_until_the_new_one_is_proved(app: TestApp) {
        let ann = Ann::careful(&app).await;

        let answer = ann.update(&app, &[("email", "new@example.com"), ("nickname", "A")]).await.good();

        assert_eq!(answer["CodeDeliveryDetailsList"][0]["Destination"], "n***@e***");
        assert_eq!(ann.email(&app).await, old());
        assert_eq!(ann.attributes(&app).await["nickname"], "A");
        assert!(ann.signs_in_as(&app, "ann@example.com").await && !ann.signs_in_as(&app, "new@example.com").await);
        assert!(found(&app, &ann.pool, r#"email = "new@example.com""#).await.is_empty());

        let code = app.code("new@example.com").await;
        ann.verify(&app, "email", &code).await.assert_good();

        assert_eq!(ann.email(&app).await, ("new@example.com".to_owned(), "true".to_owned()));
        assert!(!ann.signs_in_as(&app, "ann@example.com").await && ann.signs_in_as(&app, "new@example.com").await);
        assert_eq!(found(&app, &ann.pool, r#"email = "new@example.com""#).await, ["ann"]);
        assert!(found(&app, &ann.pool, r#"email = "ann@example.com""#).await.is_empty());
        assert_eq!(app.rows("pending_attributes").await + app.rows("codes").await, 0);
    }

    async fn where_people_are_called_by_their_address_the_old_one_is_their_name_until_then(app: TestApp) {
        let ann = Ann::among(&app, careful(json!({ "UsernameAttributes": ["email"] }))).await;

        ann.update(&app, &[("email", "new@example.com")]).await.assert_good();

        assert!(ann.signs_in_as(&app, "ann@example.com").await && !ann.signs_in_as(&app, "new@example.com").await);
        let code = app.code("new@example.com").await;
        ann.verify(&app, "email", &code).await.assert_good();
        assert!(!ann.signs_in_as(&app, "ann@example.com").await && ann.signs_in_as(&app, "new@example.com").await);
    }

    async fn a_further_update_replaces_the_one_that_waits_and_its_code(app: TestApp) {
        let ann = Ann::careful(&app).await;
        ann.update(&app, &[("email", "first@example.com")]).await.assert_good();
        ann.update(&app, &[("email", "second@example.com")]).await.assert_good();
        let (first, second) = (app.code("first@example.com").await, app.code("second@example.com").await);

        ann.verify(&app, "email", &first).await.assert_refused(MISMATCH.0, MISMATCH.1);
        assert_eq!(ann.email(&app).await, old());
        ann.verify(&app, "email", &second).await.assert_good();

        assert_eq!(ann.email(&app).await.0, "second@example.com");
    }

    async fn a_code_that_is_asked_for_goes_to_the_address_that_waits(app: TestApp) {
        let ann = Ann::careful(&app).await;
        ann.update(&app, &[("email", "new@example.com")]).await.assert_good();
        app.clock.tick();

        let asked = ann.ask(&app, "email").await.good();

        assert_eq!(asked["CodeDeliveryDetails"]["Destination"], "n***@e***");
        let code = app.code("new@example.com").await;
        ann.verify(&app, "email", &code).await.assert_good();
        assert_eq!(ann.email(&app).await.0, "new@example.com");
    }

    async fn to_go_back_to_the_old_address_ends_the_waiting(app: TestApp) {
        let ann = Ann::careful(&app).await;
        ann.update(&app, &[("email", "new@example.com")]).await.assert_good();
        let code = app.code("new@example.com").await;

        ann.update(&app, &[("email", "ann@example.com")]).await.assert_good();

        ann.verify(&app, "email", &code).await.assert_refused(EXPIRED.0, EXPIRED.1);
        assert_eq!(ann.email(&app).await, old());
        assert_eq!(app.rows("pending_attributes").await, 0);
    }

    async fn a_deleted_address_takes_the_one_that_waits_along(app: TestApp) {
        let ann = Ann::careful(&app).await;
        ann.update(&app, &[("email", "new@example.com")]).await.assert_good();
        let code = app.code("new@example.com").await;

        ann.delete(&app, &["email"]).await.assert_good();

        assert_eq!(ann.email(&app).await, ("none".to_owned(), "none".to_owned()));
        ann.verify(&app, "email", &code).await.assert_refused(EXPIRED.0, EXPIRED.1);
        let asked = ann.ask(&app, "email").await;
        asked.assert_refused("InvalidParameterException", "User does not have a valid registered email address");
        assert_eq!(app.rows("pending_attributes").await, 0);
    }

    async fn an_administrator_who_calls_it_verified_stores_it_at_once_without_a_message(app: TestApp) {
        let ann = Ann::careful(&app).await;
        ann.update(&app, &[("email", "waits@example.com")]).await.assert_good();
        let code = app.code("waits@example.com").await;

        ann.administer(&app, &[("email", "new@example.com"), ("email_verified", "true")]).await.assert_good();

        assert_eq!(ann.email(&app).await, ("new@example.com".to_owned(), "true".to_owned()));
        assert!(ann.signs_in_as(&app, "new@example.com").await && !ann.signs_in_as(&app, "ann@example.com").await);
        ann.verify(&app, "email", &code).await.assert_refused(EXPIRED.0, EXPIRED.1);
        assert_eq!((app.rows("pending_attributes").await, app.rows("inbox").await), (0, 1));
    }

    async fn an_administrators_change_waits_like_the_users_own(app: TestApp) {
        let ann = Ann::careful(&app).await;

        let answer = ann.administer(&app, &[("email", "new@example.com"), ("email_verified", "false")]).await;

        assert_eq!(answer.good(), json!({}));
        assert_eq!(ann.email(&app).await, old());
        let code = app.code("new@example.com").await;
        ann.verify(&app, "email", &code).await.assert_good();
        assert_eq!(ann.email(&app).await.0, "new@example.com");
    }

    async fn an_address_that_was_taken_meanwhile_is_told_and_leaves_everything_as_it_was(app: TestApp) {
        let ann = Ann::careful(&app).await;
        app.user(&ann.pool, "bob").await;
        ann.update(&app, &[("email", "new@example.com")]).await.assert_good();
        let code = app.code("new@example.com").await;
        let taken = [("email", "new@example.com"), ("email_verified", "true")];
        administer(&app, &ann.pool, "bob", &taken).await.assert_good();

        ann.verify(&app, "email", &code).await.assert_refused(TAKEN.0, TAKEN.1);

        assert_eq!(ann.email(&app).await, old());
        assert!(ann.signs_in_as(&app, "ann@example.com").await);
        administer(&app, &ann.pool, "bob", &[("email", "")]).await.assert_good();
        ann.verify(&app, "email", &code).await.assert_good(); // it was not spent in vain
        app.password(&ann.client, "new@example.com", PASSWORD).await.assert_good();
    }

    async fn a_deleted_user_takes_what_waits_along(app: TestApp) {
        let ann = Ann::careful(&app).await;
        ann.update(&app, &[("email", "new@example.com")]).await.assert_good();

        app.idp("DeleteUser", json!({ "AccessToken": ann.token })).await.assert_good();

        assert_eq!(app.rows("pending_attributes").await + app.rows("codes").await, 0);
    }
}
