//! The close with real validators: a proposer that casts after it, and a long halt across it.

use crate::chain::{DEMO_CLOCK, HOUR, committee_of, final_receipt};
use crate::cluster::{Cluster, Node};
use crate::election::{Election, Times};
use board::entry::{Act, Entry, Late, Seen, kind};
use board::header::Block;
use board::judgement::Judgement;
use board::{Checked, State};
use crypto::Hash;
use crypto::schnorr::SigningKey;
use crypto::signed::Statement as _;
use host::clock::DemoClock;
use node::app::MakeBlocks;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, Mutex};
use std::time::{Duration, Instant};

/// What a dishonest proposer wants in the box.
struct Plan {
    election: Hash,
    close: u64,
    ballots: Vec<Vec<u8>>,
}

/// A validator that casts after the close, in every way it can think of.
struct Smuggler {
    key: SigningKey,
    network: [u8; 32],
    plan: Arc<Mutex<Option<Plan>>>,
    tried: Arc<AtomicUsize>,
}

/// Ways that it tries, one after the other.
const WAYS: usize = 4;

impl Smuggler {
    /// Its own promise of before the close, in the name of this validator.
    fn promise(&self, validator: usize, entry: Hash, close: u64) -> Seen {
        let said = Judgement {
            network: self.network,
            entry,
            rule: None,
            height: 9,
            time_ms: close - 1000,
        };
        let answer = said.signed(&self.key, &mut rand::rng());
        Seen {
            validator: u16::try_from(validator).unwrap(),
            height: 9,
            time_ms: close - 1000,
            signature: answer.signature,
        }
    }
    fn entries(&self, state: &State, plan: &Plan) -> Vec<Vec<u8>> {
        let n = self.tried.fetch_add(1, Ordering::Relaxed);
        let ballot = plan.ballots[n % plan.ballots.len()].clone();
        let entry = crypto::hash::entry_hash(&ballot);
        let own = |v: &ballot::manifest::Validator| v.node_key == self.key.public();
        let me = state.validators().iter().position(own).unwrap();
        let others = (0..4usize).filter(|i| *i != me);
        let of = |who: Vec<usize>| {
            let seen = who.into_iter().map(|i| self.promise(i, entry, plan.close));
            let late = Late {
                election: plan.election,
                entry,
                seen: seen.collect(),
            };
            Entry::Late(Box::new(late)).encode()
        };
        match n % WAYS {
            0 => vec![ballot],
            1 => vec![of(vec![me]), ballot],
            2 => vec![of(vec![me, me]), ballot],
            _ => vec![of(others.take(2).collect()), ballot],
        }
    }
}

impl MakeBlocks for Smuggler {
    fn make(&self, state: &State, time: u64, candidates: Vec<Checked>) -> Option<(Block, State)> {
        let (honest, after) = board::state::assemble(state, time, candidates)?;
        match &*self.plan.lock().unwrap() {
            Some(plan) if time >= plan.close => {
                let block = Block::new(state.tip(), time, self.entries(state, plan));
                Some((block, after))
            }
            _ => Some((honest, after)),
        }
    }
    fn has_more(&self, _: &State, time: u64) -> bool {
        let plan = self.plan.lock().unwrap();
        plan.as_ref().is_some_and(|plan| time >= plan.close)
    }
}

async fn phase(node: &Node) -> Option<String> {
    Some(node.status().await?.elections.first()?.phase.clone())
}

async fn wait_for(nodes: &[Node], wanted: &str) {
    let end = Instant::now() + Duration::from_secs(60);
    for node in nodes {
        while phase(node).await.as_deref() != Some(wanted) {
            assert!(Instant::now() < end, "{}: not {wanted}", node.url);
            tokio::time::sleep(Duration::from_millis(100)).await;
        }
    }
}

/// Moves the clock to this time, never so far that the board halts.
async fn walk(cluster: &Cluster, to: u64) {
    loop {
        let status = cluster.nodes[0].status().await.unwrap();
        if status.block_time_ms >= to {
            return;
        }
        let next = status.block_time_ms + 30_000;
        let next = next.min(to).max(status.now_ms);
        DemoClock::step_to(&cluster.clock_file(), next).unwrap();
        cluster.nodes[0].wait_at(status.height + 1).await;
    }
}

