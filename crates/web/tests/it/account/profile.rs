//! What is known of a person.

use cognate_testkit::{TestApp, both_engines};
use serde_json::{Value, json};

use super::kit::Town;

const INJECTION: &str = "\"><script>alert(1)</script>";

/// The input of the profile with this name.
fn input<'p>(page: &'p str, name: &str) -> Option<&'p str> {
    let at = page.find(&format!("id=\"profile-{}\"", name.replace(':', "-")))?;
    page[at..].split('>').next()
}

fn custom(name: &str, more: Value) -> Value {
    cognate_testkit::app::merged(json!({ "Name": name, "AttributeDataType": "String" }), more)
}

both_engines! {
    async fn the_profile_is_changed_and_emptied(app: TestApp) {
        let town = Town::open(app).await;
        town.app.user(&town.pool, "ann").await;
        let mut browser = town.browser_of("ann").await;

        let saved = browser.act("profile", &[("name", "Ann"), ("birthdate", "1990-12-31"), ("locale", "")]).await;
        let page = browser.done(saved).await;
        page.assert_shows("Your changes are saved.");
        assert!(input(&page.text, "name").unwrap().contains("value=\"Ann\""));
        assert_eq!(town.attribute("ann", "name").await.as_deref(), Some("Ann"));
        assert_eq!(town.attribute("ann", "birthdate").await.as_deref(), Some("1990-12-31"));
        assert_eq!(town.attribute("ann", "locale").await, None);
        browser.account().await.assert_hides("Your changes are saved."); // said once

        // What the form did not have stays.
        let saved = browser.act("profile", &[("name", "")]).await;
        browser.done(saved).await;
        assert_eq!(town.attribute("ann", "name").await, None);
        assert_eq!(town.attribute("ann", "birthdate").await.as_deref(), Some("1990-12-31"));
    }

    async fn what_the_pool_does_not_take_is_told_at_its_field_and_changes_nothing(app: TestApp) {
        let schema = json!({ "Schema": [
            { "Name": "family_name", "AttributeDataType": "String", "Required": true, "Mutable": true },
            { "Name": "level", "AttributeDataType": "Number", "NumberAttributeConstraints": { "MaxValue": "9" } },
        ] });
        let town = Town::with(app, schema, json!({})).await;
        town.app.user(&town.pool, "ann").await;
        town.set("ann", json!([{ "Name": "family_name", "Value": "Lee" }])).await;
        let mut browser = town.browser_of("ann").await;

        for (name, value, says) in [
            ("family_name", "", "Fill in this field."),
            ("birthdate", "1990", "Enter a date as year-month-day"),
            ("custom:level", "10", "This cannot be accepted."),
            ("custom:level", "many", "This cannot be accepted."),
        ] {
            let page = browser.act("profile", &[("nickname", "A"), (name, value)]).await;
            page.assert_shows(says);
            let field = input(&page.text, name).unwrap();
            assert!(field.contains("aria-invalid"), "{field}");
            assert!(input(&page.text, "nickname").unwrap().contains("value=\"A\""), "what was entered stays");
            assert_eq!(town.attribute("ann", "nickname").await, None, "{name}");
        }
        let long = "x".repeat(2049);
        browser.act("profile", &[("name", &long)]).await.assert_shows("This cannot be accepted.");
    }

    async fn an_application_shows_what_it_may_read_and_changes_what_it_may_write(app: TestApp) {
        let schema = json!({ "Schema": [
            custom("fixed", json!({ "Mutable": false })),
            custom("open", json!({ "Mutable": true })),
            custom("staff", json!({ "Mutable": true, "DeveloperOnlyAttribute": true })),
        ] });
        let may = json!({
            "ReadAttributes": ["email", "name", "nickname", "custom:fixed", "custom:open", "email_verified"],
            "WriteAttributes": ["email", "name", "website", "custom:fixed", "custom:open"],
        });
        let town = Town::with(app, schema, may).await;
        let ann = json!([
            { "Name": "custom:fixed", "Value": "F-1" },
            { "Name": "nickname", "Value": "Annie" },
            { "Name": "email", "Value": "ann@example.com" },
        ]);
        let made = json!({ "UserPoolId": town.pool, "Username": "ann", "UserAttributes": ann });
        town.app.idp("AdminCreateUser", made).await.assert_good();
        town.app.set_password(&town.pool, "ann").await;
        town.set("ann", json!([{ "Name": "dev:staff", "Value": "boss" }])).await;
        let mut browser = town.browser_of("ann").await;

        let page = browser.account().await;
        for (name, editable) in [("name", true), ("custom:open", true), ("nickname", false), ("custom:fixed", false)] {
            let field = input(&page.text, name).unwrap();
            assert_eq!(!field.contains(" readonly"), editable, "{field}");
        }
        for name in ["website", "given_name", "email", "email_verified", "sub", "phone_number", "dev:staff"] {
            assert_eq!(input(&page.text, name), None, "{name}");
        }
        page.assert_hides("boss");

        let saved = browser.act("profile", &[
            ("name", "Ann"), ("nickname", "Eve"), ("custom:fixed", "F-2"), ("custom:open", "yes"), ("sub", "1"),
            ("website", "https://a.example"), ("given_name", "Eve"), ("email", "eve@example.com"),
            ("email_verified", "true"), ("dev:staff", "x"),
        ]).await;
        browser.done(saved).await.assert_shows("Your changes are saved.");
        for (name, value) in [
            ("name", Some("Ann")),
            ("custom:open", Some("yes")),
            ("nickname", Some("Annie")),
            ("custom:fixed", Some("F-1")),
            ("website", None),
            ("given_name", None),
            ("email", Some("ann@example.com")),
            ("email_verified", None),
        ] {
            assert_eq!(town.attribute("ann", name).await.as_deref(), value, "{name}");
        }
    }

    async fn a_name_that_is_taken_stays_with_its_owner(app: TestApp) {
        let town = Town::with(app, json!({ "AliasAttributes": ["preferred_username"] }), json!({})).await;
        for name in ["ann", "eve"] {
            town.app.user(&town.pool, name).await;
        }
        town.set("ann", json!([{ "Name": "preferred_username", "Value": "queen" }])).await;
        let mut browser = town.browser_of("eve").await;
        browser.act("profile", &[("preferred_username", "queen")]).await.assert_shows("Somebody else uses this");
        assert_eq!(town.attribute("eve", "preferred_username").await, None);
    }

    async fn what_people_enter_is_shown_as_text(app: TestApp) {
        let town = Town::with(app, json!({}), json!({ "ClientName": "app" })).await;
        town.app.user(&town.pool, "ann").await;
        let mut browser = town.browser_of("ann").await;
        let saved = browser.act("profile", &[("name", INJECTION), ("picture", "javascript:alert(1)")]).await;
        browser.done(saved).await.assert_hides("<script>alert");
        assert_eq!(town.attribute("ann", "name").await.as_deref(), Some(INJECTION));
        let page = browser.act("profile", &[("name", INJECTION), ("birthdate", INJECTION)]).await;
        page.assert_hides("<script>alert");
        browser.get(&format!("{}&lang={INJECTION}", town.href("/account")).replace(['"', '<', '>'], "%22")).await;
        browser.get(&format!("{}&x=%22%3E%3Cscript%3Ealert(1)%3C/script%3E", town.href("/account"))).await
            .assert_hides("<script>alert");
        let contact = [("attribute", "email"), ("action", "change"), ("value", INJECTION)];
        browser.act("contacts", &contact).await.assert_hides("<script>alert");
    }
}
