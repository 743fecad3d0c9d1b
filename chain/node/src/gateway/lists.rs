//! Lists of voting keys, made at most every ten seconds and one at a time, away from the engine's
//! threads: whoever asks again gets the same bytes.

use crate::promise::Speaker;
use crate::rules::{self, State};
use api::node::Bucket;
use axum::body::Bytes;
use crypto::Hash;
use crypto::signed::Statement as _;
use crypto::wire::TopLevel as _;
use std::collections::BTreeMap;
use std::sync::{Arc, Mutex, PoisonError};
use tokio::sync::Semaphore;

/// Lists that are kept: all buckets of an election of half a million voters.
const KEPT: usize = 16;
/// How old a list may be when the board has grown, ms: in a busy hour there is a block every second,
/// and a list has megabytes. Who may cast a further ballot has not cast one in the last minutes.
const GOOD_FOR_MS: u64 = 10_000;
/// Lists that are made at the same time.
const MADE_AT_ONCE: usize = 1;

/// Which list, and of which block.
type Name = (Hash, u32);

/// A list, and what it was made of.
#[derive(Clone, Debug)]
struct Made {
    height: u64,
    time_ms: u64,
    bytes: Bytes,
}

/// The lists that were asked for last.
#[derive(Debug)]
pub struct Lists {
    kept: Mutex<BTreeMap<Name, Made>>,
    making: Semaphore,
}

impl Default for Lists {
    fn default() -> Self {
        Self {
            kept: Mutex::default(),
            making: Semaphore::new(MADE_AT_ONCE),
        }
    }
}

impl Lists {
    /// The signed list of a bucket after this state, or one of the last ten seconds; none when the election is not sealed here or has
    /// no bucket of this number.
    pub async fn of(
        &self,
        state: &State,
        name: Name,
        speaker: &Arc<Speaker>,
        now: u64,
    ) -> Option<Bytes> {
        let height = state.tip().height;
        if let Some(kept) = self.kept(&name, height, now) {
            return Some(kept);
        }
        let _turn = self.making.acquire().await.ok()?;
        // Made while this one waited?
        if let Some(kept) = self.kept(&name, height, now) {
            return Some(kept);
        }
        let (state, speaker) = (state.clone(), Arc::clone(speaker));
        let made = tokio::task::spawn_blocking(move || make(&state, name, &speaker, now));
        let made = made.await.ok()??;
        let bytes = made.clone();
        let made_of = Made {
            height,
            time_ms: now,
            bytes,
        };
        self.keep(name, made_of);
        Some(made)
    }
    fn kept(&self, name: &Name, height: u64, now: u64) -> Option<Bytes> {
        let kept = self.kept.lock().unwrap_or_else(PoisonError::into_inner);
        let made = kept.get(name)?;
        made.is_good(height, now).then(|| made.bytes.clone())
    }
    fn keep(&self, name: Name, made: Made) {
        let mut kept = self.kept.lock().unwrap_or_else(PoisonError::into_inner);
        if kept.len() >= KEPT && !kept.contains_key(&name) {
            kept.retain(|_, old| old.is_good(made.height, made.time_ms));
            if kept.len() >= KEPT {
                kept.clear();
            }
        }
        kept.insert(name, made);
    }
}

impl Made {
    /// Of this height or later, or young. A clock that was set back makes no list young.
    fn is_good(&self, height: u64, now: u64) -> bool {
        let age = now.checked_sub(self.time_ms);
        self.height >= height || age.is_some_and(|age| age < GOOD_FOR_MS)
    }
}

fn make(state: &State, (election, index): Name, speaker: &Speaker, now: u64) -> Option<Bytes> {
    let bucket = Bucket {
        network: speaker.network(),
        election,
        index,
        height: state.tip().height,
        time_ms: now,
        rows: rules::bucket(state, &election, index)?,
    };
    let signed = bucket.signed(speaker.key(), &mut rand::rng());
    Some(signed.to_bytes().into())
}

#[cfg(test)]
mod tests;
