//! `/signup`, `/confirm` and `/resendcode`.

use std::time::Duration;

use cognate_testkit::app::{PASSWORD, claims};
use cognate_testkit::{TestApp, both_engines};
use serde_json::json;

use crate::kit::{Browser, Form, HOST, Page, Shop};

async fn asked(browser: &mut Browser<'_>, client: &str) -> Form {
    let login = browser.open(&Shop::authorize(client, &[])).await;
    browser.open(&login.link("/signup")).await.form("/signup")
}

fn filled(form: Form, name: &str) -> Form {
    form.fill("username", name).fill("email", &format!("{name}@example.com")).fill("password", PASSWORD)
}

/// A new person, who is asked for their code.
async fn signed_up(browser: &mut Browser<'_>, client: &str, name: &str) -> Page {
    let form = filled(asked(browser, client).await, name);
    browser.send_on(&form).await
}

both_engines! {
    async fn a_new_person_goes_straight_to_the_application_once_they_are_confirmed(app: TestApp) {
        let shop = Shop::open(app).await;
        let client = shop.page(json!({})).await;
        let mut browser = shop.browser();

        let page = signed_up(&mut browser, &client, "eve").await;

        assert_eq!(page.title(), "Confirm your account");
        assert!(page.html.contains("We sent a code to e***@e***. Enter it here."), "{}", page.html);
        assert_eq!(browser.cookie("__Host-cognito"), None, "nothing is proved yet");
        let form = page.form("/confirm").fill("code", &shop.app.code("eve").await);
        let back = browser.submit(&form).await;
        let tokens = shop.redeem(&client, &back.code(), &[]).await;
        let claims = claims(&tokens.text("id_token"));
        assert_eq!((&claims["cognito:username"], &claims["email_verified"]), (&json!("eve"), &json!(true)));
        assert!(browser.cookie("__Host-cognito").is_some());

        let again = browser.submit(&form).await;
        assert_eq!(again.status, 200, "sent twice: {again:?}");
        assert_eq!(again.answer("code"), None);
    }

    async fn what_is_wrong_is_said_at_its_field(app: TestApp) {
        let shop = Shop::open(app).await;
        shop.app.user(&shop.pool, "ann").await;
        let client = shop.page(json!({})).await;
        for (name, email, password, said) in [
            ("", "eve@example.com", PASSWORD, "User name: Fill in this field."),
            ("eve", "", PASSWORD, "Email address: Fill in this field."),
            ("eve", "eve", PASSWORD, "Email address: Enter an email address such as name@example.com."),
            ("eve", "eve@example.com", "", "Password: Fill in this field."),
            ("eve", "eve@example.com", "short", "Password: The password does not meet the rules below."),
            (
                "ann",
                "eve@example.com",
                PASSWORD,
                "There is an account with this name already. Sign in, or choose another name.",
            ),
        ] {
            let mut browser = shop.browser();
            let form = asked(&mut browser, &client).await;
            let form = form.fill("username", name).fill("email", email).fill("password", password);
            let page = browser.submit(&form).await;
            assert_eq!(page.status, 200);
            assert_eq!(page.says().first().map(String::as_str), Some(said), "{name} {email} {password}");
            let kept = page.form("/signup");
            assert_eq!((kept.value("username"), kept.value("email"), kept.value("password")), (name, email, ""));
        }
        assert_eq!(shop.app.rows("users").await, 1);
    }

    async fn a_form_sent_twice_makes_one_person(app: TestApp) {
        let shop = Shop::open(app).await;
        let client = shop.page(json!({})).await;
        let mut browser = shop.browser();
        let form = filled(asked(&mut browser, &client).await, "eve");
        let (mut one, mut two) = (browser.clone(), browser.clone());
        let (first, second) = tokio::join!(one.submit(&form), two.submit(&form));
        let mut seen = [first.status, second.status];
        seen.sort_unstable();
        assert_eq!(seen, [200, 302]);
        assert_eq!(shop.app.rows("users").await, 1);
    }

    async fn a_code_is_asked_for_again(app: TestApp) {
        let shop = Shop::open(app).await;
        let client = shop.page(json!({})).await;
        let mut browser = shop.browser();
        let page = signed_up(&mut browser, &client, "eve").await;
        let first = shop.app.code("eve").await;

        let page = browser.submit(&page.form("/resendcode")).await;

        assert_eq!(page.says(), ["We sent a new code to e***@e***."]);
        let second = shop.app.code("eve").await;
        assert_ne!(first, second);
        let wrong = browser.submit(&page.form("/confirm").fill("code", &first)).await;
        assert_eq!(wrong.says(), ["That code is not right. Check it and try again."]);
        browser.submit(&wrong.form("/confirm").fill("code", &second)).await.code();

        let mut browser = shop.browser();
        let page = signed_up(&mut browser, &client, "ivy").await;
        for _ in 0..5 {
            browser.submit(&page.form("/resendcode")).await;
        }
        let many = browser.submit(&page.form("/resendcode")).await;
        assert_eq!(many.says(), ["Too many tries. Wait a while, then try again."]);
    }

    async fn a_code_is_wrong_missing_or_too_old(app: TestApp) {
        let shop = Shop::open(app).await;
        let client = shop.page(json!({})).await;
        let mut browser = shop.browser();
        let page = signed_up(&mut browser, &client, "eve").await;
        let form = page.form("/confirm");
        assert!(!form.fields.iter().any(|(name, _)| name == "username"), "who it is for is known");
        let said = async |browser: &mut Browser<'_>, code: &str| {
            browser.submit(&form.clone().fill("code", code)).await.says().pop().unwrap()
        };
        assert_eq!(said(&mut browser, "").await, "Fill in this field.");
        assert_eq!(said(&mut browser, "999999x").await, "That code is not right. Check it and try again.");
        let code = shop.app.code("eve").await;
        shop.app.clock.advance(Duration::from_hours(25));
        let mut later = shop.browser();
        let login = later.open(&Shop::authorize(&client, &[])).await;
        let page = later.submit(&login.form("/login").fill("username", "eve").fill("password", PASSWORD)).await;
        let page = later.follow(page).await;
        let page = later.submit(&page.form("/confirm").fill("code", &code)).await;
        assert_eq!(page.says(), ["That code is too old. Ask for a new one."]);
    }

    /// Another browser knows neither who nor that they have just proved a password.
    async fn another_browser_confirms_but_is_not_signed_in(app: TestApp) {
        let shop = Shop::open(app).await;
        let client = shop.page(json!({})).await;
        signed_up(&mut shop.browser(), &client, "eve").await;
        let mut other = shop.browser();
        let form = other.open(&Shop::address("/confirm", &client, &[])).await.form("/confirm");
        assert_eq!(other.submit(&form).await.says().pop().unwrap(), "Fill in this field.");
        let form = form.fill("username", "eve").fill("code", &shop.app.code("eve").await);
        let page = other.send_on(&form).await;
        assert_eq!(
            (page.title().as_str(), page.says()),
            ("Sign in", vec!["Your account is confirmed. Sign in to go on.".to_owned()])
        );
        assert_eq!(other.cookie("__Host-cognito"), None);
        assert_eq!(other.open(&page.address).await.says(), [""; 0], "a notice is shown once");
    }

    /// What the browser keeps of a sign-up is for the client at which it was begun.
    async fn a_sign_up_at_one_client_signs_nobody_in_at_another(app: TestApp) {
        let shop = Shop::open(app).await;
        let (client, other) = (shop.page(json!({})).await, shop.page(json!({})).await);
        let mut browser = shop.browser();
        signed_up(&mut browser, &client, "eve").await;
        let form = browser.open(&Shop::address("/confirm", &other, &[])).await.form("/confirm");
        let page = browser.send_on(&form.fill("code", &shop.app.code("eve").await)).await;
        assert_eq!((page.title().as_str(), browser.cookie("__Host-cognito")), ("Sign in", None));
    }

    async fn a_pool_whose_users_are_made_by_administrators_has_no_sign_up(app: TestApp) {
        let closed = json!({ "AdminCreateUserConfig": { "AllowAdminCreateUserOnly": true } });
        let shop = Shop::open_with(app, closed).await;
        let client = shop.page(json!({})).await;
        let mut browser = shop.browser();
        let login = browser.open(&Shop::authorize(&client, &[])).await;
        assert!(!login.html.contains("/signup"), "{}", login.html);
        let page = browser.open(&Shop::address("/signup", &client, &[])).await;
        assert_eq!((page.status, page.title().as_str()), (400, "This application cannot sign you in here"));
        let form =
            login.form("/login").fill("username", "eve").fill("password", PASSWORD).with("email", "eve@example.com");
        let page = browser.submit(&Form { action: Shop::address("/signup", &client, &[]), ..form }).await;
        assert_eq!((page.status, shop.app.rows("users").await), (400, 0));
    }

    /// AWS: an error, although the person is there. Ours says what is.
    async fn who_gets_no_code_waits_for_an_administrator(app: TestApp) {
        let shop = Shop::open_with(app, json!({})).await;
        let client = shop.page(json!({})).await;
        let mut browser = shop.browser();
        let form = asked(&mut browser, &client).await.fill("username", "eve").fill("password", PASSWORD);
        let page = browser.send_on(&form).await;
        assert_eq!(
            page.says(),
            ["Your account was created. An administrator has to confirm it before you can sign in."]
        );
        assert!(!page.html.contains("<form"), "there is no code to be entered");
        assert_eq!(shop.app.rows("users").await, 1);
    }

    /// Where the pool says so, and has a login domain for the link to lead to.
    async fn a_link_confirms_an_account(app: TestApp) {
        let template = json!({
            "DefaultEmailOption": "CONFIRM_WITH_LINK",
            "EmailSubjectByLink": "One click",
            "EmailMessageByLink": "Welcome! {##Confirm your address##}",
        });
        let pool = json!({ "AutoVerifiedAttributes": ["email"], "VerificationMessageTemplate": template });
        let shop = Shop::open_with(app, pool).await;
        let client = shop.page(json!({})).await;
        let mut browser = shop.browser();
        let form = asked(&mut browser, &client).await.fill("username", "eve&a").fill("password", PASSWORD);
        browser.send_on(&form.fill("email", "eve@example.com")).await;

        let mut tx = shop.app.app.db.read().await.unwrap();
        let sent = tx.query("SELECT subject, body FROM inbox").all(|row| Ok((row.text(0)?, row.text(1)?))).await.unwrap();
        drop(tx);
        let [(subject, body)] = sent.as_slice() else { unreachable!("{sent:?}") };
        assert_eq!(subject, "One click");
        let tags = crate::kit::tags(body);
        let link = tags.iter().find(|tag| tag.name == "a").unwrap();
        assert_eq!(link.text, "Confirm your address");
        let address = link.get("href").unwrap().strip_prefix(&format!("https://{HOST}")).unwrap();
        assert!(address.starts_with(&format!("/confirmUser?client_id={client}&user_name=")), "{address}");
        let mut elsewhere = shop.browser();
        assert_eq!(elsewhere.get(address).await.title(), "Account confirmed");
        let page = elsewhere.sign_in(&Shop::authorize(&client, &[]), "eve&a").await;
        assert!(page.answer("code").is_some());
    }
}
