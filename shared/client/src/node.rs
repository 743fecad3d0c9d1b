//! One node of the board, known by its pin and its key. Nothing it says is believed without proof:
//! receipts verify under the committee, its own statements under its key and for this network.

use crate::error::NodeError;
use crate::way::{Address, Asked, Given, Relays};
use api::node::{Answer, Bucket, Declined, Listing, NoBallot, Refusal, Status};
use ballot::Ballot;
use ballot::manifest::Validator;
use board::{Committee, Receipt};
use crypto::wire::TopLevel as _;
use crypto::{Hash, Point, Rule};
use host::http::HttpError;
use host::problem::Refused;
use oblivious::Request;
use std::sync::Arc;
use std::time::Duration;

/// How long one request may take.
pub const TIMEOUT: Duration = Duration::from_secs(60);
/// Longest answer that is read unless the caller says another limit: an entry and what is around it.
const MAX_ANSWER: usize = 4 * 1024 * 1024;
/// Longest list of voting keys that is read: a bucket of the largest crowd has twice 16 384 rows on
/// average, and more voters may come than were expected.
const MAX_BUCKET: usize = 64 * 1024 * 1024;

/// What a node said about an entry that was posted to it.
#[derive(Debug)]
pub enum Reply {
    /// Signed: it took the entry.
    Seen(Box<Answer>),
    /// The entry is on the board already.
    Final(Box<Receipt>),
    /// Signed: this rule of the board refuses the entry.
    Refused(Rule, Box<Answer>),
    /// No connection came about: it did not get the entry.
    NotReached(NodeError),
    /// It got the entry and decided nothing.
    Undecided(NodeError),
    /// It may have the entry: the answer is missing or proves nothing.
    Unsure(NodeError),
}

/// The last ballot of a voting key, proven.
#[derive(Clone, Debug)]
pub struct Last {
    /// The ballot.
    pub ballot: Ballot,
    /// Its receipt.
    pub receipt: Receipt,
}

/// A connection to one node.
#[derive(Clone, Debug)]
pub struct Node {
    address: Address,
    key: Point,
    committee: Committee,
}

