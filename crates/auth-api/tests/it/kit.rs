//! An Auth API over a pool of its own, or over the mock, and calls to it.

use std::sync::Arc;

use axum::Router;
use axum::body::{Body, to_bytes};
use cognate_auth_api::provider::mock::Script;
use cognate_auth_api::provider::{Cognate, Mock, Provider, TokenUses};
use cognate_auth_api::{AuthApi, AuthSettings};
use cognate_domain::directory::ProviderSubject;
use cognate_domain::oauth::Params;
use cognate_engine::sign_in::Door;
use cognate_engine::{Cx, Secret};
use cognate_jose::{Alg, SigningKey};
use cognate_store::{WriteTx, inbox};
use cognate_testkit::TestApp;
use cognate_testkit::app::PASSWORD;
use http::{HeaderMap, HeaderValue, Method, Request, header};
use serde_json::{Value, json};
use tower::ServiceExt as _;

/// As senders' libraries write it: base64 behind a prefix.
pub(crate) const WEBHOOK_SECRET: &str = "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw";
pub(crate) const ORIGIN: &str = "https://shop.example.com";

/// Makes four tests of each function: over a pool of this server and over the mock, on both engines.
macro_rules! both_providers {
    ($(async fn $name:ident($given:ident: Product) $body:block)*) => {$(
        #[cfg(test)] // so that clippy knows
        async fn $name($given: Product) $body

        #[cfg(test)]
        mod $name {
            use super::*;

            cognate_testkit::both_engines! {
                async fn cognate(app: cognate_testkit::TestApp) {
                    super::$name(Product::open(app).await).await;
                }

                async fn mock(app: cognate_testkit::TestApp) {
                    super::$name(Product::mock(app).await).await;
                }
            }
        }
    )*};
}
pub(crate) use both_providers;

pub(crate) struct Product {
    pub(crate) app: TestApp,
    /// Both empty over the mock, which has neither.
    pub(crate) pool: String,
    pub(crate) client: String,
    pub(crate) provider: Arc<dyn Provider>,
    /// The same, where it is the mock.
    pub(crate) mock: Option<Arc<Mock>>,
    routes: Router,
}

/// Whoever is there before anybody signs up: as `Product::invited` has them.
const CAST: &str = r#"
    required_attributes = ["name"]

    [[users]]
    email = "invited@example.com"
    password = "Correct-Horse-9"
    status = "new_password_required"
    name = "Ivy"

    [[users]]
    email = "nameless@example.com"
    password = "Correct-Horse-9"
    status = "new_password_required"
"#;

pub(crate) struct Answer {
    pub(crate) status: u16,
    pub(crate) headers: HeaderMap,
    /// Null where there is none.
    pub(crate) body: Value,
}

impl Answer {
    /// A problem's status and code, of a document as RFC 9457 has it.
    pub(crate) fn problem(&self) -> (u16, &str) {
        assert_eq!(self.header("content-type"), "application/problem+json", "{}", self.body);
        assert_eq!(self.body["status"], self.status);
        let code = self.body["code"].as_str().unwrap_or_default();
        assert_eq!(self.body["type"], format!("urn:cognate:problem:{code}"));
        assert!(
            !self.text("/title").is_empty() && !self.text("/detail").is_empty() && self.text("/traceId").len() == 32
        );
        (self.status, code)
    }

    pub(crate) fn text(&self, pointer: &str) -> String {
        self.body.pointer(pointer).and_then(Value::as_str).unwrap_or_default().to_owned()
    }

    pub(crate) fn header(&self, name: &str) -> &str {
        self.headers.get(name).and_then(|value| value.to_str().ok()).unwrap_or_default()
    }

    pub(crate) fn good(self) -> Self {
        assert!((200..300).contains(&self.status), "{} {}", self.status, self.body);
        self
    }
}

impl Product {
    /// People are called by their address, as in most products.
    pub(crate) async fn open(app: TestApp) -> Self {
        Self::open_with(app, json!({ "AutoVerifiedAttributes": ["email"], "UsernameAttributes": ["email"] }), json!({}))
            .await
    }

    pub(crate) async fn open_with(app: TestApp, pool: Value, client: Value) -> Self {
        let pool = app.pool_with(pool).await;
        let client = app.client_with(&pool, client).await;
        let provider: Arc<dyn Provider> = Arc::new(Cognate::new(pool.clone(), client.clone()));
        let routes = routes(&app, &provider, TokenUses { id: false }).await;
        Self { app, pool, client, provider, mock: None, routes }
    }

