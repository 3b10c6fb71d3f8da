//! The small pool of threads for RSA, SRP and password hashing: as wide as the cores, with a bounded queue. When the
//! queue is full the answer is `TooManyRequestsException`, never a growing latency.

use std::collections::VecDeque;
use std::sync::{Arc, Condvar, Mutex, MutexGuard, PoisonError};
use std::thread;

use cognate_domain::{Error, Result};
use tokio::sync::oneshot;

type Job = Box<dyn FnOnce() + Send>;

/// Jobs that may wait: about half a second of sign-ins on one core.
const WAITING_PER_CORE: usize = 256;

pub struct Work {
    queue: Arc<Queue>,
    most: usize,
}

/// One job wakes one thread: a channel that threads share through a lock would wake two.
#[derive(Default)]
struct Queue {
    waiting: Mutex<Waiting>,
    came: Condvar,
}

#[derive(Default)]
struct Waiting {
    jobs: VecDeque<Job>,
    ended: bool,
}

impl Work {
    pub fn start() -> Self {
        let cores = thread::available_parallelism().map_or(2, usize::from);
        let queue = Arc::new(Queue::default());
        for _ in 0..cores {
            let queue = Arc::clone(&queue);
            thread::spawn(move || {
                while let Some(job) = queue.next() {
                    job();
                }
            });
        }
        Self { queue, most: cores * WAITING_PER_CORE }
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
        if !self.queue.add(job, self.most) {
            return Err(Error::too_many_requests());
        }
        answered.await.map_err(Error::internal)
    }
}

impl Drop for Work {
    fn drop(&mut self) {
        self.queue.lock().ended = true;
        self.queue.came.notify_all();
    }
}

impl Queue {
    fn lock(&self) -> MutexGuard<'_, Waiting> {
        self.waiting.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// False if too many wait.
    fn add(&self, job: Job, most: usize) -> bool {
        let mut waiting = self.lock();
        if waiting.jobs.len() >= most {
            return false;
        }
        waiting.jobs.push_back(job);
        drop(waiting);
        self.came.notify_one();
        true
    }

    /// Waits for a job. Those that wait when the end comes are still done.
    fn next(&self) -> Option<Job> {
        let mut waiting = self.lock();
        loop {
            if let Some(job) = waiting.jobs.pop_front() {
                return Some(job);
            }
            if waiting.ended {
                return None;
            }
            waiting = self.came.wait(waiting).unwrap_or_else(PoisonError::into_inner);
        }
    }
}
