//! Which way of signing in a request asks for. The pool's own users are the one that there is so far; federation adds others.

use cognate_domain::login_session::LOCAL;
use http::StatusCode;

use super::Stop;
use super::error_page;
use super::request::Request;
use super::visit::Visit;

/// What the request names; the client's only one if it names none.
pub(super) fn wanted<'a>(visit: &'a Visit, request: &'a Request) -> Option<&'a str> {
    let named = |name| visit.params.get(name).ok().flatten();
    named("identity_provider").or_else(|| named("idp_identifier")).or(match request.client.providers() {
        [only] => Some(only.as_str()),
        _ => None,
    })
}

/// Refuses a way that the client does not have, and a client that has none. AWS: on a page of its own.
pub(crate) fn check(visit: &Visit, request: &Request) -> Result<(), Stop> {
    let has_local = request.client.providers().iter().any(|provider| provider == LOCAL);
    let is_local = wanted(visit, request).is_none_or(|provider| provider == LOCAL);
    if has_local && is_local {
        return Ok(());
    }
    Err(Stop::from(error_page::page(visit, StatusCode::BAD_REQUEST, "provider")))
}
