//! `/error`: what is not told to the client, because nobody has proved where it would be told. AWS: 400.

use axum::response::Response;
use http::{StatusCode, header};
use minijinja::context;

use super::visit::Visit;
use crate::answer;

/// What AWS says on this page, whatever the error; tools look for it.
const SENTENCE: &str = "An error was encountered with the requested page.";

pub(super) async fn show(visit: Visit) -> Response {
    let code = visit.params.get("error").ok().flatten().unwrap_or("invalid_request").to_owned();
    page(&visit, StatusCode::BAD_REQUEST, &code)
}

/// Of a path that is not there: a page for who looks at pages, and no more than a word for programs.
pub(super) async fn nowhere(visit: Visit) -> Response {
    nothing_here(&visit)
}

pub(super) fn nothing_here(visit: &Visit) -> Response {
    let accepts = visit.headers.get(header::ACCEPT).and_then(|accepts| accepts.to_str().ok()).unwrap_or_default();
    if accepts.contains("text/html") { page(visit, StatusCode::NOT_FOUND, "not_found") } else { answer::nothing_here() }
}

/// `code` is shown as it is only if it is one of ours.
pub(super) fn page(visit: &Visit, status: StatusCode, code: &str) -> Response {
    let (code, name) = match code {
        "redirect_mismatch" => (code, "redirect"),
        "unauthorized_client" => (code, "client"),
        "expired" => (code, "expired"),
        "provider" => ("Login option is not available. Please try another one", "provider"),
        "not_found" => (code, "not-found"),
        "server_error" => (code, "server"),
        _ => ("invalid_request", "request"),
    };
    let more = context! {
        title => visit.text(&format!("error-{name}-title")),
        text => visit.text(&format!("error-{name}")),
        sentence => SENTENCE,
        code => code,
        request_id => visit.cx.request_id.to_string(),
        links => context! {},
    };
    visit.pages.render(visit, "error", status, more)
}
