//! What strangers write into what is shown: a page has the same elements and attributes whatever it is, and a header
//! one line.

use cognate_testkit::{TestApp, both_engines};
use serde_json::json;

use crate::kit::{Browser, Page, Shop};

const SCRIPT: &str = "\"'><script>alert(1)</script><img src=x onerror=alert(2)>{{7919*7919}}";
const TAME: &str = "tame";

fn shapes(page: &Page) -> Vec<String> {
    page.tags().iter().map(crate::kit::Tag::shape).collect()
}

#[track_caller]
fn assert_alike(hostile: &Page, tame: &Page) {
    assert_eq!(hostile.status, tame.status, "{hostile:?}");
    assert_eq!(shapes(hostile), shapes(tame), "{}", hostile.html);
    assert!(!hostile.html.contains("<script>alert") && !hostile.html.contains("<img"), "{}", hostile.html);
    assert!(!hostile.html.contains("62710561"), "a template was filled in by a stranger: {}", hostile.html);
}

async fn get(shop: &Shop, path: &str, client: &str, more: &[(&str, &str)]) -> Page {
    shop.browser().open(&Shop::address(path, client, more)).await
}

async fn sent(browser: &mut Browser<'_>, page: &Page, path: &str, fields: &[(&str, &str)]) -> Page {
    let form = fields.iter().fold(page.form(path), |form, (name, value)| form.fill(name, value));
    browser.submit(&form).await
}

