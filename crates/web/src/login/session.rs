//! The session of a browser: the cookie that stands for somebody who has signed in.

use axum::response::Response;
use cognate_domain::Result;
use cognate_domain::login_session::{LIFE, LOCAL};
use cognate_engine::login::{Onward, SignedIn};
use cognate_store::login_sessions::Found;
use http::header;

use super::browser::Cookie;
use super::memo::Memo;
use super::own_page::OwnPage;
use super::provider;
use super::request::Request;
use super::visit::Visit;

/// Who is signed in here.
pub(crate) async fn find(visit: &Visit) -> Result<Option<Found>> {
    let Some(cookie) = visit.cookie(Cookie::Session) else { return Ok(None) };
    visit.cx.login_session(&visit.site.pool.id, &cookie).await
}

/// The same, if that is whom the request asks for: from this provider, asked not too long ago, and who it says it knows.
pub(crate) async fn good_for(visit: &Visit, request: &Request) -> Result<Option<Found>> {
    let wanted = provider::wanted(visit, request).unwrap_or(LOCAL);
    let Some(found) = find(visit).await? else { return Ok(None) };
    let age = visit.cx.now.since(found.session.authenticated_at);
    let is_recent = request.asked().and_then(|asked| asked.max_age).is_none_or(|most| age <= most);
    let is_known = request.is_for(&found.user.id);
    Ok(Some(found).filter(|found| found.session.provider == wanted && is_recent && is_known))
}

/// Sends a browser on in which somebody has just signed in. Its cookie is always a new one.
pub(super) fn arrive(visit: &Visit, request: &Request, signed_in: &SignedIn) -> Response {
    let mut response = go_on(visit, request, &signed_in.onward);
    let cookie =
        signed_in.cookie.as_ref().and_then(|cookie| Cookie::Session.set(visit.jar(), cookie.expose(), Some(LIFE)));
    if let Some(cookie) = cookie {
        response.headers_mut().append(header::SET_COOKIE, cookie);
    }
    // Of what the pages before have left, a device's code is still to be asked about.
    visit.leave(&mut response, &Memo { device: Memo::read(visit).device, ..Memo::default() });
    response
}

/// To the client's proven address, or to our own page.
pub(crate) fn go_on(visit: &Visit, request: &Request, onward: &Onward) -> Response {
    match onward {
        Onward::Client(location) => visit.redirect(location),
        Onward::Page => visit.redirect(&request.page().unwrap_or(OwnPage::Account).href(visit, &request.client)),
    }
}

/// Ends the session, here and in the store.
pub(super) async fn end(visit: &mut Visit) -> Result<()> {
    match visit.cookie(Cookie::Session) {
        Some(cookie) => visit.cx.end_login_session(&visit.site.pool.id, &cookie).await,
        None => Ok(()),
    }
}

pub(super) fn forget(visit: &Visit, mut response: Response) -> Response {
    if let Some(cookie) = Cookie::Session.forget(visit.jar()) {
        response.headers_mut().append(header::SET_COOKIE, cookie);
    }
    response
}
