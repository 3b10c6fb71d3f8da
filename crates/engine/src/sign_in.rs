//! Sign-in: loads facts, lets `domain::sign_in` decide, carries the step out. Every face of sign-in (the API, later
//! managed login and the Auth API) stands on this.

pub(crate) mod failures;
mod new_password;
mod password;
mod session;
mod srp;
mod srp_time;
pub(crate) mod veil;

use std::collections::BTreeMap;
use std::sync::Arc;

use cognate_domain::Result;
use cognate_domain::client::Client;
use cognate_domain::pool::Pool;
use cognate_domain::sign_in::{Challenge, Factor, SignIn, Step, after_first_factor};
use cognate_domain::user::User;
use cognate_store::WriteTx;
use cognate_wire::idp::AuthenticationResultType;

pub use new_password::NewPassword;
pub use srp::{SrpAnswer, SrpChallenge};

use self::failures::Suspect;
use crate::Cx;
use crate::tokens::Grantee;

/// What a step of sign-in comes to.
pub enum Outcome {
    Asked { challenge: Challenge, parameters: BTreeMap<String, String>, session: String },
    Done(Box<AuthenticationResultType>),
}

/// Which door: the pool and the client that a call named.
#[derive(Clone, Copy)]
pub struct Door<'a> {
    pub pool: &'a Arc<Pool>,
    pub client: &'a Arc<Client>,
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

    /// Carries out what was decided. `alongside` is written together with the tokens, or alone if more is asked.
    async fn carry_out<F>(&mut self, door: Door<'_>, user: &User, step: Step, alongside: F) -> Result<Outcome>
    where
        F: AsyncFnOnce(&mut WriteTx<'_>) -> Result<()> + Clone,
    {
        match step {
            Step::Done(proof) => {
                let grantee = Grantee { pool: door.pool, client: door.client, user };
                self.issue(&proof, grantee, alongside).await.map(|result| Outcome::Done(Box::new(result)))
            }
            Step::Ask(sign_in, challenge) => {
                let now = self.now;
                self.write(async |tx| {
                    failures::assert_unlocked(tx, Suspect::user(user), now).await?;
                    alongside.clone()(tx).await
                })
                .await?;
                self.ask(door, user, sign_in, challenge)
            }
        }
    }

    fn ask(&self, door: Door<'_>, user: &User, sign_in: SignIn, challenge: Challenge) -> Result<Outcome> {
        let mut parameters = match challenge {
            Challenge::NewPasswordRequired => new_password::parameters(door, user)?,
        };
        parameters.insert("USER_ID_FOR_SRP".to_owned(), user.username.clone());
        let session = self.new_session(door, sign_in, challenge)?;
        Ok(Outcome::Asked { challenge, parameters, session })
    }
}
