//! Chapter 03: randomness, proofs, ballots and check ballots.

use crate::statement::{Field, Tried, challenge, field, hashed, holds, signed, wire, written};
use ballot::check::Shown;
use ballot::proof::{ContestBallot, Context, Key, prove, randomness};
use ballot::{CheckBallot, Selection, Shape, Side};
use crypto::wire::TopLevel as _;
use crypto::{Encoded, Hash, Point, Scalar};
use curve25519_dalek::ristretto::RistrettoPoint;
use rand_chacha::ChaCha20Rng;
use rand_core::SeedableRng as _;
use testkit::election::{Lab, Options};

pub fn all() -> Vec<Tried> {
    let mut out = vec![
        expanded(),
        mask(),
        mask_randomness(),
        board_number(),
        proof(),
    ];
    out.extend(entries());
    out
}

fn expanded() -> Tried {
    let frames = [
        field("seed", [7; 32]),
        field("contest", 1u16.to_le_bytes()),
        field("option", 2u32.to_le_bytes()),
    ];
    let r = randomness(&[7; 32], 1, 2);
    holds("ballot-randomness", &frames, |f| {
        challenge("ballot-randomness", f) == r
    })
}

/// The masks of contest 1, up to two marks of three.
fn masks() -> Vec<ballot::Mask> {
    let shape = Shape::new(3, 0, 2).expect("a valid shape");
    let lines = ballot::Lines::new(&shape, &[1, 2, 3]);
    ballot::Mask::of_contest(&lines, &[0, 0, 0, 1, 1], &[7; 32], 1)
}

fn mask() -> Tried {
    let frames = [
        field("seed", [7; 32]),
        field("contest", 1u16.to_le_bytes()),
        field("line", 2u32.to_le_bytes()),
    ];
    // What ships is one bit of the hash, which a changed field may leave as it is: here the whole hash
    // has to change.
    let bit = masks()[2].value(Side::Mask);
    let hash = crate::statement::framed("mask", &frames);
    assert_eq!(hash[0] & 1, bit, "mask: other fields are hashed");
    hashed("mask", &frames, &hash)
}

fn mask_randomness() -> Tried {
    let frames = [
        field("seed", [7; 32]),
        field("contest", 1u16.to_le_bytes()),
        field("line", 2u32.to_le_bytes()),
        field("side", [1]),
    ];
    let r = *masks()[2].randomness(Side::Masked);
    holds("mask-randomness", &frames, |f| {
        challenge("mask-randomness", f) == r
    })
}

fn board_number() -> Tried {
    let frames = [field("block digest", [3; 32]), field("entry hash", [4; 64])];
    let number = ballot::code::board_number(&[3; 32], &Hash([4; 64]));
    holds("board-number", &frames, |f| {
        let hash = crate::statement::framed("board-number", f);
        let first = u64::from_be_bytes(*hash.first_chunk().unwrap());
        first % 100_000_000 == u64::from(number)
    })
}

fn number(name: &'static str, n: u64) -> Vec<Field> {
    field(name, n.to_le_bytes())
}

fn points(name: &'static str, list: &[Encoded]) -> Field {
    (name, list.iter().flat_map(|p| p.0).collect())
}

/// Everything y is hashed from, and then everything x is.
fn statement(joint: &Point, ctx: &Context, c: &ContestBallot) -> Vec<Vec<Field>> {
    vec![
        number("version", 2),
        field("election", ctx.election.as_bytes()),
        number("contest", u64::from(ctx.contest)),
        field("vk", ctx.vk.as_bytes()),
        number("seq", u64::from(ctx.seq)),
        field("prev", ctx.prev.as_bytes()),
        field("pictures", ctx.pictures),
        number("n", 3),
        number("N", 4),
        number("k_min", 0),
        number("k_max", 1),
        number("L", 1),
        number("mu", 100),
        number("w_0", 4),
        number("w_1", 5),
        number("w_2", 6),
        field("K", joint.as_bytes()),
        vec![points("a", &c.a)],
        vec![points("b", &c.b)],
        vec![points("A", c.masks.as_flattened())],
        vec![points("B", c.masked.as_flattened())],
        vec![points("V", &[c.v]), points("S", &[c.s])],
        field("label y", "y"),
        vec![points("A'", &[c.a2]), points("B'", &[c.b2])],
        field("label x", "x"),
    ]
}

