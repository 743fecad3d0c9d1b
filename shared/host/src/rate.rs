//! How often one address may do something.

use std::collections::{BTreeMap, BTreeSet};
use std::net::IpAddr;
use std::sync::{Mutex, PoisonError};
use std::time::{Duration, Instant};

/// Addresses remembered at once.
const ROOM: usize = 65_536;
/// Between two tokens of a rate of nothing a second: longer than any election.
const NEVER: Duration = Duration::from_secs(365 * 86_400);

/// A bucket of tokens for each address. Nothing in it is logged or stored.
///
/// A bucket is kept as the moment at which it will be full again (the generic cell rate algorithm).
/// When there is no room for another address, the bucket that is full first is forgotten: that of
/// whoever owes least. Requests from many addresses therefore displace each other's buckets, and
/// never the empty bucket of an address that asked too often.
pub struct Rate {
    interval: Duration,
    /// How far ahead the full bucket may lie before a request.
    slack: Duration,
    room: usize,
    buckets: Mutex<Buckets>,
}

#[derive(Default)]
struct Buckets {
    full_at: BTreeMap<IpAddr, Instant>,
    /// The same pairs, who owes least first.
    order: BTreeSet<(Instant, IpAddr)>,
}

impl core::fmt::Debug for Rate {
    fn fmt(&self, f: &mut core::fmt::Formatter<'_>) -> core::fmt::Result {
        write!(f, "Rate(one in {:?})", self.interval)
    }
}

impl Rate {
    /// `per_second` in the long run, `burst` at once and at least one.
    #[must_use]
    pub fn new(per_second: u32, burst: u32) -> Self {
        Self::with_room(per_second, burst, ROOM)
    }

    fn with_room(per_second: u32, burst: u32, room: usize) -> Self {
        let interval = Duration::from_secs(1)
            .checked_div(per_second)
            .unwrap_or(NEVER);
        Self {
            interval,
            slack: interval * burst.saturating_sub(1),
            room,
            buckets: Mutex::default(),
        }
    }

    /// Takes one token of `address` at `now`; false when its bucket is empty.
    #[must_use]
    pub fn allow(&self, address: IpAddr, now: Instant) -> bool {
        let address = group(address);
        let mut buckets = self.buckets.lock().unwrap_or_else(PoisonError::into_inner);
        let known = buckets.full_at.get(&address).copied();
        let full_at = known.map_or(now, |at| at.max(now));
        if full_at.duration_since(now) > self.slack {
            return false;
        }
        match known {
            Some(at) => drop(buckets.order.remove(&(at, address))),
            None => buckets.make_room(self.room),
        }
        buckets.keep(address, full_at + self.interval);
        true
    }
}

impl Buckets {
    fn make_room(&mut self, room: usize) {
        while self.full_at.len() >= room
            && let Some((_, address)) = self.order.pop_first()
        {
            self.full_at.remove(&address);
        }
    }

    fn keep(&mut self, address: IpAddr, full_at: Instant) {
        self.full_at.insert(address, full_at);
        self.order.insert((full_at, address));
    }
}

/// One household or office has one IPv4 address or one IPv6 /64.
#[must_use]
pub fn group(address: IpAddr) -> IpAddr {
    match address.to_canonical() {
        IpAddr::V4(a) => IpAddr::V4(a),
        IpAddr::V6(a) => {
            let [a, b, c, d, ..] = a.segments();
            IpAddr::from([a, b, c, d, 0, 0, 0, 0])
        }
    }
}

#[cfg(test)]
mod tests;
