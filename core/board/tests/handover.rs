//! The validators of a network change while its elections go on (rules R5.58, R5.59, R5.75, R5.76,
//! R6.25, R6.26, R8.04).

use board::committee::Committee;
use board::entry::{Entry, HandOver};
use board::finality::{FinalityCertificate, FinalityError};
use board::receipt::{Receipt, ReceiptError};
use board::record::RecordError;
use board::replay::Replay;
use crypto::wire::TopLevel as _;
use ed25519_dalek::Signer as _;
use testkit::election::{Lab, Options, certify, engine_keys as keys};

fn entry(h: &HandOver) -> Vec<u8> {
    Entry::HandOver(Box::new(h.clone())).encode()
}

/// The receipt of entry 0 of the block at this place of the chain.
#[track_caller]
fn receipt(lab: &Lab, at: usize, certificate: &[u8]) -> (Receipt, Vec<u8>) {
    let block = &lab.chain[at].block;
    let bytes = block.entries[0].clone();
    let hashes: Vec<_> = block.entries.iter().map(|e| board::entry_hash(e)).collect();
    let headers = vec![block.header.clone()];
    let made = Receipt::new(&bytes, &hashes, 0, headers, certificate.to_vec());
    (made.expect("the entry is in the block"), bytes)
}

#[test]
fn an_election_goes_on_under_new_validators() {
    let mut lab = Lab::open(Options::small());
    lab.cast(0, 1);
    let mut reader = Committee::from(lab.network());
    let h = lab.hand_over(&keys(2..=8));
    lab.post_hand_over(keys(2..=8));
    let height = lab.chain.last().unwrap().block.header.height;
    assert_eq!(lab.state.committee().epoch(), 1);
    assert_eq!(lab.state.validators().len(), 7);
    lab.cast(1, 0);
    // A reader who knows the old set alone follows the entry and takes receipts of both terms.
    let last = lab.chain.len() - 1;
    let certificate = lab.chain[last].certificate.clone().unwrap();
    let (new, bytes) = receipt(&lab, last, &certificate);
    assert_eq!(
        new.verify_entry(&reader, &bytes),
        Err(ReceiptError::Finality(FinalityError::Epoch))
    );
    assert_eq!(reader.follow(&h, height), Ok(()));
    assert_eq!(&reader, lab.state.committee());
    assert_eq!(new.verify_entry(&reader, &bytes), Ok(()));
    let before = lab.chain[last - 2].certificate.clone().unwrap();
    let (old, bytes) = receipt(&lab, last - 2, &before);
    assert_eq!(old.verify_entry(&reader, &bytes), Ok(()));
    // And the record of the whole election is good.
    lab.finish();
    let record = lab.record();
    let mut replay = Replay::open(&record).unwrap();
    while replay.step(&mut lab.rng).unwrap() {}
    assert_eq!(replay.state().committee().epoch(), 1);
}

#[test]
fn rejects_r5_58_the_wrong_number_or_set() {
    let mut lab = Lab::open(Options::small());
    let next = lab.hand_over(&keys(2..=5)).validators;
    for epoch in [0, 2, u64::MAX] {
        let h = lab.hand_over_to(epoch, next.clone());
        assert_eq!(lab.refused(&entry(&h)), "R5.58", "{epoch}");
    }
    let present = lab.network().validators.clone();
    let same = lab.hand_over_to(1, present);
    assert_eq!(lab.refused(&entry(&same)), "R5.58");
    let mut one_node = next.clone();
    one_node[1].node_key = one_node[0].node_key;
    let h = lab.hand_over_to(1, one_node);
    assert_eq!(lab.refused(&entry(&h)), "R5.58");
    // What no manifest may list.
    for change in [
        (|v| v.name.ja.push('\u{202e}')) as fn(&mut ballot::manifest::Validator),
        |v| v.origin.clear(),
    ] {
        let mut hidden = next.clone();
        change(&mut hidden[0]);
        let h = lab.hand_over_to(1, hidden);
        assert_eq!(lab.refused(&entry(&h)), "R5.58");
    }
    // Keys that no strict signature can be made with.
    let mut weak = next;
    weak[0].engine_key = [0; 32];
    let h = lab.hand_over_to(1, weak);
    assert_eq!(lab.refused(&entry(&h)), "R5.58");
    // Two in one block: the second one would speak for nobody.
    let first = lab.hand_over(&keys(2..=5));
    let second = lab.hand_over(&keys(3..=6));
    let time = lab.now + 1000;
    let error = lab.try_block(time, &[entry(&first), entry(&second)]);
    assert_eq!(error.unwrap_err().rule().to_string(), "R5.58");
    lab.post(&[entry(&first)]);
    // Its own number is used up.
    lab.parties.validators = keys(2..=5);
    lab.parties.epoch = 1;
    let again = lab.hand_over_to(1, second.validators);
    assert_eq!(lab.refused(&entry(&again)), "R5.58");
    let next = lab.hand_over(&keys(3..=6));
    assert_eq!(next.epoch, 2);
    lab.post(&[entry(&next)]);
}

