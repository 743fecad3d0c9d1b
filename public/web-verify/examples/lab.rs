//! `lab PAGES WORK`: a board in memory behind the node's interface, with the pages in front of it,
//! for the browser test. `POST /lab/…` plays the booth. Prints its address.
#![expect(clippy::print_stdout, reason = "the test reads the address")]

use axum::Router;
use axum::body::Bytes;
use axum::extract::{Path, Query, State};
use axum::http::{HeaderName, StatusCode, header};
use axum::response::{IntoResponse as _, Response};
use axum::routing::{get, post};
use ballot::check::{Revealed, Shown, to_code};
use ballot::code::normalise_code;
use ballot::{Ballot, CheckBallot, Side};
use board::entry::Entry;
use board::receipt::Receipt;
use crypto::hash::{from_hex, to_hex};
use crypto::wire::TopLevel as _;
use crypto::{Hash, Point};
use serde_json::json;
use std::path::PathBuf;
use std::sync::{Arc, Mutex, PoisonError};
use testkit::election::{Lab, Options, save};

/// The policy of the pages; `frame-ancestors` cannot be set in the page itself.
const POLICY: &str = "default-src 'none'; script-src 'self' 'wasm-unsafe-eval'; worker-src 'self'; \
                      connect-src 'self'; style-src 'self'; img-src 'self'; base-uri 'none'; \
                      form-action 'none'; frame-ancestors 'none'";

struct Bench {
    lab: Lab,
    /// What booths have prepared: voter, ballot, seed.
    prepared: Vec<(usize, Ballot, [u8; 32])>,
}

struct App {
    bench: Mutex<Bench>,
    pages: PathBuf,
    record: Vec<u8>,
}

type Shared = State<Arc<App>>;

