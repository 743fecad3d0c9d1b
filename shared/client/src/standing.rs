//! What officers said after the seal that a reader of the manifest must know: newer addresses, and
//! that the election is not held.

use crate::error::NodeError;
use crate::node::Node;
use crate::quorum::Quorum;
use ballot::text::Text;
use board::Receipt;
use board::entry::{Act, Entry, Hints};
use crypto::Hash;
use crypto::wire::TopLevel as _;
use futures::future::join_all;
use std::collections::BTreeSet;
use std::time::Duration;
use tokio::time::{Instant, timeout_at};

/// Acts that one node may name; there are two kinds.
const MOST_ACTS: usize = 2;

/// How an election stands, proven by receipts.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Standing {
    /// The newest addresses, if officers gave it any.
    pub hints: Option<Hints>,
    /// Why it is not held, if it was withdrawn.
    pub withdrawn: Option<Text>,
}

impl Standing {
    fn take(&mut self, act: Act) {
        match act {
            Act::Withdraw { reason } => self.withdrawn = Some(reason),
            Act::Hints(new) => {
                let newer = |old: &Hints| old.number < new.number;
                if self.hints.as_ref().is_none_or(newer) {
                    self.hints = Some(new);
                }
            }
            _ => {}
        }
    }
}

impl Quorum {
    /// How the election stands. What a node names counts only with the act and its receipt; a node
    /// that keeps an act back is outweighed by any that shows it.
    pub async fn standing(&self, election: &Hash, patience: Duration) -> Standing {
        let deadline = Instant::now() + patience;
        let asked = self.nodes().iter().map(|node| acts(node, election));
        let answers = join_all(asked.map(|a| timeout_at(deadline, a))).await;
        let mut standing = Standing::default();
        for act in answers.into_iter().flatten().flatten().flatten() {
            standing.take(act);
        }
        standing
    }
}

/// The proven acts of this election that the node names.
async fn acts(node: &Node, election: &Hash) -> Result<Vec<Act>, NodeError> {
    let status = node.status().await?;
    let mut elections = status.elections.into_iter();
    let own = elections.find(|e| e.election.as_ref().is_some_and(|h| h.0 == *election));
    let named: BTreeSet<Hash> = own.into_iter().flat_map(|e| e.acts).map(|h| h.0).collect();
    let mut proven = Vec::new();
    for hash in named.iter().take(MOST_ACTS) {
        proven.extend(act(node, hash, election).await?);
    }
    Ok(proven)
}

async fn act(node: &Node, hash: &Hash, election: &Hash) -> Result<Option<Act>, NodeError> {
    let path = format!("/v1/entries/{}", hash.to_hex());
    let Some(receipt) = node.get(&path).await? else {
        return Ok(None);
    };
    let entry = node.get(&format!("{path}/bytes")).await?;
    let entry = entry.ok_or(NodeError::Proof)?;
    let receipt = Receipt::from_bytes(&receipt).map_err(|_| NodeError::Proof)?;
    let proven = receipt.verify_entry(node.committee(), &entry);
    proven.map_err(|_| NodeError::Proof)?;
    match Entry::decode(&entry) {
        Ok(Entry::Act(a)) if a.election == *election => Ok(Some(a.act)),
        _ => Err(NodeError::Proof),
    }
}