impl Node {
    /// A client for this validator of this committee; `timeout` is for one request.
    ///
    /// # Errors
    /// [`NodeError::Http`] when TLS cannot be set up.
    pub fn new(
        validator: &Validator,
        committee: Committee,
        timeout: Duration,
    ) -> Result<Self, NodeError> {
        Self::through(validator, committee, None, timeout)
    }
    /// The same through these relays, if there are any.
    ///
    /// # Errors
    /// [`NodeError::Http`] when TLS cannot be set up.
    pub fn through(
        validator: &Validator,
        committee: Committee,
        relays: Option<Arc<Relays>>,
        timeout: Duration,
    ) -> Result<Self, NodeError> {
        Ok(Self {
            address: Address::new(validator, relays, timeout)?,
            key: validator.node_key,
            committee,
        })
    }
    /// The same client with this time for one request, all relays together.
    #[must_use]
    pub fn within(&self, patience: Duration) -> Self {
        let mut same = self.clone();
        same.address = same.address.within(patience);
        same
    }
    /// `https://host:port`.
    #[must_use]
    pub fn origin(&self) -> &str {
        &self.address.origin
    }
    /// The key under which it answers.
    #[must_use]
    pub fn key(&self) -> Point {
        self.key
    }
    /// GET of at most 4 MiB; 404 gives `None`.
    ///
    /// # Errors
    /// [`NodeError::Http`].
    pub async fn get(&self, path: &str) -> Result<Option<Vec<u8>>, NodeError> {
        self.get_limited(path, MAX_ANSWER).await
    }
    /// [`Self::get`] for an answer of at most `limit` bytes.
    ///
    /// # Errors
    /// [`NodeError::Http`].
    pub async fn get_limited(
        &self,
        path: &str,
        limit: usize,
    ) -> Result<Option<Vec<u8>>, NodeError> {
        self.got(Asked::now(&Request::get(path), limit)).await
    }
    async fn got(&self, asked: Asked<'_>) -> Result<Option<Vec<u8>>, NodeError> {
        let given = self.address.ask(asked).await;
        let given = given.map_err(|failed| failed.why)?;
        match given.status {
            404 => Ok(None),
            200..=299 => Ok(Some(given.body)),
            _ => Err(HttpError::Answer.into()),
        }
    }
    /// Hands over something that no node signs an answer to; status and body of the answer.
    ///
    /// # Errors
    /// [`NodeError`].
    pub async fn hand_over(&self, path: &str, body: Vec<u8>) -> Result<(u16, Vec<u8>), NodeError> {
        let question = Request::post(path, body);
        let given = self.address.ask(Asked::now(&question, MAX_ANSWER)).await;
        let given = given.map_err(|failed| failed.why)?;
        Ok((given.status, given.body))
    }
    /// Whose certificates count.
    pub(crate) fn committee(&self) -> &Committee {
        &self.committee
    }
    /// What it says of itself and the elections on the board. Not signed: ask several nodes.
    ///
    /// # Errors
    /// [`NodeError::Http`].
    pub async fn status(&self) -> Result<Status, NodeError> {
        let body = self.get("/v1/status").await?.ok_or(HttpError::Answer)?;
        Ok(serde_json::from_slice(&body).map_err(|_| HttpError::Answer)?)
    }
    /// The receipt of the entry with this hash, verified; waits up to `seconds` for it to be final.
    ///
    /// # Errors
    /// [`NodeError`].
    pub async fn receipt(&self, entry: &Hash, seconds: u32) -> Result<Option<Receipt>, NodeError> {
        let path = format!("/v1/entries/{}?wait={seconds}", entry.to_hex());
        let asked = Asked {
            question: &Request::get(path),
            limit: MAX_ANSWER,
            wait: Duration::from_secs(seconds.into()),
        };
        match self.got(asked).await? {
            None => Ok(None),
            Some(body) => self.read_receipt(&body, entry).map(Some),
        }
    }
    /// The last ballot of `vk`, proven; none when the node signs that it knows none.
    ///
    /// # Errors
    /// [`NodeError`].
    pub async fn last(&self, vk: &Point, election: &Hash) -> Result<Option<Last>, NodeError> {
        let path = format!("/v1/voters/{}/last", crypto::hash::to_hex(vk.as_bytes()));
        let body = self.get(&path).await?.ok_or(HttpError::Answer)?;
        if body.get(1) == Some(&NoBallot::TYPE) {
            let none = NoBallot::from_bytes(&body).map_err(|_| NodeError::Proof)?;
            let own =
                none.body.voter.0 == *vk.as_bytes() && none.body.network == self.committee.network;
            return match none.verify(&self.key) {
                Ok(()) if own => Ok(None),
                _ => Err(NodeError::Proof),
            };
        }
        let receipt = Receipt::from_bytes(&body).map_err(|_| NodeError::Proof)?;
        let path = format!("/v1/entries/{}/bytes", receipt.entry.to_hex());
        let entry = self.get(&path).await?.ok_or(NodeError::Proof)?;
        receipt
            .verify_entry(&self.committee, &entry)
            .map_err(|_| NodeError::Proof)?;
        let ballot = Ballot::from_bytes(&entry).map_err(|_| NodeError::Proof)?;
        if ballot.vk != *vk || ballot.election != *election {
            return Err(NodeError::Proof);
        }
        Ok(Some(Last { ballot, receipt }))
    }
    /// All voting keys of the bucket in which `vk` lies, as this node signs it. The node learns the
    /// bucket and not the key; `bits` is the manifest's.
    ///
    /// # Errors
    /// [`NodeError`].
    pub async fn bucket(&self, vk: &Point, election: &Hash, bits: u8) -> Result<Bucket, NodeError> {
        let index = ballot::bucket::bucket_of(vk, bits);
        let path = format!("/v1/buckets/{}/{index}", election.to_hex());
        let body = self.get_limited(&path, MAX_BUCKET).await?;
        let body = body.ok_or(HttpError::Answer)?;
        let listing = Listing::from_bytes(&body).map_err(|_| NodeError::Proof)?;
        let said = &listing.body;
        let asked = said.election == *election && said.index == index;
        if !asked || said.network != self.committee.network || listing.verify(&self.key).is_err() {
            return Err(NodeError::Proof);
        }
        Ok(listing.body)
    }
    /// Posts an entry.
    pub async fn post(&self, entry: &[u8]) -> Reply {
        let question = Request::post("/v1/entries", entry);
        let given = match self.address.ask(Asked::now(&question, MAX_ANSWER)).await {
            Ok(given) => given,
            Err(failed) if failed.may_have => return Reply::Unsure(failed.why),
            Err(failed) => return Reply::NotReached(failed.why),
        };
        let hash = crypto::hash::entry_hash(entry);
        let read = match given.status {
            202 => self.read_seen(&given.body, &hash),
            200 => self.read_final(&given.body, &hash),
            409 | 422 => self.read_refusal(&given.body, &hash),
            _ => return Self::read_declined(given),
        };
        read.unwrap_or_else(Reply::Unsure)
    }
    /// No judgement. Anything but a reason of the node's own – the page of a proxy that may have
    /// passed the entry on, say – leaves open whether it has the entry.
    fn read_declined(given: Given) -> Reply {
        match Refused::new(given.status, given.body).reason::<Declined>() {
            Some(declined) if !declined.may_have_taken_it() => {
                Reply::Undecided(NodeError::Declined(declined))
            }
            _ => Reply::Unsure(HttpError::Answer.into()),
        }
    }
    fn read_seen(&self, body: &[u8], entry: &Hash) -> Result<Reply, NodeError> {
        let answer = Answer::from_bytes(body).map_err(|_| NodeError::Proof)?;
        match self.signed_rule(&answer, entry)? {
            None => Ok(Reply::Seen(Box::new(answer))),
            Some(_) => Err(NodeError::Proof),
        }
    }
    fn read_refusal(&self, body: &[u8], entry: &Hash) -> Result<Reply, NodeError> {
        let refusal = Refusal::from_bytes(body).map_err(|_| NodeError::Proof)?;
        let rule = self.signed_rule(&refusal.answer, entry)?;
        let rule = rule.ok_or(NodeError::Proof)?;
        Ok(Reply::Refused(rule, Box::new(refusal.answer)))
    }
    fn read_final(&self, body: &[u8], entry: &Hash) -> Result<Reply, NodeError> {
        let receipt = self.read_receipt(body, entry)?;
        Ok(Reply::Final(Box::new(receipt)))
    }
    /// The rule in an answer that is signed by this node, for this network, about this entry.
    fn signed_rule(&self, answer: &Answer, entry: &Hash) -> Result<Option<Rule>, NodeError> {
        let said = &answer.body;
        let own = said.entry == *entry && said.network == self.committee.network;
        if !own || answer.verify(&self.key).is_err() {
            return Err(NodeError::Proof);
        }
        Ok(said.rule)
    }
    fn read_receipt(&self, bytes: &[u8], entry: &Hash) -> Result<Receipt, NodeError> {
        let receipt = Receipt::from_bytes(bytes).map_err(|_| NodeError::Proof)?;
        receipt
            .verify(&self.committee, entry)
            .map_err(|_| NodeError::Proof)?;
        Ok(receipt)
    }
}
