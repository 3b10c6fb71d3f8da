//! The form that a client posts: bounded in length and in time, and nothing but a form.

use std::time::Duration;

use axum::body::{Body, to_bytes};
use cognate_domain::oauth::{OAuthCode, OAuthResult, Params};
use http::{HeaderMap, header};
use tokio::time::timeout;

const LONGEST: usize = 64 * 1024;
const TIME: Duration = Duration::from_secs(20);
const FORM: &str = "application/x-www-form-urlencoded";

pub(super) async fn read(headers: &HeaderMap, body: Body) -> OAuthResult<Params> {
    let named = headers.get(header::CONTENT_TYPE).and_then(|kind| kind.to_str().ok()).unwrap_or_default();
    let is_form = named.split(';').next().is_some_and(|kind| kind.trim().eq_ignore_ascii_case(FORM));
    match timeout(TIME, to_bytes(body, LONGEST)).await {
        Ok(Ok(bytes)) if is_form => Ok(Params::parse(&bytes)),
        _ => Err(OAuthCode::InvalidRequest.into()),
    }
}
