//! Words of the glossary that have a type: the table in `docs/glossary.md` against the sources.

use std::collections::BTreeSet;

use anyhow::{Context, Result};

use super::{Findings, Tree, is_test};

/// Where the words are.
const GLOSSARY: &str = "docs/glossary.md";
/// Zones that never ship: models and demos restate words on purpose.
const NOT_SHIPPED: [&str; 2] = ["lab/", "tools/"];

/// Every type of the table is public in the crate it names and in no other.
pub fn one_type_each(tree: &Tree) -> Result<Findings> {
    let page = tree.get(GLOSSARY).context("the glossary is missing")?;
    let rows = table(page);
    let mut findings = Findings::new();
    if rows.is_empty() {
        findings.push(format!("{GLOSSARY}: no table of types"));
    }
    for (word, home, name) in rows {
        let defined = crates_that_define(tree, name);
        if !defined.contains(home) {
            findings.push(format!("{word}: {home} has no public type {name}"));
        }
        for other in defined.iter().filter(|other| **other != home) {
            findings.push(format!(
                "{word}: {other} has a second {name} beside {home}'s"
            ));
        }
    }
    Ok(findings)
}

/// Rows `| word | `crate::Type` |` between the markers.
fn table(page: &str) -> Vec<(&str, &str, &str)> {
    page.lines()
        .skip_while(|line| !line.contains("word-types:begin"))
        .take_while(|line| !line.contains("word-types:end"))
        .filter_map(|line| {
            let (word, rest) = line.strip_prefix("| ")?.split_once(" | `")?;
            let (home, name) = rest.split_once('`')?.0.split_once("::")?;
            Some((word, home, name))
        })
        .collect()
}

fn crates_that_define<'a>(tree: &'a Tree, name: &str) -> BTreeSet<&'a str> {
    let shipped = tree.rust().filter(|(path, _)| {
        !is_test(path) && !NOT_SHIPPED.iter().any(|zone| path.starts_with(zone))
    });
    let defining = shipped.filter(|(_, text)| text.lines().any(|line| defines(line, name)));
    defining
        .filter_map(|(path, _)| path.split_once("/src/")?.0.rsplit('/').next())
        .collect()
}

/// Does this line begin a public type of that name?
fn defines(line: &str, name: &str) -> bool {
    let Some(rest) = line.trim_start().strip_prefix("pub ") else {
        return false;
    };
    let kinds = ["struct ", "enum ", "trait ", "type ", "union "];
    let after = kinds.iter().find_map(|kind| rest.strip_prefix(kind));
    after
        .and_then(|rest| rest.strip_prefix(name))
        .is_some_and(|rest| !rest.starts_with(|c: char| c.is_alphanumeric() || c == '_'))
}

#[cfg(test)]
mod tests;
