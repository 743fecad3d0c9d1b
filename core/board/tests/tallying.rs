//! Every rule between the close and the result refuses something.

use board::Phase;
use board::entry::{Act, Entry, ShareCommit, ShareEntry};
use board::state::{State, assemble};
use crypto::Hash;
use crypto::signed::Statement as _;
use testkit::election::{Lab, Options};

fn closed() -> Lab {
    let mut lab = Lab::open(Options::small());
    lab.cast(0, 1);
    lab.cast(1, 0);
    lab.close();
    lab.evidence();
    lab
}

fn announced() -> Lab {
    let mut lab = closed();
    lab.commit_shares(2);
    lab.announce();
    lab
}

#[test]
fn commitments_before_the_close_have_nothing_to_name() {
    let mut lab = Lab::open(Options::small());
    let c = ShareCommit {
        election: lab.election,
        trustee: 1,
        target: Hash::ZERO,
        commitment: Hash::ZERO,
    };
    let c = c.signed(&lab.parties.trustees[0], &mut lab.rng);
    assert_eq!(
        lab.refused(&Entry::ShareCommit(Box::new(c)).encode()),
        "R5.05"
    );
}

/// A trustee who computes the box a second before the close signs for the block that nobody has
/// made yet; the entry waits at every node when the close comes.
#[test]
fn a_10_a_41_rejects_r5_40_a_commitment_before_the_close_block_and_the_close_comes() {
    let mut lab = Lab::open(Options::small());
    lab.cast(0, 1);
    lab.cast(1, 0);
    let close = lab.close_at();
    for time in [close - 1000, close, close + 30_000] {
        lab.advance_to(time);
    }
    let time = lab.on_board().drained_at();
    let closed = |s: &State| s.election(&lab.election).unwrap().phase() == Phase::Closed;
    let (_, after) = assemble(&lab.state, time, Vec::new()).unwrap();
    assert!(closed(&after));
    let mut target = after
        .election(&lab.election)
        .unwrap()
        .target()
        .unwrap()
        .clone();
    let no_block = [0; 32];
    target.close_block = no_block;
    let c = ShareCommit {
        election: lab.election,
        trustee: 1,
        target: target.digest(),
        commitment: Hash::ZERO,
    };
    let c = c.signed(&lab.parties.trustees[0], &mut lab.rng);
    let bytes = Entry::ShareCommit(Box::new(c)).encode();
    let checked = board::check_stateless(lab.state.context(), &bytes, &mut lab.rng).unwrap();
    let refused = lab.state.admit(&checked, time).map_err(|r| r.to_string());
    assert_eq!(refused, Err("R5.40".to_owned()));
    let (block, next) = assemble(&lab.state, time, vec![checked]).unwrap();
    assert!(block.entries.is_empty());
    assert!(closed(&next));
}

#[test]
fn rejects_r5_38_commitments_by_somebody_else() {
    let mut lab = closed();
    let (_, entry) = lab.share(1);
    let Entry::ShareCommit(c) = entry else {
        unreachable!()
    };
    let by_two = c
        .body
        .clone()
        .signed(&lab.parties.trustees[1], &mut lab.rng);
    assert_eq!(
        lab.refused(&Entry::ShareCommit(Box::new(by_two)).encode()),
        "R5.38"
    );
    let mut stranger = *c;
    stranger.body.trustee = 9;
    assert_eq!(
        lab.refused(&Entry::ShareCommit(Box::new(stranger)).encode()),
        "R5.38"
    );
}

#[test]
fn rejects_r5_39_a_second_commitment() {
    let mut lab = closed();
    lab.commit_shares(1);
    let (_, second) = lab.share(1);
    assert_eq!(lab.refused(&second.encode()), "R5.39");
}

#[test]
fn a_42_rejects_r5_40_commitments_for_another_target() {
    let mut lab = closed();
    let mut target = lab.on_board().target().unwrap().clone();
    target.counted_root = Hash([1; 64]);
    let c = ShareCommit {
        election: lab.election,
        trustee: 1,
        target: target.digest(),
        commitment: Hash::ZERO,
    };
    let c = c.signed(&lab.parties.trustees[0], &mut lab.rng);
    assert_eq!(
        lab.refused(&Entry::ShareCommit(Box::new(c)).encode()),
        "R5.40"
    );
}

#[test]
fn a_34_rejects_r5_41_a_box_with_too_few_ballots() {
    let options = Options {
        n: 3,
        t: 2,
        options: 2,
        min_counted: 10,
        ..Options::default()
    };
    let mut lab = Lab::open(options);
    lab.cast(0, 1);
    lab.close();
    let (_, c) = lab.share(1);
    assert_eq!(lab.refused(&c.encode()), "R5.41");
}

