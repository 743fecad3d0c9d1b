//! Rules of headers, blocks and receipts; the same blocks give the same state everywhere.
#![expect(clippy::unwrap_used, reason = "helpers of tests")]

use board::Committee;
use board::entry::Act;
use board::receipt::ReceiptError;
use board::state::assemble;
use board::{Checked, Receipt, State, check_many};
use crypto::Hash;
use crypto::wire::TopLevel as _;
use rand_chacha::ChaCha20Rng;
use rand_core::{Rng as _, SeedableRng as _};
use testkit::election::{Lab, MINUTE, Options};

fn small(seed: u64) -> Options {
    Options {
        seed,
        n: 3,
        t: 2,
        options: 2,
        ..Options::default()
    }
}

fn apply(state: &State, block: &board::Block, rng: &mut ChaCha20Rng) -> Result<State, String> {
    let refs: Vec<&[u8]> = block.entries.iter().map(Vec::as_slice).collect();
    let checked: Result<Vec<Checked>, _> = check_many(state.context(), &refs, rng)
        .into_iter()
        .collect();
    let checked = checked.map_err(|r| r.to_string())?;
    state
        .apply_block(&block.header, &checked)
        .map_err(|e| e.rule().to_string())
}

#[test]
fn rejects_r6_01_r6_02_r6_03_r6_04_headers() {
    let mut lab = Lab::open(small(1));
    let parent = lab.state.clone();
    lab.cast(0, 1);
    let good = lab.chain.last().unwrap().block.clone();
    let mut rng = ChaCha20Rng::seed_from_u64(1);
    assert!(apply(&parent, &good, &mut rng).is_ok());
    let mut refused = |change: fn(&mut board::Header), rule: &str| {
        let mut b = good.clone();
        change(&mut b.header);
        assert_eq!(apply(&parent, &b, &mut rng).err().as_deref(), Some(rule));
    };
    refused(|h| h.network = [0; 32], "R6.01");
    refused(|h| h.parent = [0; 32], "R6.02");
    refused(|h| h.height += 1, "R6.02");
    refused(|h| h.time_ms = 0, "R6.03");
    refused(|h| h.entries_root = [0; 32], "R6.04");
    refused(|h| h.count = 2, "R6.04");
    let mut same_time = good.clone();
    same_time.header.time_ms = parent.tip().time_ms;
    assert_eq!(
        apply(&parent, &same_time, &mut rng).err().as_deref(),
        Some("R6.03")
    );
    let mut dropped = good;
    dropped.entries.clear();
    assert_eq!(
        apply(&parent, &dropped, &mut rng).err().as_deref(),
        Some("R6.04")
    );
}

#[test]
fn rejects_r6_05_r6_06_order_and_one_voter_twice() {
    let mut lab = Lab::open(small(2));
    let mut two = [lab.ballot(0, 1).to_bytes(), lab.ballot(1, 1).to_bytes()];
    two.sort_by_key(|b| std::cmp::Reverse(board::entry_hash(b)));
    let time = lab.now + 1;
    let e = lab.try_block_as_given(time, two.to_vec()).unwrap_err();
    assert_eq!(e.rule().to_string(), "R6.05");
    let act = lab
        .act(Act::Extend {
            until: lab.close_at() + MINUTE,
        })
        .encode();
    let e = lab
        .try_block_as_given(time, vec![two[0].clone(), act])
        .unwrap_err();
    assert_eq!(e.rule().to_string(), "R6.05");
    let (a, b) = (
        lab.ballot_with(5, 0, 1, Hash::ZERO),
        lab.ballot_with(5, 1, 1, Hash::ZERO),
    );
    let e = lab
        .try_block(time, &[a.to_bytes(), b.to_bytes()])
        .unwrap_err();
    assert_eq!(e.rule().to_string(), "R6.06");
    let e = lab
        .try_block(time, &[a.to_bytes(), a.to_bytes()])
        .unwrap_err();
    assert_eq!(e.rule().to_string(), "R6.05");
}

