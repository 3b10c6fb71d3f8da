//! Which questions a statement can be about at all, by what stands in its head. Whoever lies outside is not evaluated:
//! Cedar would find that the statement does not apply, and says nothing of its conditions then, not even that they
//! fail. What is not understood here covers everything, and is Cedar's to judge.

use cedar_policy::{ActionConstraint, EntityUid, Policy, PrincipalConstraint, ResourceConstraint};

use crate::pattern::{Names, Pattern};

#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Scope {
    who: Who,
    /// `None`: any.
    actions: Option<Vec<Pattern>>,
    resources: Option<Pattern>,
}

#[derive(Clone, Debug, PartialEq, Eq)]
enum Who {
    Anyone,
    /// By id.
    Subject(String),
    Holder {
        role: String,
    },
}

/// Whom and what a question is about.
#[derive(Clone, Copy, Debug)]
pub(crate) struct About<'a> {
    pub(crate) subject: &'a str,
    pub(crate) roles: [Option<&'a str>; 2],
    pub(crate) action: &'a str,
    pub(crate) resource: &'a str,
}

impl Scope {
    pub(crate) fn of(statement: &Policy) -> Self {
        let actions = match statement.action_constraint() {
            ActionConstraint::Any => None,
            ActionConstraint::Eq(one) => one_thing("Cognate::Action", &one).map(|one| vec![one]),
            ActionConstraint::In(groups) => {
                groups.iter().map(|group| group_of("Cognate::Action", Names::Actions, group)).collect()
            }
        };
        let resources = match statement.resource_constraint() {
            ResourceConstraint::Any | ResourceConstraint::Is(_) => None,
            ResourceConstraint::Eq(one) => one_thing("Cognate::Resource", &one),
            ResourceConstraint::In(group) | ResourceConstraint::IsIn(_, group) => {
                group_of("Cognate::Resource", Names::Resources, &group)
            }
        };
        Self { who: Who::of(statement), actions, resources }
    }

    pub(crate) fn covers(&self, about: &About<'_>) -> bool {
        let action = self.actions.as_ref().is_none_or(|any| any.iter().any(|pattern| pattern.covers(about.action)));
        action && self.resources.as_ref().is_none_or(|pattern| pattern.covers(about.resource)) && self.who.is(about)
    }
}

impl Who {
    fn of(statement: &Policy) -> Self {
        let (one, with_roles) = match statement.principal_constraint() {
            PrincipalConstraint::Any | PrincipalConstraint::Is(_) => return Self::Anyone,
            PrincipalConstraint::Eq(one) => (one, false),
            PrincipalConstraint::In(one) | PrincipalConstraint::IsIn(_, one) => (one, true),
        };
        let id = || one.id().unescaped().to_owned();
        match one.type_name().to_string().as_str() {
            "Cognate::Subject" => Self::Subject(id()),
            "Cognate::Role" if with_roles => Self::Holder { role: id() },
            _ => Self::Anyone,
        }
    }

    fn is(&self, about: &About<'_>) -> bool {
        match self {
            Self::Anyone => true,
            Self::Subject(id) => id == about.subject,
            Self::Holder { role } => about.roles.contains(&Some(role)),
        }
    }
}

/// `==` compares ids as they are: `== Cognate::Action::"documents:*"` is true of no action.
fn one_thing(entity_type: &str, one: &EntityUid) -> Option<Pattern> {
    is_of(entity_type, one).then(|| Pattern::Exactly(one.id().unescaped().to_owned()))
}

fn group_of(entity_type: &str, names: Names, group: &EntityUid) -> Option<Pattern> {
    is_of(entity_type, group).then(|| Pattern::read(names, group.id().unescaped()).ok())?
}

fn is_of(entity_type: &str, one: &EntityUid) -> bool {
    one.type_name().to_string() == entity_type
}
