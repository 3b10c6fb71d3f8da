//! What sign-in asks for next. Pure: the engine loads the facts and carries out the step.
//!
//! A proof is never forgotten: `SignIn` only grows, and is consumed by the step that ends it. Order of challenges:
//! user-pools.md, section 9.5.

use cognate_wire::idp::ChallengeNameType;
use serde::{Deserialize, Serialize};

use crate::Timestamp;
use crate::error::{Error, Result};
use crate::user::{User, UserStatus};

/// One thing the person has shown.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Factor {
    Password,
}

/// What has been proved so far, by whom, for which client. Travels inside the sealed session between two calls.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct SignIn {
    pub user_id: String,
    pub client_id: String,
    pub proved: Vec<Factor>,
    /// The salt of the password that was proved: one that is set meanwhile ends the sign-in.
    pub salt: Option<[u8; 16]>,
}

/// What is asked of the person next.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "SCREAMING_SNAKE_CASE")]
pub enum Challenge {
    NewPasswordRequired,
}

impl Challenge {
    pub const fn into_wire(self) -> ChallengeNameType {
        match self {
            Self::NewPasswordRequired => ChallengeNameType::NewPasswordRequired,
        }
    }
}

/// The end of a sign-in: everything was proved. Only the functions of this page make one.
#[derive(Debug)]
pub struct Proof(SignIn);

impl Proof {
    pub fn sign_in(&self) -> &SignIn {
        &self.0
    }
}

#[derive(Debug)]
pub enum Step {
    Ask(SignIn, Challenge),
    Done(Proof),
}

impl SignIn {
    pub fn begin(user: &User, client_id: &str) -> Self {
        let salt = user.password.as_ref().map(|password| password.salt);
        Self { user_id: user.id.clone(), client_id: client_id.to_owned(), proved: Vec::new(), salt }
    }

    #[must_use]
    pub fn with(mut self, factor: Factor) -> Self {
        self.proved.push(factor);
        self
    }
}

/// Refuses states in which not even a right password helps. Asked before the password is looked at.
pub fn before_first_factor(user: &User) -> Result<()> {
    if !user.enabled {
        return Err(Error::user_disabled());
    }
    if user.status == UserStatus::ResetRequired {
        return Err(Error::password_reset_required());
    }
    Ok(())
}

/// Decides the next step once a first factor has been proved.
pub fn after_first_factor(sign_in: SignIn, user: &User, now: Timestamp) -> Result<Step> {
    before_first_factor(user)?;
    match user.status {
        UserStatus::Unconfirmed => Err(Error::user_not_confirmed()),
        UserStatus::ResetRequired => Err(Error::password_reset_required()),
        UserStatus::ForceChangePassword if user.temporary_password_expired(now) => {
            Err(Error::temporary_password_expired())
        }
        UserStatus::ForceChangePassword => Ok(Step::Ask(sign_in, Challenge::NewPasswordRequired)),
        UserStatus::Confirmed | UserStatus::ExternalProvider => Ok(Step::Done(Proof(sign_in))),
    }
}

/// Decides the next step once a temporary password has been replaced. `user` is as it was before.
pub fn after_new_password(sign_in: SignIn, user: &User) -> Result<Step> {
    before_first_factor(user)?;
    let same_password = sign_in.salt == user.password.as_ref().map(|password| password.salt);
    let expected = user.status == UserStatus::ForceChangePassword && sign_in.proved.contains(&Factor::Password);
    if !(same_password && expected) {
        return Err(Error::session_invalid());
    }
    Ok(Step::Done(Proof(sign_in)))
}
