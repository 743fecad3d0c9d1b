//! What is looked at after a run: the public pages with every receipt, and whether any secret
//! leaked.

use std::path::Path;

use anyhow::{Context, Result};
use serde_json::json;

use super::booth::{NOTES, node};
use super::canary::{Canary, Search};
use super::capture::without;
use super::cards::unhex;
use super::run::Run;
use crate::say;

/// Looks up every receipt on the portal and inspects its pages. Returns the number of pages.
///
/// # Errors
/// The browser cannot be started.
pub fn portal(run: &mut Run<'_>) -> Result<usize> {
    let mut receipts = Vec::new();
    for codes in run.receipts.values() {
        for (n, code) in codes.iter().enumerate() {
            let state = if n + 1 == codes.len() {
                "counted"
            } else {
                "overwritten"
            };
            receipts.push(json!({ "code": code, "state": state }));
        }
    }
    let job = json!({
        "origin": format!("http://{}", run.place.address(0)),
        "screens": run.place.out.join("screens"),
        "receipts": receipts,
        "trust": run.place.out.join("trust.json"),
    });
    let path = run
        .place
        .write("portal", "browser-job.json", &job.to_string())?;
    let (answer, findings) = node("portal.mjs", &path.display().to_string())?;
    run.findings.extend(findings);
    let pages = answer.get("pages").and_then(serde_json::Value::as_array);
    Ok(pages.map_or(0, Vec::len))
}

/// Searches everything the run left behind, and the captured traffic, for the personas' secrets.
///
/// # Errors
/// A file cannot be read.
pub fn canaries(run: &mut Run<'_>) -> Result<()> {
    let mut canaries = run.cards.canaries(&run.place.out.join("capture"))?;
    let noted = noted(&run.place.out.join("demo-secrets"))?;
    say::line(&format!(
        "  {} seeds and voting secrets of ballots among them",
        noted.len()
    ));
    if noted.len() < 2 * run.noted {
        run.findings.push(format!(
            "{} booths noted only {} secrets",
            run.noted,
            noted.len()
        ));
    }
    canaries.extend(noted);
    let search = Search::new(&canaries);
    let out = &run.place.out;
    let own = [
        run.cards.folder().to_owned(),
        out.join("demo-secrets"),
        out.join("capture"),
    ];
    let (files, mut findings) = search.folder(out, &own)?;
    let mut streams = 0;
    if let Some(capture) = run.capture.take() {
        for ((from, to), bytes) in without(capture.finish()?, &run.cables) {
            streams += 1;
            findings.extend(search.bytes(&format!("traffic from port {from} to {to}"), &bytes));
        }
    }
    say::line(&format!(
        "  {} secrets searched in {files} files and {streams} streams: {} found",
        canaries.len(),
        findings.len()
    ));
    run.findings.extend(findings.into_iter().map(|finding| {
        format!(
            "{} leaked ({}) in {}",
            finding.name, finding.spelling, finding.place
        )
    }));
    Ok(())
}

/// What the demonstration's booths noted: one line a secret.
fn noted(folder: &Path) -> Result<Vec<Canary>> {
    let mut all = Vec::new();
    for entry in std::fs::read_dir(folder)? {
        let path = entry?.path();
        let name = path.file_name().unwrap_or_default().to_string_lossy();
        let Some(voter) = name.strip_prefix(NOTES) else {
            continue;
        };
        for line in std::fs::read_to_string(&path)?.lines() {
            let (what, digits) = line.split_once(' ').context("a line of canaries")?;
            all.push(Canary {
                name: format!("{what} of {voter}"),
                secret: unhex(digits),
            });
        }
    }
    Ok(all)
}
