//! Chapter 04: card texts, secret, voting key, blinding, tokens.

use crate::statement::{
    Field, Tried, challenge, field, framed, hashed, holds, signed, wire, written,
};
use ballot::blind::{Blinding, PublicKey};
use ballot::card_text::{AuthText, CardText, CredentialText, origin_hash};
use ballot::credential::Secret;
use ballot::own_card::booth::CardKeys;
use ballot::own_card::key_proof::{KeyProof, Owner};
use ballot::own_card::registrar::{Nonce, PersonKey, Sitting};
use ballot::own_card::statement::AuthStatement;
use ballot::own_card::{Place, certificate_hash};
use ballot::salt::{self, SaltTable};
use ballot::token::{Kind, TokenMessage};
use crypto::schnorr::SigningKey;
use crypto::wire::TopLevel as _;
use crypto::{Encoded, Hash, Point, Scalar};
use curve25519_dalek::ristretto::RistrettoPoint;
use hmac::{Hmac, KeyInit as _, Mac as _};
use rand_chacha::ChaCha20Rng;
use rand_core::SeedableRng as _;
use sha2::Sha512;
use zeroize::Zeroizing;

pub fn all() -> Vec<Tried> {
    let origin = "https://registrar.example";
    vec![
        hashed(
            "origin",
            &[field("origin", origin)],
            origin_hash(origin).as_bytes(),
        ),
        auth(),
        credential(),
        salt_leaf(),
        salt_index(),
        secret(),
        voting_key(),
        blinding("blinding-derived", Blinding::derive),
        blinding("blinding-fresh", Blinding::fresh),
        tokens(),
        certificate(),
        person_key(),
        again_nonce(),
        again_base(),
        again_proof(),
        again_key(),
        again_blind(),
        again_ballot(),
        auth_answer(),
    ]
}

fn certificate() -> Tried {
    let frames = [field("certificate", [8; 20])];
    hashed(
        "certificate",
        &frames,
        certificate_hash(&[8; 20]).as_bytes(),
    )
}

fn person() -> PersonKey {
    PersonKey::derive(&[5; 64], &Hash([7; 64]), &Hash([6; 64])).expect("a key")
}

fn person_key() -> Tried {
    let frames = [
        field("secret", [5; 64]),
        field("election", [7; 64]),
        field("hash of the certificate", [6; 64]),
        field("counter", 0u32.to_le_bytes()),
    ];
    holds("person-key", &frames, |f| {
        RistrettoPoint::mul_base(&challenge("person-key", f)) == *person().public().point()
    })
}

/// w of the person, out of two answers of one nonce.
fn secret_of_person() -> Scalar {
    let answer = |c: u8| {
        let (one, _) = Nonce::draw(&mut ChaCha20Rng::seed_from_u64(1));
        one.answer(&person(), &Scalar::from(c))
    };
    answer(2) - answer(1)
}

fn again_nonce() -> Tried {
    let w = secret_of_person();
    let sitting = Sitting {
        election: &Hash([7; 64]),
        registrar: 1,
        nonce: &[8; 32],
        session_key: &point(2),
    };
    let (_, commitment) = Nonce::hedged(&Zeroizing::new([9; 64]), &person(), &sitting);
    let frames = [
        field("random", [9; 64]),
        field("w", w.as_bytes()),
        field("election", [7; 64]),
        field("registrar", [1, 0]),
        field("nonce", [8; 32]),
        field("session key", point(2).as_bytes()),
        field("counter", 0u32.to_le_bytes()),
    ];
    holds("again-nonce", &frames, |f| {
        RistrettoPoint::mul_base(&challenge("again-nonce", f)) == *commitment.point()
    })
}

fn owner() -> Owner<'static> {
    Owner {
        election: &Hash([7; 64]),
        registrar: 1,
        certificate: &Hash([6; 64]),
    }
}

fn proven() -> KeyProof {
    let mut rng = ChaCha20Rng::seed_from_u64(3);
    person().prove(&owner(), &mut rng).expect("a proof")
}

