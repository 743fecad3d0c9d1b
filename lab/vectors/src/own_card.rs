//! Chapter 04 §4: the voter's own card.

use crate::file::{Answer, Group};
use crate::input::{In, array_of, hex, scalar_of};
use crate::stream::Stream;
use ballot::credential::Secret;
use ballot::own_card::booth::CardKeys;
use ballot::own_card::key_proof::{KeyProof, Owner};
use ballot::own_card::registrar::{Nonce, PersonKey};
use ballot::own_card::statement::{AuthStatement, Session};
use ballot::own_card::{OwnCard, Place, certificate_hash};
use crypto::dleq::Proof;
use crypto::schnorr::{Signature, SigningKey};
use crypto::wire::{Reader, TopLevel as _, Wire as _};
use crypto::{Encoded, Hash, Point, Scalar, Transcript};
use curve25519_dalek::ristretto::RistrettoPoint;
use rand_chacha::ChaCha20Rng;
use rand_core::{Rng as _, SeedableRng as _};
use serde_json::{Value, json};

const ELECTION: Hash = Hash([7; 64]);

fn points(i: In<'_>, name: &str) -> Vec<Point> {
    let point = |v: &Value| Point::from_bytes(&array_of(v)).expect("a point");
    i.list(name).iter().map(point).collect()
}

fn encoded(list: &[Point]) -> Vec<Value> {
    list.iter().map(|p| hex(p.as_bytes())).collect()
}

fn compute_person(i: In<'_>, _: In<'_>) -> Answer {
    let certificate = certificate_hash(&i.bytes("certificate"));
    let election = i.hash("election");
    let key = PersonKey::derive(&i.array("secret"), &election, &certificate).expect("a key");
    let owner = Owner {
        election: &election,
        registrar: i.u16("registrar"),
        certificate: &certificate,
    };
    let random = i.bytes("random");
    let made = key.prove(&owner, &mut Stream(&random)).expect("a proof");
    let base = owner.base().compress();
    Answer::accept(json!({"certificate_hash": hex(certificate.as_bytes()),
                          "W": hex(key.public().as_bytes()), "B": hex(base.as_bytes()),
                          "V": hex(made.image.as_bytes()), "proof": hex(proof_bytes(&made))}))
}

/// π without V.
fn proof_bytes(made: &KeyProof) -> Vec<u8> {
    let mut w = crypto::wire::Writer::new();
    made.proof.write(&mut w);
    w.finish()
}

/// The voting secret of a vector: from a card signature of one repeated byte.
fn secret(i: In<'_>) -> Secret {
    let shares: Vec<[u8; 64]> = i.list("salt_shares").iter().map(array_of).collect();
    Secret::derive(&i.array("card_signature"), &shares, &i.hash("election"))
}

fn keys(i: In<'_>) -> CardKeys {
    CardKeys::new(&secret(i), &i.hash("election"), &points(i, "W")).expect("keys")
}

fn compute_blinded(i: In<'_>, _: In<'_>) -> Answer {
    let keys = keys(i);
    let out = json!({"s": hex(secret(i).expose()), "X": encoded(keys.blinded())});
    match i.maybe("board").map(|_| keys.fit(&points(i, "board"))) {
        Some(Err(error)) => Answer::refuse(error.rule()),
        _ => Answer::accept(out),
    }
}

/// Election, voting key, number, predecessor and tokens of a place.
struct Stated {
    election: Hash,
    vk: Point,
    seq: u32,
    prev: Hash,
    window: u8,
    tokens: Vec<[u8; 256]>,
}

impl Stated {
    fn of(i: In<'_>) -> Self {
        Self {
            election: i.hash("election"),
            vk: i.point("vk"),
            seq: i.u32("seq"),
            prev: i.hash("prev"),
            window: u8::try_from(i.number("window")).expect("a window"),
            tokens: i.list("tokens").iter().map(array_of).collect(),
        }
    }
    fn place(&self) -> Place<'_> {
        Place {
            election: &self.election,
            vk: &self.vk,
            seq: self.seq,
            prev: &self.prev,
            window: self.window,
            tokens: &self.tokens,
        }
    }
}

