//! What a stranger learns by asking for codes in somebody's name: nothing, where the client veils. Section 19.

use cognate_domain::user::UserStatus;
use cognate_engine::messages::Post;
use cognate_testkit::{On, TestApp, TestDb, both_engines};
use serde_json::json;

use super::kit::{EXPIRED, LIMIT, MISMATCH, NEW, World, refused};

/// Those whom a stranger must not tell apart, from each other and from Ann.
const OTHERS: [&str; 7] = ["ghost", "disabled", "bare", "unverified", "temporary", "unconfirmed", "federated"];

async fn populate(world: &World) {
    let verified = |name: &str| {
        [("email".to_owned(), format!("{name}@example.com")), ("email_verified".to_owned(), "true".to_owned())]
    };
    for name in ["disabled", "temporary", "unconfirmed", "federated"] {
        let attributes = verified(name);
        let attributes: Vec<(&str, &str)> = attributes.iter().map(|(n, v)| (n.as_str(), v.as_str())).collect();
        world.person(name, &attributes).await;
    }
    world.person("bare", &[]).await;
    world.person("unverified", &[("email", "unverified@example.com")]).await;
    world.app.change_user(&world.pool, "disabled", |user| user.enabled = false).await;
    for (name, status) in [
        ("temporary", UserStatus::ForceChangePassword),
        ("unconfirmed", UserStatus::Unconfirmed),
        ("federated", UserStatus::ExternalProvider),
    ] {
        world.app.change_user(&world.pool, name, |user| user.status = status).await;
    }
}

/// No carrier takes a message.
struct Mute(TestApp);

impl On for Mute {
    async fn on(db: TestDb) -> Self {
        Self(TestApp::with_post(db, Post::carriers(None, None)).await)
    }
}

both_engines! {
    async fn a_stranger_meets_the_same_with_every_name(app: TestApp) {
        let world = World::veiled(app).await;
        populate(&world).await;

        for name in OTHERS.into_iter().chain(["ann"]) {
            refused(&world.confirm(name, "000000", NEW).await, EXPIRED);
            let asked = world.forgot(name).await;
            assert_eq!(asked.status, 200, "{name}: {asked}");
            assert_eq!(asked.text("/CodeDeliveryDetails/AttributeName"), "email", "{name}");
            assert_eq!(asked.text("/CodeDeliveryDetails/DeliveryMedium"), "EMAIL", "{name}");
            let code = if name == "ann" { world.app.code("ann").await } else { String::new() };
            let wrong = if code == "000000" { "000001" } else { "000000" };
            for _ in 0..8 {
                refused(&world.confirm(name, wrong, NEW).await, MISMATCH);
            }
            refused(&world.confirm(name, wrong, NEW).await, LIMIT);
            refused(&world.forgot(name).await, LIMIT);
        }
        assert_eq!(world.app.rows("inbox").await, 1, "only Ann got a message");
    }

    async fn what_is_made_up_stays_the_same_and_expires_like_a_code(app: TestApp) {
        let world = World::veiled(app).await;
        let first = world.forgot("ghost").await.good();
        assert_eq!(world.forgot("ghost").await.good(), first);
        refused(&world.confirm("ghost", "000000", NEW).await, MISMATCH);

        world.app.clock.advance(std::time::Duration::from_hours(1));

        refused(&world.confirm("ghost", "000000", NEW).await, EXPIRED);
    }

    async fn what_is_made_up_follows_the_recovery_setting(app: TestApp) {
        let phones = json!({ "AccountRecoverySetting": { "RecoveryMechanisms": [
            { "Name": "verified_phone_number", "Priority": 1 }, { "Name": "verified_email", "Priority": 2 } ] },
            "AutoVerifiedAttributes": ["email", "phone_number"] });
        let world = World::with(app, phones, json!({ "PreventUserExistenceErrors": "ENABLED" })).await;

        assert_eq!(world.forgot("ghost").await.text("/CodeDeliveryDetails/DeliveryMedium"), "SMS");
    }

    async fn a_pool_where_only_administrators_recover_says_so_to_everybody(app: TestApp) {
        let admin = json!({ "AccountRecoverySetting": { "RecoveryMechanisms": [{ "Name": "admin_only", "Priority": 1 }] } });
        let world = World::with(app, admin, json!({ "PreventUserExistenceErrors": "ENABLED" })).await;

        for name in ["ann", "ghost"] {
            refused(&world.forgot(name).await, ("NotAuthorizedException", "Contact administrator to reset password."));
        }
    }

    async fn those_who_exist_recover_behind_the_veil(app: TestApp) {
        let world = World::veiled(app).await;
        let code = world.code().await;

        world.confirm("ann", &code, NEW).await.assert_good();

        world.assert_signs_in("ann", NEW).await;
    }

    async fn a_message_that_does_not_leave_is_told_only_without_the_veil(mute: Mute) {
        let mut world = World::veiled(mute.0).await;
        world.forgot("ann").await.assert_good();

        world.client = world.app.client(&world.pool).await;
        let told = ("CodeDeliveryFailureException", "Unable to deliver the email message.");
        refused(&world.forgot("ann").await, told);
        refused(&world.reset("ann").await, told); // the password is reset all the same
        assert_eq!(world.status("ann").await, "RESET_REQUIRED");
    }
}
