//! Every rule about ballots on the board refuses something.
#![expect(clippy::unwrap_used, reason = "helpers of tests")]

use ballot::ballot::BALLOT_PURPOSE;
use ballot::{Ballot, CheckBallot};
use board::entry::Entry;
use board::{Phase, check_stateless};
use crypto::Hash;
use crypto::wire::TopLevel as _;
use testkit::election::{Lab, OPENS, Options};

fn small() -> Options {
    Options::small()
}

/// Voter 0 opens a ballot instead of casting it.
fn opened(lab: &mut Lab, b: &Ballot) -> Vec<u8> {
    let key = lab.voter(0).key.clone();
    let opened = CheckBallot::open(b, &key, &mut lab.rng);
    Entry::CheckBallot(Box::new(opened)).encode()
}

/// The rule that refuses the ballot in a block at `time`.
fn in_block(lab: &mut Lab, time: u64, b: &Ballot) -> Option<String> {
    lab.try_block(time, &[b.to_bytes()])
        .err()
        .map(|e| e.rule().to_string())
}

/// The rule that refuses the ballot at a gateway at `time`.
fn at_gateway(lab: &mut Lab, time: u64, b: &Ballot) -> Option<String> {
    let c = check_stateless(lab.state.context(), &b.to_bytes(), &mut lab.rng).unwrap();
    lab.state.admit(&c, time).err().map(|r| r.to_string())
}

#[test]
fn rejects_r5_20_ballots_when_voting_is_not_open() {
    let mut lab = Lab::sealed(small());
    let b = lab.ballot(0, 1);
    assert_eq!(lab.refused(&b.to_bytes()), "R5.20");
    let check = opened(&mut lab, &b);
    assert_eq!(lab.refused(&check), "R5.20");
}

#[test]
fn rejects_r5_21_ballots_before_the_opening_to_the_millisecond() {
    let mut lab = Lab::sealed(small());
    lab.advance_to(OPENS - 30_000);
    let open = lab.open_act();
    lab.post_one(&open);
    let b = lab.ballot(0, 1);
    assert_eq!(
        at_gateway(&mut lab, OPENS - 1, &b).as_deref(),
        Some("R5.21")
    );
    assert_eq!(in_block(&mut lab, OPENS - 1, &b).as_deref(), Some("R5.21"));
    assert_eq!(at_gateway(&mut lab, OPENS, &b), None);
    assert_eq!(in_block(&mut lab, OPENS, &b), None);
}

#[test]
fn rejects_r5_22_ballots_from_the_close_on_to_the_millisecond() {
    let mut lab = Lab::open(small());
    let close = lab.close_at();
    lab.advance_to(close - 1000);
    let (a, b) = (lab.ballot(0, 1), lab.ballot(1, 1));
    assert_eq!(at_gateway(&mut lab, close - 1, &a), None);
    assert_eq!(at_gateway(&mut lab, close, &a).as_deref(), Some("R5.22"));
    let promised = lab.promised(a.to_bytes());
    lab.try_block(close - 1, &promised).unwrap();
    lab.advance_to(close + 60_000);
    assert_eq!(lab.phase(), Phase::Closed);
    assert_eq!(
        in_block(&mut lab, close + 60_001, &b).as_deref(),
        Some("R5.22")
    );
    assert_eq!(lab.refused(&b.to_bytes()), "R5.22");
    assert_eq!(lab.on_board().target().unwrap().counted, 1);
}

#[test]
fn a_38_rejects_r5_23_gaps_repeats_zero_and_the_maximum() {
    let mut lab = Lab::open(small());
    let first = lab.cast(0, 1);
    let prev = first.entry_hash();
    for seq in [1, 3, 4, u32::MAX] {
        let prev = if seq == 1 { Hash::ZERO } else { prev };
        let b = lab.ballot_with(0, 1, seq, prev);
        assert_eq!(lab.refused(&b.to_bytes()), "R5.23", "{seq}");
    }
    let b = lab.ballot_with(0, 1, 0, Hash::ZERO);
    assert_eq!(lab.refused(&b.to_bytes()), "R3.17");
    let b = lab.ballot_with(5, 1, 2, prev);
    assert_eq!(lab.refused(&b.to_bytes()), "R5.23");
}

