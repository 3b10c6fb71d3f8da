//! A password in plain text: `USER_PASSWORD_AUTH` and `ADMIN_USER_PASSWORD_AUTH`.

use cognate_domain::pool::{Moment, Pool};
use cognate_domain::sign_in::before_first_factor;
use cognate_domain::user::User;
use cognate_domain::{Error, Result};
use zeroize::Zeroizing;

use super::failures::Suspect;
use super::veil::Simulated;
use super::{Door, Outcome, Reward};
use crate::Cx;
use crate::sealing::{Sealed, row_of};

impl Cx {
    /// Signs in with a name and a password. Where the client veils, an unknown name fares like a known one.
    pub async fn sign_in_with_password<R: Reward>(
        &mut self,
        door: Door<'_>,
        reward: R,
        username: &str,
        password: &str,
    ) -> Result<Outcome<R::Given>> {
        door.pool.refuse_unbuilt(Moment::SignIn)?;
        let user = crate::users::find(&mut self.read().await?, door.pool, username).await?;
        let refused = match &user {
            None => Some(Error::user_not_found()),
            Some(user) => before_first_factor(user).err(),
        };
        if let Some(refused) = refused {
            return Err(if door.client.veils() {
                self.fail_like_others(door, username, password).await?
            } else {
                refused
            });
        }
        let user = user.ok_or_else(Error::user_not_found)?;
        self.refuse_if_locked(Suspect::user(&user)).await?;

        if !self.password_matches(door.pool, &user, password).await? {
            return Err(self.count_failure(Suspect::user(&user), None).await?);
        }
        let step = self.after_password(door, &user).await?;

        self.carry_out(door, reward, (&user, step), async |_| Ok(())).await
    }

    /// A failure that is not to be told from a wrong password: the same work, the same count, the same lock.
    async fn fail_like_others(&mut self, door: Door<'_>, username: &str, password: &str) -> Result<Error> {
        let nobody = Simulated::of(door, username);
        let suspect = Suspect { pool_id: &door.pool.id, id: &nobody.id };
        self.refuse_if_locked(suspect).await?;
        self.compute_in_vain(door.pool, username, password).await?;
        self.count_failure(suspect, None).await
    }

    pub(crate) async fn password_matches(&self, pool: &Pool, user: &User, password: &str) -> Result<bool> {
        let Some(stored) = &user.password else {
            self.compute_in_vain(pool, &user.username, password).await?;
            return Ok(false);
        };
        let verifier = self.verifier(user, &stored.verifier_sealed)?;
        let (pool_name, username) = (pool.srp_name().to_owned(), user.username.clone());
        let (password, salt) = (Zeroizing::new(password.to_owned()), stored.salt);
        let matches = move || cognate_srp::password_matches(&pool_name, &username, &password, &salt, &verifier);
        self.app.work.run(matches).await
    }

    /// The work of a password check, for somebody who is not there.
    async fn compute_in_vain(&self, pool: &Pool, username: &str, password: &str) -> Result<()> {
        let (pool_name, username) = (pool.srp_name().to_owned(), username.to_owned());
        let password = Zeroizing::new(password.to_owned());
        self.app.work.run(move || drop(cognate_srp::verifier(&pool_name, &username, &password, &[0; 16]))).await
    }

    pub(super) fn verifier(&self, user: &User, sealed: &[u8]) -> Result<Zeroizing<[u8; 384]>> {
        let plain = self.app.open(Sealed::UserVerifier, &row_of(&user.pool_id, &user.id), sealed)?;
        let verifier: [u8; 384] =
            plain.as_slice().try_into().map_err(|_| Error::corrupt("the length of a verifier"))?;
        Ok(Zeroizing::new(verifier))
    }
}
