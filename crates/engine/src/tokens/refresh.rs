//! Refresh tokens: found by the digest of the whole string, so no private-key operation is spent on them. Where the client
//! rotates, each is good once: `domain::tokens::Use` has the rule.

use std::sync::Arc;

use cognate_domain::client::Client;
use cognate_domain::pool::{Moment, Pool};
use cognate_domain::tokens::{Binding, TokenFamily, Use};
use cognate_domain::user::User;
use cognate_domain::{Error, Result, ids};
use cognate_store::tokens::{self, Held, Presented};
use cognate_wire::Secret;
use cognate_wire::idp::AuthenticationResultType;

use crate::Cx;
use crate::sign_in::Door;

impl Cx {
    /// New ID and access tokens of the same family, with attributes as they are now. The refresh token stays.
    pub async fn refresh(
        &mut self,
        door: Door<'_>,
        token: &str,
        prove_secret: impl FnOnce(&User) -> Result<()>,
    ) -> Result<AuthenticationResultType> {
        let digest = cognate_jose::sha256(token.as_bytes());
        let Presented { held, .. } = self.accept(door, &digest, prove_secret).await?;

        self.sign_tokens(door.to(&held.user), &held.family, Binding::default()).await
    }

    /// The same, and the next refresh token, which lives as long as the first would have. The old one is taken.
    pub async fn rotate(&mut self, door: Door<'_>, token: &str) -> Result<AuthenticationResultType> {
        let (old, next) = (cognate_jose::sha256(token.as_bytes()), ids::refresh_token(self.entropy()));
        let new = cognate_jose::sha256(next.as_bytes());
        let Presented { held, taken_at } = self.accept(door, &old, |_| Ok(())).await?;
        // Before the token is taken: a server too busy to sign must not cost the client its session.
        let result = self.sign_tokens(door.to(&held.user), &held.family, Binding::default()).await?;

        let family = &held.family;
        if taken_at.is_some() || !self.exchange(family, &old, &new).await? {
            let taken_at = tokens::taken_at(&mut self.read().await?, family, &old).await?;
            let taken_at = taken_at.ok_or_else(Error::refresh_token_invalid)?;
            if Use::of(Some(taken_at), self.now, door.client.retry_grace()) != Use::Retry {
                return Err(Error::refresh_token_reused());
            }
            self.write(async |tx| tokens::insert_refresh_token(tx, family, &new).await).await?;
        }

        Ok(AuthenticationResultType { refresh_token: Some(Secret::from(next)), ..result })
    }

    /// Takes a token and keeps the next. False if somebody was faster.
    async fn exchange(&mut self, family: &TokenFamily, old: &[u8], new: &[u8]) -> Result<bool> {
        let clock = Arc::clone(&self.app.clock);
        self.write(async |tx| {
            let now = clock.now(); // of the taking, not of the request: who began before it was merely parallel
            if !tokens::take_refresh_token(tx, family, old, now).await? {
                return Ok(false);
            }
            tokens::insert_refresh_token(tx, family, new).await?;
            Ok(true)
        })
        .await
    }

    /// A refresh token that may be used now. One that was exchanged is refused before anything else is said of it, so that
    /// all such uses are answered alike; what it brings about is durable before it is answered.
    async fn accept(
        &mut self,
        door: Door<'_>,
        digest: &[u8],
        prove_secret: impl FnOnce(&User) -> Result<()>,
    ) -> Result<Presented> {
        door.pool.refuse_unbuilt(Moment::Refresh)?;
        let presented = self.presented(door, digest).await?.ok_or_else(Error::refresh_token_invalid)?;
        let Presented { held, taken_at } = &presented;
        prove_secret(&held.user)?;
        let bound = held.family.oauth.as_ref().and_then(|oauth| oauth.key.as_ref());
        if bound.is_some() && bound != self.key.as_ref() {
            return Err(Error::refresh_token_invalid()); // somebody else's key, or none: RFC 9449, section 5
        }

        match Use::of(*taken_at, self.now, door.client.retry_grace()) {
            Use::First | Use::Retry => {}
            Use::Parallel => return Err(Error::refresh_token_reused()),
            Use::Reuse => {
                self.end_family(held, "a refresh token").await?;
                return Err(Error::refresh_token_reused());
            }
        }
        if !held.user.enabled {
            return Err(Error::user_disabled());
        }
        if held.revoked {
            return Err(Error::refresh_token_revoked());
        }
        if held.family.expires_at <= self.now {
            return Err(Error::refresh_token_expired());
        }
        Ok(presented)
    }

    /// The token of this digest, if it was given to this client.
    async fn presented(&self, door: Door<'_>, digest: &[u8]) -> Result<Option<Presented>> {
        let found = tokens::find_presented(&mut self.read().await?, &door.pool.id, digest).await?;
        Ok(found.filter(|presented| presented.held.family.client_id == door.client.id))
    }

    /// Of which something (`what`) came back that was exchanged before.
    pub(crate) async fn end_family(&mut self, held: &Held, what: &str) -> Result<()> {
        if held.revoked {
            return Ok(());
        }
        let (family, now) = (&held.family, self.now);
        self.write(async |tx| tokens::revoke_family(tx, family, now).await).await?;
        let (pool_id, user_id) = (&family.pool_id, &family.user_id);
        tracing::warn!(
            %pool_id, %user_id, origin_jti = %family.origin_jti,
            "{what} of user {user_id} of pool {pool_id} came back after it was exchanged: its sign-in is revoked"
        );
        Ok(())
    }

    /// Revokes a refresh token's family. A token that is already revoked or expired is no error.
    pub async fn revoke(&mut self, pool: &Pool, client: &Client, token: &str) -> Result<()> {
        let digest = cognate_jose::sha256(token.as_bytes());
        let found = tokens::find_presented(&mut self.read().await?, &pool.id, &digest).await?;
        let Some(Presented { held, .. }) = found else { return Ok(()) };
        if held.family.client_id != client.id {
            return Err(Error::revoke_unauthorized());
        }
        let now = self.now;
        self.write(async |tx| tokens::revoke_family(tx, &held.family, now).await).await
    }
}
