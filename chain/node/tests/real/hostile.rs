//! A validator with a wrong clock, and floods of invalid ballots.

use crate::cluster::{Cluster, Node};
use crate::election::{Election, Times};
use api::node::Refusal;
use board::{Committee, Receipt};
use crypto::Hash;
use crypto::wire::TopLevel as _;
use host::clock::DemoClock;
use std::net::{IpAddr, Ipv4Addr};
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};
use std::time::{Duration, Instant};

const DAY: u64 = 86_400_000;

async fn vote(cluster: &Cluster) -> (Election, Committee, Times) {
    let now = cluster.nodes[1 % cluster.nodes.len()]
        .status()
        .await
        .unwrap()
        .now_ms;
    let times = Times {
        opens: now - DAY,
        close: now + DAY,
        drain: 60_000,
    };
    let network = node::config::Network::new(&cluster.network).unwrap().rules;
    let election = Election::open(&network, &cluster.nodes[0], 9, times).await;
    cluster.level().await;
    (election, Committee::from(&network), times)
}

async fn accepted(node: &Node, committee: &Committee, ballot: &[u8]) {
    let (status, body) = node.post(ballot).await.unwrap();
    let rule = Refusal::from_bytes(&body).map(|refusal| refusal.answer.body.rule);
    assert_eq!(status, 202, "{rule:?}");
    let bytes = node
        .receipt(ballot, 30)
        .await
        .expect("a receipt within 30 s");
    Receipt::from_bytes(&bytes)
        .unwrap()
        .verify_entry(committee, ballot)
        .unwrap();
}

/// node 0's clock runs days ahead, past the close, then an hour behind. The others go on,
/// the box stays open, and nothing of node 0's time gets on the board.
#[tokio::test(flavor = "multi_thread")]
async fn real_a_40_one_wrong_clock_neither_stops_nor_closes_the_box() {
    let mut cluster = Cluster::new(4, "[clock]\ndemo = true\nfile = \"OWN-CLOCK\"");
    cluster.start().await;
    let (election, committee, times) = vote(&cluster).await;
    let own = cluster.nodes[0].folder().join("clock");
    for (round, wrong) in [(1u64, times.close + 3 * DAY), (2, times.opens)] {
        DemoClock::step_to(&own, wrong).unwrap();
        // Longer than a round of turns: node 0 leads several times while its clock is wrong.
        let begun = Instant::now();
        let mut n = 0;
        while begun.elapsed() < Duration::from_secs(12) {
            let ballot = election.ballot(1000 * round + n, 2, 1, Hash::ZERO);
            accepted(
                &cluster.nodes[1 + usize::try_from(n % 3).unwrap()],
                &committee,
                &ballot,
            )
            .await;
            n += 1;
        }
        println!("round {round}: {n} ballots while one clock was wrong");
        let status = cluster.nodes[2].status().await.unwrap();
        assert_eq!(status.elections[0].phase, "open");
        assert!(
            status.block_time_ms.abs_diff(status.now_ms) < 30_000,
            "{status:?}"
        );
    }
    // Its clock is right again: it answers like the others.
    let now = cluster.nodes[1].status().await.unwrap().now_ms;
    DemoClock::step_to(&own, now).unwrap();
    accepted(
        &cluster.nodes[0],
        &committee,
        &election.ballot(1, 2, 1, Hash::ZERO),
    )
    .await;
}

