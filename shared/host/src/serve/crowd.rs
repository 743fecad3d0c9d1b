//! How many connections one address holds.

use std::collections::{BTreeMap, BTreeSet};
use std::net::IpAddr;
use std::sync::{Arc, Mutex, PoisonError};

use crate::rate::group;

/// Connections open now, by address (IPv6: by /64). In memory only.
#[derive(Clone, Debug)]
pub(super) struct Crowd {
    allowed: usize,
    loopback: usize,
    /// Addresses behind which there are many people, and how many connections these may hold.
    relays: (Arc<BTreeSet<IpAddr>>, usize),
    open: Arc<Mutex<BTreeMap<IpAddr, usize>>>,
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

    /// A place for one more connection; `None` when the address has all of its own.
    pub(super) fn enter(&self, address: IpAddr) -> Option<Permit> {
        let loopback = address.to_canonical().is_loopback();
        let address = group(address);
        let allowed = match &self.relays {
            (relays, allowed) if relays.contains(&address) => *allowed,
            _ if loopback => self.loopback,
            _ => self.allowed,
        };
        let mut open = self.open.lock().unwrap_or_else(PoisonError::into_inner);
        let count = open.get(&address).copied().unwrap_or(0);
        if count >= allowed {
            return None;
        }
        open.insert(address, count + 1);
        Some(Permit {
            address,
            open: Arc::clone(&self.open),
        })
    }
}

/// Given back when dropped.
#[derive(Debug)]
pub(super) struct Permit {
    address: IpAddr,
    open: Arc<Mutex<BTreeMap<IpAddr, usize>>>,
}

impl Drop for Permit {
    fn drop(&mut self) {
        let mut open = self.open.lock().unwrap_or_else(PoisonError::into_inner);
        let left = open.get(&self.address).copied().unwrap_or(0);
        if left > 1 {
            open.insert(self.address, left - 1);
        } else {
            open.remove(&self.address);
        }
    }
}
