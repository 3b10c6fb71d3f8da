//! Sign-in: loads facts, lets `domain::sign_in` decide, carries the step out. Every face of sign-in (the API, managed login,
//! later the Auth API) stands on this; what it brings in the end is the face's own `Reward`.

pub(crate) mod failures;
mod new_password;
mod password;
mod session;
mod srp;
mod srp_time;
mod tokens;
pub(crate) mod veil;

use std::collections::BTreeMap;
use std::sync::Arc;
use std::time::Duration;

use cognate_domain::client::Client;
use cognate_domain::pool::{Moment, Pool};
use cognate_domain::sign_in::{Challenge, Factor, SignIn, Step, after_confirmation, after_first_factor};
use cognate_domain::user::User;
use cognate_domain::{Error, Result};
use cognate_store::{WriteTx, users};

pub use new_password::NewPassword;
pub use srp::{SrpAnswer, SrpChallenge};
pub use tokens::ApiTokens;

use self::failures::Suspect;
use crate::Cx;
use crate::tokens::Grantee;

/// What a step of sign-in comes to: a question, or the reward.
pub enum Outcome<T> {
    Asked { challenge: Challenge, parameters: BTreeMap<String, String>, session: String },
    Done(Box<T>),
}

/// What a sign-in is for.
pub trait Reward {
    type Given;

    /// How long a challenge may wait for its answer.
    fn patience(&self, client: &Client) -> Duration;

    /// Gives it to somebody who is still as they were when they proved who they are. `alongside` is what else belongs into the same
    /// write: spending a handle, changing a password. Durable before it is answered.
    fn give<F>(self, cx: &mut Cx, grantee: Grantee<'_>, alongside: F) -> impl Future<Output = Result<Self::Given>>
    where
        F: AsyncFnOnce(&mut WriteTx<'_>) -> Result<()> + Clone;
}

/// Which door: the pool and the client that a call named.
#[derive(Clone, Copy)]
pub struct Door<'a> {
    pub pool: &'a Arc<Pool>,
    pub client: &'a Arc<Client>,
}

impl<'a> Door<'a> {
    pub(crate) const fn to(self, user: &'a User) -> Grantee<'a> {
        Grantee { pool: self.pool, client: self.client, user }
    }
}

impl Cx {
    /// What follows a right password. A refusal would tell that it was right, so a lock that fell meanwhile comes first; where
    /// there is none, the write asserts the same.
    async fn after_password(&self, door: Door<'_>, user: &User) -> Result<Step> {
        let sign_in = SignIn::begin(user, &door.client.id).with(Factor::Password);
        match after_first_factor(sign_in, user, self.now) {
            Ok(step) => Ok(step),
            Err(refused) => {
                self.refuse_if_locked(Suspect::user(user)).await?;
                Err(refused)
            }
        }
    }

    /// Goes on with what was proved by somebody who has just signed up, now that their account is confirmed.
    pub async fn go_on_once_confirmed<R: Reward>(
        &mut self,
        door: Door<'_>,
        reward: R,
        sign_in: SignIn,
    ) -> Result<Outcome<R::Given>> {
        door.pool.refuse_unbuilt(Moment::SignIn)?;
        let user = users::find(&mut self.read().await?, &door.pool.id, &sign_in.user_id).await?;
        let user = user.filter(|_| sign_in.client_id == door.client.id).ok_or_else(Error::session_invalid)?;
        self.refuse_if_locked(Suspect::user(&user)).await?;
        let step = after_confirmation(sign_in, &user, self.now)?;

        self.carry_out(door, reward, (&user, step), async |_| Ok(())).await
    }

    /// Carries out what was decided. `alongside` is written together with the reward, or alone if more is asked.
    async fn carry_out<F, R: Reward>(
        &mut self,
        door: Door<'_>,
        reward: R,
        decided: (&User, Step),
        alongside: F,
    ) -> Result<Outcome<R::Given>>
    where
        F: AsyncFnOnce(&mut WriteTx<'_>) -> Result<()> + Clone,
    {
        let (user, step) = decided;
        match step {
            Step::Done(proof) => {
                if proof.sign_in().user_id != user.id || proof.sign_in().client_id != door.client.id {
                    return Err(Error::corrupt("a proof for somebody else"));
                }
                reward.give(self, door.to(user), alongside).await.map(|given| Outcome::Done(Box::new(given)))
            }
            Step::Ask(sign_in, challenge) => {
                let now = self.now;
                self.write(async |tx| {
                    failures::assert_unlocked(tx, Suspect::user(user), now).await?;
                    alongside.clone()(tx).await
                })
                .await?;
                let patience = reward.patience(door.client);
                self.ask(door, user, (sign_in, challenge), patience)
            }
        }
    }

    fn ask<T>(
        &self,
        door: Door<'_>,
        user: &User,
        asked: (SignIn, Challenge),
        patience: Duration,
    ) -> Result<Outcome<T>> {
        let (sign_in, challenge) = asked;
        let mut parameters = match challenge {
            Challenge::NewPasswordRequired => new_password::parameters(door, user)?,
        };
        parameters.insert("USER_ID_FOR_SRP".to_owned(), user.username.clone());
        let session = self.new_session(door, sign_in, challenge, patience)?;
        Ok(Outcome::Asked { challenge, parameters, session })
    }
}
