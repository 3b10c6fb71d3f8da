//! Cedar as operators write it: a text holds one statement or several, and is refused as a whole, with the line.

use std::collections::BTreeSet;

use cedar_policy::{Policy, PolicySet, ValidationMode, Validator};
use cognate_domain::directory::PolicyText;

use crate::pattern::{Names, Pattern};
use crate::refused::{Origin, Position, Refused};
use crate::{LONGEST_POLICY, depth, schema};

/// What stands before everything that an operator writes. The file `default.cedar` of this crate.
pub const DEFAULT_POLICIES: &str = include_str!("../default.cedar");

/// Which roles a policy may name.
#[derive(Clone, Copy)]
pub(crate) enum Roles<'a> {
    /// Those of the catalogue: a name that is nobody's is a mistake.
    Only(&'a BTreeSet<&'a str>),
    /// A role may have been removed since the policy was stored.
    Any,
}

/// The statements, held against the schema.
pub(crate) fn read(text: &PolicyText, roles: Roles<'_>) -> Result<Vec<Policy>, Refused> {
    let statements = parse(text)?;
    let named = Named::by(&statements);
    named.check_resources(text)?;

    let known = match roles {
        Roles::Only(known) => known.clone(),
        Roles::Any => named.roles.iter().map(String::as_str).collect(),
    };
    let refused = |sentence: String| refused(text, None, sentence);
    let schema = schema::with(&known, &named.actions).map_err(refused)?;
    let set = PolicySet::from_policies(statements.iter().cloned()).map_err(|error| refused(error.to_string()))?;
    let result = Validator::new(schema).validate(&set, ValidationMode::Strict);
    let complaints = result.validation_errors().map(|error| Refused::by_cedar(&text.id, &text.source, error));
    // The first in the text; what has no place comes last.
    match complaints.min_by_key(|refused| (refused.at.is_none(), refused.at)) {
        Some(refused) => Err(refused),
        None => Ok(statements),
    }
}

/// Without the schema.
pub(crate) fn parse(text: &PolicyText) -> Result<Vec<Policy>, Refused> {
    if text.source.len() > LONGEST_POLICY {
        return Err(refused(text, None, format!("a policy has at most {LONGEST_POLICY} bytes")));
    }
    depth::check(&text.source).map_err(|(at, sentence)| refused(text, Some(at), sentence))?;
    let set: PolicySet = text
        .source
        .parse()
        .map_err(|errors: cedar_policy::ParseErrors| Refused::by_cedar(&text.id, &text.source, &errors))?;
    if set.num_of_templates() > 0 {
        return Err(refused(text, None, "a template: nothing would fill in its slots"));
    }
    let statements: Vec<_> = set.policies().cloned().collect();
    if statements.is_empty() {
        return Err(refused(text, None, "there is no policy in it"));
    }
    Ok(statements)
}

/// What statements speak about by name.
#[derive(Default)]
pub(crate) struct Named {
    pub(crate) roles: BTreeSet<String>,
    pub(crate) actions: BTreeSet<String>,
    pub(crate) resources: BTreeSet<String>,
}

impl Named {
    pub(crate) fn by(statements: &[Policy]) -> Self {
        let mut named = Self::default();
        for literal in statements.iter().flat_map(Policy::entity_literals) {
            let of_type = match literal.type_name().to_string().as_str() {
                "Cognate::Role" => &mut named.roles,
                "Cognate::Action" => &mut named.actions,
                "Cognate::Resource" => &mut named.resources,
                _ => continue,
            };
            of_type.insert(literal.id().unescaped().to_owned());
        }
        named
    }

    /// A forbid about what can never be asked would look as if it forbade something.
    fn check_resources(&self, text: &PolicyText) -> Result<(), Refused> {
        for resource in &self.resources {
            if let Err(sentence) = Pattern::read(Names::Resources, resource) {
                let at = text
                    .source
                    .find(&format!("Cognate::Resource::{resource:?}"))
                    .map(|at| Position::of(&text.source, at));
                return Err(refused(text, at, format!("Cognate::Resource::{resource:?}: {sentence}")));
            }
        }
        Ok(())
    }
}

fn refused(text: &PolicyText, at: Option<Position>, sentence: impl Into<String>) -> Refused {
    Refused::new(Origin::Policy(text.id.clone()), at, sentence)
}
