//! Two booths that send at once, on a real board behind four gateways that judge by its rules: the
//! loser is told so and keeps what the nodes signed.

use super::*;
use api::node::{Absence, Answer, Judgement, Refusal};
use axum::Router;
use axum::body::Bytes;
use axum::extract::{Path, State};
use axum::http::StatusCode;
use axum::response::{IntoResponse as _, Response};
use axum::routing::{get, post};
use crypto::Encoded;
use crypto::schnorr::SigningKey;
use crypto::signed::Statement as _;
use host::serve::Server;
use host::tls::Identity;
use std::net::SocketAddr;
use std::sync::{Arc, Mutex};
use testkit::election::{Lab, Options};

/// One gateway: the board that all share, its own key, and the ballot that waits here with the
/// promise that was given for it.
struct Gateway {
    lab: Arc<Mutex<Lab>>,
    key: SigningKey,
    waits: Mutex<Option<(Hash, Vec<u8>)>>,
}

type Shared = State<Arc<Gateway>>;

fn receipt(lab: &Lab, hash: &Hash) -> Option<Receipt> {
    let place = lab.state.find(hash)?;
    let stored = &lab.chain[usize::try_from(place.height).unwrap()];
    let index = usize::try_from(place.index).unwrap();
    let entry = &stored.block.entries[index];
    let headers = vec![stored.block.header.clone()];
    let certificate = stored.certificate.clone()?;
    let hashes = stored.block.entry_hashes();
    Receipt::new(entry, &hashes, place.index, headers, certificate)
}

impl Gateway {
    fn says(&self, lab: &Lab, entry: Hash, rule: Option<Rule>) -> Answer {
        let said = Judgement {
            network: lab.network().id(),
            entry,
            rule,
            height: lab.state.tip().height,
            time_ms: lab.now + 1,
        };
        said.signed(&self.key, &mut rand::rng())
    }
}

/// As the real gateway (chain/node): what was promised stays promised, then the board's rules, then
/// the place among those that wait.
async fn take(State(own): Shared, entry: Bytes) -> Response {
    let lab = own.lab.lock().unwrap();
    let hash = crypto::hash::entry_hash(&entry);
    let mut waits = own.waits.lock().unwrap();
    if let Some((_, promise)) = waits.as_ref().filter(|(waiting, _)| *waiting == hash) {
        return (StatusCode::ACCEPTED, promise.clone()).into_response();
    }
    if let Some(receipt) = receipt(&lab, &hash) {
        return (StatusCode::OK, receipt.to_bytes()).into_response();
    }
    let judged = board::check_stateless(lab.state.context(), &entry, &mut rand::rng());
    let judged = judged.and_then(|checked| lab.state.admit(&checked, lab.now + 1));
    let place = judged.and_then(|()| match *waits {
        Some(_) => Err(rules::SEQ),
        None => Ok(()),
    });
    match place {
        Ok(()) => {
            let promise = own.says(&lab, hash, None).to_bytes();
            *waits = Some((hash, promise.clone()));
            (StatusCode::ACCEPTED, promise).into_response()
        }
        Err(rule) => {
            let refusal = Refusal {
                answer: own.says(&lab, hash, Some(rule)),
                held_by: Vec::new(),
            };
            (StatusCode::CONFLICT, refusal.to_bytes()).into_response()
        }
    }
}

async fn find(State(own): Shared, Path(hash): Path<String>) -> Response {
    let lab = own.lab.lock().unwrap();
    match receipt(&lab, &Hash::from_hex(&hash).unwrap()) {
        Some(receipt) => receipt.to_bytes().into_response(),
        None => StatusCode::NOT_FOUND.into_response(),
    }
}

async fn bytes(State(own): Shared, Path(hash): Path<String>) -> Response {
    let lab = own.lab.lock().unwrap();
    let place = lab.state.find(&Hash::from_hex(&hash).unwrap()).unwrap();
    let block = &lab.chain[usize::try_from(place.height).unwrap()].block;
    block.entries[usize::try_from(place.index).unwrap()]
        .clone()
        .into_response()
}

async fn last(State(own): Shared, Path(vk): Path<String>) -> Response {
    let lab = own.lab.lock().unwrap();
    let vk: [u8; 32] = crypto::hash::from_hex(&vk).unwrap().try_into().unwrap();
    let point = Point::from_bytes(&vk).unwrap();
    if let Some(voter) = lab.state.voter_last(&lab.election, &point) {
        return receipt(&lab, &voter.hash)
            .unwrap()
            .to_bytes()
            .into_response();
    }
    let none = Absence {
        network: lab.network().id(),
        voter: Encoded(vk),
        height: lab.state.tip().height,
        time_ms: lab.now + 1,
    };
    none.signed(&own.key, &mut rand::rng())
        .to_bytes()
        .into_response()
}

