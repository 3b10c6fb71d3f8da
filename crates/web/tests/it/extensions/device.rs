//! Device authorization (RFC 8628), as the device meets it: what it may ask, how often, and what it gets, once.

use std::time::Duration;

use cognate_testkit::app::{claims, merged};
use cognate_testkit::{TestApp, both_engines};
use serde_json::{Value, json};

use super::setting::{ADMIN, app_of, discovery, open, proved, switch, userinfo, website};
use crate::kit::key::Key;
use crate::kit::{Answer, Browser, HOST, Machine, Page, Shop, TOKEN};

pub(super) const PATH: &str = "/oauth2/device_authorization";
const GRANT: &str = "urn:ietf:params:oauth:grant-type:device_code";
/// Between two questions of a device.
const INTERVAL: Duration = Duration::from_secs(5);

/// What a device is given to begin with.
pub(super) struct Codes {
    pub(super) device: String,
    pub(super) user: String,
    pub(super) page: String,
    pub(super) whole_page: String,
}

impl Codes {
    fn of(answer: &Answer) -> Self {
        assert_eq!(answer.status, 200, "{}", answer.body);
        Self {
            device: answer.text("device_code"),
            user: answer.text("user_code"),
            page: below_host(&answer.text("verification_uri")),
            whole_page: below_host(&answer.text("verification_uri_complete")),
        }
    }
}

#[track_caller]
fn below_host(address: &str) -> String {
    let path = address.strip_prefix(&format!("https://{HOST}"));
    path.unwrap_or_else(|| unreachable!("{address}")).to_owned()
}

/// The device of a public client begins.
pub(super) async fn begin(shop: &Shop, client: &str) -> Codes {
    Codes::of(&shop.post(PATH, &[("client_id", client)]).await)
}

fn asking<'a>(client: &'a str, device_code: &'a str) -> [(&'a str, &'a str); 3] {
    [("grant_type", GRANT), ("client_id", client), ("device_code", device_code)]
}

/// It asks once.
pub(super) async fn ask(shop: &Shop, client: &str, codes: &Codes) -> Answer {
    shop.post(TOKEN, &asking(client, &codes.device)).await
}

#[track_caller]
pub(super) fn assert_told(answer: &Answer, error: &str) {
    assert_eq!(answer.error(), (400, error), "{}", answer.body);
}

/// A person signs in for a device: the page on which they decide.
pub(super) async fn before_decision(browser: &mut Browser<'_>, codes: &Codes, name: &str) -> Page {
    let page = browser.sign_in(&codes.whole_page, name).await;
    browser.send_on(&page.form("/device")).await
}

pub(super) async fn decide(browser: &mut Browser<'_>, page: &Page, decision: &str) -> Page {
    browser.send_on(&page.form("/device").with("decision", decision)).await
}

pub(super) async fn let_in(shop: &Shop, codes: &Codes, name: &str) {
    let mut browser = shop.browser();
    let page = before_decision(&mut browser, codes, name).await;
    assert_eq!(decide(&mut browser, &page, "allow").await.title(), "Your device is connected");
}

async fn proven(shop: &Shop, client: &str, codes: &Codes, proof: &str) -> Answer {
    shop.post_with(TOKEN, &asking(client, &codes.device), &[("dpop", proof)]).await
}