fn again_base() -> Tried {
    let frames = [
        field("election", [7; 64]),
        field("registrar", [1, 0]),
        field("hash of the certificate", [6; 64]),
    ];
    holds("again-base", &frames, |f| {
        RistrettoPoint::from_uniform_bytes(&framed("again-base", f)) == owner().base()
    })
}

fn again_proof() -> Tried {
    let random = [9; 64];
    let made = person().prove(&owner(), &mut vectors::stream::Stream(&random));
    let frames = [
        field("random", random),
        field("w", secret_of_person().as_bytes()),
        field("election", [7; 64]),
        field("registrar", [1, 0]),
        field("hash of the certificate", [6; 64]),
        field("counter", 0u32.to_le_bytes()),
    ];
    let t1 = made.expect("a proof").proof.t1;
    holds("again-proof", &frames, |f| {
        let nonce = challenge("again-proof", f);
        Encoded::from(RistrettoPoint::mul_base(&nonce).compress()) == t1
    })
}

fn again_key() -> Tried {
    let (key, KeyProof { image, proof }) = (person().public(), proven());
    let frames = [
        field("election", [7; 64]),
        field("registrar", 1u64.to_le_bytes()),
        field("hash of the certificate", [6; 64]),
        vec![
            ("W", key.as_bytes().to_vec()),
            ("B", owner().base().compress().as_bytes().to_vec()),
            ("V", image.as_bytes().to_vec()),
        ],
        vec![("t1", proof.t1.0.to_vec()), ("t2", proof.t2.0.to_vec())],
        field("label", "dleq"),
    ];
    holds("again-key", &frames, |f| {
        let c = challenge("again-key", f);
        let (on_g, on_b) = (key.point() * c, image.point() * c);
        let left = [
            RistrettoPoint::mul_base(&proof.z) - on_g,
            owner().base() * proof.z - on_b,
        ];
        left.map(|p| Encoded::from(p.compress())) == [proof.t1, proof.t2]
    })
}

fn again_blind() -> Tried {
    let secret = Secret::derive(&[5; 256], &[[6; 64]], &Hash([8; 64]));
    let keys = CardKeys::new(&secret, &Hash([7; 64]), &[Point::base()]).expect("one key");
    let frames = [
        field("secret", secret.expose()),
        field("election", [7; 64]),
        field("registrar", [0, 0]),
        field("counter", 0u32.to_le_bytes()),
    ];
    holds("again-blind", &frames, |f| {
        let h = challenge("again-blind", f);
        RistrettoPoint::mul_base(&h) == *keys.blinded()[0].point()
    })
}

fn again_ballot() -> Tried {
    let (keys, tokens) = ([point(2), point(3)], [[4; 256], [5; 256]]);
    let place = Place {
        election: &Hash([7; 64]),
        vk: &point(6),
        seq: 2,
        prev: &Hash([8; 64]),
        window: 1,
        tokens: &tokens,
    };
    let c = place.challenge(&keys, &Encoded([9; 32]));
    let frames = [
        field("election", [7; 64]),
        vec![
            ("X of the first registrar", point(2).as_bytes().to_vec()),
            ("X of the second registrar", point(3).as_bytes().to_vec()),
        ],
        field("R", [9; 32]),
        field("vk", point(6).as_bytes()),
        field("seq", 2u32.to_le_bytes()),
        field("prev", [8; 64]),
        field("window", [1]),
        vec![
            ("token of the first registrar", vec![4; 256]),
            ("token of the second registrar", vec![5; 256]),
        ],
    ];
    holds("again-ballot", &frames, |f| {
        challenge("again-ballot", f) == c
    })
}

