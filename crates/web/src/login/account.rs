//! `/account`: people look after what is theirs. AWS has no such page. Whoever holds the browser's session may look and
//! change the profile; what would give the account away asks for the password too. The application that the address
//! names says what of the profile may be read and written, as it does in the API.

mod contacts;
mod data;
mod delete;
mod page;
mod password;
mod profile;
mod prove;
mod sessions;
mod verify;

use std::sync::Arc;

use axum::Router;
use axum::body::Body;
use axum::response::Response;
use axum::routing::{get, post};
use cognate_domain::client::Client;
use cognate_domain::login_session::LOCAL;
use cognate_domain::oauth::Params;
use cognate_domain::user::User;
use cognate_engine::App;
use cognate_store::login_sessions::Found;
use http::StatusCode;
use url::form_urlencoded::Serializer;

use self::page::Shown;
use super::form::{self, Sent};
use super::memo::Memo;
use super::request::{named_client, refuse};
use super::stop::Answered;
use super::visit::Visit;
use super::{Stop, error_page, problem, session};

pub(super) fn routes() -> Router<Arc<App>> {
    Router::new()
        .route("/account", get(show).post(submit))
        .route("/account/verify", get(verify::show).post(verify::submit))
        .route("/account/data", get(data::download))
        .route("/account/delete", get(delete::show).post(delete::submit))
        .route("/account/sign-out", post(sign_out).get(back))
}

/// Whether a person signs in for their account's sake: the address says so, and is no authorization request.
pub(super) fn is_wanted(params: &Params) -> bool {
    params.get("to").ok().flatten() == Some("account") && !params.has("response_type")
}

/// The application that the address names: one that takes part in OAuth and whose people are the pool's own.
pub(super) async fn client(visit: &Visit) -> Result<Arc<Client>, Stop> {
    let client = named_client(visit, &visit.params).await?.ok_or_else(|| refuse(visit, "invalid_request"))?;
    if !client.takes_part_in_oauth() {
        return Err(refuse(visit, "unauthorized_client"));
    }
    if !client.providers().iter().any(|provider| provider == LOCAL) {
        return Err(Stop::from(error_page::page(visit, StatusCode::BAD_REQUEST, "provider")));
    }
    Ok(client)
}

/// A page of ours: nothing of it but the application comes from the browser.
pub(super) fn href(visit: &Visit, client: &Client, path: &str) -> String {
    href_with(visit, client, path, &[])
}

fn href_with(visit: &Visit, client: &Client, path: &str, more: &[(&str, &str)]) -> String {
    let mut query = Serializer::new(String::new());
    query.append_pair("client_id", &client.id).extend_pairs(more);
    format!("{}{path}?{}", visit.site.base, query.finish())
}

/// Where people prove who they are, and come back from.
fn sign_in_href(visit: &Visit, client: &Client) -> String {
    let language = visit.params.get("lang").ok().flatten().map(|tag| ("lang", tag));
    let more: Vec<_> = [("to", "account")].into_iter().chain(language).collect();
    href_with(visit, client, "/login", &more)
}

/// Somebody whose session is good here, and the application that they came from.
struct Own {
    client: Arc<Client>,
    found: Found,
}

impl Own {
    async fn enter(visit: &Visit) -> Result<Self, Stop> {
        let client = client(visit).await?;
        let found = session::find(visit).await.map_err(|error| problem::failed(visit, &error))?;
        match found.filter(|found| client.providers().contains(&found.session.provider)) {
            Some(found) => Ok(Self { client, found }),
            None => Err(Stop::from(visit.redirect(&sign_in_href(visit, &client)))),
        }
    }

    const fn user(&self) -> &User {
        &self.found.user
    }

    fn href(&self, visit: &Visit, path: &str) -> String {
        href(visit, &self.client, path)
    }

    /// Back to the page, which says what was done.
    fn done(&self, visit: &Visit, notice: &'static str) -> Response {
        let mut response = visit.redirect(&self.href(visit, "/account"));
        visit.leave(&mut response, &Memo::notice(notice));
        response
    }

    /// To the page where one signs in, without a cookie.
    fn leave(&self, visit: &Visit) -> Response {
        let mut response = session::forget(visit, visit.redirect(&sign_in_href(visit, &self.client)));
        visit.leave(&mut response, &Memo::notice("signed-out-title"));
        response
    }
}

async fn show(visit: Visit) -> Response {
    let answered = visit.answer(|visit| async move {
        let own = Own::enter(&visit).await?;
        let memo = Memo::read(&visit);
        let notice = memo.notice.as_deref().and_then(|key| page::Said::of_notice(&visit, key));
        let was_told = notice.is_some();
        let mut response = page::page(&visit, &own, Shown { said: notice, ..Shown::default() }).await?;
        if was_told {
            visit.leave(&mut response, &Memo::default());
        }
        Ok(response)
    });
    answered.await
}

async fn submit(visit: Visit, body: Body) -> Response {
    let answered = visit.answer(|mut visit| async move {
        let own = Own::enter(&visit).await?;
        let Sent::Own(form) = form::read(&visit, body).await else { return expired(&visit, &own).await };
        match form::value(&form, "section") {
            "profile" => profile::save(&mut visit, &own, &form).await,
            "contacts" => contacts::act(&mut visit, &own, &form).await,
            "password" => password::change(&mut visit, &own, &form).await,
            "sessions" => sessions::end(&mut visit, &own, &form).await,
            _ => Ok(visit.redirect(&own.href(&visit, "/account"))),
        }
    });
    answered.await
}

async fn sign_out(visit: Visit, body: Body) -> Response {
    let answered = visit.answer(|mut visit| async move {
        let own = Own::enter(&visit).await?;
        let Sent::Own(_) = form::read(&visit, body).await else { return expired(&visit, &own).await };
        session::end(&mut visit).await.map_err(|error| problem::failed(&visit, &error))?;
        Ok(own.leave(&visit))
    });
    answered.await
}

/// Of what is only ever sent.
async fn back(visit: Visit) -> Response {
    let answered = visit.answer(|visit| async move {
        let client = client(&visit).await?;
        Ok(visit.redirect(&href(&visit, &client, "/account")))
    });
    answered.await
}

async fn expired(visit: &Visit, own: &Own) -> Answered {
    let alert = Some(form::alert("error", &visit.text("problem-form-expired")));
    page::page(visit, own, Shown { alert, ..Shown::default() }).await
}
