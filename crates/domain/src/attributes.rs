//! What is known of a user, by name: the ordered map, what a client may see of it, and what may be written to it.
//!
//! The order is that of writing, with `sub` first where it is among them, and it is the order of every answer.

use std::fmt;

use cognate_wire::idp::AttributeType;
use serde::de::{Deserialize, Deserializer, MapAccess, Visitor};
use serde::ser::{Serialize, Serializer};

use crate::error::{Error, Result};

mod checks;
mod permissions;
#[cfg(test)]
mod tests;
mod update;

pub use checks::{check_admin_create, check_admin_update, check_delete, check_sign_up, check_update};
pub use permissions::Permissions;
pub use update::{Update, contacts, plan_update};

pub const EMAIL: &str = "email";
pub const EMAIL_VERIFIED: &str = "email_verified";
pub const PHONE_NUMBER: &str = "phone_number";
pub const PHONE_NUMBER_VERIFIED: &str = "phone_number_verified";

/// More than any schema has: the standard attributes and fifty custom ones, for applications and for developers.
const MOST: usize = 128;

/// Each contact with the flag that says whether it was proved.
const CONTACTS: [(&str, &str); 2] = [(EMAIL, EMAIL_VERIFIED), (PHONE_NUMBER, PHONE_NUMBER_VERIFIED)];

#[derive(Clone, Default, PartialEq, Eq)]
pub struct Attributes(Vec<(String, String)>);

impl Attributes {
    /// A blank value is kept: an update deletes with it.
    pub fn from_wire(requested: Vec<AttributeType>) -> Result<Self> {
        if requested.len() > MOST {
            return Err(Error::too_many_attributes());
        }
        let mut attributes = Self::default();
        for AttributeType { name, value } in requested {
            if attributes.get(&name).is_some() {
                return Err(Error::duplicate_attribute(&name));
            }
            let mut value = value.unwrap_or_default();
            if is_verified_flag(&name) {
                // Scripts send Python's `True`; what we keep and compare is AWS's `true`.
                value.make_ascii_lowercase();
            }
            attributes.set(name, value);
        }
        Ok(attributes)
    }

    /// The change that deletes these.
    pub fn blank(names: &[String]) -> Self {
        names.iter().map(|name| (name.as_str(), "")).collect()
    }

    pub fn to_wire(&self) -> Vec<AttributeType> {
        self.iter()
            .map(|(name, value)| AttributeType { name: name.to_owned(), value: Some(value.to_owned()) })
            .collect()
    }

    pub fn get(&self, name: &str) -> Option<&str> {
        self.0.iter().find(|(known, _)| known == name).map(|(_, value)| value.as_str())
    }

    /// What a person would call present: there, and not blank.
    pub fn filled(&self, name: &str) -> Option<&str> {
        self.get(name).filter(|value| !value.is_empty())
    }

    pub fn is_true(&self, name: &str) -> bool {
        self.get(name) == Some("true")
    }

    pub fn set(&mut self, name: impl Into<String>, value: impl Into<String>) {
        let (name, value) = (name.into(), value.into());
        if let Some(entry) = self.0.iter_mut().find(|(known, _)| *known == name) {
            entry.1 = value;
            return;
        }
        let at = if name == "sub" { 0 } else { self.0.len() };
        self.0.insert(at, (name, value));
    }

    pub fn remove(&mut self, name: &str) -> Option<String> {
        let at = self.0.iter().position(|(known, _)| known == name)?;
        Some(self.0.remove(at).1)
    }

    /// Carries changes out: a blank value deletes; a contact that becomes another one is unverified unless the same change
    /// says it is verified; a deleted contact takes its flag with it.
    pub fn apply(&mut self, changes: &Self) {
        for (name, value) in changes.iter() {
            if value.is_empty() {
                self.delete(name);
                continue;
            }
            let flag = CONTACTS.iter().find(|(contact, _)| *contact == name).map(|(_, flag)| *flag);
            let is_new = self.get(name) != Some(value);
            self.set(name, value);
            if let Some(flag) = flag.filter(|flag| is_new && changes.get(flag).is_none()) {
                self.set(flag, "false");
            }
        }
    }

    /// A deleted contact takes its flag with it.
    pub fn delete(&mut self, name: &str) {
        self.remove(name);
        if let Some((_, flag)) = CONTACTS.iter().find(|(contact, _)| *contact == name) {
            self.remove(flag);
        }
    }

    pub fn iter(&self) -> impl Iterator<Item = (&str, &str)> {
        self.0.iter().map(|(name, value)| (name.as_str(), value.as_str()))
    }

    pub fn len(&self) -> usize {
        self.0.len()
    }

    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }
}

fn is_verified_flag(name: &str) -> bool {
    CONTACTS.iter().any(|(_, flag)| *flag == name)
}

impl<N: Into<String>, V: Into<String>> FromIterator<(N, V)> for Attributes {
    fn from_iter<I: IntoIterator<Item = (N, V)>>(pairs: I) -> Self {
        let mut attributes = Self::default();
        for (name, value) in pairs {
            attributes.set(name, value);
        }
        attributes
    }
}

/// Names only: the values are people's, and no log may hold them.
impl fmt::Debug for Attributes {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_set().entries(self.iter().map(|(name, _)| name)).finish()
    }
}

impl Serialize for Attributes {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_map(self.iter())
    }
}

impl<'de> Deserialize<'de> for Attributes {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct Map;
        impl<'de> Visitor<'de> for Map {
            type Value = Attributes;

            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("an object of strings")
            }

            fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Attributes, A::Error> {
                let mut attributes = Attributes::default();
                while let Some((name, value)) = map.next_entry::<String, String>()? {
                    attributes.set(name, value);
                }
                Ok(attributes)
            }
        }
        deserializer.deserialize_map(Map)
    }
}
