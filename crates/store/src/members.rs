//! Who belongs to a workspace, and as what. What must hold is asked by the statement that changes something: an active
//! workspace, a role that is one of a workspace's, and that an owner is left. Where it changes nothing, the reason is
//! read afterwards.

use cognate_domain::directory::rules::{MOST_MEMBERS, MOST_MEMBERSHIPS};
use cognate_domain::directory::{Claims, Member, OWNER, SubjectKind, SubjectState};
use cognate_domain::{Error, Result, Timestamp};

use crate::{Row, Tx, WriteTx};

/// Somebody's place in a workspace.
#[derive(Clone, Copy)]
pub struct Place<'a> {
    pub workspace_id: &'a str,
    pub subject_id: &'a str,
}

/// What a change of a workspace's people came to. All but `Done` changed nothing.
#[must_use]
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Outcome {
    Done,
    NoWorkspace,
    /// It takes no changes.
    Archived,
    NoSubject,
    AlreadyMember,
    NotAMember,
    /// Or one of another scope.
    UnknownRole,
    LastOwner,
    /// The subject belongs to as many workspaces as one may.
    MostMemberships,
    /// The workspace has as many members as one may.
    MostMembers,
    /// It has as many invitations as one may.
    MostInvitations,
}

/// That somebody may join a workspace as something, of SQL expressions for the three; but not that they are no member
/// yet.
pub(crate) fn may_join(subject: &str, workspace: &str, role: &str) -> String {
    format!(
        "EXISTS (SELECT 1 FROM subjects s WHERE s.subject_id = {subject})
         AND {active} AND {fits}
         AND (SELECT COUNT(*) FROM members m WHERE m.subject_id = {subject}) < {MOST_MEMBERSHIPS}
         AND (SELECT COUNT(*) FROM members m WHERE m.workspace_id = {workspace}) < {MOST_MEMBERS}",
        active = is_active(workspace),
        fits = is_role(role),
    )
}

pub(crate) fn is_active(workspace: &str) -> String {
    format!("EXISTS (SELECT 1 FROM workspaces w WHERE w.workspace_id = {workspace} AND w.state = 'active')")
}

/// A role of the platform's is none here: nobody becomes its administrator by way of a workspace.
pub(crate) fn is_role(role: &str) -> String {
    format!("EXISTS (SELECT 1 FROM roles r WHERE r.role_key = {role} AND r.scope = 'workspace')")
}

/// Said of the row that is to change. Two who leave at once are told apart by SERIALIZABLE.
const NOT_THE_LAST_OWNER: &str = "(role_key <> 'owner'
     OR EXISTS (SELECT 1 FROM members o WHERE o.role_key = 'owner' AND o.workspace_id = members.workspace_id
                                          AND o.subject_id <> members.subject_id))";

pub async fn add(tx: &mut WriteTx<'_>, place: Place<'_>, role: &str, now: Timestamp) -> Result<Outcome> {
    let may_join = may_join("$1", "$2", "$3");
    let added = tx
        .query(&format!(
            "INSERT INTO members (subject_id, workspace_id, role_key, added_at)
             SELECT CAST($1 AS TEXT), CAST($2 AS TEXT), CAST($3 AS TEXT), CAST($4 AS BIGINT)
              WHERE {may_join}
             ON CONFLICT (subject_id, workspace_id) DO NOTHING"
        ))
        .bind(place.subject_id)
        .bind(place.workspace_id)
        .bind(role)
        .bind(now)
        .affected()
        .await?;
    if added == 1 { Ok(Outcome::Done) } else { why_not_added(tx, place, role).await }
}

pub async fn set_role(tx: &mut WriteTx<'_>, place: Place<'_>, role: &str) -> Result<Outcome> {
    let (active, fits) = (is_active("$2"), is_role("$3"));
    let changed = tx
        .query(&format!(
            "UPDATE members SET role_key = $3
              WHERE subject_id = $1 AND workspace_id = $2 AND {active} AND {fits}
                AND ($3 = 'owner' OR {NOT_THE_LAST_OWNER})"
        ))
        .bind(place.subject_id)
        .bind(place.workspace_id)
        .bind(role)
        .affected()
        .await?;
    if changed == 1 { Ok(Outcome::Done) } else { why_not_changed(tx, place, Some(role)).await }
}

/// Whoever leaves, and whoever is made to.
pub async fn remove(tx: &mut WriteTx<'_>, place: Place<'_>) -> Result<Outcome> {
    let active = is_active("$2");
    let removed = tx
        .query(&format!(
            "DELETE FROM members WHERE subject_id = $1 AND workspace_id = $2 AND {active} AND {NOT_THE_LAST_OWNER}"
        ))
        .bind(place.subject_id)
        .bind(place.workspace_id)
        .affected()
        .await?;
    if removed == 1 { Ok(Outcome::Done) } else { why_not_changed(tx, place, None).await }
}

