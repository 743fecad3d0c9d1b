//! The board's nodes. Nothing a node says is believed without proof: receipts verify under the
//! validators pinned in the manifest, "seen" and "no ballot" under the node's own key.

use std::time::Duration;

use api::node::{BucketRow, ElectionStatus, Status};
use api::papers::{MAX_PAPERS, Paper};
use ballot::Ballot;
use ballot::manifest::Manifest;
use board::Receipt;
use board::rules;
use board::state::NEAR_CLOSE_MS;
use client::{Last, NodeError, Outcome, Quorum, Relays, Spread};
use crypto::wire::TopLevel as _;
use crypto::{Hash, Point, Rule};
use host::WallClock;
use refusal::VoteState;

use crate::checkup::Reach;
use crate::fault::Fault;
use crate::ports::NodeTime;

/// How long one request may take.
const TIMEOUT: Duration = Duration::from_secs(15);
/// How long nodes have to answer with their time.
const TIME_WAIT: Duration = Duration::from_secs(3);
/// How long one call waits for the finality certificate.
const FINAL_WAIT: Duration = Duration::from_secs(60);
/// How long a look-up may take in all.
const LOOK_UP: Duration = Duration::from_secs(10);

/// How long nodes may take to send their lists of keys, some megabytes each: f + 1 of them have half
/// of it.
const LISTS: Duration = Duration::from_secs(60);

/// All nodes of the manifest.
#[derive(Debug)]
pub struct Nodes {
    quorum: Quorum,
    /// How long one call waits for the finality certificate.
    patience: Duration,
    election: Hash,
    close_at: u64,
    drain_ms: u64,
    bucket_bits: u8,
}

impl Nodes {
    /// Nodes, keys and pins come from the manifest alone.
    ///
    /// # Errors
    /// When TLS cannot be set up.
    pub fn new(manifest: &Manifest, election: Hash) -> Result<Self, Fault> {
        let quorum = Quorum::of(manifest, TIMEOUT);
        Ok(Self {
            quorum: quorum.map_err(|_| Fault::Internal("tls"))?,
            patience: FINAL_WAIT,
            election,
            close_at: manifest.close_at,
            drain_ms: manifest.drain_ms,
            bucket_bits: manifest.bucket_bits,
        })
    }

    /// Whether questions go to the nodes without the manifest's relays from now on.
    pub fn go_direct(&self, direct: bool) {
        if let Some(relays) = self.quorum.relays() {
            relays.go_direct(direct);
        }
    }

    /// A question that no relay passes on goes directly: what a kiosk's configuration may say.
    pub fn fall_back(&self) {
        if let Some(relays) = self.quorum.relays() {
            relays.fall_back();
        }
    }

    /// Answers that relays have brought; none when nothing goes through relays.
    fn carried(&self) -> Option<u64> {
        let relays = self.quorum.relays().filter(|relays| relays.in_use());
        relays.map(Relays::answered)
    }

    /// Why nothing is known since relays had brought so many answers.
    fn silence(&self, carried: Option<u64>, otherwise: Fault) -> Fault {
        if carried.is_some() && carried == self.carried() {
            Fault::NoRelay
        } else {
            otherwise
        }
    }

    /// Hands an anonymous survey answer to a node that passes it on to the portal; status and body of
    /// the portal's answer. None when there are no relays: then the portal is asked itself.
    ///
    /// # Errors
    /// [`Fault::NoRelay`] and [`Fault::Survey`].
    pub async fn survey(&self, body: &[u8]) -> Option<Result<(u16, Vec<u8>), Fault>> {
        let carried = self.carried();
        carried?;
        for node in self.quorum.shuffled() {
            if let Ok(answer) = node.hand_over("/v1/survey", body.to_vec()).await {
                return Some(Ok(answer));
            }
        }
        Some(Err(self.silence(carried, Fault::Survey)))
    }

    /// Time and close: the median of the nodes' answers, so that one liar moves nothing.
    pub async fn time(&self) -> Option<NodeTime> {
        self.median(&self.quorum.statuses(TIME_WAIT).await)
    }

    /// The same, once 2f + 1 nodes have answered: it lies between what two honest nodes said.
    pub async fn agreed_time(&self) -> Option<NodeTime> {
        let answers = self.quorum.statuses(TIME_WAIT).await;
        let most = 2 * self.quorum.enough() - 1;
        (answers.len() >= most).then(|| self.median(&answers))?
    }

    /// How many nodes answer, and their time; `clock` is this machine's.
    pub async fn reach(&self, clock: &WallClock) -> Reach {
        let answers = self.quorum.statuses(TIME_WAIT).await;
        Reach {
            answered: answers.len(),
            of: self.quorum.nodes().len(),
            now: self.median(&answers).map(|time| time.now),
            here: clock.now_ms(),
        }
    }

