//! Late ballots, halts, and what officers may order after one.
#![expect(clippy::unwrap_used, reason = "helpers of tests")]

use ballot::CheckBallot;
use board::check_stateless;
use board::entry::{Act, Entry, Late};
use board::state::{LATE_FROM_MS, RESUME_GAP_MS, assemble};
use board::{Checked, Phase, check_many};
use crypto::Hash;
use crypto::schnorr::SigningKey;
use crypto::wire::TopLevel as _;
use testkit::election::{Lab, MINUTE, Options, engine_keys};

const NOTHING: &[Vec<u8>] = &[];

fn open() -> Lab {
    Lab::open(Options::small())
}

/// A board whose last block is so long before the close, with one ballot in the box.
fn near(before_close: u64) -> Lab {
    let mut lab = open();
    lab.cast(0, 1);
    let close = lab.close_at();
    lab.advance_to(close - before_close);
    lab
}

/// Halted: no block from `before_close` until so long after the close.
fn halted(before_close: u64, after: u64) -> Lab {
    let mut lab = near(before_close);
    let close = lab.close_at();
    lab.try_block(close + after, NOTHING).unwrap();
    assert_eq!(lab.phase(), Phase::Halted);
    lab
}

fn encoded(late: &Late) -> Vec<u8> {
    Entry::Late(Box::new(late.clone())).encode()
}

/// The rule that refuses a block with these entries at `time`.
fn rule(lab: &mut Lab, time: u64, entries: &[Vec<u8>]) -> Option<String> {
    let error = lab.try_block(time, entries).err();
    error.map(|e| e.rule().to_string())
}

fn refused(lab: &mut Lab, entries: &[Vec<u8>], expected: &str) {
    let time = lab.now + 1000;
    assert_eq!(rule(lab, time, entries).as_deref(), Some(expected));
}

#[test]
fn a_70_rejects_r5_55_a_ballot_that_nobody_promised_to_the_millisecond() {
    let mut lab = near(LATE_FROM_MS + 1000);
    let close = lab.close_at();
    let (a, b) = (lab.ballot(1, 1).to_bytes(), lab.ballot(2, 1).to_bytes());
    let from = close - LATE_FROM_MS;
    assert_eq!(
        rule(&mut lab, from, std::slice::from_ref(&a)).as_deref(),
        Some("R5.55")
    );
    assert_eq!(rule(&mut lab, from - 1, &[a]), None);
    // A proposer cannot help itself with an old header: validators take one that is 30 s old.
    for time in [from, close - 1000, close, close + 29_000] {
        let refused = rule(&mut lab, time, std::slice::from_ref(&b));
        assert_eq!(refused.as_deref(), Some("R5.55"), "{time}");
        lab.advance_to(time);
    }
    let promised = lab.promised(b);
    lab.try_block(close + 59_999, &promised).unwrap();
    lab.advance_to(close + 60_000);
    assert_eq!(lab.on_board().target().unwrap().counted, 3);
}

#[test]
fn a_70_rejects_r5_55_a_check_ballot_likewise() {
    let mut lab = near(20_000);
    let b = lab.ballot_with(3, 1, 1, Hash::ZERO);
    let key = lab.voter(3).key.clone();
    let check = CheckBallot::open(&b, &key, &mut lab.rng);
    let check = Entry::CheckBallot(Box::new(check)).encode();
    refused(&mut lab, std::slice::from_ref(&check), "R5.55");
    // A promise of the ballot it opens is none of the check ballot.
    let of_the_ballot = lab.late(&b.to_bytes(), lab.now);
    refused(&mut lab, &[encoded(&of_the_ballot), check.clone()], "R5.60");
    let promised = lab.promised(check);
    lab.post(&promised);
    assert_eq!(lab.on_board().check_ballots(), 1);
}

/// One validator may lie about its clock, and f of them may; f + 1 may not.
#[test]
fn a_70_rejects_r5_61_a_promise_that_f_validators_backdated() {
    let mut lab = near(20_000);
    let close = lab.close_at();
    lab.advance_to(close + 10_000);
    let ballot = lab.ballot(1, 1).to_bytes();
    let good = lab.late(&ballot, close - 1);
    assert_eq!(good.seen.len(), 2);
    let with = |change: &dyn Fn(&mut Late)| {
        let mut late = good.clone();
        change(&mut late);
        [encoded(&late), ballot.clone()]
    };
    let one_twice = with(&|l| l.seen[1] = l.seen[0]);
    let backwards = with(&|l| l.seen.swap(0, 1));
    let stranger = with(&|l| l.seen[1].validator = 4);
    let alone = with(&|l| l.seen.truncate(1));
    let nobody = with(&|l| l.seen.clear());
    for entries in [alone, nobody, one_twice, backwards, stranger] {
        refused(&mut lab, &entries, "R5.61");
    }
    lab.post(&with(&|_| ()));
}