fn auth_answer() -> Tried {
    let mut rng = ChaCha20Rng::seed_from_u64(4);
    let key = SigningKey::generate(&mut rng);
    let statement = AuthStatement {
        election: Hash([7; 64]),
        registrar: 1,
        nonce: [2; 32],
        session_key: point(3),
        certificate: Hash([6; 64]),
        salt: [4; 32],
        person_key: person().public(),
        proof: proven(),
        exists: true,
        card_nonce: Some(point(5)),
    };
    let s = &statement;
    let fields = vec![
        ("version and type", vec![2, 8]),
        ("election", wire(&s.election)),
        ("registrar", vec![1, 0]),
        ("nonce", s.nonce.to_vec()),
        ("session key", wire(&s.session_key)),
        ("hash of the certificate", wire(&s.certificate)),
        ("leaf hash of the salt", s.salt.to_vec()),
        ("W", wire(&s.person_key)),
        ("V", wire(&s.proof.image)),
        ("proof", wire(&s.proof.proof)),
        ("exists", vec![1]),
        ("K", written(|w| w.option(s.card_nonce.as_ref()))),
    ];
    let signature = statement.sign(&key, &mut rng);
    let by = (&key.public(), &signature);
    signed("auth-answer", by, &statement.to_bytes(), fields)
}

fn point(n: u8) -> Point {
    Point::mul_base(&Scalar::from(n)).expect("not zero")
}

/// The text consists of exactly these bytes; every change gives another digest to sign.
fn text(purpose: &str, text: &CardText, fields: Vec<Field>) -> Tried {
    let message = text.to_bytes();
    holds(purpose, &[fields], |f| {
        f.iter()
            .flatten()
            .flat_map(|(_, b)| b.clone())
            .eq(message.iter().copied())
    })
}

fn auth() -> Tried {
    let t = AuthText {
        election: Hash([1; 64]),
        origin: Hash([2; 64]),
        nonce: [3; 32],
        session_key: point(4),
        expiry_day: 20_000,
    };
    let fields = vec![
        ("version and type", vec![2, 3]),
        ("tag", written(|w| w.text("irefuda/v2/card-auth"))),
        ("election", vec![1; 64]),
        ("hash of the registrar's origin", vec![2; 64]),
        ("nonce", vec![3; 32]),
        ("session key", point(4).as_bytes().to_vec()),
        ("last day", 20_000u32.to_le_bytes().to_vec()),
    ];
    text("card-auth", &CardText::Auth(t), fields)
}

fn credential() -> Tried {
    let t = CredentialText {
        election: Hash([1; 64]),
    };
    let fields = vec![
        ("version and type", vec![2, 4]),
        ("tag", written(|w| w.text("irefuda/v2/card-credential"))),
        ("election", vec![1; 64]),
    ];
    text("card-credential", &CardText::Credential(t), fields)
}

fn mac(key: &[u8], parts: &[&[u8]]) -> [u8; 64] {
    let mut mac = Hmac::<Sha512>::new_from_slice(key).expect("any length");
    parts.iter().for_each(|p| mac.update(p));
    mac.finalize().into_bytes().into()
}

/// HKDF-SHA-512 for at most 64 bytes, as RFC 5869 writes it.
fn hkdf(salt: &[u8], ikm: &[u8], info: &[u8]) -> [u8; 64] {
    mac(&mac(salt, &[ikm]), &[info, &[1]])
}

fn secret() -> Tried {
    let s = Secret::derive(&[5; 256], &[[6; 64], [7; 64]], &Hash([8; 64]));
    let frames = [
        vec![
            ("card signature", vec![5; 256]),
            ("salt share of each registrar", [[6; 64], [7; 64]].concat()),
        ],
        field("election", [8; 64]),
    ];
    holds("credential-secret", &frames, |f| {
        let ikm: Vec<u8> = f[0].iter().flat_map(|(_, b)| b.clone()).collect();
        hkdf(b"irefuda/v2/credential-secret", &ikm, &f[1][0].1) == *s.expose()
    })
}

fn salt_leaf() -> Tried {
    let seed = Zeroizing::new([5; 64]);
    let leaf = SaltTable::generate(&seed, 4).salt(3).unwrap().leaf;
    let frames = [field("salt key", *seed), field("x", 3u32.to_le_bytes())];
    hashed("salt-leaf", &frames, leaf.as_ref())
}

