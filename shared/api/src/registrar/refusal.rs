//! Every way a registrar refuses a request: one variant for each rule.

use refusal::ErrorCode;
use serde::{Deserialize, Serialize};

/// A refusal. On the wire `reason` names the variant, and its data are further members.
///
/// Several reasons share a code on purpose: what voters see does not tell which list, file or
/// signature of the identity check was at fault. Times are milliseconds since 1970.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, thiserror::Error)]
#[serde(tag = "reason", rename_all = "snake_case")]
pub enum Refusal {
    /// The body is not the JSON, hexadecimal or canonical bytes expected.
    #[error("the request cannot be understood")]
    Malformed,
    /// Before the first opening of any channel.
    #[error("the vote has not opened")]
    NotOpen {
        /// The opening.
        next_opening_ms: u64,
    },
    /// At or after the effective close: there is no answer at all, not even an old one.
    #[error("the vote is closed")]
    Closed {
        /// The effective close.
        closed_ms: u64,
    },
    /// This channel is closed at this hour.
    #[error("this channel is closed now")]
    ChannelClosed {
        /// The next opening of this channel; absent after the last one.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        next_opening_ms: Option<u64>,
        /// Whether one can vote from home now.
        home_open: bool,
    },
    /// No ticket, or the portal does not know it.
    #[error("the start file's ticket is not good")]
    TicketUnknown,
    /// The portal did not answer.
    #[error("tickets cannot be checked now")]
    TicketUnchecked,
    /// The ticket or the server has opened too many sessions.
    #[error("too many sessions")]
    TooManySessions,
    /// No such session, or it has expired.
    #[error("the session is unknown or has expired")]
    SessionUnknown,
    /// The nonce has been used before.
    #[error("the nonce has been used before")]
    SessionUsed,
    /// The text names another election.
    #[error("the text was signed for another election")]
    OtherElection,
    /// The text names another registrar.
    #[error("the text was signed for another registrar")]
    OtherOrigin,
    /// The text holds another nonce than the session.
    #[error("the text was signed for another session")]
    OtherNonce,
    /// The text's last day is over, or too far away.
    #[error("the text has expired")]
    TextExpired,
    /// No such station, or it is not in service today.
    #[error("the station is not in service")]
    StationUnknown,
    /// The station did not prove itself.
    #[error("the station did not prove itself")]
    StationProof,
    /// The face is not the card's.
    #[error("the face does not match")]
    FaceMismatch,
    /// The last attempt at the face step failed.
    #[error("the face did not match in the last attempt")]
    FaceExhausted,
    /// The channel asks for the face step and it did not take place.
    #[error("the face step is required here")]
    FaceMissing,
    /// The certificate has expired.
    #[error("the certificate has expired")]
    CertificateExpired {
        /// Last millisecond of its validity.
        not_after_ms: u64,
    },
    /// The certificate was issued after the vote opened.
    #[error("the certificate was issued after the opening")]
    CertificateLate,
    /// The certificate does not belong to a card of a trusted authority.
    #[error("the certificate is not one of a card")]
    CertificateProfile,
    /// The certificate was revoked. The reason is not kept.
    #[error("the certificate has been revoked")]
    Revoked,
    /// Revocation cannot be decided now.
    #[error("revocation cannot be checked now")]
    RevocationUnknown,
    /// The card's signature does not verify under its certificate.
    #[error("the card's signature does not verify")]
    CardSignature,
    /// The session key's signature does not verify.
    #[error("the session key's signature does not verify")]
    SessionSignature,
    /// A further or survey token before the first.
    #[error("this person has no credential yet")]
    FirstMissing,
    /// Another *first* request of the same person.
    #[error("another credential request of the same person")]
    FirstDiffers,
    /// A second *again* request in one session.
    #[error("one further ballot per authentication")]
    AgainUsed,
    /// The same session's *again* request is being recorded at this moment.
    #[error("the request is being recorded")]
    AgainPending,
    /// This process holds no nonce for the session (any more): it was restarted, the
    /// session expired, or the person may not vote again here and now.
    #[error("this registrar holds no nonce for the session: show the card again")]
    NonceGone,
    /// Another session of the same person has taken this one's place.
    #[error("another session of the same card was opened meanwhile: show the card again")]
    SessionReplaced,
    /// The *again* key of another window is in force.
    #[error("the key of this window signs no more: show the card again")]
    WindowOver,
    /// A second challenge in one session.
    #[error("one challenge for each nonce")]
    ChallengeUsed,
    /// A challenge before the session's *again* token.
    #[error("the token for the further ballot comes first")]
    AgainMissing,
    /// What the booth heard of the registrars is not what they signed in this sitting (R4.04).
    #[error("what the registrars said was not signed for this sitting")]
    HeardUnsigned,
    /// Midnight passed while the request was recorded, and the day's report has been made.
    #[error("the day has ended meanwhile: ask again")]
    DayOver,
    /// Too many further ballots in a short time.
    #[error("too many further ballots")]
    AgainTooOften {
        /// When the next one is possible.
        retry_ms: u64,
    },
    /// A staffed station got a token for this person: further ballots are given there only.
    #[error("further ballots of this person are given at staffed stations only")]
    StationOnly,
    /// Another *survey* request of the same person.
    #[error("the survey token was issued before")]
    SurveyUsed,
    /// Not an extension two officers signed for this election, or too late for one.
    #[error("this is not an extension two officers ordered in time")]
    Extension,
    /// Something failed on this side; nothing was decided.
    #[error("internal error")]
    Internal,
}

