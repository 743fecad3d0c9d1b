//! How often one address may do something.

use std::collections::BTreeMap;
use std::net::IpAddr;
use std::sync::{Mutex, PoisonError};
use std::time::Instant;

/// Addresses remembered at once; the table is emptied when it is full.
const ADDRESSES: usize = 65_536;
/// Tokens are counted in thousandths.
const WHOLE: u64 = 1000;

struct Bucket {
    tokens: u64,
    at: Instant,
}

/// A bucket of tokens for each address. Nothing in it is logged or stored.
pub struct Rate {
    per_second: u64,
    burst: u64,
    buckets: Mutex<BTreeMap<IpAddr, Bucket>>,
}

impl core::fmt::Debug for Rate {
    fn fmt(&self, f: &mut core::fmt::Formatter<'_>) -> core::fmt::Result {
        write!(f, "Rate({}/s)", self.per_second)
    }
}

impl Rate {
    /// `per_second` in the long run, `burst` at once.
    #[must_use]
    pub fn new(per_second: u32, burst: u32) -> Self {
        Self {
            per_second: u64::from(per_second),
            burst: u64::from(burst.max(1)) * WHOLE,
            buckets: Mutex::default(),
        }
    }

    /// Takes one token of `address` at `now`; false when there is none.
    #[must_use]
    pub fn allow(&self, address: IpAddr, now: Instant) -> bool {
        let mut buckets = self.buckets.lock().unwrap_or_else(PoisonError::into_inner);
        if buckets.len() >= ADDRESSES {
            buckets.clear();
        }
        let bucket = buckets.entry(group(address)).or_insert(Bucket {
            tokens: self.burst,
            at: now,
        });
        let elapsed = now.saturating_duration_since(bucket.at);
        let millis = u64::try_from(elapsed.as_millis()).unwrap_or(u64::MAX);
        let earned = millis.saturating_mul(self.per_second);
        if earned > 0 {
            bucket.tokens = bucket.tokens.saturating_add(earned).min(self.burst);
            bucket.at = now;
        }
        let allowed = bucket.tokens >= WHOLE;
        if allowed {
            bucket.tokens -= WHOLE;
        }
        allowed
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
