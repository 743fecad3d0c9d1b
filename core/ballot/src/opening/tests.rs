use super::*;
use crate::draft::Draft;
use crate::manifest::tests::cast;
use crate::manifest::{Contest, Manifest};
use crate::own_card::tests::first_card;
use crate::{Ballot, Shape};
use crypto::Scalar;
use crypto::schnorr::SigningKey;
use rand_chacha::ChaCha20Rng;
use rand_core::SeedableRng as _;

mod hostile;

const SEED: [u8; 32] = [8; 32];

/// One mark of five; up to two of three; none or one of four.
fn manifest() -> Manifest {
    let mut m = cast(5, [[0xff; 256], [0xfd; 256], [0xfb; 256]]).manifest;
    let first = m.contests[0].clone();
    let mut more = |options: u16, k_min, k_max| {
        m.contests.push(Contest {
            shape: Shape::new(options, k_min, k_max).unwrap(),
            options: first.options[..usize::from(options)].to_vec(),
            ..first.clone()
        });
    };
    more(3, 0, 2);
    more(4, 0, 1);
    for (i, option) in m.contests[2].options.iter_mut().enumerate() {
        option.number = 90 + u16::try_from(i).unwrap();
    }
    m
}

struct Booth {
    rules: BallotRules,
    selections: Vec<Selection>,
    ballot: Ballot,
}

fn booth(marks: [&[u16]; 3]) -> Booth {
    let mut rng = ChaCha20Rng::seed_from_u64(6);
    let rules = BallotRules::new(&manifest());
    let selections: Vec<_> = rules
        .keys()
        .iter()
        .zip(marks)
        .map(|(k, marks)| Selection::new(k.shape(), marks).unwrap())
        .collect();
    let draft = Draft {
        key: &SigningKey::generate(&mut rng),
        seq: 1,
        prev: Hash::ZERO,
        pictures: [1, 2],
        tokens: vec![[0; 256]],
        card: first_card(),
    };
    let ballot = draft.seal(&rules, &selections, &SEED, &mut rng).unwrap();
    Booth {
        rules,
        selections,
        ballot,
    }
}

impl Booth {
    fn opening(&self, side: Side) -> Opening {
        let hash = self.ballot.entry_hash();
        Opening::make(&self.rules, hash, &self.selections, &SEED, side)
    }
    fn check(&self, o: &Opening) -> Result<(), OpeningError> {
        let o = self.rules.check_opening(&o.to_bytes())?;
        let masks = Masks::of(&self.rules.decode(&self.ballot).unwrap());
        masks.check(o.side, &self.rules.encrypt_again(&o))
    }
}

#[test]
fn either_side_of_every_line_opens_and_both_give_the_choice() {
    for marks in [
        [&[4][..], &[0, 2], &[3]],
        [&[0], &[], &[]],
        [&[2], &[1], &[0]],
    ] {
        let booth = booth(marks);
        let mut rng = ChaCha20Rng::seed_from_u64(1);
        booth.rules.check_proofs(&booth.ballot, &mut rng).unwrap();
        let [mask, masked] = Side::BOTH.map(|side| booth.opening(side));
        assert_eq!((mask.lines.len(), masked.lines.len()), (5, 5));
        assert_eq!(booth.check(&mask), Ok(()));
        assert_eq!(booth.check(&masked), Ok(()));
        let differences: Vec<u8> = mask
            .lines
            .iter()
            .zip(&masked.lines)
            .zip([100, 2, 2, 2, 100])
            .map(|((a, b), modulus)| (b.value + modulus - a.value) % modulus)
            .collect();
        let number = u8::try_from(marks[0][0]).unwrap() + 1;
        let bit = |i| u8::from(marks[1].contains(&i));
        // No mark in the third contest is the number 0.
        let third = marks[2]
            .first()
            .map_or(0, |m| 90 + u8::try_from(*m).unwrap());
        assert_eq!(differences, [number, bit(0), bit(1), bit(2), third]);
    }
}

#[test]
fn an_opening_of_one_contest_with_one_mark_has_168_bytes() {
    let one = Opening {
        election: Hash::ZERO,
        ballot: Hash::ZERO,
        side: Side::Mask,
        lines: vec![OpenedLine {
            value: 99,
            r: Scalar::ONE,
        }],
    };
    assert_eq!(one.to_bytes().len(), 168);
}

#[test]
fn rejects_r3_20_openings_of_another_form() {
    let booth = booth([&[4], &[0, 2], &[3]]);
    let good = booth.opening(Side::Masked);
    let bytes = good.to_bytes();
    let form = |bytes: &[u8]| booth.rules.check_opening(bytes);
    assert_eq!(form(&bytes), Ok(good.clone()));
    let edited = |at: usize, value: u8| {
        let mut b = bytes.clone();
        b[at] = value;
        b
    };
    let side = 2 + 64 + 64;
    let r = side + 1 + 4 + 1;
    let mut unreduced = bytes.clone();
    unreduced[r..r + 32].fill(0xff);
    let more = [&bytes[..], &[0]].concat();
    for bad in [
        edited(0, 1),
        edited(1, 15),
        edited(side, 2),
        unreduced,
        more,
        bytes[..bytes.len() - 1].to_vec(),
    ] {
        assert_eq!(form(&bad), Err(OpeningError::Form));
    }
    let changed = |change: &dyn Fn(&mut Opening)| {
        let mut o = good.clone();
        change(&mut o);
        form(&o.to_bytes())
    };
    let line = good.lines[0];
    let changes: [&dyn Fn(&mut Opening); 6] = [
        &|o| o.lines[0].value = 100,
        &|o| o.lines[1].value = 2,
        &|o| o.lines[4].value = 255,
        &|o| o.lines.truncate(4),
        &|o| o.lines.push(line),
        &|o| o.election = Hash([9; 64]),
    ];
    for change in changes {
        assert_eq!(changed(change), Err(OpeningError::Form));
    }
    assert_eq!(OpeningError::Form.rule(), Rule::new(3, 20));
}

#[test]
fn a_13_rejects_r3_21_numbers_that_are_not_in_the_ballot() {
    let booth = booth([&[4], &[0, 2], &[3]]);
    for side in Side::BOTH {
        let good = booth.opening(side);
        for i in 0..good.lines.len() {
            let mut o = good.clone();
            let modulus = if (1..4).contains(&i) { 2 } else { 100 };
            o.lines[i].value = (o.lines[i].value + 1) % modulus;
            assert_eq!(booth.check(&o), Err(OpeningError::Numbers), "line {i}");
            let mut o = good.clone();
            o.lines[i].r += Scalar::ONE;
            assert_eq!(booth.check(&o), Err(OpeningError::Numbers), "line {i}");
        }
        // One side's numbers shown as the other's.
        let mut o = good;
        o.side = if side == Side::Mask {
            Side::Masked
        } else {
            Side::Mask
        };
        assert_eq!(booth.check(&o), Err(OpeningError::Numbers));
    }
    assert_eq!(OpeningError::Numbers.rule(), Rule::new(3, 21));
}

#[test]
fn ballots_of_this_manifest_have_its_length() {
    let m = manifest();
    let rules = BallotRules::new(&m);
    for marks in [[&[4][..], &[0, 2], &[3]], [&[0], &[], &[]]] {
        let b = booth(marks).ballot;
        assert_eq!(b.to_bytes().len(), m.ballot_len());
        assert!(rules.decode(&b).is_ok());
    }
}