/// Three honest validators and one that puts ballots of its own into its blocks after the close,
/// bare and with promises that it signed alone or in the name of others. Nothing of it gets in; what
/// a voter sent before the close does.
#[tokio::test(flavor = "multi_thread")]
async fn real_a_70_a_proposer_that_casts_after_the_close_is_refused() {
    let mut cluster = Cluster::new(4, DEMO_CLOCK);
    for node in &mut cluster.nodes[..3] {
        node.start();
    }
    let (network, committee) = committee_of(&cluster);
    let (plan, tried) = (Arc::default(), Arc::<AtomicUsize>::default());
    let mut setup = cluster.nodes[3].setup();
    setup.blocks = Arc::new(Smuggler {
        key: setup.keys.node.clone(),
        network: network.id(),
        plan: Arc::clone(&plan),
        tried: Arc::clone(&tried),
    });
    // Ends with the test's process: a validator has no other way to stop than a signal.
    std::thread::spawn(move || node::node::run(setup));
    for node in &cluster.nodes {
        node.wait_healthy().await;
    }
    let now = cluster.nodes[0].status().await.unwrap().now_ms;
    let times = Times {
        opens: now - HOUR,
        close: now + 24 * HOUR,
        drain: 300_000,
    };
    let election = Election::open(&network, &cluster.nodes[0], 13, times).await;
    cluster.level().await;
    let mine = |n: u64| election.ballot(100 + n, 3, 1, Hash::ZERO);
    *plan.lock().unwrap() = Some(Plan {
        election: election.hash,
        close: times.close,
        ballots: (0..3).map(mine).collect(),
    });
    DemoClock::step_to(&cluster.clock_file(), times.close - 20_000).unwrap();
    let honest = election.ballot(1, 2, 1, Hash::ZERO);
    let taken = cluster.nodes[0].post(&honest).await.unwrap();
    assert_eq!(taken.0, 202);
    let receipt = final_receipt(&cluster.nodes[1], &committee, &honest).await;
    let at = receipt.time_ms().unwrap();
    assert!((times.close - 20_000..times.close).contains(&at), "{at}");
    // The block holds its proof: the node that got the ballot and another one promised it.
    let path = format!("/v1/blocks?from={}&limit=1", receipt.height);
    let (_, page) = cluster.nodes[1].get(&path).await.unwrap();
    let mut r = crypto::wire::Reader::new(&page);
    r.count(1).unwrap();
    let block = Block::from_bytes(r.bytes(4 << 20).unwrap()).unwrap();
    let kinds: Vec<u8> = block.entries.iter().map(|e| e[1]).collect();
    assert_eq!(kinds, [kind::LATE, kind::BALLOT]);

    DemoClock::step_to(&cluster.clock_file(), times.close).unwrap();
    let end = Instant::now() + Duration::from_secs(120);
    while tried.load(Ordering::Relaxed) < 2 * WAYS {
        assert!(Instant::now() < end, "{tried:?} tries");
        tokio::time::sleep(Duration::from_millis(100)).await;
    }
    walk(&cluster, times.close + times.drain).await;
    wait_for(&cluster.nodes[..3], "closed").await;
    for node in &cluster.nodes[..3] {
        let shown = node.status().await.unwrap().elections.remove(0);
        assert_eq!((shown.received, shown.counted), (1, 1), "{}", node.url);
        let log = node.log();
        for rule in ["R5.55", "R5.61", "R5.63"] {
            let named = |l: &str| l.contains("refused a proposal") && l.contains(rule);
            assert!(log.lines().any(named), "{}: no {rule}", node.url);
        }
    }
}

/// Two of four validators are gone before the close and the two others promise a ballot. All of them
/// are restarted long after it, past the limit of any extension; the officers let the board drain.
#[tokio::test(flavor = "multi_thread")]
async fn real_a_41_a_halt_past_the_limit_keeps_promised_ballots() {
    let mut cluster = Cluster::new(4, DEMO_CLOCK);
    cluster.start().await;
    let (network, committee) = committee_of(&cluster);
    let now = cluster.nodes[0].status().await.unwrap().now_ms;
    let times = Times {
        opens: now - HOUR,
        close: now + 24 * HOUR,
        drain: 60_000,
    };
    let election = Election::open(&network, &cluster.nodes[0], 17, times).await;
    cluster.level().await;
    for node in &mut cluster.nodes[2..] {
        node.kill();
    }
    DemoClock::step_to(&cluster.clock_file(), times.close - 60_000).unwrap();
    let promised = election.ballot(1, 2, 1, Hash::ZERO);
    // One of the two alone is enough: it tells the other, which promises the ballot as well.
    assert_eq!(cluster.nodes[0].post(&promised).await.unwrap().0, 202);
    let log = |node: &Node| std::fs::read(node.folder().join("data/seen.log")).unwrap();
    let holds = |node: &Node| log(node).windows(promised.len()).any(|w| w == promised);
    let end = Instant::now() + Duration::from_secs(30);
    while !holds(&cluster.nodes[1]) {
        assert!(Instant::now() < end, "the other one did not promise it");
        tokio::time::sleep(Duration::from_millis(100)).await;
    }
    for node in &mut cluster.nodes[..2] {
        node.kill();
    }
    DemoClock::step_to(&cluster.clock_file(), times.close + 3 * HOUR).unwrap();
    cluster.start().await;
    wait_for(&cluster.nodes, "halted").await;
    let late = election.ballot(2, 2, 1, Hash::ZERO);
    assert!(matches!(
        cluster.nodes[0].post(&late).await.unwrap().0,
        409 | 422
    ));
    let drain = election.act(&Act::Drain);
    assert_eq!(cluster.nodes[2].post(&drain).await.unwrap().0, 202);
    final_receipt(&cluster.nodes[2], &committee, &promised).await;
    assert!(matches!(
        cluster.nodes[0].post(&late).await.unwrap().0,
        409 | 422
    ));
    let now = cluster.nodes[0].status().await.unwrap().now_ms;
    walk(&cluster, now + times.drain).await;
    wait_for(&cluster.nodes, "closed").await;
    let shown = cluster.nodes[3].status().await.unwrap().elections.remove(0);
    assert_eq!((shown.received, shown.counted), (1, 1));
}
