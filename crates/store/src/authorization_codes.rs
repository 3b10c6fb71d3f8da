//! Codes that a client redeems for tokens, as digests: good once, and remembered for a while, so that a second use is seen.

use cognate_domain::oauth::CodeGrant;
use cognate_domain::user::User;
use cognate_domain::{Error, Result, Timestamp};

use crate::users::{AS_READ, COLUMNS, WIDTH, read};
use crate::{Row, Tx, WriteTx};

pub struct NewCode<'a> {
    pub digest: &'a [u8],
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
    pub authenticated_at: Timestamp,
    pub expires_at: Timestamp,
    pub redeemed: Option<Redeemed>,
}

pub struct Redeemed {
    pub at: Timestamp,
    /// Of the sign-in that it began.
    pub origin_jti: String,
}

/// Keeps a code for a user who is still as they were read. False if not.
pub async fn insert(tx: &mut WriteTx<'_>, user: &User, code: &NewCode<'_>) -> Result<bool> {
    let grant = serde_json::to_string(code.grant).map_err(Error::internal)?;
    let kept = tx
        .query(&format!(
            "INSERT INTO authorization_codes (pool_id, code_digest, user_id, user_number, client_id, code_grant, token_epoch,
                                              authenticated_at, expires_at)
             SELECT pool_id, $4, user_id, user_number, CAST($5 AS TEXT), CAST($6 AS TEXT), token_epoch,
                    CAST($7 AS BIGINT), CAST($8 AS BIGINT)
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
        .affected()
        .await?;
    Ok(kept == 1)
}

pub async fn find(tx: &mut Tx<'_>, pool_id: &str, digest: &[u8]) -> Result<Option<Code>> {
    tx.query(&format!(
        "SELECT {COLUMNS}, c.client_id, c.code_grant, c.authenticated_at, c.expires_at, c.redeemed_at, c.origin_jti
           FROM authorization_codes c
           JOIN users u
             ON u.user_number = c.user_number AND u.pool_id = c.pool_id AND u.user_id = c.user_id
          WHERE c.pool_id = $1 AND c.code_digest = $2"
    ))
    .bind(pool_id)
    .bind(digest)
    .optional(read_code)
    .await
}

fn read_code(row: &Row<'_>) -> Result<Code> {
    let redeemed = match (row.opt_int(WIDTH + 4)?, row.opt_text(WIDTH + 5)?) {
        (Some(at), Some(origin_jti)) => Some(Redeemed { at: Timestamp(at), origin_jti }),
        _ => None,
    };
    Ok(Code {
        user: read(row)?,
        client_id: row.text(WIDTH)?,
        grant: serde_json::from_str(&row.text(WIDTH + 1)?).map_err(Error::internal)?,
        authenticated_at: row.timestamp(WIDTH + 2)?,
        expires_at: row.timestamp(WIDTH + 3)?,
        redeemed,
    })
}

/// Redeems a code for the sign-in `origin_jti`. False if somebody else has, if it is too old, or if its user has signed out
/// everywhere since it was made.
pub async fn redeem(
    tx: &mut WriteTx<'_>,
    user: (&str, &str),
    digest: &[u8],
    origin_jti: &str,
    now: Timestamp,
) -> Result<bool> {
    let redeemed = tx
        .query(
            "UPDATE authorization_codes SET redeemed_at = $1, origin_jti = $2
              WHERE pool_id = $3 AND code_digest = $4 AND user_id = $5 AND redeemed_at IS NULL AND expires_at > $1
                AND token_epoch = (SELECT u.token_epoch FROM users u
                                    WHERE u.user_number = authorization_codes.user_number
                                      AND u.pool_id = $3 AND u.user_id = $5)",
        )
        .bind(now)
        .bind(origin_jti)
        .bind(user.0)
        .bind(digest)
        .bind(user.1)
        .affected()
        .await?;
    Ok(redeemed == 1)
}
