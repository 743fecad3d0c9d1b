//! Why a node, or the way to it, gave nothing usable.

use api::node::Declined;
use host::http::HttpError;

/// Why a node gave nothing usable.
#[derive(Debug, thiserror::Error)]
pub enum NodeError {
    /// Not reached, or no answer to the question.
    #[error(transparent)]
    Http(#[from] HttpError),
    /// The node says for itself, unsigned, why it decided nothing.
    #[error("the node decided nothing: {0}")]
    Declined(Declined),
    /// No relay gave an answer of the node, and nothing goes there directly.
    #[error("no relay passes the question on")]
    NoRelay,
    /// An answer may be on its way, and did not come in the time given: the way there, or the node, is
    /// slow.
    #[error("no answer in the time given")]
    Late,
    /// The manifest lists relays, and no question they carry holds a ballot or a survey answer of this
    /// election: a fault of its making.
    #[error("this election's ballots or survey answers are too long for a relay")]
    TooLong,
    /// The answer proves nothing: wrong signature, network or entry, or not canonical.
    #[error("the node's answer does not verify")]
    Proof,
}
