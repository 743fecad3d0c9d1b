use super::*;
use crate::pool_log::Log;
use commonware_consensus::marshal::ancestry;
use commonware_consensus::types::{Epoch, Round, View};
use commonware_cryptography::{Digestible as _, Signer as _};
use commonware_runtime::{Runner as _, tokio as engine_runtime};
use crypto::wire::TopLevel as _;
use host::clock::ManualClock;
use testkit::election::{Lab, Options};

#[test]
fn a_40_only_headers_near_the_own_clock_get_a_vote() {
    let now = 1_000_000_000;
    assert_eq!(timing(now, now), Timing::Fits);
    assert_eq!(timing(now + EARLY_MS, now), Timing::Fits);
    assert_eq!(timing(now - LATE_MS, now), Timing::Fits);
    assert_eq!(timing(now - LATE_MS - 1, now), Timing::Stale);
    assert_eq!(
        timing(now + EARLY_MS + 1, now),
        Timing::Early(Duration::from_millis(1))
    );
    // However far ahead, the wait is short: the clock may be stepped.
    assert_eq!(timing(now + 86_400_000, now), Timing::Early(GLANCE));
    assert_eq!(timing(u64::MAX, u64::MAX - 1), Timing::Fits);
    assert_eq!(timing(0, 0), Timing::Fits);
}

struct Bench {
    app: App,
    clock: ManualClock,
    _folder: tempfile::TempDir,
}

fn bench(lab: &Lab) -> Bench {
    let folder = tempfile::tempdir().unwrap();
    let clock = ManualClock::new(lab.now);
    let (log, _) = Log::open(folder.path()).unwrap();
    let app = App {
        ledger: Arc::new(Ledger::new(lab.network())),
        pool: Arc::new(Pool::new(log, mpsc::channel(8).0, 100, [0; 32])),
        clock: clock.wall(),
        patience: Duration::from_millis(50),
        block_entries: 16,
        blocks: Arc::new(ByTheRules),
    };
    Bench {
        app,
        clock,
        _folder: folder,
    }
}

fn blocks(lab: &Lab) -> Vec<EngineBlock> {
    lab.chain
        .iter()
        .map(|s| EngineBlock::new(s.block.clone()))
        .collect()
}

fn newest_first(chain: &[EngineBlock]) -> impl Ancestry<EngineBlock> {
    let known = |b: &EngineBlock| Digested::precomputed(b.clone(), b.digest());
    ancestry::from_iter(chain.iter().rev().map(known))
}

fn context() -> Context<Digest, ed25519::PublicKey> {
    Context {
        round: Round::new(Epoch::zero(), View::new(2)),
        leader: ed25519::PrivateKey::from_seed(1).public_key(),
        parent: (View::new(1), Digest([0; 32])),
    }
}

fn run<F: Future<Output = ()>>(test: impl FnOnce(engine_runtime::Context) -> F) {
    let folder = tempfile::tempdir().unwrap();
    let config = engine_runtime::Config::default().with_storage_directory(folder.path());
    engine_runtime::Runner::new(config).start(test);
}

async fn verify(rt: &engine_runtime::Context, app: &App, chain: &[EngineBlock]) -> bool {
    use commonware_runtime::Supervisor as _;
    app.clone()
        .verify((rt.child("verify"), context()), newest_first(chain))
        .await
}

#[test]
fn a_node_that_knows_nothing_recomputes_the_ancestry() {
    let mut lab = Lab::open(Options::default());
    lab.cast(0, 1);
    lab.cast(1, 2);
    let chain = blocks(&lab);
    let bench = bench(&lab);
    run(|rt| async move {
        assert!(verify(&rt, &bench.app, &chain).await);
        // Nothing was taken as final, and the states are kept.
        assert_eq!(bench.app.ledger.height(), 0);
        assert!(
            bench
                .app
                .ledger
                .state(&chain.last().unwrap().id())
                .is_some()
        );
    });
}

#[test]
fn an_entry_that_is_final_here_is_judged_by_the_ancestry_alone() {
    let mut lab = Lab::open(Options::default());
    let parent = lab.state.clone();
    let time = lab.now + 1000;
    let ballot = lab.cast(0, 1).to_bytes();
    let chain = blocks(&lab);
    let (before, last) = chain.split_at(chain.len() - 1);
    // The same ballot in another block on the same parent, which this node did not see first.
    let checked = rules::check(&parent, &ballot).unwrap();
    let twin = board::state::assemble(&parent, time + 1, vec![checked])
        .unwrap()
        .0;
    let fork: Vec<_> = before
        .iter()
        .cloned()
        .chain([EngineBlock::new(twin)])
        .collect();
    assert_ne!(fork.last().unwrap().id(), last[0].id());
    let bench = bench(&lab);
    run(|rt| async move {
        for block in &chain[1..] {
            bench.app.ledger.finalised(block).await.unwrap();
        }
        assert!(verify(&rt, &bench.app, &fork).await);
    });
}

