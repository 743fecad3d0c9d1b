//! Requests and answers of the node interface (conventions D14, D15).
//!
//! Bodies are canonical bytes: an entry goes up as it is, answers are told apart by their type
//! byte. JSON is only a view.

use crypto::schnorr::{self, BadSignature, Signature, SigningKey};
use crypto::wire::{Reader, TopLevel, Wire, WireError, Writer};
use crypto::{Encoded, Hash, Point, Rule};
use serde::{Deserialize, Serialize};

/// Type byte of [`Answer`].
pub const TYPE_ANSWER: u8 = 0x60;
/// Type byte of [`NoBallot`].
pub const TYPE_NO_BALLOT: u8 = 0x61;
/// Type byte of [`Refusal`].
pub const TYPE_REFUSAL: u8 = 0x62;
/// Type byte of [`Head`].
pub const TYPE_HEAD: u8 = 0x63;

/// Purpose of the node key's signature under an [`Answer`].
pub const PURPOSE_ANSWER: &str = "node-answer";
/// Purpose of the node key's signature under a [`NoBallot`].
pub const PURPOSE_NO_BALLOT: &str = "node-no-ballot";

/// Longest receipt inside a [`Refusal`], and longest certificate inside a [`Head`].
pub const MAX_RECEIPT: usize = 256 * 1024;

/// What a node says at once about an entry: seen (rule 0), or refused with a rule number.
///
/// A "seen" that is not on the board within 60 s of block time is public proof against the node.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Answer {
    /// The board the node serves.
    pub network: [u8; 32],
    /// Hash (fingerprint) of the entry.
    pub entry: Hash,
    /// 0 = seen; otherwise the number of the rule that refuses the entry.
    pub rule: u16,
    /// Height of the last final block when the node answered.
    pub height: u64,
    /// The node's time, ms.
    pub time_ms: u64,
    /// By the node's key, over everything above.
    pub signature: Signature,
}

impl Answer {
    /// Signs an answer.
    pub fn sign<R: rand_core::CryptoRng + ?Sized>(
        key: &SigningKey,
        network: [u8; 32],
        entry: Hash,
        rule: Option<Rule>,
        (height, time_ms): (u64, u64),
        rng: &mut R,
    ) -> Self {
        let rule = rule.map_or(0, |r| r.0);
        let message = Self::message(&network, &entry, rule, height, time_ms);
        let signature = key.sign(PURPOSE_ANSWER, &message, rng);
        Self {
            network,
            entry,
            rule,
            height,
            time_ms,
            signature,
        }
    }

    /// Checks the node's signature.
    ///
    /// # Errors
    /// [`BadSignature`].
    pub fn verify(&self, node: &Point) -> Result<(), BadSignature> {
        let message = Self::message(
            &self.network,
            &self.entry,
            self.rule,
            self.height,
            self.time_ms,
        );
        schnorr::verify(node, PURPOSE_ANSWER, &message, &self.signature)
    }

    /// The rule that refuses the entry; none when it was seen.
    #[must_use]
    pub fn refused_by(&self) -> Option<Rule> {
        (self.rule != 0).then_some(Rule(self.rule))
    }

    fn message(network: &[u8; 32], entry: &Hash, rule: u16, height: u64, time_ms: u64) -> Vec<u8> {
        let mut w = Writer::new();
        w.raw(network);
        entry.write(&mut w);
        w.u16(rule);
        w.u64(height);
        w.u64(time_ms);
        w.finish()
    }
}

impl Wire for Answer {
    fn write(&self, w: &mut Writer) {
        w.raw(&Self::message(
            &self.network,
            &self.entry,
            self.rule,
            self.height,
            self.time_ms,
        ));
        self.signature.write(w);
    }
    fn read(r: &mut Reader<'_>) -> Result<Self, WireError> {
        Ok(Self {
            network: r.array()?,
            entry: Hash::read(r)?,
            rule: r.u16()?,
            height: r.u64()?,
            time_ms: r.u64()?,
            signature: Signature::read(r)?,
        })
    }
}

impl TopLevel for Answer {
    const TYPE: u8 = TYPE_ANSWER;
}

/// A signed refusal, with the receipt of the ballot that already holds the number if there is one.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Refusal {
    /// The refusal itself (its rule is not 0).
    pub answer: Answer,
    /// Canonical bytes of the receipt of the ballot that holds the seq; empty when there is none.
    pub held_by: Vec<u8>,
}

impl Wire for Refusal {
    fn write(&self, w: &mut Writer) {
        w.bytes(&self.answer.to_bytes());
        w.bytes(&self.held_by);
    }
    fn read(r: &mut Reader<'_>) -> Result<Self, WireError> {
        let answer = Answer::from_bytes(r.bytes(1024)?)?;
        if answer.rule == 0 {
            return Err(WireError::Range);
        }
        Ok(Self {
            answer,
            held_by: r.bytes(MAX_RECEIPT)?.to_vec(),
        })
    }
}

impl TopLevel for Refusal {
    const TYPE: u8 = TYPE_REFUSAL;
}

