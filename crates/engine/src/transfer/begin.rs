//! May this file's pool be brought into this store, and from which line on? Decided in one write, by the store's own rows.

use cognate_domain::Result;
use cognate_store::{WriteTx, imports, pools, transfer};

use super::{Checked, Failure};
use crate::App;

/// Where an import stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Begun {
    /// So many lines are in the store.
    At(i64),
    /// By an earlier run.
    Finished,
}

enum Answer {
    Begun(Begun),
    Removing,
    PoolThere,
    Claimed,
}

impl App {
    /// `removed` learns of users of an earlier pool of this id that had to go first.
    pub(super) async fn begin_import(&self, checked: &Checked, removed: impl FnMut(u64)) -> Result<Begun, Failure> {
        let pool_id = &checked.header.pool_id;
        let mut removed = removed;
        loop {
            match self.db.write(async |tx| self.try_begin(tx, checked).await).await? {
                Answer::Begun(begun) => return Ok(begun),
                Answer::Removing => self.finish_removal(pool_id, &mut removed).await?,
                Answer::PoolThere => {
                    let reason =
                        format!("the pool {pool_id} is there already; an import makes a pool, and changes none");
                    return Err(Failure::State(reason));
                }
                Answer::Claimed => {
                    let reason = format!(
                        "another file's import of pool {pool_id} has not come to its end: go on with that file, or take \
                         back what it brought with `cognate import --abandon {pool_id}`"
                    );
                    return Err(Failure::State(reason));
                }
            }
        }
    }

    async fn try_begin(&self, tx: &mut WriteTx<'_>, checked: &Checked) -> Result<Answer> {
        let (id, pool_id) = (&checked.identity, &checked.header.pool_id);
        let known = imports::find(tx, id).await?;
        if let Some(unfinished) = known.as_ref().filter(|known| !known.finished) {
            return Ok(Answer::Begun(Begun::At(unfinished.lines_done)));
        }
        if pools::find(tx, pool_id).await?.is_some() {
            return Ok(if known.is_some() { Answer::Begun(Begun::Finished) } else { Answer::PoolThere });
        }
        if transfer::pool_is_being_removed(tx, pool_id).await? {
            return Ok(Answer::Removing);
        }
        let now = self.clock.now();
        if !imports::claim(tx, pool_id, now).await? {
            return Ok(Answer::Claimed);
        }
        imports::begin(tx, id, pool_id, now).await?;
        Ok(Answer::Begun(Begun::At(0)))
    }
}
