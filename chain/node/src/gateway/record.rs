//! `GET /v1/record`: the public record as an uncompressed tar.

use super::Shared;
use crate::record::{Made, NoRecord, Sources};
use api::node::Declined;
use axum::body::Body;
use axum::extract::{Query, State};
use axum::http::header;
use axum::response::{IntoResponse as _, Response};
use crypto::Hash;
use host::problem::refuse;
use serde::Deserialize;
use std::io;
use std::sync::Arc;
use std::time::Duration;
use tokio::io::AsyncReadExt as _;
use tokio::sync::{OwnedSemaphorePermit, mpsc};

/// Bytes handed to the connection at once.
const PIECE: usize = 256 * 1024;
/// A reader that takes no piece for this long is left.
const STALLED: Duration = Duration::from_secs(30);
/// Records that are read at the same time.
pub(super) const READERS: usize = 4;

/// Hands the tar over piece by piece; no thread waits for a slow reader.
async fn send(
    made: Arc<Made>,
    out: mpsc::Sender<io::Result<Vec<u8>>>,
    permit: OwnedSemaphorePermit,
) -> io::Result<()> {
    let mut file = tokio::fs::File::open(made.tar()).await?;
    loop {
        let mut piece = vec![0; PIECE];
        let n = file.read(&mut piece).await?;
        piece.truncate(n);
        if n == 0 || out.send_timeout(Ok(piece), STALLED).await.is_err() {
            break;
        }
    }
    drop(permit);
    Ok(())
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct RecordQuery {
    election: Option<String>,
}

/// The record up to the last final block with its own certificate.
pub(super) async fn record(State(gateway): Shared, Query(query): Query<RecordQuery>) -> Response {
    let election = match query.election.as_deref().map(Hash::from_hex) {
        Some(None) => return refuse(Declined::NotAHash),
        Some(found) => found,
        None => None,
    };
    let Ok(permit) = Arc::clone(&gateway.readers).try_acquire_owned() else {
        return refuse(Declined::RecordBusy);
    };
    let from = Sources {
        chain: &gateway.chain,
        ledger: &gateway.ledger,
        genesis: &gateway.genesis,
    };
    let made = match gateway.records.make(from, election.as_ref()).await {
        Ok(made) => made,
        Err(NoRecord::Election) => {
            return refuse(Declined::NoElection);
        }
        Err(NoRecord::Several) => {
            return refuse(Declined::WhichElection);
        }
        Err(e) => {
            tracing::warn!(%e, "cannot make the record");
            return refuse(Declined::RecordFailed);
        }
    };
    let (sender, mut receiver) = mpsc::channel(4);
    tokio::spawn(async move {
        if let Err(e) = send(made, sender, permit).await {
            tracing::warn!(%e, "cannot read the record");
        }
    });
    let stream = futures::stream::poll_fn(move |cx| receiver.poll_recv(cx));
    (
        [(header::CONTENT_TYPE, "application/x-tar")],
        Body::from_stream(stream),
    )
        .into_response()
}
