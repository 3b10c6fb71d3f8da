//! `POST /oauth2/par` (RFC 9126), where the pool offers it: an authorization request comes from the client itself, and the browser
//! carries only a reference that is good once.

use std::sync::Arc;

use axum::body::Body;
use axum::extract::State;
use axum::response::Response;
use cognate_domain::oauth::{OAuthCode, OAuthResult, Params, Target, check};
use cognate_domain::pool::Extension;
use cognate_engine::{App, Cx, pushed_requests};
use cognate_store::pushed_requests::PushedRequest;
use http::{HeaderMap, StatusCode};
use serde_json::{Value, json};

use super::{answer, client, form, key};
use crate::site::Site;

pub(super) async fn push(State(app): State<Arc<App>>, site: Site, headers: HeaderMap, body: Body) -> Response {
    if !site.pool.config.has(Extension::Par) {
        return crate::answer::nothing_here();
    }
    let answered = form::answered(app, headers, body, |mut cx, headers, params| async move {
        match keep(&mut cx, &site, &headers, &params).await {
            Ok(kept) => answer::json(&cx, StatusCode::CREATED, &kept),
            Err(error) => answer::refuse_strictly(&cx, &headers, &error),
        }
    });
    answered.await
}

/// Checked like any authorization request, before anybody's browser is in it.
async fn keep(cx: &mut Cx, site: &Site, headers: &HeaderMap, params: &Params) -> OAuthResult<Value> {
    let client = client::prove(cx, site, headers, params).await?;
    key::prove(cx, site, headers, ("POST", "/oauth2/par"), None).await?;
    if params.get("request_uri")?.is_some() {
        return Err(OAuthCode::InvalidRequest.into()); // RFC 9126, section 2.1
    }
    Target::prove(Some(&client), params).map_err(|_| OAuthCode::InvalidRequest)?;
    let asked = check(&client, params, &site.pool.config)?;

    // What proves the client is not part of what it asks for; a key that it has proved is (RFC 9449, section 10.1).
    let key = bound_to(asked.key, cx.key.clone())?;
    let params = params.with(&[("client_secret", None), ("client_id", Some(&client.id)), ("dpop_jkt", key.as_deref())]);
    let request = PushedRequest { client_id: client.id.clone(), params };
    let reference = cx.push_request(&site.pool.id, &request).await?;
    Ok(json!({ "request_uri": reference, "expires_in": pushed_requests::LIFE.as_secs() }))
}

/// The key that the code will be for: the one that is named, the one that is proved, or one that is both.
fn bound_to(named: Option<String>, proved: Option<String>) -> OAuthResult<Option<String>> {
    match (named, proved) {
        (Some(named), Some(proved)) if named != proved => Err(OAuthCode::InvalidDpopProof.into()),
        (named, proved) => Ok(named.or(proved)),
    }
}
