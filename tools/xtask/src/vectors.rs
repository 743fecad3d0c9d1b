//! `cargo xtask vectors`: the test vectors of `vectors/`, and the second verifier that reads them.

use anyhow::Result;
use clap::Args;
use toolbox::shell::Shell;
use toolbox::{Counts, output, root};

use crate::ci;

/// Arguments of `cargo xtask vectors`.
#[derive(Args)]
pub struct VectorsArgs {
    /// Write nothing; fail when a file is not what the code gives
    #[arg(long)]
    check: bool,
}

/// Where the second verifier lives.
const PYTHON: &str = "public/verify-python";
/// The first verifier, built by the step before.
const FIRST: &str = "target/debug/irefuda-verify";
/// Number that decides which places are damaged.
const SEED: u64 = 1;
/// Where forged records go.
const FORGED: &str = "target/forged-records";

/// `cargo xtask vectors`.
///
/// # Errors
/// Cargo cannot be started.
pub fn task(args: &VectorsArgs) -> Result<bool> {
    let mode = if args.check { "check" } else { "write" };
    let line = format!("cargo run --quiet --locked -p vectors -- {mode} vectors");
    Ok(Shell::new(&line).tee()?.ok)
}

/// The second verifier: its own tests with every vector, then every forged record, the demo's
/// record and damaged copies of it against the first one. Each test and each record is a check.
///
/// # Errors
/// Python cannot be started.
pub fn second_verifier() -> Result<Counts> {
    let tests = python("-m unittest discover .").tee()?;
    let ran = number(&tests.text, "Ran ");
    let mut counts = Counts {
        passed: if tests.ok { ran } else { 0 },
        failed: u64::from(!tests.ok || ran == 0),
    };
    let first = root::join(FIRST).display().to_string();
    let forged = python("-m tests.write")
        .arg(root::join(FORGED).display().to_string())
        .arg(format!("--other={first}"))
        .tee()?;
    let records = forged.text.lines().find(|line| line.ends_with(" differ"));
    let records = records.map_or(0, |line| number(line, ""));
    counts = counts.plus(Counts {
        passed: if forged.ok { records } else { 0 },
        failed: u64::from(!forged.ok || records == 0),
    });
    Ok(counts.plus(demo_record(&first)?).plus(damaged(&first)?))
}

/// Both verifiers say the same about damaged copies of the demo's record: every copy is a check.
fn damaged(first: &str) -> Result<Counts> {
    let out = root::join(ci::DEMO);
    let said = python("-m tests.differ")
        .arg(out.join("record").display().to_string())
        .arg(out.join("trust.json").display().to_string())
        // Each run of it is short, and two run at a time.
        .arg(format!("{first} --threads 1"))
        .arg(format!("--seed={SEED}"))
        .tee()?;
    let line = said.text.lines().find(|line| line.ends_with(" differ"));
    let copies = line.map_or(0, |line| number(line, ""));
    if !said.ok {
        output::line("the two verifiers disagree about damaged copies of the demo's record");
    }
    Ok(Counts {
        passed: if said.ok { copies } else { 0 },
        failed: u64::from(!said.ok || copies == 0),
    })
}

/// Both verifiers accept the demo's record and print one digest.
fn demo_record(first: &str) -> Result<Counts> {
    let out = root::join(ci::DEMO);
    let said = python("-m tests.agree")
        .arg(out.join("record").display().to_string())
        .arg(out.join("trust.json").display().to_string())
        .arg(first)
        .tee()?;
    if !said.ok {
        output::line("the two verifiers disagree about the demo's record");
    }
    Ok(Counts::one(said.ok))
}

fn python(line: &str) -> Shell {
    Shell::new(&format!("python3 {line}")).dir(&root::join(PYTHON))
}

/// The number right after `before`, 0 without one.
fn number(text: &str, before: &str) -> u64 {
    text.lines()
        .filter_map(|line| line.strip_prefix(before))
        .filter_map(|rest| rest.split_whitespace().next())
        .find_map(|word| word.parse().ok())
        .unwrap_or(0)
}

#[cfg(test)]
mod tests {
    use super::number;

    #[test]
    fn numbers_are_read_from_what_python_prints() {
        let text = "...\nRan 28 tests in 90.1s\n\nOK\n";
        assert_eq!(number(text, "Ran "), 28);
        assert_eq!(number("205 records, 0 differ", ""), 205);
        assert_eq!(number("nothing", "Ran "), 0);
    }
}
