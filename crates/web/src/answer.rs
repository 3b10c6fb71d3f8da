//! How pages and documents are answered, and what a client learns of a failure.

use axum::Json;
use axum::response::{IntoResponse as _, Response};
use cognate_domain::Error;
use cognate_engine::Cx;
use http::{HeaderMap, HeaderName, HeaderValue, StatusCode, header};
use serde_json::json;

/// Of a path that does not exist, or not in this pool.
pub(crate) fn nothing_here() -> Response {
    json_error(StatusCode::NOT_FOUND, "Nothing answers at this address.")
}

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

const REQUEST_ID: HeaderName = HeaderName::from_static("x-amz-cognito-request-id");
/// AWS's own set.
const COMMON: [(HeaderName, &str); 6] = [
    (header::CACHE_CONTROL, "no-cache, no-store, max-age=0, must-revalidate"),
    (header::PRAGMA, "no-cache"),
    (header::EXPIRES, "0"),
    (header::X_CONTENT_TYPE_OPTIONS, "nosniff"),
    (header::X_FRAME_OPTIONS, "DENY"),
    (header::X_XSS_PROTECTION, "1; mode=block"),
];
/// Where the server is met over https.
const HSTS: HeaderValue = HeaderValue::from_static("max-age=31536000 ; includeSubDomains");

/// What every answer of a login domain has.
fn common(cx: &Cx, headers: &mut HeaderMap) {
    headers.extend(COMMON.map(|(name, value)| (name, HeaderValue::from_static(value))));
    if cx.app.settings.is_https() {
        headers.insert(header::STRICT_TRANSPORT_SECURITY, HSTS);
    }
    if let Ok(request_id) = HeaderValue::from_str(&cx.request_id.to_string()) {
        headers.insert(REQUEST_ID, request_id);
    }
}

/// Of the endpoints that a client calls by itself: any origin may read them.
pub(crate) fn for_clients(cx: &Cx, headers: &mut HeaderMap) {
    common(cx, headers);
    headers.insert(header::ACCESS_CONTROL_ALLOW_ORIGIN, HeaderValue::from_static("*"));
}

/// Of what a browser shows: no other site learns the address, which carries an application's state. Our own forms say where they
/// stood, which `no-referrer` would take from them.
pub(crate) fn for_browsers(cx: &Cx, headers: &mut HeaderMap) {
    common(cx, headers);
    headers.insert(header::REFERRER_POLICY, HeaderValue::from_static("same-origin"));
}
