//! Validators that are killed at any moment: what was promised is kept.

use crate::chain::{days, final_receipt, vote};
use crate::cluster::{Cluster, Node};
use crate::election::Election;
use board::header::Block;
use board::{Committee, Receipt};
use crypto::Hash;
use crypto::hash::entry_hash;
use crypto::wire::{Reader, TopLevel as _};
use rand::rngs::ChaCha20Rng;
use rand::{RngExt as _, SeedableRng as _};
use std::collections::BTreeMap;
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::{Duration, Instant};

/// Booths that vote at the same time.
const LANES: usize = 24;
/// How often the single validator dies in a row.
const DEATHS: u64 = 16;

/// One repetition: posts `ballots` through all nodes, kills one at a random moment, restarts it,
/// and compares what every validator has.
async fn repetition(
    cluster: &mut Cluster,
    committee: &Committee,
    ballots: Vec<Vec<u8>>,
    seed: u64,
) {
    let mut rng = ChaCha20Rng::seed_from_u64(seed);
    let victim = rng.random_range(0..4usize);
    // The random moment is counted in receipts, so that ballots are under way on any machine.
    let moment = rng.random_range(0..ballots.len() * 3 / 5);
    let pause = Duration::from_millis(rng.random_range(0..50));
    let targets: Vec<_> = cluster
        .nodes
        .iter()
        .map(|n| (n.url.clone(), n.client.clone()))
        .collect();
    let from = cluster.nodes[victim].status().await.unwrap().height + 1;
    let ballots = Arc::new(ballots);
    let answered = Arc::new(AtomicUsize::new(0));
    let mut clients = tokio::task::JoinSet::new();
    for lane in 0..LANES {
        let (targets, ballots, committee) =
            (targets.clone(), Arc::clone(&ballots), committee.clone());
        let answered = Arc::clone(&answered);
        clients.spawn(async move {
            let mut out = Vec::new();
            for i in (lane..ballots.len()).step_by(LANES) {
                out.push((i, cast(&targets, &committee, &ballots[i], i).await));
                answered.fetch_add(1, Ordering::Relaxed);
            }
            out
        });
    }
    let end = Instant::now() + Duration::from_secs(60);
    while answered.load(Ordering::Relaxed) < moment && Instant::now() < end {
        tokio::time::sleep(Duration::from_millis(1)).await;
    }
    tokio::time::sleep(pause).await;
    let given = answered.load(Ordering::Relaxed);
    println!("seed {seed}: node {victim} dies after {given} receipts and {pause:?}");
    assert!(given < ballots.len(), "seed {seed}: no ballot is under way");
    let away = Duration::from_millis(rng.random_range(200..2000));
    kill_and_return(cluster, victim, away, seed).await;
    let mut receipts = Vec::new();
    while let Some(lane) = clients.join_next().await {
        receipts.extend(lane.unwrap());
    }
    assert_eq!(receipts.len(), ballots.len());
    for node in &cluster.nodes {
        let chain = places(
            node,
            from,
            receipts.iter().map(|(_, r)| r.height).max().unwrap(),
        )
        .await;
        for (i, r) in &receipts {
            let place = chain.get(&r.entry);
            assert_eq!(
                place,
                Some(&(r.height, r.index)),
                "seed {seed}, ballot {i}, {}",
                node.url
            );
        }
    }
}

/// Kills a validator, starts it again after a while and waits until it has reached the others.
async fn kill_and_return(cluster: &mut Cluster, victim: usize, away: Duration, seed: u64) {
    cluster.nodes[victim].kill();
    tokio::time::sleep(away).await;
    let restarted = Instant::now();
    cluster.nodes[victim].start();
    cluster.nodes[victim].wait_healthy().await;
    let others = cluster.height_without(victim).await;
    cluster
        .wait_height(
            others,
            Duration::from_secs(30).saturating_sub(restarted.elapsed()),
        )
        .await;
    println!(
        "seed {seed}: caught up with height {others} after {:?}; {}",
        restarted.elapsed(),
        cluster.nodes[victim]
            .log()
            .lines()
            .rfind(|l| l.contains("restored"))
            .unwrap_or_default()
    );
}

/// Where every entry stands in the chain of this node, from one height to another.
async fn places(node: &Node, from: u64, to: u64) -> BTreeMap<Hash, (u64, u32)> {
    let mut out = BTreeMap::new();
    let (mut next, end) = (from, Instant::now() + Duration::from_secs(30));
    while next <= to {
        let (_, page) = node
            .get(&format!("/v1/blocks?from={next}&limit=64"))
            .await
            .unwrap();
        let mut r = Reader::new(&page);
        let count = r.u32().unwrap();
        for _ in 0..count {
            let block = Block::from_bytes(r.bytes(1 << 24).unwrap()).unwrap();
            assert_eq!(block.header.height, next);
            next += 1;
            for (index, entry) in (0u32..).zip(&block.entries) {
                out.insert(entry_hash(entry), (block.header.height, index));
            }
            if r.bool().unwrap() {
                r.bytes(1 << 20).unwrap();
            }
        }
        r.end().unwrap();
        assert!(
            Instant::now() < end,
            "{} does not reach height {to}",
            node.url
        );
    }
    out
}

