//! What stands in a token, and how often a refresh token may be used. user-pools.md, sections 17 and 18. Order of claims is
//! AWS's as far as it is known.

use std::time::Duration;

use serde_json::{Map, Value};

use crate::Timestamp;
use crate::client::Client;
use crate::group::GroupClaims;
use crate::oauth::{OAuthGrant, OPENID, Shown, covers};
use crate::pool::Profile;
use crate::user::User;

#[cfg(test)]
mod tests;

/// The scope of every sign-in through the API; what access-token operations ask for.
pub const USER_ADMIN_SCOPE: &str = "aws.cognito.signin.user.admin";

/// One sign-in. All its tokens carry its `origin_jti` and are revoked with it.
#[derive(Clone, Debug)]
pub struct TokenFamily {
    pub pool_id: String,
    pub user_id: String,
    pub client_id: String,
    pub origin_jti: String,
    pub event_id: String,
    /// Separated by spaces.
    pub scope: String,
    pub authenticated_at: Timestamp,
    pub expires_at: Timestamp,
    /// Of a sign-in at a login domain; one through the API has none.
    pub oauth: Option<OAuthGrant>,
}

impl TokenFamily {
    /// AWS: a sign-in through the API brings an ID token without asking for one.
    pub fn has_id_token(&self) -> bool {
        self.oauth.is_none() || self.scope.split(' ').any(|scope| scope == OPENID)
    }
}

/// What the use of a refresh token is, where each one is exchanged for the next of its family.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Use {
    First,
    /// Within the grace: the client lost the answer, or asked twice. It gets a further token of the family.
    Retry,
    /// Begun before anybody could know that the token was taken: refused, and no sign of a theft.
    Parallel,
    /// A token that somebody else has exchanged. Nobody knows which of the two is the thief, so the whole family falls.
    Reuse,
}

impl Use {
    /// Of a token taken at `taken_at`, by a request that began at `began`.
    pub fn of(taken_at: Option<Timestamp>, began: Timestamp, grace: Duration) -> Self {
        let Some(taken_at) = taken_at else { return Self::First };
        if !grace.is_zero() && began < taken_at + grace {
            Self::Retry
        } else if began <= taken_at {
            Self::Parallel
        } else {
            Self::Reuse
        }
    }
}

/// Seldom more: a map that grows moves all it has.
const CLAIMS: usize = 24;

/// What both tokens of one issue share, and what tells them apart.
pub struct Issue<'a> {
    pub issuer: &'a str,
    pub client: &'a Client,
    pub user: &'a User,
    pub groups: &'a GroupClaims,
    pub family: &'a TokenFamily,
    /// Those of the family that are still there.
    pub scopes: &'a [String],
    pub rules: Rules,
    pub now: Timestamp,
}

/// What the pool asks of its tokens.
#[derive(Clone, Copy, Debug, Default)]
pub struct Rules {
    pub profile: Profile,
    /// Access tokens are RFC 9068's.
    pub jwt_access_tokens: bool,
}

/// What tokens say of the one request that they answer: `nonce` only the first ID token after an authorization request (OpenID
/// Connect Core, 12.2).
#[derive(Clone, Copy, Debug, Default)]
pub struct Binding<'a> {
    pub nonce: Option<&'a str>,
    /// The thumbprint of the key whose holder alone may use the access token (RFC 9449, section 6).
    pub key: Option<&'a str>,
}

impl Issue<'_> {
    /// `jti` is new for each token.
    pub fn id_claims(&self, jti: &str, binding: Binding<'_>) -> Map<String, Value> {
        let mut claims = Map::with_capacity(CLAIMS);
        let mut put = |name: &str, value: Value| drop(claims.insert(name.to_owned(), value));
        put("sub", self.user.id.clone().into());
        self.put_groups(&mut put);
        let asked = self.family.oauth.is_some();
        for (name, value) in self.client.permissions.readable(&self.user.attributes) {
            if !asked || covers(self.scopes, name, Shown::InIdToken, self.rules.profile) {
                put(name, claim_value(name, value));
            }
        }
        if let Some(role) = &self.groups.preferred_role {
            put("cognito:preferred_role", role.clone().into());
        }
        put("iss", self.issuer.into());
        put("cognito:username", self.user.username.clone().into());
        if self.client.revocation {
            put("origin_jti", self.family.origin_jti.clone().into());
        }
        if !self.groups.roles.is_empty() {
            put("cognito:roles", self.groups.roles.clone().into());
        }
        put("aud", self.client.id.clone().into());
        if let Some(nonce) = binding.nonce {
            put("nonce", nonce.into());
        }
        put("event_id", self.family.event_id.clone().into());
        put("token_use", "id".into());
        put("auth_time", self.family.authenticated_at.seconds().into());
        put("exp", (self.now + self.client.validity.id).seconds().into());
        put("iat", self.now.seconds().into());
        put("jti", jti.into());
        claims
    }

    pub fn access_claims(&self, jti: &str, binding: Binding<'_>) -> Map<String, Value> {
        let mut claims = Map::with_capacity(CLAIMS);
        let mut put = |name: &str, value: Value| drop(claims.insert(name.to_owned(), value));
        put("sub", self.user.id.clone().into());
        self.put_groups(&mut put);
        put("iss", self.issuer.into());
        if let Some(oauth) = &self.family.oauth {
            put("version", 2.into());
            if let Some(audience) = self.audience(oauth) {
                put("aud", audience.into());
            }
        }
        put("client_id", self.client.id.clone().into());
        if self.client.revocation {
            put("origin_jti", self.family.origin_jti.clone().into());
        }
        if let Some(key) = binding.key {
            put("cnf", serde_json::json!({ "jkt": key }));
        }
        put("event_id", self.family.event_id.clone().into());
        put("token_use", "access".into());
        put("scope", self.scopes.join(" ").into());
        put("auth_time", self.family.authenticated_at.seconds().into());
        put("exp", (self.now + self.client.validity.access).seconds().into());
        put("iat", self.now.seconds().into());
        put("jti", jti.into());
        put("username", self.user.username.clone().into());
        claims
    }

    /// RFC 9068 asks for one; without a resource it is the issuer's own.
    fn audience(&self, oauth: &OAuthGrant) -> Option<String> {
        let fallback = || self.rules.jwt_access_tokens.then(|| self.issuer.to_owned());
        oauth.resource.clone().or_else(fallback)
    }

    fn put_groups(&self, put: &mut impl FnMut(&str, Value)) {
        if !self.groups.groups.is_empty() {
            put("cognito:groups", self.groups.groups.clone().into());
        }
    }
}

/// Attributes are strings to the user API; in the ID token some have a type of their own. Custom ones stay strings.
pub fn claim_value(name: &str, value: &str) -> Value {
    match name {
        "email_verified" | "phone_number_verified" => Value::Bool(value == "true"),
        "updated_at" => value.parse::<i64>().map_or_else(|_| value.into(), Value::from),
        "address" => serde_json::json!({ "formatted": value }),
        _ => value.into(),
    }
}
