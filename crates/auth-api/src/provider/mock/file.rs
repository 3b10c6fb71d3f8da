//! The file as it is written: TOML, with the place of everything that a check may have to name.

use cognate_domain::directory::{RoleScope, SubjectKind};
use cognate_engine::Secret;
use serde::Deserialize;
use serde_json::{Map, Value};
use toml::Spanned;

use super::faults::Fault;
use crate::provider::ChallengeKind;

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct File {
    /// What every code is, instead of a random one.
    pub(super) code: Option<Spanned<Secret>>,
    /// Asked for with the first password, of whoever has none.
    #[serde(default)]
    pub(super) required_attributes: Vec<Spanned<String>>,
    #[serde(default)]
    pub(super) users: Vec<User>,
    #[serde(default)]
    pub(super) machines: Vec<Machine>,
    #[serde(default)]
    pub(super) workspaces: Vec<Workspace>,
    #[serde(default)]
    pub(super) roles: Vec<Role>,
    #[serde(default)]
    pub(super) grants: Vec<Grant>,
    #[serde(default)]
    pub(super) faults: Vec<Spanned<Fault>>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct User {
    pub(super) email: Spanned<String>,
    pub(super) password: Spanned<Secret>,
    pub(super) name: Option<Spanned<String>>,
    pub(super) sub: Option<Spanned<String>>,
    pub(super) phone: Option<Spanned<String>>,
    #[serde(default)]
    pub(super) status: Status,
    /// Asked one after the other. What follows `select` is what there is to choose from.
    pub(super) challenges: Option<Spanned<Vec<ChallengeKind>>>,
    /// Of an authenticator, in base 32.
    pub(super) totp_secret: Option<Spanned<Secret>>,
    /// Of the challenge `custom`.
    pub(super) question: Option<Spanned<String>>,
    pub(super) answer: Option<Spanned<Secret>>,
    #[serde(default)]
    pub(super) groups: Vec<Spanned<String>>,
    pub(super) platform_role: Option<Spanned<String>>,
    pub(super) plan: Option<Spanned<String>>,
}

#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "snake_case")]
pub(super) enum Status {
    #[default]
    Confirmed,
    Unconfirmed,
    NewPasswordRequired,
    PasswordResetRequired,
    Disabled,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Machine {
    pub(super) client_id: Spanned<String>,
    pub(super) client_secret: Spanned<Secret>,
    #[serde(default)]
    pub(super) scopes: Vec<Spanned<String>>,
    pub(super) kind: Option<Spanned<SubjectKind>>,
    pub(super) platform_role: Option<Spanned<String>>,
    pub(super) plan: Option<Spanned<String>>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Workspace {
    pub(super) id: Option<Spanned<String>>,
    pub(super) name: Spanned<String>,
    pub(super) members: Spanned<Vec<Spanned<Member>>>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Member {
    /// By address.
    pub(super) user: Option<String>,
    /// By client id.
    pub(super) machine: Option<String>,
    pub(super) role: String,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Role {
    pub(super) key: Spanned<String>,
    pub(super) scope: Option<RoleScope>,
    pub(super) name: Spanned<String>,
    pub(super) description: Option<Spanned<String>>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Grant {
    pub(super) role: Spanned<String>,
    pub(super) action: Spanned<String>,
    pub(super) resource: Spanned<String>,
    pub(super) condition: Option<Spanned<Map<String, Value>>>,
}
