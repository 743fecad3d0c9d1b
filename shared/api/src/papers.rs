//! What a booth saves for the voter besides the receipt: the ballot as it was sent and every node's
//! signed answer. With them a dispute can be decided from the public record alone.

use crate::hex::{Hex, HexBytes};
use crate::node::Answer;
use crate::registrar::Heard;
use ballot::own_card::statement::AuthStatement;
use crypto::schnorr::Signature;
use crypto::wire::TopLevel as _;
use crypto::{Hash, Point};
use serde::{Deserialize, Serialize};

/// Longest ballot, receipt and answer in hexadecimal.
const MAX: usize = 256 * 1024;

/// Most answers in one file.
pub const MAX_PAPERS: usize = 1024;

/// A node's signed answer.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Paper {
    /// The node's key, as the manifest has it.
    pub node: Hex<Point>,
    /// Canonical bytes of what it signed: `Seen`, or a refusal with its rule.
    pub answer: HexBytes<1024>,
}

impl Paper {
    /// What this node said.
    #[must_use]
    pub fn of(node: Point, answer: &Answer) -> Self {
        Self {
            node: Hex(node),
            answer: HexBytes::of(answer.to_bytes()),
        }
    }
    /// Key and answer; none when it is no answer. The signature is not verified here.
    #[must_use]
    pub fn read(&self) -> Option<(Point, Answer)> {
        let answer = Answer::from_bytes(self.answer.as_bytes()).ok()?;
        Some((self.node.0, answer))
    }
}

/// What registrars signed to a card in one sitting (spec 04 §4), kept when one of them is at fault.
/// Whoever has the manifest can verify it; it names the card by a hash, and no ballot.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Sitting {
    /// The session key e.
    pub session_key: Hex<Point>,
    /// H(`certificate`, DER) of the card.
    pub certificate: Hex<Hash>,
    /// In the manifest's order, as far as the sitting came; the last one may be the one that was
    /// refused.
    pub registrars: Vec<Heard>,
}

impl Sitting {
    /// Each registrar's statement with its signature, neither of them verified.
    pub fn statements(&self, election: &Hash) -> impl Iterator<Item = (AuthStatement, Signature)> {
        let (key, card) = (&self.session_key.0, &self.certificate.0);
        (0u16..).zip(&self.registrars).map(move |(j, heard)| {
            let statement = heard.statement(election, j, key, card);
            (statement, heard.signature.0)
        })
    }
}

/// The members of a saved receipt that a dispute needs; the file has others, which repeat them.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct Papers {
    /// Canonical bytes of the receipt, once the ballot was final.
    pub bytes: Option<HexBytes<MAX>>,
    /// The ballot as it was sent.
    pub ballot: HexBytes<MAX>,
    /// What nodes said about it.
    pub papers: Vec<Paper>,
}
