//! Real validators: one process, four processes, a stepped clock.

use crate::cluster::{Cluster, Node};
use crate::election::{Election, Times};
use crate::kills::make_ballots;
use api::node::{Answer, BucketRow, CheckCount, Listing, NoBallot, Refusal};
use ballot::{Ballot, CheckBallot, Side};
use board::network::NetworkConfig;
use board::rules;
use board::{Committee, Receipt};
use crypto::Hash;
use crypto::hash::entry_hash;
use crypto::wire::TopLevel as _;
use host::clock::DemoClock;
use std::collections::BTreeMap;
use std::sync::Arc;
use std::time::{Duration, Instant};

/// Follows the cluster's clock file.
pub const DEMO_CLOCK: &str = "[clock]\ndemo = true\nfile = \"CLOCK\"";
/// ms.
pub const HOUR: u64 = 3_600_000;

/// An election that is open from an hour ago for so many days.
pub async fn days(cluster: &Cluster, days: u64) -> Times {
    let now = cluster.nodes[0].status().await.unwrap().now_ms;
    Times {
        opens: now - HOUR,
        close: now + days * 24 * HOUR,
        drain: 60_000,
    }
}

/// The rules of the network and those who sign for it.
pub fn committee_of(cluster: &Cluster) -> (NetworkConfig, Committee) {
    let network = node::config::Network::new(&cluster.network).unwrap().rules;
    let committee = Committee::from(&network);
    (network, committee)
}

/// An open election with these times.
pub async fn vote(cluster: &Cluster, times: Times) -> (Arc<Election>, Committee) {
    let (network, committee) = committee_of(cluster);
    let election = Election::open(&network, &cluster.nodes[0], 7, times).await;
    cluster.level().await;
    (Arc::new(election), committee)
}

/// The key under which a node signs its answers.
pub fn node_key(cluster: &Cluster, i: usize) -> crypto::Point {
    cluster.network.validators[i].node_key.0
}

/// The receipt of a ballot, verified, within half a minute.
pub async fn final_receipt(node: &Node, committee: &Committee, ballot: &[u8]) -> Receipt {
    let bytes = node
        .receipt(ballot, 30)
        .await
        .expect("a receipt within 30 s");
    let receipt = Receipt::from_bytes(&bytes).unwrap();
    receipt.verify_entry(committee, ballot).unwrap();
    receipt
}

#[tokio::test(flavor = "multi_thread")]
async fn real_a_35_single_validator_keeps_what_it_promised() {
    let mut cluster = Cluster::new(1, "");
    cluster.start().await;
    let (election, committee) = vote(&cluster, days(&cluster, 1).await).await;
    let key = node_key(&cluster, 0);
    let first = election.ballot(1, 3, 1, Hash::ZERO);
    let receipt = answers(&cluster.nodes[0], &election, &committee, &key, &first).await;
    refusals(&cluster.nodes[0], &election, &key, &receipt).await;
    check_ballot(&cluster.nodes[0], &election, &committee).await;
    opening(&cluster.nodes[0], &election, &committee).await;
    bucket(&cluster.nodes[0], &election, &key, entry_hash(&first)).await;

    // Killed right after "seen": the promise is kept by the next process.
    let lost = election.ballot(2, 4, 1, Hash::ZERO);
    assert_eq!(cluster.nodes[0].post(&lost).await.unwrap().0, 202);
    cluster.nodes[0].kill();
    cluster.start().await;
    final_receipt(&cluster.nodes[0], &committee, &lost).await;
    assert_eq!(
        final_receipt(&cluster.nodes[0], &committee, &first).await,
        receipt
    );
    // What is settled leaves no trace of when it came.
    let log = cluster.nodes[0].folder().join("data/seen.log");
    let end = Instant::now() + Duration::from_secs(20);
    while std::fs::metadata(&log).unwrap().len() > 0 {
        assert!(Instant::now() < end, "the log still holds settled entries");
        tokio::time::sleep(Duration::from_millis(100)).await;
    }
    // A second process over the same votes is refused.
    assert!(
        cluster.nodes[0]
            .second_process()
            .contains("in use by another process")
    );
    record(&cluster.nodes[0], &election, 3).await;
}

