//! Check ballots, which are looked up by what the booth showed (spec 09).

use super::Shared;
use super::lookups::{MAX_WAIT, ReceiptQuery, show, voting_key};
use crate::rules;
use api::node::Declined;
use axum::extract::{Path, Query, State};
use axum::response::Response;
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
) -> Response {
    let Some(entry_hash) = Hash::from_hex(&entry_hash) else {
        return refuse(Declined::NotAHash);
    };
    let Some(voter) = voting_key(&vk) else {
        return refuse(Declined::NotAVotingKey);
    };
    let end = Instant::now() + Duration::from_secs(query.wait.min(MAX_WAIT));
    loop {
        let state = gateway.ledger.tip().state;
        if let Some(entry) = rules::check_ballot(&state, &entry_hash, &voter)
            && let Some(receipt) = gateway.receipts.of(&entry).await
        {
            return show(receipt, query.view);
        }
        if Instant::now() >= end {
            return refuse(Declined::NoCheckBallot);
        }
        tokio::time::sleep(AGAIN).await;
    }
}
