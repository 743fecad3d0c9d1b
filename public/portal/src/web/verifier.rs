//! The verifier for the browser: serves the folder of static pages, and passes questions of
//! its scripts to the nodes and their answers back. It believes nothing: the browser checks
//! everything.

use std::net::IpAddr;
use std::path::PathBuf;
use std::sync::Arc;
use std::time::Instant;

use api::portal::Refusal;
use axum::Router;
use axum::extract::{Path, Query, State};
use axum::http::{HeaderValue, StatusCode, header};
use axum::middleware::from_fn;
use axum::response::{IntoResponse as _, Redirect, Response};
use axum::routing::get;
use ballot::Manifest;
use board::Committee;
use client::{NodeError, Quorum};
use host::problem::refuse;
use host::rate::Rate;
use host::site::Site;
use serde::Deserialize;
use tokio::sync::Semaphore;

use super::guard;
use super::site::{Peer, address};

/// Scripts of this origin and WebAssembly, nothing else. What they ask goes to this site and to the
/// relays of the manifest.
fn policy(manifest: &Manifest) -> Option<HeaderValue> {
    // What is no origin could say anything in this header.
    let good = manifest.relays.iter().all(|r| Site::is_origin(&r.origin));
    if !good {
        return None;
    }
    let relays = manifest.relays.iter().map(|r| format!(" {}", r.origin));
    let relays: String = relays.collect();
    let policy = format!(
        "default-src 'none'; script-src 'self' 'wasm-unsafe-eval'; worker-src 'self'; \
         connect-src 'self'{relays}; style-src 'self'; img-src 'self'; base-uri 'none'; \
         form-action 'none'; frame-ancestors 'none'"
    );
    HeaderValue::from_str(&policy).ok()
}
/// Longest record that is handed through; longer ones are for the native verifier.
const MAX_RECORD: usize = 64 * 1024 * 1024;
/// Longest other answer: one entry.
const MAX_ANSWER: usize = 2 * 1024 * 1024;
/// Longest wait for an entry, s.
const MAX_WAIT: u32 = 10;
/// Records handed through at the same time.
const READERS: usize = 2;

/// Why the pages are not served.
#[derive(Debug, thiserror::Error)]
pub enum NoVerifier {
    /// A relay of the manifest has no origin as browsers write it.
    #[error("a relay of the manifest has no origin as browsers write it")]
    Relays,
    /// TLS cannot be set up.
    #[error(transparent)]
    Node(#[from] NodeError),
}

/// Where the pages lie, and whom to ask.
pub struct Verifier {
    pages: PathBuf,
    policy: HeaderValue,
    nodes: Quorum,
    election: String,
    asked: Rate,
    records: Rate,
    readers: Semaphore,
}

type Shared = State<Arc<Verifier>>;

impl Verifier {
    /// The pages in this folder, for this election.
    ///
    /// # Errors
    /// When a relay's origin is not one, or a connection to the nodes cannot be set up.
    pub fn new(pages: PathBuf, manifest: &Manifest) -> Result<Self, NoVerifier> {
        let committee = Committee::from(manifest);
        Ok(Self {
            pages,
            policy: policy(manifest).ok_or(NoVerifier::Relays)?,
            nodes: Quorum::new(&manifest.validators, &committee, client::TIMEOUT)?,
            election: manifest.election_hash().to_hex(),
            asked: Rate::new(5, 300),
            records: Rate::new(1, 10),
            readers: Semaphore::new(READERS),
        })
    }
    /// The first node that has it; only the first one may wait for it.
    async fn ask(&self, path: &str, wait: u32, limit: usize) -> Response {
        let waiting = format!("{path}?wait={}", wait.min(MAX_WAIT));
        let mut address = if wait > 0 { waiting.as_str() } else { path };
        let mut reached = false;
        for node in self.nodes.nodes() {
            match node.get_limited(address, limit).await {
                Ok(Some(body)) => return octets(body),
                Ok(None) => (reached, address) = (true, path),
                Err(error) => tracing::debug!("{}: {error}", node.origin()),
            }
        }
        if reached {
            refuse(Refusal::NotOnBoard)
        } else {
            refuse(Refusal::NoNode)
        }
    }
}

fn allowed(rate: &Rate, from: IpAddr) -> bool {
    rate.allow(from, Instant::now())
}

fn busy() -> Response {
    refuse(Refusal::QuestionsTooOften)
}

fn octets(body: Vec<u8>) -> Response {
    (
        [
            (header::CONTENT_TYPE, "application/octet-stream"),
            (header::CACHE_CONTROL, "no-store"),
        ],
        body,
    )
        .into_response()
}

/// The routes; none without pages.
pub fn router(verifier: Option<Verifier>) -> Router {
    let Some(verifier) = verifier else {
        return Router::new();
    };
    let policy = verifier.policy.clone();
    let pages = Router::new()
        .route("/verify/", get(page))
        .route("/verify/{name}", get(page))
        .layer(from_fn(move |request, next| {
            guard(policy.clone(), request, next)
        }));
    Router::new()
        .route("/verify", get(|| async { Redirect::permanent("/verify/") }))
        .merge(pages)
        .route("/v1/record", get(record))
        .route("/v1/receipts/{code}", get(receipt))
        .route("/v1/entries/{hash}", get(entry))
        .route("/v1/entries/{hash}/bytes", get(entry_bytes))
        .route("/v1/voters/{vk}/last", get(last))
        .route("/v1/voters/{vk}/checks/{seq}", get(check_count))
        .route("/v1/checks/{entry_hash}/{vk}", get(check))
        .route("/v1/openings/{entry_hash}", get(opening))
        .with_state(Arc::new(verifier))
}

/// What the pages may load, by the end of its name.
fn kind(name: &str) -> Option<&'static str> {
    let simple = |c: char| c.is_ascii_lowercase() || c == '_' || c == '.';
    let (_, end) = name.split_once('.').filter(|_| name.chars().all(simple))?;
    Some(match end {
        "html" => "text/html; charset=utf-8",
        "js" => "text/javascript; charset=utf-8",
        "css" => "text/css; charset=utf-8",
        "svg" => "image/svg+xml",
        "wasm" => "application/wasm",
        _ => return None,
    })
}

