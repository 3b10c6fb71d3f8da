//! What the directory takes, and how much of it. Each rule stands beside the words for whoever breaks it.

use std::collections::HashSet;

use serde::Serialize;
use serde_json::{Map, Value};

use super::Claims;
use crate::username::{fold, is_email};

#[cfg(test)]
mod tests;

/// Workspaces of one subject.
pub const MOST_MEMBERSHIPS: i64 = 200;
/// Members of one workspace.
pub const MOST_MEMBERS: i64 = 10_000;
/// Invitations that wait in one workspace.
pub const MOST_INVITATIONS: i64 = 1_000;
pub const MOST_ROLES: i64 = 200;
/// Of all roles together.
pub const MOST_GRANTS: i64 = 2_000;
pub const MOST_POLICIES: i64 = 100;

/// Why a value does not do, in words for whoever gave it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Unfit(pub &'static str);

type Fit<T = ()> = Result<T, Unfit>;

fn must(holds: bool, otherwise: &'static str) -> Fit {
    if holds { Ok(()) } else { Err(Unfit(otherwise)) }
}

/// `[a-z][a-z0-9_-]*`, of at most `most`.
fn is_key(text: &str, most: usize) -> bool {
    text.len() <= most
        && text.starts_with(|first: char| first.is_ascii_lowercase())
        && text.bytes().all(|byte| byte.is_ascii_lowercase() || byte.is_ascii_digit() || b"_-".contains(&byte))
}

/// One line of text without the blanks around it.
fn line(text: &str, most: usize) -> Option<String> {
    let text = text.trim();
    let fits = !text.is_empty() && !text.chars().any(char::is_control) && text.chars().nth(most).is_none();
    fits.then(|| text.to_owned())
}

fn fits<T: Serialize>(json: &T, most: usize) -> bool {
    serde_json::to_vec(json).is_ok_and(|bytes| bytes.len() <= most)
}

pub fn role_key(key: &str) -> Fit {
    must(is_key(key, 40), "A role's key is 1 to 40 of a-z, 0-9, _ and -, and begins with a letter.")
}

pub fn plan(plan: &str) -> Fit {
    must(is_key(plan, 40), "A plan is 1 to 40 of a-z, 0-9, _ and -, and begins with a letter.")
}

pub fn policy_id(id: &str) -> Fit {
    must(is_key(id, 64), "A policy's id is 1 to 64 of a-z, 0-9, _ and -, and begins with a letter.")
}

/// Of a workspace, a role, or somebody as they want to be called; trimmed.
pub fn name(name: &str) -> Fit<String> {
    line(name, 100).ok_or(Unfit("A name is 1 to 100 characters on one line."))
}

/// Trimmed.
pub fn description(text: &str) -> Fit<String> {
    line(text, 500).ok_or(Unfit("A description is 1 to 500 characters on one line."))
}

/// By which a provider names somebody: what every look-up begins with, in an index whose entries have their limits (2,700 bytes).
pub fn provider_subject(id: &str) -> Fit {
    let line = !id.is_empty() && id.chars().nth(255).is_none() && !id.chars().any(char::is_control);
    must(line, "A subject's id is 1 to 255 characters on one line.")
}

/// Where an invitation goes.
pub fn email(address: &str) -> Fit {
    must(is_email(address), "This is no e-mail address.")
}

pub fn preferences(preferences: &Map<String, Value>) -> Fit {
    must(fits(preferences, 8 * 1024), "Preferences are at most 8 KiB of JSON.")
}

pub fn entitlements(entitlements: &[String]) -> Fit {
    let is_one = |text: &String| text.len() <= 64 && text.split(['.', ':']).all(|part| is_key(part, 64));
    let different = entitlements.iter().collect::<HashSet<_>>().len() == entitlements.len();
    must(
        entitlements.len() <= 100 && different && entitlements.iter().all(is_one),
        "Entitlements are at most 100 different ones, each 1 to 64 of a-z, 0-9, _, -, . and :.",
    )
}

/// `documents:read`, `documents:*` or `*`.
pub fn action(action: &str) -> Fit {
    let mut parts = action.split(':');
    let last = parts.next_back().is_some_and(|last| last == "*" || is_key(last, 100));
    must(
        action.len() <= 100 && last && parts.all(|part| is_key(part, 100)),
        "An action is at most 100 of a-z, 0-9, _ and -, in parts with : between them; the last may be *.",
    )
}

/// `projects/a1/documents/*` or `*`.
pub fn resource(resource: &str) -> Fit {
    let part = |part: &str| {
        !part.is_empty() && part.bytes().all(|byte| byte.is_ascii_alphanumeric() || b"_-.~:@".contains(&byte))
    };
    let mut parts = resource.split('/');
    let last = parts.next_back().is_some_and(|last| last == "*" || part(last));
    must(
        resource.len() <= 300 && last && parts.all(part),
        "A resource is at most 300 letters, digits and _-.~:@, in parts with / between them; the last may be *.",
    )
}

/// Its size alone; what it says is judged where it is compiled.
pub fn condition(condition: &Map<String, Value>) -> Fit {
    must(fits(condition, 2 * 1024), "A condition is at most 2 KiB of JSON.")
}

/// Its size alone, like a condition's.
pub fn policy_source(source: &str) -> Fit {
    let sized = (1..=16 * 1024).contains(&source.len()) && !source.contains('\0');
    must(sized, "A policy is at most 16 KiB of text.")
}

/// Characters of a claim that are kept.
const KEPT: usize = 256;

impl Claims {
    /// What is kept of what a provider says: a name is cut to one line of 256 characters, an address that is none is
    /// left out.
    pub fn kept(name: Option<&str>, email: Option<&str>) -> Self {
        let clean = |text: &str| -> String { text.chars().filter(|char| !char.is_control()).take(KEPT).collect() };
        let name = name.map(|name| clean(name).trim().to_owned()).filter(|name| !name.is_empty());
        let is_address = |text: &&str| {
            text.len() <= 254
                && text.split_once('@').is_some_and(|(local, domain)| !local.is_empty() && !domain.is_empty())
                && !text.chars().any(|char| char.is_control() || char.is_whitespace())
        };
        Self { name, email: email.filter(is_address).map(str::to_owned) }
    }
}

/// By what a name or an address is found: its first characters in lower case. Engines limit what an index entry may
/// hold.
pub fn search_key(text: &str) -> String {
    let first: String = text.chars().take(KEPT).collect();
    fold(&first).chars().take(KEPT).collect()
}
