//! Hostile bytes: every decoder over the same changed inputs each time, and two decoders that
//! share nothing against each other.

use anyhow::Result;

use toolbox::shell::Shell;
use toolbox::{Counts, root};

/// Changed inputs of a plain decoder; expensive ones get fewer.
const ROUNDS: &str = "8000";
/// Cases that both verifiers judge.
const CASES: &str = "2500";

/// A target whose property held is a passed check; so is a batch of cases without a difference.
///
/// # Errors
/// A program cannot be started.
pub fn fuzz() -> Result<Counts> {
    let run = "cargo run --quiet --locked -p fuzzing -- ";
    let said = Shell::new(&format!("{run} smoke {ROUNDS}")).tee()?;
    let lines = |mark: &str| said.text.lines().filter(|l| l.starts_with(mark)).count();
    let decoders = Counts {
        passed: u64::try_from(lines("ok ")).unwrap_or(0),
        failed: u64::from(!said.ok).max(u64::try_from(lines("FAIL")).unwrap_or(1)),
    };
    let file = root::join("target/cases.txt");
    let wrote = Shell::new(&format!("{run} batch"))
        .arg(&file)
        .arg(CASES)
        .tee()?;
    if !wrote.ok {
        return Ok(decoders.plus(Counts::one(false)));
    }
    let judged = Shell::new("python3 -m tests.judge")
        .arg(&file)
        .dir(&root::join("public/verify-python"))
        .tee()?;
    Ok(decoders.plus(Counts::one(judged.ok)))
}
