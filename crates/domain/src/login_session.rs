//! A browser that is signed in at a pool's login domain. oauth-and-login.md, section 5.3.

use std::time::Duration;

use crate::Timestamp;

/// From the last time that the person was asked; use does not prolong it.
pub const LIFE: Duration = Duration::from_hours(1);

/// The pool's own users, as `identity_provider` names them.
pub const LOCAL: &str = "COGNITO";

#[derive(Clone, Debug)]
pub struct LoginSession {
    /// To name it by; the cookie is another secret.
    pub id: String,
    /// Where the person proved who they are.
    pub provider: String,
    pub authenticated_at: Timestamp,
    pub expires_at: Timestamp,
}

impl LoginSession {
    pub fn begin(id: String, provider: &str, now: Timestamp) -> Self {
        Self { id, provider: provider.to_owned(), authenticated_at: now, expires_at: now + LIFE }
    }
}
