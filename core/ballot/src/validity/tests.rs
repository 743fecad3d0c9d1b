use super::*;
use crate::blind::{Blinding, PublicKey};
use crate::contest::Selection;
use crate::draft::Draft;
use crate::manifest::tests::cast;
use crate::own_card::tests::card_step;
use crate::own_card::{OwnCard, Place};
use crate::proof::ProofError;
use crate::token::{Kind, TokenMessage};
use crypto::schnorr::SigningKey;
use rand_chacha::ChaCha20Rng;
use rand_core::SeedableRng as _;
use rsa::traits::{PrivateKeyParts as _, PublicKeyParts as _};
use rsa::{BigUint, RsaPrivateKey};
use std::sync::OnceLock;

/// RSA keys for first, again and survey tokens of all tests of this module; generated once.
fn issuers() -> &'static [RsaPrivateKey; 3] {
    static KEYS: OnceLock<[RsaPrivateKey; 3]> = OnceLock::new();
    let key = |_| RsaPrivateKey::new(&mut rsa::rand_core::OsRng, 2048).unwrap();
    KEYS.get_or_init(|| std::array::from_fn(key))
}

fn moduli() -> [[u8; 256]; 3] {
    let modulus = |key: &RsaPrivateKey| key.n().to_bytes_be().try_into().unwrap();
    issuers().each_ref().map(modulus)
}

fn token(message: &TokenMessage) -> [u8; 256] {
    let kind = match message.kind() {
        Kind::First => 0,
        _ => 1,
    };
    let (issuer, modulus) = (&issuers()[kind], &moduli()[kind]);
    let key = PublicKey::from_modulus(modulus).unwrap();
    let blinding = Blinding::fresh(&key, &[3; 64], "test", Kind::First).unwrap();
    let bytes = message.to_bytes();
    let blinded = crate::blind::blind(&key, &bytes, &blinding).unwrap();
    let signed = BigUint::from_bytes_be(&blinded).modpow(issuer.d(), issuer.n());
    let mut out = [0u8; 256];
    let be = signed.to_bytes_be();
    out[256 - be.len()..].copy_from_slice(&be);
    crate::blind::finalize(&key, &bytes, &out, &blinding).unwrap()
}

struct Booth {
    rules: BallotRules,
    key: SigningKey,
    rng: ChaCha20Rng,
}

fn booth() -> Booth {
    let mut rng = ChaCha20Rng::seed_from_u64(21);
    let rules = BallotRules::new(&cast(11, moduli()).manifest);
    Booth {
        rules,
        key: SigningKey::generate(&mut rng),
        rng,
    }
}

impl Booth {
    fn draft(&self, seq: u32, prev: Hash) -> Draft<'_> {
        let (election, vk) = (self.rules.election(), self.key.public());
        let tokens = vec![token(&TokenMessage::for_ballot(*election, vk, (seq, prev)))];
        let place = Place {
            election,
            vk: &vk,
            seq,
            prev: &prev,
            window: 0,
            tokens: &tokens,
        };
        let card = card_step(&place, &mut self.rng.clone());
        Draft {
            key: &self.key,
            seq,
            prev,
            pictures: [1, 15],
            tokens,
            card,
        }
    }
    fn seal(&mut self, choice: u16, seq: u32, prev: Hash) -> Ballot {
        let s = Selection::new(self.rules.keys()[0].shape(), &[choice]).unwrap();
        let mut rng = self.rng.clone();
        let b = self
            .draft(seq, prev)
            .seal(&self.rules, &[s], &[7; 32], &mut rng)
            .unwrap();
        self.rng = rng;
        b
    }
    /// Signs again after a change, as a hostile booth would.
    fn resign(&mut self, mut b: Ballot) -> Ballot {
        b.signature = self
            .key
            .sign(BALLOT_PURPOSE, &b.signed_bytes(), &mut self.rng);
        b
    }
    fn check(&mut self, b: &Ballot) -> Result<(), BallotError> {
        self.rules.check(&b.to_bytes(), &mut self.rng).map(|_| ())
    }
}

#[test]
fn ballots_of_every_choice_verify_and_have_one_length() {
    let mut booth = booth();
    let len = cast(11, moduli()).manifest.ballot_len();
    for choice in 0..11 {
        let b = booth.seal(choice, 1, Hash::ZERO);
        assert_eq!(b.to_bytes().len(), len);
        assert_eq!(booth.check(&b), Ok(()));
    }
    let again = booth.seal(4, 2, Hash([1; 64]));
    assert_eq!(booth.check(&again), Ok(()));
    assert_eq!(again.to_bytes().len(), len);
}