/// What the reasons are found by.
struct Facts {
    workspace_state: Option<String>,
    subject: bool,
    role: Option<String>,
    role_fits: bool,
    memberships: i64,
    members: i64,
}

async fn facts(tx: &mut Tx<'_>, place: Place<'_>, role: Option<&str>) -> Result<Facts> {
    tx.query(
        "SELECT (SELECT state FROM workspaces WHERE workspace_id = $2),
                EXISTS (SELECT 1 FROM subjects WHERE subject_id = $1),
                (SELECT role_key FROM members WHERE subject_id = $1 AND workspace_id = $2),
                CAST($3 AS TEXT) IS NULL
                  OR EXISTS (SELECT 1 FROM roles WHERE role_key = $3 AND scope = 'workspace'),
                (SELECT COUNT(*) FROM members WHERE subject_id = $1),
                (SELECT COUNT(*) FROM members WHERE workspace_id = $2)",
    )
    .bind(place.subject_id)
    .bind(place.workspace_id)
    .bind(role)
    .one(|row| {
        Ok(Facts {
            workspace_state: row.opt_text(0)?,
            subject: row.bool(1)?,
            role: row.opt_text(2)?,
            role_fits: row.bool(3)?,
            memberships: row.int(4)?,
            members: row.int(5)?,
        })
    })
    .await
}

pub(crate) async fn why_not_added(tx: &mut Tx<'_>, place: Place<'_>, role: &str) -> Result<Outcome> {
    let facts = facts(tx, place, Some(role)).await?;
    Ok(match facts.workspace_state.as_deref() {
        None => Outcome::NoWorkspace,
        Some("archived") => Outcome::Archived,
        Some(_) if !facts.subject => Outcome::NoSubject,
        Some(_) if facts.role.is_some() => Outcome::AlreadyMember,
        Some(_) if !facts.role_fits => Outcome::UnknownRole,
        Some(_) if facts.memberships >= MOST_MEMBERSHIPS => Outcome::MostMemberships,
        Some(_) if facts.members >= MOST_MEMBERS => Outcome::MostMembers,
        Some(_) => return Err(Error::corrupt("somebody who may join and may not")),
    })
}

async fn why_not_changed(tx: &mut Tx<'_>, place: Place<'_>, role: Option<&str>) -> Result<Outcome> {
    let facts = facts(tx, place, role).await?;
    Ok(match facts.workspace_state.as_deref() {
        None => Outcome::NoWorkspace,
        Some("archived") => Outcome::Archived,
        Some(_) if facts.role.is_none() => Outcome::NotAMember,
        Some(_) if !facts.role_fits => Outcome::UnknownRole,
        Some(_) if facts.role.as_deref() == Some(OWNER) => Outcome::LastOwner,
        Some(_) => return Err(Error::corrupt("a member who may be changed and may not")),
    })
}

/// What somebody is in a workspace. In the write that stands on it, it is sure to be so still.
pub async fn find_role(tx: &mut Tx<'_>, place: Place<'_>) -> Result<Option<String>> {
    tx.query("SELECT role_key FROM members WHERE subject_id = $1 AND workspace_id = $2")
        .bind(place.subject_id)
        .bind(place.workspace_id)
        .optional(|row| row.text(0))
        .await
}

const COLUMNS: &str = "m.subject_id, s.kind, s.state, s.name, s.email, s.display_name, m.role_key, m.added_at";

fn read(row: &Row<'_>) -> Result<Member> {
    Ok(Member {
        subject_id: row.text(0)?,
        kind: SubjectKind::from_name(&row.text(1)?)?,
        state: SubjectState::from_name(&row.text(2)?)?,
        claims: Claims { name: row.opt_text(3)?, email: row.opt_text(4)? },
        display_name: row.opt_text(5)?,
        role: row.text(6)?,
        added_at: row.timestamp(7)?,
    })
}

pub async fn find(tx: &mut Tx<'_>, place: Place<'_>) -> Result<Option<Member>> {
    tx.query(&format!(
        "SELECT {COLUMNS} FROM members m JOIN subjects s ON s.subject_id = m.subject_id
          WHERE m.subject_id = $1 AND m.workspace_id = $2"
    ))
    .bind(place.subject_id)
    .bind(place.workspace_id)
    .optional(read)
    .await
}

/// A page of a workspace's members, by subject, behind `after`.
pub async fn list(tx: &mut Tx<'_>, workspace_id: &str, after: &str, limit: i64) -> Result<Vec<Member>> {
    tx.query(&format!(
        "SELECT {COLUMNS} FROM members m JOIN subjects s ON s.subject_id = m.subject_id
          WHERE m.workspace_id = $1 AND m.subject_id > $2
          ORDER BY m.subject_id LIMIT $3"
    ))
    .bind(workspace_id)
    .bind(after)
    .bind(limit)
    .scan(read)
    .await
}
