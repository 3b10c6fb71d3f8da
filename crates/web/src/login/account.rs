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
use cognate_domain::user::User;
use cognate_engine::App;
use cognate_store::login_sessions::Found;

use self::page::Shown;
use super::form::{self, Sent};
use super::memo::Memo;
use super::own_page::{OwnPage, client, href_with};
use super::stop::Answered;
use super::visit::Visit;
use super::{Stop, problem, session};

pub(super) fn routes() -> Router<Arc<App>> {
    Router::new()
        .route("/account", get(show).post(submit))
        .route("/account/verify", get(verify::show).post(verify::submit))
        .route("/account/data", get(data::download))
        .route("/account/delete", get(delete::show).post(delete::submit))
        .route("/account/sign-out", post(sign_out).get(back))
}

/// Somebody whose session is good here, and the application that they came from.
struct Own {
    client: Arc<Client>,
    found: Found,
}

impl Own {
    async fn enter(visit: &Visit) -> Result<Self, Stop> {
        let client = client(visit).await?;
        let found = OwnPage::Account.enter(visit, &client).await?;
        Ok(Self { client, found })
    }

    const fn user(&self) -> &User {
        &self.found.user
    }

    fn href(&self, visit: &Visit, path: &str) -> String {
        href_with(visit, &self.client, path, &[])
    }

    /// Back to the page, which says what was done.
    fn done(&self, visit: &Visit, notice: &'static str) -> Response {
        let mut response = visit.redirect(&self.href(visit, "/account"));
        visit.leave(&mut response, &Memo::notice(notice));
        response
    }

    /// To the page where one signs in, without a cookie.
    fn leave(&self, visit: &Visit) -> Response {
        let mut response = session::forget(visit, visit.redirect(&OwnPage::Account.sign_in_href(visit, &self.client)));
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
        Ok(visit.redirect(&OwnPage::Account.href(&visit, &client)))
    });
    answered.await
}

async fn expired(visit: &Visit, own: &Own) -> Answered {
    let alert = Some(form::alert("error", &visit.text("problem-form-expired")));
    page::page(visit, own, Shown { alert, ..Shown::default() }).await
}
