//! A pool with a login domain and a resource server, and calls to its endpoints.

mod browser;
mod html;
pub(crate) mod key;

use std::sync::Arc;

use axum::Router;
use axum::body::{Body, to_bytes};
use cognate_testkit::TestApp;
use cognate_testkit::app::merged;
use cognate_web::Pages;
use http::{HeaderMap, Request, header};
use serde_json::{Value, json};
use tower::ServiceExt as _;
use url::form_urlencoded::Serializer;

pub(crate) use browser::{Browser, Page};
pub(crate) use html::{Form, Tag, tags};

pub(crate) const HOST: &str = "shop.auth.id.example.com";
/// Where every client's answers go.
pub(crate) const CALLBACK: &str = "https://shop.example.com/cb";
pub(crate) const TOKEN: &str = "/oauth2/token";
pub(crate) const USER_INFO: &str = "/oauth2/userInfo";
pub(crate) const VERIFIER: &str = "dBjftJeZ4CVP-mB92K27uhbUJU1p1r_wW1gFWFOEjXk";
/// That verifier's (RFC 7636, appendix B).
pub(crate) const CHALLENGE: &str = "E9Melhoa2OwvFrEMTJguCHaoeK1t8URWbuGJSstw-cM";

pub(crate) struct Shop {
    pub(crate) app: TestApp,
    pub(crate) pool: String,
    routes: Router,
}

pub(crate) struct Answer {
    pub(crate) status: u16,
    pub(crate) headers: HeaderMap,
    /// Null where there is none.
    pub(crate) body: Value,
}

impl Answer {
    pub(crate) fn error(&self) -> (u16, &str) {
        (self.status, self.body.get("error").and_then(Value::as_str).unwrap_or_default())
    }

    pub(crate) fn text(&self, member: &str) -> String {
        self.body.get(member).and_then(Value::as_str).unwrap_or_default().to_owned()
    }

    pub(crate) fn header(&self, name: &str) -> &str {
        self.headers.get(name).and_then(|value| value.to_str().ok()).unwrap_or_default()
    }
}

/// A client with its secret.
pub(crate) struct Machine {
    pub(crate) id: String,
    pub(crate) secret: String,
}

impl Shop {
    pub(crate) async fn open(app: TestApp) -> Self {
        Self::open_with(app, json!({ "AutoVerifiedAttributes": ["email"] })).await
    }

    pub(crate) async fn open_with(app: TestApp, pool: Value) -> Self {
        Self::open_showing(app, pool, Pages::built_in().unwrap()).await
    }

    pub(crate) async fn open_showing(app: TestApp, pool: Value, pages: Pages) -> Self {
        let pool = app.pool_with(pool).await;
        app.idp("CreateUserPoolDomain", json!({ "UserPoolId": pool, "Domain": "shop" })).await.assert_good();
        let scopes = ["read", "write"].map(|name| json!({ "ScopeName": name, "ScopeDescription": name }));
        let server = json!({ "UserPoolId": pool, "Identifier": "orders", "Name": "orders", "Scopes": scopes });
        app.idp("CreateResourceServer", server).await.assert_good();
        let routes = routes(&app, pages);
        Self { app, pool, routes }
    }

    /// Gives the pool tags, its settings among them, from now on.
    pub(crate) async fn tag(&self, tags: Value) {
        let arn = format!("arn:aws:cognito-idp:us-east-1:123456789012:userpool/{}", self.pool);
        self.app.idp("TagResource", json!({ "ResourceArn": arn, "Tags": tags })).await.assert_good();
    }

    /// The same pool at another node.
    pub(crate) async fn another_node(&self) -> Self {
        let app = self.app.another_node().await;
        let routes = routes(&app, Pages::built_in().unwrap());
        Self { app, pool: self.pool.clone(), routes }
    }

    pub(crate) async fn machine(&self) -> Machine {
        self.confidential(json!({
            "AllowedOAuthFlows": ["client_credentials"],
            "AllowedOAuthScopes": ["orders/read", "orders/write"],
        }))
        .await
    }

    pub(crate) async fn confidential(&self, more: Value) -> Machine {
        let base = json!({
            "UserPoolId": self.pool,
            "ClientName": "machine",
            "GenerateSecret": true,
            "AllowedOAuthFlowsUserPoolClient": true,
        });
        let made = self.app.idp("CreateUserPoolClient", merged(base, more)).await;
        made.assert_good();
        Machine { id: made.text("/UserPoolClient/ClientId"), secret: made.text("/UserPoolClient/ClientSecret") }
    }

