//! Cost of a ballot over the number of options, against the classic proof.

use crate::baseline::Classic;
use crate::ours::Ours;
use crate::plot::{Line, Lines};
use crate::timing::Suite;
use serde::Serialize;
use std::hint::black_box;

/// Numbers of options that are measured.
const OPTIONS: [u16; 9] = [2, 4, 8, 11, 16, 24, 48, 72, 100];
/// Ballots in a batch.
const BATCH: u16 = 24;

/// One number of options; CPU microseconds and bytes of one ballot.
#[derive(Clone, Debug, Serialize)]
pub struct Size {
    /// n.
    pub options: u16,
    /// Exactly one mark: verified in a batch.
    pub verify: f64,
    /// Exactly one mark: encrypted and proven.
    pub prove: f64,
    /// Exactly one mark: bytes.
    pub bytes: usize,
    /// From none up to half of the options marked: verified in a batch.
    pub verify_many: f64,
    /// The same: encrypted and proven.
    pub prove_many: f64,
    /// The same: bytes.
    pub bytes_many: usize,
    /// Classic proof of exactly one mark: verified in a batch.
    pub classic_verify: f64,
    /// The same, each ballot alone and equation by equation.
    pub classic_single: f64,
    /// The same: encrypted and proven.
    pub classic_prove: f64,
    /// The same: bytes.
    pub classic_bytes: usize,
}

/// Measures every number of options.
#[must_use]
pub fn measure(rounds: u32) -> Vec<Size> {
    OPTIONS.map(|n| one(n, rounds)).to_vec()
}

fn one(options: u16, rounds: u32) -> Size {
    let units = u32::from(BATCH);
    let ours = Ours::new(options, 1, 1, BATCH);
    let many = Ours::new(options, 0, options / 2, BATCH);
    let classic = Classic::new(ours.joint(), options, BATCH);
    let mut suite = Suite::default();
    suite.job("verify", 1, units, || ours.verify_batch());
    suite.job("prove", 2, 1, || {
        black_box(ours.prove());
    });
    suite.job("verify many", 1, units, || many.verify_batch());
    suite.job("prove many", 2, 1, || {
        black_box(many.prove());
    });
    suite.job("classic verify", 1, units, || classic.batch());
    suite.job("classic single", 1, units, || {
        classic.equation_by_equation();
    });
    suite.job("classic prove", 2, 1, || {
        black_box(classic.prove());
    });
    let times = suite.rounds(rounds);
    let micros = |job| times.seconds(job) * 1e6;
    Size {
        options,
        verify: micros("verify"),
        prove: micros("prove"),
        bytes: ours.bytes(),
        verify_many: micros("verify many"),
        prove_many: micros("prove many"),
        bytes_many: many.bytes(),
        classic_verify: micros("classic verify"),
        classic_single: micros("classic single"),
        classic_prove: micros("classic prove"),
        classic_bytes: classic.bytes(),
    }
}

/// The plot.
#[must_use]
pub fn plot(sizes: &[Size]) -> Lines {
    let line = |name: &str, value: fn(&Size) -> f64| Line {
        name: name.to_owned(),
        points: sizes
            .iter()
            .map(|s| (f64::from(s.options), value(s)))
            .collect(),
    };
    Lines {
        title: "Cost of a ballot over the number of options",
        x: "options",
        y: "CPU µs of one ballot",
        lines: vec![
            line("verify, batched", |s| s.verify),
            line("classic, batched", |s| s.classic_verify),
            line("verify, up to n/2 marks", |s| s.verify_many),
            line("encrypt and prove", |s| s.prove),
            line("classic, encrypt and prove", |s| s.classic_prove),
            line("classic, one at a time", |s| s.classic_single),
        ],
    }
}

/// The table, one line a size.
#[must_use]
pub fn table(sizes: &[Size]) -> Vec<String> {
    let mut out = vec![format!(
        "{:>7} {:>9} {:>9} {:>7} | up to n/2: {:>9} {:>9} {:>7} | classic: {:>9} {:>9} {:>9} {:>7}",
        "options",
        "verify",
        "prove",
        "bytes",
        "verify",
        "prove",
        "bytes",
        "verify",
        "single",
        "prove",
        "bytes"
    )];
    out.extend(sizes.iter().map(|s| {
        format!(
            "{:>7} {:>9.1} {:>9.1} {:>7} |            {:>9.1} {:>9.1} {:>7} |          {:>9.1} {:>9.1} {:>9.1} {:>7}",
            s.options,
            s.verify,
            s.prove,
            s.bytes,
            s.verify_many,
            s.prove_many,
            s.bytes_many,
            s.classic_verify,
            s.classic_single,
            s.classic_prove,
            s.classic_bytes
        )
    }));
    out
}
