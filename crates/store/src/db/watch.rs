//! A write waits for its own statements and for nothing else: anything else would keep every other writer waiting.

use std::future::poll_fn;
use std::pin::pin;
use std::sync::atomic::{AtomicBool, Ordering};
use std::task::Poll;

use cognate_domain::{Error, Result};

use super::Fault;

/// Refuses to wait while `busy` is unset, that is: while no statement of this write is under way.
///
/// On SQLite no statement ever waits, so there a write runs from its first statement to its last in one go and cannot
/// be cancelled half-way.
pub(super) async fn only_for_its_statements<T>(busy: &AtomicBool, work: impl Future<Output = Result<T>>) -> Result<T> {
    let mut work = pin!(work);
    poll_fn(|cx| match work.as_mut().poll(cx) {
        Poll::Pending if !busy.load(Ordering::Relaxed) => Poll::Ready(Err(Error::internal(Fault::Waited))),
        poll => poll,
    })
    .await
}

/// Marks a statement as under way, for as long as it lives.
pub(super) struct UnderWay<'a>(&'a AtomicBool);

impl<'a> UnderWay<'a> {
    pub(super) fn begin(busy: &'a AtomicBool) -> Self {
        busy.store(true, Ordering::Relaxed);
        Self(busy)
    }
}

impl Drop for UnderWay<'_> {
    fn drop(&mut self) {
        self.0.store(false, Ordering::Relaxed);
    }
}
