//! Cognito's CSV of users: one row each, no quotes, `\,` for a comma (user-pools.md, section 22).
//!
//! Every column of the pool must be there, in any order. What is wrong is said without the values: they are people's.

use time::{Date, Month};

use crate::attributes::{Attributes, EMAIL, EMAIL_VERIFIED, PHONE_NUMBER, PHONE_NUMBER_VERIFIED, check_admin_create};
use crate::pool::Pool;
use crate::schema::Schema;
use cognate_wire::idp::{UserPoolMfaType, VerifiedAttributeType};

pub const LONGEST_ROW: usize = 16_000;
pub const MOST_ROWS: u64 = 500_000;
pub const LARGEST_FILE: u64 = 100 << 20;

const USERNAME: &str = "cognito:username";
const MFA_ENABLED: &str = "cognito:mfa_enabled";
const LONGEST_USERNAME: usize = 128;

/// The columns of a pool's CSV, in the order of `GetCSVHeader`.
pub fn header(schema: &Schema) -> Vec<String> {
    let theirs =
        schema.definitions().map(|one| one.name.as_str()).filter(|name| !matches!(*name, "sub" | "identities"));
    theirs.chain([MFA_ENABLED, USERNAME]).map(str::to_owned).collect()
}

/// The columns of one file, in its order.
#[derive(Debug)]
pub struct Columns(Vec<String>);

/// A user as a row says it.
#[derive(Debug)]
pub struct CsvUser {
    /// As it stands in the row; in a pool where a contact is the name, that contact.
    pub name: String,
    pub attributes: Attributes,
}

impl Columns {
    pub fn read(line: &[u8], schema: &Schema) -> Result<Self, String> {
        let found = fields(text(line)?)?;
        let wanted = header(schema);
        if let Some(missing) = wanted.iter().find(|column| !found.contains(column)) {
            return Err(format!("the column {missing} is missing"));
        }
        if let Some(unknown) = found.iter().find(|column| !wanted.contains(column)) {
            return Err(format!("the column {unknown:?} is none of this pool's"));
        }
        if found.len() > wanted.len() {
            return Err("a column stands there twice".to_owned());
        }
        Ok(Self(found))
    }

    /// The user of one row, by the rules of their pool.
    pub fn row(&self, line: &[u8], pool: &Pool) -> Result<CsvUser, String> {
        let values = fields(text(line)?)?;
        if values.len() != self.0.len() {
            return Err(format!("{} values where the header has {} columns", values.len(), self.0.len()));
        }
        let value = |column: &str| {
            let at = self.0.iter().position(|name| name == column);
            at.and_then(|at| values.get(at)).map_or("", String::as_str)
        };

        let name = username(value(USERNAME), pool)?;
        mfa(value(MFA_ENABLED), pool)?;
        let mut attributes = Attributes::default();
        for (column, value) in self.0.iter().zip(&values).filter(|(_, value)| !value.is_empty()) {
            if !matches!(column.as_str(), USERNAME | MFA_ENABLED) {
                attributes.set(column, formed(column, value)?);
            }
        }
        fill_contact(&mut attributes, &name, pool)?;
        complete(&attributes, pool)?;
        Ok(CsvUser { name, attributes })
    }
}

/// Whether users can be imported at all: AWS asks for an attribute that the pool verifies by itself.
pub fn check_pool(pool: &Pool) -> Result<(), String> {
    if pool.auto_verified().is_empty() {
        return Err(
            "the pool verifies no attribute by itself (AutoVerifiedAttributes), so nobody could sign in".to_owned()
        );
    }
    Ok(())
}

fn text(line: &[u8]) -> Result<&str, String> {
    if line.starts_with(b"\xef\xbb\xbf") {
        return Err("a byte order mark stands at the beginning: save the file as UTF-8 without one".to_owned());
    }
    let text = std::str::from_utf8(line).map_err(|_| "this is no UTF-8".to_owned())?;
    if text.chars().count() > LONGEST_ROW {
        return Err(format!("more than {LONGEST_ROW} characters"));
    }
    if text.contains('"') {
        return Err("quotes are not allowed; a comma inside a value is written \\,".to_owned());
    }
    if text.chars().any(|c| c.is_control() && c != '\t') {
        return Err("a control character".to_owned());
    }
    Ok(text)
}

fn fields(row: &str) -> Result<Vec<String>, String> {
    if row.trim().is_empty() {
        return Err("an empty line".to_owned());
    }
    let mut fields = vec![String::new()];
    let mut characters = row.chars().peekable();
    while let Some(c) = characters.next() {
        match (c, fields.last_mut()) {
            (',', _) => fields.push(String::new()),
            ('\\', Some(field)) => field.push(characters.next_if_eq(&',').unwrap_or('\\')),
            (c, Some(field)) => field.push(c),
            (_, None) => {}
        }
    }
    Ok(fields.into_iter().map(|field| field.trim().to_owned()).collect())
}

