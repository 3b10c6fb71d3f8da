//! Devices that wait for a person to let them in (RFC 8628), by the digests of their two codes.

use std::time::Duration;

use cognate_domain::oauth::device::{DeviceGrant, Pace};
use cognate_domain::user::User;
use cognate_domain::{Error, Result, Timestamp};

use crate::{Row, Tx, WriteTx};

pub struct NewDevice<'a> {
    pub device_digest: &'a [u8],
    pub user_code_digest: &'a [u8],
    pub client_id: &'a str,
    pub grant: &'a DeviceGrant,
    pub interval: Duration,
    pub expires_at: Timestamp,
}

/// As the device itself meets it.
pub struct Device {
    pub client_id: String,
    pub grant: DeviceGrant,
    pub state: State,
    pub expires_at: Timestamp,
}

pub enum State {
    Waiting(Pace),
    Allowed { user_id: String, authenticated_at: Timestamp },
    Refused,
}

/// As the person meets it: one that nobody has decided about.
pub struct Waiting {
    pub digest: Vec<u8>,
    pub client_id: String,
    pub grant: DeviceGrant,
}

/// False if another device has this user code.
pub async fn insert(tx: &mut WriteTx<'_>, pool_id: &str, device: &NewDevice<'_>) -> Result<bool> {
    let grant = serde_json::to_string(device.grant).map_err(Error::internal)?;
    let kept = tx
        .query(
            "INSERT INTO device_grants (pool_id, device_digest, user_code_digest, client_id, device_grant, state,
                                        poll_interval, expires_at)
             VALUES ($1, $2, $3, $4, $5, 'waiting', $6, $7)
                 ON CONFLICT DO NOTHING",
        )
        .bind(pool_id)
        .bind(device.device_digest)
        .bind(device.user_code_digest)
        .bind(device.client_id)
        .bind(&grant)
        .bind(milliseconds(device.interval))
        .bind(device.expires_at)
        .affected()
        .await?;
    Ok(kept == 1)
}

fn milliseconds(duration: Duration) -> i64 {
    i64::try_from(duration.as_millis()).unwrap_or(i64::MAX)
}

pub async fn find(tx: &mut Tx<'_>, pool_id: &str, digest: &[u8]) -> Result<Option<Device>> {
    tx.query(
        "SELECT client_id, device_grant, state, user_id, authenticated_at, poll_interval, polled_at, expires_at
           FROM device_grants
          WHERE pool_id = $1 AND device_digest = $2",
    )
    .bind(pool_id)
    .bind(digest)
    .optional(|row| {
        Ok(Device {
            client_id: row.text(0)?,
            grant: read_grant(row, 1)?,
            state: read_state(row)?,
            expires_at: row.timestamp(7)?,
        })
    })
    .await
}

fn read_grant(row: &Row<'_>, at: usize) -> Result<DeviceGrant> {
    serde_json::from_str(&row.text(at)?).map_err(Error::internal)
}

fn read_state(row: &Row<'_>) -> Result<State> {
    let allowed = row.opt_text(3)?.zip(row.opt_int(4)?);
    match (row.text(2)?.as_str(), allowed) {
        ("waiting", _) => {
            let interval = Duration::from_millis(u64::try_from(row.int(5)?).unwrap_or_default());
            Ok(State::Waiting(Pace { interval, last: row.opt_int(6)?.map(Timestamp) }))
        }
        ("refused", _) => Ok(State::Refused),
        ("allowed", Some((user_id, at))) => Ok(State::Allowed { user_id, authenticated_at: Timestamp(at) }),
        (state, _) => Err(Error::corrupt(format!("a device that is {state}"))),
    }
}

/// What the device with this user code waits for, unless it is too late.
pub async fn find_waiting(
    tx: &mut Tx<'_>,
    pool_id: &str,
    user_code_digest: &[u8],
    now: Timestamp,
) -> Result<Option<Waiting>> {
    tx.query(
        "SELECT device_digest, client_id, device_grant
           FROM device_grants
          WHERE pool_id = $1 AND user_code_digest = $2 AND state = 'waiting' AND expires_at > $3",
    )
    .bind(pool_id)
    .bind(user_code_digest)
    .bind(now)
    .optional(|row| Ok(Waiting { digest: row.bytes(0)?, client_id: row.text(1)?, grant: read_grant(row, 2)? }))
    .await
}

/// Notes that a device has asked.
pub async fn set_pace(tx: &mut WriteTx<'_>, pool_id: &str, digest: &[u8], pace: Pace) -> Result<()> {
    tx.query(
        "UPDATE device_grants SET poll_interval = $1, polled_at = $2
          WHERE pool_id = $3 AND device_digest = $4 AND state = 'waiting'",
    )
    .bind(milliseconds(pace.interval))
    .bind(pace.last.map(|at| at.0))
    .bind(pool_id)
    .bind(digest)
    .execute()
    .await
}

/// Lets a device in as a user who is still as they were read. False if not, or if somebody has decided, or if it is too late.
pub async fn allow(
    tx: &mut WriteTx<'_>,
    user: &User,
    digest: &[u8],
    authenticated_at: Timestamp,
    now: Timestamp,
) -> Result<bool> {
    const AS_READ: &str = "FROM users u WHERE u.pool_id = $1 AND u.user_id = $2 AND u.status = $3 AND u.enabled = TRUE";
    let allowed = tx
        .query(&format!(
            "UPDATE device_grants
                SET state = 'allowed', user_id = $2, authenticated_at = $4, token_epoch = (SELECT u.token_epoch {AS_READ})
              WHERE pool_id = $1 AND device_digest = $5 AND state = 'waiting' AND expires_at > $6
                AND EXISTS (SELECT 1 {AS_READ})"
        ))
        .bind(&user.pool_id)
        .bind(&user.id)
        .bind(user.status.name())
        .bind(authenticated_at)
        .bind(digest)
        .bind(now)
        .affected()
        .await?;
    Ok(allowed == 1)
}

/// False if somebody has decided, or if it is too late.
pub async fn refuse(tx: &mut WriteTx<'_>, pool_id: &str, digest: &[u8], now: Timestamp) -> Result<bool> {
    let refused = tx
        .query(
            "UPDATE device_grants SET state = 'refused'
              WHERE pool_id = $1 AND device_digest = $2 AND state = 'waiting' AND expires_at > $3",
        )
        .bind(pool_id)
        .bind(digest)
        .bind(now)
        .affected()
        .await?;
    Ok(refused == 1)
}

/// Takes what a device was allowed. False if it was taken, if it is too late, or if its user has signed out everywhere since.
pub async fn take(tx: &mut WriteTx<'_>, user: (&str, &str), digest: &[u8], now: Timestamp) -> Result<bool> {
    let taken = tx
        .query(
            "DELETE FROM device_grants
              WHERE pool_id = $1 AND device_digest = $2 AND user_id = $3 AND state = 'allowed' AND expires_at > $4
                AND token_epoch = (SELECT u.token_epoch FROM users u WHERE u.pool_id = $1 AND u.user_id = $3)",
        )
        .bind(user.0)
        .bind(digest)
        .bind(user.1)
        .bind(now)
        .affected()
        .await?;
    Ok(taken == 1)
}
