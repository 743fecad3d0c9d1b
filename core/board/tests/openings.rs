//! Openings of cast ballots: when they are taken, and that a ballot counts without one.

use ballot::{Ballot, CheckBallot, Side};
use board::{Checked, Phase, check_many};
use crypto::Hash;
use crypto::wire::TopLevel as _;
use testkit::election::{Kind, Lab, Options};

fn small() -> Options {
    Options::small()
}

fn opening(lab: &Lab, b: &Ballot, side: Side) -> Vec<u8> {
    lab.opening(b, side).to_bytes()
}

#[test]
fn a_ballot_is_opened_on_one_side_and_counts_either_way() {
    let mut lab = Lab::open(small());
    let ballots = [lab.cast(0, 1), lab.cast(1, 0), lab.cast(2, 1)];
    for (b, side) in ballots.iter().zip(Side::BOTH) {
        let entry = opening(&lab, b, side);
        lab.post(&[&entry]);
        let found = lab.on_board().opening_of(&b.entry_hash());
        assert_eq!(found, Some(&board::entry_hash(&entry)));
    }
    let last = ballots[2].entry_hash();
    assert_eq!(lab.on_board().opening_of(&last), None);
    assert_eq!(
        (lab.on_board().openings(), lab.on_board().received()),
        (2, 3)
    );
    lab.finish();
    assert_eq!(lab.on_board().result().unwrap().votes, [[1, 2]]);
}

#[test]
fn openings_of_several_contests_and_marks() {
    const MORE: [Kind; 2] = [
        Kind {
            options: 3,
            k_min: 0,
            k_max: 2,
            blank: None,
        },
        Kind {
            options: 4,
            k_min: 0,
            k_max: 1,
            blank: None,
        },
    ];
    let mut lab = Lab::open(Options {
        more: &MORE,
        ..small()
    });
    let marks: [[&[u16]; 3]; 2] = [[&[0], &[0, 2], &[]], [&[1], &[], &[3]]];
    for (i, (m, side)) in marks.iter().zip(Side::BOTH).enumerate() {
        let b = lab.marked(i, &m.map(<[u16]>::to_vec));
        lab.post(&[b.to_bytes()]);
        let o = lab.opening(&b, side);
        assert_eq!(o.lines.len(), 1 + 3 + 1);
        lab.post(&[o.to_bytes()]);
    }
    lab.finish();
    let votes = &lab.on_board().result().unwrap().votes;
    assert_eq!(*votes, [vec![1, 1], vec![1, 0, 1], vec![0, 0, 0, 1]]);
}

#[test]
fn rejects_r5_51_openings_of_what_no_earlier_block_holds() {
    let mut lab = Lab::open(small());
    let b = lab.ballot(0, 1);
    let first = opening(&lab, &b, Side::Mask);
    assert_eq!(lab.refused(&first), "R5.51");
    // Beside its ballot it is too early, whichever of the two comes first.
    let time = lab.now + 1000;
    let mut both = [b.to_bytes(), first.clone()];
    both.sort_by_key(|e| board::entry_hash(e));
    let error = lab.try_block(time, &both).unwrap_err();
    assert_eq!(error.rule().to_string(), "R5.51");
    lab.post(&[b.to_bytes()]);
    // A check ballot is no ballot that was cast.
    let checked = lab.ballot_with(1, 0, 1, Hash::ZERO);
    let key = lab.voter(1).key.clone();
    let check = CheckBallot::open(&checked, &key, &mut lab.rng).to_bytes();
    lab.post(&[check]);
    let of_check = opening(&lab, &checked, Side::Mask);
    assert_eq!(lab.refused(&of_check), "R5.51");
    lab.post(&[first]);
}

#[test]
fn a_13_rejects_r5_52_the_other_side_of_an_opened_ballot() {
    let mut lab = Lab::open(small());
    let b = lab.cast(0, 1);
    let [mask, masked] = Side::BOTH.map(|side| opening(&lab, &b, side));
    // In one block only one of them.
    let time = lab.now + 1000;
    let error = lab.try_block(time, &[&mask, &masked]).unwrap_err();
    assert_eq!(error.rule().to_string(), "R5.52");
    lab.post(&[&masked]);
    assert_eq!(lab.refused(&mask), "R5.52");
    assert_eq!(lab.refused(&masked), "R5.04");
    // A ballot that was replaced can still be opened, once.
    let old = lab.cast(1, 1);
    let new = lab.cast(1, 0);
    for b in [&old, &new] {
        let entry = opening(&lab, b, Side::Masked);
        lab.post(&[entry]);
        let other = opening(&lab, b, Side::Mask);
        assert_eq!(lab.refused(&other), "R5.52");
    }
}

