use super::*;
use crate::sealed::content_key;
use crypto::wire::TopLevel as _;
use crypto::{Hash, Scalar};

fn record(certificate: usize) -> Record {
    Record {
        election: Hash([3; 64]),
        kind: "first".into(),
        channel: "home".into(),
        day: 20_475,
        certificate: vec![1; certificate],
        auth_text: vec![2; 250],
        card_signature: vec![3; 256],
        face: "match".into(),
        face_reason: String::new(),
        window: 3,
        request: vec![4; 256],
        heard: vec![6; 4 + 8 * 322],
        request_signature: vec![5; 64],
    }
}

fn auditors(n: usize) -> Vec<AuditorKey> {
    (0..n)
        .map(|_| AuditorKey::generate(&mut rand::rng()))
        .collect()
}

fn publics(keys: &[AuditorKey]) -> Vec<[u8; 32]> {
    keys.iter().map(|key| *key.public()).collect()
}

/// Opens with these keys, each said to be at this place.
fn open_with(sealed: &[u8], keys: &[(u16, &AuditorKey)]) -> Result<Record, OpenError> {
    let sealed = Sealed::read(sealed)?;
    let shares: Result<Vec<Share>, _> = keys.iter().map(|(p, k)| k.share(&sealed, *p)).collect();
    let shares = shares?;
    open(&sealed, &shares.iter().collect::<Vec<_>>())
}

#[test]
fn two_of_three_auditors_open_a_record_and_one_does_not() {
    let keys = auditors(3);
    let sealed = seal(&record(1500), &publics(&keys), &mut rand::rng()).unwrap();
    let with = |places: &[u16]| {
        let chosen: Vec<_> = places
            .iter()
            .map(|p| (*p, &keys[usize::from(*p) - 1]))
            .collect();
        open_with(&sealed, &chosen)
    };
    for pair in [[1, 2], [1, 3], [2, 3]] {
        assert_eq!(with(&pair).unwrap(), record(1500));
    }
    assert_eq!(with(&[1, 2, 3]).unwrap(), record(1500));
    assert_eq!(with(&[2]), Err(OpenError::TooFew));
    assert_eq!(with(&[2, 2]), Err(OpenError::Key));
    assert_eq!(
        open_with(&sealed, &[(1, &keys[1]), (2, &keys[0])]),
        Err(OpenError::Key)
    );
    for at in (0..sealed.len()).step_by(37) {
        let mut bad = sealed.clone();
        bad[at] ^= 1;
        let chosen: Vec<_> = (1u16..).zip(&keys).collect();
        assert!(open_with(&bad, &chosen).is_err(), "flip at {at}");
    }
}

#[test]
fn a_key_is_the_same_after_it_was_written() {
    let key = AuditorKey::generate(&mut rand::rng());
    let again = AuditorKey::from_bytes(&key.to_bytes()).unwrap();
    assert_eq!(key.public(), again.public());
    assert_eq!(format!("{key:?}"), "AuditorKey");
}

/// Auditor 1 hands the own shares of two records, one of which is sealed to strangers, to 2.
#[test]
fn a_57_a_partial_opening_is_read_by_the_auditor_it_was_made_for_and_by_nobody_else() {
    let keys = auditors(3);
    let good = seal(&record(900), &publics(&keys), &mut rand::rng()).unwrap();
    let foreign = seal(&record(900), &publics(&auditors(3)), &mut rand::rng()).unwrap();
    let rows = [([1; 32], &good), ([2; 32], &foreign)];
    let shares = rows.map(|(leaf, sealed)| {
        let share = keys[0].share(&Sealed::read(sealed).unwrap(), 1);
        (leaf, share.ok())
    });
    let (election, rng) = (Hash([3; 64]), &mut rand::rng());
    let shares = shares.into_iter().collect();
    let reader = keys[1].public();
    let partial = Partial::seal((election, 0), (1, 2), reader, &shares, rng).unwrap();
    let bytes = partial.to_bytes();
    let read = Partial::from_bytes(&bytes).unwrap();
    assert_eq!(read, partial);
    for stranger in [&keys[0], &keys[2]] {
        assert_eq!(read.open(stranger).err(), Some(PartialError::Key));
    }
    let opened = read.open(&keys[1]).unwrap();
    assert!(opened[&[2; 32]].is_none());
    let sealed = Sealed::read(&good).unwrap();
    let own = keys[1].share(&sealed, 2).unwrap();
    let other = opened[&[1; 32]].as_ref().unwrap();
    assert_eq!(open(&sealed, &[&own, other]).unwrap(), record(900));
    // Every readable field is part of what is sealed.
    for change in [
        |p: &mut Partial| p.election = Hash([4; 64]),
        |p: &mut Partial| p.registrar = 1,
        |p: &mut Partial| p.from = 3,
        |p: &mut Partial| p.to = 3,
        |p: &mut Partial| p.leaves[0] = [0; 32],
    ] {
        let mut other = read.clone();
        change(&mut other);
        assert_eq!(other.open(&keys[1]).err(), Some(PartialError::Key));
    }
    for at in (0..bytes.len()).step_by(7) {
        let mut bad = bytes.clone();
        bad[at] ^= 1;
        let opens = Partial::from_bytes(&bad).is_ok_and(|p| p.open(&keys[1]).is_ok());
        assert!(!opens, "flip at {at}");
    }
}

