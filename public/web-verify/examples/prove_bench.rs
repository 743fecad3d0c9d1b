//! The native half of the comparison with the browser. Prints the median
//! microseconds of one *encrypt and prove* as a JSON line.
#![expect(clippy::print_stdout, reason = "a command-line report")]

use std::hint::black_box;
use std::time::Duration;
use web_verify::bench::{OPTIONS, Work};

/// Proofs in one run.
const PROOFS: u32 = 20;
/// Runs, of which the median counts.
const RUNS: usize = 25;

fn main() -> Result<(), Box<dyn std::error::Error>> {
    let mut work = Work::new()?;
    black_box(work.run(PROOFS));
    let mut runs: Vec<Duration> = (0..RUNS).map(|_| timed(&mut work)).collect();
    runs.sort_unstable();
    let median = runs.get(RUNS / 2).copied().unwrap_or_default();
    let micros = median.as_secs_f64() * 1e6 / f64::from(PROOFS);
    println!(
        "{}",
        serde_json::json!({"options": OPTIONS, "runs": RUNS, "micros": micros})
    );
    Ok(())
}

fn timed(work: &mut Work) -> Duration {
    let start = std::time::Instant::now();
    black_box(work.run(PROOFS));
    start.elapsed()
}