const UNTIL_Y: usize = 23;

fn proof() -> Tried {
    let mut rng = ChaCha20Rng::seed_from_u64(3);
    let joint = Point::mul_base(&Scalar::from(77u8)).expect("not zero");
    let shape = Shape::new(3, 0, 1).expect("a valid shape");
    let key = Key::new(shape, &[4, 5, 6], joint);
    let ctx = Context {
        election: Hash([1; 64]),
        contest: 2,
        vk: Point::mul_base(&Scalar::from(9u8)).expect("not zero"),
        seq: 4,
        prev: Hash([2; 64]),
        pictures: [3, 5],
    };
    let selection = Selection::new(&shape, &[1]).expect("one mark");
    let c = prove(&key, &ctx, &selection, &[6; 32], &mut rng);
    let a: Vec<RistrettoPoint> = c.a.iter().map(|p| p.decompress().unwrap()).collect();
    let first = |pair: &[Encoded; 2]| pair[0].decompress().unwrap();
    let difference = first(&c.masks[0]) - first(&c.masked[0]);
    let a2 = c.a2.decompress().unwrap();
    // Equation (2) holds for the challenges of exactly this statement.
    holds("ballot-proof", &statement(&joint, &ctx, &c), |f| {
        let y = challenge("ballot-proof", &f[..UNTIL_Y]);
        let x = challenge("ballot-proof", f);
        let (sum, w) = a.iter().fold((a2, x), |(sum, w), a| (sum + a * w, w * y));
        let line = (4u8..)
            .zip(&a)
            .fold(difference, |d, (w, a)| d + a * Scalar::from(w));
        let sum = sum + line * w;
        RistrettoPoint::mul_base(&c.z) == sum
    })
}

fn entries() -> Vec<Tried> {
    let mut lab = Lab::open(Options::default());
    let b = lab.ballot(0, 1);
    let fields = |b: &ballot::Ballot| -> Vec<Field> {
        vec![
            ("version and type", vec![2, 15]),
            ("election", wire(&b.election)),
            ("vk", wire(&b.vk)),
            ("seq", b.seq.to_le_bytes().to_vec()),
            ("prev", wire(&b.prev)),
            ("pictures", b.pictures.to_vec()),
            ("tokens", written(|w| w.list(&b.tokens))),
            ("card keys", written(|w| w.list(&b.card.keys))),
            ("R", wire(&b.card.r)),
            ("z", wire(&b.card.z)),
            ("window", vec![b.card.window]),
            (
                "contests",
                written(|w| {
                    w.u32(u32::try_from(b.contests.len()).unwrap());
                    b.contests.iter().for_each(|c| w.bytes(c));
                }),
            ),
        ]
    };
    let cast = signed(
        "ballot",
        (&b.vk, &b.signature),
        &b.signed_bytes(),
        fields(&b),
    );
    let key = lab.voter(0).key.clone();
    let s = CheckBallot::open(&b, &key, &mut lab.rng);
    let shown = Shown::of(&b, &key, &mut lab.rng);
    let first_code = signed(
        "ballot-shown",
        (&b.vk, &shown.signature),
        &shown.signed_bytes(),
        vec![
            ("version and type", vec![2, 40]),
            ("entry hash", wire(&shown.entry_hash)),
            ("vk", wire(&shown.vk)),
            ("pictures", shown.pictures.to_vec()),
        ],
    );
    let mut opened = vec![("version and type of the entry", vec![2, 16])];
    opened.extend(fields(&b));
    opened.push(("committed entry hash", wire(&s.committed)));
    let opened = signed(
        "ballot-open",
        (&b.vk, &s.signature),
        &s.signed_bytes(),
        opened,
    );
    let sealed = lab.manifest.as_ref().unwrap();
    let hash = sealed.manifest.election_hash();
    let bytes = sealed.manifest.to_bytes();
    let manifest = signed(
        "manifest",
        (&sealed.manifest.authority, &sealed.authority_signature),
        hash.as_bytes(),
        vec![("election hash", hash.as_bytes().to_vec())],
    );
    // The purpose of the hash is the same word; its one field is the manifest's bytes.
    hashed("manifest", &[field("manifest", bytes)], hash.as_bytes());
    vec![cast, opened, first_code, manifest]
}
