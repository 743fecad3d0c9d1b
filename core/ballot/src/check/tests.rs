use super::*;
use crate::contest::Selection;
use crate::draft::Draft;
use crate::manifest::tests::cast;
use crate::own_card::tests::first_card;
use crypto::schnorr::SigningKey;
use rand_chacha::ChaCha20Rng;
use rand_core::SeedableRng as _;

const SEED: [u8; 32] = [7; 32];

struct Booth {
    rules: BallotRules,
    key: SigningKey,
    rng: ChaCha20Rng,
}

/// Tokens are not looked at here, so the issuers' keys are no keys.
fn booth() -> Booth {
    let mut rng = ChaCha20Rng::seed_from_u64(4);
    let moduli = [[0xff; 256], [0xfd; 256], [0xfb; 256]];
    Booth {
        rules: BallotRules::new(&cast(5, moduli).manifest),
        key: SigningKey::generate(&mut rng),
        rng,
    }
}

impl Booth {
    fn ballot(&mut self, choice: u16, pictures: [u8; 2]) -> Ballot {
        let selection = Selection::new(self.rules.keys()[0].shape(), &[choice]).unwrap();
        let draft = Draft {
            key: &self.key,
            seq: 1,
            prev: Hash::ZERO,
            pictures,
            tokens: vec![[0; 256]],
            card: first_card(),
        };
        draft
            .seal(&self.rules, &[selection], &SEED, &mut self.rng)
            .unwrap()
    }
    fn shown(&mut self, b: &Ballot) -> Shown {
        Shown::of(b, &self.key, &mut self.rng)
    }
    fn opened(&mut self, b: &Ballot) -> CheckBallot {
        CheckBallot::open(b, &self.key, &mut self.rng)
    }
}

#[test]
fn an_honest_check_names_every_choice() {
    let mut booth = booth();
    for choice in 0..5 {
        let b = booth.ballot(choice, [1, 7]);
        let (check, shown) = (booth.opened(&b), booth.shown(&b));
        let found = recompute(&booth.rules, &shown, &check, &Revealed::of(&b, &SEED));
        assert_eq!(found, Ok(vec![vec![choice]]));
    }
}

#[test]
fn codes_survive_addresses_spaces_and_case() {
    let mut booth = booth();
    let b = booth.ballot(2, [3, 4]);
    let shown = booth.shown(&b);
    assert_eq!(shown.check(), Ok(()));
    let code = to_code(&shown);
    assert_eq!(code.len(), 2 * (2 + 64 + 32 + 2 + 64));
    let address = format!("https://check.example/verify/check.html#{code}\n");
    let broken = format!("{} {}", &code[..60], code[60..].to_lowercase());
    for text in [&code, &address, &broken] {
        assert_eq!(from_code::<Shown>(text), Ok(shown));
    }
    let opening = Revealed::of(&b, &SEED);
    assert_eq!(from_code(&to_code(&opening)), Ok(opening.clone()));
    let printed = format!("{opening:?}");
    assert!(
        !printed.contains("0707") && !printed.contains("7, 7"),
        "{printed}"
    );
}

#[test]
fn rejects_r9_01_what_is_not_a_code() {
    let mut booth = booth();
    let b = booth.ballot(2, [3, 4]);
    let code = to_code(&booth.shown(&b));
    let opening = to_code(&Revealed::of(&b, &SEED));
    for text in ["", "#", "hello", &code[2..], &format!("{code}00"), &opening] {
        assert_eq!(from_code::<Shown>(text), Err(CheckError::Code), "{text}");
    }
    assert_eq!(from_code::<Revealed>(&code), Err(CheckError::Code));
    assert_eq!(CheckError::Code.rule(), Rule::new(9, 1));
}

#[test]
fn rejects_r9_08_a_first_code_that_its_voting_key_did_not_sign() {
    let mut booth = booth();
    let (a, b) = (booth.ballot(1, [0, 1]), booth.ballot(2, [0, 1]));
    let (shown, other) = (booth.shown(&a), booth.shown(&b));
    let stranger = SigningKey::generate(&mut booth.rng);
    let lies = [
        Shown {
            pictures: [1, 0],
            ..shown
        },
        Shown {
            entry_hash: other.entry_hash,
            ..shown
        },
        Shown {
            vk: stranger.public(),
            ..shown
        },
        Shown {
            signature: a.signature,
            ..shown
        },
        shown.signed(&stranger, &mut booth.rng),
    ];
    for lie in lies {
        assert_eq!(lie.check(), Err(CheckError::Unsigned));
    }
    assert_eq!(CheckError::Unsigned.rule(), Rule::new(9, 8));
}

#[test]
fn rejects_r9_02_a_seed_for_another_entry_hash() {
    let mut booth = booth();
    let (a, b) = (booth.ballot(1, [0, 1]), booth.ballot(1, [0, 1]));
    let (check, shown) = (booth.opened(&a), booth.shown(&a));
    let found = recompute(&booth.rules, &shown, &check, &Revealed::of(&b, &SEED));
    assert_eq!(found, Err(CheckError::Unseen));
    assert_eq!(CheckError::Unseen.rule(), Rule::new(9, 2));
}

