//! What the token endpoint of a login domain gives. oauth-and-login.md, sections 6, 8 and 9.3.

use std::sync::Arc;

use cognate_domain::login_domain::LoginDomain;
use cognate_domain::oauth::{OAuthCode, OAuthError, OAuthResult, Params, machine};
use cognate_domain::pool::{Moment, Pool};
use cognate_domain::{Error, ids};
use cognate_store::login_domains;
use cognate_wire::{ErrorKind, Secret};

/// Tokens, and how long the access token lives.
pub use cognate_wire::idp::AuthenticationResultType as Granted;

use crate::sign_in::Door;
use crate::tokens::serialise;
use crate::{App, Cx};

/// Of a host.
const LONGEST_NAME: usize = 253;

/// A pool as its login domain shows it.
#[derive(Clone)]
pub struct LoginSite {
    pub domain: Arc<LoginDomain>,
    pub pool: Arc<Pool>,
}

impl App {
    /// The pool that is met at this domain.
    pub async fn login_site(&self, name: &str) -> cognate_domain::Result<Option<LoginSite>> {
        if name.len() > LONGEST_NAME || !name.bytes().all(|byte| byte.is_ascii_alphanumeric() || b"-.".contains(&byte))
        {
            return Ok(None);
        }
        let load = async || login_domains::find(&mut self.db.read().await?, name).await;
        let Some(domain) = self.caches.domains.get(name, load).await? else { return Ok(None) };
        let pool = self.pool(&domain.pool_id).await?;
        Ok(pool.map(|pool| LoginSite { domain, pool }))
    }
}

impl Cx {
    /// `client_credentials`: an access token of the client's own. A scope whose resource server has lost it is left out.
    pub async fn grant_to_client(&self, door: Door<'_>, params: &Params) -> OAuthResult<Granted> {
        let Door { pool, client } = door;
        let scopes = machine::scopes(client, params)?;
        pool.refuse_unbuilt(Moment::Refresh)?;
        let scopes = self.living_scopes(&pool.id, &scopes).await?;

        let keys = self.app.keys(&pool.id).await?;
        let (issuer, jti) = (self.app.settings.issuer(&pool.id), ids::uuid(self.entropy()).to_string());
        let claims = serialise(&machine::claims(&issuer, client, &scopes, self.now, &jti))?;
        let access_token = self.app.work.run(move || keys.sign_access(&claims)).await??;

        Ok(Granted {
            access_token: Some(Secret::from(access_token)),
            expires_in: i32::try_from(client.validity.access.as_secs()).ok(),
            token_type: Some("Bearer".to_owned()),
            ..Granted::default()
        })
    }

    /// `refresh_token`: the next tokens of a sign-in; where the client rotates, with the next refresh token.
    pub async fn grant_by_refresh(&mut self, door: Door<'_>, token: &str) -> OAuthResult<Granted> {
        let granted = if door.client.rotates() {
            self.rotate(door, token).await
        } else {
            self.refresh(door, token, |_| Ok(())).await
        };
        granted.map_err(no_grant)
    }
}

/// Whatever is wrong with what was presented is one error. What we cannot do is none of it: a client throws away a token that is
/// refused as `invalid_grant`.
fn no_grant(error: Error) -> OAuthError {
    let ours = error.kind.status() >= 500 || error.kind == ErrorKind::TooManyRequests;
    if ours { error.into() } else { OAuthCode::InvalidGrant.into() }
}
