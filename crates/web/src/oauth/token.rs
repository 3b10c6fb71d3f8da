//! `POST /oauth2/token`: a client exchanges what it holds for tokens. oauth-and-login.md, section 6.

use std::sync::Arc;

use axum::body::Body;
use axum::extract::State;
use axum::response::Response;
use cognate_domain::oauth::{OAuthCode, OAuthResult, Params, device};
use cognate_domain::pool::Extension;
use cognate_engine::oauth::Granted;
use cognate_engine::sign_in::Door;
use cognate_engine::{App, Cx, Secret};
use http::{HeaderMap, StatusCode};
use serde_json::{Map, Value};

use super::{answer, client, form, key};
use crate::site::Site;

pub(super) async fn token(State(app): State<Arc<App>>, site: Site, headers: HeaderMap, body: Body) -> Response {
    let answered = form::answered(app, headers, body, |mut cx, headers, params| async move {
        match grant(&mut cx, &site, &headers, &params).await {
            Ok(granted) => answer::json(&cx, StatusCode::OK, &shown(&granted)),
            Err(error) => answer::refuse_client(&cx, &site, &headers, &error),
        }
    });
    answered.await
}

async fn grant(cx: &mut Cx, site: &Site, headers: &HeaderMap, params: &Params) -> OAuthResult<Granted> {
    let grant_type = params.get("grant_type")?.ok_or(OAuthCode::InvalidRequest)?;
    let client = client::prove(cx, site, headers, params).await?;
    key::prove(cx, site, headers, ("POST", "/oauth2/token"), None).await?;
    let door = Door { pool: &site.pool, client: &client };
    match grant_type {
        "authorization_code" => cx.grant_by_code(door, params).await,
        "client_credentials" => cx.grant_to_client(door, params).await,
        "refresh_token" => {
            let token = params.get("refresh_token")?.ok_or(OAuthCode::InvalidRequest)?;
            cx.grant_by_refresh(door, token).await
        }
        device::GRANT_TYPE if site.pool.config.has(Extension::Device) => cx.grant_to_device(door, params).await,
        _ => Err(OAuthCode::UnsupportedGrantType.into()),
    }
}

/// AWS: no `scope`, and `refresh_token` only where there is a new one.
fn shown(granted: &Granted) -> Value {
    let mut body = Map::new();
    for (name, token) in [
        ("id_token", &granted.id_token),
        ("access_token", &granted.access_token),
        ("refresh_token", &granted.refresh_token),
    ] {
        if let Some(token) = token.as_ref().map(Secret::expose) {
            body.insert(name.to_owned(), token.into());
        }
    }
    body.insert("expires_in".to_owned(), granted.expires_in.into());
    body.insert("token_type".to_owned(), granted.token_type.as_deref().unwrap_or("Bearer").into());
    Value::Object(body)
}