/// An open election whose four nodes answer here.
async fn board() -> (Arc<Mutex<Lab>>, Nodes) {
    let mut lab = Lab::new(Options::small());
    let (mut servers, mut validators) = (Vec::new(), Vec::new());
    for old in lab.network().validators.clone() {
        let identity = Identity::generate().unwrap();
        let any = SocketAddr::from(([127, 0, 0, 1], 0));
        let server = Server::bind(any, Some(&identity)).await.unwrap();
        let at = lab.parties.nodes.iter();
        let key = at.clone().find(|k| k.public() == old.node_key).unwrap();
        validators.push(ballot::manifest::Validator {
            origin: format!("https://{}", server.local_addr().unwrap()),
            spki: identity.pin().0,
            ..old
        });
        servers.push((server, key.clone()));
    }
    lab.move_nodes(validators);
    lab.set_up();
    lab.run_ceremony();
    lab.seal();
    lab.open_box();
    let (manifest, election) = (lab.manifest.clone().unwrap().manifest, lab.election);
    let lab = Arc::new(Mutex::new(lab));
    for (server, key) in servers {
        let own = Gateway {
            lab: Arc::clone(&lab),
            key,
            waits: Mutex::default(),
        };
        let router = Router::new()
            .route("/v1/entries", post(take))
            .route("/v1/entries/{hash}", get(find))
            .route("/v1/entries/{hash}/bytes", get(bytes))
            .route("/v1/voters/{vk}/last", get(last))
            .with_state(Arc::new(own));
        tokio::spawn(server.run(router, std::future::pending()));
    }
    let mut nodes = Nodes::new(&manifest, election).unwrap();
    nodes.patience = Duration::from_millis(300);
    (lab, nodes)
}

/// Two ballots of one voter for one place.
fn two(lab: &Mutex<Lab>) -> [Vec<u8>; 2] {
    let mut lab = lab.lock().unwrap();
    [0, 1].map(|choice| lab.ballot_with(0, choice, 1, Hash::ZERO).to_bytes())
}

/// The first node gets one ballot, the others get the other one: nobody can tell yet. When the other
/// one is on the board, the loser is told so, though the first node repeats its promise for ever.
#[tokio::test]
async fn a_38_the_loser_of_two_booths_is_told_that_another_ballot_was_taken() {
    let (lab, nodes) = board().await;
    let [lost, won] = two(&lab);
    let [first, others @ ..] = nodes.quorum.nodes() else {
        panic!("no nodes")
    };
    first.post(&lost).await;
    for node in others {
        node.post(&won).await;
    }
    let mut papers = Vec::new();
    let early = nodes.cast_keeping(&lost, None, &mut papers).await;
    assert_eq!(early, Err((Fault::Waiting, VoteState::Pending)));
    assert_eq!(papers.len(), 4);

    lab.lock().unwrap().post(std::slice::from_ref(&won));
    for _ in 0..2 {
        let told = nodes.cast_keeping(&lost, None, &mut papers).await;
        assert_eq!(told, Err((Fault::Overtaken, VoteState::Overtaken)));
    }
    let receipt = nodes.cast(&won, None).await.unwrap();
    assert_eq!(receipt.entry, crypto::hash::entry_hash(&won));
    // One promise, and a refusal of each other node before and after.
    let said: Vec<_> = papers.iter().map(|p| p.read().unwrap()).collect();
    let entry = crypto::hash::entry_hash(&lost);
    assert!(said.iter().all(|(key, a)| a.verify(key).is_ok()));
    assert!(said.iter().all(|(_, a)| a.body.entry == entry));
    let promises: Vec<_> = said.iter().filter(|(_, a)| a.body.rule.is_none()).collect();
    let seq = Some(rules::SEQ);
    let refusals = said.iter().filter(|(_, a)| a.body.rule == seq).count();
    assert_eq!((promises.len(), promises[0].0), (1, first.key()));
    assert!(refusals >= 6, "{refusals}");
}

/// Refused by everybody: with a proof that the other ballot is on the board, the loser is told so.
#[tokio::test]
async fn a_38_a_ballot_that_all_refuse_is_overtaken_only_with_a_proof() {
    let (lab, nodes) = board().await;
    let [lost, won] = two(&lab);
    for node in nodes.quorum.nodes() {
        node.post(&won).await;
    }
    // The other one only waits: it may still be lost.
    let early = nodes.cast(&lost, None).await;
    assert_eq!(early, Err((Fault::Overtaken, VoteState::NotSent)));
    lab.lock().unwrap().post(std::slice::from_ref(&won));
    let told = nodes.cast(&lost, None).await;
    assert_eq!(told, Err((Fault::Overtaken, VoteState::Overtaken)));
}

/// What shows that a place is taken, and what does not.
#[test]
fn a_38_a_place_is_taken_by_another_ballot_and_by_its_successor() {
    let mut lab = Lab::open(Options::small());
    let [mine, other] = [0, 1].map(|c| lab.ballot_with(0, c, 1, Hash::ZERO));
    let next = |lab: &mut Lab, prev: &Ballot| lab.ballot_with(0, 1, 2, prev.entry_hash());
    let (after_mine, after_other) = (next(&mut lab, &mine), next(&mut lab, &other));
    let later = lab.ballot_with(0, 1, 3, after_other.entry_hash());
    let stranger = lab.ballot_with(5, 1, 1, Hash::ZERO);
    for (last, taken) in [
        (&other, true),
        (&after_other, true),
        (&mine, false),
        (&after_mine, false),
        (&later, false),
        (&stranger, false),
    ] {
        assert_eq!(has_the_place_of(last, &mine), taken);
    }
}
