//! What stands in a token. user-pools.md, section 17. Order of claims is AWS's as far as it is known.

use serde_json::{Map, Value};

use crate::Timestamp;
use crate::client::Client;
use crate::user::User;

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
    pub scope: String,
    pub authenticated_at: Timestamp,
    pub expires_at: Timestamp,
}

/// What both tokens of one issue share, and what tells them apart.
pub struct Issue<'a> {
    pub issuer: &'a str,
    pub client: &'a Client,
    pub user: &'a User,
    pub family: &'a TokenFamily,
    pub now: Timestamp,
}

impl Issue<'_> {
    /// `jti` is new for each token.
    pub fn id_claims(&self, jti: &str) -> Map<String, Value> {
        let mut claims = Map::new();
        let mut put = |name: &str, value: Value| drop(claims.insert(name.to_owned(), value));
        put("sub", self.user.id.clone().into());
        for (name, value) in self.client.permissions.readable(&self.user.attributes) {
            put(name, claim_value(name, value));
        }
        put("iss", self.issuer.into());
        put("cognito:username", self.user.username.clone().into());
        if self.client.revocation {
            put("origin_jti", self.family.origin_jti.clone().into());
        }
        put("aud", self.client.id.clone().into());
        put("event_id", self.family.event_id.clone().into());
        put("token_use", "id".into());
        put("auth_time", self.family.authenticated_at.seconds().into());
        put("exp", (self.now + self.client.validity.id).seconds().into());
        put("iat", self.now.seconds().into());
        put("jti", jti.into());
        claims
    }

    pub fn access_claims(&self, jti: &str) -> Map<String, Value> {
        let mut claims = Map::new();
        let mut put = |name: &str, value: Value| drop(claims.insert(name.to_owned(), value));
        put("sub", self.user.id.clone().into());
        put("iss", self.issuer.into());
        put("client_id", self.client.id.clone().into());
        if self.client.revocation {
            put("origin_jti", self.family.origin_jti.clone().into());
        }
        put("event_id", self.family.event_id.clone().into());
        put("token_use", "access".into());
        put("scope", self.family.scope.clone().into());
        put("auth_time", self.family.authenticated_at.seconds().into());
        put("exp", (self.now + self.client.validity.access).seconds().into());
        put("iat", self.now.seconds().into());
        put("jti", jti.into());
        put("username", self.user.username.clone().into());
        claims
    }
}

/// Attributes are strings to the user API; in the ID token some have a type of their own. Custom ones stay strings.
fn claim_value(name: &str, value: &str) -> Value {
    match name {
        "email_verified" | "phone_number_verified" => Value::Bool(value == "true"),
        "updated_at" => value.parse::<i64>().map_or_else(|_| value.into(), Value::from),
        "address" => serde_json::json!({ "formatted": value }),
        _ => value.into(),
    }
}
