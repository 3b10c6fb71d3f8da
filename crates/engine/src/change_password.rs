//! `ChangePassword`: the password that was is proved like at a sign-in, by the same count and lock, so that a stolen
//! access token is no way to guess it. Tokens stay good; a sign-in with the old password that is under way ends, because
//! it asserts the salt. user-pools.md, section 6.

use cognate_domain::attempts::AttemptKind;
use cognate_domain::pool::Pool;
use cognate_domain::user::{User, UserStatus};
use cognate_domain::{Error, Result};
use cognate_store::attempts;

use crate::Cx;
use crate::sign_in::failures::{Suspect, assert_unlocked};
use crate::tokens::Bearer;
use crate::users::{Change, TakenAlias};

impl Cx {
    pub async fn change_password(&mut self, bearer: Bearer, previous: Option<&str>, proposed: &str) -> Result<()> {
        let (pool, _) = self.client(&bearer.family.client_id).await?;
        self.replace_password(&pool, &bearer.user, previous, proposed).await
    }

    /// The same for somebody who is signed in at a login domain.
    pub async fn replace_password(
        &mut self,
        pool: &Pool,
        user: &User,
        previous: Option<&str>,
        proposed: &str,
    ) -> Result<()> {
        changeable(user, previous)?;
        let policy = &pool.config.password_policy;
        policy.check(proposed).map_err(cognate_domain::password::PolicyFailure::into_error)?;
        self.count_attempt(user, AttemptKind::ChangePassword).await?;

        self.prove_previous(pool, user, previous).await?;
        self.refuse_reused_password(pool, user, proposed).await?;
        let stored = self.store_password(pool, (&user.id, &user.username), proposed, None).await?;
        let after = User {
            password: Some(stored),
            password_history_sealed: self.remember_password(pool, user)?,
            modified_at: self.now,
            ..user.clone()
        };

        let (now, suspect) = (self.now, Suspect::user(user));
        let change = Change { before: user, after: &after, taken: TakenAlias::Refuse };
        self.write(async |tx| {
            assert_unlocked(tx, suspect, now).await?;
            attempts::delete(tx, &suspect.attempts(), now).await?;
            crate::users::update(tx, pool, &change).await
        })
        .await
    }

    async fn prove_previous(&mut self, pool: &Pool, user: &User, previous: Option<&str>) -> Result<()> {
        let Some(previous) = previous else { return Ok(()) }; // `changeable`: there is none
        self.match_password(pool, user, previous).await
    }

    /// A wrong one counts; during a lock none is looked at. What a right one allows asserts in its write that no lock fell.
    pub(crate) async fn match_password(&mut self, pool: &Pool, user: &User, password: &str) -> Result<()> {
        self.refuse_if_locked(Suspect::user(user)).await?;
        if !self.password_matches(pool, user, password).await? {
            return Err(self.count_failure(Suspect::user(user), None).await?);
        }
        self.refuse_if_locked(Suspect::user(user)).await // a lock that fell meanwhile
    }
}

/// A temporary password is replaced by signing in with it, and a provider's user has none here. AWS: the previous password
/// may be left out by who has none.
fn changeable(user: &User, previous: Option<&str>) -> Result<()> {
    match user.status {
        UserStatus::Confirmed if previous.is_none() && user.password.is_some() => {
            Err(Error::missing_parameter("PreviousPassword"))
        }
        UserStatus::Confirmed => Ok(()),
        UserStatus::Unconfirmed => Err(Error::user_not_confirmed()),
        UserStatus::ResetRequired => Err(Error::password_reset_required()),
        UserStatus::ForceChangePassword | UserStatus::ExternalProvider => Err(Error::password_not_resettable()),
    }
}
