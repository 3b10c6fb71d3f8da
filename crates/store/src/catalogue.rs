//! What roles allow: roles, their grants, and an operator's policies. One version stands for all of it, raised by the
//! write that changes anything, so that who holds it compiled knows when to read it again.

use cognate_domain::directory::built_in::{BUILT_IN, BuiltIn, LOCKED_GRANT};
use cognate_domain::directory::rules::{MOST_GRANTS, MOST_POLICIES, MOST_ROLES};
use cognate_domain::directory::{Catalogue, Grant, PolicyText, Role, RoleScope};
use cognate_domain::{Error, Result, Timestamp};
use serde_json::{Map, Value};

use crate::{Row, Tx, WriteTx};

/// The version, as an expression; 0 before the beginning.
pub(crate) const VERSION: &str = "COALESCE((SELECT version FROM catalogue WHERE catalogue_id = 'catalogue'), 0)";

/// What a change came to. All but `Done` changed nothing, and raised no version.
#[must_use]
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Outcome {
    Done,
    /// There is no such role, grant or policy.
    Missing,
    /// There is one of this name.
    Taken,
    /// Built in: it stays.
    BuiltIn,
    /// Somebody has the role, or is invited to it.
    Held,
    /// There are as many as there may be.
    Full,
}

pub async fn version(tx: &mut Tx<'_>) -> Result<i64> {
    tx.query(&format!("SELECT {VERSION}")).one(|row| row.int(0)).await
}

async fn raise(tx: &mut WriteTx<'_>) -> Result<()> {
    let raised = tx.query("UPDATE catalogue SET version = version + 1").affected().await?;
    if raised == 1 { Ok(()) } else { Err(Error::corrupt("a catalogue that never began")) }
}

/// Adds what is built in and missing: at every start, and after a store was emptied. A role comes with its grants; of
/// one that is there an operator may have changed them, so nothing is added to it. The version rises only if something
/// came.
pub async fn insert_built_in(tx: &mut WriteTx<'_>, now: Timestamp) -> Result<()> {
    tx.query("INSERT INTO catalogue (catalogue_id, version) VALUES ('catalogue', $1) ON CONFLICT DO NOTHING")
        .bind(now)
        .execute()
        .await?;
    let mut came = false;
    for built_in in BUILT_IN {
        came |= insert_one_built_in(tx, built_in, now).await?;
    }
    if came { raise(tx).await } else { Ok(()) }
}

async fn insert_one_built_in(tx: &mut WriteTx<'_>, built_in: &BuiltIn, now: Timestamp) -> Result<bool> {
    let came = tx
        .query(
            "INSERT INTO roles (role_key, scope, name, description, built_in, created_at, modified_at)
             VALUES ($1, $2, $3, $4, TRUE, $5, $5) ON CONFLICT DO NOTHING",
        )
        .bind(built_in.key)
        .bind(built_in.scope.name())
        .bind(built_in.name)
        .bind(built_in.description)
        .bind(now)
        .affected()
        .await?;
    if came == 0 {
        return Ok(false);
    }
    for (id, action) in built_in.grants() {
        tx.query(
            "INSERT INTO role_grants (grant_id, role_key, action, resource, created_at) VALUES ($1, $2, $3, '*', $4)",
        )
        .bind(id)
        .bind(built_in.key)
        .bind(action)
        .bind(now)
        .execute()
        .await?;
    }
    Ok(true)
}

enum Part {
    Version(i64),
    Role(Role),
    Grant(Grant),
    Policy(PolicyText),
}

/// All of it as of one moment: one statement, for no snapshot spans two.
pub async fn load(tx: &mut Tx<'_>) -> Result<Catalogue> {
    let parts = tx
        .query(
            "SELECT 'catalogue', catalogue_id, CAST(NULL AS TEXT), CAST(NULL AS TEXT), CAST(NULL AS TEXT),
                    CAST(NULL AS TEXT), FALSE, version, version
               FROM catalogue
             UNION ALL
             SELECT 'role', role_key, scope, name, description, NULL, built_in, created_at, modified_at FROM roles
             UNION ALL
             SELECT 'grant', grant_id, role_key, action, resource, grant_condition, FALSE, created_at, created_at
               FROM role_grants
             UNION ALL
             SELECT 'policy', policy_id, source, NULL, NULL, NULL, FALSE, created_at, modified_at FROM policies",
        )
        .scan(read_part)
        .await?;

    let mut catalogue = Catalogue { version: 0, roles: Vec::new(), grants: Vec::new(), policies: Vec::new() };
    for part in parts {
        match part {
            Part::Version(version) => catalogue.version = version,
            Part::Role(role) => catalogue.roles.push(role),
            Part::Grant(grant) => catalogue.grants.push(grant),
            Part::Policy(policy) => catalogue.policies.push(policy),
        }
    }
    catalogue.roles.sort_by(|one, other| one.key.cmp(&other.key));
    catalogue.grants.sort_by(|one, other| (&one.role, &one.id).cmp(&(&other.role, &other.id)));
    catalogue.policies.sort_by(|one, other| one.id.cmp(&other.id));
    Ok(catalogue)
}

