//! Access keys for operators and machines: full rights until IAM policies exist. The secret is said once, when the key
//! is made; the store has it only sealed.

use cognate_domain::{Error, Result, ids};
use cognate_store::access_keys::{self, AccessKey};
use cognate_wire::Secret;

pub use cognate_store::access_keys::Revoked;

use crate::App;
use crate::sealing::Sealed;

/// A key as its maker learns of it, once.
pub struct NewAccessKey {
    pub id: String,
    pub secret: Secret<String>,
    pub account: String,
}

/// What a signature is checked against, and on whose behalf it then acts.
pub struct GoodAccessKey {
    pub secret: Secret<String>,
    pub account: String,
}

impl App {
    pub async fn create_access_key(&self, account: &str, description: &str) -> Result<NewAccessKey> {
        let id = ids::access_key_id(self.entropy.as_ref());
        let secret = Secret::from(ids::secret_access_key(self.entropy.as_ref()));
        let key = AccessKey {
            secret_sealed: self.seal(Sealed::AccessKeySecret, &id, secret.expose().as_bytes())?,
            id,
            account_id: account.to_owned(),
            description: description.to_owned(),
            created_at: self.clock.now(),
            revoked_at: None,
        };
        self.db.write(async |tx| access_keys::insert(tx, &key).await).await?;
        Ok(NewAccessKey { id: key.id, secret, account: key.account_id })
    }

    /// Revoked keys too, oldest first.
    pub async fn list_access_keys(&self) -> Result<Vec<AccessKey>> {
        access_keys::list(&mut self.db.read().await?).await
    }

    /// Ends a key, at once on every node: keys are read anew for each request.
    pub async fn revoke_access_key(&self, id: &str) -> Result<Revoked> {
        let now = self.clock.now();
        self.db.write(async |tx| access_keys::revoke(tx, id, now).await).await
    }

    /// The secret and account of a key; `None` for one that was never made or is revoked.
    pub async fn find_access_key(&self, id: &str) -> Result<Option<GoodAccessKey>> {
        let Some(key) = access_keys::find_good(&mut self.db.read().await?, id).await? else { return Ok(None) };
        let secret = self.open(Sealed::AccessKeySecret, &key.id, &key.secret_sealed)?;
        let secret = std::str::from_utf8(&secret).map_err(Error::internal)?;
        Ok(Some(GoodAccessKey { secret: Secret::from(secret), account: key.account_id }))
    }
}
