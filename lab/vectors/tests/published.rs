//! Vectors that others published, in `vectors/published/`, against the crates that ship.
#![expect(clippy::unwrap_used, reason = "helpers of tests")]

use ceremony::{Ceremony, Member, Message, Roster, SealedShare};
use crypto::hash::{from_hex, to_hex};
use crypto::schnorr::SigningKey;
use crypto::sharing::{Polynomial, evaluate_commitments, lagrange_at_zero};
use crypto::wire::{TopLevel as _, Wire as _, Writer};
use crypto::{Encoded, Hash, Point, Scalar};
use curve25519_dalek::ristretto::RistrettoPoint;
use curve25519_dalek::traits::Identity as _;
use rand_chacha::ChaCha20Rng;
use rand_core::SeedableRng as _;
use serde_json::Value;

fn read(name: &str) -> Value {
    let folder = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("../../vectors/published");
    let text = std::fs::read_to_string(folder.join(name)).expect(name);
    serde_json::from_str(&text).unwrap()
}

fn bytes<const N: usize>(v: &Value) -> [u8; N] {
    from_hex(v.as_str().unwrap()).unwrap().try_into().unwrap()
}

fn list<'a>(v: &'a Value, name: &str) -> &'a [Value] {
    let list = v[name].as_array().unwrap();
    assert!(!list.is_empty(), "{name}");
    list
}

fn scalar(v: &Value) -> Scalar {
    Option::from(Scalar::from_canonical_bytes(bytes(v))).unwrap()
}

#[test]
fn a_06_rfc9496_multiples_refused_encodings_and_the_one_way_map() {
    let file = read("rfc9496-ristretto255.json");
    let mut sum = RistrettoPoint::identity();
    for (n, hex) in (0u64..).zip(list(&file, "multiples")) {
        assert_eq!(sum.compress().to_bytes(), bytes::<32>(hex));
        assert_eq!(RistrettoPoint::mul_base(&Scalar::from(n)), sum);
        assert_eq!(Encoded(bytes(hex)).decompress(), Some(sum));
        sum += Point::base().point();
    }
    assert_eq!(list(&file, "multiples").len(), 16);
    for hex in list(&file, "refused") {
        assert_eq!(Encoded(bytes(hex)).decompress(), None, "{hex}");
        assert_eq!(Point::from_bytes(&bytes(hex)), None, "{hex}");
    }
    assert_eq!(list(&file, "refused").len(), 29);
    for map in list(&file, "one_way_map") {
        let point = RistrettoPoint::from_uniform_bytes(&bytes(&map["input"]));
        assert_eq!(point.compress().to_bytes(), bytes::<32>(&map["point"]));
    }
    assert_eq!(list(&file, "one_way_map").len(), 11);
}

#[test]
fn rfc6962_roots() {
    let file = read("rfc6962-merkle.json");
    let leaves: Vec<[u8; 32]> = list(&file, "leaves")
        .iter()
        .map(|l| crypto::merkle::leaf(&from_hex(l.as_str().unwrap()).unwrap()))
        .collect();
    for (n, root) in list(&file, "roots").iter().enumerate() {
        assert_eq!(crypto::merkle::root(&leaves[..n]), bytes(root), "{n}");
    }
}

/// The polynomial of a FROST dealer.
fn polynomial(dealer: &Value) -> Polynomial {
    Polynomial::from_coefficients(list(dealer, "coefficients").iter().map(scalar).collect())
}

fn points(dealer: &Value) -> Vec<Point> {
    let list = list(dealer, "commitments").iter();
    list.map(|c| Point::from_bytes(&bytes(c)).unwrap())
        .collect()
}

