//! A change and its entry in the log: both stand, or neither.

use cognate_store::{WriteTx, catalogue, subjects};
use cognate_testkit::app::PASSWORD;
use cognate_testkit::{TestApp, both_engines};
use http::Method;
use serde_json::{Value, json};

use super::USERS;
use crate::kit::Product;

impl Product {
    async fn sql(&self, sql: &str) -> bool {
        self.app.app.db.write(async |tx: &mut WriteTx<'_>| tx.query(sql).execute().await).await.is_ok()
    }

    /// From now on every such statement on a table fails.
    pub(super) async fn refuse(&self, table: &str, statement: &str) {
        let on_sqlite = format!(
            "CREATE TRIGGER refused_{table} BEFORE {statement} ON {table} BEGIN SELECT RAISE(ABORT, 'refused'); END"
        );
        if self.sql(&on_sqlite).await {
            return;
        }
        let function = "CREATE OR REPLACE FUNCTION refuse() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN RAISE EXCEPTION 'refused'; END $$";
        let on_postgres = format!(
            "CREATE TRIGGER refused_{table} BEFORE {statement} ON {table} FOR EACH ROW EXECUTE FUNCTION refuse()"
        );
        assert!(self.sql(function).await && self.sql(&on_postgres).await);
    }

    pub(super) async fn allow(&self, table: &str) {
        let on_sqlite = format!("DROP TRIGGER refused_{table}");
        assert!(self.sql(&on_sqlite).await || self.sql(&format!("{on_sqlite} ON {table}")).await);
    }

    /// All that an administrator can change, as it is kept.
    async fn kept(&self) -> String {
        let mut tx = self.app.app.db.read().await.unwrap();
        let subjects = subjects::list(&mut tx, "", 1_000).await.unwrap();
        let catalogue = catalogue::load(&mut tx).await.unwrap();
        format!("{subjects:?} {catalogue:?} {}", self.app.rows("users").await)
    }
}

/// A call, and the statement on the table that it is made by.
type Change = (Method, String, Option<Value>, &'static str, &'static str);

/// Every change that there is.
fn changes(person: &str, machine: &str, grant: &str) -> Vec<Change> {
    let at = |path: &str| format!("/v1/admin/{path}");
    let person = at(&format!("users/{person}"));
    let source = "forbid (principal, action == Cognate::Action::\"a:b\", resource);";
    vec![
        (
            Method::POST,
            at("users"),
            Some(json!({ "email": "new@example.com", "plan": "pro", "platformRole": "support" })),
            "subjects",
            "INSERT",
        ),
        (Method::PATCH, person.clone(), Some(json!({ "plan": "pro", "entitlements": ["x"] })), "subjects", "UPDATE"),
        (Method::PATCH, person.clone(), Some(json!({ "platformRole": "support" })), "subjects", "UPDATE"),
        (Method::PATCH, person.clone(), Some(json!({ "state": "disabled" })), "subjects", "UPDATE"),
        (Method::PATCH, at(&format!("users/{machine}")), Some(json!({ "kind": "device" })), "subjects", "UPDATE"),
        (Method::POST, at("roles"), Some(json!({ "key": "r", "scope": "platform", "name": "r" })), "roles", "INSERT"),
        (Method::PATCH, at("roles/spare"), Some(json!({ "name": "x" })), "roles", "UPDATE"),
        (
            Method::POST,
            at("grants"),
            Some(json!({ "role": "member", "action": "a:b", "resource": "*" })),
            "role_grants",
            "INSERT",
        ),
        (Method::PATCH, at(&format!("grants/{grant}")), Some(json!({ "action": "c:d" })), "role_grants", "UPDATE"),
        (Method::DELETE, at(&format!("grants/{grant}")), None, "role_grants", "DELETE"),
        (Method::POST, at("policies"), Some(json!({ "id": "q", "source": source })), "policies", "INSERT"),
        (Method::PUT, at("policies/p"), Some(json!({ "source": source })), "policies", "UPDATE"),
        (Method::DELETE, at("policies/p"), None, "policies", "DELETE"),
        (Method::DELETE, at("roles/spare"), None, "roles", "DELETE"),
    ]
}

both_engines! {
    async fn no_change_stands_without_its_entry_and_no_entry_without_its_change(app: TestApp) {
        let product = Product::open(app).await;
        let (admin, ann) = (product.admin().await, product.known("ann@example.com").await);
        let token = &admin.session.access;
        let machine = product.machine_bearer().await;
        let machine = product.get_as(&machine, "/v1/me").await.good().text("/id");
        product.post_as(token, "/v1/admin/roles", json!({ "key": "spare", "scope": "platform", "name": "s" })).await.good();
        let grant = product.post_as(token, "/v1/admin/grants", json!({ "role": "spare", "action": "a:b", "resource": "*" })).await.good();
        let source = "forbid (principal, action == Cognate::Action::\"e:f\", resource);";
        product.post_as(token, "/v1/admin/policies", json!({ "id": "p", "source": source })).await.good();
        let changes = changes(&ann.id, &machine, &grant.text("/id"));
        let (before, entries) = (product.kept().await, product.app.rows("audit_log").await);

        product.refuse("audit_log", "INSERT").await;
        for (method, path, body, ..) in &changes {
            let failed = product.call(method.clone(), path, Some(token), body.clone()).await;
            assert_eq!(failed.problem(), (500, "internal"), "{method} {path}");
            assert_eq!(product.kept().await, before, "{method} {path}");
        }
        let reset = format!("{USERS}/{}/password-resets", ann.id);
        assert_eq!(product.post_as(token, &reset, json!({})).await.problem(), (500, "internal"));
        assert!(product.message("new@example.com").await.is_none(), "nobody was invited");
        assert!(product.message("ann@example.com").await.is_none(), "nobody was sent a code");
        product.allow("audit_log").await;
        assert_eq!(product.app.rows("audit_log").await, entries);

        for (method, path, body, table, statement) in &changes {
            if *statement == "INSERT" && *table == "subjects" {
                continue; // that somebody was to be invited is kept before the provider is asked
            }
            product.refuse(table, statement).await;
            let failed = product.call(method.clone(), path, Some(token), body.clone()).await;
            assert_eq!(failed.problem(), (500, "internal"), "{method} {path}");
            product.allow(table).await;
            assert_eq!(product.kept().await, before, "{method} {path}");
        }
        assert_eq!(product.app.rows("audit_log").await, entries, "nothing was told that did not happen");
        let signed_in = json!({ "identifier": "ann@example.com", "password": PASSWORD });
        product.post("/v1/auth/sign-in", signed_in).await.good();

        for (method, path, body, ..) in &changes {
            product.call(method.clone(), path, Some(token), body.clone()).await.good();
        }
        // One for each, and one more for whom the provider was asked to invite.
        let told = i64::try_from(changes.len()).unwrap() + 1;
        assert_eq!(product.app.rows("audit_log").await, entries + told);
    }
}
