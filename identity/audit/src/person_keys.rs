//! Person keys that registrars gave: one registrar gives one person the same key for ever.

use crate::card::{Person, Proven};
use std::collections::{BTreeMap, BTreeSet};

/// Every signed person key of the records that were opened, whoever kept them.
#[derive(Default)]
pub(crate) struct PersonKeys(BTreeMap<(u16, Person), BTreeSet<[u8; 32]>>);

impl PersonKeys {
    /// Takes what a good record says of all registrars.
    pub(crate) fn take(&mut self, proven: &Proven) {
        for (registrar, key) in (0u16..).zip(&proven.keys) {
            let of = self.0.entry((registrar, proven.person)).or_default();
            of.insert(*key.as_bytes());
        }
    }
    /// How many persons got more than one key from this registrar.
    pub(crate) fn changed(&self, registrar: u16) -> u64 {
        let of = self
            .0
            .iter()
            .filter(|((r, _), keys)| *r == registrar && keys.len() > 1);
        of.count() as u64
    }
}
