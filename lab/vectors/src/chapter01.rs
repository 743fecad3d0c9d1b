//! Chapter 01: hash, transcript, generators, signatures, equality proofs, canonical bytes.

use crate::file::{Answer, File, Group};
use crate::input::{In, array_of, bytes_of, hex, scalars};
use crate::stream::Stream;
use ballot::token::TokenMessage;
use ceremony::Message;
use crypto::dleq::{self, Proof};
use crypto::group::generator;
use crypto::hash::hash;
use crypto::schnorr::{self, Signature, SigningKey};
use crypto::wire::{Reader, TopLevel, Wire, WireError, Writer};
use crypto::{Encoded, Point, Scalar, Transcript};
use rand_chacha::ChaCha20Rng;
use rand_core::{Rng as _, SeedableRng as _};
use serde_json::{Value, json};
use tally::PartialDecryption;

/// The rule that a fault of the codec is.
pub fn wire_rule(error: WireError) -> &'static str {
    match error {
        WireError::Truncated | WireError::Trailing => "R0.01",
        WireError::Version(_) | WireError::Type(_) => "R0.02",
        WireError::TooLong => "R0.03",
        WireError::Text => "R0.04",
        WireError::Tag(_) => "R0.05",
        WireError::Point => "R0.06",
        WireError::Scalar => "R0.07",
        WireError::Range | WireError::Order => panic!("no rule of chapter 01"),
    }
}

fn compute_hash(i: In<'_>, _: In<'_>) -> Answer {
    let fields: Vec<Vec<u8>> = i.list("fields").iter().map(bytes_of).collect();
    let refs: Vec<&[u8]> = fields.iter().map(Vec::as_slice).collect();
    let h = hash(i.text("purpose"), &refs);
    let scalar = Scalar::from_bytes_mod_order_wide(&h.0);
    Answer::accept(json!({"hash": h.to_hex(), "scalar": hex(scalar.as_bytes())}))
}

fn compute_generator(i: In<'_>, _: In<'_>) -> Answer {
    let point = generator(i.text("label"), i.u32("index"));
    Answer::accept(json!({"point": hex(point.compress().as_bytes())}))
}

/// Runs the steps of a transcript; gives its challenges.
fn run(t: &mut Transcript, steps: &[Value]) -> Vec<Scalar> {
    let mut challenges = Vec::new();
    for step in steps {
        if let Some(field) = step.get("add") {
            t.add(&bytes_of(field));
        } else if let Some(n) = step.get("number") {
            t.number(n.as_u64().expect("a number"));
        } else if let Some(list) = step.get("points") {
            let list = list.as_array().expect("a list");
            let list: Vec<Encoded> = list.iter().map(|p| Encoded(array_of(p))).collect();
            t.points(&list);
        } else {
            challenges.push(t.challenge(step["challenge"].as_str().expect("a label")));
        }
    }
    challenges
}

fn compute_transcript(i: In<'_>, _: In<'_>) -> Answer {
    let mut t = Transcript::new(i.text("purpose"));
    let challenges = run(&mut t, i.list("steps"));
    Answer::accept(json!({"challenges": scalars(&challenges)}))
}

fn compute_sign(i: In<'_>, _: In<'_>) -> Answer {
    let key = SigningKey::from_scalar(i.scalar("secret")).expect("not zero");
    let (fresh, message) = (i.bytes("fresh"), i.bytes("message"));
    let signature = key.sign(i.text("purpose"), &message, &mut Stream(&fresh));
    let mut w = Writer::new();
    signature.write(&mut w);
    let purpose = i.text("purpose").as_bytes();
    let secret = key.to_secret_bytes();
    let nonce = hash("schnorr-nonce", &[&*secret, &fresh, purpose, &message]);
    Answer::accept(json!({
        "key": hex(key.public().as_bytes()),
        "nonce": hex(Scalar::from_bytes_mod_order_wide(&nonce.0).as_bytes()),
        "signature": hex(w.finish()),
    }))
}

fn verify_signature(i: In<'_>) -> Result<(), String> {
    let key = Point::from_bytes(&i.array("key")).ok_or("R0.06")?;
    let bytes = i.bytes("signature");
    let signature = Signature::read(&mut Reader::new(&bytes)).map_err(wire_rule)?;
    schnorr::verify(&key, i.text("purpose"), &i.bytes("message"), &signature)
        .map_err(|_| "R0.08".to_owned())
}

