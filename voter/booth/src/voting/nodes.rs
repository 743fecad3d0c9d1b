//! The board's nodes. Nothing a node says is believed without proof: receipts verify under the
//! validators pinned in the manifest, "seen" and "no ballot" under the node's own key.

mod gateway;

use std::time::Duration;

use ballot::Ballot;
use ballot::manifest::Manifest;
use board::network::tolerated;
use board::receipt::{Committee, Receipt};
use board::rules;
use crypto::wire::TopLevel as _;
use crypto::{Hash, Point, Rule};
use futures::future::join_all;
use rand::TryRng as _;
use rand::rngs::SysRng;
use tokio::time::{Instant, timeout_at};

use crate::fault::Fault;
use crate::ports::NodeTime;
use crate::step::VoteState;
use gateway::{Gateway, Said};

/// How long one call waits for the finality certificate.
const FINAL_WAIT: Duration = Duration::from_secs(60);
/// How long a look-up may take in all.
const LOOK_UP: Duration = Duration::from_secs(10);

/// All nodes of the manifest.
#[derive(Debug)]
pub struct Nodes {
    gateways: Vec<Gateway>,
    committee: Committee,
    election: Hash,
    close_at: u64,
    drain_ms: u64,
}

/// The last ballot of a voting key, proven.
#[derive(Clone, Debug)]
pub struct Last {
    /// The ballot.
    pub ballot: Ballot,
    /// Its receipt.
    pub receipt: Receipt,
}

impl Nodes {
    /// Nodes, keys and pins come from the manifest alone.
    ///
    /// # Errors
    /// When TLS cannot be set up.
    pub fn new(manifest: &Manifest, election: Hash) -> Result<Self, Fault> {
        let committee = Committee::from(manifest);
        let gateways = manifest
            .validators
            .iter()
            .map(|v| Gateway::new(v, committee.clone()))
            .collect::<Result<_, _>>()?;
        let (close_at, drain_ms) = (manifest.close_at, manifest.drain_ms);
        Ok(Self {
            gateways,
            committee,
            election,
            close_at,
            drain_ms,
        })
    }

    /// f + 1: so many that one of them is honest.
    fn enough(&self) -> usize {
        tolerated(self.gateways.len()) + 1
    }

    /// In an order nobody can foresee, so that no node gets all voters.
    fn shuffled(&self) -> Vec<&Gateway> {
        let mut keyed: Vec<(u64, &Gateway)> = self
            .gateways
            .iter()
            .map(|g| (SysRng.try_next_u64().unwrap_or_default(), g))
            .collect();
        keyed.sort_by_key(|(key, _)| *key);
        keyed.into_iter().map(|(_, g)| g).collect()
    }

    /// Time and close as most nodes tell it: the median, so that one liar moves nothing.
    pub async fn time(&self) -> Option<NodeTime> {
        let asked = self.gateways.iter().map(Gateway::status);
        let deadline = Instant::now() + Duration::from_secs(3);
        let answers = join_all(asked.map(|a| timeout_at(deadline, a))).await;
        let answers: Vec<_> = answers
            .into_iter()
            .filter_map(|a| a.ok().flatten())
            .collect();
        let median = |mut values: Vec<u64>| {
            values.sort_unstable();
            values.get(values.len() / 2).copied()
        };
        let now = median(answers.iter().map(|a| a.now_ms).collect())?;
        let closes = median(answers.iter().map(|a| self.close_of(a)).collect())?;
        Some(NodeTime { now, closes })
    }

    /// The effective close in a node's status. A box that is not open yet or no longer has the
    /// manifest's close, or has closed now.
    fn close_of(&self, status: &gateway::Status) -> u64 {
        let id = self.election.to_hex();
        let Some(own) = status.elections.iter().find(|e| e.election == id) else {
            return self.close_at;
        };
        match (own.phase.as_str(), own.close_at_ms, own.next_boundary_ms) {
            ("sealed", close, _) => close.unwrap_or(self.close_at),
            ("open", Some(close), _) => close,
            // The next boundary is the close, unless the box is already draining.
            ("open", None, Some(next)) if next != self.close_at.saturating_add(self.drain_ms) => {
                next.max(self.close_at)
            }
            ("open", None, _) => self.close_at,
            _ => status.now_ms.min(self.close_at),
        }
    }