fn compute_step(i: In<'_>, _: In<'_>) -> Answer {
    let stated = Stated::of(i);
    let random = i.bytes("random");
    let asked = keys(i).ask(&points(i, "K"), &stated.place(), &mut Stream(&random));
    let asked = asked.expect("one value of each registrar");
    let challenge = hex(asked.challenge().as_bytes());
    let answers: Vec<Scalar> = i.list("answers").iter().map(scalar_of).collect();
    match asked.finish(&answers) {
        Err(error) => Answer::refuse(error.rule()),
        Ok(card) => Answer::accept(
            json!({"challenge": challenge, "R": hex(card.r.0), "z": hex(card.z.as_bytes())}),
        ),
    }
}

fn compute_card(i: In<'_>, _: In<'_>) -> Answer {
    let stated = Stated::of(i);
    let card = OwnCard {
        keys: points(i, "X"),
        r: Encoded(i.array("R")),
        z: i.scalar("z"),
        window: stated.window,
    };
    let verdict = stated.place().verify(&card);
    Answer::verdict(verdict.map_err(|e| e.rule()))
}

fn compute_answer(i: In<'_>, _: In<'_>) -> Answer {
    let Ok(statement) = AuthStatement::from_bytes(&i.bytes("statement")) else {
        return Answer::refuse("R4.04");
    };
    let (election, certificate) = (i.hash("election"), i.hash("certificate_hash"));
    let (nonce, salt, e) = (i.array("nonce"), i.array("salt"), i.point("session_key"));
    let session = Session {
        election: &election,
        registrar: i.u16("registrar"),
        nonce: &nonce,
        session_key: &e,
        certificate: &certificate,
        salt: &salt,
    };
    let signature = Signature::read(&mut Reader::new(&i.bytes("signature"))).expect("64 bytes");
    let verdict = statement.check(&session, &i.point("key"), &signature);
    Answer::verdict(verdict.map_err(|e| e.rule()))
}

fn persons(certificate: &[u8]) -> Vec<PersonKey> {
    let certificate = certificate_hash(certificate);
    let key = |i| PersonKey::derive(&[i; 64], &ELECTION, &certificate).expect("a key");
    (1..=2).map(key).collect()
}

fn publics(certificate: &[u8]) -> Vec<Point> {
    persons(certificate).iter().map(PersonKey::public).collect()
}

fn person_keys() -> Group {
    let case = |secret: u8, election: u8, registrar: u16, certificate: &str| {
        json!({"secret": hex([secret; 64]), "election": hex([election; 64]),
               "registrar": registrar, "certificate": certificate, "random": hex([0x5a; 64])})
    };
    let note = "W of a card at a registrar, the second base B, V and the proof; `random` are the \
                64 bytes of which w of the proof is made";
    Group::new("person-key", note, compute_person)
        .good("a card", case(1, 7, 0, "3082010a"))
        .good("another card", case(1, 7, 0, "3082010b"))
        .good("another registrar", case(2, 7, 1, "3082010a"))
        .good("another election", case(1, 8, 0, "3082010a"))
}

/// What the blinded keys follow from.
fn blinding(certificate: &[u8]) -> Value {
    json!({"card_signature": hex([3; 256]), "salt_shares": [hex([4; 64]), hex([5; 64])],
           "election": hex(ELECTION.as_bytes()), "W": encoded(&publics(certificate))})
}

fn blinded_keys() -> Group {
    let own = keys(In(blinding(b"voter").as_object().expect("an object")));
    let with = |certificate: &[u8], board: &[Point]| {
        let mut case = blinding(certificate);
        case["board"] = json!(encoded(board));
        case
    };
    let swapped = [own.blinded()[1], own.blinded()[0]];
    let note = "X of every registrar; where `board` is given, the X of the ballots on the board";
    Group::new("blinded-keys", note, compute_blinded)
        .good("two registrars", blinding(b"voter"))
        .good("another card", blinding(b"stranger"))
        .good("those on the board", with(b"voter", own.blinded()))
        .with(
            "those of another card on the board",
            with(b"stranger", own.blinded()),
            "R4.06",
        )
        .with("in another order", with(b"voter", &swapped), "R4.06")
}