both_engines! {
    async fn nothing_in_an_address_becomes_part_of_a_page(app: TestApp) {
        let shop = Shop::open(app).await;
        let client = shop.page(json!({})).await;
        for path in ["/login", "/signup", "/confirm", "/forgotPassword", "/confirmforgotPassword", "/error", "/logout"]
        {
            for name in [
                "login_hint",
                "state",
                "nonce",
                "lang",
                "error",
                "error_description",
                "client_id",
                "redirect_uri",
                "response_type",
                "scope",
                "prompt",
                "identity_provider",
                "ui_locales",
                "x\"><script>alert(1)</script>",
            ] {
                let hostile = get(&shop, path, &client, &[(name, SCRIPT)]).await;
                let tame = get(&shop, path, &client, &[(name, TAME)]).await;
                assert_alike(&hostile, &tame);
            }
        }
        let hinted = get(&shop, "/login", &client, &[("login_hint", SCRIPT)]).await;
        assert_eq!(hinted.form("/login").value("username"), SCRIPT, "it is shown as it is");
    }

    async fn nothing_that_was_entered_becomes_part_of_a_page(app: TestApp) {
        let shop = Shop::open(app).await;
        let client = shop.page(json!({ "PreventUserExistenceErrors": "ENABLED" })).await;
        let mut pages = Vec::new();
        for text in [SCRIPT, TAME] {
            let mut browser = shop.browser();
            let login = browser.open(&Shop::authorize(&client, &[])).await;
            let signup = browser.open(&login.link("/signup")).await;
            let forgot = browser.open(&login.link("/forgotPassword")).await;
            let mut seen = vec![
                sent(&mut browser, &login, "/login", &[("username", text), ("password", text)]).await,
                sent(&mut browser, &signup, "/signup", &[("username", text), ("email", text), ("password", text)])
                    .await,
                sent(&mut browser, &forgot, "/forgotPassword", &[("username", text)]).await,
            ];
            seen.push(browser.follow(seen[2].clone()).await);
            seen.push(
                sent(&mut browser, &seen[3], "/confirmforgotPassword", &[("code", text), ("password", "short")]).await,
            );
            let mut browser = shop.browser();
            let confirm = browser.open(&Shop::address("/confirm", &client, &[])).await;
            seen.push(sent(&mut browser, &confirm, "/confirm", &[("username", text), ("code", text)]).await);
            pages.push(seen);
        }
        for (hostile, tame) in pages[0].iter().zip(&pages[1]) {
            assert_alike(hostile, tame);
        }
    }

    async fn nothing_that_a_person_is_called_becomes_part_of_a_page(app: TestApp) {
        let shop = Shop::open(app).await;
        let client = shop.page(json!({ "ClientName": "Shop = + , . @ - Shop" })).await;
        let nameless = "\"><script>alert(1)</script>";
        let mut pages = Vec::new();
        for (username, text) in [(nameless, SCRIPT), (TAME, TAME)] {
            let attributes =
                json!([{ "Name": "name", "Value": text }, { "Name": "email", "Value": "ann@example.com" }]);
            let person = json!({ "UserPoolId": shop.pool, "Username": username, "UserAttributes": attributes });
            shop.app.idp("AdminCreateUser", person).await.assert_good();
            shop.app.set_password(&shop.pool, username).await;
            let mut browser = shop.browser();
            browser.sign_in(&Shop::authorize(&client, &[]), username).await.code();
            pages.push(browser.get(&Shop::address("/login", &client, &[])).await);
        }
        assert_eq!(pages[0].title(), "Choose an account");
        assert_alike(&pages[0], &pages[1]);
        assert!(pages[0].html.contains("&lt;script&gt;"), "{}", pages[0].html);
    }

    async fn a_line_break_in_what_is_handed_on_ends_no_header(app: TestApp) {
        let shop = Shop::open(app).await;
        shop.app.user(&shop.pool, "ann").await;
        let client = shop.page(json!({})).await;
        let split = "x\r\nSet-Cookie: planted=1\r\n\r\n<script>alert(1)</script>";
        for name in [
            "state",
            "redirect_uri",
            "login_hint",
            "client_id",
            "lang",
            "error",
            "nonce",
            "scope",
            "response_type",
            "logout_uri",
        ] {
            for path in ["/oauth2/authorize", "/login", "/signup", "/forgotPassword", "/logout", "/error"] {
                let page = shop.browser().get(&Shop::address(path, &client, &[(name, split)])).await;
                assert!(page.status == 200 || page.status == 302 || page.status == 400, "{path} {name}: {page:?}");
                for (header, value) in &page.headers {
                    assert!(
                        !value.as_bytes().iter().any(|byte| matches!(byte, b'\r' | b'\n')),
                        "{path} {name}: {header}"
                    );
                    assert!(!value.as_bytes().starts_with(b"planted"), "{path} {name}: {header}");
                }
                assert!(!page.location().contains("//x"), "{}", page.location());
            }
        }
        let mut browser = shop.browser();
        let back = browser.sign_in(&Shop::authorize(&client, &[("state", split)]), "ann").await;
        assert_eq!(
            (back.answer("state").as_deref(), back.headers.get_all("location").iter().count()),
            (Some(split), 1)
        );
        assert_eq!(browser.cookie("planted"), None);
    }

    /// No script or style but ours, which the page's nonce names; nothing of another host; in nobody's frame.
    async fn every_page_says_what_may_run_on_it(app: TestApp) {
        let shop = Shop::open(app).await;
        shop.app.user(&shop.pool, "ann").await;
        let client = shop.page(json!({})).await;
        let mut browser = shop.browser();
        browser.sign_in(&Shop::authorize(&client, &[]), "ann").await.code();
        let mut nonces = Vec::new();
        for path in
            ["/login", "/signup", "/confirm", "/resendcode", "/forgotPassword", "/confirmforgotPassword", "/error"]
        {
            let page = browser.get(&Shop::address(path, &client, &[])).await;
            let policy = page.header("content-security-policy").to_owned();
            let nonce = policy.split_once("script-src 'nonce-").unwrap().1.split('\'').next().unwrap().to_owned();
            assert_eq!(
                policy,
                format!(
                    "default-src 'none'; style-src 'nonce-{nonce}'; script-src 'nonce-{nonce}'; img-src 'self' data:; \
                                        base-uri 'none'; frame-ancestors 'none'"
                )
            );
            // It asks for no icon, which browsers would look for.
            for tag in page.tags().into_iter().filter(|tag| tag.get("href") != Some("data:,")) {
                let own = !matches!(tag.name.as_str(), "script" | "link" | "style") || tag.get("nonce") == Some(&nonce);
                assert!(own, "{path}: {tag:?}");
                for (name, value) in &tag.attributes {
                    assert!(!name.starts_with("on") && name != "style", "{path}: {tag:?}");
                    let leaves = matches!(name.as_str(), "src" | "href" | "action") && !value.starts_with(['/', '#']);
                    assert!(!leaves && !value.starts_with("//"), "{path}: {tag:?}");
                }
            }
            for (header, value) in [
                ("x-frame-options", "DENY"),
                ("x-content-type-options", "nosniff"),
                ("referrer-policy", "same-origin"),
                ("cache-control", "no-cache, no-store, max-age=0, must-revalidate"),
                ("content-type", "text/html; charset=utf-8"),
            ] {
                assert_eq!(page.header(header), value, "{path}");
            }
            nonces.push(nonce);
        }
        nonces.sort();
        nonces.dedup();
        assert_eq!(nonces.len(), 7, "each page has its own");
    }
}