/// What a booth does: post, wait for the receipt, go to the next node when one does not answer.
async fn cast(
    targets: &[(String, reqwest::Client)],
    committee: &Committee,
    ballot: &[u8],
    i: usize,
) -> Receipt {
    let hash = entry_hash(ballot).to_hex();
    let end = Instant::now() + Duration::from_secs(60);
    for turn in i.. {
        assert!(
            Instant::now() < end,
            "ballot {i} has no receipt after a minute"
        );
        let (url, client) = &targets[turn % targets.len()];
        let Ok(answer) = client
            .post(format!("{url}/v1/entries"))
            .body(ballot.to_vec())
            .send()
            .await
        else {
            tokio::time::sleep(Duration::from_millis(20)).await;
            continue;
        };
        let status = answer.status().as_u16();
        assert!(
            matches!(status, 200 | 202),
            "ballot {i}: {status} {:?}",
            answer.bytes().await
        );
        let wait = client
            .get(format!("{url}/v1/entries/{hash}?wait=10"))
            .send()
            .await;
        let Ok(answer) = wait else { continue };
        if answer.status().as_u16() == 200 {
            let Ok(bytes) = answer.bytes().await else {
                continue;
            };
            let receipt = Receipt::from_bytes(&bytes).unwrap();
            receipt.verify_entry(committee, ballot).unwrap();
            return receipt;
        }
    }
    unreachable!()
}

/// Ballots of so many voters from this one on.
pub async fn make_ballots(election: &Arc<Election>, from: u64, count: u64) -> Vec<Vec<u8>> {
    let halves = [(from, count / 2), (from + count / 2, count - count / 2)].map(|(from, n)| {
        let election = Arc::clone(election);
        let choice = |v: u64| u16::try_from(v % 11).unwrap();
        tokio::task::spawn_blocking(move || {
            (from..from + n)
                .map(|v| election.ballot(v, choice(v), 1, Hash::ZERO))
                .collect::<Vec<_>>()
        })
    });
    let mut out = Vec::new();
    for half in halves {
        out.extend(half.await.unwrap());
    }
    out
}

#[tokio::test(flavor = "multi_thread")]
async fn real_a_35_four_validators_survive_kill() {
    let base = 20_261_123u64;
    let mut cluster = Cluster::new(4, "");
    cluster.start().await;
    let (election, committee) = vote(&cluster, days(&cluster, 1).await).await;
    let mut all = Vec::new();
    for repeat in 0..10u64 {
        let ballots = make_ballots(&election, repeat * 200, 200).await;
        all.extend(ballots.iter().cloned());
        repetition(&mut cluster, &committee, ballots, base + repeat).await;
    }
    let top = cluster.nodes[0].status().await.unwrap().height;
    // Power gone everywhere at once: all 2,000 are still in every chain.
    for node in &mut cluster.nodes {
        node.kill();
    }
    cluster.start().await;
    for node in &cluster.nodes {
        let chain = places(node, 1, top).await;
        assert!(
            all.iter().all(|b| chain.contains_key(&entry_hash(b))),
            "{}",
            node.url
        );
        let status = node.status().await.unwrap();
        assert_eq!(
            (status.elections[0].received, status.elections[0].counted),
            (2000, 2000)
        );
    }
}

/// A death between the own vote and the block on disk costs one view, not half a minute.
#[tokio::test(flavor = "multi_thread")]
async fn real_a_35_single_validator_is_soon_back_whenever_it_dies() {
    let mut cluster = Cluster::new(1, "");
    cluster.start().await;
    let (election, committee) = vote(&cluster, days(&cluster, 1).await).await;
    let seed = rand::rng().random::<u64>();
    let mut rng = ChaCha20Rng::seed_from_u64(seed);
    for n in 0..DEATHS {
        let ballot = election.ballot(n, 4, 1, Hash::ZERO);
        assert_eq!(cluster.nodes[0].post(&ballot).await.unwrap().0, 202);
        let after = Duration::from_millis(rng.random_range(0..60));
        tokio::time::sleep(after).await;
        cluster.nodes[0].kill();
        cluster.start().await;
        let began = Instant::now();
        final_receipt(&cluster.nodes[0], &committee, &ballot).await;
        let took = began.elapsed();
        println!("seed {seed}, death {n} after {after:?}: receipt after {took:?}");
        // Half of what it took when a view was given up after thirty seconds.
        assert!(took < Duration::from_secs(15), "{took:?}");
    }
}
