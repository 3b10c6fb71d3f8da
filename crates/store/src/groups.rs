//! Groups and who is in them. Members name a group by its id, so that those of a deleted one count nowhere at once; a job
//! removes them in small steps.

use cognate_domain::group::{Group, Membership};
use cognate_domain::user::User;
use cognate_domain::{Error, Result, Timestamp};

use crate::{OnUnique as _, Row, Tx, WriteTx, pools, users};

const COLUMNS: &str =
    "g.pool_id, g.group_id, g.group_name, g.description, g.role_arn, g.precedence, g.created_at, g.modified_at";

fn read(row: &Row<'_>) -> Result<Group> {
    Ok(Group {
        pool_id: row.text(0)?,
        id: row.text(1)?,
        name: row.text(2)?,
        description: row.opt_text(3)?,
        role_arn: row.opt_text(4)?,
        precedence: precedence(row, 5)?,
        created_at: row.timestamp(6)?,
        modified_at: row.timestamp(7)?,
    })
}

fn precedence(row: &Row<'_>, at: usize) -> Result<Option<i32>> {
    let kept = row.opt_int(at)?.map(i32::try_from).transpose();
    kept.map_err(|_| Error::corrupt("the precedence of a group"))
}

/// Keeps a new group of a pool that is still there, if its name is free.
pub async fn insert(tx: &mut WriteTx<'_>, group: &Group) -> Result<()> {
    pools::assert_there(tx, &group.pool_id).await?;
    let kept = tx
        .query(
            "INSERT INTO user_groups (pool_id, group_id, group_name, description, role_arn, precedence, created_at,
                                      modified_at)
             VALUES ($1, $2, $3, $4, $5, $6, $7, $8)",
        )
        .bind(&group.pool_id)
        .bind(&group.id)
        .bind(&group.name)
        .bind(&group.description)
        .bind(&group.role_arn)
        .bind(group.precedence)
        .bind(group.created_at)
        .bind(group.modified_at)
        .execute()
        .await;
    kept.on_unique(Error::group_exists)
}

pub async fn find(tx: &mut Tx<'_>, pool_id: &str, name: &str) -> Result<Option<Group>> {
    tx.query(&format!("SELECT {COLUMNS} FROM user_groups g WHERE g.pool_id = $1 AND g.group_name = $2"))
        .bind(pool_id)
        .bind(name)
        .optional(read)
        .await
}

pub async fn get(tx: &mut Tx<'_>, pool_id: &str, name: &str) -> Result<Group> {
    find(tx, pool_id, name).await?.ok_or_else(Error::group_not_found)
}

/// A page of a pool's groups, by name, behind `after`.
pub async fn list(tx: &mut Tx<'_>, pool_id: &str, after: &str, limit: i64) -> Result<Vec<Group>> {
    tx.query(&format!(
        "SELECT {COLUMNS} FROM user_groups g WHERE g.pool_id = $1 AND g.group_name > $2 ORDER BY g.group_name LIMIT $3"
    ))
    .bind(pool_id)
    .bind(after)
    .bind(limit)
    .all(read)
    .await
}

/// How many groups a pool has. Inside a write every creation of the pool's groups meets in it.
pub async fn count(tx: &mut Tx<'_>, pool_id: &str) -> Result<i64> {
    tx.query("SELECT CAST(COUNT(*) AS BIGINT) FROM user_groups WHERE pool_id = $1")
        .bind(pool_id)
        .one(|row| row.int(0))
        .await
}

/// What of a group is to change; what is absent stays.
pub struct Change<'a> {
    pub pool_id: &'a str,
    pub name: &'a str,
    pub description: Option<&'a str>,
    pub role_arn: Option<&'a str>,
    pub precedence: Option<i32>,
    pub now: Timestamp,
}

/// In one statement, so that changes of different members at once are both kept.
pub async fn update(tx: &mut WriteTx<'_>, change: &Change<'_>) -> Result<()> {
    let changed = tx
        .query(
            "UPDATE user_groups SET description = COALESCE(CAST($1 AS TEXT), description),
                                    role_arn = COALESCE(CAST($2 AS TEXT), role_arn),
                                    precedence = COALESCE(CAST($3 AS BIGINT), precedence), modified_at = $4
              WHERE pool_id = $5 AND group_name = $6",
        )
        .bind(change.description)
        .bind(change.role_arn)
        .bind(change.precedence)
        .bind(change.now)
        .bind(change.pool_id)
        .bind(change.name)
        .affected()
        .await?;
    if changed == 1 { Ok(()) } else { Err(Error::group_not_found()) }
}

/// The group is gone at once, and with it all that its members have of it. False if it was not there.
pub async fn delete(tx: &mut WriteTx<'_>, pool_id: &str, name: &str, now: Timestamp) -> Result<bool> {
    let deleted = tx
        .query("DELETE FROM user_groups WHERE pool_id = $1 AND group_name = $2 RETURNING group_id")
        .bind(pool_id)
        .bind(name)
        .optional(|row| row.text(0))
        .await?;
    let Some(group_id) = deleted else { return Ok(false) };
    tx.query("INSERT INTO deleted_groups (pool_id, group_id, deleted_at) VALUES ($1, $2, $3)")
        .bind(pool_id)
        .bind(&group_id)
        .bind(now)
        .execute()
        .await?;
    Ok(true)
}

