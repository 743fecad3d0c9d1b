//! Following the board: a replica that re-applies every rule, and the look-up of one receipt.

use std::collections::BTreeMap;
use std::sync::{Arc, PoisonError, RwLock};
use std::time::Duration;

use ballot::Ballot;
use ballot::manifest::Manifest;
use board::network::NetworkConfig;
use board::state::{Election, State};
use board::{Committee, Receipt};
use client::{Node, NodeError, Quorum, Replica};
use crypto::Hash;
use crypto::wire::TopLevel as _;

use crate::board_view::{BoardView, NodeView, ResultView};

const PAUSE: Duration = Duration::from_secs(1);

/// The state of a vote.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Standing {
    /// In the box, the last one of its voter.
    InBox,
    /// A later vote of the same voter replaced it.
    Overwritten,
    /// In the box when it was closed: it is counted.
    Counted,
    /// A check ballot; never counted.
    CheckBallot,
    /// Something else on the board (not a vote).
    NotAVote,
}

/// A receipt that was found and verified.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Found {
    /// The state of the vote.
    pub standing: Standing,
    /// The canonical code.
    pub code: String,
    /// The two pictures.
    pub pictures: Option<[u8; 2]>,
    /// Block.
    pub height: u64,
    /// Time of the block, ms.
    pub time_ms: u64,
}

/// Outcome of a look-up.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum LookUp {
    /// On the board.
    Found(Found),
    /// Nodes answered, none has it.
    NotFound,
    /// No node answered with a proof.
    Unreachable,
}

struct Snapshot {
    view: Arc<BoardView>,
    state: Option<State>,
}

/// The board as the portal knows it.
pub struct Board {
    network: NetworkConfig,
    /// That of the manifest: for receipts until the board was followed here.
    committee: Committee,
    /// For look-ups.
    asked: Quorum,
    /// For following: the two live on different threads and share no connection.
    followed: Quorum,
    election: Hash,
    now: RwLock<Snapshot>,
}

impl Board {
    /// A follower of the manifest's nodes.
    ///
    /// # Errors
    /// [`NodeError`] when TLS cannot be set up.
    pub fn new(
        network: NetworkConfig,
        manifest: &Manifest,
        election: Hash,
    ) -> Result<Self, NodeError> {
        let committee = Committee::from(manifest);
        let connect = || Quorum::new(&manifest.validators, &committee, client::TIMEOUT);
        let (asked, followed) = (connect()?, connect()?);
        let view = BoardView {
            phase: "sealed",
            close_at: manifest.close_at,
            releases: manifest.releases.clone(),
            nodes: vec![NodeView::default(); asked.nodes().len()],
            ..BoardView::default()
        };
        Ok(Self {
            network,
            committee,
            asked,
            followed,
            election,
            now: RwLock::new(Snapshot {
                view: Arc::new(view),
                state: None,
            }),
        })
    }

    /// What is known now.
    #[must_use]
    pub fn view(&self) -> Arc<BoardView> {
        let now = self.now.read().unwrap_or_else(PoisonError::into_inner);
        Arc::clone(&now.view)
    }

    /// Replaces what is known (tests and demonstrations without nodes).
    pub fn set_view(&self, view: BoardView) {
        let mut now = self.now.write().unwrap_or_else(PoisonError::into_inner);
        now.view = Arc::new(view);
    }

    fn state(&self) -> Option<State> {
        let now = self.now.read().unwrap_or_else(PoisonError::into_inner);
        now.state.clone()
    }

    /// Follows the nodes until the program ends.
    pub async fn run(&self) {
        let mut replica = Replica::new(&self.network);
        let mut complained = String::new();
        loop {
            let nodes = self.ask_nodes().await;
            match replica
                .follow(self.followed.nodes(), self.followed.enough())
                .await
            {
                Ok(()) => complained.clear(),
                Err(error) => {
                    let error = error.to_string();
                    if error != complained {
                        tracing::warn!("board: {error}");
                        complained = error;
                    }
                }
            }
            self.publish(&replica, nodes);
            tokio::time::sleep(PAUSE).await;
        }
    }

    async fn ask_nodes(&self) -> Vec<NodeView> {
        let mut nodes = Vec::with_capacity(self.followed.nodes().len());
        for node in self.followed.nodes() {
            let asked = tokio::time::timeout(Duration::from_secs(5), node.status());
            let status = asked.await.ok().and_then(Result::ok);
            nodes.push(NodeView {
                answers: status.is_some(),
                height: status.map_or(0, |s| s.height),
            });
        }
        nodes
    }

