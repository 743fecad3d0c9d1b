//! Whole ballots and check ballots without a board.

use super::{compute_ballot, compute_seed, compute_side};
use crate::book;
use crate::file::Group;
use crate::input::{bytes_of, hex};
use crate::manifest::small;
use ballot::ballot::BALLOT_PURPOSE;
use ballot::check_ballot::OPEN_PURPOSE;
use ballot::proof::Context;
use ballot::{Ballot, CheckBallot, Opening, Side};
use crypto::schnorr::SigningKey;
use crypto::wire::TopLevel as _;
use crypto::{Encoded, Hash, Scalar};
use serde_json::{Value, json};
use testkit::election::Lab;

/// Ballots of the small election, and what can be wrong with them.
pub struct Maker {
    pub lab: Lab,
    key: SigningKey,
}

impl Maker {
    pub fn new() -> Self {
        let mut lab = Lab::sealed(small());
        let key = lab.voter(0).key.clone();
        Self { lab, key }
    }
    fn ballot(&mut self, marks: [&[u16]; 2], place: (u32, Hash), seed: u8) -> Ballot {
        let marks = marks.map(<[u16]>::to_vec);
        self.lab.ballot_of(0, &marks, place, &[seed; 32])
    }
    fn resigned(&mut self, mut b: Ballot) -> Value {
        b.signature = self
            .key
            .sign(BALLOT_PURPOSE, &b.signed_bytes(), &mut self.lab.rng);
        entry(&b.to_bytes())
    }
    fn changed(&mut self, b: &Ballot, change: impl FnOnce(&mut Ballot)) -> Value {
        let mut b = b.clone();
        change(&mut b);
        self.resigned(b)
    }
    fn opened(&mut self, b: &Ballot) -> CheckBallot {
        CheckBallot::open(b, &self.key, &mut self.lab.rng)
    }
    /// A ballot whose proofs hold although ciphertexts share their randomness; `masks` changes that
    /// of the first contest's check lines.
    fn repeated(&mut self, r: [Vec<Scalar>; 2], masks: fn(&mut Vec<book::Line>)) -> Ballot {
        let rules = self.lab.rules.clone().expect("sealed");
        let mut b = self.ballot([&[0], &[0]], (1, Hash::ZERO), 50);
        for (c, r) in (0u16..).zip(r) {
            let key = &rules.keys()[usize::from(c)];
            let bits = book::bits(key.shape(), &[0]);
            let numbers = numbers(key);
            let of = book::Contest {
                shape: key.shape(),
                numbers: &numbers,
                joint: key.joint(),
            };
            let mut lines = book::lines(&of, &bits, &[50; 32], c);
            if c == 0 {
                masks(&mut lines);
            }
            let ctx = Context {
                election: b.election,
                contest: c,
                vk: b.vk,
                seq: 1,
                prev: b.prev,
                pictures: b.pictures,
            };
            let claim = book::Claim {
                plain: bits[..key.shape().options()].to_vec(),
                bits,
                lines,
                r,
            };
            let made = book::prove(&of, &ctx, claim, &mut self.lab.rng);
            b.contests[usize::from(c)] = made.contest.to_bytes();
        }
        b
    }
}

fn entry(bytes: &[u8]) -> Value {
    json!({"entry": hex(bytes)})
}

fn repeats(group: Group, m: &mut Maker) -> Group {
    let r = |list: &[u8]| list.iter().map(|i| Scalar::from(*i)).collect::<Vec<_>>();
    let all = || [r(&[11, 12]), r(&[13, 14, 15])];
    let same = |_: &mut Vec<book::Line>| ();
    let different = m.repeated(all(), same);
    let inside = m.repeated([r(&[11, 12]), r(&[13, 14, 13])], same);
    let across = m.repeated([r(&[11, 12]), r(&[13, 12, 15])], same);
    let of_mask = m.repeated(all(), |lines| lines[0].r[0] = Scalar::from(11u8));
    let of_masked = m.repeated(all(), |lines| lines[0].r[1] = Scalar::from(14u8));
    let of_both = m.repeated(all(), |lines| lines[0].r[1] = lines[0].r[0]);
    let masks = [of_mask, of_masked, of_both].map(|b| m.resigned(b));
    let opened = m.resigned_check(&inside);
    let (different, inside, across) = (
        m.resigned(different),
        m.resigned(inside),
        m.resigned(across),
    );
    group
        .good("the same prover with different randomness", different)
        .with(
            "one randomness twice in a contest, good proofs",
            inside,
            "R3.19",
        )
        .with(
            "one randomness in two contests, good proofs",
            across,
            "R3.19",
        )
        .with("a check ballot with one randomness twice", opened, "R3.19")
        .all(
            [
                "a mask and an option",
                "a masked sum and an option of another contest",
                "both masks of a line",
            ]
            .map(|of| format!("one randomness of {of}, good proofs"))
            .into_iter()
            .zip(masks)
            .map(|(name, v)| (name, v, "R3.19".to_owned())),
        )
}

