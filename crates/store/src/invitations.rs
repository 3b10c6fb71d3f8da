//! Places in workspaces that wait for whoever brings their token, by its digest. A token is good once, for somebody who
//! is no member yet.

use cognate_domain::directory::Invitation;
use cognate_domain::directory::rules::{MOST_INVITATIONS, search_key};
use cognate_domain::{Error, Result, Timestamp};

use crate::members::{self, Outcome, Place, is_active, is_role, may_join};
use crate::{Row, Tx, WriteTx};

const COLUMNS: &str = "workspace_id, invitation_id, email, role_key, invited_by, created_at, expires_at";

fn read(row: &Row<'_>) -> Result<Invitation> {
    Ok(Invitation {
        workspace_id: row.text(0)?,
        id: row.text(1)?,
        email: row.text(2)?,
        role: row.text(3)?,
        invited_by: row.text(4)?,
        created_at: row.timestamp(5)?,
        expires_at: row.timestamp(6)?,
    })
}

/// Keeps an invitation in place of one that the same address had: the token of that one is good no more.
pub async fn insert(tx: &mut WriteTx<'_>, invitation: &Invitation, token_digest: &[u8]) -> Result<Outcome> {
    let (active, fits) = (is_active("$1"), is_role("$6"));
    let kept = tx
        .query(&format!(
            "INSERT INTO invitations (workspace_id, invitation_id, token_digest, email, email_folded, role_key,
                                      invited_by, created_at, expires_at)
             SELECT CAST($1 AS TEXT), CAST($2 AS TEXT), $3, CAST($4 AS TEXT), CAST($5 AS TEXT),
                    CAST($6 AS TEXT), CAST($7 AS TEXT), CAST($8 AS BIGINT), CAST($9 AS BIGINT)
              WHERE {active} AND {fits}
                AND (SELECT COUNT(*) FROM invitations i WHERE i.workspace_id = $1) < {MOST_INVITATIONS}
             ON CONFLICT (workspace_id, email_folded) DO UPDATE
                SET invitation_id = excluded.invitation_id, token_digest = excluded.token_digest,
                    email = excluded.email, role_key = excluded.role_key, invited_by = excluded.invited_by,
                    created_at = excluded.created_at, expires_at = excluded.expires_at"
        ))
        .bind(&invitation.workspace_id)
        .bind(&invitation.id)
        .bind(token_digest)
        .bind(&invitation.email)
        .bind(search_key(&invitation.email))
        .bind(&invitation.role)
        .bind(&invitation.invited_by)
        .bind(invitation.created_at)
        .bind(invitation.expires_at)
        .affected()
        .await?;
    if kept == 1 { Ok(Outcome::Done) } else { why_not_kept(tx, invitation).await }
}

async fn why_not_kept(tx: &mut Tx<'_>, invitation: &Invitation) -> Result<Outcome> {
    let (state, fits) = tx
        .query(
            "SELECT (SELECT state FROM workspaces WHERE workspace_id = $1),
                    EXISTS (SELECT 1 FROM roles WHERE role_key = $2 AND scope = 'workspace')",
        )
        .bind(&invitation.workspace_id)
        .bind(&invitation.role)
        .one(|row| Ok((row.opt_text(0)?, row.bool(1)?)))
        .await?;
    Ok(match (state.as_deref(), fits) {
        (None, _) => Outcome::NoWorkspace,
        (Some("archived"), _) => Outcome::Archived,
        (Some(_), false) => Outcome::UnknownRole,
        (Some(_), true) => Outcome::MostInvitations,
    })
}

/// A page of those that are still good, by id, behind `after`.
pub async fn list(
    tx: &mut Tx<'_>,
    workspace_id: &str,
    after: &str,
    limit: i64,
    now: Timestamp,
) -> Result<Vec<Invitation>> {
    tx.query(&format!(
        "SELECT {COLUMNS} FROM invitations
          WHERE workspace_id = $1 AND invitation_id > $2 AND expires_at > $4
          ORDER BY invitation_id LIMIT $3"
    ))
    .bind(workspace_id)
    .bind(after)
    .bind(limit)
    .bind(now)
    .all(read)
    .await
}

/// What an invitation is to, before its bearer says yes.
pub async fn find(tx: &mut Tx<'_>, token_digest: &[u8], now: Timestamp) -> Result<Option<Invitation>> {
    tx.query(&format!("SELECT {COLUMNS} FROM invitations WHERE token_digest = $1 AND expires_at > $2"))
        .bind(token_digest)
        .bind(now)
        .optional(read)
        .await
}

/// Takes an invitation back, also one of an archived workspace. False if it is not there.
pub async fn delete(tx: &mut WriteTx<'_>, workspace_id: &str, invitation_id: &str) -> Result<bool> {
    let deleted = tx
        .query("DELETE FROM invitations WHERE workspace_id = $1 AND invitation_id = $2")
        .bind(workspace_id)
        .bind(invitation_id)
        .affected()
        .await?;
    Ok(deleted == 1)
}

/// Takes back what somebody has sent out who leaves, or is something else from now on: what they gave away was theirs then.
pub async fn delete_of_inviter(tx: &mut WriteTx<'_>, place: Place<'_>) -> Result<u64> {
    tx.query("DELETE FROM invitations WHERE workspace_id = $1 AND invited_by = $2")
        .bind(place.workspace_id)
        .bind(place.subject_id)
        .affected()
        .await
}

/// What came of a token.
pub enum Taken {
    /// Its bearer is a member now, and the token is used up.
    Joined(Invitation),
    /// It was used, taken back or replaced, or came too late, or never was.
    Unknown,
    /// It is good still, but not for this bearer or not now.
    Refused(Outcome),
}

/// Takes the invitation, if its bearer may join, and lets them in: both or neither.
pub async fn take(tx: &mut WriteTx<'_>, token_digest: &[u8], subject_id: &str, now: Timestamp) -> Result<Taken> {
    let may_join = may_join("$3", "invitations.workspace_id", "invitations.role_key");
    let taken = tx
        .query(&format!(
            "DELETE FROM invitations
              WHERE token_digest = $1 AND expires_at > $2 AND {may_join}
                AND NOT EXISTS (SELECT 1 FROM members m
                                 WHERE m.subject_id = $3 AND m.workspace_id = invitations.workspace_id)
             RETURNING {COLUMNS}"
        ))
        .bind(token_digest)
        .bind(now)
        .bind(subject_id)
        .optional(read)
        .await?;
    let Some(invitation) = taken else {
        let Some(invitation) = find(tx, token_digest, now).await? else { return Ok(Taken::Unknown) };
        let place = Place { workspace_id: &invitation.workspace_id, subject_id };
        return members::why_not_added(tx, place, &invitation.role).await.map(Taken::Refused);
    };
    let place = Place { workspace_id: &invitation.workspace_id, subject_id };
    match members::add(tx, place, &invitation.role, now).await? {
        Outcome::Done => Ok(Taken::Joined(invitation)),
        other => Err(Error::corrupt(format!("an invitation that may be taken, and then {other:?}"))),
    }
}