#[test]
fn rejects_r3_10_r3_11_bytes_and_length() {
    let mut booth = booth();
    let mut bytes = booth.seal(0, 1, Hash::ZERO).to_bytes();
    let mut rng = booth.rng.clone();
    assert_eq!(
        booth.rules.check(&bytes[1..], &mut rng),
        Err(BallotError::Length)
    );
    bytes[0] = 1;
    let error = booth.rules.check(&bytes, &mut rng).unwrap_err();
    assert_eq!(error.rule().to_string(), "R3.10");
}

#[test]
fn rejects_r3_12_r3_13_r3_14_r3_15_r3_17_fields() {
    let mut booth = booth();
    let good = booth.seal(0, 1, Hash::ZERO);
    let cases = vec![
        (
            Ballot {
                election: Hash::ZERO,
                ..good.clone()
            },
            BallotError::Election,
        ),
        (
            Ballot {
                pictures: [0, 16],
                ..good.clone()
            },
            BallotError::Pictures,
        ),
        (
            Ballot {
                seq: 0,
                ..good.clone()
            },
            BallotError::Sequence,
        ),
        (
            Ballot {
                prev: Hash([1; 64]),
                ..good.clone()
            },
            BallotError::Sequence,
        ),
        (
            Ballot {
                seq: 2,
                ..good.clone()
            },
            BallotError::Sequence,
        ),
    ];
    for (b, error) in cases {
        let b = booth.resign(b);
        assert_eq!(booth.check(&b), Err(error));
    }
    // Another number of parts changes the length, which is the cheaper rule; the fields' own rules
    // stand behind it.
    let none = Ballot {
        tokens: vec![],
        ..good.clone()
    };
    assert_eq!(
        booth.rules.check_fields(&none),
        Err(BallotError::TokenCount)
    );
    let none = Ballot {
        contests: vec![],
        ..good
    };
    assert_eq!(
        booth.rules.check_fields(&none),
        Err(BallotError::ContestCount)
    );
}

#[test]
fn rejects_r3_16_any_flipped_bit_in_the_signed_part() {
    let mut booth = booth();
    let bytes = booth.seal(3, 1, Hash::ZERO).to_bytes();
    for i in (0..bytes.len() * 8).step_by(97) {
        let mut b = bytes.clone();
        b[i / 8] ^= 1 << (i % 8);
        assert!(booth.rules.check_form(&b).is_err(), "bit {i}");
    }
    let stranger = SigningKey::generate(&mut booth.rng.clone());
    let mut b = booth.seal(3, 1, Hash::ZERO);
    b.signature = stranger.sign(BALLOT_PURPOSE, &b.signed_bytes(), &mut booth.rng.clone());
    assert_eq!(booth.check(&b), Err(BallotError::Signature));
}

#[test]
fn a_39_rejects_r4_01_tokens_of_another_seq_kind_key_or_election() {
    let mut booth = booth();
    let (e, vk) = (*booth.rules.election(), booth.key.public());
    let other = SigningKey::generate(&mut booth.rng.clone()).public();
    let wrong = [
        TokenMessage::Again {
            election: e,
            vk,
            seq: 1,
            prev: Hash::ZERO,
        },
        TokenMessage::Again {
            election: e,
            vk,
            seq: 2,
            prev: Hash::ZERO,
        },
        TokenMessage::First {
            election: e,
            vk: other,
        },
        TokenMessage::First {
            election: Hash::ZERO,
            vk,
        },
        TokenMessage::Survey {
            election: e,
            serial: [0; 32],
        },
    ];
    let good = booth.seal(0, 1, Hash::ZERO);
    for m in wrong {
        let b = booth.resign(Ballot {
            tokens: vec![token(&m)],
            ..good.clone()
        });
        assert_eq!(booth.check(&b), Err(BallotError::Token), "{m:?}");
    }
}

#[test]
fn a_01_rejects_another_voters_contest_under_my_key() {
    let mut booth = booth();
    let mine = booth.seal(1, 1, Hash::ZERO);
    let mut theirs = self::booth();
    theirs.key = SigningKey::generate(&mut ChaCha20Rng::seed_from_u64(5));
    let theirs = theirs.seal(2, 1, Hash::ZERO);
    let copy = booth.resign(Ballot {
        contests: theirs.contests,
        ..mine
    });
    assert_eq!(
        booth.check(&copy),
        Err(BallotError::Proof(ProofError::Bits))
    );
}

