//! What is about to be stored, held against what will be asked of it: nothing is stored that a catalogue could not be
//! compiled with.

use std::collections::BTreeSet;

use cognate_domain::Timestamp;
use cognate_domain::directory::{Catalogue, Grant, PolicyText};

use crate::grants::CompiledGrant;
use crate::refused::{Origin, Refused};
use crate::request::Types;
use crate::statements::{self, Roles};
use crate::{MOST_GRANTS, MOST_POLICIES};

/// A policy that is added to this catalogue, or takes the place of the one with its id. Takes as long as a few
/// compilations of a policy, and more in a large catalogue: not for a thread that answers others meanwhile.
pub fn check_policy(id: &str, source: &str, catalogue: &Catalogue) -> Result<(), Refused> {
    let text = PolicyText {
        id: id.to_owned(),
        source: source.to_owned(),
        created_at: Timestamp::default(),
        modified_at: Timestamp::default(),
    };
    let roles: BTreeSet<_> = catalogue.roles.iter().map(|role| role.key.as_str()).collect();
    let statements = statements::read(&text, Roles::Only(&roles))?;

    let others: Vec<_> = catalogue.policies.iter().filter(|other| other.id != id).collect();
    // What does not parse any more is told when the catalogue is compiled.
    let of_others = others.iter().map(|other| statements::parse(other).map_or(0, |statements| statements.len()));
    if others.len() >= MOST_POLICIES || of_others.sum::<usize>() + statements.len() > MOST_POLICIES {
        let sentence = format!("there are at most {MOST_POLICIES} policies, and as many statements in all of them");
        return Err(Refused::new(Origin::Catalogue, None, sentence));
    }
    Ok(())
}

/// A grant that is added to this catalogue, or takes the place of the one with its id.
pub fn check_grant(grant: &Grant, catalogue: &Catalogue) -> Result<(), Refused> {
    let types = Types::new().map_err(|sentence| Refused::new(Origin::Catalogue, None, sentence))?;
    CompiledGrant::compile(grant, &types)?;
    if catalogue.grants.iter().filter(|other| other.id != grant.id).count() >= MOST_GRANTS {
        return Err(Refused::new(Origin::Catalogue, None, format!("there are at most {MOST_GRANTS} grants")));
    }
    Ok(())
}
