//! How many checks passed and failed, read from what the test runners print.

use toolbox::shell::Said;
use toolbox::{Counts, output};

/// Reads nextest's summary line. A skipped test counts as failed, a missing summary too.
pub fn nextest(said: &Said) -> Counts {
    let Some(summary) = said
        .text
        .lines()
        .rfind(|line| line.trim_start().starts_with("Summary"))
    else {
        output::line("no summary of the test runner found");
        return Counts::one(false);
    };
    let skipped = number_before(summary, "skipped");
    if skipped > 0 {
        output::line(&format!("{skipped} tests were skipped: nothing may be"));
    }
    let bad = ["failed", "timed out", "exec failed"];
    let failed: u64 = bad.iter().map(|word| number_before(summary, word)).sum();
    settle(number_before(summary, "passed"), failed + skipped, said.ok)
}

/// Reads the `test result:` lines of `cargo test`. An ignored test counts as failed.
pub fn libtest(said: &Said) -> Counts {
    let mut passed = 0;
    let mut failed = 0;
    for line in said
        .text
        .lines()
        .filter(|line| line.starts_with("test result:"))
    {
        passed += number_before(line, "passed");
        failed += number_before(line, "failed") + number_before(line, "ignored");
    }
    settle(passed, failed, said.ok)
}

/// A runner that failed without naming a failed test still failed.
fn settle(passed: u64, failed: u64, ok: bool) -> Counts {
    Counts {
        passed,
        failed: if ok { failed } else { failed.max(1) },
    }
}

/// The number right before `word`, 0 when there is none.
fn number_before(line: &str, word: &str) -> u64 {
    let clean = line.replace([',', ';', ':'], " ");
    let words: Vec<&str> = clean.split_whitespace().collect();
    let wanted: Vec<&str> = word.split_whitespace().collect();
    words
        .windows(wanted.len() + 1)
        .filter(|window| window.get(1..) == Some(&wanted[..]))
        .find_map(|window| window.first().and_then(|number| number.parse().ok()))
        .unwrap_or(0)
}

#[cfg(test)]
mod tests;
