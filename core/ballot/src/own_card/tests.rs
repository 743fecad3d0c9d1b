use super::booth::{Asked, CardKeys};
use super::key_proof::Owner;
use super::registrar::{Nonce, PersonKey, Sitting};
use super::statement::{AuthStatement, Session};
use super::*;
use crate::credential::Secret;
use crypto::schnorr::{self, SigningKey};
use crypto::wire::TopLevel as _;
use proptest::prelude::*;
use rand_chacha::ChaCha20Rng;
use rand_core::SeedableRng as _;

mod rogue;

const ELECTION: Hash = Hash([7; 64]);

/// One voter's card at every registrar, and the voter's booth.
struct World {
    rng: ChaCha20Rng,
    secret: Secret,
    vk: Point,
    registrars: Vec<PersonKey>,
    tokens: Vec<[u8; RSA_BYTES]>,
}

fn person(certificate: &[u8], m: u8) -> Vec<PersonKey> {
    let certificate = certificate_hash(certificate);
    let key = |i| PersonKey::derive(&[i; 64], &ELECTION, &certificate).unwrap();
    (1..=m).map(key).collect()
}

fn publics(keys: &[PersonKey]) -> Vec<Point> {
    keys.iter().map(PersonKey::public).collect()
}

impl World {
    fn new(seed: u64, m: u8) -> Self {
        let secret = Secret::derive(&[3; 256], &[[4; 64]], &ELECTION);
        Self {
            rng: ChaCha20Rng::seed_from_u64(seed),
            vk: secret.voting_key().public(),
            secret,
            registrars: person(b"voter", m),
            tokens: (1..=m).map(|i| [i; RSA_BYTES]).collect(),
        }
    }
    fn keys(&self) -> CardKeys {
        CardKeys::new(&self.secret, &ELECTION, &publics(&self.registrars)).unwrap()
    }
    fn place(&self) -> Place<'_> {
        Place {
            election: &ELECTION,
            vk: &self.vk,
            seq: 2,
            prev: &Hash([9; 64]),
            window: 1,
            tokens: &self.tokens,
        }
    }
    /// A whole card step with these registrars' keys for the card that is in the reader.
    fn made(&mut self) -> OwnCard {
        let drawn: Vec<_> = (0..self.registrars.len())
            .map(|_| Nonce::draw(&mut self.rng))
            .collect();
        let (nonces, public): (Vec<_>, Vec<_>) = drawn.into_iter().unzip();
        let mut rng = self.rng.clone();
        let asked = self.keys().ask(&public, &self.place(), &mut rng).unwrap();
        self.rng = rng;
        let answers = self.answers(nonces, &asked);
        asked.finish(&answers).unwrap()
    }
    fn answers(&self, nonces: Vec<Nonce>, asked: &Asked) -> Vec<Scalar> {
        let pairs = nonces.into_iter().zip(&self.registrars);
        pairs
            .map(|(nonce, key)| nonce.answer(key, &asked.challenge()))
            .collect()
    }
}

/// What the card step gives for a place, for tests of ballots: always the same voter's card.
pub(crate) fn card_step(place: &Place<'_>, rng: &mut ChaCha20Rng) -> OwnCard {
    let m = u8::try_from(place.tokens.len()).unwrap();
    let world = World::new(0, m);
    if place.seq == 1 {
        return OwnCard::first(world.keys().blinded().to_vec());
    }
    let drawn: Vec<_> = (0..m).map(|_| Nonce::draw(rng)).collect();
    let (nonces, public): (Vec<_>, Vec<_>) = drawn.into_iter().unzip();
    let asked = world.keys().ask(&public, place, rng).unwrap();
    let answers = world.answers(nonces, &asked);
    asked.finish(&answers).unwrap()
}

/// That of a first ballot with one registrar.
pub(crate) fn first_card() -> OwnCard {
    OwnCard::first(World::new(0, 1).keys().blinded().to_vec())
}

