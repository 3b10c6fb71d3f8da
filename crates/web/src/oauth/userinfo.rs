//! `/oauth2/userInfo`: what an access token with the scope `openid` lets its client know of the person. AWS: attributes are strings,
//! as the pool keeps them; in the strict profile they have OpenID Connect's types. oauth-and-login.md, section 7.

use std::sync::Arc;

use axum::body::Body;
use axum::extract::State;
use axum::response::{IntoResponse as _, Response};
use cognate_domain::oauth::{OPENID, Shown, covers};
use cognate_domain::tokens::claim_value;
use cognate_domain::{Error, Result};
use cognate_engine::{App, Cx};
use http::{HeaderMap, HeaderValue, StatusCode, header};
use serde_json::{Map, Value, json};

use super::{answer, form, key};
use crate::site::Site;

const NO_TOKEN: (StatusCode, &str, &str) =
    (StatusCode::BAD_REQUEST, "invalid_request", "Bad OAuth2 request at UserInfo Endpoint");
const NO_GOOD: (StatusCode, &str, &str) = (
    StatusCode::UNAUTHORIZED,
    "invalid_token",
    "Access token is expired, disabled, or deleted, or the user has globally signed out.",
);

const NO_PROOF: (StatusCode, &str, &str) =
    (StatusCode::UNAUTHORIZED, "invalid_dpop_proof", "The proof of the key does not fit this request.");

pub(super) async fn get(State(app): State<Arc<App>>, site: Site, headers: HeaderMap) -> Response {
    let mut cx = Cx::new(app);
    match presented(&headers) {
        Some(token) => show(&mut cx, &site, &headers, ("GET", token)).await,
        None => refuse_without(&cx, &site, &headers),
    }
}

/// OpenID Connect Core, 5.3.1: the token may also stand in the form (RFC 6750, section 2.2), but not in both places.
pub(super) async fn post(State(app): State<Arc<App>>, site: Site, headers: HeaderMap, body: Body) -> Response {
    let mut cx = Cx::new(app);
    let form = form::read(&headers, body).await.unwrap_or_default();
    let token = match (headers.get(header::AUTHORIZATION), form.get("access_token").ok().flatten()) {
        (Some(_), None) => presented(&headers),
        (None, Some(token)) => Some(Token { text: token, with_key: false }),
        _ => None,
    };
    match token {
        Some(token) => show(&mut cx, &site, &headers, ("POST", token)).await,
        None => refuse_without(&cx, &site, &headers),
    }
}

struct Token<'h> {
    text: &'h str,
    /// Whether its holder says that it is bound to a key (RFC 9449, section 7.1).
    with_key: bool,
}

fn presented(headers: &HeaderMap) -> Option<Token<'_>> {
    let mut all = headers.get_all(header::AUTHORIZATION).iter();
    let (Some(only), None) = (all.next(), all.next()) else { return None };
    let (scheme, text) = only.to_str().ok()?.split_once(' ')?;
    let with_key = scheme.eq_ignore_ascii_case("dpop");
    let text = text.trim();
    ((scheme.eq_ignore_ascii_case("bearer") || with_key) && !text.is_empty()).then_some(Token { text, with_key })
}

async fn show(cx: &mut Cx, site: &Site, headers: &HeaderMap, how: (&str, Token<'_>)) -> Response {
    let (method, token) = how;
    if token.with_key {
        let proved = key::prove(cx, site, headers, (method, "/oauth2/userInfo"), Some(token.text)).await;
        if proved.is_err() || cx.key.is_none() {
            return refuse(cx, NO_PROOF);
        }
    }
    match claims(cx, site, token.text).await {
        Ok(claims) => answer::json(cx, StatusCode::OK, &Value::Object(claims)),
        Err(error) if error.kind.status() >= 500 => answer::refuse(cx, &error.into()),
        Err(_) => refuse(cx, NO_GOOD),
    }
}

async fn claims(cx: &Cx, site: &Site, token: &str) -> Result<Map<String, Value>> {
    let bearer = cx.authenticate_for(OPENID, token).await?;
    if bearer.user.pool_id != site.pool.id {
        return Err(Error::access_token_invalid());
    }
    let client = cx.app.client(&bearer.family.client_id).await?.ok_or_else(Error::access_token_invalid)?;
    let scopes: Vec<String> = bearer.family.scope.split(' ').map(str::to_owned).collect();
    let mut claims = Map::new();
    claims.insert("sub".to_owned(), bearer.user.id.clone().into());
    let profile = site.pool.config.profile();
    for (name, value) in client.permissions.readable(&bearer.user.attributes) {
        if covers(&scopes, name, Shown::InUserInfo, profile) {
            let value = if profile.is_oidc() { claim_value(name, value) } else { value.into() };
            claims.insert(name.to_owned(), value);
        }
    }
    claims.insert("username".to_owned(), bearer.user.username.clone().into());
    Ok(claims)
}

/// AWS: a request without a token is a bad one. RFC 6750, section 3.1: it is told the scheme, and nothing of an error.
fn refuse_without(cx: &Cx, site: &Site, headers: &HeaderMap) -> Response {
    if !site.pool.config.profile().is_oidc() || headers.contains_key(header::AUTHORIZATION) {
        return refuse(cx, NO_TOKEN);
    }
    let mut response = answer::with_headers(cx, StatusCode::UNAUTHORIZED.into_response());
    response.headers_mut().insert(header::WWW_AUTHENTICATE, HeaderValue::from_static("Bearer"));
    response
}

fn refuse(cx: &Cx, how: (StatusCode, &str, &str)) -> Response {
    let (status, error, description) = how;
    let body = json!({ "error": error, "error_description": description });
    let mut response = answer::json(cx, status, &body);
    // AWS leaves the scheme out; RFC 6750 demands it, and what looks for `error=` finds it either way.
    let scheme = if error == NO_PROOF.1 { "DPoP" } else { "Bearer" };
    let challenge = format!("{scheme} error=\"{error}\", error_description=\"{description}\"");
    if let Ok(challenge) = HeaderValue::from_str(&challenge) {
        response.headers_mut().insert(header::WWW_AUTHENTICATE, challenge);
    }
    response
}
