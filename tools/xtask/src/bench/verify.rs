//! `cargo xtask bench verify`: whole records through `irefuda-verify` as it would be shipped.

use std::path::PathBuf;

use anyhow::{Result, ensure};
use clap::Args;

use toolbox::shell::Shell;
use toolbox::{output, root};

/// Arguments of `cargo xtask bench verify`.
#[derive(Args)]
pub struct VerifyArgs {
    /// Where verify.json and verify.svg are written
    #[arg(long, default_value = "target/bench")]
    out: PathBuf,
    /// Ballots of the smaller record
    #[arg(long, default_value_t = 10_000)]
    few: usize,
    /// Ballots of the larger record
    #[arg(long, default_value_t = 100_000)]
    many: usize,
    /// Exit with 1 when a target is missed
    #[arg(long)]
    strict: bool,
}

/// Makes the records (kept in `target/bench/records`), then runs the measurements.
///
/// # Errors
/// A program cannot be built or started.
pub fn task(args: &VerifyArgs) -> Result<bool> {
    let build = Shell::new(
        "cargo build --release --locked -p verify -p bench --bin irefuda-verify --bin irefuda-bench-verify",
    );
    ensure!(build.tee()?.ok, "the build failed");
    let program = |name: &str| root::join(&format!("target/release/{name}"));
    let mut shell = Shell::new(&program("irefuda-bench-verify").display().to_string())
        .arg("--verifier")
        .arg(program("irefuda-verify"))
        .arg("--cache")
        .arg(root::join("target/bench/records"))
        .arg("--out")
        .arg(&args.out)
        .arg("--few")
        .arg(args.few.to_string())
        .arg("--many")
        .arg(args.many.to_string());
    if args.strict {
        shell = shell.arg("--strict");
    }
    let met = shell.tee()?.ok;
    output::line(&format!("figures and plot are in {}", args.out.display()));
    Ok(met)
}
