//! Refresh tokens: found by the digest of the whole string, so no private-key operation is spent on them.

use std::sync::Arc;

use cognate_domain::client::Client;
use cognate_domain::pool::{Moment, Pool};
use cognate_domain::user::User;
use cognate_domain::{Error, Result};
use cognate_store::tokens::FamilyRow;
use cognate_wire::idp::AuthenticationResultType;

use crate::Cx;

impl Cx {
    /// New ID and access tokens of the same family, with attributes as they are now. The refresh token stays.
    pub async fn refresh(
        &self,
        pool: &Arc<Pool>,
        client: &Arc<Client>,
        token: &str,
        prove_secret: impl FnOnce(&User) -> Result<()>,
    ) -> Result<AuthenticationResultType> {
        pool.refuse_unbuilt(Moment::Refresh)?;
        let kept = self.family_of(pool, token).await?.filter(|kept| kept.family.client_id == client.id);
        let kept = kept.ok_or_else(Error::refresh_token_invalid)?;
        let (pool_id, user_id) = (&kept.family.pool_id, &kept.family.user_id);
        let user = cognate_store::users::find(&mut self.read().await?, pool_id, user_id).await?;
        let user = user.ok_or_else(Error::refresh_token_invalid)?;

        prove_secret(&user)?;
        if kept.revoked {
            return Err(Error::refresh_token_revoked());
        }
        if kept.family.expires_at <= self.now {
            return Err(Error::refresh_token_expired());
        }
        if !user.enabled {
            return Err(Error::user_disabled());
        }

        self.sign_tokens(pool, client, &user, kept.family).await
    }

    /// Revokes a refresh token's family. A token that is already revoked or expired is no error.
    pub async fn revoke(&mut self, pool: &Pool, client: &Client, token: &str) -> Result<()> {
        let Some(kept) = self.family_of(pool, token).await? else { return Ok(()) };
        if kept.family.client_id != client.id {
            return Err(Error::revoke_unauthorized());
        }
        let now = self.now;
        self.write(async |tx| cognate_store::tokens::revoke_family(tx, &kept.family, now).await).await
    }

    async fn family_of(&self, pool: &Pool, token: &str) -> Result<Option<FamilyRow>> {
        let digest = cognate_jose::sha256(token.as_bytes());
        cognate_store::tokens::find_by_refresh_token(&mut self.read().await?, &pool.id, &digest).await
    }
}
