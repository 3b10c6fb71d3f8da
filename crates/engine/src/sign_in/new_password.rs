//! `NEW_PASSWORD_REQUIRED`: a temporary password is replaced, and what the pool requires is supplied.

use std::collections::BTreeMap;

use cognate_domain::attributes::{Attributes, check_admin_create};
use cognate_domain::pool::Moment;
use cognate_domain::sign_in::{Challenge, after_new_password};
use cognate_domain::user::{User, UserStatus};
use cognate_domain::{Error, Result};

use super::{Door, Outcome, Reward};
use crate::Cx;
use crate::users::{Change, TakenAlias};

/// The answer: who, the session, the new password, and the attributes without their `userAttributes.` prefix.
pub struct NewPassword<'a> {
    pub username: &'a str,
    pub session: &'a str,
    pub password: &'a str,
    pub attributes: Attributes,
}

/// What the client needs to ask the person: which attributes are missing, and which are there.
pub(super) fn parameters(door: Door<'_>, user: &User) -> Result<BTreeMap<String, String>> {
    let missing: Vec<String> = missing(door, &user.attributes).map(|name| format!("userAttributes.{name}")).collect();
    let readable: Attributes = door.client.permissions.readable(&user.attributes).collect();
    let present = serde_json::to_string(&readable).map_err(Error::internal)?;
    let missing = serde_json::to_string(&missing).map_err(Error::internal)?;
    Ok(BTreeMap::from([("requiredAttributes".to_owned(), missing), ("userAttributes".to_owned(), present)]))
}

fn missing<'a>(door: Door<'a>, attributes: &'a Attributes) -> impl Iterator<Item = &'a str> {
    door.pool.config.schema.required().filter(|name| attributes.filled(name).is_none())
}

impl Cx {
    pub async fn answer_new_password<R: Reward>(
        &mut self,
        door: Door<'_>,
        reward: R,
        answer: NewPassword<'_>,
    ) -> Result<Outcome<R::Given>> {
        door.pool.refuse_unbuilt(Moment::SignIn)?;
        let session = self.open_session(door, answer.session, Challenge::NewPasswordRequired)?;
        session.refuse_if_spent(self, &door.pool.id).await?;
        let found = crate::users::find(&mut self.read().await?, door.pool, answer.username).await?;
        let user = found.filter(|user| user.id == session.sign_in.user_id).ok_or_else(Error::session_invalid)?;

        door.pool
            .config
            .password_policy
            .check(answer.password)
            .map_err(cognate_domain::password::PolicyFailure::into_error)?;
        let attributes = supplied(door, &user, &answer.attributes)?;
        let step = after_new_password(session.sign_in.clone(), &user)?;
        self.refuse_reused_password(door.pool, &user, answer.password).await?;
        let password = self.store_password(door.pool, (&user.id, &user.username), answer.password, None).await?;
        let changed = User {
            attributes,
            password: Some(password),
            password_history_sealed: self.remember_password(door.pool, &user)?,
            status: UserStatus::Confirmed,
            modified_at: self.now,
            ..user.clone()
        };

        let (pool, change) = (door.pool, Change { before: &user, after: &changed, taken: TakenAlias::Refuse });
        self.carry_out(door, reward, (&changed, step), async |tx| {
            session.spend(tx, &pool.id).await?;
            crate::users::update(tx, pool, &change).await
        })
        .await
    }
}

/// The attributes of the user with those of the answer, which may add but not change.
fn supplied(door: Door<'_>, user: &User, given: &Attributes) -> Result<Attributes> {
    if let Some((name, _)) = given.iter().find(|(name, _)| user.attributes.filled(name).is_some()) {
        return Err(Error::attribute_already_provided(name));
    }
    if given.iter().any(|(name, _)| !door.client.permissions.may_write(name)) {
        return Err(Error::unauthorized_attribute());
    }
    check_admin_create(&door.pool.config.schema, given)?;
    let mut attributes = user.attributes.clone();
    attributes.apply(given);
    if let Some(name) = missing(door, &attributes).next() {
        return Err(Error::attribute_missing_in_challenge(name));
    }
    Ok(attributes)
}
