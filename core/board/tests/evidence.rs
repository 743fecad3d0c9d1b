//! Registrars' reports: when they are taken, what a part must hold, and what the box says to them.

use board::Phase;
use board::entry::{Act, Entry, Evidence, PART_LEAVES};
use board::state::{EVIDENCE_DUE_MS, Reported};
use crypto::signed::Statement as _;
use testkit::election::{Lab, MINUTE, OPENS, Options};

/// 2027-01-22 in Japan.
const DAY: u32 = 20_840;
const HOUR: u64 = 60 * MINUTE;
/// 2027-01-23 00:00 JST.
const MIDNIGHT: u64 = OPENS + 31 * HOUR / 2;

fn signed(lab: &mut Lab, e: Evidence) -> Vec<u8> {
    let key = &lab.parties.registrars[usize::from(e.registrar)];
    Entry::Evidence(Box::new(e.signed(key, &mut lab.rng))).encode()
}

/// The only part of a report, to be changed.
fn body(lab: &mut Lab, day: u32, tokens: (u32, u32)) -> Evidence {
    let Entry::Evidence(e) = lab.report(0, day, tokens).remove(0) else {
        unreachable!("a report is evidence")
    };
    e.body
}

/// A vote from 23:00 to 01:00: two days.
fn over_midnight() -> Lab {
    Lab::sealed(Options {
        opens: MIDNIGHT - HOUR,
        ..Options::small()
    })
}

#[test]
fn rejects_r5_35_evidence_of_somebody_else() {
    let mut lab = Lab::open(Options::small());
    lab.cast(0, 1);
    lab.close();
    let e = body(&mut lab, DAY, (1, 0));
    let wrong = e.clone().signed(&lab.parties.authority, &mut lab.rng);
    let wrong = Entry::Evidence(Box::new(wrong)).encode();
    assert_eq!(lab.refused(&wrong), "R5.35");
    let mut stranger = e;
    stranger.registrar = 4;
    let stranger = stranger.signed(&lab.parties.registrars[0], &mut lab.rng);
    let stranger = Entry::Evidence(Box::new(stranger)).encode();
    assert_eq!(lab.refused(&stranger), "R5.35");
}

#[test]
fn a_55_rejects_r5_36_counts_that_are_not_leaves() {
    let mut lab = Lab::open(Options::small());
    lab.cast(0, 1);
    lab.close();
    let good = body(&mut lab, DAY, (3, 2));
    let count = good.counts[0];
    let changes: [fn(&mut Evidence); 6] = [
        |e| e.counts[0].first += 1,
        |e| e.leaves.truncate(4),
        |e| e.leaves.swap(0, 1),
        |e| e.leaves[1] = e.leaves[0],
        |e| e.part = 1,
        |e| e.counts[0].first = u32::MAX,
    ];
    for change in changes {
        let mut e = good.clone();
        change(&mut e);
        let bytes = signed(&mut lab, e);
        assert_eq!(lab.refused(&bytes), "R5.36");
    }
    let mut twice = body(&mut lab, DAY, (6, 4));
    twice.counts = vec![count, count];
    let bytes = signed(&mut lab, twice);
    assert_eq!(lab.refused(&bytes), "R5.36");
    let bytes = signed(&mut lab, good);
    lab.post(&[bytes]);
    assert_eq!(lab.on_board().issued(), [3]);
}

