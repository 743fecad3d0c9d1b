//! RFC 6962 Merkle trees (SHA-256, prefixes 00 and 01), rule R6.10.

use sha2::{Digest as _, Sha256};

/// A node of the tree.
pub type Node = [u8; 32];

/// Longest audit path that is accepted.
pub const MAX_PATH: usize = 64;

/// SHA-256(00 ‖ data).
#[must_use]
pub fn leaf(data: &[u8]) -> Node {
    let mut h = Sha256::new();
    h.update([0]);
    h.update(data);
    h.finalize().into()
}

fn inner(left: &Node, right: &Node) -> Node {
    let mut h = Sha256::new();
    h.update([1]);
    h.update(left);
    h.update(right);
    h.finalize().into()
}

/// Largest power of two below `n` (n ≥ 2).
fn split(n: usize) -> usize {
    n.next_power_of_two() / 2
}

/// Root over leaves; SHA-256 of nothing for an empty tree.
#[must_use]
pub fn root(leaves: &[Node]) -> Node {
    match leaves {
        [] => Sha256::digest([]).into(),
        [one] => *one,
        _ => {
            let (left, right) = leaves.split_at(split(leaves.len()));
            inner(&root(left), &root(right))
        }
    }
}

/// A tree that takes leaf after leaf and keeps one node for each size of full subtree.
#[derive(Clone, Debug, Default)]
pub struct Growing {
    /// Full subtrees from left to right: leaves, root. Sizes are decreasing powers of two.
    full: Vec<(u64, Node)>,
}

impl Growing {
    /// Adds a leaf on the right.
    pub fn push(&mut self, leaf: Node) {
        let (mut size, mut node) = (1u64, leaf);
        while let Some((_, left)) = self.full.pop_if(|(s, _)| *s == size) {
            (size, node) = (size.saturating_mul(2), inner(&left, &node));
        }
        self.full.push((size, node));
    }
    /// The same as [`root`] over all leaves so far.
    #[must_use]
    pub fn root(&self) -> Node {
        let mut parts = self.full.iter().rev().map(|(_, node)| *node);
        match parts.next() {
            None => Sha256::digest([]).into(),
            Some(last) => parts.fold(last, |right, left| inner(&left, &right)),
        }
    }
}

/// The audit path of leaf `index`, from the leaf upwards; `None` when there is no such leaf.
#[must_use]
pub fn path(leaves: &[Node], index: usize) -> Option<Vec<Node>> {
    if index >= leaves.len() {
        return None;
    }
    let mut out = Vec::new();
    let (mut rest, mut index) = (leaves, index);
    while rest.len() > 1 {
        let k = split(rest.len());
        let (left, right) = rest.split_at(k);
        if index < k {
            out.push(root(right));
            rest = left;
        } else {
            out.push(root(left));
            rest = right;
            index -= k;
        }
    }
    out.reverse();
    Some(out)
}

/// The root that leaf `index` of `size` leaves and its path lead to (RFC 9162 §2.1.3.2); none when
/// the path does not fit.
#[must_use]
pub fn root_from_path(leaf: &Node, index: u64, size: u64, path: &[Node]) -> Option<Node> {
    if index >= size {
        return None;
    }
    let (mut f, mut s) = (index, size - 1);
    let mut node = *leaf;
    for p in path {
        if s == 0 {
            return None;
        }
        if f & 1 == 1 || f == s {
            node = inner(p, &node);
            while f & 1 == 0 && f != 0 {
                f >>= 1;
                s >>= 1;
            }
        } else {
            node = inner(&node, p);
        }
        f >>= 1;
        s >>= 1;
    }
    (s == 0).then_some(node)
}

#[cfg(test)]
mod tests;
