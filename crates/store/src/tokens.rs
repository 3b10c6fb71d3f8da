//! Token families and refresh tokens. Revocation is read on every call, never cached.

use cognate_domain::tokens::TokenFamily;
use cognate_domain::user::User;
use cognate_domain::{Result, Timestamp};

use crate::users::{COLUMNS, read};
use crate::{Row, Tx, WriteTx};

/// A family as it is kept, with whether it was revoked.
pub struct FamilyRow {
    pub family: TokenFamily,
    pub revoked: bool,
}

const FAMILY: &str = "f.pool_id, f.user_id, f.client_id, f.origin_jti, f.event_id, f.scope, f.authenticated_at, \
                      f.expires_at, f.revoked_at";

fn read_family(row: &Row<'_>, at: usize) -> Result<FamilyRow> {
    Ok(FamilyRow {
        family: TokenFamily {
            pool_id: row.text(at)?,
            user_id: row.text(at + 1)?,
            client_id: row.text(at + 2)?,
            origin_jti: row.text(at + 3)?,
            event_id: row.text(at + 4)?,
            scope: row.text(at + 5)?,
            authenticated_at: Timestamp(row.int(at + 6)?),
            expires_at: Timestamp(row.int(at + 7)?),
        },
        revoked: row.opt_int(at + 8)?.is_some(),
    })
}

/// Begins a family for a user whose password and state are still those that were proved. False if not.
pub async fn insert_family(tx: &mut WriteTx<'_>, family: &TokenFamily, user: &User) -> Result<bool> {
    let kept = tx
        .query(
            "INSERT INTO token_families (pool_id, user_id, origin_jti, client_id, event_id, scope, authenticated_at,
                                         expires_at, revoked_at)
             SELECT pool_id, user_id, CAST($3 AS TEXT), CAST($4 AS TEXT), CAST($5 AS TEXT), CAST($6 AS TEXT),
                    CAST($7 AS BIGINT), CAST($8 AS BIGINT), CAST(NULL AS BIGINT)
               FROM users
              WHERE pool_id = $1 AND user_id = $2 AND status = $9 AND salt = $10 AND enabled = TRUE",
        )
        .bind(&family.pool_id)
        .bind(&family.user_id)
        .bind(&family.origin_jti)
        .bind(&family.client_id)
        .bind(&family.event_id)
        .bind(&family.scope)
        .bind(family.authenticated_at)
        .bind(family.expires_at)
        .bind(user.status.name())
        .bind(user.password.as_ref().map(|password| &password.salt[..]))
        .affected()
        .await?;
    Ok(kept == 1)
}

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

/// The family of a refresh token.
pub async fn find_by_refresh_token(tx: &mut Tx<'_>, pool_id: &str, digest: &[u8]) -> Result<Option<FamilyRow>> {
    tx.query(&format!(
        "SELECT {FAMILY} FROM refresh_tokens r
           JOIN token_families f
             ON f.pool_id = r.pool_id AND f.user_id = r.user_id AND f.origin_jti = r.origin_jti
          WHERE r.pool_id = $1 AND r.token_digest = $2"
    ))
    .bind(pool_id)
    .bind(digest)
    .optional(|row| read_family(row, 0))
    .await
}

/// A family and its user as they are now: what an access token stands on.
pub async fn find_bearer(
    tx: &mut Tx<'_>,
    pool_id: &str,
    user_id: &str,
    origin_jti: &str,
) -> Result<Option<(User, FamilyRow)>> {
    tx.query(&format!(
        "SELECT {COLUMNS}, {FAMILY} FROM token_families f
           JOIN users u ON u.pool_id = f.pool_id AND u.user_id = f.user_id
          WHERE f.pool_id = $1 AND f.user_id = $2 AND f.origin_jti = $3"
    ))
    .bind(pool_id)
    .bind(user_id)
    .bind(origin_jti)
    .optional(|row| Ok((read(row)?, read_family(row, 13)?)))
    .await
}

/// Revokes one family: its refresh token and every access token with its `origin_jti`.
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

/// Revokes everything a user was given so far.
pub async fn revoke_all(tx: &mut WriteTx<'_>, pool_id: &str, user_id: &str, now: Timestamp) -> Result<()> {
    tx.query("UPDATE token_families SET revoked_at = $1 WHERE pool_id = $2 AND user_id = $3 AND revoked_at IS NULL")
        .bind(now)
        .bind(pool_id)
        .bind(user_id)
        .execute()
        .await
}