fn context(i: In<'_>) -> Transcript {
    let c = i.object("context");
    let mut t = Transcript::new(c.text("purpose"));
    run(&mut t, c.list("steps"));
    t
}

fn compute_equality(i: In<'_>, _: In<'_>) -> Answer {
    let x = i.scalar("secret");
    let key = Point::mul_base(&x).expect("not zero");
    let base = Encoded(i.array("base")).decompress().expect("canonical");
    let random = i.bytes("random");
    let (image, proof) = dleq::prove(&context(i), &x, &key, &base, &mut Stream(&random));
    let mut w = Writer::new();
    proof.write(&mut w);
    let proof = hex(w.finish());
    Answer::accept(json!({"key": hex(key.as_bytes()), "image": hex(image.0), "proof": proof}))
}

fn verify_equality(i: In<'_>) -> Result<(), String> {
    let key = Point::from_bytes(&i.array("key")).ok_or("R0.06")?;
    let base = Encoded(i.array("base")).decompress().ok_or("R0.06")?;
    let bytes = i.bytes("proof");
    let proof = Proof::read(&mut Reader::new(&bytes)).map_err(wire_rule)?;
    let image = Encoded(i.array("image"));
    if dleq::verify(&context(i), &key, &base, &image, &proof) {
        Ok(())
    } else {
        Err("R7.02".to_owned())
    }
}

fn read<T: TopLevel>(bytes: &[u8]) -> Result<(), WireError> {
    T::from_bytes(bytes).map(|_| ())
}

fn compute_decode(i: In<'_>, _: In<'_>) -> Answer {
    let bytes = i.bytes("bytes");
    let done = match i.number("type") {
        5 => read::<TokenMessage>(&bytes),
        6 => read::<board::Header>(&bytes),
        7 => read::<board::Receipt>(&bytes),
        30 => read::<Message>(&bytes),
        31 => read::<PartialDecryption>(&bytes),
        other => panic!("type {other}"),
    };
    Answer::verdict(done.map_err(wire_rule))
}

fn hashes() -> Group {
    let long = "00".repeat(300);
    Group::new(
        "hash",
        "H(purpose, fields…) and the scalar of it",
        compute_hash,
    )
    .good(
        "one field",
        json!({"purpose": "fingerprint", "fields": ["6162"]}),
    )
    .good("no field", json!({"purpose": "t", "fields": []}))
    .good("one empty field", json!({"purpose": "t", "fields": [""]}))
    .good(
        "two fields",
        json!({"purpose": "t", "fields": ["61", "6263"]}),
    )
    .good(
        "the same bytes cut elsewhere",
        json!({"purpose": "t", "fields": ["6162", "63"]}),
    )
    .good(
        "more than one block",
        json!({"purpose": "t", "fields": [long, long]}),
    )
}

fn generators() -> Group {
    let list = [
        ("G", 0),
        ("G", 1),
        ("G", 199),
        ("J", 0),
        ("J", 199),
        ("H'", 0),
    ];
    Group::new("generator", "gen(label, i)", compute_generator).all(list.map(|(label, index)| {
        let inputs = json!({"label": label, "index": index});
        (format!("{label} {index}"), inputs, "accept".to_owned())
    }))
}

fn steps() -> Value {
    let g = hex(Point::base().as_bytes());
    json!([{"add": "00ff"}, {"number": 258}, {"points": [g, g]}, {"challenge": "y"},
           {"points": []}, {"challenge": "x"}])
}

fn transcripts() -> Group {
    Group::new(
        "transcript",
        "add, number, points, challenge",
        compute_transcript,
    )
    .good(
        "two challenges",
        json!({"purpose": "ballot-proof", "steps": steps()}),
    )
    .good(
        "nothing before",
        json!({"purpose": "t", "steps": [{"challenge": "y"}]}),
    )
}

fn random<const N: usize>(seed: u64) -> [u8; N] {
    let mut out = [0; N];
    ChaCha20Rng::seed_from_u64(seed).fill_bytes(&mut out);
    out
}

fn secret(seed: u64) -> Scalar {
    Scalar::from_bytes_mod_order_wide(&random(seed))
}

/// ℓ, the order.
pub const ORDER: &str = "edd3f55c1a631258d69cf7a2def9de1400000000000000000000000000000010";

fn signatures() -> Group {
    let sign = |seed, purpose: &str, message: &str| {
        json!({"secret": hex(secret(seed).as_bytes()), "fresh": hex(random::<32>(seed + 1)),
               "purpose": purpose, "message": message})
    };
    Group::new(
        "schnorr-sign",
        "the nonce is the scalar of H(\"schnorr-nonce\", secret, 32 fresh bytes, purpose, message)",
        compute_sign,
    )
    .good("a message", sign(1, "manifest", "616263"))
    .good("an empty message", sign(3, "ballot", ""))
}

