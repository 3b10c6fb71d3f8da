//! `GET /logout`: ends the browser's session, and sends it to a registered address or back to sign in. Tokens stay as they are.
//! oauth-and-login.md, section 12.

use axum::response::Response;
use http::StatusCode;

use super::request::{named_client, refuse};
use super::visit::Visit;
use super::{Stop, error_page, problem, session};

pub(super) async fn logout(visit: Visit) -> Response {
    let answered = visit.answer(|mut visit| async move {
        let to = destination(&visit).await?;
        session::end(&mut visit).await.map_err(|error| problem::failed(&visit, &error))?;
        Ok(session::forget(&visit, visit.redirect(&to)))
    });
    answered.await
}

/// Where the browser goes. AWS: `logout_uri` wins over `redirect_uri`.
async fn destination(visit: &Visit) -> Result<String, Stop> {
    let named = |name| visit.params.get(name).map_err(|_| refuse(visit, "invalid_request"));
    let client = named_client(visit, &visit.params).await?.ok_or_else(|| refuse(visit, "invalid_request"))?;
    if let Some(uri) = named("logout_uri")? {
        let registered = client.logout_urls().iter().find(|registered| *registered == uri);
        return registered.cloned().ok_or_else(|| refuse(visit, "redirect_mismatch"));
    }
    if named("redirect_uri")?.is_none() {
        return Err(Stop::from(error_page::page(visit, StatusCode::BAD_REQUEST, "invalid_request")));
    }
    visit.request().await?;
    Ok(visit.href("/login"))
}