#[test]
fn rejects_r9_03_another_check_ballot_than_the_noted_one() {
    let mut booth = booth();
    let b = booth.ballot(1, [0, 1]);
    let check = booth.opened(&b);
    let shown = booth.shown(&b);
    let stranger = SigningKey::generate(&mut booth.rng).public();
    let others = [
        Shown {
            pictures: [1, 0],
            ..shown
        },
        Shown {
            vk: stranger,
            ..shown
        },
        Shown {
            entry_hash: Hash([1; 64]),
            ..shown
        },
    ];
    for other in others {
        let found = is_the_noted(&booth.rules, &other, &check);
        assert_eq!(found, Err(CheckError::Other));
    }
    let mut elsewhere = check;
    elsewhere.ballot.election = Hash([2; 64]);
    let found = is_the_noted(&booth.rules, &shown, &elsewhere);
    assert_eq!(found, Err(CheckError::Other));
    assert_eq!(CheckError::Other.rule(), Rule::new(9, 3));
}

#[test]
fn rejects_r9_04_a_check_ballot_that_never_had_the_shown_entry_hash() {
    // The booth shows one ballot and opens another under the first one's entry hash.
    let mut booth = booth();
    let (shown, other) = (booth.ballot(1, [0, 1]), booth.ballot(2, [0, 1]));
    let mut check = booth.opened(&other);
    check.committed = shown.entry_hash();
    for withheld in [shown.signature, other.signature] {
        let opening = Revealed {
            withheld,
            ..Revealed::of(&shown, &SEED)
        };
        let noted = booth.shown(&shown);
        let found = recompute(&booth.rules, &noted, &check, &opening);
        assert_eq!(found, Err(CheckError::EntryHash));
    }
    assert_eq!(CheckError::EntryHash.rule(), Rule::new(9, 4));
}

#[test]
fn a_13_rejects_r9_05_a_seed_that_does_not_give_these_ciphertexts() {
    let mut booth = booth();
    let b = booth.ballot(1, [0, 1]);
    let check = booth.opened(&b);
    let wrong = CheckError::Ciphertext { contest: 0 };
    let opening = Revealed::of(&b, &[8; 32]);
    let shown = booth.shown(&b);
    let found = recompute(&booth.rules, &shown, &check, &opening);
    assert_eq!(found, Err(wrong));
    assert_eq!(wrong.rule(), Rule::new(9, 5));
}

#[test]
fn a_13_rejects_r9_05_masks_that_the_seed_does_not_give() {
    // A booth that encrypts the choice rightly and other masks than those of the seed.
    let mut booth = booth();
    let shape = *booth.rules.keys()[0].shape();
    for (side, half) in [(0, 0), (0, 1), (1, 0), (1, 1)] {
        let mut b = booth.ballot(1, [0, 1]);
        let mut contest = ContestBallot::from_bytes(&b.contests[0], &shape).unwrap();
        let masks = if side == 0 {
            &mut contest.masks
        } else {
            &mut contest.masked
        };
        masks[0][half] = Encoded(*Point::base().as_bytes());
        b.contests[0] = contest.to_bytes();
        let message = b.signed_bytes();
        b.signature = booth
            .key
            .sign(crate::ballot::BALLOT_PURPOSE, &message, &mut booth.rng);
        let (check, shown) = (booth.opened(&b), booth.shown(&b));
        let found = recompute(&booth.rules, &shown, &check, &Revealed::of(&b, &SEED));
        assert_eq!(found, Err(CheckError::Ciphertext { contest: 0 }));
    }
}

#[test]
fn rejects_r9_05_plaintexts_that_are_no_single_choice() {
    // A booth that signs ciphertexts of two marks, of none, and of the value two.
    let mut booth = booth();
    let joint = *booth.rules.keys()[0].joint().point();
    let g = *Point::base().point();
    for values in [[1u8, 1, 0, 0, 0], [0; 5], [2, 0, 0, 0, 0]] {
        let mut b = booth.ballot(1, [0, 1]);
        let shape = *booth.rules.keys()[0].shape();
        let mut contest = ContestBallot::from_bytes(&b.contests[0], &shape).unwrap();
        for (i, v) in (0u32..).zip(values) {
            let r = randomness(&SEED, 0, i);
            let point = g * crypto::Scalar::from(v) + joint * r;
            contest.b[i as usize] = Encoded::from(point.compress());
        }
        b.contests[0] = contest.to_bytes();
        let message = b.signed_bytes();
        b.signature = booth
            .key
            .sign(crate::ballot::BALLOT_PURPOSE, &message, &mut booth.rng);
        let (check, shown) = (booth.opened(&b), booth.shown(&b));
        let found = recompute(&booth.rules, &shown, &check, &Revealed::of(&b, &SEED));
        assert_eq!(found, Err(CheckError::Ciphertext { contest: 0 }));
    }
}
