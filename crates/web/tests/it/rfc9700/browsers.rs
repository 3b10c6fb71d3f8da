//! Sections 2.6, 4.2, 4.7, 4.12, 4.16 and 4.17: what a browser is told, so that others cannot use it.

use cognate_testkit::app::PASSWORD;
use cognate_testkit::{TestApp, both_engines};
use http::Method;
use serde_json::json;

use super::Scene;
use crate::kit::{Browser, Page, Shop};

const PATHS: [&str; 7] =
    ["/login", "/signup", "/confirm", "/resendcode", "/forgotPassword", "/confirmforgotPassword", "/error"];

async fn every_page(scene: &Scene, browser: &mut Browser<'_>) -> Vec<Page> {
    let mut pages = Vec::new();
    for path in PATHS {
        pages.push(browser.get(&Shop::address(path, &scene.client, &[])).await);
    }
    pages
}

both_engines! {
    /// 4.2: an address with a state or a code in it is told to nobody.
    async fn no_other_site_learns_an_address_from_its_referrer(app: TestApp) {
        let scene = Scene::set(app, json!({})).await;
        let mut ann = scene.shop.browser();
        let mut pages = every_page(&scene, &mut ann).await;
        pages.push(ann.sign_in(&Shop::authorize(&scene.client, &[]), "ann").await);
        pages.push(ann.get(&Shop::authorize(&scene.client, &[])).await);
        pages.push(ann.get(&Shop::address("/login", &scene.client, &[])).await);
        pages.push(ann.get(&Shop::authorize("nobody", &[])).await);
        for page in &pages {
            assert_eq!(page.header("referrer-policy"), "same-origin", "{}", page.address);
            assert_eq!(page.headers.get_all("referrer-policy").iter().count(), 1, "{}", page.address);
            for tag in page.tags() {
                let leads =
                    ["href", "src", "action", "srcset"].iter().find_map(|name| tag.get(name)).unwrap_or_default();
                assert!(!leads.contains("://") && !leads.starts_with("//"), "{}: {tag:?}", page.address);
            }
        }
    }

    /// 4.12: the application does not get the password that was posted here.
    async fn a_password_is_not_posted_on_to_the_application(app: TestApp) {
        let scene = Scene::set(app, json!({})).await;
        let mut ann = scene.shop.browser();
        let form = ann.open(&Shop::authorize(&scene.client, &[])).await.form("/login");
        let page = ann.submit(&form.fill("username", "ann").fill("password", PASSWORD)).await;
        page.code();
        assert!(matches!(page.status, 302 | 303), "{}", page.status);
        let form =
            ann.get(&Shop::address("/login", &scene.client, &[])).await.form("/login").with("choice", "continue");
        assert!(matches!(ann.submit(&form).await.status, 302 | 303));
    }

    /// 4.16: nobody clicks on our page who believes to click on another.
    async fn no_page_is_shown_in_a_frame(app: TestApp) {
        let scene = Scene::set(app, json!({})).await;
        let mut ann = scene.shop.browser();
        let mut pages = every_page(&scene, &mut ann).await;
        ann.sign_in(&Shop::authorize(&scene.client, &[]), "ann").await.code();
        pages.push(ann.get(&Shop::address("/login", &scene.client, &[])).await);
        for page in pages {
            assert_eq!(page.header("x-frame-options"), "DENY", "{}", page.address);
            let policy = page.header("content-security-policy");
            assert!(
                policy.split(';').any(|rule| rule.trim() == "frame-ancestors 'none'"),
                "{}: {policy}",
                page.address
            );
        }
    }

    /// 4.7: nobody is signed in as somebody else by a form of another site.
    async fn a_form_of_another_site_signs_nobody_in(app: TestApp) {
        let scene = Scene::set(app, json!({})).await;
        scene.shop.app.user(&scene.shop.pool, "mallory").await;
        let mut mallory = scene.shop.browser();
        let form = mallory.open(&Shop::authorize(&scene.client, &[])).await.form("/login");
        let form = form.fill("username", "mallory").fill("password", PASSWORD);
        let mut ann = scene.shop.browser();
        ann.open(&Shop::authorize(&scene.client, &[])).await;
        for headers in [&[("origin", "https://evil.example.com"), ("sec-fetch-site", "cross-site")][..], &[]] {
            ann.headers = headers.iter().map(|(name, value)| (*name, (*value).to_owned())).collect();
            let page = ann.submit(&form).await;
            assert_eq!((page.answer("code"), ann.cookie("__Host-cognito")), (None, None), "{headers:?}");
        }
    }

    /// 2.6 and 4.17: the authorization endpoint is for browsers that go there, not for scripts that read it.
    async fn no_script_of_another_site_reads_an_answer(app: TestApp) {
        let scene = Scene::set(app, json!({})).await;
        let mut ann = scene.shop.browser();
        ann.sign_in(&Shop::authorize(&scene.client, &[]), "ann").await.code();
        ann.headers = vec![("origin", "https://evil.example.com".to_owned()), ("sec-fetch-mode", "cors".to_owned())];
        let mut pages = every_page(&scene, &mut ann).await;
        pages.push(ann.get(&Shop::authorize(&scene.client, &[])).await);
        for page in &pages {
            let told = page.headers.keys().find(|name| name.as_str().starts_with("access-control-"));
            assert_eq!(told, None, "{}", page.address);
            assert!(!page.html.contains("postMessage"));
        }
        let script = pages[0].tags().into_iter().find(|tag| tag.name == "script").unwrap();
        let script = ann.get(script.get("src").unwrap()).await;
        assert_eq!(script.status, 200);
        assert!(!script.html.contains("postMessage") && !script.html.contains("opener"), "{}", script.html);
    }

    /// 2.1 (and 4.1): what changes something is asked for by its own method; the authorization endpoint takes no other.
    async fn an_endpoint_takes_no_method_but_its_own(app: TestApp) {
        let scene = Scene::set(app, json!({})).await;
        for (method, path) in [
            (Method::GET, "/oauth2/token"),
            (Method::GET, "/oauth2/revoke"),
            (Method::PUT, "/oauth2/token"),
            (Method::POST, "/oauth2/authorize"),
            (Method::DELETE, "/oauth2/userInfo"),
            (Method::PUT, "/login"),
        ] {
            let request = http::Request::builder().method(method.clone()).uri(Shop::address(path, &scene.client, &[]));
            let request = request.header("host", crate::kit::HOST).body(axum::body::Body::empty()).unwrap();
            assert_eq!(scene.shop.send(request).await.status, 405, "{method} {path}");
        }
    }
}
