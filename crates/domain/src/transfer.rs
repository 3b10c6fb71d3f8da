//! A pool on its way from one store to another: the lines of an export file, one JSON object each.
//!
//! Kinds come in the order of `Line`, and within a kind by key, ascending: so nothing can be there twice, and nobody has to
//! remember what has been. Sealed values are base64, sealed under the export key. Docs: docs/guides/moving.md.

mod checks;
mod course;
pub mod csv;
#[cfg(test)]
mod tests;

use cognate_wire::idp::ResourceServerScopeType;
use data_encoding::BASE64;
use serde::{Deserialize, Deserializer, Serialize, Serializer};

use crate::attributes::Attributes;
use crate::client::ClientConfig;
use crate::login_domain::DomainConfig;
use crate::pool::PoolConfig;

pub use course::Course;

pub const FORMAT: &str = "cognate-export";
pub const VERSION: u32 = 1;
/// Bytes of a line, its end included.
pub const LONGEST_LINE: usize = 4 << 20;

#[derive(Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub enum Line {
    Header(Header),
    Pool(Box<PoolLine>),
    SigningKey(SigningKeyLine),
    Client(Box<ClientLine>),
    ResourceServer(ResourceServerLine),
    Group(GroupLine),
    Domain(DomainLine),
    User(Box<UserLine>),
    Footer(Footer),
}

#[derive(Clone, Debug, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct Header {
    pub format: String,
    pub version: u32,
    /// 32 hex digits of chance: no two files have the same.
    pub id: String,
    /// Names the export key without telling it.
    pub key: String,
    pub pool_id: String,
    pub region: String,
    pub account: String,
    pub created_at: i64,
}

#[derive(Serialize, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct PoolLine {
    pub config: PoolConfig,
    pub veil_key: Bytes,
    pub created_at: i64,
    pub modified_at: i64,
}

#[derive(Serialize, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct SigningKeyLine {
    pub kid: String,
    /// `id` or `access`
    pub token_use: String,
    /// Sealed PKCS#8.
    pub private_key: Bytes,
    pub created_at: i64,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub retired_at: Option<i64>,
}

#[derive(Serialize, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct ClientLine {
    pub id: String,
    pub config: ClientConfig,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub secret: Option<Bytes>,
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub added_secrets: Vec<AddedSecret>,
    pub created_at: i64,
    pub modified_at: i64,
}

#[derive(Serialize, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct AddedSecret {
    pub id: String,
    pub secret: Bytes,
    pub created_at: i64,
}

#[derive(Serialize, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct ResourceServerLine {
    pub identifier: String,
    pub name: String,
    pub scopes: Vec<ResourceServerScopeType>,
}

#[derive(Serialize, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct GroupLine {
    pub name: String,
    pub id: String,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub description: Option<String>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub role_arn: Option<String>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub precedence: Option<i64>,
    pub created_at: i64,
    pub modified_at: i64,
}

#[derive(Serialize, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct DomainLine {
    pub domain: String,
    pub config: DomainConfig,
    pub created_at: i64,
    pub modified_at: i64,
}

/// Names by which users sign in follow from the attributes, and so do not stand here.
#[derive(Serialize, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct UserLine {
    /// The `sub`.
    pub id: String,
    pub username: String,
    pub status: String,
    pub enabled: bool,
    pub attributes: Attributes,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub password: Option<PasswordLine>,
    /// Former passwords, sealed: salt and verifier of each, newest first.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub password_history: Option<Bytes>,
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub groups: Vec<Membership>,
    /// Contacts that wait for their proof.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub pending: Vec<Pending>,
    pub created_at: i64,
    pub modified_at: i64,
}

#[derive(Serialize, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct PasswordLine {
    /// 16 bytes, in the clear: every sign-in tells it.
    pub salt: Bytes,
    /// SRP's v, sealed.
    pub verifier: Bytes,
    /// Temporary passwords only.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub expires_at: Option<i64>,
}

#[derive(Serialize, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct Membership {
    pub group: String,
    pub added_at: i64,
}

#[derive(Serialize, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct Pending {
    pub attribute: String,
    pub value: String,
    pub asked_at: i64,
}

/// How many lines of each kind there are.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct Footer {
    pub signing_keys: u64,
    pub clients: u64,
    pub resource_servers: u64,
    pub groups: u64,
    pub domains: u64,
    pub users: u64,
}

impl Footer {
    pub fn count(&mut self, line: &Line) {
        match line {
            Line::SigningKey(_) => self.signing_keys += 1,
            Line::Client(_) => self.clients += 1,
            Line::ResourceServer(_) => self.resource_servers += 1,
            Line::Group(_) => self.groups += 1,
            Line::Domain(_) => self.domains += 1,
            Line::User(_) => self.users += 1,
            Line::Header(_) | Line::Pool(_) | Line::Footer(_) => {}
        }
    }
}

/// Base64 in the file.
#[derive(Clone, PartialEq, Eq)]
pub struct Bytes(pub Vec<u8>);

impl Serialize for Bytes {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(&BASE64.encode(&self.0))
    }
}

impl<'de> Deserialize<'de> for Bytes {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let text = <std::borrow::Cow<'de, str>>::deserialize(deserializer)?;
        BASE64.decode(text.as_bytes()).map(Self).map_err(|_| serde::de::Error::custom("what should be base64 is not"))
    }
}
