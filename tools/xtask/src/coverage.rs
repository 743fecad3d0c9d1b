//! `cargo xtask coverage`: which share of the lines the tests run, zone by zone. Not part of `test`:
//! it builds everything again, and a share of lines says what no test runs, not what is tested.

use std::collections::BTreeMap;

use anyhow::{Context, Result, ensure};
use clap::Args;
use serde::Deserialize;
use toolbox::shell::Shell;
use toolbox::{output, root};

use crate::cargo_tools::Tool;

const LLVM_COV: Tool = Tool {
    name: "cargo-llvm-cov",
    version: "0.9.1",
    features: "",
};
/// The report, as JSON.
const OUT: &str = "target/coverage.json";

/// Arguments of `cargo xtask coverage`.
#[derive(Args)]
pub struct CoverageArgs {
    /// Only the crates of this zone, for example `core`
    zone: Option<String>,
}

/// Lines of a zone.
#[derive(Clone, Copy, Default, Deserialize)]
struct Lines {
    count: u64,
    covered: u64,
}

#[derive(Deserialize)]
struct Report {
    data: Vec<Export>,
}

#[derive(Deserialize)]
struct Export {
    files: Vec<File>,
}

#[derive(Deserialize)]
struct File {
    filename: String,
    summary: Summary,
}

#[derive(Deserialize)]
struct Summary {
    lines: Lines,
}

/// `cargo xtask coverage`.
///
/// # Errors
/// A tool cannot be installed or started, the zone does not exist, or its tests fail.
pub fn task(args: &CoverageArgs) -> Result<bool> {
    let component = Shell::new("rustup component add llvm-tools");
    ensure!(component.tee()?.ok, "llvm-tools was not installed");
    let program = LLVM_COV.ensure()?;
    let run = Shell::program(program).arg("llvm-cov").arg("nextest");
    let run = run.arg("--locked").arg("--no-fail-fast");
    let run = run.arg("--json").arg("--summary-only");
    let run = run.arg("--output-path").arg(root::join(OUT));
    let run = match &args.zone {
        Some(zone) => crates(zone)?
            .iter()
            .fold(run, |run, name| run.arg("-p").arg(name)),
        None => run.arg("--workspace"),
    };
    let passed = run.tee()?.ok;
    let text = std::fs::read_to_string(root::join(OUT)).context(OUT)?;
    for line in table(
        &text,
        &root::dir().display().to_string(),
        args.zone.as_deref(),
    )? {
        output::line(&line);
    }
    Ok(passed)
}

/// The crates in a zone's folder, by the names of their folders, which are those of the crates.
fn crates(zone: &str) -> Result<Vec<String>> {
    let mut names = Vec::new();
    for entry in std::fs::read_dir(root::join(zone)).with_context(|| format!("zone {zone}"))? {
        let entry = entry?;
        if entry.path().join("Cargo.toml").exists() {
            names.push(entry.file_name().to_string_lossy().into_owned());
        }
    }
    names.sort();
    ensure!(!names.is_empty(), "no crate in {zone}");
    Ok(names)
}

/// One row for each zone (or for each crate of the one zone that was measured), and their sum. Files
/// of tests do not count: they run by definition.
fn table(report: &str, root: &str, zone: Option<&str>) -> Result<Vec<String>> {
    let report: Report = serde_json::from_str(report).context(OUT)?;
    let mut rows: BTreeMap<String, Lines> = BTreeMap::new();
    let mut all = Lines::default();
    for file in report.data.iter().flat_map(|export| &export.files) {
        let Some(path) = file.filename.strip_prefix(root) else {
            continue;
        };
        let mut words = path.trim_start_matches('/').split('/');
        let (Some(folder), Some(name)) = (words.next(), words.next()) else {
            continue;
        };
        let tests = path.contains("/tests/") || path.ends_with("/tests.rs");
        if tests || zone.is_some_and(|zone| zone != folder) {
            continue;
        }
        let row = match zone {
            Some(_) => format!("{folder}/{name}"),
            None => folder.to_owned(),
        };
        let lines = file.summary.lines;
        for sum in [rows.entry(row).or_default(), &mut all] {
            sum.count += lines.count;
            sum.covered += lines.covered;
        }
    }
    let mut out = vec![format!(
        "{:<24} {:>8} {:>8} {:>7}",
        "zone", "lines", "run", "share"
    )];
    out.extend(rows.iter().map(|(name, lines)| lines.row(name)));
    out.push(all.row("all"));
    Ok(out)
}

impl Lines {
    fn row(self, name: &str) -> String {
        // In tenths of a percent, rounded down.
        let share = (self.covered * 1000).checked_div(self.count).unwrap_or(0);
        let (whole, tenth) = (share / 10, share % 10);
        format!(
            "{name:<24} {:>8} {:>8} {whole:>3}.{tenth} %",
            self.count, self.covered
        )
    }
}

#[cfg(test)]
mod tests;
