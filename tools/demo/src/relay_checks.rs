//! The relay keeps nothing of a ballot, and the logs of nodes and relay hold no voter's address and no
//! voting key.

use std::fs;
use std::net::{IpAddr, Ipv4Addr, SocketAddr};
use std::path::Path;

use anyhow::{Context, Result};
use toolbox::output;

use crate::canary::{Canary, Search};
use crate::scenario::Scenario;

/// Kind of a ballot on the board (chapter 05 of the specification).
const BALLOT: u8 = 15;
/// Where a ballot's voting key is: behind version, type and election.
const KEY: std::ops::Range<usize> = 66..98;
/// Bytes of the signature at the end of a ballot.
const SIGNATURE: usize = 64;

/// Searches what the relay kept for every voting key and ballot of the record, and the logs of relay
/// and nodes for voting keys and addresses of others than the parties.
///
/// # Errors
/// A file cannot be read.
pub fn logs(run: &mut Scenario<'_>) -> Result<()> {
    let out = run.run_folder.out.clone();
    let ballots = ballots(&out.join("record/entries.bin"))?;
    let search = Search::new(ballots)?;
    let (planted, missed) = search.planted();
    run.findings.extend(missed);
    let (kept, mut findings) = search.folder(&out.join("run/relay"), &[])?;
    let mut logs = vec![
        out.join("run/relay/stderr.log"),
        out.join("run/relay/stdout.log"),
    ];
    for item in fs::read_dir(out.join("run"))? {
        let path = item?.path();
        let name = path.file_name().unwrap_or_default().to_string_lossy();
        if name.starts_with("node-") {
            logs.extend(["stderr.log", "stdout.log"].map(|log| path.join(log)));
        }
    }
    let ports = run.run_folder.port(0)..=run.run_folder.port(99);
    for log in &logs {
        let bytes = fs::read(log).with_context(|| log.display().to_string())?;
        findings.extend(search.bytes(&log.display().to_string(), &bytes));
        let strangers = strangers(&String::from_utf8_lossy(&bytes), &ports);
        let told = |address| format!("{}: an address {address}", log.display());
        run.findings.extend(strangers.into_iter().map(told));
    }
    output::line(&format!(
        "  {} voting keys and ballots searched ({planted} spellings tried) in {kept} files of the relay \
         and {} logs: {} found",
        search.count(),
        logs.len(),
        findings.len()
    ));
    if search.count() == 0 || kept == 0 {
        run.findings
            .push("nothing to search for at the relay".to_owned());
    }
    let leaked = findings.into_iter();
    run.findings
        .extend(leaked.map(|f| format!("{} ({}) in {}", f.name, f.spelling, f.place)));
    Ok(())
}

/// Voting key and signature of every ballot of a record.
fn ballots(entries: &Path) -> Result<Vec<Canary>> {
    let bytes = fs::read(entries)?;
    let mut rest = bytes.as_slice();
    let mut all = Vec::new();
    while let Some((length, after)) = rest.split_first_chunk::<4>() {
        let length = usize::try_from(u32::from_le_bytes(*length))?;
        let (entry, after) = after
            .split_at_checked(length)
            .context("entries.bin is cut off")?;
        rest = after;
        if entry.get(1) != Some(&BALLOT) {
            continue;
        }
        let key = entry.get(KEY).context("a ballot without a voting key")?;
        let signature = entry
            .len()
            .checked_sub(SIGNATURE)
            .and_then(|at| entry.get(at..));
        let n = all.len() / 2;
        for (what, secret) in [
            ("voting key", key),
            (
                "signature",
                signature.context("a ballot without a signature")?,
            ),
        ] {
            all.push(Canary {
                name: format!("{what} of ballot {n}"),
                secret: secret.to_vec(),
            });
        }
    }
    Ok(all)
}

/// Network addresses in a text that belong to no party of the run: those of clients. Every party is on
/// 127.0.0.1 at a port of the run; `0.0.0.0` is where somebody listens.
fn strangers(text: &str, ports: &std::ops::RangeInclusive<u16>) -> Vec<String> {
    // Whole words: a part of `node::engine` would be an address too.
    let part = |c: char| c.is_ascii_alphanumeric() || "._-:[]".contains(c);
    let words = text
        .split(|c| !part(c))
        .map(|word| word.trim_end_matches([':', '.']));
    let own = |address: &IpAddr| address.is_unspecified() || *address == Ipv4Addr::LOCALHOST;
    let strange = |word: &&str| {
        let bare = word.trim_matches(['[', ']']);
        match (word.parse::<SocketAddr>(), bare.parse::<IpAddr>()) {
            (Ok(at), _) => !own(&at.ip()) || !ports.contains(&at.port()),
            (_, Ok(address)) => !own(&address),
            _ => false,
        }
    };
    words.filter(strange).map(str::to_owned).collect()
}

#[cfg(test)]
mod tests;
