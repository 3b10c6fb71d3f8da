//! `/changePassword`: somebody who signed in with a temporary password chooses their own, and tells what the pool asks for. Their
//! sign-in so far travels in the form, sealed and good once.

use std::collections::BTreeMap;

use axum::body::Body;
use axum::response::Response;
use cognate_domain::Error;
use cognate_domain::attributes::Attributes;
use cognate_domain::error::ErrorKind;
use cognate_domain::oauth::Params;
use cognate_engine::sign_in::{NewPassword, Outcome};
use http::StatusCode;
use minijinja::{Value, context};

use super::fields::{self, Field};
use super::form::{self, Sent};
use super::memo::Memo;
use super::request::Request;
use super::visit::Visit;
use super::{problem, session};

/// More attributes no pool requires: each is looked for in the whole form.
const MOST_MISSING: usize = 32;

/// What is asked, of whom.
#[derive(Default)]
pub(super) struct Asked {
    session: String,
    username: String,
    /// What the person signed in with.
    known_as: String,
    /// Attributes that the pool requires and the person lacks, and what they have entered for them.
    missing: Vec<(String, String)>,
    /// Whether what is missing was asked for before.
    lacks: bool,
    alert: Option<Value>,
    /// What is wrong with the password.
    problem: Option<&'static str>,
}

impl Asked {
    pub(super) fn of(parameters: &BTreeMap<String, String>, session: &str, known_as: &str) -> Self {
        let names = parameters.get("requiredAttributes").map(String::as_str).unwrap_or_default();
        let names: Vec<String> = serde_json::from_str(names).unwrap_or_default();
        let bare = |name: &String| name.strip_prefix("userAttributes.").unwrap_or(name).to_owned();
        Self {
            session: session.to_owned(),
            known_as: known_as.to_owned(),
            username: parameters.get("USER_ID_FOR_SRP").cloned().unwrap_or_default(),
            missing: names.iter().map(|name| (bare(name), String::new())).collect(),
            ..Self::default()
        }
    }

    fn sent(form: &Params) -> Self {
        let names = form::value(form, "missing").split(',').filter(|name| !name.is_empty()).take(MOST_MISSING);
        Self {
            session: form::value(form, "session").to_owned(),
            username: form::value(form, "username").to_owned(),
            known_as: form::value(form, "known_as").to_owned(),
            missing: names.map(|name| (name.to_owned(), form::value(form, name).to_owned())).collect(),
            ..Self::default()
        }
    }
}

/// Nobody comes here by an address: the sign-in so far is in the form alone.
pub(super) async fn expired(visit: Visit) -> Response {
    let answered = visit.answer(|visit| async move {
        visit.request().await?;
        Ok(visit.redirect(&visit.href("/login")))
    });
    answered.await
}

pub(super) async fn submit(visit: Visit, body: Body) -> Response {
    let answered = visit.answer(|mut visit| async move {
        let request = visit.request().await?;
        let Sent::Own(form) = form::read(&visit, body).await else { return Ok(start_again(&visit)) };
        let asked = Asked::sent(&form);
        let password = form::value(&form, "password");
        let policy = &visit.site.pool.config.password_policy;
        let problem = match password {
            "" => Some("problem-required"),
            chosen => policy.check(chosen).is_err().then_some("problem-password"),
        };
        let lacks = asked.missing.iter().any(|(_, value)| value.is_empty());
        if problem.is_some() || lacks {
            return Ok(ask(&visit, &request, &Asked { lacks, problem, ..asked }));
        }
        let mut attributes = Attributes::default();
        for (name, value) in asked.missing.iter().filter(|(_, value)| !value.is_empty()) {
            attributes.set(name.clone(), value.clone());
        }
        let answer = NewPassword { username: &asked.username, session: &asked.session, password, attributes };
        match visit
            .cx
            .answer_new_password(request.door(&visit.site), request.login(visit.pushed.as_ref()), answer)
            .await
        {
            Ok(Outcome::Done(signed_in)) => Ok(session::arrive(&visit, &request, &signed_in)),
            Ok(Outcome::Asked { parameters, session, .. }) => {
                Ok(ask(&visit, &request, &Asked::of(&parameters, &session, &asked.known_as)))
            }
            Err(error) => Ok(refused(&visit, &request, asked, &error)),
        }
    });
    answered.await
}

fn refused(visit: &Visit, request: &Request, asked: Asked, error: &Error) -> Response {
    problem::note(error);
    let again = match error.kind {
        ErrorKind::InvalidPassword | ErrorKind::PasswordHistoryPolicyViolation => {
            Asked { problem: Some(problem::key(error)), ..asked }
        }
        ErrorKind::NotAuthorized => return start_again(visit), // the sign-in so far is over
        _ => Asked { alert: Some(form::alert("error", &visit.text(problem::key(error)))), ..asked },
    };
    ask(visit, request, &again)
}

fn start_again(visit: &Visit) -> Response {
    let mut response = visit.redirect(&visit.href("/login"));
    visit.leave(&mut response, &Memo::notice("problem-form-expired"));
    response
}

pub(super) fn ask(visit: &Visit, request: &Request, asked: &Asked) -> Response {
    let mut password = Field::new_password(visit, "new-password-label").focused();
    if let Some(key) = asked.problem {
        password = password.failed(visit, key);
    }
    let mut shown = vec![password];
    for (name, value) in &asked.missing {
        let Some(definition) = visit.site.pool.config.schema.definition(name) else { continue };
        let field = Field::attribute(visit, definition, value);
        shown.push(if (asked.lacks || asked.problem.is_some()) && value.is_empty() {
            field.failed(visit, "problem-required")
        } else {
            field
        });
    }
    let names: Vec<&str> = asked.missing.iter().map(|(name, _)| name.as_str()).collect();
    let hidden = [
        ("session", asked.session.clone()),
        ("username", asked.username.clone()),
        ("known_as", asked.known_as.clone()),
        ("missing", names.join(",")),
    ];
    let more = context! {
        app => request.client.config.name(),
        alert => asked.alert.clone(),
        form => form::to(visit, "/changePassword"),
        fields => shown,
        hidden => hidden.map(|(name, value)| context! { name => name, value => value }),
        rules => fields::rules(visit),
        known_as => asked.known_as.as_str(),
        missing => !asked.missing.is_empty(),
        links => context! { sign_in => visit.href("/login") },
    };
    visit.pages.render(visit, "new_password", StatusCode::OK, more)
}
