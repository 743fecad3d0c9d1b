//! `POST /v1/entries`: cheap checks first, a signed answer always.

use super::{Gateway, Shared, bytes};
use crate::ledger::{Ledger, Tip};
use crate::pool::{Offer, Pool, Promise};
use crate::promise::is_urgent;
use crate::rules::{self, Checked, Rule, State as Board, Untaken};
use api::node::{Answer, Declined, Refusal};
use axum::body::Bytes;
use axum::extract::{ConnectInfo, State};
use axum::http::StatusCode;
use axum::response::Response;
use crypto::Hash;
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
    judged(&gateway, body).await
}

/// The same for an entry that a relay carried, whose poster has no address here.
pub(super) async fn through_door(State(gateway): Shared, body: Bytes) -> Response {
    judged(&gateway, body).await
}

async fn judged(gateway: &Arc<Gateway>, body: Bytes) -> Response {
    let hash = crypto::hash::entry_hash(&body);
    if let Some(promise) = gateway.pool.promise(&hash) {
        return seen(promise, None).await;
    }
    if gateway.ledger.place(&hash).is_some() {
        return match gateway.receipts.of(&hash).await {
            Some(receipt) => bytes(StatusCode::OK, receipt),
            None => problem::refuse(Declined::NotCertified),
        };
    }
    let tip = gateway.ledger.tip();
    let on = Judged {
        entry: hash,
        height: tip.header.height,
        time_ms: gateway.clock.now_ms(),
    };
    match decide(gateway, on, tip, body).await {
        Decision::Accepted(checked) => take(gateway, on, checked).await,
        Decision::Refused {
            status,
            rule,
            held_by,
        } => refuse(gateway, on, status, rule, held_by).await,
        Decision::NotDecided(declined) => problem::refuse(declined),
    }
}

/// An entry, and what it is judged on: the signed answer says both, so that it can be judged again.
#[derive(Clone, Copy)]
struct Judged {
    entry: Hash,
    /// Height of the last final block.
    height: u64,
    /// The own clock.
    time_ms: u64,
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
async fn decide(gateway: &Arc<Gateway>, judged: Judged, tip: Tip, body: Bytes) -> Decision {
    let Judged { entry, time_ms, .. } = judged;
    if let Err(rule) = tip.state.precheck(&body, time_ms) {
        return Decision::malformed(rule);
    }
    let time = time_ms.max(tip.header.time_ms + 1);
    let Ok(_place) = gateway.queue.try_acquire() else {
        return Decision::NotDecided(Declined::Busy);
    };
    let _turn = gateway.checks.acquire().await;
    let (shared, state) = (Arc::clone(gateway), tip.state);
    let judged =
        tokio::task::spawn_blocking(move || judge(&shared.ledger, &state, entry, &body, time));
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

async fn take(gateway: &Gateway, judged: Judged, checked: Checked) -> Response {
    let urgent = is_urgent(&gateway.ledger.tip().state, &checked, judged.time_ms);
    let answer = answer(gateway, judged, None).to_bytes();
    match gateway.pool.offer(checked, Bytes::from(answer)) {
        Offer::Waits(promise) => seen(promise, urgent.then_some(&gateway.pool)).await,
        Offer::Taken => refuse(gateway, judged, StatusCode::CONFLICT, rules::SEQ, None).await,
        Offer::Full => problem::refuse(Declined::Full),
    }
}

/// The promise is given when it can be kept; near the close the other validators get it too.
async fn seen(promise: Promise, others: Option<&Pool>) -> Response {
    match promise.kept().await {
        Some(answer) => {
            if let Some(pool) = others {
                pool.tell(answer.clone());
            }
            bytes(StatusCode::ACCEPTED, answer.to_vec())
        }
        None => problem::refuse(Declined::Stopping),
    }
}

fn answer(gateway: &Gateway, judged: Judged, rule: Option<Rule>) -> Answer {
    let Judged {
        entry,
        height,
        time_ms,
    } = judged;
    gateway.speaker.says(entry, rule, height, time_ms)
}

async fn refuse(
    gateway: &Gateway,
    judged: Judged,
    status: StatusCode,
    rule: Rule,
    held_by: Option<Hash>,
) -> Response {
    let held_by = match held_by {
        Some(entry) => gateway.receipts.of(&entry).await.unwrap_or_default(),
        None => Vec::new(),
    };
    let refusal = Refusal {
        answer: answer(gateway, judged, Some(rule)),
        held_by,
    };
    bytes(status, refusal.to_bytes())
}
