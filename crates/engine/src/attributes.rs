//! Changing what is known of a user, and proving their contacts. user-pools.md, sections 5.4 and 16.
//!
//! A code proves the address it was sent to and no other: not one that took its place meanwhile.

use std::sync::Arc;

use cognate_domain::attempts::AttemptKind;
use cognate_domain::attributes::{Attributes, contacts, plan_update};
use cognate_domain::delivery::{Delivery, Destination, Medium};
use cognate_domain::pool::{Moment, Pool};
use cognate_domain::template::Purpose;
use cognate_domain::user::User;
use cognate_domain::{Error, Result};
use cognate_store::codes::{self, Presented};
use cognate_store::{Tx, pending_attributes, user_aliases};

use crate::Cx;
use crate::codes::{CodeKind, NewCode, digest};
use crate::messages::Letter;
use crate::users::{Change, TakenAlias};

impl Cx {
    /// Carries out changes that are allowed; where codes went. `user` says who is meant: they are read again in the write,
    /// so that changes of one user follow one another and none is lost.
    pub async fn update_attributes(
        &mut self,
        pool: &Arc<Pool>,
        user: &User,
        changes: &Attributes,
    ) -> Result<Vec<Destination>> {
        self.refuse_taken_contacts(pool, user, changes).await?;
        let new_code = |to: Delivery| self.new_code(pool, &user.id, CodeKind::verifying(to.medium), &to);
        let codes: Vec<NewCode> = contacts(changes).filter(|to| !to.address.is_empty()).map(new_code).collect();

        let (now, id) = (self.now, (pool.id.as_str(), user.id.as_str()));
        let to_send = &codes;
        let unproved = self
            .write(async |tx| {
                let before = cognate_store::users::find(tx, id.0, id.1).await?.ok_or_else(Error::user_not_found)?;
                let update = plan_update(&pool.config, &before.attributes, changes)?;
                if !update.unproved.is_empty() {
                    pool.refuse_unbuilt(Moment::Message)?;
                }
                let after = User { attributes: update.attributes, modified_at: now, ..before.clone() };
                let change = Change { before: &before, after: &after, taken: TakenAlias::Refuse };
                crate::users::update(tx, pool, &change).await?;
                for medium in update.settled {
                    pending_attributes::delete(tx, id, medium.attribute()).await?;
                }
                for contact in &update.pending {
                    pending_attributes::put(tx, id, contact.attribute(), &contact.address, now).await?;
                }
                for code in to_send.iter().filter(|code| update.unproved.contains(&code.sent_to)) {
                    codes::put(tx, &code.row(id.0, id.1)).await?;
                }
                Ok(update.unproved)
            })
            .await?;

        let due: Vec<&NewCode> = codes.iter().filter(|code| unproved.contains(&code.sent_to)).collect();
        let mut sent = Ok(());
        for code in &due {
            // When one cannot be delivered, the other is sent all the same.
            sent = sent.and(self.send_proof(pool, user, code, "CustomMessage_UpdateUserAttribute").await);
        }
        sent?;
        Ok(due.iter().map(|code| code.sent_to.destination()).collect())
    }

    /// AWS: an address that is somebody's name already is refused when it is asked for, though it may count only once it is
    /// proved. That a name has one owner is the store's to hold; this spares people a code in vain.
    async fn refuse_taken_contacts(&self, pool: &Pool, user: &User, changes: &Attributes) -> Result<()> {
        let mut wished = Attributes::default();
        for contact in contacts(changes) {
            if user.attributes.get(contact.attribute()) != Some(&contact.address) {
                wished.set(contact.medium.verified_flag(), "true");
                wished.set(contact.attribute(), contact.address);
            }
        }
        if wished.is_empty() {
            return Ok(());
        }
        let wished = User { attributes: wished, ..user.clone() };
        let has = pool.config.names.aliases_of(user);
        let mut tx = self.read().await?;
        for (kind, value) in pool.config.names.aliases_of(&wished).iter().filter(|alias| !has.contains(alias)) {
            let owner = user_aliases::find_owner(&mut tx, &pool.id, kind.space(), value).await?;
            if owner.is_some_and(|owner| owner != user.id) {
                return Err(Error::alias_exists(kind.name()));
            }
        }
        Ok(())
    }

