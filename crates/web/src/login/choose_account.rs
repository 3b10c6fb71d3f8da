//! `/login` in a browser in which somebody is signed in: go on as they, as somebody else, or sign out.

use axum::response::Response;
use cognate_domain::oauth::Prompt;
use cognate_domain::user::User;
use cognate_store::login_sessions::Found;
use http::StatusCode;
use minijinja::{Value, context};

use super::memo::Memo;
use super::request::{Request, refuse_at};
use super::stop::Answered;
use super::visit::Visit;
use super::{form, problem, session};
use crate::moment;

pub(super) fn page(visit: &Visit, request: &Request, found: &Found) -> Response {
    let (name, detail) = called(&found.user);
    let more = context! {
        app => request.client.config.name(),
        account => context! {
            signed_in_at => moment::minute(found.session.authenticated_at),
            ..person(name, detail)
        },
        form => form::to(visit, "/login"),
        links => context! { other => visit.href_with("/login", &[("prompt", Some("login"))]) },
    };
    visit.pages.render(visit, "choose_account", StatusCode::OK, more)
}

/// A person as pages show them.
pub(super) fn person(name: &str, detail: Option<&str>) -> Value {
    let initial: String = name.chars().next().map(|first| first.to_uppercase().collect()).unwrap_or_default();
    context! { name => name, detail => detail, initial => initial }
}

/// By the name a person has given, and beside it what they sign in with.
pub(super) fn called(user: &User) -> (&str, Option<&str>) {
    let filled = |name| user.attributes.filled(name);
    let contact = filled("email").or_else(|| filled("phone_number")).unwrap_or(&user.username);
    match filled("name").or_else(|| filled("given_name")).or_else(|| filled("preferred_username")) {
        Some(name) => (name, Some(contact)),
        None => (contact, None),
    }
}

/// The session may have ended while the page was open. Who is to be asked again has not been by pressing a button.
pub(super) async fn go_on(visit: &mut Visit, request: &Request) -> Answered {
    if request.prompt() == Prompt::Again {
        return Ok(visit.redirect(&visit.href("/login")));
    }
    let found = session::good_for(visit, request).await.map_err(|error| problem::failed(visit, &error))?;
    let Some(found) = found else { return Ok(visit.redirect(&visit.href("/login"))) };
    let answered =
        visit.cx.answer_by_session(request.door(&visit.site), request.login(visit.pushed.as_ref()), &found).await;
    match answered {
        Ok(Some(onward)) => Ok(session::go_on(visit, request, &onward)),
        Ok(None) => Ok(visit.redirect(&visit.href_with("/login", &[("prompt", Some("login"))]))),
        Err(error) => Ok(refuse_at(visit, request, &error.into())),
    }
}

pub(super) async fn sign_out(visit: &mut Visit) -> Answered {
    session::end(visit).await.map_err(|error| problem::failed(visit, &error))?;
    let mut response = session::forget(visit, visit.redirect(&visit.href("/login")));
    visit.leave(&mut response, &Memo::notice("signed-out-title"));
    Ok(response)
}
