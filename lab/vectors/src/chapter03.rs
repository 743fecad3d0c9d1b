//! Chapter 03: contests with every intermediate value, whole ballots, codes, check ballots.

mod ballots;
mod masks;

use crate::book::{self, Book};
use crate::file::{Answer, File, Group};
use crate::input::{In, hex, points, scalars};
use crate::stream::Stream;
use ballot::BallotRules;
use ballot::code::confirmation_code;
use ballot::opening::Masks;
use ballot::proof::{ContestBallot, Context, Item, Key, prove, randomness, verify_one};
use ballot::{Ballot, CheckBallot, Opening, SealedManifest, Selection, Shape};
use crypto::schnorr::{Signature, SigningKey};
use crypto::wire::{Reader, TopLevel as _, Wire as _};
use crypto::{Point, Scalar};
use rand_chacha::ChaCha20Rng;
use rand_core::{Rng as _, SeedableRng as _};
use serde_json::{Map, Value, json};

fn rng(seed: u64) -> ChaCha20Rng {
    ChaCha20Rng::seed_from_u64(seed)
}

fn shape_of(i: In<'_>) -> Shape {
    Shape::new(i.u16("n"), i.u16("k_min"), i.u16("k_max")).expect("a valid shape")
}

/// Printed numbers of the options.
fn numbers_of(i: In<'_>) -> Vec<u16> {
    let list = i.list("numbers").iter();
    list.map(|n| u16::try_from(n.as_u64().expect("a number")).expect("small"))
        .collect()
}

fn context_of(i: In<'_>) -> Context {
    Context {
        election: i.hash("election"),
        contest: i.u16("contest_index"),
        vk: i.point("vk"),
        seq: i.u32("seq"),
        prev: i.hash("prev"),
        pictures: i.array("mark"),
    }
}

fn marks_of(i: In<'_>) -> Vec<u16> {
    let list = i.list("marks").iter();
    list.map(|m| u16::try_from(m.as_u64().expect("a number")).expect("small"))
        .collect()
}

fn compute_randomness(i: In<'_>, _: In<'_>) -> Answer {
    let r = randomness(&i.array("seed"), i.u16("contest_index"), i.u32("option"));
    Answer::accept(json!({"r": hex(r.as_bytes())}))
}

/// The prover that ships, and next to it the one by the book for the intermediate values.
fn compute_prove(i: In<'_>, _: In<'_>) -> Answer {
    let (shape, joint, ctx) = (shape_of(i), i.point("joint"), context_of(i));
    let (seed, marks) = (i.array("seed"), marks_of(i));
    let random = i.bytes("random");
    let numbers = numbers_of(i);
    let key = Key::new(shape, &numbers, joint);
    let selection = Selection::new(&shape, &marks).expect("marks that fit");
    let made = prove(&key, &ctx, &selection, &seed, &mut Stream(&random));
    let bits = book::bits(&shape, &marks);
    let r = (0u32..).map(|o| randomness(&seed, ctx.contest, o));
    let r: Vec<Scalar> = r.take(shape.options()).collect();
    let of = book::Contest {
        shape: &shape,
        numbers: &numbers,
        joint: &joint,
    };
    let claim = book::Claim {
        plain: bits[..shape.options()].to_vec(),
        lines: book::lines(&of, &bits, &seed, ctx.contest),
        bits,
        r,
    };
    let b = book::prove(&of, &ctx, claim, &mut Stream(&random));
    assert!(made == b.contest, "two provers disagree");
    Answer::accept(intermediate(&b, selection.bits()))
}

fn intermediate(b: &Book, bits: &[u8]) -> Value {
    let c = &b.contest;
    json!({
        "v": bits, "r": scalars(&b.r), "s": scalars(&b.s), "nu": hex(b.nu.as_bytes()),
        "sigma": hex(b.sigma.as_bytes()), "rho": hex(b.rho.as_bytes()), "a": points(&c.a),
        "masks": masks::values(&b.lines), "A": points(c.masks.as_flattened()),
        "B": points(c.masked.as_flattened()),
        "b": points(&c.b), "V": hex(c.v.0), "S": hex(c.s.0), "y": hex(b.y.as_bytes()),
        "A'": hex(c.a2.0), "B'": hex(c.b2.0), "x": hex(b.x.as_bytes()), "f": scalars(&c.f),
        "phi": hex(c.phi.as_bytes()), "z": hex(c.z.as_bytes()), "contest": hex(c.to_bytes()),
    })
}

