//! A registrar that chooses its key by the others' keys, together with a holder of the secret.

use super::*;
use crate::own_card::key_proof::{KeyProof, Owner};
use crypto::dleq;
use crypto::schnorr::Signature;

/// Purpose and message of the proof as it was before it had a second base.
fn old_message(owner: &Owner<'_>) -> Vec<u8> {
    let registrar = owner.registrar.to_le_bytes();
    [
        owner.election.as_bytes().as_slice(),
        &registrar,
        owner.certificate.as_bytes(),
    ]
    .concat()
}

/// What the two hold: registrar 1's key W_1 = a·G + b·W_0 and one answer of the honest registrar 0.
struct Rogue {
    a: Scalar,
    b: Scalar,
    key: Point,
    nonce: Point,
    session: Option<(Nonce, PersonKey)>,
}

impl Rogue {
    /// Asks for K_0 in a session with the voter's card; the factors follow from the secret.
    fn new(world: &mut World) -> Self {
        let honest = person(b"voter", 1).remove(0);
        let factors = factors(world);
        let a = random(&mut world.rng);
        let b = -factors[0] * factors[1].invert();
        let key = RistrettoPoint::mul_base(&a) + honest.public().point() * b;
        let (nonce, public) = Nonce::draw(&mut world.rng);
        Self {
            a,
            b,
            key: Point::new(key).unwrap(),
            nonce: public,
            session: Some((nonce, honest)),
        }
    }
    /// The honest registrar's one answer in that session, turned into a response under W_1.
    fn response(&mut self, challenge: Scalar) -> Scalar {
        let (nonce, honest) = self.session.take().expect("a nonce answers once");
        nonce.answer(&honest, &(challenge * self.b)) + challenge * self.a
    }
}

/// h of both registrars.
fn factors(world: &World) -> [Scalar; 2] {
    [0u16, 1].map(|i| {
        let fields = [
            world.secret.expose().as_slice(),
            ELECTION.as_bytes(),
            &i.to_le_bytes(),
        ];
        *derived("again-blind", fields)
    })
}

fn owner(certificate: &Hash) -> Owner<'_> {
    Owner {
        election: &ELECTION,
        registrar: 1,
        certificate,
    }
}

/// With such a key the two make a further ballot of anybody whose secret they have, without the
/// card: its proof is all that is in the way.
#[test]
fn a_72_a_key_that_depends_on_the_others_opens_every_further_ballot() {
    let mut world = World::new(20, 2);
    let rogue = Rogue::new(&mut world);
    let honest = person(b"voter", 1).remove(0).public();
    let keys = CardKeys::new(&world.secret, &ELECTION, &[honest, rogue.key]).unwrap();
    let x = factors(&world)[1] * rogue.a;
    assert_eq!(
        sum(keys.blinded()),
        Point::mul_base(&x),
        "known to the thief"
    );
    let k = random(&mut world.rng);
    let r = Encoded::from(RistrettoPoint::mul_base(&k).compress());
    let c = world.place().challenge(keys.blinded(), &r);
    let forged = OwnCard {
        keys: keys.blinded().to_vec(),
        r,
        z: k + c * x,
        window: 1,
    };
    assert_eq!(world.place().verify(&forged), Ok(()));
}

#[test]
fn a_72_rejects_r4_04_a_key_proof_out_of_an_honest_registrars_answer() {
    let certificate = certificate_hash(b"voter");
    let owner = owner(&certificate);
    let mut world = World::new(21, 2);
    // What was asked before, a signature under W_1 alone, comes out of one answered session.
    let mut rogue = Rogue::new(&mut world);
    let message = old_message(&owner);
    let r = Encoded(*rogue.nonce.as_bytes());
    let c = schnorr::challenge("again-key", &rogue.key, &r, &message);
    let old = Signature {
        r,
        z: rogue.response(c),
    };
    assert!(schnorr::verify(&rogue.key, "again-key", &message, &old).is_ok());

    // What is asked now does not: the answer is one for G, and no session gives k_0 or w_0 times
    // this base. V_0, which belongs to another base, does not help.
    let honest = person(b"voter", 1).remove(0);
    let own = Owner {
        registrar: 0,
        ..owner
    };
    let given = honest.prove(&own, &mut world.rng).unwrap();
    let base = owner.base();
    let (k0, tau) = (None, Some(random(&mut world.rng)));
    for (name, image, times) in [
        ("V_0, K_0 in t2", *given.image.point(), k0),
        ("a·B, K_0 in t2", RistrettoPoint::default(), k0),
        ("W_0, K_0 in t2", *honest.public().point(), k0),
        // The best they can do: all of it multiples of B that they know, and V_0.
        ("V_0, τ·B", *given.image.point(), tau),
        ("a·B, τ·B", RistrettoPoint::default(), tau),
    ] {
        let mut rogue = Rogue::new(&mut world);
        let image = Point::new(base * rogue.a + image * rogue.b).unwrap();
        let t1 = Encoded(*rogue.nonce.as_bytes());
        let t2 = times.map_or_else(|| base + rogue.nonce.point(), |tau| base * tau);
        let t2 = Encoded::from(t2.compress());
        let c = dleq_challenge(&owner, [&rogue.key, &image], [t1, t2]);
        let z = rogue.response(c);
        let left = RistrettoPoint::mul_base(&z) - rogue.key.point() * c;
        assert_eq!(
            Encoded::from(left.compress()),
            t1,
            "{name}: half of it fits"
        );
        let proof = dleq::Proof { t1, t2, z };
        refused(&mut world, rogue.key, KeyProof { image, proof }, name);
    }
    // The other half alone is no art: with z = τ + c·a it fits for V = a·B, and t1 does not.
    let rogue = Rogue::new(&mut world);
    let tau = random(&mut world.rng);
    let image = Point::new(base * rogue.a).unwrap();
    let t1 = Encoded(*rogue.nonce.as_bytes());
    let t2 = Encoded::from((base * tau).compress());
    let c = dleq_challenge(&owner, [&rogue.key, &image], [t1, t2]);
    let z = tau + c * rogue.a;
    let left = Encoded::from((base * z - image.point() * c).compress());
    assert_eq!(left, t2, "the other half fits");
    let proof = dleq::Proof { t1, t2, z };
    refused(
        &mut world,
        rogue.key,
        KeyProof { image, proof },
        "half for B",
    );
}

/// The challenge of spec 01 §1, written once more.
fn dleq_challenge(owner: &Owner<'_>, [key, image]: [&Point; 2], t: [Encoded; 2]) -> Scalar {
    let mut transcript = crypto::Transcript::new("again-key");
    transcript.add(owner.election.as_bytes());
    transcript.number(u64::from(owner.registrar));
    transcript.add(owner.certificate.as_bytes());
    let base = Encoded::from(owner.base().compress());
    let [key, image] = [key, image].map(|p| Encoded(*p.as_bytes()));
    transcript.points(&[key, base, image]);
    transcript.points(&t);
    transcript.challenge("dleq")
}

/// An answer with this key is refused by everybody, although its registrar signed it.
fn refused(world: &mut World, key: Point, proof: KeyProof, name: &str) {
    let (mut statement, signer, _) = statement(&mut world.rng);
    (statement.person_key, statement.proof) = (key, proof);
    let signature = statement.sign(&signer, &mut world.rng);
    let answer = statement.verify(&signer.public(), &signature);
    let refused = OwnCardError::Answer(1);
    assert_eq!(answer, Err(refused), "{name}");
    assert_eq!(refused.rule().to_string(), "R4.04");
}
