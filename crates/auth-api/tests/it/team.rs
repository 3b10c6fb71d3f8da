//! A workspace with people in it, and calls that they make.

use std::collections::HashMap;

use cognate_domain::Clock as _;
use cognate_domain::directory::{AuditEntry, SubjectKind, SubjectState};
use cognate_store::audit_log::{self, About, Span};
use cognate_store::members::{self, Outcome, Place};
use cognate_store::subjects;
use cognate_testkit::TestApp;
use http::Method;
use serde_json::{Value, json};

use crate::kit::{Answer, Product};

pub(crate) struct Team {
    pub(crate) product: Product,
    /// The workspace's id.
    pub(crate) id: String,
    people: HashMap<String, Somebody>,
}

/// Signed in, and known to the directory.
#[derive(Clone)]
pub(crate) struct Somebody {
    pub(crate) token: String,
    pub(crate) id_token: String,
    pub(crate) id: String,
}

pub(crate) const WORKSPACES: &str = "/v1/workspaces";

impl Product {
    pub(crate) async fn somebody(&self, name: &str) -> Somebody {
        let email = format!("{name}@example.com");
        self.person(&email).await;
        let session = self.signed_in(&email).await;
        let id = self.call(Method::GET, "/v1/me", Some(&session.access), None).await.good().text("/id");
        Somebody { token: session.access, id_token: session.id, id }
    }
}

impl Team {
    /// Ann's workspace, and these people in it; whose role is empty is outside.
    pub(crate) async fn of(app: TestApp, others: &[(&str, &str)]) -> Self {
        let product = Product::open(app).await;
        let ann = product.somebody("ann").await;
        let made = product.post_as(&ann.token, WORKSPACES, json!({ "name": "Works" })).await.good();
        let mut team = Self { product, id: made.text("/id"), people: HashMap::from([("ann".to_owned(), ann)]) };
        for (name, role) in others {
            let somebody = team.product.somebody(name).await;
            team.people.insert((*name).to_owned(), somebody);
            if !role.is_empty() {
                team.put(name, role).await;
            }
        }
        team
    }

    pub(crate) fn who(&self, name: &str) -> &Somebody {
        &self.people[name]
    }

    pub(crate) fn id_of(&self, name: &str) -> &str {
        &self.who(name).id
    }

    /// An address in the workspace: of `/members`, `/members/{ann}` with somebody's name, or of itself.
    pub(crate) fn at(&self, path: &str) -> String {
        let path = match path.split_once('{').and_then(|(before, rest)| Some((before, rest.strip_suffix('}')?))) {
            Some((before, name)) => format!("{before}{}", self.id_of(name)),
            None => path.to_owned(),
        };
        format!("{WORKSPACES}/{}{path}", self.id)
    }

    pub(crate) async fn call(&self, name: &str, method: Method, path: &str, body: Option<Value>) -> Answer {
        self.product.call(method, &self.at(path), Some(&self.who(name).token), body).await
    }

    pub(crate) async fn get(&self, name: &str, path: &str) -> Answer {
        self.call(name, Method::GET, path, None).await
    }

    pub(crate) async fn post(&self, name: &str, path: &str, body: Value) -> Answer {
        self.call(name, Method::POST, path, Some(body)).await
    }

    pub(crate) async fn patch(&self, name: &str, path: &str, body: Value) -> Answer {
        self.call(name, Method::PATCH, path, Some(body)).await
    }

    pub(crate) async fn delete(&self, name: &str, path: &str) -> Answer {
        self.call(name, Method::DELETE, path, None).await
    }

    /// Makes somebody a member, without the way by an invitation.
    pub(crate) async fn put(&self, name: &str, role: &str) {
        let (place, now) =
            (Place { workspace_id: &self.id, subject_id: self.id_of(name) }, self.product.app.clock.now());
        let put = self.product.app.app.db.write(async |tx| members::add(tx, place, role, now).await).await;
        assert_eq!(put.unwrap(), Outcome::Done);
    }

    pub(crate) async fn give_platform_role(&self, name: &str, role: &str) {
        let (id, now) = (self.id_of(name), self.product.app.clock.now());
        let db = &self.product.app.app.db;
        let given = db.write(async |tx| subjects::set_platform_role(tx, id, Some(role), now).await).await;
        assert_eq!(given.unwrap(), subjects::Outcome::Done);
    }

    pub(crate) async fn disable(&self, name: &str) {
        let (id, now) = (self.id_of(name), self.product.app.clock.now());
        let db = &self.product.app.app.db;
        let done = db.write(async |tx| subjects::set_state(tx, id, SubjectState::Disabled, now).await).await;
        assert_eq!(done.unwrap(), subjects::Outcome::Done);
    }

    /// A machine that has called before, under this name.
    pub(crate) async fn machine(&mut self, name: &str) {
        let (_, token) = self.product.machine().await;
        let me = self.product.call(Method::GET, "/v1/me", Some(&token), None).await.good();
        assert_eq!(me.text("/kind"), SubjectKind::Machine.name());
        self.people.insert(name.to_owned(), Somebody { token, id_token: String::new(), id: me.text("/id") });
    }

    /// Tokens do not outlive the moves of the clock.
    pub(crate) async fn sign_in_again(&mut self, name: &str) {
        let session = self.product.signed_in(&format!("{name}@example.com")).await;
        if let Some(somebody) = self.people.get_mut(name) {
            (somebody.token, somebody.id_token) = (session.access, session.id);
        }
    }

    pub(crate) async fn archive(&self) {
        self.patch("ann", "", json!({ "state": "archived" })).await.good();
    }

    /// Ids with roles, in the order of ids.
    pub(crate) async fn members(&self) -> Vec<(String, String)> {
        let mut tx = self.product.app.app.db.read().await.unwrap();
        let members = members::list(&mut tx, &self.id, "", 1_000).await.unwrap();
        members.into_iter().map(|member| (member.subject_id, member.role)).collect()
    }

    pub(crate) async fn role_of(&self, name: &str) -> Option<String> {
        let id = self.id_of(name);
        self.members().await.into_iter().find(|(member, _)| member == id).map(|(_, role)| role)
    }

    /// What is noted of the workspace, the oldest first; entries of one moment in no order.
    pub(crate) async fn entries(&self) -> Vec<AuditEntry> {
        let mut tx = self.product.app.app.db.read().await.unwrap();
        let mut entries =
            audit_log::list(&mut tx, About::Workspace(&self.id), Span::default(), None, 1_000).await.unwrap();
        entries.reverse();
        entries
    }

    /// The entry of this action that was made last.
    pub(crate) async fn entry(&self, action: &str) -> AuditEntry {
        self.entries().await.into_iter().rfind(|entry| entry.action == action).unwrap()
    }

    pub(crate) async fn execute(&self, sql: &str) {
        self.product.app.app.db.write(async |tx| tx.query(sql).execute().await).await.unwrap();
    }
}
