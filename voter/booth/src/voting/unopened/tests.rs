use super::*;
use ballot::contest::NO_MARK;
use ballot::manifest::Contest;
use ballot::opening::Masks;
use ballot::{Draft, OwnCard, Shape};

use crate::tests::fixture::Fixture;

/// One mark of eleven; up to two of three; none or one of four.
fn rules() -> BallotRules {
    let mut manifest = Fixture::new().sealed.manifest;
    let first = manifest.contests[0].clone();
    for (options, k_min, k_max) in [(3u16, 0, 2), (4, 0, 1)] {
        manifest.contests.push(Contest {
            shape: Shape::new(options, k_min, k_max).unwrap(),
            options: first.options[..usize::from(options)].to_vec(),
            ..first.clone()
        });
    }
    BallotRules::new(&manifest)
}

fn made(rules: &BallotRules, marks: [&[u16]; 3], seed: [u8; 32]) -> (Ballot, Unopened) {
    let (ballot, unopened, _) = made_by(rules, marks, seed);
    (ballot, unopened)
}

fn made_by(
    rules: &BallotRules,
    marks: [&[u16]; 3],
    seed: [u8; 32],
) -> (Ballot, Unopened, SigningKey) {
    let mut rng = UnwrapErr(SysRng);
    let selections: Vec<Selection> = rules
        .keys()
        .iter()
        .zip(marks)
        .map(|(key, marks)| {
            let mut all = marks.to_vec();
            all.resize(usize::from(key.shape().k_max()), NO_MARK);
            Selection::new(key.shape(), &all).unwrap()
        })
        .collect();
    let key = SigningKey::generate(&mut rng);
    let draft = Draft {
        key: &key,
        seq: 1,
        prev: Hash::ZERO,
        pictures: [1, 2],
        tokens: vec![[0; 256]],
        card: OwnCard::first(vec![key.public()]),
    };
    let ballot = draft.seal(rules, &selections, &seed, &mut rng).unwrap();
    let unopened = Unopened::new(ballot.entry_hash(), selections, Zeroizing::new(seed));
    (ballot, unopened, key)
}

/// What the screen showed and what is opened are the same numbers, line by line, in every contest,
/// and the board's rules take the opening (R3.20, R3.21).
#[test]
fn a_13_what_is_noted_is_what_is_opened_in_every_contest() {
    let rules = rules();
    for (seed, side) in [([5; 32], Side::Mask), ([6; 32], Side::Masked)] {
        let (ballot, unopened) = made(&rules, [&[4], &[0, 2], &[]], seed);
        let noted = unopened.sums(&rules);
        assert_eq!(noted.lines().len(), 1 + 3 + 1);
        let own: Vec<u8> = noted
            .lines()
            .iter()
            .zip([100u8, 2, 2, 2, 100])
            .map(|([mask, masked], modulus)| (masked + modulus - mask) % modulus)
            .collect();
        // The fifth proposal; the first and the third marked; no mark.
        assert_eq!(own, [5, 1, 0, 1, 0]);
        let opening = rules.check_opening(&unopened.open(&rules, side)).unwrap();
        assert_eq!((opening.ballot, opening.side), (ballot.entry_hash(), side));
        let values: Vec<u8> = opening.lines.iter().map(|l| l.value).collect();
        let column = usize::from(side.byte());
        let on_paper: Vec<u8> = noted.lines().iter().map(|l| l[column]).collect();
        assert_eq!(values, on_paper);
        let masks = Masks::of(&rules.decode(&ballot).unwrap());
        let again = rules.encrypt_again(&opening);
        assert_eq!(masks.check(side, &again), Ok(()));
    }
}

/// A check ballot reveals the choice to whoever noted the first code, and cannot be cast any more.
#[test]
fn a_43_what_is_revealed_is_what_was_sealed() {
    use ballot::check::{Shown, from_code, recompute};
    let rules = rules();
    let mut rng = UnwrapErr(SysRng);
    let (ballot, unopened, key) = made_by(&rules, [&[4], &[0, 2], &[]], [7; 32]);
    let shown = Shown::of(&ballot, &key, &mut rng);
    let (entry, second) = unopened.reveal(&rules, &ballot.to_bytes(), &key).unwrap();
    let check = rules.check_opened_form(&entry).unwrap();
    let revealed: Revealed = from_code(second.digits()).unwrap();
    let marks = recompute(&rules, &shown, &check, &revealed).unwrap();
    assert_eq!(marks, [vec![4], vec![0, 2], vec![]]);
    assert_eq!(format!("{second:?}"), "SecondCode(..)");
}

/// A buyer learns nothing from the one number that is opened: over many ballots it is spread alike
/// for every choice, on either side.
#[test]
fn a_19_an_opened_number_is_uniform_for_every_choice() {
    let rules = BallotRules::new(&Fixture::new().sealed.manifest);
    let shape = *rules.keys()[0].shape();
    for choice in [0, 4, 10] {
        let mut tens = [[0u32; 10]; 2];
        for n in 0..2_000u16 {
            let mut seed = [0; 32];
            seed[..2].copy_from_slice(&n.to_le_bytes());
            let selection = Selection::new(&shape, &[choice]).unwrap();
            let unopened = Unopened::new(Hash::ZERO, vec![selection], Zeroizing::new(seed));
            let [mask, masked] = unopened.sums(&rules).lines()[0];
            tens[0][usize::from(mask / 10)] += 1;
            tens[1][usize::from(masked / 10)] += 1;
        }
        // 200 expected; 60 is more than four standard deviations.
        let even = |n: &u32| (140..=260).contains(n);
        assert!(tens.iter().flatten().all(even), "{choice}: {tens:?}");
    }
}

#[test]
fn a_20_a_first_code_holds_nothing_of_the_choice() {
    use ballot::check::{Shown, from_code};
    let rules = rules();
    let mut rng = UnwrapErr(SysRng);
    let mut lengths = Vec::new();
    for marks in [[&[4][..], &[0, 2], &[]], [&[0], &[], &[3]]] {
        let (ballot, _, key) = made_by(&rules, marks, [7; 32]);
        let code = to_code(&Shown::of(&ballot, &key, &mut rng));
        let shown: Shown = from_code(&code).unwrap();
        // An entry hash, the key, the pictures and a signature over them; there is no other field.
        let unsigned = [
            &shown.entry_hash.0[..],
            shown.vk.as_bytes(),
            &shown.pictures,
        ]
        .concat();
        assert_eq!(shown.signed_bytes()[2..], unsigned);
        lengths.push(code.len());
    }
    assert_eq!(lengths, [328, 328]);
}

/// A fault sends the same bytes; two openings of one ballot cannot be made: [`Unopened::open`] takes
/// the seed with it.
#[test]
fn nothing_of_seed_and_choice_is_printed() {
    let (_, unopened) = made(&rules(), [&[4], &[0], &[1]], [0xab; 32]);
    assert_eq!(format!("{unopened:?}"), "Unopened(..)");
}