    pub(crate) async fn mock(app: TestApp) -> Self {
        Self::mock_of(app, CAST).await
    }

    pub(crate) async fn mock_of(app: TestApp, script: &str) -> Self {
        let script = Script::read(script).unwrap_or_else(|flaws| panic!("{flaws:?}"));
        let (key, _) = SigningKey::generate_for(Alg::Es256).unwrap();
        let mock = Arc::new(Mock::new(script, &app.app, key).unwrap());
        mock.seed(&mut app.cx()).await.unwrap();
        let provider = Arc::clone(&mock) as Arc<dyn Provider>;
        let routes = routes(&app, &provider, TokenUses { id: false }).await;
        let (pool, client) = (String::new(), String::new());
        Self { app, pool, client, provider, mock: Some(mock), routes }
    }

    /// The same, where ID tokens are taken for bearers.
    pub(crate) async fn in_transition(&self) -> Router {
        routes(&self.app, &self.provider, TokenUses { id: true }).await
    }

    pub(crate) async fn post(&self, path: &str, body: Value) -> Answer {
        self.call(Method::POST, path, None, Some(body)).await
    }

    pub(crate) async fn post_as(&self, token: &str, path: &str, body: Value) -> Answer {
        self.call(Method::POST, path, Some(token), Some(body)).await
    }

    pub(crate) async fn call(&self, method: Method, path: &str, token: Option<&str>, body: Option<Value>) -> Answer {
        self.send(request(method, path, token, body)).await
    }

    pub(crate) async fn send(&self, request: Request<Body>) -> Answer {
        send(self.routes.clone(), request).await
    }

    /// What is for people to read.
    pub(crate) async fn page(&self, request: Request<Body>) -> (HeaderMap, String) {
        let (head, body) = self.routes.clone().oneshot(request).await.unwrap().into_parts();
        let bytes = to_bytes(body, usize::MAX).await.unwrap();
        (head.headers, String::from_utf8(bytes.to_vec()).unwrap())
    }

    /// A confirmed person called Ann; their `sub`.
    pub(crate) async fn person(&self, email: &str) -> String {
        if self.mock.is_some() {
            return self.signed_up(email).await;
        }
        let made = json!({
            "UserPoolId": self.pool, "Username": email, "MessageAction": "SUPPRESS",
            "UserAttributes": [
                { "Name": "email", "Value": email }, { "Name": "email_verified", "Value": "true" }, { "Name": "name", "Value": "Ann" },
            ],
        });
        let made = self.app.idp("AdminCreateUser", made).await;
        made.assert_good();
        self.app.set_password(&self.pool, email).await;
        made.text("/User/Username")
    }

    /// In the contract's own way; nothing of it is left in the inbox.
    async fn signed_up(&self, email: &str) -> String {
        let account = json!({ "email": email, "password": PASSWORD, "name": "Ann" });
        self.post("/v1/auth/sign-up", account).await.good();
        let (_, code) = self.message(email).await.unwrap();
        self.post("/v1/auth/sign-up/confirm", json!({ "identifier": email, "code": code })).await.good();
        self.app.app.db.write(async |tx| inbox::delete_all(tx).await).await.unwrap();
        self.sign_in(email).await.good().text("/user/sub")
    }

    /// `/dev/mock`, as the binary has it in development.
    pub(crate) async fn dev(&self, request: Request<Body>) -> Answer {
        let mock = Arc::clone(self.mock.as_ref().unwrap());
        send(cognate_auth_api::provider::mock::routes(mock, Arc::clone(&self.app.app)), request).await
    }

    /// `invited@example.com` or, without a name, `nameless@example.com`: with `PASSWORD`, which is to be replaced.
    pub(crate) async fn invited(&self, email: &str) {
        if self.mock.is_none() {
            self.app.invited(&self.pool, email, PASSWORD).await;
        }
    }

    /// As an administrator does.
    pub(crate) async fn reset_password(&self, sub: &str) {
        let subject = ProviderSubject { provider: self.provider.name().to_owned(), id: sub.to_owned() };
        self.provider.force_password_reset(&mut self.app.cx(), &subject).await.unwrap();
    }

    /// The token is one, for whoever else asks.
    pub(crate) async fn assert_stands(&self, token: &str) {
        if self.mock.is_none() {
            self.app.get_user(token).await.assert_good();
        }
        self.post_as(token, "/v1/auth/password-verifications", json!({ "password": PASSWORD })).await.good();
    }

