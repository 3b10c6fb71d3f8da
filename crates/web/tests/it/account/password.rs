//! Another password.

use cognate_testkit::app::PASSWORD;
use cognate_testkit::{TestApp, both_engines};
use serde_json::json;

use super::kit::{Answer, Browser, LOCKING, Town};

const NEW: &str = "Another-Horse-9";

async fn change(browser: &mut Browser<'_>, current: &str, new: &str, repeated: &str) -> Answer {
    let form = [("current_password", current), ("new_password", new), ("password_repeat", repeated)];
    browser.act("password", &form).await
}

both_engines! {
    async fn a_password_is_changed_by_who_knows_it(app: TestApp) {
        let town = Town::open(app).await;
        town.app.user(&town.pool, "ann").await;
        let mut browser = town.browser_of("ann").await;
        let changed = change(&mut browser, PASSWORD, NEW, NEW).await;
        browser.done(changed).await.assert_shows("Your password is changed.");
        assert!(town.lets_in("ann", NEW).await);
        assert!(!town.lets_in("ann", PASSWORD).await);
    }

    async fn what_is_wrong_is_told_and_changes_nothing(app: TestApp) {
        let town = Town::open(app).await;
        town.app.user(&town.pool, "ann").await;
        let policy = json!({ "PasswordPolicy": { "MinimumLength": 10, "PasswordHistorySize": 2 } });
        let update = json!({ "UserPoolId": town.pool, "AutoVerifiedAttributes": ["email"], "Policies": policy });
        town.app.idp("UpdateUserPool", update).await.assert_good();
        let mut browser = town.browser_of("ann").await;
        let page = browser.account().await;
        page.assert_shows("at least 10 characters");

        for (current, new, repeated, says) in [
            ("", NEW, NEW, "Fill in this field."),
            (PASSWORD, "", "", "Fill in this field."),
            (PASSWORD, NEW, "", "Fill in this field."),
            (PASSWORD, NEW, "Other-Horse-9", "The two passwords are not the same."),
            (PASSWORD, "Short-9", "Short-9", "The password does not meet the rules below."),
            (PASSWORD, PASSWORD, PASSWORD, "You have used this password before."),
        ] {
            let page = change(&mut browser, current, new, repeated).await;
            page.assert_shows(says);
            page.assert_hides(PASSWORD);
            page.assert_hides(NEW);
        }
        assert!(town.lets_in("ann", PASSWORD).await);
    }

    /// A stolen cookie is no way to guess a password: it is counted with the failures of sign-ins.
    async fn a_wrong_password_counts_and_locks(app: TestApp) {
        let town = Town::open(app).await;
        town.app.user(&town.pool, "ann").await;
        let mut browser = town.browser_of("ann").await;
        assert!(!town.lets_in("ann", "Wrong-Horse-9").await);
        for _ in 1..LOCKING {
            change(&mut browser, "Wrong-Horse-9", NEW, NEW).await.assert_shows("That is not your password.");
        }
        change(&mut browser, PASSWORD, NEW, NEW).await.assert_shows("Too many wrong passwords.");
        change(&mut browser, PASSWORD, NEW, NEW).await.assert_shows("Too many tries."); // five an hour
        town.app.clock.advance(std::time::Duration::from_secs(1));
        assert!(town.lets_in("ann", PASSWORD).await);
    }
}
