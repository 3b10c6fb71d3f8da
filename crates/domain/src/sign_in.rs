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

/// Decides the next step once the account of somebody who has just chosen their password is confirmed.
pub fn after_confirmation(sign_in: SignIn, user: &User, now: Timestamp) -> Result<Step> {
    let same_password = sign_in.salt == user.password.as_ref().map(|password| password.salt);
    if !(same_password && sign_in.proved.contains(&Factor::Password)) {
        return Err(Error::session_invalid());
    }
    after_first_factor(sign_in, user, now)
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

#[cfg(test)]
mod tests {
    use UserStatus::{Confirmed, ExternalProvider, ForceChangePassword, ResetRequired, Unconfirmed};

    use super::*;
    use crate::user::StoredPassword;
    use crate::username::tests::user;

    const NOW: Timestamp = Timestamp(1_000);

    /// With a temporary password, if there is a moment at which it ends.
    fn in_state(status: UserStatus, enabled: bool, expires_at: Option<i64>) -> User {
        let expires_at = expires_at.map(Timestamp);
        let password = StoredPassword { salt: [7; 16], verifier_sealed: Vec::new(), expires_at };
        User { enabled, password: Some(password), ..user("ann", status, &[]) }
    }

    fn told(step: Result<Step>) -> String {
        match step {
            Ok(Step::Ask(_, challenge)) => challenge.into_wire().as_str().to_owned(),
            Ok(Step::Done(_)) => "done".to_owned(),
            Err(error) => error.message.into_owned(),
        }
    }

    #[test]
    fn the_state_of_a_user_says_what_comes_after_the_password() {
        let (disabled, reset) = ("User is disabled.", "Password reset required for the user");
        let expired = "Temporary password has expired and must be reset by an administrator.";
        for (user, before, after) in [
            (in_state(Confirmed, true, None), "", "done"),
            (in_state(ExternalProvider, true, None), "", "done"),
            (in_state(Unconfirmed, true, None), "", "User is not confirmed."),
            (in_state(ResetRequired, true, None), reset, reset),
            (in_state(ForceChangePassword, true, Some(1_001)), "", "NEW_PASSWORD_REQUIRED"),
            (in_state(ForceChangePassword, true, None), "", "NEW_PASSWORD_REQUIRED"),
            (in_state(ForceChangePassword, true, Some(1_000)), "", expired),
            (in_state(Confirmed, false, None), disabled, disabled),
            (in_state(ResetRequired, false, None), disabled, disabled),
        ] {
            let sign_in = SignIn::begin(&user, "client").with(Factor::Password);
            let refusal = before_first_factor(&user).err().map(|error| error.message.into_owned());
            assert_eq!(refusal.unwrap_or_default(), before, "{user:?}");
            assert_eq!(told(after_first_factor(sign_in, &user, NOW)), after, "{user:?}");
        }
    }

    #[test]
    fn a_new_password_ends_a_sign_in_that_has_proved_the_old_one() {
        let waiting = in_state(ForceChangePassword, true, None);
        let begun = || SignIn::begin(&waiting, "client");
        let mut replaced = waiting.clone();
        replaced.password = Some(StoredPassword { salt: [8; 16], verifier_sealed: Vec::new(), expires_at: None });
        let invalid = "Invalid session for the user.";
        for (sign_in, user, expected) in [
            (begun().with(Factor::Password), waiting.clone(), "done"),
            (begun(), waiting.clone(), invalid),
            (begun().with(Factor::Password), replaced, invalid),
            (begun().with(Factor::Password), in_state(Confirmed, true, None), invalid),
            (begun().with(Factor::Password), in_state(ForceChangePassword, false, None), "User is disabled."),
        ] {
            assert_eq!(told(after_new_password(sign_in, &user)), expected, "{user:?}");
        }
    }

    #[test]
    fn a_sign_in_remembers_whose_it_is_and_what_was_proved() {
        let ann = in_state(Confirmed, true, None);
        let begun = SignIn::begin(&ann, "client");
        assert_eq!((&begun.user_id, begun.client_id.as_str(), begun.salt), (&ann.id, "client", Some([7; 16])));
        assert_eq!(begun.proved, []);
        assert_eq!(SignIn::begin(&user("ann", Confirmed, &[]), "client").salt, None);

        let Ok(Step::Done(proof)) = after_first_factor(begun.with(Factor::Password), &ann, NOW) else {
            panic!("asked")
        };
        assert_eq!((&proof.sign_in().user_id, &proof.sign_in().proved), (&ann.id, &vec![Factor::Password]));
    }
}
