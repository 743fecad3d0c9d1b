//! What this node knows of the chain: states of recent blocks, the final tip, where entries are.
//!
//! The state after a block depends on the blocks before it and on nothing else, so a node that
//! lags and a node that leads decide in the same way about the same block.

use crate::block::EngineBlock;
use crate::cache::CheckCache;
use crate::rules::{self, BlockError, Checked, Header, NetworkConfig, Position, State, Untaken};
use crypto::Hash;
use std::collections::BTreeMap;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use tokio::sync::watch;

/// States of blocks this far below the final tip are kept.
pub const KEEP: u64 = 64;

/// The last final block, applied.
#[derive(Clone, Debug)]
pub struct Tip {
    /// Its header.
    pub header: Header,
    /// Digest of the header.
    pub digest: [u8; 32],
    /// The state after it.
    pub state: State,
}

/// Why a final block could not be applied: this program is wrong or too old for it, or more
/// validators are dishonest than the protocol allows. The node stops.
#[derive(Debug, thiserror::Error)]
#[error("cannot go on after the final block at height {height}: {reason}")]
pub struct BrokenChain {
    height: u64,
    reason: String,
}

/// Why a block is not applied.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum NotApplied {
    /// It breaks a rule of the board.
    #[error(transparent)]
    Block(#[from] BlockError),
    /// It orders what this program cannot do ([`Untaken::NotSupported`]).
    #[error("entry {index} of the block orders what this program cannot do")]
    NotSupported {
        /// The entry's place.
        index: usize,
    },
}

struct Inner {
    states: BTreeMap<[u8; 32], (u64, State)>,
    places: BTreeMap<Hash, Position>,
}

/// States and index.
pub struct Ledger {
    genesis: [u8; 32],
    inner: Mutex<Inner>,
    cache: CheckCache,
    tip: watch::Sender<Tip>,
}

impl Ledger {
    /// The ledger of a fresh board.
    #[must_use]
    pub fn new(network: &NetworkConfig) -> Self {
        let header = rules::genesis(network);
        let state = State::genesis(network);
        let digest = header.digest();
        let states = BTreeMap::from([(digest, (0, state.clone()))]);
        Self {
            genesis: digest,
            inner: Mutex::new(Inner {
                states,
                places: BTreeMap::new(),
            }),
            cache: CheckCache::new(16_384),
            tip: watch::Sender::new(Tip {
                header,
                digest,
                state,
            }),
        }
    }

    fn inner(&self) -> MutexGuard<'_, Inner> {
        self.inner.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Follows the final tip.
    #[must_use]
    pub fn watch(&self) -> watch::Receiver<Tip> {
        self.tip.subscribe()
    }
    /// The final tip.
    #[must_use]
    pub fn tip(&self) -> Tip {
        self.tip.borrow().clone()
    }
    /// Height of the final tip.
    #[must_use]
    pub fn height(&self) -> u64 {
        self.tip.borrow().header.height
    }
    /// Entries that passed the checks that need no state.
    #[must_use]
    pub fn cache(&self) -> &CheckCache {
        &self.cache
    }
    /// The state after the block with this digest, if it is at hand.
    #[must_use]
    pub fn state(&self, digest: &[u8; 32]) -> Option<State> {
        self.inner().states.get(digest).map(|(_, s)| s.clone())
    }
    /// Keeps the state after a block.
    pub fn remember(&self, header: &Header, digest: [u8; 32], state: State) {
        self.inner().states.insert(digest, (header.height, state));
    }
    /// Where the final entry with this hash is.
    #[must_use]
    pub fn place(&self, entry: &Hash) -> Option<Position> {
        self.inner().places.get(entry).copied()
    }
    /// Entries whose hash starts with the first 100 bits of `prefix`.
    #[must_use]
    pub fn by_code(&self, prefix: &Hash) -> Vec<(Hash, Position)> {
        let mut low = [0u8; 64];
        let mut high = [0xffu8; 64];
        low[..13].copy_from_slice(&prefix.0[..13]);
        high[..13].copy_from_slice(&prefix.0[..13]);
        low[12] &= 0xf0;
        high[12] |= 0x0f;
        let range = Hash(low)..=Hash(high);
        self.inner()
            .places
            .range(range)
            .map(|(h, p)| (*h, *p))
            .collect()
    }
    /// Number of entries on the board.
    #[must_use]
    pub fn entries(&self) -> usize {
        self.inner().places.len()
    }

