//! How pages and documents are answered, and what a client learns of a failure.

use axum::Json;
use axum::response::{IntoResponse as _, Response};
use cognate_domain::Error;
use http::{HeaderName, StatusCode, header};
use serde_json::json;

pub(crate) fn json_error(status: StatusCode, message: &str) -> Response {
    (status, Json(json!({ "message": message }))).into_response()
}

/// A fault of ours: the client learns nothing, the log everything.
pub(crate) fn failed(error: &Error) -> Response {
    log_failure(error);
    json_error(StatusCode::INTERNAL_SERVER_ERROR, "Internal error.")
}

pub(crate) fn log_failure(error: &Error) {
    let cause = std::error::Error::source(error).map(ToString::to_string).unwrap_or_default();
    tracing::error!(%error, cause, "a page failed");
}

/// Of a task that ended without an answer; its panic is in the log.
pub(crate) fn panicked() -> Response {
    (StatusCode::INTERNAL_SERVER_ERROR, Json(json!({ "error": "server_error" }))).into_response()
}

/// For everything that a browser shows from here: no sniffing, no referrer, nothing kept.
pub(crate) const PRIVATE: [(HeaderName, &str); 3] = [
    (header::CACHE_CONTROL, "no-store"),
    (header::X_CONTENT_TYPE_OPTIONS, "nosniff"),
    (header::REFERRER_POLICY, "no-referrer"),
];
