//! `/dev/inbox`: the kept messages as a page. It works without scripts; a message's own HTML is shown in a frame that
//! may run nothing, load nothing and reach nothing.

use std::sync::Arc;

use axum::extract::{Path, Query, State};
use axum::response::{Html, IntoResponse as _, Redirect, Response};
use cognate_domain::{Result, ids};
use cognate_engine::App;
use cognate_store::inbox::{self, Message, Wanted};
use data_encoding::BASE64URL_NOPAD;
use http::{HeaderValue, StatusCode, header};
use serde::Deserialize;

use super::page::{self, Page};
use crate::answer;

/// What one page shows; the rest is at `/dev/messages`.
const MOST: u32 = 200;

/// The frame's document: an origin of its own, no scripts, no requests.
const FRAME_POLICY: &str =
    "sandbox; default-src 'none'; style-src 'unsafe-inline'; img-src data:; frame-ancestors 'self'";

#[derive(Default, Deserialize)]
pub(crate) struct Asked {
    #[serde(default)]
    to: String,
    #[serde(default)]
    channel: String,
    /// Any value switches it on; the page then loads itself again every few seconds.
    refresh: Option<String>,
}

pub(crate) async fn show(State(app): State<Arc<App>>, Query(asked): Query<Asked>) -> Response {
    let nonce = BASE64URL_NOPAD.encode(&ids::random::<18>(app.entropy.as_ref()));
    match render(&app, &asked, &nonce).await {
        Ok(html) => {
            let mut response = (answer::PRIVATE, Html(html)).into_response();
            if let Ok(policy) = HeaderValue::from_str(&policy(&nonce)) {
                response.headers_mut().insert(header::CONTENT_SECURITY_POLICY, policy);
            }
            response
        }
        Err(error) => answer::failed(&error),
    }
}

fn policy(nonce: &str) -> String {
    format!(
        "default-src 'none'; style-src 'nonce-{nonce}'; script-src 'nonce-{nonce}'; img-src data:; frame-src 'self'; \
         form-action 'self'; base-uri 'none'; frame-ancestors 'none'"
    )
}

async fn render(app: &App, asked: &Asked, nonce: &str) -> Result<String> {
    let to = asked.to.trim().replace(' ', "+");
    let channel = asked.channel.as_str();
    let wanted = Wanted {
        to: (!to.is_empty()).then_some(to.as_str()),
        channel: (!channel.is_empty()).then_some(channel),
        most: Some(MOST),
    };
    let messages = inbox::list(&mut app.db.read().await?, wanted).await?;
    Page { to: &to, channel, refresh: asked.refresh.is_some(), nonce, now: app.clock.now() }.render(&messages)
}

pub(crate) async fn body(State(app): State<Arc<App>>, Path(id): Path<String>) -> Response {
    match find(&app, &id).await {
        Ok(Some(message)) => {
            let html = if page::is_html(&message) { message.body } else { page::escaped(&message.body) };
            (answer::PRIVATE, [(header::CONTENT_SECURITY_POLICY, FRAME_POLICY)], Html(html)).into_response()
        }
        Ok(None) => answer::json_error(StatusCode::NOT_FOUND, "This message is no longer here."),
        Err(error) => answer::failed(&error),
    }
}

async fn find(app: &App, id: &str) -> Result<Option<Message>> {
    inbox::find(&mut app.db.read().await?, id).await
}

pub(crate) async fn empty(State(app): State<Arc<App>>) -> Response {
    match app.db.write(async |tx| inbox::delete_all(tx).await).await {
        Ok(()) => Redirect::to("/dev/inbox").into_response(),
        Err(error) => answer::failed(&error),
    }
}
