//! Blocks: the header's rules, the order of entries, and putting a block together.

use super::{Asked, Company, Moment, Position, RECENT_HEADS, State};
use crate::check::{Checked, Slot};
use crate::header::{Block, EMPTY_BLOCK_BYTES, Header, MAX_BLOCK_BYTES, MAX_ENTRIES, entries_root};
use crate::rules;
use crate::store::Store;
use crypto::{Hash, Rule};
use std::collections::BTreeSet;

/// Why a block is refused.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum BlockError {
    /// Rules R6.01–R6.07: header or order.
    Block(Rule),
    /// An entry breaks a rule.
    Entry {
        /// Its position.
        index: usize,
        /// The rule.
        rule: Rule,
    },
}

impl BlockError {
    /// The rule's number.
    #[must_use]
    pub fn rule(&self) -> Rule {
        match self {
            Self::Block(rule) | Self::Entry { rule, .. } => *rule,
        }
    }
}

impl core::fmt::Display for BlockError {
    fn fmt(&self, f: &mut core::fmt::Formatter<'_>) -> core::fmt::Result {
        match self {
            Self::Block(rule) => write!(f, "block refused ({rule})"),
            Self::Entry { index, rule } => write!(f, "entry {index} of the block refused ({rule})"),
        }
    }
}

impl std::error::Error for BlockError {}

impl State {
    /// The state after the block with this header and these entries.
    ///
    /// # Errors
    /// [`BlockError`].
    pub fn apply_block(&self, header: &Header, entries: &[Checked]) -> Result<Self, BlockError> {
        let mut next = self.clone();
        next.take_block(header, entries)?;
        Ok(next)
    }
}

impl<S: Store> State<S> {
    /// Takes the next block. After an error the state is half-way through the block and of no use
    /// any more.
    ///
    /// # Errors
    /// [`BlockError`].
    pub fn take_block(&mut self, header: &Header, entries: &[Checked]) -> Result<(), BlockError> {
        self.check_header(header, entries)
            .map_err(BlockError::Block)?;
        let digest = header.digest();
        let next = self;
        let at = |index| Moment {
            time_ms: header.time_ms,
            digest: Some(digest),
            place: Position {
                height: header.height,
                index,
            },
            asked: Asked::Block,
        };
        next.pass_time(&at(0));
        let mut order = Order::default();
        let mut company = Company::of(entries);
        for (index, (position, checked)) in (0u32..).zip(entries.iter().enumerate()) {
            let refused = |rule| BlockError::Entry {
                index: position,
                rule,
            };
            order.take(checked).map_err(refused)?;
            next.step(checked, &at(index), &mut company)
                .map_err(refused)?;
        }
        next.heads.insert(header.height, digest);
        if let Some(old) = header.height.checked_sub(RECENT_HEADS) {
            next.heads.remove(&old);
        }
        next.succeed(header.height);
        next.tip = header.clone();
        next.digest = digest;
        Ok(())
    }
    /// Rules R6.01–R6.04 and R6.07.
    fn check_header(&self, header: &Header, entries: &[Checked]) -> Result<(), Rule> {
        if header.network != self.tip.network {
            return Err(rules::HEADER_NETWORK);
        }
        let follows = self.tip.height.checked_add(1) == Some(header.height);
        if header.parent != self.digest || !follows {
            return Err(rules::HEADER_PARENT);
        }
        if header.time_ms <= self.tip.time_ms {
            return Err(rules::HEADER_TIME);
        }
        let size = EMPTY_BLOCK_BYTES + entries.iter().map(Checked::room).sum::<usize>();
        if entries.len() > MAX_ENTRIES || size > MAX_BLOCK_BYTES {
            return Err(rules::BLOCK_SIZE);
        }
        let hashes: Vec<Hash> = entries.iter().map(|e| *e.hash()).collect();
        let counted = u32::try_from(entries.len()) == Ok(header.count);
        if counted && entries_root(&hashes) == header.entries_root {
            Ok(())
        } else {
            Err(rules::HEADER_ROOT)
        }
    }
}

/// Rules R6.05 and R6.06 while going through a block.
#[derive(Default)]
struct Order {
    last_sorted: Option<Hash>,
    voters: BTreeSet<Slot>,
}

impl Order {
    fn take(&mut self, checked: &Checked) -> Result<(), Rule> {
        if !checked.is_sorted() {
            return if self.last_sorted.is_some() {
                Err(rules::BLOCK_ORDER)
            } else {
                Ok(())
            };
        }
        if self.last_sorted.is_some_and(|last| last >= *checked.hash()) {
            return Err(rules::BLOCK_ORDER);
        }
        // Openings have no slot: there may be one beside a ballot of the same voting key.
        if checked.slot().is_some_and(|slot| !self.voters.insert(slot)) {
            return Err(rules::BLOCK_VOTER);
        }
        self.last_sorted = Some(*checked.hash());
        Ok(())
    }
}

/// Makes the next block at `time_ms` from candidates: administrative entries in the given order,
/// then ballots, check ballots and openings by hash; those that do not fit are left out. None when the time is not later than
/// the tip's.
#[must_use]
pub fn assemble(state: &State, time_ms: u64, candidates: Vec<Checked>) -> Option<(Block, State)> {
    let height = state.tip.height.checked_add(1)?;
    let mut draft = state.clone();
    let at = |index| Moment {
        time_ms,
        digest: None,
        place: Position { height, index },
        asked: Asked::Block,
    };
    draft.pass_time(&at(0));
    let (mut ballots, mut chosen): (Vec<_>, Vec<_>) =
        candidates.into_iter().partition(Checked::is_sorted);
    ballots.sort_by_key(|c| *c.hash());
    chosen.extend(ballots);
    let mut order = Order::default();
    let mut company = Company::of(&chosen);
    let (mut index, mut size) = (0u32, EMPTY_BLOCK_BYTES);
    chosen.retain(|checked| {
        let full = usize::try_from(index).is_ok_and(|n| n >= MAX_ENTRIES)
            || size + checked.room() > MAX_BLOCK_BYTES;
        let duplicate_slot = checked.slot().is_some_and(|s| order.voters.contains(&s));
        let fits = !full && !duplicate_slot;
        if !fits || draft.step(checked, &at(index), &mut company).is_err() {
            return false;
        }
        index += 1;
        size += checked.room();
        order.take(checked).is_ok()
    });
    // A ballot that had no room takes its `Late` with it.
    let hashes: BTreeSet<Hash> = chosen.iter().map(|c| *c.hash()).collect();
    chosen.retain(|c| c.names().is_none_or(|ballot| hashes.contains(ballot)));
    sealed(state, time_ms, chosen)
}

/// The block of these entries. The draft knew everything but the block's own digest; should an
/// entry turn out not to fit after all, the block is made without it, so that no entry keeps
/// everybody from making blocks.
fn sealed(state: &State, time_ms: u64, mut chosen: Vec<Checked>) -> Option<(Block, State)> {
    loop {
        let hashes: Vec<Hash> = chosen.iter().map(|c| *c.hash()).collect();
        let header = Header::next(&state.tip, time_ms, &hashes);
        match state.apply_block(&header, &chosen) {
            Ok(next) => {
                let entries = chosen.iter().map(|c| c.bytes().to_vec()).collect();
                return Some((Block { header, entries }, next));
            }
            Err(BlockError::Entry { index, .. }) if index < chosen.len() => {
                chosen.remove(index);
            }
            Err(_) => return None,
        }
    }
}

#[cfg(test)]
mod tests;