#[test]
fn a_38_two_booths_race_and_a_withheld_ballot_comes_too_late() {
    let mut lab = Lab::open(small());
    let withheld = lab.ballot_with(0, 0, 1, Hash::ZERO);
    lab.cast(0, 1);
    assert_eq!(lab.refused(&withheld.to_bytes()), "R5.23");
    lab.cast(0, 0);
    assert_eq!(lab.refused(&withheld.to_bytes()), "R5.23");
}

#[test]
fn rejects_r5_24_a_wrong_predecessor() {
    let mut lab = Lab::open(small());
    lab.cast(0, 1);
    let other = lab.cast(1, 1).entry_hash();
    let b = lab.ballot_with(0, 1, 2, other);
    assert_eq!(lab.refused(&b.to_bytes()), "R5.24");
}

#[test]
fn a_01_rejects_r5_25_randomness_used_again() {
    let mut lab = Lab::open(small());
    let seed = [9; 32];
    let b = lab.ballot_from(0, 1, (1, Hash::ZERO), &seed);
    lab.post(&[b.to_bytes()]);
    // The same voter with the same seed and another choice: the difference would be public.
    let again = lab.ballot_from(0, 0, (2, b.entry_hash()), &seed);
    assert_eq!(lab.refused(&again.to_bytes()), "R5.25");
    let other = lab.ballot_from(1, 0, (1, Hash::ZERO), &seed);
    assert_eq!(lab.refused(&other.to_bytes()), "R5.25");
}

#[test]
fn a_43_rejects_r5_26_casting_a_check_ballot() {
    let mut lab = Lab::open(small());
    let b = lab.ballot_with(0, 1, 1, Hash::ZERO);
    let check = opened(&mut lab, &b);
    lab.post(std::slice::from_ref(&check));
    assert_eq!(lab.refused(&b.to_bytes()), "R5.26");
    let found = lab.on_board().check_ballot_entry(&b.entry_hash(), &b.vk);
    assert_eq!(found, Some(&board::entry_hash(&check)));
    // It does not use up the number.
    lab.cast(0, 1);
    assert_eq!(
        (lab.on_board().received(), lab.on_board().check_ballots()),
        (1, 1)
    );
}

#[test]
fn a_43_rejects_r5_27_opening_a_cast_ballot() {
    let mut lab = Lab::open(small());
    let b = lab.cast(0, 1);
    let check = opened(&mut lab, &b);
    assert_eq!(lab.refused(&check), "R5.27");
}

#[test]
fn rejects_r3_18_a_cast_ballot_wrapped_as_check_ballot_by_somebody_else() {
    let mut lab = Lab::open(small());
    let b = lab.ballot_with(0, 1, 1, Hash::ZERO);
    // A node that saw the ballot: with a key of its own, or with the voter's own signature.
    let stranger = lab.voter(1).key.clone();
    let mut opened = CheckBallot::open(&b, &stranger, &mut lab.rng);
    let entry = Entry::CheckBallot(Box::new(opened.clone())).encode();
    assert_eq!(lab.refused(&entry), "R3.18");
    opened.signature = b.signature;
    let entry = Entry::CheckBallot(Box::new(opened)).encode();
    assert_eq!(lab.refused(&entry), "R3.18");
    let nested = [&[2, 16], b.to_bytes().as_slice()].concat();
    assert_eq!(lab.refused(&nested), "R3.11");
    // Another entry hash under the voter's signature.
    let key = lab.voter(0).key.clone();
    let mut opened = CheckBallot::open(&b, &key, &mut lab.rng);
    opened.committed = Hash([7; 64]);
    let entry = Entry::CheckBallot(Box::new(opened)).encode();
    assert_eq!(lab.refused(&entry), "R3.18");
    lab.post(&[b.to_bytes()]);
}

