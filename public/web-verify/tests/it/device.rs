//! Check or cast: the booth's half and the second device's half with the real library. What a
//! hostile booth or node could try is named after the rows of the list of attacks.

use crate::chain::{ask, entry, last, manifest, options, receipt, trust};
use ballot::check::{CheckError, Revealed, Shown, to_code};
use ballot::code::PICTURES;
use ballot::{Ballot, CheckBallot, Side};
use board::entry::Entry;
use board::receipt::ReceiptError;
use crypto::Rule;
use crypto::wire::TopLevel as _;
use testkit::election::{Lab, certify};
use web_verify::device::{Alarm, Device, OpenedBallot};
use web_verify::pins::{NoPins, Pins};

const SEED: [u8; 32] = [3; 32];

fn lab() -> Lab {
    Lab::open(options())
}

fn device(lab: &Lab) -> Device {
    Device::new(Pins::read(Some(&trust(lab)), Some(&manifest(lab))).unwrap())
}

/// The booth: a signed ballot of a voter, neither cast nor opened yet.
fn prepare(lab: &mut Lab, voter: usize, choice: u16, seed: &[u8; 32]) -> Ballot {
    let (seq, prev) = {
        let v = lab.voter(voter);
        (v.seq + 1, v.last)
    };
    lab.ballot_from(voter, choice, (seq, prev), seed)
}

/// The booth: casts it.
fn cast(lab: &mut Lab, voter: usize, b: &Ballot) {
    lab.post(&[b.to_bytes()]);
    let v = lab.voter(voter);
    (v.seq, v.last) = (b.seq, b.entry_hash());
}

/// The booth: the check ballot's entry.
fn opened(lab: &mut Lab, voter: usize, b: &Ballot) -> Vec<u8> {
    let key = lab.voter(voter).key.clone();
    let opened = CheckBallot::open(b, &key, &mut lab.rng);
    Entry::CheckBallot(Box::new(opened)).encode()
}

fn open_check(lab: &mut Lab, voter: usize, b: &Ballot) {
    let check = opened(lab, voter, b);
    lab.post(&[check]);
}

/// What a node keeps under entry hash and voting key.
fn check_of(lab: &Lab, b: &Ballot) -> (Vec<u8>, Vec<u8>) {
    let found = lab.on_board().check_ballot_entry(&b.entry_hash(), &b.vk);
    ask(lab, found.expect("a check ballot"))
}

/// What the booth shows of a ballot.
fn shown(lab: &mut Lab, b: &Ballot) -> Shown {
    let voter = lab.voters.iter().find(|v| v.key.public() == b.vk);
    let key = voter.expect("a voter of this lab").key.clone();
    Shown::of(b, &key, &mut lab.rng)
}

fn note(device: &mut Device, lab: &mut Lab, b: &Ballot) {
    let code = to_code(&shown(lab, b));
    device.note(&code).expect("a code");
}

fn follow(device: &Device, lab: &Lab, b: &Ballot) -> Result<u32, Alarm> {
    let (receipt, entry) = ask(lab, &b.entry_hash());
    let found = device.found_cast(&b.entry_hash(), &receipt, &entry, &last(lab, b));
    found.map(|cast| cast.seq)
}

#[test]
fn a_checked_ballot_names_its_choice_and_the_next_one_is_cast() {
    let mut lab = lab();
    let mut device = device(&lab);
    let b = prepare(&mut lab, 0, 2, &SEED);
    let noted = device.note(&to_code(&shown(&mut lab, &b))).unwrap();
    let code = ballot::code::confirmation_code(&b.entry_hash());
    assert_eq!(
        (noted.code, noted.pictures),
        (code, [PICTURES[1], PICTURES[7]])
    );
    open_check(&mut lab, 0, &b);
    let (receipt, entry) = check_of(&lab, &b);
    let facts = device
        .found_check(&b.entry_hash(), &receipt, &entry)
        .unwrap();
    assert_eq!(facts.pictures, Some([PICTURES[1], PICTURES[7]]));
    let named = device.open(&to_code(&Revealed::of(&b, &SEED))).unwrap();
    assert_eq!(named.len(), 1);
    assert_eq!((named[0].number, named[0].option.0.as_str()), (3, "提案3"));
    // A check does not use up the number; the vote is made anew and followed.
    let vote = prepare(&mut lab, 0, 2, &[4; 32]);
    note(&mut device, &mut lab, &vote);
    cast(&mut lab, 0, &vote);
    assert_eq!(follow(&device, &lab, &vote), Ok(1));
}

