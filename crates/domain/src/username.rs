//! Under which names a user signs in: the three kinds of pools, what a username may look like, and where it is looked up.
//!
//! A pool is of one kind for ever. `user_aliases` holds exactly the pairs of `aliases_of`, so that a name is one user's.
//! User-pools.md, section 4.

use cognate_wire::idp::{AliasAttributeType, UsernameAttributeType, UsernameConfigurationType};
use serde::{Deserialize, Serialize};

use crate::attributes::{Attributes, EMAIL, EMAIL_VERIFIED, PHONE_NUMBER, PHONE_NUMBER_VERIFIED};
use crate::error::{Error, Result};
use crate::user::{User, UserStatus};

#[cfg(test)]
pub(crate) mod tests;

const PREFERRED_USERNAME: &str = "preferred_username";

/// Bytes of a name that are kept as they are; of a longer one its digest.
const LONGEST_KEY: usize = 512;

#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct SignInNames {
    pub kind: NameKind,
    pub case_sensitive: bool,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum NameKind {
    /// The username is the only name.
    Plain,
    /// A chosen username, and verified contacts or the preferred username beside it.
    Aliases { email: bool, phone: bool, preferred_username: bool },
    /// A contact is the name; the stored username is the `sub`.
    UsernameAttributes { email: bool, phone: bool },
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum AliasKind {
    Username,
    /// Never a row of `user_aliases`: the `sub` is the user's own key.
    Sub,
    Email,
    PhoneNumber,
    PreferredUsername,
}

impl AliasKind {
    /// The stable form, which the store keeps. For attributes it is their name.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Username => "username",
            Self::Sub => "sub",
            Self::Email => EMAIL,
            Self::PhoneNumber => PHONE_NUMBER,
            Self::PreferredUsername => PREFERRED_USERNAME,
        }
    }

    /// Among which names it must be the only one. A username and a preferred username are looked up alike, so nobody may
    /// take one that is somebody else's other.
    pub const fn space(self) -> &'static str {
        match self {
            Self::PreferredUsername => Self::Username.name(),
            other => other.name(),
        }
    }

    pub fn from_name(name: &str) -> Result<Self> {
        [Self::Username, Self::Sub, Self::Email, Self::PhoneNumber, Self::PreferredUsername]
            .into_iter()
            .find(|kind| kind.name() == name)
            .ok_or_else(|| Error::corrupt(format!("alias kind {name}")))
    }
}

impl SignInNames {
    /// AWS: a pool made through the API is case-sensitive unless it says otherwise.
    pub fn from_wire(
        aliases: Option<&[AliasAttributeType]>,
        attributes: Option<&[UsernameAttributeType]>,
        configuration: Option<&UsernameConfigurationType>,
    ) -> Result<Self> {
        let (aliases, attributes) = (aliases.unwrap_or_default(), attributes.unwrap_or_default());
        let kind = match (aliases, attributes) {
            ([], []) => NameKind::Plain,
            (aliases, []) => NameKind::Aliases {
                email: aliases.contains(&AliasAttributeType::Email),
                phone: aliases.contains(&AliasAttributeType::PhoneNumber),
                preferred_username: aliases.contains(&AliasAttributeType::PreferredUsername),
            },
            ([], attributes) => NameKind::UsernameAttributes {
                email: attributes.contains(&UsernameAttributeType::Email),
                phone: attributes.contains(&UsernameAttributeType::PhoneNumber),
            },
            _ => return Err(Error::both_alias_kinds()),
        };
        Ok(Self { kind, case_sensitive: configuration.is_none_or(|configuration| configuration.case_sensitive) })
    }

    /// What names are compared by. The spelling that was given is kept beside it.
    pub fn fold(&self, value: &str) -> String {
        if self.case_sensitive { value.to_owned() } else { fold(value) }
    }

    /// Whether a new user may be called so; the attribute that the name fills, if it is one.
    pub fn check_new(&self, username: &str) -> Result<Option<AliasKind>> {
        match self.kind {
            NameKind::Aliases { email: true, .. } if is_email(username) => {
                Err(Error::username_looks_like_email_alias())
            }
            NameKind::Aliases { phone: true, .. } if is_phone(username) => {
                Err(Error::username_looks_like_phone_alias())
            }
            NameKind::UsernameAttributes { email: true, .. } if is_email(username) => Ok(Some(AliasKind::Email)),
            NameKind::UsernameAttributes { phone: true, .. } if is_phone(username) => Ok(Some(AliasKind::PhoneNumber)),
            NameKind::UsernameAttributes { email, phone } => Err(Error::username_should_be(match (email, phone) {
                (true, true) => "either an email or a phone number",
                (true, false) => "an email",
                _ => "a phone number",
            })),
            NameKind::Plain | NameKind::Aliases { .. } => Ok(None),
        }
    }

    /// AWS: where it is an alias, nobody has a preferred username before being confirmed.
    pub fn check_unconfirmed(&self, attributes: &Attributes) -> Result<()> {
        if self.has(AliasKind::PreferredUsername) && attributes.filled(PREFERRED_USERNAME).is_some() {
            return Err(Error::preferred_username_unconfirmed());
        }
        Ok(())
    }