fn compute_verify(i: In<'_>, _: In<'_>) -> Answer {
    let shape = shape_of(i);
    let key = Key::new(shape, &numbers_of(i), i.point("joint"));
    let done = ContestBallot::from_bytes(&i.bytes("contest"), &shape).and_then(|contest| {
        let item = Item {
            ctx: context_of(i),
            contest: &contest,
        };
        verify_one(&key, &item, &mut rng(1))
    });
    Answer::verdict(done.map_err(|e| e.rule()))
}

fn rules_of(shared: In<'_>) -> BallotRules {
    let sealed = SealedManifest::from_bytes(&shared.bytes("manifest")).expect("a good manifest");
    BallotRules::new(&sealed.manifest)
}

fn compute_ballot(i: In<'_>, shared: In<'_>) -> Answer {
    let rules = rules_of(shared);
    let bytes = i.bytes("entry");
    let done = if bytes.get(1) == Some(&CheckBallot::TYPE) {
        rules.check_opened_form(&bytes).map(|s| s.ballot)
    } else {
        rules.check_form(&bytes)
    };
    let done = done.and_then(|b| {
        rules.check_tokens(&b)?;
        rules.check_card(&b)?;
        rules.check_proofs(&b, &mut rng(1))
    });
    match done {
        Err(error) => Answer::refuse(error.rule()),
        Ok(_ciphertexts) => {
            let hash = crypto::hash::entry_hash(&bytes);
            Answer::accept(json!({"entry_hash": hash.to_hex(), "code": confirmation_code(&hash)}))
        }
    }
}

fn compute_code(i: In<'_>, _: In<'_>) -> Answer {
    Answer::accept(json!({"code": confirmation_code(&i.hash("entry_hash"))}))
}

/// An opening and the ballot it names, without a board: the rules R3.20 and R3.21.
fn compute_side(i: In<'_>, shared: In<'_>) -> Answer {
    let rules = rules_of(shared);
    let ballot = Ballot::from_bytes(&i.bytes("ballot")).expect("a good ballot");
    let masks = Masks::of(&rules.decode(&ballot).expect("good contests"));
    let done = rules.check_opening(&i.bytes("entry")).and_then(|o| {
        masks.check(o.side, &rules.encrypt_again(&o))?;
        Ok(o)
    });
    match done {
        Err(error) => Answer::refuse(error.rule()),
        Ok(Opening { side, lines, .. }) => {
            let values: Vec<u8> = lines.iter().map(|l| l.value).collect();
            Answer::accept(json!({"side": side.byte(), "values": values}))
        }
    }
}

/// What a phone does with a check ballot (spec 05 §2.1): the withheld signature completes the
/// ballot, the seed opens it.
fn compute_seed(i: In<'_>, shared: In<'_>) -> Answer {
    let rules = rules_of(shared);
    let check = CheckBallot::from_bytes(&i.bytes("entry")).expect("a check ballot");
    let withheld = i.bytes("withheld");
    let withheld = Signature::read(&mut Reader::new(&withheld)).expect("a signature");
    let seed = i.array("seed");
    let mut marks = Vec::new();
    let mut opens = true;
    let contests = rules.decode(&check.ballot).expect("a good ballot");
    for (c, (key, contest)) in (0u16..).zip(rules.keys().iter().zip(&contests)) {
        let mut row = Vec::new();
        for (o, (a, b)) in (0u32..).zip(contest.a.iter().zip(&contest.b)) {
            let r = randomness(&seed, c, o);
            let rest = b.decompress().expect("canonical") - key.joint().point() * r;
            opens &= Point::mul_base(&r).map(|p| *p.as_bytes()) == Some(a.0);
            if Point::new(rest) == Some(Point::base()) {
                row.push(o);
            } else {
                opens &= Point::new(rest).is_none();
            }
        }
        marks.push(if opens { row } else { Vec::new() });
    }
    Answer::accept(json!({"committed": check.committed.to_hex(),
                          "fits": check.is_committed_with(&withheld),
                          "opens": opens, "marks": marks}))
}