#[test]
fn a_13_rejects_r3_20_r3_21_openings_of_other_numbers() {
    let mut lab = Lab::open(small());
    let (b, other) = (lab.cast(0, 1), lab.cast(1, 1));
    let good = lab.opening(&b, Side::Mask);
    let mut large = good.clone();
    large.lines[0].value = 100;
    assert_eq!(lab.refused(&large.to_bytes()), "R3.20");
    let mut wrong = good.clone();
    wrong.lines[0].value = (wrong.lines[0].value + 1) % 100;
    assert_eq!(lab.refused(&wrong.to_bytes()), "R3.21");
    let mut foreign = lab.opening(&other, Side::Mask);
    foreign.ballot = b.entry_hash();
    assert_eq!(lab.refused(&foreign.to_bytes()), "R3.21");
    let mut elsewhere = good.clone();
    elsewhere.election = Hash([3; 64]);
    assert_eq!(lab.refused(&elsewhere.to_bytes()), "R5.03");
    assert_eq!(lab.refused(&good.to_bytes()[..60]), "R5.01");
    lab.post(&[good.to_bytes()]);
}

#[test]
fn rejects_r5_05_openings_after_the_first_share_commitment() {
    let mut lab = Lab::open(small());
    let ballots = [lab.cast(0, 1), lab.cast(1, 0), lab.cast(2, 0)];
    let entry = |lab: &Lab, i: usize| opening(lab, &ballots[i], Side::Mask);
    lab.close();
    lab.evidence();
    assert_eq!(lab.phase(), Phase::Closed);
    let closed = entry(&lab, 0);
    lab.post(&[closed]);
    let (_, commit) = lab.share(1);
    lab.post_one(&commit);
    assert_eq!(lab.phase(), Phase::Closed);
    let late = entry(&lab, 1);
    assert_eq!(lab.refused(&late), "R5.05");
}

#[test]
fn a_halted_election_takes_openings_but_no_ballots() {
    let mut lab = Lab::open(small());
    let (b, waiting) = (lab.cast(0, 1), lab.ballot(1, 1));
    let close = lab.close_at();
    let none: [Vec<u8>; 0] = [];
    lab.try_block(close + 61_000, &none).unwrap();
    assert_eq!(lab.phase(), Phase::Halted);
    assert_eq!(lab.refused(&waiting.to_bytes()), "R5.20");
    let entry = opening(&lab, &b, Side::Masked);
    lab.post(&[entry]);
}

/// Openings stand among the ballots, in the order of their hashes, and hinder no ballot of the same
/// voting key.
#[test]
fn rejects_r6_05_openings_out_of_order() {
    let mut lab = Lab::open(small());
    let b = lab.cast(0, 1);
    let entry = opening(&lab, &b, Side::Mask);
    let again = lab.ballot(0, 0).to_bytes();
    let other = lab.ballot(1, 0).to_bytes();
    let mut sorted = vec![entry.clone(), again, other];
    sorted.sort_by_key(|e| board::entry_hash(e));
    let mut reversed = sorted.clone();
    reversed.reverse();
    let time = lab.now + 1000;
    let error = lab.try_block_as_given(time, reversed).unwrap_err();
    assert_eq!(error.rule().to_string(), "R6.05");
    // Administrative entries come before an opening.
    let act = lab.act(board::entry::Act::Notice {
        key: "n".to_owned(),
        text: ballot::text::Text::new("記", "n", "記"),
    });
    let behind = vec![entry, act.encode()];
    let error = lab.try_block_as_given(time, behind).unwrap_err();
    assert_eq!(error.rule().to_string(), "R6.05");
    lab.try_block_as_given(time, sorted).unwrap();
}

/// A leader puts ballots and openings together as the rule wants them, and leaves out what does not
/// fit.
#[test]
fn blocks_are_put_together_with_openings() {
    let mut lab = Lab::open(small());
    let b = lab.cast(0, 1);
    let sides = Side::BOTH.map(|side| opening(&lab, &b, side));
    let early = lab.ballot(1, 0);
    let of_early = opening(&lab, &early, Side::Mask);
    let entries = [&sides[0][..], &sides[1], &early.to_bytes(), &of_early];
    let checked = check_many(lab.state.context(), &entries, &mut lab.rng);
    let checked: Vec<Checked> = checked.into_iter().map(Result::unwrap).collect();
    let (block, next) = board::state::assemble(&lab.state, lab.now + 1000, checked).unwrap();
    assert_eq!(block.entries.len(), 2, "one side and the ballot");
    let election = next.election(&lab.election).unwrap();
    assert_eq!((election.openings(), election.received()), (1, 2));
}