#[test]
fn a_70_rejects_r5_62_a_promise_from_the_close_on() {
    let mut lab = near(20_000);
    let close = lab.close_at();
    let ballot = lab.ballot(1, 1).to_bytes();
    let entry = board::entry_hash(&ballot);
    let mut late = lab.late(&ballot, close - 1);
    late.seen[1] = lab.seen(1, &entry, close);
    refused(&mut lab, &[encoded(&late), ballot.clone()], "R5.62");
    // Also beside enough that are in time.
    late.seen[1] = lab.seen(1, &entry, close - 1);
    let third = lab.seen(2, &entry, u64::MAX);
    late.seen.push(third);
    refused(&mut lab, &[encoded(&late), ballot.clone()], "R5.62");
    late.seen.pop();
    lab.post(&[encoded(&late), ballot]);
}

#[test]
fn a_70_rejects_r5_63_a_promise_that_its_validator_did_not_give() {
    let mut lab = near(20_000);
    let close = lab.close_at();
    let ballot = lab.ballot(1, 1).to_bytes();
    let other = board::entry_hash(&lab.ballot(2, 1).to_bytes());
    let entry = board::entry_hash(&ballot);
    let good = lab.late(&ballot, close - 1);
    let stranger = SigningKey::generate(&mut lab.rng);
    let authority = lab.parties.authority.clone();
    let forged = [
        lab.seen_by(1, &stranger, &entry, close - 1),
        lab.seen_by(1, &authority, &entry, close - 1),
        // The word of another validator, a promise of another ballot.
        lab.seen_by(1, &lab.parties.nodes[2].clone(), &entry, close - 1),
        lab.seen(1, &other, close - 1),
    ];
    for seen in forged {
        let mut late = good.clone();
        late.seen[1] = seen;
        refused(&mut lab, &[encoded(&late), ballot.clone()], "R5.63");
    }
    let changes: [fn(&mut Late); 3] = [
        |l| l.seen[0].height += 1,
        |l| l.seen[0].time_ms -= 1,
        |l| l.seen[1].signature = l.seen[0].signature,
    ];
    for change in changes {
        let mut late = good.clone();
        change(&mut late);
        refused(&mut lab, &[encoded(&late), ballot.clone()], "R5.63");
    }
    // A refusal is no promise.
    let mut late = good.clone();
    late.seen[1] = refusal_as_seen(&mut lab, entry, close - 1);
    refused(&mut lab, &[encoded(&late), ballot.clone()], "R5.63");
    // A third signature that is wrong beside two good ones.
    let mut late = good.clone();
    let third = lab.seen_by(3, &stranger, &entry, close - 1);
    late.seen.push(third);
    refused(&mut lab, &[encoded(&late), ballot.clone()], "R5.63");
    lab.post(&[encoded(&good), ballot]);
}

/// A node's signed refusal (R5.22) passed off as its promise.
fn refusal_as_seen(lab: &mut Lab, entry: Hash, time_ms: u64) -> board::entry::Seen {
    use crypto::signed::Statement as _;
    let body = board::Judgement {
        network: lab.network().id(),
        entry,
        rule: Some(board::rules::BALLOT_LATE),
        height: 3,
        time_ms,
    };
    let answer = body.signed(&lab.parties.nodes[1], &mut lab.rng);
    board::entry::Seen {
        validator: 1,
        height: 3,
        time_ms,
        signature: answer.signature,
    }
}

#[test]
fn rejects_r5_60_a_late_without_its_ballot_or_twice() {
    let mut lab = near(20_000);
    let close = lab.close_at();
    let (one, other) = (lab.ballot(1, 1).to_bytes(), lab.ballot(2, 1).to_bytes());
    let late = encoded(&lab.late(&one, close - 1));
    assert_eq!(lab.refused(&late), "R5.60");
    let for_other = encoded(&lab.late(&other, close - 1));
    refused(&mut lab, &[late.clone(), for_other, one.clone()], "R5.60");
    // Fresh signatures: another entry about the same ballot.
    let again = encoded(&lab.late(&one, close - 2));
    refused(&mut lab, &[late.clone(), again, one.clone()], "R5.60");
    refused(
        &mut lab,
        &[late.clone(), late.clone(), one.clone()],
        "R5.04",
    );
    // Something that is no ballot.
    let notice = lab.act(Act::Announce).encode();
    let of_an_act = encoded(&lab.late(&notice, close - 1));
    refused(&mut lab, &[of_an_act, notice], "R5.60");
    // Behind the ballot it is too late for it.
    let time = lab.now + 1000;
    let behind = lab.try_block_as_given(time, vec![one.clone(), late.clone()]);
    assert_eq!(behind.unwrap_err().rule().to_string(), "R5.55");
    lab.post(&[late.clone(), one]);
    assert_eq!(lab.refused(&late), "R5.04");
}

