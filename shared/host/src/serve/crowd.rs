//! How many connections one address holds.

use std::collections::{BTreeMap, BTreeSet};
use std::net::IpAddr;
use std::sync::{Arc, Mutex, PoisonError};

use crate::rate::{Net, group, networks};

/// How many times as many connections the networks around an address hold: its /64, /56, /48.
const TIMES: [usize; 3] = [1, 2, 8];

/// Connections open now, by address (IPv6: by /64, /56 and /48). In memory only.
#[derive(Clone, Debug)]
pub(super) struct Crowd {
    allowed: usize,
    loopback: usize,
    /// Addresses behind which there are many people, and how many connections these may hold.
    relays: (Arc<BTreeSet<IpAddr>>, usize),
    open: Arc<Mutex<BTreeMap<Net, usize>>>,
}

impl Crowd {
    /// `allowed` for an address, `loopback` for this machine itself.
    pub(super) fn new(allowed: usize, loopback: usize) -> Self {
        Self {
            allowed,
            loopback,
            relays: (Arc::default(), allowed),
            open: Arc::default(),
        }
    }

    /// The same, with another number for these addresses.
    pub(super) fn with_relays(mut self, addresses: &[IpAddr], allowed: usize) -> Self {
        let all = addresses.iter().map(|address| group(*address)).collect();
        self.relays = (Arc::new(all), allowed);
        self
    }

    /// Where an address is counted, and how many connections are allowed there.
    fn counted(&self, address: IpAddr) -> Vec<(Net, usize)> {
        let nets = networks(address);
        let own = |allowed| nets.iter().take(1).map(|net| (*net, allowed)).collect();
        match &self.relays {
            (relays, allowed) if relays.contains(&group(address)) => own(*allowed),
            _ if address.to_canonical().is_loopback() => own(self.loopback),
            _ => {
                let all = nets.iter().zip(TIMES);
                all.map(|(net, times)| (*net, self.allowed.saturating_mul(times)))
                    .collect()
            }
        }
    }

    /// A place for one more connection; `None` when the address, or a network around it, has all of
    /// its own.
    pub(super) fn enter(&self, address: IpAddr) -> Option<Permit> {
        let counted = self.counted(address);
        let mut open = self.open.lock().unwrap_or_else(PoisonError::into_inner);
        let count = |net| open.get(net).copied().unwrap_or(0);
        if counted.iter().any(|(net, allowed)| count(net) >= *allowed) {
            return None;
        }
        let nets: Vec<Net> = counted.into_iter().map(|(net, _)| net).collect();
        for net in &nets {
            *open.entry(*net).or_default() += 1;
        }
        Some(Permit {
            nets,
            open: Arc::clone(&self.open),
        })
    }
}

/// Given back when dropped.
#[derive(Debug)]
pub(super) struct Permit {
    nets: Vec<Net>,
    open: Arc<Mutex<BTreeMap<Net, usize>>>,
}

impl Drop for Permit {
    fn drop(&mut self) {
        let mut open = self.open.lock().unwrap_or_else(PoisonError::into_inner);
        for net in &self.nets {
            let left = open.get(net).copied().unwrap_or(0);
            if left > 1 {
                open.insert(*net, left - 1);
            } else {
                open.remove(net);
            }
        }
    }
}
