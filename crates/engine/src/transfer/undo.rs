//! Takes back what an import brought before it met a line that cannot stay. In one write the pool becomes a deleted one,
//! whose users are removed in small steps: by this process, or, if it ends, by a server or the next import.

use cognate_domain::Result;
use cognate_store::{imports, pools};

use super::Failure;
use crate::App;

/// Users a step.
const STEP: i64 = 200;

impl App {
    /// Takes back the unfinished import of a pool. `removed` learns of users that went.
    pub async fn abandon_import(&self, pool_id: &str, mut removed: impl FnMut(u64)) -> Result<(), Failure> {
        let unfinished = imports::list_unfinished(&mut self.db.read().await?, pool_id).await?;
        let [import_id] = unfinished.as_slice() else {
            return Err(Failure::State(format!("no import of pool {pool_id} waits for its end")));
        };
        self.undo_import(import_id, pool_id).await?;
        self.finish_removal(pool_id, &mut removed).await
    }

    /// From here on another run of the same import finds that it is not where it thought.
    pub(super) async fn undo_import(&self, import_id: &str, pool_id: &str) -> Result<(), Failure> {
        let now = self.clock.now();
        let undone = self
            .db
            .write(async |tx| {
                let known = imports::find(tx, import_id).await?;
                if known.is_none_or(|known| known.finished) {
                    return Ok(false);
                }
                imports::delete(tx, import_id).await?;
                imports::release(tx, pool_id).await?;
                pools::bury(tx, pool_id, now).await?;
                Ok(true)
            })
            .await?;
        if undone { Ok(()) } else { Err(Failure::State("the import has ended meanwhile".to_owned())) }
    }

    pub(super) async fn finish_removal(&self, pool_id: &str, removed: &mut impl FnMut(u64)) -> Result<(), Failure> {
        while !self.db.write(async |tx| pools::sweep_deleted(tx, pool_id, STEP).await).await? {
            removed(STEP.unsigned_abs());
        }
        Ok(())
    }
}