#[test]
fn a_booth_that_encrypts_another_choice_is_seen() {
    let mut lab = lab();
    let mut device = device(&lab);
    // The voter pressed the first proposal.
    let b = prepare(&mut lab, 0, 3, &SEED);
    note(&mut device, &mut lab, &b);
    open_check(&mut lab, 0, &b);
    let (receipt, entry) = check_of(&lab, &b);
    device
        .found_check(&b.entry_hash(), &receipt, &entry)
        .unwrap();
    let named = device.open(&to_code(&Revealed::of(&b, &SEED))).unwrap();
    assert_eq!(named[0].number, 4);
    // No seed makes it look like the first.
    for byte in 0..16 {
        let lie = to_code(&Revealed::of(&b, &[byte; 32]));
        let want = if byte == 3 {
            Ok(4)
        } else {
            Err(Rule::new(9, 5))
        };
        let said = device.open(&lie);
        assert_eq!(
            said.map(|n| n[0].number).map_err(|a| a.rule().unwrap()),
            want
        );
    }
}

#[test]
fn a_43_a_check_ballot_cast_afterwards_is_refused_by_board_and_device() {
    let mut lab = lab();
    let mut device = device(&lab);
    let b = prepare(&mut lab, 0, 2, &SEED);
    note(&mut device, &mut lab, &b);
    open_check(&mut lab, 0, &b);
    assert_eq!(lab.refused(&b.to_bytes()), "R5.26");
    // A node that shows the check ballot as if it were the vote.
    let (receipt, entry) = check_of(&lab, &b);
    let found = device.found_cast(&b.entry_hash(), &receipt, &entry, &receipt);
    assert_eq!(found, Err(Alarm::Check(CheckError::Substituted)));
}

#[test]
fn a_43_a_cast_ballot_opened_afterwards_is_refused_and_its_seed_names_nothing() {
    let mut lab = lab();
    let mut device = device(&lab);
    let b = prepare(&mut lab, 0, 2, &SEED);
    note(&mut device, &mut lab, &b);
    cast(&mut lab, 0, &b);
    let check = opened(&mut lab, 0, &b);
    assert_eq!(lab.refused(&check), "R5.27");
    let (receipt, entry) = ask(&lab, &b.entry_hash());
    let found = device.found_check(&b.entry_hash(), &receipt, &entry);
    assert_eq!(found.unwrap_err().rule(), Some(Rule::new(3, 11)));
    // The seed of a vote that counts would be a proof for a buyer: the device does not look at it.
    let said = device.open(&to_code(&Revealed::of(&b, &SEED)));
    assert_eq!(said, Err(Alarm::Check(CheckError::Other)));
}

#[test]
fn a_43_rejects_r9_02_a_seed_for_an_unseen_entry_hash() {
    let mut lab = lab();
    let mut device = device(&lab);
    let b = prepare(&mut lab, 0, 2, &SEED);
    open_check(&mut lab, 0, &b);
    let (receipt, entry) = check_of(&lab, &b);
    let unseen = Alarm::Check(CheckError::Unseen);
    let found = device.found_check(&b.entry_hash(), &receipt, &entry);
    assert_eq!(found, Err(unseen));
    assert_eq!(device.open(&to_code(&Revealed::of(&b, &SEED))), Err(unseen));
    // Another one was noted: the seed still belongs to none of the noted ones.
    let other = prepare(&mut lab, 1, 2, &[5; 32]);
    note(&mut device, &mut lab, &other);
    assert_eq!(device.open(&to_code(&Revealed::of(&b, &SEED))), Err(unseen));
    assert_eq!(unseen.rule(), Some(Rule::new(9, 2)));
}

