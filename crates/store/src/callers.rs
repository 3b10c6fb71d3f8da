//! What every request begins with: who calls, where they belong, and whether the sign-in that their token comes from
//! still stands. One statement, so that it costs one trip and tells of one moment: a sign-out, a change of role and the
//! version of what roles allow are seen together or not yet.

use std::sync::LazyLock;

use cognate_domain::Result;
use cognate_domain::directory::{Membership, ProviderSubject, Subject, WorkspaceState};

use crate::tokens::Held;
use crate::{Row, Tx, catalogue, subjects, tokens, users};

/// The sign-in that a token of this server belongs to.
#[derive(Clone, Copy)]
pub struct FamilyKey<'a> {
    pub pool_id: &'a str,
    pub user_id: &'a str,
    pub origin_jti: &'a str,
}

/// As of one moment.
pub struct Caller {
    /// What the token stands on; none if it is gone, or if none was asked for.
    pub held: Option<Held>,
    /// None of somebody whom the provider knows and the directory does not yet. A current workspace that they have left
    /// since is left out.
    pub subject: Option<Subject>,
    /// The oldest first.
    pub memberships: Vec<Membership>,
    pub catalogue_version: i64,
}

/// In columns `from` and behind: subject, membership with its workspace, version.
struct Directory {
    from: usize,
}

impl Directory {
    fn columns() -> String {
        format!("{}, m.role_key, m.added_at, w.workspace_id, w.name, w.state, c.version", subjects::COLUMNS)
    }

    fn version(&self, row: &Row<'_>) -> Result<i64> {
        row.int(self.from + subjects::WIDTH + 5)
    }

    fn subject(&self, row: &Row<'_>) -> Result<Option<Subject>> {
        match row.opt_text(self.from)? {
            Some(_) => subjects::read(row, self.from).map(Some),
            None => Ok(None),
        }
    }

    fn membership(&self, row: &Row<'_>) -> Result<Option<Membership>> {
        let at = self.from + subjects::WIDTH;
        let Some(workspace_id) = row.opt_text(at + 2)? else { return Ok(None) };
        Ok(Some(Membership {
            workspace_id,
            workspace_name: row.text(at + 3)?,
            workspace_state: WorkspaceState::from_name(&row.text(at + 4)?)?,
            role: row.text(at)?,
            added_at: row.timestamp(at + 1)?,
        }))
    }
}

/// The subject with all memberships: a row for each, or one row with none. `$1` and `$2` are the provider's name for
/// it.
const WHERE_THEY_BELONG: &str = "LEFT JOIN subjects s ON s.provider = $1 AND s.provider_subject = $2
                                 LEFT JOIN members m ON m.subject_id = s.subject_id
                                 LEFT JOIN workspaces w ON w.workspace_id = m.workspace_id";

/// Put together once: every request asks it.
static OF_SUBJECT: LazyLock<String> = LazyLock::new(|| {
    let (directory, version) = (Directory::columns(), catalogue::VERSION);
    format!("SELECT {directory} FROM (SELECT {version} AS version) c {WHERE_THEY_BELONG}")
});

static OF_BEARER: LazyLock<String> = LazyLock::new(|| {
    let (user, family) = (users::COLUMNS, tokens::FAMILY);
    let (directory, version) = (Directory::columns(), catalogue::VERSION);
    format!(
        "SELECT {user}, {family}, {directory}
           FROM (SELECT {version} AS version) c
           LEFT JOIN token_families f ON f.pool_id = $3 AND f.user_id = $4 AND f.origin_jti = $5
           LEFT JOIN users u ON u.user_number = f.user_number AND u.pool_id = f.pool_id AND u.user_id = f.user_id
           {WHERE_THEY_BELONG}"
    )
});

/// Who calls. With `family` what `tokens::find_bearer` gives comes with it.
pub async fn find(tx: &mut Tx<'_>, known_as: &ProviderSubject, family: Option<FamilyKey<'_>>) -> Result<Caller> {
    let Some(family) = family else {
        let mut caller = Reading::of(Directory { from: 0 });
        let query = tx.query(OF_SUBJECT.as_str()).bind(&known_as.provider).bind(&known_as.id);
        let rows = query.all(|row| caller.add(row, |_| Ok(None))).await?;
        return Ok(caller.done(rows));
    };

    let mut caller = Reading::of(Directory { from: users::WIDTH + tokens::FAMILY_WIDTH });
    let rows = tx
        .query(OF_BEARER.as_str())
        .bind(&known_as.provider)
        .bind(&known_as.id)
        .bind(family.pool_id)
        .bind(family.user_id)
        .bind(family.origin_jti)
        .all(|row| caller.add(row, held))
        .await?;
    Ok(caller.done(rows))
}

/// What a decision about somebody stood on.
#[derive(Clone, Copy)]
pub struct Stood<'a> {
    pub subject_id: &'a str,
    pub platform_role: Option<&'a str>,
    /// A workspace, and what they are there: nothing, if they are no member.
    pub place: Option<(&'a str, Option<&'a str>)>,
    pub catalogue_version: i64,
}

/// Whether all of it is so now. Asked by the write that the decision allows, so that whoever loses their power at the
/// same moment has either not lost it yet or changes nothing.
pub async fn still_stands(tx: &mut Tx<'_>, stood: &Stood<'_>) -> Result<bool> {
    let version = catalogue::VERSION;
    let (workspace_id, role) = stood.place.unwrap_or_default();
    tx.query(&format!(
        "SELECT EXISTS (SELECT 1 FROM subjects s
                         WHERE s.subject_id = $1 AND s.state = 'active' AND s.platform_role IS NOT DISTINCT FROM $2)
            AND {version} = $3
            AND (SELECT m.role_key FROM members m WHERE m.subject_id = $1 AND m.workspace_id = $4)
                IS NOT DISTINCT FROM $5"
    ))
    .bind(stood.subject_id)
    .bind(stood.platform_role)
    .bind(stood.catalogue_version)
    .bind(workspace_id)
    .bind(role)
    .one(|row| row.bool(0))
    .await
}

/// None if the family or its user is gone.
fn held(row: &Row<'_>) -> Result<Option<Held>> {
    match row.opt_text(0)? {
        Some(_) => tokens::read_held(row).map(Some),
        None => Ok(None),
    }
}

/// Every row says who calls; the first one is enough.
struct Reading {
    directory: Directory,
    caller: Option<Caller>,
}

impl Reading {
    fn of(directory: Directory) -> Self {
        Self { directory, caller: None }
    }

    fn add(
        &mut self,
        row: &Row<'_>,
        held: impl FnOnce(&Row<'_>) -> Result<Option<Held>>,
    ) -> Result<Option<Membership>> {
        if self.caller.is_none() {
            self.caller = Some(Caller {
                held: held(row)?,
                subject: self.directory.subject(row)?,
                memberships: Vec::new(),
                catalogue_version: self.directory.version(row)?,
            });
        }
        self.directory.membership(row)
    }

    fn done(self, rows: Vec<Option<Membership>>) -> Caller {
        let mut caller =
            self.caller.unwrap_or(Caller { held: None, subject: None, memberships: Vec::new(), catalogue_version: 0 });
        caller.memberships = rows.into_iter().flatten().collect();
        caller
            .memberships
            .sort_by(|one, other| (one.added_at, &one.workspace_id).cmp(&(other.added_at, &other.workspace_id)));
        if let Some(subject) = &mut caller.subject {
            let is_member = |id: &String| caller.memberships.iter().any(|member| member.workspace_id == *id);
            subject.current_workspace = subject.current_workspace.take().filter(is_member);
        }
        caller
    }
}
