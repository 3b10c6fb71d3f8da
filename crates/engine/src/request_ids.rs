//! Ids that tell requests apart, in logs and for whoever asks about an answer. Nothing rests on their being secret, so
//! the source of secrets, which takes its time, is not asked for them.

use std::hash::{BuildHasher as _, RandomState};
use std::sync::atomic::{AtomicU64, Ordering};

use uuid::{Builder, Uuid};

/// A count, hashed under two keys of this start of the server.
#[derive(Default)]
pub(crate) struct RequestIds {
    halves: [RandomState; 2],
    given: AtomicU64,
}

impl RequestIds {
    /// A UUID of version 4.
    pub(crate) fn next(&self) -> Uuid {
        let count = self.given.fetch_add(1, Ordering::Relaxed);
        let [first, second] = self.halves.each_ref().map(|keyed| keyed.hash_one(count));
        Builder::from_random_bytes(Uuid::from_u64_pair(first, second).into_bytes()).into_uuid()
    }
}

#[cfg(test)]
mod tests {
    use std::collections::HashSet;

    use super::RequestIds;

    #[test]
    fn no_two_requests_have_one_id_not_even_after_a_restart() {
        let starts = [RequestIds::default(), RequestIds::default()];
        let ids: HashSet<_> = (0..20_000).map(|count| starts[count % 2].next()).collect();
        assert_eq!(ids.len(), 20_000);
        assert!(ids.iter().all(|id| id.get_version_num() == 4));
        let halves: HashSet<_> = ids.iter().map(|id| id.as_u64_pair().1).collect();
        assert_eq!(halves.len(), 20_000, "the halves have keys of their own");
    }
}
