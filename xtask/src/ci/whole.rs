//! The last steps: a whole election in processes, then damage to its record.

use anyhow::Result;

use super::counts::Counts;
use crate::shell::Shell;
use crate::{root, say, tamper};

/// Where the demo of the test run goes.
pub const OUT: &str = "target/demo-test";
/// Bits flipped in each file of the record.
const FLIPS: usize = 200;

/// A demo election with 30 voters: three of them in a browser, planted faults, verification, public
/// pages, canaries. Each visit and each figure that is as planned is a passed check.
///
/// # Errors
/// The demo cannot be started.
pub fn demo() -> Result<Counts> {
    let me = root::me();
    let out = root::join(OUT);
    let said = Shell::new(&me.display().to_string())
        .arg("demo")
        .arg("--auto=30")
        .arg("--seed=1")
        .arg("--yes")
        .arg(format!("--out={}", out.display()))
        .tee()?;
    let planned = said.text.matches(" received ").count() + said.text.matches(" (planted)").count();
    let passed = u64::try_from(planned).unwrap_or(0);
    Ok(Counts {
        passed: passed + u64::from(said.ok),
        failed: u64::from(!said.ok),
    })
}

/// Single-bit flips in each file of the demo's record; each must be refused.
///
/// # Errors
/// The record does not verify or cannot be read.
pub fn damage() -> Result<Counts> {
    let out = root::join(OUT);
    let survivors = tamper::flip_bits(&out.join("record"), &out.join("trust.json"), FLIPS, 1)?;
    for line in &survivors {
        say::line(line);
    }
    let failed = u64::try_from(survivors.len()).unwrap_or(u64::MAX);
    Ok(Counts {
        passed: u64::from(failed == 0),
        failed,
    })
}