/// A whole card step, and the signature it gives.
fn step() -> (Value, Value) {
    let mut rng = ChaCha20Rng::seed_from_u64(44);
    let mut random = [0; 128];
    rng.fill_bytes(&mut random);
    let drawn: Vec<_> = (0..2).map(|_| Nonce::draw(&mut rng)).collect();
    let (nonces, public): (Vec<_>, Vec<_>) = drawn.into_iter().unzip();
    let tokens: Vec<Value> = (1..=2u8).map(|t| hex([t; 256])).collect();
    let mut case = blinding(b"voter");
    case["vk"] = hex(Point::base().as_bytes());
    case["seq"] = json!(2);
    case["prev"] = hex([9; 64]);
    case["window"] = json!(1);
    case["tokens"] = json!(tokens);
    case["K"] = json!(encoded(&public));
    case["random"] = hex(random);
    let (card, answers) = {
        let i = In(case.as_object().expect("an object"));
        let stated = Stated::of(i);
        let asked = keys(i).ask(&public, &stated.place(), &mut Stream(&random));
        let asked = asked.expect("one value of each registrar");
        let pairs = nonces.into_iter().zip(persons(b"voter"));
        let answers: Vec<Scalar> = pairs
            .map(|(nonce, key)| nonce.answer(&key, &asked.challenge()))
            .collect();
        (asked.finish(&answers).expect("honest answers"), answers)
    };
    case["answers"] = json!(
        answers
            .iter()
            .map(|s| hex(s.as_bytes()))
            .collect::<Vec<_>>()
    );
    let signed = json!({"election": case["election"], "vk": case["vk"], "seq": 2,
                        "prev": case["prev"], "window": 1, "tokens": case["tokens"],
                        "X": encoded(&card.keys), "R": hex(card.r.0),
                        "z": hex(card.z.as_bytes())});
    (case, signed)
}

fn steps(case: &Value) -> Group {
    let mut swapped = case.clone();
    let list = case["answers"].as_array().expect("two answers");
    swapped["answers"] = json!([list[1], list[0]]);
    let note = "the booth's half: `random` gives α and then β, 64 bytes each, little-endian mod ℓ; \
                `answers` are s of every registrar";
    Group::new("card-step", note, compute_step)
        .good("two registrars", case.clone())
        .with("answers exchanged", swapped, "R4.05")
}

fn cards(good: &Value) -> Group {
    let changed = |name: &str, value: Value| {
        let mut case = good.clone();
        case[name] = value;
        case
    };
    let tokens = good["tokens"].as_array().expect("two tokens");
    let keys = good["X"].as_array().expect("two keys");
    let fresh = json!([tokens[0], hex([0x55; 256])]);
    let note = "the signature of a further ballot (R, z) under ΣX";
    Group::new("own-card", note, compute_card)
        .good("good", good.clone())
        .with(
            "another election",
            changed("election", hex([8; 64])),
            "R4.02",
        )
        .with("another number", changed("seq", json!(3)), "R4.02")
        .with(
            "another predecessor",
            changed("prev", hex([8; 64])),
            "R4.02",
        )
        .with("another window", changed("window", json!(0)), "R4.02")
        .with(
            "the tokens exchanged",
            changed("tokens", json!([tokens[1], tokens[0]])),
            "R4.02",
        )
        .with(
            "a token of another session",
            changed("tokens", fresh),
            "R4.02",
        )
        .with(
            "the keys exchanged",
            changed("X", json!([keys[1], keys[0]])),
            "R4.02",
        )
        .with(
            "another voting key",
            changed("vk", keys[0].clone()),
            "R4.02",
        )
        .with(
            "an R that is no point",
            changed("R", hex([0xff; 32])),
            "R4.02",
        )
        .with("another z", changed("z", hex([1; 32])), "R4.02")
}

