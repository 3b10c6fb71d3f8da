//! The keys that sign a pool's tokens: parsed once, one for ID and one for access tokens, old ones kept to verify.
//!
//! Primes take long, so a small sealed stock of keys is made beforehand; a pool takes two of them.

use std::collections::HashMap;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use cognate_domain::pool::{PoolConfig, SigningAlgorithm};
use cognate_domain::{Error, Result, Timestamp, ids};
use cognate_jose::{Alg, Jwk, JwkSet, Peek, SigningKey, VerifyingKey};
use cognate_store::signing_keys::{self, SigningKeyRow, StockRow};
use data_encoding::BASE64;

use crate::sealing::{Sealed, row_of};
use crate::{App, Cx};

/// Keys in stock that the background work keeps up to.
pub const STOCK_TARGET: i64 = 4;

/// No token lives longer than a day; clocks differ by less than the second one.
const VERIFIES_AFTER_RETIREMENT: Duration = Duration::from_hours(48);

/// All keys of a pool, ready to use.
pub struct PoolKeys {
    id: Arc<SigningKey>,
    access: Arc<SigningKey>,
    access_verifiers: HashMap<String, Arc<VerifyingKey>>,
    set: JwkSet,
}

/// Keys as they were parsed: a row of a key never changes, so what is cached for a second is only which keys there are.
#[derive(Default)]
pub(crate) struct ParsedKeys {
    signing: Mutex<HashMap<String, Arc<SigningKey>>>,
    verifying: Mutex<HashMap<String, Arc<VerifyingKey>>>,
}

/// Beyond so many the parsed keys are forgotten and parsed anew.
const MOST_PARSED: usize = 20_000;

fn parsed<K>(keys: &Mutex<HashMap<String, Arc<K>>>, id: &str, parse: impl FnOnce() -> Result<K>) -> Result<Arc<K>> {
    let lock = || keys.lock().unwrap_or_else(PoisonError::into_inner);
    if let Some(known) = lock().get(id) {
        return Ok(Arc::clone(known));
    }
    let key = Arc::new(parse()?);
    let mut known = lock();
    if known.len() >= MOST_PARSED {
        known.clear();
    }
    known.insert(id.to_owned(), Arc::clone(&key));
    Ok(key)
}

impl PoolKeys {
    pub fn sign_id(&self, claims: &[u8]) -> Result<String> {
        self.id.sign(claims).map_err(Error::internal)
    }

    pub fn sign_access(&self, claims: &[u8]) -> Result<String> {
        self.access.sign(claims).map_err(Error::internal)
    }

    /// The same in RFC 9068's form.
    pub fn sign_at_jwt(&self, claims: &[u8]) -> Result<String> {
        self.access.sign_at_jwt(claims).map_err(Error::internal)
    }

    /// Of an access token, as the ID token beside it says it.
    pub(super) fn digest_for_id(&self, access_token: &str) -> String {
        self.id.left_half(access_token)
    }

    /// What ID tokens are signed with now.
    pub fn alg(&self) -> Alg {
        self.id.alg()
    }

    /// Whether any key of the pool has signed this.
    pub(crate) fn proves(&self, token: &Peek<'_>) -> bool {
        let key = token.kid.as_deref().and_then(|kid| self.set.find(kid));
        let verifier = key.and_then(|jwk| VerifyingKey::from_jwk(jwk).ok());
        verifier.is_some_and(|verifier| verifier.proves(token).is_ok())
    }

    /// What `jwks.json` answers.
    pub fn public(&self) -> &JwkSet {
        &self.set
    }
}

impl App {
    /// The keys of a pool that exists.
    pub async fn keys(&self, pool_id: &str) -> Result<Arc<PoolKeys>> {
        let load = async || {
            let rows = signing_keys::list(&mut self.db.read().await?, pool_id).await?;
            if rows.is_empty() { Ok(None) } else { self.open_keys(pool_id, &rows).map(Some) }
        };
        let keys = self.caches.keys.get(pool_id, load).await?;
        keys.ok_or_else(|| Error::pool_not_found(pool_id))
    }

    /// Whether this pool's key for access tokens with the token's `kid` has signed it. A key that another node has made
    /// within the last second is not in the cache yet, so an unknown `kid` is looked up.
    pub(crate) async fn proves_access(&self, pool_id: &str, token: &Peek<'_>) -> Result<bool> {
        let Some(kid) = token.kid.as_deref() else { return Ok(false) };
        if let Some(verifier) = self.keys(pool_id).await?.access_verifiers.get(kid) {
            return Ok(verifier.proves(token).is_ok());
        }
        let found = signing_keys::find_public(&mut self.db.read().await?, (pool_id, kid), ACCESS).await?;
        let Some(jwk) = found else { return Ok(false) };
        let jwk: Jwk = serde_json::from_str(&jwk).map_err(Error::internal)?;
        Ok(VerifyingKey::from_jwk(&jwk).map_err(Error::internal)?.proves(token).is_ok())
    }