    pub(crate) async fn sign_in(&self, email: &str) -> Answer {
        self.post("/v1/auth/sign-in", json!({ "identifier": email, "password": PASSWORD })).await
    }

    pub(crate) async fn signed_in(&self, email: &str) -> Session {
        Session::of(&self.sign_in(email).await.good())
    }

    /// What no endpoint does, done to the store.
    pub(crate) async fn write<T: Send>(
        &self,
        work: impl AsyncFnOnce(&mut WriteTx<'_>) -> cognate_domain::Result<T> + Clone,
    ) -> T {
        self.app.app.db.write(work).await.unwrap()
    }

    /// The API itself, for calls that go on side by side.
    pub(crate) fn routes(&self) -> Router {
        self.routes.clone()
    }

    /// A client of the pool's that signs in for itself, and its access token.
    pub(crate) async fn machine(&self) -> (String, String) {
        let scopes = json!([{ "ScopeName": "read", "ScopeDescription": "Reads" }]);
        let server = json!({ "UserPoolId": self.pool, "Identifier": "orders", "Name": "Orders", "Scopes": scopes });
        self.app.idp("CreateResourceServer", server).await;
        let made = json!({
            "UserPoolId": self.pool, "ClientName": "job", "GenerateSecret": true, "AllowedOAuthFlowsUserPoolClient": true,
            "AllowedOAuthFlows": ["client_credentials"], "AllowedOAuthScopes": ["orders/read"],
        });
        let made = self.app.idp("CreateUserPoolClient", made).await;
        made.assert_good();
        let client_id = made.text("/UserPoolClient/ClientId");
        let cx = Cx::new(Arc::clone(&self.app.app));
        let (pool, client) = cx.client(&client_id).await.unwrap();
        let params = Params::parse(b"grant_type=client_credentials");
        let granted = cx.grant_to_client(Door { pool: &pool, client: &client }, &params).await;
        (client_id, granted.ok().unwrap().access_token.unwrap().expose().to_owned())
    }

    /// The newest message to an address.
    pub(crate) async fn message(&self, to: &str) -> Option<(String, Option<String>)> {
        self.app.find_message(to).await.map(|message| (message.body, message.code))
    }
}

pub(crate) struct Session {
    pub(crate) access: String,
    pub(crate) id: String,
    pub(crate) refresh: String,
}

impl Session {
    pub(crate) fn of(answer: &Answer) -> Self {
        let token = |name: &str| answer.text(&format!("/{name}"));
        Self { access: token("accessToken"), id: token("idToken"), refresh: token("refreshToken") }
    }
}

pub(crate) fn request(method: Method, path: &str, token: Option<&str>, body: Option<Value>) -> Request<Body> {
    let mut request = Request::builder().method(method).uri(path);
    if let Some(token) = token {
        request = request.header(header::AUTHORIZATION, format!("Bearer {token}"));
    }
    match body {
        Some(body) => {
            request.header(header::CONTENT_TYPE, "application/json").body(Body::from(body.to_string())).unwrap()
        }
        None => request.body(Body::empty()).unwrap(),
    }
}

pub(crate) async fn send(routes: Router, request: Request<Body>) -> Answer {
    let response = routes.oneshot(request).await.unwrap();
    let (head, body) = response.into_parts();
    let bytes = to_bytes(body, usize::MAX).await.unwrap();
    let body = if bytes.is_empty() { Value::Null } else { serde_json::from_slice(&bytes).unwrap() };
    Answer { status: head.status.as_u16(), headers: head.headers, body }
}

async fn routes(app: &TestApp, provider: &Arc<dyn Provider>, uses: TokenUses) -> Router {
    routes_over(app, Arc::clone(provider), uses).await
}

pub(crate) async fn routes_over(app: &TestApp, provider: Arc<dyn Provider>, uses: TokenUses) -> Router {
    let settings = AuthSettings {
        uses,
        invitation_url: Some("https://shop.example.com/join?token={token}".to_owned()),
        allowed_origins: vec![HeaderValue::from_static(ORIGIN)],
        calls_per_address: Some(20),
        webhook_secret: Some(Secret::from(WEBHOOK_SECRET)),
    };
    cognate_auth_api::routes(AuthApi::open(Arc::clone(&app.app), provider, settings).await.unwrap())
}
