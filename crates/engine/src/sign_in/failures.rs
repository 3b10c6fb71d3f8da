//! Failed passwords: counted exactly, slowed and locked (`domain::attempts` has the rule).
//!
//! An attempt that was under way when the lock fell counts, and learns no more than that there is a lock: so guessing in
//! parallel gains nothing over guessing one by one. The success of a sign-in asserts in its write that no lock fell.

use cognate_domain::attempts::{AttemptKind, Failures};
use cognate_domain::user::User;
use cognate_domain::{Error, Result, Timestamp, ids};
use cognate_store::attempts::{self, Attempts};
use cognate_store::{WriteTx, spent};

use crate::Cx;

/// Whose failures are counted: a user's, or those of a name that is nobody's, so that a lock says nothing about which.
#[derive(Clone, Copy)]
pub(crate) struct Suspect<'a> {
    pub(crate) pool_id: &'a str,
    pub(crate) id: &'a str,
}

impl<'a> Suspect<'a> {
    pub(crate) fn user(user: &'a User) -> Self {
        Self { pool_id: &user.pool_id, id: &user.id }
    }

    pub(crate) const fn attempts(self) -> Attempts<'a> {
        Attempts { pool_id: self.pool_id, user_id: self.id, kind: AttemptKind::Password }
    }
}

/// Inside a write that rewards a right password: no lock fell since it was looked at.
pub(crate) async fn assert_unlocked(tx: &mut WriteTx<'_>, suspect: Suspect<'_>, now: Timestamp) -> Result<()> {
    let failures = attempts::count(tx, &suspect.attempts(), Timestamp(0), "").await?;
    if failures.locks(now) { Err(Error::password_attempts_exceeded()) } else { Ok(()) }
}

impl Cx {
    /// Refuses an attempt during a lock; it does not count.
    pub(crate) async fn refuse_if_locked(&self, suspect: Suspect<'_>) -> Result<()> {
        let failures = self.failures(suspect, "").await?;
        if failures.locks(self.now) { Err(Error::password_attempts_exceeded()) } else { Ok(()) }
    }

    async fn failures(&self, suspect: Suspect<'_>, but: &str) -> Result<Failures> {
        attempts::count(&mut self.read().await?, &suspect.attempts(), Timestamp(0), but).await
    }

    pub(crate) async fn is_spent(&self, suspect: Suspect<'_>, digest: &[u8]) -> Result<bool> {
        spent::is_spent(&mut self.read().await?, (suspect.pool_id, suspect.id), digest).await
    }

    /// Counts a wrong password; what the client is told of it. `spends` is the handle that the wrong answer ends: a
    /// further wrong answer to the same one counts like the first.
    pub(crate) async fn count_failure(
        &mut self,
        suspect: Suspect<'_>,
        spends: Option<(&[u8], Timestamp)>,
    ) -> Result<Error> {
        let attempt_id = ids::ordered_uuid(self.entropy(), self.now).to_string();
        let now = self.now;
        let before = self.failures(suspect, "").await?;
        let forgotten = (before.count > 0 && before.forgotten(now)).then_some(before.last);
        self.write(async |tx| {
            if let Some(until) = forgotten {
                attempts::delete(tx, &suspect.attempts(), until).await?;
            }
            if let Some((digest, expires_at)) = spends {
                spent::note_handle(tx, (suspect.pool_id, suspect.id), digest, expires_at).await?;
            }
            attempts::insert(tx, &suspect.attempts(), &attempt_id, now).await
        })
        .await?;

        let others = self.failures(suspect, &attempt_id).await?;
        Ok(if others.locks(now) { Error::password_attempts_exceeded() } else { Error::bad_credentials() })
    }
}
