//! `USER_SRP_AUTH`: the server's half of SRP-6a. user-pools.md, sections 9.4 and 10.
//!
//! All state between the two calls is in the secret block, which is sealed and comes back; a right answer spends it. An
//! unknown user gets a challenge that looks like a known one's, with the same salt and id each time.

use cognate_domain::pool::Moment;
use cognate_domain::sign_in::before_first_factor;
use cognate_domain::{Error, Result, Timestamp, ids};
use cognate_srp::{ClientPublic, ServerPublic};
use cognate_store::{OnUnique, spent};
use cognate_wire::idp::AuthenticationResultType;
use data_encoding::BASE64;
use serde::{Deserialize, Serialize};
use zeroize::Zeroizing;

use super::failures::Suspect;
use super::veil::Simulated;
use super::{ApiTokens, Door, Outcome, srp_time};
use crate::Cx;
use crate::sealing::Sealed;

/// What the client needs to prove the password.
pub struct SrpChallenge {
    pub salt: String,
    pub srp_b: String,
    pub secret_block: String,
    pub username: String,
}

/// `PASSWORD_VERIFIER`'s answer, as it came.
pub struct SrpAnswer<'a> {
    pub username: &'a str,
    pub secret_block: &'a str,
    pub signature: &'a str,
    pub timestamp: &'a str,
}

/// What the secret block holds in front, as JSON. For somebody who is not there `user_id` is simulated too: the block's
/// length must not tell.
#[derive(Serialize, Deserialize)]
struct State {
    user_id: String,
    username: String,
    /// The name as it was typed at the first step: some clients answer with it.
    typed: String,
    client_id: String,
    expires_at: i64,
}

/// What it holds behind, as bytes: A, B and b.
struct Exchange {
    client_public: ClientPublic,
    server_public: ServerPublic,
    secret: Zeroizing<[u8; 32]>,
}

const NUMBERS: usize = 2 * cognate_srp::BYTES + 32;

impl Exchange {
    fn write(&self, block: &mut Vec<u8>) {
        block.extend_from_slice(&self.client_public.to_bytes());
        block.extend_from_slice(&self.server_public.to_bytes());
        block.extend_from_slice(&self.secret[..]);
    }

    fn read(bytes: &[u8]) -> Option<Self> {
        let (client_public, rest) = bytes.split_first_chunk::<{ cognate_srp::BYTES }>()?;
        let (server_public, rest) = rest.split_first_chunk::<{ cognate_srp::BYTES }>()?;
        Some(Self {
            client_public: ClientPublic::from_bytes(*client_public).ok()?,
            server_public: ServerPublic::from_bytes(*server_public).ok()?,
            secret: Zeroizing::new(rest.try_into().ok()?),
        })
    }
}

/// A secret block of ours, opened.
fn read_block(plain: &[u8]) -> Option<(State, Exchange)> {
    let (state, numbers) = plain.split_at_checked(plain.len().checked_sub(NUMBERS)?)?;
    Some((serde_json::from_slice(state).ok()?, Exchange::read(numbers)?))
}

impl Cx {
    pub async fn start_srp(&mut self, door: Door<'_>, username: &str, srp_a: &str) -> Result<SrpChallenge> {
        door.pool.refuse_unbuilt(Moment::SignIn)?;
        let client_public = ClientPublic::parse(srp_a).map_err(|_| Error::invalid_srp_a())?;
        let user = crate::users::find(&mut self.read().await?, door.pool, username).await?;
        let user = match user {
            None if !door.client.veils() => return Err(Error::user_not_found()),
            None => None,
            Some(user) => match before_first_factor(&user) {
                Err(refused) if !door.client.veils() => return Err(refused),
                Err(_) => None,
                Ok(()) => Some(user),
            },
        };
        let simulated = Simulated::of(door, username);
        let id = user.as_ref().map_or(simulated.id.as_str(), |user| user.id.as_str());
        self.refuse_if_locked(Suspect { pool_id: &door.pool.id, id }).await?;

        let name = user.as_ref().map_or(simulated.id.clone(), |user| user.username.clone());
        let known = user.as_ref().and_then(|user| Some((user, user.password.as_ref()?)));
        let (salt, verifier) = match known {
            Some((user, stored)) => (stored.salt, self.verifier(user, &stored.verifier_sealed)?),
            None => (simulated.salt, simulated.verifier),
        };
        let secret = Zeroizing::new(ids::random::<32>(self.entropy()));
        let computed = self.app.work.run(move || {
            let server_public = cognate_srp::challenge(&verifier, &secret);
            server_public.map(|server_public| Exchange { client_public, server_public, secret })
        });
        let exchange = computed.await?.map_err(Error::internal)?;
        let state = State {
            user_id: id.to_owned(),
            username: name.clone(),
            typed: username.to_owned(),
            client_id: door.client.id.clone(),
            expires_at: (self.now + door.client.session_validity()).0,
        };
        let mut plain = Zeroizing::new(serde_json::to_vec(&state).map_err(Error::internal)?);
        exchange.write(&mut plain);
        let block = self.app.seal(Sealed::SecretBlock, &door.pool.id, &plain)?;

        Ok(SrpChallenge {
            salt: cognate_srp::salt_hex(&salt),
            srp_b: exchange.server_public.hex(),
            secret_block: BASE64.encode(&block),
            username: name,
        })
    }

