//! Who calls: people and machines, by the provider's name for them or by ours. The platform is never left without an
//! administrator who may sign in: what would take the last one away is refused by the statement itself.

use cognate_domain::directory::rules::search_key;
use cognate_domain::directory::{
    Claims, Onboarding, PLATFORM_ADMIN, ProviderSubject, Subject, SubjectKind, SubjectState,
};
use cognate_domain::{Error, Result, Timestamp};

use crate::{Row, Tx, WriteTx};

pub(crate) const COLUMNS: &str = "s.subject_id, s.kind, s.provider, s.provider_subject, s.state, s.name, s.email, \
                                  s.display_name, s.preferences, s.plan, s.onboarding, s.entitlements, \
                                  s.platform_role, s.current_workspace, s.version, s.created_at, s.modified_at";

/// How many columns that are.
pub(crate) const WIDTH: usize = 17;

/// Reads `COLUMNS`, beginning with the column `from`.
pub(crate) fn read(row: &Row<'_>, from: usize) -> Result<Subject> {
    Ok(Subject {
        id: row.text(from)?,
        kind: SubjectKind::from_name(&row.text(from + 1)?)?,
        known_as: ProviderSubject { provider: row.text(from + 2)?, id: row.text(from + 3)? },
        state: SubjectState::from_name(&row.text(from + 4)?)?,
        claims: Claims { name: row.opt_text(from + 5)?, email: row.opt_text(from + 6)? },
        display_name: row.opt_text(from + 7)?,
        preferences: serde_json::from_str(&row.text(from + 8)?).map_err(Error::internal)?,
        plan: row.text(from + 9)?,
        onboarding: Onboarding::from_name(&row.text(from + 10)?)?,
        entitlements: serde_json::from_str(&row.text(from + 11)?).map_err(Error::internal)?,
        platform_role: row.opt_text(from + 12)?,
        current_workspace: row.opt_text(from + 13)?,
        version: row.int(from + 14)?,
        created_at: row.timestamp(from + 15)?,
        modified_at: row.timestamp(from + 16)?,
    })
}

/// Preferences and entitlements, as they are kept.
fn json(subject: &Subject) -> Result<(String, String)> {
    let preferences = serde_json::to_string(&subject.preferences).map_err(Error::internal)?;
    let entitlements = serde_json::to_string(&subject.entitlements).map_err(Error::internal)?;
    Ok((preferences, entitlements))
}

/// Keeps a subject whom the provider has told of for the first time, and gives the one that is there: another one, with
/// another id, where somebody was faster. Platform role and current workspace are given later, by statements that ask
/// whether they may.
pub async fn insert_if_absent(tx: &mut WriteTx<'_>, subject: &Subject) -> Result<Subject> {
    let (preferences, entitlements) = json(subject)?;
    let made = tx
        .query(
            "INSERT INTO subjects (subject_id, kind, provider, provider_subject, state, name, name_folded, email,
                                   email_folded, display_name, preferences, plan, onboarding, entitlements, version,
                                   created_at, modified_at)
             VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $17)
             ON CONFLICT (provider, provider_subject) DO NOTHING",
        )
        .bind(&subject.id)
        .bind(subject.kind.name())
        .bind(&subject.known_as.provider)
        .bind(&subject.known_as.id)
        .bind(subject.state.name())
        .bind(&subject.claims.name)
        .bind(subject.claims.name.as_deref().map(search_key))
        .bind(&subject.claims.email)
        .bind(subject.claims.email.as_deref().map(search_key))
        .bind(&subject.display_name)
        .bind(&preferences)
        .bind(&subject.plan)
        .bind(subject.onboarding.name())
        .bind(&entitlements)
        .bind(subject.version)
        .bind(subject.created_at)
        .bind(subject.modified_at)
        .affected()
        .await?;
    if made == 1 {
        return Ok(Subject { platform_role: None, current_workspace: None, ..subject.clone() });
    }
    let there = find_by_provider(tx, &subject.known_as).await?;
    there.ok_or_else(|| Error::corrupt("a subject that is there and is not"))
}

pub async fn find(tx: &mut Tx<'_>, subject_id: &str) -> Result<Option<Subject>> {
    tx.query(&format!("SELECT {COLUMNS} FROM subjects s WHERE s.subject_id = $1"))
        .bind(subject_id)
        .optional(|row| read(row, 0))
        .await
}

/// Without memberships; `callers` has them too.
pub async fn find_by_provider(tx: &mut Tx<'_>, known_as: &ProviderSubject) -> Result<Option<Subject>> {
    tx.query(&format!("SELECT {COLUMNS} FROM subjects s WHERE s.provider = $1 AND s.provider_subject = $2"))
        .bind(&known_as.provider)
        .bind(&known_as.id)
        .optional(|row| read(row, 0))
        .await
}

