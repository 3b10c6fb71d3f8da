//! AWS JSON 1.1 on the wire: headers of answers and errors, CORS. user-pools.md, section 1.

use bytes::Bytes;
use cognate_domain::{Error, Result};
use cognate_engine::Cx;
use http::header::{
    ACCESS_CONTROL_ALLOW_HEADERS, ACCESS_CONTROL_ALLOW_METHODS, ACCESS_CONTROL_ALLOW_ORIGIN,
    ACCESS_CONTROL_EXPOSE_HEADERS, ACCESS_CONTROL_MAX_AGE, ACCESS_CONTROL_REQUEST_HEADERS, CACHE_CONTROL, CONTENT_TYPE,
};
use http::{HeaderMap, HeaderName, HeaderValue, Response, StatusCode};
use serde_json::json;

const JSON_1_1: &str = "application/x-amz-json-1.1";
const EXPOSED: HeaderValue = HeaderValue::from_static("x-amzn-RequestId,x-amzn-ErrorType,x-amzn-ErrorMessage,Date");
const ANYONE: HeaderValue = HeaderValue::from_static("*");
const REQUEST_ID: HeaderName = HeaderName::from_static("x-amzn-requestid");
/// Of an answer, those that the listener adds included.
const HEADERS: usize = 12;

pub(crate) fn respond(cx: &Cx, outcome: Result<Vec<u8>>) -> Response<Bytes> {
    match outcome {
        Ok(body) => with_headers(cx, Response::new(Bytes::from(body)), JSON_1_1),
        Err(error) => refuse(cx, &error),
    }
}

pub(crate) fn refuse(cx: &Cx, error: &Error) -> Response<Bytes> {
    log(cx, error);
    let name = error.kind.name();
    let body = json!({ "__type": name, "message": error.message }).to_string();
    let mut response = with_headers(cx, Response::new(Bytes::from(body)), JSON_1_1);
    *response.status_mut() = status(error);
    let headers = response.headers_mut();
    put(headers, "x-amzn-errortype", &format!("{name}:"));
    put(headers, "x-amzn-errormessage", &error.message);
    response
}

pub(crate) fn status(error: &Error) -> StatusCode {
    StatusCode::from_u16(error.kind.status()).unwrap_or(StatusCode::INTERNAL_SERVER_ERROR)
}

/// The client's faults are not ours to shout about; our own go to the log whole.
pub(crate) fn log(cx: &Cx, error: &Error) {
    let (request_id, kind) = (cx.request_id, error.kind.name());
    if status(error) == StatusCode::INTERNAL_SERVER_ERROR {
        tracing::error!(%request_id, kind, cause = %causes(error), "request {request_id} failed");
    } else {
        tracing::debug!(%request_id, kind, "request {request_id} was refused: {kind}");
    }
}

fn causes(error: &Error) -> String {
    let mut text = String::new();
    let mut source = std::error::Error::source(error);
    while let Some(cause) = source {
        text = if text.is_empty() { cause.to_string() } else { format!("{text}: {cause}") };
        source = cause.source();
    }
    text
}

pub(crate) fn with_headers(cx: &Cx, mut response: Response<Bytes>, content_type: &'static str) -> Response<Bytes> {
    let headers = response.headers_mut();
    headers.reserve(HEADERS);
    headers.insert(CONTENT_TYPE, HeaderValue::from_static(content_type));
    let mut text = [0; 36];
    if let Ok(request_id) = HeaderValue::from_str(cx.request_id.hyphenated().encode_lower(&mut text)) {
        headers.insert(REQUEST_ID, request_id);
    }
    headers.insert(ACCESS_CONTROL_ALLOW_ORIGIN, ANYONE);
    headers.insert(ACCESS_CONTROL_EXPOSE_HEADERS, EXPOSED);
    headers.insert(CACHE_CONTROL, HeaderValue::from_static("no-store"));
    response
}

/// Browsers ask before they call: anything that they want to send is allowed, from anywhere; no cookies are involved.
pub(crate) fn preflight(asked: &HeaderMap) -> Response<Bytes> {
    let mut response = Response::new(Bytes::new());
    let headers = response.headers_mut();
    headers.insert(ACCESS_CONTROL_ALLOW_ORIGIN, ANYONE);
    headers.insert(ACCESS_CONTROL_ALLOW_METHODS, HeaderValue::from_static("POST"));
    if let Some(wanted) = asked.get(ACCESS_CONTROL_REQUEST_HEADERS) {
        headers.insert(ACCESS_CONTROL_ALLOW_HEADERS, wanted.clone());
    }
    headers.insert(ACCESS_CONTROL_MAX_AGE, HeaderValue::from_static("172800"));
    headers.insert(ACCESS_CONTROL_EXPOSE_HEADERS, EXPOSED);
    response
}

/// A header cannot hold what is not visible ASCII; such a message is still whole in the body.
fn put(headers: &mut HeaderMap, name: &'static str, value: &str) {
    let printable: String =
        value.chars().map(|letter| if matches!(letter, ' '..='~') { letter } else { '?' }).collect();
    if let Ok(value) = HeaderValue::from_str(&printable) {
        headers.insert(HeaderName::from_static(name), value);
    }
}