#[test]
fn every_field_of_a_leaf_hash_counts() {
    let (e, sealed) = (Hash([3; 64]), [7; 9]);
    let hash = crypto::hash::hash(
        "evidence-leaf",
        &[e.as_bytes(), &[1, 0], &[2, 0, 0, 0], &sealed],
    );
    let own = leaf(&e, 1, 2, &sealed);
    assert_eq!(own[..], hash.0[..32]);
    let others = [
        leaf(&Hash([4; 64]), 1, 2, &sealed),
        leaf(&e, 2, 2, &sealed),
        leaf(&e, 1, 3, &sealed),
        leaf(&e, 1, 2, &sealed[1..]),
    ];
    assert!(others.iter().all(|other| *other != own));
}

#[test]
fn every_sealed_record_has_one_length_and_none_shows_its_content() {
    let public = publics(&auditors(3));
    let a = seal(&record(1), &public, &mut rand::rng()).unwrap();
    let b = seal(&record(2000), &public, &mut rand::rng()).unwrap();
    assert_eq!(a.len(), b.len());
    assert!(!b.windows(16).any(|w| w == [1; 16]));
    assert_eq!(
        seal(&record(4000), &public, &mut rand::rng()),
        Err(SealError::Record)
    );
    assert_eq!(
        seal(&record(1), &[], &mut rand::rng()),
        Err(SealError::Auditors)
    );
}

#[test]
fn rejects_r1_05_auditors_that_nothing_can_be_sealed_to_when_it_starts() {
    let good = publics(&auditors(2));
    assert_eq!(seals_to(&good, &mut rand::rng()), Ok(()));
    let mut order_four = [0; 32];
    order_four[0] = 1;
    for bad in [[0; 32], order_four] {
        let keys = [good[0], bad];
        assert_eq!(seals_to(&keys, &mut rand::rng()), Err(SealError::Auditors));
    }
    assert_eq!(seals_to(&[], &mut rand::rng()), Err(SealError::Auditors));
}

#[test]
fn every_field_of_key_and_boxes_of_a_record_counts() {
    let key = content_key(&Scalar::from(5u8));
    let hash = crypto::hash::hash("evidence-key", &[Scalar::from(5u8).as_bytes()]);
    assert_eq!(key[..], hash.0[..32]);
    assert_ne!(key, content_key(&Scalar::from(4u8)));

    // Two boxes for one key: only the auditor's place, which is bound to each, tells them apart.
    let own = &auditors(1)[0];
    let sealed = seal(&record(10), &[*own.public(); 2], &mut rand::rng()).unwrap();
    let keys = [(1, own), (2, own)];
    assert_eq!(open_with(&sealed, &keys).unwrap(), record(10));
    let (head, length) = (3, 80);
    let mut swapped = sealed.clone();
    swapped[head..head + length].copy_from_slice(&sealed[head + length..head + 2 * length]);
    swapped[head + length..head + 2 * length].copy_from_slice(&sealed[head..head + length]);
    assert_eq!(open_with(&swapped, &keys), Err(OpenError::Key));
}
