//! Reading: receipts, a voter's last ballot, blocks, status.

use super::{Gateway, Shared, bytes};
use crate::rules;
use api::hex::Hex;
use api::node::{Absence, Declined, Head, Status};
use axum::extract::{Path, Query, State};
use axum::http::StatusCode;
use axum::response::{IntoResponse as _, Response};
use axum::{Extension, Json};
use crypto::signed::Statement as _;
use crypto::wire::{TopLevel as _, Writer};
use crypto::{Encoded, Hash};
use host::problem::refuse;
use serde::Deserialize;
use serde_json::json;
use std::time::Duration;

/// Longest wait for a receipt in one request.
const MAX_WAIT: u64 = 60;

/// Another longest wait of this request, s.
#[derive(Clone, Copy, Debug)]
pub(super) struct LongestWait(pub(super) u64);

/// The longest wait that holds, when a request may have another than [`MAX_WAIT`].
pub(super) type Longest = Option<Extension<LongestWait>>;

impl ReceiptQuery {
    /// How long this request waits.
    pub(super) fn patience(&self, longest: &Longest) -> Duration {
        let longest = longest.as_ref().map_or(MAX_WAIT, |Extension(most)| most.0);
        Duration::from_secs(self.wait.min(longest))
    }
}
/// Blocks in one answer at most.
const MAX_BLOCKS: u64 = 64;
/// Bytes of blocks in one answer, about.
const MAX_BLOCK_ANSWER: usize = 8 * 1024 * 1024;

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct ReceiptQuery {
    #[serde(default)]
    pub(super) wait: u64,
    #[serde(default)]
    pub(super) view: View,
}

#[derive(Deserialize, Default, Clone, Copy, PartialEq, Eq)]
#[serde(rename_all = "lowercase")]
pub(super) enum View {
    #[default]
    Bytes,
    Json,
}

/// A voting key in an address.
pub(super) fn voting_key(text: &str) -> Option<Encoded> {
    let key: Hex<[u8; 32]> = text.parse().ok()?;
    Some(Encoded(key.0))
}

pub(super) fn show(receipt: Vec<u8>, view: View) -> Response {
    match view {
        View::Bytes => bytes(StatusCode::OK, receipt),
        View::Json => match rules::receipt_view(&receipt) {
            Some(json) => Json(json).into_response(),
            None => refuse(Declined::Internal),
        },
    }
}

/// The receipt of an entry, as soon as it is final. 404 when it is not final within `wait`
/// seconds; `vote` is `pending` when it waits here for a block.
pub(super) async fn entry(
    State(gateway): Shared,
    Path(hash): Path<String>,
    Query(query): Query<ReceiptQuery>,
    longest: Longest,
) -> Response {
    let Some(hash) = Hash::from_hex(&hash) else {
        return refuse(Declined::NotAHash);
    };
    let wait = query.patience(&longest);
    match tokio::time::timeout(wait, gateway.receipts.when_final(&hash)).await {
        Ok(receipt) => show(receipt, query.view),
        Err(_) if gateway.pool.contains(&hash) => refuse(Declined::NotFinal),
        Err(_) => refuse(Declined::NoEntry),
    }
}

/// The entry itself.
pub(super) async fn entry_bytes(State(gateway): Shared, Path(hash): Path<String>) -> Response {
    let Some(hash) = Hash::from_hex(&hash) else {
        return refuse(Declined::NotAHash);
    };
    let Some(place) = gateway.ledger.place(&hash) else {
        return refuse(Declined::NoEntry);
    };
    let block = gateway.chain.block(place.height).await;
    let index = usize::try_from(place.index).unwrap_or(usize::MAX);
    match block.as_ref().and_then(|b| b.block().entries.get(index)) {
        Some(entry) => bytes(StatusCode::OK, entry.clone()),
        None => refuse(Declined::Internal),
    }
}

/// The receipt with this confirmation code (控えの番号), however it was typed.
pub(super) async fn receipt(
    State(gateway): Shared,
    Path(code): Path<String>,
    Query(query): Query<ReceiptQuery>,
) -> Response {
    let Some(prefix) = ballot::code::code_prefix(&code) else {
        return refuse(Declined::NotACode);
    };
    let found = gateway.ledger.by_code(&prefix);
    // 100 bits do not collide by chance; of several the first on the board is shown.
    let Some((hash, _)) = found.iter().min_by_key(|(_, p)| (p.height, p.index)) else {
        return refuse(Declined::NoCode);
    };
    match gateway.receipts.of(hash).await {
        Some(receipt) => show(receipt, query.view),
        None => refuse(Declined::NotCertified),
    }
}

