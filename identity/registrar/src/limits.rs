//! How often one person may replace a ballot within ten minutes. In memory only.

use std::collections::{BTreeMap, VecDeque};
use std::sync::{Mutex, PoisonError};

use crate::refusal::Refusal;

const WINDOW_MS: u64 = 10 * 60_000;

/// Times of recent further ballots, by person.
#[derive(Debug)]
pub struct Pace {
    allowed: usize,
    recent: Mutex<BTreeMap<[u8; 32], VecDeque<u64>>>,
}

impl Pace {
    /// Allows `allowed` within ten minutes.
    #[must_use]
    pub fn new(allowed: u32) -> Self {
        let allowed = usize::try_from(allowed).unwrap_or(usize::MAX);
        Self {
            allowed,
            recent: Mutex::new(BTreeMap::new()),
        }
    }

    /// Counts one.
    ///
    /// # Errors
    /// [`Refusal::AgainTooOften`] with the time from which the next one is possible.
    pub fn step(&self, person: &[u8; 32], now_ms: u64) -> Result<(), Refusal> {
        let mut recent = self.recent.lock().unwrap_or_else(PoisonError::into_inner);
        let over = |at: &u64| at.saturating_add(WINDOW_MS) <= now_ms;
        recent.retain(|_, times| times.back().is_some_and(|last| !over(last)));
        let times = recent.entry(*person).or_default();
        while times.front().is_some_and(over) {
            times.pop_front();
        }
        if times.len() >= self.allowed {
            let oldest = times.front().copied().unwrap_or(now_ms);
            return Err(Refusal::AgainTooOften {
                retry_ms: oldest.saturating_add(WINDOW_MS),
            });
        }
        times.push_back(now_ms);
        Ok(())
    }
}
