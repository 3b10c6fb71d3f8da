//! Which attributes an app client may read and write.

use serde::{Deserialize, Serialize};

use super::{Attributes, is_verified_flag};

/// `None` is a client without a list of its own, which is not the same as an empty list.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Permissions {
    pub read: Option<Vec<String>>,
    pub write: Option<Vec<String>>,
}

impl Permissions {
    /// AWS: without a list a client reads everything, custom attributes too. `sub` and `identities` are in every ID token.
    pub fn may_read(&self, name: &str) -> bool {
        matches!(name, "sub" | "identities") || lists(self.read.as_deref(), name)
    }

    /// AWS: without a list a client writes everything that any client may write, custom attributes too.
    pub fn may_write(&self, name: &str) -> bool {
        is_for_clients(name) && lists(self.write.as_deref(), name)
    }

    /// What a client sees of a user, in the order of the answers.
    pub fn readable<'a>(&'a self, attributes: &'a Attributes) -> impl Iterator<Item = (&'a str, &'a str)> {
        attributes.iter().filter(|(name, _)| self.may_read(name))
    }
}

fn lists(list: Option<&[String]>, name: &str) -> bool {
    list.is_none_or(|names| names.iter().any(|known| known == name))
}

/// Whether any client at all could be allowed to write it.
fn is_for_clients(name: &str) -> bool {
    !matches!(name, "sub" | "identities") && !is_verified_flag(name) && !name.starts_with("dev:")
}
