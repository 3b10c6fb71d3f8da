//! The mock's tokens: real ones, of Cognito's shape, signed by a key that is made at the start.

use std::sync::Arc;
use std::time::Duration;

use cognate_domain::directory::ProviderSubject;
use cognate_domain::tokens::USER_ADMIN_SCOPE;
use cognate_domain::{Error, Timestamp, ids};
use cognate_engine::{Cx, Secret};
use cognate_jose::{Alg, JwkSet, KeyError, SigningKey, VerifyingKey};
use serde::Deserialize;
use serde_json::{Map, Value, json};

use super::script::Machine;
use super::sessions::Grantee;
use super::{CLIENT, NAME};
use crate::problem::{Code, Problem};
use crate::provider::{Proved, Session, TokenUses};

const LIFE: Duration = Duration::from_hours(1);
pub(super) const EXPIRES_IN: u32 = 3600;

pub(super) struct Keys {
    pub(super) issuer: String,
    signing: Arc<SigningKey>,
    verifying: VerifyingKey,
}

/// What is read of a token of ours.
#[derive(Deserialize)]
struct Claims {
    sub: String,
    iss: String,
    token_use: String,
    client_id: Option<String>,
    aud: Option<String>,
    username: Option<String>,
    #[serde(rename = "cognito:username")]
    id_username: Option<String>,
    #[serde(default)]
    scope: String,
    #[serde(default, rename = "cognito:groups")]
    groups: Vec<String>,
    exp: i64,
    origin_jti: Option<String>,
}

/// A token that was proved, and the sign-in that it stands on; a machine's stands on none.
pub(super) struct Told {
    pub(super) proved: Proved,
    pub(super) origin_jti: Option<String>,
}

impl Keys {
    pub(super) fn new(issuer: String, signing: SigningKey) -> Result<Self, KeyError> {
        let verifying = VerifyingKey::from_jwk(&signing.public_jwk())?;
        Ok(Self { issuer, signing: Arc::new(signing), verifying })
    }

    pub(super) fn set(&self) -> JwkSet {
        JwkSet { keys: vec![self.signing.public_jwk()] }
    }

    pub(super) fn alg(&self) -> Alg {
        self.signing.alg()
    }

    /// Without a refresh token where the old one stays good.
    pub(super) async fn session(
        &self,
        cx: &Cx,
        grantee: &Grantee,
        refresh_token: Option<Secret>,
    ) -> Result<Session, Problem> {
        let jti = || ids::uuid(cx.entropy()).to_string();
        let id_token = self.sign(cx, self.id_claims(cx.now, grantee, &jti())).await?;
        let access_token = self.sign(cx, self.access_claims(cx.now, grantee, &jti())).await?;
        Ok(Session { access_token, id_token: Some(id_token), refresh_token, expires_in: EXPIRES_IN })
    }

    pub(super) async fn of_machine(&self, cx: &Cx, machine: &Machine, scopes: &[&str]) -> Result<Secret, Problem> {
        let claims = json!({
            "sub": machine.client_id,
            "token_use": "access",
            "scope": scopes.join(" "),
            "auth_time": cx.now.seconds(),
            "iss": self.issuer,
            "exp": (cx.now + LIFE).seconds(),
            "iat": cx.now.seconds(),
            "version": 2,
            "jti": ids::uuid(cx.entropy()).to_string(),
            "client_id": machine.client_id,
        });
        self.sign(cx, claims).await
    }

    async fn sign(&self, cx: &Cx, claims: Value) -> Result<Secret, Problem> {
        let key = Arc::clone(&self.signing);
        let claims = serde_json::to_vec(&claims).map_err(Error::internal)?;
        let signed = cx.app.work.run(move || key.sign(&claims)).await?;
        Ok(Secret::from(signed.map_err(Error::internal)?))
    }