    fn median(&self, answers: &[Status]) -> Option<NodeTime> {
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
    fn close_of(&self, status: &Status) -> u64 {
        let own = |e: &&ElectionStatus| e.election.as_ref().is_some_and(|h| h.0 == self.election);
        let Some(own) = status.elections.iter().find(own) else {
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
            // Over, by an extension perhaps later than planned, or halted: nothing goes in now.
            (_, close, _) => status.now_ms.min(close.unwrap_or(self.close_at)),
        }
    }

    /// What the board says of `vk` before a further ballot, as f + 1 nodes sign it. No node learns
    /// whose key it is: each sends all keys of the bucket.
    ///
    /// # Errors
    /// [`Fault::NodesUnreachable`] when no f + 1 nodes said the same.
    pub async fn row(&self, vk: &Point) -> Result<Option<BucketRow>, Fault> {
        let carried = self.carried();
        let asked = self.quorum.row(vk, &self.election, self.bucket_bits, LISTS);
        let row = asked.await;
        row.map_err(|error| match error {
            // The way works, and is too slow for megabytes: no reason to give the address away.
            NodeError::Late if carried > Some(0) => Fault::NodesUnreachable,
            _ => self.silence(carried, Fault::NodesUnreachable),
        })
    }

    /// The last ballot of `vk`, as f + 1 nodes give it. They learn that somebody asks for this key:
    /// only for a ballot that was sent to them already.
    ///
    /// # Errors
    /// [`Fault::NodesUnreachable`] when fewer than f + 1 nodes gave an answer that verifies.
    async fn last(&self, vk: &Point) -> Result<Option<Last>, Fault> {
        let carried = self.carried();
        let asked = self.quorum.last(vk, &self.election, LOOK_UP).await;
        asked.map_err(|_| self.silence(carried, Fault::NodesUnreachable))
    }

    /// The receipt of exactly these bytes, if a node has one that verifies.
    pub async fn find(&self, entry: &[u8]) -> Option<Receipt> {
        self.quorum.find(entry, LOOK_UP).await
    }

    /// Sends the entry to f + 1 nodes of different operators, more if some do not answer, and
    /// waits for a receipt that verifies. Near the close, and when the time is not known, all nodes
    /// get it: more than f have to promise it.
    ///
    /// # Errors
    /// The fault, with what is known of the vote.
    pub async fn cast(
        &self,
        entry: &[u8],
        time: Option<NodeTime>,
    ) -> Result<Receipt, (Fault, VoteState)> {
        self.cast_keeping(entry, time, &mut Vec::new()).await
    }

    /// [`Self::cast`]; what nodes sign about the entry goes into `papers`, each answer once.
    ///
    /// # Errors
    /// The fault, with what is known of the vote.
    pub async fn cast_keeping(
        &self,
        entry: &[u8],
        time: Option<NodeTime>,
        papers: &mut Vec<Paper>,
    ) -> Result<Receipt, (Fault, VoteState)> {
        let posted = self.quorum.post_keeping(entry, spread(time), self.patience);
        let (outcome, answers) = posted.await;
        for (node, answer) in &answers {
            let paper = Paper::of(*node, answer);
            if papers.len() < MAX_PAPERS && !papers.contains(&paper) {
                papers.push(paper);
            }
        }
        let overtaken = Err((Fault::Overtaken, VoteState::Overtaken));
        match outcome {
            Outcome::Final(receipt) => Ok(receipt),
            Outcome::Seen | Outcome::Refused(_) if self.is_overtaken(entry).await => overtaken,
            Outcome::Seen => Err((Fault::Waiting, VoteState::Pending)),
            Outcome::Refused(rules) => Err((refusal(&rules), VoteState::NotSent)),
            Outcome::NotReached(_) => Err((Fault::SendFailed, VoteState::NotSent)),
            Outcome::NoRelay { unsent: true } => Err((Fault::NoRelay, VoteState::NotSent)),
            Outcome::NoRelay { unsent: false } => Err((Fault::NoRelay, VoteState::Pending)),
        }
    }

    /// Whether another ballot of the same voting key, sent by another booth at the same time, is
    /// proven to have this one's place: a node that promised this one keeps nobody waiting then.
    async fn is_overtaken(&self, entry: &[u8]) -> bool {
        self.place_taken(entry).await.is_some()
    }

    /// The last ballot of the voting key with its receipt, if it is proven that another ballot has this
    /// one's place.
    pub async fn place_taken(&self, entry: &[u8]) -> Option<Last> {
        let mine = Ballot::from_bytes(entry).ok()?;
        let last = self.last(&mine.vk).await.ok().flatten();
        last.filter(|last| has_the_place_of(&last.ballot, &mine))
    }
}

/// Whether the last ballot on the board shows that another one than this has this one's place: it is
/// that other one, or it names that other one as its predecessor.
fn has_the_place_of(last: &Ballot, mine: &Ballot) -> bool {
    let entry = mine.entry_hash();
    let same = last.seq == mine.seq && last.entry_hash() != entry;
    let next = mine.seq.checked_add(1) == Some(last.seq) && last.prev != entry;
    last.vk == mine.vk && (same || next)
}

/// Who gets a ballot at this time.
fn spread(time: Option<NodeTime>) -> Spread {
    match time {
        Some(t) if t.now.saturating_add(NEAR_CLOSE_MS) < t.closes => Spread::Ballot,
        _ => Spread::NearClose,
    }
}

/// Nobody took the ballot: why, as far as the nodes say.
fn refusal(by: &[Rule]) -> Fault {
    let says = |wanted: &[Rule]| by.iter().any(|r| wanted.contains(r));
    if says(&[rules::BALLOT_LATE, rules::BALLOT_PHASE]) {
        Fault::Closed { closed: None }
    } else if says(&[rules::BALLOT_EARLY]) {
        Fault::NotOpen { opens: None }
    } else if says(&[rules::AGAIN_WINDOW]) {
        Fault::CardStepAgain
    } else if says(&[rules::SEQ, rules::PREV]) {
        Fault::Overtaken
    } else {
        Fault::BallotRefused
    }
}

#[cfg(test)]
mod tests;