#[test]
fn a_late_may_come_before_it_must() {
    let mut lab = open();
    let close = lab.close_at();
    let ballot = lab.ballot(0, 1).to_bytes();
    let late = encoded(&lab.late(&ballot, close - 1));
    lab.post(&[late, ballot]);
    assert_eq!(lab.on_board().received(), 1);
}

#[test]
fn rejects_r5_05_a_late_where_no_ballot_is_taken() {
    let mut lab = Lab::sealed(Options::small());
    let ballot = lab.ballot(0, 1).to_bytes();
    let close = lab.close_at();
    let late = encoded(&lab.late(&ballot, close - 1));
    assert_eq!(lab.refused(&late), "R5.05");
    let mut lab = halted(1000, 5 * MINUTE);
    let ballot = lab.ballot(1, 1).to_bytes();
    let promised = lab.promised(ballot);
    refused(&mut lab, &promised, "R5.05");
    // Another election, and the setup's name for this one.
    let mut late = lab.late(&promised[1], close - 1);
    for election in [Hash([7; 64]), lab.setup] {
        late.election = election;
        assert_eq!(lab.refused(&encoded(&late)), "R5.03");
    }
}

/// Validators who left promise nothing any more; those who came can.
#[test]
fn rejects_r5_63_promises_of_an_earlier_term() {
    let mut lab = near(29_000);
    let close = lab.close_at();
    let (a, b) = (lab.ballot(1, 1).to_bytes(), lab.ballot(2, 1).to_bytes());
    let mut old = lab.late(&a, close - 20_000);
    let third = lab.seen(2, &old.entry.clone(), close - 20_000);
    old.seen.push(third);
    let old = [encoded(&old), a];
    lab.post_hand_over(engine_keys(2..=8));
    refused(&mut lab, &old, "R5.63");
    let new = lab.late(&b, close - 20_000);
    assert_eq!(new.seen.len(), 3, "f + 1 of seven");
    let mut few = new.clone();
    few.seen.pop();
    refused(&mut lab, &[encoded(&few), b.clone()], "R5.61");
    lab.post(&[encoded(&new), b]);
}

/// The close that counts is the effective one, where the entry stands.
#[test]
fn an_extension_takes_the_need_for_promises_away() {
    let mut lab = near(20_000);
    let close = lab.close_at();
    let ballot = lab.ballot(1, 1).to_bytes();
    let until = close + 10 * MINUTE;
    let extend = lab.act(Act::Extend { until }).encode();
    lab.post(&[extend, ballot]);
    let later = lab.ballot(2, 1).to_bytes();
    lab.advance_to(close + 5 * MINUTE);
    let late = lab.late(&later, close + 1);
    lab.post(&[encoded(&late), later]);
    assert_eq!(lab.on_board().counted(), 3);
}

#[test]
fn a_late_counts_the_close_before_an_extension_behind_it() {
    let mut lab = near(20_000);
    let close = lab.close_at();
    let ballot = lab.ballot(1, 1).to_bytes();
    let late = encoded(&lab.late(&ballot, close));
    let until = close + 10 * MINUTE;
    let extend = lab.act(Act::Extend { until }).encode();
    let (first, second) = (late.clone(), extend.clone());
    refused(&mut lab, &[first, second, ballot.clone()], "R5.62");
    lab.post(&[extend, late, ballot]);
}

/// A block is put together with what fits: a ballot whose `Late` is missing stays out, and a `Late`
/// whose ballot stays out does too.
#[test]
fn blocks_are_assembled_with_pairs_only() {
    let mut lab = near(20_000);
    let close = lab.close_at();
    let pair = |lab: &mut Lab, voter| {
        let ballot = lab.ballot(voter, 1).to_bytes();
        lab.promised(ballot)
    };
    let good = pair(&mut lab, 1);
    let bare = pair(&mut lab, 2);
    let orphan = pair(&mut lab, 3);
    // Its predecessor does not exist: the ballot falls, and with it its `Late`.
    let wrong = lab.ballot_with(4, 1, 2, Hash([1; 64])).to_bytes();
    let wrong = lab.promised(wrong);
    let offered = [
        &good[0], &good[1], &bare[1], &orphan[0], &wrong[0], &wrong[1],
    ];
    let refs: Vec<&[u8]> = offered.iter().map(|e| e.as_slice()).collect();
    let checked = check_many(lab.state.context(), &refs, &mut lab.rng);
    let candidates: Vec<Checked> = checked.into_iter().map(Result::unwrap).collect();
    let (block, next) = assemble(&lab.state, close + 1, candidates).unwrap();
    assert_eq!(block.entries, good);
    assert_eq!(next.election(&lab.election).unwrap().received(), 2);
}

