//! Users that administrators make, their temporary passwords and invitations.

use std::sync::Arc;
use std::time::Duration;

use cognate_domain::attributes::{Attributes, check_admin_create};
use cognate_domain::delivery::{Delivery, choose_for_invitation};
use cognate_domain::pool::{Moment, Pool};
use cognate_domain::template::Purpose;
use cognate_domain::user::{User, UserStatus};
use cognate_domain::{Error, Result, Timestamp, ids};
use cognate_wire::idp::{AuthFactorType, DeliveryMediumType};
use zeroize::Zeroizing;

use super::with_name;
use crate::Cx;
use crate::messages::Letter;
use crate::users::{Change, TakenAlias};

/// `AdminCreateUser`'s question.
pub struct NewUser<'a> {
    pub username: &'a str,
    pub attributes: Attributes,
    pub temporary_password: Option<&'a str>,
    pub mediums: &'a [DeliveryMediumType],
    /// `MessageAction` SUPPRESS: no invitation.
    pub silent: bool,
    pub taken: TakenAlias,
}

impl Cx {
    pub async fn create_user(&mut self, pool: &Arc<Pool>, asked: NewUser<'_>) -> Result<User> {
        pool.refuse_unbuilt(Moment::SignUp)?;
        let config = &pool.config;
        let filled = config.names.check_new(asked.username)?;
        let given = with_name(asked.attributes, filled, asked.username);
        check_admin_create(&config.schema, &given)?;
        let attributes: Attributes = given.iter().filter(|(_, value)| !value.is_empty()).collect();
        if let Some(given) = asked.temporary_password {
            config
                .password_policy
                .check(given)
                .map_err(cognate_domain::password::PolicyFailure::into_temporary_error)?;
        }
        let deliveries = if asked.silent { Vec::new() } else { choose_for_invitation(asked.mediums, &attributes)? };
        if !deliveries.is_empty() {
            pool.refuse_unbuilt(Moment::Message)?;
        }
        let password = self.first_password(pool, asked.temporary_password);

        let id = ids::uuid(self.entropy()).to_string();
        let username = if filled.is_some() { id.clone() } else { asked.username.to_owned() };
        self.refuse_taken(pool, &username, filled.map(|_| asked.username), Error::user_account_exists).await?;
        let stored = match &password {
            Some(password) => {
                let expires_at = self.temporary_until(pool);
                Some(self.store_password(pool, (&id, &username), password, Some(expires_at)).await?)
            }
            None => None,
        };
        let user = User {
            pool_id: pool.id.clone(),
            id,
            username,
            status: if stored.is_some() { UserStatus::ForceChangePassword } else { UserStatus::Confirmed },
            enabled: true,
            attributes,
            password: stored,
            password_history_sealed: None,
            version: 1,
            created_at: self.now,
            modified_at: self.now,
            number: None,
        };
        self.keep_created(pool, &user, asked.taken).await?;

        if let Some(password) = &password {
            self.invite(pool, &user, asked.username, (&deliveries, password)).await?;
        }
        Ok(user)
    }

    /// `MessageAction` RESEND: a new temporary password for somebody who has not used theirs.
    pub async fn invite_again(&mut self, pool: &Arc<Pool>, asked: NewUser<'_>) -> Result<User> {
        let user = crate::users::get(&mut self.read().await?, pool, asked.username).await?;
        if user.status != UserStatus::ForceChangePassword {
            return Err(Error::resend_not_possible(asked.username));
        }
        if let Some(given) = asked.temporary_password {
            pool.config
                .password_policy
                .check(given)
                .map_err(cognate_domain::password::PolicyFailure::into_temporary_error)?;
        }
        let deliveries = choose_for_invitation(asked.mediums, &user.attributes)?;
        pool.refuse_unbuilt(Moment::Message)?;
        let password = match asked.temporary_password {
            Some(given) => Zeroizing::new(given.to_owned()),
            None => Zeroizing::new(pool.config.password_policy.generate(self.entropy())),
        };
        let until = self.temporary_until(pool);
        let stored = self.store_password(pool, (&user.id, &user.username), &password, Some(until)).await?;

        let (now, user_id) = (self.now, user.id.as_str());
        let changed = self
            .write(async |tx| {
                let user =
                    cognate_store::users::find(tx, &pool.id, user_id).await?.ok_or_else(Error::user_not_found)?;
                if user.status != UserStatus::ForceChangePassword {
                    return Err(Error::resend_not_possible(asked.username));
                }
                let changed = User { password: Some(stored.clone()), modified_at: now, ..user };
                cognate_store::users::update(tx, &changed).await?;
                Ok(changed)
            })
            .await?;
        self.invite(pool, &changed, asked.username, (&deliveries, &password)).await?;
        Ok(changed)
    }

