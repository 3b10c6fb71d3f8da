//! What somebody with the right to it changed. An entry is kept in the write that makes the change, or neither is;
//! nothing here changes one or removes it.

use cognate_domain::directory::{AuditEntry, first_id_at};
use cognate_domain::{Error, Result, Timestamp};

use crate::{Row, Tx, WriteTx};

const COLUMNS: &str = "entry_id, at, actor_id, action, target_kind, target_id, workspace_id, details, trace_id";

fn read(row: &Row<'_>) -> Result<AuditEntry> {
    Ok(AuditEntry {
        id: row.text(0)?,
        at: row.timestamp(1)?,
        actor: row.text(2)?,
        action: row.text(3)?,
        target_kind: row.text(4)?,
        target: row.text(5)?,
        workspace: row.opt_text(6)?,
        details: serde_json::from_str(&row.text(7)?).map_err(Error::internal)?,
        trace: row.text(8)?,
    })
}

pub async fn insert(tx: &mut WriteTx<'_>, entry: &AuditEntry) -> Result<()> {
    let details = serde_json::to_string(&entry.details).map_err(Error::internal)?;
    tx.query(
        "INSERT INTO audit_log (entry_id, at, actor_id, action, target_kind, target_id, workspace_id, details, trace_id)
         VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9)",
    )
    .bind(&entry.id)
    .bind(entry.at)
    .bind(&entry.actor)
    .bind(&entry.action)
    .bind(&entry.target_kind)
    .bind(&entry.target)
    .bind(&entry.workspace)
    .bind(&details)
    .bind(&entry.trace)
    .execute()
    .await
}

/// Whose entries.
#[derive(Clone, Copy)]
pub enum About<'a> {
    Everything,
    Target { kind: &'a str, id: &'a str },
    Actor(&'a str),
    Workspace(&'a str),
}

/// When they were made. Ids are ordered by time, so a time is a place among them and no entry outside is looked at.
#[derive(Clone, Copy, Default)]
pub struct Span {
    pub from: Option<Timestamp>,
    /// Not itself.
    pub until: Option<Timestamp>,
}

/// A page, the newest first, behind the entry `after`.
pub async fn list(
    tx: &mut Tx<'_>,
    about: About<'_>,
    span: Span,
    after: Option<&str>,
    limit: i64,
) -> Result<Vec<AuditEntry>> {
    let from = span.from.map(first_id_at).unwrap_or_default();
    let until = span.until.map_or_else(|| "~".to_owned(), first_id_at); // behind every id
    let before = after.map_or(until.as_str(), |after| until.as_str().min(after));

    let (which, values) = match about {
        About::Everything => ("", [None, None]),
        About::Target { kind, id } => ("AND target_kind = $4 AND target_id = $5", [Some(kind), Some(id)]),
        About::Actor(id) => ("AND actor_id = $4", [Some(id), None]),
        About::Workspace(id) => ("AND workspace_id = $4", [Some(id), None]),
    };
    let sql = format!(
        "SELECT {COLUMNS} FROM audit_log
          WHERE entry_id >= $1 AND entry_id < $2 {which}
          ORDER BY entry_id DESC LIMIT $3"
    );
    let mut query = tx.query(&sql).bind(&from).bind(before).bind(limit);
    for value in values.into_iter().flatten() {
        query = query.bind(value);
    }
    query.scan(read).await
}