/// Keeps what may change without further questions: kind, display name, preferences, plan, onboarding and entitlements.
/// False if somebody has changed the subject since it was read, or it is gone; otherwise its version is the next one.
pub async fn update(tx: &mut WriteTx<'_>, subject: &Subject) -> Result<bool> {
    let (preferences, entitlements) = json(subject)?;
    let changed = tx
        .query(
            "UPDATE subjects SET kind = $1, display_name = $2, preferences = $3, plan = $4, onboarding = $5,
                                 entitlements = $6, modified_at = $7, version = version + 1
              WHERE subject_id = $8 AND version = $9",
        )
        .bind(subject.kind.name())
        .bind(&subject.display_name)
        .bind(&preferences)
        .bind(&subject.plan)
        .bind(subject.onboarding.name())
        .bind(&entitlements)
        .bind(subject.modified_at)
        .bind(&subject.id)
        .bind(subject.version)
        .affected()
        .await?;
    Ok(changed == 1)
}

/// Keeps what the provider says now. False if it has said so before.
pub async fn set_claims(tx: &mut WriteTx<'_>, subject_id: &str, claims: &Claims, now: Timestamp) -> Result<bool> {
    let changed = tx
        .query(
            "UPDATE subjects SET name = $1, name_folded = $2, email = $3, email_folded = $4, modified_at = $5,
                                 version = version + 1
              WHERE subject_id = $6 AND (name IS DISTINCT FROM $1 OR email IS DISTINCT FROM $3)",
        )
        .bind(&claims.name)
        .bind(claims.name.as_deref().map(search_key))
        .bind(&claims.email)
        .bind(claims.email.as_deref().map(search_key))
        .bind(now)
        .bind(subject_id)
        .affected()
        .await?;
    Ok(changed == 1)
}

/// False if there is no such subject.
pub async fn set_plan(tx: &mut WriteTx<'_>, subject_id: &str, plan: &str, now: Timestamp) -> Result<bool> {
    let changed = tx
        .query("UPDATE subjects SET plan = $1, modified_at = $2, version = version + 1 WHERE subject_id = $3")
        .bind(plan)
        .bind(now)
        .bind(subject_id)
        .affected()
        .await?;
    Ok(changed == 1)
}

/// Where the subject works from now on. False if it is no member there, or if the workspace is archived.
pub async fn set_current_workspace(
    tx: &mut WriteTx<'_>,
    subject_id: &str,
    workspace_id: Option<&str>,
    now: Timestamp,
) -> Result<bool> {
    let changed = tx
        .query(
            "UPDATE subjects SET current_workspace = $1, modified_at = $2, version = version + 1
              WHERE subject_id = $3
                AND (CAST($1 AS TEXT) IS NULL
                     OR EXISTS (SELECT 1 FROM members m JOIN workspaces w ON w.workspace_id = m.workspace_id
                                 WHERE m.subject_id = $3 AND m.workspace_id = $1 AND w.state = 'active'))",
        )
        .bind(workspace_id)
        .bind(now)
        .bind(subject_id)
        .affected()
        .await?;
    Ok(changed == 1)
}

/// What a change of somebody's power over the platform came to. All but `Done` changed nothing.
#[must_use]
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Outcome {
    Done,
    NoSubject,
    /// Or one of another scope.
    UnknownRole,
    /// Nobody else may administer the platform.
    LastAdmin,
}

/// Said of the row that is to change. Two who take each other's power away at once are told apart by SERIALIZABLE.
const NOT_THE_LAST_ADMIN: &str = "(platform_role IS DISTINCT FROM 'platform_admin'
     OR EXISTS (SELECT 1 FROM subjects o WHERE o.platform_role = 'platform_admin' AND o.state = 'active'
                                           AND o.subject_id <> subjects.subject_id))";

pub async fn set_state(tx: &mut WriteTx<'_>, subject_id: &str, state: SubjectState, now: Timestamp) -> Result<Outcome> {
    let changed = tx
        .query(&format!(
            "UPDATE subjects SET state = $1, modified_at = $2, version = version + 1
              WHERE subject_id = $3 AND ($1 = 'active' OR {NOT_THE_LAST_ADMIN})"
        ))
        .bind(state.name())
        .bind(now)
        .bind(subject_id)
        .affected()
        .await?;
    if changed == 1 { Ok(Outcome::Done) } else { why(tx, subject_id, None).await }
}

