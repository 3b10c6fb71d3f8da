//! `/confirmforgotPassword`: the code that was sent, and the password that it brings.

use axum::body::Body;
use axum::response::Response;
use cognate_domain::error::ErrorKind;
use cognate_engine::password_recovery::NewPassword;
use http::StatusCode;
use minijinja::{Value, context};

use super::confirm::named;
use super::fields::{self, Field};
use super::form::{self, Sent};
use super::memo::Memo;
use super::problem;
use super::request::Request;
use super::visit::Visit;

pub(super) async fn show(visit: Visit) -> Response {
    let answered = visit.answer(|visit| async move {
        let request = visit.request().await?;
        let memo = Memo::read(&visit);
        Ok(page(&visit, &request, &Shown::of(&memo)))
    });
    answered.await
}

pub(super) async fn submit(visit: Visit, body: Body) -> Response {
    let answered = visit.answer(|mut visit| async move {
        let request = visit.request().await?;
        let memo = Memo::read(&visit);
        let Sent::Own(form) = form::read(&visit, body).await else {
            let alert = Some(form::alert("error", &visit.text("problem-form-expired")));
            return Ok(page(&visit, &request, &Shown { alert, ..Shown::of(&memo) }));
        };
        let username = named(&memo, &form);
        let (code, password) = (form::value(&form, "code").trim(), form::value(&form, "password"));
        let shown = Shown { username: &username, code, ..Shown::of(&memo) };
        let lacks = |text: &str| text.is_empty().then_some("problem-required");
        let shown = Shown { of_name: lacks(&username), of_code: lacks(code), of_password: lacks(password), ..shown };
        if shown.of_name.or(shown.of_code).or(shown.of_password).is_some() {
            return Ok(page(&visit, &request, &shown));
        }

        let asked = NewPassword { username: &username, code, password };
        let shown = match visit.cx.confirm_forgot_password(request.door(&visit.site), asked).await {
            Ok(()) => {
                let mut response = visit.redirect(&visit.href("/login"));
                visit.leave(&mut response, &Memo::notice("password-was-reset"));
                return Ok(response);
            }
            Err(error) => {
                problem::note(&error);
                let key = problem::key(&error);
                match error.kind {
                    ErrorKind::InvalidPassword | ErrorKind::PasswordHistoryPolicyViolation => {
                        Shown { of_password: Some(key), ..shown }
                    }
                    ErrorKind::CodeMismatch | ErrorKind::ExpiredCode => Shown { of_code: Some(key), ..shown },
                    // Whoever is not there has no code either.
                    ErrorKind::UserNotFound => Shown { of_code: Some("problem-code-expired"), ..shown },
                    _ => Shown { alert: Some(form::alert("error", &visit.text(key))), ..shown },
                }
            }
        };
        Ok(page(&visit, &request, &shown))
    });
    answered.await
}

struct Shown<'s> {
    memo: &'s Memo,
    username: &'s str,
    code: &'s str,
    of_name: Option<&'static str>,
    of_code: Option<&'static str>,
    of_password: Option<&'static str>,
    alert: Option<Value>,
}

impl<'s> Shown<'s> {
    fn of(memo: &'s Memo) -> Self {
        let username = memo.username.as_deref().unwrap_or_default();
        Self { memo, username, code: "", of_name: None, of_code: None, of_password: None, alert: None }
    }
}

fn page(visit: &Visit, request: &Request, shown: &Shown<'_>) -> Response {
    let judged = |field: Field, problem: Option<&str>| match problem {
        Some(key) => field.failed(visit, key),
        None => field,
    };
    let mut fields = Vec::new();
    if shown.memo.username.is_none() {
        fields.push(judged(Field::username(visit, shown.username), shown.of_name));
    }
    fields.push(judged(Field::code(visit).holding(shown.code), shown.of_code));
    fields.push(judged(Field::new_password(visit, "new-password-label"), shown.of_password));
    let more = context! {
        app => request.client.config.name(),
        alert => shown.alert.clone(),
        form => form::to(visit, "/confirmforgotPassword"),
        fields => fields,
        rules => fields::rules(visit),
        destination => shown.memo.destination.clone(),
        known_as => shown.memo.username.clone(),
        links => context! { sign_in => visit.href("/login"), forgot_password => visit.href("/forgotPassword") },
    };
    visit.pages.render(visit, "confirm_forgot_password", StatusCode::OK, more)
}
