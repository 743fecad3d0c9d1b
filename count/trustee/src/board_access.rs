//! Where a trustee reads and posts: the real board over several nodes.

use crate::Refusal;
use anyhow::Result;
use board::Committee;
use board::network::NetworkConfig;
use board::state::State;
use client::{NotFinal, OFFICIAL_PATIENCE, Quorum, Replica, ReplicaError, Spread};
use crypto::Rule;
use std::path::Path;
use std::time::Duration;

/// Pause between two looks at the board.
const PAUSE: Duration = Duration::from_millis(300);

/// A board whose every rule has been applied on this computer.
pub trait Board {
    /// The newest state that was verified here.
    fn state(&mut self) -> impl Future<Output = Result<State>>;
    /// Posts an entry and waits until it is final; the rule when the board refuses it.
    fn post(&mut self, entry: &[u8]) -> impl Future<Output = Result<Option<Rule>>>;
    /// Waits a little before the next look.
    fn pause(&mut self) -> impl Future<Output = ()>;
}

/// The board of a network file: a replica of its own, heads compared with f + 1 nodes.
#[derive(Debug)]
pub struct Nodes {
    nodes: Quorum,
    replica: Replica,
}

impl Nodes {
    /// Reads the network file; nothing is asked yet.
    ///
    /// # Errors
    /// When the file is not one.
    pub fn open(network_file: &Path) -> Result<Self> {
        let (_, network) = client::read_network(network_file)?;
        Self::of(&network)
    }
    /// The board of this network.
    ///
    /// # Errors
    /// When TLS cannot be set up.
    pub fn of(network: &NetworkConfig) -> Result<Self> {
        let committee = Committee::from(network);
        Ok(Self {
            nodes: Quorum::new(&network.validators, &committee, client::TIMEOUT)?,
            replica: Replica::new(network),
        })
    }
}

impl Board for Nodes {
    async fn state(&mut self) -> Result<State> {
        let (nodes, needed) = (self.nodes.nodes(), self.nodes.enough());
        match self.replica.follow(nodes, needed).await {
            Ok(()) => {
                if self.replica.state().committee().epoch() != self.nodes.epoch() {
                    self.nodes = self.replica.quorum(client::TIMEOUT)?;
                }
                Ok(self.replica.state().clone())
            }
            Err(ReplicaError::Disagreement { agreeing, needed }) => {
                Err(Refusal::Heads { agreeing, needed }.into())
            }
            Err(e) => Err(e.into()),
        }
    }
    async fn post(&mut self, entry: &[u8]) -> Result<Option<Rule>> {
        let posted = self
            .nodes
            .post(entry, Spread::Everybody, OFFICIAL_PATIENCE)
            .await;
        match posted.receipt() {
            Ok(_) => Ok(None),
            Err(NotFinal::Refused(rules)) => Ok(rules.first().copied()),
            Err(e) => Err(e.into()),
        }
    }
    async fn pause(&mut self) {
        tokio::time::sleep(PAUSE).await;
    }
}