#[test]
fn a_seed_shown_before_the_check_ballot_is_final_is_not_looked_at() {
    let mut lab = lab();
    let mut device = device(&lab);
    let b = prepare(&mut lab, 0, 2, &SEED);
    note(&mut device, &mut lab, &b);
    let early = device.open(&to_code(&Revealed::of(&b, &SEED)));
    assert_eq!(early, Err(Alarm::Check(CheckError::Other)));
    open_check(&mut lab, 0, &b);
    let (_, bytes) = check_of(&lab, &b);
    // Certified by one validator less than needed.
    let hash = board::entry_hash(&bytes);
    let mut weak = receipt(&lab, &hash);
    let digest = weak.headers[0].digest();
    weak.certificate = certify(&lab.parties, weak.height, digest, &[0, 1]);
    let found = device.found_check(&b.entry_hash(), &weak.to_bytes(), &bytes);
    assert_eq!(found.unwrap_err().rule(), Some(Rule::new(6, 23)));
    let still = device.open(&to_code(&Revealed::of(&b, &SEED)));
    assert_eq!(still, Err(Alarm::Check(CheckError::Other)));
}

#[test]
fn a_16_one_receipt_for_two_voters_shows_other_pictures() {
    let mut lab = lab();
    let first = prepare(&mut lab, 0, 2, &SEED);
    cast(&mut lab, 0, &first);
    // The second voter's booth votes otherwise and shows the first voter's entry hash, with the
    // pictures the second voter picked.
    let lie = Shown {
        pictures: [4, 9],
        ..shown(&mut lab, &first)
    };
    let mut device = device(&lab);
    // A booth that does not hold the first voter's key cannot sign that (R9.08); one that served
    // both can.
    assert_eq!(device.note(&to_code(&lie)), Err(CheckError::Unsigned));
    let keys = [0, 1].map(|i| lab.voter(i).key.clone());
    let lie = lie.signed(&keys[0], &mut lab.rng);
    device.note(&to_code(&lie)).unwrap();
    assert_eq!(
        follow(&device, &lab, &first),
        Err(Alarm::Check(CheckError::Substituted))
    );
    // With the second voter's own key next to it.
    let own = Shown {
        vk: keys[1].public(),
        ..lie
    };
    let own = own.signed(&keys[1], &mut lab.rng);
    device.note(&to_code(&own)).unwrap();
    assert_eq!(
        follow(&device, &lab, &first),
        Err(Alarm::Check(CheckError::Substituted))
    );
    // The same trick with a check ballot.
    let check = prepare(&mut lab, 2, 2, &[8; 32]);
    open_check(&mut lab, 2, &check);
    let lie = Shown {
        pictures: [4, 9],
        ..shown(&mut lab, &check)
    };
    let key = lab.voter(2).key.clone();
    let lie = lie.signed(&key, &mut lab.rng);
    device.note(&to_code(&lie)).unwrap();
    let (receipt, entry) = check_of(&lab, &check);
    let found = device.found_check(&check.entry_hash(), &receipt, &entry);
    assert_eq!(found, Err(Alarm::Check(CheckError::Other)));
}

#[test]
fn a_17_rejects_r9_06_another_valid_ballot_in_place_of_the_noted_one() {
    let mut lab = lab();
    let mut device = device(&lab);
    let mine = prepare(&mut lab, 0, 2, &SEED);
    note(&mut device, &mut lab, &mine);
    cast(&mut lab, 0, &mine);
    let other = prepare(&mut lab, 1, 0, &[5; 32]);
    cast(&mut lab, 1, &other);
    let entry_hash = mine.entry_hash();
    let (receipt, entry) = ask(&lab, &other.entry_hash());
    let found = device.found_cast(&entry_hash, &receipt, &entry, &receipt);
    assert_eq!(found, Err(Alarm::Check(CheckError::Substituted)));
    // The right receipt with other bytes, and a forged receipt.
    let (good, bytes) = ask(&lab, &entry_hash);
    let found = device.found_cast(&entry_hash, &good, &entry, &good);
    assert_eq!(found, Err(Alarm::Receipt(ReceiptError::Entry)));
    let mut forged = crate::chain::receipt(&lab, &entry_hash);
    forged.headers[0].time_ms += 1;
    let found = device.found_cast(&entry_hash, &forged.to_bytes(), &bytes, &good);
    assert_eq!(found.unwrap_err().rule(), Some(Rule::new(6, 22)));
    assert_eq!(follow(&device, &lab, &mine), Ok(1));
}

