//! Forgets what has expired, in small steps, so that no table grows with time.

use cognate_domain::{Result, Timestamp};

use crate::WriteTx;

/// Rows that one step removes from one table at most.
const STEP: i64 = 500;

/// Removes some of what expired before `now`; how many rows that was.
pub async fn expired(tx: &mut WriteTx<'_>, now: Timestamp) -> Result<u64> {
    let mut removed = 0;
    for (sql, before) in [
        (
            "DELETE FROM spent_signatures WHERE signature_digest IN
               (SELECT signature_digest FROM spent_signatures WHERE expires_at < $1 ORDER BY expires_at LIMIT $2)",
            now,
        ),
        (
            "DELETE FROM spent_handles WHERE (pool_id, user_id, handle_digest) IN
               (SELECT pool_id, user_id, handle_digest FROM spent_handles
                 WHERE expires_at < $1 ORDER BY expires_at LIMIT $2)",
            now,
        ),
        (
            "DELETE FROM codes WHERE (pool_id, user_id, kind) IN
               (SELECT pool_id, user_id, kind FROM codes WHERE expires_at < $1 ORDER BY expires_at LIMIT $2)",
            now - KEPT_AFTER_EXPIRY,
        ),
        (
            "DELETE FROM attempts WHERE (pool_id, user_id, kind, attempt_id) IN
               (SELECT pool_id, user_id, kind, attempt_id FROM attempts a
                 WHERE attempted_at < $1 AND (kind <> 'password' OR NOT EXISTS
                   (SELECT 1 FROM attempts later WHERE later.pool_id = a.pool_id AND later.user_id = a.user_id
                       AND later.kind = a.kind AND later.attempted_at >= $1))
                 ORDER BY attempted_at LIMIT $2)",
            now - ATTEMPTS_MATTER,
        ),
        (
            "DELETE FROM refresh_tokens WHERE (pool_id, token_digest, user_id) IN
               (SELECT pool_id, token_digest, user_id FROM refresh_tokens
                 WHERE expires_at < $1 ORDER BY expires_at LIMIT $2)",
            now - KEPT_AFTER_EXPIRY,
        ),
        (
            "DELETE FROM token_families WHERE (pool_id, user_id, origin_jti) IN
               (SELECT pool_id, user_id, origin_jti FROM token_families
                 WHERE expires_at < $1 ORDER BY expires_at LIMIT $2)",
            now - KEPT_AFTER_EXPIRY,
        ),
        (
            "DELETE FROM login_sessions WHERE (pool_id, session_digest, user_id) IN
               (SELECT pool_id, session_digest, user_id FROM login_sessions
                 WHERE expires_at < $1 ORDER BY expires_at LIMIT $2)",
            now,
        ),
        (
            "DELETE FROM authorization_codes WHERE (pool_id, code_digest, user_id) IN
               (SELECT pool_id, code_digest, user_id FROM authorization_codes
                 WHERE expires_at < $1 ORDER BY expires_at LIMIT $2)",
            now - REPLAYS_ARE_SEEN,
        ),
        (
            "DELETE FROM pushed_requests WHERE (pool_id, request_digest) IN
               (SELECT pool_id, request_digest FROM pushed_requests
                 WHERE expires_at < $1 ORDER BY expires_at LIMIT $2)",
            now,
        ),
        (
            "DELETE FROM device_grants WHERE (pool_id, device_digest) IN
               (SELECT pool_id, device_digest FROM device_grants
                 WHERE expires_at < $1 ORDER BY expires_at LIMIT $2)",
            now - LATE_DEVICES_ARE_TOLD,
        ),
    ] {
        removed += tx.query(sql).bind(before).bind(STEP).affected().await?;
    }
    Ok(removed + expired_of_directory(tx, now).await?)
}

/// The same of the application's own directory.
async fn expired_of_directory(tx: &mut WriteTx<'_>, now: Timestamp) -> Result<u64> {
    let mut removed = 0;
    for (sql, before) in [
        (
            "DELETE FROM invitations WHERE (workspace_id, invitation_id) IN
               (SELECT workspace_id, invitation_id FROM invitations
                 WHERE expires_at < $1 ORDER BY expires_at LIMIT $2)",
            now,
        ),
        (
            "DELETE FROM sign_ins WHERE (provider, provider_subject, sign_in_id) IN
               (SELECT provider, provider_subject, sign_in_id FROM sign_ins WHERE at < $1 ORDER BY at LIMIT $2)",
            now - SIGN_INS_ARE_SHOWN,
        ),
        (
            "DELETE FROM provider_events WHERE event_id IN
               (SELECT event_id FROM provider_events WHERE expires_at < $1 ORDER BY expires_at LIMIT $2)",
            now,
        ),
        (
            "DELETE FROM counted_calls WHERE (kind, about_digest, called_at, call_id) IN
               (SELECT kind, about_digest, called_at, call_id FROM counted_calls
                 WHERE called_at < $1 ORDER BY called_at LIMIT $2)",
            now - CALLS_COUNT,
        ),
    ] {
        removed += tx.query(sql).bind(before).bind(STEP).affected().await?;
    }
    Ok(removed)
}

/// Longer than any limit looks back: an hour, or the longest lock and the time after which it is forgotten. Failed passwords count from
/// the last success, so those of somebody who still fails stay.
const ATTEMPTS_MATTER: std::time::Duration = std::time::Duration::from_hours(2);

/// How long a refresh token that has expired is still told apart from one that never was.
const KEPT_AFTER_EXPIRY: std::time::Duration = std::time::Duration::from_hours(24 * 7);

/// How long support sees a sign-in.
const SIGN_INS_ARE_SHOWN: std::time::Duration = std::time::Duration::from_hours(24 * 90);

/// Longer than any limit of calls looks back.
const CALLS_COUNT: std::time::Duration = std::time::Duration::from_hours(24);

/// How long after its end a device that still asks learns that it is too late.
const LATE_DEVICES_ARE_TOLD: std::time::Duration = std::time::Duration::from_mins(5);

/// How long after its end a code that comes a second time still ends the sign-in that it began.
const REPLAYS_ARE_SEEN: std::time::Duration = std::time::Duration::from_hours(1);
