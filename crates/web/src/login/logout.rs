//! `/logout`: ends the browser's session, and sends it to a registered address or back to sign in. Tokens stay as they are.
//! oauth-and-login.md, section 12. Discovery names it as the end-session endpoint, so what OpenID Connect RP-Initiated Logout 1.0 asks
//! for is answered too: without an ID token of ours the person is asked.

use std::sync::Arc;

use axum::body::Body;
use axum::response::Response;
use cognate_domain::client::Client;
use cognate_engine::login::Hint;
use http::StatusCode;
use minijinja::context;
use url::form_urlencoded::Serializer;

use super::choose_account::{called, person};
use super::form;
use super::request::{named_client, refuse};
use super::visit::Visit;
use super::{Stop, error_page, problem, session};

pub(super) async fn logout(visit: Visit) -> Response {
    let answered = visit.answer(|mut visit| async move {
        let ending = Ending::read(&visit).await?;
        if ending.asks {
            let found = session::find(&visit).await.map_err(|error| problem::failed(&visit, &error))?;
            let known = ending.hint.as_ref().map(|hint| hint.subject.as_str());
            if let Some(found) = found.filter(|found| known != Some(found.user.id.as_str())) {
                let (name, detail) = called(&found.user);
                let more = context! { account => person(name, detail), form => form::to(&visit, "/logout") };
                return Ok(visit.pages.render(&visit, "sign_out", StatusCode::OK, more));
            }
        }
        end(&mut visit, ending.to).await
    });
    answered.await
}

/// The person has said so; or an application has posted what it might have linked to (RP-Initiated Logout, section 2), which goes on
/// as a link.
pub(super) async fn submit(visit: Visit, body: Body) -> Response {
    let answered = visit.answer(|mut visit| async move {
        let Ok(sent) = crate::oauth::form::read(&visit.headers, body).await else {
            return Ok(visit.redirect(&visit.href("/logout")));
        };
        if visit.is_own_form(&sent) {
            let ending = Ending::read(&visit).await?;
            return end(&mut visit, ending.to).await;
        }
        let posted = ["id_token_hint", "post_logout_redirect_uri"].iter().any(|name| sent.has(name));
        let query = sent.with(&[]);
        Ok(visit.redirect(&if posted { format!("{}/logout?{query}", visit.site.base) } else { visit.href("/logout") }))
    });
    answered.await
}

async fn end(visit: &mut Visit, to: Option<String>) -> super::stop::Answered {
    session::end(visit).await.map_err(|error| problem::failed(visit, &error))?;
    let response = match to {
        Some(to) => visit.redirect(&to),
        None => visit.pages.render(visit, "signed_out", StatusCode::OK, context! { links => context! {} }),
    };
    Ok(session::forget(visit, response))
}

struct Ending {
    /// Where the browser goes; nowhere if it is not said.
    to: Option<String>,
    /// Whether only somebody whom the application knows is signed out without being asked.
    asks: bool,
    hint: Option<Hint>,
}

impl Ending {
    /// AWS: `logout_uri` wins over `redirect_uri`.
    async fn read(visit: &Visit) -> Result<Self, Stop> {
        let named = |name| visit.params.get(name).map_err(|_| refuse(visit, "invalid_request"));
        let client = named_client(visit, &visit.params).await?;
        let straight = |to: String| Self { to: Some(to), asks: false, hint: None };
        if let Some(uri) = named("logout_uri")? {
            let client = client.ok_or_else(|| refuse(visit, "invalid_request"))?;
            return registered(visit, &client, uri).map(straight);
        }
        if named("redirect_uri")?.is_some() {
            visit.request().await?;
            // AWS: which way of signing in is wanted is not asked here.
            let to = visit.href_with("/login", &[("identity_provider", None), ("idp_identifier", None)]);
            return Ok(straight(to));
        }
        let (hint, uri) = (named("id_token_hint")?, named("post_logout_redirect_uri")?);
        if hint.is_none() && uri.is_none() {
            return Err(Stop::from(error_page::page(visit, StatusCode::BAD_REQUEST, "invalid_request")));
        }

        let hint = match hint {
            Some(hint) => visit.cx.hint(&visit.site.pool.id, hint).await,
            None => Ok(None),
        };
        let hint = hint.map_err(|error| problem::failed(visit, &error))?;
        let client = client_of(visit, client, hint.as_ref()).await?;
        let to = match (uri, client) {
            (None, _) => None,
            (Some(_), None) => return Err(refuse(visit, "invalid_request")),
            (Some(uri), Some(client)) => Some(with_state(registered(visit, &client, uri)?, named("state")?)),
        };
        Ok(Self { to, asks: true, hint })
    }
}

/// Whom the hint was made for; whoever is named beside it must be the same.
async fn client_of(
    visit: &Visit,
    named: Option<Arc<Client>>,
    hint: Option<&Hint>,
) -> Result<Option<Arc<Client>>, Stop> {
    let Some(hint) = hint else { return Ok(named) };
    if named.as_ref().is_some_and(|named| named.id != hint.client_id) {
        return Err(refuse(visit, "invalid_request"));
    }
    let found = visit.cx.app.client(&hint.client_id).await.map_err(|error| problem::failed(visit, &error))?;
    Ok(found.filter(|client| client.pool_id == visit.site.pool.id))
}

fn registered(visit: &Visit, client: &Client, uri: &str) -> Result<String, Stop> {
    let registered = client.logout_urls().iter().find(|registered| *registered == uri);
    registered.cloned().ok_or_else(|| refuse(visit, "redirect_mismatch"))
}

fn with_state(uri: String, state: Option<&str>) -> String {
    let Some(state) = state else { return uri };
    let before = if uri.contains('?') { '&' } else { '?' };
    format!("{uri}{before}{}", Serializer::new(String::new()).append_pair("state", state).finish())
}
