//! Sign-ins of the last weeks, for support.

use cognate_domain::Result;
use cognate_domain::directory::{ProviderSubject, SignIn};

use crate::{Tx, WriteTx};

pub async fn insert(tx: &mut WriteTx<'_>, of: &ProviderSubject, sign_in: &SignIn) -> Result<()> {
    tx.query("INSERT INTO sign_ins (provider, provider_subject, sign_in_id, at, challenge) VALUES ($1, $2, $3, $4, $5)")
        .bind(&of.provider)
        .bind(&of.id)
        .bind(&sign_in.id)
        .bind(sign_in.at)
        .bind(&sign_in.challenge)
        .execute()
        .await
}

/// A page of a subject's, the newest first, behind the one `after`.
pub async fn list(tx: &mut Tx<'_>, of: &ProviderSubject, after: Option<&str>, limit: i64) -> Result<Vec<SignIn>> {
    tx.query(
        "SELECT sign_in_id, at, challenge FROM sign_ins
          WHERE provider = $1 AND provider_subject = $2 AND sign_in_id < $3
          ORDER BY sign_in_id DESC LIMIT $4",
    )
    .bind(&of.provider)
    .bind(&of.id)
    .bind(after.unwrap_or("~")) // behind every id
    .bind(limit)
    .all(|row| Ok(SignIn { id: row.text(0)?, at: row.timestamp(1)?, challenge: row.opt_text(2)? }))
    .await
}