proptest! {
    #[test]
    fn every_card_step_gives_a_signature_and_the_same_keys(seed: u64, m in 1u8..=8) {
        let mut world = World::new(seed, m);
        let (one, two) = (world.made(), world.made());
        prop_assert_eq!(world.place().verify(&one), Ok(()));
        prop_assert_eq!(world.place().verify(&two), Ok(()));
        prop_assert!(one.has_form(2, usize::from(m)));
        prop_assert!(!one.has_form(1, usize::from(m)));
        prop_assert_eq!(&one.keys, &two.keys);
        prop_assert_ne!((one.r, one.z), (two.r, two.z));
    }

    /// The signature says nothing about the session: for this (R, z) and *any* session of any
    /// person there are factors that fit, whoever's session it was.
    #[test]
    fn every_signature_fits_every_session(seed: u64, other: u64) {
        let mut world = World::new(seed, 2);
        let card = world.made();
        let c = world.place().challenge(&card.keys, &card.r);
        // A session of somebody else, seen by both registrars together.
        let mut rng = ChaCha20Rng::seed_from_u64(other);
        let strangers = person(b"stranger", 2);
        let asked = random(&mut rng);
        // Two factors of which one is chosen freely: h_1·w_1 + h_2·w_2 must be the key's secret.
        let (nonces, answers): (Vec<_>, Vec<_>) = strangers.iter().map(|w| {
            let (nonce, public) = Nonce::draw(&mut rng);
            (public, nonce.answer(w, &asked))
        }).unzip();
        // The secrets behind the voter's X are known to nobody; here the test knows them.
        let x = secrets(&world);
        let w: Vec<Scalar> = strangers.iter().map(secret_of).collect();
        let h: Vec<Scalar> = x.iter().zip(&w).map(|(x, w)| x * w.invert()).collect();
        for ((h, w), x) in h.iter().zip(publics(&strangers)).zip(&card.keys) {
            prop_assert_eq!(Point::new(w.point() * h), Some(*x));
        }
        let beta = asked - c;
        let alpha = card.z - h.iter().zip(&answers).map(|(h, s)| h * s).sum::<Scalar>();
        let blinded: RistrettoPoint = h.iter().zip(&nonces).map(|(h, k)| k.point() * h).sum();
        let key = sum(&card.keys).unwrap();
        let r = RistrettoPoint::mul_base(&alpha) + blinded + key.point() * beta;
        prop_assert_eq!(Encoded::from(r.compress()), card.r);
    }
}

fn random(rng: &mut ChaCha20Rng) -> Scalar {
    crypto::group::random_scalar(rng)
}

/// w, out of two answers of one nonce: see `two_answers_of_one_nonce_give_the_key_away`.
fn secret_of(key: &PersonKey) -> Scalar {
    let answer = |c: Scalar| {
        let (nonce, _) = Nonce::draw(&mut ChaCha20Rng::seed_from_u64(1));
        nonce.answer(key, &c)
    };
    answer(Scalar::from(2u8)) - answer(Scalar::ONE)
}

/// The secrets behind X.
fn secrets(world: &World) -> Vec<Scalar> {
    let indexed = (0u16..).zip(&world.registrars);
    indexed
        .map(|(i, w)| {
            let index = i.to_le_bytes();
            let secret = world.secret.expose().as_slice();
            *derived("again-blind", [secret, ELECTION.as_bytes(), &index]) * secret_of(w)
        })
        .collect()
}

#[test]
fn a_74_two_answers_of_one_nonce_give_the_key_away() {
    // Why a nonce answers once, by value: here a second one is drawn from the same randomness, as
    // after a restored snapshot of memory.
    let key = person(b"voter", 1).remove(0);
    assert_eq!(Point::mul_base(&secret_of(&key)), Some(key.public()));
}

#[test]
fn rejects_r4_02_a_signature_for_anything_else() {
    let mut world = World::new(1, 2);
    let card = world.made();
    let place = world.place();
    assert_eq!(place.verify(&card), Ok(()));
    let refused = Err(OwnCardError::Signature);
    let other = Hash([8; 64]);
    let stranger = Point::base();
    let mut swapped = world.tokens.clone();
    swapped.swap(0, 1);
    // Yesterday's (R, z) with an *again* token that somebody else's card got today.
    let mut fresh = world.tokens.clone();
    fresh[1] = [0x55; RSA_BYTES];
    for (name, place) in [
        (
            "election",
            Place {
                election: &other,
                ..place
            },
        ),
        (
            "voting key",
            Place {
                vk: &stranger,
                ..place
            },
        ),
        ("number", Place { seq: 3, ..place }),
        (
            "predecessor",
            Place {
                prev: &other,
                ..place
            },
        ),
        ("window", Place { window: 2, ..place }),
        (
            "tokens swapped",
            Place {
                tokens: &swapped,
                ..place
            },
        ),
        (
            "another card's token",
            Place {
                tokens: &fresh,
                ..place
            },
        ),
        (
            "a token less",
            Place {
                tokens: &swapped[..1],
                ..place
            },
        ),
    ] {
        assert_eq!(place.verify(&card), refused, "{name}");
    }
}

