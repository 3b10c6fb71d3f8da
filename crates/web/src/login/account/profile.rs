//! What is known of a person, as far as the application may read it. Contacts have a section of their own.

use cognate_domain::attributes::{Attributes, check_update};
use cognate_domain::delivery::Medium;
use cognate_domain::oauth::Params;
use cognate_domain::schema::Definition;

use super::page::{self, Said, Shown};
use super::{Own, form};
use crate::login::fields::Field;
use crate::login::stop::Answered;
use crate::login::visit::Visit;

/// Of what `form` has, the field holds what was entered.
pub(super) fn fields(visit: &Visit, own: &Own, form: Option<&Params>) -> Vec<Field> {
    let field = |definition: &Definition| {
        let name = definition.name.as_str();
        let sent = form.filter(|form| form.has(name)).map(|form| form::value(form, name));
        let kept = own.user().attributes.filled(name).unwrap_or_default();
        let field =
            Field::attribute(visit, definition, kept).called(name, format!("profile-{}", name.replace(':', "-")));
        if is_changeable(own, definition) { field.holding(sent.unwrap_or(kept)) } else { field.fixed(visit) }
    };
    let definitions = visit.site.pool.config.schema.definitions();
    definitions.filter(|definition| is_shown(own, definition)).map(field).collect()
}

/// What cannot be changed is shown if there is something to show.
fn is_shown(own: &Own, definition: &Definition) -> bool {
    let name = definition.name.as_str();
    let ours = matches!(name, "sub" | "identities" | "updated_at" | "email_verified" | "phone_number_verified");
    let has_value = own.user().attributes.filled(name).is_some();
    !ours
        && Medium::of(name).is_none()
        && !definition.is_developer_only()
        && own.client.permissions.may_read(name)
        && (has_value || is_changeable(own, definition))
}

fn is_changeable(own: &Own, definition: &Definition) -> bool {
    definition.mutable && own.client.permissions.may_write(&definition.name)
}

pub(super) async fn save(visit: &mut Visit, own: &Own, form: &Params) -> Answered {
    let fields: Vec<Field> =
        fields(visit, own, Some(form)).into_iter().map(|field| checked(visit, own, field)).collect();
    let is_wrong = fields.iter().any(|field| field.error.is_some());
    let changes: Attributes = fields.iter().filter_map(|field| changed(own, field)).collect();
    if !is_wrong {
        match visit.cx.update_attributes(&visit.site.pool, own.user(), &changes).await {
            Ok(_) => return Ok(own.done(visit, "account-saved")),
            Err(error) => {
                let said = Some(Said::problem(visit, "profile", page::key_of(&error)));
                return page::page(visit, own, Shown { profile: Some(fields), said, ..Shown::default() }).await;
            }
        }
    }
    page::page(visit, own, Shown { profile: Some(fields), ..Shown::default() }).await
}

/// What was entered, if it is something else than what is kept.
fn changed<'f>(own: &Own, field: &'f Field) -> Option<(&'f str, &'f str)> {
    let kept = own.user().attributes.filled(&field.name).unwrap_or_default();
    (!field.is_fixed() && field.value != kept).then_some((field.name.as_str(), field.value.as_str()))
}

/// As the API checks it, one by one, so that the field itself says what is wrong.
fn checked(visit: &Visit, own: &Own, field: Field) -> Field {
    let one: Attributes = changed(own, &field).into_iter().collect();
    match check_update(&visit.site.pool.config.schema, &one, &own.client.permissions) {
        Ok(()) => field,
        Err(_) if field.value.is_empty() => field.failed(visit, "problem-required"),
        Err(_) if field.name == "birthdate" => field.failed(visit, "problem-birthdate"),
        Err(_) => field.failed(visit, "problem-field"),
    }
}
