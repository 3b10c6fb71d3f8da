//! `/v1/admin`: support and operators, over both engines.

mod audit;
mod catalogue;
mod policies;
mod refusals;
mod resets;
mod sign_ins;
mod together;
mod users;

use cognate_domain::Clock as _;
use cognate_domain::directory::PLATFORM_ADMIN;
use cognate_domain::oauth::Params;
use cognate_engine::sign_in::Door;
use cognate_store::{WriteTx, subjects};
use http::{Method, header};
use serde_json::{Value, json};

use crate::kit::{Answer, Product, Session, request};

const USERS: &str = "/v1/admin/users";

/// Somebody who has called before.
struct Known {
    id: String,
    session: Session,
}

impl Product {
    async fn known(&self, email: &str) -> Known {
        self.person(email).await;
        let session = self.signed_in(email).await;
        let id = self.get_as(&session.access, "/v1/me").await.good().text("/id");
        Known { id, session }
    }

    async fn known_with(&self, email: &str, role: &str) -> Known {
        let known = self.known(email).await;
        self.give(&known.id, Some(role)).await;
        known
    }

    /// An administrator of the platform.
    async fn admin(&self) -> Known {
        self.known_with("root@example.com", PLATFORM_ADMIN).await
    }

    async fn give(&self, id: &str, role: Option<&str>) {
        let now = self.app.clock.now();
        let given = async |tx: &mut WriteTx<'_>| subjects::set_platform_role(tx, id, role, now).await;
        assert_eq!(self.app.app.db.write(given).await.unwrap(), subjects::Outcome::Done);
    }

    async fn get_as(&self, token: &str, path: &str) -> Answer {
        self.call(Method::GET, path, Some(token), None).await
    }

    async fn patch_as(&self, token: &str, path: &str, body: Value) -> Answer {
        self.call(Method::PATCH, path, Some(token), Some(body)).await
    }

    async fn put_as(&self, token: &str, path: &str, body: Value) -> Answer {
        self.call(Method::PUT, path, Some(token), Some(body)).await
    }

    async fn delete_as(&self, token: &str, path: &str) -> Answer {
        self.call(Method::DELETE, path, Some(token), None).await
    }

    async fn if_match(&self, who: &Known, asked: (Method, &str, Option<Value>), etag: &str) -> Answer {
        let (method, path, body) = asked;
        let mut asked = request(method, path, Some(&who.session.access), body);
        asked.headers_mut().insert(header::IF_MATCH, etag.parse().unwrap());
        self.send(asked).await
    }

    /// All items of a list, page by page.
    async fn pages(&self, token: &str, path: &str, limit: usize) -> Vec<Value> {
        let mut items: Vec<Value> = Vec::new();
        let mut next: Option<String> = None;
        loop {
            let joint = if path.contains('?') { '&' } else { '?' };
            let behind = next.as_deref().map(|next| format!("&next={}", encoded(next))).unwrap_or_default();
            let page = self.get_as(token, &format!("{path}{joint}limit={limit}{behind}")).await.good();
            let read = page.body["items"].as_array().unwrap().clone();
            assert!(read.len() <= limit);
            items.extend(read);
            next = page.body["next"].as_str().map(str::to_owned);
            if next.is_none() {
                return items;
            }
            assert!(items.len() < 1_000, "it does not end");
        }
    }

    /// What the log says of something, the newest first: actions with their details.
    async fn logged(&self, admin: &Known, kind: &str, target: &str) -> Vec<(String, Value)> {
        let path = format!("/v1/admin/audit?kind={kind}&target={target}");
        let items = self.pages(&admin.session.access, &path, 100).await;
        items
            .into_iter()
            .map(|entry| (entry["action"].as_str().unwrap().to_owned(), entry["details"].clone()))
            .collect()
    }

    /// The bearer of a client of the pool that signs in by its secret.
    async fn machine_bearer(&self) -> String {
        let server = json!({
            "UserPoolId": self.pool, "Identifier": "machines", "Name": "machines",
            "Scopes": [{ "ScopeName": "run", "ScopeDescription": "run" }],
        });
        self.app.idp("CreateResourceServer", server).await.assert_good();
        let client = json!({
            "GenerateSecret": true, "AllowedOAuthFlowsUserPoolClient": true, "AllowedOAuthFlows": ["client_credentials"],
            "AllowedOAuthScopes": ["machines/run"],
        });
        let client = self.app.client_with(&self.pool, client).await;
        let cx = self.app.cx();
        let (pool, client) = cx.client(&client).await.unwrap();
        let granted = cx.grant_to_client(Door { pool: &pool, client: &client }, &Params::parse(b"")).await;
        granted.ok().unwrap().access_token.unwrap().expose().to_owned()
    }
}

/// As a query's value.
fn encoded(text: &str) -> String {
    url::form_urlencoded::byte_serialize(text.as_bytes()).collect()
}