#[test]
fn a_17_another_check_ballot_in_place_of_the_noted_one() {
    let mut lab = lab();
    let mut device = device(&lab);
    let mine = prepare(&mut lab, 0, 2, &SEED);
    note(&mut device, &mut lab, &mine);
    open_check(&mut lab, 0, &mine);
    // The booth opens an honest ballot of the same voter under its own entry hash.
    let honest = prepare(&mut lab, 0, 1, &[6; 32]);
    open_check(&mut lab, 0, &honest);
    let (receipt, entry) = check_of(&lab, &honest);
    let found = device.found_check(&mine.entry_hash(), &receipt, &entry);
    assert_eq!(found, Err(Alarm::Check(CheckError::Other)));
}

#[test]
fn a_17_an_honest_ballot_opened_under_the_shown_entry_hash_is_seen() {
    let mut lab = lab();
    let mut device = device(&lab);
    // Shown: a ballot for another proposal. Opened: an honest one that claims its entry hash.
    let (shown, honest) = (
        prepare(&mut lab, 0, 3, &SEED),
        prepare(&mut lab, 0, 1, &[6; 32]),
    );
    note(&mut device, &mut lab, &shown);
    let key = lab.voter(0).key.clone();
    let mut check = CheckBallot::open(&honest, &key, &mut lab.rng);
    check.committed = shown.entry_hash();
    let message = check.signed_bytes();
    check.signature = key.sign(ballot::check_ballot::OPEN_PURPOSE, &message, &mut lab.rng);
    lab.post(&[Entry::CheckBallot(Box::new(check)).encode()]);
    let (receipt, entry) = check_of(&lab, &shown);
    device
        .found_check(&shown.entry_hash(), &receipt, &entry)
        .unwrap();
    for (signed, seed) in [(&shown, SEED), (&honest, [6; 32])] {
        let opening = Revealed {
            entry_hash: shown.entry_hash(),
            ..Revealed::of(signed, &seed)
        };
        let said = device.open(&to_code(&opening));
        assert_eq!(said, Err(Alarm::Check(CheckError::EntryHash)));
    }
}

#[test]
fn a_21_rejects_r9_07_a_vote_that_was_replaced_behind_the_voters_back() {
    let mut lab = lab();
    let mut device = device(&lab);
    let vote = prepare(&mut lab, 0, 2, &SEED);
    note(&mut device, &mut lab, &vote);
    cast(&mut lab, 0, &vote);
    assert_eq!(follow(&device, &lab, &vote), Ok(1));
    let later = prepare(&mut lab, 0, 1, &[6; 32]);
    cast(&mut lab, 0, &later);
    let replaced = Err(Alarm::Check(CheckError::Replaced));
    assert_eq!(follow(&device, &lab, &vote), replaced);
    // The voter's own re-vote is noted like the first and followed.
    note(&mut device, &mut lab, &later);
    assert_eq!(follow(&device, &lab, &later), Ok(2));
}

#[test]
fn a_manifest_of_somebody_else_is_not_believed() {
    let lab = lab();
    let other = Lab::sealed(testkit::election::Options {
        seed: 2,
        ..options()
    });
    let found = Pins::read(Some(&trust(&lab)), Some(&manifest(&other)));
    assert_eq!(found.err(), Some(NoPins::Untrusted("R8.07")));
    // The lab's election is for practice; a trust file that means real ones refuses it (R1.10).
    let meant = String::from_utf8(trust(&lab)).unwrap();
    let real = meant.replace("\"practice\":true", "\"practice\":false");
    assert_ne!(real, meant);
    let found = Pins::read(Some(real.as_bytes()), Some(&manifest(&lab)));
    assert_eq!(found.err(), Some(NoPins::Practice));
    // Another election of the same network, sealed by its next validators: a trust file does not
    // lead there, and that is not said as if somebody else had sealed it.
    let mut later = Lab::sealed(options());
    later.post_hand_over(testkit::election::engine_keys(2..=5));
    later.set_up();
    later.run_ceremony();
    let mut next = later.draft_manifest();
    next.validators = later.state.validators().to_vec();
    next.epoch = 1;
    later.seal_as(next);
    let found = Pins::read(Some(&trust(&later)), Some(&manifest(&later)));
    assert_eq!(found.err(), Some(NoPins::LaterTerm));
    let mut bytes = manifest(&lab);
    let middle = bytes.len() / 2;
    bytes[middle] ^= 1;
    assert!(matches!(
        Pins::read(None, Some(&bytes)),
        Err(NoPins::Manifest(_))
    ));
    assert_eq!(Pins::read(None, None).err(), Some(NoPins::Nothing));
    let open = Pins::read(None, Some(&manifest(&lab))).unwrap();
    assert!(!open.compare().trusted);
    // Without a manifest nothing about ballots can be said.
    let mut blind = Device::new(Pins::read(Some(&trust(&lab)), None).unwrap());
    let mut lab = lab;
    let b = prepare(&mut lab, 0, 2, &SEED);
    note(&mut blind, &mut lab, &b);
    cast(&mut lab, 0, &b);
    assert_eq!(follow(&blind, &lab, &b), Err(Alarm::NoElection));
    assert_eq!(entry(&lab, &b.entry_hash()), b.to_bytes());
}

