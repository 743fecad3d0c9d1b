//! Whether a page of this program is open somewhere. A tab that was closed must not keep the card, and a
//! voter's own program must not stay when nobody can see it any more.

use std::sync::{Mutex, PoisonError};
use std::time::{Duration, Instant};

/// A page that was left comes back within this time when it was only loaded anew.
const RELOAD: Duration = Duration::from_secs(5);
/// A page asks every second; browsers let one that is hidden ask once a minute.
const SILENCE: Duration = Duration::from_secs(150);
/// A voter's own program stays so long after it let the card go.
const AFTERWARDS: Duration = Duration::from_secs(30);
/// A program whose page never came, because no browser opened or nobody used the address.
const NEVER: Duration = Duration::from_mins(15);

/// What follows from how long the page has been away.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Absence {
    /// The page is there, or a request is under way.
    No,
    /// Nobody is in front of the page: the card is let go and the session forgotten.
    LetGo,
    /// And nobody came back: a program that is not a kiosk's ends.
    End,
}

/// When the page was last heard of.
#[derive(Debug)]
pub struct Presence(Mutex<Seen>);

#[derive(Debug)]
struct Seen {
    under_way: u32,
    last: Instant,
    came: bool,
    left: bool,
}

impl Presence {
    /// No page has come yet.
    #[must_use]
    pub fn new(now: Instant) -> Self {
        Self(Mutex::new(Seen {
            under_way: 0,
            last: now,
            came: false,
            left: false,
        }))
    }

    fn with<T>(&self, change: impl FnOnce(&mut Seen) -> T) -> T {
        change(&mut self.0.lock().unwrap_or_else(PoisonError::into_inner))
    }

    /// A request of the page begins; it ends when what is returned is dropped.
    pub(super) fn request(&self) -> UnderWay<'_> {
        self.with(|seen| {
            seen.under_way += 1;
            (seen.came, seen.left) = (true, false);
        });
        UnderWay(self)
    }

    /// The page says that it is being closed or loaded anew.
    pub(super) fn leave(&self) {
        self.with(|seen| seen.left = true);
    }

    /// What follows from it now.
    #[must_use]
    pub fn absence(&self, now: Instant) -> Absence {
        self.with(|seen| {
            if seen.under_way > 0 {
                return Absence::No;
            }
            let away = now.saturating_duration_since(seen.last);
            let patience = match (seen.came, seen.left) {
                (false, _) => NEVER,
                (true, true) => RELOAD,
                (true, false) => SILENCE,
            };
            match away.checked_sub(patience) {
                None => Absence::No,
                Some(more) if more < AFTERWARDS => Absence::LetGo,
                Some(_) => Absence::End,
            }
        })
    }
}

/// A request that is being answered.
#[derive(Debug)]
pub(super) struct UnderWay<'a>(&'a Presence);

impl Drop for UnderWay<'_> {
    fn drop(&mut self) {
        self.0.with(|seen| {
            seen.under_way = seen.under_way.saturating_sub(1);
            seen.last = Instant::now();
        });
    }
}

#[cfg(test)]
mod tests;
