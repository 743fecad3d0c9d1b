//! `GET /v1/record`: the public record as an uncompressed tar.

use super::Shared;
use crate::record::NoRecord;
use axum::body::Body;
use axum::extract::{Query, State};
use axum::http::header;
use axum::response::{IntoResponse as _, Response};
use crypto::Hash;
use host::Problem;
use serde::Deserialize;
use std::io::Write;
use tokio::sync::mpsc;

/// Bytes handed to the connection at once.
const PIECE: usize = 256 * 1024;

struct Pieces(mpsc::Sender<Result<Vec<u8>, std::io::Error>>, Vec<u8>);

impl Write for Pieces {
    fn write(&mut self, data: &[u8]) -> std::io::Result<usize> {
        self.1.extend_from_slice(data);
        if self.1.len() >= PIECE {
            self.flush()?;
        }
        Ok(data.len())
    }
    fn flush(&mut self) -> std::io::Result<()> {
        let piece = std::mem::take(&mut self.1);
        self.0
            .blocking_send(Ok(piece))
            .map_err(|_| std::io::Error::from(std::io::ErrorKind::BrokenPipe))
    }
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct RecordQuery {
    election: Option<String>,
}

/// The record up to the last final block with its own certificate.
pub(super) async fn record(State(gateway): Shared, Query(query): Query<RecordQuery>) -> Response {
    let election = match query.election.as_deref().map(Hash::from_hex) {
        Some(None) => return Problem::bad_request("not an election hash").into_response(),
        Some(found) => found,
        None => None,
    };
    let made = match gateway.records.make(&gateway, election.as_ref()).await {
        Ok(made) => made,
        Err(NoRecord::Election) => {
            return Problem::new(404, "E-29", "no such sealed election").into_response();
        }
        Err(e) => {
            tracing::warn!(%e, "cannot make the record");
            return Problem::new(503, "E-30", "the record cannot be made now").into_response();
        }
    };
    let (sender, mut receiver) = mpsc::channel(4);
    tokio::task::spawn_blocking(move || {
        let mut pieces = Pieces(sender, Vec::new());
        // A reader that goes away ends the stream; there is nobody to tell.
        let _ = crate::record::tar(made.folder(), &mut pieces).and_then(|()| pieces.flush());
    });
    let stream = futures::stream::poll_fn(move |cx| receiver.poll_recv(cx));
    (
        [(header::CONTENT_TYPE, "application/x-tar")],
        Body::from_stream(stream),
    )
        .into_response()
}
