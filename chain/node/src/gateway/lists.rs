//! Lists of voting keys, made once for each block and one at a time, away from the engine's threads:
//! whoever asks again gets the same bytes.

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
/// Lists that are made at the same time.
const MADE_AT_ONCE: usize = 1;

/// Which list, and of which block.
type Name = (Hash, u32);

/// The lists that were asked for last.
#[derive(Debug)]
pub struct Lists {
    kept: Mutex<BTreeMap<Name, (u64, Bytes)>>,
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
    /// The signed list of a bucket after this state; none when the election is not sealed here or has
    /// no bucket of this number.
    pub async fn of(
        &self,
        state: &State,
        name: Name,
        speaker: &Arc<Speaker>,
        now: u64,
    ) -> Option<Bytes> {
        let height = state.tip().height;
        if let Some(kept) = self.kept(&name, height) {
            return Some(kept);
        }
        let _turn = self.making.acquire().await.ok()?;
        // Made while this one waited?
        if let Some(kept) = self.kept(&name, height) {
            return Some(kept);
        }
        let (state, speaker) = (state.clone(), Arc::clone(speaker));
        let made = tokio::task::spawn_blocking(move || make(&state, name, &speaker, now));
        let made = made.await.ok()??;
        self.keep(name, height, made.clone());
        Some(made)
    }
    fn kept(&self, name: &Name, height: u64) -> Option<Bytes> {
        let kept = self.kept.lock().unwrap_or_else(PoisonError::into_inner);
        let (of, bytes) = kept.get(name)?;
        (*of >= height).then(|| bytes.clone())
    }
    fn keep(&self, name: Name, height: u64, bytes: Bytes) {
        let mut kept = self.kept.lock().unwrap_or_else(PoisonError::into_inner);
        if kept.len() >= KEPT && !kept.contains_key(&name) {
            kept.retain(|_, (of, _)| *of >= height);
            if kept.len() >= KEPT {
                kept.clear();
            }
        }
        kept.insert(name, (height, bytes));
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
