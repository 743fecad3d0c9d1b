//! Error codes: the catalogue `data/errors.toml`, the type `refusal::ErrorCode` and the places that
//! raise a code agree, in every direction.

use std::collections::BTreeMap;

use anyhow::Result;
use serde::Deserialize;

use super::{Findings, Tree, is_test};

/// Where the texts of all error codes are.
const CATALOGUE: &str = "data/errors.toml";
/// The type, the one place in which a code is text.
const TYPE: &str = "shared/refusal/src/code.rs";
/// What runs for a voter, an officer or the public; the others only speak about it.
const ZONES: [&str; 7] = [
    "core/",
    "voter/",
    "identity/",
    "chain/",
    "count/",
    "public/",
    "shared/",
];

#[derive(Deserialize)]
struct File {
    error: Vec<Entry>,
}

#[derive(Deserialize)]
struct Entry {
    code: String,
    to_be_raised_by: Option<String>,
}

/// Every code has a text and every text a code; a code that nothing raises says who will, and one
/// that is raised does not; outside the type no code is a literal. Tests may name codes as text.
pub fn all_agree(tree: &Tree) -> Result<Findings> {
    let file: File = toml::from_str(tree.get(CATALOGUE).unwrap_or_default())?;
    let named = variants(tree.get(TYPE).unwrap_or_default());
    let mut findings = Vec::new();
    for code in named.keys() {
        if !file.error.iter().any(|entry| entry.code == *code) {
            findings.push(format!("{code} has no text in {CATALOGUE}"));
        }
    }
    for entry in &file.error {
        let code = &entry.code;
        let Some(name) = named.get(code) else {
            findings.push(format!("{code} is not in {TYPE}"));
            continue;
        };
        match (raised(tree, name), &entry.to_be_raised_by) {
            (Some(path), Some(_)) => {
                findings.push(format!("{code} is raised in {path}: take it off the list"));
            }
            (None, None) => findings.push(format!("{code} is raised nowhere")),
            _ => {}
        }
    }
    findings.extend(as_text(tree, &named));
    Ok(findings)
}

/// `Name = "code",` of the type: code → name.
fn variants(text: &str) -> BTreeMap<String, String> {
    let rows = text.lines().filter_map(|line| {
        let (name, code) = line.trim().split_once(" = \"")?;
        let code = code.strip_suffix("\",")?;
        Some((code.to_owned(), name.to_owned()))
    });
    rows.collect()
}

/// Where a code is named by the programs, outside tests.
fn raised<'a>(tree: &'a Tree, name: &str) -> Option<&'a str> {
    let wanted = format!("ErrorCode::{name}");
    let is_whole = |rest: &str| !rest.starts_with(|c: char| c.is_ascii_alphanumeric());
    tree.with_ending(&[".rs"])
        .filter(|(path, _)| ZONES.iter().any(|zone| path.starts_with(zone)))
        .filter(|(path, _)| *path != TYPE && !is_test(path))
        .find(|(_, text)| text.split(&wanted).skip(1).any(is_whole))
        .map(|(path, _)| path)
}

/// Codes that are text: literals in Rust, and codes of pages and scripts that do not exist.
fn as_text(tree: &Tree, named: &BTreeMap<String, String>) -> Findings {
    let mut findings = Vec::new();
    for (path, text) in tree.with_ending(&[".rs", ".html", ".ts", ".mjs", ".toml"]) {
        if path == CATALOGUE || path == TYPE || is_test(path) {
            continue;
        }
        let rust = path.ends_with(".rs");
        for code in codes(text) {
            if rust && text.contains(&format!("\"{code}\"")) {
                findings.push(format!("{code} is a literal in {path}"));
            } else if !named.contains_key(&code) {
                findings.push(format!("{code} in {path} does not exist"));
            }
        }
    }
    findings
}

/// All `E-NN` and `E-NNa` in a text.
fn codes(text: &str) -> Vec<String> {
    let mut found = Vec::new();
    let mut last = ' ';
    for (at, c) in text.char_indices() {
        let starts = c == 'E' && !last.is_alphanumeric() && last != '-';
        last = c;
        let Some(rest) = text.get(at..).and_then(|rest| rest.strip_prefix("E-")) else {
            continue;
        };
        let digits: String = rest.chars().take_while(char::is_ascii_digit).collect();
        if !starts || digits.len() != 2 {
            continue;
        }
        let letter = rest.chars().nth(2).filter(char::is_ascii_lowercase);
        let after = rest.chars().nth(2 + usize::from(letter.is_some()));
        if after.is_none_or(|c| !c.is_ascii_alphanumeric()) {
            found.push(format!(
                "E-{digits}{}",
                letter.map(String::from).unwrap_or_default()
            ));
        }
    }
    found
}

#[cfg(test)]
mod tests;
