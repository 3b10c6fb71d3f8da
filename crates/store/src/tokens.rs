//! Token families and refresh tokens. Revocation is read on every call, never cached.

use cognate_domain::tokens::TokenFamily;
use cognate_domain::user::User;
use cognate_domain::{Error, Result, Timestamp};

use crate::users::{AS_READ, COLUMNS, WIDTH, read};
use crate::{Row, Tx, WriteTx};

/// A user as they are now, and the family that a token of theirs belongs to.
pub struct Held {
    pub user: User,
    pub family: TokenFamily,
    /// By itself, or with everything that the user was given up to some moment.
    pub revoked: bool,
}

/// A refresh token that somebody presents.
pub struct Presented {
    pub held: Held,
    /// When it was exchanged for the next of its family.
    pub taken_at: Option<Timestamp>,
}

pub(crate) const FAMILY: &str = "f.client_id, f.origin_jti, f.event_id, f.scope, f.authenticated_at, f.expires_at, \
                                 f.revoked_at, f.token_epoch, u.token_epoch, f.oauth";

/// How many columns that is.
pub(crate) const FAMILY_WIDTH: usize = 10;

/// Reads `COLUMNS` and `FAMILY` behind them.
pub(crate) fn read_held(row: &Row<'_>) -> Result<Held> {
    let user = read(row)?;
    let family = read_family(row, WIDTH, (&user.pool_id, &user.id))?;
    let revoked = row.opt_int(WIDTH + 6)?.is_some() || row.int(WIDTH + 7)? < row.int(WIDTH + 8)?;
    Ok(Held { user, family, revoked })
}

/// Reads `FAMILY`.
fn read_family(row: &Row<'_>, from: usize, user: (&str, &str)) -> Result<TokenFamily> {
    let oauth = row.opt_text(from + 9)?.map(|oauth| serde_json::from_str(&oauth));
    Ok(TokenFamily {
        pool_id: user.0.to_owned(),
        user_id: user.1.to_owned(),
        client_id: row.text(from)?,
        origin_jti: row.text(from + 1)?,
        event_id: row.text(from + 2)?,
        scope: row.text(from + 3)?,
        authenticated_at: Timestamp(row.int(from + 4)?),
        expires_at: Timestamp(row.int(from + 5)?),
        oauth: oauth.transpose().map_err(Error::internal)?,
    })
}

/// When a family begins, and for whom alone.
#[derive(Clone, Copy)]
pub struct Beginning {
    pub at: Timestamp,
    /// For a user who has not signed out everywhere since they had this one.
    pub token_epoch: Option<i64>,
}

/// Begins a family for a user whose password and state are still those that were proved. False if not, or if it has begun.
pub async fn insert_family(
    tx: &mut WriteTx<'_>,
    family: &TokenFamily,
    user: &User,
    beginning: Beginning,
) -> Result<bool> {
    let oauth = family.oauth.as_ref().map(serde_json::to_string).transpose().map_err(Error::internal)?;
    let kept = tx
        .query(&format!(
            "INSERT INTO token_families (pool_id, user_id, user_number, origin_jti, client_id, event_id, scope,
                                         authenticated_at, expires_at, revoked_at, token_epoch, oauth, begun_at)
             SELECT pool_id, user_id, user_number, CAST($4 AS TEXT), CAST($5 AS TEXT), CAST($6 AS TEXT),
                    CAST($7 AS TEXT), CAST($8 AS BIGINT), CAST($9 AS BIGINT), CAST(NULL AS BIGINT), token_epoch,
                    CAST($12 AS TEXT), CAST($13 AS BIGINT)
               FROM users
              WHERE {AS_READ} AND status = $10 AND salt = $11 AND enabled = TRUE
                AND token_epoch = COALESCE(CAST($14 AS BIGINT), token_epoch)
             ON CONFLICT DO NOTHING"
        ))
        .bind(&family.pool_id)
        .bind(&family.user_id)
        .bind(user.number)
        .bind(&family.origin_jti)
        .bind(&family.client_id)
        .bind(&family.event_id)
        .bind(&family.scope)
        .bind(family.authenticated_at)
        .bind(family.expires_at)
        .bind(user.status.name())
        .bind(user.password.as_ref().map(|password| &password.salt[..]))
        .bind(oauth.as_deref())
        .bind(beginning.at)
        .bind(beginning.token_epoch)
        .affected()
        .await?;
    Ok(kept == 1)
}

/// It ends when its family does, whether it is the first of it or the last.
pub async fn insert_refresh_token(tx: &mut WriteTx<'_>, family: &TokenFamily, digest: &[u8]) -> Result<()> {
    tx.query(
        "INSERT INTO refresh_tokens (pool_id, token_digest, user_id, origin_jti, expires_at)
         VALUES ($1, $2, $3, $4, $5)",
    )
    .bind(&family.pool_id)
    .bind(digest)
    .bind(&family.user_id)
    .bind(&family.origin_jti)
    .bind(family.expires_at)
    .execute()
    .await
}

