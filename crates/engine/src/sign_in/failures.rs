//! Failed passwords: counted exactly, slowed and locked (`domain::attempts` has the rule).
//!
//! An attempt that was under way when the lock fell counts, and learns no more than that there is a lock: so guessing in
//! parallel gains nothing over guessing one by one. The success of a sign-in asserts in its write that no lock fell.

use cognate_domain::attempts::{AttemptKind, Failures};
use cognate_domain::user::User;
use cognate_domain::{Error, Result, Timestamp, ids};
use cognate_store::attempts::{self, Attempts};
use cognate_store::spent;

use crate::Cx;

fn of(user: &User) -> Attempts<'_> {
    Attempts { pool_id: &user.pool_id, user_id: &user.id, kind: AttemptKind::Password }
}

impl Cx {
    /// Refuses an attempt during a lock; it does not count.
    pub(super) async fn refuse_if_locked(&self, user: &User) -> Result<()> {
        let failures = self.failures(user, "").await?;
        if failures.locks(self.now) { Err(Error::password_attempts_exceeded()) } else { Ok(()) }
    }

    async fn failures(&self, user: &User, but: &str) -> Result<Failures> {
        attempts::count(&mut self.read().await?, &of(user), Timestamp(0), but).await
    }

    /// Counts a wrong password; what the client is told of it. `spends` is the handle that the wrong answer ends: a
    /// further wrong answer to the same one counts like the first.
    pub(super) async fn count_failure(&mut self, user: &User, spends: Option<(&[u8], Timestamp)>) -> Result<Error> {
        let attempt_id = ids::ordered_uuid(self.entropy(), self.now).to_string();
        let now = self.now;
        let before = self.failures(user, "").await?;
        let forgotten = (before.count > 0 && before.forgotten(now)).then_some(before.last);
        self.write(async |tx| {
            if let Some(until) = forgotten {
                attempts::delete(tx, &of(user), until).await?;
            }
            if let Some((digest, expires_at)) = spends {
                spent::note_handle(tx, (&user.pool_id, &user.id), digest, expires_at).await?;
            }
            attempts::insert(tx, &of(user), &attempt_id, now).await
        })
        .await?;

        let others = self.failures(user, &attempt_id).await?;
        Ok(if others.locks(now) { Error::password_attempts_exceeded() } else { Error::bad_credentials() })
    }
}