fn salt_index() -> Tried {
    let x = salt::index(&Hash([7; 64]), 1, &[8; 20], 28);
    let frames = [
        field("election", [7; 64]),
        field("registrar", 1u16.to_le_bytes()),
        field("certificate", [8; 20]),
    ];
    holds("salt-index", &frames, |f| {
        let digest = framed("salt-index", f);
        u32::from_be_bytes(digest[..4].try_into().unwrap()) >> 4 == x
    })
}

fn voting_key() -> Tried {
    let s = Secret::derive(&[5; 256], &[[6; 64]], &Hash([8; 64]));
    let vk = s.voting_key().public();
    let frames = [
        field("secret", s.expose()),
        field("counter", 0u32.to_le_bytes()),
    ];
    holds("voting-key", &frames, |f| {
        let x = challenge("voting-key", f);
        RistrettoPoint::mul_base(&x) == *vk.point()
    })
}

type Make = fn(&PublicKey, &[u8; 64], &str, Kind) -> Result<Blinding, ballot::blind::BlindError>;

/// The salt of the PSS encoding. The factor r comes from the same fields with another label, for
/// as many counters as it takes; `blind-request` in `vectors/` shows it.
fn blinding(purpose: &str, make: Make) -> Tried {
    let issuer = &testkit::election::issuer_keys()[0];
    let key = PublicKey::from_modulus(&issuer.modulus).expect("a modulus");
    let (secret, name) = ([9; 64], "https://registrar.example");
    let made = make(&key, &secret, name, Kind::First).expect("a blinding");
    let dst = format!("irefuda/v2/{purpose}");
    let frames = [
        field("secret", secret),
        vec![
            ("label", written(|w| w.text("salt"))),
            ("issuer", written(|w| w.text(name))),
            ("kind", written(|w| w.text(Kind::First.as_str()))),
            ("counter", 0u32.to_le_bytes().to_vec()),
        ],
    ];
    holds(purpose, &frames, |f| {
        let info: Vec<u8> = f[1].iter().flat_map(|(_, b)| b.clone()).collect();
        hkdf(dst.as_bytes(), &f[0][0].1, &info)[..48] == *made.salt()
    })
}

fn tokens() -> Tried {
    let m = TokenMessage::Again {
        election: Hash([1; 64]),
        vk: point(3),
        seq: 2,
        prev: Hash([7; 64]),
    };
    let fields = vec![
        ("version and type", vec![2, 5]),
        ("kind", vec![2]),
        ("election", vec![1; 64]),
        ("vk", point(3).as_bytes().to_vec()),
        ("seq", 2u32.to_le_bytes().to_vec()),
        ("prev", vec![7; 64]),
    ];
    let message = m.to_bytes();
    holds("token", &[fields], |f| {
        f.iter()
            .flatten()
            .flat_map(|(_, b)| b.clone())
            .eq(message.iter().copied())
    })
}

/// Nothing is cut short on the way: every bit of a seed and every byte of what s is made from
/// counts, so nobody has less to guess than 256 bits.
#[test]
fn a_36_every_bit_of_seeds_and_secrets_counts() {
    let before = ballot::proof::randomness(&[1; 32], 0, 0);
    for bit in 0..256 {
        let mut seed = [1; 32];
        seed[bit / 8] ^= 1 << (bit % 8);
        assert!(
            ballot::proof::randomness(&seed, 0, 0) != before,
            "bit {bit}"
        );
    }
    let (card, share) = ([1; 256], [[2; 64]]);
    let s = Secret::derive(&card, &share, &Hash::ZERO);
    for i in 0..256 {
        let mut other = card;
        other[i] ^= 0x80;
        let t = Secret::derive(&other, &share, &Hash::ZERO);
        assert!(t.expose() != s.expose(), "byte {i} of the card's signature");
    }
    for i in 0..64 {
        let mut other = share;
        other[0][i] ^= 0x80;
        let t = Secret::derive(&card, &other, &Hash::ZERO);
        assert!(t.expose() != s.expose(), "byte {i} of the salt share");
    }
    // The voting key hangs on all 512 bits of s.
    assert_eq!(s.expose().len(), 64);
}
