//! OAuth 2.0 at a login domain. oauth-and-login.md, sections 2, 6 and 8.

mod answer;
mod client;
mod form;
mod revoke;
mod token;

use std::sync::Arc;

use axum::Router;
use axum::routing::post;
use cognate_engine::App;

/// To be met by host; `by_path` also offers them below `/domains/{domain}`, for clients that cannot resolve the host.
pub fn routes(by_path: bool) -> Router<Arc<App>> {
    let routes = Router::new()
        .route("/oauth2/token", post(token::token).options(answer::preflight))
        .route("/oauth2/revoke", post(revoke::revoke).options(answer::preflight));
    if by_path { routes.clone().nest("/domains/{domain}", routes) } else { routes }
}