/// The voter's half of *note, choose, open*: what the booth shows before the choice.
fn numbers(lab: &Lab, b: &Ballot) -> [u8; 2] {
    Side::BOTH.map(|side| lab.opening(b, side).lines[0].value)
}

fn follow_opening(device: &Device, lab: &Lab, b: &Ballot, at: u64) -> Result<OpenedBallot, Alarm> {
    let opening = lab.on_board().opening_of(&b.entry_hash()).expect("opened");
    let (ballot, opening) = (ask(lab, &b.entry_hash()), ask(lab, opening));
    let (ballot, opening) = (
        (&ballot.0[..], &ballot.1[..]),
        (&opening.0[..], &opening.1[..]),
    );
    device.found_opening(&b.entry_hash(), at, ballot, opening)
}

#[test]
fn a_13_an_opened_ballot_shows_one_of_the_two_numbers() {
    let mut lab = lab();
    let mut device = device(&lab);
    // Proposals 3 and 1; each time another side.
    for (i, (choice, side)) in [(2, Side::Mask), (0, Side::Masked)].into_iter().enumerate() {
        let b = prepare(&mut lab, i, choice, &[20 + u8::try_from(i).unwrap(); 32]);
        note(&mut device, &mut lab, &b);
        let at = lab.now;
        cast(&mut lab, i, &b);
        let noted = numbers(&lab, &b);
        assert_eq!(
            (u16::from(noted[0]) + choice + 1) % 100,
            u16::from(noted[1])
        );
        let opening = lab.opening(&b, side).to_bytes();
        lab.post(&[opening]);
        let found = follow_opening(&device, &lab, &b, at).unwrap();
        let value = noted[usize::from(side.byte())];
        assert_eq!(found.numbers.len(), 1);
        assert_eq!(
            (found.numbers[0].value, found.numbers[0].modulus),
            (value, 100)
        );
        assert_eq!(found.side, ["mask", "masked"][usize::from(side.byte())]);
        assert_eq!(found.seq, 1);
        assert!(found.opened_ms > found.receipt.time_ms);
        // The number that the booth showed before the choice fixes block and ballot.
        let (receipt, entry) = ask(&lab, &b.entry_hash());
        let cast = device
            .found_cast(&b.entry_hash(), &receipt, &entry, &last(&lab, &b))
            .unwrap();
        assert_eq!(found.board_number, cast.board_number);
        assert_eq!(found.board_number.len(), 9);
    }
}

/// The booth took another choice. Of the two numbers it showed one is not in the ballot: when that
/// one is chosen, the device shows another number than the voter noted.
#[test]
fn a_13_a_booth_that_casts_another_choice_cannot_open_both_sides() {
    let mut lab = lab();
    let mut device = device(&lab);
    // The voter pressed proposal 1, the booth casts 4 and hopes for the mask.
    let b = prepare(&mut lab, 0, 3, &SEED);
    note(&mut device, &mut lab, &b);
    let at = lab.now;
    cast(&mut lab, 0, &b);
    let true_numbers = numbers(&lab, &b);
    let shown = [true_numbers[0], (true_numbers[0] + 1) % 100];
    let opening = lab.opening(&b, Side::Masked).to_bytes();
    // Neither another number nor the other side afterwards.
    let mut lie = lab.opening(&b, Side::Masked);
    lie.lines[0].value = shown[1];
    assert_eq!(lab.refused(&lie.to_bytes()), "R3.21");
    lab.post(&[opening]);
    let other = lab.opening(&b, Side::Mask).to_bytes();
    assert_eq!(lab.refused(&other), "R5.52");
    let found = follow_opening(&device, &lab, &b, at).unwrap();
    assert_ne!(found.numbers[0].value, shown[1]);
    assert_eq!(found.side, "masked");
}

