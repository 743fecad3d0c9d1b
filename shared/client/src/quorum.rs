//! All nodes of a board together: as long as at most f of them are dishonest, everything that this
//! module believes is true.

use crate::error::NodeError;
use crate::node::{Last, Node, Reply};
use crate::way::Relays;
use api::node::{Answer, BucketRow, Status};
use ballot::manifest::{Manifest, Validator};
use board::network::tolerated;
use board::{Committee, Receipt};
use crypto::{Encoded, Hash, Point, Rule};
use futures::StreamExt as _;
use futures::future::{join_all, select_all};
use futures::stream::FuturesUnordered;
use rand::TryRng as _;
use rand::rngs::SysRng;
use std::sync::Arc;
use std::time::Duration;
use tokio::time::{Instant, timeout_at};

/// How long a node is asked to wait for finality at once (s).
const WAIT_SECONDS: u32 = 5;
/// How long an official waits for an entry to be final.
pub const OFFICIAL_PATIENCE: Duration = Duration::from_secs(120);
/// Between two rounds of asking.
const PAUSE: Duration = Duration::from_millis(250);

/// What became of a posted entry.
#[derive(Debug)]
pub enum Outcome {
    /// It is on the board; the receipt is verified, mark included.
    Final(Receipt),
    /// At least one node has it, or may have it, and it was not final in the time given.
    Seen,
    /// It is not on the board, by these rules; see [`Spread`] for whose word that is.
    Refused(Vec<Rule>),
    /// No node has it; why the last one did not take it.
    NotReached(NodeError),
    /// No relay gave an answer of any node. Whether one passed the entry on, nobody can say.
    NoRelay {
        /// No connection to any relay came about: no node has it.
        unsent: bool,
    },
}

/// An entry that is not final.
#[derive(Debug, thiserror::Error)]
pub enum NotFinal {
    /// Refused by the board's rules.
    #[error("refused by rule {}", .0.first().map_or_else(|| "?".to_owned(), Rule::to_string))]
    Refused(Vec<Rule>),
    /// Some node has it, perhaps.
    #[error("seen by a node, but not final yet")]
    Seen,
    /// Nobody has it.
    #[error(transparent)]
    NotReached(NodeError),
}

impl Outcome {
    /// The receipt.
    ///
    /// # Errors
    /// [`NotFinal`].
    pub fn receipt(self) -> Result<Receipt, NotFinal> {
        match self {
            Self::Final(receipt) => Ok(receipt),
            Self::Seen => Err(NotFinal::Seen),
            Self::Refused(rules) => Err(NotFinal::Refused(rules)),
            Self::NotReached(e) => Err(NotFinal::NotReached(e)),
            Self::NoRelay { .. } => Err(NotFinal::NotReached(NodeError::NoRelay)),
        }
    }
}

/// Who gets an entry, and whose refusal is believed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Spread {
    /// A ballot: f + 1 nodes in an order nobody can foresee, so that no node gets all voters; more
    /// when some do not take it. Refused only when no node took it: a voter must not read that
    /// nothing was cast while one may still bring it on the board.
    Ballot,
    /// A ballot near the close: every node, all at the same time, so that one that does not answer
    /// takes no time from the others. More than f of them have to promise it before the close
    /// (rule R5.55). Refused as above.
    NearClose,
    /// An entry of an official: every node. Refused as soon as f + 1 refuse it: one dishonest
    /// "seen" keeps nobody waiting.
    Everybody,
}

/// The nodes of one board.
#[derive(Clone, Debug)]
pub struct Quorum {
    nodes: Vec<Node>,
    committee: Committee,
    relays: Option<Arc<Relays>>,
}

/// What came of sending one entry around.
struct Sent {
    seen: usize,
    unsure: bool,
    rules: Vec<Rule>,
    receipt: Option<Receipt>,
    last: NodeError,
    /// What nodes signed.
    answers: Vec<Said>,
}

/// A node's key and its signed answer.
pub type Said = (Point, Answer);

