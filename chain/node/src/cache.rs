//! Entries that passed the stateless checks, by entry hash. Only successes are kept, and the
//! answer is the same with and without it.

use crate::rules::Checked;
use crypto::Hash;
use std::collections::{BTreeMap, VecDeque};
use std::sync::{Mutex, PoisonError};

struct Inner {
    map: BTreeMap<Hash, Checked>,
    order: VecDeque<Hash>,
}

/// A bounded cache, oldest out first.
pub struct CheckCache {
    inner: Mutex<Inner>,
    limit: usize,
}

impl CheckCache {
    /// A cache of at most `limit` entries.
    #[must_use]
    pub fn new(limit: usize) -> Self {
        let inner = Inner {
            map: BTreeMap::new(),
            order: VecDeque::new(),
        };
        Self {
            inner: Mutex::new(inner),
            limit,
        }
    }
    /// The checked form of the entry with this hash.
    #[must_use]
    pub fn get(&self, hash: &Hash) -> Option<Checked> {
        self.inner
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
            .map
            .get(hash)
            .cloned()
    }
    /// Keeps a checked entry.
    pub fn put(&self, checked: Checked) {
        let hash = *checked.hash();
        let mut inner = self.inner.lock().unwrap_or_else(PoisonError::into_inner);
        if inner.map.insert(hash, checked).is_none() {
            inner.order.push_back(hash);
        }
        while inner.order.len() > self.limit {
            if let Some(old) = inner.order.pop_front() {
                inner.map.remove(&old);
            }
        }
    }
}
