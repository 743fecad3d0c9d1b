//! Four nodes that answer as the test tells them: whose word the client takes.
#![expect(clippy::unwrap_used, reason = "a test fails by panicking")]

use api::node::{Absence, Answer, Declined, Judgement, Refusal};
use axum::Router;
use axum::body::Bytes;
use axum::extract::State;
use axum::http::StatusCode;
use axum::response::{IntoResponse as _, Response};
use axum::routing::{get, post};
use ballot::manifest::Validator;
use board::{Committee, Receipt};
use client::{NodeError, Outcome, Quorum, Reply, Spread};
use crypto::schnorr::SigningKey;
use crypto::signed::Statement as _;
use crypto::wire::TopLevel as _;
use crypto::{Encoded, Hash, Rule};
use host::serve::Server;
use host::tls::Identity;
use std::net::SocketAddr;
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::Duration;
use testkit::election::{Lab, Options};

/// What a node says to everything that is posted.
#[derive(Clone, Copy, Debug)]
enum Says {
    Seen,
    SeenForAnotherNetwork,
    Refused,
    RefusedByAnotherKey,
    Final,
    Busy,
    Stopping,
    /// 503 with a page that is not the node's own.
    ProxyPage,
    Gone,
}

struct Node {
    says: Says,
    asked: Arc<AtomicUsize>,
    key: SigningKey,
    network: [u8; 32],
    receipt: Vec<u8>,
}

type Shared = State<Arc<Node>>;

impl Node {
    fn answer(&self, entry: &[u8], rule: Option<Rule>) -> Answer {
        let stranger = SigningKey::generate(&mut rand::rng());
        let (key, network) = match self.says {
            Says::SeenForAnotherNetwork => (&self.key, [9; 32]),
            Says::RefusedByAnotherKey => (&stranger, self.network),
            _ => (&self.key, self.network),
        };
        let hash = crypto::hash::entry_hash(entry);
        let (height, time_ms) = (7, 8);
        let said = Judgement {
            network,
            entry: hash,
            rule,
            height,
            time_ms,
        };
        said.signed(key, &mut rand::rng())
    }
}

async fn take(State(node): Shared, entry: Bytes) -> Response {
    node.asked.fetch_add(1, Ordering::Relaxed);
    let (status, body) = match node.says {
        Says::Seen | Says::SeenForAnotherNetwork => {
            (StatusCode::ACCEPTED, node.answer(&entry, None).to_bytes())
        }
        Says::Refused | Says::RefusedByAnotherKey => {
            let refusal = Refusal {
                answer: node.answer(&entry, Some(board::rules::SEQ)),
                held_by: Vec::new(),
            };
            (StatusCode::CONFLICT, refusal.to_bytes())
        }
        Says::Final => (StatusCode::OK, node.receipt.clone()),
        Says::Busy => return host::problem::refuse(Declined::Busy),
        Says::Stopping => return host::problem::refuse(Declined::Stopping),
        Says::ProxyPage | Says::Gone => (
            StatusCode::SERVICE_UNAVAILABLE,
            b"<h1>503 Service Unavailable</h1>".to_vec(),
        ),
    };
    (status, body).into_response()
}

async fn find(State(node): Shared) -> (StatusCode, Vec<u8>) {
    match node.says {
        Says::Final => (StatusCode::OK, node.receipt.clone()),
        _ => (StatusCode::NOT_FOUND, Vec::new()),
    }
}

/// "No ballot", also for another network.
async fn last(State(node): Shared) -> Vec<u8> {
    let network = match node.says {
        Says::SeenForAnotherNetwork => [9; 32],
        _ => node.network,
    };
    let voter = Encoded(*voter().public().as_bytes());
    let none = Absence {
        network,
        voter,
        height: 7,
        time_ms: 8,
    };
    none.signed(&node.key, &mut rand::rng()).to_bytes()
}

fn voter() -> SigningKey {
    SigningKey::from_scalar(crypto::Scalar::from(5u8)).unwrap()
}

/// A board with one entry, and nodes that say this about it.
async fn nodes(says: [Says; 4]) -> (Quorum, Vec<u8>) {
    counted(says, &Arc::default()).await
}