#[test]
fn a_check_ballot_unwrapped_is_no_ballot() {
    let mut lab = Lab::open(small());
    let b = lab.ballot_with(0, 1, 1, Hash::ZERO);
    let entry = opened(&mut lab, &b);
    let whole = b.to_bytes();
    let signature = &whole[whole.len() - 64..];
    let holds = entry.windows(64).any(|w| w == signature);
    assert!(!holds, "the board never shows the signature that casts it");
    // Unsigned part, and the signature that opens it.
    let end = entry.len() - 128;
    let unwrapped = [&entry[2..end], &entry[entry.len() - 64..]].concat();
    assert_eq!(unwrapped.len(), b.to_bytes().len());
    assert_eq!(lab.refused(&unwrapped), "R3.16");
    // The phone gets the withheld signature from the booth and finds the entry hash again.
    let Ok(Entry::CheckBallot(opened)) = Entry::decode(&entry) else {
        unreachable!("it is a check ballot");
    };
    assert_eq!(opened.committed, b.entry_hash());
    assert!(opened.is_committed_with(&b.signature));
    assert!(!opened.is_committed_with(&opened.signature));
    assert_eq!(Entry::CheckBallot(opened).encode(), entry);
}

#[test]
fn somebody_elses_entry_hash_in_a_check_ballot_hides_nothing() {
    let mut lab = Lab::open(small());
    let mine = lab.ballot_with(0, 1, 1, Hash::ZERO);
    let theirs = lab.ballot_with(1, 1, 1, Hash::ZERO);
    let thief = lab.voter(1).key.clone();
    let mut copy = CheckBallot::open(&theirs, &thief, &mut lab.rng);
    copy.committed = mine.entry_hash();
    let message = copy.signed_bytes();
    copy.signature = thief.sign(ballot::check_ballot::OPEN_PURPOSE, &message, &mut lab.rng);
    lab.post(&[Entry::CheckBallot(Box::new(copy)).encode()]);
    let check = opened(&mut lab, &mine);
    lab.post(std::slice::from_ref(&check));
    let found = lab
        .on_board()
        .check_ballot_entry(&mine.entry_hash(), &mine.vk);
    assert_eq!(found, Some(&board::entry_hash(&check)));
    assert_eq!(lab.on_board().check_ballots(), 2);
}

#[test]
fn rejects_r5_28_a_sixth_check_ballot() {
    let mut lab = Lab::open(small());
    for _ in 0..5 {
        let b = lab.ballot_with(0, 1, 1, Hash::ZERO);
        let check = opened(&mut lab, &b);
        lab.post(&[check]);
    }
    let sixth = lab.ballot_with(0, 1, 1, Hash::ZERO);
    let check = opened(&mut lab, &sixth);
    assert_eq!(lab.refused(&check), "R5.28");
    lab.cast(0, 1);
    let next = lab.ballot_with(0, 1, 2, lab.voters[0].last);
    let check = opened(&mut lab, &next);
    lab.post(&[check]);
}

#[test]
fn rejects_chapter_3_and_4_rules_on_the_board() {
    let mut lab = Lab::open(small());
    let good = lab.ballot_with(0, 1, 1, Hash::ZERO);
    let mut b = good.clone();
    b.signature.z += crypto::Scalar::ONE;
    assert_eq!(lab.refused(&b.to_bytes()), "R3.16");
    assert_eq!(
        lab.refused(&good.to_bytes()[..good.to_bytes().len() - 1]),
        "R3.11"
    );
    let key = lab.voter(0).key.clone();
    let mut b = good.clone();
    b.pictures = [16, 0];
    b.signature = key.sign(BALLOT_PURPOSE, &b.signed_bytes(), &mut lab.rng);
    assert_eq!(lab.refused(&b.to_bytes()), "R3.13");
    let mut b = good.clone();
    b.tokens[0][17] ^= 1;
    b.signature = key.sign(BALLOT_PURPOSE, &b.signed_bytes(), &mut lab.rng);
    assert_eq!(lab.refused(&b.to_bytes()), "R4.01");
    // Cache warm or cold: the good ballot is still good afterwards.
    lab.post(&[good.to_bytes()]);
}
