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
    /// The answer proves nothing: wrong signature, network or entry, or not canonical.
    #[error("the node's answer does not verify")]
    Proof,
}