fn username(name: &str, pool: &Pool) -> Result<String, String> {
    if name.is_empty() {
        return Err(format!("{USERNAME} is empty"));
    }
    if name.chars().count() > LONGEST_USERNAME || name.chars().any(char::is_whitespace) {
        return Err(format!("{USERNAME} has white space in it or more than {LONGEST_USERNAME} characters"));
    }
    pool.config.names.check_new(name).map_err(|error| error.message.into_owned())?;
    Ok(name.to_owned())
}

/// AWS: the column must say what the pool asks of everybody.
fn mfa(value: &str, pool: &Pool) -> Result<(), String> {
    let enabled = boolean(MFA_ENABLED, value)? == "true";
    match pool.config.described.mfa_configuration {
        Some(UserPoolMfaType::On) if !enabled => Err(format!("{MFA_ENABLED} must be true: the pool requires MFA")),
        Some(UserPoolMfaType::Off) | None if enabled => {
            Err(format!("{MFA_ENABLED} must be false: the pool has no MFA"))
        }
        _ => Ok(()),
    }
}

/// A value in the form that its column asks for.
fn formed(column: &str, value: &str) -> Result<String, String> {
    match column {
        EMAIL_VERIFIED | PHONE_NUMBER_VERIFIED => boolean(column, value).map(str::to_owned),
        "birthdate" if !is_birthdate(value) => Err("birthdate is not mm/dd/yyyy".to_owned()),
        "updated_at" if value.len() > 15 || !value.bytes().all(|byte| byte.is_ascii_digit()) => {
            Err("updated_at is not a number of seconds since 1970".to_owned())
        }
        _ => Ok(value.to_owned()),
    }
}

fn boolean(column: &str, value: &str) -> Result<&'static str, String> {
    if value.eq_ignore_ascii_case("true") {
        Ok("true")
    } else if value.eq_ignore_ascii_case("false") {
        Ok("false")
    } else {
        Err(format!("{column} is neither true nor false"))
    }
}

fn is_birthdate(value: &str) -> bool {
    let mut parts = value.split('/');
    let mut number = |length: usize| {
        let part = parts.next().filter(|part| part.len() == length && part.bytes().all(|byte| byte.is_ascii_digit()));
        part.and_then(|part| part.parse::<u16>().ok())
    };
    let (Some(month), Some(day), Some(year)) = (number(2), number(2), number(4)) else { return false };
    let month = u8::try_from(month).ok().and_then(|month| Month::try_from(month).ok());
    let date = month.zip(u8::try_from(day).ok());
    parts.next().is_none()
        && date.is_some_and(|(month, day)| Date::from_calendar_date(i32::from(year), month, day).is_ok())
}

/// Where a contact is the name, the name is that contact.
fn fill_contact(attributes: &mut Attributes, name: &str, pool: &Pool) -> Result<(), String> {
    let Some(kind) = pool.config.names.check_new(name).map_err(|error| error.message.into_owned())? else {
        return Ok(());
    };
    match attributes.filled(kind.name()) {
        Some(given) if given != name => Err(format!("{USERNAME} and {} differ", kind.name())),
        Some(_) => Ok(()),
        None => {
            attributes.set(kind.name(), name);
            Ok(())
        }
    }
}

fn complete(attributes: &Attributes, pool: &Pool) -> Result<(), String> {
    let schema = &pool.config.schema;
    if let Some(missing) = schema.required().find(|name| attributes.filled(name).is_none()) {
        return Err(format!("the required attribute {missing} is empty"));
    }
    for (contact, flag) in [(EMAIL, EMAIL_VERIFIED), (PHONE_NUMBER, PHONE_NUMBER_VERIFIED)] {
        if attributes.is_true(flag) && attributes.filled(contact).is_none() {
            return Err(format!("{flag} is true and {contact} is empty"));
        }
    }
    let verified = pool.auto_verified().iter().any(|one| match one {
        VerifiedAttributeType::Email => attributes.is_true(EMAIL_VERIFIED),
        VerifiedAttributeType::PhoneNumber => attributes.is_true(PHONE_NUMBER_VERIFIED),
    });
    if !verified {
        return Err("none of the attributes that the pool verifies by itself is verified".to_owned());
    }
    check_admin_create(schema, attributes).map_err(|error| error.message.trim().replace('\n', "; "))
}
