//! `POST /v1/entries`: cheap checks first, a signed answer always.

use super::{Gateway, Shared, bytes};
use crate::ledger::Ledger;
use crate::pool::{Offer, Promise};
use crate::rules::{self, Checked, Rule, State as Board, Untaken};
use api::node::{Answer, Declined, Judgement, Refusal};
use axum::body::Bytes;
use axum::extract::{ConnectInfo, State};
use axum::http::StatusCode;
use axum::response::Response;
use crypto::Hash;
use crypto::signed::Statement as _;
use crypto::wire::TopLevel as _;
use host::problem;
use std::net::SocketAddr;
use std::sync::Arc;
use std::time::Instant;

/// 202 and a signed "seen" · 200 and the receipt when the entry is final already · 409/422 and a
/// signed refusal · 413/429/501/503 as a problem when the node says nothing about the entry.
pub(super) async fn entry(
    State(gateway): Shared,
    ConnectInfo(peer): ConnectInfo<SocketAddr>,
    body: Bytes,
) -> Response {
    if !gateway.rate.allow(peer.ip(), Instant::now()) {
        return problem::refuse(Declined::TooManyPosts);
    }
    let hash = crypto::hash::entry_hash(&body);
    if let Some(promise) = gateway.pool.promise(&hash) {
        return seen(promise).await;
    }
    if gateway.ledger.place(&hash).is_some() {
        return match gateway.receipts.of(&hash).await {
            Some(receipt) => bytes(StatusCode::OK, receipt),
            None => problem::refuse(Declined::NotCertified),
        };
    }
    match decide(&gateway, hash, body).await {
        Decision::Accepted(checked) => take(&gateway, checked).await,
        Decision::Refused {
            status,
            rule,
            held_by,
        } => refuse(&gateway, hash, status, rule, held_by).await,
        Decision::NotDecided(declined) => problem::refuse(declined),
    }
}

/// What the node makes of a posted entry.
enum Decision {
    /// The next block may hold it.
    Accepted(Checked),
    /// A rule of the board refuses it: signed, so that the poster can show it.
    Refused {
        status: StatusCode,
        rule: Rule,
        /// The ballot that has its place.
        held_by: Option<Hash>,
    },
    /// The node did not look at it to the end, and says nothing about it.
    NotDecided(Declined),
}

impl Decision {
    /// Refused by itself, independent of the board.
    fn malformed(rule: Rule) -> Self {
        Self::Refused {
            status: StatusCode::UNPROCESSABLE_ENTITY,
            rule,
            held_by: None,
        }
    }
}

/// All checks, cheapest first.
async fn decide(gateway: &Arc<Gateway>, hash: Hash, body: Bytes) -> Decision {
    let tip = gateway.ledger.tip();
    let now = gateway.clock.now_ms();
    if let Err(rule) = tip.state.precheck(&body, now) {
        return Decision::malformed(rule);
    }
    let time = now.max(tip.header.time_ms + 1);
    let Ok(_place) = gateway.queue.try_acquire() else {
        return Decision::NotDecided(Declined::Busy);
    };
    let _turn = gateway.checks.acquire().await;
    let (shared, state) = (Arc::clone(gateway), tip.state);
    let judged =
        tokio::task::spawn_blocking(move || judge(&shared.ledger, &state, hash, &body, time));
    judged
        .await
        .unwrap_or_else(|_| Decision::NotDecided(Declined::Internal))
}

/// Signatures, tokens and proofs, then what the state says; off the threads that answer requests.
fn judge(ledger: &Ledger, state: &Board, hash: Hash, entry: &[u8], time_ms: u64) -> Decision {
    let checked = match ledger.cache().get(&hash) {
        Some(checked) => checked,
        None => match rules::check(state, entry) {
            Ok(checked) => {
                ledger.cache().put(checked.clone());
                checked
            }
            Err(Untaken::Rule(rule)) => return Decision::malformed(rule),
            Err(Untaken::NotSupported) => return Decision::NotDecided(Declined::NotSupported),
        },
    };
    match state.admit(&checked, time_ms) {
        Ok(()) => Decision::Accepted(checked),
        Err(rule) => Decision::Refused {
            status: StatusCode::CONFLICT,
            rule,
            held_by: rules::holder(state, &checked).filter(|_| rule == rules::SEQ),
        },
    }
}

async fn take(gateway: &Gateway, checked: Checked) -> Response {
    let hash = *checked.hash();
    let answer = answer(gateway, hash, None).to_bytes();
    match gateway.pool.offer(checked, Bytes::from(answer)) {
        Offer::Waits(promise) => seen(promise).await,
        Offer::Taken => refuse(gateway, hash, StatusCode::CONFLICT, rules::SEQ, None).await,
        Offer::Full => problem::refuse(Declined::Full),
    }
}

/// The promise is given when it can be kept.
async fn seen(promise: Promise) -> Response {
    match promise.kept().await {
        Some(answer) => bytes(StatusCode::ACCEPTED, answer.to_vec()),
        None => problem::refuse(Declined::Stopping),
    }
}

fn answer(gateway: &Gateway, hash: Hash, rule: Option<Rule>) -> Answer {
    let said = Judgement {
        network: gateway.network,
        entry: hash,
        rule,
        height: gateway.ledger.height(),
        time_ms: gateway.clock.now_ms(),
    };
    said.signed(&gateway.key, &mut rand::rng())
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