    fn id_claims(&self, now: Timestamp, grantee: &Grantee, jti: &str) -> Value {
        let account = &grantee.account;
        let mut claims = Map::new();
        let mut put = |name: &str, value: Value| drop(claims.insert(name.to_owned(), value));
        put("sub", account.sub.clone().into());
        if !account.groups.is_empty() {
            put("cognito:groups", account.groups.clone().into());
        }
        put("email", account.email.clone().into());
        put("email_verified", account.email_verified.into());
        if let Some(name) = &account.name {
            put("name", name.clone().into());
        }
        if let Some(phone) = &account.phone {
            put("phone_number", phone.clone().into());
        }
        put("iss", self.issuer.clone().into());
        put("cognito:username", account.sub.clone().into());
        put("origin_jti", grantee.origin_jti.clone().into());
        put("aud", CLIENT.into());
        put("token_use", "id".into());
        put_times(&mut put, grantee, now);
        put("jti", jti.into());
        Value::Object(claims)
    }

    fn access_claims(&self, now: Timestamp, grantee: &Grantee, jti: &str) -> Value {
        let account = &grantee.account;
        let mut claims = Map::new();
        let mut put = |name: &str, value: Value| drop(claims.insert(name.to_owned(), value));
        put("sub", account.sub.clone().into());
        if !account.groups.is_empty() {
            put("cognito:groups", account.groups.clone().into());
        }
        put("iss", self.issuer.clone().into());
        put("client_id", CLIENT.into());
        put("origin_jti", grantee.origin_jti.clone().into());
        put("token_use", "access".into());
        put("scope", USER_ADMIN_SCOPE.into());
        put_times(&mut put, grantee, now);
        put("jti", jti.into());
        put("username", account.sub.clone().into());
        Value::Object(claims)
    }

    /// Signature, issuer, use, client and time. Of a person's token the rest is asked of the sign-in; `machines` says whose client ids are
    /// known.
    pub(super) fn prove(
        &self,
        token: &str,
        now: Timestamp,
        uses: TokenUses,
        machines: &[Machine],
    ) -> Result<Told, Problem> {
        let refused = |cause: &'static str| Problem::new(Code::Unauthenticated).because(cause);
        let payload = self
            .verifying
            .verify(token)
            .map_err(|error| Problem::new(Code::Unauthenticated).because(error.to_string()))?;
        let claims: Claims = serde_json::from_slice(&payload).map_err(|_| refused("its claims cannot be read"))?;
        if claims.iss != self.issuer {
            return Err(refused("a token of another issuer"));
        }
        let (token_use, client, username) = match claims.token_use.as_str() {
            "access" => ("access", claims.client_id, claims.username),
            "id" if uses.id => ("id", claims.aud, claims.id_username),
            _ => return Err(refused("not for this use")),
        };
        let client_id = client.ok_or_else(|| refused("a token of no client"))?;
        let is_machine = claims.origin_jti.is_none();
        let known = if is_machine {
            claims.sub == client_id && machines.iter().any(|machine| machine.client_id == client_id)
        } else {
            client_id == CLIENT
        };
        if !known {
            return Err(refused("a token of another client"));
        }
        let expires_at = Timestamp(claims.exp.saturating_mul(1000));
        if expires_at <= now {
            return Err(refused("it has expired"));
        }
        let proved = Proved {
            subject: ProviderSubject { provider: NAME.to_owned(), id: claims.sub },
            is_machine,
            username,
            client_id,
            scopes: claims.scope.split_ascii_whitespace().map(str::to_owned).collect(),
            groups: claims.groups,
            expires_at,
            token_use,
            family: None,
        };
        Ok(Told { proved, origin_jti: claims.origin_jti })
    }
}

fn put_times(put: &mut impl FnMut(&str, Value), grantee: &Grantee, now: Timestamp) {
    put("auth_time", grantee.since.seconds().into());
    put("exp", (now + LIFE).seconds().into());
    put("iat", now.seconds().into());
}
