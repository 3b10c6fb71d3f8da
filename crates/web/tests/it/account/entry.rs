//! Who gets in, how, and where one comes out.

use cognate_testkit::app::PASSWORD;
use cognate_testkit::{TestApp, both_engines};
use http::{Method, header};
use serde_json::json;

use super::kit::{HOST, SESSION, Town};

/// Every form of the account, with all that it would need to do something.
const FORMS: [(&str, &[(&str, &str)]); 8] = [
    ("/account", &[("section", "profile"), ("name", "Eve")]),
    ("/account", &[("section", "contacts"), ("attribute", "email"), ("action", "verify")]),
    (
        "/account",
        &[
            ("section", "contacts"),
            ("attribute", "email"),
            ("action", "change"),
            ("value", "eve@example.com"),
            ("current_password", PASSWORD),
        ],
    ),
    (
        "/account",
        &[
            ("section", "password"),
            ("current_password", PASSWORD),
            ("new_password", "Another-Horse-9"),
            ("password_repeat", "Another-Horse-9"),
        ],
    ),
    ("/account", &[("section", "sessions"), ("session", "all"), ("current_password", PASSWORD)]),
    ("/account/verify", &[("attribute", "email"), ("code", "123456")]),
    ("/account/delete", &[("current_password", PASSWORD)]),
    ("/account/sign-out", &[]),
];

async fn unchanged(town: &Town) {
    assert_eq!(town.attribute("ann", "name").await, None);
    assert_eq!(town.attribute("ann", "email").await.as_deref(), Some("ann@example.com"));
    assert!(town.lets_in("ann", PASSWORD).await);
    assert_eq!(town.app.rows("codes").await, 0);
}

