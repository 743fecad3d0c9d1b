//! The table of targets: twelve options, one mark.

use crate::baseline::Classic;
use crate::card::Card;
use crate::counting::{Counting, Shared, logarithms, uneven};
use crate::floor::{self, Floor};
use crate::ours::{Ours, sums};
use crate::targets::{Limit, Row};
use crate::timing::{Suite, Times};
use crate::token::Signatures;
use std::hint::black_box;

const OPTIONS: u16 = 12;
const BATCH: u16 = 100;
/// Ballots whose sum is opened.
const COUNTED: u64 = 1_000_000;
/// Bytes a voter signs with twelve options and two registrars, about.
const ENTRY: usize = 2164;

/// Everything measured once more in every round.
///
/// # Panics
/// Something that must verify does not.
#[must_use]
pub fn measure(rounds: u32) -> Times {
    let floor = Floor::new();
    let ours = Ours::new(OPTIONS, 1, 1, BATCH);
    let decoded = ours.decoded();
    let signatures = Signatures::new(ENTRY);
    let votes = uneven(COUNTED);
    let counting = Counting::of(&Shared::new(3), &votes);
    let classic = Classic::new(ours.joint(), OPTIONS, BATCH);
    let units = u32::from(BATCH);
    let card = Card::new();
    let mut suite = Suite::default();
    floor.jobs(&mut suite);
    suite.job("batch", 1, units, || ours.verify_batch());
    suite.job("single", 25, 1, || ours.verify_one());
    suite.job("prove", 25, 1, || {
        black_box(ours.prove());
    });
    suite.job("opening", 1, units, || ours.check_openings());
    suite.job("add", 10, units, || {
        black_box(sums(&decoded));
    });
    suite.job("token", 100, 1, || signatures.token());
    suite.job("card", 50, 1, || card.verify());
    suite.job("card batch", 1, units, || card.verify_batch(&ours, BATCH));
    suite.job("card answers", 25, 1, || card.check_answers());
    suite.job("card step", 25, 1, || card.sign());
    suite.job("card proof", 25, 1, || card.prove());
    suite.job("voter", 50, 1, || signatures.voter());
    suite.job("classic batch", 1, units, || classic.batch());
    suite.job("classic single", 1, units, || classic.one_by_one());
    suite.job("classic each", 1, units, || classic.equation_by_equation());
    suite.job("classic prove", 5, 1, || {
        black_box(classic.prove());
    });
    suite.job("count", 1, 1, || assert_eq!(counting.count(), votes));
    suite.job("logarithms", 1, 1, || logarithms(&votes));
    suite.rounds(rounds)
}

/// The rows of the table.
#[must_use]
pub fn rows(times: &Times) -> Vec<Row> {
    let row = |name: &str, job, value, limit| Row {
        name: name.to_owned(),
        micros: times.seconds(job) * 1e6,
        value,
        limit,
    };
    let to_floor = |job| floor::ratio(times, job, OPTIONS);
    let most = Limit::AtMost;
    let least = Limit::AtLeast;
    let token = times.seconds("token") * 1e6;
    let bytes = f64::from(u32::try_from(Ours::new(OPTIONS, 1, 1, 1).bytes()).unwrap_or(0));
    vec![
        row(
            "verify, batch of 100 / floor",
            "batch",
            to_floor("batch"),
            most(1.15),
        ),
        row(
            "verify, one alone / floor",
            "single",
            to_floor("single"),
            most(1.8),
        ),
        row(
            "encrypt and prove / floor",
            "prove",
            to_floor("prove"),
            most(5.0),
        ),
        row(
            "homomorphic add / verification",
            "add",
            times.ratio("add", "batch"),
            most(0.03),
        ),
        Row {
            name: "bytes of one contest".to_owned(),
            micros: 0.0,
            value: bytes,
            limit: Limit::Exactly(1472.0),
        },
        row(
            "classic proof, one at a time / ours in a batch",
            "classic each",
            times.ratio("classic each", "batch"),
            least(6.0),
        ),
        row(
            "classic proof, batched / ours in a batch",
            "classic batch",
            times.ratio("classic batch", "batch"),
            least(2.5),
        ),
        row("token check of a ballot, µs", "token", token, most(20.0)),
        row(
            "tally of 1,000,000 ballots, s",
            "count",
            times.seconds("count"),
            most(1.0),
        ),
    ]
}

/// Figures without a target that the scale table needs, in CPU microseconds.
#[must_use]
pub fn further(times: &Times) -> Vec<(&'static str, f64)> {
    let micros = |job| times.seconds(job) * 1e6;
    vec![
        ("floor of one ballot", floor::ballot(times, OPTIONS) * 1e6),
        ("opening of a ballot with one check line", micros("opening")),
        (
            "verify in a batch, opening included",
            micros("batch") + micros("opening"),
        ),
        ("decompress one point", micros("decompress")),
        (
            "one term of a large multiscalar multiplication",
            micros("term"),
        ),
        ("voter's signature", micros("voter")),
        ("own card of a further ballot (R4.02)", micros("card")),
        (
            "verify a further ballot in a batch, R4.02 included",
            micros("card batch"),
        ),
        (
            "booth: answers of two registrars (R4.04)",
            micros("card answers"),
        ),
        (
            "booth: card step with two registrars (R4.05)",
            micros("card step"),
        ),
        ("registrar: proof of a person's key", micros("card proof")),
        ("classic proof, encrypt and prove", micros("classic prove")),
        (
            "classic proof, one ballot in one sum",
            micros("classic single"),
        ),
        ("twelve logarithms up to 1,000,000", micros("logarithms")),
    ]
}
