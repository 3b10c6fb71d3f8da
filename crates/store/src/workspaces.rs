//! Workspaces: what tenants are called here. One that is archived stays to be looked at, and takes no changes until it
//! is active again.

use cognate_domain::directory::rules::MOST_MEMBERSHIPS;
use cognate_domain::directory::{OWNER, Workspace, WorkspaceState};
use cognate_domain::{Result, Timestamp};

use crate::{Row, Tx, WriteTx};

const COLUMNS: &str = "w.workspace_id, w.name, w.state, w.created_by, w.version, w.created_at, w.modified_at";

/// How many columns that are.
const WIDTH: usize = 7;

fn read(row: &Row<'_>) -> Result<Workspace> {
    Ok(Workspace {
        id: row.text(0)?,
        name: row.text(1)?,
        state: WorkspaceState::from_name(&row.text(2)?)?,
        created_by: row.text(3)?,
        version: row.int(4)?,
        created_at: row.timestamp(5)?,
        modified_at: row.timestamp(6)?,
    })
}

/// Keeps a new workspace, with whoever made it as its first owner. False if that subject is not there, or belongs to as
/// many as one may.
pub async fn insert(tx: &mut WriteTx<'_>, workspace: &Workspace) -> Result<bool> {
    let made = tx
        .query(&format!(
            "INSERT INTO workspaces (workspace_id, name, state, created_by, version, created_at, modified_at)
             SELECT CAST($1 AS TEXT), CAST($2 AS TEXT), CAST($3 AS TEXT), CAST($4 AS TEXT), CAST($5 AS BIGINT),
                    CAST($6 AS BIGINT), CAST($7 AS BIGINT)
              WHERE EXISTS (SELECT 1 FROM subjects s WHERE s.subject_id = $4)
                AND EXISTS (SELECT 1 FROM roles r WHERE r.role_key = $8 AND r.scope = 'workspace')
                AND (SELECT COUNT(*) FROM members m WHERE m.subject_id = $4) < {MOST_MEMBERSHIPS}"
        ))
        .bind(&workspace.id)
        .bind(&workspace.name)
        .bind(workspace.state.name())
        .bind(&workspace.created_by)
        .bind(workspace.version)
        .bind(workspace.created_at)
        .bind(workspace.modified_at)
        .bind(OWNER)
        .affected()
        .await?;
    if made == 0 {
        return Ok(false);
    }
    tx.query("INSERT INTO members (subject_id, workspace_id, role_key, added_at) VALUES ($1, $2, $3, $4)")
        .bind(&workspace.created_by)
        .bind(&workspace.id)
        .bind(OWNER)
        .bind(workspace.created_at)
        .execute()
        .await?;
    Ok(true)
}

/// A workspace, and what one subject is in it: nothing, if it is no member.
pub async fn find(
    tx: &mut Tx<'_>,
    workspace_id: &str,
    subject_id: &str,
) -> Result<Option<(Workspace, Option<String>)>> {
    tx.query(&format!(
        "SELECT {COLUMNS}, m.role_key
           FROM workspaces w LEFT JOIN members m ON m.subject_id = $2 AND m.workspace_id = w.workspace_id
          WHERE w.workspace_id = $1"
    ))
    .bind(workspace_id)
    .bind(subject_id)
    .optional(|row| Ok((read(row)?, row.opt_text(WIDTH)?)))
    .await
}

/// False if somebody has changed it since it was read at this version, or if it is archived or gone; otherwise its
/// version is the next one.
pub async fn rename(tx: &mut WriteTx<'_>, read: (&str, i64), name: &str, now: Timestamp) -> Result<bool> {
    let changed = tx
        .query(
            "UPDATE workspaces SET name = $1, modified_at = $2, version = version + 1
              WHERE workspace_id = $3 AND version = $4 AND state = 'active'",
        )
        .bind(name)
        .bind(now)
        .bind(read.0)
        .bind(read.1)
        .affected()
        .await?;
    Ok(changed == 1)
}

/// Archives a workspace, or makes it active again. False if somebody has changed it since it was read at this version,
/// or if it is so already.
pub async fn set_state(tx: &mut WriteTx<'_>, read: (&str, i64), state: WorkspaceState, now: Timestamp) -> Result<bool> {
    let changed = tx
        .query(
            "UPDATE workspaces SET state = $1, modified_at = $2, version = version + 1
              WHERE workspace_id = $3 AND version = $4 AND state <> $1",
        )
        .bind(state.name())
        .bind(now)
        .bind(read.0)
        .bind(read.1)
        .affected()
        .await?;
    Ok(changed == 1)
}

/// A page of the workspaces of a subject, by id, behind `after`, each with its role there.
pub async fn list_of_subject(
    tx: &mut Tx<'_>,
    subject_id: &str,
    after: &str,
    limit: i64,
) -> Result<Vec<(Workspace, String)>> {
    tx.query(&format!(
        "SELECT {COLUMNS}, m.role_key
           FROM members m JOIN workspaces w ON w.workspace_id = m.workspace_id
          WHERE m.subject_id = $1 AND m.workspace_id > $2
          ORDER BY m.workspace_id LIMIT $3"
    ))
    .bind(subject_id)
    .bind(after)
    .bind(limit)
    .all(|row| Ok((read(row)?, row.text(WIDTH)?)))
    .await
}
