//! What a change of attributes comes to in a pool: what is kept at once, what waits for its proof, who is sent a code.
//!
//! A contact that its pool verifies before the update stays as it is, verified and signing in, until the code that went to
//! the new one has come back. User-pools.md, section 5.4.

use cognate_wire::idp::VerifiedAttributeType;

use super::Attributes;
use crate::delivery::{Delivery, Medium};
use crate::error::{Error, Result};
use crate::pool::PoolConfig;
use crate::username::{AliasKind, NameKind};

#[cfg(test)]
mod tests;

/// Of changes that are allowed.
pub struct Update {
    /// As they are from now on.
    pub attributes: Attributes,
    /// Contacts that were decided about: a value that waited for its proof is forgotten.
    pub settled: Vec<Medium>,
    /// Contacts that are to be changed once they are proved.
    pub pending: Vec<Delivery>,
    /// Contacts that are sent a code; those that are pending are among them.
    pub unproved: Vec<Delivery>,
}

/// A blank value deletes. A contact that is the same as before changes nothing, and one that an administrator calls
/// verified needs no proof.
pub fn plan_update(config: &PoolConfig, before: &Attributes, changes: &Attributes) -> Result<Update> {
    let mut at_once = changes.clone();
    let mut update =
        Update { attributes: before.clone(), settled: Vec::new(), pending: Vec::new(), unproved: Vec::new() };
    for contact in contacts(changes) {
        let medium = contact.medium;
        let is_new = !contact.address.is_empty() && before.get(contact.attribute()) != Some(&contact.address);
        let needs_proof = is_new && !changes.is_true(medium.verified_flag());
        if needs_proof && verifies_first(config, medium) {
            at_once.remove(contact.attribute());
            at_once.remove(medium.verified_flag());
            update.pending.push(contact.clone());
        } else {
            update.settled.push(medium);
        }
        if needs_proof && (verifies(config, medium) || verifies_first(config, medium)) {
            update.unproved.push(contact);
        }
    }
    update.attributes.apply(&at_once);

    flags_have_contacts(&at_once, &update.attributes)?;
    somebody_can_sign_in(config, before, &update.attributes)?;
    Ok(update)
}

/// The contacts that are changed, blank ones too, in the order in which they were asked for.
pub fn contacts(changes: &Attributes) -> impl Iterator<Item = Delivery> {
    changes.iter().filter_map(|(name, value)| Some(Delivery { medium: Medium::of(name)?, address: value.to_owned() }))
}

fn verifies(config: &PoolConfig, medium: Medium) -> bool {
    lists(config.described.auto_verified_attributes.as_deref(), medium)
}

fn verifies_first(config: &PoolConfig, medium: Medium) -> bool {
    let settings = config.described.user_attribute_update_settings.as_ref();
    lists(settings.and_then(|settings| settings.attributes_require_verification_before_update.as_deref()), medium)
}

fn lists(list: Option<&[VerifiedAttributeType]>, medium: Medium) -> bool {
    list.unwrap_or_default().iter().any(|attribute| Medium::verifying(*attribute) == medium)
}

fn flags_have_contacts(changes: &Attributes, after: &Attributes) -> Result<()> {
    for medium in [Medium::Email, Medium::Sms] {
        if changes.filled(medium.verified_flag()).is_some() && after.filled(medium.attribute()).is_none() {
            return Err(Error::nothing_to_verify(medium == Medium::Email));
        }
    }
    Ok(())
}

/// Where people are called by a contact, the last one that they are called by stays.
fn somebody_can_sign_in(config: &PoolConfig, before: &Attributes, after: &Attributes) -> Result<()> {
    let NameKind::UsernameAttributes { .. } = config.names.kind else { return Ok(()) };
    let name_in = |attributes: &Attributes| {
        let mut kinds = [AliasKind::Email, AliasKind::PhoneNumber].into_iter();
        kinds.find(|kind| config.names.has(*kind) && attributes.filled(kind.name()).is_some())
    };
    match (name_in(before), name_in(after)) {
        (Some(lost), None) => Err(Error::required_attribute_deleted(lost.name())),
        _ => Ok(()),
    }
}
