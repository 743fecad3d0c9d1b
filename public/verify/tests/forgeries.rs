//! Forged records, re-encoded and re-hashed as far as the forger can: each fails with the rule
//! that the test names. The forger here owns every validator unless the test says otherwise.
#![expect(clippy::unwrap_used, reason = "helpers of tests")]

use ballot::ballot::BALLOT_PURPOSE;
use ballot::token::{Kind, TokenMessage};
use ballot::{Ballot, Opening};
use board::entry::{Entry, kind};
use board::record::Memory;
use crypto::hash::to_hex;
use crypto::wire::TopLevel as _;
use crypto::{Hash, Point};
use rand_chacha::ChaCha20Rng;
use rand_core::SeedableRng as _;
use testkit::election::{Lab, Options, Stored, certify, rechain, record_of};
use verify::{Expected, Report, Resources, Trust, verify, verify_streaming};

fn small() -> Options {
    Options {
        seed: 11,
        n: 3,
        t: 2,
        options: 3,
        ..Options::default()
    }
}

/// Three voters; voter 1 votes twice.
fn finished() -> Lab {
    Lab::finished(small(), &[&[0], &[1, 2], &[2]])
}

fn trust(lab: &Lab) -> Trust {
    Trust {
        authority: *lab.parties.authority.public().as_bytes(),
        network: lab.network().id(),
        validators: lab.network().committee(),
        practice: true,
    }
}

fn check(lab: &Lab, chain: &[Stored]) -> Report {
    let record = record_of(chain, lab.manifest.as_ref().unwrap(), lab.on_board());
    verified(lab, &record)
}

/// The report; with the board in memory or outside of it, on one processor or several, it is the
/// same.
fn verified(lab: &Lab, record: &Memory) -> Report {
    let trust = trust(lab);
    let mut rng = ChaCha20Rng::seed_from_u64(3);
    let report = verify(record, Some(&trust), &mut rng, &mut |_| ());
    let resources = Resources {
        threads: 3,
        memory: 1,
        temporary: None,
    };
    let streamed = verify_streaming(record, Some(&trust), &resources, &mut |_| ()).unwrap();
    assert_eq!(report.to_text(), streamed.to_text());
    report
}

/// The chain with its entries changed, hashed and certified again.
fn rebuilt(lab: &Lab, change: impl FnOnce(&mut Vec<(u64, Vec<Vec<u8>>)>)) -> Vec<Stored> {
    let mut blocks: Vec<_> = lab
        .chain
        .iter()
        .skip(1)
        .map(|s| (s.block.header.time_ms, s.block.entries.clone()))
        .collect();
    change(&mut blocks);
    rechain(&lab.parties, &blocks)
}

fn of_kind(entry: &[u8], wanted: u8) -> bool {
    entry.get(1) == Some(&wanted)
}

#[track_caller]
fn fails_with(report: &Report, rule: &str) {
    assert!(!report.ok, "a forgery passed");
    assert_eq!(report.failed_rules(), [rule], "{}", report.to_text());
}

#[test]
fn an_honest_record_passes_every_check() {
    let lab = finished();
    let report = check(&lab, &lab.chain);
    assert!(report.ok, "{}", report.to_text());
    let facts = report.facts.unwrap();
    assert_eq!(
        (facts.received, facts.overwritten, facts.counted),
        (4, 1, 3)
    );
    let votes: Vec<u64> = facts.contests[0].iter().map(|c| c.votes).collect();
    assert_eq!(votes, [1, 0, 2]);
}

#[test]
fn a_dropped_ballot_contradicts_the_share_commitments_r5_40() {
    let lab = finished();
    let chain = rebuilt(&lab, |blocks| {
        let (_, entries) = blocks
            .iter_mut()
            .find(|(_, e)| e.iter().any(|e| of_kind(e, kind::BALLOT)))
            .unwrap();
        let at = entries
            .iter()
            .position(|e| Ballot::from_bytes(e).is_ok())
            .unwrap();
        let vk = Ballot::from_bytes(&entries.remove(at)).unwrap().vk;
        // Later ballots of the same voter go too, or their numbers would have a gap; and the openings
        // of all of them.
        for (_, entries) in blocks.iter_mut() {
            entries.retain(|e| Ballot::from_bytes(e).map_or(true, |b| b.vk != vk));
        }
        let left: Vec<_> = blocks
            .iter()
            .flat_map(|(_, e)| e)
            .map(|e| board::entry_hash(e))
            .collect();
        for (_, entries) in blocks.iter_mut() {
            entries.retain(|e| Opening::from_bytes(e).map_or(true, |o| left.contains(&o.ballot)));
        }
    });
    fails_with(&check(&lab, &chain), "R5.40");
}

