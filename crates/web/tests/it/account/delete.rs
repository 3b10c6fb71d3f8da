//! The end of an account.

use cognate_testkit::app::PASSWORD;
use cognate_testkit::{TestApp, both_engines};
use serde_json::json;

use super::kit::{LOCKING, SESSION, Town};

both_engines! {
    async fn an_account_is_deleted_with_everything_in_it(app: TestApp) {
        let town = Town::open(app).await;
        for name in ["ann", "eve"] {
            town.app.user(&town.pool, name).await;
        }
        let mut browser = town.browser_of("ann").await;
        let mut another = town.browser_of("ann").await;
        let tokens = town.app.tokens(&town.client, "ann").await;

        let page = browser.get(&town.href("/account/delete")).await;
        assert!(page.shows_page("account_delete"));
        let done = browser.post(&town.href("/account/delete"), &[("current_password", PASSWORD)]).await;
        assert!(done.shows_page("done"), "{}", done.text);
        done.assert_shows("Your account is deleted");
        assert!(!browser.cookies.contains_key(SESSION));

        let named = json!({ "UserPoolId": town.pool, "Username": "ann" });
        town.app.idp("AdminGetUser", named).await.assert_refused("UserNotFoundException", "User does not exist.");
        assert_eq!(another.account().await.location(), town.sign_in_href());
        assert_eq!(town.app.get_user(&tokens.access).await.status, 400);
        for (table, rows) in [("users", 1), ("login_sessions", 0), ("token_families", 0), ("refresh_tokens", 0)] {
            assert_eq!(town.app.rows(table).await, rows, "{table}");
        }
        assert!(town.lets_in("eve", PASSWORD).await);
    }

    async fn a_cookie_alone_deletes_nothing(app: TestApp) {
        let town = Town::open(app).await;
        town.app.user(&town.pool, "ann").await;
        let mut thief = town.browser_of("ann").await;
        let path = town.href("/account/delete");

        assert!(thief.post(&path, &[]).await.shows_page("account_delete"));
        assert!(thief.get(&format!("{path}&current_password={PASSWORD}")).await.shows_page("account_delete"));
        thief.post(&path, &[("current_password", "")]).await.assert_shows("Fill in this field.");
        let twice = [("current_password", PASSWORD), ("current_password", PASSWORD)];
        thief.post(&path, &twice).await.assert_shows("Fill in this field.");
        for _ in 0..LOCKING {
            let wrong = thief.post(&path, &[("current_password", "Wrong-Horse-9")]).await;
            wrong.assert_shows("That is not your password.");
            wrong.assert_hides("Wrong-Horse-9");
        }
        let locked = thief.post(&path, &[("current_password", PASSWORD)]).await;
        locked.assert_shows("Too many wrong passwords.");
        assert_eq!(town.app.rows("users").await, 1);
        town.app.clock.advance(std::time::Duration::from_secs(1));
        assert!(town.lets_in("ann", PASSWORD).await);
    }

    /// Guessing in parallel gains nothing over guessing one by one.
    async fn of_many_guesses_at_once_none_is_right_after_the_lock(app: TestApp) {
        let town = Town::open(app).await;
        town.app.user(&town.pool, "ann").await;
        let thief = town.browser_of("ann").await;
        let path = town.href("/account/delete");
        let guess = async |password: &str| {
            let mut browser = thief.clone();
            browser.post(&path, &[("current_password", password)]).await
        };
        for _ in 1..LOCKING {
            guess("Wrong-Horse-9").await.assert_shows("That is not your password.");
        }
        let (first, second, third) = tokio::join!(guess("Wrong-1"), guess("Wrong-2"), guess("Wrong-3"));
        let told = [first, second, third].iter().filter(|page| page.text.contains("That is not your password.")).count();
        assert!(told <= 1, "{told} guesses were judged");
        guess(PASSWORD).await.assert_shows("Too many wrong passwords.");
        assert_eq!(town.app.rows("users").await, 1);
    }

    async fn who_has_no_password_is_offered_nothing_that_asks_for_it(app: TestApp) {
        let town = Town::open(app).await;
        town.app.user(&town.pool, "ann").await;
        let mut browser = town.browser_of("ann").await;
        town.app.change_user(&town.pool, "ann", |user| user.password = None).await;
        let page = browser.account().await;
        assert!(page.shows_page("account"));
        page.assert_hides("/account/delete");
        page.assert_hides("contact-email");
        page.assert_hides("new-password");
        assert_eq!(browser.get(&town.href("/account/delete")).await.location(), town.href("/account"));
        let posted = browser.post(&town.href("/account/delete"), &[("current_password", PASSWORD)]).await;
        assert!(posted.shows_page("account_delete"));
        assert_eq!(town.app.rows("users").await, 1);
    }
}
