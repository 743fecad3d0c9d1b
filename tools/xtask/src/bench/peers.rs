//! Other voting systems doing the same job on this machine: Belenios' command-line tool from the
//! distribution and ElectionGuard's library in an environment of its own. Neither is linked,
//! shipped or needed for anything but this comparison.

use std::path::{Path, PathBuf};

use anyhow::{Context, Result, ensure};
use serde::{Deserialize, Serialize};

use toolbox::shell::{Shell, on_path};
use toolbox::{output, root};

const BELENIOS: &str = include_str!("peers/belenios.sh");
const GUARD: &str = include_str!("peers/guard.py");

/// CPU seconds of one ballot, and its bytes, as a driver prints them.
#[derive(Deserialize)]
struct Cost {
    encrypt: f64,
    verify: f64,
    tally: f64,
    bytes: usize,
}

/// The same with a name, as `irefuda-bench --others` reads it.
#[derive(Serialize)]
struct Peer {
    name: &'static str,
    note: &'static str,
    encrypt: f64,
    verify: f64,
    tally: f64,
    bytes: usize,
}

impl Peer {
    fn of(name: &'static str, note: &'static str, cost: &Cost) -> Self {
        Self {
            name,
            note,
            encrypt: cost.encrypt,
            verify: cost.verify,
            tally: cost.tally,
            bytes: cost.bytes,
        }
    }
}

/// Lets each peer that can be had encrypt, verify and count `ballots` ballots; writes what they
/// needed to `others.json` in `out`. A peer that cannot be had is named, with the reason.
///
/// # Errors
/// The file cannot be written.
pub fn measure(ballots: u16, yes: bool, out: &Path) -> Result<PathBuf> {
    type Run = fn(u16, bool) -> Result<Peer>;
    let runs: [(&str, Run); 2] = [("Belenios", belenios), ("ElectionGuard", election_guard)];
    let mut peers = Vec::new();
    for (name, run) in runs {
        output::line(&format!("{name}: {ballots} ballots"));
        match run(ballots, yes) {
            Ok(peer) => peers.push(peer),
            Err(error) => output::line(&format!("{name} was not measured: {error:#}")),
        }
    }
    let path = out.join("others.json");
    std::fs::write(&path, serde_json::to_string_pretty(&peers)?)?;
    Ok(path)
}

fn agreed(yes: bool, what: &str) -> Result<()> {
    ensure!(
        yes || output::ask(&format!("install {what} for the comparison?"))?,
        "not installed"
    );
    Ok(())
}

/// A fresh folder for one peer's election.
fn folder(name: &str) -> Result<PathBuf> {
    let dir = root::join("target/peers").join(name);
    if dir.exists() {
        std::fs::remove_dir_all(&dir)?;
    }
    std::fs::create_dir_all(&dir)?;
    Ok(dir)
}

fn belenios(ballots: u16, yes: bool) -> Result<Peer> {
    if !on_path("belenios-tool") {
        agreed(yes, "the Debian package belenios-tool")?;
        let said = Shell::new("apt-get install -y --no-install-recommends belenios-tool").tee()?;
        ensure!(said.ok, "apt-get failed");
    }
    let dir = folder("belenios")?;
    let script = dir.join("belenios.sh");
    std::fs::write(&script, BELENIOS)?;
    let text = Shell::new("bash")
        .arg(&script)
        .arg(ballots.to_string())
        .arg(&dir)
        .stdout()?;
    Ok(Peer::of(
        "Belenios 2.0",
        "belenios-tool, 2048-bit group; voter's signature; one process a ballot",
        &cost(&text)?,
    ))
}

fn election_guard(ballots: u16, yes: bool) -> Result<Peer> {
    let environment = root::join("target/peers/electionguard");
    let python = environment.join("bin/python");
    let there = |code: &str| Shell::program(&python).arg("-c").arg(code).quiet();
    if !there("import importlib.metadata as m; m.version('electionguard')")
        .is_ok_and(|said| said.ok)
    {
        agreed(yes, "the Python package electionguard 1.4.0 below target/")?;
        let made = Shell::new("python3 -m venv").arg(&environment).tee()?;
        ensure!(made.ok, "python3 -m venv failed");
        let pip = Shell::program(&python)
            .arg("-m")
            .arg("pip")
            .arg("install")
            .arg("--quiet")
            .arg("electionguard==1.4.0");
        ensure!(pip.tee()?.ok, "pip failed");
    }
    let dir = folder("electionguard-run")?;
    let script = dir.join("guard.py");
    std::fs::write(&script, GUARD)?;
    let text = Shell::program(&python)
        .arg(&script)
        .arg(ballots.to_string())
        .dir(&dir)
        .stdout()?;
    Ok(Peer::of(
        "ElectionGuard 1.4.0",
        "Python library with gmpy2, 4096-bit group; no signature",
        &cost(&text)?,
    ))
}

/// The last line a driver printed.
fn cost(text: &str) -> Result<Cost> {
    let line = text.lines().last().context("the driver printed nothing")?;
    serde_json::from_str(line).with_context(|| line.to_owned())
}

#[cfg(test)]
mod tests;
