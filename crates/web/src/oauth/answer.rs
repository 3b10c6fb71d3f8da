//! How the endpoints that a client calls by itself answer: JSON that nobody keeps and any origin may read.

use axum::Json;
use axum::response::{IntoResponse, Response};
use cognate_domain::oauth::{OAuthCode, OAuthError};
use cognate_engine::Cx;
use http::{HeaderMap, HeaderValue, StatusCode, header};
use serde_json::{Value, json};

use crate::site::Site;

pub(super) fn json(cx: &Cx, status: StatusCode, body: &Value) -> Response {
    let mut response = (status, Json(body)).into_response();
    response.headers_mut().insert(header::CONTENT_TYPE, HeaderValue::from_static("application/json;charset=UTF-8"));
    with_headers(cx, response)
}

pub(super) fn empty(cx: &Cx) -> Response {
    with_headers(cx, StatusCode::OK.into_response())
}

pub(super) fn with_headers(cx: &Cx, mut response: Response) -> Response {
    crate::answer::for_clients(cx, response.headers_mut());
    response
}

/// AWS: 400 for all that is the client's fault, a wrong secret too; `revoke` alone answers that with 401.
pub(super) fn refuse(cx: &Cx, error: &OAuthError) -> Response {
    let mut body = json!({ "error": error.code.as_str() });
    if let (Some(description), Some(body)) = (&error.description, body.as_object_mut()) {
        body.insert("error_description".to_owned(), description.as_ref().into());
    }
    let status = match error.code {
        OAuthCode::TemporarilyUnavailable => StatusCode::TOO_MANY_REQUESTS,
        OAuthCode::ServerError => {
            if let Some(source) = &error.source {
                crate::answer::log_failure(source);
            }
            StatusCode::INTERNAL_SERVER_ERROR
        }
        _ => StatusCode::BAD_REQUEST,
    };
    let (request_id, code) = (cx.request_id, error.code.as_str());
    tracing::debug!(%request_id, code, "request {request_id} was refused: {code}");
    json(cx, status, &body)
}

/// The same of a client that had to prove itself. In the strict profile a wrong proof is another matter.
pub(super) fn refuse_client(cx: &Cx, site: &Site, asked: &HeaderMap, error: &OAuthError) -> Response {
    if site.pool.config.profile().is_oidc() { refuse_strictly(cx, asked, error) } else { refuse(cx, error) }
}

/// At endpoints that AWS does not have: a wrong proof is a 401 that names the way in which it came (RFC 6749, section 5.2).
pub(super) fn refuse_strictly(cx: &Cx, asked: &HeaderMap, error: &OAuthError) -> Response {
    let mut response = refuse(cx, error);
    if error.code == OAuthCode::InvalidClient {
        *response.status_mut() = StatusCode::UNAUTHORIZED;
        if asked.contains_key(header::AUTHORIZATION) {
            response
                .headers_mut()
                .insert(header::WWW_AUTHENTICATE, HeaderValue::from_static("Basic realm=\"clients\""));
        }
    }
    response
}

/// Browsers ask before they send what a form cannot.
pub(super) async fn preflight(asked: HeaderMap) -> Response {
    let mut response = StatusCode::NO_CONTENT.into_response();
    let headers = response.headers_mut();
    headers.insert(header::ACCESS_CONTROL_ALLOW_ORIGIN, HeaderValue::from_static("*"));
    headers.insert(header::ACCESS_CONTROL_ALLOW_METHODS, HeaderValue::from_static("GET, POST"));
    if let Some(wanted) = asked.get(header::ACCESS_CONTROL_REQUEST_HEADERS) {
        headers.insert(header::ACCESS_CONTROL_ALLOW_HEADERS, wanted.clone());
    }
    headers.insert(header::ACCESS_CONTROL_MAX_AGE, HeaderValue::from_static("86400"));
    response
}
