//! How many checks passed and failed, from nextest's report. Doc tests have no report in a stable
//! form, so their printed lines are read.

use toolbox::shell::Said;
use toolbox::{Counts, output};

/// Reads nextest's report in the form of JUnit. A report without tests counts as failed; so does
/// a missing one.
pub fn junit(report: Option<&str>, ok: bool) -> Counts {
    let counted = report.and_then(|text| {
        let document = roxmltree::Document::parse(text).ok()?;
        let root = document.root_element();
        let number = |name| {
            root.attribute(name)
                .and_then(|value| value.parse::<u64>().ok())
        };
        let failed = number("failures")? + number("errors")?;
        Some((number("tests")?.checked_sub(failed)?, failed))
    });
    match counted {
        Some((passed, failed)) if passed + failed > 0 => settle(passed, failed, ok),
        _ => {
            output::line("no report of the test runner found");
            Counts::one(false)
        }
    }
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