/// ballots whose proofs are wrong, from another address, do not keep valid ones out.
#[tokio::test(flavor = "multi_thread")]
async fn real_a_37_a_flood_of_invalid_ballots_does_not_keep_valid_ones_out() {
    let mut cluster = Cluster::new(1, "[limits]\nrate_per_second = 50\nburst = 100");
    cluster.start().await;
    let (election, committee, _) = vote(&cluster).await;
    let node = &cluster.nodes[0];
    let quiet = Instant::now();
    for n in 0..20 {
        accepted(node, &committee, &election.ballot(n, 1, 1, Hash::ZERO)).await;
    }
    let quiet = quiet.elapsed();

    let invalid = Arc::new(broken_ballot(&election));
    let stop = Arc::new(AtomicBool::new(false));
    let (checked, turned_away) = (Arc::new(AtomicU64::new(0)), Arc::new(AtomicU64::new(0)));
    let mut flood = tokio::task::JoinSet::new();
    for _ in 0..8 {
        let client = node.client_from(IpAddr::V4(Ipv4Addr::new(127, 0, 0, 2)));
        let (url, invalid, stop) = (node.url.clone(), Arc::clone(&invalid), Arc::clone(&stop));
        let (checked, turned_away) = (Arc::clone(&checked), Arc::clone(&turned_away));
        flood.spawn(async move {
            while !stop.load(Ordering::Relaxed) {
                let post = client
                    .post(format!("{url}/v1/entries"))
                    .body(invalid.to_vec());
                match post.send().await.unwrap().status().as_u16() {
                    422 => checked.fetch_add(1, Ordering::Relaxed),
                    429 | 503 => turned_away.fetch_add(1, Ordering::Relaxed),
                    other => unreachable!("{other}"),
                };
            }
        });
    }
    let busy = Instant::now();
    for n in 100..120 {
        accepted(node, &committee, &election.ballot(n, 1, 1, Hash::ZERO)).await;
    }
    let busy = busy.elapsed();
    stop.store(true, Ordering::Relaxed);
    while let Some(end) = flood.join_next().await {
        end.unwrap();
    }
    let (checked, turned_away) = (
        checked.load(Ordering::Relaxed),
        turned_away.load(Ordering::Relaxed),
    );
    println!(
        "20 ballots: {quiet:?} alone, {busy:?} in a flood ({checked} checked, {turned_away} turned away)"
    );
    assert!(turned_away > checked, "the address is held to its rate");
    assert!(
        busy < 10 * quiet + Duration::from_secs(5),
        "{busy:?} against {quiet:?}"
    );
}

/// Signed by its voter, with a good token, but the proof is of another ballot.
fn broken_ballot(election: &Election) -> Vec<u8> {
    let other = ballot::Ballot::from_bytes(&election.ballot(900, 3, 1, Hash::ZERO)).unwrap();
    let mut ballot = ballot::Ballot::from_bytes(&election.ballot(901, 3, 1, Hash::ZERO)).unwrap();
    ballot.contests = other.contests;
    let key = election.voter(901);
    let purpose = ballot::ballot::BALLOT_PURPOSE;
    ballot.signature = key.sign(purpose, &ballot.signed_bytes(), &mut rand::rng());
    ballot.to_bytes()
}

#[tokio::test(flavor = "multi_thread")]
async fn real_a_32_invalid_entries_get_signed_refusals_with_their_rule() {
    let mut cluster = Cluster::new(1, "");
    cluster.start().await;
    let (election, _, _) = vote(&cluster).await;
    let node = &cluster.nodes[0];
    let good = election.ballot(5, 1, 1, Hash::ZERO);
    let mut unknown = good.clone();
    unknown[2] ^= 1;
    let jumped = election.ballot(6, 1, 2, crypto::hash::entry_hash(b"no such ballot"));
    let cases = [
        (good[..good.len() - 1].to_vec(), "R3.11"),
        (unknown, "R5.03"),
        (broken_ballot(&election), "R3.04"),
        (jumped, "R5.23"),
        (vec![1], "R5.01"),
        (vec![2, 15, 0], "R5.01"),
    ];
    for (entry, rule) in cases {
        let (status, body) = node.post(&entry).await.unwrap();
        assert!(matches!(status, 409 | 422), "{rule}: {status}");
        let refusal = Refusal::from_bytes(&body).unwrap();
        assert_eq!(refusal.answer.body.entry, crypto::hash::entry_hash(&entry));
        assert_eq!(refusal.answer.body.rule.unwrap().to_string(), rule);
    }
    assert_eq!(node.status().await.unwrap().elections[0].received, 0);
}