both_engines! {
    async fn a_device_that_a_person_lets_in_gets_their_tokens_once(app: TestApp) {
        let shop = open(app, "device").await;
        let client = app_of(&shop, json!({})).await;
        let begun = shop.post(PATH, &[("client_id", &client), ("scope", "openid email")]).await;
        assert_eq!((&begun.body["expires_in"], &begun.body["interval"]), (&json!(600), &json!(5)));
        assert!(begun.header("cache-control").contains("no-store"));
        let codes = Codes::of(&begun);
        assert_eq!((codes.page.as_str(), codes.device.len()), ("/device", 43));
        assert_eq!(codes.whole_page, format!("/device?client_id={client}&user_code={}", codes.user));
        let (first, second) = codes.user.split_once('-').unwrap();
        assert_eq!((first.len(), second.len()), (4, 4));

        assert_told(&ask(&shop, &client, &codes).await, "authorization_pending");
        shop.app.clock.advance(INTERVAL);
        assert_told(&ask(&shop, &client, &codes).await, "authorization_pending");
        let decided_at = cognate_domain::Clock::now(&*shop.app.clock).seconds();
        let_in(&shop, &codes, "ann").await;
        shop.app.clock.advance(INTERVAL);

        let tokens = ask(&shop, &client, &codes).await;
        assert_eq!(tokens.status, 200, "{}", tokens.body);
        assert_eq!((tokens.text("token_type").as_str(), &tokens.body["expires_in"]), ("Bearer", &json!(3600)));
        let access = claims(&tokens.text("access_token"));
        assert_eq!((&access["username"], &access["scope"]), (&json!("ann"), &json!("openid email")));
        assert_eq!((&access["client_id"], &access["auth_time"]), (&json!(client), &json!(decided_at)));
        let id = claims(&tokens.text("id_token"));
        assert_eq!((&id["aud"], &id["email"], id.get("nonce")), (&json!(client), &json!("ann@example.com"), None));
        assert_eq!(shop.userinfo(&tokens.text("access_token")).await.body["email"], "ann@example.com");
        assert_eq!(shop.refresh(&client, &tokens.text("refresh_token")).await.status, 200);

        assert_told(&ask(&shop, &client, &codes).await, "invalid_grant");
        assert_eq!(shop.app.rows("device_grants").await, 0);
    }

    async fn a_client_with_a_secret_proves_it_at_both_ends(app: TestApp) {
        let shop = open(app, "device").await;
        let client = website(&shop, json!({})).await;
        let wrong = Machine { id: client.id.clone(), secret: "wrong".to_owned() };
        let refused = proved(&shop, &wrong, PATH, &[]).await;
        assert_eq!(refused.error(), (401, "invalid_client"), "AWS has no such endpoint, RFC 6749, 5.2, does");
        assert!(refused.header("www-authenticate").starts_with("Basic"));
        assert_eq!(shop.post(PATH, &[("client_id", &client.id)]).await.error(), (401, "invalid_client"));
        let codes = Codes::of(&proved(&shop, &client, PATH, &[]).await);
        let_in(&shop, &codes, "ann").await;
        let form = [("grant_type", GRANT), ("device_code", codes.device.as_str())];
        assert_told(&proved(&shop, &wrong, TOKEN, &form).await, "invalid_client");
        assert_told(&ask(&shop, &client.id, &codes).await, "invalid_client");
        let tokens = proved(&shop, &client, TOKEN, &form).await;
        assert_eq!(claims(&tokens.text("access_token"))["scope"], format!("openid email {ADMIN}"), "all that it has");
    }

    async fn what_a_device_may_not_have_is_refused_before_anybody_is_asked(app: TestApp) {
        let shop = open(app, "device").await;
        let client = app_of(&shop, json!({})).await;
        let implicit = shop.page(json!({ "AllowedOAuthFlows": ["implicit"] })).await;
        let blind = app_of(&shop, json!({ "ReadAttributes": ["name"] })).await;
        let machine = shop.machine().await;
        for (form, error) in [
            (vec![], "invalid_request"),
            (vec![("client_id", client.as_str()), ("client_id", &client)], "invalid_request"),
            (vec![("client_id", &client), ("scope", "openid nothing")], "invalid_scope"),
            (vec![("client_id", &client), ("scope", "email")], "invalid_scope"),
            (vec![("client_id", &client), ("scope", "openid"), ("scope", "openid")], "invalid_request"),
            (vec![("client_id", &client), ("resource", "orders")], "invalid_target"),
            (vec![("client_id", &implicit)], "unauthorized_client"),
            (vec![("client_id", &blind)], "invalid_scope"),
        ] {
            assert_told(&shop.post(PATH, &form).await, error);
        }
        assert_told(&proved(&shop, &machine, PATH, &[]).await, "unauthorized_client");
        assert_eq!(shop.app.rows("device_grants").await, 0);
        let bound = shop.post(PATH, &[("client_id", &client), ("resource", "https://api.example.com")]).await;
        let codes = Codes::of(&bound);
        let_in(&shop, &codes, "ann").await;
        let tokens = ask(&shop, &client, &codes).await;
        assert_eq!(claims(&tokens.text("access_token"))["aud"], "https://api.example.com");
    }

    /// RFC 8628, section 3.5: five seconds more for each time, until it is patient.
    async fn a_device_that_asks_too_often_is_slowed_down(app: TestApp) {
        let shop = open(app, "device").await;
        let client = app_of(&shop, json!({})).await;
        let codes = begin(&shop, &client).await;
        for (wait, told) in [
            (0, "authorization_pending"),
            (4, "slow_down"),
            (9, "slow_down"),
            (15, "authorization_pending"),
            (14, "slow_down"),
            (20, "authorization_pending"),
        ] {
            shop.app.clock.advance(Duration::from_secs(wait));
            assert_told(&ask(&shop, &client, &codes).await, told);
        }
        let_in(&shop, &codes, "ann").await;
        assert_eq!(ask(&shop, &client, &codes).await.status, 200, "who is let in need not wait");
    }

    /// It need not even be noted: that would cost more than the question.
    async fn a_device_that_asks_without_end_changes_nothing(app: TestApp) {
        let shop = open(app, "device").await;
        let client = app_of(&shop, json!({})).await;
        let codes = begin(&shop, &client).await;
        assert_told(&ask(&shop, &client, &codes).await, "authorization_pending");
        for _ in 0..20 {
            assert_told(&ask(&shop, &client, &codes).await, "slow_down");
        }
        shop.app.clock.advance(INTERVAL);
        assert_told(&ask(&shop, &client, &codes).await, "authorization_pending");
    }

    /// Between what was asked and what is given.
    async fn what_a_client_loses_meanwhile_its_devices_do_not_get(app: TestApp) {
        let shop = open(app, "device").await;
        let client = app_of(&shop, json!({})).await;
        let (narrowed, closed) = (begin(&shop, &client).await, begin(&shop, &client).await);
        let_in(&shop, &narrowed, "ann").await;
        let_in(&shop, &closed, "ann").await;
        let update = |flow: &str| {
            json!({
                "UserPoolId": shop.pool,
                "ClientId": client,
                "AllowedOAuthFlowsUserPoolClient": true,
                "AllowedOAuthFlows": [flow],
                "AllowedOAuthScopes": ["openid"],
                "CallbackURLs": [crate::kit::CALLBACK],
                "SupportedIdentityProviders": ["COGNITO"],
            })
        };
        shop.app.idp("UpdateUserPoolClient", update("code")).await.assert_good();
        let tokens = ask(&shop, &client, &narrowed).await;
        assert_eq!(claims(&tokens.text("access_token"))["scope"], "openid");
        shop.app.idp("UpdateUserPoolClient", update("implicit")).await.assert_good();
        assert_told(&ask(&shop, &client, &closed).await, "unauthorized_client");
    }

    async fn a_device_that_is_refused_or_too_late_learns_it(app: TestApp) {
        let shop = open(app, "device").await;
        let client = app_of(&shop, json!({})).await;
        let refused = begin(&shop, &client).await;
        let mut browser = shop.browser();
        let page = before_decision(&mut browser, &refused, "ann").await;
        assert_eq!(decide(&mut browser, &page, "refuse").await.title(), "The device was refused");
        for _ in 0..2 {
            assert_told(&ask(&shop, &client, &refused).await, "access_denied");
        }

        let (late, allowed) = (begin(&shop, &client).await, begin(&shop, &client).await);
        let_in(&shop, &allowed, "ann").await;
        shop.app.clock.advance(Duration::from_secs(599));
        assert_told(&ask(&shop, &client, &late).await, "authorization_pending");
        shop.app.clock.advance(Duration::from_secs(1));
        for codes in [&late, &allowed, &refused] {
            assert_told(&ask(&shop, &client, codes).await, "expired_token");
        }
        let page = browser.open(&late.whole_page).await;
        let said = browser.send_on(&page.form("/device")).await;
        assert_eq!(said.title(), "Connect a device");
        assert_eq!(shop.app.rows("token_families").await, 0);
    }

    async fn a_device_code_is_its_own_clients_and_pools_alone(app: TestApp) {
        let shop = open(app, "device").await;
        let (client, other) = (app_of(&shop, json!({})).await, app_of(&shop, json!({})).await);
        let codes = begin(&shop, &client).await;
        let_in(&shop, &codes, "ann").await;
        assert_told(&ask(&shop, &other, &codes).await, "invalid_grant");
        for device_code in [codes.user.as_str(), "x", &codes.device.to_lowercase()] {
            assert_told(&shop.post(TOKEN, &asking(&client, device_code)).await, "invalid_grant");
        }
        for form in [vec![("grant_type", GRANT), ("client_id", client.as_str())], {
            let twice = ("device_code", codes.device.as_str());
            vec![("grant_type", GRANT), ("client_id", &client), twice, twice]
        }] {
            assert_told(&shop.post(TOKEN, &form).await, "invalid_request");
        }
        assert_eq!(ask(&shop, &client, &codes).await.status, 200, "nobody has spent it");
    }

    /// Of everybody who asks at the same moment, at two nodes.
    async fn what_a_device_was_allowed_is_given_once(app: TestApp) {
        let shop = open(app, "device").await;
        let there = shop.another_node().await;
        let client = app_of(&shop, json!({})).await;
        for _ in 0..3 {
            let codes = begin(&shop, &client).await;
            let_in(&there, &codes, "ann").await;
            let [a, b, c, d] = [&shop, &there, &shop, &there].map(|node| ask(node, &client, &codes));
            let (a, b, c, d) = tokio::join!(a, b, c, d);
            let good = [&a, &b, &c, &d].iter().filter(|answer| answer.status == 200).count();
            assert_eq!(good, 1, "{} {} {} {}", a.body, b.body, c.body, d.body);
            for late in [a, b, c, d].iter().filter(|answer| answer.status != 200) {
                assert_told(late, "invalid_grant");
            }
        }
    }

    /// Between a person's word and the device's next question.
    async fn a_device_gets_nothing_of_somebody_who_is_gone(app: TestApp) {
        let shop = open(app, "device").await;
        let client = app_of(&shop, json!({})).await;
        for operation in ["AdminUserGlobalSignOut", "AdminDisableUser", "AdminResetUserPassword", "AdminDeleteUser"] {
            let name = operation.to_lowercase();
            shop.app.user(&shop.pool, &name).await;
            let codes = begin(&shop, &client).await;
            let_in(&shop, &codes, &name).await;
            let who = json!({ "UserPoolId": shop.pool, "Username": name });
            let verified = json!({ "UserAttributes": [{ "Name": "email_verified", "Value": "true" }] });
            shop.app.idp("AdminUpdateUserAttributes", merged(who.clone(), verified)).await.assert_good();
            shop.app.idp(operation, who).await.assert_good();
            assert_told(&ask(&shop, &client, &codes).await, "invalid_grant");
        }
        assert_eq!(shop.app.rows("token_families").await, 0);
        assert_eq!(shop.app.rows("device_grants").await, 3, "of who is deleted nothing is kept");
    }

    /// RFC 9449: the refresh token of a public client is its key's holder's alone.
    async fn a_devices_tokens_are_bound_to_the_key_that_it_proves(app: TestApp) {
        let shop = open(app, "device dpop").await;
        let client = app_of(&shop, json!({})).await;
        let (key, other) = (Key::new(), Key::new());
        let codes = begin(&shop, &client).await;
        let_in(&shop, &codes, "ann").await;
        let tokens = proven(&shop, &client, &codes, &key.proof(&shop)).await;
        assert_eq!((tokens.status, tokens.text("token_type").as_str()), (200, "DPoP"));
        let access = tokens.text("access_token");
        assert_eq!(claims(&access)["cnf"]["jkt"], key.thumbprint.as_str());
        let proof = key.proof_with(&shop, &access);
        assert_eq!(userinfo(&shop, &format!("DPoP {access}"), &[&proof]).await.status, 200);
        let refresh = tokens.text("refresh_token");
        let form = [("grant_type", "refresh_token"), ("client_id", client.as_str()), ("refresh_token", &refresh)];
        assert_told(&shop.post_with(TOKEN, &form, &[("dpop", &other.proof(&shop))]).await, "invalid_grant");
        assert_eq!(shop.post_with(TOKEN, &form, &[("dpop", &key.proof(&shop))]).await.status, 200);
    }

    async fn it_is_offered_where_it_is_switched_on_alone(app: TestApp) {
        let shop = open(app, "device").await;
        let client = app_of(&shop, json!({})).await;
        let document = discovery(&shop).await;
        assert_eq!(document["device_authorization_endpoint"], format!("https://{HOST}{PATH}"));
        let grants = |document: &Value| {
            document["grant_types_supported"].as_array().unwrap().iter().any(|name| name.as_str() == Some(GRANT))
        };
        assert!(grants(&document));
        let codes = begin(&shop, &client).await;

        switch(&shop, "iss").await;
        let document = discovery(&shop).await;
        assert!(!grants(&document) && document.get("device_authorization_endpoint").is_none(), "{document}");
        assert_eq!(shop.post(PATH, &[("client_id", &client)]).await.status, 404);
        assert_told(&ask(&shop, &client, &codes).await, "unsupported_grant_type");
        assert_eq!(shop.browser().get(&codes.page).await.status, 404);
        assert_eq!(shop.browser().get(&codes.whole_page).await.status, 404);
        assert_eq!(shop.browser().get(&format!("/domains/shop{}", codes.page)).await.status, 404);
    }

    /// By whichever of the two ways a device asks, that is where it sends people.
    async fn a_device_that_comes_by_path_sends_people_there(app: TestApp) {
        let shop = open(app, "device").await;
        let client = app_of(&shop, json!({})).await;
        let answer = shop.post(&format!("/domains/shop{PATH}"), &[("client_id", &client)]).await;
        assert_eq!(answer.text("verification_uri"), "https://id.example.com/domains/shop/device");
        let page = answer.text("verification_uri_complete");
        let page = page.strip_prefix("https://id.example.com").unwrap();
        let mut browser = shop.browser();
        let page = browser.open(page).await;
        let page = browser.send_on(&page.form("/login").fill("username", "ann").fill("password", cognate_testkit::app::PASSWORD)).await;
        let page = browser.send_on(&page.form("/device")).await;
        assert_eq!(decide(&mut browser, &page, "allow").await.title(), "Your device is connected");
        let tokens = shop.post(TOKEN, &asking(&client, &answer.text("device_code"))).await;
        assert_eq!(tokens.status, 200);
    }
}