#[test]
fn rejects_r5_50_commitments_before_the_last_report() {
    let mut lab = Lab::open(Options {
        n: 3,
        t: 2,
        options: 2,
        registrars: 2,
        ..Options::default()
    });
    lab.cast(0, 1);
    lab.close();
    let e = lab.evidence_of(0, 20_840);
    lab.post_one(&e);
    // More tokens than leaves fit into one entry: half a report is none.
    let parts = lab.report(1, 20_840, (8_001, 0));
    lab.post_one(&parts[0]);
    let (_, c) = lab.share(1);
    assert_eq!(lab.refused(&c.encode()), "R5.50");
    lab.post_one(&parts[1]);
    lab.post_one(&c);
}

#[test]
fn rejects_r5_50_for_an_hour_after_the_close_block_and_not_longer() {
    let mut lab = Lab::open(Options::small());
    lab.cast(0, 1);
    lab.close();
    let closed = lab.on_board().closed_at().unwrap();
    let (_, c) = lab.share(1);
    assert_eq!(lab.refused(&c.encode()), "R5.50");
    lab.advance_to(closed + board::state::EVIDENCE_WAIT_MS - 1001);
    assert_eq!(lab.refused(&c.encode()), "R5.50");
    lab.advance_to(closed + board::state::EVIDENCE_WAIT_MS - 1000);
    lab.post_one(&c);
}

#[test]
fn rejects_r5_42_r5_43_announcements_too_early_or_without_commitments() {
    let mut lab = closed();
    lab.commit_shares(1);
    let act = lab.act(Act::Announce).encode();
    assert_eq!(lab.refused(&act), "R5.43");
    let (_, c) = lab.share(2);
    lab.post_one(&c);
    assert_eq!(lab.phase(), Phase::Committed);
    assert_eq!(lab.refused(&act), "R5.42");
    let at = lab.manifest.as_ref().unwrap().manifest.announce_at;
    lab.advance_to(at - 1001);
    assert_eq!(lab.refused(&act), "R5.42");
    lab.advance_to(at - 1000);
    lab.post(&[act]);
    assert_eq!(lab.phase(), Phase::Announced);
}

#[test]
fn a_33_a_42_rejects_r5_44_shares_before_the_announcement() {
    let mut lab = closed();
    let (share, commit) = lab.share(1);
    lab.post_one(&commit);
    let entry = lab.share_entry(&share).encode();
    assert_eq!(lab.refused(&entry), "R5.44");
    let (_, c) = lab.share(2);
    lab.post_one(&c);
    assert_eq!(lab.refused(&entry), "R5.44");
}

#[test]
fn rejects_r5_45_r5_46_shares_without_commitment_twice_or_by_another() {
    let mut lab = announced();
    let (share, _) = lab.share(3);
    let entry = lab.share_entry(&share).encode();
    assert_eq!(lab.refused(&entry), "R5.45");
    let by_two = ShareEntry {
        election: lab.election,
        share: lab.shares[0].clone(),
    };
    let by_two = by_two.signed(&lab.parties.trustees[1], &mut lab.rng);
    assert_eq!(
        lab.refused(&Entry::Share(Box::new(by_two)).encode()),
        "R5.46"
    );
    lab.post_shares(1);
    let again = lab.shares[0].clone();
    let again = lab.share_entry(&again).encode();
    assert_eq!(lab.refused(&again), "R5.45");
}

#[test]
fn a_10_bad_shares_are_refused_and_good_ones_suffice() {
    let mut lab = closed();
    lab.commit_shares(3);
    lab.announce();
    // R7.03: not the committed one.
    let (other, _) = lab.share(1);
    let entry = lab.share_entry(&other).encode();
    assert_eq!(lab.refused(&entry), "R7.03");
    // R7.01: one option missing.
    let mut short = lab.shares[0].clone();
    short.shares.pop();
    let entry = lab.share_entry(&short).encode();
    assert_eq!(lab.refused(&entry), "R7.01");
    for id in [1, 2] {
        let share = lab.shares[id].clone();
        let entry = lab.share_entry(&share);
        lab.post_one(&entry);
    }
    lab.post_result();
    assert_eq!(lab.on_board().result().unwrap().votes, vec![vec![1, 1]]);
}

#[test]
fn a_03_rejects_r7_02_a_committed_share_with_a_wrong_proof() {
    let mut lab = closed();
    let target = lab.on_board().target().unwrap().clone();
    let (mut bad, _) = lab.share(1);
    bad.shares.swap(0, 1);
    let c = ShareCommit {
        election: lab.election,
        trustee: 1,
        target: target.digest(),
        commitment: bad.commitment(&target),
    };
    let c = c.signed(&lab.parties.trustees[0], &mut lab.rng);
    lab.post_one(&Entry::ShareCommit(Box::new(c)));
    let (_, c) = lab.share(2);
    lab.post_one(&c);
    lab.announce();
    let entry = lab.share_entry(&bad).encode();
    assert_eq!(lab.refused(&entry), "R7.02");
}

