//! Licences of foreign crates against the list in `deny.toml`, so that the rule is checked even
//! where `cargo-deny` is not installed.

use std::collections::BTreeSet;

use anyhow::{Context, Result};
use serde::Deserialize;

use super::metadata::Metadata;
use super::{Findings, Tree};

#[derive(Deserialize)]
struct Deny {
    licenses: Licenses,
}

#[derive(Deserialize)]
struct Licenses {
    allow: BTreeSet<String>,
}

/// Every dependency can be used under licences of the list.
pub fn all_allowed(tree: &Tree) -> Result<Findings> {
    let text = tree.get("deny.toml").context("deny.toml is missing")?;
    let deny: Deny = toml::from_str(text)?;
    let metadata = Metadata::read()?;
    let mut findings = Findings::new();
    for package in metadata.foreign() {
        let Some(licence) = &package.license else {
            findings.push(format!("{}: no licence given", package.name));
            continue;
        };
        if !satisfied(licence, &deny.licenses.allow) {
            findings.push(format!("{}: {licence}", package.name));
        }
    }
    Ok(findings)
}

/// Evaluates an SPDX expression (`OR`, `AND`, `WITH`, parentheses, the old `/`).
fn satisfied(expression: &str, allowed: &BTreeSet<String>) -> bool {
    let spaced = expression
        .replace('/', " OR ")
        .replace('(', " ( ")
        .replace(')', " ) ");
    let tokens: Vec<&str> = spaced.split_whitespace().collect();
    let mut place = 0;
    any_of(&tokens, &mut place, allowed) && place == tokens.len()
}

fn any_of(tokens: &[&str], place: &mut usize, allowed: &BTreeSet<String>) -> bool {
    let mut holds = all_of(tokens, place, allowed);
    while tokens.get(*place) == Some(&"OR") {
        *place += 1;
        holds |= all_of(tokens, place, allowed);
    }
    holds
}

fn all_of(tokens: &[&str], place: &mut usize, allowed: &BTreeSet<String>) -> bool {
    let mut holds = one(tokens, place, allowed);
    while tokens.get(*place) == Some(&"AND") {
        *place += 1;
        holds &= one(tokens, place, allowed);
    }
    holds
}

fn one(tokens: &[&str], place: &mut usize, allowed: &BTreeSet<String>) -> bool {
    let Some(&token) = tokens.get(*place) else {
        return false;
    };
    *place += 1;
    if token == "(" {
        let holds = any_of(tokens, place, allowed);
        let closed = tokens.get(*place) == Some(&")");
        *place += 1;
        return holds && closed;
    }
    // "MPL-2.0+" offers the licence itself too.
    let mut name = token.trim_end_matches('+').to_owned();
    if tokens.get(*place) == Some(&"WITH") {
        name = format!("{name} WITH {}", tokens.get(*place + 1).unwrap_or(&""));
        *place += 2;
    }
    allowed.contains(&name)
}

#[cfg(test)]
mod tests;
