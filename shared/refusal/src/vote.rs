//! The state of the vote: what happened to it.

use serde::{Deserialize, Serialize};

/// The state of the vote, said with every refusal: voters must never have to guess it.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum VoteState {
    /// Nothing has been sent.
    #[default]
    NotSent,
    /// Sealed on this machine and not sent; it is sent when the network is back.
    Stored,
    /// Sent or being sent, not yet certain. Sending again does not count twice.
    Pending,
    /// It is not in the box and never gets there: another ballot of the same voter has its place.
    Overtaken,
    /// In the box for good: the receipt verified.
    Accepted,
    /// This part cannot know.
    Unknown,
}