/// "No ballot of this voting key was accepted up to this height", signed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct NoBallot {
    /// The board the node serves.
    pub network: [u8; 32],
    /// The voting key asked about (it belongs to one election only).
    pub voter: Encoded,
    /// Height of the last final block.
    pub height: u64,
    /// The node's time, ms.
    pub time_ms: u64,
    /// By the node's key, over everything above.
    pub signature: Signature,
}

impl NoBallot {
    /// Signs the statement.
    pub fn sign<R: rand_core::CryptoRng + ?Sized>(
        key: &SigningKey,
        network: [u8; 32],
        voter: Encoded,
        (height, time_ms): (u64, u64),
        rng: &mut R,
    ) -> Self {
        let message = Self::message(&network, &voter, height, time_ms);
        let signature = key.sign(PURPOSE_NO_BALLOT, &message, rng);
        Self {
            network,
            voter,
            height,
            time_ms,
            signature,
        }
    }

    /// Checks the node's signature.
    ///
    /// # Errors
    /// [`BadSignature`].
    pub fn verify(&self, node: &Point) -> Result<(), BadSignature> {
        let message = Self::message(&self.network, &self.voter, self.height, self.time_ms);
        schnorr::verify(node, PURPOSE_NO_BALLOT, &message, &self.signature)
    }

    fn message(network: &[u8; 32], voter: &Encoded, height: u64, time_ms: u64) -> Vec<u8> {
        let mut w = Writer::new();
        w.raw(network);
        voter.write(&mut w);
        w.u64(height);
        w.u64(time_ms);
        w.finish()
    }
}

impl Wire for NoBallot {
    fn write(&self, w: &mut Writer) {
        w.raw(&Self::message(
            &self.network,
            &self.voter,
            self.height,
            self.time_ms,
        ));
        self.signature.write(w);
    }
    fn read(r: &mut Reader<'_>) -> Result<Self, WireError> {
        Ok(Self {
            network: r.array()?,
            voter: Encoded::read(r)?,
            height: r.u64()?,
            time_ms: r.u64()?,
            signature: Signature::read(r)?,
        })
    }
}

impl TopLevel for NoBallot {
    const TYPE: u8 = TYPE_NO_BALLOT;
}

/// The last final header and its certificate.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Head {
    /// Canonical bytes of the header.
    pub header: Vec<u8>,
    /// Finality certificate of exactly this header.
    pub certificate: Vec<u8>,
}

impl Wire for Head {
    fn write(&self, w: &mut Writer) {
        w.bytes(&self.header);
        w.bytes(&self.certificate);
    }
    fn read(r: &mut Reader<'_>) -> Result<Self, WireError> {
        Ok(Self {
            header: r.bytes(1024)?.to_vec(),
            certificate: r.bytes(MAX_RECEIPT)?.to_vec(),
        })
    }
}

impl TopLevel for Head {
    const TYPE: u8 = TYPE_HEAD;
}

/// `GET /v1/status`.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Status {
    /// Name of the validator in the network file.
    pub validator: String,
    /// Network id, hex.
    pub network: String,
    /// Height of the last final block applied here.
    pub height: u64,
    /// Digest of that block's header, hex.
    pub head: String,
    /// Time of that block, ms.
    pub block_time_ms: u64,
    /// The node's own time, ms.
    pub now_ms: u64,
    /// Entries on the board.
    pub entries: u64,
    /// Entries waiting here for a block.
    pub waiting: u64,
    /// Elections on the board.
    pub elections: Vec<ElectionStatus>,
}

/// One election in [`Status`].
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct ElectionStatus {
    /// Entry hash of its setup, hex.
    pub setup: String,
    /// Election hash, hex; none before it is sealed.
    pub election: Option<String>,
    /// setup, ceremony, sealed, open, halted, closed, committed, announced, result.
    pub phase: String,
    /// The effective close, ms; none before it is sealed.
    pub close_at_ms: Option<u64>,
    /// Next instant at which the phase may change by time alone, ms.
    pub next_boundary_ms: Option<u64>,
    /// Ballots accepted, overwritten ones included.
    pub received: u64,
    /// Voting keys with an accepted ballot.
    pub counted: u64,
    /// Check ballots opened.
    #[serde(rename = "spoiled")]
    pub check_ballots: u64,
}

/// The network file: who the validators are. Every node of a board has the same.
#[derive(Clone, Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct NetworkFile {
    /// Free name of the network, part of its id.
    pub name: String,
    /// Keys (hex) of the authorities that may hold elections on this network, in any order.
    pub authorities: Vec<String>,
    /// The validators, in any order.
    pub validators: Vec<ValidatorEntry>,
}

/// One validator in the [`NetworkFile`].
#[derive(Clone, Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ValidatorEntry {
    /// Name shown to people, unique.
    pub name: String,
    /// Ed25519 key of the engine, hex.
    pub engine_key: String,
    /// Schnorr key that signs "seen" and refusals, hex.
    pub node_key: String,
    /// Address the other validators reach it at, `ip:port`.
    pub p2p: std::net::SocketAddr,
    /// Origin of the gateway, `https://host:port`.
    pub gateway: String,
    /// SHA-256 of the gateway's public key (SPKI), hex.
    pub spki: String,
}