fn bytes<const N: usize>(rng: &mut ChaCha20Rng) -> [u8; N] {
    let mut out = [0; N];
    rng.fill_bytes(&mut out);
    out
}

/// Inputs of a proof except the contest itself.
fn statement((n, k_min, k_max): (u16, u16, u16), seed: u64) -> Map<String, Value> {
    let mut rng = rng(seed);
    let mut key = || SigningKey::generate(&mut rng).public();
    let (joint, vk) = (key(), key());
    let numbers: Vec<u16> = (0..n).map(|i| (i * 7 + 1) % 100).collect();
    let value = json!({
        "n": n, "k_min": k_min, "k_max": k_max, "numbers": numbers, "joint": hex(joint.as_bytes()),
        "election": hex([7; 64]), "contest_index": seed % 16, "vk": hex(vk.as_bytes()),
        "seq": 1 + seed % 3, "prev": hex([u8::from(!seed.is_multiple_of(3)); 64]),
        "mark": hex([3, 9]),
    });
    value.as_object().expect("an object").clone()
}

fn proving(shape: (u16, u16, u16), marks: &[u16], seed: u64) -> Value {
    let mut v = statement(shape, seed);
    let lines = if shape.2 == 1 { 1 } else { shape.0 };
    let slots = usize::from(shape.0 + shape.2 - shape.1 + lines);
    let mut rng = rng(seed + 1000);
    v.insert("marks".into(), json!(marks));
    v.insert("seed".into(), hex(bytes::<32>(&mut rng)));
    let mut random = vec![0; 64 * (slots + 3)];
    rng.fill_bytes(&mut random);
    v.insert("random".into(), hex(random));
    v.into()
}

fn provers() -> Group {
    let five: Vec<u16> = vec![0, 17, 50, 98, 99];
    let note = "`random`: 64 bytes each for s_0 (drawn and replaced by the negative sum of s_1 … \
                s_{N−1}), s_1 … s_{N+L−1}, ν, σ, ρ; v has its slack bits at the end; `A` and `B` hold \
                both halves of each line, one line after the other";
    Group::new("prove", note, compute_prove)
        .good("one of two, the first", proving((2, 1, 1), &[0], 1))
        .good("one of two, the second", proving((2, 1, 1), &[1], 2))
        .good("none or one of two, none", proving((2, 0, 1), &[], 3))
        .good("one or two of two, both", proving((2, 1, 2), &[0, 1], 4))
        .good("one of eleven", proving((11, 1, 1), &[4], 5))
        .good("blank as the last of twelve", proving((12, 1, 1), &[11], 6))
        .good("exactly three of seven", proving((7, 3, 3), &[0, 3, 6], 7))
        .good("at most three of five, none", proving((5, 0, 3), &[], 8))
        .good("at most three of five, two", proving((5, 0, 3), &[1, 4], 9))
        .good(
            "at most three of five, three",
            proving((5, 0, 3), &[0, 1, 2], 10),
        )
        .good("any of four, all", proving((4, 0, 4), &[0, 1, 2, 3], 11))
        .good("one of a hundred", proving((100, 1, 1), &[99], 12))
        .good("at most five of a hundred", proving((100, 0, 5), &five, 13))
}

fn small(n: i64) -> Scalar {
    let s = Scalar::from(n.unsigned_abs());
    if n < 0 { -s } else { s }
}

/// A contest by a prover who claims `bits` and encrypts `plain`, with honest masks of `plain` where
/// it can have any.
fn claimed(shape: (u16, u16, u16), bits: &[i64], plain: &[i64], seed: u64) -> Value {
    claimed_lines(shape, bits, plain, &[], seed)
}

