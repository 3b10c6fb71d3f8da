//! What an authorization request may say, and what becomes of it on its way through the pages.

use cognate_testkit::app::{PASSWORD, claims};
use cognate_testkit::{TestApp, both_engines};
use serde_json::json;

use crate::kit::{CALLBACK, Page, Shop, param};

fn lang(page: &Page) -> String {
    page.tags().iter().find(|tag| tag.name == "html").unwrap().get("lang").unwrap().to_owned()
}

both_engines! {
    async fn a_prompt_says_whether_a_session_is_enough(app: TestApp) {
        let shop = Shop::open(app).await;
        shop.app.user(&shop.pool, "ann").await;
        let client = shop.page(json!({})).await;
        let (mut stranger, mut known) = (shop.browser(), shop.browser());
        known.sign_in(&Shop::authorize(&client, &[]), "ann").await.code();
        for (prompt, without, with) in [
            ("", "Sign in", "code"),
            ("none", "login_required", "code"),
            ("login", "Sign in", "Sign in"),
            ("login consent", "Sign in", "Sign in"),
            ("select_account", "Sign in", "code"),
            ("consent", "Sign in", "code"),
            ("none login", "invalid_request", "invalid_request"),
            ("unheard-of", "Sign in", "code"),
        ] {
            for (browser, expected) in [(&mut stranger, without), (&mut known, with)] {
                let page = browser.open(&Shop::authorize(&client, &[("prompt", prompt)])).await;
                let seen = match (page.answer("error"), page.answer("code")) {
                    (Some(error), _) => error,
                    (None, Some(_)) => "code".to_owned(),
                    (None, None) => page.title(),
                };
                assert_eq!(seen, expected, "{prompt}");
            }
        }
        let again = known.sign_in(&Shop::authorize(&client, &[("prompt", "login")]), "ann").await;
        assert_eq!(shop.redeem(&client, &again.code(), &[]).await.status, 200);
    }

    async fn a_language_is_asked_for_kept_and_changed(app: TestApp) {
        let shop = Shop::open(app).await;
        let client = shop.page(json!({})).await;
        let mut browser = shop.browser();
        browser.headers = vec![("accept-language", "fr-CH, fr;q=0.9, en;q=0.8".to_owned())];
        let login = |lang| Shop::address("/login", &client, &[("lang", lang)]);
        for (asked, shown, title) in [
            ("", "fr", "Connexion"),
            ("de", "de", "Anmelden"),
            ("", "de", "Anmelden"),
            ("tlh", "de", "Anmelden"),
            ("zh-TW", "zh-CN", "登录"),
        ] {
            let page = browser.get(&login(asked)).await;
            assert_eq!((lang(&page).as_str(), page.title().as_str()), (shown, title), "{asked}");
        }
        let arabic = browser.get(&login("ar")).await;
        assert!(arabic.html.contains("<html lang=\"ar\" dir=\"rtl\">"));
        let back = browser.get(&arabic.link("lang=en")).await;
        assert_eq!(lang(&back), "en");
        assert_eq!(param(&back.address, "state").unwrap(), "s", "the request goes with the language");
        browser.headers.clear();
        assert_eq!(browser.cookie("lang"), Some("en"));
    }

    async fn a_hint_fills_the_name_and_the_password_is_next(app: TestApp) {
        let shop = Shop::open(app).await;
        let client = shop.page(json!({})).await;
        for path in ["/login", "/forgotPassword"] {
            let page = shop.browser().get(&Shop::address(path, &client, &[("login_hint", "ann@example.com")])).await;
            assert_eq!(page.form(path).value("username"), "ann@example.com");
        }
        let page = shop.browser().get(&Shop::address("/login", &client, &[("login_hint", "ann")])).await;
        let focused = page.tags().into_iter().find(|tag| tag.get("autofocus").is_some()).unwrap();
        assert_eq!(focused.get("name"), Some("password"));
    }

    async fn the_implicit_flow_answers_in_the_fragment_and_gives_nothing_that_lasts(app: TestApp) {
        let shop = Shop::open(app).await;
        shop.app.user(&shop.pool, "ann").await;
        let scopes = ["openid", "email", "orders/read"];
        let client = shop.page(json!({ "AllowedOAuthFlows": ["implicit"], "AllowedOAuthScopes": scopes })).await;
        let mut browser = shop.browser();
        let asked = [("response_type", "token"), ("nonce", "n")];
        let page = browser.sign_in(&Shop::authorize(&client, &asked), "ann").await;
        assert!(page.location().starts_with(&format!("{CALLBACK}#id_token=")), "{}", page.location());
        let answer = |name| page.answer(name);
        assert_eq!((answer("expires_in").as_deref(), answer("token_type").as_deref()), (Some("3600"), Some("Bearer")));
        assert_eq!((answer("state").as_deref(), answer("refresh_token"), answer("code")), (Some("s"), None, None));
        assert_eq!(claims(&answer("id_token").unwrap())["nonce"], "n");
        assert_eq!(shop.userinfo(&answer("access_token").unwrap()).await.body["username"], "ann");

        let silent =
            browser.get(&Shop::authorize(&client, &[("response_type", "token"), ("scope", "orders/read")])).await;
        assert_eq!(silent.answer("id_token"), None, "without openid there is none");
        assert_eq!(claims(&silent.answer("access_token").unwrap())["scope"], "orders/read");
        let refused = browser.get(&Shop::authorize(&client, &[("response_type", "code")])).await;
        assert_eq!(refused.location(), format!("{CALLBACK}?error=unauthorized_client&state=s"));
    }

    async fn a_client_without_the_pools_own_users_offers_no_form(app: TestApp) {
        let shop = Shop::open(app).await;
        shop.app.user(&shop.pool, "ann").await;
        let client = shop.page(json!({})).await;
        let none = shop.page(json!({ "SupportedIdentityProviders": [] })).await;
        let mut browser = shop.browser();
        let form = browser.open(&Shop::authorize(&client, &[])).await.form("/login");
        let form = form.fill("username", "ann").fill("password", PASSWORD);
        for path in ["/oauth2/authorize", "/login", "/signup", "/forgotPassword"] {
            let page = browser.open(&Shop::address(path, &none, &[])).await;
            assert_eq!((page.status, page.title().as_str()), (400, "Login option is not available"), "{path}");
            assert!(page.html.contains("Login option is not available. Please try another one"));
        }
        let page = browser
            .post(
                &Shop::address("/login", &none, &[]),
                url::form_urlencoded::Serializer::new(String::new()).extend_pairs(&form.fields).finish(),
            )
            .await;
        assert_eq!((page.status, browser.cookie("__Host-cognito")), (400, None));

        for (name, value, status) in [
            ("identity_provider", "COGNITO", 200),
            ("idp_identifier", "COGNITO", 200),
            ("identity_provider", "Google", 400),
            ("idp_identifier", "example.com", 400),
        ] {
            assert_eq!(
                browser.open(&Shop::authorize(&client, &[(name, value)])).await.status,
                status,
                "{name}={value}"
            );
        }
        browser.submit(&form).await.code();
        let page = browser.open(&Shop::authorize(&none, &[])).await;
        assert_eq!((page.status, page.answer("code")), (400, None), "a session is not enough either");
    }

    async fn an_address_that_is_left_out_is_the_one_that_can_be_meant(app: TestApp) {
        let shop = Shop::open(app).await;
        shop.app.user(&shop.pool, "ann").await;
        let other = "https://shop.example.com/other";
        let one = shop.page(json!({})).await;
        let chosen = shop.page(json!({ "CallbackURLs": [CALLBACK, other], "DefaultRedirectURI": other })).await;
        let two = shop.page(json!({ "CallbackURLs": [CALLBACK, other] })).await;
        let left_out = [("redirect_uri", "")];
        for (client, to) in [(&one, CALLBACK), (&chosen, other)] {
            let page = shop.browser().sign_in(&Shop::authorize(client, &left_out), "ann").await;
            assert!(page.location().starts_with(&format!("{to}?code=")), "{}", page.location());
            assert_eq!(shop.redeem(client, &page.code(), &left_out).await.status, 200, "it may be left out again");
        }
        let page = shop.browser().sign_in(&Shop::authorize(&one, &left_out), "ann").await;
        assert_eq!(
            shop.redeem(&one, &page.code(), &[("redirect_uri", other)]).await.error(),
            (400, "unauthorized_client")
        );
        let page = shop.browser().sign_in(&Shop::authorize(&one, &[]), "ann").await;
        assert_eq!(
            shop.redeem(&one, &page.code(), &left_out).await.error(),
            (400, "invalid_request"),
            "what was named is named again"
        );
        let page = shop.browser().get(&Shop::authorize(&two, &left_out)).await;
        assert_eq!(page.location(), format!("/error?error=invalid_request&client_id={two}"));
    }

    async fn a_path_that_is_not_there_has_a_page_for_who_looks_at_pages(app: TestApp) {
        let shop = Shop::open(app).await;
        let mut browser = shop.browser();
        browser.headers = vec![("accept", "text/html,application/xhtml+xml,*/*;q=0.8".to_owned())];
        for path in ["/", "/nothing", "/login/nothing", "/device", "//evil.example.com/login", "/domains/shop/nothing"] {
            let page = browser.get(path).await;
            assert_eq!((page.status, page.title().as_str()), (404, "There is nothing here"), "{path}");
            let links = page.tags().into_iter().filter_map(|tag| tag.get("href").map(str::to_owned));
            assert!(!links.into_iter().any(|href| href.starts_with("//")), "{path}: a link to another host");
        }
        browser.headers = vec![("accept", "application/json".to_owned())];
        let page = browser.get("/nothing").await;
        assert_eq!((page.status, page.html.as_str()), (404, r#"{"message":"Nothing answers at this address."}"#));
        let elsewhere = shop.get("/nothing", "nobody.auth.id.example.com").await;
        assert_eq!((elsewhere.status, elsewhere.text("message").is_empty()), (404, false));
    }

    async fn a_query_or_a_form_that_is_too_long_is_not_looked_at(app: TestApp) {
        let shop = Shop::open(app).await;
        shop.app.user(&shop.pool, "ann").await;
        let client = shop.page(json!({})).await;
        let mut browser = shop.browser();
        for path in ["/oauth2/authorize", "/login", "/signup", "/confirm", "/forgotPassword", "/confirmforgotPassword"]
        {
            let page = browser.get(&Shop::address(path, &client, &[("state", &"s".repeat(17_000))])).await;
            assert_eq!(page.location(), format!("/error?error=invalid_request&client_id={client}"), "{path}");
        }
        let long = "s".repeat(12_000);
        let back = browser.sign_in(&Shop::authorize(&client, &[("state", &long)]), "ann").await;
        assert_eq!(back.answer("state").unwrap(), long);

        let mut browser = shop.browser();
        let form = browser.open(&Shop::authorize(&client, &[])).await.form("/login");
        let form = form.fill("username", "ann").fill("password", PASSWORD);
        let page = browser.submit(&form.clone().with("more", &"x".repeat(70_000))).await;
        assert_eq!(page.says(), ["This form was open for too long, or was sent twice. Try again."]);
        let page = browser.submit(&form.clone().fill("username", &"x".repeat(60_000))).await;
        assert_eq!(page.says(), ["Incorrect user name or password."]);
        let page = browser.submit(&form.clone().fill("username", "ann\0")).await;
        assert_eq!(page.says()[0], "User name: Fill in this field.");
        browser.submit(&form).await.code();
    }

    async fn a_state_comes_back_as_it_was_sent(app: TestApp) {
        let shop = Shop::open(app).await;
        shop.app.user(&shop.pool, "ann").await;
        let client = shop.page(json!({})).await;
        let mut browser = shop.browser();
        for state in ["{\"a\":[1,2]}", "a b+c%20d&e=f#g", "é✓\u{1f600}", "'\"<>", "%", "a\r\nb"] {
            let back =
                browser.sign_in(&Shop::authorize(&client, &[("state", state), ("prompt", "login")]), "ann").await;
            assert_eq!(back.answer("state").as_deref(), Some(state));
            let silent = browser.get(&Shop::authorize(&client, &[("state", state)])).await;
            assert_eq!(silent.answer("state").as_deref(), Some(state));
            assert_eq!(silent.location().matches(['#', ' ', '"']).count(), 0, "{}", silent.location());
        }
        let none = browser.get(&Shop::authorize(&client, &[("state", "")])).await;
        assert_eq!(none.answer("state"), None);
        let twice = browser.get(&format!("{}&state=t", Shop::authorize(&client, &[]))).await;
        assert_eq!(twice.answer("state"), None, "of two nobody knows which");
    }
}
