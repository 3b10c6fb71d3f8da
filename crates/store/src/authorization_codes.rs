//! Codes that a client redeems for tokens, as digests. A code names the sign-in that it begins: a family of tokens begins once, so the
//! code is good once, and whoever brings it again finds that family.

use cognate_domain::oauth::CodeGrant;
use cognate_domain::user::User;
use cognate_domain::{Error, Result, Timestamp};

use crate::users::{AS_READ, COLUMNS, WIDTH, read};
use crate::{Row, Tx, WriteTx};

pub struct NewCode<'a> {
    pub digest: &'a [u8],
    /// Of the sign-in that it will begin.
    pub origin_jti: &'a str,
    pub client_id: &'a str,
    pub grant: &'a CodeGrant,
    pub authenticated_at: Timestamp,
    pub expires_at: Timestamp,
}

/// A code as it is kept, and its user as they are now.
pub struct Code {
    pub user: User,
    pub client_id: String,
    pub grant: CodeGrant,
    /// Of the sign-in that it begins.
    pub origin_jti: String,
    /// Of its user, when it was given: one who has signed out everywhere since has another.
    pub token_epoch: i64,
    pub authenticated_at: Timestamp,
    pub expires_at: Timestamp,
    pub redeemed_at: Option<Timestamp>,
}

/// Keeps a code for a user who is still as they were read. False if not.
pub async fn insert(tx: &mut WriteTx<'_>, user: &User, code: &NewCode<'_>) -> Result<bool> {
    let grant = serde_json::to_string(code.grant).map_err(Error::internal)?;
    let kept = tx
        .query(&format!(
            "INSERT INTO authorization_codes (pool_id, code_digest, user_id, user_number, client_id, code_grant, token_epoch,
                                              authenticated_at, expires_at, origin_jti)
             SELECT pool_id, $4, user_id, user_number, CAST($5 AS TEXT), CAST($6 AS TEXT), token_epoch,
                    CAST($7 AS BIGINT), CAST($8 AS BIGINT), CAST($10 AS TEXT)
               FROM users
              WHERE {AS_READ} AND status = $9 AND enabled = TRUE"
        ))
        .bind(&user.pool_id)
        .bind(&user.id)
        .bind(user.number)
        .bind(code.digest)
        .bind(code.client_id)
        .bind(&grant)
        .bind(code.authenticated_at)
        .bind(code.expires_at)
        .bind(user.status.name())
        .bind(code.origin_jti)
        .affected()
        .await?;
    Ok(kept == 1)
}

pub async fn find(tx: &mut Tx<'_>, pool_id: &str, digest: &[u8]) -> Result<Option<Code>> {
    tx.query(&format!(
        "SELECT {COLUMNS}, c.client_id, c.code_grant, c.origin_jti, c.token_epoch, c.authenticated_at, c.expires_at, f.begun_at
           FROM authorization_codes c
           JOIN users u
             ON u.user_number = c.user_number AND u.pool_id = c.pool_id AND u.user_id = c.user_id
           LEFT JOIN token_families f
             ON f.pool_id = c.pool_id AND f.user_id = c.user_id AND f.origin_jti = c.origin_jti
          WHERE c.pool_id = $1 AND c.code_digest = $2"
    ))
    .bind(pool_id)
    .bind(digest)
    .optional(read_code)
    .await
}

fn read_code(row: &Row<'_>) -> Result<Code> {
    Ok(Code {
        user: read(row)?,
        client_id: row.text(WIDTH)?,
        grant: serde_json::from_str(&row.text(WIDTH + 1)?).map_err(Error::internal)?,
        origin_jti: row.text(WIDTH + 2)?,
        token_epoch: row.int(WIDTH + 3)?,
        authenticated_at: row.timestamp(WIDTH + 4)?,
        expires_at: row.timestamp(WIDTH + 5)?,
        redeemed_at: row.opt_int(WIDTH + 6)?.map(Timestamp),
    })
}
