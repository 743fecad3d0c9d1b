//! What programs ask: tickets (registrars), survey answers (booths), the result (anyone).

use std::sync::Arc;
use std::time::Instant;

use api::portal::{RedeemAnswer, RedeemRequest, Refusal, SurveyRequest};
use axum::Json;
use axum::body::Bytes;
use axum::extract::State;
use axum::http::StatusCode;
use axum::response::{IntoResponse as _, Response};
use host::problem::refuse;
use serde_json::{Map, Value, json};

use super::site::Site;
use crate::start::Ticket;
use crate::store::Redeemed;
use crate::survey::{self, SurveyError};

type Shared = State<Arc<Site>>;

/// `POST /v1/tickets/redeem`.
pub(super) async fn redeem(State(site): Shared, body: Bytes) -> Response {
    let Ok(request) = serde_json::from_slice::<RedeemRequest>(&body) else {
        return refuse(Refusal::Malformed);
    };
    if !(1..=64).contains(&request.registrar.len()) {
        return refuse(Refusal::TicketUnknown);
    }
    let ticket = Ticket::from(request.ticket.0);
    let registrars = site.content.manifest().registrars.len();
    let now = site.clock.now_ms();
    let redeemed = site
        .store
        .redeem(&ticket, &request.registrar, registrars, now)
        .await;
    match redeemed {
        Ok(Redeemed::Now(expires_ms)) => Json(RedeemAnswer { expires_ms }).into_response(),
        Ok(Redeemed::Before) => refuse(Refusal::TicketUsed),
        Ok(Redeemed::Unknown) => refuse(Refusal::TicketUnknown),
        Err(error) => {
            tracing::error!("ticket: {error}");
            refuse(Refusal::Internal)
        }
    }
}

/// `POST /v1/survey`: from a booth, or from a node that passes on what came through a relay. Not
/// counted by address, behind which there may be all voters: a good token buys an answer.
pub(super) async fn survey(State(site): Shared, body: Bytes) -> Response {
    let Ok(request) = serde_json::from_slice::<SurveyRequest>(&body) else {
        return refuse(Refusal::SurveyMalformed);
    };
    let checked = {
        let _turn = site.limits.checks.acquire().await;
        let (shared, asked) = (Arc::clone(&site), request.clone());
        let check = move || {
            let content = &shared.content;
            survey::check(content.manifest(), content.hash(), &asked)
        };
        tokio::task::spawn_blocking(check).await
    };
    let serial = match checked {
        Ok(Ok(serial)) => serial,
        Ok(Err(SurveyError::Tokens)) => return refuse(Refusal::SurveyTokens),
        Ok(Err(_)) => return refuse(Refusal::SurveyAnswers),
        Err(_) => return refuse(Refusal::Internal),
    };
    if !site.limits.answers.take(serial, Instant::now()) {
        return refuse(Refusal::SurveyTooOften);
    }
    let stored = match serde_json::to_string(&request.answers) {
        Ok(text) => site.store.keep_answer(&serial, &text).await,
        Err(_) => return refuse(Refusal::SurveyAnswers),
    };
    match stored {
        Ok(true) => StatusCode::NO_CONTENT.into_response(),
        Ok(false) => refuse(Refusal::SurveyAnswered),
        Err(error) => {
            tracing::error!("survey: {error}");
            refuse(Refusal::Internal)
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
