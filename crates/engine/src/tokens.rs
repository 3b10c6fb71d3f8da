//! Issuing, refreshing, checking and revoking tokens. user-pools.md, sections 17 and 18.

mod bearer;
mod keys;
mod refresh;

use std::sync::Arc;

use cognate_domain::attempts::AttemptKind;
use cognate_domain::client::Client;
use cognate_domain::group::GroupClaims;
use cognate_domain::pool::Pool;
use cognate_domain::sign_in::Proof;
use cognate_domain::tokens::{Issue, TokenFamily, USER_ADMIN_SCOPE};
use cognate_domain::user::User;
use cognate_domain::{Error, Result, Timestamp, ids};
use cognate_store::attempts::Attempts;
use cognate_store::{WriteTx, attempts, groups, tokens};
use cognate_wire::Secret;
use cognate_wire::idp::AuthenticationResultType;
use serde_json::{Map, Value};

pub use bearer::Bearer;
pub(crate) use keys::ParsedKeys;
pub use keys::{PoolKeys, STOCK_TARGET};

use crate::Cx;

/// For whom tokens are issued: all read before, all asserted again by the write.
pub struct Grantee<'a> {
    pub pool: &'a Arc<Pool>,
    pub client: &'a Arc<Client>,
    pub user: &'a User,
}

impl Cx {
    /// Begins a token family for a finished sign-in. `alongside` is what else belongs into the same write: spending a
    /// handle, changing a password. Durable before it is answered.
    pub async fn issue<F>(
        &mut self,
        proof: &Proof,
        grantee: Grantee<'_>,
        alongside: F,
    ) -> Result<AuthenticationResultType>
    where
        F: AsyncFnOnce(&mut WriteTx<'_>) -> Result<()> + Clone,
    {
        let Grantee { pool, client, user } = grantee;
        if proof.sign_in().user_id != user.id || proof.sign_in().client_id != client.id {
            return Err(Error::corrupt("a proof for somebody else"));
        }
        let event_id = ids::uuid(self.entropy()).to_string();
        let family = TokenFamily {
            pool_id: pool.id.clone(),
            user_id: user.id.clone(),
            client_id: client.id.clone(),
            // One id for both: tokens of a client without revocation have no `origin_jti`, and their event leads here.
            origin_jti: event_id.clone(),
            event_id,
            scope: USER_ADMIN_SCOPE.to_owned(),
            authenticated_at: self.now,
            expires_at: self.now + client.validity.refresh,
        };
        let refresh_token = ids::refresh_token(self.entropy());
        let digest = cognate_jose::sha256(refresh_token.as_bytes());
        let now = self.now;

        let kept = &family;
        self.write(async |tx| {
            let failed = Attempts { pool_id: &kept.pool_id, user_id: &kept.user_id, kind: AttemptKind::Password };
            let failures = attempts::count(tx, &failed, Timestamp(0), "").await?;
            if failures.locks(now) {
                return Err(Error::password_attempts_exceeded());
            }
            alongside.clone()(tx).await?;
            if !tokens::insert_family(tx, kept, user).await? {
                return Err(Error::bad_credentials());
            }
            tokens::insert_refresh_token(tx, kept, &digest).await?;
            if failures.count > 0 {
                attempts::delete(tx, &failed, now).await?;
            }
            Ok(())
        })
        .await?;

        let result = self.sign_tokens(pool, client, user, &family).await?;
        Ok(AuthenticationResultType { refresh_token: Some(Secret::from(refresh_token)), ..result })
    }

    /// Signs an ID and an access token of a family that is kept, with the user's groups as they are now.
    async fn sign_tokens(
        &self,
        pool: &Arc<Pool>,
        client: &Arc<Client>,
        user: &User,
        family: &TokenFamily,
    ) -> Result<AuthenticationResultType> {
        let keys = self.app.keys(&pool.id).await?;
        let issuer = self.app.settings.issuer(&pool.id);
        let groups = groups::list_memberships(&mut self.read().await?, &pool.id, &user.id).await?;
        let groups = GroupClaims::of(groups);
        let issue = Issue { issuer: &issuer, client, user, groups: &groups, family, now: self.now };
        let id = serialise(&issue.id_claims(&ids::uuid(self.entropy()).to_string()))?;
        let access = serialise(&issue.access_claims(&ids::uuid(self.entropy()).to_string()))?;

        let signed = self.app.work.run(move || (keys.sign_id(&id), keys.sign_access(&access))).await?;
        let (id_token, access_token) = (signed.0?, signed.1?);

        Ok(AuthenticationResultType {
            access_token: Some(Secret::from(access_token)),
            id_token: Some(Secret::from(id_token)),
            expires_in: i32::try_from(client.validity.access.as_secs()).ok(),
            token_type: Some("Bearer".to_owned()),
            refresh_token: None,
            new_device_metadata: None,
        })
    }
}

pub(crate) fn serialise(claims: &Map<String, Value>) -> Result<Vec<u8>> {
    serde_json::to_vec(claims).map_err(Error::internal)
}