/// The same, with the number of posts they got.
async fn counted(says: [Says; 4], asked: &Arc<AtomicUsize>) -> (Quorum, Vec<u8>) {
    let mut lab = Lab::new(Options::small());
    lab.set_up();
    let stored = lab.chain.last().unwrap().clone();
    let entry = stored.block.entries[0].clone();
    let hashes = [crypto::hash::entry_hash(&entry)];
    let certificate = stored.certificate.unwrap();
    let receipt = Receipt::new(&entry, &hashes, 0, vec![stored.block.header], certificate);
    let receipt = receipt.unwrap().to_bytes();
    let committee = Committee::from(lab.network());
    let mut validators = Vec::new();
    for (says, old) in says.into_iter().zip(&lab.network().validators) {
        let identity = Identity::generate().unwrap();
        let any = SocketAddr::from(([127, 0, 0, 1], 0));
        let server = Server::bind(any, Some(&identity)).await.unwrap();
        let key = SigningKey::generate(&mut rand::rng());
        validators.push(Validator {
            node_key: key.public(),
            origin: format!("https://{}", server.local_addr().unwrap()),
            spki: identity.pin().0,
            ..old.clone()
        });
        if matches!(says, Says::Gone) {
            continue;
        }
        let node = Node {
            says,
            asked: Arc::clone(asked),
            key,
            network: committee.network,
            receipt: receipt.clone(),
        };
        let router = Router::new()
            .route("/v1/entries", post(take))
            .route("/v1/entries/{hash}", get(find))
            .route("/v1/voters/{vk}/last", get(last))
            .with_state(Arc::new(node));
        tokio::spawn(server.run(router, std::future::pending()));
    }
    let patience = Duration::from_secs(20);
    (
        Quorum::new(&validators, &committee, patience).unwrap(),
        entry,
    )
}

/// Posts the entry; who waits for what never comes does not wait long.
async fn posted(says: [Says; 4], spread: Spread) -> Outcome {
    let comes = says.iter().any(|s| matches!(s, Says::Final));
    let patience = Duration::from_millis(if comes { 20_000 } else { 300 });
    let (quorum, entry) = nodes(says).await;
    quorum.post(&entry, spread, patience).await
}

#[tokio::test]
async fn a_statement_for_another_network_or_by_another_key_is_not_believed() {
    use Says::{Refused, RefusedByAnotherKey, Seen, SeenForAnotherNetwork};
    let (quorum, entry) = nodes([SeenForAnotherNetwork, RefusedByAnotherKey, Seen, Refused]).await;
    let mut said = Vec::new();
    for node in quorum.nodes() {
        said.push(node.post(&entry).await);
    }
    assert!(matches!(said[0], Reply::Unsure(NodeError::Proof)));
    assert!(matches!(said[1], Reply::Unsure(NodeError::Proof)));
    assert!(matches!(said[2], Reply::Seen(_)));
    assert!(matches!(said[3], Reply::Refused(rule, _) if rule == board::rules::SEQ));
    // "No ballot" likewise: three say so well, and f + 1 are enough.
    let (vk, election) = (voter().public(), Hash::ZERO);
    let node = &quorum.nodes()[0];
    assert!(matches!(
        node.last(&vk, &election).await,
        Err(NodeError::Proof)
    ));
    let last = quorum.last(&vk, &election, Duration::from_secs(10)).await;
    assert!(last.unwrap().is_none());
}

/// A voter is told "nothing was cast" only when no node has the ballot; an official does not wait
/// for one dishonest "seen".
#[tokio::test]
async fn a_refusal_is_believed_as_the_spread_says() {
    use Says::{Refused, Seen, SeenForAnotherNetwork};
    for spread in [Spread::Ballot, Spread::NearClose, Spread::Everybody] {
        let all = posted([Refused; 4], spread).await;
        assert!(matches!(all, Outcome::Refused(rules) if rules[0] == board::rules::SEQ));
    }
    let one_took_it = [Seen, Refused, Refused, Refused];
    for spread in [Spread::Ballot, Spread::NearClose] {
        let ballot = posted(one_took_it, spread).await;
        assert!(matches!(ballot, Outcome::Seen), "{ballot:?}");
    }
    let official = posted(one_took_it, Spread::Everybody).await;
    assert!(matches!(official, Outcome::Refused(_)), "{official:?}");
    // An answer that proves nothing may hide that the node has it.
    let unsure = [SeenForAnotherNetwork, Refused, Refused, Refused];
    let ballot = posted(unsure, Spread::Ballot).await;
    assert!(matches!(ballot, Outcome::Seen), "{ballot:?}");
}

