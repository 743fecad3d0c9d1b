//! Nodes of the test network: the interface of a node over the test kit's chain. What they show can
//! be replaced, to see what the program makes of it.

use api::node::{Answer, Head, Judgement, Refusal};
use axum::Router;
use axum::body::Bytes;
use axum::extract::{Path, Query, State};
use axum::http::StatusCode;
use axum::routing::{get, post};
use board::check::check_stateless;
use board::receipt::Receipt;
use crypto::schnorr::SigningKey;
use crypto::signed::Statement as _;
use crypto::wire::{TopLevel as _, Writer};
use crypto::{Hash, Rule};
use host::serve::Server;
use host::tls::Identity;
use std::net::SocketAddr;
use std::sync::{Arc, Mutex};
use testkit::election::{Lab, Stored};

/// What a node shows.
#[derive(Clone, Debug, Default)]
pub(crate) enum Shows {
    /// The chain.
    #[default]
    Honest,
    /// Nothing: every request fails.
    Nothing,
    /// This chain instead.
    Other(Vec<Stored>),
}

/// One node.
pub(crate) struct Node {
    pub(crate) lab: Arc<Mutex<Lab>>,
    pub(crate) key: SigningKey,
    pub(crate) shows: Arc<Mutex<Shows>>,
}

type Shared = State<Arc<Node>>;
type Reply = Result<Vec<u8>, StatusCode>;

impl Node {
    fn chain(&self) -> Result<Vec<Stored>, StatusCode> {
        match &*self.shows.lock().unwrap() {
            Shows::Honest => Ok(self.lab.lock().unwrap().chain.clone()),
            Shows::Nothing => Err(StatusCode::SERVICE_UNAVAILABLE),
            Shows::Other(chain) => Ok(chain.clone()),
        }
    }
    fn receipt(&self, hash: &Hash) -> Reply {
        for stored in self.chain()? {
            let hashes: Vec<Hash> = stored
                .block
                .entries
                .iter()
                .map(|e| board::entry_hash(e))
                .collect();
            let (Some(i), Some(certificate)) =
                (hashes.iter().position(|h| h == hash), stored.certificate)
            else {
                continue;
            };
            let entry = &stored.block.entries[i];
            let headers = vec![stored.block.header];
            let index = u32::try_from(i).unwrap();
            let receipt = Receipt::new(entry, &hashes, index, headers, certificate).unwrap();
            return Ok(receipt.to_bytes());
        }
        Err(StatusCode::NOT_FOUND)
    }
    fn answer(&self, lab: &Lab, entry: &[u8], rule: Option<Rule>) -> Answer {
        let said = Judgement {
            network: lab.network().id(),
            entry: board::entry_hash(entry),
            rule,
            height: lab.state.tip().height,
            time_ms: lab.now,
        };
        said.signed(&self.key, &mut rand::rng())
    }
    fn take(&self, entry: &[u8]) -> (StatusCode, Vec<u8>) {
        let mut lab = self.lab.lock().unwrap();
        let time = lab.now + 1000;
        let judged = check_stateless(lab.state.context(), entry, &mut rand::rng())
            .and_then(|c| lab.state.admit(&c, time));
        match judged {
            Ok(()) => {
                lab.try_block(time, &[entry]).unwrap();
                let seen = self.answer(&lab, entry, None);
                (StatusCode::ACCEPTED, seen.to_bytes())
            }
            Err(rule) => {
                let refusal = Refusal {
                    answer: self.answer(&lab, entry, Some(rule)),
                    held_by: Vec::new(),
                };
                (StatusCode::CONFLICT, refusal.to_bytes())
            }
        }
    }
}

async fn take(State(node): Shared, body: Bytes) -> Result<(StatusCode, Vec<u8>), StatusCode> {
    node.chain()?;
    match node.receipt(&board::entry_hash(&body)) {
        Ok(receipt) => Ok((StatusCode::OK, receipt)),
        Err(_) => Ok(node.take(&body)),
    }
}

async fn entry(State(node): Shared, Path(hash): Path<String>) -> Reply {
    node.receipt(&Hash::from_hex(&hash).ok_or(StatusCode::BAD_REQUEST)?)
}

#[derive(serde::Deserialize)]
struct Page {
    from: usize,
    limit: usize,
}

async fn blocks(State(node): Shared, Query(page): Query<Page>) -> Reply {
    let chain = node.chain()?;
    let wanted: Vec<_> = chain.iter().skip(page.from).take(page.limit).collect();
    let mut w = Writer::new();
    w.u32(u32::try_from(wanted.len()).unwrap());
    for stored in wanted {
        w.bytes(&stored.block.to_bytes());
        w.u8(u8::from(stored.certificate.is_some()));
        if let Some(c) = &stored.certificate {
            w.bytes(c);
        }
    }
    Ok(w.finish())
}

async fn head(State(node): Shared) -> Reply {
    let chain = node.chain()?;
    let last = chain.last().unwrap();
    let head = Head {
        header: last.block.header.to_bytes(),
        certificate: last.certificate.clone().unwrap_or_default(),
    };
    Ok(head.to_bytes())
}

/// A bound server with its TLS identity; it answers from [`serve`] on.
pub(crate) async fn bind() -> (Server, SocketAddr, Identity) {
    let identity = Identity::generate().unwrap();
    let any = SocketAddr::from(([127, 0, 0, 1], 0));
    let server = Server::bind(any, Some(&identity)).await.unwrap();
    let address = server.local_addr().unwrap();
    (server, address, identity)
}

/// Serves until the test's runtime ends.
pub(crate) fn serve(server: Server, node: Node) {
    let router = Router::new()
        .route("/v1/entries", post(take))
        .route("/v1/entries/{hash}", get(entry))
        .route("/v1/blocks", get(blocks))
        .route("/v1/head", get(head))
        .with_state(Arc::new(node));
    tokio::spawn(server.run(router, std::future::pending()));
}
