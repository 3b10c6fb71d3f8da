//! `GET /v1/openapi.json`: `OpenAPI` 3.1, made from the same types and functions that answer.

use axum::response::{IntoResponse as _, Response};
use http::{HeaderValue, header};
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

/// The document as JSON, with members in the order of the source.
pub fn json() -> String {
    Document::openapi().to_pretty_json().unwrap_or_default()
}

pub(crate) async fn document() -> Response {
    let mut response = json().into_response();
    response.headers_mut().insert(header::CONTENT_TYPE, HeaderValue::from_static("application/json"));
    response
}
