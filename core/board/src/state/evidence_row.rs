//! A registrar's report of one day in the state.

use crate::entry::{ChannelCount, Leaf};

/// A registrar's report of one day, as far as its parts are on the board.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct EvidenceRow {
    /// Counts of the day.
    pub counts: Vec<ChannelCount>,
    /// Incidents of the day.
    pub incidents: u32,
    /// Parts on the board.
    pub parts: u16,
    /// The greatest leaf so far.
    pub(super) last: Option<Leaf>,
    /// When the last part came.
    pub(super) complete: Option<Completed>,
}

/// When a report was complete.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Completed {
    /// Later than [`EVIDENCE_DUE_MS`](super::EVIDENCE_DUE_MS) after the day's end.
    pub(super) late: bool,
    /// Before the first decryption share: the votes were not known.
    pub(super) before_shares: bool,
}

impl EvidenceRow {
    /// Whether every part is on the board.
    #[must_use]
    pub fn is_complete(&self) -> bool {
        self.complete.is_some()
    }
    pub(super) fn sum(&self, of: impl Fn(&ChannelCount) -> u32) -> u64 {
        self.counts.iter().map(|c| u64::from(of(c))).sum()
    }
}
