//! The board's block as the engine sees it.

use crate::rules::{Block, Header, MAX_BLOCK_BYTES};
use bytes::{BufMut, Bytes};
use commonware_codec::{Buf, EncodeSize, Error, RangeCfg, Read, Write};
use commonware_consensus::{BoundedBlock, Heightable, types::Height};
use commonware_cryptography::{Digestible, sha256::Digest};
use crypto::Hash;
use std::sync::Arc;

/// A block with its canonical bytes; copies are cheap.
#[derive(Clone, Debug)]
pub struct EngineBlock {
    bytes: Bytes,
    block: Arc<Block>,
    hashes: Arc<[Hash]>,
    digest: Digest,
}

impl EngineBlock {
    /// Wraps a block made or decoded here.
    #[must_use]
    pub fn new(block: Block) -> Self {
        let bytes = Bytes::from(block.to_bytes());
        let digest = Digest(block.header.digest());
        Self {
            bytes,
            hashes: block.entry_hashes().into(),
            block: Arc::new(block),
            digest,
        }
    }
    /// The hashes of its entries, in their order.
    #[must_use]
    pub fn hashes(&self) -> &Arc<[Hash]> {
        &self.hashes
    }
    /// The block.
    #[must_use]
    pub fn block(&self) -> &Arc<Block> {
        &self.block
    }
    /// The header.
    #[must_use]
    pub fn header(&self) -> &Header {
        &self.block.header
    }
    /// The header's digest as plain bytes.
    #[must_use]
    pub fn id(&self) -> [u8; 32] {
        self.digest.0
    }
}

impl PartialEq for EngineBlock {
    fn eq(&self, other: &Self) -> bool {
        self.bytes == other.bytes
    }
}

impl Eq for EngineBlock {}

impl Write for EngineBlock {
    fn write(&self, w: &mut impl BufMut) {
        self.bytes.write(w);
    }
}

impl EncodeSize for EngineBlock {
    fn encode_size(&self) -> usize {
        self.bytes.encode_size()
    }
}

impl Read for EngineBlock {
    type Cfg = ();
    fn read_cfg(r: &mut impl Buf, (): &()) -> Result<Self, Error> {
        let bytes = Bytes::read_cfg(r, &RangeCfg::from(1..=MAX_BLOCK_BYTES))?;
        // Binds the body to the header's root and count, and refuses a second form.
        let (block, hashes) = Block::with_hashes(&bytes)
            .map_err(|_| Error::Invalid("Block", "not a canonical block"))?;
        let digest = Digest(block.header.digest());
        // A copy, so that a small block does not keep a large network buffer alive.
        Ok(Self {
            bytes: Bytes::copy_from_slice(&bytes),
            block: Arc::new(block),
            hashes: hashes.into(),
            digest,
        })
    }
}

impl Digestible for EngineBlock {
    type Digest = Digest;
    fn digest(&self) -> Digest {
        self.digest
    }
}

impl Heightable for EngineBlock {
    fn height(&self) -> Height {
        Height::new(self.block.header.height)
    }
}

impl commonware_consensus::Block for EngineBlock {
    fn parent(&self) -> Digest {
        Digest(self.block.header.parent)
    }
}

impl BoundedBlock for EngineBlock {
    fn max_encode_size((): &()) -> usize {
        MAX_BLOCK_BYTES + 5
    }
}
