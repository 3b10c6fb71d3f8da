//! The small pool of threads for RSA, SRP and password hashing: as wide as the cores, with a bounded queue. When the
//! queue is full the answer is `TooManyRequestsException`, never a growing latency.

use std::sync::mpsc::{Receiver, SyncSender, TrySendError, sync_channel};
use std::sync::{Arc, Mutex, PoisonError};
use std::thread;

use cognate_domain::{Error, Result};
use tokio::sync::oneshot;

type Job = Box<dyn FnOnce() + Send>;

/// Jobs that may wait: about half a second of sign-ins on one core.
const WAITING_PER_CORE: usize = 256;

pub struct Work {
    queue: SyncSender<Job>,
}

impl Work {
    pub fn start() -> Self {
        let cores = thread::available_parallelism().map_or(2, usize::from);
        let (queue, jobs) = sync_channel::<Job>(cores * WAITING_PER_CORE);
        let jobs = Arc::new(Mutex::new(jobs));
        for _ in 0..cores {
            let jobs = Arc::clone(&jobs);
            thread::spawn(move || {
                while let Some(job) = next(&jobs) {
                    job();
                }
            });
        }
        Self { queue }
    }

    /// Runs a costly computation away from the runtime's threads. A panic in it fails this call alone.
    pub async fn run<T: Send + 'static>(&self, job: impl FnOnce() -> T + Send + 'static) -> Result<T> {
        let (answer, answered) = oneshot::channel();
        let job: Job = Box::new(move || {
            let result = std::panic::catch_unwind(std::panic::AssertUnwindSafe(job));
            if let Ok(value) = result {
                drop(answer.send(value));
            }
        });
        self.queue.try_send(job).map_err(|refused| match refused {
            TrySendError::Full(_) => Error::too_many_requests(),
            TrySendError::Disconnected(_) => Error::corrupt("the pool for costly work has ended"),
        })?;
        answered.await.map_err(Error::internal)
    }
}

fn next(jobs: &Mutex<Receiver<Job>>) -> Option<Job> {
    jobs.lock().unwrap_or_else(PoisonError::into_inner).recv().ok()
}