#[test]
fn a_dropped_ballot_without_the_validators_keys_r8_04() {
    let lab = finished();
    let mut chain = rebuilt(&lab, |blocks| {
        for (_, entries) in blocks.iter_mut() {
            entries.retain(|e| !of_kind(e, kind::BALLOT));
        }
        // The forger leaves everything after the close away and keeps the old certificates.
        blocks.retain(|(_, e)| !e.iter().any(|e| e.get(1) >= Some(&kind::SHARE_COMMIT)));
    });
    for (forged, honest) in chain.iter_mut().zip(&lab.chain) {
        forged.certificate.clone_from(&honest.certificate);
    }
    fails_with(&check(&lab, &chain), "R8.04");
}

#[test]
fn a_duplicated_ballot_r5_04() {
    let lab = finished();
    let chain = rebuilt(&lab, |blocks| {
        let at = blocks
            .iter()
            .position(|(_, e)| e.iter().any(|e| of_kind(e, kind::BALLOT)));
        let (at, entry) = (at.unwrap(), blocks[at.unwrap()].1[0].clone());
        let (time, _) = blocks[at];
        blocks.insert(at + 1, (time + 1, vec![entry]));
    });
    fails_with(&check(&lab, &chain), "R5.04");
}

#[test]
fn two_voters_ciphertexts_swapped_r3_16() {
    let lab = finished();
    let chain = rebuilt(&lab, |blocks| {
        let (_, entries) = blocks
            .iter_mut()
            .find(|(_, e)| e.iter().any(|e| of_kind(e, kind::BALLOT)))
            .unwrap();
        let mut a = Ballot::from_bytes(&entries[0]).unwrap();
        let mut b = Ballot::from_bytes(&entries[1]).unwrap();
        std::mem::swap(&mut a.contests, &mut b.contests);
        (entries[0], entries[1]) = (a.to_bytes(), b.to_bytes());
        entries.sort_by_key(|e| board::entry_hash(e));
    });
    fails_with(&check(&lab, &chain), "R3.16");
}

/// An open election with honest ballots of voters 0 and 1, then one forged ballot of voter 9 who
/// has good tokens; the network certifies it.
fn with_forged(forge: impl FnOnce(&mut Lab, Ballot) -> Ballot) -> (Lab, Report) {
    let mut lab = Lab::open(small());
    let honest = lab.cast(0, 1);
    lab.cast(1, 2);
    let forged = forge(&mut lab, honest);
    let time = lab.now + 1000;
    lab.force_block(time, vec![forged.to_bytes()]);
    let report = check(&lab, &lab.chain);
    (lab, report)
}

fn resign(lab: &mut Lab, voter: usize, mut b: Ballot) -> Ballot {
    let key = lab.voter(voter).key.clone();
    b.vk = key.public();
    b.signature = key.sign(BALLOT_PURPOSE, &b.signed_bytes(), &mut lab.rng);
    b
}

#[test]
fn another_voters_proof_replayed_r3_04() {
    let (_, report) = with_forged(|lab, honest| {
        let mut mine = lab.ballot(9, 0);
        mine.contests = honest.contests;
        resign(lab, 9, mine)
    });
    fails_with(&report, "R3.04");
}

#[test]
fn last_revote_removed_r5_40() {
    let lab = finished();
    let chain = rebuilt(&lab, |blocks| {
        for (_, entries) in blocks.iter_mut() {
            entries.retain(|e| Ballot::from_bytes(e).map_or(true, |b| b.seq < 2));
        }
    });
    fails_with(&check(&lab, &chain), "R5.40");
}

#[test]
fn one_share_replaced_r7_03() {
    let mut lab = finished();
    // A second, equally valid share of trustee 1, who signs it: not the one committed to.
    let (share, _) = lab.share(1);
    let replacement = lab.share_entry(&share).encode();
    let chain = rebuilt(&lab, |blocks| {
        let entries = blocks.iter_mut().flat_map(|(_, e)| e.iter_mut());
        *entries
            .into_iter()
            .find(|e| of_kind(e, kind::SHARE))
            .unwrap() = replacement;
    });
    fails_with(&check(&lab, &chain), "R7.03");
}

