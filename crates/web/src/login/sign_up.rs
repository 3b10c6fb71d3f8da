//! `/signup`: what the pool asks of a new person. AWS shows what is required; we also show a contact that the pool verifies by
//! itself, because without one nobody can confirm their account.

use axum::body::Body;
use axum::response::Response;
use cognate_domain::attributes::Attributes;
use cognate_domain::delivery::Medium;
use cognate_domain::error::ErrorKind;
use cognate_domain::oauth::Params;
use cognate_domain::schema::Definition;
use cognate_domain::sign_in::{Factor, SignIn};
use cognate_domain::username::{NameKind, is_email, is_phone};
use cognate_engine::sign_up::{SignUp, SignedUp};
use http::StatusCode;
use minijinja::{Value, context};

use super::fields::{self, Field};
use super::form::{self, Sent};
use super::memo::Memo;
use super::request::Request;
use super::visit::Visit;
use super::{Stop, confirm, error_page, problem, provider};

pub(super) async fn show(visit: Visit) -> Response {
    let answered = visit.answer(|visit| async move {
        let request = open(&visit).await?;
        Ok(page(&visit, &request, fields_of(&visit, &request, &Params::default()), None))
    });
    answered.await
}

/// Whoever may sign up here.
async fn open(visit: &Visit) -> Result<Request, Stop> {
    let request = visit.request().await?;
    provider::check(visit, &request)?;
    if visit.site.pool.only_admins_create() {
        return Err(Stop::from(error_page::page(visit, StatusCode::BAD_REQUEST, "unauthorized_client")));
    }
    Ok(request)
}

pub(super) async fn submit(visit: Visit, body: Body) -> Response {
    let answered = visit.answer(|mut visit| async move {
        let request = open(&visit).await?;
        let Sent::Own(form) = form::read(&visit, body).await else {
            let expired = form::alert("error", &visit.text("problem-form-expired"));
            return Ok(page(&visit, &request, fields_of(&visit, &request, &Params::default()), Some(expired)));
        };
        let fields = checked(&visit, fields_of(&visit, &request, &form), &form);
        if fields.iter().any(|field| field.error.is_some()) {
            return Ok(page(&visit, &request, fields, None));
        }

        let mut attributes = Attributes::default();
        for definition in asked_for(&visit, &request) {
            let value = form::value(&form, &definition.name);
            if !value.is_empty() {
                attributes.set(definition.name.clone(), value);
            }
        }
        let (username, password) = (form::value(&form, "username"), form::value(&form, "password"));
        let asked = SignUp { username, password: Some(password), attributes };
        match visit.cx.sign_up(&visit.site.pool, &request.client, asked).await {
            Ok(signed_up) => Ok(to_confirmation(&visit, &request, username, &signed_up)),
            // Whoever did not get the message is there all the same, and can ask for another.
            Err(error) if error.kind == ErrorKind::CodeDeliveryFailure => {
                problem::note(&error);
                let mut response = visit.redirect(&visit.href("/confirm"));
                let memo = Memo { username: Some(username.to_owned()), ..Memo::notice(problem::key(&error)) };
                visit.leave(&mut response, &memo);
                Ok(response)
            }
            Err(error) => {
                problem::note(&error);
                let alert = form::alert("error", &visit.text(problem::key(&error)));
                Ok(page(&visit, &request, fields, Some(alert)))
            }
        }
    });
    answered.await
}

/// The password was chosen a moment ago: it need not be asked for again once the account is confirmed.
fn to_confirmation(visit: &Visit, request: &Request, username: &str, signed_up: &SignedUp) -> Response {
    let memo = Memo {
        username: Some(username.to_owned()),
        destination: signed_up.sent.as_ref().map(|sent| sent.destination().masked),
        notice: signed_up.sent.is_none().then(|| confirm::NO_CODE.to_owned()),
        sign_in: Some(SignIn::begin(&signed_up.user, &request.client.id).with(Factor::Password)),
        ..Memo::default()
    };
    let mut response = visit.redirect(&visit.href("/confirm"));
    visit.leave(&mut response, &memo);
    response
}

/// The attributes of the form, in the schema's order: without the one that the name fills, and without what the client may not write.
fn asked_for<'a>(visit: &'a Visit, request: &'a Request) -> impl Iterator<Item = &'a Definition> {
    let pool = &visit.site.pool;
    let verified =
        |name: &str| pool.auto_verified().iter().any(|contact| Medium::verifying(*contact).attribute() == name);
    let filled = |name: &str| match pool.config.names.kind {
        NameKind::UsernameAttributes { email, phone } => {
            (name == "email" && email && !phone) || (name == "phone_number" && phone && !email)
        }
        _ => false,
    };
    pool.config
        .schema
        .definitions()
        .filter(move |one| one.name != "sub" && (one.required || verified(&one.name)) && !filled(&one.name))
        .filter(|one| request.client.permissions.may_write(&one.name))
}

fn fields_of(visit: &Visit, request: &Request, form: &Params) -> Vec<Field> {
    let only_contact = visit.site.pool.auto_verified().len() == 1;
    let contact_is_name = matches!(visit.site.pool.config.names.kind, NameKind::UsernameAttributes { .. });
    let mut fields = vec![Field::username(visit, form::value(form, "username"))];
    fields.extend(asked_for(visit, request).map(|definition| {
        let is_contact = Medium::of(&definition.name).is_some();
        let needed = definition.required || (is_contact && only_contact && !contact_is_name);
        let definition = Definition { required: needed, ..definition.clone() };
        Field::attribute(visit, &definition, form::value(form, &definition.name))
    }));
    fields.push(Field::new_password(visit, "password-label"));
    fields
}

/// What can be said of each field before anything is looked up.
fn checked(visit: &Visit, fields: Vec<Field>, form: &Params) -> Vec<Field> {
    let policy = &visit.site.pool.config.password_policy;
    let judge = |field: Field| {
        let value = form::value(form, &field.name);
        let problem = match field.name.as_str() {
            _ if value.is_empty() && field.required() => Some("problem-required"),
            _ if value.is_empty() => None,
            "password" => policy.check(value).is_err().then_some("problem-password"),
            "email" => (!is_email(value)).then_some("problem-email"),
            "birthdate" => (!is_date(value)).then_some("problem-birthdate"),
            "phone_number" => (!is_phone(value)).then_some("problem-phone"),
            "username" => match visit.site.pool.config.names.check_new(value) {
                Ok(_) => None,
                Err(_) => Some(field.problem_of_its_kind()),
            },
            _ => None,
        };
        match problem {
            Some(key) => field.failed(visit, key),
            None => field,
        }
    };
    fields.into_iter().map(judge).collect()
}

/// As the pool keeps one: ten characters.
fn is_date(value: &str) -> bool {
    value.len() == 10 && value.bytes().all(|byte| byte.is_ascii_digit() || byte == b'-')
}

fn page(visit: &Visit, request: &Request, fields: Vec<Field>, alert: Option<Value>) -> Response {
    let more = context! {
        app => request.client.config.name(),
        alert => alert,
        form => form::to(visit, "/signup"),
        fields => fields,
        rules => fields::rules(visit),
        links => context! { sign_in => visit.href("/login") },
    };
    visit.pages.render(visit, "sign_up", StatusCode::OK, more)
}
