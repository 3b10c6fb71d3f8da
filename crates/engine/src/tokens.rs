//! Issuing, refreshing, checking and revoking tokens. user-pools.md, sections 17 and 18.

mod bearer;
mod keys;
mod refresh;

use std::sync::Arc;

use cognate_domain::attempts::AttemptKind;
use cognate_domain::client::Client;
use cognate_domain::group::GroupClaims;
use cognate_domain::oauth::OAuthGrant;
use cognate_domain::pool::{Extension, Pool};
use cognate_domain::tokens::{Binding, Issue, Rules, TokenFamily, USER_ADMIN_SCOPE};
use cognate_domain::user::User;
use cognate_domain::{Error, Result, Timestamp, ids};
use cognate_store::attempts::Attempts;
use cognate_store::tokens::Beginning;
use cognate_store::{WriteTx, attempts, groups, tokens};
use cognate_wire::Secret;
use cognate_wire::idp::AuthenticationResultType;
use serde_json::{Map, Value};

pub use bearer::{Bearer, ProvedToken, standing};
pub(crate) use keys::ParsedKeys;
pub use keys::{PoolKeys, STOCK_TARGET};

use crate::Cx;

/// For whom tokens are issued: all read before, all asserted again by the write.
#[derive(Clone, Copy)]
pub struct Grantee<'a> {
    pub pool: &'a Arc<Pool>,
    pub client: &'a Arc<Client>,
    pub user: &'a User,
}

impl Cx {
    /// Begins a token family for a finished sign-in through the API. Durable before it is answered.
    pub(crate) async fn issue<F>(&mut self, grantee: Grantee<'_>, alongside: F) -> Result<AuthenticationResultType>
    where
        F: AsyncFnOnce(&mut WriteTx<'_>) -> Result<()> + Clone,
    {
        let family = self.new_family(grantee, USER_ADMIN_SCOPE.to_owned(), None);
        let refresh_token = ids::refresh_token(self.entropy());
        let digest = cognate_jose::sha256(refresh_token.as_bytes());

        let (user, kept) = (grantee.user, &family);
        let beginning = Beginning { at: self.now, token_epoch: None };
        self.reward(user, alongside, async |tx| {
            if !tokens::insert_family(tx, kept, user, beginning).await? {
                return Ok(false);
            }
            tokens::insert_refresh_token(tx, kept, &digest).await.map(|()| true)
        })
        .await?;

        let result = self.sign_tokens(grantee, &family, Binding::default()).await?;
        Ok(AuthenticationResultType { refresh_token: Some(Secret::from(refresh_token)), ..result })
    }

    /// The write that ends a sign-in: no lock has fallen, `alongside` runs, and `keep` keeps what is given, or is false because the
    /// user is no longer as they were. Failures before it are forgotten.
    pub(crate) async fn reward<F, K>(&mut self, user: &User, alongside: F, keep: K) -> Result<()>
    where
        F: AsyncFnOnce(&mut WriteTx<'_>) -> Result<()> + Clone,
        K: AsyncFnOnce(&mut WriteTx<'_>) -> Result<bool> + Clone,
    {
        let failed = Attempts { pool_id: &user.pool_id, user_id: &user.id, kind: AttemptKind::Password };
        let now = self.now;
        self.write(async |tx| {
            let failures = attempts::count(tx, &failed, Timestamp(0), "").await?;
            if failures.locks(now) {
                return Err(Error::password_attempts_exceeded());
            }
            alongside.clone()(tx).await?;
            if !keep.clone()(tx).await? {
                return Err(Error::bad_credentials());
            }
            if failures.count > 0 {
                attempts::delete(tx, &failed, now).await?;
            }
            Ok(())
        })
        .await
    }

    pub(crate) fn token_type(&self) -> &'static str {
        if self.key.is_some() { "DPoP" } else { "Bearer" }
    }

    /// Not kept yet. It lives as long as a refresh token of the client.
    pub(crate) fn new_family(&self, grantee: Grantee<'_>, scope: String, oauth: Option<OAuthGrant>) -> TokenFamily {
        let event_id = ids::uuid(self.entropy()).to_string();
        TokenFamily {
            pool_id: grantee.pool.id.clone(),
            user_id: grantee.user.id.clone(),
            client_id: grantee.client.id.clone(),
            // One id for both: tokens of a client without revocation have no `origin_jti`, and their event leads here.
            origin_jti: event_id.clone(),
            event_id,
            scope,
            authenticated_at: self.now,
            expires_at: self.now + grantee.client.validity.refresh,
            oauth,
        }
    }

    /// Signs an access token of a family, and an ID token where it has one, with the user's groups as they are now.
    pub(crate) async fn sign_tokens(
        &self,
        grantee: Grantee<'_>,
        family: &TokenFamily,
        binding: Binding<'_>,
    ) -> Result<AuthenticationResultType> {
        let Grantee { pool, client, user } = grantee;
        let keys = self.app.keys(&pool.id).await?;
        let issuer = self.app.settings.issuer(&pool.id);
        let groups = groups::list_memberships(&mut self.read().await?, &pool.id, &user.id).await?;
        let groups = GroupClaims::of(groups);
        let scopes = self.living(&pool.id, &family.scope).await?;
        let rules = rules(pool);
        let issue =
            Issue { issuer: &issuer, client, user, groups: &groups, family, scopes: &scopes, rules, now: self.now };
        let id = family.has_id_token().then(|| issue.id_claims(&ids::uuid(self.entropy()).to_string(), binding));
        let binding = Binding { key: self.key.as_deref(), ..binding };
        let access = serialise(&issue.access_claims(&ids::uuid(self.entropy()).to_string(), binding))?;

        let form = Form {
            says_hash: family.oauth.is_some(),
            jwt_access_token: rules.jwt_access_tokens && family.oauth.is_some(),
        };
        let signed = self.app.work.run(move || sign(&keys, id, &access, form)).await?;
        let (id_token, access_token) = signed?;

        Ok(AuthenticationResultType {
            access_token: Some(Secret::from(access_token)),
            id_token: id_token.map(Secret::from),
            expires_in: i32::try_from(client.validity.access.as_secs()).ok(),
            token_type: Some(self.token_type().to_owned()),
            refresh_token: None,
            new_device_metadata: None,
        })
    }
}

pub(crate) fn rules(pool: &Pool) -> Rules {
    Rules { profile: pool.config.profile(), jwt_access_tokens: pool.config.has(Extension::JwtAccessTokens) }
}

#[derive(Clone, Copy)]
struct Form {
    /// The ID token says which access token it came with (OpenID Connect Core, 3.1.3.6).
    says_hash: bool,
    /// The access token says what it is (RFC 9068, section 2.1).
    jwt_access_token: bool,
}

fn sign(
    keys: &PoolKeys,
    id: Option<Map<String, Value>>,
    access: &[u8],
    form: Form,
) -> Result<(Option<String>, String)> {
    let access_token = if form.jwt_access_token { keys.sign_at_jwt(access)? } else { keys.sign_access(access)? };
    let Some(mut id) = id else { return Ok((None, access_token)) };
    if form.says_hash {
        id.insert("at_hash".to_owned(), keys.digest_for_id(&access_token).into());
    }
    let id_token = keys.sign_id(&serialise(&id)?)?;
    Ok((Some(id_token), access_token))
}

pub(crate) fn serialise(claims: &Map<String, Value>) -> Result<Vec<u8>> {
    serde_json::to_vec(claims).map_err(Error::internal)
}
