//! Requests and answers of the node interface (conventions D14, D15).
//!
//! Bodies are canonical bytes: an entry is posted as it is, and answers differ in their type
//! byte. JSON is only a view.

mod bucket;
mod declined;

use crypto::signed::{Signed, Statement};
use crypto::wire::{Reader, TopLevel, Wire, WireError, Writer};
use crypto::{Encoded, Hash, Point};
use serde::{Deserialize, Serialize};

use crate::hex::Hex;

pub use board::judgement::{Answer, Judgement, TYPE_ANSWER};
pub use bucket::{Bucket, BucketRow, Listing, TYPE_LISTING};
pub use declined::Declined;

/// Type byte of [`NoBallot`].
pub const TYPE_NO_BALLOT: u8 = 0x61;
/// Type byte of [`Refusal`].
pub const TYPE_REFUSAL: u8 = 0x62;
/// Type byte of [`Head`].
pub const TYPE_HEAD: u8 = 0x63;

/// Longest receipt inside a [`Refusal`], and longest certificate inside a [`Head`].
pub const MAX_RECEIPT: usize = 256 * 1024;

/// What nodes sign: the body without version and type; the purpose takes their place.
fn bare(body: &impl Wire) -> Vec<u8> {
    let mut w = Writer::new();
    body.write(&mut w);
    w.finish()
}

/// A signed refusal, with the receipt of the ballot that already holds the number if there is one.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Refusal {
    /// The refusal itself (its rule is there).
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
        if answer.body.rule.is_none() {
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

/// "No ballot of this voting key was accepted up to this height."
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Absence {
    /// The board the node serves.
    pub network: [u8; 32],
    /// The voting key asked about (it belongs to one election only).
    pub voter: Encoded,
    /// Height of the last final block.
    pub height: u64,
    /// The node's time, ms.
    pub time_ms: u64,
}

/// An [`Absence`] under the node's key.
pub type NoBallot = Signed<Absence>;

impl Statement for Absence {
    const PURPOSE: &'static str = "node-no-ballot";
    const TYPE: u8 = TYPE_NO_BALLOT;

    fn signed_bytes(&self) -> Vec<u8> {
        bare(self)
    }
}

impl Wire for Absence {
    fn write(&self, w: &mut Writer) {
        w.raw(&self.network);
        self.voter.write(w);
        w.u64(self.height);
        w.u64(self.time_ms);
    }
    fn read(r: &mut Reader<'_>) -> Result<Self, WireError> {
        Ok(Self {
            network: r.array()?,
            voter: Encoded::read(r)?,
            height: r.u64()?,
            time_ms: r.u64()?,
        })
    }
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
    /// Network id.
    pub network: Hex<[u8; 32]>,
    /// Height of the last final block applied here.
    pub height: u64,
    /// Digest of that block's header.
    pub head: Hex<[u8; 32]>,
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
    /// Entry hash of its setup.
    pub setup: Hex<Hash>,
    /// Election hash; none before it is sealed.
    pub election: Option<Hex<Hash>>,
    /// setup, ceremony, sealed, withdrawn, open, halted, draining, closed, committed, announced,
    /// result.
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
    /// Entry hashes of the withdrawal and of the newest addresses, if there are any.
    #[serde(default)]
    pub acts: Vec<Hex<Hash>>,
}

/// How many check ballots of one voting key and number the board has, at most five (R5.28). Not signed.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct CheckCount {
    /// Number of the ballot.
    pub seq: u32,
    /// Check ballots with it.
    pub checks: u8,
}

/// The network file: who the validators are. Every node of a board has the same.
#[derive(Clone, Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct NetworkFile {
    /// Free name of the network, part of its id.
    pub name: String,
    /// Keys of the authorities that may hold elections on this network, in any order.
    pub authorities: Vec<Hex<Point>>,
    /// The validators, in any order.
    pub validators: Vec<ValidatorEntry>,
}

/// One validator in the [`NetworkFile`].
#[derive(Clone, Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ValidatorEntry {
    /// Name shown to people, unique.
    pub name: String,
    /// Ed25519 key of the engine.
    pub engine_key: Hex<[u8; 32]>,
    /// Schnorr key that signs "seen" and refusals.
    pub node_key: Hex<Point>,
    /// Address the other validators reach it at, `ip:port`.
    pub p2p: std::net::SocketAddr,
    /// Origin of the gateway, `https://host:port`.
    pub gateway: String,
    /// SHA-256 of the gateway's public key (SPKI).
    pub spki: Hex<[u8; 32]>,
    /// X25519 key of the gateway: what relays pass on is sealed to it.
    pub hpke: Hex<[u8; 32]>,
}
