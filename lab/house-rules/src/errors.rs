//! Error codes of the voter pages: each one used anywhere stands in `data/errors.toml`.

use std::collections::{BTreeMap, BTreeSet};

use anyhow::Result;

use super::{Findings, Tree, is_test};

/// Where the texts of all error codes are.
const CATALOGUE: &str = "data/errors.toml";

/// No code without a text. Tests may ask for codes that do not exist.
pub fn all_known(tree: &Tree) -> Result<Findings> {
    let known: BTreeSet<String> = tree
        .get(CATALOGUE)
        .map(|text| codes(text).into_iter().collect())
        .unwrap_or_default();
    let mut unknown: BTreeMap<String, &str> = BTreeMap::new();
    for (path, text) in tree.with_ending(&[".rs", ".html", ".ts", ".mjs", ".toml"]) {
        if path == CATALOGUE || path.starts_with("lab/house-rules/src/") || is_test(path) {
            continue;
        }
        for code in codes(text) {
            if !known.contains(&code) {
                unknown.insert(code, path);
            }
        }
    }
    Ok(unknown
        .into_iter()
        .map(|(code, path)| format!("{code} in {path}"))
        .collect())
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