/// Gives a role of scope `platform`, or takes it away.
pub async fn set_platform_role(
    tx: &mut WriteTx<'_>,
    subject_id: &str,
    role: Option<&str>,
    now: Timestamp,
) -> Result<Outcome> {
    let changed = tx
        .query(&format!(
            "UPDATE subjects SET platform_role = $1, modified_at = $2, version = version + 1
              WHERE subject_id = $3
                AND (CAST($1 AS TEXT) IS NULL
                     OR EXISTS (SELECT 1 FROM roles r WHERE r.role_key = $1 AND r.scope = 'platform'))
                AND (platform_role IS NOT DISTINCT FROM $1 OR {NOT_THE_LAST_ADMIN})"
        ))
        .bind(role)
        .bind(now)
        .bind(subject_id)
        .affected()
        .await?;
    if changed == 1 { Ok(Outcome::Done) } else { why(tx, subject_id, role).await }
}

/// Why nothing was changed, which is settled already.
async fn why(tx: &mut Tx<'_>, subject_id: &str, role: Option<&str>) -> Result<Outcome> {
    let (subject, role_fits) = tx
        .query(
            "SELECT EXISTS (SELECT 1 FROM subjects WHERE subject_id = $1),
                    CAST($2 AS TEXT) IS NULL
                      OR EXISTS (SELECT 1 FROM roles WHERE role_key = $2 AND scope = 'platform')",
        )
        .bind(subject_id)
        .bind(role)
        .one(|row| Ok((row.bool(0)?, row.bool(1)?)))
        .await?;
    Ok(match (subject, role_fits) {
        (false, _) => Outcome::NoSubject,
        (true, false) => Outcome::UnknownRole,
        (true, true) => Outcome::LastAdmin,
    })
}

/// How many may administer the platform: none before the first one is named.
pub async fn count_admins(tx: &mut Tx<'_>) -> Result<i64> {
    tx.query("SELECT COUNT(*) FROM subjects WHERE platform_role = $1 AND state = 'active'")
        .bind(PLATFORM_ADMIN)
        .one(|row| row.int(0))
        .await
}

/// A page of all, by id, behind `after`.
pub async fn list(tx: &mut Tx<'_>, after: &str, limit: i64) -> Result<Vec<Subject>> {
    tx.query(&format!("SELECT {COLUMNS} FROM subjects s WHERE s.subject_id > $1 ORDER BY s.subject_id LIMIT $2"))
        .bind(after)
        .bind(limit)
        .scan(|row| read(row, 0))
        .await
}

/// A page of those with a role of the platform's, by id, behind `after`.
pub async fn list_by_platform_role(tx: &mut Tx<'_>, role: &str, after: &str, limit: i64) -> Result<Vec<Subject>> {
    tx.query(&format!(
        "SELECT {COLUMNS} FROM subjects s WHERE s.platform_role = $1 AND s.subject_id > $2
          ORDER BY s.subject_id LIMIT $3"
    ))
    .bind(role)
    .bind(after)
    .bind(limit)
    .scan(|row| read(row, 0))
    .await
}

/// A page of those whom the provider knows by this address, in whatever case, by id, behind `after`.
pub async fn list_by_email(tx: &mut Tx<'_>, email: &str, after: &str, limit: i64) -> Result<Vec<Subject>> {
    tx.query(&format!(
        "SELECT {COLUMNS} FROM subjects s WHERE s.email_folded = $1 AND s.subject_id > $2
          ORDER BY s.subject_id LIMIT $3"
    ))
    .bind(search_key(email))
    .bind(after)
    .bind(limit)
    .scan(|row| read(row, 0))
    .await
}

/// A page of those whose name, as the provider says it, begins like this; by folded name and id, behind the pair
/// `after`. Each comes with the folded name that the next page goes by.
pub async fn list_by_name(
    tx: &mut Tx<'_>,
    prefix: &str,
    after: Option<(&str, &str)>,
    limit: i64,
) -> Result<Vec<(String, Subject)>> {
    let from = search_key(prefix);
    let before = format!("{from}\u{10FFFF}"); // no character, so no name has it
    let (after_name, after_subject) = after.unwrap_or((&from, ""));
    tx.query(&format!(
        "SELECT {COLUMNS}, s.name_folded FROM subjects s
          WHERE (s.name_folded, s.subject_id) > ($1, $2) AND s.name_folded >= $3 AND s.name_folded < $4
          ORDER BY s.name_folded, s.subject_id LIMIT $5"
    ))
    .bind(after_name)
    .bind(after_subject)
    .bind(&from)
    .bind(&before)
    .bind(limit)
    .scan(|row| Ok((row.text(WIDTH)?, read(row, 0)?)))
    .await
}
