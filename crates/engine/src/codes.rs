//! Confirmation codes: made, kept as digests, sent, taken once. user-pools.md, section 16.

use std::time::Duration;

use cognate_domain::attempts::{AttemptKind, HOUR};
use cognate_domain::attributes::Attributes;
use cognate_domain::delivery::{Delivery, Medium};
use cognate_domain::pool::Pool;
use cognate_domain::user::User;
use cognate_domain::{Error, Result, Timestamp, ids};
use cognate_store::attempts::{self, Attempts};
use cognate_store::codes::{CodeRow, Taken};

use crate::Cx;

/// What a code is for. A new one replaces the one before of the same kind.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum CodeKind {
    SignUp,
    /// Also of `AdminResetUserPassword`.
    ForgotPassword,
    VerifyEmail,
    VerifyPhoneNumber,
}

impl CodeKind {
    /// Proves a contact of somebody who is signed in.
    pub const fn verifying(medium: Medium) -> Self {
        match medium {
            Medium::Email => Self::VerifyEmail,
            Medium::Sms => Self::VerifyPhoneNumber,
        }
    }

    pub const fn name(self) -> &'static str {
        match self {
            Self::SignUp => "sign_up",
            Self::ForgotPassword => "forgot_password",
            Self::VerifyEmail => "verify_email",
            Self::VerifyPhoneNumber => "verify_phone_number",
        }
    }

    const fn life(self) -> Duration {
        match self {
            Self::SignUp | Self::VerifyEmail | Self::VerifyPhoneNumber => Duration::from_hours(24),
            Self::ForgotPassword => Duration::from_hours(1),
        }
    }
}

const DIGITS: usize = 6;

/// A code that is to be kept and sent.
pub struct NewCode {
    pub text: String,
    pub kind: CodeKind,
    pub sent_to: Delivery,
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
            attribute: Some(self.sent_to.attribute()),
            sent_to: Some(&self.sent_to.address),
            expires_at: self.expires_at,
        }
    }
}

/// Bound to pool and user by the pool's own key: six digits have few digests, which a stolen table alone must not give.
pub fn digest(pool: &Pool, user_id: &str, kind: CodeKind, code: &str) -> [u8; 32] {
    let parts: [&[u8]; 6] = [b"code\0", kind.name().as_bytes(), b"\0", user_id.as_bytes(), b"\0", code.as_bytes()];
    cognate_jose::hmac_sha256(&pool.veil_key, &parts)
}

/// The attribute that a code proves: the one it was sent to, if that address is still the user's.
pub fn proved<'a>(attributes: &Attributes, code: &'a Taken) -> Option<&'a str> {
    let (attribute, sent_to) = code.attribute.as_deref().zip(code.sent_to.as_deref())?;
    (attributes.filled(attribute) == Some(sent_to)).then_some(attribute)
}

/// Verifies what the code proves.
pub fn verify(attributes: &mut Attributes, code: &Taken) {
    if let Some(attribute) = proved(attributes, code) {
        attributes.set(format!("{attribute}_verified"), "true");
    }
}

impl Cx {
    pub fn new_code(&self, pool: &Pool, user_id: &str, kind: CodeKind, sent_to: &Delivery) -> NewCode {
        let text = ids::code(self.entropy(), DIGITS);
        let digest = digest(pool, user_id, kind, &text);
        NewCode { text, kind, sent_to: sent_to.clone(), digest, expires_at: self.now + kind.life() }
    }

    /// Keeps a code that nothing matches, where an answer pretends that one was sent.
    pub(crate) async fn keep_unknowable_code(&mut self, pool_id: &str, user_id: &str, kind: CodeKind) -> Result<()> {
        let (digest, expires_at) = (ids::random::<32>(self.entropy()), self.now + kind.life());
        let (kind, digest) = (kind.name(), &digest[..]);
        let row = CodeRow { pool_id, user_id, kind, digest, attribute: None, sent_to: None, expires_at };
        self.write(async |tx| cognate_store::codes::put(tx, &row).await).await
    }

    /// Counts an attempt that is limited per hour and refuses those beyond. Counted before it is looked at, in one write
    /// with the count, so that of parallel ones exactly as many pass as may.
    pub async fn count_attempt(&mut self, user: &User, kind: AttemptKind) -> Result<()> {
        self.count_attempt_of((&user.pool_id, &user.id), kind).await
    }

    /// The same by pool and id: also for somebody who is not there.
    pub(crate) async fn count_attempt_of(&mut self, whose: (&str, &str), kind: AttemptKind) -> Result<()> {
        let Some(limit) = kind.per_hour() else { return Ok(()) };
        let of = Attempts { pool_id: whose.0, user_id: whose.1, kind };
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
