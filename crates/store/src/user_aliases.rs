//! What must be unique to sign in. The primary key says whether a name was free.

use cognate_domain::Result;

use crate::{Tx, WriteTx};

pub async fn insert(tx: &mut WriteTx<'_>, user: (&str, &str), kind: &str, value: &str) -> Result<()> {
    let (pool_id, user_id) = user;
    tx.query(
        "INSERT INTO user_aliases (pool_id, kind, value, user_id, user_number)
         VALUES ($1, $2, $3, $4, (SELECT user_number FROM users WHERE pool_id = $1 AND user_id = $4))",
    )
    .bind(pool_id)
    .bind(kind)
    .bind(value)
    .bind(user_id)
    .execute()
    .await
}

/// Whose name this is now.
pub async fn find_owner(tx: &mut Tx<'_>, pool_id: &str, kind: &str, value: &str) -> Result<Option<String>> {
    tx.query("SELECT user_id FROM user_aliases WHERE pool_id = $1 AND kind = $2 AND value = $3")
        .bind(pool_id)
        .bind(kind)
        .bind(value)
        .optional(|row| row.text(0))
        .await
}

/// Takes a name from the user whose it is.
pub async fn delete(tx: &mut WriteTx<'_>, user: (&str, &str), kind: &str, value: &str) -> Result<()> {
    let (pool_id, user_id) = user;
    tx.query("DELETE FROM user_aliases WHERE pool_id = $1 AND kind = $2 AND value = $3 AND user_id = $4")
        .bind(pool_id)
        .bind(kind)
        .bind(value)
        .bind(user_id)
        .execute()
        .await
}
