//! What is asked. A question that cannot be read is refused before anything is decided.

use std::borrow::Cow;
use std::net::IpAddr;

use cognate_domain::Timestamp;
use cognate_domain::directory::WorkspaceState;

use crate::circumstances::Circumstances;
use crate::pattern::Names;

#[derive(Clone, Debug)]
pub struct Question {
    pub action: Action,
    pub resource: Resource,
    /// Without one, only the platform's role and operators' policies count.
    pub tenant: Option<Tenant>,
    pub circumstances: Circumstances,
    pub now: Timestamp,
    /// The caller's.
    pub address: Option<IpAddr>,
}

/// `documents:read`.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct Action(String);

/// A path: `projects/a1/documents/7`.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct Resource(String);

/// A workspace that the resource lies in.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Tenant {
    id: String,
    state: Option<WorkspaceState>,
}

#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{field}: {sentence}")]
pub struct BadQuestion {
    /// `action`, `resource`, `tenant` or `context`.
    pub field: &'static str,
    pub sentence: Cow<'static, str>,
}

const LONGEST_TENANT: usize = 128;

impl BadQuestion {
    pub(crate) fn new(field: &'static str, sentence: impl Into<Cow<'static, str>>) -> Self {
        Self { field, sentence: sentence.into() }
    }
}

impl Action {
    /// Of 1 to 100 characters of `a-z0-9_.:-`.
    pub fn parse(text: &str) -> Result<Self, BadQuestion> {
        Names::Actions.check(text).map_err(|sentence| BadQuestion::new("action", sentence))?;
        Ok(Self(text.to_owned()))
    }

    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl Resource {
    /// Of 1 to 512 characters, none of them a control character; no part is empty, `.`, `..` or `*`.
    pub fn parse(text: &str) -> Result<Self, BadQuestion> {
        Names::Resources.check(text).map_err(|sentence| BadQuestion::new("resource", sentence))?;
        Ok(Self(text.to_owned()))
    }

    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl Tenant {
    /// A workspace's id.
    pub fn parse(text: &str) -> Result<Self, BadQuestion> {
        if text.is_empty() || text.chars().count() > LONGEST_TENANT || text.contains(char::is_control) {
            return Err(BadQuestion::new(
                "tenant",
                "a tenant has 1 to 128 characters, none of them a control character",
            ));
        }
        Ok(Self { id: text.to_owned(), state: None })
    }

    /// What is known of it beside memberships: a platform's role need not be a member. If either says that it is
    /// archived, it is.
    #[must_use]
    pub fn in_state(self, state: WorkspaceState) -> Self {
        Self { state: Some(state), ..self }
    }

    pub fn id(&self) -> &str {
        &self.id
    }

    pub fn state(&self) -> Option<WorkspaceState> {
        self.state
    }
}