#[test]
fn frost_polynomials_shares_and_verifying_shares() {
    let file = read("frost-ristretto255-dkg.json");
    let dealers = list(&file, "dealers");
    for dealer in dealers {
        assert_eq!(polynomial(dealer).commitments(), Some(points(dealer)));
    }
    for receiver in list(&file, "received") {
        let to = u16::try_from(receiver["to"].as_u64().unwrap()).unwrap();
        let mut sum = polynomial(&dealers[usize::from(to) - 1]).evaluate(to);
        for (from, share) in receiver["shares"].as_object().unwrap() {
            let dealer = &dealers[from.parse::<usize>().unwrap() - 1];
            assert_eq!(polynomial(dealer).evaluate(to), scalar(share));
            let public = evaluate_commitments(&points(dealer), to);
            assert_eq!(RistrettoPoint::mul_base(&scalar(share)), public);
            sum += scalar(share);
        }
        assert_eq!(sum, scalar(&receiver["share"]));
        let public = Point::mul_base(&sum).unwrap();
        assert_eq!(*public.as_bytes(), bytes(&receiver["verifying_share"]));
    }
    let known = &file["trusted_dealer"];
    let shares: Vec<Scalar> = list(known, "shares").iter().map(scalar).collect();
    for (x, share) in (1u16..).zip(&shares) {
        assert_eq!(polynomial(known).evaluate(x), *share);
    }
    let ids = [1u16, 3];
    let secret: Scalar = ids
        .iter()
        .map(|i| lagrange_at_zero(*i, &ids).unwrap() * shares[usize::from(*i) - 1])
        .sum();
    assert_eq!(secret, scalar(&known["secret"]));
    let key = Point::mul_base(&secret).unwrap();
    assert_eq!(*key.as_bytes(), bytes(&known["group_key"]));
}

/// Runs a ceremony of ours with the polynomials of the FROST example.
#[test]
fn frost_group_key_and_verifying_shares_by_a_ceremony_of_ours() {
    let file = read("frost-ristretto255-dkg.json");
    let mut rng = ChaCha20Rng::seed_from_u64(1);
    let keys: Vec<SigningKey> = (0..3).map(|_| SigningKey::generate(&mut rng)).collect();
    let members = (1u16..).zip(&keys).map(|(id, key)| Member {
        id,
        key: key.public(),
        hpke: [u8::try_from(id).unwrap(); 32],
    });
    let roster = Roster::new(2, members.collect()).unwrap();
    let setup = Hash([3; 64]);
    let mut w = Writer::new();
    roster.write(&mut w);
    let roster_bytes = w.finish();
    let mut c = Ceremony::new(setup, roster);
    let reveals: Vec<Message> = (1u16..=3)
        .zip(list(&file, "dealers"))
        .map(|(id, dealer)| {
            let mut w = Writer::new();
            w.raw(setup.as_bytes());
            w.raw(&roster_bytes);
            w.u16(id);
            w.list(&points(dealer));
            let key = SigningKey::from_scalar(polynomial(dealer).constant()).unwrap();
            let knowledge = key.sign("ceremony-knowledge", &w.finish(), &mut rng);
            Message::Reveal {
                commitments: points(dealer),
                knowledge,
            }
        })
        .collect();
    for (id, m) in (1u16..).zip(&reveals) {
        let fields: [&[u8]; 4] = [
            setup.as_bytes(),
            &roster_bytes,
            &id.to_le_bytes(),
            &m.to_bytes(),
        ];
        let commitment = crypto::hash::hash("ceremony-commit", &fields);
        c.apply(id, &Message::Commit(commitment)).unwrap();
    }
    for (id, m) in (1u16..).zip(&reveals) {
        c.apply(id, m).unwrap();
    }
    for id in 1..=3u16 {
        let sealed = |to| SealedShare {
            to,
            encapsulated: [0; 32],
            sealed: [0; 48],
        };
        let shares = (1..=3).filter(|to| *to != id).map(sealed).collect();
        c.apply(id, &Message::Shares(shares)).unwrap();
    }
    for id in 1..=3 {
        c.apply(id, &Message::Confirm).unwrap();
    }
    let root = c.root();
    for (id, key) in (1u16..).zip(&keys) {
        let signature = key.sign("ceremony-root", root.as_bytes(), &mut rng);
        c.apply(id, &Message::Sign(signature)).unwrap();
    }
    let outcome = c.outcome().unwrap();
    assert_eq!(*outcome.joint.as_bytes(), bytes(&file["group_key"]));
    for (key, receiver) in outcome.verification.iter().zip(list(&file, "received")) {
        assert_eq!(to_hex(key.as_bytes()), receiver["verifying_share"]);
    }
}