    /// The last ballot of `vk`, as f + 1 nodes tell it. A proven ballot outweighs any number of
    /// nodes that know none.
    ///
    /// # Errors
    /// [`Fault::NodesUnreachable`] when fewer than f + 1 nodes gave an answer that verifies.
    pub async fn last(&self, vk: &Point) -> Result<Option<Last>, Fault> {
        let asked = self.gateways.iter().map(|g| g.last(vk, &self.election));
        let deadline = Instant::now() + LOOK_UP;
        let answers = join_all(asked.map(|a| timeout_at(deadline, a))).await;
        let answers: Vec<Option<Last>> = answers.into_iter().filter_map(|a| a.ok()?.ok()).collect();
        if answers.len() < self.enough() {
            return Err(Fault::NodesUnreachable);
        }
        Ok(answers.into_iter().flatten().max_by_key(|l| l.ballot.seq))
    }

    /// The receipt of exactly these bytes, if a node has one that verifies.
    pub async fn find(&self, entry: &[u8]) -> Option<Receipt> {
        let hash = crypto::hash::fingerprint(entry);
        let deadline = Instant::now() + LOOK_UP;
        let asked = self
            .gateways
            .iter()
            .map(|g| timeout_at(deadline, g.receipt(&hash, 0)));
        let answers = join_all(asked).await;
        let mut found = answers.into_iter().filter_map(|a| a.ok()?);
        found.find(|r| r.verify_entry(&self.committee, entry).is_ok())
    }

    /// Sends the entry to f + 1 nodes of different operators, more if some do not answer, and
    /// waits for a receipt that verifies.
    ///
    /// # Errors
    /// The fault, with what is known of the vote.
    pub async fn cast(&self, entry: &[u8]) -> Result<Receipt, (Fault, VoteState)> {
        let sent = self.send(entry).await;
        if let Some(receipt) = sent.receipt {
            return Ok(receipt);
        }
        if sent.seen == 0 && !sent.unsure {
            return Err((sent.refusal(), VoteState::None));
        }
        self.await_receipt(entry)
            .await
            .ok_or((Fault::Waiting, VoteState::Sending))
    }

    async fn send(&self, entry: &[u8]) -> Sent {
        let hash = crypto::hash::fingerprint(entry);
        let mut sent = Sent::default();
        for gateway in self.shuffled() {
            if sent.seen >= self.enough() || sent.receipt.is_some() {
                break;
            }
            match gateway.post(entry, &hash).await {
                Said::Seen => sent.seen += 1,
                Said::Final(receipt) => {
                    if receipt.verify_entry(&self.committee, entry).is_ok() {
                        sent.receipt = Some(*receipt);
                    }
                }
                Said::Refused(rule) => sent.rules.push(rule),
                Said::NotReached | Said::Undecided => {}
                Said::Unsure => sent.unsure = true,
            }
        }
        sent
    }

    async fn await_receipt(&self, entry: &[u8]) -> Option<Receipt> {
        let hash = crypto::hash::fingerprint(entry);
        let deadline = Instant::now() + FINAL_WAIT;
        while Instant::now() < deadline {
            let asked = self.gateways.iter().map(|g| Box::pin(g.receipt(&hash, 5)));
            let mut open: Vec<_> = asked.collect();
            while !open.is_empty() {
                let (answer, _, rest) = timeout_at(deadline, futures::future::select_all(open))
                    .await
                    .ok()?;
                open = rest;
                if let Some(receipt) = answer
                    && receipt.verify_entry(&self.committee, entry).is_ok()
                {
                    return Some(receipt);
                }
            }
            tokio::time::sleep(Duration::from_millis(250)).await;
        }
        None
    }
}

/// What came of sending one entry around.
#[derive(Default)]
struct Sent {
    seen: usize,
    unsure: bool,
    rules: Vec<Rule>,
    receipt: Option<Receipt>,
}

impl Sent {
    /// Nobody took it: why, as far as the nodes say.
    fn refusal(&self) -> Fault {
        let says = |wanted: &[Rule]| self.rules.iter().any(|r| wanted.contains(r));
        if says(&[rules::BALLOT_LATE, rules::BALLOT_PHASE]) {
            Fault::Closed { now: None }
        } else if says(&[rules::BALLOT_EARLY]) {
            Fault::NotOpen { opens: None }
        } else if says(&[rules::SEQ, rules::PREV]) {
            Fault::Overtaken
        } else if self.rules.is_empty() {
            Fault::SendFailed
        } else {
            Fault::BallotRefused
        }
    }
}

impl Last {
    /// Reads an entry that a receipt speaks of; none unless it is a ballot of `vk`.
    pub(super) fn of(
        bytes: &[u8],
        receipt: Receipt,
        committee: &Committee,
        vk: &Point,
        election: &Hash,
    ) -> Option<Self> {
        receipt.verify_entry(committee, bytes).ok()?;
        let ballot = Ballot::from_bytes(bytes).ok()?;
        let own = ballot.vk == *vk && ballot.election == *election;
        own.then_some(Self { ballot, receipt })
    }
}
