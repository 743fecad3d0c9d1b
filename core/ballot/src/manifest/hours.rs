//! When a channel takes people in. Windows are half-open: `[opens, closes)`.

use super::{Channel, Manifest};

/// Why a channel takes nobody in at an instant.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ShutDoor {
    /// No channel has opened yet.
    NotOpen {
        /// The first opening of all (ms).
        opens: u64,
    },
    /// The vote is over.
    Over {
        /// The effective close (ms).
        closed: u64,
    },
    /// Other channels may be open, this one is not.
    Between {
        /// Its next opening (ms), if there is one.
        next: Option<u64>,
    },
}

impl Manifest {
    /// Whether `channel` takes people in at `now`, with the effective close `close` (both ms). An
    /// extension prolongs the windows that end at the manifest's close.
    #[must_use]
    pub fn open_at(&self, channel: Channel, now: u64, close: u64) -> bool {
        let Some(hours) = self.channel(channel) else {
            return false;
        };
        now < close
            && hours.windows.iter().any(|w| {
                let last = w.closes == self.close_at;
                w.contains(now) || (last && w.opens <= now)
            })
    }

    /// As [`Self::open_at`], with the reason.
    ///
    /// # Errors
    /// [`ShutDoor`].
    pub fn door(&self, channel: Channel, now: u64, close: u64) -> Result<(), ShutDoor> {
        if now >= close {
            return Err(ShutDoor::Over { closed: close });
        }
        let opens = self.opens_at();
        if now < opens {
            return Err(ShutDoor::NotOpen { opens });
        }
        if self.open_at(channel, now, close) {
            return Ok(());
        }
        let next = self.channel(channel).and_then(|c| c.next_opening(now));
        Err(ShutDoor::Between { next })
    }
}
