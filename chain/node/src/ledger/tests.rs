use super::*;
use crate::rules::Block;
use board::entry::Entry;
use crypto::wire::TopLevel as _;
use testkit::election::{Lab, Options, engine_keys};

fn lab() -> (Lab, Vec<EngineBlock>, Hash) {
    let mut lab = Lab::open(Options::default());
    let ballot = lab.cast(0, 1).entry_hash();
    lab.cast(1, 2);
    let blocks = lab
        .chain
        .iter()
        .map(|s| EngineBlock::new(s.block.clone()))
        .collect();
    (lab, blocks, ballot)
}

#[tokio::test]
async fn updates_may_repeat_and_never_skip() {
    let (lab, blocks, ballot) = lab();
    let ledger = Arc::new(Ledger::new(lab.network()));
    assert!(
        ledger.finalised(&blocks[2]).await.is_err(),
        "a gap stops the node"
    );
    for block in &blocks[1..] {
        ledger.finalised(block).await.unwrap();
        ledger.finalised(block).await.unwrap();
    }
    let tip = ledger.tip();
    assert_eq!(
        (&tip.digest, tip.header.height),
        (lab.state.digest(), lab.state.tip().height)
    );
    let place = ledger.place(&ballot).unwrap();
    assert_eq!(
        Some((place.height, place.index)),
        lab.state.find(&ballot).map(|p| (p.height, p.index))
    );
    let code = ballot::code::confirmation_code(&ballot);
    let prefix = ballot::code::code_prefix(&code).unwrap();
    assert_eq!(ledger.by_code(&prefix), vec![(ballot, place)]);
}

#[tokio::test]
async fn a_39_warm_and_cold_caches_give_the_same_state() {
    let (mut lab, blocks, _) = lab();
    let (warm, cold) = (
        Arc::new(Ledger::new(lab.network())),
        Arc::new(Ledger::new(lab.network())),
    );
    for block in &blocks[1..] {
        warm.warm(vec![block.clone()]).await;
        warm.finalised(block).await.unwrap();
        cold.finalised(block).await.unwrap();
    }
    assert_eq!(warm.tip().digest, cold.tip().digest);
    // A ballot with a broken proof is refused by both with the same rule, also when it was tried
    // before: only successes are remembered.
    let mut bad = lab.ballot(2, 1);
    bad.contests = lab.ballot(3, 1).contests;
    let key = lab.voter(2).key.clone();
    let purpose = ballot::ballot::BALLOT_PURPOSE;
    bad.signature = key.sign(purpose, &bad.signed_bytes(), &mut rand::rng());
    let tip = warm.tip();
    let block = EngineBlock::new(Block::new(
        &tip.header,
        tip.header.time_ms + 1,
        vec![bad.to_bytes()],
    ));
    warm.warm(vec![block.clone()]).await;
    let mut rules = Vec::new();
    for ledger in [&warm, &warm, &cold] {
        match ledger.apply(ledger.tip().state, block.clone()).await {
            Err(NotApplied::Block(e)) => rules.push(e.rule().to_string()),
            other => panic!("{:?}", other.map(|state| *state.digest())),
        }
    }
    assert_eq!(rules, ["R3.04", "R3.04", "R3.04"]);
}

/// The board would take it: no rule is named, and the node stops before it.
#[tokio::test]
async fn a_block_with_a_hand_over_is_not_applied_and_breaks_no_rule() {
    let mut lab = Lab::open(Options::small());
    let h = lab.hand_over(&engine_keys(2..=5));
    lab.post_one(&Entry::HandOver(Box::new(h)));
    let blocks: Vec<_> = lab
        .chain
        .iter()
        .map(|s| EngineBlock::new(s.block.clone()))
        .collect();
    let (last, before) = blocks[1..].split_last().unwrap();
    let ledger = Arc::new(Ledger::new(lab.network()));
    for block in before {
        ledger.finalised(block).await.unwrap();
    }
    let refused = ledger.apply(ledger.tip().state, last.clone()).await;
    assert_eq!(refused.err(), Some(NotApplied::NotSupported { index: 0 }));
    assert!(ledger.finalised(last).await.is_err());
    assert_eq!(ledger.height(), last.header().height - 1);
}

#[tokio::test]
async fn old_states_are_let_go_and_genesis_stays() {
    let mut lab = Lab::open(Options::default());
    for i in 0..KEEP {
        lab.try_block(lab.now + 10 + i, &[] as &[Vec<u8>]).unwrap();
    }
    let blocks: Vec<_> = lab
        .chain
        .iter()
        .map(|s| EngineBlock::new(s.block.clone()))
        .collect();
    let ledger = Arc::new(Ledger::new(lab.network()));
    for block in &blocks[1..] {
        ledger.finalised(block).await.unwrap();
    }
    assert!(ledger.state(&blocks[0].id()).is_some());
    assert!(ledger.state(&blocks[1].id()).is_none());
    assert!(ledger.state(&blocks[blocks.len() - 1].id()).is_some());
}
