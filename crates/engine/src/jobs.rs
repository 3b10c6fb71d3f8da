//! Background work, in small steps, on every node: forgetting what has expired, removing the users of deleted pools and
//! the members of deleted groups, keeping the stock of signing keys. Two nodes at the same step do no harm: each
//! statement is whole by itself.

use std::sync::Arc;
use std::time::Duration;

use cognate_domain::Result;
use cognate_store::{groups, pools, sweep};
use tokio::task::JoinHandle;

use crate::App;

/// Between two rounds when nothing was left to do.
const REST: Duration = Duration::from_secs(20);
/// Between two steps when there was, so that requests go first.
const BREATH: Duration = Duration::from_millis(50);
/// After the start, which is to be quick.
const FIRST: Duration = Duration::from_secs(1);
/// Users of a deleted pool that one step removes.
const USERS_A_STEP: i64 = 100;
/// Members of a deleted group that one step removes: a row each.
const MEMBERS_A_STEP: i64 = 500;

/// Runs for as long as the handle is not aborted.
pub fn start(app: Arc<App>) -> JoinHandle<()> {
    tokio::spawn(async move {
        tokio::time::sleep(FIRST).await;
        loop {
            let more = match step(&app).await {
                Ok(more) => more,
                Err(error) => {
                    tracing::warn!(cause = ?error, "a step of background work failed; it is tried again");
                    false
                }
            };
            tokio::time::sleep(if more { BREATH } else { REST }).await;
        }
    })
}

/// One step of each kind of work; whether any has more to do.
pub async fn step(app: &App) -> Result<bool> {
    let now = app.clock.now();
    let expired = app.db.write(async |tx| sweep::expired(tx, now).await).await?;
    let mut more = expired > 0;
    for pool_id in pools::list_deleted(&mut app.db.read().await?).await? {
        let emptied = app.db.write(async |tx| pools::sweep_deleted(tx, &pool_id, USERS_A_STEP).await).await?;
        more |= !emptied;
    }
    for group in groups::list_deleted(&mut app.db.read().await?).await? {
        let emptied = app.db.write(async |tx| groups::sweep_deleted(tx, &group, MEMBERS_A_STEP).await).await?;
        more |= !emptied;
    }
    Ok(app.restock().await? || more)
}
