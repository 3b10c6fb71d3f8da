//! Who sends a request, as a verified token says.

use std::fmt;

use serde_json::{Map, Value};

/// What Cognito's tokens say of themselves in `token_use`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum TokenUse {
    Access,
    Id,
}

impl TokenUse {
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Access => "access",
            Self::Id => "id",
        }
    }
}

/// Made by [`crate::Authorizer`] alone. `Debug` says who and for what, and leaves out the name and the claims: they may
/// hold an address.
#[derive(Clone, PartialEq)]
#[non_exhaustive]
pub struct AuthContext {
    pub issuer: String,
    /// `sub`. Two issuers may mean different people by the same one.
    pub subject: String,
    /// None of an issuer whose tokens are not asked for it.
    pub token_use: Option<TokenUse>,
    /// `client_id` of an access token; of an ID token its audience, if there is one alone; elsewhere `client_id` or
    /// `azp`.
    pub client_id: Option<String>,
    /// `username`, `cognito:username`, or else `preferred_username`. For people to read: it may be given to somebody
    /// else one day.
    pub username: Option<String>,
    /// An ID token has none.
    pub scopes: Vec<String>,
    pub groups: Vec<String>,
    /// Seconds since 1970.
    pub expires_at: i64,
    /// Seconds since 1970.
    pub issued_at: Option<i64>,
    pub jti: Option<String>,
    /// The sign-in that the token comes from: what a sign-out revokes.
    pub origin_jti: Option<String>,
    /// All of them, as they were signed.
    pub claims: Map<String, Value>,
}

impl AuthContext {
    /// Whole words, in the case in which they were given.
    pub fn has_scope(&self, scope: &str) -> bool {
        self.scopes.iter().any(|given| given == scope)
    }

    pub fn in_group(&self, group: &str) -> bool {
        self.groups.iter().any(|given| given == group)
    }
}

impl fmt::Debug for AuthContext {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("AuthContext")
            .field("issuer", &self.issuer)
            .field("subject", &self.subject)
            .field("token_use", &self.token_use)
            .field("client_id", &self.client_id)
            .field("scopes", &self.scopes)
            .field("groups", &self.groups)
            .field("expires_at", &self.expires_at)
            .finish_non_exhaustive()
    }
}
