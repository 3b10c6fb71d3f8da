//! Passwords that may not come again: the present one and as many before it as the pool's policy says
//! (`PasswordHistorySize`). Kept as salts and verifiers, sealed as one value beside the user.

use cognate_domain::pool::Pool;
use cognate_domain::user::User;
use cognate_domain::{Error, Result};
use zeroize::Zeroizing;

use crate::Cx;
use crate::sealing::{Sealed, row_of};

const SALT: usize = 16;
pub(crate) const ENTRY: usize = SALT + cognate_srp::BYTES;
/// No pool remembers more (`PasswordHistorySize`).
pub(crate) const MOST_ENTRIES: usize = 24;

impl Cx {
    /// Refuses the present password and those that are remembered.
    pub(crate) async fn refuse_reused_password(&self, pool: &Pool, user: &User, password: &str) -> Result<()> {
        let size = usize::from(pool.config.password_policy.history_size);
        if size == 0 {
            return Ok(());
        }
        let entries = self.entries(user, size)?;
        let (pool_name, username) = (pool.srp_name().to_owned(), user.username.clone());
        let password = Zeroizing::new(password.to_owned());
        let matches = move |entry: &[u8]| {
            let salt = entry.first_chunk::<SALT>();
            let verifier = entry.last_chunk::<{ cognate_srp::BYTES }>();
            salt.zip(verifier).is_some_and(|(salt, verifier)| {
                cognate_srp::password_matches(&pool_name, &username, &password, salt, verifier)
            })
        };
        let reused = self.app.work.run(move || entries.chunks_exact(ENTRY).any(matches)).await?;
        if reused { Err(Error::password_reused()) } else { Ok(()) }
    }

    /// What is remembered once the present password is replaced.
    pub(crate) fn remember_password(&self, pool: &Pool, user: &User) -> Result<Option<Vec<u8>>> {
        let size = usize::from(pool.config.password_policy.history_size);
        if size < 2 {
            return Ok(None); // the present one stands beside it anyway
        }
        let entries = self.entries(user, size - 1)?;
        self.app.seal(Sealed::UserPasswordHistory, &row_of(&user.pool_id, &user.id), &entries).map(Some)
    }

    /// The present password and those before it, newest first, `most` in all.
    fn entries(&self, user: &User, most: usize) -> Result<Zeroizing<Vec<u8>>> {
        let row = row_of(&user.pool_id, &user.id);
        let mut entries = Zeroizing::new(Vec::with_capacity(most * ENTRY));
        if let Some(password) = &user.password {
            entries.extend_from_slice(&password.salt);
            entries.extend_from_slice(&self.app.open(Sealed::UserVerifier, &row, &password.verifier_sealed)?);
        }
        if let Some(sealed) = &user.password_history_sealed {
            entries.extend_from_slice(&self.app.open(Sealed::UserPasswordHistory, &row, sealed)?);
        }
        entries.truncate(most * ENTRY);
        Ok(entries)
    }
}