both_engines! {
    async fn who_is_not_signed_in_signs_in_and_comes_back(app: TestApp) {
        let town = Town::open(app).await;
        town.app.user(&town.pool, "ann").await;
        let mut browser = town.browser();

        assert_eq!(browser.account().await.location(), town.sign_in_href());
        let wrong = browser.sign_in("ann", "Wrong-Horse-9").await;
        wrong.assert_shows("Incorrect user name or password.");
        assert!(!browser.cookies.contains_key(SESSION));

        assert_eq!(browser.sign_in("ann", PASSWORD).await.location(), town.href("/account"));
        let page = browser.account().await;
        assert!(page.shows_page("account"));
        page.assert_shows("ann@example.com");
        assert_eq!(town.app.rows("authorization_codes").await, 0, "nobody asked for a code");
        assert_eq!(town.app.rows("token_families").await, 0);
    }

    async fn whoever_is_signed_in_already_goes_straight_on(app: TestApp) {
        let town = Town::open(app).await;
        town.app.user(&town.pool, "ann").await;
        let mut browser = town.browser_of("ann").await;
        let login = town.sign_in_href();

        let choice = browser.get(&login).await;
        assert!(choice.shows_page("choose_account"));
        assert_eq!(browser.post(&login, &[("choice", "continue")]).await.location(), town.href("/account"));
        browser.get(&format!("{login}&prompt=login")).await.assert_shows("signInFormUsername");
        assert!(browser.post(&login, &[("choice", "sign_out")]).await.location().starts_with("/login?"));
        assert_eq!(browser.account().await.location(), login);
    }

    async fn somebody_with_a_temporary_password_gets_in_too(app: TestApp) {
        let town = Town::open(app).await;
        town.app.invited(&town.pool, "ann", PASSWORD).await;
        let mut browser = town.browser();
        let asked = browser.sign_in("ann", PASSWORD).await;
        assert!(asked.shows_page("new_password"));
        let hidden = |name: &str| {
            let rest = asked.text.split(&format!("name=\"{name}\" value=\"")).nth(1).unwrap_or_default();
            rest.split('"').next().unwrap().to_owned()
        };
        let (session, username) = (hidden("session"), hidden("username"));
        let path = town.sign_in_href().replace("/login", "/changePassword");
        let form = [("session", session.as_str()), ("username", &username), ("password", "Another-Horse-9")];
        assert_eq!(browser.post(&path, &form).await.location(), town.href("/account"));
        assert!(browser.account().await.shows_page("account"));
    }

    async fn without_an_application_there_is_no_account(app: TestApp) {
        let town = Town::open(app).await;
        town.app.user(&town.pool, "ann").await;
        let apart = town.app.client(&town.pool).await;
        let elsewhere = town.app.pool().await;
        let foreign = town.app.client_with(&elsewhere, json!({})).await;
        let federated = town.another_client(json!({ "SupportedIdentityProviders": [] })).await;
        let mut browser = town.browser_of("ann").await;

        for (path, error) in [
            ("/account".to_owned(), "invalid_request"),
            ("/account?client_id=".to_owned(), "invalid_request"),
            ("/account?client_id=nobody".to_owned(), "invalid_request"),
            (format!("/account?client_id={}&client_id={}", town.client, town.client), "invalid_request"),
            (format!("/account?client_id={foreign}"), "invalid_request"),
            (format!("/account?client_id={apart}"), "unauthorized_client"),
            (format!("/login?to=account&client_id={apart}"), "unauthorized_client"),
            ("/login?to=account".to_owned(), "invalid_request"),
            (format!("/account/data?client_id={apart}"), "unauthorized_client"),
            (format!("/account/delete?client_id={foreign}"), "invalid_request"),
        ] {
            let answer = browser.get(&path).await;
            assert!(answer.location().starts_with(&format!("/error?error={error}&")), "{path}: {}", answer.location());
        }
        assert_eq!(browser.get(&format!("/account?client_id={federated}")).await.status, 400);
    }

    async fn a_sign_in_for_the_account_leads_nowhere_else(app: TestApp) {
        let town = Town::open(app).await;
        town.app.user(&town.pool, "ann").await;
        for more in [
            "&redirect_uri=https%3A%2F%2Fevil.example.com",
            "&redirect_uri=https%3A%2F%2Fpeople.example.com%2Fcb&state=s",
            "&next=https%3A%2F%2Fevil.example.com&continue=%2F%2Fevil.example.com",
            "&lang=de&logout_uri=https%3A%2F%2Fevil.example.com",
        ] {
            let mut browser = town.browser();
            let login = format!("{}{more}", town.sign_in_href());
            browser.get(&login).await.assert_shows("signInFormUsername");
            let done = browser.post(&login, &[("username", "ann"), ("password", PASSWORD)]).await;
            assert_eq!(done.location(), town.href("/account"), "{more}");
            let path = format!("{}{more}", town.href("/account"));
            assert!(browser.get(&path).await.shows_page("account"), "{more}");
            let out = browser.post(&format!("{}{more}", town.href("/account/sign-out")), &[]).await;
            assert!(out.location().starts_with(&town.sign_in_href()), "{}", out.location());
            assert!(!out.location().contains("evil"), "{}", out.location());
        }

        let mut browser = town.browser();
        for to in ["https%3A%2F%2Fevil.example.com", "%2Faccount", "Account", "account&to=account"] {
            let answer = browser.get(&format!("/login?client_id={}&to={to}", town.client)).await;
            assert!(answer.status != 200, "{to}: an authorization request that lacks everything");
        }
    }

    /// RFC 6749, section 3.1: parameters that are not known are ignored.
    async fn an_authorization_request_is_never_taken_for_one_of_the_account(app: TestApp) {
        let town = Town::open(app).await;
        town.app.user(&town.pool, "ann").await;
        let callback = "https%3A%2F%2Fpeople.example.com%2Fcb";
        let query = format!("client_id={}&to=account&response_type=code&redirect_uri={callback}", town.client);
        let mut browser = town.browser();
        assert_eq!(browser.get(&format!("/oauth2/authorize?{query}")).await.location(), format!("/login?{query}"));
        browser.get(&format!("/login?{query}")).await.assert_shows("signInFormUsername");
        let form = [("username", "ann"), ("password", PASSWORD)];
        let done = browser.post(&format!("/login?{query}"), &form).await;
        assert!(done.location().starts_with("https://people.example.com/cb?code="), "{}", done.location());

        let bare = browser.get(&format!("/oauth2/authorize?client_id={}&to=account", town.client)).await;
        assert_eq!(bare.location(), "https://people.example.com/cb?error=invalid_request");
    }

    async fn nothing_happens_without_a_session(app: TestApp) {
        let town = Town::open(app).await;
        town.app.user(&town.pool, "ann").await;
        let mut signed_in = town.browser_of("ann").await;
        let mut stranger = town.browser();
        stranger.get(&town.sign_in_href()).await; // has its own token against forged forms
        let mut forged = stranger.clone();
        forged.cookies.insert(SESSION.to_owned(), "c29tZXRoaW5nIHRoYXQgd2FzIG5ldmVyIGdpdmVuIG91dA".to_owned());

        for browser in [&mut stranger, &mut forged] {
            for (path, form) in FORMS {
                assert_eq!(browser.post(&town.href(path), form).await.location(), town.sign_in_href(), "{path}");
            }
            for path in ["/account", "/account/verify", "/account/data", "/account/delete"] {
                assert_eq!(browser.get(&town.href(path)).await.location(), town.sign_in_href(), "{path}");
            }
        }
        unchanged(&town).await;
        assert!(signed_in.account().await.shows_page("account"));
    }

    async fn a_session_ends_after_an_hour_and_with_the_account(app: TestApp) {
        let town = Town::open(app).await;
        town.app.user(&town.pool, "ann").await;
        let mut browser = town.browser_of("ann").await;
        town.app.clock.almost(std::time::Duration::from_hours(1));
        assert!(browser.account().await.shows_page("account"));
        town.app.clock.tick();
        assert_eq!(browser.account().await.location(), town.sign_in_href());

        let mut browser = town.browser_of("ann").await;
        let named = json!({ "UserPoolId": town.pool, "Username": "ann" });
        town.app.idp("AdminDisableUser", named).await.assert_good();
        assert_eq!(browser.account().await.location(), town.sign_in_href());
    }

    async fn nothing_happens_by_a_form_that_is_not_ours(app: TestApp) {
        let town = Town::open(app).await;
        town.app.user(&town.pool, "ann").await;
        town.app.user(&town.pool, "eve").await;
        let mut browser = town.browser_of("ann").await;
        let own = browser.cookies["XSRF-TOKEN"].clone();
        let foreign = town.browser_of("eve").await.cookies["XSRF-TOKEN"].clone();

        for (path, form) in FORMS {
            let (path, here) = (town.href(path), format!("https://{HOST}"));
            for (csrf, origin) in [
                ("", here.as_str()),
                (foreign.as_str(), &here),
                (own.as_str(), "https://evil.example.com"),
                (own.as_str(), "null"),
                (own.as_str(), "https://people.auth.id.example.com.evil.example"),
            ] {
                let form: Vec<_> = form.iter().copied().chain([("_csrf", csrf)]).collect();
                let answer = browser.send(Method::POST, &path, &form, &[("origin", origin)]).await;
                answer.assert_shows("This form was open for too long");
            }
            let crossing = [("origin", here.as_str()), ("sec-fetch-site", "cross-site")];
            let with_own: Vec<_> = form.iter().copied().chain([("_csrf", own.as_str())]).collect();
            let answer = browser.send(Method::POST, &path, &with_own, &crossing).await;
            answer.assert_shows("This form was open for too long");
        }
        unchanged(&town).await;
        assert!(browser.account().await.shows_page("account"), "not even signed out");
    }

    async fn signing_out_takes_the_cookie_and_the_session(app: TestApp) {
        let town = Town::open(app).await;
        town.app.user(&town.pool, "ann").await;
        let mut browser = town.browser_of("ann").await;
        let thief = browser.clone();

        let by_link = browser.get(&town.href("/account/sign-out")).await;
        assert_eq!(by_link.location(), town.href("/account"));
        assert!(browser.account().await.shows_page("account"));
        let out = browser.post(&town.href("/account/sign-out"), &[]).await;
        assert_eq!(out.location(), town.sign_in_href());
        assert!(!browser.cookies.contains_key(SESSION));
        browser.get(&town.sign_in_href()).await.assert_shows("You are signed out");
        assert_eq!(thief.clone().account().await.location(), town.sign_in_href());
    }

    async fn whoever_signs_up_or_forgot_their_password_on_the_way_comes_out_at_their_account(app: TestApp) {
        let town = Town::open(app).await;
        let mut browser = town.browser();
        let path = |page: &str| town.sign_in_href().replace("/login", page);
        browser.get(&path("/signup")).await.assert_shows("signInFormUsername");
        let form = [("username", "ann"), ("email", "ann@example.com"), ("password", PASSWORD)];
        assert_eq!(browser.post(&path("/signup"), &form).await.location(), path("/confirm"));
        let code = town.app.code("ann").await;
        assert_eq!(browser.post(&path("/confirm"), &[("code", &code)]).await.location(), town.href("/account"));
        assert!(browser.account().await.shows_page("account"));

        let mut browser = town.browser();
        browser.get(&path("/forgotPassword")).await.assert_shows("signInFormUsername");
        town.app.clock.tick();
        let sent = browser.post(&path("/forgotPassword"), &[("username", "ann")]).await;
        assert_eq!(sent.location(), path("/confirmforgotPassword"));
        let code = town.app.code("ann").await;
        let form = [("code", code.as_str()), ("password", "Another-Horse-9")];
        let reset = browser.post(&path("/confirmforgotPassword"), &form).await;
        assert_eq!(reset.location(), town.sign_in_href());
        assert_eq!(browser.sign_in("ann", "Another-Horse-9").await.location(), town.href("/account"));
    }

    async fn pages_are_nobodys_to_keep_or_to_frame(app: TestApp) {
        let town = Town::open(app).await;
        town.app.user(&town.pool, "ann").await;
        let mut browser = town.browser_of("ann").await;
        for path in ["/account", "/account/verify", "/account/data", "/account/delete"] {
            let path = format!("{}&attribute=email", town.href(path));
            let answer = browser.get(&path).await;
            assert_eq!(answer.status, 200, "{path}");
            assert_eq!(answer.headers[header::CACHE_CONTROL], "no-cache, no-store, max-age=0, must-revalidate");
            assert_eq!(answer.headers[header::X_FRAME_OPTIONS], "DENY");
            assert!(!answer.headers.contains_key(header::ACCESS_CONTROL_ALLOW_ORIGIN));
        }
    }

    async fn it_is_met_below_a_path_too(app: TestApp) {
        let town = Town::open(app).await;
        town.app.user(&town.pool, "ann").await;
        let mut browser = town.browser();
        let below = |path: String| format!("/domains/people{path}");
        let login = browser.get(&below(town.href("/account"))).await.location().to_owned();
        assert_eq!(login, below(town.sign_in_href()));
        browser.get(&login).await.assert_shows("signInFormUsername");
        let done = browser.post(&login, &[("username", "ann"), ("password", PASSWORD)]).await;
        assert_eq!(done.location(), below(town.href("/account")));
        let page = browser.get(&below(town.href("/account"))).await;
        page.assert_shows(&format!("action=\"{}\"", below(town.href("/account"))));
        page.assert_shows(&below(town.href("/account/delete")));
    }
}
