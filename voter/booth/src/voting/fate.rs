//! What can still become of a sealed ballot that has no receipt.

use ballot::{Ballot, Manifest};
use crypto::Hash;

/// See [`Fate::of`].
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Fate {
    /// It can still be accepted.
    MayBeSent,
    /// It is the last ballot on the board.
    Arrived,
    /// It can never be accepted any more: another ballot has its place, or its tokens are of a window
    /// that is over.
    Over,
}

impl Fate {
    /// `next` is number and predecessor of this person's next ballot, as the board has it; `time` the
    /// nodes' time, if it is known.
    pub(super) fn of(
        ballot: &Ballot,
        next: (u32, Hash),
        time: Option<u64>,
        manifest: &Manifest,
    ) -> Self {
        if ballot.entry_hash() == next.1 {
            Self::Arrived
        } else if (ballot.seq, ballot.prev) != next || has_expired(ballot, time, manifest) {
            Self::Over
        } else {
            Self::MayBeSent
        }
    }
}

/// Whether a further ballot's window is over for the board (rule R5.54). Not as long as the time is
/// not known.
pub(super) fn has_expired(ballot: &Ballot, time: Option<u64>, manifest: &Manifest) -> bool {
    let over = |now| !manifest.takes_again_window(ballot.card.window, now);
    ballot.seq > 1 && time.is_some_and(over)
}

#[cfg(test)]
mod tests;
