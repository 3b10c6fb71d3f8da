//! E-mail address and phone number.

use cognate_testkit::app::PASSWORD;
use cognate_testkit::{TestApp, both_engines};
use serde_json::json;

use super::kit::{Answer, Browser, LOCKING, Town};

async fn change(browser: &mut Browser<'_>, attribute: &str, value: &str, password: Option<&str>) -> Answer {
    let form = [("attribute", attribute), ("action", "change"), ("value", value)];
    let password = password.map(|password| ("current_password", password));
    let form: Vec<_> = form.into_iter().chain(password).collect();
    browser.act("contacts", &form).await
}

fn verify_href(town: &Town, attribute: &str) -> String {
    format!("{}&attribute={attribute}", town.href("/account/verify"))
}

async fn code(town: &Town, to: &str) -> String {
    town.app.last_message(to).await.code.unwrap()
}

both_engines! {
    async fn a_new_address_asks_for_the_password_and_for_its_code(app: TestApp) {
        let town = Town::open(app).await;
        town.app.user(&town.pool, "ann").await;
        town.set("ann", json!([{ "Name": "email_verified", "Value": "true" }])).await;
        let mut browser = town.browser_of("ann").await;

        let asked = change(&mut browser, "email", " new@example.com ", None).await;
        assert!(asked.shows_page("account_prove"));
        asked.assert_shows("value=\"new@example.com\"");
        assert_eq!(town.attribute("ann", "email").await.as_deref(), Some("ann@example.com"), "not yet");

        let sent = change(&mut browser, "email", "new@example.com", Some(PASSWORD)).await;
        assert_eq!(sent.location(), verify_href(&town, "email"));
        assert_eq!(town.attribute("ann", "email_verified").await.as_deref(), Some("false"));
        let page = browser.get(&verify_href(&town, "email")).await;
        page.assert_shows("Confirm new@example.com");

        let form = |code: &str| [("attribute", "email".to_owned()), ("code", code.to_owned())];
        for (code, says) in [("", "Fill in this field."), ("000000", "That code is not right.")] {
            let form = form(code);
            let form: Vec<_> = form.iter().map(|(name, value)| (*name, value.as_str())).collect();
            browser.post(&town.href("/account/verify"), &form).await.assert_shows(says);
        }
        let code = code(&town, "new@example.com").await;
        let done = browser.post(&town.href("/account/verify"), &[("attribute", "email"), ("code", &code)]).await;
        browser.done(done).await.assert_shows("Confirmed. Thank you.");
        assert_eq!(town.attribute("ann", "email_verified").await.as_deref(), Some("true"));
        let again = browser.post(&town.href("/account/verify"), &[("attribute", "email"), ("code", &code)]).await;
        again.assert_shows("That code is too old.");
    }

    async fn where_the_pool_says_so_the_old_address_stays_until_the_new_one_is_proved(app: TestApp) {
        let settings = json!({ "AttributesRequireVerificationBeforeUpdate": ["email"] });
        let first = json!({ "UserAttributeUpdateSettings": settings });
        let town = Town::with(app, first, json!({})).await;
        town.app.user(&town.pool, "ann").await;
        town.set("ann", json!([{ "Name": "email_verified", "Value": "true" }])).await;
        let mut browser = town.browser_of("ann").await;

        change(&mut browser, "email", "new@example.com", Some(PASSWORD)).await;
        let page = browser.account().await;
        page.assert_shows("Waiting for its code: new@example.com");
        page.assert_shows("Confirmed");
        assert_eq!(town.attribute("ann", "email").await.as_deref(), Some("ann@example.com"));

        town.app.clock.tick();
        let again = browser.act("contacts", &[("attribute", "email"), ("action", "verify")]).await;
        assert_eq!(again.location(), verify_href(&town, "email"));
        let code = code(&town, "new@example.com").await;
        let done = browser.post(&town.href("/account/verify"), &[("attribute", "email"), ("code", &code)]).await;
        browser.done(done).await.assert_hides("Waiting for its code");
        assert_eq!(town.attribute("ann", "email").await.as_deref(), Some("new@example.com"));
    }

    async fn a_wrong_password_changes_no_contact_counts_and_locks(app: TestApp) {
        let town = Town::open(app).await;
        town.app.user(&town.pool, "ann").await;
        let mut browser = town.browser_of("ann").await;

        for _ in 0..LOCKING {
            let refused = change(&mut browser, "email", "eve@example.com", Some("Wrong-Horse-9")).await;
            refused.assert_shows("That is not your password.");
        }
        let locked = change(&mut browser, "email", "eve@example.com", Some(PASSWORD)).await;
        locked.assert_shows("Too many wrong passwords.");
        let refused = town.app.password(&town.client, "ann", PASSWORD).await;
        refused.assert_refused("NotAuthorizedException", "Password attempts exceeded");
        assert_eq!(town.attribute("ann", "email").await.as_deref(), Some("ann@example.com"));

        town.app.clock.advance(std::time::Duration::from_secs(1));
        change(&mut browser, "email", "", Some("")).await.assert_shows("Fill in this field.");
        change(&mut browser, "email", "new@example.com", Some(PASSWORD)).await.location();
        assert_eq!(town.attribute("ann", "email").await.as_deref(), Some("new@example.com"));
        assert_eq!(town.app.rows("attempts").await, 0, "a right password is a success");
    }

    async fn what_is_no_address_or_somebodys_name_is_told_at_its_field(app: TestApp) {
        let town = Town::with(app, json!({ "AliasAttributes": ["email"] }), json!({})).await;
        for name in ["ann", "eve"] {
            town.app.user(&town.pool, name).await;
        }
        town.set("ann", json!([{ "Name": "email_verified", "Value": "true" }])).await;
        let mut browser = town.browser_of("eve").await;
        for (attribute, value, password, says) in [
            ("email", "nobody", None, "Enter an email address such as"),
            ("phone_number", "12", None, "Enter a phone number with"),
            ("email", "ann@example.com", Some(PASSWORD), "Somebody else uses this email address"),
        ] {
            let page = change(&mut browser, attribute, value, password).await;
            page.assert_shows(says);
            assert!(page.text.contains("<details class=\"row-more\" open>"), "the form is open");
            page.assert_shows(&format!("value=\"{value}\""));
        }
        assert_eq!(town.attribute("eve", "email").await.as_deref(), Some("eve@example.com"));
    }

    async fn a_contact_can_be_removed_unless_the_pool_needs_it(app: TestApp) {
        let town = Town::with(app, json!({ "UsernameAttributes": ["email"] }), json!({})).await;
        town.app.user(&town.pool, "ann@example.com").await;
        town.set("ann@example.com", json!([{ "Name": "phone_number", "Value": "+14155550100" }])).await;
        let mut browser = town.browser_of("ann@example.com").await;
        let gone = change(&mut browser, "phone_number", "", Some(PASSWORD)).await;
        browser.done(gone).await.assert_shows("Your contact details are changed.");
        assert_eq!(town.attribute("ann@example.com", "phone_number").await, None);
        let kept = change(&mut browser, "email", "", Some(PASSWORD)).await;
        kept.assert_shows("There is a problem");
        assert_eq!(town.attribute("ann@example.com", "email").await.as_deref(), Some("ann@example.com"));
    }

    async fn only_contacts_of_the_application_are_touched(app: TestApp) {
        let may = json!({ "ReadAttributes": ["email", "name"], "WriteAttributes": ["name", "phone_number"] });
        let town = Town::with(app, json!({}), may).await;
        town.app.user(&town.pool, "ann").await;
        let mut browser = town.browser_of("ann").await;
        let page = browser.account().await;
        page.assert_shows("ann@example.com");
        page.assert_hides("contact-phone_number");
        page.assert_hides("contact-email");

        for (attribute, value, kept) in [
            ("email", "eve@example.com", Some("ann@example.com")),
            ("phone_number", "+14155550100", None),
            ("name", "Eve", None),
            ("email_verified", "true", None),
        ] {
            let answer = change(&mut browser, attribute, value, Some(PASSWORD)).await;
            assert!(answer.status == 302 || answer.text.contains("This cannot be accepted."), "{attribute}");
            assert_eq!(town.attribute("ann", attribute).await.as_deref(), kept, "{attribute}");
        }
        for attribute in ["phone_number", "name", "nothing", ""] {
            let answer = browser.get(&verify_href(&town, attribute)).await;
            assert_eq!(answer.location(), town.href("/account"), "{attribute}");
        }
    }

    async fn codes_are_limited_as_in_the_api(app: TestApp) {
        let town = Town::open(app).await;
        town.app.user(&town.pool, "ann").await;
        let mut browser = town.browser_of("ann").await;
        let verify = [("attribute", "email"), ("action", "verify")];
        for _ in 0..5 {
            assert_eq!(browser.act("contacts", &verify).await.location(), verify_href(&town, "email"));
        }
        browser.act("contacts", &verify).await.assert_shows("Too many tries.");
        for _ in 0..15 {
            let guess = [("attribute", "email"), ("code", "000000")];
            browser.post(&town.href("/account/verify"), &guess).await.assert_shows("That code is not right.");
        }
        let code = code(&town, "ann@example.com").await;
        let right = browser.post(&town.href("/account/verify"), &[("attribute", "email"), ("code", &code)]).await;
        right.assert_shows("Too many tries.");
    }

    async fn a_code_of_one_person_proves_nothing_of_another(app: TestApp) {
        let town = Town::open(app).await;
        for name in ["ann", "eve"] {
            town.app.user(&town.pool, name).await;
        }
        let (mut ann, mut eve) = (town.browser_of("ann").await, town.browser_of("eve").await);
        let verify = [("attribute", "email"), ("action", "verify")];
        ann.act("contacts", &verify).await;
        eve.act("contacts", &verify).await;
        let code = code(&town, "ann@example.com").await;
        let form = [("attribute", "email"), ("code", code.as_str())];
        eve.post(&town.href("/account/verify"), &form).await.assert_shows("That code is not right.");
        assert_ne!(town.attribute("eve", "email_verified").await.as_deref(), Some("true"));
    }
}