/// Seen, the same answer again, then the same receipt by every road.
async fn answers(
    node: &Node,
    election: &Election,
    committee: &Committee,
    key: &crypto::Point,
    ballot: &[u8],
) -> Receipt {
    let vk = crypto::hash::to_hex(election.voter(1).public().as_bytes());
    let (_, none) = node.get(&format!("/v1/voters/{vk}/last")).await.unwrap();
    NoBallot::from_bytes(&none).unwrap().verify(key).unwrap();

    let (status, seen) = node.post(ballot).await.unwrap();
    assert_eq!(status, 202);
    let answer = Answer::from_bytes(&seen).unwrap();
    answer.verify(key).unwrap();
    assert_eq!(
        (answer.body.entry, answer.body.rule),
        (entry_hash(ballot), None)
    );
    let (status, again) = node.post(ballot).await.unwrap();
    assert!(
        status == 200 || again == seen,
        "the same answer for the same ballot"
    );
    let receipt = final_receipt(node, committee, ballot).await;
    let (status, bytes) = node.post(ballot).await.unwrap();
    assert_eq!(
        (status, Receipt::from_bytes(&bytes).unwrap()),
        (200, receipt.clone())
    );
    for path in [
        format!("/v1/receipts/{}", receipt.code),
        format!("/v1/voters/{vk}/last"),
    ] {
        let (status, bytes) = node.get(&path).await.unwrap();
        assert_eq!(
            (status, Receipt::from_bytes(&bytes).unwrap()),
            (200, receipt.clone()),
            "{path}"
        );
    }
    let path = format!("/v1/entries/{}/bytes", entry_hash(ballot).to_hex());
    assert_eq!(node.get(&path).await.unwrap(), (200, ballot.to_vec()));
    receipt
}

/// A used number, a wrong signature: signed refusals.
async fn refusals(node: &Node, election: &Election, key: &crypto::Point, holder: &Receipt) {
    let (status, bytes) = node
        .post(&election.ballot(1, 5, 1, Hash::ZERO))
        .await
        .unwrap();
    assert_eq!(status, 409);
    let refusal = Refusal::from_bytes(&bytes).unwrap();
    refusal.answer.verify(key).unwrap();
    assert_eq!(refusal.answer.body.rule, Some(rules::SEQ));
    assert_eq!(&Receipt::from_bytes(&refusal.held_by).unwrap(), holder);

    let mut bad = election.ballot(3, 0, 1, Hash::ZERO);
    let last = bad.len() - 1;
    bad[last] ^= 1;
    let (status, bytes) = node.post(&bad).await.unwrap();
    assert_eq!(status, 422);
    assert!(
        Refusal::from_bytes(&bytes)
            .unwrap()
            .answer
            .body
            .rule
            .is_some()
    );
    assert_eq!(
        node.get("/v1/receipts/00000-00000-00000-00000")
            .await
            .unwrap()
            .0,
        404
    );
}

