//! The pages as a browser loads them, and an operator's own in their place. `src/login/pages/tests.rs` shows each of
//! them with every sample.

use std::fs;

use cognate_testkit::{TestApp, both_engines};
use cognate_web::Pages;
use serde_json::json;

use crate::kit::{Page, Shop, Tag};

fn asset(page: &Page, element: &str, name: &str) -> String {
    let tag =
        page.tags().into_iter().find(|tag| tag.name == element && is_loaded(tag) && tag.get(name).is_some()).unwrap();
    tag.get(name).unwrap().to_owned()
}

/// The page says that it has no icon, so that no browser looks for one.
fn is_loaded(tag: &Tag) -> bool {
    tag.get("href") != Some("data:,")
}

both_engines! {
    async fn the_first_page_loads_little_and_keeps_what_it_can(app: TestApp) {
        let shop = Shop::open(app).await;
        let client = shop.page(json!({})).await;
        let mut browser = shop.browser();
        let page = browser.open(&Shop::authorize(&client, &[])).await;
        let mut bytes = page.html.len();
        for (file, kind) in [
            (asset(&page, "link", "href"), "text/css; charset=utf-8"),
            (asset(&page, "script", "src"), "text/javascript; charset=utf-8"),
        ] {
            let answer = browser.get(&file).await;
            assert_eq!((answer.status, answer.header("content-type")), (200, kind), "{file}");
            assert_eq!(answer.header("cache-control"), "public, max-age=31536000, immutable");
            assert_eq!(answer.header("x-content-type-options"), "nosniff");
            bytes += answer.html.len();
            let other = browser.get(&file.replace("/assets/", "/assets/x")).await;
            assert_eq!(other.status, 404);
        }
        assert!(bytes < 33_000, "{bytes}: page and styles below 30 kB, the script below 3 kB");
        let loads = |tag: &Tag| matches!(tag.name.as_str(), "script" | "link" | "img" | "iframe") && is_loaded(tag);
        assert_eq!(page.tags().into_iter().filter(loads).count(), 2, "and nothing else");
    }

    async fn an_operators_own_pages_take_the_place_of_ours(app: TestApp) {
        let folder = tempfile::tempdir().unwrap();
        for (name, text) in [
            ("templates/error.html", "<!doctype html><title>Oh</title><h1>{{ code }} {{ app }}</h1>"),
            ("locales/nl.ftl", "language-own-name = Nederlands\nsign-in-title = Inloggen\n"),
            ("styles/own.css", ".own{color:red}"),
        ] {
            let path = folder.path().join(name);
            fs::create_dir_all(path.parent().unwrap()).unwrap();
            fs::write(path, text).unwrap();
        }
        let shop = Shop::open_showing(app, json!({}), Pages::with_folder(folder.path()).unwrap()).await;
        let client = shop.page(json!({})).await;
        let mut browser = shop.browser();
        let page = browser.open(&Shop::authorize("nobody", &[])).await;
        assert_eq!(
            (page.status, page.html.as_str()),
            (400, "<!doctype html><title>Oh</title><h1>invalid_request </h1>")
        );
        assert!(page.header("content-security-policy").contains("frame-ancestors 'none'"));
        let page = browser.open(&Shop::authorize(&client, &[("lang", "nl")])).await;
        assert_eq!(page.title(), "Inloggen");
        assert!(page.html.contains(">Nederlands</a>"));
        let style = browser.get(&asset(&page, "link", "href")).await;
        assert!(style.html.ends_with(".own{color:red}"));
    }
}
