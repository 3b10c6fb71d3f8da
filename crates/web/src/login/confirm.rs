//! `/confirm` and `/resendcode`: the code that proves a new person's address. Whoever has just signed up goes straight on.

use axum::body::Body;
use axum::response::Response;
use cognate_domain::Error;
use cognate_domain::error::ErrorKind;
use cognate_domain::oauth::Params;
use cognate_domain::sign_in::SignIn;
use cognate_engine::sign_in::Outcome;
use cognate_engine::sign_up::Confirmation;
use cognate_engine::users::TakenAlias;
use http::StatusCode;
use minijinja::{Value, context};

use super::fields::Field;
use super::form::{self, Sent};
use super::memo::Memo;
use super::request::Request;
use super::stop::Answered;
use super::visit::Visit;
use super::{problem, session};

/// Said to who has signed up where nobody is sent a code.
pub(super) const NO_CODE: &str = "confirm-no-code";

pub(super) async fn show(visit: Visit) -> Response {
    let answered = visit.answer(|visit| async move {
        let request = visit.request().await?;
        let memo = Memo::read(&visit);
        let waits = memo.notice.as_deref() == Some(NO_CODE);
        let notice = memo
            .notice
            .as_deref()
            .map(|key| if waits { form::alert("info", &visit.text(key)) } else { form::notice(&visit, key) });
        Ok(page(&visit, &request, &Shown { alert: notice, waits, ..Shown::of(&memo) }))
    });
    answered.await
}

pub(super) async fn submit(visit: Visit, body: Body) -> Response {
    let answered = visit.answer(|mut visit| async move {
        let request = visit.request().await?;
        let memo = Memo::read(&visit);
        let Sent::Own(form) = form::read(&visit, body).await else { return Ok(expired(&visit, &request, &memo)) };
        let username = named(&memo, &form);
        let code = form::value(&form, "code").trim().to_owned();
        let lacks = Shown { lacks_name: username.is_empty(), lacks_code: code.is_empty(), ..Shown::of(&memo) };
        if lacks.lacks_name || lacks.lacks_code {
            return Ok(page(&visit, &request, &Shown { username: &username, ..lacks }));
        }
        let asked = Confirmation { username: &username, code: &code, taken: TakenAlias::Refuse };
        if let Err(error) = visit.cx.confirm_sign_up(&visit.site.pool, &request.client, asked).await {
            problem::note(&error);
            let alert = Some(form::alert("error", &visit.text(what(&error))));
            return Ok(page(&visit, &request, &Shown { username: &username, alert, ..Shown::of(&memo) }));
        }
        // What was proved is one person's, whoever was confirmed meanwhile in this browser.
        let sign_in = memo.sign_in.filter(|_| memo.username.as_deref() == Some(&username));
        go_on(&mut visit, &request, sign_in).await
    });
    answered.await
}

/// Signs in whoever chose their password in this browser a moment ago; anybody else is asked for it.
async fn go_on(visit: &mut Visit, request: &Request, sign_in: Option<SignIn>) -> Answered {
    if let Some(sign_in) = sign_in {
        let signed_in = visit
            .cx
            .go_on_once_confirmed(request.door(&visit.site), request.login(visit.pushed.as_ref()), sign_in)
            .await;
        match signed_in {
            Ok(Outcome::Done(signed_in)) => return Ok(session::arrive(visit, request, &signed_in)),
            Ok(Outcome::Asked { .. }) => {}
            Err(error) => problem::note(&error),
        }
    }
    let mut response = visit.redirect(&visit.href("/login"));
    visit.leave(&mut response, &Memo::notice("confirmed-now-sign-in"));
    Ok(response)
}

pub(super) async fn resend(visit: Visit, body: Body) -> Response {
    let answered = visit.answer(|mut visit| async move {
        let request = visit.request().await?;
        let memo = Memo::read(&visit);
        let Sent::Own(form) = form::read(&visit, body).await else { return Ok(expired(&visit, &request, &memo)) };
        let username = named(&memo, &form);
        if username.is_empty() {
            return Ok(page(&visit, &request, &Shown { lacks_name: true, ..Shown::of(&memo) }));
        }
        let sent = visit.cx.resend_code(&visit.site.pool, &request.client, &username).await;
        let (memo, alert) = match sent {
            Ok(destination) => {
                let text = visit.language().text("code-was-resent", &[("destination", destination.masked.as_str())]);
                let destination = Some(destination.masked);
                let sign_in = memo.sign_in.filter(|_| memo.username.as_ref() == Some(&username));
                let memo = Memo { username: Some(username.clone()), destination, sign_in, ..Memo::default() };
                (memo, form::alert("success", &text))
            }
            Err(error) => {
                problem::note(&error);
                (memo, form::alert("error", &visit.text(what(&error))))
            }
        };
        let shown = Shown { username: &username, alert: Some(alert), ..Shown::of(&memo) };
        let mut response = page(&visit, &request, &shown);
        visit.leave(&mut response, &memo);
        Ok(response)
    });
    answered.await
}

/// Nobody who is not there has a code.
fn what(error: &Error) -> &'static str {
    match error.kind {
        ErrorKind::UserNotFound => "problem-code-expired",
        _ => problem::key(error),
    }
}

/// Whom the page before named, or the person themselves.
pub(super) fn named(memo: &Memo, form: &Params) -> String {
    let entered = form::value(form, "username");
    let known = memo.username.as_deref().filter(|_| entered.is_empty());
    known.unwrap_or(entered).to_owned()
}

struct Shown<'s> {
    memo: &'s Memo,
    username: &'s str,
    lacks_name: bool,
    lacks_code: bool,
    /// There is no code: somebody else confirms the account.
    waits: bool,
    alert: Option<Value>,
}

impl<'s> Shown<'s> {
    fn of(memo: &'s Memo) -> Self {
        let username = memo.username.as_deref().unwrap_or_default();
        Self { memo, username, lacks_name: false, lacks_code: false, waits: false, alert: None }
    }
}

fn expired(visit: &Visit, request: &Request, memo: &Memo) -> Response {
    let alert = Some(form::alert("error", &visit.text("problem-form-expired")));
    page(visit, request, &Shown { alert, ..Shown::of(memo) })
}

fn page(visit: &Visit, request: &Request, shown: &Shown<'_>) -> Response {
    let mut fields = Vec::new();
    if shown.memo.username.is_none() {
        let field = Field::username(visit, shown.username);
        fields.push(if shown.lacks_name { field.failed(visit, "problem-required") } else { field });
    }
    let code = Field::code(visit);
    fields.push(if shown.lacks_code { code.failed(visit, "problem-required") } else { code });
    let hidden: Vec<Value> = Vec::new();
    let more = context! {
        app => request.client.config.name(),
        alert => shown.alert.clone(),
        form => (!shown.waits).then(|| form::to(visit, "/confirm")),
        fields => fields,
        destination => shown.memo.destination.clone(),
        resend => (!shown.waits).then(|| context! { hidden => hidden, ..form::to(visit, "/resendcode") }),
        links => context! { sign_in => visit.href("/login") },
    };
    visit.pages.render(visit, "confirm", StatusCode::OK, more)
}
