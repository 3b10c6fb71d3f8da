//! What may be written (user-pools.md, section 5.3). A blank value is no value.
//!
//! Complaints about several attributes are one sentence: a line each, and every line ends with a line feed.

use time::format_description::well_known::{Iso8601, Rfc3339};
use time::{Date, OffsetDateTime};

use super::{Attributes, EMAIL, MOST, PHONE_NUMBER, Permissions, is_verified_flag};
use crate::error::{Error, Result};
use crate::schema::{Bounds, Definition, Kind, LONGEST_VALUE, Schema};
use crate::username::{is_email, is_phone};

pub fn check_sign_up(schema: &Schema, attributes: &Attributes, client: &Permissions) -> Result<()> {
    let known = known(schema, attributes)?;
    allowed(attributes, client)?;
    let mut lines = missing(schema, attributes);
    lines.extend(off_type(&known));
    refuse(&lines, Error::attributes_off_schema)?;
    contacts(attributes)
}

/// Required attributes may be missing: the user supplies them with the new password.
pub fn check_admin_create(schema: &Schema, attributes: &Attributes) -> Result<()> {
    let known = known(schema, attributes)?;
    refuse(&off_type(&known), Error::attributes_off_schema)?;
    contacts(attributes)
}

pub fn check_update(schema: &Schema, changes: &Attributes, client: &Permissions) -> Result<()> {
    let known = known(schema, changes)?;
    allowed(changes, client)?;
    changeable(&known, changes)
}

pub fn check_admin_update(schema: &Schema, changes: &Attributes) -> Result<()> {
    let known = known(schema, changes)?;
    changeable(&known, changes)
}

/// `client` is none for an administrator.
pub fn check_delete(schema: &Schema, names: &[String], client: Option<&Permissions>) -> Result<()> {
    if names.len() > MOST {
        return Err(Error::too_many_attributes());
    }
    let complaint = |name: &String| match schema.definition(name) {
        None => Some(format!("user.{name}: Attribute does not exist in the schema.\n")),
        Some(one) if one.required => Some(undeletable(name)),
        Some(_) if is_ours(name) => Some(format!("user.{name}: Attribute cannot be deleted.\n")),
        Some(one) if !one.mutable => Some(format!("user.{name}: Attribute cannot be updated.\n")),
        Some(_) => None,
    };
    refuse(&names.iter().filter_map(complaint).collect::<Vec<_>>(), Error::invalid_user_attributes)?;
    match client {
        Some(client) if !names.iter().all(|name| client.may_write(name)) => Err(Error::unauthorized_attribute()),
        _ => Ok(()),
    }
}

type Known<'a> = Vec<(&'a Definition, &'a str)>;

fn known<'a>(schema: &'a Schema, attributes: &'a Attributes) -> Result<Known<'a>> {
    let known =
        |(name, value)| schema.definition(name).map(|one| (one, value)).ok_or_else(|| Error::unknown_attribute(name));
    let found: Known = attributes.iter().map(known).collect::<Result<_>>()?;
    match attributes.iter().find(|(name, _)| is_ours(name)) {
        Some((name, _)) => Err(Error::read_only_attribute(name)),
        None => Ok(found),
    }
}

/// Written by the service alone.
fn is_ours(name: &str) -> bool {
    matches!(name, "sub" | "identities")
}

fn allowed(attributes: &Attributes, client: &Permissions) -> Result<()> {
    if attributes.iter().all(|(name, _)| client.may_write(name)) {
        Ok(())
    } else {
        Err(Error::unauthorized_attribute())
    }
}

fn changeable(known: &Known<'_>, changes: &Attributes) -> Result<()> {
    let complaint = |(one, value): &(&Definition, &str)| {
        if !one.mutable {
            return Some(format!("user.{}: Attribute cannot be updated.\n", one.name));
        }
        (one.required && value.is_empty()).then(|| undeletable(&one.name))
    };
    let lines: Vec<_> = known.iter().filter_map(complaint).collect();
    refuse(&lines, Error::attributes_not_updatable)?;
    refuse(&off_type(known), Error::invalid_user_attributes)?;
    contacts(changes)
}

