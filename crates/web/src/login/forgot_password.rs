//! `/forgotPassword`: asks for a code that replaces a password. Whether anybody is called like that is not said.

use axum::body::Body;
use axum::response::Response;
use http::StatusCode;
use minijinja::{Value, context};

use super::fields::Field;
use super::form::{self, Sent};
use super::memo::Memo;
use super::request::Request;
use super::visit::Visit;
use super::{problem, provider};

pub(super) async fn show(visit: Visit) -> Response {
    let answered = visit.answer(|visit| async move {
        let request = visit.request().await?;
        provider::check(&visit, &request)?;
        let hint = visit.params.get("login_hint").ok().flatten().unwrap_or_default();
        Ok(page(&visit, &request, Field::username(&visit, hint), None))
    });
    answered.await
}

pub(super) async fn submit(visit: Visit, body: Body) -> Response {
    let answered = visit.answer(|mut visit| async move {
        let request = visit.request().await?;
        provider::check(&visit, &request)?;
        let Sent::Own(form) = form::read(&visit, body).await else {
            let alert = form::alert("error", &visit.text("problem-form-expired"));
            return Ok(page(&visit, &request, Field::username(&visit, ""), Some(alert)));
        };
        let username = form::value(&form, "username");
        if username.is_empty() {
            return Ok(page(&visit, &request, Field::username(&visit, "").failed(&visit, "problem-required"), None));
        }
        match visit.cx.forgot_password(request.door(&visit.site), username).await {
            Ok(destination) => {
                let destination = Some(destination.masked);
                let mut response = visit.redirect(&visit.href("/confirmforgotPassword"));
                visit.leave(
                    &mut response,
                    &Memo { username: Some(username.to_owned()), destination, ..Memo::default() },
                );
                Ok(response)
            }
            Err(error) => {
                problem::note(&error);
                let alert = form::alert("error", &visit.text(problem::key(&error)));
                Ok(page(&visit, &request, Field::username(&visit, username), Some(alert)))
            }
        }
    });
    answered.await
}

fn page(visit: &Visit, request: &Request, username: Field, alert: Option<Value>) -> Response {
    let more = context! {
        app => request.client.config.name(),
        alert => alert,
        form => form::to(visit, "/forgotPassword"),
        fields => [username],
        links => context! { sign_in => visit.href("/login") },
    };
    visit.pages.render(visit, "forgot_password", StatusCode::OK, more)
}