/// Puts a user into a group, both read in this write. False if they were in it.
pub async fn add_member(tx: &mut WriteTx<'_>, group: &Group, user_id: &str, now: Timestamp) -> Result<bool> {
    let added = tx
        .query(
            "INSERT INTO group_members (pool_id, user_id, group_id, added_at) VALUES ($1, $2, $3, $4)
             ON CONFLICT (pool_id, user_id, group_id) DO NOTHING",
        )
        .bind(&group.pool_id)
        .bind(user_id)
        .bind(&group.id)
        .bind(now)
        .affected()
        .await?;
    Ok(added == 1)
}

pub async fn remove_member(tx: &mut WriteTx<'_>, group: &Group, user_id: &str) -> Result<()> {
    tx.query("DELETE FROM group_members WHERE pool_id = $1 AND user_id = $2 AND group_id = $3")
        .bind(&group.pool_id)
        .bind(user_id)
        .bind(&group.id)
        .execute()
        .await
}

/// A user's memberships, of groups that are still there: by the key of the one and the index of the other.
const OF_USER: &str = "FROM group_members m JOIN user_groups g ON g.pool_id = m.pool_id AND g.group_id = m.group_id
                       WHERE m.pool_id = $1 AND m.user_id = $2";

pub async fn count_of_user(tx: &mut Tx<'_>, pool_id: &str, user_id: &str) -> Result<i64> {
    tx.query(&format!("SELECT CAST(COUNT(*) AS BIGINT) {OF_USER}"))
        .bind(pool_id)
        .bind(user_id)
        .one(|row| row.int(0))
        .await
}

/// All groups of a user, in no order.
pub async fn list_of_user(tx: &mut Tx<'_>, pool_id: &str, user_id: &str) -> Result<Vec<Group>> {
    tx.query(&format!("SELECT {COLUMNS} {OF_USER}")).bind(pool_id).bind(user_id).all(read).await
}

/// The same as far as tokens tell it: asked at every sign-in and every refresh.
pub async fn list_memberships(tx: &mut Tx<'_>, pool_id: &str, user_id: &str) -> Result<Vec<Membership>> {
    tx.query(&format!("SELECT g.group_name, g.role_arn, g.precedence {OF_USER}"))
        .bind(pool_id)
        .bind(user_id)
        .all(|row| Ok(Membership { group: row.text(0)?, role_arn: row.opt_text(1)?, precedence: precedence(row, 2)? }))
        .await
}

/// A page of a group's members, by id, behind `after`.
pub async fn list_members(tx: &mut Tx<'_>, group: &Group, after: &str, limit: i64) -> Result<Vec<User>> {
    tx.query(&format!(
        "SELECT {} FROM group_members m JOIN users u ON u.pool_id = m.pool_id AND u.user_id = m.user_id
          WHERE m.pool_id = $1 AND m.group_id = $2 AND m.user_id > $3 ORDER BY m.user_id LIMIT $4",
        users::COLUMNS
    ))
    .bind(&group.pool_id)
    .bind(&group.id)
    .bind(after)
    .bind(limit)
    .scan(users::read)
    .await
}

/// Groups whose members still have to be removed, as pool and id.
pub async fn list_deleted(tx: &mut Tx<'_>) -> Result<Vec<(String, String)>> {
    tx.query("SELECT pool_id, group_id FROM deleted_groups ORDER BY deleted_at LIMIT 16")
        .all(|row| Ok((row.text(0)?, row.text(1)?)))
        .await
}

/// Removes some members of a deleted group; true when none is left and the group is forgotten.
pub async fn sweep_deleted(tx: &mut WriteTx<'_>, deleted: &(String, String), members: i64) -> Result<bool> {
    let (pool_id, group_id) = deleted;
    let removed = tx
        .query(
            "DELETE FROM group_members WHERE (pool_id, user_id, group_id) IN
               (SELECT pool_id, user_id, group_id FROM group_members
                 WHERE pool_id = $1 AND group_id = $2 ORDER BY user_id LIMIT $3)",
        )
        .bind(pool_id)
        .bind(group_id)
        .bind(members)
        .affected()
        .await?;
    if removed > 0 {
        return Ok(false);
    }
    tx.query("DELETE FROM deleted_groups WHERE pool_id = $1 AND group_id = $2")
        .bind(pool_id)
        .bind(group_id)
        .execute()
        .await?;
    Ok(true)
}

/// Removes some groups of a pool that is gone, whose users are gone too; true when none is left.
pub(crate) async fn sweep_pool(tx: &mut WriteTx<'_>, pool_id: &str, groups: i64) -> Result<bool> {
    let removed = tx
        .query(
            "DELETE FROM user_groups WHERE (pool_id, group_name) IN
               (SELECT pool_id, group_name FROM user_groups WHERE pool_id = $1 ORDER BY group_name LIMIT $2)",
        )
        .bind(pool_id)
        .bind(groups)
        .affected()
        .await?;
    if removed > 0 {
        return Ok(false);
    }
    tx.query("DELETE FROM deleted_groups WHERE pool_id = $1").bind(pool_id).execute().await?;
    Ok(true)
}