/// The receipt of the voter's last accepted ballot, or a signed "none up to this height".
pub(super) async fn voter_last(
    State(gateway): Shared,
    Path(vk): Path<String>,
    Query(query): Query<ReceiptQuery>,
) -> Response {
    let Some(voter) = voting_key(&vk) else {
        return refuse(Declined::NotAVotingKey);
    };
    let tip = gateway.ledger.tip();
    let Some(last) = rules::voter_last(&tip.state, &voter) else {
        let (height, time_ms) = (tip.header.height, gateway.clock.now_ms());
        let none = Absence {
            network: gateway.speaker.network(),
            voter,
            height,
            time_ms,
        };
        let none = none.signed(gateway.speaker.key(), &mut rand::rng());
        return match query.view {
            View::Bytes => bytes(StatusCode::OK, none.to_bytes()),
            View::Json => Json(json!({
                "none": true,
                "height": height,
                "time_ms": time_ms,
                "statement": crypto::hash::to_hex(&none.to_bytes()),
            }))
            .into_response(),
        };
    };
    match gateway.receipts.of(&last).await {
        Some(receipt) => show(receipt, query.view),
        None => refuse(Declined::NotCertified),
    }
}

/// Every voting key of one bucket of an election with its last accepted ballot, signed. For who wants
/// to know about one key without naming it.
pub(super) async fn bucket(
    State(gateway): Shared,
    Path((election, index)): Path<(String, u32)>,
) -> Response {
    let Some(election) = Hash::from_hex(&election) else {
        return refuse(Declined::NotAHash);
    };
    let tip = gateway.ledger.tip();
    let now = gateway.clock.now_ms();
    let list = gateway
        .lists
        .of(&tip.state, (election, index), &gateway.speaker, now);
    match list.await {
        Some(list) => bytes(StatusCode::OK, list),
        None => refuse(Declined::NoElection),
    }
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct BlocksQuery {
    from: u64,
    #[serde(default)]
    limit: Option<u64>,
}

/// u32 count, then for each block: its bytes (u32 length in front) and an optional certificate
/// (0, or 1 and bytes with u32 length in front).
pub(super) async fn blocks(State(gateway): Shared, Query(query): Query<BlocksQuery>) -> Response {
    let top = gateway.ledger.height();
    let limit = query.limit.unwrap_or(MAX_BLOCKS).min(MAX_BLOCKS);
    let (mut w, mut count) = (Writer::new(), 0u32);
    let mut size = 0;
    for height in query.from.max(1)..query.from.max(1).saturating_add(limit) {
        if height > top || size > MAX_BLOCK_ANSWER {
            break;
        }
        let Some(block) = gateway.chain.block(height).await else {
            break;
        };
        let body = block.block().to_bytes();
        size += body.len();
        w.bytes(&body);
        match gateway.chain.certificate(height).await {
            Some(certificate) => {
                w.u8(1);
                w.bytes(&certificate);
            }
            None => w.u8(0),
        }
        count += 1;
    }
    let mut out = count.to_le_bytes().to_vec();
    out.extend(w.finish());
    bytes(StatusCode::OK, out)
}

/// The last final header that has its own certificate, and the certificate.
pub(super) async fn head(State(gateway): Shared) -> Response {
    match head_of(&gateway).await {
        Some(head) => bytes(StatusCode::OK, head.to_bytes()),
        None => refuse(Declined::NoBlock),
    }
}

async fn head_of(gateway: &Gateway) -> Option<Head> {
    let mut height = gateway.ledger.height();
    while height > 0 {
        if let Some(certificate) = gateway.chain.certificate(height).await {
            let header = gateway.chain.block(height).await?.header().to_bytes();
            return Some(Head {
                header,
                certificate,
            });
        }
        height -= 1;
    }
    None
}

/// The network's configuration: the one entry of the genesis block.
pub(super) async fn network(State(gateway): Shared) -> Response {
    bytes(
        StatusCode::OK,
        gateway.genesis.entries.first().cloned().unwrap_or_default(),
    )
}

/// Where the node is.
pub(super) async fn status(State(gateway): Shared) -> Json<Status> {
    let tip = gateway.ledger.tip();
    let now_ms = gateway.clock.now_ms();
    Json(Status {
        validator: gateway.name.clone(),
        network: Hex(gateway.speaker.network()),
        height: tip.header.height,
        head: Hex(tip.digest),
        block_time_ms: tip.header.time_ms,
        now_ms,
        entries: u64::try_from(gateway.ledger.entries()).unwrap_or(u64::MAX),
        waiting: u64::try_from(gateway.pool.len()).unwrap_or(u64::MAX),
        elections: rules::elections(&tip.state, now_ms),
    })
}
