//! What a browser or an OAuth client meets: the issuer's documents, OAuth and managed login at the login domains, and in development
//! the inbox.

mod answer;
pub mod dev;
pub mod issuer;
mod languages;
mod login;
mod moment;
mod oauth;
mod site;

use std::sync::Arc;

use axum::Router;
use cognate_engine::App;

pub use login::Pages;

/// What answers at a login domain. To be met by host; `by_path` also offers it below `/domains/{domain}`, for clients that cannot
/// resolve the host.
pub fn routes(pages: Arc<Pages>, by_path: bool) -> Router<Arc<App>> {
    let routes = oauth::routes().merge(login::routes(pages));
    if by_path { routes.clone().nest("/domains/{domain}", routes) } else { routes }
}
