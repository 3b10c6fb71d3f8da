//! The filter of `ListUsers`, and what is kept of a user so that it can be answered by a range scan.
//!
//! `<attribute> = "<value>"` or `<attribute> ^= "<value>"`; `\"` and `\\` inside the value. `user_search` holds the folded
//! pairs of `search_rows`, compared byte by byte. User-pools.md, section 21.

use crate::error::{Error, Result};
use crate::user::User;
use crate::username::{SignInNames, fold};

#[cfg(test)]
mod tests;

/// Rows hold the first characters only: no filter is longer (256), and engines limit what an index entry may hold.
const SEARCHED_CHARACTERS: usize = 256;

#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Filter {
    pub attribute: SearchAttribute,
    pub comparison: Comparison,
    /// As it was written, unescaped.
    pub value: String,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Comparison {
    Equals,
    StartsWith,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum SearchAttribute {
    Username,
    Email,
    PhoneNumber,
    Name,
    GivenName,
    FamilyName,
    PreferredUsername,
    UserStatus,
    /// Whether the user is enabled.
    Status,
    Sub,
}

impl SearchAttribute {
    pub const ALL: [Self; 10] = [
        Self::Username,
        Self::Email,
        Self::PhoneNumber,
        Self::Name,
        Self::GivenName,
        Self::FamilyName,
        Self::PreferredUsername,
        Self::UserStatus,
        Self::Status,
        Self::Sub,
    ];

    /// As it is written in a filter and in the store's rows.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Username => "username",
            Self::Email => "email",
            Self::PhoneNumber => "phone_number",
            Self::Name => "name",
            Self::GivenName => "given_name",
            Self::FamilyName => "family_name",
            Self::PreferredUsername => "preferred_username",
            Self::UserStatus => "cognito:user_status",
            Self::Status => "status",
            Self::Sub => "sub",
        }
    }

    fn from_name(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|attribute| attribute.name() == name)
    }

    /// A username is found in any spelling only where it also signs in in any spelling: AWS documents it as case-sensitive,
    /// which two spellings of one name in a case-insensitive pool would contradict.
    fn folded(self, value: &str, names: &SignInNames) -> String {
        let value: String = value.chars().take(SEARCHED_CHARACTERS).collect();
        match self {
            Self::Username => names.fold(&value),
            Self::Status | Self::Sub => value,
            _ => fold(&value),
        }
    }
}

impl Filter {
    /// None if the filter is blank: everybody.
    pub fn parse(text: &str) -> Result<Option<Self>> {
        let text = text.trim();
        if text.is_empty() {
            return Ok(None);
        }
        let (name, comparison, value) = read(text).ok_or_else(Error::filter_unreadable)?;
        let attribute = SearchAttribute::from_name(name).ok_or_else(|| Error::invalid_search_attribute(name))?;
        Ok(Some(Self { attribute, comparison, value }))
    }

    /// What the rows are compared with.
    pub fn folded_value(&self, names: &SignInNames) -> String {
        self.attribute.folded(&self.value, names)
    }
}

/// The three parts of a condition that is written as it should be.
fn read(text: &str) -> Option<(&str, Comparison, String)> {
    let end = text.find(|c: char| c.is_whitespace() || matches!(c, '=' | '^' | '"')).filter(|end| *end > 0)?;
    let (name, rest) = text.split_at(end);
    let rest = rest.trim_start();
    let (comparison, rest) = match rest.strip_prefix("^=") {
        Some(rest) => (Comparison::StartsWith, rest),
        None => (Comparison::Equals, rest.strip_prefix('=')?),
    };
    Some((name, comparison, unquote(rest.trim_start())?))
}

/// The content of one quoted value with nothing behind it. A backslash before anything but `"` and `\` is itself.
fn unquote(text: &str) -> Option<String> {
    let mut characters = text.strip_prefix('"')?.chars().peekable();
    let mut value = String::new();
    loop {
        match characters.next()? {
            '"' => return characters.next().is_none().then_some(value),
            '\0' => return None,
            '\\' => value.push(characters.next_if(|next| matches!(next, '"' | '\\')).unwrap_or('\\')),
            c => value.push(c),
        }
    }
}

/// Every pair by which a user is found, written whenever the user is.
pub fn search_rows(user: &User, names: &SignInNames) -> Vec<(SearchAttribute, String)> {
    let value = |attribute| match attribute {
        SearchAttribute::Username => Some(user.username.as_str()),
        SearchAttribute::Sub => Some(user.id.as_str()),
        SearchAttribute::UserStatus => Some(user.status.name()),
        SearchAttribute::Status => Some(if user.enabled { "Enabled" } else { "Disabled" }),
        other => user.attributes.filled(other.name()),
    };
    let row = |attribute: SearchAttribute| Some((attribute, attribute.folded(value(attribute)?, names)));
    SearchAttribute::ALL.into_iter().filter_map(row).collect()
}

/// The smallest text that is greater, byte by byte, than every text that begins with `prefix`; none if there is none.
pub fn prefix_end(prefix: &str) -> Option<String> {
    let mut end = prefix.to_owned();
    while let Some(last) = end.pop() {
        // UTF-8 sorts as code points do; a range of characters steps over the surrogates.
        if let Some(next) = (last..=char::MAX).nth(1) {
            end.push(next);
            return Some(end);
        }
    }
    None
}