#[test]
fn result_one_more_or_one_less_r5_48() {
    let lab = finished();
    for more in [true, false] {
        let mut r = lab.on_board().result().unwrap().clone();
        let v = &mut r.votes[0][0];
        *v = if more { *v + 1 } else { *v - 1 };
        let forged = Entry::Result(Box::new(r)).encode();
        let chain = rebuilt(&lab, |blocks| {
            let entries = blocks.iter_mut().flat_map(|(_, e)| e.iter_mut());
            *entries
                .into_iter()
                .find(|e| of_kind(e, kind::RESULT))
                .unwrap() = forged;
        });
        fails_with(&check(&lab, &chain), "R5.48");
    }
}

/// A ballot whose token is signed by `registrar`'s key of `kind` over this message.
fn with_token(issuer: (usize, Kind), message: impl Fn(Hash, Point) -> TokenMessage) -> Report {
    let (_, report) = with_forged(|lab, _| {
        let mut b = lab.ballot(9, 0);
        let text = message(lab.election, b.vk).to_bytes();
        b.tokens = vec![lab.parties.issuer(issuer.0, issuer.1).sign(&text)];
        resign(lab, 9, b)
    });
    report
}

#[test]
fn a_23_token_of_another_issuer_r4_01() {
    let first = |election, vk| TokenMessage::First { election, vk };
    fails_with(&with_token((1, Kind::First), first), "R4.01");
    let good = with_token((0, Kind::First), first);
    assert!(!good.failed_rules().contains(&"R4.01".to_owned()));
}

#[test]
fn token_of_another_kind_r4_01() {
    let again = |election, vk| TokenMessage::Again {
        election,
        vk,
        seq: 1,
        prev: Hash::ZERO,
    };
    fails_with(&with_token((0, Kind::Again), again), "R4.01");
    let first = |election, vk| TokenMessage::First { election, vk };
    fails_with(&with_token((0, Kind::Survey), first), "R4.01");
}

#[test]
fn token_for_another_seq_r4_01() {
    let (_, report) = with_forged(|lab, _| {
        let (seq, prev) = (lab.voter(0).seq + 1, lab.voter(0).last);
        let mut b = lab.ballot_with(0, 0, seq, prev);
        let text = TokenMessage::Again {
            election: lab.election,
            vk: b.vk,
            seq: seq + 1,
            prev,
        };
        b.tokens = vec![lab.parties.issuer(0, Kind::Again).sign(&text.to_bytes())];
        resign(lab, 0, b)
    });
    fails_with(&report, "R4.01");
}

/// A token that malware kept does not replace the clean vote that came in between.
#[test]
fn a_52_token_for_another_predecessor_r4_01() {
    let (_, report) = with_forged(|lab, _| {
        let (seq, prev) = (lab.voter(0).seq + 1, lab.voter(0).last);
        let mut b = lab.ballot_with(0, 0, seq, prev);
        b.tokens = lab.tokens(b.vk, (seq, Hash([9; 64])));
        resign(lab, 0, b)
    });
    fails_with(&report, "R4.01");
}

/// Voter 0's secret and somebody else's card and PIN.
#[test]
fn a_72_another_persons_card_r5_53() {
    let (_, report) = with_forged(|lab, _| lab.ballot_by_card(0, 1, 0));
    fails_with(&report, "R5.53");
}

#[test]
fn a_72_another_persons_signature_r4_02() {
    let (_, report) = with_forged(|lab, honest| {
        let mut b = lab.ballot_by_card(0, 1, 0);
        b.card.keys = honest.card.keys;
        resign(lab, 0, b)
    });
    fails_with(&report, "R4.02");
}

/// A signature that malware kept, with *again* tokens that a card of its own got later.
#[test]
fn a_72_a_kept_signature_with_fresh_tokens_r4_02() {
    let (_, report) = with_forged(|lab, _| {
        let mut b = lab.ballot_by_card(0, 0, 1);
        b.tokens = lab.ballot_by_card(0, 1, 0).tokens;
        b.card.window = 0;
        resign(lab, 0, b)
    });
    fails_with(&report, "R4.02");
}

#[test]
fn a_73_tokens_of_a_window_that_has_not_begun_r5_54() {
    let (_, report) = with_forged(|lab, _| lab.ballot_by_card(0, 0, 1));
    fails_with(&report, "R5.54");
}