#[test]
fn rejects_r9_09_the_opening_of_another_ballot() {
    let mut lab = lab();
    let mut device = device(&lab);
    let (mine, other) = (
        prepare(&mut lab, 0, 2, &SEED),
        prepare(&mut lab, 1, 2, &[5; 32]),
    );
    for (voter, b) in [(0, &mine), (1, &other)] {
        note(&mut device, &mut lab, b);
        cast(&mut lab, voter, b);
        let opening = lab.opening(b, Side::Mask).to_bytes();
        lab.post(&[opening]);
    }
    let entry = *lab.on_board().opening_of(&other.entry_hash()).unwrap();
    let (ballot, opening) = (ask(&lab, &mine.entry_hash()), ask(&lab, &entry));
    let said = |opening: (&[u8], &[u8])| {
        let ballot = (&ballot.0[..], &ballot.1[..]);
        device.found_opening(&mine.entry_hash(), lab.now, ballot, opening)
    };
    let wrong = Err(Alarm::Check(CheckError::OtherOpening));
    assert_eq!(said((&opening.0, &opening.1)), wrong);
    // An entry that is no opening at all.
    assert_eq!(said((&ballot.0, &ballot.1)), wrong);
    assert_eq!(CheckError::OtherOpening.rule(), Rule::new(9, 9));
}

/// What a dishonest network could certify: the device looks again.
#[test]
fn rejects_r9_10_r3_20_r3_21_openings_that_no_board_takes() {
    let mut lab = lab();
    let mut device = device(&lab);
    let b = prepare(&mut lab, 0, 2, &SEED);
    note(&mut device, &mut lab, &b);
    let (good, at) = (lab.opening(&b, Side::Mask), lab.now);
    let mut wrong = good.clone();
    wrong.lines[0].value = (wrong.lines[0].value + 1) % 100;
    let mut large = good.clone();
    large.lines[0].value = 100;
    let mut elsewhere = good.clone();
    elsewhere.election.0[0] ^= 1;
    let beside = vec![b.to_bytes(), good.to_bytes()];
    let time = lab.now + 1000;
    lab.force_block(time, beside);
    lab.force_block(time + 1, vec![wrong.to_bytes()]);
    lab.force_block(time + 2, vec![large.to_bytes()]);
    lab.force_block(time + 3, vec![elsewhere.to_bytes()]);
    let ballot = ask(&lab, &b.entry_hash());
    let said = |o: &ballot::Opening| {
        let found = ask(&lab, &board::entry_hash(&o.to_bytes()));
        let (ballot, opening) = ((&ballot.0[..], &ballot.1[..]), (&found.0[..], &found.1[..]));
        let found = device.found_opening(&b.entry_hash(), at, ballot, opening);
        found.unwrap_err().rule().unwrap().to_string()
    };
    assert_eq!(said(&good), "R9.10");
    assert_eq!(said(&wrong), "R3.21");
    assert_eq!(said(&large), "R3.20");
    assert_eq!(said(&elsewhere), "R9.09");
}

/// The clash: the booth shows an earlier ballot of somebody else with the same choice, which nobody
/// opened, and opens that one truly.
#[test]
fn a_16_rejects_r9_11_a_ballot_that_was_there_before_the_note() {
    let mut lab = lab();
    let b = prepare(&mut lab, 0, 2, &SEED);
    cast(&mut lab, 0, &b);
    let opening = lab.opening(&b, Side::Mask).to_bytes();
    lab.post(&[opening]);
    let mut device = device(&lab);
    note(&mut device, &mut lab, &b);
    let cast_at = lab.now - 1000;
    assert!(follow_opening(&device, &lab, &b, cast_at + 60_000).is_ok());
    let older = Err(Alarm::Check(CheckError::Older));
    assert_eq!(follow_opening(&device, &lab, &b, cast_at + 60_001), older);
    assert_eq!(CheckError::Older.rule(), Rule::new(9, 11));
}
