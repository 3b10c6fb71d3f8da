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

/// What we read of our own access tokens.
#[derive(Deserialize)]
struct Claims {
    sub: String,
    iss: String,
    token_use: String,
    client_id: String,
    scope: String,
    exp: i64,
    event_id: String,
    origin_jti: Option<String>,
    cnf: Option<Confirmation>,
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
        if Timestamp(claims.exp.saturating_mul(1000)) <= self.now {
            return Err(Error::access_token_expired());
        }
        // Whoever has such a token and not its key has stolen it (RFC 9449, section 7).
        if claims.cnf.as_ref().map(|cnf| cnf.jkt.as_str()) != self.key.as_deref() {
            return Err(Error::access_token_invalid());
        }
        if !claims.scope.split(' ').any(|given| given == scope) {
            return Err(Error::access_token_without_scope());
        }

        let origin = claims.origin_jti.as_deref().unwrap_or(&claims.event_id);
        let found = cognate_store::tokens::find_bearer(&mut self.read().await?, &pool.id, &claims.sub, origin).await?;
        let Some(Held { user, family, revoked }) = found else {
            return Err(self.why_no_bearer(&pool.id, &claims.sub).await?);
        };
        if !user.enabled {
            return Err(Error::user_disabled());
        }
        if revoked || family.client_id != claims.client_id {
            return Err(Error::access_token_revoked());
        }
        if user.status == UserStatus::ResetRequired {
            return Err(Error::password_reset_required());
        }
        Ok(Bearer { user, family })
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
