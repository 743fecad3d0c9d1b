//! Entries that are looked up by the ballot they are about: check ballots by what the booth showed,
//! and openings (spec 09).

use super::lookups::{Longest, ReceiptQuery, show, voting_key};
use super::{Gateway, Shared};
use crate::rules::{self, State as Board};
use api::node::{CheckCount, Declined};
use axum::Json;
use axum::extract::{Path, Query, State};
use axum::response::{IntoResponse as _, Response};
use crypto::Hash;
use host::problem::refuse;
use std::time::Duration;
use tokio::time::Instant;

/// How often a waiting request looks again.
const AGAIN: Duration = Duration::from_millis(200);

/// The receipt of the check ballot of this voting key that commits to this entry hash; 404 when
/// there is none within `wait` seconds.
pub(super) async fn check(
    State(gateway): Shared,
    Path((entry_hash, vk)): Path<(String, String)>,
    Query(query): Query<ReceiptQuery>,
    longest: Longest,
) -> Response {
    let Some(entry_hash) = Hash::from_hex(&entry_hash) else {
        return refuse(Declined::NotAHash);
    };
    let Some(voter) = voting_key(&vk) else {
        return refuse(Declined::NotAVotingKey);
    };
    let find = |state: &Board| rules::check_ballot(state, &entry_hash, &voter);
    awaited(&gateway, (&query, &longest), find, Declined::NoCheckBallot).await
}

/// The receipt of the opening of the ballot with this entry hash; 404 when there is none within
/// `wait` seconds.
pub(super) async fn opening(
    State(gateway): Shared,
    Path(ballot): Path<String>,
    Query(query): Query<ReceiptQuery>,
    longest: Longest,
) -> Response {
    let Some(ballot) = Hash::from_hex(&ballot) else {
        return refuse(Declined::NotAHash);
    };
    let find = |state: &Board| rules::opening(state, &ballot);
    awaited(&gateway, (&query, &longest), find, Declined::NoOpening).await
}

/// How many check ballots the board has of this voting key with this number. A word of this node.
pub(super) async fn count(
    State(gateway): Shared,
    Path((vk, seq)): Path<(String, u32)>,
) -> Response {
    let Some(voter) = voting_key(&vk) else {
        return refuse(Declined::NotAVotingKey);
    };
    let checks = rules::checks_made(&gateway.ledger.tip().state, &voter, seq);
    Json(CheckCount { seq, checks }).into_response()
}

/// The receipt of the entry that `find` finds, as soon as it is final.
async fn awaited(
    gateway: &Gateway,
    (query, longest): (&ReceiptQuery, &Longest),
    find: impl Fn(&Board) -> Option<Hash>,
    missing: Declined,
) -> Response {
    let end = Instant::now() + query.patience(longest);
    loop {
        let state = gateway.ledger.tip().state;
        if let Some(entry) = find(&state)
            && let Some(receipt) = gateway.receipts.of(&entry).await
        {
            return show(receipt, query.view);
        }
        if Instant::now() >= end {
            return refuse(missing);
        }
        tokio::time::sleep(AGAIN).await;
    }
}