fn missing(schema: &Schema, attributes: &Attributes) -> Vec<String> {
    schema.required().filter(|name| attributes.filled(name).is_none()).map(required).collect()
}

fn required(name: &str) -> String {
    format!("{name}: The attribute is required\n")
}

fn undeletable(name: &str) -> String {
    format!("user.{name}: Required attribute cannot be deleted.\n")
}

fn off_type(known: &Known<'_>) -> Vec<String> {
    let filled = known.iter().filter(|(_, value)| !value.is_empty());
    filled.filter_map(|(one, value)| Some(format!("{}: {}\n", one.name, complaint(one, value)?))).collect()
}

/// What is wrong with a value, if anything.
fn complaint(definition: &Definition, value: &str) -> Option<String> {
    if value.contains('\0') {
        return Some("The attribute contains an invalid character".to_owned());
    }
    match definition.kind {
        Kind::String(bounds) => off_length(bounds, value),
        Kind::Number(bounds) => match number(value) {
            None => Some("The attribute is not a valid number".to_owned()),
            Some(number) => off_range(bounds, number),
        },
        Kind::Boolean if !is_boolean(definition, value) => Some("The attribute is not a valid boolean".to_owned()),
        Kind::DateTime if !is_date_time(value) => Some("The attribute is not a valid date".to_owned()),
        Kind::Boolean | Kind::DateTime => None,
    }
}

fn off_length(bounds: Bounds, value: &str) -> Option<String> {
    let length = i64::try_from(value.chars().count()).unwrap_or(i64::MAX);
    let max = bounds.max.unwrap_or(LONGEST_VALUE);
    if length > max {
        return Some(format!("String must be no longer than {max} characters"));
    }
    let min = bounds.min.filter(|min| length < *min)?;
    Some(format!("String must be no shorter than {min} characters"))
}

fn off_range(bounds: Bounds, number: f64) -> Option<String> {
    #[expect(clippy::cast_precision_loss, reason = "beyond 53 bits a bound is as exact as the number compared with it")]
    let beyond = |bound: &i64, ordering| number.partial_cmp(&(*bound as f64)) == Some(ordering);
    if let Some(max) = bounds.max.filter(|max| beyond(max, std::cmp::Ordering::Greater)) {
        return Some(format!("Number must be no greater than {max}"));
    }
    let min = bounds.min.filter(|min| beyond(min, std::cmp::Ordering::Less))?;
    Some(format!("Number must be no less than {min}"))
}

/// Plain decimals: no exponent, no `inf`, no `NaN`.
fn number(value: &str) -> Option<f64> {
    let plain = value.bytes().all(|byte| byte.is_ascii_digit() || matches!(byte, b'-' | b'.'));
    value.parse().ok().filter(|_| plain && value.len() <= 64)
}

fn is_boolean(definition: &Definition, value: &str) -> bool {
    let same =
        |word: &str| if is_verified_flag(&definition.name) { value == word } else { value.eq_ignore_ascii_case(word) };
    same("true") || same("false")
}

/// AWS names no format: a time of RFC 3339, a date alone, or seconds since 1970.
fn is_date_time(value: &str) -> bool {
    OffsetDateTime::parse(value, &Rfc3339).is_ok()
        || Date::parse(value, &Iso8601::DATE).is_ok()
        || value.parse::<i64>().is_ok()
}

fn contacts(attributes: &Attributes) -> Result<()> {
    if attributes.filled(EMAIL).is_some_and(|address| !is_email(address)) {
        return Err(Error::invalid_email());
    }
    if attributes.filled(PHONE_NUMBER).is_some_and(|number| !is_phone(number)) {
        return Err(Error::invalid_phone_number());
    }
    Ok(())
}

fn refuse(lines: &[String], error: impl FnOnce(&str) -> Error) -> Result<()> {
    if lines.is_empty() { Ok(()) } else { Err(error(&lines.concat())) }
}