#[test]
fn a_73_hoarded_tokens_after_their_window_r5_54() {
    let (_, report) = with_forged(|lab, _| {
        let kept = lab.ballot_by_card(0, 0, 0);
        let windows = &lab.manifest.as_ref().unwrap().manifest.again_windows;
        let ended = windows[1] + ballot::manifest::AGAIN_GRACE_MS;
        lab.advance_to(ended);
        kept
    });
    fails_with(&report, "R5.54");
}

#[test]
fn a_first_ballot_with_a_card_signature_r3_22() {
    let (_, report) = with_forged(|lab, _| {
        let mut b = lab.ballot(9, 0);
        b.card.z = crypto::Scalar::ONE;
        resign(lab, 9, b)
    });
    fails_with(&report, "R3.22");
}

#[test]
fn certificate_with_one_signature_too_few_r6_23() {
    let lab = finished();
    let mut chain = lab.chain.clone();
    let at = chain.len() / 2;
    let header = chain[at].block.header.clone();
    let few = &lab.parties.quorum()[1..];
    chain[at].certificate = Some(certify(&lab.parties, header.height, header.digest(), few));
    fails_with(&check(&lab, &chain), "R6.23");
}

#[test]
fn ballot_after_the_close_r5_22() {
    let mut lab = Lab::open(small());
    lab.cast(0, 1);
    let late = lab.ballot(1, 2);
    lab.close();
    let time = lab.now + 1000;
    lab.force_block(time, vec![late.to_bytes()]);
    fails_with(&check(&lab, &lab.chain), "R5.22");
}

#[test]
fn seq_jumped_r5_23() {
    let (_, report) = with_forged(|lab, honest| {
        let prev = honest.entry_hash();
        lab.ballot_with(0, 0, 3, prev)
    });
    fails_with(&report, "R5.23");
}

#[test]
fn a_record_of_another_election_r8_13() {
    let lab = finished();
    let trust = trust(&lab);
    let run = |election: &Hash| {
        let expected = Expected {
            trust: Some(&trust),
            election: Some(election),
        };
        let mut rng = ChaCha20Rng::seed_from_u64(3);
        verify(&lab.record(), expected, &mut rng, &mut |_| ())
    };
    fails_with(&run(&Hash([1; 64])), "R8.13");
    let good = run(&lab.election);
    assert!(good.ok, "{}", good.to_text());
    assert!(good.to_text().contains("REHEARSAL"), "the lab is no vote");
}

/// What a reader is told besides: who may vote, whom to ask, what decides a tie, and who ran the
/// board. A trust file lists the validators of the genesis block, so those are printed first.
#[test]
fn the_report_tells_what_voters_were_told_and_every_term() {
    let mut lab = Lab::open(small());
    let acts = |report: &Report| {
        let line = report.checks.iter().find(|l| l.key == "officers");
        line.unwrap().detail.clone()
    };
    let genesis: Vec<String> = lab
        .network()
        .committee()
        .iter()
        .map(|k| to_hex(k))
        .collect();
    lab.post_hand_over(testkit::election::engine_keys(2..=5));
    let height = lab.state.tip().height;
    lab.cast(0, 1);
    lab.finish();
    let report = check(&lab, &lab.chain);
    assert!(report.ok, "{}", report.to_text());
    // Open, hand-over, announce.
    assert_eq!(acts(&report), "3 acts");
    let text = report.to_text();
    let facts = report.facts.unwrap();
    assert_eq!(facts.validators, genesis);
    let [second] = facts.hand_overs.as_slice() else {
        panic!("one hand-over")
    };
    assert_eq!((second.epoch, second.from), (1, height + 1));
    let keys: Vec<String> = lab
        .state
        .committee()
        .keys()
        .iter()
        .map(|k| to_hex(k))
        .collect();
    assert_eq!(second.validators, keys);
    let m = &lab.manifest.as_ref().unwrap().manifest;
    for words in [
        "[any card]",
        &m.eligibility.words.ja,
        &m.help.telephone,
        &m.help.hours.en,
        "[shared]",
        &m.tie_rule.words.ja,
    ] {
        assert!(text.contains(words), "{words} is missing in {text}");
    }
    // Not under a check that failed: nobody knows then who wrote it.
    let mut record = lab.record();
    record
        .0
        .insert("view/result.json".to_owned(), b"null\n".to_vec());
    let bad = verified(&lab, &record);
    fails_with(&bad, "R8.06");
    assert!(!bad.to_text().contains(&m.tie_rule.words.ja));
}

