//! `POST /oauth2/introspect` (RFC 7662), where the pool offers it: a client with a secret asks what a token is worth.

use std::sync::Arc;

use axum::body::Body;
use axum::extract::State;
use axum::response::Response;
use cognate_domain::oauth::{OAuthCode, OAuthResult, Params};
use cognate_domain::pool::Extension;
use cognate_engine::{App, Cx};
use http::{HeaderMap, StatusCode};
use serde_json::Value;

use super::{answer, client, form};
use crate::site::Site;

pub(super) async fn introspect(State(app): State<Arc<App>>, site: Site, headers: HeaderMap, body: Body) -> Response {
    if !site.pool.config.has(Extension::Introspection) {
        return crate::answer::nothing_here();
    }
    let answered = form::answered(app, headers, body, |cx, headers, params| async move {
        match look(&cx, &site, &headers, &params).await {
            Ok(members) => answer::json(&cx, StatusCode::OK, &members),
            Err(error) => answer::refuse_strictly(&cx, &headers, &error),
        }
    });
    answered.await
}

async fn look(cx: &Cx, site: &Site, headers: &HeaderMap, params: &Params) -> OAuthResult<Value> {
    let client = client::prove(cx, site, headers, params).await?;
    if !client.is_confidential() {
        return Err(OAuthCode::InvalidClient.into()); // who proves nothing learns nothing
    }
    let token = params.get("token")?.ok_or(OAuthCode::InvalidRequest)?;
    Ok(Value::Object(cx.introspect(&site.pool, &client, token).await?))
}
