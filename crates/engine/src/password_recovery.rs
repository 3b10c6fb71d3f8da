//! A forgotten password: a code to a verified contact, and the code for a new password. user-pools.md, section 15.
//!
//! With the veil somebody who is not there (or may not recover) gets a code that nobody can know, under an id made up from
//! the name: limits, expiry and wrong codes are then those of a user, by the same statements.

use std::sync::Arc;

use cognate_domain::attempts::AttemptKind;
use cognate_domain::delivery::{Delivery, Destination, veiled};
use cognate_domain::pool::{Moment, Pool};
use cognate_domain::recovery::{may_ask, may_recover};
use cognate_domain::template::Purpose;
use cognate_domain::user::{User, UserStatus};
use cognate_domain::{Error, Result};
use cognate_store::attempts::{self, Attempts};
use cognate_store::codes::{self, Presented, Taken};
use cognate_store::{WriteTx, user_aliases};

use crate::Cx;
use crate::codes::{CodeKind, NewCode, digest, proved, verify};
use crate::messages::{Letter, Post};
use crate::sign_in::Door;
use crate::sign_in::veil::Simulated;
use crate::users::{Change, TakenAlias};

const KIND: CodeKind = CodeKind::ForgotPassword;

/// `ConfirmForgotPassword`'s question.
pub struct NewPassword<'a> {
    pub username: &'a str,
    pub code: &'a str,
    pub password: &'a str,
}

/// Whose codes and attempts: a user's, or with the veil those of somebody who is not there.
struct Asker {
    id: String,
    user: Option<User>,
}

impl Asker {
    fn of(door: Door<'_>, username: &str, found: Option<User>, fit: fn(&User) -> Result<()>) -> Result<Self> {
        let fits = found.ok_or_else(Error::username_client_not_found).and_then(|user| fit(&user).map(|()| user));
        match fits {
            Ok(user) => Ok(Self { id: user.id.clone(), user: Some(user) }),
            Err(_) if door.client.veils() => Ok(Self { id: Simulated::of(door, username).id, user: None }),
            Err(refused) => Err(refused),
        }
    }
}

impl Cx {
    /// Sends a code by which the password can be replaced; where it went, or where a veiled answer pretends it did.
    pub async fn forgot_password(&mut self, door: Door<'_>, username: &str) -> Result<Destination> {
        let pool = door.pool;
        pool.refuse_unbuilt(Moment::Message)?;
        if pool.only_admins_recover() {
            return Err(Error::only_admins_recover()); // said of the pool, so that it says nothing of a user
        }
        let found = crate::users::find(&mut self.read().await?, pool, username).await?;
        let who = Asker::of(door, username, found, may_ask)?;
        let delivery = who.user.as_ref().map(|user| pool.recovery_delivery(&user.attributes)).transpose();
        let delivery = match delivery {
            Err(refused) if !door.client.veils() => return Err(refused),
            delivery => delivery.ok().flatten(),
        };
        self.count_attempt_of((&pool.id, &who.id), AttemptKind::Recovery).await?;

        let Some((user, delivery)) = who.user.zip(delivery) else {
            self.keep_unknowable_code(&pool.id, &who.id, KIND).await?;
            return Ok(veiled(username, &pool.config.names, &pool.simulated_recovery(), &pool.veil_key));
        };
        let code = self.new_code(pool, &user.id, KIND, &delivery);
        self.write(async |tx| codes::put(tx, &code.row(&pool.id, &user.id)).await).await?;

        let carried = matches!(self.app.post, Post::Carriers { .. });
        if door.client.veils() && carried {
            self.send_recovery_unseen(pool, user, code);
        } else {
            self.send_recovery(pool, &user, &code).await?;
        }
        Ok(delivery.destination())
    }

