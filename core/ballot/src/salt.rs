//! Salts: a registrar's table of random leaves, committed before the vote (spec 04 §2).
//!
//! A registrar cannot choose what it tells a person: which leaf it is follows from the person's
//! certificate, and the path leads to a root in the manifest. The leaves come from one seed; when
//! seed and nodes are destroyed, nobody has them any more.

use crypto::hash::hash;
use crypto::merkle::{self, Node};
use crypto::{Hash, Rule};
use std::ops::RangeInclusive;
use zeroize::{Zeroize, ZeroizeOnDrop, Zeroizing};

/// Smallest table of an election that counts: 2^16 leaves.
pub const MIN_DEPTH: u8 = 16;
/// Smallest table of a practice election: 2^8 leaves.
pub const MIN_PRACTICE_DEPTH: u8 = 8;
/// Largest table: 2^28 leaves.
pub const MAX_DEPTH: u8 = 28;

/// Depths that the manifest of such an election may name (R1.14).
#[must_use]
pub fn depths(practice: bool) -> RangeInclusive<u8> {
    let least = if practice {
        MIN_PRACTICE_DEPTH
    } else {
        MIN_DEPTH
    };
    least..=MAX_DEPTH
}

/// Height of the nodes that a registrar keeps; the 2^10 leaves below one are made again.
const KEPT_HEIGHT: u8 = 10;

/// Rule R4.03: the salt is not the leaf that the registrar committed to for this certificate.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct WrongSalt;

impl core::fmt::Display for WrongSalt {
    fn fmt(&self, f: &mut core::fmt::Formatter<'_>) -> core::fmt::Result {
        f.write_str("salt refused: it is not the leaf of this certificate (R4.03)")
    }
}

impl std::error::Error for WrongSalt {}

impl WrongSalt {
    /// The rule's number.
    #[must_use]
    pub fn rule(self) -> Rule {
        crate::rules::SALT
    }
}

/// x_j: the first `depth` bits of H(`salt-index`, E, u16 j, certificate DER), read big-endian.
#[must_use]
pub fn index(election: &Hash, registrar: u16, certificate: &[u8], depth: u8) -> u32 {
    let digest = hash(
        "salt-index",
        &[election.as_bytes(), &registrar.to_le_bytes(), certificate],
    );
    let mut first = [0; 4];
    for (to, from) in first.iter_mut().zip(digest.as_bytes()) {
        *to = *from;
    }
    let rest = u32::from(32u8.saturating_sub(depth));
    u32::from_be_bytes(first).checked_shr(rest).unwrap_or(0)
}

/// Rule R4.03: the leaf at `index` of a table of 2^`depth` leaves with this root.
///
/// # Errors
/// [`WrongSalt`].
pub fn check(
    root: &Node,
    depth: u8,
    index: u32,
    leaf: &[u8; 64],
    path: &[Node],
) -> Result<(), WrongSalt> {
    let size = 1u64.checked_shl(u32::from(depth)).ok_or(WrongSalt)?;
    let leads_to = merkle::root_from_path(&merkle::leaf(leaf), u64::from(index), size, path);
    if leads_to == Some(*root) {
        Ok(())
    } else {
        Err(WrongSalt)
    }
}

/// One leaf with its path, from the leaf upwards.
#[derive(Debug, PartialEq, Eq)]
pub struct Salt {
    /// t_x, 64 bytes.
    pub leaf: Zeroizing<[u8; 64]>,
    /// `depth` nodes.
    pub path: Vec<Node>,
}

/// A registrar's table: its seed, and the upper part of its tree so that a path is quickly made.
/// Wiped on drop, never printed.
#[derive(Zeroize, ZeroizeOnDrop)]
pub struct SaltTable {
    seed: [u8; 64],
    #[zeroize(skip)]
    depth: u8,
    /// From the kept nodes up to the root alone, each level half as long as the one before.
    #[zeroize(skip)]
    levels: Vec<Vec<Node>>,
}

impl core::fmt::Debug for SaltTable {
    fn fmt(&self, f: &mut core::fmt::Formatter<'_>) -> core::fmt::Result {
        write!(f, "SaltTable(depth {})", self.depth)
    }
}