/// What waits is judged as if it had its `Late`; a gateway asks for none before the close.
#[test]
fn waiting_ballots_need_a_late_near_the_close_only() {
    let mut lab = near(MINUTE);
    let close = lab.close_at();
    let ballot = lab.ballot(1, 1).to_bytes();
    let checked = check_stateless(lab.state.context(), &ballot, &mut lab.rng).unwrap();
    assert_eq!(lab.state.close_of(&checked), Some(close));
    for (time, needed) in [
        (close - 30_001, false),
        (close - 30_000, true),
        (close, true),
    ] {
        assert_eq!(lab.state.needs_late(&checked, time), needed);
        assert_eq!(
            lab.state.outlook(&checked, time),
            board::state::Outlook::Fits
        );
    }
    assert_eq!(lab.state.admit(&checked, close - 1), Ok(()));
    let late = lab.late(&ballot, close - 1);
    let late = check_stateless(lab.state.context(), &encoded(&late), &mut lab.rng).unwrap();
    assert_eq!(lab.state.close_of(&late), None);
    assert!(!lab.state.needs_late(&late, close));
}

#[test]
fn rejects_r5_34_draining_what_is_not_halted() {
    let mut lab = open();
    let early = lab.act(Act::Drain).encode();
    assert_eq!(lab.refused(&early), "R5.34");
    let mut lab = halted(1000, 5 * MINUTE);
    let first = lab.act(Act::Drain);
    lab.post_one(&first);
    let second = lab.act(Act::Drain).encode();
    assert_eq!(lab.refused(&second), "R5.34");
}

/// Past the extension limit nothing can be resumed; what was promised still gets in.
#[test]
fn a_41_a_halt_past_the_limit_keeps_promised_ballots() {
    let mut lab = near(20 * MINUTE);
    let close = lab.close_at();
    let promised = lab.ballot(1, 0).to_bytes();
    let new = lab.ballot(2, 0).to_bytes();
    lab.try_block(close + 61 * MINUTE, NOTHING).unwrap();
    for until in [lab.now + 1, lab.now + 1001, close + 60 * MINUTE] {
        let resume = lab.act(Act::Resume { until }).encode();
        assert_eq!(lab.refused(&resume), "R5.33");
    }
    assert_eq!(lab.refused(&promised), "R5.20");
    let drain = lab.act(Act::Drain);
    lab.post_one(&drain);
    assert_eq!((lab.phase(), lab.close_at()), (Phase::Draining, close));
    let drained = lab.now + MINUTE;
    assert_eq!(lab.on_board().drained_at(), drained);
    assert_eq!(lab.on_board().next_boundary_ms(lab.now), Some(drained));
    // Only what was promised before the close, and no gateway takes anything.
    refused(&mut lab, std::slice::from_ref(&new), "R5.55");
    let checked = check_stateless(lab.state.context(), &promised, &mut lab.rng).unwrap();
    assert_eq!(
        lab.state.admit(&checked, lab.now + 1),
        Err(board::rules::BALLOT_LATE)
    );
    let both = lab.promised(promised);
    lab.post(&both);
    let extend = lab.act(Act::Extend { until: drained }).encode();
    assert_eq!(lab.refused(&extend), "R5.31");
    lab.advance_to(drained - 1);
    assert_eq!(lab.phase(), Phase::Draining);
    lab.advance_to(drained);
    assert_eq!(lab.phase(), Phase::Closed);
    let target = lab.on_board().target().unwrap();
    assert_eq!(&target.close_block, lab.state.digest());
    assert_eq!(target.counted, 2);
    assert_eq!(lab.on_board().closed_at(), Some(drained));
    let late = lab.promised(new);
    refused(&mut lab, &late, "R5.05");
}

#[test]
fn a_41_the_block_of_the_drain_may_hold_promised_ballots() {
    let mut lab = halted(20_000, 5 * MINUTE);
    let ballot = lab.ballot(1, 0).to_bytes();
    let promised = lab.promised(ballot);
    let drain = lab.act(Act::Drain).encode();
    let all = [&[drain][..], &promised].concat();
    lab.post(&all);
    assert_eq!(lab.on_board().counted(), 2);
}

