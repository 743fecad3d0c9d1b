//! `POST /v1/entries`: cheap checks first, a signed answer always.

use super::{Gateway, Shared, bytes};
use crate::ledger::Ledger;
use crate::pool::{Offer, Promise};
use crate::rules::{self, Checked, Rule, State as Board};
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
    if let Some(promise) = gateway.pool.promise(&hash) {
        return seen(promise).await;
    }
    if gateway.ledger.place(&hash).is_some() {
        return match gateway.receipts.of(&hash).await {
            Some(receipt) => bytes(StatusCode::OK, receipt),
            None => pending(),
        };
    }
    match admit(&gateway, hash, &body).await {
        Ok(Ok(checked)) => take(&gateway, hash, body, checked).await,
        Ok(Err((status, rule, held))) => refuse(&gateway, hash, status, rule, held).await,
        Err(response) => response,
    }
}

/// The checked entry, or status, rule and the entry that holds its place.
type Verdict = Result<Checked, (StatusCode, Rule, Option<Hash>)>;

/// All checks, cheapest first. The outer error is an answer without a verdict.
async fn admit(gateway: &Arc<Gateway>, hash: Hash, body: &Bytes) -> Result<Verdict, Response> {
    let tip = gateway.ledger.tip();
    let now = gateway.clock.now_ms();
    if let Err(rule) = rules::precheck(&tip.state, body, now) {
        return Ok(Err((StatusCode::UNPROCESSABLE_ENTITY, rule, None)));
    }
    let time = now.max(tip.header.time_ms + 1);
    let Ok(_place) = gateway.queue.try_acquire() else {
        return Err(Problem::new(503, "E-21", "the node is busy").into_response());
    };
    let _turn = gateway.checks.acquire().await;
    let (work, shared, state) = (body.clone(), Arc::clone(gateway), tip.state);
    let judged =
        tokio::task::spawn_blocking(move || judge(&shared.ledger, &state, hash, &work, time));
    judged
        .await
        .map_err(|_| Problem::internal().vote(VoteState::Unknown).into_response())
}

/// Signatures, tokens and proofs, then what the state says; off the threads that answer requests.
fn judge(ledger: &Ledger, state: &Board, hash: Hash, entry: &[u8], time_ms: u64) -> Verdict {
    let checked = if let Some(checked) = ledger.cache().get(&hash) {
        checked
    } else {
        let checked = rules::check(state, entry)
            .map_err(|rule| (StatusCode::UNPROCESSABLE_ENTITY, rule, None))?;
        ledger.cache().put(hash, checked.clone());
        checked
    };
    match state.admit(&checked, time_ms) {
        Ok(()) => Ok(checked),
        Err(rule) => {
            let held = rules::holder(state, &checked).filter(|_| rule == rules::SEQ);
            Err((StatusCode::CONFLICT, rule, held))
        }
    }
}

async fn take(gateway: &Gateway, hash: Hash, body: Bytes, checked: Checked) -> Response {
    let answer = answer(gateway, hash, None).to_bytes();
    // A copy: the body may be a slice of a larger buffer.
    let (body, answer) = (Bytes::copy_from_slice(&body), Bytes::from(answer));
    match gateway.pool.offer(hash, body, checked, answer) {
        Offer::Waits(promise) => seen(promise).await,
        Offer::Taken => refuse(gateway, hash, StatusCode::CONFLICT, rules::SEQ, None).await,
        Offer::Full => Problem::new(503, "E-21", "the node is full").into_response(),
    }
}

/// The promise is given when it can be kept.
async fn seen(promise: Promise) -> Response {
    match promise.kept().await {
        Some(answer) => bytes(StatusCode::ACCEPTED, answer.to_vec()),
        None => Problem::new(503, "E-21", "the node is stopping").into_response(),
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