/// Two elections on one board: each record is about its own, and neither passes for the other.
#[test]
fn of_two_elections_on_a_board_each_record_is_about_its_own_r8_13() {
    let mut lab = Lab::open(small());
    lab.cast(0, 1);
    let (first, first_sealed) = (lab.election, lab.manifest.clone().unwrap());
    let first_setup = lab.setup;
    let shares = std::mem::take(&mut lab.parties.shares);
    lab.set_up();
    lab.run_ceremony();
    lab.seal();
    let (second, second_setup) = (lab.election, lab.setup);
    assert_ne!(first, second);
    let second_sealed = lab.manifest.clone().unwrap();
    // The first one goes on to its result.
    lab.setup = first_setup;
    lab.election = first;
    lab.parties.shares = shares;
    lab.finish();
    let about = |sealed, setup: &Hash, asked: &Hash| {
        let record = record_of(&lab.chain, sealed, lab.state.election(setup).unwrap());
        let trust = trust(&lab);
        let expected = Expected {
            trust: Some(&trust),
            election: Some(asked),
        };
        let mut rng = ChaCha20Rng::seed_from_u64(3);
        verify(&record, expected, &mut rng, &mut |_| ())
    };
    let good = about(&first_sealed, &first_setup, &first);
    assert!(good.ok, "{}", good.to_text());
    let facts = good.facts.unwrap();
    assert_eq!((facts.election_hash, facts.counted), (first.to_hex(), 1));
    fails_with(&about(&first_sealed, &first_setup, &second), "R8.13");
    // The second one was never opened: that is what its record says, whatever the first one did.
    fails_with(&about(&second_sealed, &second_setup, &second), "R8.09");
    // The views of one under the manifest of the other.
    fails_with(&about(&first_sealed, &second_setup, &first), "R8.06");
}

#[test]
fn an_unfinished_record_r8_09() {
    let mut lab = Lab::open(small());
    lab.cast(0, 1);
    fails_with(&check(&lab, &lab.chain), "R8.09");
}

#[test]
fn another_authority_network_or_kind_r1_10_r8_07_r8_08() {
    let lab = finished();
    let record = lab.record();
    let mut rng = ChaCha20Rng::seed_from_u64(3);
    let mut run = |t: &Trust| verify(&record, Some(t), &mut rng, &mut |_| ());
    let good = trust(&lab);
    assert!(run(&good).ok);
    fails_with(
        &run(&Trust {
            practice: false,
            ..good.clone()
        }),
        "R1.10",
    );
    fails_with(
        &run(&Trust {
            authority: [1; 32],
            ..good.clone()
        }),
        "R8.07",
    );
    fails_with(
        &run(&Trust {
            network: [1; 32],
            ..good.clone()
        }),
        "R8.08",
    );
    let fewer = good.validators[1..].to_vec();
    fails_with(
        &run(&Trust {
            validators: fewer,
            ..good
        }),
        "R8.08",
    );
}

#[test]
fn a_header_that_counts_too_many_entries_r6_07() {
    let lab = finished();
    let mut record = lab.record();
    let blocks = record.0.get_mut(board::record::BLOCKS).unwrap();
    let count = 2 * board::Header::LEN - 4;
    blocks[count..count + 4].copy_from_slice(&u32::MAX.to_le_bytes());
    fails_with(&verified(&lab, &record), "R6.07");
}

/// Two entries that are each short enough, in one block; behind the second nothing is read.
#[test]
fn a_block_of_too_many_bytes_r6_07() {
    let lab = finished();
    let mut record = lab.record();
    let blocks = record.0.get_mut(board::record::BLOCKS).unwrap();
    let count = 2 * board::Header::LEN - 4;
    blocks[count..count + 4].copy_from_slice(&2u32.to_le_bytes());
    let entries = record.0.get_mut(board::record::ENTRIES).unwrap();
    let genesis = u32::from_le_bytes(entries[..4].try_into().unwrap());
    entries.truncate(4 + usize::try_from(genesis).unwrap());
    for _ in 0..2 {
        entries.extend_from_slice(&(1u32 << 20).to_le_bytes());
        entries.resize(entries.len() + (1 << 20), 0);
    }
    fails_with(&verified(&lab, &record), "R6.07");
}