/// A refresh token with its family and user: all that a refresh stands on, in one query.
pub async fn find_presented(tx: &mut Tx<'_>, pool_id: &str, digest: &[u8]) -> Result<Option<Presented>> {
    tx.query(&format!(
        "SELECT {COLUMNS}, {FAMILY}, r.taken_at FROM refresh_tokens r
           JOIN token_families f
             ON f.pool_id = r.pool_id AND f.user_id = r.user_id AND f.origin_jti = r.origin_jti
           JOIN users u
             ON u.user_number = f.user_number AND u.pool_id = f.pool_id AND u.user_id = f.user_id
          WHERE r.pool_id = $1 AND r.token_digest = $2"
    ))
    .bind(pool_id)
    .bind(digest)
    .optional(|row| {
        Ok(Presented { held: read_held(row)?, taken_at: row.opt_int(WIDTH + FAMILY_WIDTH)?.map(Timestamp) })
    })
    .await
}

/// What an access token stands on.
pub async fn find_bearer(tx: &mut Tx<'_>, pool_id: &str, user_id: &str, origin_jti: &str) -> Result<Option<Held>> {
    tx.query(&format!(
        "SELECT {COLUMNS}, {FAMILY} FROM token_families f
           JOIN users u
             ON u.user_number = f.user_number AND u.pool_id = f.pool_id AND u.user_id = f.user_id
          WHERE f.pool_id = $1 AND f.user_id = $2 AND f.origin_jti = $3"
    ))
    .bind(pool_id)
    .bind(user_id)
    .bind(origin_jti)
    .optional(read_held)
    .await
}

/// The sign-ins of a user that are neither revoked nor over, the newest first.
pub async fn list_families(tx: &mut Tx<'_>, user: (&str, &str), now: Timestamp) -> Result<Vec<TokenFamily>> {
    let (pool_id, user_id) = (user.0.to_owned(), user.1.to_owned());
    tx.query(&format!(
        "SELECT {FAMILY} FROM token_families f
           JOIN users u
             ON u.user_number = f.user_number AND u.pool_id = f.pool_id AND u.user_id = f.user_id
          WHERE f.pool_id = $1 AND f.user_id = $2 AND f.expires_at > $3 AND f.revoked_at IS NULL
            AND f.token_epoch >= u.token_epoch
          ORDER BY f.authenticated_at DESC, f.origin_jti LIMIT 100"
    ))
    .bind(user.0)
    .bind(user.1)
    .bind(now)
    .scan(move |row| read_family(row, 0, (&pool_id, &user_id)))
    .await
}

/// Takes a refresh token for the next of its family. False if somebody else has, or if it is gone.
pub async fn take_refresh_token(
    tx: &mut WriteTx<'_>,
    family: &TokenFamily,
    digest: &[u8],
    now: Timestamp,
) -> Result<bool> {
    let taken = tx
        .query(
            "UPDATE refresh_tokens SET taken_at = $1
              WHERE pool_id = $2 AND token_digest = $3 AND user_id = $4 AND taken_at IS NULL",
        )
        .bind(now)
        .bind(&family.pool_id)
        .bind(digest)
        .bind(&family.user_id)
        .affected()
        .await?;
    Ok(taken == 1)
}

/// When a refresh token was taken; none if it is gone, or was not.
pub async fn taken_at(tx: &mut Tx<'_>, family: &TokenFamily, digest: &[u8]) -> Result<Option<Timestamp>> {
    let found = tx
        .query("SELECT taken_at FROM refresh_tokens WHERE pool_id = $1 AND token_digest = $2 AND user_id = $3")
        .bind(&family.pool_id)
        .bind(digest)
        .bind(&family.user_id)
        .optional(|row| row.opt_int(0))
        .await?;
    Ok(found.flatten().map(Timestamp))
}

/// Revokes one family: its refresh tokens and every access token with its `origin_jti`.
pub async fn revoke_family(tx: &mut WriteTx<'_>, family: &TokenFamily, now: Timestamp) -> Result<()> {
    tx.query(
        "UPDATE token_families SET revoked_at = $1
          WHERE pool_id = $2 AND user_id = $3 AND origin_jti = $4 AND revoked_at IS NULL",
    )
    .bind(now)
    .bind(&family.pool_id)
    .bind(&family.user_id)
    .bind(&family.origin_jti)
    .execute()
    .await
}

/// Revokes everything a user was given so far, however much it is: families of an earlier epoch are revoked.
pub async fn revoke_all(tx: &mut WriteTx<'_>, pool_id: &str, user_id: &str) -> Result<()> {
    let raised = tx
        .query("UPDATE users SET token_epoch = token_epoch + 1 WHERE pool_id = $1 AND user_id = $2")
        .bind(pool_id)
        .bind(user_id)
        .affected()
        .await?;
    if raised == 1 { Ok(()) } else { Err(Error::user_not_found()) }
}
