//! Challenge sessions: sealed, carried by the client, good once.
//!
//! Nothing is written when a challenge is asked; its answer spends the session in the write that carries it out.

use std::time::Duration;

use cognate_domain::sign_in::{Challenge, SignIn};
use cognate_domain::{Error, Result, Timestamp};
use cognate_store::{OnUnique, WriteTx, spent};
use data_encoding::BASE64URL_NOPAD;
use serde::{Deserialize, Serialize};

use super::Door;
use crate::Cx;
use crate::sealing::Sealed;

/// How every session of Cognito's begins.
const PREFIX: &str = "AYABe";

#[derive(Serialize, Deserialize)]
struct Sealing {
    sign_in: SignIn,
    challenge: Challenge,
    expires_at: i64,
    /// Makes two sessions of one sign-in differ.
    nonce: String,
}

/// A session that is ours, for this client and challenge, and in time. It may still have been spent.
pub(super) struct Session {
    pub(super) sign_in: SignIn,
    digest: [u8; 32],
    expires_at: Timestamp,
}

impl Cx {
    pub(super) fn new_session(
        &self,
        door: Door<'_>,
        sign_in: SignIn,
        challenge: Challenge,
        patience: Duration,
    ) -> Result<String> {
        let expires_at = self.now + patience;
        let nonce = cognate_domain::ids::uuid(self.entropy()).to_string();
        let plain = Sealing { sign_in, challenge, expires_at: expires_at.0, nonce };
        let plain = serde_json::to_vec(&plain).map_err(Error::internal)?;
        let sealed = self.app.seal(Sealed::AuthSession, &door.pool.id, &plain)?;
        Ok(format!("{PREFIX}{}", BASE64URL_NOPAD.encode(&sealed)))
    }

    /// Why a session does not answer a challenge that it was not made for.
    pub fn why_not_this_session(&self, door: Door<'_>, session: &str) -> Error {
        match self.open_session(door, session, Challenge::NewPasswordRequired) {
            Ok(_) => Error::session_invalid(),
            Err(error) => error,
        }
    }

    pub(super) fn open_session(&self, door: Door<'_>, session: &str, challenge: Challenge) -> Result<Session> {
        let sealed = session.strip_prefix(PREFIX).and_then(|text| BASE64URL_NOPAD.decode(text.as_bytes()).ok());
        let plain = sealed.and_then(|sealed| self.app.open_from_client(Sealed::AuthSession, &door.pool.id, &sealed));
        let plain = plain.ok_or_else(Error::session_invalid)?;
        let opened: Sealing = serde_json::from_slice(&plain).map_err(Error::internal)?;
        if opened.sign_in.client_id != door.client.id || opened.challenge != challenge {
            return Err(Error::session_invalid());
        }
        if Timestamp(opened.expires_at) <= self.now {
            return Err(Error::session_expired());
        }
        Ok(Session {
            sign_in: opened.sign_in,
            digest: cognate_jose::sha256(session.as_bytes()),
            expires_at: Timestamp(opened.expires_at),
        })
    }
}

impl Session {
    /// Says so before anything else is looked at; `spend` asserts it.
    pub(super) async fn refuse_if_spent(&self, cx: &Cx, pool_id: &str) -> Result<()> {
        let user = (pool_id, self.sign_in.user_id.as_str());
        let spent = spent::is_spent(&mut cx.read().await?, user, &self.digest).await?;
        if spent { Err(Error::session_used()) } else { Ok(()) }
    }

    /// The first answer is the only one.
    pub(super) async fn spend(&self, tx: &mut WriteTx<'_>, pool_id: &str) -> Result<()> {
        spent::insert_handle(tx, (pool_id, &self.sign_in.user_id), &self.digest, self.expires_at)
            .await
            .on_unique(Error::session_used)
    }
}
