//! Checks that read the text of files.

use anyhow::Result;

use super::{Findings, Tree, is_test};

/// Longest Rust file outside tests.
const MAX_LINES: usize = 600;
/// Folders of the workspace: who runs what is inside.
const ZONES: [&str; 9] = [
    "core", "voter", "identity", "chain", "count", "public", "shared", "lab", "tools",
];
/// What the page of a zone answers.
const INTRODUCED: [&str; 3] = [
    "**Who runs it.**",
    "**What it may never see or do.**",
    "**Where to start reading.**",
];

/// Every manifest of ours says `[lints] workspace = true`.
pub fn lints_inherited(tree: &Tree) -> Result<Findings> {
    let manifests = tree.with_ending(&["/Cargo.toml"]);
    let bare = manifests.filter(|(_, text)| !inherits(text));
    Ok(bare.map(|(path, _)| path.to_owned()).collect())
}

fn inherits(manifest: &str) -> bool {
    manifest
        .lines()
        .skip_while(|line| line.trim() != "[lints]")
        .nth(1)
        .is_some_and(|line| line.replace(' ', "") == "workspace=true")
}

/// Long files hide things.
pub fn short_files(tree: &Tree) -> Result<Findings> {
    let mut findings = Findings::new();
    for (path, text) in tree.rust().filter(|(path, _)| !is_test(path)) {
        let lines = text.lines().count();
        if lines > MAX_LINES {
            findings.push(format!("{path}: {lines} lines"));
        }
    }
    Ok(findings)
}

/// Every zone says who runs it, what it may never see and where to start reading.
pub fn zones_introduced(tree: &Tree) -> Result<Findings> {
    let missing = ZONES.iter().filter(|zone| {
        let page = tree.get(&format!("{zone}/README.md")).unwrap_or_default();
        !INTRODUCED.iter().all(|part| page.contains(part))
    });
    Ok(missing
        .map(|zone| format!("{zone}/README.md is missing or leaves out one of {INTRODUCED:?}"))
        .collect())
}

/// A note about work to do names its issue: `TODO(#12)`.
pub fn todos_numbered(tree: &Tree) -> Result<Findings> {
    let words = [
        concat!("TO", "DO"),
        concat!("FIX", "ME"),
        concat!("XX", "X:"),
    ];
    let mut findings = Findings::new();
    for (path, text) in tree.with_ending(&[".rs", ".ts", ".mjs", ".js", ".html", ".css", ".sh"]) {
        for (number, line) in text.lines().enumerate() {
            let noted = words.iter().any(|word| line.contains(word));
            if noted && !has_issue_number(line) {
                findings.push(format!("{path}:{}: {}", number + 1, line.trim()));
            }
        }
    }
    Ok(findings)
}

fn has_issue_number(line: &str) -> bool {
    line.split_once("(#")
        .is_some_and(|(_, rest)| rest.starts_with(|c: char| c.is_ascii_digit()))
}

/// The project is complete in itself: no path of one machine, no private host.
pub fn stands_alone(tree: &Tree) -> Result<Findings> {
    let forbidden = [
        concat!("/wo", "rk/"),
        concat!("/ro", "ot/"),
        concat!("/ho", "me/"),
        concat!("../sha", "red"),
        concat!("/tmp/te", "am"),
        concat!("\"resol", "ved\": \"http"),
    ];
    let mut findings = Findings::new();
    for (path, text) in &tree.files {
        for (number, line) in text.lines().enumerate() {
            if let Some(word) = forbidden.iter().find(|word| line.contains(*word)) {
                findings.push(format!("{path}:{}: {word}", number + 1));
            }
        }
    }
    Ok(findings)
}

/// One crate speaks to C++; nobody else needs `unsafe`.
pub fn unsafe_in_one_crate(tree: &Tree) -> Result<Findings> {
    let forms = ["{", "fn", "impl", "extern", "trait"].map(|form| format!("unsafe {form}"));
    let mut findings = Findings::new();
    for (path, text) in tree.rust() {
        if path.starts_with("voter/dlib-sys/") || path.starts_with("lab/house-rules/src/") {
            continue;
        }
        for (number, line) in text.lines().enumerate() {
            let code = line.split("//").next().unwrap_or_default();
            let lifted = code.contains("(unsafe_code");
            if lifted || forms.iter().any(|form| code.contains(form.as_str())) {
                findings.push(format!("{path}:{}", number + 1));
            }
        }
    }
    Ok(findings)
}

#[cfg(test)]
mod tests;