#[test]
fn rejects_r5_36_parts_out_of_order_with_other_counts_or_twice() {
    let mut lab = Lab::open(Options::small());
    lab.cast(0, 1);
    lab.close();
    let tokens = u32::try_from(PART_LEAVES).unwrap() + 5;
    let [first, second]: [Entry; 2] = lab.report(0, DAY, (tokens, 0)).try_into().unwrap();
    assert_eq!(lab.refused(&second.encode()), "R5.36");
    lab.post_one(&first);
    assert_eq!(lab.on_board().issued(), [0], "half a report is none");
    assert_eq!(lab.on_board().reported()[0].missing, 1);
    let Entry::Evidence(e) = second.clone() else {
        unreachable!("a report is evidence")
    };
    let changes: [fn(&mut Evidence); 3] = [
        |e| e.incidents += 1,
        |e| (e.counts[0].first, e.counts[0].again) = (e.counts[0].first - 1, 1),
        // A leaf that belongs in front of those of the first part.
        |e| e.leaves[0] = [0; 32],
    ];
    for change in changes {
        let mut e = e.body.clone();
        change(&mut e);
        let bytes = signed(&mut lab, e);
        assert_eq!(lab.refused(&bytes), "R5.36");
    }
    // The registrar signs the first part anew: a report cannot begin twice.
    let Entry::Evidence(f) = first else {
        unreachable!("a report is evidence")
    };
    let bytes = signed(&mut lab, f.body);
    assert_eq!(lab.refused(&bytes), "R5.36");
    lab.post_one(&second);
    assert_eq!(lab.on_board().issued(), [u64::from(tokens)]);
    let bytes = signed(&mut lab, e.body);
    assert_eq!(lab.refused(&bytes), "R5.36");
}

#[test]
fn a_55_rejects_r5_37_a_day_that_has_not_ended() {
    let mut lab = over_midnight();
    lab.open_box();
    lab.cast(0, 1);
    let today = lab.evidence_of(0, DAY).encode();
    assert_eq!(lab.refused(&today), "R5.37");
    let before = lab.evidence_of(0, DAY - 1).encode();
    assert_eq!(lab.refused(&before), "R5.37", "nothing was open yesterday");
    lab.advance_to(MIDNIGHT - 1001);
    assert_eq!(lab.refused(&today), "R5.37");
    lab.advance_to(MIDNIGHT - 1000);
    lab.post(&[today]);
    // The day of the close ends with the close block: until then the close may be moved.
    let last = lab.report(0, DAY + 1, (0, 0)).remove(0).encode();
    assert_eq!(lab.refused(&last), "R5.37");
    let drained = lab.on_board().drained_at();
    lab.advance_to(lab.close_at());
    lab.advance_to(drained - 1001);
    assert_eq!(lab.refused(&last), "R5.37");
    lab.advance_to(drained);
    let tomorrow = lab.evidence_of(0, DAY + 2).encode();
    assert_eq!(lab.refused(&tomorrow), "R5.37");
    lab.post(&[last]);
    assert_eq!(lab.on_board().reported()[0].missing, 0);
}

#[test]
fn rejects_r5_37_after_the_result_and_takes_it_until_then() {
    let mut lab = Lab::open(Options {
        registrars: 2,
        ..Options::small()
    });
    lab.cast(0, 1);
    lab.close();
    let [own, other] = [0, 1].map(|r| lab.evidence_of(r, DAY));
    lab.post_one(&own);
    lab.advance_to(lab.now + HOUR);
    lab.commit_shares(2);
    lab.announce();
    lab.post_shares(2);
    lab.post_one(&other);
    assert_eq!(lab.on_board().reported()[1].after_shares, [DAY]);
    lab.post_result();
    assert_eq!(lab.phase(), Phase::Result);
    assert_eq!(lab.on_board().result().unwrap().issued, [1, 1]);
    let late = lab.report(0, DAY, (0, 0)).remove(0).encode();
    assert_eq!(lab.refused(&late), "R5.37");
}

fn reported(lab: &Lab) -> Reported {
    lab.on_board().reported().remove(0)
}

#[test]
fn a_report_within_six_hours_is_in_time_and_a_later_one_is_marked() {
    for (after, late) in [(EVIDENCE_DUE_MS, false), (EVIDENCE_DUE_MS + 1, true)] {
        let mut lab = Lab::open(Options::small());
        lab.cast(0, 1);
        lab.close();
        let e = lab.evidence_of(0, DAY).encode();
        let closed = lab.on_board().closed_at().unwrap();
        lab.try_block(closed + after, &[e]).unwrap();
        let days: &[u32] = if late { &[DAY] } else { &[] };
        assert_eq!(reported(&lab).late, days);
        assert_eq!(reported(&lab).difference(), 0, "late is not missing");
    }
}