/// A check ballot is found by what the booth showed: entry hash and voting key.
async fn check_ballot(node: &Node, election: &Election, committee: &Committee) {
    let key = election.voter(9);
    let b = Ballot::from_bytes(&election.ballot(9, 2, 1, Hash::ZERO)).unwrap();
    let vk = key.public().to_hex();
    let at = |hash: &Hash| format!("/v1/checks/{}/{vk}", hash.to_hex());
    let shown = b.entry_hash();
    assert_eq!(node.get(&at(&shown)).await.unwrap().0, 404);
    let opened = CheckBallot::open(&b, &key, &mut rand::rng()).to_bytes();
    assert_eq!(node.post(&opened).await.unwrap().0, 202);
    let wait = format!("{}?wait=30", at(&shown));
    let (status, bytes) = node.get(&wait).await.unwrap();
    assert_eq!(status, 200);
    let receipt = Receipt::from_bytes(&bytes).unwrap();
    receipt.verify_entry(committee, &opened).unwrap();
    // Neither under its own entry hash nor under another key.
    assert_eq!(node.get(&at(&receipt.entry)).await.unwrap().0, 404);
    let other = format!(
        "/v1/checks/{}/{}",
        shown.to_hex(),
        election.voter(1).public().to_hex()
    );
    assert_eq!(node.get(&other).await.unwrap().0, 404);
    assert_eq!(node.get("/v1/checks/12/34").await.unwrap().0, 400);
    // How many there are of this number, and of another one.
    for (seq, checks) in [(1, 1), (2, 0)] {
        let at = format!("/v1/voters/{vk}/checks/{seq}");
        let (status, said) = node.get(&at).await.unwrap();
        let count: CheckCount = serde_json::from_slice(&said).unwrap();
        assert_eq!((status, count), (200, CheckCount { seq, checks }));
    }
}

/// The opening of a ballot is taken once the ballot is final, and found by the ballot.
async fn opening(node: &Node, election: &Election, committee: &Committee) {
    let seed = [12; 32];
    let ballot = election.ballot_from(12, 2, (1, Hash::ZERO), &seed);
    let hash = entry_hash(&ballot);
    let at = format!("/v1/openings/{}", hash.to_hex());
    let [mask, masked] = Side::BOTH.map(|side| election.opening(hash, 2, &seed, side));
    // Not before its ballot.
    let (status, refused) = node.post(&mask).await.unwrap();
    let rule = Refusal::from_bytes(&refused).unwrap().answer.body.rule;
    assert_eq!((status, rule), (409, Some(rules::OPENING_BALLOT)));
    assert_eq!(node.post(&ballot).await.unwrap().0, 202);
    final_receipt(node, committee, &ballot).await;
    assert_eq!(node.get(&at).await.unwrap().0, 404);
    assert_eq!(node.post(&masked).await.unwrap().0, 202);
    let (status, bytes) = node.get(&format!("{at}?wait=30")).await.unwrap();
    assert_eq!(status, 200);
    let receipt = Receipt::from_bytes(&bytes).unwrap();
    receipt.verify_entry(committee, &masked).unwrap();
    // Never the other side as well.
    let (status, refused) = node.post(&mask).await.unwrap();
    let rule = Refusal::from_bytes(&refused).unwrap().answer.body.rule;
    assert_eq!((status, rule), (409, Some(rules::OPENING_TWICE)));
    assert_eq!(node.get("/v1/openings/12").await.unwrap().0, 400);
}

/// The list of all keys: a booth finds its own without naming it.
async fn bucket(node: &Node, election: &Election, key: &crypto::Point, first: Hash) {
    let at = |index: &str| format!("/v1/buckets/{}/{index}", election.hash.to_hex());
    let (status, bytes) = node.get(&at("0")).await.unwrap();
    assert_eq!(status, 200);
    let listing = Listing::from_bytes(&bytes).unwrap();
    listing.verify(key).unwrap();
    let said = listing.body;
    assert_eq!((said.election, said.index), (election.hash, 0));
    let row = |voter: u64| {
        let vk = election.voter(voter).public();
        said.row(&crypto::Encoded(*vk.as_bytes())).cloned()
    };
    let short = |r: BucketRow| (r.seq, r.entry, r.opened);
    assert_eq!(row(1).map(short), Some((1, first, false)));
    assert_eq!(row(12).map(|r| (r.seq, r.opened)), Some((1, true)));
    assert_eq!(row(12).map(|r| r.keys.len()), Some(1));
    assert_eq!(row(99), None);
    // This election has one bucket, and the node no other election.
    assert_eq!(node.get(&at("1")).await.unwrap().0, 404);
    let other = format!("/v1/buckets/{}/0", Hash::ZERO.to_hex());
    assert_eq!(node.get(&other).await.unwrap().0, 404);
}

