//! Events that a provider has told, so that each counts once however often it is told.

use cognate_domain::{Result, Timestamp};

use crate::WriteTx;

/// False if it was told before. Kept in the write that acts on it.
pub async fn insert(tx: &mut WriteTx<'_>, event_id: &str, expires_at: Timestamp) -> Result<bool> {
    let told = tx
        .query("INSERT INTO provider_events (event_id, expires_at) VALUES ($1, $2) ON CONFLICT (event_id) DO NOTHING")
        .bind(event_id)
        .bind(expires_at)
        .affected()
        .await?;
    Ok(told == 1)
}
