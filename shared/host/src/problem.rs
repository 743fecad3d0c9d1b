//! Refusals on the wire: `application/problem+json` (RFC 9457) with the code of
//! the error catalogue and the state of the vote.

use std::collections::BTreeMap;
use std::fmt;

use axum::http::{StatusCode, header};
use axum::response::{IntoResponse, Response};
use serde::{Deserialize, Serialize};
use serde_json::Value;

/// What is known about the vote when something is refused. Voters must never
/// have to guess it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum VoteState {
    /// Nothing has been sent.
    NotSent,
    /// Sent, the receipt is not there yet.
    Pending,
    /// The ballot is in the box.
    Accepted,
    /// This part cannot know.
    Unknown,
}

/// A refusal with its code.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Problem {
    /// HTTP status.
    pub status: u16,
    /// The code of the error catalogue, for example `E-09`.
    pub code: String,
    /// One line for people who operate the system.
    pub title: String,
    /// What exactly was refused; never holds personal data.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub detail: String,
    /// The state of the vote.
    pub vote: VoteState,
    /// Further members, for example `next_opening_ms`.
    #[serde(flatten)]
    pub extra: BTreeMap<String, Value>,
}

impl Problem {
    /// A refusal before anything was sent to the box.
    #[must_use]
    pub fn new(status: u16, code: &str, title: &str) -> Self {
        Self {
            status,
            code: code.to_owned(),
            title: title.to_owned(),
            detail: String::new(),
            vote: VoteState::NotSent,
            extra: BTreeMap::new(),
        }
    }

    /// Adds what exactly was refused.
    #[must_use]
    pub fn detail(mut self, detail: &str) -> Self {
        detail.clone_into(&mut self.detail);
        self
    }

    /// Sets the state of the vote.
    #[must_use]
    pub fn vote(mut self, vote: VoteState) -> Self {
        self.vote = vote;
        self
    }

    /// Adds a further member.
    #[must_use]
    pub fn with(mut self, name: &str, value: impl Into<Value>) -> Self {
        self.extra.insert(name.to_owned(), value.into());
        self
    }

    /// A body that cannot be understood.
    #[must_use]
    pub fn bad_request(detail: &str) -> Self {
        Self::new(400, "E-30", "the request cannot be understood").detail(detail)
    }

    /// Something failed on this side.
    #[must_use]
    pub fn internal() -> Self {
        Self::new(500, "E-30", "internal error")
    }

    /// Reads a refusal; a body of another shape becomes `E-30`.
    #[must_use]
    pub fn parse(status: u16, body: &[u8]) -> Self {
        serde_json::from_slice(body).unwrap_or_else(|_| {
            Self::new(status, "E-30", "refused without a reason").vote(VoteState::Unknown)
        })
    }
}

impl fmt::Display for Problem {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} {} {}", self.status, self.code, self.title)?;
        if self.detail.is_empty() {
            Ok(())
        } else {
            write!(f, " ({})", self.detail)
        }
    }
}

impl std::error::Error for Problem {}

impl IntoResponse for Problem {
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

#[cfg(test)]
mod tests;