    /// Sends a new code in place of the one before, to the contact that waits for its proof, or else to the user's own.
    pub async fn send_verification(&mut self, pool: &Arc<Pool>, user: &User, medium: Medium) -> Result<Destination> {
        pool.refuse_unbuilt(Moment::Message)?;
        let to = to_prove(&mut self.read().await?, user, medium).await?;
        self.count_attempt(user, AttemptKind::GetUserAttributeVerificationCode).await?;

        let code = self.new_code(pool, &user.id, CodeKind::verifying(medium), &to);
        let (kept, id) = (&code, (pool.id.as_str(), user.id.as_str()));
        self.write(async |tx| {
            let user = cognate_store::users::find(tx, id.0, id.1).await?.ok_or_else(Error::user_not_found)?;
            if to_prove(tx, &user, medium).await? != kept.sent_to {
                return Err(Error::too_many_requests()); // changed meanwhile; its own code must not be replaced
            }
            codes::put(tx, &kept.row(id.0, id.1)).await
        })
        .await?;

        self.send_proof(pool, user, &code, "CustomMessage_VerifyUserAttribute").await?;
        Ok(code.sent_to.destination())
    }

    /// Verifies the contact that the code went to; one that was pending takes its place now.
    pub async fn verify_attribute(&mut self, pool: &Arc<Pool>, user: &User, medium: Medium, code: &str) -> Result<()> {
        self.count_attempt(user, AttemptKind::VerifyUserAttribute).await?;

        let kind = CodeKind::verifying(medium);
        let digest = digest(pool, &user.id, kind, code);
        let (now, id) = (self.now, (pool.id.as_str(), user.id.as_str()));
        self.write(async |tx| {
            let before = cognate_store::users::find(tx, id.0, id.1).await?.ok_or_else(Error::user_not_found)?;
            let presented = Presented { pool_id: id.0, user_id: id.1, kind: kind.name(), digest: &digest };
            let Some(taken) = codes::take(tx, &presented, now).await? else {
                let waits = codes::waits(tx, id, kind.name(), now).await?;
                return Err(if waits { Error::code_mismatch() } else { Error::code_expired() });
            };
            let proved = taken.sent_to.ok_or_else(Error::code_expired)?;
            let pending = pending_attributes::find(tx, id, medium.attribute()).await?;

            let mut after = User { modified_at: now, ..before.clone() };
            if pending.as_ref() == Some(&proved) {
                pending_attributes::delete(tx, id, medium.attribute()).await?;
                after.attributes.set(medium.attribute(), proved);
            } else if before.attributes.filled(medium.attribute()) != Some(&proved) {
                return Err(Error::code_expired());
            }
            after.attributes.set(medium.verified_flag(), "true");
            let change = Change { before: &before, after: &after, taken: TakenAlias::Refuse };
            crate::users::update(tx, pool, &change).await
        })
        .await
    }

    async fn send_proof(&mut self, pool: &Pool, user: &User, code: &NewCode, trigger: &'static str) -> Result<()> {
        let letter = Letter {
            delivery: &code.sent_to,
            purpose: Purpose::Verification,
            trigger,
            code: Some(&code.text),
            username: &user.username,
            link: None,
        };
        self.send(pool, letter).await
    }
}

/// The contact that is to be proved next: the one that waits, or the user's own, verified or not.
async fn to_prove(tx: &mut Tx<'_>, user: &User, medium: Medium) -> Result<Delivery> {
    let pending = pending_attributes::find(tx, (&user.pool_id, &user.id), medium.attribute()).await?;
    let pending = pending.map(|address| Delivery { medium, address });
    pending.or_else(|| medium.delivery(&user.attributes)).ok_or_else(|| {
        Error::no_registered(match medium {
            Medium::Email => "email address",
            Medium::Sms => "phone number",
        })
    })
}