    /// Where to look a `Username` up, in this order; the first that is somebody's is meant.
    pub fn lookup_keys(&self, input: &str) -> Vec<(AliasKind, String)> {
        let folded = self.key(input);
        let mut keys = Vec::with_capacity(3);
        if folded != input && input.contains('_') {
            // Perhaps `Provider_subject`, whose spelling matters in every pool.
            keys.push((AliasKind::Username, input.to_owned()));
        }
        keys.push((AliasKind::Username, folded));
        if uuid::Uuid::try_parse(input).is_ok_and(|id| id.to_string() == input) {
            keys.push((AliasKind::Sub, input.to_owned()));
        }
        if self.has(AliasKind::Email) && is_email(input) {
            keys.push((AliasKind::Email, self.key(input)));
        }
        if self.has(AliasKind::PhoneNumber) && is_phone(input) {
            keys.push((AliasKind::PhoneNumber, input.to_owned()));
        }
        if self.has(AliasKind::PreferredUsername) {
            keys.push((AliasKind::PreferredUsername, self.key(input)));
        }
        keys
    }

    /// What is this user's alone and signs in now. As aliases contacts count once they are verified, as username attributes
    /// at once; a preferred username counts for everybody who is confirmed. The name of a federated user is never folded.
    pub fn aliases_of(&self, user: &User) -> Vec<(AliasKind, String)> {
        let username = match user.status {
            UserStatus::ExternalProvider => user.username.clone(),
            _ => self.key(&user.username),
        };
        let mut aliases = vec![(AliasKind::Username, username)];
        let verified_only = matches!(self.kind, NameKind::Aliases { .. });
        let mut add = |kind: AliasKind, counts: bool| {
            let value = user.attributes.filled(kind.name()).filter(|_| counts && self.has(kind));
            let Some(value) = value.map(|value| self.key(value)) else { return };
            if !aliases.iter().any(|(known, theirs)| known.space() == kind.space() && *theirs == value) {
                aliases.push((kind, value));
            }
        };
        add(AliasKind::Email, !verified_only || user.attributes.is_true(EMAIL_VERIFIED));
        add(AliasKind::PhoneNumber, !verified_only || user.attributes.is_true(PHONE_NUMBER_VERIFIED));
        add(AliasKind::PreferredUsername, user.status != UserStatus::Unconfirmed);
        aliases
    }

    /// What the store keeps of a name: short, for an index has its limits, and as good as the name itself.
    fn key(&self, name: &str) -> String {
        let folded = self.fold(name);
        if folded.len() <= LONGEST_KEY {
            return folded;
        }
        let digest = aws_lc_rs::digest::digest(&aws_lc_rs::digest::SHA256, folded.as_bytes());
        data_encoding::HEXLOWER.encode(digest.as_ref()) + ":" + &folded.len().to_string()
    }

    /// Whether users of this pool sign in with it.
    pub const fn has(&self, kind: AliasKind) -> bool {
        match (self.kind, kind) {
            (_, AliasKind::Username | AliasKind::Sub) => true,
            (NameKind::Plain, _) | (NameKind::UsernameAttributes { .. }, AliasKind::PreferredUsername) => false,
            (NameKind::Aliases { email, .. } | NameKind::UsernameAttributes { email, .. }, AliasKind::Email) => email,
            (NameKind::Aliases { phone, .. } | NameKind::UsernameAttributes { phone, .. }, AliasKind::PhoneNumber) => {
                phone
            }
            (NameKind::Aliases { preferred_username, .. }, AliasKind::PreferredUsername) => preferred_username,
        }
    }
}

/// Full Unicode lower case, letter by letter: unlike `str::to_lowercase` it does not depend on where in a word a letter is.
pub fn fold(value: &str) -> String {
    value.chars().flat_map(char::to_lowercase).collect()
}

/// An address that a mail server could take: ASCII, one `@`, a domain of at least two labels.
pub fn is_email(value: &str) -> bool {
    let Some((local, domain)) = value.split_once('@') else { return false };
    let local_byte = |byte: u8| byte.is_ascii_alphanumeric() || b".!#$%&'*+/=?^_`{|}~-".contains(&byte);
    let label_byte = |byte: u8| byte.is_ascii_alphanumeric() || byte == b'-';
    let is_label =
        |label: &str| (1..=63).contains(&label.len()) && !label.starts_with('-') && label.bytes().all(label_byte);
    (1..=64).contains(&local.len())
        && local.bytes().all(local_byte)
        && value.len() <= 254
        && domain.contains('.')
        && domain.split('.').all(|label| is_label(label) && !label.ends_with('-'))
}

/// E.164: `+` and at most fifteen digits.
pub fn is_phone(value: &str) -> bool {
    value
        .strip_prefix('+')
        .is_some_and(|digits| (1..=15).contains(&digits.len()) && digits.bytes().all(|byte| byte.is_ascii_digit()))
}
