//! One thread per core, each with a runtime of its own. A connection is given to one of them and stays there.
//!
//! Threads that share their tasks wake one another for every event, to have somebody look at the next one; on a busy
//! machine that cost a request more than what it asked for (docs/decisions/0015-lanes.md).

use std::future::pending;
use std::io;
use std::num::NonZeroUsize;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::thread;

use tokio::runtime::{self, Handle};

/// They end with the process.
pub(super) struct Lanes {
    first: Handle,
    others: Vec<Handle>,
    given: AtomicUsize,
}

impl Lanes {
    pub(super) fn start() -> io::Result<Self> {
        let cores = thread::available_parallelism().map_or(1, NonZeroUsize::get);
        let others = (1..cores).map(|_| lane()).collect::<io::Result<_>>()?;
        Ok(Self { first: lane()?, others, given: AtomicUsize::new(0) })
    }

    /// Each in turn. A task, and what it spawns, runs on this one thread.
    pub(super) fn next(&self) -> &Handle {
        let turn = self.given.fetch_add(1, Ordering::Relaxed) % (self.others.len() + 1);
        self.others.get(turn).unwrap_or(&self.first)
    }
}

fn lane() -> io::Result<Handle> {
    let runtime = runtime::Builder::new_current_thread().enable_all().build()?;
    let handle = runtime.handle().clone();
    thread::Builder::new().name("lane".to_owned()).spawn(move || runtime.block_on(pending::<()>()))?;
    Ok(handle)
}

#[cfg(test)]
mod tests {
    use std::collections::HashSet;
    use std::thread;

    use super::Lanes;

    #[tokio::test]
    async fn connections_go_to_every_core_in_turn_and_stay_on_their_thread() {
        let lanes = Lanes::start().unwrap();
        let cores = lanes.others.len() + 1;

        let mut threads = HashSet::new();
        for _ in 0..cores {
            let lane = lanes.next();
            let (own, spawned) = lane
                .spawn(async {
                    let spawned = tokio::spawn(async { thread::current().id() });
                    (thread::current().id(), spawned.await.unwrap())
                })
                .await
                .unwrap();
            assert_eq!(own, spawned);
            threads.insert(own);
        }
        assert_eq!(threads.len(), cores, "one after another they are given to all of them");
    }
}
