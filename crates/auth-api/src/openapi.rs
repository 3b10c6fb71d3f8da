//! `GET /v1/openapi.json`: `OpenAPI` 3.1, made from the same types and functions that answer; `GET /v1/docs` shows it to people.

mod answers;
mod page;
mod requests;
pub(crate) mod shapes;

use std::sync::LazyLock;

use axum::response::{Html, IntoResponse as _, Response};
use http::{HeaderValue, header};
use serde_json::{Map, Value};
use utoipa::openapi::security::{Http, HttpAuthScheme, SecurityScheme};
use utoipa::{Modify, OpenApi};

use crate::admin::{audit, grants, policies, roles, users};
use crate::auth::{challenges, passwords, refresh, reminders, sign_in, sign_out, sign_up};
use crate::directory::{catalogue, decisions, me, subject, webhook};

#[derive(OpenApi)]
#[openapi(
    info(title = "Auth API", description = "Sign-in, accounts and the application's own directory, over any provider.",
         license(name = "Apache-2.0", identifier = "Apache-2.0")),
    paths(
        sign_in::sign_in, challenges::new_password, challenges::software_token, challenges::sms_code,
        challenges::email_code, challenges::select, challenges::custom, refresh::refresh, sign_out::sign_out,
        sign_up::sign_up, sign_up::confirm, sign_up::resend_confirmation,
        passwords::begin_reset, passwords::finish_reset, passwords::verify, passwords::change, reminders::remind,
        crate::directory::workspaces::list, crate::directory::workspaces::create,
        crate::directory::workspaces::read, crate::directory::workspaces::change,
        crate::directory::members::list, crate::directory::members::add,
        crate::directory::members::read, crate::directory::members::change,
        crate::directory::members::remove, crate::directory::invitations::list,
        crate::directory::invitations::create, crate::directory::invitations::delete,
        crate::directory::invitations::accept,
        subject::subject, catalogue::read, me::read, me::change, decisions::decide, webhook::receive,
        users::list, users::invite::invite, users::read, users::change::change, users::resets::force,
        roles::list, roles::create, roles::read, roles::change, roles::remove,
        grants::list, grants::create, grants::read, grants::change, grants::remove,
        policies::list, policies::create, policies::read, policies::replace, policies::remove, audit::list,
    ),
    modifiers(&Bearers),
    tags(
        (name = "Sessions", description = "Signing in and out"),
        (name = "Accounts", description = "Opening and keeping an account"),
        (name = "Directory", description = "Who calls, and what the application keeps of them"),
        (name = "Workspaces", description = "Tenants, who belongs to them, and who is invited"),
        (name = "Authorization", description = "What roles allow, and whether somebody may do something"),
        (name = "Administration", description = "Support: people, what roles allow, and what was changed"),
    ),
)]
struct Document;

struct Bearers;

impl Modify for Bearers {
    fn modify(&self, document: &mut utoipa::openapi::OpenApi) {
        let mut scheme = Http::new(HttpAuthScheme::Bearer);
        scheme.bearer_format = Some("JWT".to_owned());
        scheme.description = Some("The access token. No API takes an ID token.".to_owned());
        let components = document.components.get_or_insert_default();
        components.add_security_scheme("bearer", SecurityScheme::Http(scheme));
    }
}

static DOCUMENT: LazyLock<Value> =
    LazyLock::new(|| finished(serde_json::to_value(Document::openapi()).unwrap_or_default()));
static JSON: LazyLock<String> = LazyLock::new(|| serde_json::to_string_pretty(&*DOCUMENT).unwrap_or_default());
static PAGE: LazyLock<String> = LazyLock::new(|| page::of(&DOCUMENT));

/// The document as JSON, with members in the order of the source.
pub fn json() -> String {
    JSON.clone()
}

pub(crate) async fn document() -> Response {
    let mut response = JSON.as_str().into_response();
    response.headers_mut().insert(header::CONTENT_TYPE, HeaderValue::from_static("application/json"));
    response
}

pub(crate) async fn docs() -> Response {
    let mut response = Html(PAGE.as_str()).into_response();
    let headers = response.headers_mut();
    if let Ok(policy) = HeaderValue::from_str(&page::POLICY) {
        headers.insert(header::CONTENT_SECURITY_POLICY, policy);
    }
    headers.insert(header::X_CONTENT_TYPE_OPTIONS, HeaderValue::from_static("nosniff"));
    response
}

/// With what holds of every operation, which none says for itself.
fn finished(mut document: Value) -> Value {
    let mut shared = Map::new();
    let before = document.clone();
    let paths = document.get_mut("paths").and_then(Value::as_object_mut);
    for (path, operations) in paths.into_iter().flatten() {
        for (method, operation) in operations.as_object_mut().into_iter().flatten() {
            let Some(operation) = operation.as_object_mut() else { continue };
            operation.insert("operationId".to_owned(), operation_id(method, path).into());
            requests::finish(operation, &before);
            answers::expand(path, operation, &mut shared);
        }
    }
    if let Some(components) = document.get_mut("components").and_then(Value::as_object_mut) {
        requests::bound_texts(components, &before);
        shared.sort_keys();
        components.insert("responses".to_owned(), Value::Object(shared));
        components.insert("headers".to_owned(), answers::headers());
    }
    document
}

/// `patchMe`, `postAuthSignIn`, `getWorkspacesById`: functions' names are not unique.
fn operation_id(method: &str, path: &str) -> String {
    let parts = path.split(['/', '-']).filter(|part| !part.is_empty() && *part != "v1");
    let named = parts.map(|part| match part.strip_prefix('{').and_then(|part| part.strip_suffix('}')) {
        Some(parameter) => format!("By{}", capital(parameter)),
        None => capital(part),
    });
    std::iter::once(method.to_owned()).chain(named).collect()
}

fn capital(word: &str) -> String {
    let mut letters = word.chars();
    letters.next().map_or_else(String::new, |first| first.to_uppercase().chain(letters).collect())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_stands_in_backticks_where_an_operation_names_its_problems_are_their_codes() {
        let document = serde_json::to_value(Document::openapi()).unwrap();
        for (path, operations) in document["paths"].as_object().unwrap() {
            for operation in operations.as_object().unwrap().values() {
                for range in ["4XX", "5XX"] {
                    let said = operation["responses"][range]["description"].as_str().unwrap_or_default();
                    assert_eq!(answers::codes(said).len(), said.matches('`').count() / 2, "{path}: {said}");
                }
            }
        }
    }

    #[test]
    fn an_operation_is_named_by_its_method_and_its_address() {
        assert_eq!(operation_id("post", "/v1/auth/sign-in"), "postAuthSignIn");
        assert_eq!(operation_id("get", "/v1/workspaces/{id}/members"), "getWorkspacesByIdMembers");
    }
}
