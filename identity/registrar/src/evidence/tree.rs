//! The Merkle root that goes on the board (RFC 6962 with SHA-256).

use sha2::{Digest as _, Sha256};

/// The root over records in the order of their row keys. An empty list has SHA-256 of nothing.
#[must_use]
pub fn root(leaves: &[Vec<u8>]) -> [u8; 32] {
    match leaves {
        [] => Sha256::digest([]).into(),
        [leaf] => {
            let mut hash = Sha256::new();
            hash.update([0]);
            hash.update(leaf);
            hash.finalize().into()
        }
        _ => {
            let split = (leaves.len().div_ceil(2)).next_power_of_two();
            let (left, right) = leaves.split_at(split);
            let mut hash = Sha256::new();
            hash.update([1]);
            hash.update(root(left));
            hash.update(root(right));
            hash.finalize().into()
        }
    }
}
