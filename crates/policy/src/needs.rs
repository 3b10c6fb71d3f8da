//! What a policy can look at. Of a question only that is told to Cedar which one of the policies that are evaluated
//! for it can look at: telling the rest costs more than deciding. Rather too much is told than too little, because a
//! policy that looks for something in vain denies, or permits, without cause.

use std::collections::{BTreeMap, BTreeSet};

use cedar_policy::{EntityUid, Policy};
use serde_json::Value;

use crate::pattern::{Names, Pattern};
use crate::request::Types;
use crate::statements::Named;

/// Of subject, resource and context. Two of one name are told together.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Attribute {
    Id,
    Kind,
    State,
    Plan,
    PlatformRole,
    Entitlements,
    Scopes,
    Groups,
    Claims,
    Path,
    Tenant,
    Action,
    Now,
    Member,
    Archived,
    Address,
    Owner,
    Texts,
    Numbers,
    Flags,
    Lists,
}

/// A set.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) struct Attributes(u32);

#[derive(Clone, Debug, Default)]
pub(crate) struct Needs {
    pub(crate) attributes: Attributes,
    /// Of the subject, by key.
    pub(crate) roles: BTreeSet<String>,
    pub(crate) actions: Groups,
    pub(crate) resources: Groups,
}

/// The patterns that are named, by their prefix.
pub(crate) type Groups = BTreeMap<String, EntityUid>;

impl Attribute {
    const ALL: [Self; 21] = [
        Self::Id,
        Self::Kind,
        Self::State,
        Self::Plan,
        Self::PlatformRole,
        Self::Entitlements,
        Self::Scopes,
        Self::Groups,
        Self::Claims,
        Self::Path,
        Self::Tenant,
        Self::Action,
        Self::Now,
        Self::Member,
        Self::Archived,
        Self::Address,
        Self::Owner,
        Self::Texts,
        Self::Numbers,
        Self::Flags,
        Self::Lists,
    ];

    /// In the schema.
    pub(crate) const fn name(self) -> &'static str {
        match self {
            Self::Id => "id",
            Self::Kind => "kind",
            Self::State => "state",
            Self::Plan => "plan",
            Self::PlatformRole => "platformRole",
            Self::Entitlements => "entitlements",
            Self::Scopes => "scopes",
            Self::Groups => "groups",
            Self::Claims => "claims",
            Self::Path => "path",
            Self::Tenant => "tenant",
            Self::Action => "action",
            Self::Now => "now",
            Self::Member => "member",
            Self::Archived => "archived",
            Self::Address => "address",
            Self::Owner => "owner",
            Self::Texts => "texts",
            Self::Numbers => "numbers",
            Self::Flags => "flags",
            Self::Lists => "lists",
        }
    }

    const fn bit(self) -> u32 {
        1 << self as u32
    }
}

impl Attributes {
    pub(crate) const ALL: Self = Self(u32::MAX);

    pub(crate) const fn has(self, attribute: Attribute) -> bool {
        self.0 & attribute.bit() != 0
    }

    pub(crate) const fn with(self, other: Self) -> Self {
        Self(self.0 | other.0)
    }

    /// In Cedar's JSON form, in which every attribute that is looked at stands as a text of its own. What else is
    /// written like an attribute is taken for one.
    fn read(&mut self, node: &Value) {
        match node {
            Value::String(text) => self.name(text),
            Value::Array(entries) => entries.iter().for_each(|entry| self.read(entry)),
            Value::Object(members) => {
                // Compared or handed on as a whole.
                if is_context(node) {
                    *self = Self::ALL;
                }
                for (operator, operand) in members {
                    if matches!(operator.as_str(), "." | "has") && operand.get("left").is_some_and(is_context) {
                        operand.get("attr").into_iter().for_each(|attribute| self.read(attribute));
                    } else {
                        self.read(operand);
                    }
                }
            }
            Value::Null | Value::Bool(_) | Value::Number(_) => {}
        }
    }

    fn name(&mut self, text: &str) {
        // What an application says can be found by the name of its entity, too.
        if matches!(text, "Cognate::Texts" | "Cognate::Numbers" | "Cognate::Flags" | "Cognate::Lists") {
            *self = Self::ALL;
        }
        if let Some(named) = Attribute::ALL.into_iter().find(|attribute| attribute.name() == text) {
            *self = Self(self.0 | named.bit());
        }
    }
}

impl Needs {
    pub(crate) fn of(policy: &Policy, types: &Types) -> Self {
        let named = Named::by(std::slice::from_ref(policy));
        let mut needs = Self { roles: named.roles, ..Self::default() };
        for (names, texts) in [(Names::Actions, &named.actions), (Names::Resources, &named.resources)] {
            for text in texts {
                if let Ok(Pattern::Below(prefix)) = Pattern::read(names, text) {
                    let group = types.group(names, &prefix);
                    let groups = if names == Names::Actions { &mut needs.actions } else { &mut needs.resources };
                    groups.insert(prefix, group);
                }
            }
        }
        match policy.to_json() {
            Ok(json) => needs.attributes.read(&json),
            Err(_) => needs.attributes = Attributes::ALL,
        }
        needs
    }

    pub(crate) fn add(&mut self, other: Self) {
        self.attributes = self.attributes.with(other.attributes);
        self.roles.extend(other.roles);
        self.actions.extend(other.actions);
        self.resources.extend(other.resources);
    }
}

fn is_context(node: &Value) -> bool {
    node.get("Var").and_then(Value::as_str) == Some("context")
}

#[cfg(test)]
mod tests;
