//! Every way a request is refused: one variant a rule.

use axum::response::{IntoResponse, Response};
use host::Problem;
use jpki::JpkiError;

/// A refusal. `code` names the text voters see, `reason` the rule.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum Refusal {
    /// The body is not the JSON, hexadecimal or canonical bytes expected.
    #[error("the request cannot be understood")]
    Malformed,
    /// Before the first opening of any channel.
    #[error("the vote has not opened")]
    NotOpen {
        /// The opening, ms.
        opens_ms: u64,
    },
    /// At or after the effective close: there is no answer at all, not even an old one.
    #[error("the vote is closed")]
    Closed {
        /// The effective close, ms.
        closed_ms: u64,
    },
    /// This channel is closed at this hour.
    #[error("this channel is closed now")]
    ChannelClosed {
        /// The next opening of this channel, ms.
        next_ms: Option<u64>,
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
    /// The certificate, its revocation or the card's signature, as crate `jpki` says.
    #[error("{0}")]
    Card(JpkiError),
    /// The certificate was issued after the vote opened.
    #[error("the certificate was issued after the opening")]
    CertificateLate,
    /// Revocation cannot be decided now.
    #[error("revocation cannot be checked now")]
    RevocationUnknown,
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
    /// Midnight passed while the request was recorded, and the day's report has been made.
    #[error("the day has ended meanwhile: ask again")]
    DayOver,
    /// Too many further ballots in a short time.
    #[error("too many further ballots")]
    AgainTooOften {
        /// When the next one is possible, ms.
        retry_ms: u64,
    },
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

impl Refusal {
    /// The rule as one machine word.
    #[must_use]
    pub fn reason(&self) -> &'static str {
        self.row().2
    }

    /// The code of the error catalogue.
    #[must_use]
    pub fn code(&self) -> &'static str {
        self.row().1
    }

    fn row(&self) -> (u16, &'static str, &'static str) {
        match self {
            Self::Malformed => (400, "E-30", "malformed"),
            Self::NotOpen { .. } => (403, "E-01", "not_open"),
            Self::Closed { .. } => (403, "E-02", "closed"),
            Self::ChannelClosed { .. } => (403, "E-03", "channel_closed"),
            Self::TicketUnknown => (403, "E-24", "ticket_unknown"),
            Self::TicketUnchecked => (503, "E-10", "ticket_unchecked"),
            Self::TooManySessions => (429, "E-27", "too_many_sessions"),
            Self::SessionUnknown => (403, "E-26", "session_unknown"),
            Self::SessionUsed => (403, "E-26b", "session_used"),
            Self::OtherElection => (403, "E-24", "other_election"),
            Self::OtherOrigin => (403, "E-30", "other_origin"),
            Self::OtherNonce => (403, "E-30", "other_nonce"),
            Self::TextExpired => (403, "E-26", "text_expired"),
            Self::StationUnknown => (403, "E-03b", "station_unknown"),
            Self::StationProof => (403, "E-03b", "station_proof"),
            Self::FaceMismatch => (403, "E-17", "face_mismatch"),
            Self::FaceExhausted => (403, "E-18", "face_exhausted"),
            Self::FaceMissing => (403, "E-18", "face_missing"),
            Self::Card(error) => card_row(*error),
            Self::CertificateLate => (403, "E-08b", "certificate_late"),
            Self::RevocationUnknown => (503, "E-10", "revocation_unknown"),
            Self::SessionSignature => (403, "E-30", "session_signature"),
            Self::FirstMissing => (403, "E-30", "first_missing"),
            Self::FirstDiffers => (409, "E-27b", "first_differs"),
            Self::AgainUsed => (409, "E-26b", "again_used"),
            Self::DayOver => (503, "E-10", "day_over"),
            Self::AgainPending => (503, "E-10", "again_pending"),
            Self::AgainTooOften { .. } => (429, "E-27", "again_too_often"),
            Self::SurveyUsed => (409, "E-30b", "survey_used"),
            Self::Extension => (403, "E-30", "extension"),
            Self::Internal => (500, "E-30", "internal"),
        }
    }

    /// The refusal on the wire.
    #[must_use]
    pub fn problem(&self) -> Problem {
        let (status, code, reason) = self.row();
        let problem = Problem::new(status, code, &self.to_string()).with("reason", reason);
        match *self {
            Self::NotOpen { opens_ms } => problem.with("next_opening_ms", opens_ms),
            Self::Closed { closed_ms } => problem.with("closed_ms", closed_ms),
            Self::ChannelClosed { next_ms, home_open } => {
                let problem = problem.with("home_open", home_open);
                match next_ms {
                    Some(next) => problem.with("next_opening_ms", next),
                    None => problem,
                }
            }
            Self::AgainTooOften { retry_ms } => problem.with("retry_ms", retry_ms),
            _ => problem,
        }
    }
}

impl IntoResponse for Refusal {
    fn into_response(self) -> Response {
        self.problem().into_response()
    }
}

fn card_row(error: JpkiError) -> (u16, &'static str, &'static str) {
    let code = error.code();
    match error {
        JpkiError::Expired { .. } => (403, code, "certificate_expired"),
        JpkiError::NotYetValid { .. } => (403, code, "certificate_late"),
        JpkiError::Revoked => (403, code, "revoked"),
        JpkiError::CardSignature => (403, code, "card_signature"),
        _ if code == "E-10" => (503, code, "revocation_unknown"),
        _ => (403, code, "certificate_profile"),
    }
}
