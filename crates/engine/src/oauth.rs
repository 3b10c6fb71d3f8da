//! What the token endpoint of a login domain gives. oauth-and-login.md, sections 6, 8 and 9.3.

use std::sync::Arc;

use cognate_domain::login_domain::LoginDomain;
use cognate_domain::oauth::{
    OAuthCode, OAuthError, OAuthGrant, OAuthResult, Params, ResponseKind, client_may_ask, machine,
    may_read_what_it_asks,
};
use cognate_domain::pool::{Moment, Pool};
use cognate_domain::sign_in::before_first_factor;
use cognate_domain::tokens::{Binding, TokenFamily};
use cognate_domain::user::User;
use cognate_domain::{Error, Result, Timestamp, ids};
use cognate_store::authorization_codes::{self, Code};
use cognate_store::tokens::Beginning;
use cognate_store::{WriteTx, login_domains, tokens};
use cognate_wire::{ErrorKind, Secret};
use serde_json::json;

/// Tokens, and how long the access token lives.
pub use cognate_wire::idp::AuthenticationResultType as Granted;

use crate::sign_in::Door;
use crate::tokens::{rules, serialise};
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
    pub async fn login_site(&self, name: &str) -> Result<Option<LoginSite>> {
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
        let mut claims = machine::claims(&issuer, client, &scopes, self.now, &jti);
        let as_at_jwt = rules(pool).jwt_access_tokens;
        if as_at_jwt {
            claims.insert("aud".to_owned(), issuer.into());
        }
        if let Some(key) = &self.key {
            claims.insert("cnf".to_owned(), json!({ "jkt": key }));
        }
        let claims = serialise(&claims)?;
        let sign = move || if as_at_jwt { keys.sign_at_jwt(&claims) } else { keys.sign_access(&claims) };
        let access_token = self.app.work.run(sign).await??;

        Ok(Granted {
            access_token: Some(Secret::from(access_token)),
            expires_in: i32::try_from(client.validity.access.as_secs()).ok(),
            token_type: Some(self.token_type().to_owned()),
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

/// Somebody who was signed in for a client that now comes for the tokens.
pub(crate) struct Entitled<'a> {
    pub(crate) user: &'a User,
    pub(crate) authenticated_at: Timestamp,
    pub(crate) scopes: &'a [String],
    pub(crate) lasting: OAuthGrant,
    pub(crate) nonce: Option<&'a str>,
    pub(crate) reserved: Option<Reserved<'a>>,
}

/// A sign-in that was prepared for: it begins under this id, and so once, for a user who still has this epoch.
pub(crate) struct Reserved<'a> {
    origin_jti: &'a str,
    token_epoch: i64,
}

impl Cx {
    /// `authorization_code`: the tokens of the sign-in that a code stands for. A code is good once; a second use ends that sign-in
    /// (RFC 6749, section 4.1.2), unless it was under way before anybody could know.
    pub async fn grant_by_code(&mut self, door: Door<'_>, params: &Params) -> OAuthResult<Granted> {
        client_may_ask(door.client, ResponseKind::Code)?;
        let text = params.get("code")?.ok_or(OAuthCode::InvalidRequest)?;
        let code = self.present(door, text, params).await?;
        let entitled = Entitled {
            user: &code.user,
            authenticated_at: code.authenticated_at,
            scopes: &code.grant.scopes,
            lasting: code.grant.lasting.clone(),
            nonce: code.grant.nonce.as_deref(),
            reserved: Some(Reserved { origin_jti: &code.origin_jti, token_epoch: code.token_epoch }),
        };
        // That it is good once, nobody has to spend: its sign-in begins once.
        self.begin_sign_in(door, entitled, async |_, now| Ok(now < code.expires_at)).await
    }

    /// The first tokens of a sign-in. `spend` spends what the client came with, and is false if that is no longer good.
    pub(crate) async fn begin_sign_in<F>(
        &mut self,
        door: Door<'_>,
        entitled: Entitled<'_>,
        spend: F,
    ) -> OAuthResult<Granted>
    where
        F: AsyncFnOnce(&mut WriteTx<'_>, Timestamp) -> Result<bool> + Clone,
    {
        let Entitled { user, authenticated_at, scopes, lasting, nonce, reserved } = entitled;
        may_read_what_it_asks(&door.client.permissions, scopes)?;
        // A client with a secret is bound by that; the refresh token of one without is its key's holder's alone.
        let key = self.key.clone().filter(|_| !door.client.is_confidential());
        let lasting = OAuthGrant { key, ..lasting };
        let mut family =
            TokenFamily { authenticated_at, ..self.new_family(door.to(user), scopes.join(" "), Some(lasting)) };
        if let Some(reserved) = &reserved {
            reserved.origin_jti.clone_into(&mut family.origin_jti);
            reserved.origin_jti.clone_into(&mut family.event_id);
        }
        let token_epoch = reserved.map(|reserved| reserved.token_epoch);
        // Before anything is spent: a server too busy to sign must not cost the client what it came with.
        let granted = self.sign_tokens(door.to(user), &family, Binding { nonce, key: None }).await?;

        let refresh_token = ids::refresh_token(self.entropy());
        let refresh_digest = cognate_jose::sha256(refresh_token.as_bytes());
        let (kept, clock) = (&family, Arc::clone(&self.app.clock));
        let begun = self.write(async |tx| {
            let now = clock.now(); // of the spending, not of the request: who began before it was merely parallel
            if !spend.clone()(tx, now).await? {
                return Ok(false);
            }
            if !tokens::insert_family(tx, kept, user, Beginning { at: now, token_epoch }).await? {
                return Err(Error::bad_credentials()); // which takes back what was spent
            }
            tokens::insert_refresh_token(tx, kept, &refresh_digest).await.map(|()| true)
        });
        if !begun.await.map_err(no_grant)? {
            return Err(OAuthCode::InvalidGrant.into());
        }
        Ok(Granted { refresh_token: Some(Secret::from(refresh_token)), ..granted })
    }

    /// A code that was given to this client and may be redeemed by who presents it.
    async fn present(&mut self, door: Door<'_>, text: &str, params: &Params) -> OAuthResult<Code> {
        door.pool.refuse_unbuilt(Moment::SignIn)?;
        let digest = cognate_jose::sha256(text.as_bytes());
        let found = authorization_codes::find(&mut self.read().await?, &door.pool.id, &digest).await?;
        let code = found.filter(|code| code.client_id == door.client.id).ok_or(OAuthCode::InvalidGrant)?;
        code.grant.check(params, door.pool.config.profile())?;
        if code.grant.key.is_some() && code.grant.key != self.key {
            return Err(OAuthCode::InvalidDpopProof.into());
        }
        if let Some(redeemed_at) = code.redeemed_at {
            if redeemed_at < self.now {
                self.end_sign_in(&code.user, &code.origin_jti).await?;
            }
            return Err(OAuthCode::InvalidGrant.into());
        }
        let is_good = code.expires_at > self.now && before_first_factor(&code.user).is_ok();
        if !is_good {
            return Err(OAuthCode::InvalidGrant.into());
        }
        Ok(code)
    }

    /// Of a code that came a second time.
    async fn end_sign_in(&mut self, user: &User, origin_jti: &str) -> Result<()> {
        let found = tokens::find_bearer(&mut self.read().await?, &user.pool_id, &user.id, origin_jti).await?;
        let Some(held) = found else { return Ok(()) };
        self.end_family(&held, "a code").await
    }
}

/// Whatever is wrong with what was presented is one error. What we cannot do is none of it: a client throws away a token that is
/// refused as `invalid_grant`.
fn no_grant(error: Error) -> OAuthError {
    let ours = error.kind.status() >= 500 || error.kind == ErrorKind::TooManyRequests;
    if ours { error.into() } else { OAuthCode::InvalidGrant.into() }
}
