//! Person keys that registrars gave: one registrar gives one person the same key for ever.

use crate::card::{Person, Proven};
use board::entry::Leaf;
use std::collections::BTreeMap;

/// Every signed person key of the records that were opened, whoever kept them, with the first record
/// that has it.
#[derive(Default)]
pub(crate) struct PersonKeys(BTreeMap<(u16, Person), BTreeMap<[u8; 32], Leaf>>);

/// The persons to whom a registrar gave more than one key.
#[derive(Default)]
pub(crate) struct Changed {
    /// How many they are.
    pub(crate) persons: u64,
    /// For each of them one record of each key: the signatures in them convict.
    pub(crate) records: Vec<Leaf>,
}

impl PersonKeys {
    /// Takes what a record with good signatures says of all registrars.
    pub(crate) fn take(&mut self, proven: &Proven, leaf: &Leaf) {
        for (registrar, key) in (0u16..).zip(&proven.keys) {
            let of = self.0.entry((registrar, proven.person)).or_default();
            of.entry(*key.as_bytes()).or_insert(*leaf);
        }
    }
    /// To whom this registrar gave more than one key.
    pub(crate) fn changed(&self, registrar: u16) -> Changed {
        let mut out = Changed::default();
        for ((of, _), keys) in &self.0 {
            if *of == registrar && keys.len() > 1 {
                out.persons = out.persons.saturating_add(1);
                out.records.extend(keys.values());
            }
        }
        out
    }
}