impl App {
    fn bench(&self) -> std::sync::MutexGuard<'_, Bench> {
        self.bench.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

fn bytes(found: Option<Vec<u8>>) -> Response {
    let kind = [(header::CONTENT_TYPE, "application/octet-stream")];
    match found {
        Some(body) => (kind, body).into_response(),
        None => StatusCode::NOT_FOUND.into_response(),
    }
}

fn receipt(lab: &Lab, hash: &Hash) -> Option<Vec<u8>> {
    let place = lab.state.find(hash)?;
    let stored = lab.chain.get(usize::try_from(place.height).ok()?)?;
    let entries = &stored.block.entries;
    let hashes: Vec<Hash> = entries.iter().map(|e| board::entry_hash(e)).collect();
    let entry = entries.get(usize::try_from(place.index).ok()?)?;
    let certificate = stored.certificate.clone()?;
    let headers = vec![stored.block.header.clone()];
    let receipt = Receipt::new(entry, &hashes, place.index, headers, certificate)?;
    Some(receipt.to_bytes())
}

fn entry(lab: &Lab, hash: &Hash) -> Option<Vec<u8>> {
    let place = lab.state.find(hash)?;
    let stored = lab.chain.get(usize::try_from(place.height).ok()?)?;
    let index = usize::try_from(place.index).ok()?;
    stored.block.entries.get(index).cloned()
}

fn key(hex: &str) -> Option<Point> {
    Point::from_bytes(&from_hex(hex)?.try_into().ok()?)
}

async fn entry_receipt(State(app): Shared, Path(hash): Path<String>) -> Response {
    let found = Hash::from_hex(&hash);
    bytes(found.and_then(|h| receipt(&app.bench().lab, &h)))
}

async fn entry_bytes(State(app): Shared, Path(hash): Path<String>) -> Response {
    let found = Hash::from_hex(&hash);
    bytes(found.and_then(|h| entry(&app.bench().lab, &h)))
}

async fn by_code(State(app): Shared, Path(code): Path<String>) -> Response {
    let bench = app.bench();
    let code = normalise_code(&code);
    let all = bench.lab.chain.iter().flat_map(|s| &s.block.entries);
    let hash = all
        .map(|e| board::entry_hash(e))
        .find(|h| Some(ballot::code::confirmation_code(h)) == code);
    bytes(hash.and_then(|h| receipt(&bench.lab, &h)))
}

async fn last(State(app): Shared, Path(vk): Path<String>) -> Response {
    let bench = app.bench();
    let voter = key(&vk).and_then(|vk| bench.lab.state.voter_last(&bench.lab.election, &vk));
    bytes(voter.and_then(|v| receipt(&bench.lab, &v.hash)))
}

async fn check(State(app): Shared, Path((hash, vk)): Path<(String, String)>) -> Response {
    let bench = app.bench();
    let found = Hash::from_hex(&hash).zip(key(&vk));
    let entry = found.and_then(|(h, vk)| bench.lab.on_board().check_ballot_entry(&h, &vk).copied());
    bytes(entry.and_then(|e| receipt(&bench.lab, &e)))
}

async fn check_count(State(app): Shared, Path((vk, seq)): Path<(String, u32)>) -> Response {
    let bench = app.bench();
    let checks = key(&vk).map_or(0, |vk| bench.lab.on_board().checks_made(&vk, seq));
    axum::Json(json!({ "seq": seq, "checks": checks })).into_response()
}

async fn opening(State(app): Shared, Path(hash): Path<String>) -> Response {
    let bench = app.bench();
    let hash = Hash::from_hex(&hash);
    let entry = hash.and_then(|h| bench.lab.on_board().opening_of(&h).copied());
    bytes(entry.and_then(|e| receipt(&bench.lab, &e)))
}

/// `POST /lab/open/{n}/{side}`: opens a ballot that was cast.
async fn open_side(State(app): Shared, Path((n, side)): Path<(usize, usize)>) -> Response {
    let mut bench = app.bench();
    let found = bench.prepared.get(n).cloned().zip(Side::BOTH.get(side));
    let Some(((_, b, _), side)) = found else {
        return StatusCode::NOT_FOUND.into_response();
    };
    let opening = bench.lab.opening(&b, *side).to_bytes();
    bench.lab.post(&[opening]);
    StatusCode::NO_CONTENT.into_response()
}

/// A number that a booth wants on one side: any booth finds a seed that gives it.
#[derive(Clone, Copy, serde::Deserialize)]
struct Wanted {
    side: Option<usize>,
    value: Option<u8>,
}

/// A seed of a ballot of this choice with the wanted number.
fn fitting(lab: &mut Lab, choice: u16, wanted: Wanted) -> Option<[u8; 32]> {
    let rules = lab.rules.clone()?;
    let (side, value) = (*Side::BOTH.get(wanted.side?)?, wanted.value?);
    let selection = ballot::Selection::new(rules.keys().first()?.shape(), &[choice]).ok()?;
    let selections = [selection];
    let fits = |seed: &[u8; 32]| {
        let masks = rules.masks(&selections, seed);
        masks.first().map(|m| m.value(side)) == Some(value)
    };
    let seeds = std::iter::repeat_with(|| {
        let mut seed = [0; 32];
        rand_core::Rng::fill_bytes(&mut lab.rng, &mut seed);
        seed
    });
    seeds.take(10_000).find(fits)
}

/// `POST /lab/prepare/{voter}/{choice}`: what the booth shows before and after.
async fn prepare(
    State(app): Shared,
    Path((voter, choice)): Path<(usize, u16)>,
    Query(wanted): Query<Wanted>,
) -> Response {
    let mut bench = app.bench();
    let n = bench.prepared.len();
    let fresh = [u8::try_from(n).unwrap_or(0) + 1; 32];
    let seed = fitting(&mut bench.lab, choice, wanted).unwrap_or(fresh);
    let (seq, prev) = {
        let v = bench.lab.voter(voter);
        (v.seq + 1, v.last)
    };
    let b = bench.lab.ballot_from(voter, choice, (seq, prev), &seed);
    let key = bench.lab.voter(voter).key.clone();
    let shown = Shown::of(&b, &key, &mut bench.lab.rng);
    let answer = json!({
        "n": n,
        "first": to_code(&shown),
        "second": to_code(&Revealed::of(&b, &seed)),
        "code": ballot::code::confirmation_code(&b.entry_hash()),
        "now": bench.lab.now,
        "numbers": Side::BOTH.map(|side| bench.lab.opening(&b, side).lines[0].value),
    });
    bench.prepared.push((voter, b, seed));
    axum::Json(answer).into_response()
}

async fn open_check(State(app): Shared, Path(n): Path<usize>) -> Response {
    let mut bench = app.bench();
    let Some((voter, b, _)) = bench.prepared.get(n).cloned() else {
        return StatusCode::NOT_FOUND.into_response();
    };
    let key = bench.lab.voter(voter).key.clone();
    let opened = CheckBallot::open(&b, &key, &mut bench.lab.rng);
    bench.lab.post_one(&Entry::CheckBallot(Box::new(opened)));
    StatusCode::NO_CONTENT.into_response()
}

async fn cast(State(app): Shared, Path(n): Path<usize>) -> Response {
    let mut bench = app.bench();
    let Some((voter, b, _)) = bench.prepared.get(n).cloned() else {
        return StatusCode::NOT_FOUND.into_response();
    };
    bench.lab.post(&[b.to_bytes()]);
    let v = bench.lab.voter(voter);
    (v.seq, v.last) = (b.seq, b.entry_hash());
    StatusCode::NO_CONTENT.into_response()
}

async fn page(State(app): Shared, path: Option<Path<String>>) -> Response {
    let name = path.map_or_else(|| "index.html".to_owned(), |Path(name)| name);
    let kind = match name.rsplit('.').next() {
        Some("html") => "text/html; charset=utf-8",
        Some("js") => "text/javascript; charset=utf-8",
        Some("css") => "text/css; charset=utf-8",
        Some("svg") => "image/svg+xml",
        Some("wasm") => "application/wasm",
        _ => return StatusCode::NOT_FOUND.into_response(),
    };
    if name.contains('/') || name.contains("..") {
        return StatusCode::NOT_FOUND.into_response();
    }
    match std::fs::read(app.pages.join(&name)) {
        Ok(body) => {
            let policy = HeaderName::from_static("content-security-policy");
            (
                [(header::CONTENT_TYPE, kind), (policy, POLICY)],
                Bytes::from(body),
            )
                .into_response()
        }
        Err(_) => StatusCode::NOT_FOUND.into_response(),
    }
}

/// Files next to the pages: a good record, damaged ones, the trust file, receipts.
fn files(lab: &Lab, work: &std::path::Path) -> std::io::Result<Vec<u8>> {
    let record = lab.record();
    save(&record, &work.join("record"));
    let good = board::record::tar::pack(&record)?;
    std::fs::write(work.join("good.tar"), &good)?;
    let mut forged = record;
    if let Some(view) = forged.0.get_mut("view/result.json") {
        let text = String::from_utf8_lossy(view).replace("\"votes\": 3", "\"votes\": 4");
        *view = text.replace("\"votes\":3", "\"votes\":4").into_bytes();
    }
    std::fs::write(
        work.join("other-result.tar"),
        board::record::tar::pack(&forged)?,
    )?;
    let mut flipped = good.clone();
    let middle = flipped.len() / 2;
    if let Some(byte) = flipped.get_mut(middle) {
        *byte ^= 1;
    }
    std::fs::write(work.join("flipped.tar"), &flipped)?;
    let validators = lab.parties.network.committee();
    let trust = |first: u8| {
        let mut keys = validators.clone();
        if let Some(byte) = keys.first_mut().and_then(|k| k.first_mut()) {
            *byte ^= first;
        }
        json!({
            "authority": lab.parties.authority.public().to_hex(),
            "network": to_hex(&lab.parties.network.id()),
            "validators": keys.iter().map(|k| to_hex(k)).collect::<Vec<_>>(),
            "minimum_booth": "0.1.0",
            "practice": true,
        })
    };
    std::fs::write(work.join("trust.json"), trust(0).to_string())?;
    std::fs::write(work.join("other-trust.json"), trust(1).to_string())?;
    let ballot = lab.voters.first().map(|v| v.last).unwrap_or(Hash::ZERO);
    let receipt = receipt(lab, &ballot).unwrap_or_default();
    std::fs::write(work.join("receipt.bin"), &receipt)?;
    let mut bad = receipt;
    if let Some(byte) = bad.last_mut() {
        *byte ^= 1;
    }
    std::fs::write(work.join("bad-receipt.bin"), bad)?;
    let facts = json!({
        "code": ballot::code::confirmation_code(&ballot),
        "digest": board::replay::record_digest(&lab.state, &lab.election).to_hex(),
        "election": lab.election.to_hex(),
    });
    std::fs::write(work.join("facts.json"), facts.to_string())?;
    Ok(good)
}

#[tokio::main]
async fn main() -> std::io::Result<()> {
    let mut arguments = std::env::args().skip(1);
    let (Some(pages), Some(work)) = (arguments.next(), arguments.next()) else {
        return Err(std::io::Error::other("usage: lab PAGES WORK"));
    };
    std::fs::create_dir_all(&work)?;
    let options = Options {
        n: 3,
        t: 2,
        options: 12,
        ..Options::default()
    };
    // Thirty voters, some of them twice: what the demo makes.
    let choices: Vec<Vec<u16>> = (0..30u16)
        .map(|i| {
            if i % 7 == 0 {
                vec![i % 12, 3]
            } else {
                vec![i % 12]
            }
        })
        .collect();
    let choices: Vec<&[u16]> = choices.iter().map(Vec::as_slice).collect();
    let finished = Lab::finished(options, &choices);
    let record = files(&finished, work.as_ref())?;
    let lab = Lab::open(options);
    let manifest = lab.manifest.as_ref().map(|m| m.to_bytes());
    let app = Arc::new(App {
        bench: Mutex::new(Bench {
            lab,
            prepared: Vec::new(),
        }),
        pages: pages.into(),
        record,
    });
    let router = Router::new()
        .route("/verify/", get(page))
        .route("/verify/{name}", get(page))
        .route("/manifest.bin", get(|| async move { bytes(manifest) }))
        .route(
            "/v1/record",
            get(|State(app): Shared| async move { bytes(Some(app.record.clone())) }),
        )
        .route("/v1/entries/{hash}", get(entry_receipt))
        .route("/v1/entries/{hash}/bytes", get(entry_bytes))
        .route("/v1/receipts/{code}", get(by_code))
        .route("/v1/voters/{vk}/last", get(last))
        .route("/v1/checks/{entry_hash}/{vk}", get(check))
        .route("/v1/voters/{vk}/checks/{seq}", get(check_count))
        .route("/v1/openings/{hash}", get(opening))
        .route("/lab/open/{n}/{side}", post(open_side))
        .route("/lab/prepare/{voter}/{choice}", post(prepare))
        .route("/lab/spoil/{n}", post(open_check))
        .route("/lab/cast/{n}", post(cast))
        .with_state(app);
    let listener = tokio::net::TcpListener::bind(("127.0.0.1", 0)).await?;
    println!("http://{}", listener.local_addr()?);
    axum::serve(listener, router).await
}