/// The same with these values a, b and t in place of the first check lines.
fn claimed_lines(
    shape: (u16, u16, u16),
    bits: &[i64],
    plain: &[i64],
    values: &[[i64; 3]],
    seed: u64,
) -> Value {
    let mut v = statement(shape, seed);
    let mut rng = rng(seed + 2000);
    let scalars = |list: &[i64]| list.iter().map(|b| small(*b)).collect::<Vec<Scalar>>();
    let (bits, plain) = (scalars(bits), scalars(plain));
    let r = plain
        .iter()
        .map(|_| crypto::group::random_scalar(&mut rng))
        .collect();
    let i = In(&v);
    let (shape, numbers, joint, ctx) =
        (shape_of(i), numbers_of(i), i.point("joint"), context_of(i));
    let of = book::Contest {
        shape: &shape,
        numbers: &numbers,
        joint: &joint,
    };
    let marks: Vec<Scalar> = plain
        .iter()
        .map(|v| if *v == Scalar::ONE { *v } else { Scalar::ZERO })
        .collect();
    let mut lines = book::lines(&of, &marks, &bytes(&mut rng), ctx.contest);
    for (line, values) in lines.iter_mut().zip(values) {
        line.values = values.map(small);
    }
    let claim = book::Claim {
        bits,
        plain,
        lines,
        r,
    };
    let b = book::prove(&of, &ctx, claim, &mut rng);
    v.insert("contest".into(), hex(b.contest.to_bytes()));
    v.into()
}

fn with(value: &Value, field: &str, new: Value) -> Value {
    let mut v = value.clone();
    v[field] = new;
    v
}

/// The contest's bytes after an edit; n = 3, N = 4, L = 1: words 0–2 a, 3–5 b, 6–7 A, 8–9 B, 10–13
/// V S A' B', 14–17 f, 18 φ, 19 z.
fn edited(value: &Value, edit: impl FnOnce(&mut Vec<u8>)) -> Value {
    let mut b = crate::input::bytes_of(&value["contest"]);
    edit(&mut b);
    with(value, "contest", hex(b))
}

fn word(value: &Value, at: usize, new: [u8; 32]) -> Value {
    edited(value, |b| b[32 * at..32 * at + 32].copy_from_slice(&new))
}

fn swapped(value: &Value, one: usize, two: usize) -> Value {
    edited(value, |b| {
        for i in 0..32 {
            b.swap(32 * one + i, 32 * two + i);
        }
    })
}

fn next_scalar(value: &Value, at: usize) -> Value {
    edited(value, |b| {
        let old: [u8; 32] = b[32 * at..32 * at + 32].try_into().expect("32 bytes");
        let old: Scalar = Option::from(Scalar::from_canonical_bytes(old)).expect("reduced");
        b[32 * at..32 * at + 32].copy_from_slice((old + Scalar::ONE).as_bytes());
    })
}

fn contexts(mut group: Group, good: &Value) -> Group {
    for (field, value) in [
        ("election", hex([8; 64])),
        ("contest_index", json!(9)),
        ("vk", hex(Point::base().as_bytes())),
        ("seq", json!(99)),
        ("prev", hex([2; 64])),
        ("mark", hex([9, 3])),
    ] {
        let name = format!("another {field}");
        group = group.with(&name, with(good, field, value), "R3.04");
    }
    let joint = with(good, "joint", hex(Point::base().as_bytes()));
    group.with("another joint key", joint, "R3.04")
}

