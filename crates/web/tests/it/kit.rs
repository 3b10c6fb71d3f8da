//! A pool with a login domain and a resource server, and calls to its endpoints.

use std::sync::Arc;

use axum::Router;
use axum::body::{Body, to_bytes};
use cognate_testkit::TestApp;
use cognate_web::Pages;
use http::{HeaderMap, Request, header};
use serde_json::{Value, json};
use tower::ServiceExt as _;
use url::form_urlencoded::Serializer;

pub(super) const HOST: &str = "shop.auth.id.example.com";

pub(super) struct Shop {
    pub(super) app: TestApp,
    pub(super) pool: String,
    routes: Router,
}

pub(super) struct Answer {
    pub(super) status: u16,
    pub(super) headers: HeaderMap,
    /// Null where there is none.
    pub(super) body: Value,
}

impl Answer {
    pub(super) fn error(&self) -> (u16, &str) {
        (self.status, self.body.get("error").and_then(Value::as_str).unwrap_or_default())
    }

    pub(super) fn text(&self, member: &str) -> String {
        self.body.get(member).and_then(Value::as_str).unwrap_or_default().to_owned()
    }
}

/// A client with its secret.
pub(super) struct Machine {
    pub(super) id: String,
    pub(super) secret: String,
}

impl Shop {
    pub(super) async fn open(app: TestApp) -> Self {
        let pool = app.pool().await;
        app.idp("CreateUserPoolDomain", json!({ "UserPoolId": pool, "Domain": "shop" })).await.assert_good();
        let scopes = ["read", "write"].map(|name| json!({ "ScopeName": name, "ScopeDescription": name }));
        let server = json!({ "UserPoolId": pool, "Identifier": "orders", "Name": "orders", "Scopes": scopes });
        app.idp("CreateResourceServer", server).await.assert_good();
        let pages = Arc::new(Pages::built_in().unwrap());
        let routes = cognate_web::routes(pages, true).with_state(app.app.clone());
        Self { app, pool, routes }
    }

    pub(super) async fn machine(&self) -> Machine {
        let input = json!({
            "UserPoolId": self.pool,
            "ClientName": "machine",
            "GenerateSecret": true,
            "AllowedOAuthFlowsUserPoolClient": true,
            "AllowedOAuthFlows": ["client_credentials"],
            "AllowedOAuthScopes": ["orders/read", "orders/write"],
        });
        let made = self.app.idp("CreateUserPoolClient", input).await;
        Machine { id: made.text("/UserPoolClient/ClientId"), secret: made.text("/UserPoolClient/ClientSecret") }
    }

    /// A public client for people.
    pub(super) async fn page(&self, more: Value) -> String {
        let base = json!({
            "AllowedOAuthFlowsUserPoolClient": true,
            "AllowedOAuthFlows": ["code"],
            "AllowedOAuthScopes": ["openid"],
            "CallbackURLs": ["https://shop.example.com/cb"],
        });
        self.app.client_with(&self.pool, cognate_testkit::app::merged(base, more)).await
    }

    pub(super) async fn post(&self, path: &str, form: &[(&str, &str)]) -> Answer {
        self.post_with(path, form, &[]).await
    }

    /// With further headers; a host among them takes the place of the domain's.
    pub(super) async fn post_with(&self, path: &str, form: &[(&str, &str)], headers: &[(&str, &str)]) -> Answer {
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

    pub(super) async fn send(&self, request: Request<Body>) -> Answer {
        let (head, body) = self.routes.clone().oneshot(request).await.unwrap().into_parts();
        let body = to_bytes(body, 1 << 20).await.unwrap();
        let body = if body.is_empty() { Value::Null } else { serde_json::from_slice(&body).unwrap() };
        Answer { status: head.status.as_u16(), headers: head.headers, body }
    }
}

pub(super) fn basic(id: &str, secret: &str) -> String {
    format!("Basic {}", data_encoding::BASE64.encode(format!("{id}:{secret}").as_bytes()))
}