#[test]
fn rejects_r5_01_sets_that_are_empty_or_out_of_order() {
    let mut lab = Lab::open(Options::small());
    let good = lab.hand_over(&keys(2..=5)).validators;
    let mut swapped = good.clone();
    swapped.swap(0, 1);
    let mut twice = good;
    twice[1] = twice[0].clone();
    for set in [vec![], swapped, twice] {
        let h = lab.hand_over_to(1, set);
        assert_eq!(lab.refused(&entry(&h)), "R5.01");
    }
}

#[test]
fn rejects_r5_15_r5_16_a_hand_over_that_two_officers_did_not_order() {
    let mut lab = Lab::open(Options::small());
    let mut h = lab.hand_over(&keys(2..=5));
    h.officers[1].0 = 0;
    assert_eq!(lab.refused(&entry(&h)), "R5.15");
    let mut h = lab.hand_over(&keys(2..=5));
    h.officers[1].1 = h.officers[0].1;
    lab.parties.accept_hand_over(&mut h);
    lab.parties.certify_hand_over(&mut h);
    assert_eq!(lab.refused(&entry(&h)), "R5.16");
}

#[test]
fn a_51_rejects_r5_59_a_certificate_of_too_few_or_of_others() {
    let mut lab = Lab::open(Options::small());
    let good = lab.hand_over(&keys(2..=5));
    let refused = |lab: &mut Lab, change: &dyn Fn(&mut HandOver)| {
        let mut h = good.clone();
        change(&mut h);
        assert_eq!(lab.refused(&entry(&h)), "R5.59");
    };
    refused(&mut lab, &|h| {
        h.certificate.pop();
    });
    refused(&mut lab, &|h| h.certificate.swap(0, 1));
    refused(&mut lab, &|h| h.certificate[1] = h.certificate[0]);
    refused(&mut lab, &|h| h.certificate[2].0 = 9);
    refused(&mut lab, &|h| h.certificate[2].1[40] ^= 1);
    // One bad signature beside enough good ones.
    refused(&mut lab, &|h| h.certificate.push((3, [7; 64])));
    // The new set signs for itself.
    let message = good.certified(&lab.network().id());
    let own: Vec<_> = (0..)
        .zip(keys(2..=5))
        .map(|(i, k)| (i, k.sign(&message).to_bytes()))
        .collect();
    refused(&mut lab, &|h| h.certificate.clone_from(&own));
    // On another network.
    let other = good.certified(&[9; 32]);
    let signers = lab.parties.validators.clone();
    let foreign: Vec<_> = (0..)
        .zip(&signers)
        .map(|(i, k)| (i, k.sign(&other).to_bytes()))
        .collect();
    refused(&mut lab, &|h| h.certificate.clone_from(&foreign));
    // For other officers, whose order the new set accepted.
    let mut h = good.clone();
    h.officers[1] = (2, {
        let order = h.ordered();
        let purpose = board::entry::HAND_OVER_PURPOSE;
        lab.parties.officers[2].sign(purpose, &order, &mut lab.rng)
    });
    lab.parties.accept_hand_over(&mut h);
    assert_eq!(lab.refused(&entry(&h)), "R5.59");
    lab.post(&[entry(&good)]);
}

