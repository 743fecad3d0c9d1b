//! What a relay hands to the authority, and why it does not pass a question on (spec 11).

use refusal::{ErrorCode, VoteState};
use serde::{Deserialize, Serialize};

use crate::hex::Hex;

/// A relay's `public.json`.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct PublicPart {
    /// Name in Japanese.
    pub name_ja: String,
    /// Name in English.
    pub name_en: String,
    /// Address as voters reach it, `https://host:port`.
    pub origin: String,
    /// SHA-256 of its TLS public key (SPKI).
    pub spki: Hex<[u8; 32]>,
}

/// Why a relay does not pass a question on. It has read nothing of it. On the wire `reason` names the
/// variant.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, thiserror::Error)]
#[serde(tag = "reason", rename_all = "snake_case")]
pub enum Refusal {
    /// Another content type than that of a sealed question.
    #[error("not a sealed question")]
    NotSealed,
    /// Not a node of this relay's network.
    #[error("this relay does not pass anything on there")]
    UnknownNode,
    /// One address asks too often.
    #[error("too many questions from this address")]
    TooManyQuestions,
    /// Too many questions are under way.
    #[error("the relay is busy")]
    Busy,
    /// The node cannot be reached, or its answer broke off.
    #[error("the node does not answer")]
    NoNode,
}

impl refusal::Refusal for Refusal {
    fn status(&self) -> u16 {
        match self {
            Self::NotSealed => 415,
            Self::UnknownNode => 404,
            Self::TooManyQuestions => 429,
            Self::Busy => 503,
            Self::NoNode => 502,
        }
    }

    fn code(&self) -> ErrorCode {
        ErrorCode::NoRelay
    }

    /// Nobody takes a relay's word for what became of a question.
    fn vote(&self) -> VoteState {
        VoteState::Unknown
    }
}
