//! `/account/verify`: the code that proves a contact. It was sent before anybody comes here.

use axum::body::Body;
use axum::response::Response;
use cognate_domain::delivery::Medium;
use http::StatusCode;
use minijinja::context;

use super::{Own, expired, form, page};
use crate::login::fields::Field;
use crate::login::form::Sent;
use crate::login::stop::Answered;
use crate::login::visit::Visit;
use crate::login::{Stop, problem};

pub(super) async fn show(visit: Visit) -> Response {
    let answered = visit.answer(|visit| async move {
        let own = Own::enter(&visit).await?;
        let medium = named(&visit, &own, visit.params.get("attribute").ok().flatten().unwrap_or_default())?;
        ask(&visit, &own, medium, Field::code(&visit)).await
    });
    answered.await
}

pub(super) async fn submit(visit: Visit, body: Body) -> Response {
    let answered = visit.answer(|mut visit| async move {
        let own = Own::enter(&visit).await?;
        let Sent::Own(form) = form::read(&visit, body).await else { return expired(&visit, &own).await };
        let medium = named(&visit, &own, form::value(&form, "attribute"))?;
        let code = page::entered(&form, "code");
        if code.is_empty() {
            return ask(&visit, &own, medium, Field::code(&visit).failed(&visit, "problem-required")).await;
        }
        match visit.cx.verify_attribute(&visit.site.pool, own.user(), medium, code).await {
            Ok(()) => Ok(own.done(&visit, "account-contact-verified")),
            Err(error) => {
                let field = Field::code(&visit).failed(&visit, page::key_of(&error));
                ask(&visit, &own, medium, field).await
            }
        }
    });
    answered.await
}

/// A contact that the application may read.
fn named(visit: &Visit, own: &Own, attribute: &str) -> Result<Medium, Stop> {
    let medium = Medium::of(attribute).filter(|medium| own.client.permissions.may_read(medium.attribute()));
    medium.ok_or_else(|| Stop::from(visit.redirect(&own.href(visit, "/account"))))
}

async fn ask(visit: &Visit, own: &Own, medium: Medium, code: Field) -> Answered {
    let pending = visit.cx.pending_contact(own.user(), medium).await;
    let pending = pending.map_err(|error| problem::failed(visit, &error))?;
    let kept = own.user().attributes.filled(medium.attribute());
    let Some(destination) = pending.as_deref().or(kept) else {
        return Ok(visit.redirect(&own.href(visit, "/account")));
    };
    let more = context! {
        app => own.client.config.name(),
        form => page::form_to(visit, own, "/account/verify"),
        fields => [code],
        hidden => page::hidden(&[("attribute", medium.attribute())]),
        destination => destination,
        links => context! { account => own.href(visit, "/account") },
    };
    Ok(visit.pages.render(visit, "account_verify", StatusCode::OK, more))
}