/// A board that stands still again while it drains has kept nothing out: officers let it drain anew.
#[test]
fn a_41_a_drain_that_stood_still_is_halted_again() {
    let mut lab = halted(20_000, 5 * MINUTE);
    let drain = lab.act(Act::Drain);
    lab.post_one(&drain);
    let from = lab.now;
    let ballot = lab.ballot(1, 0).to_bytes();
    let promised = lab.promised(ballot);
    lab.try_block(from + MINUTE + 1, NOTHING).unwrap();
    assert_eq!(lab.phase(), Phase::Halted);
    let until = lab.now + 1;
    let resume = lab.act(Act::Resume { until }).encode();
    assert_eq!(lab.refused(&resume), "R5.64");
    let again = lab.act(Act::Drain);
    lab.post_one(&again);
    lab.post(&promised);
    lab.advance_to(lab.on_board().drained_at());
    assert_eq!(lab.on_board().target().unwrap().counted, 2);
}

/// New voting after the close needs a halt that took more than ten minutes of it.
#[test]
fn a_41_rejects_r5_64_resuming_after_a_halt_at_the_close() {
    for (before, rule) in [
        (1000, Some("R5.64")),
        (RESUME_GAP_MS, Some("R5.64")),
        (RESUME_GAP_MS + 1, None),
    ] {
        let mut lab = halted(before, 5 * MINUTE);
        let until = lab.now + 1500;
        let resume = lab.act(Act::Resume { until }).encode();
        match rule {
            Some(rule) => assert_eq!(lab.refused(&resume), rule, "{before}"),
            None => lab.post(&[resume]),
        }
    }
}

#[test]
fn rejects_r5_33_r5_65_resuming_into_the_past_beyond_the_limit_or_for_longer_than_was_lost() {
    let mut lab = halted(20 * MINUTE, 50 * MINUTE);
    let (now, limit) = (lab.now + 1000, lab.close_at() + 60 * MINUTE);
    for (until, rule) in [(now, "R5.33"), (limit + 1, "R5.33")] {
        let resume = lab.act(Act::Resume { until }).encode();
        assert_eq!(lab.refused(&resume), rule);
    }
    let mut lab = halted(20 * MINUTE, 5 * MINUTE);
    let now = lab.now + 1000;
    let lost = 20 * MINUTE;
    let long = lab
        .act(Act::Resume {
            until: now + lost + 1,
        })
        .encode();
    assert_eq!(lab.refused(&long), "R5.65");
    let until = now + lost;
    let resume = lab.act(Act::Resume { until });
    lab.post_one(&resume);
    assert_eq!((lab.phase(), lab.close_at()), (Phase::Open, until));
}

/// Officers who can stop the network would else give voting more time than it lost.
#[test]
fn rejects_r5_66_extending_what_was_resumed() {
    let mut lab = halted(20 * MINUTE, 5 * MINUTE);
    let until = lab.now + 1000 + 10 * MINUTE;
    let resume = lab.act(Act::Resume { until }).encode();
    let extend = lab.act(Act::Extend { until: until + 1 }).encode();
    refused(&mut lab, &[resume.clone(), extend.clone()], "R5.66");
    lab.post(&[resume]);
    assert_eq!(lab.refused(&extend), "R5.66");
    let back = lab.act(Act::Extend { until }).encode();
    assert_eq!(lab.refused(&back), "R5.32");
    lab.advance_to(until);
    assert_eq!(lab.refused(&extend), "R5.31");
}

#[test]
fn a_41_a_halt_across_the_close_loses_nothing() {
    let mut lab = halted(15 * MINUTE, 5 * MINUTE);
    let waiting = lab.ballot(1, 0);
    assert_eq!(lab.refused(&waiting.to_bytes()), "R5.20");
    let until = lab.now + 10 * MINUTE;
    let resume = lab.act(Act::Resume { until });
    lab.post_one(&resume);
    assert_eq!((lab.phase(), lab.close_at()), (Phase::Open, until));
    lab.post(&[waiting.to_bytes()]);
    lab.close();
    assert_eq!(lab.on_board().target().unwrap().counted, 2);
}

#[test]
fn a_halt_is_told_from_a_slow_close_to_the_millisecond() {
    for (gap, phase) in [(60_000, Phase::Open), (60_001, Phase::Halted)] {
        let mut lab = near(10_000);
        let time = lab.now + gap;
        lab.try_block(time, NOTHING).unwrap();
        assert_eq!(lab.phase(), phase);
    }
}