/// A person key and a proof of which one equation holds and the other does not: log_G W is not
/// log_B V, as when W depends on another registrar's key.
fn half(s: &mut AuthStatement, fits: usize) {
    let owner = s.owner();
    let (x, w) = (Scalar::from(5u8), Scalar::from(7u8));
    let other = x + Scalar::ONE;
    let [on_g, on_b] = if fits == 0 { [x, other] } else { [other, x] };
    let key = Point::mul_base(&on_g).expect("not zero");
    let image = Point::new(owner.base() * on_b).expect("not zero");
    let encoded = |p: RistrettoPoint| Encoded::from(p.compress());
    let t1 = encoded(RistrettoPoint::mul_base(&w));
    let t2 = encoded(owner.base() * w);
    let mut t = Transcript::new("again-key");
    t.add(s.election.as_bytes());
    t.number(u64::from(s.registrar));
    t.add(s.certificate.as_bytes());
    let points = [
        *key.as_bytes(),
        owner.base().compress().to_bytes(),
        *image.as_bytes(),
    ];
    t.points(&points.map(Encoded));
    t.points(&[t1, t2]);
    let z = w + t.challenge("dleq") * x;
    let proof = Proof { t1, t2, z };
    (s.person_key, s.proof) = (key, KeyProof { image, proof });
}

fn auth_answers() -> Group {
    let mut rng = ChaCha20Rng::seed_from_u64(45);
    let certificate = certificate_hash(b"voter");
    let key = persons(b"voter").remove(1);
    let (registrar, e) = (SigningKey::generate(&mut rng), Point::base());
    let owner = Owner {
        election: &ELECTION,
        registrar: 1,
        certificate: &certificate,
    };
    let good = AuthStatement {
        election: ELECTION,
        registrar: 1,
        nonce: [5; 32],
        session_key: e,
        certificate,
        salt: crypto::merkle::leaf(&[6; 64]),
        person_key: key.public(),
        proof: key.prove(&owner, &mut rng).expect("a proof"),
        exists: true,
        card_nonce: Some(Nonce::draw(&mut rng).1),
    };
    let mut case = |change: fn(&mut AuthStatement)| {
        let mut statement = good.clone();
        change(&mut statement);
        let signature = statement.sign(&registrar, &mut rng);
        let mut w = crypto::wire::Writer::new();
        signature.write(&mut w);
        json!({"statement": hex(statement.to_bytes()), "signature": hex(w.finish()),
               "key": hex(registrar.public().as_bytes()), "election": hex(ELECTION.as_bytes()),
               "registrar": 1, "nonce": hex([5; 32]), "session_key": hex(e.as_bytes()),
               "certificate_hash": hex(certificate.as_bytes()), "salt": hex([6; 64])})
    };
    let first = case(|s| (s.exists, s.card_nonce) = (false, None));
    let paused = case(|s| s.card_nonce = None);
    let whole = case(|_| ());
    let mut unsigned = whole.clone();
    unsigned["statement"] = paused["statement"].clone();
    let mut cut = whole.clone();
    let text = whole["statement"].as_str().expect("hexadecimal");
    cut["statement"] = json!(text[..text.len() - 2]);
    let mut salt = whole.clone();
    salt["salt"] = hex([7; 64]);
    let note = "a registrar's answer to auth (type 8) in the session given beside it; bytes that \
                are not canonical are R4.04";
    let changes: [(&str, fn(&mut AuthStatement)); 9] = [
        ("another nonce", |s| s.nonce[0] ^= 1),
        ("another session key", |s| s.session_key = s.person_key),
        ("another card", |s| s.certificate.0[0] ^= 1),
        ("a key that the registrar cannot prove", |s| {
            s.person_key = Point::base();
        }),
        ("another V", |s| s.proof.image = s.person_key),
        ("a proof of which G's half fits", |s| half(s, 0)),
        ("a proof of which B's half fits", |s| half(s, 1)),
        ("another registrar", |s| s.registrar = 0),
        ("K at a first visit", |s| s.exists = false),
    ];
    let mut group = Group::new("auth-answer", note, compute_answer)
        .good("with K", whole)
        .good("a first visit", first)
        .good("in the pause", paused);
    for (name, change) in changes {
        group = group.with(name, case(change), "R4.04");
    }
    group
        .with("another answer than was signed", unsigned, "R4.04")
        .with("a byte too few", cut, "R4.04")
        .with("another salt than was given", salt, "R4.04")
}

pub fn groups() -> Vec<Group> {
    let (step, signed) = step();
    vec![
        person_keys(),
        blinded_keys(),
        auth_answers(),
        steps(&step),
        cards(&signed),
    ]
}