/// Whoever takes over shows that it holds its key, for this order on this network.
#[test]
fn a_51_rejects_r5_75_a_validator_who_did_not_accept() {
    let mut lab = Lab::open(Options::small());
    let good = lab.hand_over(&keys(2..=5));
    let refused = |lab: &mut Lab, change: &dyn Fn(&mut HandOver)| {
        let mut h = good.clone();
        change(&mut h);
        // The old set signs whatever it is shown; that does not help.
        lab.parties.certify_hand_over(&mut h);
        assert_eq!(lab.refused(&entry(&h)), "R5.75");
    };
    refused(&mut lab, &|h| h.accepted[3][40] ^= 1);
    refused(&mut lab, &|h| h.accepted[0] = h.accepted[1]);
    refused(&mut lab, &|h| h.accepted.swap(0, 1));
    // A signature of the old set's kind, by the new set.
    let message = good.certified(&lab.network().id());
    let other: Vec<_> = keys(2..=5)
        .iter()
        .map(|k| k.sign(&message).to_bytes())
        .collect();
    refused(&mut lab, &|h| h.accepted.clone_from(&other));
    // On another network, and for the same set at another time.
    let elsewhere = good.accepting(&[9; 32]);
    let foreign: Vec<_> = keys(2..=5)
        .iter()
        .map(|k| k.sign(&elsewhere).to_bytes())
        .collect();
    refused(&mut lab, &|h| h.accepted.clone_from(&foreign));
    let later = lab.hand_over_until(1, good.validators.clone(), good.until + 1);
    refused(&mut lab, &|h| h.accepted.clone_from(&later.accepted));
    // A reader without the blocks asks for it too.
    let mut h = good.clone();
    h.accepted[3][40] ^= 1;
    lab.parties.certify_hand_over(&mut h);
    let mut reader = Committee::from(lab.network());
    assert_eq!(reader.follow(&h, 9).unwrap_err().to_string(), "R5.75");
    lab.post(&[entry(&good)]);
}

/// An order that nobody used in time is void, and no order is given for ever.
#[test]
fn a_51_rejects_r5_76_an_order_outside_its_seven_days() {
    let mut lab = Lab::open(Options::small());
    let validators = lab.hand_over(&keys(2..=5)).validators;
    let time = lab.now + 1000;
    for until in [
        0,
        time - 1,
        time,
        time + board::state::HAND_OVER_MS + 1,
        u64::MAX,
    ] {
        let h = lab.hand_over_until(1, validators.clone(), until);
        assert_eq!(lab.refused(&entry(&h)), "R5.76", "{until}");
    }
    let mut at_the_edge = lab.state.clone();
    for until in [time + 1, time + board::state::HAND_OVER_MS] {
        let h = lab.hand_over_until(1, validators.clone(), until);
        let before = (lab.state.clone(), lab.chain.len(), lab.now);
        lab.post(&[entry(&h)]);
        at_the_edge = lab.state.clone();
        lab.state = before.0;
        lab.chain.truncate(before.1);
        lab.now = before.2;
    }
    assert_eq!(at_the_edge.committee().epoch(), 1);
}

/// A receipt that crosses a hand-over: its first block belongs to those who left.
#[test]
fn a_51_rejects_r6_26_a_receipt_over_two_terms() {
    let mut lab = Lab::open(Options::small());
    let mut reader = Committee::from(lab.network());
    let h = lab.hand_over(&keys(2..=5));
    lab.post_hand_over(keys(2..=5));
    assert_eq!(h.epoch, 1);
    let at = lab.chain.len() - 1;
    lab.cast(0, 1);
    let certificate = lab.chain[at + 1].certificate.clone().unwrap();
    let block = &lab.chain[at].block;
    let bytes = block.entries[0].clone();
    let headers = vec![block.header.clone(), lab.chain[at + 1].block.header.clone()];
    let hashes = [board::entry_hash(&bytes)];
    let crossing = Receipt::new(&bytes, &hashes, 0, headers, certificate).unwrap();
    let posted = HandOver::from_bytes(&bytes).unwrap();
    let height = lab.chain[at].block.header.height;
    assert_eq!(reader.follow(&posted, height), Ok(()));
    assert_eq!(
        crossing.verify_entry(&reader, &bytes),
        Err(ReceiptError::Term)
    );
    let own = lab.chain[at].certificate.clone().unwrap();
    let (good, bytes) = receipt(&lab, at, &own);
    assert_eq!(good.verify_entry(&reader, &bytes), Ok(()));
}