#[test]
fn rejects_r4_02_a_signature_that_was_changed() {
    let mut world = World::new(1, 2);
    let card = world.made();
    let place = world.place();
    let refused = Err(OwnCardError::Signature);
    type Change = fn(&mut OwnCard);
    let changes: [(&str, Change); 5] = [
        ("R", |c| c.r.0[3] ^= 1),
        ("R that is no point", |c| c.r = Encoded([0xff; 32])),
        ("z", |c| c.z += Scalar::ONE),
        ("keys swapped", |c| c.keys.swap(0, 1)),
        // The sum, and with it the equation, stays the same; the challenge does not.
        ("keys with one sum", |c| {
            let shift = Point::base();
            c.keys[0] = Point::new(c.keys[0].point() + shift.point()).unwrap();
            c.keys[1] = Point::new(c.keys[1].point() - shift.point()).unwrap();
        }),
    ];
    for (name, change) in changes {
        let mut changed = card.clone();
        change(&mut changed);
        assert_eq!(place.verify(&changed), refused, "{name}");
    }
}

#[test]
fn a_72_rejects_r4_02_another_persons_card_and_pin() {
    // s is stolen, the card is not: the thief has a card and PIN of somebody else.
    let mut world = World::new(2, 2);
    let honest = world.made();
    world.registrars = person(b"stranger", 2);
    let mut forged = world.made();
    assert_eq!(
        world.place().verify(&forged),
        Ok(()),
        "good for X of the stranger"
    );
    assert_ne!(forged.keys, honest.keys);
    forged.keys = honest.keys;
    assert_eq!(world.place().verify(&forged), Err(OwnCardError::Signature));
    // Neither do two cards of others make the third: keys of persons have no linear relation.
    world.registrars = person(b"second stranger", 2);
    let mut sum = world.made();
    sum.keys.clone_from(&forged.keys);
    sum.z += forged.z;
    assert_eq!(world.place().verify(&sum), Err(OwnCardError::Signature));
}

#[test]
fn a_75_two_registrars_together_do_not_find_the_person() {
    let world = World::new(3, 2);
    let [w1, w2] = [0, 1].map(|i| secret_of(&world.registrars[i]));
    let x = world.keys().blinded().to_vec();
    assert_ne!(x[0].point() * w2, x[1].point() * w1);
    // With one factor for both they would: the reason why h depends on the registrar.
    let h = Scalar::from(77u8);
    let one: Vec<_> = publics(&world.registrars)
        .iter()
        .map(|w| w.point() * h)
        .collect();
    assert_eq!(one[0] * w2, one[1] * w1);
}

#[test]
fn rejects_r4_05_an_answer_that_does_not_fit_and_names_who_gave_it() {
    let mut world = World::new(4, 3);
    let drawn: Vec<_> = (0..3).map(|_| Nonce::draw(&mut world.rng)).collect();
    let (nonces, public): (Vec<_>, Vec<_>) = drawn.into_iter().unzip();
    let mut rng = world.rng.clone();
    let asked = world.keys().ask(&public, &world.place(), &mut rng).unwrap();
    let mut answers = world.answers(nonces, &asked);
    answers[1] += Scalar::ONE;
    assert_eq!(asked.check(0, &answers[0]), Ok(()));
    let refused = OwnCardError::Response(1);
    assert_eq!(asked.check(1, &answers[1]), Err(refused));
    assert_eq!(asked.finish(&answers).unwrap_err(), refused);
    assert_eq!(refused.rule().to_string(), "R4.05");
}

#[test]
fn rejects_r4_06_keys_that_are_not_those_on_the_board() {
    let mut world = World::new(5, 2);
    let on_board = world.keys().blinded().to_vec();
    assert_eq!(world.keys().fit(&on_board), Ok(()));
    assert_eq!(
        world.keys().fit(&on_board[..1]),
        Err(OwnCardError::Registrars)
    );
    // Registrar 1 tells another W.
    world.registrars[1] = person(b"stranger", 2).remove(1);
    assert_eq!(world.keys().fit(&on_board), Err(OwnCardError::OtherKey(1)));
    assert_eq!(OwnCardError::OtherKey(1).rule().to_string(), "R4.06");
}

#[test]
fn a_step_needs_one_value_of_every_registrar() {
    let mut world = World::new(6, 2);
    let refused = OwnCardError::Registrars;
    let (_, public) = Nonce::draw(&mut world.rng);
    let mut rng = world.rng.clone();
    let asked = world.keys().ask(&[public], &world.place(), &mut rng);
    assert_eq!(asked.unwrap_err(), refused);
    let asked = world.keys().ask(&[public; 2], &world.place(), &mut rng);
    assert_eq!(asked.unwrap().finish(&[Scalar::ONE]).unwrap_err(), refused);
    let nobody = CardKeys::new(&world.secret, &ELECTION, &[]);
    assert_eq!(nobody.unwrap_err(), refused);
}

