//! Where somebody is signed in.

use cognate_testkit::app::PASSWORD;
use cognate_testkit::{TestApp, both_engines};
use serde_json::json;

use super::kit::{LOCKING, SESSION, Town};

both_engines! {
    async fn every_place_is_listed_with_its_times(app: TestApp) {
        let town = Town::with(app, json!({}), json!({ "ClientName": "Night Shop" })).await;
        town.app.user(&town.pool, "ann").await;
        town.app.user(&town.pool, "eve").await;
        town.browser_of("eve").await;
        town.app.tokens(&town.client, "eve").await;

        let mut first = town.browser_of("ann").await;
        town.app.clock.advance(std::time::Duration::from_mins(2));
        town.browser_of("ann").await;
        town.app.tokens(&town.client, "ann").await;

        let page = first.account().await;
        let ids = page.sessions();
        assert_eq!(ids.len(), 3, "{ids:?}");
        assert!(ids[0].starts_with("browser.") && ids[1].starts_with("browser.") && ids[2].starts_with("application."));
        assert_eq!(page.text.matches("This browser").count(), 1);
        page.assert_shows("Since 2026-01-02 03:04 UTC");
        page.assert_shows("Until 2026-01-02 04:04 UTC");
        page.assert_shows("Since 2026-01-02 03:06 UTC");
        page.assert_shows("Night Shop");
    }

    async fn one_is_ended_and_the_others_stay(app: TestApp) {
        let town = Town::open(app).await;
        town.app.user(&town.pool, "ann").await;
        let mut here = town.browser_of("ann").await;
        town.app.clock.tick();
        let mut there = town.browser_of("ann").await;
        let (gone, kept) = (town.app.tokens(&town.client, "ann").await, town.app.tokens(&town.client, "ann").await);

        let ids = here.account().await.sessions();
        let ended = here.act("sessions", &[("session", &ids[1])]).await;
        here.done(ended).await.assert_shows("Signed out.");
        assert_eq!(there.account().await.location(), town.sign_in_href());

        let origin = cognate_testkit::app::claims(&gone.access)["origin_jti"].as_str().unwrap().to_owned();
        let ended = here.act("sessions", &[("session", &format!("application.{origin}"))]).await;
        assert_eq!(here.done(ended).await.sessions().len(), 2);
        assert_eq!(town.app.refresh(&town.client, &gone.refresh).await.status, 400);
        assert_eq!(town.app.get_user(&gone.access).await.status, 400);
        assert_eq!(town.app.refresh(&town.client, &kept.refresh).await.status, 200);

        let left = here.act("sessions", &[("session", &ids[0])]).await;
        assert_eq!(left.location(), town.sign_in_href());
        assert!(!here.cookies.contains_key(SESSION));
    }

    async fn all_but_this_one_end_for_who_knows_the_password(app: TestApp) {
        let town = Town::open(app).await;
        for name in ["ann", "eve"] {
            town.app.user(&town.pool, name).await;
        }
        let mut here = town.browser_of("ann").await;
        let mut others = Vec::new();
        for _ in 0..3 {
            others.push(town.browser_of("ann").await);
        }
        let mut eve = town.browser_of("eve").await;
        let (tokens, of_eve) = (town.app.tokens(&town.client, "ann").await, town.app.tokens(&town.client, "eve").await);

        let asked = here.act("sessions", &[("session", "all")]).await;
        assert!(asked.shows_page("account_prove"));
        asked.assert_shows("name=\"session\" value=\"all\"");
        let wrong = [("session", "all"), ("current_password", "Wrong-Horse-9")];
        here.act("sessions", &wrong).await.assert_shows("That is not your password.");
        assert!(others[0].account().await.shows_page("account"), "nothing has ended yet");
        assert_eq!(town.app.get_user(&tokens.access).await.status, 200);

        let ended = here.act("sessions", &[("session", "all"), ("current_password", PASSWORD)]).await;
        let page = here.done(ended).await;
        page.assert_shows("You are signed out everywhere else.");
        assert_eq!(page.sessions().len(), 1);
        for other in &mut others {
            assert_eq!(other.account().await.location(), town.sign_in_href());
        }
        assert_eq!(town.app.get_user(&tokens.access).await.status, 400);
        assert_eq!(town.app.refresh(&town.client, &tokens.refresh).await.status, 400);
        assert!(eve.account().await.shows_page("account"), "another person is nobody's to sign out");
        assert_eq!(town.app.get_user(&of_eve.access).await.status, 200);
    }

    async fn a_session_of_another_person_cannot_be_ended(app: TestApp) {
        let town = Town::open(app).await;
        for name in ["ann", "eve"] {
            town.app.user(&town.pool, name).await;
        }
        let (mut ann, mut eve) = (town.browser_of("ann").await, town.browser_of("eve").await);
        let tokens = town.app.tokens(&town.client, "ann").await;
        for id in ann.account().await.sessions() {
            eve.act("sessions", &[("session", &id)]).await;
        }
        for id in ["", "browser", "browser.", "application.x", "nothing.x", "all.", "ALL"] {
            eve.act("sessions", &[("session", id)]).await.location();
        }
        assert!(ann.account().await.shows_page("account"));
        assert_eq!(town.app.get_user(&tokens.access).await.status, 200);
        assert!(eve.account().await.shows_page("account"));
    }

    async fn a_wrong_password_locks_here_too(app: TestApp) {
        let town = Town::open(app).await;
        town.app.user(&town.pool, "ann").await;
        let mut here = town.browser_of("ann").await;
        for _ in 0..LOCKING {
            here.act("sessions", &[("session", "all"), ("current_password", "Wrong-Horse-9")]).await;
        }
        let locked = here.act("sessions", &[("session", "all"), ("current_password", PASSWORD)]).await;
        locked.assert_shows("Too many wrong passwords.");
        assert!(!town.lets_in("ann", PASSWORD).await);
    }

    async fn what_is_over_is_not_listed_and_of_very_many_the_newest_are(app: TestApp) {
        let town = Town::open(app).await;
        town.app.user(&town.pool, "ann").await;
        let revoked = town.app.tokens(&town.client, "ann").await;
        let input = json!({ "ClientId": town.client, "Token": revoked.refresh });
        town.app.idp("RevokeToken", input).await.assert_good();
        let all = town.app.tokens(&town.client, "ann").await;
        town.app.idp("GlobalSignOut", json!({ "AccessToken": all.access })).await.assert_good();
        let units = json!({ "RefreshToken": "minutes", "AccessToken": "minutes", "IdToken": "minutes" });
        let lives = json!({ "RefreshTokenValidity": 60, "AccessTokenValidity": 5, "IdTokenValidity": 5 });
        let brief = cognate_testkit::app::merged(lives, json!({ "TokenValidityUnits": units }));
        let brief = town.another_client(brief).await;
        town.app.tokens(&brief, "ann").await;
        town.app.clock.advance(std::time::Duration::from_hours(1));

        let mut here = town.browser_of("ann").await;
        assert_eq!(here.account().await.sessions().len(), 1);
        for _ in 0..101 {
            town.app.clock.tick();
            town.app.tokens(&town.client, "ann").await;
        }
        let newest = town.app.tokens(&town.client, "ann").await;
        let ids = here.account().await.sessions();
        assert_eq!(ids.len(), 101);
        let origin = cognate_testkit::app::claims(&newest.access)["origin_jti"].as_str().unwrap().to_owned();
        assert!(ids[1..3].contains(&format!("application.{origin}")), "of one moment with another");
    }
}
