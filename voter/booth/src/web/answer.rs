//! Answers of `/api`: the state after the request, in the page's language, always of a length
//! that does not depend on what the voter picked.

use axum::http::{HeaderValue, StatusCode, header};
use axum::response::{IntoResponse, Response};
use refusal::{ErrorCode, VoteState};
use serde::Serialize;
use ui::Lang;

use crate::fault::Fault;
use crate::receipt::ReceiptView;
use crate::screen::Screen;
use crate::snapshot::Snapshot;
use crate::text::{message, next_step};

/// Answers are filled with blanks to a multiple of this.
const JSON_UNIT: usize = 4096;
/// The same for pages.
pub(super) const PAGE_UNIT: usize = 64 * 1024;

/// The state as `/api` gives it. The choice is not part of it.
#[derive(Debug, Serialize)]
pub(super) struct State {
    ok: bool,
    step: Screen,
    screen: &'static str,
    code: Option<ErrorCode>,
    vote_state: &'static str,
    message: String,
    next: String,
    left: Option<u8>,
    tries_left: Option<u8>,
    last_try: bool,
    attempts_left: u8,
    previous: Option<u64>,
    now: Option<u64>,
    closes: Option<u64>,
    may_vote: bool,
    idle_left: u64,
    idle_warning: bool,
    busy: bool,
    test_card: bool,
    card_present: bool,
    session: u64,
    revision: u64,
    receipt: Option<ReceiptView>,
}

impl State {
    /// `fault` is what this request met; without one, the message of the page is repeated.
    pub(super) fn new(snapshot: Snapshot, fault: Option<&Fault>, lang: Lang) -> Self {
        let shown = fault.or(snapshot.fault.as_ref());
        Self {
            ok: fault.is_none(),
            step: snapshot.step,
            screen: snapshot.step.screen(),
            code: shown.map(Fault::code),
            vote_state: vote_name(snapshot.vote_state),
            message: shown.map(|f| message(f, lang)).unwrap_or_default(),
            next: shown.map(|f| next_step(f, lang)).unwrap_or_default(),
            left: shown.and_then(Fault::left),
            tries_left: snapshot.tries_left,
            last_try: snapshot.last_try,
            attempts_left: snapshot.attempts_left,
            previous: snapshot.previous,
            now: snapshot.now,
            closes: snapshot.closes,
            may_vote: snapshot.may_vote,
            idle_left: snapshot.idle_left,
            idle_warning: snapshot.idle_warning,
            busy: snapshot.busy,
            test_card: snapshot.test_card,
            card_present: snapshot.card_present,
            session: snapshot.session,
            revision: snapshot.revision,
            receipt: snapshot.receipt,
        }
    }
}

/// The state of the vote under the name that `/api`, the pages' classes and the texts have for it.
/// What nobody knows is told as what is not certain yet.
pub(super) fn vote_name(vote: VoteState) -> &'static str {
    match vote {
        VoteState::NotSent => "none",
        VoteState::Stored => "stored",
        VoteState::Pending | VoteState::Unknown => "sending",
        VoteState::Overtaken => "overtaken",
        VoteState::Accepted => "received",
    }
}

/// A JSON answer, filled up.
pub(super) fn json<T: Serialize>(status: StatusCode, value: &T) -> Response {
    let Ok(body) = serde_json::to_string(value) else {
        return refusal(StatusCode::INTERNAL_SERVER_ERROR, "answer");
    };
    let content_type = HeaderValue::from_static("application/json");
    (
        status,
        [(header::CONTENT_TYPE, content_type)],
        padded(body, JSON_UNIT),
    )
        .into_response()
}

/// Refuses a request that never reaches the session. `rule` says which check failed.
pub(super) fn refusal(status: StatusCode, rule: &'static str) -> Response {
    let body = serde_json::json!({ "ok": false, "refused": rule });
    let content_type = HeaderValue::from_static("application/json");
    (
        status,
        [(header::CONTENT_TYPE, content_type)],
        padded(body.to_string(), JSON_UNIT),
    )
        .into_response()
}

/// Blanks to the next multiple of `unit`: neither JSON nor HTML minds.
pub(super) fn padded(mut body: String, unit: usize) -> String {
    let missing = body.len().next_multiple_of(unit) - body.len();
    body.extend(std::iter::repeat_n(' ', missing));
    body
}
