//! Nodes that say how an election stands, and what the client makes of those that lie or keep back.
#![expect(clippy::unwrap_used, reason = "a test fails by panicking")]

use api::hex::Hex;
use api::node::{ElectionStatus, Status};
use axum::extract::{Path, State};
use axum::http::StatusCode;
use axum::routing::get;
use axum::{Json, Router};
use ballot::manifest::Validator;
use ballot::text::Text;
use board::entry::{Act, Hints};
use board::{Committee, Receipt};
use client::{Quorum, Standing};
use crypto::Hash;
use crypto::wire::TopLevel as _;
use host::serve::Server;
use host::tls::Identity;
use std::collections::BTreeMap;
use std::net::SocketAddr;
use std::sync::Arc;
use std::time::Duration;
use testkit::election::{Lab, Options};

/// Entries by hash, with the receipt that a node shows for each.
type Shown = BTreeMap<Hash, (Vec<u8>, Vec<u8>)>;

/// A node with the acts it names.
struct Node {
    election: Hash,
    named: Vec<Hash>,
    shown: Shown,
}

type Shared = State<Arc<Node>>;

async fn status(State(node): Shared) -> Json<Status> {
    Json(Status {
        validator: "one".to_owned(),
        network: Hex([0; 32]),
        height: 1,
        head: Hex([0; 32]),
        block_time_ms: 1,
        now_ms: 1,
        entries: 1,
        waiting: 0,
        elections: vec![ElectionStatus {
            setup: Hex(Hash::ZERO),
            election: Some(Hex(node.election)),
            phase: "sealed".to_owned(),
            close_at_ms: None,
            next_boundary_ms: None,
            received: 0,
            counted: 0,
            check_ballots: 0,
            acts: node.named.iter().copied().map(Hex).collect(),
        }],
    })
}

async fn receipt(State(node): Shared, Path(hash): Path<String>) -> Result<Vec<u8>, StatusCode> {
    let shown = node.shown.get(&Hash::from_hex(&hash).unwrap());
    shown.map(|(_, r)| r.clone()).ok_or(StatusCode::NOT_FOUND)
}

async fn bytes(State(node): Shared, Path(hash): Path<String>) -> Result<Vec<u8>, StatusCode> {
    let shown = node.shown.get(&Hash::from_hex(&hash).unwrap());
    shown.map(|(e, _)| e.clone()).ok_or(StatusCode::NOT_FOUND)
}

fn hints(number: u32, portal: &str) -> Act {
    Act::Hints(Hints {
        number,
        portal: portal.to_owned(),
        hints: vec![portal.to_owned()],
    })
}

/// Posts the act and keeps what an honest node shows of it.
fn post(lab: &mut Lab, act: Act, shown: &mut Shown) -> Hash {
    let entry = lab.act(act).encode();
    lab.post(&[&entry]);
    let stored = lab.chain.last().unwrap().clone();
    let hash = crypto::hash::entry_hash(&entry);
    let headers = vec![stored.block.header];
    let receipt = Receipt::new(&entry, &[hash], 0, headers, stored.certificate.unwrap());
    shown.insert(hash, (entry, receipt.unwrap().to_bytes()));
    hash
}

/// What the client makes of nodes that name these acts.
async fn standing(lab: &Lab, shown: &Shown, named: [Vec<Hash>; 4]) -> Standing {
    let committee = Committee::from(lab.network());
    let mut validators = Vec::new();
    for (named, old) in named.into_iter().zip(&lab.network().validators) {
        let identity = Identity::generate().unwrap();
        let any = SocketAddr::from(([127, 0, 0, 1], 0));
        let server = Server::bind(any, Some(&identity)).await.unwrap();
        validators.push(Validator {
            origin: format!("https://{}", server.local_addr().unwrap()),
            spki: identity.pin().0,
            ..old.clone()
        });
        let router = Router::new()
            .route("/v1/status", get(status))
            .route("/v1/entries/{hash}", get(receipt))
            .route("/v1/entries/{hash}/bytes", get(bytes))
            .with_state(Arc::new(Node {
                election: lab.election,
                named,
                shown: shown.clone(),
            }));
        tokio::spawn(server.run(router, std::future::pending()));
    }
    let patience = Duration::from_secs(20);
    let quorum = Quorum::new(&validators, &committee, patience).unwrap();
    quorum.standing(&lab.election, patience).await
}

#[tokio::test]
async fn a_63_the_newest_act_with_a_receipt_outweighs_a_node_that_keeps_it_back() {
    let (mut lab, mut shown) = (Lab::sealed(Options::small()), Shown::new());
    let old = post(&mut lab, hints(1, "https://old.example"), &mut shown);
    let new = post(&mut lab, hints(2, "https://new.example"), &mut shown);
    let only_one_tells = [vec![], vec![old], vec![new], vec![]];
    let found = standing(&lab, &shown, only_one_tells).await;
    assert_eq!(found.hints.unwrap().portal, "https://new.example");
    assert_eq!(found.withdrawn, None);
    let reason = Text::new("誤り", "a mistake", "まちがい");
    let act = Act::Withdraw {
        reason: reason.clone(),
    };
    let gone = post(&mut lab, act, &mut shown);
    let found = standing(&lab, &shown, [vec![new, gone], vec![], vec![], vec![]]).await;
    assert_eq!(found.withdrawn, Some(reason));
    let nobody_tells = standing(&lab, &shown, Default::default()).await;
    assert_eq!(nobody_tells, Standing::default());
}

#[tokio::test]
async fn an_act_without_its_own_receipt_counts_for_nothing() {
    let (mut lab, mut shown) = (Lab::sealed(Options::small()), Shown::new());
    let real = post(&mut lab, hints(1, "https://real.example"), &mut shown);
    // Signed by two officers and never on the board, shown with the receipt of another act.
    let forged = lab.act(hints(9, "https://evil.example")).encode();
    let hash = crypto::hash::entry_hash(&forged);
    let receipt = shown[&real].1.clone();
    shown.insert(hash, (forged, receipt));
    let found = standing(
        &lab,
        &shown,
        [vec![hash], vec![hash], vec![hash], vec![real]],
    )
    .await;
    assert_eq!(found.hints.unwrap().portal, "https://real.example");
}
