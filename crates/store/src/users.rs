//! Users, the names by which they are found, and what `ListUsers` looks for.

use cognate_domain::user::{StoredPassword, User, UserStatus};
use cognate_domain::{Error, Result, Timestamp};

use crate::{Query, Row, Tx, WriteTx, Writing, pools};

pub(crate) const COLUMNS: &str = "u.pool_id, u.user_id, u.username, u.status, u.enabled, u.attributes, u.salt, \
                                  u.verifier_sealed, u.password_expires_at, u.version, u.created_at, u.modified_at, \
                                  u.password_history_sealed, u.user_number";

/// How many columns that are.
pub(crate) const WIDTH: usize = 14;

/// Reads `COLUMNS`, from the first.
pub(crate) fn read(row: &Row<'_>) -> Result<User> {
    let password = match (row.opt_bytes(6)?, row.opt_bytes(7)?) {
        (Some(salt), Some(verifier_sealed)) => Some(StoredPassword {
            salt: salt.try_into().map_err(|_| Error::corrupt("the length of a salt"))?,
            verifier_sealed,
            expires_at: row.opt_int(8)?.map(Timestamp),
        }),
        _ => None,
    };
    let attributes = row.text(5)?;
    Ok(User {
        pool_id: row.text(0)?,
        id: row.text(1)?,
        username: row.text(2)?,
        status: UserStatus::from_name(&row.text(3)?)?,
        enabled: row.bool(4)?,
        attributes: serde_json::from_str(&attributes).map_err(Error::internal)?,
        password,
        password_history_sealed: row.opt_bytes(12)?,
        version: row.int(9)?,
        created_at: Timestamp(row.int(10)?),
        modified_at: Timestamp(row.int(11)?),
        number: Some(row.int(13)?),
    })
}

/// The row of a user who was read: `$1` is the pool, `$2` the id, `$3` the number. SQLite keeps rows in the order of that number, and
/// would first have to ask the index by id for it, which of a million users lies in nobody's cache.
pub(crate) const AS_READ: &str = "user_number = COALESCE(CAST($3 AS BIGINT), (SELECT n.user_number FROM users n
                                                                                WHERE n.pool_id = $1 AND n.user_id = $2))
                                  AND pool_id = $1 AND user_id = $2";

/// Keeps a new user of a pool that is still there.
pub async fn insert(tx: &mut WriteTx<'_>, user: &User) -> Result<()> {
    let attributes = serde_json::to_string(&user.attributes).map_err(Error::internal)?;
    pools::assert_there(tx, &user.pool_id).await?;
    let insert = tx.query(
        "INSERT INTO users (status, enabled, attributes, salt, verifier_sealed, password_expires_at,
                            password_history_sealed, modified_at, pool_id, user_id, version, username, created_at)
         VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13)",
    );
    bound(insert, user, &attributes).bind(&user.username).bind(user.created_at).execute().await
}

/// Keeps a changed user, if nobody has changed it since it was read.
pub async fn update(tx: &mut WriteTx<'_>, user: &User) -> Result<()> {
    let attributes = serde_json::to_string(&user.attributes).map_err(Error::internal)?;
    let update = tx.query(
        "UPDATE users SET status = $1, enabled = $2, attributes = $3, salt = $4, verifier_sealed = $5,
                          password_expires_at = $6, password_history_sealed = $7, modified_at = $8,
                          version = version + 1
          WHERE pool_id = $9 AND user_id = $10 AND version = $11",
    );
    let changed = bound(update, user, &attributes).affected().await?;
    if changed == 1 { Ok(()) } else { Err(Error::too_many_requests()) } // clients try again
}

/// What may change of a user, then the key and the version: the first eleven values of both statements.
fn bound<'q, 'tx>(query: Query<'q, 'tx, Writing>, user: &'q User, attributes: &'q String) -> Query<'q, 'tx, Writing> {
    let password = user.password.as_ref();
    query
        .bind(user.status.name())
        .bind(user.enabled)
        .bind(attributes)
        .bind(password.map(|password| &password.salt[..]))
        .bind(password.map(|password| password.verifier_sealed.as_slice()))
        .bind(password.and_then(|password| password.expires_at))
        .bind(&user.password_history_sealed)
        .bind(user.modified_at)
        .bind(&user.pool_id)
        .bind(&user.id)
        .bind(user.version)
}

pub async fn find(tx: &mut Tx<'_>, pool_id: &str, user_id: &str) -> Result<Option<User>> {
    tx.query(&format!("SELECT {COLUMNS} FROM users u WHERE u.pool_id = $1 AND u.user_id = $2"))
        .bind(pool_id)
        .bind(user_id)
        .optional(read)
        .await
}

/// By a name that is unique in the pool: `kind` is an alias kind's name, `value` is folded.
pub async fn find_by_alias(tx: &mut Tx<'_>, pool_id: &str, kind: &str, value: &str) -> Result<Option<User>> {
    tx.query(&format!(
        "SELECT {COLUMNS} FROM user_aliases a JOIN users u
             ON u.user_number = a.user_number AND u.pool_id = a.pool_id AND u.user_id = a.user_id
          WHERE a.pool_id = $1 AND a.kind = $2 AND a.value = $3"
    ))
    .bind(pool_id)
    .bind(kind)
    .bind(value)
    .optional(read)
    .await
}

/// Removes a user and everything that is only theirs. False if there was none.
pub async fn delete(tx: &mut WriteTx<'_>, pool_id: &str, user_id: &str) -> Result<bool> {
    let user = tx.query("DELETE FROM users WHERE pool_id = $1 AND user_id = $2").bind(pool_id).bind(user_id);
    if user.affected().await? == 0 {
        return Ok(false);
    }
    for sql in [
        "DELETE FROM user_aliases WHERE pool_id = $1 AND user_id = $2",
        "DELETE FROM user_search WHERE pool_id = $1 AND user_id = $2",
        "DELETE FROM codes WHERE pool_id = $1 AND user_id = $2",
        "DELETE FROM pending_attributes WHERE pool_id = $1 AND user_id = $2",
        "DELETE FROM group_members WHERE pool_id = $1 AND user_id = $2",
        "DELETE FROM attempts WHERE pool_id = $1 AND user_id = $2",
        "DELETE FROM spent_handles WHERE pool_id = $1 AND user_id = $2",
        "DELETE FROM refresh_tokens WHERE pool_id = $1 AND user_id = $2",
        "DELETE FROM token_families WHERE pool_id = $1 AND user_id = $2",
        "DELETE FROM login_sessions WHERE pool_id = $1 AND user_id = $2",
        "DELETE FROM authorization_codes WHERE pool_id = $1 AND user_id = $2",
        "DELETE FROM device_grants WHERE pool_id = $1 AND user_id = $2",
    ] {
        tx.query(sql).bind(pool_id).bind(user_id).execute().await?;
    }
    Ok(true)
}
