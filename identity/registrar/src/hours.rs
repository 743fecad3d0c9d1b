//! When a channel issues credentials. Windows are half-open: `[opens, closes)`.

use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};

use ballot::manifest::{Channel, ShutDoor};
use ballot::{Manifest, day};

use crate::refusal::Refusal;

/// The day in Japan, counted from 1970-01-01.
#[must_use]
pub fn japan_day(now_ms: u64) -> u32 {
    u32::try_from(day::japan_day(now_ms)).unwrap_or(u32::MAX)
}

/// The day in UTC, counted from 1970-01-01: what authentication texts name.
#[must_use]
pub fn utc_day(now_ms: u64) -> u32 {
    u32::try_from(day::utc_day(now_ms)).unwrap_or(u32::MAX)
}

/// The first millisecond of the next day in Japan.
#[must_use]
pub fn next_japan_day_ms(now_ms: u64) -> u64 {
    day::japan_day_start_ms(day::japan_day(now_ms).saturating_add(1))
}

/// The channels' hours with the effective close.
#[derive(Clone, Debug)]
pub struct Hours {
    manifest: Arc<Manifest>,
    close_ms: Arc<AtomicU64>,
}

impl Hours {
    /// The hours of the manifest.
    #[must_use]
    pub fn new(manifest: Arc<Manifest>) -> Self {
        let close_ms = Arc::new(AtomicU64::new(manifest.close_at));
        Self { manifest, close_ms }
    }

    /// The first opening of any channel.
    #[must_use]
    pub fn opens_ms(&self) -> u64 {
        self.manifest.opens_at()
    }

    /// The effective close.
    #[must_use]
    pub fn close_ms(&self) -> u64 {
        self.close_ms.load(Ordering::SeqCst)
    }

    /// Takes over a close the officers moved; never earlier, never beyond the manifest's limit.
    pub fn extend(&self, until_ms: u64) {
        let until = until_ms.min(self.manifest.extend_limit);
        self.close_ms.fetch_max(until, Ordering::SeqCst);
    }

    /// Whether `channel` issues at `now`; an extension prolongs the windows that end at the
    /// manifest's close.
    #[must_use]
    pub fn open_at(&self, channel: Channel, now_ms: u64) -> bool {
        self.manifest.open_at(channel, now_ms, self.close_ms())
    }

    /// The next opening of `channel` after `now`.
    #[must_use]
    pub fn next_opening(&self, channel: Channel, now_ms: u64) -> Option<u64> {
        self.manifest.channel(channel)?.next_opening(now_ms)
    }

    /// Refuses unless `channel` issues at `now`.
    ///
    /// # Errors
    /// [`Refusal::NotOpen`], [`Refusal::Closed`] or [`Refusal::ChannelClosed`].
    pub fn check(&self, channel: Channel, now_ms: u64) -> Result<(), Refusal> {
        let door = self.manifest.door(channel, now_ms, self.close_ms());
        door.map_err(|shut| match shut {
            ShutDoor::Over { closed } => Refusal::Closed { closed_ms: closed },
            ShutDoor::NotOpen { opens } => Refusal::NotOpen {
                next_opening_ms: opens,
            },
            ShutDoor::Between { next } => Refusal::ChannelClosed {
                next_opening_ms: next,
                home_open: self.open_at(Channel::Home, now_ms),
            },
        })
    }
}
