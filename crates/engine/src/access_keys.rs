//! Access keys for operators and machines: full rights until IAM policies exist. The secret is said once, when the key
//! is made; the store has it only sealed. A revoked key is refused at once: one is remembered only as long as nothing at
//! all was committed.

use std::collections::HashMap;
use std::sync::{Arc, Mutex, PoisonError};

use cognate_domain::{Error, Result, ids};
use cognate_sigv4::{Scope, SigningKey};
use cognate_store::Mark;
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

/// A key that is not revoked.
pub struct GoodAccessKey {
    id: String,
    pub account: String,
    secret_sealed: Vec<u8>,
}

/// Good keys, and where the store stood just before each was read.
#[derive(Default)]
pub(crate) struct GoodKeys(Mutex<HashMap<String, (Mark, Arc<GoodAccessKey>)>>);

impl GoodKeys {
    fn still(&self, id: &str, mark: &Mark) -> Option<Arc<GoodAccessKey>> {
        let kept = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        kept.get(id).filter(|(since, _)| since == mark).map(|(_, key)| Arc::clone(key))
    }

    fn remember(&self, mark: Mark, key: Arc<GoodAccessKey>) {
        let mut kept = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        if kept.len() >= MOST && !kept.contains_key(&key.id) {
            kept.clear();
        }
        kept.insert(key.id.clone(), (mark, key));
    }
}

/// What opening a key's secret and deriving from it came to, for as long as the row has the same sealed secret: so a
/// revoked key is refused at once, and an honest caller costs neither again.
#[derive(Default)]
pub(crate) struct DerivedKeys(Mutex<HashMap<(String, Scope), Derived>>);

struct Derived {
    secret_sealed: Vec<u8>,
    key: Arc<SigningKey>,
}

/// Keys, days and regions that are in use at one time: more begin anew.
const MOST: usize = 1024;

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

    /// Ends a key, at once on every node.
    pub async fn revoke_access_key(&self, id: &str) -> Result<Revoked> {
        let now = self.clock.now();
        self.db.write(async |tx| access_keys::revoke(tx, id, now).await).await
    }

    /// `None` for a key that was never made or is revoked.
    pub async fn find_access_key(&self, id: &str) -> Result<Option<Arc<GoodAccessKey>>> {
        let mark = self.db.mark(); // before the read, so that what is committed meanwhile counts
        if let Some(key) = mark.as_ref().and_then(|mark| self.good_keys.still(id, mark)) {
            return Ok(Some(key));
        }
        let Some(key) = access_keys::find_good(&mut self.db.read().await?, id).await? else { return Ok(None) };
        let (account, secret_sealed) = (key.account_id, key.secret_sealed);
        let key = Arc::new(GoodAccessKey { id: id.to_owned(), account, secret_sealed });
        if let Some(mark) = mark {
            self.good_keys.remember(mark, Arc::clone(&key));
        }
        Ok(Some(key))
    }

    /// What signs with this key on the day, in the region and for the service of `scope`.
    pub fn signing_key(&self, of: &GoodAccessKey, scope: &Scope) -> Result<Arc<SigningKey>> {
        let place = (of.id.clone(), scope.clone());
        let derived = &self.derived_keys.0;
        if let Some(known) = derived.lock().unwrap_or_else(PoisonError::into_inner).get(&place)
            && known.secret_sealed == of.secret_sealed
        {
            return Ok(Arc::clone(&known.key));
        }
        let secret = self.open(Sealed::AccessKeySecret, &of.id, &of.secret_sealed)?;
        let secret = std::str::from_utf8(&secret).map_err(Error::internal)?;
        Ok(Arc::new(SigningKey::derive(secret, scope)))
    }

    /// Keeps it for the next call. To be used once a call was found to be signed with it: anybody can name a scope.
    pub fn remember_signing_key(&self, of: &GoodAccessKey, scope: &Scope, key: Arc<SigningKey>) {
        let mut kept = self.derived_keys.0.lock().unwrap_or_else(PoisonError::into_inner);
        let place = (of.id.clone(), scope.clone());
        if kept.get(&place).is_some_and(|known| known.secret_sealed == of.secret_sealed) {
            return;
        }
        if kept.len() >= MOST {
            kept.clear();
        }
        kept.insert(place, Derived { secret_sealed: of.secret_sealed.clone(), key });
    }
}
