//! `POST /v1/entries`: cheap checks first, a signed answer always.

use super::{Gateway, Shared, bytes};
use crate::pool::Offer;
use crate::rules::{self, Checked, Rule};
use api::node::{Answer, Refusal};
use axum::body::Bytes;
use axum::extract::{ConnectInfo, State};
use axum::http::StatusCode;
use axum::response::{IntoResponse as _, Response};
use crypto::Hash;
use crypto::wire::TopLevel as _;
use host::Problem;
use host::problem::VoteState;
use std::net::SocketAddr;
use std::sync::Arc;
use std::time::Instant;

/// 202 and a signed "seen" · 200 and the receipt when the entry is final already · 409/422 and a
/// signed refusal · 413/429/503 as a problem when the node did not look at the entry.
pub(super) async fn entry(
    State(gateway): Shared,
    ConnectInfo(peer): ConnectInfo<SocketAddr>,
    body: Bytes,
) -> Response {
    if !gateway.rate.allow(peer.ip(), Instant::now()) {
        return Problem::new(429, "E-21", "too many posts from this address").into_response();
    }
    let hash = crypto::hash::fingerprint(&body);
    if let Some(answer) = gateway.pool.answer(&hash) {
        return bytes(StatusCode::ACCEPTED, answer.to_vec());
    }
    if gateway.ledger.place(&hash).is_some() {
        return match gateway.receipts.of(&hash).await {
            Some(receipt) => bytes(StatusCode::OK, receipt),
            None => pending(),
        };
    }
    match admit(&gateway, hash, &body).await {
        Ok(Ok(checked)) => take(&gateway, hash, body, checked).await,
        Ok(Err((status, rule))) => refuse(&gateway, hash, status, rule, None).await,
        Err(response) => response,
    }
}

type Verdict = Result<Checked, (StatusCode, Rule)>;

/// All checks, cheapest first. The outer error is an answer without a verdict.
async fn admit(gateway: &Arc<Gateway>, hash: Hash, body: &Bytes) -> Result<Verdict, Response> {
    let tip = gateway.ledger.tip();
    let now = gateway.clock.now_ms();
    if let Err(rule) = rules::precheck(&tip.state, body, now) {
        return Ok(Err((StatusCode::UNPROCESSABLE_ENTITY, rule)));
    }
    let known = gateway.ledger.cache().get(&hash);
    let checked = if let Some(checked) = known {
        checked
    } else {
        let Ok(_place) = gateway.queue.try_acquire() else {
            return Err(Problem::new(503, "E-21", "the node is busy").into_response());
        };
        let _turn = gateway.checks.acquire().await;
        let (work, state) = (body.clone(), tip.state.clone());
        let result = tokio::task::spawn_blocking(move || rules::check(&state, &work)).await;
        match result {
            Ok(Ok(checked)) => {
                gateway.ledger.cache().put(hash, checked.clone());
                checked
            }
            Ok(Err(rule)) => return Ok(Err((StatusCode::UNPROCESSABLE_ENTITY, rule))),
            Err(_) => return Err(Problem::internal().vote(VoteState::Unknown).into_response()),
        }
    };
    let time = now.max(tip.header.time_ms + 1);
    match tip.state.admit(&checked, time) {
        Ok(()) => Ok(Ok(checked)),
        Err(rule) => {
            let held = rules::holder(&tip.state, &checked).filter(|_| rule == rules::SEQ);
            Err(refuse(gateway, hash, StatusCode::CONFLICT, rule, held).await)
        }
    }
}

async fn take(gateway: &Gateway, hash: Hash, body: Bytes, checked: Checked) -> Response {
    let answer = answer(gateway, hash, None).to_bytes();
    // A copy: the body may be a slice of a larger buffer.
    let (body, answer) = (Bytes::copy_from_slice(&body), Bytes::from(answer));
    match gateway.pool.offer(hash, body, checked, answer.clone()) {
        Offer::Known(answer) => bytes(StatusCode::ACCEPTED, answer.to_vec()),
        Offer::Waits(on_disk) => match on_disk.await {
            Ok(()) => bytes(StatusCode::ACCEPTED, answer.to_vec()),
            Err(_) => Problem::new(503, "E-21", "the node is stopping").into_response(),
        },
        Offer::Taken => refuse(gateway, hash, StatusCode::CONFLICT, rules::SEQ, None).await,
        Offer::Full => Problem::new(503, "E-21", "the node is full").into_response(),
    }
}

fn answer(gateway: &Gateway, hash: Hash, rule: Option<Rule>) -> Answer {
    let at = (gateway.ledger.height(), gateway.clock.now_ms());
    Answer::sign(
        &gateway.key,
        gateway.network,
        hash,
        rule,
        at,
        &mut rand::rng(),
    )
}

async fn refuse(
    gateway: &Gateway,
    hash: Hash,
    status: StatusCode,
    rule: Rule,
    held_by: Option<Hash>,
) -> Response {
    let held_by = match held_by {
        Some(entry) => gateway.receipts.of(&entry).await.unwrap_or_default(),
        None => Vec::new(),
    };
    let refusal = Refusal {
        answer: answer(gateway, hash, Some(rule)),
        held_by,
    };
    bytes(status, refusal.to_bytes())
}

fn pending() -> Response {
    Problem::new(503, "E-22", "final, but the certificate is not here yet")
        .vote(VoteState::Pending)
        .into_response()
}