impl Maker {
    fn resigned_check(&mut self, b: &Ballot) -> Value {
        let mut b = b.clone();
        b.signature = self
            .key
            .sign(BALLOT_PURPOSE, &b.signed_bytes(), &mut self.lab.rng);
        entry(&self.opened(&b).to_bytes())
    }
}

/// What a ballot says about its voter's card.
fn cards(mut group: Group, m: &mut Maker, first: &Ballot, second: &Ballot) -> Group {
    // The vectors behind these keep their randomness.
    let rng = m.lab.rng.clone();
    let key = m.lab.voter(1).key.public();
    let stolen = {
        let mut b = second.clone();
        b.card = testkit::election::card_step(&b.place(), &key, &mut m.lab.rng);
        b.card.keys.clone_from(&second.card.keys);
        m.resigned(b)
    };
    let of_first: [(&str, &str, fn(&mut Ballot)); 6] = [
        ("R in a first ballot", "R3.22", |b| {
            b.card.r = Encoded([1; 32])
        }),
        ("z in a first ballot", "R3.22", |b| b.card.z = Scalar::ONE),
        ("a window in a first ballot", "R3.22", |b| b.card.window = 1),
        ("a card key less", "R3.11", |b| b.card.keys.clear()),
        ("seq 2 and nothing about the card", "R3.22", |b| {
            (b.seq, b.prev) = (2, Hash([1; 64]));
        }),
        (
            "no card key, and as many bytes more in a contest",
            "R3.22",
            |b| {
                b.card.keys.clear();
                b.contests[0].extend([0; 32]);
            },
        ),
    ];
    for (name, rule, change) in of_first {
        group = group.with(name, m.changed(first, change), rule);
    }
    let of_second: [(&str, &str, fn(&mut Ballot)); 7] = [
        ("no R in a second ballot", "R3.22", |b| {
            b.card.r = Encoded([0; 32])
        }),
        ("no z in a second ballot", "R3.22", |b| {
            b.card.z = Scalar::ZERO
        }),
        ("the token of another window", "R4.01", |b| {
            b.card.window = 1
        }),
        ("a window that is not there", "R4.01", |b| b.card.window = 2),
        ("another z of the card", "R4.02", |b| {
            b.card.z += Scalar::ONE
        }),
        ("an R of the card that is no point", "R4.02", |b| {
            b.card.r = Encoded([0xff; 32]);
        }),
        ("a damaged token and a wrong z of the card", "R4.01", |b| {
            b.tokens[0][100] ^= 1;
            b.card.z += Scalar::ONE;
        }),
    ];
    for (name, rule, change) in of_second {
        group = group.with(name, m.changed(second, change), rule);
    }
    // Behind election, vk, seq, prev, pictures and one token.
    let at = 2 + 64 + 32 + 4 + 64 + 2 + 4 + 256 + 4;
    let order = bytes_of(&json!(crate::chapter01::ORDER));
    let edit = |b: &Ballot, at: usize, value: &[u8]| {
        let mut b = b.to_bytes();
        b[at..at + value.len()].copy_from_slice(value);
        entry(&b)
    };
    let identity = edit(first, at, &[0; 32]);
    let z = edit(second, at + 64, &order);
    m.lab.rng = rng;
    group
        .with("the card of another voter", stolen, "R4.02")
        .with("the identity as card key", identity, "R3.10")
        .with("z of the card is the order", z, "R3.10")
}

/// Ballots of the right length with other counts. The vectors behind them keep their randomness.
fn same_length(group: Group, m: &mut Maker, good: &Ballot) -> Group {
    let rng = m.lab.rng.clone();
    let tokens = m.changed(good, |b| {
        b.tokens.clear();
        b.contests[0].extend([0; 256]);
    });
    let contests = m.changed(good, |b| {
        let second = b.contests.remove(1);
        b.contests[0].extend([0; 4]);
        b.contests[0].extend(second);
    });
    m.lab.rng = rng;
    group
        .with(
            "no token, and as many bytes more in a contest",
            tokens,
            "R3.14",
        )
        .with("one contest as long as two", contests, "R3.15")
}