async fn page(State(verifier): Shared, name: Option<Path<String>>) -> Response {
    let name = name.map_or_else(|| "index.html".to_owned(), |Path(name)| name);
    let Some(kind) = kind(&name) else {
        return StatusCode::NOT_FOUND.into_response();
    };
    let Ok(body) = tokio::fs::read(verifier.pages.join(&name)).await else {
        return StatusCode::NOT_FOUND.into_response();
    };
    ([(header::CONTENT_TYPE, kind)], body).into_response()
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Wait {
    #[serde(default)]
    wait: u32,
}

/// Letters, digits and hyphens, as in hashes, keys and codes: no path and no query reaches a node.
fn plain(text: &str, most: usize) -> bool {
    (1..=most).contains(&text.len()) && text.bytes().all(|b| b.is_ascii_alphanumeric() || b == b'-')
}

/// A question whose parts are in its address.
struct Question<'q> {
    parts: &'q [&'q str],
    path: String,
    wait: u32,
}

async fn through(verifier: &Verifier, peer: &Peer, question: Question<'_>) -> Response {
    if !allowed(&verifier.asked, address(peer)) {
        return busy();
    }
    if question.parts.iter().all(|part| plain(part, 128)) {
        let Question { path, wait, .. } = question;
        verifier.ask(&path, wait, MAX_ANSWER).await
    } else {
        refuse(Refusal::Malformed)
    }
}

async fn record(State(verifier): Shared, peer: Peer) -> Response {
    if !allowed(&verifier.records, address(&peer)) {
        return busy();
    }
    let Ok(_place) = verifier.readers.try_acquire() else {
        return refuse(Refusal::RecordBusy);
    };
    let path = format!("/v1/record?election={}", verifier.election);
    verifier.ask(&path, 0, MAX_RECORD).await
}

async fn receipt(State(verifier): Shared, peer: Peer, Path(code): Path<String>) -> Response {
    let Some(code) = ballot::code::normalise_code(&code) else {
        return refuse(Refusal::NotACode);
    };
    let question = Question {
        parts: &[&code],
        path: format!("/v1/receipts/{code}"),
        wait: 0,
    };
    through(&verifier, &peer, question).await
}

async fn entry(
    State(verifier): Shared,
    peer: Peer,
    Path(hash): Path<String>,
    Query(query): Query<Wait>,
) -> Response {
    let question = Question {
        parts: &[&hash],
        path: format!("/v1/entries/{hash}"),
        wait: query.wait,
    };
    through(&verifier, &peer, question).await
}

async fn entry_bytes(State(verifier): Shared, peer: Peer, Path(hash): Path<String>) -> Response {
    let question = Question {
        parts: &[&hash],
        path: format!("/v1/entries/{hash}/bytes"),
        wait: 0,
    };
    through(&verifier, &peer, question).await
}

async fn last(State(verifier): Shared, peer: Peer, Path(vk): Path<String>) -> Response {
    let question = Question {
        parts: &[&vk],
        path: format!("/v1/voters/{vk}/last"),
        wait: 0,
    };
    through(&verifier, &peer, question).await
}

async fn check(
    State(verifier): Shared,
    peer: Peer,
    Path((entry_hash, vk)): Path<(String, String)>,
    Query(query): Query<Wait>,
) -> Response {
    let question = Question {
        parts: &[&entry_hash, &vk],
        path: format!("/v1/checks/{entry_hash}/{vk}"),
        wait: query.wait,
    };
    through(&verifier, &peer, question).await
}

async fn check_count(
    State(verifier): Shared,
    peer: Peer,
    Path((vk, seq)): Path<(String, u32)>,
) -> Response {
    let question = Question {
        parts: &[&vk],
        path: format!("/v1/voters/{vk}/checks/{seq}"),
        wait: 0,
    };
    through(&verifier, &peer, question).await
}

async fn opening(
    State(verifier): Shared,
    peer: Peer,
    Path(ballot): Path<String>,
    Query(query): Query<Wait>,
) -> Response {
    let question = Question {
        parts: &[&ballot],
        path: format!("/v1/openings/{ballot}"),
        wait: query.wait,
    };
    through(&verifier, &peer, question).await
}

#[cfg(test)]
mod tests;
