//! What nodes, stations, sessions and the authority sign outside the board.

use crate::statement::{Field, Tried, field, hashed, holds, signed, wire, written};
use api::hex::Hex;
use api::node::{Absence, Judgement};
use ballot::own_card::key_proof::Owner;
use ballot::own_card::registrar::PersonKey;
use crypto::schnorr::SigningKey;
use crypto::signed::Statement as _;
use crypto::{Encoded, Hash, Rule, Scalar};
use rand_chacha::ChaCha20Rng;
use rand_core::SeedableRng as _;

pub fn all() -> Vec<Tried> {
    vec![
        answer(),
        no_ballot(),
        station(),
        token(),
        challenge(),
        start(),
        words(),
    ]
}

fn key() -> SigningKey {
    SigningKey::from_scalar(Scalar::from(11u8)).expect("not zero")
}

fn rng() -> ChaCha20Rng {
    ChaCha20Rng::seed_from_u64(11)
}

fn n(n: u64) -> Vec<u8> {
    n.to_le_bytes().to_vec()
}

fn joined(fields: &[Field]) -> Vec<u8> {
    fields.iter().flat_map(|(_, b)| b.clone()).collect()
}

fn answer() -> Tried {
    let rule = Some(Rule::new(5, 22));
    let a = Judgement {
        network: [1; 32],
        entry: Hash([2; 64]),
        rule,
        height: 3,
        time_ms: 4,
    };
    let a = a.signed(&key(), &mut rng());
    let fields = vec![
        ("network", vec![1; 32]),
        ("entry", vec![2; 64]),
        ("rule", 522u16.to_le_bytes().to_vec()),
        ("height", n(3)),
        ("time", n(4)),
    ];
    let message = joined(&fields);
    let by = (&key().public(), &a.signature);
    signed("node-answer", by, &message, fields)
}

fn no_ballot() -> Tried {
    let voter = Encoded([2; 32]);
    let a = Absence {
        network: [1; 32],
        voter,
        height: 3,
        time_ms: 4,
    };
    let a = a.signed(&key(), &mut rng());
    let fields = vec![
        ("network", vec![1; 32]),
        ("vk", wire(&voter)),
        ("height", n(3)),
        ("time", n(4)),
    ];
    let message = joined(&fields);
    let by = (&key().public(), &a.signature);
    signed("node-no-ballot", by, &message, fields)
}

/// A message that a key of its own purpose signs.
fn message(purpose: &str, message: &[u8], fields: Vec<Field>) -> Tried {
    let s = key().sign(purpose, message, &mut rng());
    signed(purpose, (&key().public(), &s), message, fields)
}

fn station() -> Tried {
    let face = api::registrar::FaceVerdict::Staff;
    let made = api::registrar::station_message(&[1; 240], "counter-1", face, "two_officers");
    let fields = vec![
        ("authentication text", written(|w| w.bytes(&[1; 240]))),
        ("station", written(|w| w.text("counter-1"))),
        ("face verdict", written(|w| w.text("staff"))),
        ("face reason", written(|w| w.text("two_officers"))),
    ];
    message(api::registrar::PURPOSE_STATION, &made, fields)
}

fn token() -> Tried {
    let (election, origin) = (Hash([1; 64]), Hash([2; 64]));
    let heard = [heard(5), heard(6)];
    let asked = api::registrar::Asked {
        kind: "again",
        window: 1,
        blinded: &[4; 256],
        heard: &heard,
    };
    let made = api::registrar::token_message(&election, &origin, &[3; 32], &asked);
    let fields = vec![
        ("election", vec![1; 64]),
        ("hash of the registrar's origin", vec![2; 64]),
        ("nonce", vec![3; 32]),
        ("kind", written(|w| w.text("again"))),
        ("window", vec![1]),
        ("blinded request", written(|w| w.bytes(&[4; 256]))),
        ("what registrars said", written(|w| w.list(&heard))),
    ];
    message(api::registrar::PURPOSE_TOKEN, &made, fields)
}

fn heard(n: u8) -> api::registrar::Heard {
    let signature = key().sign("x", &[n], &mut rng());
    let owner = Owner {
        election: &Hash([1; 64]),
        registrar: 0,
        certificate: &Hash([n; 64]),
    };
    let person = PersonKey::derive(&[n; 64], owner.election, owner.certificate).expect("a key");
    let proof = person.prove(&owner, &mut rng()).expect("a proof");
    api::registrar::Heard {
        nonce: Hex([n; 32]),
        salt: Hex([n; 32]),
        person_key: Hex(key().public()),
        proof: Hex(proof),
        exists: true,
        card_nonce: Some(Hex(key().public())),
        signature: Hex(signature),
    }
}

fn challenge() -> Tried {
    let (election, origin, c) = (Hash([1; 64]), Hash([2; 64]), Scalar::from(4u8));
    let made = api::registrar::challenge_message(&election, &origin, &[3; 32], &c);
    let fields = vec![
        ("election", vec![1; 64]),
        ("hash of the registrar's origin", vec![2; 64]),
        ("nonce", vec![3; 32]),
        ("challenge", wire(&c)),
    ];
    message(api::registrar::PURPOSE_CHALLENGE, &made, fields)
}

fn start() -> Tried {
    let hints = ["https://a.example".to_owned()];
    let made = api::start_file::static_message(&Hash([1; 64]), &hints);
    let fields = vec![
        ("version", 1u32.to_le_bytes().to_vec()),
        ("election", vec![1; 64]),
        (
            "address hints",
            written(|w| {
                w.u32(1);
                w.text(&hints[0]);
            }),
        ),
    ];
    message(api::start_file::PURPOSE_START_FILE, &made, fields)
}

/// Six words say 60 bits of a hash; a changed value says others.
fn words() -> Tried {
    let frames = [field("value", [5; 32])];
    let h = crypto::hash::hash("words", &[&[5; 32]]);
    hashed("words", &frames, h.as_bytes());
    let said = crypto::words::six(&[5; 32]);
    holds("words", &frames, |f| crypto::words::six(&f[0][0].1) == said)
}
