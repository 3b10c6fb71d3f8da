//! What a request may say, and where its answer may go.

use cognate_testkit::{TestApp, both_engines};
use data_encoding::BASE64URL_NOPAD;
use serde_json::{Value, json};

use super::party::{STATE, Suite, sign_in_at};
use crate::kit::{CALLBACK, Page};

/// A request object that nobody has signed (RFC 9101; OpenID Connect Core, 6).
fn unsigned(claims: &Value) -> String {
    let part = |json: &Value| BASE64URL_NOPAD.encode(json.to_string().as_bytes());
    format!("{}.{}.", part(&json!({ "alg": "none" })), part(claims))
}

#[track_caller]
fn assert_refused(page: &Page, error: &str) {
    assert!(page.location().starts_with(&format!("{CALLBACK}?")), "{page:?}");
    let told = (page.answer("error"), page.answer("state"), page.answer("code"));
    assert_eq!(told, (Some(error.to_owned()), Some(STATE.to_owned()), None));
}

both_engines! {
    /// Without a `response_type` the client is told `invalid_request` or `unsupported_response_type`, in the query.
    async fn oidcc_response_type_missing(app: TestApp) {
        let suite = Suite::open(app).await;
        assert_refused(&suite.shop.browser().get(&suite.request(&[("response_type", "")])).await, "invalid_request");
    }

    /// A parameter that nobody has heard of is ignored.
    async fn oidcc_ensure_request_with_unknown_parameter_succeeds(app: TestApp) {
        let suite = Suite::open(app).await;
        suite.tokens(&[("extra", "foobar")]).await;
    }

    /// An address that is not registered is shown an error page, and nobody is sent there.
    async fn oidcc_ensure_registered_redirect_uri(app: TestApp) {
        let suite = Suite::open(app).await;
        for prompt in ["", "none"] {
            let uri = format!("{CALLBACK}/ZzPqWx");
            let mut browser = suite.shop.browser();
            let sent = browser.get(&suite.request(&[("redirect_uri", &uri), ("prompt", prompt)])).await;
            assert!(sent.location().starts_with("/error?"), "a page of this domain: {sent:?}");
            let shown = browser.follow(sent).await;
            assert_eq!((shown.status, shown.location()), (400, ""));
            assert!(shown.html.contains("redirect_mismatch") && !shown.html.contains(&uri), "{}", shown.html);
        }
        let mut browser = suite.shop.browser();
        suite.again(&mut browser, &[]).await;
        let sent = browser.get(&suite.request(&[("redirect_uri", "https://evil.example.com/cb")])).await;
        assert!(sent.location().starts_with("/error?"), "not with a session either");
    }

    /// OpenID Connect Core, 3.1.2.1: the request may be posted as a form.
    async fn oidcc_ensure_post_request_succeeds(app: TestApp) {
        let suite = Suite::open(app).await;
        let address = suite.request(&[]);
        let (path, form) = address.split_once('?').unwrap();
        let mut browser = suite.shop.browser();
        browser.headers =
            vec![("origin", "https://shop.example.com".to_owned()), ("sec-fetch-site", "cross-site".to_owned())];
        let page = browser.post(path, form.to_owned()).await;
        assert_eq!(page.status, 302, "a browser turns that into a GET");
        browser.headers.clear();
        let page = browser.follow(page).await;
        let page = sign_in_at(&mut browser, &page).await;
        Suite::assert_answers(&page);
        suite.exchange(&page.code(), &[]).await;
    }

    /// What is posted is checked like any request, and what is no form is none.
    async fn a_posted_request_is_checked_like_any_other(app: TestApp) {
        let suite = Suite::open(app).await;
        for (more, to) in [
            (vec![("redirect_uri", "https://evil.example.com/cb")], "/error?error=redirect_mismatch"),
            (vec![("client_id", "nobody")], "/error?error=invalid_request"),
            (vec![("prompt", "none")], "https://shop.example.com/cb?error=login_required"),
        ] {
            let address = suite.request(&more);
            let (path, form) = address.split_once('?').unwrap();
            let mut browser = suite.shop.browser();
            let page = browser.post(path, form.to_owned()).await;
            let page = browser.get(page.location()).await;
            assert!(page.location().starts_with(to), "{}", page.location());
        }
        let mut browser = suite.shop.browser();
        browser.headers = vec![("content-type", "application/json".to_owned())];
        let page = browser.post("/oauth2/authorize", "{}".to_owned()).await;
        assert_eq!((page.status, page.location()), (302, "/error?error=invalid_request"));
    }

    /// A request object is refused with `request_not_supported`, and discovery says that none is understood.
    async fn oidcc_unsigned_request_object_supported_correctly_or_rejected_as_unsupported(app: TestApp) {
        let suite = Suite::open(app).await;
        let request =
            unsigned(&json!({ "client_id": suite.client.id, "response_type": "code", "redirect_uri": CALLBACK,
                                        "scope": "openid", "state": "of-the-object", "nonce": "of-the-object" }));
        let mut browser = suite.shop.browser();
        assert_refused(&browser.get(&suite.request(&[("request", &request)])).await, "request_not_supported");
        suite.again(&mut browser, &[]).await;
        assert_refused(&browser.get(&suite.request(&[("request", &request)])).await, "request_not_supported");
    }

    /// The same of a reference to one.
    async fn oidcc_request_uri_unsigned_supported_correctly_or_rejected_as_unsupported(app: TestApp) {
        let suite = Suite::open(app).await;
        for uri in ["https://shop.example.com/request.jwt", "urn:ietf:params:oauth:request_uri:nothing"] {
            let page = suite.shop.browser().get(&suite.request(&[("request_uri", uri)])).await;
            assert_refused(&page, "request_uri_not_supported");
        }
    }

    /// The address within a request object would count. As none is understood, the one outside decides: if that is not
    /// registered, an error page is shown and nobody is sent anywhere.
    async fn oidcc_ensure_request_object_with_redirect_uri(app: TestApp) {
        let suite = Suite::open(app).await;
        let request =
            unsigned(&json!({ "client_id": suite.client.id, "response_type": "code", "redirect_uri": CALLBACK }));
        let outside = format!("{CALLBACK}/ZzPqWx");
        let mut browser = suite.shop.browser();
        let sent = browser.get(&suite.request(&[("request", &request), ("redirect_uri", &outside)])).await;
        assert!(sent.location().starts_with("/error?error=redirect_mismatch"), "{}", sent.location());
        assert_eq!(browser.follow(sent).await.status, 400);

        let evil = "https://evil.example.com/";
        let evil = unsigned(&json!({ "client_id": suite.client.id, "response_type": "code", "redirect_uri": evil }));
        assert_refused(&browser.get(&suite.request(&[("request", &evil)])).await, "request_not_supported");
    }
}