    pub async fn answer_srp(
        &mut self,
        door: Door<'_>,
        answer: SrpAnswer<'_>,
    ) -> Result<Outcome<AuthenticationResultType>> {
        door.pool.refuse_unbuilt(Moment::SignIn)?;
        let block = decode(answer.secret_block).ok_or_else(Error::bad_credentials)?;
        let claim = decode(answer.signature).ok_or_else(Error::bad_credentials)?;
        let plain = self.app.open_from_client(Sealed::SecretBlock, &door.pool.id, &block);
        let (state, exchange) = plain.and_then(|plain| read_block(&plain)).ok_or_else(Error::bad_credentials)?;
        if state.client_id != door.client.id {
            return Err(Error::bad_credentials());
        }
        if Timestamp(state.expires_at) <= self.now {
            return Err(Error::session_expired());
        }
        if answer.username != state.username && answer.username != state.typed {
            return Err(Error::bad_credentials());
        }

        if !srp_time::is_fresh(answer.timestamp, self.now) {
            return Err(Error::bad_credentials());
        }

        let user = cognate_store::users::find(&mut self.read().await?, &door.pool.id, &state.user_id).await?;
        if user.is_none() && !door.client.veils() {
            return Err(Error::user_not_found());
        }
        let user = match user.as_ref().map(|user| (user, before_first_factor(user))) {
            Some((_, Err(refused))) if !door.client.veils() => return Err(refused),
            Some((user, Ok(()))) => Some(user),
            _ => None,
        };
        let (pool_id, nobody) = (door.pool.id.as_str(), Simulated::of(door, &state.typed));
        // Whoever is veiled is counted like a name that is nobody's, as with a password: a lock is not to tell them apart.
        let suspect = Suspect { pool_id, id: user.map_or(&nobody.id, |user| &user.id) };
        self.refuse_if_locked(suspect).await?;
        let digest = cognate_jose::sha256(&block);
        let expires_at = Timestamp(state.expires_at);
        if self.is_spent(suspect, &digest).await? {
            return Err(self.count_failure(suspect, None).await?);
        }

        let stored = user.and_then(|user| Some((user, user.password.as_ref()?)));
        let verifier = match stored {
            Some((user, stored)) => self.verifier(user, &stored.verifier_sealed)?,
            None => nobody.verifier.clone(),
        };
        let claim = Claim::new(&state, block, claim, answer.timestamp);
        let proved = self.prove(door, exchange, verifier, claim).await?;
        let Some((user, _)) = stored.filter(|_| proved) else {
            return Err(self.count_failure(suspect, Some((&digest, expires_at))).await?);
        };

        let step = self.after_password(door, user).await?;
        self.carry_out(door, ApiTokens, (user, step), async |tx| {
            spent::insert_handle(tx, (pool_id, &user.id), &digest, expires_at).await.on_unique(Error::bad_credentials)
        })
        .await
    }

    async fn prove(
        &self,
        door: Door<'_>,
        exchange: Exchange,
        verifier: Zeroizing<[u8; 384]>,
        claim: Claim,
    ) -> Result<bool> {
        let pool_name = door.pool.srp_name().to_owned();
        let proves = move || {
            let Exchange { client_public, server_public, secret } = exchange;
            let Ok(key) = cognate_srp::session_key(&client_public, &server_public, &verifier, &secret) else {
                return false;
            };
            let Claim { username, block, signature, timestamp } = claim;
            let expected = cognate_srp::claim_signature(&key, &pool_name, &username, &block, &timestamp);
            cognate_srp::claim_matches(&expected, &signature)
        };
        self.app.work.run(proves).await
    }
}

/// What is signed with the session key, and the signature.
struct Claim {
    username: String,
    block: Vec<u8>,
    signature: Vec<u8>,
    timestamp: String,
}

impl Claim {
    fn new(state: &State, block: Vec<u8>, signature: Vec<u8>, timestamp: &str) -> Self {
        Self { username: state.username.clone(), block, signature, timestamp: timestamp.to_owned() }
    }
}

/// Base64 as clients send it: standard or URL-safe, with or without padding.
fn decode(text: &str) -> Option<Vec<u8>> {
    let standard: String = text.trim_end_matches('=').replace('-', "+").replace('_', "/");
    data_encoding::BASE64_NOPAD.decode(standard.as_bytes()).ok()
}