    /// Replaces the password by the code that was sent, which is spent in the same write. What the policy or the history
    /// refuses spends nothing. The history is asked only once the code is right: it must not tell strangers about passwords.
    pub async fn confirm_forgot_password(&mut self, door: Door<'_>, asked: NewPassword<'_>) -> Result<()> {
        let pool = door.pool;
        pool.refuse_unbuilt(Moment::Confirmation)?;
        let policy = &pool.config.password_policy;
        policy.check(asked.password).map_err(cognate_domain::password::PolicyFailure::into_error)?;
        let found = crate::users::find(&mut self.read().await?, pool, asked.username).await?;
        let who = Asker::of(door, asked.username, found, may_recover)?;
        self.count_attempt_of((&pool.id, &who.id), AttemptKind::Recovery).await?;

        let digest = digest(pool, &who.id, KIND, asked.code);
        let waiting = codes::find(&mut self.read().await?, (&pool.id, &who.id), KIND.name(), self.now).await?;
        let waiting = waiting.ok_or_else(Error::code_expired)?;
        let right = cognate_jose::constant_time_eq(&digest, &waiting.digest);
        let user = who.user.filter(|_| right).ok_or_else(Error::code_mismatch)?;
        if proved(&user.attributes, &waiting.proves).is_none() {
            return Err(Error::code_expired()); // who reads an address that was given up gets no new password
        }

        self.refuse_reused_password(pool, &user, asked.password).await?;
        let stored = self.store_password(pool, (&user.id, &user.username), asked.password, None).await?;
        let after = User {
            password: Some(stored),
            password_history_sealed: self.remember_password(pool, &user)?,
            status: UserStatus::Confirmed,
            modified_at: self.now,
            ..user.clone()
        };

        let now = self.now;
        let presented = Presented { pool_id: &pool.id, user_id: &user.id, kind: KIND.name(), digest: &digest };
        let failures = Attempts { pool_id: &pool.id, user_id: &user.id, kind: AttemptKind::Password };
        self.write(async |tx| {
            let code = codes::take(tx, &presented, now).await?.ok_or_else(Error::code_expired)?;
            let after = with_proof(tx, pool, (&user, &after), &code).await?;
            attempts::delete(tx, &failures, now).await?; // they were guesses at a password that is gone
            crate::users::update(tx, pool, &Change { before: &user, after: &after, taken: TakenAlias::Refuse }).await
        })
        .await
    }

    /// `AdminResetUserPassword`: the password is good no longer, and a code replaces it.
    pub async fn reset_password(&mut self, pool: &Arc<Pool>, username: &str) -> Result<()> {
        pool.refuse_unbuilt(Moment::Message)?;
        let user = crate::users::get(&mut self.read().await?, pool, username).await?;
        if !user.enabled {
            return Err(Error::user_disabled_to_admin());
        }
        may_ask(&user)?;
        let delivery = pool.recovery_delivery(&user.attributes)?;

        let code = self.new_code(pool, &user.id, KIND, &delivery);
        let after = User { status: UserStatus::ResetRequired, modified_at: self.now, ..user.clone() };
        let change = Change { before: &user, after: &after, taken: TakenAlias::Refuse };
        self.write(async |tx| {
            crate::users::update(tx, pool, &change).await?;
            codes::put(tx, &code.row(&pool.id, &user.id)).await
        })
        .await?;

        self.send_recovery(pool, &after, &code).await
    }

    async fn send_recovery(&mut self, pool: &Pool, user: &User, code: &NewCode) -> Result<()> {
        self.send(pool, letter(&code.sent_to, user, code)).await
    }

    /// With the veil neither the answer nor the time it takes may tell whether a message left.
    fn send_recovery_unseen(&self, pool: &Arc<Pool>, user: User, code: NewCode) {
        let (mut cx, pool) = (Cx::new(Arc::clone(&self.app)), Arc::clone(pool));
        tokio::spawn(async move {
            if cx.send_recovery(&pool, &user, &code).await.is_err() {
                tracing::warn!(pool_id = %pool.id, user_id = %user.id, "a recovery code of user {} was not sent", user.id);
            }
        });
    }
}

fn letter<'a>(delivery: &'a Delivery, user: &'a User, code: &'a NewCode) -> Letter<'a> {
    Letter {
        delivery,
        purpose: Purpose::Verification,
        trigger: "CustomMessage_ForgotPassword",
        code: Some(&code.text),
        username: &user.username,
        link: None,
    }
}

/// The user with the address verified that the code came back from, unless it has become somebody else's name meanwhile.
async fn with_proof(tx: &mut WriteTx<'_>, pool: &Pool, change: (&User, &User), code: &Taken) -> Result<User> {
    let (before, after) = change;
    let mut verified = after.clone();
    verify(&mut verified.attributes, code);

    let had = pool.config.names.aliases_of(before);
    for (kind, value) in pool.config.names.aliases_of(&verified) {
        let is_new = !had.contains(&(kind, value.clone()));
        if is_new && user_aliases::find_owner(tx, &pool.id, kind.space(), &value).await?.is_some() {
            return Ok(after.clone());
        }
    }
    Ok(verified)
}
