//! The form that a client posts: bounded in length and in time, and nothing but a form.

use std::sync::Arc;
use std::time::Duration;

use axum::body::{Body, to_bytes};
use axum::response::Response;
use cognate_domain::oauth::{OAuthCode, OAuthResult, Params};
use cognate_engine::{App, Cx};
use http::{HeaderMap, header};
use tokio::time::timeout;

use super::answer;

const LONGEST: usize = 64 * 1024;
const TIME: Duration = Duration::from_secs(20);
const FORM: &str = "application/x-www-form-urlencoded";

/// Lets `work` answer the form, in a task of its own: what changes something is finished even if the client goes away.
pub(super) async fn answered<W>(
    app: Arc<App>,
    headers: HeaderMap,
    body: Body,
    work: impl FnOnce(Cx, HeaderMap, Params) -> W,
) -> Response
where
    W: Future<Output = Response> + Send + 'static,
{
    let cx = Cx::new(app);
    match read(&headers, body).await {
        Ok(params) => {
            let answered = tokio::spawn(work(cx, headers, params));
            answered.await.unwrap_or_else(|_| crate::answer::panicked())
        }
        Err(error) => answer::refuse(&cx, &error),
    }
}

pub(crate) async fn read(headers: &HeaderMap, body: Body) -> OAuthResult<Params> {
    let named = headers.get(header::CONTENT_TYPE).and_then(|kind| kind.to_str().ok()).unwrap_or_default();
    let is_form = named.split(';').next().is_some_and(|kind| kind.trim().eq_ignore_ascii_case(FORM));
    match timeout(TIME, to_bytes(body, LONGEST)).await {
        Ok(Ok(bytes)) if is_form => Ok(Params::parse(&bytes)),
        _ => Err(OAuthCode::InvalidRequest.into()),
    }
}