    /// A public client for people.
    pub(crate) async fn page(&self, more: Value) -> String {
        let base = json!({
            "ClientName": "Shop",
            "AllowedOAuthFlowsUserPoolClient": true,
            "AllowedOAuthFlows": ["code"],
            "AllowedOAuthScopes": ["openid"],
            "CallbackURLs": [CALLBACK],
            "SupportedIdentityProviders": ["COGNITO"],
        });
        self.app.client_with(&self.pool, merged(base, more)).await
    }

    pub(crate) fn browser(&self) -> Browser<'_> {
        Browser::new(self)
    }

    /// The address of an authorization request; a parameter of `more` takes the place of ours, and one without a value
    /// is left out.
    pub(crate) fn authorize(client: &str, more: &[(&str, &str)]) -> String {
        Self::address("/oauth2/authorize", client, more)
    }

    pub(crate) fn address(path: &str, client: &str, more: &[(&str, &str)]) -> String {
        let ours = [("client_id", client), ("response_type", "code"), ("redirect_uri", CALLBACK), ("state", "s")];
        let ours = ours.into_iter().filter(|(name, _)| !more.iter().any(|(other, _)| other == name));
        let all = ours.chain(more.iter().copied()).filter(|(_, value)| !value.is_empty());
        format!("{path}?{}", Serializer::new(String::new()).extend_pairs(all).finish())
    }

    /// What a public client gets for a code.
    pub(crate) async fn redeem(&self, client: &str, code: &str, more: &[(&str, &str)]) -> Answer {
        let ours =
            [("grant_type", "authorization_code"), ("client_id", client), ("redirect_uri", CALLBACK), ("code", code)];
        let ours = ours.into_iter().filter(|(name, _)| !more.iter().any(|(other, _)| other == name));
        let form: Vec<_> = ours.chain(more.iter().copied()).filter(|(_, value)| !value.is_empty()).collect();
        self.post("/oauth2/token", &form).await
    }

    pub(crate) async fn refresh(&self, client: &str, token: &str) -> Answer {
        let form = [("grant_type", "refresh_token"), ("client_id", client), ("refresh_token", token)];
        self.post("/oauth2/token", &form).await
    }

    pub(crate) async fn userinfo(&self, token: &str) -> Answer {
        let request = Request::get("/oauth2/userInfo").header(header::HOST, HOST);
        self.send(request.header(header::AUTHORIZATION, format!("Bearer {token}")).body(Body::empty()).unwrap()).await
    }

    pub(crate) async fn post(&self, path: &str, form: &[(&str, &str)]) -> Answer {
        self.post_with(path, form, &[]).await
    }

    /// With further headers; a host among them takes the place of the domain's.
    pub(crate) async fn post_with(&self, path: &str, form: &[(&str, &str)], headers: &[(&str, &str)]) -> Answer {
        let mut request = Request::post(path).header(header::CONTENT_TYPE, "application/x-www-form-urlencoded");
        if !headers.iter().any(|(name, _)| *name == "host") {
            request = request.header(header::HOST, HOST);
        }
        for (name, value) in headers {
            request = request.header(*name, *value);
        }
        let form = Serializer::new(String::new()).extend_pairs(form).finish();
        self.send(request.body(Body::from(form)).unwrap()).await
    }

    pub(crate) async fn get(&self, path: &str, host: &str) -> Answer {
        self.send(Request::get(path).header(header::HOST, host).body(Body::empty()).unwrap()).await
    }

    /// A body that is no JSON is a text.
    pub(crate) async fn send(&self, request: Request<Body>) -> Answer {
        let (head, text) = self.raw(request).await;
        let body = if text.is_empty() { Value::Null } else { serde_json::from_str(&text).unwrap_or(json!(text)) };
        Answer { status: head.status.as_u16(), headers: head.headers, body }
    }

    async fn raw(&self, request: Request<Body>) -> (http::response::Parts, String) {
        let (head, body) = self.routes.clone().oneshot(request).await.unwrap().into_parts();
        let body = to_bytes(body, 1 << 22).await.unwrap();
        (head, String::from_utf8(body.to_vec()).unwrap())
    }
}

fn routes(app: &TestApp, pages: Pages) -> Router {
    let issuer = cognate_web::issuer::routes().with_state(app.app.clone());
    issuer.merge(cognate_web::routes(Arc::new(pages), true).with_state(app.app.clone()))
}

pub(crate) fn basic(id: &str, secret: &str) -> String {
    format!("Basic {}", data_encoding::BASE64.encode(format!("{id}:{secret}").as_bytes()))
}

/// A parameter of an address's query or fragment.
pub(crate) fn param(address: &str, name: &str) -> Option<String> {
    let (_, after) = address.split_once(['?', '#'])?;
    let found = url::form_urlencoded::parse(after.as_bytes()).find(|(key, _)| key == name);
    found.map(|(_, value)| value.into_owned())
}