fn signature_checks() -> Group {
    let key = SigningKey::from_scalar(secret(5)).expect("not zero");
    let signature = key.sign("ballot", b"abc", &mut Stream(&random::<32>(6)));
    let mut w = Writer::new();
    signature.write(&mut w);
    let good = w.finish();
    let case = |key: &[u8], purpose: &str, message: &str, signature: &[u8]| {
        json!({"key": hex(key), "purpose": purpose, "message": message,
               "signature": hex(signature)})
    };
    let public = *key.public().as_bytes();
    let mut shifted = good.clone();
    shifted[32..].copy_from_slice((signature.z + Scalar::ONE).as_bytes());
    let mut large = good.clone();
    large[32..].copy_from_slice(&bytes_of(&json!(ORDER)));
    let mut odd = good.clone();
    odd[..32].fill(0xff);
    let other = *Point::mul_base(&secret(7)).expect("not zero").as_bytes();
    Group::new(
        "schnorr-verify",
        "a signature (R, z) under a key",
        |i, _| Answer::verdict(verify_signature(i)),
    )
    .good("good", case(&public, "ballot", "616263", &good))
    .with(
        "another purpose",
        case(&public, "manifest", "616263", &good),
        "R0.08",
    )
    .with(
        "another message",
        case(&public, "ballot", "616264", &good),
        "R0.08",
    )
    .with(
        "another key",
        case(&other, "ballot", "616263", &good),
        "R0.08",
    )
    .with(
        "z plus one",
        case(&public, "ballot", "616263", &shifted),
        "R0.08",
    )
    .with(
        "R not canonical is not decoded",
        case(&public, "ballot", "616263", &odd),
        "R0.08",
    )
    .with(
        "z is the order",
        case(&public, "ballot", "616263", &large),
        "R0.07",
    )
    .with(
        "the identity as key",
        case(&[0; 32], "ballot", "616263", &good),
        "R0.06",
    )
    .with(
        "a key that is not canonical",
        case(&[0xff; 32], "ballot", "616263", &good),
        "R0.06",
    )
}

fn equality() -> (Group, Group) {
    let ctx = json!({"purpose": "partial-decryption", "steps": [{"add": "07"}, {"number": 3}]});
    let base = *Point::mul_base(&secret(8)).expect("not zero").as_bytes();
    let made = |base: [u8; 32]| {
        json!({"context": ctx, "secret": hex(secret(9).as_bytes()), "base": hex(base),
               "random": hex(random::<64>(10))})
    };
    let prove = Group::new(
        "equality-prove",
        "w is the scalar of `random`",
        compute_equality,
    )
    .good("a base", made(base))
    .good("the identity as base", made([0; 32]));
    let inputs = made(base);
    let answer = compute_equality(
        In(inputs.as_object().expect("an object")),
        In(&Default::default()),
    );
    let (key, image, proof) = (
        &answer.out["key"],
        &answer.out["image"],
        &answer.out["proof"],
    );
    let case = |field: &str, value: Value| {
        let mut v = json!({"context": ctx, "key": key, "base": hex(base), "image": image,
                           "proof": proof});
        if !field.is_empty() {
            v[field] = value;
        }
        v
    };
    let bytes = bytes_of(proof);
    let swapped = [&bytes[32..64], &bytes[..32], &bytes[64..]].concat();
    let large = [&bytes[..64], &bytes_of(&json!(ORDER))].concat();
    let odd = [&[0xff; 32], &bytes[32..]].concat();
    let other = json!({"purpose": "partial-decryption", "steps": [{"add": "07"}, {"number": 4}]});
    let verify = Group::new(
        "equality-verify",
        "a proof that does not hold shows as R7.02, where it is used",
        |i, _| Answer::verdict(verify_equality(i)),
    )
    .good("good", case("", Value::Null))
    .with("another context", case("context", other), "R7.02")
    .with("another image", case("image", hex(base)), "R7.02")
    .with(
        "an image that is not canonical",
        case("image", hex([0xff; 32])),
        "R7.02",
    )
    .with("another base", case("base", key.clone()), "R7.02")
    .with("t1 and t2 swapped", case("proof", hex(swapped)), "R7.02")
    .with(
        "t1 not canonical is not decoded",
        case("proof", hex(odd)),
        "R7.02",
    )
    .with("z is the order", case("proof", hex(large)), "R0.07")
    .with("the identity as key", case("key", hex([0; 32])), "R0.06");
    (prove, verify)
}