fn read_part(row: &Row<'_>) -> Result<Part> {
    let (id, created_at, modified_at) = (row.text(1)?, row.timestamp(7)?, row.timestamp(8)?);
    Ok(match row.text(0)?.as_str() {
        "catalogue" => Part::Version(row.int(7)?),
        "role" => Part::Role(Role {
            key: id,
            scope: RoleScope::from_name(&row.text(2)?)?,
            name: row.text(3)?,
            description: row.opt_text(4)?,
            built_in: row.bool(6)?,
            created_at,
            modified_at,
        }),
        "grant" => Part::Grant(Grant {
            id,
            role: row.text(2)?,
            action: row.text(3)?,
            resource: row.text(4)?,
            condition: read_condition(row.opt_text(5)?)?,
            created_at,
        }),
        "policy" => Part::Policy(PolicyText { id, source: row.text(2)?, created_at, modified_at }),
        other => return Err(Error::corrupt(format!("{other} in the catalogue"))),
    })
}

fn read_condition(json: Option<String>) -> Result<Option<Map<String, Value>>> {
    json.map(|json| serde_json::from_str(&json)).transpose().map_err(Error::internal)
}

/// Keeps a role of an operator's: whatever it says, it is not built in.
pub async fn insert_role(tx: &mut WriteTx<'_>, role: &Role) -> Result<Outcome> {
    let made = tx
        .query(&format!(
            "INSERT INTO roles (role_key, scope, name, description, built_in, created_at, modified_at)
             SELECT CAST($1 AS TEXT), CAST($2 AS TEXT), CAST($3 AS TEXT), CAST($4 AS TEXT), FALSE, CAST($5 AS BIGINT),
                    CAST($6 AS BIGINT)
              WHERE (SELECT COUNT(*) FROM roles) < {MOST_ROLES}
             ON CONFLICT (role_key) DO NOTHING"
        ))
        .bind(&role.key)
        .bind(role.scope.name())
        .bind(&role.name)
        .bind(&role.description)
        .bind(role.created_at)
        .bind(role.modified_at)
        .affected()
        .await?;
    if made == 1 {
        return done(tx).await;
    }
    let there = find_built_in(tx, &role.key).await?.is_some();
    Ok(if there { Outcome::Taken } else { Outcome::Full })
}

async fn done(tx: &mut WriteTx<'_>) -> Result<Outcome> {
    raise(tx).await?;
    Ok(Outcome::Done)
}

/// Whether a role is built in, if it is there.
async fn find_built_in(tx: &mut Tx<'_>, role_key: &str) -> Result<Option<bool>> {
    tx.query("SELECT built_in FROM roles WHERE role_key = $1").bind(role_key).optional(|row| row.bool(0)).await
}

/// Name and description, of built-in ones too; a role's scope stays.
pub async fn update_role(tx: &mut WriteTx<'_>, role: &Role) -> Result<Outcome> {
    let changed = tx
        .query("UPDATE roles SET name = $1, description = $2, modified_at = $3 WHERE role_key = $4")
        .bind(&role.name)
        .bind(&role.description)
        .bind(role.modified_at)
        .bind(&role.key)
        .affected()
        .await?;
    if changed == 1 { done(tx).await } else { Ok(Outcome::Missing) }
}

/// Removes a role that nobody has and nobody is invited to, and its grants.
pub async fn delete_role(tx: &mut WriteTx<'_>, role_key: &str, now: Timestamp) -> Result<Outcome> {
    let deleted = tx
        .query(
            "DELETE FROM roles
              WHERE role_key = $1 AND built_in = FALSE
                AND NOT EXISTS (SELECT 1 FROM members m WHERE m.role_key = $1)
                AND NOT EXISTS (SELECT 1 FROM subjects s WHERE s.platform_role = $1)
                AND NOT EXISTS (SELECT 1 FROM invitations i WHERE i.role_key = $1 AND i.expires_at > $2)",
        )
        .bind(role_key)
        .bind(now)
        .affected()
        .await?;
    if deleted == 0 {
        return Ok(match find_built_in(tx, role_key).await? {
            None => Outcome::Missing,
            Some(true) => Outcome::BuiltIn,
            Some(false) => Outcome::Held,
        });
    }
    tx.query("DELETE FROM role_grants WHERE role_key = $1").bind(role_key).execute().await?;
    done(tx).await
}

