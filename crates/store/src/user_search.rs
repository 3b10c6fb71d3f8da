//! What `ListUsers` looks for. A prefix is a range; pages go by the last row of the one before.

use cognate_domain::Result;
use cognate_domain::user::User;

use crate::users::{COLUMNS, WIDTH, read};
use crate::{Tx, WriteTx};

/// Found by the user, not by the value (`|| ''` keeps the primary key out of it): of the index by value, whole pages would
/// count as read, and PostgreSQL would see a conflict with everybody who writes a similar value at the same time.
pub async fn delete(tx: &mut WriteTx<'_>, pool_id: &str, user_id: &str, rows: &[(&str, String)]) -> Result<()> {
    for (attribute, folded) in rows {
        tx.query(
            "DELETE FROM user_search
              WHERE pool_id = $1 AND user_id = $2 AND attribute || '' = $3 AND folded_value || '' = $4",
        )
        .bind(pool_id)
        .bind(user_id)
        .bind(*attribute)
        .bind(folded)
        .execute()
        .await?;
    }
    Ok(())
}

pub async fn insert(tx: &mut WriteTx<'_>, pool_id: &str, user_id: &str, rows: &[(&str, String)]) -> Result<()> {
    for (attribute, folded) in rows {
        tx.query(
            "INSERT INTO user_search (pool_id, attribute, folded_value, user_id, user_number)
             VALUES ($1, $2, $3, $4, (SELECT user_number FROM users WHERE pool_id = $1 AND user_id = $4))",
        )
        .bind(pool_id)
        .bind(*attribute)
        .bind(folded)
        .bind(user_id)
        .execute()
        .await?;
    }
    Ok(())
}

/// A half-open range of folded values: all that begin with a prefix, or one alone.
pub struct Range<'a> {
    pub attribute: &'a str,
    pub from: &'a str,
    pub before: &'a str,
}

/// A page of the users in a range, in its order, behind the row `after` (value and user).
pub async fn list(
    tx: &mut Tx<'_>,
    pool_id: &str,
    range: &Range<'_>,
    after: Option<(&str, &str)>,
    limit: i64,
) -> Result<Vec<(String, User)>> {
    let (after_value, after_user) = after.unwrap_or((range.from, ""));
    tx.query(&format!(
        "SELECT {COLUMNS}, s.folded_value
           FROM user_search s JOIN users u
             ON u.user_number = s.user_number AND u.pool_id = s.pool_id AND u.user_id = s.user_id
          WHERE s.pool_id = $1 AND s.attribute = $2 AND (s.folded_value, s.user_id) > ($3, $4)
            AND s.folded_value < $5
          ORDER BY s.folded_value, s.user_id LIMIT $6"
    ))
    .bind(pool_id)
    .bind(range.attribute)
    .bind(after_value)
    .bind(after_user)
    .bind(range.before)
    .bind(limit)
    .scan(|row| Ok((row.text(WIDTH)?, read(row)?)))
    .await
}

/// A page of all users of a pool, by id, behind `after`.
pub async fn list_by_id(tx: &mut Tx<'_>, pool_id: &str, after: &str, limit: i64) -> Result<Vec<User>> {
    tx.query(&format!(
        "SELECT {COLUMNS} FROM users u WHERE u.pool_id = $1 AND u.user_id > $2 ORDER BY u.user_id LIMIT $3"
    ))
    .bind(pool_id)
    .bind(after)
    .bind(limit)
    .scan(read)
    .await
}
