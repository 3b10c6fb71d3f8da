//! A map that forgets: what is over, and when it is full, what would be over next.

use std::collections::HashMap;
use std::hash::Hash;

use cognate_domain::Timestamp;

pub(super) struct Kept<K, V> {
    entries: HashMap<K, Entry<V>>,
    most: usize,
}

struct Entry<V> {
    value: V,
    until: Timestamp,
}

impl<K: Clone + Eq + Hash, V> Kept<K, V> {
    pub(super) fn new(most: usize) -> Self {
        Self { entries: HashMap::new(), most }
    }

    /// In place of the one before. It counts up to `until`, and not then.
    pub(super) fn put(&mut self, key: K, value: V, until: Timestamp, now: Timestamp) {
        if self.entries.len() >= self.most && !self.entries.contains_key(&key) {
            self.make_room(now);
        }
        self.entries.insert(key, Entry { value, until });
    }

    fn make_room(&mut self, now: Timestamp) {
        self.entries.retain(|_, entry| now < entry.until);
        if self.entries.len() >= self.most {
            let next = self.entries.iter().min_by_key(|(_, entry)| entry.until).map(|(key, _)| key.clone());
            next.and_then(|key| self.entries.remove(&key));
        }
    }

    pub(super) fn get(&self, key: &K, now: Timestamp) -> Option<&V> {
        self.entries.get(key).filter(|entry| now < entry.until).map(|entry| &entry.value)
    }

    pub(super) fn get_mut(&mut self, key: &K, now: Timestamp) -> Option<&mut V> {
        self.entries.get_mut(key).filter(|entry| now < entry.until).map(|entry| &mut entry.value)
    }

    pub(super) fn take(&mut self, key: &K, now: Timestamp) -> Option<V> {
        self.entries.remove(key).filter(|entry| now < entry.until).map(|entry| entry.value)
    }

    pub(super) fn values_mut(&mut self) -> impl Iterator<Item = &mut V> {
        self.entries.values_mut().map(|entry| &mut entry.value)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_over_is_gone_and_a_full_map_forgets_what_ends_first() {
        let mut kept = Kept::new(2);
        kept.put("soon", 1, Timestamp(10), Timestamp(0));
        kept.put("late", 2, Timestamp(20), Timestamp(0));
        assert_eq!((kept.get(&"soon", Timestamp(9)), kept.get(&"soon", Timestamp(10))), (Some(&1), None));
        kept.put("late", 3, Timestamp(20), Timestamp(0));
        assert_eq!(kept.get(&"soon", Timestamp(9)), Some(&1), "what is replaced takes no room");
        kept.put("new", 4, Timestamp(30), Timestamp(5));
        assert_eq!((kept.get(&"soon", Timestamp(5)), kept.get(&"late", Timestamp(5))), (None, Some(&3)));
        assert_eq!((kept.take(&"new", Timestamp(29)), kept.take(&"new", Timestamp(29))), (Some(4), None));
    }
}
