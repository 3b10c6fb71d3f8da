//! A pool with a login domain and an application, people of it, and browsers that keep their cookies.

use std::collections::BTreeMap;
use std::sync::Arc;

use axum::Router;
use axum::body::{Body, to_bytes};
use cognate_testkit::TestApp;
use cognate_testkit::app::{PASSWORD, merged};
use cognate_web::Pages;
use http::{HeaderMap, Method, Request, header};
use serde_json::{Value, json};
use tower::ServiceExt as _;
use url::form_urlencoded::Serializer;

pub(super) const HOST: &str = "people.auth.id.example.com";
pub(super) const SESSION: &str = "__Host-cognito";

pub(super) struct Town {
    pub(super) app: TestApp,
    pub(super) pool: String,
    pub(super) client: String,
    routes: Router,
}

pub(super) struct Answer {
    pub(super) status: u16,
    pub(super) headers: HeaderMap,
    pub(super) text: String,
}

impl Answer {
    #[track_caller]
    pub(super) fn location(&self) -> &str {
        assert_eq!(self.status, 302, "{}", self.text);
        self.headers.get(header::LOCATION).unwrap().to_str().unwrap()
    }

    #[track_caller]
    pub(super) fn assert_shows(&self, text: &str) {
        assert_eq!(self.status, 200, "{}", self.text);
        assert!(self.text.contains(text), "no {text:?} in {}", self.text);
    }

    #[track_caller]
    pub(super) fn assert_hides(&self, text: &str) {
        assert!(!self.text.contains(text), "{text:?} in {}", self.text);
    }

    pub(super) fn shows_page(&self, name: &str) -> bool {
        self.text.contains(&format!("<body class=\"page-{name}\""))
    }

    /// The values of the buttons that end a session, in their order.
    pub(super) fn sessions(&self) -> Vec<String> {
        let buttons = self.text.split("name=\"session\" value=\"").skip(1);
        buttons.map(|rest| rest.split('"').next().unwrap().to_owned()).filter(|id| id != "all").collect()
    }
}

impl Town {
    pub(super) async fn open(app: TestApp) -> Self {
        Self::with(app, json!({}), json!({})).await
    }

    /// With more for the pool and for the application.
    pub(super) async fn with(app: TestApp, pool: Value, client: Value) -> Self {
        let pool = app.pool_with(merged(json!({ "AutoVerifiedAttributes": ["email"] }), pool)).await;
        app.idp("CreateUserPoolDomain", json!({ "UserPoolId": pool, "Domain": "people" })).await.assert_good();
        let client = another_client(&app, &pool, client).await;
        let routes = cognate_web::routes(Arc::new(Pages::built_in().unwrap()), true).with_state(app.app.clone());
        Self { app, pool, client, routes }
    }

    pub(super) async fn another_client(&self, more: Value) -> String {
        another_client(&self.app, &self.pool, more).await
    }

    pub(super) fn browser(&self) -> Browser<'_> {
        Browser { town: self, cookies: BTreeMap::new() }
    }

    /// The browser of somebody who is signed in.
    pub(super) async fn browser_of(&self, name: &str) -> Browser<'_> {
        let mut browser = self.browser();
        assert_eq!(browser.sign_in(name, PASSWORD).await.location(), self.href("/account"));
        browser
    }

    pub(super) fn href(&self, path: &str) -> String {
        format!("{path}?client_id={}", self.client)
    }

    pub(super) fn sign_in_href(&self) -> String {
        format!("/login?client_id={}&to=account", self.client)
    }

    pub(super) async fn attribute(&self, name: &str, attribute: &str) -> Option<String> {
        let user = self.app.idp("AdminGetUser", json!({ "UserPoolId": self.pool, "Username": name })).await.good();
        let attributes = user.get("UserAttributes").and_then(Value::as_array).unwrap();
        let text = |one: &Value, member: &str| one.get(member).and_then(Value::as_str).unwrap().to_owned();
        attributes.iter().find(|one| text(one, "Name") == attribute).map(|one| text(one, "Value"))
    }

    pub(super) async fn set(&self, name: &str, attributes: Value) {
        let input = json!({ "UserPoolId": self.pool, "Username": name, "UserAttributes": attributes });
        self.app.idp("AdminUpdateUserAttributes", input).await.assert_good();
    }

    /// Whether this is the person's password.
    pub(super) async fn lets_in(&self, name: &str, password: &str) -> bool {
        self.app.password(&self.client, name, password).await.status == 200
    }
}

