//! The table of attacks names tests that exist, and the rows that must have a test have one.

use std::collections::BTreeSet;

use anyhow::Result;

use super::{Findings, Tree};

const TABLE: &str = "docs/threats.md";
/// Attacks on cryptography and board: each needs a test that bears its number.
const MUST: [u8; 24] = [
    1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15, 24, 27, 33, 34, 36, 38, 39, 42, 43,
];

/// Table and tests agree.
///
/// # Errors
/// Never; the signature is that of every check.
pub fn all_shown(tree: &Tree) -> Result<Findings> {
    let Some(table) = tree.get(TABLE) else {
        return Ok(vec![format!("{TABLE} is missing")]);
    };
    let tests: BTreeSet<&str> = tree.rust().flat_map(|(_, text)| functions(text)).collect();
    let mut findings = Findings::new();
    for name in table.split('`').skip(1).step_by(2) {
        if numbered(name) && !tests.contains(name) {
            findings.push(format!("{TABLE}: no test is called {name}"));
        }
    }
    let mut rows = BTreeSet::new();
    let numbers = table.lines().filter_map(|line| line.strip_prefix("| A-"));
    for number in numbers.filter_map(|rest| rest.split(' ').next()) {
        if !rows.insert(number) {
            findings.push(format!(
                "A-{number}: two attacks in {TABLE} have this number"
            ));
        }
    }
    for row in MUST {
        let number = format!("a_{row:02}_");
        if !tests.iter().any(|name| name.contains(number.as_str())) {
            findings.push(format!("A-{row:02}: no test bears its number"));
        }
        if !table.contains(&format!("| A-{row:02} |")) {
            findings.push(format!("A-{row:02}: not in {TABLE}"));
        }
    }
    for name in &tests {
        let listed = !numbered(name) || table.contains(&format!("`{name}`"));
        if !listed {
            findings.push(format!("{name}: not in {TABLE}"));
        }
    }
    Ok(findings)
}

/// Names of all functions of a source.
fn functions(text: &str) -> impl Iterator<Item = &str> {
    text.lines().filter_map(|line| {
        let rest = line.trim_start();
        let rest = rest.strip_prefix("async ").unwrap_or(rest);
        rest.strip_prefix("fn ")?.split(['(', '<']).next()
    })
}

/// `a_NN_…`, or `real_a_NN_…` for a test that starts real programs.
fn numbered(name: &str) -> bool {
    let name = name.strip_prefix("real_").unwrap_or(name);
    let Some(rest) = name.strip_prefix("a_") else {
        return false;
    };
    let digits = rest.bytes().take(2).filter(u8::is_ascii_digit).count();
    digits == 2 && rest.as_bytes().get(2) == Some(&b'_')
}

#[cfg(test)]
mod tests;