impl refusal::Refusal for Refusal {
    fn status(&self) -> u16 {
        match self {
            Self::Malformed => 400,
            Self::FirstDiffers | Self::AgainUsed | Self::ChallengeUsed | Self::SurveyUsed => 409,
            Self::TooManySessions | Self::AgainTooOften { .. } => 429,
            Self::Internal => 500,
            Self::TicketUnchecked
            | Self::RevocationUnknown
            | Self::AgainPending
            | Self::DayOver => 503,
            _ => 403,
        }
    }

    fn code(&self) -> ErrorCode {
        match self {
            Self::NotOpen { .. } => ErrorCode::BeforeOpening,
            Self::Closed { .. } => ErrorCode::AfterClose,
            Self::ChannelClosed { .. } => ErrorCode::ChannelClosed,
            Self::TicketUnknown | Self::OtherElection => ErrorCode::StartFile,
            Self::TooManySessions | Self::AgainTooOften { .. } => ErrorCode::RateLimited,
            Self::SessionUnknown | Self::TextExpired => ErrorCode::SessionEnded,
            Self::SessionUsed | Self::AgainUsed | Self::ChallengeUsed => ErrorCode::RequestReplayed,
            Self::NonceGone | Self::SessionReplaced | Self::WindowOver => ErrorCode::CardStepAgain,
            Self::StationUnknown | Self::StationProof => ErrorCode::StationUnknown,
            Self::FaceMismatch => ErrorCode::FaceMismatch,
            Self::FaceExhausted | Self::FaceMissing => ErrorCode::FaceRefused,
            Self::CertificateExpired { .. } => ErrorCode::CertificateExpired,
            Self::CertificateLate => ErrorCode::IssuedAfterOpening,
            Self::CertificateProfile | Self::CardSignature => ErrorCode::CertificateRefused,
            Self::Revoked => ErrorCode::CertificateRevoked,
            Self::TicketUnchecked
            | Self::RevocationUnknown
            | Self::AgainPending
            | Self::DayOver => ErrorCode::RevocationUnknown,
            Self::FirstDiffers => ErrorCode::OtherRequest,
            Self::StationOnly => ErrorCode::StationOnly,
            Self::SurveyUsed => ErrorCode::SurveyRefused,
            Self::Malformed
            | Self::OtherOrigin
            | Self::OtherNonce
            | Self::SessionSignature
            | Self::FirstMissing
            | Self::AgainMissing
            | Self::HeardUnsigned
            | Self::Extension
            | Self::Internal => ErrorCode::Internal,
        }
    }
}

#[cfg(test)]
mod tests;