#[test]
fn a_01_rejects_r3_19_one_a_twice_in_a_ballot() {
    let mut booth = booth();
    let mut b = booth.seal(1, 1, Hash::ZERO);
    b.contests[0].copy_within(..32, 5 * 32);
    let b = booth.resign(b);
    assert_eq!(booth.check(&b), Err(BallotError::Repeated));
    let error = booth.check(&b).unwrap_err();
    assert_eq!(error.rule().to_string(), "R3.19");
    let batch = booth
        .rules
        .check_proofs_batch(&[&b], &mut booth.rng.clone());
    assert_eq!(batch, [Err(BallotError::Repeated)]);
    // The masks' first halves count: an opened one must not say anything about a vote. Of eleven
    // options: 22 points, then A and B.
    for at in [22, 24] {
        let mut b = booth.seal(1, 1, Hash::ZERO);
        b.contests[0].copy_within(3 * 32..4 * 32, at * 32);
        let b = booth.resign(b);
        assert_eq!(booth.check(&b), Err(BallotError::Repeated));
    }
    let mut twice = booth.seal(1, 1, Hash::ZERO);
    twice.contests[0].copy_within(22 * 32..23 * 32, 24 * 32);
    let twice = booth.resign(twice);
    assert_eq!(booth.check(&twice), Err(BallotError::Repeated));
    // The cheaper rules of a contest come first.
    let mut shorter = b;
    shorter.contests[0].pop();
    let error = booth.rules.check_proofs(&shorter, &mut booth.rng.clone());
    assert_eq!(error, Err(BallotError::Proof(ProofError::Length)));
}

#[test]
fn batches_agree_with_single_checks() {
    let mut booth = booth();
    let mut all: Vec<_> = (0..6).map(|i| booth.seal(i, 1, Hash::ZERO)).collect();
    all[2].contests[0][700] ^= 1;
    all[4].contests[0].pop();
    let refs: Vec<_> = all.iter().collect();
    let verdicts = booth
        .rules
        .check_proofs_batch(&refs, &mut booth.rng.clone());
    for (b, v) in all.iter().zip(&verdicts) {
        assert_eq!(*v, booth.rules.check_proofs(b, &mut booth.rng.clone()));
    }
    assert_eq!(verdicts.iter().filter(|v| v.is_err()).count(), 2);
    let read = booth.rules.decode(&all[0]).unwrap().remove(0);
    let pairs = read.a.iter().zip(&read.b);
    let ciphertexts: Vec<_> = pairs
        .filter_map(|(a, b)| Ciphertext::decode(a, b))
        .collect();
    assert_eq!(
        verdicts[0],
        Ok(vec![ciphertexts]),
        "not the ballot's own ciphertexts"
    );
}

/// The ballot with another value for its card, signed by its voter.
fn with_card(booth: &mut Booth, b: &Ballot, change: fn(&mut OwnCard)) -> Ballot {
    let mut b = b.clone();
    change(&mut b.card);
    booth.resign(b)
}

#[test]
fn rejects_r3_22_and_r4_02_cards_of_first_and_further_ballots() {
    let mut booth = booth();
    let first = booth.seal(1, 1, Hash::ZERO);
    let further = booth.seal(1, 2, Hash([1; 64]));
    assert_eq!(booth.check(&first), Ok(()));
    assert_eq!(booth.check(&further), Ok(()));
    let signed = with_card(&mut booth, &first, |c| c.r.0[0] = 1);
    assert_eq!(booth.check(&signed), Err(BallotError::OwnCard));
    let bare = with_card(&mut booth, &further, |c| c.z = crypto::Scalar::ZERO);
    assert_eq!(booth.check(&bare), Err(BallotError::OwnCard));
    let error = booth.check(&bare).unwrap_err();
    assert_eq!(error.rule().to_string(), "R3.22");
    let stolen = with_card(&mut booth, &further, |c| c.z += crypto::Scalar::ONE);
    let error = booth.check(&stolen).unwrap_err();
    assert_eq!(error.rule().to_string(), "R4.02");
    // The check ballot of a further ballot says the same about the card.
    let opened = CheckBallot::open(&bare, &booth.key, &mut booth.rng.clone());
    let error = booth
        .rules
        .check_opened_form(&opened.to_bytes())
        .unwrap_err();
    assert_eq!(error, BallotError::OwnCard);
}

#[test]
fn rejects_r4_01_a_token_of_another_window() {
    let mut booth = booth();
    let further = booth.seal(1, 2, Hash([1; 64]));
    // The manifest has one window.
    let later = with_card(&mut booth, &further, |c| c.window = 1);
    assert_eq!(booth.check(&later), Err(BallotError::Token));
}
