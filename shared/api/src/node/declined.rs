//! Why a node gives a problem document instead of an answer. An entry that the board's rules refuse
//! gets none: the answer is a signed [`super::Refusal`].

use refusal::{ErrorCode, VoteState};
use serde::{Deserialize, Serialize};

/// A request that the node did not decide, or a question to which it knows no answer. On the wire
/// `reason` names the variant.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, thiserror::Error)]
#[serde(tag = "reason", rename_all = "snake_case")]
pub enum Declined {
    /// Not a hash of 128 lower-case hexadecimal digits.
    #[error("not a hash")]
    NotAHash,
    /// Not the 64 lower-case hexadecimal digits of a voting key.
    #[error("not a voting key")]
    NotAVotingKey,
    /// Not a confirmation code.
    #[error("not a confirmation code")]
    NotACode,
    /// One address posts too often. The entry was not looked at.
    #[error("too many posts from this address")]
    TooManyPosts,
    /// Too many entries wait for their checks. The entry was not looked at.
    #[error("the node is busy")]
    Busy,
    /// No room for further entries. The entry was not kept.
    #[error("the node is full")]
    Full,
    /// The program of this node cannot do what the entry orders, though no rule of the board that
    /// was looked at refuses it. The entry was not kept.
    #[error("not supported by the program of this node")]
    NotSupported,
    /// The node is shutting down. Whether the entry was kept is not known.
    #[error("the node is stopping")]
    Stopping,
    /// The entry waits here for a block.
    #[error("not final yet")]
    NotFinal,
    /// The entry is final, and the certificate that proves it has not arrived here.
    #[error("final, but the certificate is not here yet")]
    NotCertified,
    /// No such entry.
    #[error("no such entry on the board")]
    NoEntry,
    /// No ballot with this confirmation code.
    #[error("no ballot with this code")]
    NoCode,
    /// No such check ballot.
    #[error("no such check ballot on the board")]
    NoCheckBallot,
    /// No opening of this ballot.
    #[error("no opening of this ballot on the board")]
    NoOpening,
    /// No block is final.
    #[error("no block is final yet")]
    NoBlock,
    /// No sealed election with this hash.
    #[error("no such sealed election")]
    NoElection,
    /// More than one election is on the board, and the question names none.
    #[error("several elections are on this board: name one")]
    WhichElection,
    /// All places for readers of the record are taken.
    #[error("the record is being read by others")]
    RecordBusy,
    /// The record cannot be made.
    #[error("the record cannot be made now")]
    RecordFailed,
    /// A sealed question that does not open with this node's key, or holds no question.
    #[error("the sealed question cannot be opened")]
    NotSealed,
    /// The address is none of this node's interface, or not one that is asked through a relay.
    #[error("nothing is asked there")]
    NoSuchQuestion,
    /// Something failed on this side.
    #[error("internal error")]
    Internal,
}

impl Declined {
    /// Whether an entry that was answered with this may be on the board, or on its way there:
    /// nobody may be told that it is not.
    #[must_use]
    pub fn may_have_taken_it(self) -> bool {
        match self {
            Self::Stopping | Self::NotFinal | Self::NotCertified | Self::Internal => true,
            Self::NotAHash
            | Self::NotAVotingKey
            | Self::NotACode
            | Self::TooManyPosts
            | Self::Busy
            | Self::Full
            | Self::NotSupported
            | Self::NoEntry
            | Self::NoCode
            | Self::NoCheckBallot
            | Self::NoOpening
            | Self::NoBlock
            | Self::NoElection
            | Self::WhichElection
            | Self::RecordBusy
            | Self::NotSealed
            | Self::NoSuchQuestion
            | Self::RecordFailed => false,
        }
    }
}

impl refusal::Refusal for Declined {
    fn status(&self) -> u16 {
        match self {
            Self::NotAHash
            | Self::NotAVotingKey
            | Self::NotACode
            | Self::WhichElection
            | Self::NotSealed => 400,
            Self::NotFinal
            | Self::NoEntry
            | Self::NoCode
            | Self::NoCheckBallot
            | Self::NoOpening
            | Self::NoBlock
            | Self::NoSuchQuestion
            | Self::NoElection => 404,
            Self::TooManyPosts => 429,
            Self::Internal => 500,
            Self::NotSupported => 501,
            Self::Busy
            | Self::Full
            | Self::Stopping
            | Self::NotCertified
            | Self::RecordBusy
            | Self::RecordFailed => 503,
        }
    }

    fn code(&self) -> ErrorCode {
        match self {
            Self::TooManyPosts | Self::Busy | Self::Full => ErrorCode::SendFailed,
            Self::Stopping | Self::NotFinal | Self::NotCertified => ErrorCode::Waiting,
            Self::NotACode
            | Self::NoEntry
            | Self::NoCode
            | Self::NoCheckBallot
            | Self::NoOpening
            | Self::NoBlock
            | Self::NoElection => ErrorCode::ReceiptUnknown,
            Self::NotAHash
            | Self::NotAVotingKey
            | Self::WhichElection
            | Self::RecordBusy
            | Self::RecordFailed
            | Self::NotSupported
            | Self::NotSealed
            | Self::NoSuchQuestion
            | Self::Internal => ErrorCode::Internal,
        }
    }

    fn vote(&self) -> VoteState {
        match self {
            Self::TooManyPosts | Self::Busy | Self::Full => VoteState::NotSent,
            Self::NotFinal | Self::NotCertified => VoteState::Pending,
            _ => VoteState::Unknown,
        }
    }
}

#[cfg(test)]
mod tests;