/// A node that never looked at the ballot does not have it; one that is stopping, and a proxy that
/// may have passed it on, leave that open.
#[tokio::test]
async fn a_declined_ballot_may_be_on_its_way_unless_the_reason_excludes_it() {
    use Says::{Busy, ProxyPage, Stopping};
    let (quorum, entry) = nodes([Busy, Stopping, ProxyPage, Busy]).await;
    let mut said = Vec::new();
    for node in quorum.nodes() {
        said.push(node.post(&entry).await);
    }
    assert!(matches!(said[0], Reply::Undecided(_)), "{:?}", said[0]);
    assert!(matches!(said[1], Reply::Unsure(_)), "{:?}", said[1]);
    assert!(matches!(said[2], Reply::Unsure(_)), "{:?}", said[2]);
    let open = posted([Busy, Busy, Busy, Stopping], Spread::Ballot).await;
    assert!(matches!(open, Outcome::Seen), "{open:?}");
}

#[tokio::test]
async fn what_no_node_has_is_not_reached_and_one_receipt_is_enough() {
    use Says::{Busy, Final, Gone, Seen};
    for spread in [Spread::Ballot, Spread::NearClose, Spread::Everybody] {
        let nobody = posted([Busy, Gone, Busy, Gone], spread).await;
        assert!(matches!(nobody, Outcome::NotReached(_)), "{nobody:?}");
        let one = posted([Busy, Gone, Busy, Final], spread).await;
        assert!(matches!(one, Outcome::Final(_)), "{one:?}");
        let later = posted([Seen, Seen, Busy, Final], spread).await;
        assert!(matches!(later, Outcome::Final(_)), "{later:?}");
    }
    let (quorum, entry) = nodes([Gone, Gone, Busy, Final]).await;
    let found = quorum.find(&entry, Duration::from_secs(5)).await.unwrap();
    assert_eq!(found.entry, crypto::hash::entry_hash(&entry));
    assert!(
        quorum
            .find(b"another", Duration::from_secs(5))
            .await
            .is_none()
    );
}

/// Far from the close f + 1 nodes get a ballot; near it all of them do, whatever the first ones say,
/// because more than f have to promise it.
#[tokio::test]
async fn a_70_near_the_close_every_node_gets_the_ballot() {
    use Says::{Busy, Seen};
    for (spread, posts) in [(Spread::Ballot, 2), (Spread::NearClose, 4)] {
        let asked = Arc::default();
        let (quorum, entry) = counted([Seen; 4], &asked).await;
        let patience = Duration::from_millis(300);
        let outcome = quorum.post(&entry, spread, patience).await;
        assert!(matches!(outcome, Outcome::Seen), "{outcome:?}");
        assert_eq!(asked.load(Ordering::Relaxed), posts, "{spread:?}");
    }
    let asked = Arc::default();
    let (quorum, entry) = counted([Busy, Seen, Busy, Busy], &asked).await;
    let outcome = quorum.post(&entry, Spread::NearClose, Duration::from_millis(300));
    assert!(matches!(outcome.await, Outcome::Seen));
    assert_eq!(asked.load(Ordering::Relaxed), 4);
}

/// Every signed answer is kept with the key that signed it, a refusal too, and nothing that does not
/// verify.
#[tokio::test]
async fn a_32_what_nodes_signed_is_kept() {
    use Says::{Refused, RefusedByAnotherKey, Seen, SeenForAnotherNetwork};
    let says = [SeenForAnotherNetwork, RefusedByAnotherKey, Seen, Refused];
    let (quorum, entry) = nodes(says).await;
    let patience = Duration::from_millis(300);
    let (outcome, said) = quorum
        .post_keeping(&entry, Spread::NearClose, patience)
        .await;
    assert!(matches!(outcome, Outcome::Seen), "{outcome:?}");
    let expected = [(2, None), (3, Some(board::rules::SEQ))];
    assert_eq!(said.len(), expected.len());
    for ((key, answer), (node, rule)) in said.iter().zip(expected) {
        assert_eq!(*key, quorum.nodes()[node].key());
        assert_eq!(answer.body.rule, rule);
        assert!(answer.verify(key).is_ok());
    }
}
