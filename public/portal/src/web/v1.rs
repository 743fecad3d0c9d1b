//! What programs ask: tickets (registrars), survey answers (booths), the result (anyone).

use std::sync::Arc;
use std::time::Instant;

use api::registrar::{RedeemAnswer, RedeemRequest};
use axum::Json;
use axum::body::Bytes;
use axum::extract::State;
use axum::http::StatusCode;
use axum::response::{IntoResponse as _, Response};
use host::Problem;
use host::problem::VoteState;
use serde_json::{Map, Value, json};

use super::site::{Peer, Site, address};
use crate::start::Ticket;
use crate::store::Redeemed;
use crate::survey::{self, SurveyError, SurveyRequest};

type Shared = State<Arc<Site>>;

fn refused(status: u16, code: &str, vote: VoteState) -> Response {
    let text = ui::errors::get(code).message(ui::Lang::Ja, &[]);
    Problem::new(status, code, &text).vote(vote).into_response()
}

/// `POST /v1/tickets/redeem`.
pub(super) async fn redeem(State(site): Shared, body: Bytes) -> Response {
    let Ok(request) = serde_json::from_slice::<RedeemRequest>(&body) else {
        return Problem::bad_request("a redeem request").into_response();
    };
    let named = (1..=64).contains(&request.registrar.len());
    let Some(ticket) = Ticket::parse(&request.ticket).filter(|_| named) else {
        return refused(404, "E-24", VoteState::NotSent);
    };
    let registrars = site.content.manifest().registrars.len();
    let now = site.clock.now_ms();
    let redeemed = site
        .store
        .redeem(&ticket, &request.registrar, registrars, now)
        .await;
    match redeemed {
        Ok(Redeemed::Now(expires_ms)) => Json(RedeemAnswer { expires_ms }).into_response(),
        Ok(Redeemed::Before) => refused(409, "E-24b", VoteState::NotSent),
        Ok(Redeemed::Unknown) => refused(404, "E-24", VoteState::NotSent),
        Err(error) => {
            tracing::error!("ticket: {error}");
            Problem::internal().into_response()
        }
    }
}

/// `POST /v1/survey`.
pub(super) async fn survey(State(site): Shared, peer: Peer, body: Bytes) -> Response {
    if !site.limits.answers.allow(address(&peer), Instant::now()) {
        return refused(429, "E-30b", VoteState::Accepted);
    }
    let Ok(request) = serde_json::from_slice::<SurveyRequest>(&body) else {
        return refused(400, "E-30b", VoteState::Accepted);
    };
    let serial = match survey::check(site.content.manifest(), site.content.hash(), &request) {
        Ok(serial) => serial,
        Err(SurveyError::Signature | SurveyError::Tokens) => {
            return refused(403, "E-30b", VoteState::Accepted);
        }
        Err(_) => return refused(422, "E-30b", VoteState::Accepted),
    };
    let stored = match serde_json::to_string(&request.answers) {
        Ok(text) => site.store.keep_answer(&serial, &text).await,
        Err(_) => return refused(422, "E-30b", VoteState::Accepted),
    };
    match stored {
        Ok(true) => StatusCode::NO_CONTENT.into_response(),
        Ok(false) => refused(409, "E-30b", VoteState::Accepted),
        Err(error) => {
            tracing::error!("survey: {error}");
            Problem::internal().into_response()
        }
    }
}

/// `GET /v1/result`: as on the board; 404 before.
pub(super) async fn result(State(site): Shared) -> Response {
    let view = site.board.view();
    let Some(result) = &view.result else {
        return (StatusCode::NOT_FOUND, Json(json!({ "phase": view.phase }))).into_response();
    };
    let options = site
        .content
        .contest()
        .map_or(&[][..], |c| c.options.as_slice());
    let votes: Map<String, Value> = options
        .iter()
        .zip(&result.votes)
        .map(|(o, n)| (o.id.clone(), json!(n)))
        .collect();
    Json(json!({
        "election": site.content.hash().to_hex(),
        "received": result.received,
        "overwritten": result.overwritten,
        "counted": result.counted,
        "spoiled": result.check_ballots,
        "issued": result.issued,
        "votes": votes,
    }))
    .into_response()
}

/// `GET /v1/board`: how far the portal has followed the board.
pub(super) async fn board(State(site): Shared) -> Response {
    let view = site.board.view();
    Json(json!({
        "election": site.content.hash().to_hex(),
        "phase": view.phase,
        "found": view.found,
        "height": view.height,
        "block_time_ms": view.block_time,
        "now_ms": site.clock.now_ms(),
        "close_at_ms": view.close_at,
        "received": view.received,
        "counted": view.counted,
        "spoiled": view.check_ballots,
    }))
    .into_response()
}