    fn publish(&self, replica: &Replica, nodes: Vec<NodeView>) {
        let head = replica.head();
        let mut view = BoardView {
            nodes,
            height: head.height,
            block_time: head.time_ms,
            ..(*self.view()).clone()
        };
        if let Some(election) = replica.state().election(&self.election) {
            read_election(&mut view, election);
        }
        let mut now = self.now.write().unwrap_or_else(PoisonError::into_inner);
        *now = Snapshot {
            view: Arc::new(view),
            state: Some(replica.state().clone()),
        };
    }

    /// Looks a receipt up on the nodes, one after the other, and verifies what they show.
    pub async fn look_up(&self, code: &str) -> LookUp {
        let mut answered = false;
        for node in self.asked.nodes() {
            match self.ask(node, code).await {
                Ok(Some(found)) => return LookUp::Found(found),
                Ok(None) => answered = true,
                Err(error) => tracing::debug!("receipt look-up: {error}"),
            }
        }
        if answered {
            LookUp::NotFound
        } else {
            LookUp::Unreachable
        }
    }

    async fn ask(&self, node: &Node, code: &str) -> Result<Option<Found>, NodeError> {
        let Some(body) = node.get(&format!("/v1/receipts/{code}")).await? else {
            return Ok(None);
        };
        let receipt = Receipt::from_bytes(&body).map_err(|_| NodeError::Proof)?;
        let hash = receipt.entry;
        let path = format!("/v1/entries/{}/bytes", hash.to_hex());
        let entry = node.get(&path).await?.ok_or(NodeError::Proof)?;
        // The code people typed, the hash, the pictures and the place are all proved, not believed.
        let state = self.state();
        let committee = state.as_ref().map_or(&self.committee, State::committee);
        receipt
            .verify_entry(committee, &entry)
            .map_err(|_| NodeError::Proof)?;
        if ballot::code::confirmation_code(&crypto::hash::entry_hash(&entry)) != code {
            return Err(NodeError::Proof);
        }
        // A board may hold several elections; these pages speak for one.
        if !is_of(&self.election, &entry) {
            return Ok(None);
        }
        Ok(Some(Found {
            standing: self.standing(&entry, &hash),
            code: code.to_owned(),
            pictures: receipt.pictures,
            height: receipt.height,
            time_ms: receipt.time_ms().unwrap_or(0),
        }))
    }

    fn standing(&self, entry: &[u8], hash: &Hash) -> Standing {
        let ballot = match entry.get(1) {
            Some(&board::entry::kind::BALLOT) => Ballot::from_bytes(entry).ok(),
            Some(&board::entry::kind::CHECK_BALLOT) => return Standing::CheckBallot,
            _ => None,
        };
        let Some(ballot) = ballot else {
            return Standing::NotAVote;
        };
        let state = self.state();
        let last = state
            .as_ref()
            .and_then(|s| s.voter_last(&ballot.election, &ballot.vk));
        match last {
            Some(last) if last.hash != *hash && last.seq > ballot.seq => Standing::Overwritten,
            Some(_) if self.view().is_closed() => Standing::Counted,
            _ => Standing::InBox,
        }
    }
}

/// Whether an entry belongs to this election: votes that name another one do not.
fn is_of(election: &Hash, entry: &[u8]) -> bool {
    use board::entry::{kind, peek_election};
    let vote = matches!(entry.get(1), Some(&kind::BALLOT | &kind::CHECK_BALLOT));
    !vote || peek_election(entry) == Some(*election)
}

fn count(n: usize) -> u64 {
    u64::try_from(n).unwrap_or(u64::MAX)
}

fn read_election(view: &mut BoardView, election: &Election) {
    view.found = true;
    view.phase = election.phase().as_str();
    view.withdrawn = election.withdrawn().cloned();
    view.close_at = election.close_at();
    let releases = election.releases().into_iter();
    view.releases = releases.map(|r| r.release.clone()).collect();
    view.received = election.received();
    view.counted = election.counted();
    view.check_ballots = election.check_ballots();
    view.commitments = count(election.commitments().count());
    view.shares = count(election.shares().count());
    let mut daily = BTreeMap::new();
    for (_, voter) in election.voters() {
        *daily
            .entry(ballot::day::japan_day(voter.time_ms))
            .or_default() += 1;
    }
    view.daily = daily;
    view.result = election.result().map(|r| ResultView {
        votes: r.votes.first().cloned().unwrap_or_default(),
        received: r.received,
        overwritten: r.overwritten,
        counted: r.counted,
        check_ballots: r.check_ballots,
        issued: r.issued.clone(),
    });
}

#[cfg(test)]
mod tests;