async fn another_client(app: &TestApp, pool: &str, more: Value) -> String {
    let base = json!({
        "AllowedOAuthFlowsUserPoolClient": true,
        "AllowedOAuthFlows": ["code"],
        "AllowedOAuthScopes": ["openid"],
        "CallbackURLs": ["https://people.example.com/cb"],
        "SupportedIdentityProviders": ["COGNITO"],
    });
    app.client_with(pool, merged(base, more)).await
}

#[derive(Clone)]
pub(super) struct Browser<'t> {
    town: &'t Town,
    pub(super) cookies: BTreeMap<String, String>,
}

impl Browser<'_> {
    pub(super) async fn get(&mut self, path: &str) -> Answer {
        self.send(Method::GET, path, &[], &[]).await
    }

    /// A form of our own page, as it stands in this browser.
    pub(super) async fn post(&mut self, path: &str, form: &[(&str, &str)]) -> Answer {
        let csrf = self.cookies.get("XSRF-TOKEN").cloned().unwrap_or_default();
        let form: Vec<_> = form.iter().copied().chain([("_csrf", csrf.as_str())]).collect();
        self.send(Method::POST, path, &form, &[("origin", &format!("https://{HOST}"))]).await
    }

    pub(super) async fn account(&mut self) -> Answer {
        self.get(&self.town.href("/account")).await
    }

    /// A form of the account page.
    pub(super) async fn act(&mut self, section: &str, form: &[(&str, &str)]) -> Answer {
        let form: Vec<_> = [("section", section)].into_iter().chain(form.iter().copied()).collect();
        self.post(&self.town.href("/account"), &form).await
    }

    /// What the page says after it has sent the browser back to itself.
    pub(super) async fn done(&mut self, answer: Answer) -> Answer {
        assert_eq!(answer.location(), self.town.href("/account"));
        self.account().await
    }

    pub(super) async fn sign_in(&mut self, name: &str, password: &str) -> Answer {
        let to = self.account().await.location().to_owned();
        self.get(&to).await.assert_shows("signInFormUsername");
        self.post(&to, &[("username", name), ("password", password)]).await
    }

    pub(super) async fn send(
        &mut self,
        method: Method,
        path: &str,
        form: &[(&str, &str)],
        headers: &[(&str, &str)],
    ) -> Answer {
        let cookies: Vec<String> = self.cookies.iter().map(|(name, value)| format!("{name}={value}")).collect();
        let mut request = Request::builder().method(&method).uri(path).header(header::HOST, HOST);
        if !cookies.is_empty() {
            request = request.header(header::COOKIE, cookies.join("; "));
        }
        if method == Method::POST {
            request = request.header(header::CONTENT_TYPE, "application/x-www-form-urlencoded");
        }
        for (name, value) in headers {
            request = request.header(*name, *value);
        }
        let form = Serializer::new(String::new()).extend_pairs(form).finish();
        let body = Body::from(if method == Method::POST { form } else { String::new() });
        let (head, body) = self.town.routes.clone().oneshot(request.body(body).unwrap()).await.unwrap().into_parts();
        self.keep(&head.headers);
        let text = String::from_utf8(to_bytes(body, 1 << 20).await.unwrap().to_vec()).unwrap();
        let text = text.replace("&#x2f;", "/"); // as a browser reads it
        Answer { status: head.status.as_u16(), headers: head.headers, text }
    }

    fn keep(&mut self, headers: &HeaderMap) {
        for line in headers.get_all(header::SET_COOKIE) {
            let line = line.to_str().unwrap();
            let (name, value) = line.split(';').next().unwrap().split_once('=').unwrap();
            if line.contains("Max-Age=0") {
                self.cookies.remove(name);
            } else {
                self.cookies.insert(name.to_owned(), value.to_owned());
            }
        }
    }
}

/// So many wrong passwords lock for a second.
pub(super) const LOCKING: usize = 5;
