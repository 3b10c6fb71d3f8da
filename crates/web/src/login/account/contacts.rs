//! E-mail address and phone number. A change asks for the password: codes that set a new one go there, today or once it
//! is confirmed. When a new one counts is the pool's rule, as in the API.

use cognate_domain::Result;
use cognate_domain::attributes::{Attributes, check_update};
use cognate_domain::delivery::Medium;
use cognate_domain::error::ErrorKind;
use cognate_domain::oauth::Params;
use cognate_domain::schema::Definition;
use minijinja::{Value, context};

use super::page::{self, Shown};
use super::prove::{self, Asking};
use super::{Own, form, href_with};
use crate::login::fields::{Field, label};
use crate::login::problem;
use crate::login::stop::Answered;
use crate::login::visit::Visit;

const ALL: [Medium; 2] = [Medium::Email, Medium::Sms];

/// `failed` is the field of a change that was refused.
pub(super) async fn rows(visit: &Visit, own: &Own, failed: Option<(Medium, Field)>) -> Result<Vec<Value>> {
    let mut rows = Vec::new();
    for medium in ALL {
        let Some(definition) = definition(visit, own, medium) else { continue };
        let value = own.user().attributes.filled(medium.attribute());
        let pending = visit.cx.pending_contact(own.user(), medium).await?;
        let verified = own.user().attributes.is_true(medium.verified_flag());
        let can_change = is_changeable(own, definition);
        if value.is_none() && pending.is_none() && !can_change {
            continue;
        }
        let refused = failed.as_ref().filter(|(of, _)| *of == medium).map(|(_, field)| field.clone());
        let field =
            can_change.then(|| refused.unwrap_or_else(|| self::field(visit, definition, value.unwrap_or_default())));
        rows.push(context! {
            attribute => medium.attribute(),
            label => label(visit, medium.attribute()),
            value => value,
            verified => verified,
            can_verify => pending.is_some() || (value.is_some() && !verified),
            pending => pending,
            can_change => can_change,
            field => field,
        });
    }
    Ok(rows)
}

/// Of a contact that the application may read.
fn definition<'v>(visit: &'v Visit, own: &Own, medium: Medium) -> Option<&'v Definition> {
    let definition = visit.site.pool.config.schema.definition(medium.attribute());
    definition.filter(|definition| own.client.permissions.may_read(&definition.name))
}

fn is_changeable(own: &Own, definition: &Definition) -> bool {
    own.has_password() && definition.mutable && own.client.permissions.may_write(&definition.name)
}

fn field(visit: &Visit, definition: &Definition, value: &str) -> Field {
    Field::attribute(visit, definition, value).called("value", format!("contact-{}", definition.name))
}

pub(super) async fn act(visit: &mut Visit, own: &Own, form: &Params) -> Answered {
    let medium = Medium::of(form::value(form, "attribute")).filter(|medium| definition(visit, own, *medium).is_some());
    match (medium, form::value(form, "action")) {
        (Some(medium), "verify") => send_code(visit, own, medium).await,
        (Some(medium), "change") => change(visit, own, medium, form).await,
        _ => Ok(visit.redirect(&own.href(visit, "/account"))),
    }
}

async fn send_code(visit: &mut Visit, own: &Own, medium: Medium) -> Answered {
    match visit.cx.send_verification(&visit.site.pool, own.user(), medium).await {
        Ok(_) => Ok(visit.redirect(&verify_href(visit, own, medium))),
        Err(error) => page::again(visit, own, "contacts", page::key_of(&error)).await,
    }
}

async fn change(visit: &mut Visit, own: &Own, medium: Medium, form: &Params) -> Answered {
    let (attribute, value) = (medium.attribute(), page::entered(form, "value"));
    let changes: Attributes = [(attribute, value)].into_iter().collect();
    if check_update(&visit.site.pool.config.schema, &changes, &own.client.permissions).is_err() {
        return refused(visit, own, (medium, value), None).await;
    }
    let hidden = [("section", "contacts"), ("attribute", attribute), ("action", "change"), ("value", value)];
    prove::proven(visit, own, form, Asking::before(&hidden)).await?;

    match visit.cx.update_attributes(&visit.site.pool, own.user(), &changes).await {
        Ok(sent) if sent.is_empty() => Ok(own.done(visit, "account-contact-changed")),
        Ok(_) => Ok(visit.redirect(&verify_href(visit, own, medium))),
        // It is changed, or waits; another code can be asked for.
        Err(error) if error.kind == ErrorKind::CodeDeliveryFailure => {
            problem::note(&error);
            Ok(own.done(visit, "problem-delivery"))
        }
        Err(error) => refused(visit, own, (medium, value), Some(page::key_of(&error))).await,
    }
}

/// The page again, with what was entered and what is wrong with it.
async fn refused(visit: &Visit, own: &Own, entered: (Medium, &str), key: Option<&str>) -> Answered {
    let (medium, value) = entered;
    let Some(definition) = definition(visit, own, medium).filter(|definition| is_changeable(own, definition)) else {
        return page::again(visit, own, "contacts", "problem-field").await;
    };
    let field = field(visit, definition, value);
    let of_its_kind = if value.is_empty() { "problem-required" } else { field.problem_of_its_kind() };
    let field = field.failed(visit, key.unwrap_or(of_its_kind));
    page::page(visit, own, Shown { contact: Some((medium, field)), ..Shown::default() }).await
}

pub(super) fn verify_href(visit: &Visit, own: &Own, medium: Medium) -> String {
    href_with(visit, &own.client, "/account/verify", &[("attribute", medium.attribute())])
}
