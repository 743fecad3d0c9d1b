//! How often somebody may do something.

use std::collections::{BTreeMap, BTreeSet};
use std::net::IpAddr;
use std::sync::{Mutex, PoisonError};
use std::time::{Duration, Instant};

/// Keys remembered at once.
const ROOM: usize = 65_536;
/// Between two tokens of a rate of nothing a second: longer than any election.
const NEVER: Duration = Duration::from_secs(365 * 86_400);

/// A bucket of tokens for each key: an address, or whatever somebody asks with. Nothing in it is
/// logged or stored.
///
/// A bucket is kept as the moment at which it will be full again (the generic cell rate algorithm).
/// When there is no room for another key, the bucket that is full first is forgotten: that of
/// whoever owes least. Requests with many keys therefore displace each other's buckets, and never
/// the empty bucket of one that asked too often.
pub struct Budgets<K> {
    interval: Duration,
    burst: u32,
    room: usize,
    buckets: Mutex<Buckets<K>>,
}

struct Buckets<K> {
    full_at: BTreeMap<K, Instant>,
    /// The same pairs, who owes least first.
    order: BTreeSet<(Instant, K)>,
}

impl<K> core::fmt::Debug for Budgets<K> {
    fn fmt(&self, f: &mut core::fmt::Formatter<'_>) -> core::fmt::Result {
        write!(f, "Budgets(one in {:?})", self.interval)
    }
}

impl<K: Copy + Ord> Budgets<K> {
    /// `per_second` in the long run, `burst` at once and at least one.
    #[must_use]
    pub fn new(per_second: u32, burst: u32) -> Self {
        Self::with_room(per_second, burst, ROOM)
    }

    fn with_room(per_second: u32, burst: u32, room: usize) -> Self {
        let interval = Duration::from_secs(1)
            .checked_div(per_second)
            .unwrap_or(NEVER);
        let (full_at, order) = (BTreeMap::new(), BTreeSet::new());
        Self {
            interval,
            burst: burst.max(1),
            room,
            buckets: Mutex::new(Buckets { full_at, order }),
        }
    }

    /// Takes one token of `key` at `now`; false when its bucket is empty.
    #[must_use]
    pub fn take(&self, key: K, now: Instant) -> bool {
        self.take_all(&[(key, 1)], now)
    }

    /// Takes one token of each key, or none at all when a bucket is empty. The number says how many
    /// times as large a key's bucket is.
    fn take_all(&self, keys: &[(K, u32)], now: Instant) -> bool {
        let mut buckets = self.buckets.lock().unwrap_or_else(PoisonError::into_inner);
        let has = |(key, times): &(K, u32)| {
            let slack = self.each(*times) * self.burst.saturating_mul(*times).saturating_sub(1);
            buckets.full(key, now).duration_since(now) <= slack
        };
        if !keys.iter().all(has) {
            return false;
        }
        for (key, times) in keys {
            let at = buckets.full(key, now) + self.each(*times);
            buckets.make_room(key, self.room);
            buckets.keep(*key, at);
        }
        true
    }

    /// Between two tokens of a bucket so many times as large.
    fn each(&self, times: u32) -> Duration {
        self.interval.checked_div(times).unwrap_or(self.interval)
    }
}

impl<K: Copy + Ord> Buckets<K> {
    /// When the bucket of this key will be full, or now.
    fn full(&self, key: &K, now: Instant) -> Instant {
        let known = self.full_at.get(key).copied();
        known.map_or(now, |at| at.max(now))
    }

    /// Takes out the bucket of this key, or that of whoever owes least.
    fn make_room(&mut self, key: &K, room: usize) {
        if let Some(at) = self.full_at.remove(key) {
            self.order.remove(&(at, *key));
        }
        while self.full_at.len() >= room
            && let Some((_, key)) = self.order.pop_first()
        {
            self.full_at.remove(&key);
        }
    }

    fn keep(&mut self, key: K, full_at: Instant) {
        self.full_at.insert(key, full_at);
        self.order.insert((full_at, key));
    }
}

/// How often one address may do something. An IPv6 address has the bucket of its /64; the /56 and the
/// /48 around it have buckets too, four and sixteen times as large: who has a whole /48 has no
/// 65 536 voters' budgets.
#[derive(Debug)]
pub struct Rate(Budgets<Net>);

impl Rate {
    /// `per_second` in the long run, `burst` at once and at least one.
    #[must_use]
    pub fn new(per_second: u32, burst: u32) -> Self {
        Self(Budgets::new(per_second, burst))
    }

    /// Takes one token of `address` at `now`; false when its bucket, or that of a network around it,
    /// is empty.
    #[must_use]
    pub fn allow(&self, address: IpAddr, now: Instant) -> bool {
        let nets = networks(address).into_iter().zip([1, 4, 16]);
        let nets: Vec<(Net, u32)> = nets.collect();
        self.0.take_all(&nets, now)
    }
}

/// A network: its first address, and how many bits of it all its addresses share.
pub(crate) type Net = (IpAddr, u8);

/// The networks in which an address is counted, the smallest first: an IPv4 address alone, an IPv6
/// address in its /64, /56 and /48.
pub(crate) fn networks(address: IpAddr) -> Vec<Net> {
    match address.to_canonical() {
        IpAddr::V4(_) => vec![(group(address), 32)],
        IpAddr::V6(a) => {
            let [x, y, z, rest, ..] = a.segments();
            let net = |rest| IpAddr::from([x, y, z, rest, 0, 0, 0, 0]);
            vec![(net(rest), 64), (net(rest & 0xff00), 56), (net(0), 48)]
        }
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
