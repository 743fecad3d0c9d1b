//! `cargo xtask bench crypto`: builds `irefuda-bench` as it would be shipped and runs it.

use std::path::PathBuf;

use anyhow::{Context, Result, ensure};
use clap::Args;
use toolbox::shell::Shell;
use toolbox::{output, root};

use super::peers;

/// Arguments of `cargo xtask bench crypto`.
#[derive(Args)]
pub struct CryptoArgs {
    /// Where bench.json, bench.svg and the other plots are written
    #[arg(long, default_value = "target/bench")]
    out: PathBuf,
    /// How often everything is measured; medians count
    #[arg(long, default_value_t = 15)]
    rounds: u32,
    /// Also let Belenios and ElectionGuard do the same job
    #[arg(long)]
    peers: bool,
    /// Ballots of that comparison
    #[arg(long, default_value_t = 100)]
    ballots: u16,
    /// Install what the comparison needs without asking
    #[arg(long)]
    yes: bool,
    /// Exit with 1 when a target is missed
    #[arg(long)]
    strict: bool,
}

/// Runs the measurements.
///
/// # Errors
/// The program cannot be built or started.
pub fn task(args: &CryptoArgs) -> Result<bool> {
    let program = built()?;
    std::fs::create_dir_all(&args.out)?;
    let out = args
        .out
        .canonicalize()
        .with_context(|| args.out.display().to_string())?;
    let mut shell = Shell::program(&program)
        .arg("--out")
        .arg(&out)
        .arg("--rounds")
        .arg(args.rounds.to_string())
        .arg("--ballots")
        .arg(args.ballots.to_string());
    if args.peers {
        let others = peers::measure(args.ballots, args.yes, &out)?;
        shell = shell.arg("--others").arg(others);
    }
    if args.strict {
        shell = shell.arg("--strict");
    }
    let met = shell.tee()?.ok;
    output::line(&format!("tables and plots are in {}", out.display()));
    Ok(met)
}

/// Builds the program in release mode; its path.
fn built() -> Result<PathBuf> {
    let build = Shell::new("cargo build --release --locked -p bench --bin irefuda-bench");
    ensure!(build.tee()?.ok, "the build failed");
    Ok(root::join("target/release/irefuda-bench"))
}
