//! Forms that do not come from our own page in this browser are not looked at.

use cognate_testkit::app::PASSWORD;
use cognate_testkit::{TestApp, both_engines};
use serde_json::json;

use crate::kit::{Form, HOST, Shop};

const EXPIRED: &str = "This form was open for too long, or was sent twice. Try again.";
const SESSION: &str = "__Host-cognito";

/// Who sends a form, what their browser says of it, and whether it is good.
type Case<'c> = (&'c str, &'c [(&'static str, &'c str)], bool);

both_engines! {
    async fn a_form_is_good_only_from_our_own_page_in_this_browser(app: TestApp) {
        let shop = Shop::open(app).await;
        shop.app.user(&shop.pool, "ann").await;
        let client = shop.page(json!({})).await;
        let address = Shop::authorize(&client, &[]);
        let own = format!("https://{HOST}");
        let cases: &[Case<'_>] = &[
            ("our own page", &[], true),
            ("our own page, in another case", &[("origin", "https://SHOP.auth.id.example.com")], true),
            ("a browser of old", &[("origin", ""), ("sec-fetch-site", "")], true),
            ("typed in", &[("sec-fetch-site", "none")], true),
            ("another site", &[("origin", "https://evil.example.com")], false),
            ("another site that hides", &[("origin", "null")], false),
            ("another site without an origin", &[("origin", ""), ("sec-fetch-site", "cross-site")], false),
            ("another site that lies of its origin", &[("origin", &own), ("sec-fetch-site", "cross-site")], false),
            (
                "a neighbour",
                &[("origin", "https://bakery.auth.id.example.com"), ("sec-fetch-site", "same-site")],
                false,
            ),
            ("the host above", &[("origin", "https://id.example.com"), ("sec-fetch-site", "same-site")], false),
            (
                "another port",
                &[("origin", "https://shop.auth.id.example.com:8443"), ("sec-fetch-site", "same-site")],
                false,
            ),
            ("a name that only begins so", &[("origin", "https://shop.auth.id.example.com.evil.example.com")], false),
            ("no form", &[("content-type", "text/plain")], false),
            ("JSON", &[("content-type", "application/json")], false),
        ];
        for (what, headers, good) in cases {
            let mut browser = shop.browser();
            let form = browser.open(&address).await.form("/login").fill("username", "ann").fill("password", PASSWORD);
            browser.headers = headers.iter().map(|(name, value)| (*name, (*value).to_owned())).collect();
            let page = browser.submit(&form).await;
            assert_eq!(page.answer("code").is_some(), *good, "{what}: {page:?}");
            if !good {
                assert_eq!((page.says(), browser.cookie(SESSION)), (vec![EXPIRED.to_owned()], None), "{what}");
            }
        }
    }

    async fn a_form_proves_the_cookies_of_its_browser(app: TestApp) {
        let shop = Shop::open(app).await;
        shop.app.user(&shop.pool, "ann").await;
        let client = shop.page(json!({})).await;
        let address = Shop::authorize(&client, &[]);
        let mut other = shop.browser();
        let foreign = other.open(&address).await.form("/login").value("_csrf").to_owned();
        for what in ["none", "empty", "foreign", "twice", "no cookies", "planted", "planted over it", "no bound cookie"]
        {
            let mut browser = shop.browser();
            let form = browser.open(&address).await.form("/login").fill("username", "ann").fill("password", PASSWORD);
            let form = match what {
                "none" => form.without("_csrf"),
                "empty" => form.fill("_csrf", ""),
                "foreign" => form.fill("_csrf", &foreign),
                "twice" => {
                    let own = form.value("_csrf").to_owned();
                    form.with("_csrf", &own)
                }
                "no cookies" => {
                    browser.cookies.clear();
                    form
                }
                // What a neighbour can set has no `__Host-` in its name.
                "planted" => {
                    browser.cookies.clear();
                    browser.plant("XSRF-TOKEN", "x");
                    browser.plant("csrf-state", "x");
                    form.fill("_csrf", "x")
                }
                "planted over it" => {
                    browser.plant("XSRF-TOKEN", "x");
                    form.fill("_csrf", "x")
                }
                _ => {
                    browser.cookies.retain(|cookie| cookie.name != "__Host-csrf-state");
                    form
                }
            };
            let page = browser.submit(&form).await;
            assert_eq!(
                (page.status, page.says(), browser.cookie(SESSION)),
                (200, vec![EXPIRED.to_owned()], None),
                "{what}"
            );
            if what != "planted over it" {
                let form = page.form("/login").fill("username", "ann").fill("password", PASSWORD);
                browser.submit(&form).await.code();
            }
        }
    }

    /// Each page that changes something asks for the same proof.
    async fn no_form_of_any_page_is_good_from_elsewhere(app: TestApp) {
        let shop = Shop::open(app).await;
        shop.app.user(&shop.pool, "ann").await;
        let client = shop.page(json!({})).await;
        shop.app.sign_up(&client, "eve").await.assert_good();
        shop.app.invited(&shop.pool, "ivy", "Temporary-Horse-1").await;
        let code = shop.app.code("eve").await;
        let mut ivy = shop.browser();
        let temporary = ivy.open(&Shop::authorize(&client, &[])).await.form("/login");
        let temporary = ivy.submit(&temporary.fill("username", "ivy").fill("password", "Temporary-Horse-1")).await;
        let temporary = temporary.form("/changePassword").value("session").to_owned();
        let mut signed_in = shop.browser();
        signed_in.sign_in(&Shop::authorize(&client, &[]), "ann").await.code();
        let (users, letters) = (shop.app.rows("users").await, shop.app.rows("inbox").await);

        for (path, fields) in [
            ("/login", vec![("username", "ann"), ("password", PASSWORD)]),
            ("/login", vec![("choice", "continue")]),
            ("/login", vec![("choice", "sign_out")]),
            ("/signup", vec![("username", "bob"), ("password", PASSWORD), ("email", "bob@example.com")]),
            ("/confirm", vec![("username", "eve"), ("code", code.as_str())]),
            ("/resendcode", vec![("username", "eve")]),
            ("/forgotPassword", vec![("username", "ann")]),
            ("/confirmforgotPassword", vec![("username", "ann"), ("code", "1"), ("password", PASSWORD)]),
            ("/changePassword", vec![("username", "ivy"), ("session", &temporary), ("password", "Another-Horse-9")]),
        ] {
            for foreign in [true, false] {
                let mut browser = signed_in.clone();
                let csrf = browser.cookie("XSRF-TOKEN").unwrap().to_owned();
                if foreign {
                    browser.headers = vec![
                        ("origin", "https://evil.example.com".to_owned()),
                        ("sec-fetch-site", "cross-site".to_owned()),
                    ];
                }
                let csrf = if foreign { csrf } else { String::new() };
                let fields = fields.iter().copied().chain([("_csrf", csrf.as_str())]);
                let fields = fields.map(|(name, value)| (name.to_owned(), value.to_owned())).collect();
                let page = browser.submit(&Form { action: Shop::address(path, &client, &[]), fields }).await;
                assert_eq!(page.answer("code"), None, "{path}");
                let shown = browser.follow(page).await;
                assert!(
                    shown.says().contains(&EXPIRED.to_owned()) || path == "/changePassword",
                    "{path}: {:?}",
                    shown.says()
                );
            }
        }

        assert_eq!((shop.app.rows("users").await, shop.app.rows("inbox").await), (users, letters));
        signed_in.get(&Shop::authorize(&client, &[])).await.code();
        assert_eq!(shop.app.confirm(&client, "eve", &code).await.status, 200, "nobody has used it");
    }

    async fn a_form_sent_twice_signs_in_twice_and_harms_nothing(app: TestApp) {
        let shop = Shop::open(app).await;
        shop.app.user(&shop.pool, "ann").await;
        let client = shop.page(json!({})).await;
        let mut browser = shop.browser();
        let form = browser.open(&Shop::authorize(&client, &[])).await.form("/login");
        let form = form.fill("username", "ann").fill("password", PASSWORD);
        let (mut one, mut two) = (browser.clone(), browser.clone());
        let (first, second) = tokio::join!(one.submit(&form), two.submit(&form));
        assert_ne!(first.code(), second.code());
        for page in [first, second] {
            assert_eq!(shop.redeem(&client, &page.code(), &[]).await.status, 200);
        }
        browser.submit(&form).await.code();
    }

    /// A neighbour's cookie of the same name beside ours: which is whose, nobody can tell.
    async fn a_cookie_that_comes_twice_is_not_believed(app: TestApp) {
        let shop = Shop::open(app).await;
        shop.app.user(&shop.pool, "ann").await;
        let client = shop.page(json!({})).await;
        let mut browser = shop.browser();
        browser.sign_in(&Shop::authorize(&client, &[]), "ann").await.code();
        let session = browser.cookie(SESSION).unwrap().to_owned();
        for second in ["x", session.as_str(), ""] {
            let mut doubled = browser.clone();
            doubled.plant(SESSION, second);
            assert_eq!(doubled.open(&Shop::authorize(&client, &[])).await.title(), "Sign in", "{second}");
        }
        browser.plant("cognito", "x");
        browser.get(&Shop::authorize(&client, &[])).await.code();
        let mut bare = shop.browser();
        bare.plant("cognito", &session);
        assert_eq!(
            bare.open(&Shop::authorize(&client, &[])).await.title(),
            "Sign in",
            "without the prefix it is not ours"
        );
    }
}