    /// Checks the block on the state of its parent and returns the state after it.
    ///
    /// # Errors
    /// [`NotApplied`].
    pub async fn apply(
        self: &Arc<Self>,
        parent: State,
        block: EngineBlock,
    ) -> Result<State, NotApplied> {
        let ledger = Arc::clone(self);
        let work = tokio::task::spawn_blocking(move || {
            let checked = ledger.check_all(&parent, &block)?;
            Ok(parent.apply_block(block.header(), &checked)?)
        });
        match work.await {
            Ok(result) => result,
            Err(e) => std::panic::resume_unwind(e.into_panic()),
        }
    }

    fn check_all(&self, parent: &State, block: &EngineBlock) -> Result<Vec<Checked>, NotApplied> {
        let hashes = block.hashes();
        let mut found: Vec<Option<Checked>> = hashes.iter().map(|h| self.cache.get(h)).collect();
        let missing: Vec<usize> = found
            .iter()
            .enumerate()
            .filter(|(_, c)| c.is_none())
            .map(|(i, _)| i)
            .collect();
        let bytes: Vec<&[u8]> = missing
            .iter()
            .filter_map(|i| block.block().entries.get(*i))
            .map(Vec::as_slice)
            .collect();
        for (i, result) in missing.iter().zip(rules::check_batch(parent, &bytes)) {
            let checked = result.map_err(|why| match why {
                Untaken::Rule(rule) => BlockError::Entry { index: *i, rule }.into(),
                Untaken::NotSupported => NotApplied::NotSupported { index: *i },
            })?;
            if let Some(slot) = found.get_mut(*i) {
                self.cache.put(checked.clone());
                *slot = Some(checked);
            }
        }
        Ok(found.into_iter().flatten().collect())
    }

    /// Checks the entries of several blocks together, on the final state, so that proofs are
    /// verified in large batches. What cannot be checked on this state waits for its block.
    pub async fn warm(self: &Arc<Self>, blocks: Vec<EngineBlock>) {
        let ledger = Arc::clone(self);
        let work = tokio::task::spawn_blocking(move || {
            let state = ledger.tip().state;
            let fresh: Vec<&[u8]> = blocks
                .iter()
                .flat_map(|b| b.hashes().iter().zip(&b.block().entries))
                .filter(|(h, _)| ledger.cache.get(h).is_none())
                .map(|(_, e)| e.as_slice())
                .collect();
            for checked in rules::check_batch(&state, &fresh).into_iter().flatten() {
                ledger.cache.put(checked);
            }
        });
        if let Err(e) = work.await {
            std::panic::resume_unwind(e.into_panic());
        }
    }

    /// Takes the next final block. Blocks at or below the tip are ignored (updates may repeat).
    ///
    /// # Errors
    /// [`BrokenChain`]: the node must stop.
    pub async fn finalised(self: &Arc<Self>, block: &EngineBlock) -> Result<(), BrokenChain> {
        let header = block.header();
        let tip = self.tip();
        if header.height <= tip.header.height {
            return Ok(());
        }
        let broken = |reason: String| BrokenChain {
            height: header.height,
            reason,
        };
        if header.parent != tip.digest {
            return Err(broken("its parent is not the final tip".to_owned()));
        }
        let state = match self.state(&block.id()) {
            Some(state) => state,
            None => self
                .apply(tip.state, block.clone())
                .await
                .map_err(|e| broken(e.to_string()))?,
        };
        let mut inner = self.inner();
        inner
            .states
            .insert(block.id(), (header.height, state.clone()));
        for (index, hash) in (0u32..).zip(block.hashes().iter()) {
            let place = Position {
                height: header.height,
                index,
            };
            inner.places.insert(*hash, place);
        }
        let (floor, genesis) = (header.height.saturating_sub(KEEP), self.genesis);
        inner
            .states
            .retain(|digest, (height, _)| *height >= floor || *digest == genesis);
        drop(inner);
        self.tip.send_replace(Tip {
            header: header.clone(),
            digest: block.id(),
            state,
        });
        Ok(())
    }
}

#[cfg(test)]
mod tests;