#[test]
fn rejects_r6_07_blocks_with_too_many_entries() {
    let mut lab = Lab::open(small(3));
    let refs = [lab.ballot(0, 1).to_bytes()];
    let slices: Vec<&[u8]> = refs.iter().map(Vec::as_slice).collect();
    let one = check_many(lab.state.context(), &slices, &mut lab.rng)
        .remove(0)
        .unwrap();
    let many = vec![one; board::header::MAX_ENTRIES + 1];
    let hashes: Vec<Hash> = many.iter().map(|c| *c.hash()).collect();
    let header = board::Header::next(lab.state.tip(), lab.now + 1, &hashes);
    let e = lab.state.apply_block(&header, &many).unwrap_err();
    assert_eq!(e.rule().to_string(), "R6.07");
}

#[test]
fn rejects_r6_07_blocks_with_too_many_bytes() {
    let mut lab = Lab::open(small(3));
    let ballot = lab.ballot(0, 1).to_bytes();
    let one = check_many(lab.state.context(), &[ballot.as_slice()], &mut lab.rng)
        .remove(0)
        .unwrap();
    let most = (board::header::MAX_BLOCK_BYTES - 118 - 4) / (ballot.len() + 4);
    assert!(most < board::header::MAX_ENTRIES);
    for (count, rule) in [(most, "R6.05"), (most + 1, "R6.07")] {
        let many = vec![one.clone(); count];
        let hashes: Vec<Hash> = many.iter().map(|c| *c.hash()).collect();
        let header = board::Header::next(lab.state.tip(), lab.now + 1, &hashes);
        let e = lab.state.apply_block(&header, &many).unwrap_err();
        assert_eq!(e.rule().to_string(), rule);
    }
}

#[test]
fn rejects_r6_07_the_bytes_of_a_block_above_the_limit() {
    let parent = board::header::genesis(&Lab::open(small(3)).parties.network);
    let room = board::header::MAX_BLOCK_BYTES - 118 - 4 - 2 * 4 - 1024 * 1024;
    let block = |last| {
        board::Block::new(
            &parent,
            parent.time_ms + 1,
            vec![vec![1; 1024 * 1024], vec![2; last]],
        )
    };
    let (full, above) = (block(room).to_bytes(), block(room + 1).to_bytes());
    assert_eq!(full.len(), board::header::MAX_BLOCK_BYTES);
    assert!(board::Block::from_bytes(&full).is_ok());
    assert_eq!(
        board::Block::from_bytes(&above),
        Err(crypto::wire::WireError::TooLong)
    );
}

#[test]
fn assembled_blocks_leave_misfits_out_and_are_valid() {
    let mut lab = Lab::open(small(4));
    let extend = lab
        .act(Act::Extend {
            until: lab.close_at() + MINUTE,
        })
        .encode();
    let early = lab.act(Act::Drain).encode();
    let mut offered = vec![
        lab.ballot(0, 1).to_bytes(),
        early,
        lab.ballot(1, 1).to_bytes(),
    ];
    offered.push(lab.ballot_with(1, 0, 1, Hash::ZERO).to_bytes());
    offered.push(extend.clone());
    offered.push(lab.ballot_with(2, 0, 2, Hash([1; 64])).to_bytes());
    let slices: Vec<&[u8]> = offered.iter().map(Vec::as_slice).collect();
    let checked = check_many(lab.state.context(), &slices, &mut lab.rng);
    let candidates: Vec<Checked> = checked.into_iter().map(Result::unwrap).collect();
    assert!(candidates.iter().map(|c| &c.bytes()[..]).eq(slices));
    let (block, next) = assemble(&lab.state, lab.now + 5, candidates.clone()).unwrap();
    assert_eq!(block.entries.len(), 3);
    assert_eq!(block.entries[0], extend);
    let again = apply(&lab.state, &block, &mut lab.rng).unwrap();
    assert_eq!(again.digest(), next.digest());
    assert_eq!(board::Block::from_bytes(&block.to_bytes()), Ok(block));
    assert!(assemble(&lab.state, lab.now, candidates).is_none());
}

