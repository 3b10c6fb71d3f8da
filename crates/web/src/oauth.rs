//! OAuth 2.0 at a login domain. oauth-and-login.md, sections 2, 6 and 8.

mod answer;
mod authorize;
mod client;
mod device_authorization;
pub(crate) mod form;
mod introspect;
mod key;
mod par;
mod revoke;
mod token;
mod userinfo;

use std::sync::Arc;

use axum::Router;
use axum::routing::{get, post};
use cognate_engine::App;

pub(crate) use authorize::{authorize, posted};
pub(crate) use client::is_client_id;

/// What clients call by themselves.
pub(crate) fn routes() -> Router<Arc<App>> {
    Router::new()
        .route("/oauth2/token", post(token::token).options(answer::preflight))
        .route("/oauth2/userInfo", get(userinfo::get).post(userinfo::post).options(answer::preflight))
        .route("/oauth2/device_authorization", post(device_authorization::begin).options(answer::preflight))
        .route("/oauth2/introspect", post(introspect::introspect))
        .route("/oauth2/par", post(par::push).options(answer::preflight))
        .route("/oauth2/revoke", post(revoke::revoke).options(answer::preflight))
}
