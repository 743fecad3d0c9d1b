//! The registry of hashed statements names every purpose that the sources use, and no other, and
//! for each the test that changes its fields.

use std::collections::BTreeSet;

use anyhow::{Context as _, Result};

use super::{Findings, Tree, is_test, test_functions};

const REGISTRY: &str = "docs/spec/hashed-fields.toml";
/// Crates that only make forgeries, vectors or figures: they repeat purposes of others.
const NOT_SHIPPED: [&str; 2] = ["lab/", "tools/"];
/// What comes before the purpose of a statement.
const MARKS: [&str; 5] = [
    "hash(",
    "Framed::new(",
    "Transcript::new(",
    "PURPOSE: &str =",
    "irefuda/v2/",
];
/// Names in the registry for bytes without a purpose of their own.
const WITHOUT_PURPOSE: [&str; 3] = ["block header", "manifest (fields)", "token"];

/// Registry and sources agree.
///
/// # Errors
/// The registry is no TOML.
pub fn all_registered(tree: &Tree) -> Result<Findings> {
    let Some(text) = tree.get(REGISTRY) else {
        return Ok(vec![format!("{REGISTRY} is missing")]);
    };
    let table: toml::Table = text.parse().context(REGISTRY)?;
    let list = table.get("statement").and_then(toml::Value::as_array);
    let list: Vec<&toml::Value> = list.into_iter().flatten().collect();
    let named: BTreeSet<&str> = list
        .iter()
        .filter_map(|s| s.get("purpose")?.as_str())
        .collect();
    let shipped: Vec<&str> = tree
        .rust()
        .filter(|(path, _)| !is_test(path) && !NOT_SHIPPED.iter().any(|c| path.starts_with(c)))
        .map(|(_, text)| text.split("#[cfg(test)]").next().unwrap_or_default())
        .collect();
    let used: BTreeSet<String> = shipped.iter().flat_map(|text| purposes(text)).collect();
    let mut findings = untested(tree, &list);
    for purpose in used.iter().filter(|p| !named.contains(p.as_str())) {
        findings.push(format!("{purpose}: hashed or signed, not in {REGISTRY}"));
    }
    for purpose in named.iter().filter(|p| !WITHOUT_PURPOSE.contains(p)) {
        let literals = [
            format!("\"{purpose}\""),
            format!("irefuda/v2/{purpose}\""),
            format!("irefuda/v2/{purpose}/\""),
        ];
        if !shipped
            .iter()
            .any(|text| literals.iter().any(|l| text.contains(l.as_str())))
        {
            findings.push(format!("{purpose}: in {REGISTRY}, nowhere in the sources"));
        }
    }
    Ok(findings)
}

/// Statements whose `tested` is neither `here` (the tests of `lab/vectors` compare the list with
/// what they try) nor the name of a test.
fn untested(tree: &Tree, list: &[&toml::Value]) -> Findings {
    let tests: BTreeSet<&str> = tree
        .rust()
        .filter(|(path, _)| !path.starts_with("tools/"))
        .flat_map(|(_, text)| test_functions(text))
        .collect();
    let text = |s: &toml::Value, field: &str| {
        let value = s.get(field).and_then(toml::Value::as_str);
        value.unwrap_or_default().to_owned()
    };
    list.iter()
        .map(|s| (text(s, "purpose"), text(s, "tested")))
        .filter(|(_, tested)| tested != "here" && !tests.contains(tested.as_str()))
        .map(|(purpose, tested)| format!("{purpose}: no test is called {tested:?}"))
        .collect()
}

/// Purposes in one source: the literal after a mark, and the words of parties and officers.
fn purposes(text: &str) -> Vec<String> {
    let mut out = Vec::new();
    for mark in MARKS {
        for (at, _) in text.match_indices(mark) {
            let rest = text.get(at + mark.len()..).unwrap_or_default();
            let rest = rest.trim_start();
            let rest = match mark {
                "irefuda/v2/" => Some(rest),
                _ => rest.strip_prefix('"'),
            };
            out.extend(rest.and_then(word));
        }
    }
    for start in ["\"officer-", "\"board-"] {
        for (at, _) in text.match_indices(start) {
            out.extend(text.get(at + 1..).and_then(word));
        }
    }
    out
}

/// The word up to the closing quote; none for anything that is no purpose.
fn word(rest: &str) -> Option<String> {
    let (word, _) = rest.split_once('"')?;
    let word = word.strip_suffix('/').unwrap_or(word);
    let fits = |c: char| c.is_ascii_lowercase() || c == '-';
    (word.len() > 1 && word.chars().all(fits)).then(|| word.to_owned())
}

#[cfg(test)]
mod tests;
