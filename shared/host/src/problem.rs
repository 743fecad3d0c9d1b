//! Refusals on the wire: problem documents, `application/problem+json` (RFC 9457).
//!
//! The reasons and their data are types of crate `api`; this module wraps them in documents.

use axum::http::{StatusCode, header};
use axum::response::{IntoResponse, Response};
use refusal::{ErrorCode, Refusal, VoteState};
use serde::de::DeserializeOwned;
use serde::{Deserialize, Serialize};

/// A refusal as a document: what every reader needs, and the members of the reason.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Problem<R> {
    /// HTTP status.
    pub status: u16,
    /// The code of the error catalogue.
    pub code: ErrorCode,
    /// One line for people who operate the system; never holds personal data.
    pub title: String,
    /// The state of the vote.
    pub vote: VoteState,
    /// The reason and its data.
    #[serde(flatten)]
    pub refusal: R,
}

impl<R: Refusal> From<R> for Problem<R> {
    fn from(refusal: R) -> Self {
        Self {
            status: refusal.status(),
            code: refusal.code(),
            title: refusal.to_string(),
            vote: refusal.vote(),
            refusal,
        }
    }
}

impl<R: Serialize> IntoResponse for Problem<R> {
    fn into_response(self) -> Response {
        let status = StatusCode::from_u16(self.status).unwrap_or(StatusCode::INTERNAL_SERVER_ERROR);
        let body = serde_json::to_vec(&self).unwrap_or_default();
        let headers = [
            (header::CONTENT_TYPE, "application/problem+json"),
            (header::CACHE_CONTROL, "no-store"),
        ];
        (status, headers, body).into_response()
    }
}

/// A refusal as the answer of a handler.
pub fn refuse<R: Refusal + Serialize>(refusal: R) -> Response {
    Problem::from(refusal).into_response()
}

/// An answer that is not a success, as it arrived.
#[derive(Clone, PartialEq, Eq)]
pub struct Refused {
    /// HTTP status.
    pub status: u16,
    body: Vec<u8>,
}

impl Refused {
    /// Status and body of an answer.
    #[must_use]
    pub fn new(status: u16, body: Vec<u8>) -> Self {
        Self { status, body }
    }

    /// The reason, when the body is a problem document of this interface whose status, code and
    /// state of the vote are those of the reason. `None` for anything else, such as the page of a
    /// proxy.
    #[must_use]
    pub fn reason<R: Refusal + DeserializeOwned>(&self) -> Option<R> {
        let problem: Problem<R> = serde_json::from_slice(&self.body).ok()?;
        let said = (problem.status, problem.code, problem.vote);
        let reason = problem.refusal;
        let meant = (reason.status(), reason.code(), reason.vote());
        (said == meant && said.0 == self.status).then_some(reason)
    }
}

impl core::fmt::Debug for Refused {
    fn fmt(&self, f: &mut core::fmt::Formatter<'_>) -> core::fmt::Result {
        write!(f, "Refused({self})")
    }
}

impl core::fmt::Display for Refused {
    fn fmt(&self, f: &mut core::fmt::Formatter<'_>) -> core::fmt::Result {
        #[derive(Deserialize)]
        struct Known {
            code: ErrorCode,
            title: String,
        }
        write!(f, "{}", self.status)?;
        match serde_json::from_slice::<Known>(&self.body) {
            Ok(known) => write!(f, " {} {}", known.code, known.title),
            Err(_) => f.write_str(" without a reason"),
        }
    }
}

#[cfg(test)]
mod tests;
