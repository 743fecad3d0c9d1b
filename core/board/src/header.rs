//! Block headers and blocks (spec 06 §1).

use crate::network::NetworkConfig;
use crypto::Hash;
use crypto::merkle::{self, Node};
use crypto::wire::{Reader, TopLevel, Wire, WireError, Writer};
use sha2::{Digest as _, Sha256};

/// Most entries in one block.
pub const MAX_ENTRIES: usize = 4096;
/// Longest entry, in bytes.
pub const MAX_ENTRY_BYTES: usize = 1024 * 1024;

/// Most bytes of one block: header, count and entries as [`Block::to_bytes`] writes them.
pub const MAX_BLOCK_BYTES: usize = 2 * 1024 * 1024;

/// Bytes of a block without entries.
pub(crate) const EMPTY_BLOCK_BYTES: usize = Header::LEN + 4;

/// Bytes that an entry of this length takes in a block.
pub(crate) fn room_of(entry_len: usize) -> usize {
    entry_len.saturating_add(4)
}

/// The header the engine's certificates name by its digest.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Header {
    /// Network id.
    pub network: [u8; 32],
    /// Digest of the header before; zeros for genesis.
    pub parent: [u8; 32],
    /// 0 for genesis, then one more each time.
    pub height: u64,
    /// Time of the block (ms), greater than the parent's.
    pub time_ms: u64,
    /// Merkle root over the entry hashes.
    pub entries_root: Node,
    /// How many entries the block has.
    pub count: u32,
}

impl Header {
    /// Bytes of every header.
    pub const LEN: usize = 2 + 32 + 32 + 8 + 8 + 32 + 4;

    /// SHA-256 of the canonical bytes.
    #[must_use]
    pub fn digest(&self) -> [u8; 32] {
        Sha256::digest(self.to_bytes()).into()
    }
    /// The header that follows `parent` with entries of these hashes.
    #[must_use]
    pub fn next(parent: &Self, time_ms: u64, hashes: &[Hash]) -> Self {
        Self {
            network: parent.network,
            parent: parent.digest(),
            height: parent.height.saturating_add(1),
            time_ms,
            entries_root: entries_root(hashes),
            count: u32::try_from(hashes.len()).unwrap_or(u32::MAX),
        }
    }
}

/// Merkle root over entry hashes: leaf data are the 64 bytes of each hash.
#[must_use]
pub fn entries_root(hashes: &[Hash]) -> Node {
    merkle::root(&leaves(hashes))
}

/// Leaves of a block's tree.
#[must_use]
pub fn leaves(hashes: &[Hash]) -> Vec<Node> {
    hashes.iter().map(|h| merkle::leaf(h.as_bytes())).collect()
}

impl Wire for Header {
    fn write(&self, w: &mut Writer) {
        w.raw(&self.network);
        w.raw(&self.parent);
        w.u64(self.height);
        w.u64(self.time_ms);
        w.raw(&self.entries_root);
        w.u32(self.count);
    }
    fn read(r: &mut Reader<'_>) -> Result<Self, WireError> {
        Ok(Self {
            network: r.array()?,
            parent: r.array()?,
            height: r.u64()?,
            time_ms: r.u64()?,
            entries_root: r.array()?,
            count: r.u32()?,
        })
    }
}

impl TopLevel for Header {
    const TYPE: u8 = 6;
}

/// A header and its entries.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Block {
    /// The header.
    pub header: Header,
    /// The entries' canonical bytes.
    pub entries: Vec<Vec<u8>>,
}

fn hashes_of(entries: &[Vec<u8>]) -> Vec<Hash> {
    entries
        .iter()
        .map(|e| crypto::hash::entry_hash(e))
        .collect()
}

impl Block {
    /// The entry hashes, in the order of the entries.
    #[must_use]
    pub fn entry_hashes(&self) -> Vec<Hash> {
        hashes_of(&self.entries)
    }
    /// The block with these entries after `parent`.
    #[must_use]
    pub fn new(parent: &Header, time_ms: u64, entries: Vec<Vec<u8>>) -> Self {
        Self {
            header: Header::next(parent, time_ms, &hashes_of(&entries)),
            entries,
        }
    }
    /// Header bytes, then the list of entries.
    #[must_use]
    pub fn to_bytes(&self) -> Vec<u8> {
        let mut w = Writer::new();
        w.raw(&self.header.to_bytes());
        w.u32(u32::try_from(self.entries.len()).unwrap_or(u32::MAX));
        for e in &self.entries {
            w.bytes(e);
        }
        w.finish()
    }
    /// Reads a block and binds its entries to the header's root and count.
    ///
    /// # Errors
    /// Any [`WireError`]; [`WireError::TooLong`] above [`MAX_BLOCK_BYTES`]; [`WireError::Range`] when root or count do not fit.
    pub fn from_bytes(bytes: &[u8]) -> Result<Self, WireError> {
        Self::with_hashes(bytes).map(|(block, _)| block)
    }
    /// [`Self::from_bytes`] and the entry hashes, which had to be computed anyway.
    ///
    /// # Errors
    /// The same.
    pub fn with_hashes(bytes: &[u8]) -> Result<(Self, Vec<Hash>), WireError> {
        if bytes.len() > MAX_BLOCK_BYTES {
            return Err(WireError::TooLong);
        }
        let mut r = Reader::new(bytes);
        let header = Header::from_bytes(r.raw(Header::LEN)?)?;
        let n = r.count(MAX_ENTRIES)?;
        let entries = (0..n)
            .map(|_| r.bytes(MAX_ENTRY_BYTES).map(<[u8]>::to_vec))
            .collect::<Result<Vec<_>, _>>()?;
        r.end()?;
        let hashes = hashes_of(&entries);
        let fits =
            usize::try_from(header.count) == Ok(n) && entries_root(&hashes) == header.entries_root;
        if fits {
            Ok((Self { header, entries }, hashes))
        } else {
            Err(WireError::Range)
        }
    }
}

/// The first block: its one entry is the network's configuration.
#[must_use]
pub fn genesis_block(network: &NetworkConfig) -> Block {
    let entry = network.to_bytes();
    let header = Header {
        network: network.id(),
        parent: [0; 32],
        height: 0,
        time_ms: network.genesis_time_ms,
        entries_root: entries_root(&[crypto::hash::entry_hash(&entry)]),
        count: 1,
    };
    Block {
        header,
        entries: vec![entry],
    }
}

/// Header of [`genesis_block`].
#[must_use]
pub fn genesis(network: &NetworkConfig) -> Header {
    genesis_block(network).header
}

#[cfg(test)]
mod tests;
