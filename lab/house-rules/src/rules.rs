//! Rules of the specification (`R4.03`): each is cited by code and by the name of a test, and no
//! citation points nowhere.

use std::collections::{BTreeMap, BTreeSet};

use anyhow::Result;

use super::{Findings, Tree, is_test, test_functions};

/// Where the list of rules is. A rule is defined where its id opens a table row or a heading. A row
/// that says `second line` names a rule that another rule always catches first: it needs no test.
const LIST: &str = "docs/spec/rules.md";

/// The list, the code and the tests agree.
pub fn all_cited(tree: &Tree) -> Result<Findings> {
    let Some(list) = tree.get(LIST) else {
        return Ok(vec![format!("{LIST} is missing")]);
    };
    let defined: BTreeSet<String> = list.lines().filter_map(definition).collect();
    let second: BTreeSet<String> = list
        .lines()
        .filter(|line| line.contains("second line"))
        .filter_map(definition)
        .collect();
    let mut in_code = named_in_code(tree);
    let mut in_tests = BTreeSet::new();
    let mut named = BTreeSet::new();
    for (path, text) in tree
        .rust()
        .filter(|(path, _)| !path.starts_with("tools/") && !path.starts_with("lab/house-rules/"))
    {
        let place = if is_test(path) {
            &mut in_tests
        } else {
            &mut in_code
        };
        place.extend(ids(text));
        named.extend(test_functions(text).flat_map(ids));
    }
    let mut findings = Findings::new();
    if defined.is_empty() {
        findings.push(format!("{LIST} defines no rule"));
    }
    for id in &defined {
        if !in_code.contains(id) {
            findings.push(format!("{id}: not cited in code"));
        }
        if !named.contains(id) && !second.contains(id) {
            findings.push(format!("{id}: no test has it in its name"));
        }
    }
    for id in in_code.union(&in_tests).filter(|id| !defined.contains(*id)) {
        findings.push(format!("{id}: cited, but not in the list"));
    }
    Ok(findings)
}

/// Rules with a constant (`NAME = 5 . 10, …` in a table) that code other than the table uses.
fn named_in_code(tree: &Tree) -> BTreeSet<String> {
    let code: Vec<&str> = tree
        .rust()
        .filter(|(path, _)| !is_test(path))
        .map(|(_, text)| text)
        .collect();
    let mut used: BTreeMap<&str, usize> = BTreeMap::new();
    for word in code
        .iter()
        .flat_map(|text| text.split(|c: char| !(c.is_alphanumeric() || c == '_')))
    {
        *used.entry(word).or_default() += 1;
    }
    code.iter()
        .flat_map(|text| text.lines())
        .filter_map(constant)
        .filter(|(name, _)| used.get(name).is_some_and(|count| *count > 1))
        .map(|(_, id)| id)
        .collect()
}

/// Reads `NAME = 5 . 10, …`.
fn constant(line: &str) -> Option<(&str, String)> {
    let (name, rest) = line.trim().split_once(" = ")?;
    let (chapter, rest) = rest.split_once(" . ")?;
    let number: u8 = rest.split(',').next()?.parse().ok()?;
    let chapter: u8 = chapter.parse().ok()?;
    let upper = name
        .chars()
        .all(|c| c.is_ascii_uppercase() || c.is_ascii_digit() || c == '_');
    upper.then(|| (name, format!("R{chapter}.{number:02}")))
}

/// The id a line defines, if it opens a table row or a heading with one.
fn definition(line: &str) -> Option<String> {
    let start = line.trim_start_matches(['|', '#', ' ', '*', '`']);
    if start.len() == line.len() || !start.starts_with('R') {
        return None;
    }
    let word = start.split(['|', ' ', '*', '`', ':']).next()?;
    ids(word).into_iter().next().filter(|id| id == word)
}

/// All rule ids in a text: `R4.03` as written, `r4_03` in the name of a test.
fn ids(text: &str) -> BTreeSet<String> {
    let mut found = BTreeSet::new();
    let mut last = ' ';
    for (at, c) in text.char_indices() {
        let separate = match c {
            'R' => !last.is_alphanumeric() && last != '_',
            'r' => !last.is_alphanumeric(),
            _ => false,
        };
        last = c;
        if separate && let Some(id) = text.get(at + 1..).and_then(|rest| id_after(c, rest)) {
            found.insert(id);
        }
    }
    found
}

/// Reads `4.03` (or `4_03` after a small r) at the start of `rest`.
fn id_after(letter: char, rest: &str) -> Option<String> {
    let dot = if letter == 'R' { '.' } else { '_' };
    let (chapter, after) = rest.split_once(dot)?;
    let number: String = after.chars().take_while(char::is_ascii_digit).collect();
    let is_number = |text: &str| !text.is_empty() && text.chars().all(|c| c.is_ascii_digit());
    let ends = after
        .chars()
        .nth(number.len())
        .is_none_or(|c| !c.is_alphanumeric());
    (is_number(chapter) && chapter.len() <= 2 && number.len() == 2 && ends)
        .then(|| format!("R{chapter}.{number}"))
}

#[cfg(test)]
mod tests;