#[test]
fn rejects_r3_22_keys_that_cancel_and_zeros_in_the_wrong_place() {
    let mut world = World::new(7, 2);
    let good = world.made();
    let first = OwnCard::first(good.keys.clone());
    assert!(good.has_form(2, 2) && first.has_form(1, 2));
    type Change = fn(&mut OwnCard);
    let both: [(&str, Change); 2] = [
        ("a key less", |c| {
            c.keys.pop();
        }),
        ("keys that cancel", |c| {
            c.keys[1] = Point::new(-c.keys[0].point()).unwrap();
        }),
    ];
    let of_first: [(&str, Change); 3] = [
        ("R", |c| c.r.0[0] = 1),
        ("z", |c| c.z = Scalar::ONE),
        ("window", |c| c.window = 1),
    ];
    let of_later: [(&str, Change); 2] = [
        ("no R", |c| c.r = Encoded([0; 32])),
        ("no z", |c| c.z = Scalar::ZERO),
    ];
    for (from, seq, changes) in [
        (&first, 1, &both[..]),
        (&good, 2, &both[..]),
        (&first, 1, &of_first[..]),
        (&good, 2, &of_later[..]),
    ] {
        for (name, change) in changes {
            let mut changed = from.clone();
            change(&mut changed);
            assert!(!changed.has_form(seq, 2), "{name} at {seq}");
        }
    }
    let mut zero = good;
    zero.window = 0;
    assert!(zero.has_form(2, 2), "the first window is one");
}

/// An answer to *auth* and what the booth knows of the session.
fn statement(rng: &mut ChaCha20Rng) -> (AuthStatement, SigningKey, [u8; 64]) {
    let certificate = certificate_hash(b"voter");
    let key = PersonKey::derive(&[1; 64], &ELECTION, &certificate).unwrap();
    let salt = [6; 64];
    let owner = Owner {
        election: &ELECTION,
        registrar: 1,
        certificate: &certificate,
    };
    let statement = AuthStatement {
        election: ELECTION,
        registrar: 1,
        nonce: [5; 32],
        session_key: SigningKey::generate(rng).public(),
        certificate,
        salt: crypto::merkle::leaf(&salt),
        person_key: key.public(),
        proof: key.prove(&owner, rng).unwrap(),
        exists: true,
        card_nonce: Some(Nonce::draw(rng).1),
    };
    (statement, SigningKey::generate(rng), salt)
}

#[test]
fn rejects_r4_04_an_answer_that_was_changed_or_is_of_another_session() {
    let mut rng = ChaCha20Rng::seed_from_u64(8);
    let (good, key, salt) = statement(&mut rng);
    let signature = good.sign(&key, &mut rng);
    let session = Session {
        election: &ELECTION,
        registrar: 1,
        nonce: &[5; 32],
        session_key: &good.session_key,
        certificate: &good.certificate,
        salt: &salt,
    };
    let refused = Err(OwnCardError::Answer(1));
    assert_eq!(good.check(&session, &key.public(), &signature), Ok(()));
    assert_eq!(good.check(&session, &Point::base(), &signature), refused);
    for other in [
        Session {
            election: &Hash::ZERO,
            ..session
        },
        Session {
            nonce: &[4; 32],
            ..session
        },
        Session {
            session_key: &Point::base(),
            ..session
        },
        Session {
            certificate: &Hash::ZERO,
            ..session
        },
        Session {
            salt: &[0; 64],
            ..session
        },
    ] {
        assert_eq!(good.check(&other, &key.public(), &signature), refused);
    }
    type Change = fn(&mut AuthStatement);
    let changes: [(&str, Change); 6] = [
        ("W", |s| s.person_key = Point::base()),
        ("V", |s| s.proof.image = s.person_key),
        ("π", |s| s.proof.proof.z += Scalar::ONE),
        ("exists", |s| {
            s.exists = false;
            s.card_nonce = None;
        }),
        ("K", |s| s.card_nonce = Some(Point::base())),
        ("no K", |s| s.card_nonce = None),
    ];
    for (name, change) in changes {
        let mut changed = good.clone();
        change(&mut changed);
        assert_eq!(
            changed.check(&session, &key.public(), &signature),
            refused,
            "{name}"
        );
    }
    // The registrar itself cannot say a W of which it does not know w, nor a nonce at a first visit.
    let mut foreign = good.clone();
    foreign.person_key = Point::base();
    let signature = foreign.sign(&key, &mut rng);
    assert_eq!(foreign.check(&session, &key.public(), &signature), refused);
    let mut early = good.clone();
    early.exists = false;
    let signature = early.sign(&key, &mut rng);
    assert_eq!(early.check(&session, &key.public(), &signature), refused);
}

