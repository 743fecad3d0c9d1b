//! Requests and refusals of the portal's program interface: tickets (registrar → portal), survey
//! answers (booth → portal), and what the portal hands through from the nodes.

use ballot::token::RSA_BYTES;
use crypto::Hash;
use refusal::{ErrorCode, VoteState};
use serde::{Deserialize, Serialize};

use crate::hex::Hex;

/// The registrar asks the portal to use up a start file's ticket.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct RedeemRequest {
    /// The ticket.
    pub ticket: Hex<[u8; 16]>,
    /// Id of the registrar: a ticket is good once at each.
    pub registrar: String,
}

/// The ticket is good.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct RedeemAnswer {
    /// Until this time, ms.
    pub expires_ms: u64,
}

/// `POST /v1/survey`: an anonymous answer.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct SurveyRequest {
    /// The election.
    pub election: Hex<Hash>,
    /// What the tokens are for; good once.
    pub serial: Hex<[u8; 32]>,
    /// One token of each registrar, in the manifest's order.
    pub tokens: Vec<Hex<[u8; RSA_BYTES]>>,
    /// The answers; a question may be left out.
    pub answers: Vec<SurveyAnswer>,
}

/// One answer.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct SurveyAnswer {
    /// Id of the question.
    pub question: String,
    /// Chosen options.
    #[serde(default)]
    pub values: Vec<String>,
    /// Free text.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub text: Option<String>,
}

/// Why the portal refuses. On the wire `reason` names the variant.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, thiserror::Error)]
#[serde(tag = "reason", rename_all = "snake_case")]
pub enum Refusal {
    /// The body or a part of the address is not what is expected.
    #[error("the request cannot be understood")]
    Malformed,
    /// The ticket was never handed out here, or has expired.
    #[error("the ticket is unknown or has expired")]
    TicketUnknown,
    /// This registrar redeemed the ticket before.
    #[error("the ticket was redeemed before")]
    TicketUsed,
    /// One address asks for too many start files.
    #[error("too many start files for this address")]
    StartFilesTooOften,
    /// One right to an answer is used too often.
    #[error("this survey answer was sent too often")]
    SurveyTooOften,
    /// The survey's body is not what is expected.
    #[error("not a survey answer")]
    SurveyMalformed,
    /// Not one good token of each registrar.
    #[error("the tokens of the survey answer are not good")]
    SurveyTokens,
    /// Another election, or answers to questions that are not asked.
    #[error("the answers do not fit the survey")]
    SurveyAnswers,
    /// An answer under this serial is stored already.
    #[error("the survey was answered before")]
    SurveyAnswered,
    /// Not a confirmation code.
    #[error("not a confirmation code")]
    NotACode,
    /// No node has it.
    #[error("not on the board")]
    NotOnBoard,
    /// No node answers.
    #[error("no node answers")]
    NoNode,
    /// One address asks the nodes too often through this portal.
    #[error("too many questions from this address")]
    QuestionsTooOften,
    /// All places for readers of the record are taken.
    #[error("the record is being read by others")]
    RecordBusy,
    /// Something failed on this side; nothing was decided.
    #[error("internal error")]
    Internal,
}

impl refusal::Refusal for Refusal {
    fn status(&self) -> u16 {
        match self {
            Self::Malformed | Self::SurveyMalformed | Self::NotACode => 400,
            Self::SurveyTokens => 403,
            Self::TicketUnknown | Self::NotOnBoard => 404,
            Self::TicketUsed | Self::SurveyAnswered => 409,
            Self::SurveyAnswers => 422,
            Self::StartFilesTooOften | Self::SurveyTooOften | Self::QuestionsTooOften => 429,
            Self::Internal => 500,
            Self::NoNode | Self::RecordBusy => 503,
        }
    }

    fn code(&self) -> ErrorCode {
        match self {
            Self::TicketUnknown => ErrorCode::StartFile,
            Self::TicketUsed => ErrorCode::TicketUsed,
            Self::StartFilesTooOften => ErrorCode::RateLimited,
            Self::SurveyTooOften
            | Self::SurveyMalformed
            | Self::SurveyTokens
            | Self::SurveyAnswers
            | Self::SurveyAnswered => ErrorCode::SurveyRefused,
            Self::NotACode => ErrorCode::ReceiptFormat,
            Self::NotOnBoard => ErrorCode::ReceiptUnknown,
            Self::NoNode | Self::QuestionsTooOften => ErrorCode::BoardUnreachable,
            Self::Malformed | Self::RecordBusy | Self::Internal => ErrorCode::Internal,
        }
    }

    fn vote(&self) -> VoteState {
        match self {
            // A token for the survey is issued to those who got one for the ballot; the answer
            // comes after the receipt.
            Self::SurveyTooOften
            | Self::SurveyMalformed
            | Self::SurveyTokens
            | Self::SurveyAnswers
            | Self::SurveyAnswered => VoteState::Accepted,
            Self::NotACode
            | Self::NotOnBoard
            | Self::NoNode
            | Self::QuestionsTooOften
            | Self::RecordBusy => VoteState::Unknown,
            _ => VoteState::NotSent,
        }
    }
}
