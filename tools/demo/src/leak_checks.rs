//! The checks after a run: the public pages show every receipt, and no secret leaked.

use std::path::Path;

use anyhow::{Context, Result};
use serde_json::json;
use toolbox::{browser, output};

use crate::booth::NOTES;
use crate::canary::{Canary, Finding, Search};
use crate::capture::without;
use crate::cards::{AUTHORITY_PORT, unhex};
use crate::configs::RELAY_PORT;
use crate::scenario::Scenario;

/// Looks up every receipt on the portal and inspects its pages. Returns the number of pages.
///
/// # Errors
/// The browser cannot be started.
pub fn portal(run: &mut Scenario<'_>) -> Result<usize> {
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
        "origin": format!("http://{}", run.run_folder.address(0)),
        "relay": run.run_folder.address(RELAY_PORT),
        "screens": run.run_folder.out.join("screens"),
        "receipts": receipts,
        "trust": run.run_folder.out.join("trust.json"),
    });
    let path = run
        .run_folder
        .write("portal", "browser-job.json", &job.to_string())?;
    let log = run.run_folder.own_log("portal.mjs")?;
    let (answer, findings) = browser::run("portal.mjs", &path.display().to_string(), Some(&log))?;
    run.findings.extend(findings);
    let pages = answer.get("pages").and_then(serde_json::Value::as_array);
    Ok(pages.map_or(0, Vec::len))
}

/// Searches everything the run left behind, and the captured traffic, for the personas' secrets.
///
/// # Errors
/// A file cannot be read.
pub fn canaries(run: &mut Scenario<'_>) -> Result<()> {
    let mut canaries = run.cards.canaries(&run.run_folder.out.join("capture"))?;
    let noted = noted(&run.run_folder.out.join("demo-secrets"))?;
    output::line(&format!(
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
    let search = Search::new(canaries)?;
    let (planted, missed) = search.planted();
    output::line(&format!(
        "  {planted} spellings planted to try the search: {} not found",
        missed.len()
    ));
    run.findings.extend(missed);
    let out = &run.run_folder.out;
    let own = [
        run.cards.folder().to_owned(),
        out.join("demo-secrets"),
        out.join("capture"),
    ];
    let (files, mut findings) = search.folder(out, &own)?;
    let streams = streams(run)?;
    findings.extend(search.streams(&streams)?);
    findings.retain(|finding| !published(finding, run.run_folder.port(AUTHORITY_PORT)));
    output::line(&format!(
        "  {} secrets searched in {files} files and {} streams: {} found",
        search.count(),
        streams.len(),
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

/// The captured traffic but for the cables between a voter's browser and booth.
fn streams(run: &mut Scenario<'_>) -> Result<Vec<(String, Vec<u8>)>> {
    let Some(capture) = run.capture.take() else {
        return Ok(Vec::new());
    };
    let streams = without(capture.finish()?, &run.cables).into_iter();
    let named = |((from, to), bytes): ((u16, u16), _)| (traffic(from, to), bytes);
    Ok(streams.map(named).collect())
}

fn traffic(from: u16, to: u16) -> String {
    format!("traffic from port {from} to {to}")
}

/// The serial of a revoked card is in the revocation list, which the authority gives to
/// everybody.
fn published(finding: &Finding, authority: u16) -> bool {
    finding.name.starts_with("serial of revoked-")
        && finding
            .place
            .starts_with(&format!("traffic from port {authority} to "))
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