/// Random elections: whatever was accepted once is accepted again by a node that starts from
/// nothing, in batches of other sizes, and ends in the same state.
#[test]
fn a_lagging_validator_decides_the_same() {
    for seed in 0..6 {
        let mut lab = Lab::open(small(100 + seed));
        let mut dice = ChaCha20Rng::seed_from_u64(seed);
        let mut verdicts = Vec::new();
        for _ in 0..25 {
            let voter = usize::try_from(dice.next_u32() % 4).unwrap();
            let entry = match dice.next_u32() % 5 {
                0 => {
                    let until = lab.close_at() + u64::from(dice.next_u32() % 3) * MINUTE;
                    lab.act(Act::Extend { until }).encode()
                }
                1 => {
                    let (seq, last) = (lab.voter(voter).seq, lab.voter(voter).last);
                    let b = lab.ballot_with(voter, 0, seq + dice.next_u32() % 3, last);
                    let key = lab.voter(voter).key.clone();
                    let opened = ballot::CheckBallot::open(&b, &key, &mut lab.rng);
                    board::Entry::CheckBallot(Box::new(opened)).encode()
                }
                _ => lab.ballot(voter, 1).to_bytes(),
            };
            let time = lab.now + 1 + u64::from(dice.next_u32() % 70_000);
            let parent = lab.state.clone();
            let verdict = lab.try_block(time, &[&entry]).map_err(|e| e.rule());
            verdicts.push((parent, time, entry, verdict));
        }
        let mut rng = ChaCha20Rng::seed_from_u64(seed + 50);
        let mut late = State::genesis(lab.network());
        for stored in &lab.chain[1..] {
            late = apply(&late, &stored.block, &mut rng).unwrap();
        }
        assert_eq!(late.digest(), lab.state.digest());
        let (a, b) = (late.election(&lab.election).unwrap(), lab.on_board());
        assert_eq!(a.counted_root(), b.counted_root());
        assert_eq!(
            (a.received(), a.check_ballots(), a.phase()),
            (b.received(), b.check_ballots(), b.phase())
        );
        for (parent, time, entry, verdict) in verdicts {
            let block = board::Block::new(parent.tip(), time, vec![entry]);
            let again = apply(&parent, &block, &mut rng).map(|_| ());
            assert_eq!(again, verdict.map_err(|r| r.to_string()));
        }
    }
}

fn receipt(lab: &Lab, entry: &[u8], extra: usize) -> Receipt {
    let hash = board::entry_hash(entry);
    let place = lab.state.find(&hash).unwrap();
    let at = usize::try_from(place.height).unwrap();
    let block = &lab.chain[at].block;
    let hashes: Vec<Hash> = block.entries.iter().map(|e| board::entry_hash(e)).collect();
    let headers = lab.chain[at..=at + extra]
        .iter()
        .map(|s| s.block.header.clone())
        .collect();
    let certificate = lab.chain[at + extra].certificate.clone().unwrap();
    Receipt::new(entry, &hashes, place.index, headers, certificate).unwrap()
}