#[test]
fn a_block_that_breaks_a_rule_gets_no_vote() {
    let mut lab = Lab::open(Options::default());
    let good = lab.cast(0, 1).to_bytes();
    let chain = blocks(&lab);
    let tip = lab.state.tip().clone();
    let again = Block::new(&tip, tip.time_ms + 1, vec![good]);
    let late = Block::new(&tip, tip.time_ms, vec![]);
    let orphan = Block::new(&chain[1].header().clone(), tip.time_ms + 1, vec![]);
    let bench = bench(&lab);
    run(|rt| async move {
        for bad in [again, late] {
            let with: Vec<_> = chain
                .iter()
                .cloned()
                .chain([EngineBlock::new(bad)])
                .collect();
            assert!(!verify(&rt, &bench.app, &with).await);
        }
        let fork = [chain[0].clone(), chain[1].clone(), EngineBlock::new(orphan)];
        assert!(
            verify(&rt, &bench.app, &fork).await,
            "an empty block on an old parent is valid"
        );
    });
}

#[test]
fn early_headers_wait_and_old_ones_are_given_up() {
    let lab = Lab::open(Options::default());
    let chain = blocks(&lab);
    let bench = bench(&lab);
    let time = chain.last().unwrap().header().time_ms;
    run(|rt| async move {
        bench.clock.set_ms(time - 10_000);
        let early = verify(&rt, &bench.app, &chain);
        tokio::pin!(early);
        let wait = Duration::from_millis(400);
        assert!(
            tokio::time::timeout(wait, &mut early).await.is_err(),
            "pending, not refused"
        );
        bench.clock.set_ms(time - EARLY_MS);
        assert!(early.await);
        bench.clock.set_ms(time + LATE_MS + 1);
        assert!(!verify(&rt, &bench.app, &chain).await);
        bench.clock.set_ms(time + LATE_MS);
        assert!(verify(&rt, &bench.app, &chain).await);
    });
}

#[test]
fn a_leader_proposes_entries_at_once_and_passes_an_idle_turn() {
    let mut lab = Lab::open(Options::default());
    let ballot = lab.ballot(0, 3).to_bytes();
    let chain = blocks(&lab);
    let bench = bench(&lab);
    let time = lab.now;
    run(|rt| async move {
        use commonware_runtime::Supervisor as _;
        let app = &bench.app;
        let propose = || {
            let ancestry = newest_first(&chain);
            let (mut app, rt) = (app.clone(), rt.child("propose"));
            async move { app.propose((rt, context()), ancestry, ()).await }
        };
        bench.clock.set_ms(time + IDLE_MS - 1);
        assert!(propose().await.is_none(), "nothing to say yet");
        bench.clock.set_ms(time + IDLE_MS);
        let idle = propose().await.unwrap();
        assert_eq!(idle.inner().header().count, 0);
        assert_eq!(idle.inner().header().time_ms, time + IDLE_MS);
        bench.clock.set_ms(time + 5);
        let checked = rules::check(&lab.state, &ballot).unwrap();
        app.pool.hear(checked);
        let block = propose().await.unwrap().inner().clone();
        assert_eq!(
            (block.header().count, block.header().time_ms),
            (1, time + 5)
        );
        let with: Vec<_> = chain.iter().cloned().chain([block]).collect();
        assert!(verify(&rt, app, &with).await);
    });
}

#[test]
fn d_13_an_idle_leader_marks_the_boundary() {
    let mut lab = Lab::open(Options::default());
    let close = lab.close_at();
    lab.advance_to(close - 3000);
    let chain = blocks(&lab);
    let bench = bench(&lab);
    run(|rt| async move {
        use commonware_runtime::Supervisor as _;
        let mut app = bench.app.clone();
        bench.clock.set_ms(close - 1);
        let idle = app
            .propose((rt.child("a"), context()), newest_first(&chain), ())
            .await;
        assert!(idle.is_none());
        bench.clock.set_ms(close);
        let block = app
            .propose((rt.child("b"), context()), newest_first(&chain), ())
            .await;
        assert_eq!(block.unwrap().inner().header().time_ms, close);
    });
}

/// Validators vote for a header that is 30 s old. A proposer that dates its block before the close
/// gets no ballot of its own in that way; one that was promised goes in.
#[test]
fn a_70_a_stale_header_at_the_close_plus_29_s_carries_no_ballot_over_it() {
    let mut lab = Lab::open(Options::default());
    let close = lab.close_at();
    lab.advance_to(close - 40_000);
    let (own, other) = (lab.ballot(0, 1).to_bytes(), lab.ballot(1, 1).to_bytes());
    let chain = blocks(&lab);
    let tip = lab.state.tip().clone();
    let stale = |entries| EngineBlock::new(Block::new(&tip, close - 1000, entries));
    let smuggled = stale(vec![own]);
    let promised = stale(lab.promised(other));
    let bench = bench(&lab);
    run(|rt| async move {
        let with = |block| -> Vec<_> { chain.iter().cloned().chain([block]).collect() };
        // The clock of a voter when the header is 30 s old to the millisecond.
        bench.clock.set_ms(close + 29_000);
        assert!(!verify(&rt, &bench.app, &with(smuggled)).await);
        assert!(verify(&rt, &bench.app, &with(promised)).await);
    });
}