/// The public record as the node gives it replays to the same board.
pub async fn record(node: &Node, election: &Election, ballots: u64) {
    let (status, tar) = node.get("/v1/record").await.unwrap();
    assert_eq!(status, 200);
    let mut files = BTreeMap::new();
    let mut names = Vec::new();
    for file in tar::Archive::new(tar.as_slice()).entries().unwrap() {
        let mut file = file.unwrap();
        let name = file.path().unwrap().to_str().unwrap().to_owned();
        let mut bytes = Vec::new();
        std::io::Read::read_to_end(&mut file, &mut bytes).unwrap();
        names.push(name.clone());
        files.insert(name, bytes);
    }
    assert_eq!(names, board::record::ORDER);
    let source = board::record::Memory(files);
    let mut replay = board::replay::Replay::open(&source).unwrap();
    while replay.step(&mut rand::rng()).unwrap() {}
    let found = replay.state().election(&election.hash).unwrap();
    assert_eq!((found.received(), found.counted()), (ballots, ballots));
}

#[tokio::test(flavor = "multi_thread")]
async fn real_stepped_clock_does_not_stop_the_chain() {
    let mut cluster = Cluster::new(4, DEMO_CLOCK);
    cluster.start().await;
    let times = days(&cluster, 30).await;
    let (election, committee) = vote(&cluster, times).await;
    for step in 1..4u64 {
        let ballots = make_ballots(&election, step * 10, 10).await;
        for (i, ballot) in ballots.iter().enumerate() {
            assert_eq!(cluster.nodes[i % 4].post(ballot).await.unwrap().0, 202);
        }
        // While their blocks are being voted on, the clock jumps by days.
        let target = cluster.nodes[0].status().await.unwrap().now_ms + step * 24 * HOUR;
        DemoClock::step_to(&cluster.clock_file(), target).unwrap();
        let stepped = Instant::now();
        for ballot in &ballots {
            final_receipt(&cluster.nodes[1], &committee, ballot).await;
        }
        while cluster.nodes[2].status().await.unwrap().block_time_ms < target {
            assert!(
                stepped.elapsed() < Duration::from_secs(15),
                "no block of the new time"
            );
            tokio::time::sleep(Duration::from_millis(20)).await;
        }
        println!(
            "step {step}: a block of the new time after {:?}",
            stepped.elapsed()
        );
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn real_close_is_sharp() {
    let mut cluster = Cluster::new(1, DEMO_CLOCK);
    cluster.start().await;
    let mut times = days(&cluster, 1).await;
    times.drain = ballot::manifest::MIN_DRAIN_MS;
    let (election, committee) = vote(&cluster, times).await;
    let (before, after) = (
        election.ballot(1, 0, 1, Hash::ZERO),
        election.ballot(2, 0, 1, Hash::ZERO),
    );
    DemoClock::step_to(&cluster.clock_file(), times.close - 5000).unwrap();
    let node = &cluster.nodes[0];
    assert_eq!(node.post(&before).await.unwrap().0, 202);
    final_receipt(node, &committee, &before).await;
    DemoClock::step_to(&cluster.clock_file(), times.close).unwrap();
    let (status, body) = node.post(&after).await.unwrap();
    let refusal = Refusal::from_bytes(&body).unwrap();
    refusal.answer.verify(&node_key(&cluster, 0)).unwrap();
    assert_eq!(
        (status, refusal.answer.body.rule),
        (422, Some(rules::BALLOT_LATE))
    );
    // The box closes by itself, without an entry.
    DemoClock::step_to(&cluster.clock_file(), times.close + times.drain).unwrap();
    let end = Instant::now() + Duration::from_secs(20);
    loop {
        let election = node.status().await.unwrap().elections.remove(0);
        if election.phase == "closed" {
            assert_eq!((election.received, election.counted), (1, 1));
            break;
        }
        assert!(Instant::now() < end, "{election:?}");
        tokio::time::sleep(Duration::from_millis(50)).await;
    }
}
