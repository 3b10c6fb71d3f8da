//! What a token is worth now (RFC 7662): signature, issuer, time, revocation, and the state of who stands behind it. Whatever is
//! wrong with one, it is inactive, and nothing else is said.

use cognate_domain::client::Client;
use cognate_domain::pool::Pool;
use cognate_domain::sign_in::before_first_factor;
use cognate_domain::{Result, Timestamp};
use cognate_store::tokens::{self, Presented};
use serde_json::{Map, Value, json};

use crate::Cx;

/// Members that an access token brings along.
const SHOWN: [&str; 11] =
    ["scope", "client_id", "username", "exp", "iat", "sub", "aud", "iss", "jti", "auth_time", "cnf"];

impl Cx {
    /// `asker` has proved its secret. It learns of every access token of its pool, and of its own refresh tokens.
    pub async fn introspect(&self, pool: &Pool, asker: &Client, token: &str) -> Result<Map<String, Value>> {
        let active = match self.active_access(pool, token).await? {
            Some(members) => Some(members),
            None => self.active_refresh(pool, asker, token).await?,
        };
        let mut answer = active.unwrap_or_default();
        let is_active = !answer.is_empty();
        answer.insert("active".to_owned(), is_active.into());
        Ok(answer)
    }

    async fn active_access(&self, pool: &Pool, token: &str) -> Result<Option<Map<String, Value>>> {
        let Ok(peek) = cognate_jose::peek(token) else { return Ok(None) };
        let Ok(Value::Object(claims)) = serde_json::from_slice(&peek.payload) else { return Ok(None) };
        let text = |name: &str| claims.get(name).and_then(Value::as_str);
        let number = |name: &str| claims.get(name).and_then(Value::as_i64);
        let is_ours = text("iss") == Some(&self.app.settings.issuer(&pool.id)) && text("token_use") == Some("access");
        let lives = number("exp").is_some_and(|exp| Timestamp(exp.saturating_mul(1000)) > self.now);
        if !is_ours || !lives || !self.app.proves_access(&pool.id, &peek).await? {
            return Ok(None);
        }
        let (Some(client_id), Some(sub)) = (text("client_id"), text("sub")) else { return Ok(None) };
        if !self.stands(pool, client_id, sub, text("origin_jti").or_else(|| text("event_id"))).await? {
            return Ok(None);
        }
        let mut shown: Map<String, Value> =
            SHOWN.iter().filter_map(|name| Some(((*name).to_owned(), claims.get(*name)?.clone()))).collect();
        let kind = if shown.contains_key("cnf") { "DPoP" } else { "Bearer" };
        shown.insert("token_type".to_owned(), kind.into());
        Ok(Some(shown))
    }

    /// Whether who an access token was given to may still use it. A machine's has no sign-in behind it.
    async fn stands(&self, pool: &Pool, client_id: &str, sub: &str, sign_in: Option<&str>) -> Result<bool> {
        let client = self.app.client(client_id).await?.filter(|client| client.pool_id == pool.id);
        let Some(client) = client else { return Ok(false) };
        let Some(sign_in) = sign_in else { return Ok(sub == client.id) };
        let held = tokens::find_bearer(&mut self.read().await?, &pool.id, sub, sign_in).await?;
        Ok(held.is_some_and(|held| !held.revoked && before_first_factor(&held.user).is_ok()))
    }

    async fn active_refresh(&self, pool: &Pool, asker: &Client, token: &str) -> Result<Option<Map<String, Value>>> {
        let digest = cognate_jose::sha256(token.as_bytes());
        let found = tokens::find_presented(&mut self.read().await?, &pool.id, &digest).await?;
        let Some(Presented { held, taken_at: None }) = found else { return Ok(None) };
        let family = &held.family;
        let lives = family.expires_at > self.now && !held.revoked && before_first_factor(&held.user).is_ok();
        if family.client_id != asker.id || !lives {
            return Ok(None);
        }
        let members = json!({
            "client_id": family.client_id,
            "exp": family.expires_at.seconds(),
            "iss": self.app.settings.issuer(&pool.id),
            "scope": family.scope,
            "sub": family.user_id,
            "username": held.user.username,
        });
        Ok(members.as_object().cloned())
    }
}