/// An earlier day ends with the first block after it: while the board stands still nobody can report.
#[test]
fn six_hours_count_from_the_first_block_after_a_day() {
    for (after, late) in [(EVIDENCE_DUE_MS, false), (EVIDENCE_DUE_MS + 1, true)] {
        let mut lab = over_midnight();
        lab.open_box();
        lab.cast(0, 1);
        lab.advance_to(MIDNIGHT - 5_000);
        let first = MIDNIGHT + 40 * MINUTE;
        lab.try_block(first, &[] as &[Vec<u8>]).unwrap();
        lab.close();
        let e = lab.report(0, DAY, (1, 0)).remove(0).encode();
        lab.try_block(first + after, &[e]).unwrap();
        let days: &[u32] = if late { &[DAY] } else { &[] };
        assert_eq!(reported(&lab).late, days);
    }
}

/// The box is opened long after the first day has ended: six hours count from then.
#[test]
fn a_day_before_the_box_was_opened_is_not_late() {
    for (after, late) in [(EVIDENCE_DUE_MS, false), (EVIDENCE_DUE_MS + 1, true)] {
        let mut lab = Lab::sealed(Options {
            opens: MIDNIGHT - HOUR,
            ..Options::small()
        });
        lab.advance_to(MIDNIGHT + 30 * MINUTE);
        let open = lab.open_act();
        lab.post_one(&open);
        let opened = lab.now;
        let e = lab.report(0, DAY, (0, 0)).remove(0).encode();
        lab.close();
        lab.try_block(opened + after, &[e]).unwrap();
        let days: &[u32] = if late { &[DAY] } else { &[] };
        assert_eq!(reported(&lab).late, days);
    }
}

/// The board stands still over the close and midnight: nobody can report the day of the close
/// before voting is resumed on the next one.
#[test]
fn six_hours_count_from_a_resume_that_moved_the_close_to_another_day() {
    let length = Lab::sealed(Options::small()).close_at() - OPENS;
    for (after, late) in [(EVIDENCE_DUE_MS, false), (EVIDENCE_DUE_MS + 1, true)] {
        let mut lab = Lab::sealed(Options {
            opens: MIDNIGHT - 5 * MINUTE - length,
            ..Options::small()
        });
        lab.open_box();
        lab.cast(0, 1);
        lab.advance_to(MIDNIGHT - 25 * MINUTE);
        let found = MIDNIGHT + 25 * MINUTE;
        lab.try_block(found, &[] as &[Vec<u8>]).unwrap();
        let e = lab.report(0, DAY, (1, 0)).remove(0).encode();
        assert_eq!(lab.refused(&e), "R5.37");
        let until = found + 15 * MINUTE;
        let resume = lab.act(Act::Resume { until });
        lab.post_one(&resume);
        let resumed = lab.now;
        lab.close();
        lab.try_block(resumed + after, &[e]).unwrap();
        let days: &[u32] = if late { &[DAY] } else { &[] };
        assert_eq!(reported(&lab).late, days);
    }
}

#[test]
fn a_difference_counts_ballots_once_and_replaced_ones_twice() {
    let mut lab = Lab::open(Options::small());
    for voter in 0..4 {
        lab.cast(voter, 1);
    }
    for _ in 0..3 {
        lab.cast(0, 0);
    }
    lab.close();
    assert_eq!(reported(&lab).difference(), 4 + 2 * 3, "nothing reported");
    let e = lab.report(0, DAY, (3, 2)).remove(0);
    lab.post_one(&e);
    let r = reported(&lab);
    assert_eq!((r.uncovered, r.unbacked, r.difference()), (1, 1, 3));
}

#[test]
fn only_what_came_before_the_first_share_covers_ballots() {
    for before in [true, false] {
        let mut lab = Lab::open(Options::small());
        lab.cast(0, 1);
        lab.close();
        let e = lab.evidence_of(0, DAY);
        lab.advance_to(lab.now + HOUR);
        lab.commit_shares(2);
        lab.announce();
        if before {
            lab.post_one(&e);
            lab.post_shares(1);
        } else {
            lab.post_shares(1);
            lab.post_one(&e);
        }
        assert_eq!(reported(&lab).difference(), u64::from(!before));
        assert_eq!(reported(&lab).missing, 0);
    }
}
