//! Ballots at the close: which ones need a `Late`, and what a `Late` must show (spec 05 §5).

use super::election::{Election, Phase};
use super::{Asked, Moment, State};
use crate::check::{Checked, Slot};
use crate::entry::{Late, Seen};
use crate::network::tolerated;
use crate::rules;
use crate::store::Store;
use crypto::{Hash, Rule};
use std::collections::BTreeMap;

/// From so long before the effective close on, a ballot in a block needs a `Late` (ms): validators
/// vote for headers that are as old as this.
pub const LATE_FROM_MS: u64 = 30_000;
/// From so long before the effective close on, booths post to every node, and nodes tell each other
/// at once what they promised (ms). No rule of the board.
pub const NEAR_CLOSE_MS: u64 = 120_000;

/// What stands in a block besides the entry that is judged.
#[derive(Clone, Debug, Default)]
pub(crate) struct Company {
    /// Ballots and check ballots by entry hash, with their elections.
    ballots: BTreeMap<Hash, Hash>,
    /// Those that a `Late` before the present entry names, with the times of the promises (ms).
    named: BTreeMap<Hash, Vec<u64>>,
}

impl Company {
    /// The company in a block of these entries, before the first one.
    pub(crate) fn of<'a>(entries: impl IntoIterator<Item = &'a Checked>) -> Self {
        let ballot = |c: &'a Checked| Some((*c.hash(), c.slot()?.election));
        Self {
            ballots: entries.into_iter().filter_map(ballot).collect(),
            named: BTreeMap::new(),
        }
    }
}

impl<S: Store> Election<S> {
    /// Whether a ballot in a block at this time needs a `Late`.
    pub(super) fn needs_late(&self, time_ms: u64) -> bool {
        time_ms >= self.close_at.saturating_sub(LATE_FROM_MS)
    }
    /// Rule R5.55. A gateway asks for none: its own word is what one is made of.
    pub(super) fn check_promised(
        &self,
        entry: &Hash,
        moment: &Moment,
        company: &Company,
    ) -> Result<(), Rule> {
        let judged = moment.asked == Asked::Block && self.needs_late(moment.time_ms);
        if judged && !company.named.contains_key(entry) {
            return Err(rules::NOT_PROMISED);
        }
        Ok(())
    }
    /// Rule R5.54: the block's time lies within the ballot's window; with a `Late` the time of each
    /// promise does, so that a halt does not void what was promised. One that waits may still get a
    /// `Late`, and its window has to have begun.
    pub(super) fn check_window(
        &self,
        window: u8,
        entry: &Hash,
        moment: &Moment,
        company: &Company,
    ) -> Result<(), Rule> {
        let takes = |time: u64| self.takes_window(window, time);
        let begun = |from: &u64| *from <= moment.time_ms;
        let fits = match company.named.get(entry) {
            Some(promised) => promised.iter().all(|time| takes(*time)),
            None if moment.asked == Asked::Pool => {
                let windows = self.manifest().map(|m| &m.again_windows);
                let from = windows.and_then(|w| w.get(usize::from(window)));
                from.is_some_and(begun)
            }
            None => takes(moment.time_ms),
        };
        if fits {
            Ok(())
        } else {
            Err(rules::AGAIN_WINDOW)
        }
    }
    fn takes_window(&self, window: u8, time_ms: u64) -> bool {
        let manifest = self.manifest();
        manifest.is_some_and(|m| m.takes_again_window(window, time_ms))
    }
}

impl<S: Store> State<S> {
    /// Rules R5.05 and R5.60–R5.63.
    pub(super) fn take_late(&self, late: &Late, company: &mut Company) -> Result<(), Rule> {
        let election = self
            .election(&late.election)
            .ok_or(rules::UNKNOWN_ELECTION)?;
        if !matches!(election.phase(), Phase::Open | Phase::Draining) {
            return Err(rules::PHASE);
        }
        let there = company.ballots.get(&late.entry) == Some(&late.election);
        if !there || company.named.contains_key(&late.entry) {
            return Err(rules::LATE_BALLOT);
        }
        self.check_seen(late, election.close_at())?;
        let times = late.seen.iter().map(|s| s.time_ms).collect();
        company.named.insert(late.entry, times);
        Ok(())
    }
    /// Rules R5.61–R5.63.
    fn check_seen(&self, late: &Late, close_at: u64) -> Result<(), Rule> {
        let validators = self.validators();
        let index = |s: &Seen| usize::from(s.validator);
        let mut pairs = late.seen.iter().zip(late.seen.iter().skip(1));
        let increasing = pairs.all(|(a, b)| a.validator < b.validator);
        let known = late.seen.iter().all(|s| index(s) < validators.len());
        if !increasing || !known || late.seen.len() <= tolerated(validators.len()) {
            return Err(rules::LATE_VALIDATORS);
        }
        if late.seen.iter().any(|s| s.time_ms >= close_at) {
            return Err(rules::LATE_TIME);
        }
        let network = &self.context().network;
        let signed = late.seen.iter().all(|s| {
            let by = validators.get(index(s));
            by.is_some_and(|v| s.is_by(&v.node_key, network, &late.entry))
        });
        if signed {
            Ok(())
        } else {
            Err(rules::LATE_SIGNATURE)
        }
    }
}

impl State {
    /// The effective close of the election to which a ballot or check ballot belongs (ms).
    #[must_use]
    pub fn close_of(&self, checked: &Checked) -> Option<u64> {
        let Slot { election, .. } = checked.slot()?;
        self.election(&election).map(Election::close_at)
    }
    /// Whether a promise of this time may stand in the `Late` of this ballot or check ballot: before
    /// the close (R5.62), and with a window's tokens within that window (R5.54). One that may not
    /// spoils the whole `Late`.
    #[must_use]
    pub fn promise_counts(&self, checked: &Checked, time_ms: u64) -> bool {
        let election = checked.slot().and_then(|s| self.election(&s.election));
        let in_window = |e: &Election| {
            let window = checked.again_window();
            window.is_none_or(|w| e.takes_window(w, time_ms))
        };
        election.is_some_and(|e| time_ms < e.close_at() && in_window(e))
    }
    /// Whether a block at this time takes this ballot or check ballot only with a `Late`: near the
    /// close, or when its window has ended.
    #[must_use]
    pub fn needs_late(&self, checked: &Checked, time_ms: u64) -> bool {
        let election = checked.slot().and_then(|s| self.election(&s.election));
        let ended = |e: &Election| {
            let window = checked.again_window();
            window.is_some_and(|w| !e.takes_window(w, time_ms))
        };
        election.is_some_and(|e| e.needs_late(time_ms) || ended(e))
    }
}
