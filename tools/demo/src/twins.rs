//! Two elections that differ only in one voter's choice must look alike from outside: up to the
//! close, before any trustee commits to a share, they have the same number of messages, files and
//! entries on the board, with the same lengths.

use std::collections::BTreeSet;
use std::path::{Path, PathBuf};

use anyhow::{Context, Result};
use clap::Args;
use serde_json::Value;
use toolbox::shell::Shell;
use toolbox::{output, root};

use crate::trace::Trace;

/// Files whose length depends on something else than the voters, and on what.
const OTHER_REASONS: [(&str, &str); 11] = [
    ("capture/", "the observer's own"),
    (
        "run/node-0/data/engine/",
        "the engine's blocks and votes; blocks without entries come by the real clock. What the          blocks hold is compared entry by entry",
    ),
    (
        "run/node-0/data/record/",
        "the record as it is handed out, under a name by chance; its entries are compared",
    ),
    (
        "run/node-0/data/seen.log",
        "entries that wait for a block at this moment",
    ),
    ("run/node-0/stderr.log", "one line a minute of real time"),
    (
        "run/registrar-1/stderr.log",
        "how many daily reports went to the board at once",
    ),
    ("run/registrar-2/stderr.log", "the same"),
    (
        ".db-shm",
        "the database's index of its log: memory, written to the file at any time",
    ),
    ("record/blocks.bin", "headers of blocks without entries"),
    (
        "record/finality.bin",
        "certificates of blocks without entries",
    ),
    (
        "record/view/counted.json",
        "heights of blocks in decimal digits",
    ),
];

/// Kind of a ballot on the board (chapter 05 of the specification).
const BALLOT: &str = "type 15";

/// Voters of each run.
const VOTERS: usize = 3;
/// Where both runs go.
const OUT: &str = "target/twins";

/// Arguments of `cargo xtask twins`.
#[derive(Args)]
pub struct TwinsArgs {
    /// Voters of each run
    #[arg(long, default_value_t = VOTERS)]
    voters: usize,
    /// Number that decides the plan
    #[arg(long, default_value_t = 1)]
    seed: u64,
    /// Where both runs are written
    #[arg(long, default_value = OUT)]
    out: PathBuf,
}

/// `cargo xtask twins`.
///
/// # Errors
/// A run fails.
pub fn task(args: &TwinsArgs) -> Result<bool> {
    // Names of one length: they appear in configurations and logs.
    let one = run(args, "one", None)?;
    let other = run(args, "two", Some("v001"))?;
    let findings = compare(&one, &other);
    for line in &findings {
        output::line(&format!("DIFFERS  {line}"));
    }
    let talks = one.visits.iter().flat_map(|visit| visit.talks.values());
    let messages: usize = talks.map(|one| one.sent.len() + one.received.len()).sum();
    let files = one.files.keys().filter(|name| reason(name).is_none());
    let ballots = one.entries.get(BALLOT).map_or(0, Vec::len);
    output::line(&format!(
        "  {} visits, {messages} messages, {} files, {} entries with {ballots} ballots compared: \
         {} differ",
        one.visits.len(),
        files.count(),
        one.entries.values().map(Vec::len).sum::<usize>(),
        findings.len()
    ));
    Ok(findings.is_empty() && messages > 0 && ballots == args.voters)
}

fn run(args: &TwinsArgs, name: &str, other_choice: Option<&str>) -> Result<Trace> {
    let out = root::join(&args.out.display().to_string()).join(name);
    let mut shell = Shell::new(&root::program("irefuda-demo").display().to_string())
        .arg("demo")
        .arg(format!("--auto={}", args.voters))
        .arg(format!("--seed={}", args.seed))
        .arg(format!("--out={}", out.display()))
        // Several validators agree in another order each time, which changes their files.
        .arg("--validators=1")
        .arg("--trace");
    if let Some(voter) = other_choice {
        shell = shell.arg(format!("--other-choice={voter}"));
    }
    anyhow::ensure!(shell.tee()?.ok, "the run {name} failed");
    plan_differs(&out, other_choice)?;
    let text = std::fs::read(out.join("trace.json")).context("trace.json")?;
    Ok(serde_json::from_slice(&text)?)
}

/// The second plan is the first but for one choice.
fn plan_differs(out: &Path, voter: Option<&str>) -> Result<()> {
    let Some(voter) = voter else { return Ok(()) };
    let read = |folder: &Path| -> Result<Value> {
        Ok(serde_json::from_slice(&std::fs::read(
            folder.join("plan.json"),
        )?)?)
    };
    let (first, second) = (read(&out.with_file_name("one"))?, read(out)?);
    let choices = |plan: &Value| -> Vec<(String, String)> {
        let people = plan.get("people").and_then(Value::as_array);
        let text = |value: &Value, path: &str| {
            let found = value.pointer(path).and_then(Value::as_str);
            found.unwrap_or_default().to_owned()
        };
        let person = |one: &Value| (text(one, "/voter"), text(one, "/visits/0/choice"));
        people.into_iter().flatten().map(person).collect()
    };
    let differing: Vec<String> = choices(&first)
        .into_iter()
        .zip(choices(&second))
        .filter(|(one, other)| one != other)
        .map(|(one, _)| one.0)
        .collect();
    anyhow::ensure!(
        differing == [voter],
        "the plans differ in {differing:?} and not in {voter} alone"
    );
    Ok(())
}

/// Why a file's length is not compared.
fn reason(name: &str) -> Option<&'static str> {
    let matches = |part: &&(&str, &'static str)| name.contains(part.0);
    OTHER_REASONS.iter().find(matches).map(|(_, why)| *why)
}

/// Every difference, one line each.
fn compare(one: &Trace, other: &Trace) -> Vec<String> {
    let mut found = Vec::new();
    if one.visits.len() != other.visits.len() {
        found.push("another number of visits".to_owned());
    }
    for (left, right) in one.visits.iter().zip(&other.visits) {
        let name = &left.name;
        if left.name != right.name {
            found.push(format!("{name}: instead {}", right.name));
        }
        if left.asked != right.asked {
            let (a, b) = (&left.asked, &right.asked);
            found.push(format!("{name}: node-0 was asked {a:?} and {b:?}"));
        }
        let ports: BTreeSet<&u16> = left.talks.keys().chain(right.talks.keys()).collect();
        for port in ports {
            let (a, b) = (left.talks.get(port), right.talks.get(port));
            if a != b {
                found.push(format!("{name} and port {port}: {a:?} and {b:?}"));
            }
        }
    }
    let kinds: BTreeSet<&String> = one.entries.keys().chain(other.entries.keys()).collect();
    for kind in kinds {
        // In order of length: two registrars' reports of one day come in any order.
        let sorted = |trace: &Trace| {
            let mut lengths = trace.entries.get(kind).cloned().unwrap_or_default();
            lengths.sort_unstable();
            lengths
        };
        let (a, b) = (sorted(one), sorted(other));
        if a != b {
            found.push(format!("entries of {kind}: {a:?} and {b:?} bytes"));
        }
    }
    let names: BTreeSet<&String> = one.files.keys().chain(other.files.keys()).collect();
    for name in names.into_iter().filter(|name| reason(name).is_none()) {
        let (a, b) = (one.files.get(name), other.files.get(name));
        if a != b {
            found.push(format!("{name}: {a:?} and {b:?} bytes"));
        }
    }
    found
}

#[cfg(test)]
mod tests;
