//! The document that says all this, and the page that shows it.

use std::collections::HashSet;

use cognate_testkit::{TestApp, both_engines};
use http::{Method, Request};
use serde_json::Value;

use crate::kit::Product;

const METHODS: [&str; 5] = ["get", "post", "put", "patch", "delete"];

async fn document(product: &Product) -> Value {
    product.call(Method::GET, "/v1/openapi.json", None, None).await.good().body
}

/// Each with its path and method.
fn operations(document: &Value) -> Vec<(&str, &str, &Value)> {
    let paths = document["paths"].as_object().unwrap();
    paths
        .iter()
        .flat_map(|(path, methods)| {
            let methods = methods.as_object().unwrap().iter();
            methods
                .filter(|(method, _)| METHODS.contains(&method.as_str()))
                .map(|(method, said)| (path.as_str(), method.as_str(), said))
        })
        .collect()
}

/// Objects that say nothing of their members, by where they stand.
fn free_forms(within: &Value, at: &str, found: &mut Vec<String>) {
    if let Some(object) = within.as_object() {
        let is_object = object.get("type").is_some_and(|kind| {
            kind == "object" || kind.as_array().is_some_and(|kinds| kinds.contains(&"object".into()))
        });
        let says = ["properties", "$ref", "oneOf", "anyOf", "allOf"].iter().any(|key| object.contains_key(*key));
        let members = object
            .get("additionalProperties")
            .is_some_and(|members| members == false || members.as_object().is_some_and(|members| !members.is_empty()));
        if is_object && !says && !members {
            found.push(at.to_owned());
        }
        for (name, inner) in object {
            free_forms(inner, &format!("{at}/{name}"), found);
        }
    }
    for (place, inner) in within.as_array().into_iter().flatten().enumerate() {
        free_forms(inner, &format!("{at}/{place}"), found);
    }
}

both_engines! {
    async fn the_document_is_the_one_that_is_checked_in(app: TestApp) {
        let product = Product::open(app).await;
        let kept: Value = serde_json::from_str(include_str!("../../openapi.json")).unwrap();
        let served = document(&product).await;
        assert_eq!(served, kept, "run `cargo run -p cognate-auth-api --example openapi`");
        assert_eq!(served["openapi"], "3.1.0");
    }

    async fn every_address_of_the_document_answers(app: TestApp) {
        let product = Product::open(app).await;
        let document = document(&product).await;
        let all = operations(&document);
        for (path, method, _) in &all {
            let method = Method::from_bytes(method.to_uppercase().as_bytes()).unwrap();
            let answer = product.call(method, path, None, None).await;
            assert!(![404, 405].contains(&answer.status), "{path}: {}", answer.body);
        }
        assert!(all.len() >= 44, "{}", all.len());
    }

    async fn every_answer_is_named_by_its_number_and_every_operation_by_a_name_of_its_own(app: TestApp) {
        let product = Product::open(app).await;
        let document = document(&product).await;
        let mut names = HashSet::new();
        for (path, method, said) in operations(&document) {
            assert!(names.insert(said["operationId"].as_str().unwrap()), "{method} {path}");
            assert!(!said["summary"].as_str().unwrap_or_default().is_empty(), "{method} {path}");
            let statuses: Vec<&str> = said["responses"].as_object().unwrap().keys().map(String::as_str).collect();
            assert!(statuses.iter().all(|status| status.parse::<u16>().is_ok()), "{method} {path}: {statuses:?}");
            for expected in ["400", "429", "500"] {
                assert!(statuses.contains(&expected), "{method} {path}: {statuses:?}");
            }
            let (signed_in, body) = (said.get("security").is_some(), said.get("requestBody").is_some());
            assert!(!signed_in || ["401", "403"].iter().all(|status| statuses.contains(status)), "{method} {path}");
            assert!(!body || ["413", "415"].iter().all(|status| statuses.contains(status)), "{method} {path}");
        }
    }

    async fn only_what_is_an_applications_own_has_no_shape(app: TestApp) {
        let product = Product::open(app).await;
        let mut found = Vec::new();
        free_forms(&document(&product).await, "", &mut found);
        let theirs = |at: &String| at.ends_with("/properties/preferences");
        assert_eq!(found.iter().filter(|at| !theirs(at)).collect::<Vec<_>>(), Vec::<&String>::new());
    }

    async fn the_page_shows_every_operation_and_loads_nothing(app: TestApp) {
        let product = Product::open(app).await;
        let document = document(&product).await;
        let (headers, page) = product.page(Request::get("/v1/docs").body(axum::body::Body::empty()).unwrap()).await;
        assert_eq!(headers["content-type"], "text/html; charset=utf-8");
        let policy = headers["content-security-policy"].to_str().unwrap();
        assert!(policy.starts_with("default-src 'none'; style-src 'sha256-"), "{policy}");
        for (path, method, said) in operations(&document) {
            let id = said["operationId"].as_str().unwrap();
            assert_eq!(page.matches(&format!("id=\"{id}\"")).count(), 1, "{id}");
            assert_eq!(page.matches(&format!("href=\"#{id}\"")).count(), 1, "{id}");
            assert!(page.contains(&format!("<code>{} {path}</code>", method.to_uppercase())), "{id}");
        }
        for name in document["components"]["schemas"].as_object().unwrap().keys() {
            assert!(page.contains(&format!("id=\"schema-{name}\"")), "{name}");
        }
        let links: Vec<&str> = page.split("href=\"#").skip(1).filter_map(|rest| rest.split('"').next()).collect();
        assert!(links.iter().all(|id| page.contains(&format!("id=\"{id}\""))), "every link leads somewhere");
        for loads in ["<script", "<img", "<link", "src=", "url(", "@import", "http://", "https://"] {
            assert!(!page.contains(loads), "{loads}");
        }
    }
}
