//! `/login`: a name and a password. The form's names are Cognito's: test tools fill it. oauth-and-login.md, section 5.1.

use axum::body::Body;
use axum::response::Response;
use cognate_domain::Error;
use cognate_domain::error::ErrorKind;
use cognate_domain::oauth::Prompt;
use cognate_engine::sign_in::Outcome;
use http::StatusCode;
use minijinja::{Value, context};

use super::fields::Field;
use super::form::{self, Sent};
use super::memo::Memo;
use super::request::Request;
use super::visit::Visit;
use super::{choose_account, new_password, problem, provider, session};

pub(super) async fn show(visit: Visit) -> Response {
    let answered = visit.answer(|visit| async move {
        let request = visit.request().await?;
        provider::check(&visit, &request)?;
        let again = visit.own.get("prompt").is_ok_and(|prompt| prompt == Some("login"));
        if request.prompt() != Prompt::Again && !again {
            let found = session::good_for(&visit, &request).await.map_err(|error| problem::failed(&visit, &error))?;
            if let Some(found) = found {
                return Ok(choose_account::page(&visit, &request, &found));
            }
        }
        let memo = Memo::read(&visit);
        let notice = memo.notice.as_deref().map(|key| form::notice(&visit, key));
        let mut response = page(&visit, &request, &Entered::default(), notice);
        if memo.notice.is_some() {
            visit.leave(&mut response, &Memo::default());
        }
        Ok(response)
    });
    answered.await
}

pub(super) async fn submit(visit: Visit, body: Body) -> Response {
    let answered = visit.answer(|mut visit| async move {
        let request = visit.request().await?;
        provider::check(&visit, &request)?;
        let Sent::Own(form) = form::read(&visit, body).await else {
            let expired = form::alert("error", &visit.text("problem-form-expired"));
            return Ok(page(&visit, &request, &Entered::default(), Some(expired)));
        };
        match form::value(&form, "choice") {
            "continue" => return choose_account::go_on(&mut visit, &request).await,
            "sign_out" => return choose_account::sign_out(&mut visit).await,
            _ => {}
        }

        let (username, password) = (form::value(&form, "username"), form::value(&form, "password"));
        let entered = Entered { username, lacks_password: password.is_empty(), lacks_name: username.is_empty() };
        if entered.lacks_name || entered.lacks_password {
            return Ok(page(&visit, &request, &entered, None));
        }
        let (door, login) = (request.door(&visit.site), request.login(visit.pushed.as_ref()));
        match visit.cx.sign_in_with_password(door, login, username, password).await {
            Ok(Outcome::Done(signed_in)) => Ok(session::arrive(&visit, &request, &signed_in)),
            Ok(Outcome::Asked { parameters, session, .. }) => {
                Ok(new_password::ask(&visit, &request, &new_password::Asked::of(&parameters, &session, username)))
            }
            Err(error) => Ok(refused(&visit, &request, &entered, &error)),
        }
    });
    answered.await
}

/// What a person has entered, and what they have left out.
#[derive(Default)]
pub(super) struct Entered<'e> {
    pub(super) username: &'e str,
    lacks_name: bool,
    lacks_password: bool,
}

fn refused(visit: &Visit, request: &Request, entered: &Entered<'_>, error: &Error) -> Response {
    problem::note(error);
    let next = match error.kind {
        ErrorKind::UserNotConfirmed => Some("/confirm"),
        ErrorKind::PasswordResetRequired => Some("/confirmforgotPassword"),
        _ => None,
    };
    if let Some(path) = next {
        let mut response = visit.redirect(&visit.href(path));
        visit.leave(&mut response, &Memo { username: Some(entered.username.to_owned()), ..Memo::default() });
        return response;
    }
    let alert = form::alert("error", &visit.text(problem::key(error)));
    page(visit, request, entered, Some(alert))
}

pub(super) fn page(visit: &Visit, request: &Request, entered: &Entered<'_>, alert: Option<Value>) -> Response {
    let hint = visit.params.get("login_hint").ok().flatten().unwrap_or_default();
    let known = if entered.username.is_empty() { hint } else { entered.username };
    let mut username = Field::username(visit, known);
    let mut password = Field::password(visit);
    if entered.lacks_name {
        username = username.failed(visit, "problem-required");
    }
    if entered.lacks_password {
        password = password.failed(visit, "problem-required");
    }
    if !known.is_empty() {
        password = password.focused();
    }
    let more = context! {
        app => request.client.config.name(),
        alert => alert,
        form => form::to(visit, "/login"),
        fields => [username, password],
        local => true,
        links => context! {
            sign_up => (!visit.site.pool.only_admins_create()).then(|| visit.href("/signup")),
            forgot_password => (!visit.site.pool.only_admins_recover()).then(|| visit.href("/forgotPassword")),
        },
    };
    visit.pages.render(visit, "sign_in", StatusCode::OK, more)
}