#[test]
fn rejects_r6_30_r6_31_r6_32_r6_33_receipts() {
    let mut lab = Lab::open(small(7));
    let ballots: Vec<Vec<u8>> = (0..5).map(|i| lab.ballot(i, 1).to_bytes()).collect();
    lab.post(&ballots);
    lab.advance_to(lab.now + 10_000);
    let committee = Committee::from(lab.network());
    assert_eq!(
        committee,
        Committee::from(&lab.manifest.as_ref().unwrap().manifest)
    );
    for (extra, entry) in [0, 1]
        .into_iter()
        .flat_map(|x| ballots.iter().map(move |b| (x, b)))
    {
        let r = receipt(&lab, entry, extra);
        assert_eq!(r.verify_entry(&committee, entry), Ok(()));
        assert_eq!(Receipt::decode(&r.to_bytes()).as_ref(), Ok(&r));
    }
    let entry = &ballots[2];
    let hash = board::entry_hash(entry);
    let good = receipt(&lab, entry, 1);
    // However many headers lie behind it, a receipt is about one place on the board.
    let place = |r: Receipt| (r.entry, r.height, r.index, r.path, r.headers[0].clone());
    assert_eq!(place(good.clone()), place(receipt(&lab, entry, 0)));
    let check = |r: &Receipt| {
        r.verify_entry(&committee, entry)
            .map_err(|e| e.rule().to_string())
    };
    let refused = |change: &dyn Fn(&mut Receipt), rule: &str| {
        let mut r = good.clone();
        change(&mut r);
        assert_eq!(check(&r), Err(rule.to_owned()));
    };
    refused(&|r| r.code.replace_range(0..1, "Z"), "R6.31");
    refused(&|r| r.entry = Hash::ZERO, "R6.31");
    refused(&|r| r.pictures = Some([3, 3]), "R6.31");
    refused(&|r| r.pictures = None, "R6.31");
    refused(&|r| r.height += 1, "R6.32");
    refused(&|r| r.headers.swap(0, 1), "R6.32");
    refused(&|r| r.headers.clear(), "R6.32");
    refused(&|r| r.headers[1].parent = [0; 32], "R6.32");
    refused(&|r| r.headers[1].network = [0; 32], "R6.32");
    refused(&|r| r.index = (r.index + 1) % 5, "R6.33");
    refused(&|r| r.path.clear(), "R6.33");
    refused(&|r| r.headers[1].time_ms += 1, "R6.22");
    refused(&|r| r.headers.truncate(1), "R6.22");
    refused(&|r| r.certificate.push(0), "R6.20");
    // the receipt of another valid ballot.
    let other = receipt(&lab, &ballots[3], 0);
    assert_eq!(other.verify(&committee, &hash), Err(ReceiptError::Entry));
    assert!(matches!(
        Receipt::decode(&[2, 7, 0]),
        Err(ReceiptError::Bytes(_))
    ));
    let stranger = Committee::new(committee.network, 0, committee.keys()[..3].to_vec());
    assert_eq!(
        good.verify(&stranger, &hash)
            .unwrap_err()
            .rule()
            .to_string(),
        "R6.21"
    );
}

#[test]
fn every_flipped_bit_of_a_receipt_is_refused() {
    let mut lab = Lab::open(small(8));
    let ballots: Vec<Vec<u8>> = (0..3).map(|i| lab.ballot(i, 1).to_bytes()).collect();
    lab.post(&ballots);
    let committee = Committee::from(lab.network());
    let bytes = receipt(&lab, &ballots[1], 0).to_bytes();
    for i in 0..bytes.len() * 8 {
        let mut b = bytes.clone();
        b[i / 8] ^= 1 << (i % 8);
        let ok = Receipt::decode(&b).is_ok_and(|r| r.verify_entry(&committee, &ballots[1]).is_ok());
        assert!(!ok, "bit {i}");
    }
}

/// No election could ever be sealed by such validators (rules R1.05, R1.12, R1.13), so the first
/// block refuses them.
#[test]
fn rejects_r8_03_a_genesis_whose_validators_no_manifest_may_list() {
    let lab = Lab::sealed(Options::small());
    let changes: [fn(&mut board::NetworkConfig); 6] = [
        |n| n.name.push('\u{202e}'),
        |n| n.name.clear(),
        |n| n.validators[0].name.ja.push('\u{200b}'),
        |n| n.validators[0].name.en.clear(),
        |n| n.validators[1].origin = "https://node .example".into(),
        |n| n.validators[1].node_key = n.validators[0].node_key,
    ];
    for change in changes {
        let mut network = lab.network().clone();
        change(&mut network);
        assert!(board::NetworkConfig::from_bytes(&network.to_bytes()).is_err());
        let rebuilt = board::NetworkConfig::new(
            &network.name,
            network.validators.clone(),
            network.authorities.clone(),
            0,
        );
        assert!(rebuilt.is_err());
        // In a record the block is the genesis of no network.
        let mut record = lab.record();
        let entries = record.0.get_mut(board::record::ENTRIES).unwrap();
        let genesis = lab.network().to_bytes();
        let bytes = network.to_bytes();
        let length = u32::try_from(bytes.len()).unwrap().to_le_bytes();
        entries.splice(..4 + genesis.len(), [&length[..], &bytes].concat());
        let header = board::header::genesis(&network).to_bytes();
        let blocks = record.0.get_mut(board::record::BLOCKS).unwrap();
        blocks.splice(..header.len(), header);
        let opened = board::replay::Replay::open(&record).map(drop);
        assert_eq!(opened.unwrap_err().rule().unwrap().to_string(), "R8.03");
    }
}