fn decoding() -> Group {
    let token = TokenMessage::Again {
        election: crypto::Hash([4; 64]),
        vk: Point::base(),
        seq: 2,
        prev: crypto::Hash([5; 64]),
    }
    .to_bytes();
    let case = |kind: u8, bytes: &[u8]| json!({"type": kind, "bytes": hex(bytes)});
    let edit = |bytes: &[u8], at: usize, value: &[u8]| {
        let mut b = bytes.to_vec();
        b[at..at + value.len()].copy_from_slice(value);
        b
    };
    let answer = [&[2u8, 30, 6, 2, 0][..], &bytes_of(&json!(ORDER))].concat();
    let mut below = answer.clone();
    below[5] -= 1;
    let receipt = |code: &[u8], mark: &[u8]| {
        let length = u32::try_from(code.len()).expect("short").to_le_bytes();
        let rest = [0u8; 8 + 4 + 4 + 4 + 4];
        [&[2, 7][..], &length, code, &[9; 64], mark, &rest].concat()
    };
    let code = b"00000-00000-00000-00000";
    let many = [&[2u8, 31, 1, 0][..], &1601u32.to_le_bytes()].concat();
    Group::new(
        "decode",
        "top-level values on their own; 5 token message, 6 header, 7 receipt, 30 \
                ceremony message, 31 partial decryption",
        compute_decode,
    )
    .good("a token message", case(5, &token))
    .with(
        "a byte after the end",
        case(5, &[&token[..], &[0]].concat()),
        "R0.01",
    )
    .with(
        "a byte too few",
        case(5, &token[..token.len() - 1]),
        "R0.01",
    )
    .with("version 1", case(5, &edit(&token, 0, &[1])), "R0.02")
    .with("another type", case(5, &edit(&token, 1, &[6])), "R0.02")
    .with("an unknown tag", case(5, &edit(&token, 2, &[4])), "R0.05")
    .with(
        "the identity as key",
        case(5, &edit(&token, 67, &[0; 32])),
        "R0.06",
    )
    .with(
        "a key that is not canonical",
        case(5, &edit(&token, 67, &[0xff; 32])),
        "R0.06",
    )
    .good("a scalar one below the order", case(30, &below))
    .with("a scalar that is the order", case(30, &answer), "R0.07")
    .with(
        "a reveal with the identity",
        case(30, &[&[2, 30, 2, 1, 0, 0, 0][..], &[0; 96]].concat()),
        "R0.06",
    )
    .good("a receipt without mark", case(7, &receipt(code, &[0])))
    .good("a receipt with mark", case(7, &receipt(code, &[1, 2, 3])))
    .with("an option byte 2", case(7, &receipt(code, &[2])), "R0.05")
    .with(
        "text that is not UTF-8",
        case(7, &receipt(&[0xc3, 0x28], &[0])),
        "R0.04",
    )
    .with(
        "text that is not NFC",
        case(7, &receipt("か\u{3099}".as_bytes(), &[0])),
        "R0.04",
    )
    .with(
        "text with letters that Unicode 16 composes and 14 does not know",
        case(7, &receipt("\u{11382}\u{113c9}".as_bytes(), &[0])),
        "R0.04",
    )
    .with(
        "text with a noncharacter",
        case(7, &receipt("\u{fffe}".as_bytes(), &[0])),
        "R0.04",
    )
    .good(
        "text with a character for private use",
        case(7, &receipt("\u{e000}".as_bytes(), &[0])),
    )
    .with(
        "text above its limit",
        case(7, &receipt(&[b'0'; 24], &[0])),
        "R0.03",
    )
    .with("a list above its limit", case(31, &many), "R0.03")
    .good("a header", case(6, &[&[2, 6][..], &[0; 116]].concat()))
    .with(
        "a header of 117 bytes",
        case(6, &[&[2, 6][..], &[0; 115]].concat()),
        "R0.01",
    )
}

pub fn file() -> File {
    let (prove, verify) = equality();
    File::new(
        "01-notation.json",
        "Chapter 01: hash, transcript, generators, signatures, equality proofs, canonical bytes.",
        &json!({}),
        vec![
            hashes(),
            generators(),
            transcripts(),
            signatures(),
            signature_checks(),
            prove,
            verify,
            decoding(),
        ],
    )
}
