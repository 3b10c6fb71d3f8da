//! Who an access token stands for: signature, use, issuer, client, time, scope and revocation, in that order.

use cognate_domain::tokens::{TokenFamily, USER_ADMIN_SCOPE};
use cognate_domain::user::{User, UserStatus};
use cognate_domain::{Error, Result, Timestamp};
use cognate_store::tokens::Held;
use serde::Deserialize;

use crate::Cx;

/// The user behind an access token, as they are now.
pub struct Bearer {
    pub user: User,
    pub family: TokenFamily,
}

/// What a token of a pool of this server says, proved without the store: signature, use, issuer, time and key. Whether its sign-in still
/// stands has to be read.
pub struct ProvedToken {
    pub pool_id: String,
    pub sub: String,
    pub client_id: String,
    /// None of a machine.
    pub username: Option<String>,
    /// Separated by spaces; an ID token has none.
    pub scope: String,
    pub groups: Vec<String>,
    pub expires_at: Timestamp,
    /// The family's `origin_jti`; none of a machine.
    pub sign_in: Option<String>,
}

/// What we read of our own access tokens.
#[derive(Deserialize)]
struct Claims {
    sub: String,
    iss: String,
    token_use: String,
    client_id: String,
    username: Option<String>,
    #[serde(default)]
    scope: String,
    #[serde(default, rename = "cognito:groups")]
    groups: Vec<String>,
    exp: i64,
    event_id: Option<String>,
    origin_jti: Option<String>,
    cnf: Option<Confirmation>,
}

#[derive(Deserialize)]
struct IdClaims {
    sub: String,
    iss: String,
    aud: String,
    token_use: String,
    #[serde(rename = "cognito:username")]
    username: String,
    #[serde(default, rename = "cognito:groups")]
    groups: Vec<String>,
    exp: i64,
    event_id: Option<String>,
    origin_jti: Option<String>,
}

#[derive(Deserialize)]
struct Confirmation {
    jkt: String,
}

impl Cx {
    /// Proves an access token of the API. An ID token, a token of another issuer or one without the scope does not do.
    pub async fn authenticate(&self, token: &str) -> Result<Bearer> {
        self.authenticate_for(USER_ADMIN_SCOPE, token).await
    }

    /// The same of an access token that has been given this scope.
    pub async fn authenticate_for(&self, scope: &str, token: &str) -> Result<Bearer> {
        let proved = self.prove_access(token).await?;
        if !proved.scope.split(' ').any(|given| given == scope) {
            return Err(Error::access_token_without_scope());
        }
        let sign_in = proved.sign_in.as_deref().ok_or_else(Error::access_token_invalid)?;
        let found =
            cognate_store::tokens::find_bearer(&mut self.read().await?, &proved.pool_id, &proved.sub, sign_in).await?;
        let Some(held) = found else {
            return Err(self.why_no_bearer(&proved.pool_id, &proved.sub).await?);
        };
        standing(&proved.client_id, &held)?;
        Ok(Bearer { user: held.user, family: held.family })
    }

    /// Whatever can be told of an access token without asking the store.
    pub async fn prove_access(&self, token: &str) -> Result<ProvedToken> {
        let peek = cognate_jose::peek(token).map_err(|_| Error::access_token_invalid())?;
        let claims: Claims = serde_json::from_slice(&peek.payload).map_err(|_| Error::access_token_invalid())?;
        let pool_id = self.pool_of(&claims.iss).ok_or_else(Error::access_token_invalid)?;
        let pool = self.app.pool(&pool_id).await?.ok_or_else(Error::access_token_invalid)?;

        if !self.app.proves_access(&pool.id, &peek).await? {
            return Err(Error::access_token_invalid());
        }
        if claims.token_use != "access" {
            return Err(Error::access_token_invalid());
        }
        let expires_at = Timestamp(claims.exp.saturating_mul(1000));
        if expires_at <= self.now {
            return Err(Error::access_token_expired());
        }
        // Whoever has such a token and not its key has stolen it (RFC 9449, section 7).
        if claims.cnf.as_ref().map(|cnf| cnf.jkt.as_str()) != self.key.as_deref() {
            return Err(Error::access_token_invalid());
        }
        Ok(ProvedToken {
            pool_id,
            sub: claims.sub,
            client_id: claims.client_id,
            username: claims.username,
            scope: claims.scope,
            groups: claims.groups,
            expires_at,
            sign_in: claims.origin_jti.or(claims.event_id),
        })
    }

    /// The same of an ID token, for services that took it for a bearer and are on their way from there.
    pub async fn prove_id(&self, token: &str) -> Result<ProvedToken> {
        let invalid = Error::access_token_invalid;
        let peek = cognate_jose::peek(token).map_err(|_| invalid())?;
        let claims: IdClaims = serde_json::from_slice(&peek.payload).map_err(|_| invalid())?;
        let pool_id = self.pool_of(&claims.iss).ok_or_else(invalid)?;
        let pool = self.app.pool(&pool_id).await?.ok_or_else(invalid)?;
        if claims.token_use != "id" || !self.app.keys(&pool.id).await?.proves(&peek) {
            return Err(invalid());
        }
        let expires_at = Timestamp(claims.exp.saturating_mul(1000));
        if expires_at <= self.now {
            return Err(Error::access_token_expired());
        }
        Ok(ProvedToken {
            pool_id,
            sub: claims.sub,
            client_id: claims.aud,
            username: Some(claims.username),
            scope: String::new(),
            groups: claims.groups,
            expires_at,
            sign_in: Some(claims.origin_jti.or(claims.event_id).ok_or_else(invalid)?),
        })
    }

    fn pool_of(&self, issuer: &str) -> Option<String> {
        let pool_id = issuer.strip_prefix(&self.app.settings.public_url)?.strip_prefix('/')?;
        Some(pool_id.to_owned())
    }

    /// A user who was deleted takes their families along; a family that is gone was revoked.
    async fn why_no_bearer(&self, pool_id: &str, user_id: &str) -> Result<Error> {
        let user = cognate_store::users::find(&mut self.read().await?, pool_id, user_id).await?;
        Ok(if user.is_none() { Error::user_not_found() } else { Error::access_token_revoked() })
    }
}

/// Whether the sign-in behind a proved token of this client still stands, and its user may still use it.
pub fn standing(client_id: &str, held: &Held) -> Result<()> {
    if !held.user.enabled {
        return Err(Error::user_disabled());
    }
    if held.revoked || held.family.client_id != client_id {
        return Err(Error::access_token_revoked());
    }
    if held.user.status == UserStatus::ResetRequired {
        return Err(Error::password_reset_required());
    }
    Ok(())
}
