//! A copy of the board that re-applies every rule itself.

use crate::gateway::{Gateway, GatewayError};
use board::check::check_many;
use board::finality::FinalityCertificate;
use board::header::{Block, Header, genesis};
use board::network::NetworkConfig;
use board::state::State;
use crypto::Rule;
use crypto::wire::Reader;

/// Blocks asked for at once.
const PAGE: u64 = 64;
/// Longest block or certificate.
const MAX_BLOCK: usize = 32 * 1024 * 1024;

/// Why a node's chain is refused.
#[derive(Debug, thiserror::Error)]
pub enum ReplicaError {
    /// The node could not be asked.
    #[error(transparent)]
    Gateway(#[from] GatewayError),
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
    network: NetworkConfig,
    head: Header,
    state: State,
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
        let block = Block::from_bytes(r.bytes(MAX_BLOCK).map_err(wrong)?).map_err(wrong)?;
        let certificate = if r.bool().map_err(wrong)? {
            let bytes = r.bytes(MAX_BLOCK).map_err(wrong)?;
            let c = FinalityCertificate::from_bytes(bytes);
            Some(c.map_err(|_| ReplicaError::Chain(block.header.height))?)
        } else {
            None
        };
        blocks.push((block, certificate));
    }
    Ok(Page { blocks })
}

impl Replica {
    /// A replica at genesis.
    #[must_use]
    pub fn new(network: &NetworkConfig) -> Self {
        Self {
            head: genesis(network),
            state: State::genesis(network),
            network: network.clone(),
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
    /// Applies everything this node can show with certificates.
    ///
    /// # Errors
    /// [`ReplicaError`].
    pub async fn sync(&mut self, node: &Gateway) -> Result<(), ReplicaError> {
        let mut pending: Vec<Block> = Vec::new();
        let mut tip = self.head.clone();
        loop {
            let from = tip.height + 1;
            let path = format!("/v1/blocks?from={from}&limit={PAGE}");
            let Some(body) = node.get(&path).await? else {
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
                tip = block.header.clone();
                pending.push(block);
                if let Some(c) = certificate {
                    self.certified(&tip, &c)?;
                    self.apply(&mut pending)?;
                }
            }
        }
    }
    fn certified(&self, tip: &Header, c: &FinalityCertificate) -> Result<(), ReplicaError> {
        c.verify(
            &self.network.committee(),
            &self.network.namespace(),
            &tip.digest(),
        )
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
        }
        Ok(())
    }
    /// Syncs with every node that answers and demands that `needed` of them show this chain: each
    /// must hold the block this replica ends with.
    ///
    /// # Errors
    /// [`ReplicaError::Disagreement`], or a chain that breaks a rule.
    pub async fn follow(&mut self, nodes: &[Gateway], needed: usize) -> Result<(), ReplicaError> {
        let mut agreeing = 0;
        for node in nodes {
            match self.sync(node).await {
                Ok(()) => {}
                Err(ReplicaError::Gateway(_)) => continue,
                Err(e) => return Err(e),
            }
            if self.shows(node).await {
                agreeing += 1;
            }
        }
        if agreeing >= needed {
            Ok(())
        } else {
            Err(ReplicaError::Disagreement { agreeing, needed })
        }
    }
    /// Whether the node holds the last block of this replica.
    async fn shows(&self, node: &Gateway) -> bool {
        if self.head.height == 0 {
            return true;
        }
        let path = format!("/v1/blocks?from={}&limit=1", self.head.height);
        let Ok(Some(body)) = node.get(&path).await else {
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
