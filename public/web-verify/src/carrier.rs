//! Questions of a page to the nodes, through the relays of the manifest (spec 11): sealed and opened
//! here, carried by the page.

use crate::pins::{NoPins, Pins};
use oblivious::{Request, Waiting};
use rand_chacha::ChaCha20Rng;
use rand_core::SeedableRng as _;
use serde::Serialize;
use std::collections::BTreeMap;

/// Answers that are waited for at most; the oldest is given up.
const MOST: usize = 64;

/// Whom a page may ask and over whom.
#[derive(Debug, PartialEq, Eq, Serialize)]
pub struct Ways {
    /// Origins of the relays; empty when the manifest lists none.
    pub relays: Vec<String>,
    /// The nodes, as relays name them.
    pub nodes: Vec<String>,
}

/// Seals questions and opens answers.
#[derive(Debug)]
pub struct Carrier {
    relays: Vec<String>,
    /// Pin and door key of each node.
    nodes: Vec<([u8; 32], [u8; 32])>,
    length: usize,
    next: u32,
    waiting: BTreeMap<u32, Waiting>,
}

/// Why a question or an answer is refused.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum NotCarried {
    /// No such node, or a question that cannot be sealed.
    Question,
    /// No such question, or an answer that is not the node's.
    Answer,
}

impl core::fmt::Display for NotCarried {
    fn fmt(&self, f: &mut core::fmt::Formatter<'_>) -> core::fmt::Result {
        f.write_str(match self {
            Self::Question => "the question cannot be sealed",
            Self::Answer => "the answer is not the node's",
        })
    }
}

impl std::error::Error for NotCarried {}

impl Carrier {
    /// For the nodes and relays of this manifest, whose rules are checked, and that fits the trust file
    /// if there is one.
    ///
    /// # Errors
    /// [`NoPins`]; [`NoPins::TooLong`] when there are relays and none can carry a ballot.
    pub fn new(trust: Option<&[u8]>, manifest: &[u8]) -> Result<Self, NoPins> {
        let pins = Pins::read(trust, Some(manifest))?;
        let known = pins.election.ok_or(NoPins::Nothing)?;
        let m = known.manifest;
        let origin =
            |relay: &ballot::manifest::Relay| relay.origin.trim_end_matches('/').to_owned();
        let length = oblivious::question_length(&m);
        if length.is_none() && !m.relays.is_empty() {
            return Err(NoPins::TooLong);
        }
        Ok(Self {
            relays: m.relays.iter().map(origin).collect(),
            nodes: m.validators.iter().map(|v| (v.spki, v.hpke)).collect(),
            length: length.unwrap_or_default(),
            next: 0,
            waiting: BTreeMap::new(),
        })
    }
    /// Whom to ask.
    #[must_use]
    pub fn ways(&self) -> Ways {
        Ways {
            relays: self.relays.clone(),
            nodes: self
                .nodes
                .iter()
                .map(|(spki, _)| crypto::hash::to_hex(spki))
                .collect(),
        }
    }
    /// Seals a look-up to a node; gives its number and the bytes for a relay. `seed` is fresh.
    ///
    /// # Errors
    /// [`NotCarried::Question`].
    pub fn seal(
        &mut self,
        node: usize,
        path: &str,
        seed: [u8; 32],
    ) -> Result<(u32, Vec<u8>), NotCarried> {
        let (_, door) = self.nodes.get(node).ok_or(NotCarried::Question)?;
        let mut rng = ChaCha20Rng::from_seed(seed);
        let sealed = Request::get(path).seal(door, self.length, &mut rng);
        let (sealed, waiting) = sealed.map_err(|_| NotCarried::Question)?;
        let number = self.next;
        self.next = self.next.wrapping_add(1);
        self.waiting.insert(number, waiting);
        if self.waiting.len() > MOST {
            self.waiting.pop_first();
        }
        Ok((number, sealed))
    }
    /// Opens the answer to a question: status and body.
    ///
    /// # Errors
    /// [`NotCarried::Answer`].
    pub fn open(&mut self, number: u32, sealed: &[u8]) -> Result<(u16, Vec<u8>), NotCarried> {
        let waiting = self.waiting.remove(&number).ok_or(NotCarried::Answer)?;
        let answer = waiting.open(sealed).map_err(|_| NotCarried::Answer)?;
        Ok((answer.status, answer.body))
    }
}
