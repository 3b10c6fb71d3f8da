//! Pages of what belongs to a pool, each by its key, holding nothing between two of them.

use cognate_domain::{Result, Timestamp};

use crate::Tx;

pub struct AddedSecretRow {
    pub secret_id: String,
    pub secret_sealed: Vec<u8>,
    pub created_at: Timestamp,
}

pub struct ResourceServerRow {
    pub identifier: String,
    pub name: String,
    /// JSON
    pub scopes: String,
}

pub struct GroupRow {
    pub name: String,
    pub group_id: String,
    pub description: Option<String>,
    pub role_arn: Option<String>,
    pub precedence: Option<i64>,
    pub created_at: Timestamp,
    pub modified_at: Timestamp,
}

pub struct DomainRow {
    pub domain: String,
    /// JSON
    pub config: String,
    pub created_at: Timestamp,
    pub modified_at: Timestamp,
}

pub struct MemberRow {
    pub user_id: String,
    pub group_id: String,
    pub added_at: Timestamp,
}

pub struct PendingRow {
    pub user_id: String,
    pub attribute: String,
    pub value: String,
    pub asked_at: Timestamp,
}

/// The secrets that were added to a client, by id.
pub async fn list_added_secrets(tx: &mut Tx<'_>, client_id: &str) -> Result<Vec<AddedSecretRow>> {
    tx.query("SELECT secret_id, secret_sealed, created_at FROM client_secrets WHERE client_id = $1 ORDER BY secret_id")
        .bind(client_id)
        .all(|row| {
            Ok(AddedSecretRow { secret_id: row.text(0)?, secret_sealed: row.bytes(1)?, created_at: row.timestamp(2)? })
        })
        .await
}

pub async fn list_resource_servers(
    tx: &mut Tx<'_>,
    pool_id: &str,
    after: &str,
    limit: i64,
) -> Result<Vec<ResourceServerRow>> {
    tx.query(
        "SELECT identifier, name, scopes FROM resource_servers
          WHERE pool_id = $1 AND identifier > $2 ORDER BY identifier LIMIT $3",
    )
    .bind(pool_id)
    .bind(after)
    .bind(limit)
    .all(|row| Ok(ResourceServerRow { identifier: row.text(0)?, name: row.text(1)?, scopes: row.text(2)? }))
    .await
}

pub async fn list_groups(tx: &mut Tx<'_>, pool_id: &str, after: &str, limit: i64) -> Result<Vec<GroupRow>> {
    tx.query(
        "SELECT group_name, group_id, description, role_arn, precedence, created_at, modified_at
           FROM user_groups WHERE pool_id = $1 AND group_name > $2 ORDER BY group_name LIMIT $3",
    )
    .bind(pool_id)
    .bind(after)
    .bind(limit)
    .all(|row| {
        Ok(GroupRow {
            name: row.text(0)?,
            group_id: row.text(1)?,
            description: row.opt_text(2)?,
            role_arn: row.opt_text(3)?,
            precedence: row.opt_int(4)?,
            created_at: row.timestamp(5)?,
            modified_at: row.timestamp(6)?,
        })
    })
    .await
}

pub async fn list_domains(tx: &mut Tx<'_>, pool_id: &str) -> Result<Vec<DomainRow>> {
    tx.query("SELECT domain, config, created_at, modified_at FROM login_domains WHERE pool_id = $1 ORDER BY domain")
        .bind(pool_id)
        .all(|row| {
            Ok(DomainRow {
                domain: row.text(0)?,
                config: row.text(1)?,
                created_at: row.timestamp(2)?,
                modified_at: row.timestamp(3)?,
            })
        })
        .await
}

/// The groups of the users behind `after` up to `last`, user by user.
pub async fn list_members(tx: &mut Tx<'_>, pool_id: &str, after: &str, last: &str) -> Result<Vec<MemberRow>> {
    tx.query(
        "SELECT user_id, group_id, added_at FROM group_members
          WHERE pool_id = $1 AND user_id > $2 AND user_id <= $3 ORDER BY user_id, group_id",
    )
    .bind(pool_id)
    .bind(after)
    .bind(last)
    .scan(|row| Ok(MemberRow { user_id: row.text(0)?, group_id: row.text(1)?, added_at: row.timestamp(2)? }))
    .await
}

/// The contacts of these users that wait for their proof.
pub async fn list_pending(tx: &mut Tx<'_>, pool_id: &str, after: &str, last: &str) -> Result<Vec<PendingRow>> {
    tx.query(
        "SELECT user_id, attribute, value, asked_at FROM pending_attributes
          WHERE pool_id = $1 AND user_id > $2 AND user_id <= $3 ORDER BY user_id, attribute",
    )
    .bind(pool_id)
    .bind(after)
    .bind(last)
    .scan(|row| {
        Ok(PendingRow {
            user_id: row.text(0)?,
            attribute: row.text(1)?,
            value: row.text(2)?,
            asked_at: row.timestamp(3)?,
        })
    })
    .await
}

/// Whether a pool of this store is met there.
pub async fn domain_is_taken(tx: &mut Tx<'_>, domain: &str) -> Result<bool> {
    let found = tx
        .query("SELECT pool_id FROM login_domains WHERE domain = $1")
        .bind(domain)
        .optional(|row| row.text(0))
        .await?;
    Ok(found.is_some())
}

/// Whether a pool of this id was deleted a while ago and some of its users still lie about.
pub async fn pool_is_being_removed(tx: &mut Tx<'_>, pool_id: &str) -> Result<bool> {
    let found = tx
        .query("SELECT pool_id FROM deleted_pools WHERE pool_id = $1")
        .bind(pool_id)
        .optional(|row| row.text(0))
        .await?;
    Ok(found.is_some())
}