impl SaltTable {
    /// The table of a seed. Costs 2^`depth` hashes; [`Self::node`] makes its parts one by one.
    #[must_use]
    pub fn generate(seed: &Zeroizing<[u8; 64]>, depth: u8) -> Self {
        let nodes = (0..Self::count(depth)).map(|i| Self::node(seed, depth, i));
        Self::of(seed, depth, nodes.collect())
    }

    /// The table of a seed whose kept nodes were made before; none when their number is another.
    #[must_use]
    pub fn with_nodes(seed: &Zeroizing<[u8; 64]>, depth: u8, nodes: Vec<Node>) -> Option<Self> {
        let expected = usize::try_from(Self::count(depth)).ok()?;
        (nodes.len() == expected).then(|| Self::of(seed, depth, nodes))
    }

    fn of(seed: &Zeroizing<[u8; 64]>, depth: u8, nodes: Vec<Node>) -> Self {
        let above = |level: &Vec<Node>| {
            (level.len() > 1).then(|| level.chunks(2).map(merkle::root).collect::<Vec<_>>())
        };
        Self {
            seed: **seed,
            depth,
            levels: std::iter::successors(Some(nodes), above).collect(),
        }
    }

    /// How many nodes a table of this depth keeps.
    #[must_use]
    pub fn count(depth: u8) -> u32 {
        let kept = u32::from(depth.saturating_sub(KEPT_HEIGHT));
        1u32.checked_shl(kept).unwrap_or(0)
    }

    /// The kept node number `i` of the table of a seed.
    #[must_use]
    pub fn node(seed: &Zeroizing<[u8; 64]>, depth: u8, i: u32) -> Node {
        merkle::root(&block(seed, depth, i))
    }

    /// The kept nodes, from left to right. They show nothing of the leaves.
    #[must_use]
    pub fn nodes(&self) -> &[Node] {
        self.levels.first().map_or(&[], Vec::as_slice)
    }

    /// The seed, for a sealed key file.
    #[must_use]
    pub fn seed(&self) -> Zeroizing<[u8; 64]> {
        Zeroizing::new(self.seed)
    }

    /// 2^depth leaves.
    #[must_use]
    pub fn depth(&self) -> u8 {
        self.depth
    }

    /// The root that the manifest names.
    #[must_use]
    pub fn root(&self) -> Node {
        merkle::root(self.levels.last().map_or(&[], Vec::as_slice))
    }

    /// The leaf at `index` with its path; none when the table has no such leaf.
    #[must_use]
    pub fn salt(&self, index: u32) -> Option<Salt> {
        let height = u32::from(self.depth.min(KEPT_HEIGHT));
        let kept = index.checked_shr(height).unwrap_or(0);
        let inside = index.checked_rem(1u32.checked_shl(height)?)?;
        let mut at = usize::try_from(kept).ok()?;
        self.nodes().get(at)?;
        let leaves = block(&self.seed, self.depth, kept);
        let mut path = merkle::path(&leaves, usize::try_from(inside).ok()?)?;
        let (_, below_root) = self.levels.split_last()?;
        for level in below_root {
            path.push(*level.get(at ^ 1)?);
            at >>= 1;
        }
        Some(Salt {
            leaf: leaf(&self.seed, index),
            path,
        })
    }
}

/// t_x = H(`salt-leaf`, seed, u32 x).
fn leaf(seed: &[u8; 64], index: u32) -> Zeroizing<[u8; 64]> {
    Zeroizing::new(hash("salt-leaf", &[seed, &index.to_le_bytes()]).0)
}

/// The hashed leaves below the kept node number `i`.
fn block(seed: &[u8; 64], depth: u8, i: u32) -> Vec<Node> {
    let size = 1u32
        .checked_shl(u32::from(depth.min(KEPT_HEIGHT)))
        .unwrap_or(0);
    let from = i.saturating_mul(size);
    let leaves = from..from.saturating_add(size);
    leaves
        .map(|x| merkle::leaf(leaf(seed, x).as_ref()))
        .collect()
}

#[cfg(test)]
mod tests;
