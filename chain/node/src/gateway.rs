//! What booths, portals, trustees and observers ask a node (conventions D15).

mod checks;
mod door;
mod lists;
mod lookups;
mod notes;
mod post;
mod record;
mod survey;

use crate::engine::Chain;
use crate::ledger::Ledger;
use crate::pool::Pool;
use crate::promise::Speaker;
use crate::receipts::Receipts;
use crate::record::Records;
use crate::rules::Block;
use axum::Router;
use axum::http::{StatusCode, header};
use axum::response::{IntoResponse as _, Response};
use axum::routing::{get, post};
use host::WallClock;
use host::rate::Rate;
use std::sync::Arc;
use tokio::sync::Semaphore;

pub use door::Lock;
pub use lists::Lists;
pub use notes::Notes;
pub use survey::Surveys;

/// Longest body a node reads.
pub const MAX_BODY: usize = crate::rules::MAX_ENTRY;

/// What the handlers share.
pub struct Gateway {
    /// States and tip.
    pub ledger: Arc<Ledger>,
    /// Waiting entries.
    pub pool: Arc<Pool>,
    /// The durable chain.
    pub chain: Chain,
    /// The genesis block, which holds the network's configuration.
    pub genesis: Block,
    /// Receipts of final entries.
    pub receipts: Receipts,
    /// Public records.
    pub records: Records,
    /// The wall clock.
    pub clock: WallClock,
    /// Signs answers.
    pub speaker: Arc<Speaker>,
    /// Name of this validator.
    pub name: String,
    /// Posts per address.
    pub rate: Rate,
    /// Places for readers of the record.
    pub readers: Arc<Semaphore>,
    /// Entries that wait for their checks.
    pub queue: Semaphore,
    /// Costly checks at the same time: one per processor, so that a flood cannot stop the engine.
    pub checks: Semaphore,
    /// Lists of voting keys.
    pub lists: Lists,
    /// The way of survey answers to portals.
    pub surveys: Surveys,
    /// Where requests are noted, in tests.
    pub notes: Option<Notes>,
}

type Shared = axum::extract::State<Arc<Gateway>>;

impl Gateway {
    /// Places for readers of the record.
    #[must_use]
    pub fn readers() -> Arc<Semaphore> {
        Arc::new(Semaphore::new(record::READERS))
    }
}

/// The routes; sealed questions are opened with `lock`.
pub fn router(gateway: Arc<Gateway>, lock: Lock) -> Router {
    let notes = gateway.notes.clone();
    let door = door::router(&gateway, lock);
    let direct = questions()
        .route("/v1/entries", post(post::entry))
        .route("/v1/blocks", get(lookups::blocks))
        .route("/v1/head", get(lookups::head))
        .route("/v1/network", get(lookups::network))
        .route("/v1/record", get(record::record))
        .with_state(gateway);
    noted(notes.as_ref(), direct).merge(door)
}

/// These routes, noted if the configuration says so.
fn noted(notes: Option<&Notes>, routes: Router) -> Router {
    match notes {
        Some(notes) => notes.around(routes),
        None => routes,
    }
}

/// What voters look up: directly, or through a relay.
fn questions() -> Router<Arc<Gateway>> {
    Router::new()
        .route("/v1/entries/{hash}", get(lookups::entry))
        .route("/v1/entries/{hash}/bytes", get(lookups::entry_bytes))
        .route("/v1/receipts/{code}", get(lookups::receipt))
        .route("/v1/voters/{vk}/last", get(lookups::voter_last))
        .route("/v1/buckets/{election}/{index}", get(lookups::bucket))
        .route("/v1/checks/{entry_hash}/{vk}", get(checks::check))
        .route("/v1/openings/{entry_hash}", get(checks::opening))
        .route("/v1/voters/{vk}/checks/{seq}", get(checks::count))
        .route("/v1/status", get(lookups::status))
}

/// Canonical bytes as a response.
fn bytes(status: StatusCode, body: impl Into<axum::body::Bytes>) -> Response {
    (
        status,
        [(header::CONTENT_TYPE, "application/octet-stream")],
        body.into(),
    )
        .into_response()
}
