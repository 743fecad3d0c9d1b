//! What a booth saves for the voter besides the receipt: the ballot as it was sent and every node's
//! signed answer. With them a dispute can be decided from the public record alone.

use crate::hex::{Hex, HexBytes};
use crate::node::Answer;
use crypto::Point;
use crypto::wire::TopLevel as _;
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