#[test]
fn a_51_rejects_r6_25_validators_outside_their_term() {
    let mut lab = Lab::open(Options::small());
    let old = lab.parties.validators.clone();
    lab.post_hand_over(keys(2..=5));
    lab.cast(0, 1);
    let header = lab.chain.last().unwrap().block.header.clone();
    let committee = lab.state.committee().clone();
    let read = |bytes: Vec<u8>| FinalityCertificate::from_bytes(&bytes).unwrap();
    let digest = header.digest();
    let check = |c: &FinalityCertificate, height| committee.verify(c, height, &digest);
    let good = read(lab.chain.last().unwrap().certificate.clone().unwrap());
    assert_eq!(check(&good, header.height), Ok(()));
    assert_eq!(check(&good, header.height - 1), Err(FinalityError::Epoch));
    // Retired validators certify a block after their term, under either number.
    lab.parties.validators = old;
    let new = read(certify(&lab.parties, header.height, digest, &[0, 1, 2]));
    assert_eq!(check(&new, header.height), Err(FinalityError::Signature));
    lab.parties.epoch = 0;
    let retired = read(certify(&lab.parties, header.height, digest, &[0, 1, 2]));
    assert_eq!(check(&retired, header.height), Err(FinalityError::Epoch));
}

#[test]
fn rejects_r8_04_a_hand_over_that_only_the_new_set_certified() {
    let mut lab = Lab::open(Options::small());
    lab.post_hand_over(keys(2..=5));
    let at = lab.chain.len() - 1;
    lab.cast(0, 1);
    lab.finish();
    lab.chain[at].certificate = None;
    let record = lab.record();
    let mut replay = Replay::open(&record).unwrap();
    let error = loop {
        match replay.step(&mut lab.rng) {
            Ok(true) => {}
            Ok(false) => panic!("the record was accepted"),
            Err(e) => break e,
        }
    };
    assert!(matches!(error, RecordError::Certificates), "{error:?}");
}

#[test]
fn rejects_r5_13_a_manifest_with_the_validators_of_an_earlier_term() {
    let mut lab = Lab::open(Options::small());
    lab.post_hand_over(keys(2..=5));
    // Another election begins on the same network.
    lab.set_up();
    lab.run_ceremony();
    let old = lab.draft_manifest();
    let mut new = old.clone();
    new.validators = lab.state.validators().to_vec();
    let mut number_forgotten = new.clone();
    new.epoch = 1;
    number_forgotten.epoch = 0;
    for manifest in [old, number_forgotten] {
        let sealed = lab.parties.seal(manifest, &mut lab.rng);
        let bytes = Entry::Seal(Box::new(sealed)).encode();
        assert_eq!(lab.refused(&bytes), "R5.13");
    }
    lab.seal_as(new.clone());
    let pinned = Committee::from(&new);
    let (now, height) = (lab.state.committee(), lab.state.tip().height);
    assert_eq!((pinned.epoch(), pinned.keys()), (1, now.keys()));
    assert_eq!(pinned.term(height).unwrap().epoch, 1);
}

#[test]
fn every_field_of_a_certified_hand_over_counts() {
    let mut lab = Lab::open(Options::small());
    let good = lab.hand_over(&keys(2..=5));
    let committee = lab.state.committee().clone();
    assert_eq!(committee.check_hand_over(&good), Ok(()));
    assert_eq!(committee.check_accepted(&good), Ok(()));
    let changes: [fn(&mut HandOver); 6] = [
        |h| h.election.0[0] ^= 1,
        |h| h.epoch += 1,
        |h| h.validators[0].origin.push('!'),
        |h| h.until += 1,
        |h| h.officers[0].0 ^= 1,
        |h| h.officers[1].1 = h.officers[0].1,
    ];
    for change in changes {
        let mut other = good.clone();
        change(&mut other);
        let rule = committee.check_hand_over(&other).unwrap_err();
        assert_eq!(rule.to_string(), "R5.59");
        let rule = committee.check_accepted(&other).unwrap_err();
        assert_eq!(rule.to_string(), "R5.75");
    }
    let mut other = good.clone();
    other.accepted[0][0] ^= 1;
    assert!(committee.check_hand_over(&other).is_err());
    let mut elsewhere = committee;
    elsewhere.network[0] ^= 1;
    assert!(elsewhere.check_hand_over(&good).is_err());
    assert!(elsewhere.check_accepted(&good).is_err());
}
