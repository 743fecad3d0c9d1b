//! A sample that neither registrars nor auditors choose (spec 08 §4).

use crate::public::PublicRecord;
use board::entry::Leaf;
use crypto::Hash;
use std::collections::BTreeSet;

/// The first `size` leaves of a registrar in the order that the record's own digests give.
#[must_use]
pub(crate) fn draw(record: &PublicRecord, registrar: u16, size: usize) -> BTreeSet<Leaf> {
    let leaves = record.leaves(registrar);
    let mut ranked: Vec<(Hash, Leaf)> = leaves
        .keys()
        .map(|leaf| (rank(record, registrar, leaf), *leaf))
        .collect();
    ranked.sort_unstable();
    ranked
        .into_iter()
        .take(size)
        .map(|(_, leaf)| leaf)
        .collect()
}

fn rank(record: &PublicRecord, registrar: u16, leaf: &Leaf) -> Hash {
    let fields = [
        record.election.as_bytes().as_slice(),
        &record.close_block,
        &record.result_block,
        &registrar.to_le_bytes(),
        leaf,
    ];
    crypto::hash::hash("audit-sample", &fields)
}

#[cfg(test)]
mod tests;