fn verifiers() -> Group {
    let good = claimed((3, 0, 1), &[0, 1, 0, 0], &[0, 1, 0], 30);
    let many = claimed((4, 0, 2), &[1, 0, 0, 0, 1, 0], &[1, 0, 0, 0], 48);
    let order = crate::input::array_of(&json!(crate::chapter01::ORDER));
    let g = *Point::base().as_bytes();
    let group = Group::new("contest", "the proof of one contest alone", compute_verify)
        .good("good", good.clone())
        .good("good, up to two of four", many.clone())
        .good(
            "good with slack",
            claimed((3, 0, 1), &[0, 0, 0, 1], &[0, 0, 0], 31),
        )
        .with("a byte more", edited(&good, |b| b.push(0)), "R3.01")
        .with(
            "a byte less",
            edited(&good, |b| b.truncate(b.len() - 1)),
            "R3.01",
        )
        .with("f_1 is the order", word(&good, 14, order), "R3.02")
        .with(
            "f_4, of the carry, is the order",
            word(&good, 17, order),
            "R3.02",
        )
        .with("z is the order", word(&good, 19, order), "R3.02")
        .with("a_0 not canonical", word(&good, 0, [0xff; 32]), "R3.03")
        .with("b_2 not canonical", word(&good, 5, [0xff; 32]), "R3.03")
        .with(
            "A_0's first half not canonical",
            word(&good, 6, [0xff; 32]),
            "R3.03",
        )
        .with(
            "B_0's second half not canonical",
            word(&good, 9, [0xff; 32]),
            "R3.03",
        )
        .with("B' not canonical", word(&good, 13, [0xff; 32]), "R3.03")
        .with("a_1 is the identity", word(&good, 1, [0; 32]), "R3.03")
        .with(
            "A_0's first half is the identity",
            word(&good, 6, [0; 32]),
            "R3.03",
        )
        .with(
            "B_0's first half is the identity",
            word(&good, 8, [0; 32]),
            "R3.03",
        )
        .with("V is the identity", word(&good, 10, [0; 32]), "R3.03")
        .with(
            "A_0's second half is the identity: only the equations mind",
            word(&good, 7, [0; 32]),
            "R3.04",
        )
        .with(
            "A_0 and B_0 exchanged",
            swapped(&swapped(&good, 6, 8), 7, 9),
            "R3.04",
        )
        .with(
            "b_0 is the identity: only the equations mind",
            word(&good, 3, [0; 32]),
            "R3.04",
        )
        .with("two a_i exchanged", swapped(&good, 0, 1), "R3.04")
        .with("A' another point", word(&good, 12, g), "R3.04")
        .with("S another point", word(&good, 11, g), "R3.04")
        .with("f_1 plus one", next_scalar(&good, 14), "R3.04")
        .with(
            "f_4, of the carry, plus one",
            next_scalar(&good, 17),
            "R3.04",
        )
        .with("phi plus one", next_scalar(&good, 18), "R3.04")
        .with("z plus one", next_scalar(&good, 19), "R3.05")
        .with(
            "two marks of at most one",
            claimed((3, 0, 1), &[1, 1, 0, 0], &[1, 1, 0], 32),
            "R3.04",
        )
        .with(
            "two marks behind slack minus one",
            claimed((3, 0, 1), &[1, 1, 0, -1], &[1, 1, 0], 33),
            "R3.04",
        )
        .with(
            "a two",
            claimed((3, 0, 1), &[2, -1, 0, 0], &[2, -1, 0], 34),
            "R3.04",
        )
        .with(
            "other plaintexts than committed",
            claimed((3, 0, 1), &[0, 1, 0, 0], &[1, 0, 0], 35),
            "R3.06",
        )
        .with(
            "a plaintext of a thousand",
            claimed((3, 0, 1), &[0, 1, 0, 0], &[0, 1000, 0], 36),
            "R3.06",
        )
        .with(
            "no mark where one is needed",
            claimed((3, 1, 1), &[0, 0, 0], &[0, 0, 0], 37),
            "R3.04",
        )
        .with(
            "another shape of the same length",
            with(&with(&many, "k_min", json!(1)), "k_max", json!(3)),
            "R3.04",
        );
    contexts(masks::claims(group), &good)
}

pub fn file() -> File {
    let mut m = ballots::Maker::new();
    let manifest = m.lab.manifest.as_ref().expect("sealed").to_bytes();
    let r = |seed: u8, contest: u16, option: u32| json!({"seed": hex([seed; 32]), "contest_index": contest, "option": option});
    let randomness = Group::new(
        "randomness",
        "r_i from the ballot's seed",
        compute_randomness,
    )
    .good("first", r(0, 0, 0))
    .good("another option", r(0, 0, 99))
    .good("another contest", r(0, 15, 0))
    .good("another seed", r(1, 0, 0));
    let code = |h: [u8; 64]| json!({"entry_hash": hex(h)});
    let masks = masks::masks();
    let codes = Group::new(
        "code",
        "the first 100 bits in Crockford base32",
        compute_code,
    )
    .good("zeros", code([0; 64]))
    .good("ones", code([0xff; 64]))
    .good(
        "counting",
        code(core::array::from_fn(|i| u8::try_from(i).expect("small"))),
    );
    File::new(
        "03-ballot.json",
        "Chapter 03: masks, proofs with every intermediate value, ballots, codes, check ballots, openings.",
        &json!({"manifest": hex(manifest)}),
        vec![
            randomness,
            masks,
            provers(),
            verifiers(),
            ballots::ballots(&mut m),
            codes,
            ballots::seeds(&mut m),
            ballots::openings(&mut m),
        ],
    )
}