/// `Missing` if there is no such role.
pub async fn insert_grant(tx: &mut WriteTx<'_>, grant: &Grant) -> Result<Outcome> {
    let condition = grant.condition.as_ref().map(serde_json::to_string).transpose().map_err(Error::internal)?;
    let made = tx
        .query(&format!(
            "INSERT INTO role_grants (grant_id, role_key, action, resource, grant_condition, created_at)
             SELECT CAST($1 AS TEXT), role_key, CAST($3 AS TEXT), CAST($4 AS TEXT), CAST($5 AS TEXT),
                    CAST($6 AS BIGINT)
               FROM roles WHERE role_key = $2 AND (SELECT COUNT(*) FROM role_grants) < {MOST_GRANTS}
             ON CONFLICT (grant_id) DO NOTHING"
        ))
        .bind(&grant.id)
        .bind(&grant.role)
        .bind(&grant.action)
        .bind(&grant.resource)
        .bind(condition.as_deref())
        .bind(grant.created_at)
        .affected()
        .await?;
    if made == 1 {
        return done(tx).await;
    }
    let role = find_built_in(tx, &grant.role).await?.is_some();
    let (taken, role_there) = (grant_is_there(tx, &grant.id).await?, role);
    Ok(match (role_there, taken) {
        (false, _) => Outcome::Missing,
        (true, true) => Outcome::Taken,
        (true, false) => Outcome::Full,
    })
}

async fn grant_is_there(tx: &mut Tx<'_>, grant_id: &str) -> Result<bool> {
    let found = tx.query("SELECT grant_id FROM role_grants WHERE grant_id = $1").bind(grant_id);
    Ok(found.optional(|row| row.text(0)).await?.is_some())
}

/// Action, resource and condition; a grant stays its role's.
pub async fn update_grant(tx: &mut WriteTx<'_>, grant: &Grant) -> Result<Outcome> {
    let condition = grant.condition.as_ref().map(serde_json::to_string).transpose().map_err(Error::internal)?;
    let changed = tx
        .query(
            "UPDATE role_grants SET action = $1, resource = $2, grant_condition = $3
              WHERE grant_id = $4 AND role_key = $5 AND grant_id <> $6",
        )
        .bind(&grant.action)
        .bind(&grant.resource)
        .bind(condition.as_deref())
        .bind(&grant.id)
        .bind(&grant.role)
        .bind(LOCKED_GRANT)
        .affected()
        .await?;
    if changed == 1 { done(tx).await } else { Ok(not_there(&grant.id)) }
}

pub async fn delete_grant(tx: &mut WriteTx<'_>, role_key: &str, grant_id: &str) -> Result<Outcome> {
    let deleted = tx
        .query("DELETE FROM role_grants WHERE grant_id = $1 AND role_key = $2 AND grant_id <> $3")
        .bind(grant_id)
        .bind(role_key)
        .bind(LOCKED_GRANT)
        .affected()
        .await?;
    if deleted == 1 { done(tx).await } else { Ok(not_there(grant_id)) }
}

fn not_there(grant_id: &str) -> Outcome {
    if grant_id == LOCKED_GRANT { Outcome::BuiltIn } else { Outcome::Missing }
}

pub async fn insert_policy(tx: &mut WriteTx<'_>, policy: &PolicyText) -> Result<Outcome> {
    let made = tx
        .query(&format!(
            "INSERT INTO policies (policy_id, source, created_at, modified_at)
             SELECT CAST($1 AS TEXT), CAST($2 AS TEXT), CAST($3 AS BIGINT), CAST($4 AS BIGINT)
              WHERE (SELECT COUNT(*) FROM policies) < {MOST_POLICIES}
             ON CONFLICT (policy_id) DO NOTHING"
        ))
        .bind(&policy.id)
        .bind(&policy.source)
        .bind(policy.created_at)
        .bind(policy.modified_at)
        .affected()
        .await?;
    if made == 1 {
        return done(tx).await;
    }
    let there = tx.query("SELECT policy_id FROM policies WHERE policy_id = $1").bind(&policy.id);
    let there = there.optional(|row| row.text(0)).await?.is_some();
    Ok(if there { Outcome::Taken } else { Outcome::Full })
}

pub async fn update_policy(tx: &mut WriteTx<'_>, policy: &PolicyText) -> Result<Outcome> {
    let changed = tx
        .query("UPDATE policies SET source = $1, modified_at = $2 WHERE policy_id = $3")
        .bind(&policy.source)
        .bind(policy.modified_at)
        .bind(&policy.id)
        .affected()
        .await?;
    if changed == 1 { done(tx).await } else { Ok(Outcome::Missing) }
}

pub async fn delete_policy(tx: &mut WriteTx<'_>, policy_id: &str) -> Result<Outcome> {
    let deleted = tx.query("DELETE FROM policies WHERE policy_id = $1").bind(policy_id).affected().await?;
    if deleted == 1 { done(tx).await } else { Ok(Outcome::Missing) }
}
