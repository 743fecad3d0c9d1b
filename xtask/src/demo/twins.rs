//! Two elections that differ in one voter's choice only must look alike from outside: messages and
//! files of equal number and length up to the tally.

use std::collections::BTreeSet;
use std::path::{Path, PathBuf};

use anyhow::{Context, Result};
use clap::Args;
use serde_json::Value;

use super::trace::Trace;
use crate::shell::Shell;
use crate::{root, say};

/// Files whose length depends on something else than the voters, and on what.
const OTHER_REASONS: [(&str, &str); 4] = [
    ("capture/", "the observer's own"),
    ("/tcpdump", "the observer's own"),
    ("run/node-", "blocks without entries come by the real clock"),
    ("run/clock", "the demo's own"),
];

/// Arguments of `cargo xtask twins`.
#[derive(Args)]
pub struct TwinsArgs {
    /// Voters of each run
    #[arg(long, default_value_t = 3)]
    voters: usize,
    /// Where the plan comes from
    #[arg(long, default_value_t = 1)]
    seed: u64,
    /// Where both runs are written
    #[arg(long, default_value = "target/twins")]
    out: PathBuf,
}

/// `cargo xtask twins`.
///
/// # Errors
/// A run fails.
pub fn task(args: &TwinsArgs) -> Result<bool> {
    let one = run(args, "one", None)?;
    let other = run(args, "other", Some("v001"))?;
    let findings = compare(&one, &other);
    for line in &findings {
        say::line(&format!("DIFFERS  {line}"));
    }
    let connections = one.visits.iter().flat_map(|visit| &visit.connections);
    let messages: usize = connections
        .clone()
        .map(|one| one.sent.len() + one.received.len())
        .sum();
    say::line(&format!(
        "  {} visits, {} connections, {messages} messages, {} files compared: {} differ",
        one.visits.len(),
        connections.count(),
        one.files
            .keys()
            .filter(|name| reason(name).is_none())
            .count(),
        findings.len()
    ));
    Ok(findings.is_empty() && messages > 0)
}

fn run(args: &TwinsArgs, name: &str, other_choice: Option<&str>) -> Result<Trace> {
    let out = root::join(&args.out.display().to_string()).join(name);
    let mut shell = Shell::new(&root::me().display().to_string())
        .arg("demo")
        .arg(format!("--auto={}", args.voters))
        .arg(format!("--seed={}", args.seed))
        .arg(format!("--out={}", out.display()))
        .arg("--yes")
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
        if left.connections.len() != right.connections.len() {
            let (a, b) = (left.connections.len(), right.connections.len());
            found.push(format!("{name}: {a} and {b} connections"));
        }
        for (a, b) in left.connections.iter().zip(&right.connections) {
            if a != b {
                found.push(format!("{name}: {a:?} and {b:?}"));
            }
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