pub fn ballots(m: &mut Maker) -> Group {
    let good = m.ballot([&[0], &[0, 1]], (1, Hash::ZERO), 40);
    let second = m.ballot([&[1], &[]], (2, good.entry_hash()), 41);
    let bytes = good.to_bytes();
    let stranger = m.lab.voter(1).key.clone();
    let edit = |at: usize, value: &[u8]| {
        let mut b = bytes.clone();
        b[at..at + value.len()].copy_from_slice(value);
        entry(&b)
    };
    let mut foreign = good.clone();
    foreign.signature = stranger.sign(BALLOT_PURPOSE, &good.signed_bytes(), &mut m.lab.rng);
    let mut purpose = good.clone();
    purpose.signature = m
        .key
        .sign(OPEN_PURPOSE, &good.signed_bytes(), &mut m.lab.rng);
    let z = bytes.len() - 32;
    let order = bytes_of(&json!(crate::chapter01::ORDER));
    let group = Group::new(
        "ballot",
        "ballots (type 15) and check ballots (type 16) of the shared \
                           manifest, without a board",
        compute_ballot,
    )
    .good("a first ballot", entry(&bytes))
    .good("a second ballot", entry(&second.to_bytes()))
    .with("version 1", edit(0, &[1]), "R3.10")
    .with("the identity as voting key", edit(66, &[0; 32]), "R3.10")
    .with("the signature's z is the order", edit(z, &order), "R3.10")
    .with("a byte more", entry(&[&bytes[..], &[0]].concat()), "R3.11")
    .with("a byte less", entry(&bytes[..bytes.len() - 1]), "R3.11")
    .with("signed by another key", entry(&foreign.to_bytes()), "R3.16")
    .with(
        "signed for another purpose",
        entry(&purpose.to_bytes()),
        "R3.16",
    );
    let cases: [(&str, &str, fn(&mut Ballot)); 12] = [
        ("another election", "R3.12", |b| b.election = Hash([1; 64])),
        ("a mark above 15", "R3.13", |b| b.pictures = [3, 16]),
        ("no token", "R3.11", |b| b.tokens.clear()),
        ("seq 0", "R3.17", |b| b.seq = 0),
        ("seq 1 with a predecessor", "R3.17", |b| {
            b.prev = Hash([1; 64])
        }),
        ("seq 2 without predecessor", "R3.17", |b| b.seq = 2),
        ("a damaged token", "R4.01", |b| b.tokens[0][100] ^= 1),
        ("the token of seq 1 under seq 2", "R4.01", |b| {
            (b.seq, b.prev) = (2, Hash([1; 64]));
            (b.card.r, b.card.z) = (Encoded([1; 32]), Scalar::ONE);
        }),
        ("contests exchanged", "R3.01", |b| b.contests.swap(0, 1)),
        ("z of the second contest is the order", "R3.02", |b| {
            let at = b.contests[1].len() - 1;
            b.contests[1][at] = 0xff;
        }),
        (
            "a point of the first contest, a scalar of the second",
            "R3.02",
            |b| {
                b.contests[0][..32].fill(0xff);
                let at = b.contests[1].len() - 1;
                b.contests[1][at] = 0xff;
            },
        ),
        (
            "a point of the second contest, an equation of the first",
            "R3.04",
            |b| {
                b.contests[1][..32].fill(0xff);
                let at = b.contests[0].len() - 64;
                b.contests[0][at] ^= 1;
            },
        ),
    ];
    let mut group = group;
    for (name, rule, change) in cases {
        group = group.with(name, m.changed(&good, change), rule);
    }
    group = cards(group, m, &good, &second);
    let other_predecessor = m.changed(&second, |b| b.prev = Hash([2; 64]));
    group = group.with(
        "the token for another predecessor",
        other_predecessor,
        "R4.01",
    );
    group = same_length(group, m, &good);
    group = repeats(group, m);
    let opened = m.opened(&good);
    let mut other = opened.clone();
    other.committed = Hash([7; 64]);
    let whole = opened.to_bytes();
    let mut inner = whole.clone();
    inner[3] = 16;
    let unwrapped = [&whole[2..whole.len() - 128], &whole[whole.len() - 64..]].concat();
    group
        .good("a check ballot", entry(&whole))
        .with(
            "a check ballot around a signed ballot",
            entry(&[&[2, 16], &bytes[..]].concat()),
            "R3.11",
        )
        .with(
            "a check ballot with another fingerprint",
            entry(&other.to_bytes()),
            "R3.18",
        )
        .with("a check ballot around another type", entry(&inner), "R3.10")
        .with("a check ballot unwrapped", entry(&unwrapped), "R3.16")
}