    fn open_keys(&self, pool_id: &str, rows: &[SigningKeyRow]) -> Result<PoolKeys> {
        let signs = |token_use: &str| {
            let row = rows.iter().find(|row| row.token_use == token_use && row.retired_at.is_none());
            let row = row.ok_or_else(|| Error::corrupt(format!("no {token_use} key in pool {pool_id}")))?;
            let id = row_of(pool_id, &row.kid);
            parsed(&self.parsed_keys.signing, &id, || {
                let der = self.open(Sealed::SigningKey, &id, &row.private_sealed)?;
                SigningKey::from_pkcs8(&der).map_err(Error::internal)
            })
        };
        let mut set = JwkSet { keys: Vec::new() };
        let mut access_verifiers = HashMap::new();
        for row in rows {
            let jwk: Jwk = serde_json::from_str(&row.public_jwk).map_err(Error::internal)?;
            if row.token_use == ACCESS {
                let parse = || VerifyingKey::from_jwk(&jwk).map_err(Error::internal);
                let verifier = parsed(&self.parsed_keys.verifying, &row_of(pool_id, &row.kid), parse)?;
                access_verifiers.insert(row.kid.clone(), verifier);
            }
            set.keys.push(jwk);
        }
        Ok(PoolKeys { id: signs(ID)?, access: signs(ACCESS)?, access_verifiers, set })
    }

    /// Makes a key and seals it for the stock.
    async fn make_stock_key(&self) -> Result<StockRow> {
        self.make_key(Alg::Rs256).await
    }

    /// The same for any algorithm: only RSA's are kept in stock, the others take no time.
    async fn make_key(&self, alg: Alg) -> Result<StockRow> {
        let (key, der) = self.work.run(move || SigningKey::generate_for(alg)).await?.map_err(Error::internal)?;
        let public_jwk = serde_json::to_string(&key.public_jwk()).map_err(Error::internal)?;
        let private_sealed = self.seal(Sealed::StockedKey, key.kid(), &der)?;
        Ok(StockRow { kid: key.kid().to_owned(), public_jwk, private_sealed })
    }

    /// Makes one key for the stock unless it is full; whether it did.
    pub async fn restock(&self) -> Result<bool> {
        if signing_keys::number_in_stock(&mut self.db.read().await?).await? >= STOCK_TARGET {
            return Ok(false);
        }
        let key = self.make_stock_key().await?;
        self.db.write(async |tx| signing_keys::add_to_stock(tx, &key).await).await?;
        Ok(true)
    }
}

const ID: &str = "id";
const ACCESS: &str = "access";

impl Cx {
    /// Two keys for a pool, of the algorithm that it asks for. Not yet kept with the pool.
    pub async fn new_pool_keys(&mut self, pool_id: &str, config: &PoolConfig) -> Result<Vec<SigningKeyRow>> {
        let alg = match config.signing_algorithm() {
            SigningAlgorithm::Rs256 => Alg::Rs256,
            SigningAlgorithm::Es256 => Alg::Es256,
            SigningAlgorithm::EdDsa => Alg::EdDsa,
        };
        let mut keys = Vec::new();
        for token_use in [ID, ACCESS] {
            let stocked = match alg {
                Alg::Rs256 => self.stocked_key().await?,
                alg => self.app.make_key(alg).await?,
            };
            let der = self.app.open(Sealed::StockedKey, &stocked.kid, &stocked.private_sealed)?;
            keys.push(SigningKeyRow {
                private_sealed: self.app.seal(Sealed::SigningKey, &row_of(pool_id, &stocked.kid), &der)?,
                kid: stocked.kid,
                token_use: token_use.to_owned(),
                public_jwk: stocked.public_jwk,
                created_at: self.now,
                retired_at: None,
            });
        }
        Ok(keys)
    }

    /// From the stock, or made now.
    async fn stocked_key(&mut self) -> Result<StockRow> {
        let from = BASE64.encode(&ids::random::<9>(self.entropy()));
        let taken = self.write(async |tx| match signing_keys::take_from_stock(tx, &from).await? {
            None => signing_keys::take_from_stock(tx, "").await,
            taken => Ok(taken),
        });
        match taken.await? {
            Some(stocked) => Ok(stocked),
            None => self.app.make_stock_key().await,
        }
    }

    /// New keys sign from now on; the old ones verify until every token they signed has expired.
    pub async fn rotate_keys(&mut self, pool_id: &str) -> Result<()> {
        let pool = self.app.pool(pool_id).await?.ok_or_else(|| Error::pool_not_found(pool_id))?;
        let keys = self.new_pool_keys(pool_id, &pool.config).await?;
        let now = self.now;
        let forgotten: Timestamp = now - VERIFIES_AFTER_RETIREMENT;
        self.write(async |tx| {
            signing_keys::retire(tx, pool_id, now).await?;
            signing_keys::delete_retired(tx, pool_id, forgotten).await?;
            for key in &keys {
                signing_keys::insert(tx, pool_id, key).await?;
            }
            Ok(())
        })
        .await?;
        self.app.caches.keys.forget();
        Ok(())
    }
}