    /// `AdminSetUserPassword`: in any state. A temporary one must be changed at the next sign-in.
    pub async fn set_password(
        &mut self,
        pool: &Arc<Pool>,
        username: &str,
        password: &str,
        permanent: bool,
    ) -> Result<()> {
        pool.config.password_policy.check(password).map_err(cognate_domain::password::PolicyFailure::into_error)?;
        let user = crate::users::get(&mut self.read().await?, pool, username).await?;
        self.refuse_reused_password(pool, &user, password).await?;
        let until = (!permanent).then(|| self.temporary_until(pool));
        let stored = self.store_password(pool, (&user.id, &user.username), password, until).await?;
        let history = self.remember_password(pool, &user)?;

        let after = User {
            password: Some(stored),
            password_history_sealed: history,
            status: if permanent { UserStatus::Confirmed } else { UserStatus::ForceChangePassword },
            modified_at: self.now,
            ..user.clone()
        };
        let change = Change { before: &user, after: &after, taken: TakenAlias::Refuse };
        self.write(async |tx| crate::users::update(tx, pool, &change).await).await
    }

    async fn keep_created(&mut self, pool: &Arc<Pool>, user: &User, taken: TakenAlias) -> Result<()> {
        let [shard] = ids::random::<1>(self.entropy());
        self.write(async |tx| {
            crate::users::insert_created(tx, pool, user, taken).await?;
            cognate_store::pools::count_users(tx, &pool.id, shard % cognate_store::pools::COUNT_SHARDS, 1).await
        })
        .await
    }

    /// The given one, or one made by the policy; none where people may sign in with a code alone.
    fn first_password(&self, pool: &Pool, given: Option<&str>) -> Option<Zeroizing<String>> {
        match given {
            Some(given) => Some(Zeroizing::new(given.to_owned())),
            None if allows_no_password(pool) => None,
            None => Some(Zeroizing::new(pool.config.password_policy.generate(self.entropy()))),
        }
    }

    fn temporary_until(&self, pool: &Pool) -> Timestamp {
        let days = u64::try_from(pool.config.password_policy.temporary_validity_days()).unwrap_or(7);
        self.now + Duration::from_hours(24 * days)
    }

    async fn invite(&mut self, pool: &Pool, user: &User, name: &str, by: (&[Delivery], &str)) -> Result<()> {
        let (deliveries, password) = by;
        for delivery in deliveries {
            let trigger = "CustomMessage_AdminCreateUser";
            let purpose = Purpose::Invitation;
            let letter = Letter { delivery, purpose, trigger, code: Some(password), username: name, link: None };
            self.send(pool, letter).await?;
        }
        tracing::debug!(pool_id = %pool.id, user_id = %user.id, "user {} of pool {} was invited", user.id, pool.id);
        Ok(())
    }
}

/// AWS: a pool that lets people sign in with a code makes users without a password CONFIRMED at once.
fn allows_no_password(pool: &Pool) -> bool {
    let policies = pool.config.described.policies.as_ref();
    let factors = policies.and_then(|policies| policies.sign_in_policy.as_ref()?.allowed_first_auth_factors.as_deref());
    factors.unwrap_or_default().iter().any(|factor| matches!(factor, AuthFactorType::EmailOtp | AuthFactorType::SmsOtp))
}