/// The latest row that so many nodes give in the same words, or that there is none.
fn agreed(rows: &[Option<BucketRow>], enough: usize) -> Option<Option<BucketRow>> {
    let said = |row: &&Option<BucketRow>| rows.iter().filter(|r| r == row).count() >= enough;
    let seq = |row: &&Option<BucketRow>| row.as_ref().map_or(0, |r| r.seq);
    rows.iter().filter(said).max_by_key(seq).cloned()
}

/// What comes of all of these in this time.
async fn in_time<T>(
    asked: impl Iterator<Item = impl Future<Output = Result<T, NodeError>>>,
    patience: Duration,
) -> Vec<Result<T, NodeError>> {
    let deadline = Instant::now() + patience;
    let answers = join_all(asked.map(|a| timeout_at(deadline, a))).await;
    let answers = answers.into_iter();
    answers.map(|a| a.unwrap_or(Err(NodeError::Late))).collect()
}

impl Quorum {
    /// Clients for these validators; `timeout` is for one request.
    ///
    /// # Errors
    /// [`NodeError::Http`] when TLS cannot be set up.
    pub fn new(
        validators: &[Validator],
        committee: &Committee,
        timeout: Duration,
    ) -> Result<Self, NodeError> {
        Self::through(validators, committee, None, timeout)
    }
    /// The same through these relays, if there are any.
    ///
    /// # Errors
    /// [`NodeError::Http`] when TLS cannot be set up.
    pub fn through(
        validators: &[Validator],
        committee: &Committee,
        relays: Option<&Arc<Relays>>,
        timeout: Duration,
    ) -> Result<Self, NodeError> {
        let node = |v| Node::through(v, committee.clone(), relays.cloned(), timeout);
        Ok(Self {
            nodes: validators.iter().map(node).collect::<Result<_, _>>()?,
            committee: committee.clone(),
            relays: relays.cloned(),
        })
    }
    /// The nodes of a manifest, through its relays if it lists any.
    ///
    /// # Errors
    /// As [`Relays::of`].
    pub fn of(manifest: &Manifest, timeout: Duration) -> Result<Self, NodeError> {
        let relays = Relays::of(manifest)?;
        let committee = Committee::from(manifest);
        Self::through(&manifest.validators, &committee, relays.as_ref(), timeout)
    }
    /// The relays that carry the questions, if there are any.
    #[must_use]
    pub fn relays(&self) -> Option<&Relays> {
        self.relays.as_deref()
    }
    /// The nodes in an order nobody can foresee.
    #[must_use]
    pub fn shuffled(&self) -> Vec<&Node> {
        self.order(Spread::Ballot)
    }
    /// Answers that came back through relays so far; none when questions go directly.
    fn carried(&self) -> Option<u64> {
        let relays = self.relays.as_ref().filter(|relays| relays.in_use())?;
        Some(relays.answered())
    }
    /// The nodes, in the order they were given.
    #[must_use]
    pub fn nodes(&self) -> &[Node] {
        &self.nodes
    }
    /// Hand-overs before the set of validators that these nodes belong to.
    #[must_use]
    pub fn epoch(&self) -> u64 {
        self.committee.epoch()
    }
    /// f + 1: so many that one of them is honest.
    #[must_use]
    pub fn enough(&self) -> usize {
        tolerated(self.nodes.len()) + 1
    }
    /// The status of every node that gives one in this time. None of it is proven.
    pub async fn statuses(&self, patience: Duration) -> Vec<Status> {
        let asked = self
            .within(patience)
            .map(|n| async move { n.status().await });
        let answers = in_time(asked, patience).await;
        answers.into_iter().filter_map(Result::ok).collect()
    }
    /// The last ballot of `vk`, as f + 1 nodes give it. A proven ballot outweighs any number of
    /// nodes that know none.
    ///
    /// # Errors
    /// [`NodeError`] of a node when fewer than f + 1 gave an answer that verifies in this time.
    pub async fn last(
        &self,
        vk: &Point,
        election: &Hash,
        patience: Duration,
    ) -> Result<Option<Last>, NodeError> {
        let asked = self.within(patience);
        let answers = in_time(
            asked.map(|n| async move { n.last(vk, election).await }),
            patience,
        );
        let (mut known, mut error) = (Vec::new(), NodeError::Proof);
        for answer in answers.await {
            match answer {
                Ok(last) => known.push(last),
                Err(e) => error = e,
            }
        }
        if known.len() < self.enough() {
            return Err(error);
        }
        Ok(known.into_iter().flatten().max_by_key(|l| l.ballot.seq))
    }
    /// The row of `vk` on the board, as f + 1 nodes sign it in the same words, without a node
    /// learning more than the bucket of `bits` bits. Nobody proves a row, so no single node is
    /// believed; of several rows that f + 1 nodes sign the latest counts. A list has megabytes: f + 1
    /// nodes are asked, and the others when these do not say the same in half of the time.
    ///
    /// # Errors
    /// [`NodeError`] of a node when no f + 1 of them say the same in this time; [`NodeError::Late`]
    /// when one was still answering.
    pub async fn row(
        &self,
        vk: &Point,
        election: &Hash,
        bits: u8,
        patience: Duration,
    ) -> Result<Option<BucketRow>, NodeError> {
        let now = Instant::now();
        let (half, deadline) = (now + patience / 2, now + patience);
        let ask = |node: Node| async move {
            let left = deadline.saturating_duration_since(Instant::now());
            node.within(left).bucket(vk, election, bits).await
        };
        let mut first: Vec<Node> = self.shuffled().into_iter().cloned().collect();
        let others = first.split_off(self.enough().min(first.len()));
        let mut open: FuturesUnordered<_> = first.into_iter().map(ask).collect();
        let (mut others, mut rows, mut error) = (Some(others), Vec::new(), NodeError::Proof);
        loop {
            let until = if others.is_some() { half } else { deadline };
            let more = match timeout_at(until, open.next()).await {
                Ok(Some(Ok(bucket))) => {
                    rows.push(bucket.row(&Encoded(*vk.as_bytes())).cloned());
                    if let Some(row) = agreed(&rows, self.enough()) {
                        return Ok(row);
                    }
                    open.is_empty()
                }
                Ok(Some(Err(e))) => {
                    error = e;
                    true
                }
                Ok(None) => true,
                Err(_) if others.is_none() => return Err(NodeError::Late),
                Err(_) => true,
            };
            match others.take_if(|_| more) {
                Some(others) => open.extend(others.into_iter().map(ask)),
                None if open.is_empty() => return Err(error),
                None => {}
            }
        }
    }
    /// The nodes with this time for one question: a relay that hangs gets its share of it.
    fn within(&self, patience: Duration) -> impl Iterator<Item = Node> {
        self.nodes.iter().map(move |node| node.within(patience))
    }
    /// The receipt of exactly these bytes, if a node has one in this time.
    pub async fn find(&self, entry: &[u8], patience: Duration) -> Option<Receipt> {
        let hash = crypto::hash::entry_hash(entry);
        let asked = self.within(patience);
        let asked = asked.map(|n| async move { n.receipt(&hash, 0).await });
        let answers = in_time(asked, patience).await;
        let mut found = answers.into_iter().filter_map(|a| a.ok()?);
        found.find(|r| r.verify_entry(&self.committee, entry).is_ok())
    }
    /// Posts an entry and waits until it is final, this long at most once a node has taken it.
    pub async fn post(&self, entry: &[u8], spread: Spread, patience: Duration) -> Outcome {
        self.post_keeping(entry, spread, patience).await.0
    }
    /// [`Self::post`], with what the nodes signed about the entry: papers for a dispute.
    pub async fn post_keeping(
        &self,
        entry: &[u8],
        spread: Spread,
        patience: Duration,
    ) -> (Outcome, Vec<Said>) {
        let carried = self.carried();
        let mut sent = self.send(entry, spread).await;
        let answers = std::mem::take(&mut sent.answers);
        if carried.is_some() && carried == self.carried() {
            let unsent = !sent.unsure;
            return (Outcome::NoRelay { unsent }, answers);
        }
        (self.outcome(sent, entry, spread, patience).await, answers)
    }
    async fn outcome(
        &self,
        sent: Sent,
        entry: &[u8],
        spread: Spread,
        patience: Duration,
    ) -> Outcome {
        if let Some(receipt) = sent.receipt {
            return Outcome::Final(receipt);
        }
        let taken = sent.seen > 0 || sent.unsure;
        let refused = match spread {
            Spread::Ballot | Spread::NearClose => !taken && !sent.rules.is_empty(),
            Spread::Everybody => {
                sent.rules.len() >= self.enough() || (!taken && !sent.rules.is_empty())
            }
        };
        if refused {
            return Outcome::Refused(sent.rules);
        }
        if !taken {
            return Outcome::NotReached(sent.last);
        }
        match self.wait(entry, patience).await {
            Some(receipt) => Outcome::Final(receipt),
            None => Outcome::Seen,
        }
    }
    fn order(&self, spread: Spread) -> Vec<&Node> {
        let mut nodes: Vec<&Node> = self.nodes.iter().collect();
        if spread == Spread::Ballot {
            nodes.sort_by_cached_key(|_| SysRng.try_next_u64().unwrap_or_default());
        }
        nodes
    }
    async fn send(&self, entry: &[u8], spread: Spread) -> Sent {
        let mut sent = Sent {
            seen: 0,
            unsure: false,
            rules: Vec::new(),
            receipt: None,
            last: NodeError::Proof,
            answers: Vec::new(),
        };
        if spread == Spread::NearClose {
            let posts = self.nodes.iter().map(|n| n.post(entry));
            for (node, reply) in self.nodes.iter().zip(join_all(posts).await) {
                self.take(&mut sent, entry, (node.key(), reply));
            }
            return sent;
        }
        for node in self.order(spread) {
            let reply = node.post(entry).await;
            self.take(&mut sent, entry, (node.key(), reply));
            let done = match spread {
                Spread::Ballot => sent.seen >= self.enough(),
                Spread::Everybody | Spread::NearClose => sent.rules.len() >= self.enough(),
            };
            if done || sent.receipt.is_some() {
                break;
            }
        }
        sent
    }
    /// Counts what one node said.
    fn take(&self, sent: &mut Sent, entry: &[u8], (node, reply): (Point, Reply)) {
        match reply {
            Reply::Seen(answer) => {
                sent.seen += 1;
                sent.answers.push((node, *answer));
            }
            Reply::Final(receipt) => match receipt.verify_entry(&self.committee, entry) {
                Ok(()) => sent.receipt = Some(*receipt),
                Err(_) => sent.unsure = true,
            },
            Reply::Refused(rule, answer) => {
                sent.rules.push(rule);
                sent.answers.push((node, *answer));
            }
            Reply::NotReached(e) | Reply::Undecided(e) => sent.last = e,
            Reply::Unsure(e) => {
                sent.unsure = true;
                sent.last = e;
            }
        }
    }
    /// Asks all nodes at once, again and again: the first receipt that verifies is enough.
    async fn wait(&self, entry: &[u8], patience: Duration) -> Option<Receipt> {
        let hash = crypto::hash::entry_hash(entry);
        let deadline = Instant::now() + patience;
        while Instant::now() < deadline {
            let asked = self
                .nodes
                .iter()
                .map(|n| Box::pin(n.receipt(&hash, WAIT_SECONDS)));
            let mut open: Vec<_> = asked.collect();
            while !open.is_empty() {
                let (answer, _, rest) = timeout_at(deadline, select_all(open)).await.ok()?;
                open = rest;
                if let Ok(Some(receipt)) = answer
                    && receipt.verify_entry(&self.committee, entry).is_ok()
                {
                    return Some(receipt);
                }
            }
            tokio::time::sleep(PAUSE).await;
        }
        None
    }
}

#[cfg(test)]
mod tests;