#[test]
fn rejects_r5_47_r5_48_results_too_early_or_wrong() {
    let mut lab = announced();
    lab.post_shares(1);
    let mut full = announced();
    full.post_shares(2);
    let mut result = full.on_board().expected_result().unwrap();
    result.election = lab.election;
    assert_eq!(
        lab.refused(&Entry::Result(Box::new(result)).encode()),
        "R5.47"
    );
    let share = lab.shares[1].clone();
    let entry = lab.share_entry(&share);
    lab.post_one(&entry);
    let changes: [fn(&mut board::entry::ResultEntry); 6] = [
        |r| r.votes[0][0] += 1,
        |r| r.votes[0].swap(0, 1),
        |r| r.received += 1,
        |r| r.overwritten += 1,
        |r| r.check_ballots += 1,
        |r| r.issued[0] += 1,
    ];
    let good = lab.on_board().expected_result().unwrap();
    for change in changes {
        let mut r = good.clone();
        change(&mut r);
        if r != good {
            assert_eq!(lab.refused(&Entry::Result(Box::new(r)).encode()), "R5.48");
        }
    }
    lab.post_result();
    assert_eq!(lab.phase(), Phase::Result);
    // Nothing follows a result.
    let late = lab.act(Act::Announce).encode();
    assert_eq!(lab.refused(&late), "R5.05");
}

#[test]
fn an_empty_box_gives_zeros() {
    let options = Options {
        n: 3,
        t: 2,
        options: 2,
        min_counted: 0,
        ..Options::default()
    };
    let mut lab = Lab::open(options);
    lab.finish();
    assert_eq!(lab.on_board().result().unwrap().votes, vec![vec![0, 0]]);
}

/// n = 3, t = 2: the second of the two who committed shows nothing, the third steps in.
#[test]
fn a_10_a_trustee_steps_in_after_the_announcement() {
    let mut lab = announced();
    lab.post_shares(1);
    let (share, late) = lab.share(3);
    let uncommitted = lab.share_entry(&share);
    assert_eq!(lab.refused(&uncommitted.encode()), "R5.45");
    lab.post_one(&late);
    assert_eq!(lab.on_board().phase(), Phase::Announced);
    assert_eq!(lab.refused(&late.encode()), "R5.04");
    lab.post_one(&uncommitted);
    let result = lab.on_board().expected_result().expect("two good shares");
    lab.post_one(&Entry::Result(Box::new(result)));
    assert_eq!(lab.on_board().phase(), Phase::Result);
    let (_, after) = lab.share(2);
    assert_eq!(lab.refused(&after.encode()), "R5.05");
}

/// A day after the announced time the officers' silence holds nothing up any more.
#[test]
fn a_71_rejects_r5_44_shares_until_a_day_after_the_announced_time_and_no_longer() {
    let mut lab = closed();
    lab.commit_shares(2);
    let share = lab.shares[0].clone();
    let entry = lab.share_entry(&share).encode();
    let announce_at = lab.manifest.as_ref().unwrap().manifest.announce_at;
    let by_time = lab.on_board().announced_at();
    assert_eq!(by_time, announce_at + 86_400_000);
    assert_eq!(lab.on_board().next_boundary_ms(announce_at), Some(by_time));
    lab.advance_to(by_time - 1001);
    assert_eq!(lab.refused(&entry), "R5.44");
    lab.advance_to(by_time - 1000);
    assert_eq!(lab.phase(), Phase::Committed);
    lab.post(&[entry]);
    assert_eq!(lab.phase(), Phase::Announced);
    let act = lab.act(Act::Announce).encode();
    assert_eq!(lab.refused(&act), "R5.05");
}

/// The day is counted from the close block when that comes later, and needs the commitments.
#[test]
fn a_71_the_day_begins_with_the_close_block_when_that_is_later() {
    let mut lab = Lab::open(Options::small());
    lab.cast(0, 1);
    let close = lab.close_at();
    lab.advance_to(close - 1000);
    let late = close + 40 * 60_000;
    lab.try_block(late, &[] as &[Vec<u8>]).unwrap();
    assert_eq!(lab.phase(), Phase::Halted);
    let drain = lab.act(Act::Drain);
    lab.post_one(&drain);
    lab.advance_to(lab.on_board().drained_at());
    let closed = lab.on_board().closed_at().unwrap();
    assert!(closed > lab.manifest.as_ref().unwrap().manifest.announce_at);
    let by_time = closed + 86_400_000;
    lab.advance_to(by_time + 5000);
    assert_eq!(lab.phase(), Phase::Closed, "nobody has committed");
    lab.commit_shares(2);
    assert_eq!(lab.phase(), Phase::Committed);
    lab.post_shares(2);
    lab.post_result();
    assert_eq!(lab.phase(), Phase::Result);
}
