//! Windows of the *again* keys: each registrar signs tokens for further ballots with another key
//! every few hours, and a ballot made with one of them counts in that window's blocks only
//! (rules R1.15 and R5.54).

use super::{Manifest, ManifestError};

/// Longest window (ms): six hours.
pub const MAX_AGAIN_WINDOW_MS: u64 = 6 * 3_600_000;
/// How long blocks take ballots of a window after the next one began (ms): a booth that fetched its
/// tokens in the last minute of a window has to be able to cast.
pub const AGAIN_GRACE_MS: u64 = 30 * 60_000;
/// So long after a window began registrars change to its key (ms): a board whose clock is behind
/// theirs would refuse its ballots.
pub const AGAIN_LAG_MS: u64 = 60_000;
/// Most windows of one election.
pub const MAX_AGAIN_WINDOWS: usize = 255;

/// Windows as long as they may be, the first from the first opening, the last until the extension
/// limit: what a manifest gets unless its authority wants other ones.
#[must_use]
pub fn again_windows(opens_at: u64, extend_limit: u64) -> Vec<u64> {
    let next = |from: &u64| from.checked_add(MAX_AGAIN_WINDOW_MS);
    std::iter::successors(Some(opens_at), next)
        .take_while(|from| *from < extend_limit)
        .collect()
}

impl Manifest {
    /// The window with whose key registrars sign at `now`: a new one [`AGAIN_LAG_MS`] after it began;
    /// none before the first.
    #[must_use]
    pub fn again_window_at(&self, now: u64) -> Option<u8> {
        let begun = |at: u64| self.again_windows.partition_point(|from| *from <= at);
        let window = begun(now.saturating_sub(AGAIN_LAG_MS)).max(begun(now).min(1));
        u8::try_from(window.checked_sub(1)?).ok()
    }
    /// Whether a block of this time may hold a further ballot of this window (rule R5.54): from the
    /// window's beginning until [`AGAIN_GRACE_MS`] after the next one's; the last ends with the
    /// voting, at the extension limit at the latest.
    #[must_use]
    pub fn takes_again_window(&self, window: u8, time: u64) -> bool {
        let at = |i: usize| self.again_windows.get(i).copied();
        let i = usize::from(window);
        let begun = at(i).is_some_and(|from| from <= time);
        let ended = |next: u64| time >= next.saturating_add(AGAIN_GRACE_MS);
        begun && !at(i + 1).is_some_and(ended)
    }
    /// Rule R1.15; times are in order (R1.06).
    pub(super) fn check_again_windows(&self) -> Result<(), ManifestError> {
        let from = &self.again_windows;
        let (Some(first), Some(last)) = (from.first(), from.last()) else {
            return Err(ManifestError::AgainWindows);
        };
        let follows = |(a, b): (&u64, &u64)| {
            let long = b.checked_sub(*a);
            long.is_some_and(|ms| (1..=MAX_AGAIN_WINDOW_MS).contains(&ms))
        };
        // Not the close: an extension would make the last window as long as itself.
        let ends = self.extend_limit.checked_sub(*last);
        let fits = *first <= self.opens_at()
            && from.iter().zip(from.iter().skip(1)).all(follows)
            && ends.is_some_and(|ms| (1..=MAX_AGAIN_WINDOW_MS).contains(&ms));
        if fits && self.registrars.iter().all(|r| r.again.len() == from.len()) {
            Ok(())
        } else {
            Err(ManifestError::AgainWindows)
        }
    }
}

#[cfg(test)]
mod tests;
