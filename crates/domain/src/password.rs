//! The password policy of a pool: what it asks of a password, in which words it refuses one, and what it makes itself.
//!
//! One failure is reported: the length first, then lower-case, upper-case, numeric, symbol (AWS's order is not known).
//! Letters are those of Basic Latin only. User-pools.md, section 6.

use std::collections::BTreeSet;

use cognate_wire::idp::PasswordPolicyType;
use serde::{Deserialize, Serialize};

use crate::Entropy;
use crate::error::{Error, Result};
use crate::ids;

#[cfg(test)]
mod tests;

pub const LONGEST_PASSWORD: usize = 256;
const DEFAULT_LENGTH: u16 = 8;
const DEFAULT_VALIDITY_DAYS: u16 = 7;
const GENERATED_LENGTH: usize = 12;
const GENERATED_FROM: &[u8] = b"abcdefghijkmnopqrstuvwxyzABCDEFGHJKLMNPQRSTUVWXYZ23456789!@$%^*-_=+?~";

/// The order is that of the check.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub enum CharacterClass {
    Lowercase,
    Uppercase,
    Numeric,
    Symbol,
}

#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct PasswordPolicy {
    pub minimum_length: u16,
    pub required: BTreeSet<CharacterClass>,
    temporary_validity_days: u16,
    /// How many former passwords may not come back.
    pub history_size: u16,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum PolicyFailure {
    /// White space at an end: AWS's own pattern, in the words of its validator.
    OuterSpace,
    TooShort,
    TooLong,
    Lacks(CharacterClass),
}

impl Default for PasswordPolicy {
    fn default() -> Self {
        Self {
            minimum_length: DEFAULT_LENGTH,
            required: CharacterClass::ALL.into_iter().collect(),
            temporary_validity_days: DEFAULT_VALIDITY_DAYS,
            history_size: 0,
        }
    }
}

impl PasswordPolicy {
    /// A policy that is given but does not say whether a class is required does not require it. `unused_days` is the legacy
    /// twin of the temporary password's validity; the two may not differ.
    pub fn from_wire(given: Option<&PasswordPolicyType>, unused_days: Option<i32>) -> Result<Self> {
        let days = given.and_then(|policy| policy.temporary_password_validity_days);
        if matches!((days, unused_days), (Some(days), Some(unused)) if days != unused) {
            return Err(Error::validity_days_differ());
        }
        let days = positive(days.or(unused_days)).unwrap_or(DEFAULT_VALIDITY_DAYS);
        let Some(given) = given else { return Ok(Self { temporary_validity_days: days, ..Self::default() }) };

        let asked = |class: &CharacterClass| match class {
            CharacterClass::Lowercase => given.require_lowercase,
            CharacterClass::Uppercase => given.require_uppercase,
            CharacterClass::Numeric => given.require_numbers,
            CharacterClass::Symbol => given.require_symbols,
        };
        Ok(Self {
            minimum_length: positive(given.minimum_length).unwrap_or(DEFAULT_LENGTH),
            required: CharacterClass::ALL.into_iter().filter(|class| asked(class).unwrap_or(false)).collect(),
            temporary_validity_days: days,
            history_size: positive(given.password_history_size).unwrap_or(0),
        })
    }

    pub fn into_wire(self) -> PasswordPolicyType {
        let requires = |class| Some(self.required.contains(&class));
        PasswordPolicyType {
            minimum_length: Some(self.minimum_length.into()),
            require_uppercase: requires(CharacterClass::Uppercase),
            require_lowercase: requires(CharacterClass::Lowercase),
            require_numbers: requires(CharacterClass::Numeric),
            require_symbols: requires(CharacterClass::Symbol),
            password_history_size: (self.history_size > 0).then(|| self.history_size.into()),
            temporary_password_validity_days: Some(self.temporary_validity_days()),
        }
    }

    /// As the API counts.
    pub fn temporary_validity_days(&self) -> i32 {
        self.temporary_validity_days.into()
    }

    pub fn check(&self, password: &str) -> Result<(), PolicyFailure> {
        let outer = |c: Option<char>| c.is_some_and(char::is_whitespace);
        if outer(password.chars().next()) || outer(password.chars().next_back()) {
            return Err(PolicyFailure::OuterSpace);
        }
        let length = password.chars().count();
        if length < usize::from(self.minimum_length) {
            return Err(PolicyFailure::TooShort);
        }
        if length > LONGEST_PASSWORD {
            return Err(PolicyFailure::TooLong);
        }
        match self.required.iter().find(|class| !password.chars().any(|c| class.contains(c))) {
            Some(class) => Err(PolicyFailure::Lacks(*class)),
            None => Ok(()),
        }
    }

    /// A temporary password for an invitation, with characters of every class whatever the policy asks: each such password
    /// is as likely as any other. No look-alikes, and nothing that means something in HTML or in a template.
    pub fn generate(&self, entropy: &dyn Entropy) -> String {
        let length = GENERATED_LENGTH.max(self.minimum_length.into());
        loop {
            let drawn: String = (0..length).map(|_| ids::pick(entropy, GENERATED_FROM)).collect();
            if CharacterClass::ALL.iter().all(|class| drawn.chars().any(|c| class.contains(c))) {
                return drawn;
            }
        }
    }
}

impl CharacterClass {
    pub const ALL: [Self; 4] = [Self::Lowercase, Self::Uppercase, Self::Numeric, Self::Symbol];

    /// A space inside a password counts as a symbol.
    const fn contains(self, c: char) -> bool {
        match self {
            Self::Lowercase => c.is_ascii_lowercase(),
            Self::Uppercase => c.is_ascii_uppercase(),
            Self::Numeric => c.is_ascii_digit(),
            Self::Symbol => c.is_ascii_punctuation() || c == ' ',
        }
    }

    const fn name(self) -> &'static str {
        match self {
            Self::Lowercase => "lowercase",
            Self::Uppercase => "uppercase",
            Self::Numeric => "numeric",
            Self::Symbol => "symbol",
        }
    }
}

impl PolicyFailure {
    /// For a password that the user chose.
    pub fn into_error(self) -> Error {
        self.tell(Error::password_off_policy)
    }

    /// AWS: for the temporary password of `AdminCreateUser` the sentence has one word more.
    pub fn into_temporary_error(self) -> Error {
        self.tell(Error::temporary_password_off_policy)
    }

    fn tell(self, error: impl FnOnce(&str) -> Error) -> Error {
        match self {
            Self::OuterSpace => Error::password_outer_space(),
            Self::TooShort => error("Password not long enough"),
            Self::TooLong => error("Password too long"),
            Self::Lacks(class) => error(&format!("Password must have {} characters", class.name())),
        }
    }
}

/// Zero is how AWS says `not set`.
fn positive(number: Option<i32>) -> Option<u16> {
    number.and_then(|number| u16::try_from(number).ok()).filter(|number| *number > 0)
}
