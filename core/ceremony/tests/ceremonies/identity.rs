//! The traitor posts points or degrees that would weaken the key.

use crate::table::{Table, commitment, knowledge, random};
use ceremony::{Ceremony, CeremonyError, HpkeSecret, Member, Message, Roster, Round};
use crypto::schnorr::SigningKey;
use crypto::wire::TopLevel as _;
use crypto::{Hash, Point, Scalar};

fn reveal(c: &Ceremony, id: u16, secrets: &[Scalar]) -> Message {
    let all: Vec<Point> = secrets
        .iter()
        .map(|s| Point::mul_base(s).unwrap())
        .collect();
    let knowledge = knowledge(c, id, secrets[0], &all);
    Message::Reveal {
        commitments: all,
        knowledge,
    }
}

#[test]
fn a_05_a_08_rejects_r2_02_the_identity_as_a_commitment() {
    let table = Table::new(3, 2, 14);
    let honest = reveal(&table.ceremony, 3, &[random(1), random(2)]);
    let mut bytes = honest.to_bytes();
    assert!(Message::from_bytes(&bytes).is_ok());
    // Version, type, tag, count; then the points.
    bytes[7..39].fill(0);
    let error = Message::from_bytes(&bytes).map_err(CeremonyError::from);
    assert_eq!(error.unwrap_err().rule().to_string(), "R2.02");
}

#[test]
fn a_08_rejects_r2_06_polynomials_of_another_degree() {
    for count in [1, 3] {
        let secrets: Vec<Scalar> = (0..count).map(random).collect();
        let end = Table::new(3, 2, 15).run(2, &mut |m, c| match m {
            Message::Commit(_) => {
                vec![Message::Commit(commitment(c, 2, &reveal(c, 2, &secrets)))]
            }
            Message::Reveal { .. } => vec![reveal(c, 2, &secrets)],
            m => vec![m],
        });
        assert_eq!(end.refused, [(2, "R2.06".to_owned())]);
        end.waits_for(2, Round::Reveal);
    }
}

/// All dealers together can make keys that cancel out – they hold the whole secret anyway. Such a
/// key would encrypt nothing, and the ceremony gives none.
#[test]
fn a_05_a_08_rejects_r2_10_a_joint_key_that_is_the_identity() {
    let rng = &mut rand_chacha::ChaCha20Rng::from_seed([1; 32]);
    let keys: Vec<_> = (0..2).map(|_| SigningKey::generate(rng)).collect();
    let member = |(id, key): (u16, &SigningKey)| Member {
        id,
        key: key.public(),
        hpke: HpkeSecret::from_bytes([u8::try_from(id).unwrap(); 32])
            .public()
            .unwrap(),
    };
    let roster = Roster::new(2, (1u16..).zip(&keys).map(member).collect()).unwrap();
    let mut c = Ceremony::new(Hash([3; 64]), roster);
    let (a, b, x, y) = (random(1), random(2), random(3), random(4));
    // Constant terms a and −a.
    let reveals = [reveal(&c, 1, &[a, x]), reveal(&c, 2, &[-a, y])];
    assert_ne!(a, b);
    for (id, m) in (1u16..).zip(&reveals) {
        let hash = commitment(&c, id, m);
        c.apply(id, &Message::Commit(hash)).unwrap();
    }
    for (id, m) in (1u16..).zip(&reveals) {
        c.apply(id, m).unwrap();
    }
    for (id, to) in [(1, 2), (2, 1)] {
        let share = ceremony::SealedShare {
            to,
            encapsulated: [0; 32],
            sealed: [0; 48],
        };
        c.apply(id, &Message::Shares(vec![share])).unwrap();
    }
    for id in [1, 2] {
        c.apply(id, &Message::Confirm).unwrap();
    }
    for (id, key) in (1u16..).zip(&keys) {
        let signature = key.sign("ceremony-root", c.root().as_bytes(), rng);
        c.apply(id, &Message::Sign(signature)).unwrap();
    }
    assert_eq!(c.round(), Round::Done);
    let error = c.outcome().unwrap_err();
    assert_eq!(error.rule().to_string(), "R2.10");
}

use rand_core::SeedableRng as _;
