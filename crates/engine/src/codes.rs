//! Confirmation codes: made, kept as digests, sent, taken once. user-pools.md, section 16.

use std::time::Duration;

use cognate_domain::attempts::{AttemptKind, HOUR};
use cognate_domain::pool::Pool;
use cognate_domain::user::User;
use cognate_domain::{Error, Result, Timestamp, ids};
use cognate_store::attempts::{self, Attempts};
use cognate_store::codes::CodeRow;

use crate::Cx;

/// What a code is for. A new one replaces the one before of the same kind.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum CodeKind {
    SignUp,
}

impl CodeKind {
    pub const fn name(self) -> &'static str {
        match self {
            Self::SignUp => "sign_up",
        }
    }

    const fn life(self) -> Duration {
        match self {
            Self::SignUp => Duration::from_hours(24),
        }
    }
}

const DIGITS: usize = 6;

/// A code that is to be kept and sent.
pub struct NewCode {
    pub text: String,
    pub kind: CodeKind,
    pub attribute: &'static str,
    digest: [u8; 32],
    expires_at: Timestamp,
}

impl NewCode {
    pub fn row<'a>(&'a self, pool_id: &'a str, user_id: &'a str) -> CodeRow<'a> {
        CodeRow {
            pool_id,
            user_id,
            kind: self.kind.name(),
            digest: &self.digest,
            attribute: Some(self.attribute),
            expires_at: self.expires_at,
        }
    }
}

/// Bound to pool and user by the pool's own key: six digits have few digests, which a stolen table alone must not give.
pub fn digest(pool: &Pool, user_id: &str, kind: CodeKind, code: &str) -> [u8; 32] {
    let parts: [&[u8]; 6] = [b"code\0", kind.name().as_bytes(), b"\0", user_id.as_bytes(), b"\0", code.as_bytes()];
    cognate_jose::hmac_sha256(&pool.veil_key, &parts)
}

impl Cx {
    pub fn new_code(&self, pool: &Pool, user_id: &str, kind: CodeKind, attribute: &'static str) -> NewCode {
        let text = ids::code(self.entropy(), DIGITS);
        let digest = digest(pool, user_id, kind, &text);
        NewCode { text, kind, attribute, digest, expires_at: self.now + kind.life() }
    }

    /// Counts an attempt that is limited per hour and refuses those beyond. Counted before it is looked at, in one write
    /// with the count, so that of parallel ones exactly as many pass as may.
    pub async fn count_attempt(&mut self, user: &User, kind: AttemptKind) -> Result<()> {
        let Some(limit) = kind.per_hour() else { return Ok(()) };
        let of = Attempts { pool_id: &user.pool_id, user_id: &user.id, kind };
        let since = self.now - HOUR;
        let attempt_id = ids::ordered_uuid(self.entropy(), self.now).to_string();
        let now = self.now;
        self.write(async |tx| {
            let before = attempts::count(tx, &of, since, "").await?;
            if before.count >= limit {
                return Err(Error::attempt_limit_exceeded());
            }
            attempts::delete(tx, &of, since).await?;
            attempts::insert(tx, &of, &attempt_id, now).await
        })
        .await
    }
}