fn numbers(key: &ballot::proof::Key) -> Vec<u16> {
    key.lines()
        .rows()
        .iter()
        .flatten()
        .map(|(_, w)| *w)
        .collect()
}

/// One side of a ballot with one mark of two and two marks of up to three.
pub fn openings(m: &mut Maker) -> Group {
    let b = m.ballot([&[1], &[0, 2]], (1, Hash::ZERO), 61);
    let other = m.ballot([&[1], &[0, 2]], (1, Hash::ZERO), 62);
    let case = |entry: &[u8]| json!({"ballot": hex(b.to_bytes()), "entry": hex(entry)});
    let [mask, masked] = Side::BOTH.map(|side| m.lab.opening(&b, side));
    let bytes = mask.to_bytes();
    let edit = |at: usize, value: &[u8]| {
        let mut e = bytes.clone();
        e[at..at + value.len()].copy_from_slice(value);
        case(&e)
    };
    let order = bytes_of(&json!(crate::chapter01::ORDER));
    let changed = |change: fn(&mut Opening)| {
        let mut o = mask.clone();
        change(&mut o);
        case(&o.to_bytes())
    };
    let mut swapped = masked.clone();
    swapped.side = Side::Mask;
    let mut foreign = m.lab.opening(&other, Side::Mask);
    foreign.ballot = mask.ballot;
    let note = "an opening (type 32) and the ballot it names, without a board; `values`: the opened \
                numbers, line by line";
    Group::new("opening", note, compute_side)
        .good("the masks", case(&bytes))
        .good("the masked sums", case(&masked.to_bytes()))
        .with("version 1", edit(0, &[1]), "R3.20")
        .with("a side of two", edit(130, &[2]), "R3.20")
        .with("r is the order", edit(136, &order), "R3.20")
        .with("a byte more", case(&[&bytes[..], &[0]].concat()), "R3.20")
        .with("a byte less", case(&bytes[..bytes.len() - 1]), "R3.20")
        .with("a line less", changed(|o| o.lines.truncate(3)), "R3.20")
        .with(
            "a line more",
            changed(|o| o.lines.push(o.lines[0])),
            "R3.20",
        )
        .with(
            "a number of 100",
            changed(|o| o.lines[0].value = 100),
            "R3.20",
        )
        .with(
            "a two where bits are opened",
            changed(|o| o.lines[1].value = 2),
            "R3.20",
        )
        .with(
            "a two in the last line",
            changed(|o| o.lines[3].value = 2),
            "R3.20",
        )
        .with(
            "another number in the first line",
            changed(|o| o.lines[0].value = (o.lines[0].value + 1) % 100),
            "R3.21",
        )
        .with(
            "another bit in the last line",
            changed(|o| o.lines[3].value ^= 1),
            "R3.21",
        )
        .with(
            "another r",
            changed(|o| o.lines[2].r += Scalar::ONE),
            "R3.21",
        )
        .with(
            "two lines exchanged",
            changed(|o| o.lines.swap(1, 2)),
            "R3.21",
        )
        .with(
            "the masked sums as masks",
            case(&swapped.to_bytes()),
            "R3.21",
        )
        .with(
            "the masks of another ballot",
            case(&foreign.to_bytes()),
            "R3.21",
        )
}

/// Check ballots and what a second code shows of them.
pub fn seeds(m: &mut Maker) -> Group {
    let b = m.ballot([&[1], &[0, 2]], (1, Hash::ZERO), 60);
    let opened = m.opened(&b);
    let whole = b.to_bytes();
    let case = |withheld: &[u8], seed: [u8; 32]| json!({"entry": hex(opened.to_bytes()), "withheld": hex(withheld), "seed": hex(seed)});
    let signature = &whole[whole.len() - 64..];
    let mut other = signature.to_vec();
    other[0] ^= 1;
    let note = "the withheld signature makes the committed fingerprint again, the seed opens \
                every ciphertext; without the right seed no mark is shown";
    Group::new("check-opening", note, compute_seed)
        .good("seed and signature fit", case(signature, [60; 32]))
        .good("another signature", case(&other, [60; 32]))
        .good("another seed", case(signature, [61; 32]))
}
