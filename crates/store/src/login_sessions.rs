//! Browsers that are signed in at a pool's login domain, by the digest of their cookie.

use cognate_domain::login_session::LoginSession;
use cognate_domain::user::User;
use cognate_domain::{Result, Timestamp};

use crate::users::{AS_READ, COLUMNS, WIDTH, read};
use crate::{Row, Tx, WriteTx};

/// A session, and its user as they are now.
pub struct Found {
    pub user: User,
    pub session: LoginSession,
}

/// Keeps a session of a user whose password and state are still those that were proved. False if not.
pub async fn insert(tx: &mut WriteTx<'_>, user: &User, digest: &[u8], session: &LoginSession) -> Result<bool> {
    let kept = tx
        .query(&format!(
            "INSERT INTO login_sessions (pool_id, session_digest, user_id, user_number, session_id, provider,
                                         authenticated_at, expires_at)
             SELECT pool_id, $4, user_id, user_number, CAST($5 AS TEXT), CAST($6 AS TEXT),
                    CAST($7 AS BIGINT), CAST($8 AS BIGINT)
               FROM users
              WHERE {AS_READ} AND status = $9 AND salt = $10 AND enabled = TRUE"
        ))
        .bind(&user.pool_id)
        .bind(&user.id)
        .bind(user.number)
        .bind(digest)
        .bind(&session.id)
        .bind(&session.provider)
        .bind(session.authenticated_at)
        .bind(session.expires_at)
        .bind(user.status.name())
        .bind(user.password.as_ref().map(|password| &password.salt[..]))
        .affected()
        .await?;
    Ok(kept == 1)
}

/// One that has not ended.
pub async fn find(tx: &mut Tx<'_>, pool_id: &str, digest: &[u8], now: Timestamp) -> Result<Option<Found>> {
    tx.query(&format!(
        "SELECT {COLUMNS}, s.session_id, s.provider, s.authenticated_at, s.expires_at
           FROM login_sessions s
           JOIN users u
             ON u.user_number = s.user_number AND u.pool_id = s.pool_id AND u.user_id = s.user_id
          WHERE s.pool_id = $1 AND s.session_digest = $2 AND s.expires_at > $3"
    ))
    .bind(pool_id)
    .bind(digest)
    .bind(now)
    .optional(|row| Ok(Found { user: read(row)?, session: read_session(row, WIDTH)? }))
    .await
}

fn read_session(row: &Row<'_>, from: usize) -> Result<LoginSession> {
    Ok(LoginSession {
        id: row.text(from)?,
        provider: row.text(from + 1)?,
        authenticated_at: row.timestamp(from + 2)?,
        expires_at: row.timestamp(from + 3)?,
    })
}

/// A user's sessions. The index by user is asked by itself: SQLite would rather walk through the whole pool's than look
/// each of them up behind it, and does the same if they are to come in the order of the key.
const OF_USER: &str = "FROM login_sessions k
                       JOIN login_sessions s
                         ON s.pool_id = k.pool_id AND s.session_digest = k.session_digest AND s.user_id = k.user_id
                      WHERE k.pool_id = $1 AND k.user_id = $2";

/// Those of a user that have not ended, the newest first.
pub async fn list(tx: &mut Tx<'_>, user: (&str, &str), now: Timestamp) -> Result<Vec<LoginSession>> {
    tx.query(&format!(
        "SELECT s.session_id, s.provider, s.authenticated_at, s.expires_at {OF_USER} AND s.expires_at > $3
          ORDER BY s.authenticated_at DESC, s.session_id LIMIT 100"
    ))
    .bind(user.0)
    .bind(user.1)
    .bind(now)
    .scan(|row| read_session(row, 0))
    .await
}

/// By what it is named by, a session of a user: the digest that is its key.
pub async fn find_digest(tx: &mut Tx<'_>, user: (&str, &str), session_id: &str) -> Result<Option<Vec<u8>>> {
    let sql = format!("SELECT s.session_digest {OF_USER} AND s.session_id = $3 LIMIT 1");
    let found = tx.query(&sql).bind(user.0).bind(user.1).bind(session_id).scan(|row| row.bytes(0)).await?;
    Ok(found.into_iter().next())
}

/// The keys of some of a user's other sessions; ask again once these are deleted.
pub async fn list_digests_but(tx: &mut Tx<'_>, user: (&str, &str), session_id: &str) -> Result<Vec<Vec<u8>>> {
    tx.query(&format!("SELECT s.session_digest {OF_USER} AND s.session_id <> $3 LIMIT 100"))
        .bind(user.0)
        .bind(user.1)
        .bind(session_id)
        .scan(|row| row.bytes(0))
        .await
}

/// Ends the session of this cookie, if there is one.
pub async fn delete(tx: &mut WriteTx<'_>, user: (&str, &str), digest: &[u8]) -> Result<()> {
    tx.query("DELETE FROM login_sessions WHERE pool_id = $1 AND session_digest = $2 AND user_id = $3")
        .bind(user.0)
        .bind(digest)
        .bind(user.1)
        .execute()
        .await
}
