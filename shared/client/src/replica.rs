//! A copy of the board that re-applies every rule itself.

use crate::error::NodeError;
use crate::node::Node;
use crate::quorum::Quorum;
use api::node::Head;
use board::check::check_many;
use board::entry::kind;
use board::finality::{self, FinalityCertificate};
use board::header::{Block, Header, MAX_BLOCK_BYTES, genesis};
use board::network::NetworkConfig;
use board::state::State;
use crypto::Rule;
use crypto::wire::{Reader, TopLevel as _};
use std::collections::BTreeMap;
use std::time::Duration;

/// Blocks asked for at once.
const PAGE: u64 = 64;
/// Blocks that may wait for a certificate of a descendant.
const MAX_PENDING: usize = 256;
/// Bytes of blocks that may wait for it: 64 full blocks.
const MAX_PENDING_BYTES: usize = 64 * MAX_BLOCK_BYTES;
/// Bytes of one answer with blocks; nodes end theirs with the block that passes half of it.
const MAX_PAGE_BYTES: usize = 16 * 1024 * 1024;
/// Headers that are remembered.
const RECENT: u64 = 64;

/// Why a node's chain is refused.
#[derive(Debug, thiserror::Error)]
pub enum ReplicaError {
    /// The node could not be asked.
    #[error(transparent)]
    Node(#[from] NodeError),
    /// The blocks are not canonical, not one chain, or not certified.
    #[error("the node's chain does not verify at height {0}")]
    Chain(u64),
    /// A block breaks a rule of the board.
    #[error("the block at height {height} breaks rule {rule}")]
    Rules {
        /// Height.
        height: u64,
        /// Rule.
        rule: Rule,
    },
    /// Too few nodes show the same chain.
    #[error("{agreeing} of {needed} nodes show the same board")]
    Disagreement {
        /// Nodes that agree.
        agreeing: usize,
        /// Nodes that must.
        needed: usize,
    },
}

/// The board as far as it has been verified here.
#[derive(Clone, Debug)]
pub struct Replica {
    head: Header,
    state: State,
    /// Digests of the last headers, by height: a node a few blocks behind still shows this chain.
    recent: BTreeMap<u64, [u8; 32]>,
}

struct Page {
    blocks: Vec<(Block, Option<FinalityCertificate>)>,
}

fn read_page(bytes: &[u8], from: u64) -> Result<Page, ReplicaError> {
    let wrong = |_| ReplicaError::Chain(from);
    let mut r = Reader::new(bytes);
    let n = r
        .count(usize::try_from(PAGE).unwrap_or(64))
        .map_err(wrong)?;
    let mut blocks = Vec::new();
    for _ in 0..n {
        let block = Block::from_bytes(r.bytes(MAX_BLOCK_BYTES).map_err(wrong)?).map_err(wrong)?;
        let certificate = if r.bool().map_err(wrong)? {
            let bytes = r.bytes(finality::MAX_BYTES).map_err(wrong)?;
            let c = FinalityCertificate::from_bytes(bytes);
            Some(c.map_err(|_| ReplicaError::Chain(block.header.height))?)
        } else {
            None
        };
        blocks.push((block, certificate));
    }
    Ok(Page { blocks })
}

/// A block with one is certified itself, by the validators who leave (rule R8.04).
fn is_hand_over(entry: &[u8]) -> bool {
    entry.get(1) == Some(&kind::HAND_OVER)
}

impl Replica {
    /// A replica at genesis.
    #[must_use]
    pub fn new(network: &NetworkConfig) -> Self {
        Self {
            head: genesis(network),
            state: State::genesis(network),
            recent: BTreeMap::new(),
        }
    }
    /// The last verified header.
    #[must_use]
    pub fn head(&self) -> &Header {
        &self.head
    }
    /// The state after it.
    #[must_use]
    pub fn state(&self) -> &State {
        &self.state
    }
    /// Clients for the validators in office; `timeout` is for one request.
    ///
    /// # Errors
    /// [`NodeError::Http`] when TLS cannot be set up.
    pub fn quorum(&self, timeout: Duration) -> Result<Quorum, NodeError> {
        Quorum::new(self.state.validators(), self.state.committee(), timeout)
    }
    /// Applies everything this node can show with certificates.
    ///
    /// # Errors
    /// [`ReplicaError`].
    pub async fn sync(&mut self, node: &Node) -> Result<(), ReplicaError> {
        let (mut pending, mut waiting): (Vec<Block>, usize) = (Vec::new(), 0);
        let mut tip = self.head.clone();
        loop {
            let from = tip.height + 1;
            let path = format!("/v1/blocks?from={from}&limit={PAGE}");
            let Some(body) = node.get_limited(&path, MAX_PAGE_BYTES).await? else {
                return Ok(());
            };
            let page = read_page(&body, from)?;
            if page.blocks.is_empty() {
                return Ok(());
            }
            for (block, certificate) in page.blocks {
                if block.header.parent != tip.digest() || block.header.height != tip.height + 1 {
                    return Err(ReplicaError::Chain(block.header.height));
                }
                waiting += block.entries.iter().map(Vec::len).sum::<usize>();
                if pending.len() >= MAX_PENDING || waiting > MAX_PENDING_BYTES {
                    return Err(ReplicaError::Chain(block.header.height));
                }
                tip = block.header.clone();
                let hands_over = block.entries.iter().any(|e| is_hand_over(e));
                pending.push(block);
                if hands_over && certificate.is_none() {
                    return Err(ReplicaError::Chain(tip.height));
                }
                if let Some(c) = certificate {
                    self.certified(&tip, &c)?;
                    self.apply(&mut pending)?;
                    waiting = 0;
                }
            }
        }
    }
    /// By the validators in office: a block with a hand-over never waits, so `state` knows them.
    fn certified(&self, tip: &Header, c: &FinalityCertificate) -> Result<(), ReplicaError> {
        self.state
            .committee()
            .verify(c, tip.height, &tip.digest())
            .map_err(|_| ReplicaError::Chain(tip.height))
    }
    fn apply(&mut self, pending: &mut Vec<Block>) -> Result<(), ReplicaError> {
        for block in pending.drain(..) {
            let height = block.header.height;
            let rules = |rule| ReplicaError::Rules { height, rule };
            let entries: Vec<&[u8]> = block.entries.iter().map(Vec::as_slice).collect();
            let checked = check_many(self.state.context(), &entries, &mut rand::rng());
            let checked = checked
                .into_iter()
                .collect::<Result<Vec<_>, _>>()
                .map_err(rules)?;
            let next = self.state.apply_block(&block.header, &checked);
            self.state = next.map_err(|e| rules(e.rule()))?;
            self.head = block.header;
            self.recent.insert(height, self.head.digest());
            self.recent.retain(|h, _| *h + RECENT > height);
        }
        Ok(())
    }
    /// Syncs with every node and demands that `needed` of them show this chain: each must hold the
    /// block this replica ends with, or be a few blocks behind on the same chain. A node that shows
    /// anything else does not agree; it cannot stop the others.
    ///
    /// # Errors
    /// [`ReplicaError::Disagreement`].
    pub async fn follow(&mut self, nodes: &[Node], needed: usize) -> Result<(), ReplicaError> {
        let mut honest = Vec::new();
        for node in nodes {
            if self.sync(node).await.is_ok() {
                honest.push(node);
            }
        }
        let mut agreeing = 0;
        for node in honest {
            agreeing += usize::from(self.shows(node).await);
        }
        if agreeing >= needed {
            Ok(())
        } else {
            Err(ReplicaError::Disagreement { agreeing, needed })
        }
    }
    /// Whether the node is on this replica's chain.
    async fn shows(&self, node: &Node) -> bool {
        if self.head.height == 0 {
            return true;
        }
        let Ok(Some(body)) = node.get("/v1/head").await else {
            return false;
        };
        let Ok(head) = Head::from_bytes(&body) else {
            return false;
        };
        let Ok(theirs) = Header::from_bytes(&head.header) else {
            return false;
        };
        if theirs.height <= self.head.height {
            return self.recent.get(&theirs.height) == Some(&theirs.digest());
        }
        let path = format!("/v1/blocks?from={}&limit=1", self.head.height);
        let Ok(Some(body)) = node.get_limited(&path, MAX_PAGE_BYTES).await else {
            return false;
        };
        let Ok(page) = read_page(&body, self.head.height) else {
            return false;
        };
        page.blocks
            .first()
            .is_some_and(|(b, _)| b.header == self.head)
    }
}