#[test]
fn the_proof_is_for_one_card_of_one_registrar() {
    let mut rng = ChaCha20Rng::seed_from_u64(9);
    let (good, ..) = statement(&mut rng);
    let proves = |election: &Hash, registrar: u16, certificate: &Hash| {
        let owner = Owner {
            election,
            registrar,
            certificate,
        };
        good.proof.holds(&good.person_key, &owner)
    };
    assert!(proves(&ELECTION, 1, &good.certificate));
    assert!(!proves(&Hash::ZERO, 1, &good.certificate));
    assert!(!proves(&ELECTION, 0, &good.certificate));
    assert!(!proves(&ELECTION, 1, &Hash::ZERO));
}

#[test]
fn answers_travel_and_a_person_has_one_key_in_an_election() {
    let mut rng = ChaCha20Rng::seed_from_u64(10);
    let (good, ..) = statement(&mut rng);
    let bytes = good.to_bytes();
    assert_eq!(AuthStatement::from_bytes(&bytes), Ok(good));
    for n in 0..bytes.len() {
        assert!(AuthStatement::from_bytes(&bytes[..n]).is_err(), "{n}");
    }
    let key = person(b"voter", 1).remove(0);
    let (r, w) = (key.public(), person(b"other", 1).remove(0).public());
    assert_ne!(r, w, "one key a person");
    let elsewhere = PersonKey::derive(&[1; 64], &Hash::ZERO, &certificate_hash(b"voter"));
    assert_ne!(elsewhere.unwrap().public(), r, "one key an election");
}

/// Nothing of a card step is printed, not even X and W, which name a ballot and a person; what is
/// secret is wiped when it is dropped.
#[test]
fn a_card_step_prints_nothing_and_is_wiped() {
    fn is_wiped<T: zeroize::ZeroizeOnDrop>(_: &T) {}
    let mut world = World::new(4, 2);
    let (nonce, commitment) = Nonce::draw(&mut world.rng);
    is_wiped(&nonce);
    assert_eq!(format!("{nonce:?}"), "Nonce(…)");
    assert_eq!(format!("{:?}", world.registrars[0]), "PersonKey(…)");
    let keys = world.keys();
    assert_eq!(format!("{keys:?}"), "CardKeys(…)");
    let mut rng = world.rng.clone();
    let asked = keys.ask(&[commitment; 2], &world.place(), &mut rng);
    assert_eq!(format!("{:?}", asked.unwrap()), "Asked(…)");
}

/// k follows from randomness, key and session, each of them: a generator that repeats itself gives
/// another k in another session and to another person, and a known session another k with other
/// randomness.
#[test]
fn a_74_a_nonce_depends_on_randomness_key_and_session() {
    let keys = person(b"voter", 2);
    let (e, other) = (Point::base(), keys[0].public());
    let made = |random: u8, key: usize, sitting: Sitting<'_>| {
        let random = zeroize::Zeroizing::new([random; 64]);
        Nonce::hedged(&random, &keys[key], &sitting)
    };
    let sitting = Sitting {
        election: &ELECTION,
        registrar: 1,
        nonce: &[5; 32],
        session_key: &e,
    };
    let (nonce, commitment) = made(1, 0, sitting);
    assert_eq!(made(1, 0, sitting).1, commitment, "no other randomness");
    let elsewhere = |change: fn(&mut Sitting<'_>)| {
        let mut other = sitting;
        change(&mut other);
        made(1, 0, other).1
    };
    let others = [
        made(2, 0, sitting).1,
        made(1, 1, sitting).1,
        elsewhere(|s| s.election = &Hash::ZERO),
        elsewhere(|s| s.registrar = 0),
        elsewhere(|s| s.nonce = &[6; 32]),
        made(
            1,
            0,
            Sitting {
                session_key: &other,
                ..sitting
            },
        )
        .1,
    ];
    for (i, one) in others.iter().enumerate() {
        assert_ne!(*one, commitment, "{i}");
        assert!(!others[..i].contains(one), "{i}");
    }
    // It answers as any other: s·G = K + c'·W.
    let challenge = Scalar::from(7u8);
    let answer = nonce.answer(&keys[0], &challenge);
    let right = commitment.point() + keys[0].public().point() * challenge;
    assert_eq!(RistrettoPoint::mul_base(&answer), right);
}
