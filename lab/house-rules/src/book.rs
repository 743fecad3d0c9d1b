//! The book: every page below `docs/` is in `docs/SUMMARY.md`, and every page named there exists.

use std::collections::BTreeSet;

use anyhow::Result;

use super::{Findings, Tree};

const SUMMARY: &str = "docs/SUMMARY.md";

/// A page that the summary leaves out is not in the book; `mdbook` would not say so.
pub fn all_listed(tree: &Tree) -> Result<Findings> {
    let listed: BTreeSet<String> = tree
        .get(SUMMARY)
        .map(|text| links(text).map(|link| format!("docs/{link}")).collect())
        .unwrap_or_default();
    let pages: BTreeSet<String> = tree
        .with_ending(&[".md"])
        .map(|(path, _)| path.to_owned())
        .filter(|path| path.starts_with("docs/") && path != SUMMARY)
        .collect();
    let missing = pages.difference(&listed);
    let gone = listed.difference(&pages);
    Ok(missing
        .map(|page| format!("{page} is not in {SUMMARY}"))
        .chain(gone.map(|page| format!("{SUMMARY} names {page}, which is not there")))
        .collect())
}

/// Targets of the Markdown links in a text.
fn links(text: &str) -> impl Iterator<Item = &str> {
    text.split("](")
        .skip(1)
        .filter_map(|rest| rest.split(')').next())
}

#[cfg(test)]
mod tests;
