//! A replica over the chain of the test kit, whose validators change.
#![expect(clippy::unwrap_used, reason = "a test fails by panicking")]

use axum::Router;
use axum::extract::{Query, State};
use axum::routing::get;
use ballot::manifest::Validator;
use board::Committee;
use client::{Node, Replica, ReplicaError};
use crypto::wire::Writer;
use host::serve::Server;
use host::tls::Identity;
use std::net::SocketAddr;
use std::sync::Arc;
use std::time::Duration;
use testkit::election::{Lab, Options, Stored, certify, engine_keys};

#[derive(serde::Deserialize)]
struct Page {
    from: usize,
    limit: usize,
}

async fn blocks(State(chain): State<Arc<Vec<Stored>>>, Query(page): Query<Page>) -> Vec<u8> {
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
    w.finish()
}

/// A node that shows this chain.
async fn node(lab: &Lab, chain: Vec<Stored>) -> Node {
    let identity = Identity::generate().unwrap();
    let any = SocketAddr::from(([127, 0, 0, 1], 0));
    let server = Server::bind(any, Some(&identity)).await.unwrap();
    let validator = Validator {
        origin: format!("https://{}", server.local_addr().unwrap()),
        spki: identity.pin().0,
        ..lab.network().validators[0].clone()
    };
    let router = Router::new()
        .route("/v1/blocks", get(blocks))
        .with_state(Arc::new(chain));
    tokio::spawn(server.run(router, std::future::pending()));
    let committee = Committee::from(lab.network());
    Node::new(&validator, committee, Duration::from_secs(20)).unwrap()
}

/// What a replica at genesis makes of this chain: the height it comes to.
async fn followed(lab: &Lab, chain: Vec<Stored>) -> Result<u64, ReplicaError> {
    let node = node(lab, chain).await;
    let mut replica = Replica::new(lab.network());
    replica.sync(&node).await.map(|()| replica.head().height)
}

#[tokio::test]
async fn a_replica_follows_the_board_into_the_next_term() {
    let mut lab = Lab::open(Options::small());
    lab.post_hand_over(engine_keys(2..=8));
    lab.cast(0, 1);
    let height = lab.state.tip().height;
    assert_eq!(followed(&lab, lab.chain.clone()).await.unwrap(), height);
}

#[tokio::test]
async fn a_replica_rejects_r6_25_retired_validators_and_r8_04_a_hand_over_they_did_not_certify() {
    let mut lab = Lab::open(Options::small());
    let retired = lab.parties.validators.clone();
    lab.post_hand_over(engine_keys(2..=5));
    let hand_over = lab.chain.len() - 1;
    lab.cast(0, 1);
    // The block after it, certified by those who left.
    let last = lab.chain.len() - 1;
    let header = lab.chain[last].block.header.clone();
    let mut chain = lab.chain.clone();
    let new = std::mem::replace(&mut lab.parties.validators, retired);
    lab.parties.epoch = 0;
    let old = certify(&lab.parties, header.height, header.digest(), &[0, 1, 2]);
    (lab.parties.validators, lab.parties.epoch) = (new, 1);
    chain[last].certificate = Some(old);
    let error = followed(&lab, chain).await.unwrap_err();
    assert!(
        matches!(error, ReplicaError::Chain(h) if h == header.height),
        "{error:?}"
    );
    // The block with the hand-over, certified through its child alone.
    let mut chain = lab.chain.clone();
    chain[hand_over].certificate = None;
    let error = followed(&lab, chain).await.unwrap_err();
    assert!(
        matches!(error, ReplicaError::Chain(h) if h + 1 == header.height),
        "{error:?}"
    );
}
