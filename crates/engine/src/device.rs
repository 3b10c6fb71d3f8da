//! Device authorization (RFC 8628): a device shows a code, a person who types it elsewhere lets the device in, and the device, which asks
//! again and again, gets its tokens.

use std::time::Duration;

use cognate_domain::attempts::{AttemptKind, HOUR};
use cognate_domain::client::Client;
use cognate_domain::oauth::device::{DeviceGrant, INTERVAL, LIFE, Pace, UserCode};
use cognate_domain::oauth::{OAuthCode, OAuthResult, Params, ResponseKind, client_may_ask};
use cognate_domain::pool::{Moment, Pool};
use cognate_domain::user::User;
use cognate_domain::{Error, Result, ids};
use cognate_store::attempts::{self, Attempts};
use cognate_store::device_grants::{self, NewDevice, State, Waiting};
use cognate_store::login_sessions::Found;
use cognate_store::users;
use cognate_wire::Secret;
use data_encoding::BASE64URL_NOPAD;

use crate::Cx;
use crate::login::is_good;
use crate::oauth::{Entitled, Granted};
use crate::sign_in::Door;

/// So often a user code is drawn anew that another device has.
const DRAWS: u32 = 5;

/// Whoever asks again within this is not even noted: that would cost more than the question.
const WILD: Duration = Duration::from_secs(1);

/// What a device was given to begin with.
pub struct Begun {
    pub device_code: Secret,
    pub user_code: UserCode,
}

/// What a person has decided.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Decision {
    Allow,
    Refuse,
}

impl Cx {
    /// Keeps what a device asks for; the codes for it.
    pub async fn begin_device(&mut self, pool: &Pool, client: &Client, grant: &DeviceGrant) -> Result<Begun> {
        let device_code = BASE64URL_NOPAD.encode(&ids::random::<32>(self.entropy()));
        for _ in 0..DRAWS {
            let user_code = UserCode::new(self.entropy());
            let device = NewDevice {
                device_digest: &cognate_jose::sha256(device_code.as_bytes()),
                user_code_digest: &digest(pool, &user_code),
                client_id: &client.id,
                grant,
                interval: INTERVAL,
                expires_at: self.now + LIFE,
            };
            let (pool_id, device) = (&pool.id, &device);
            if self.write(async |tx| device_grants::insert(tx, pool_id, device).await).await? {
                return Ok(Begun { device_code: Secret::from(device_code), user_code });
            }
        }
        Err(Error::too_many_requests())
    }

    /// The device that waits with this code. Wrong ones are counted, those of somebody who is signed in as theirs; in one write with
    /// the look, so that of parallel ones exactly as many are looked at as may.
    pub async fn waiting_device(
        &mut self,
        pool: &Pool,
        user: Option<&User>,
        code: Option<&UserCode>,
    ) -> Result<Option<Waiting>> {
        let (user_id, kind) = match user {
            Some(user) => (user.id.as_str(), AttemptKind::DeviceCode),
            None => ("", AttemptKind::StrangersDeviceCode),
        };
        let of = Attempts { pool_id: &pool.id, user_id, kind };
        let attempt_id = ids::ordered_uuid(self.entropy(), self.now).to_string();
        let (digest, limit, now) = (code.map(|code| digest(pool, code)), kind.per_hour().unwrap_or_default(), self.now);
        // Who is over the limit does not take the writer's time.
        if attempts::count(&mut self.read().await?, &of, now - HOUR, "").await?.count >= limit {
            return Err(Error::attempt_limit_exceeded());
        }
        self.write(async |tx| {
            if attempts::count(tx, &of, now - HOUR, "").await?.count >= limit {
                return Err(Error::attempt_limit_exceeded());
            }
            let found = match digest {
                Some(digest) => device_grants::find_waiting(tx, of.pool_id, &digest, now).await?,
                None => None,
            };
            if found.is_none() {
                attempts::delete(tx, &of, now - HOUR).await?;
                attempts::insert(tx, &of, &attempt_id, now).await?;
            }
            Ok(found)
        })
        .await
    }

    /// The same by a code that is known to have been right: nothing is counted.
    pub async fn device_still_waiting(&self, pool: &Pool, code: &UserCode) -> Result<Option<Waiting>> {
        device_grants::find_waiting(&mut self.read().await?, &pool.id, &digest(pool, code), self.now).await
    }

    /// Lets a device in as whoever is signed in here, or not at all. False if it does not wait any more.
    pub async fn decide_device(&mut self, here: &Found, device: &Waiting, decision: Decision) -> Result<bool> {
        let (user, authenticated_at, now) = (&here.user, here.session.authenticated_at, self.now);
        self.write(async |tx| match decision {
            Decision::Allow => device_grants::allow(tx, user, &device.digest, authenticated_at, now).await,
            Decision::Refuse => device_grants::refuse(tx, &user.pool_id, &device.digest, now).await,
        })
        .await
    }

    /// `urn:ietf:params:oauth:grant-type:device_code`: the tokens of a device that somebody has let in, once.
    pub async fn grant_to_device(&mut self, door: Door<'_>, params: &Params) -> OAuthResult<Granted> {
        client_may_ask(door.client, ResponseKind::Code)?;
        let text = params.get("device_code")?.ok_or(OAuthCode::InvalidRequest)?;
        door.pool.refuse_unbuilt(Moment::SignIn)?;
        let digest = cognate_jose::sha256(text.as_bytes());
        let found = device_grants::find(&mut self.read().await?, &door.pool.id, &digest).await?;
        let device = found.filter(|device| device.client_id == door.client.id).ok_or(OAuthCode::InvalidGrant)?;
        if device.expires_at <= self.now {
            return Err(OAuthCode::ExpiredToken.into());
        }
        let (user_id, authenticated_at) = match device.state {
            State::Waiting(pace) => return Err(self.wait(&door.pool.id, &digest, pace).await?.into()),
            State::Refused => return Err(OAuthCode::AccessDenied.into()),
            State::Allowed { user_id, authenticated_at } => (user_id, authenticated_at),
        };
        let user = users::find(&mut self.read().await?, &door.pool.id, &user_id).await?;
        let user = user.filter(is_good).ok_or(OAuthCode::InvalidGrant)?;
        let DeviceGrant { scopes, lasting } = device.grant;
        // What the client has lost meanwhile nobody gives it.
        let scopes: Vec<String> =
            scopes.into_iter().filter(|scope| door.client.oauth_scopes().contains(scope)).collect();
        let entitled =
            Entitled { user: &user, authenticated_at, scopes: &scopes, lasting, nonce: None, reserved: None };
        let owner = (user.pool_id.as_str(), user.id.as_str());
        self.begin_sign_in(door, entitled, async |tx, now| device_grants::take(tx, owner, &digest, now).await).await
    }

    /// Of a device about which nobody has decided.
    async fn wait(&mut self, pool_id: &str, digest: &[u8], pace: Pace) -> Result<OAuthCode> {
        if pace.last.is_some_and(|last| self.now.since(last) < WILD) {
            return Ok(OAuthCode::SlowDown);
        }
        let (pace, answer) = pace.asked(self.now);
        self.write(async |tx| device_grants::set_pace(tx, pool_id, digest, pace).await).await?;
        Ok(answer)
    }
}

/// By the pool's own key: eight letters have few digests, which a stolen table alone must not give.
fn digest(pool: &Pool, code: &UserCode) -> [u8; 32] {
    cognate_jose::hmac_sha256(&pool.veil_key, &[b"device\0", code.letters().as_bytes()])
}
