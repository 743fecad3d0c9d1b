//! `cargo xtask fuzz TARGET --minutes N`: libFuzzer on one decoder, from good inputs.
//!
//! libFuzzer's coverage needs flags that cargo-fuzz passes. No sanitizer is used, because the
//! project's own code has no `unsafe` to sanitize; so the pinned compiler is enough.

use anyhow::{Result, bail};
use clap::Args;

use toolbox::shell::{Shell, on_path};
use toolbox::{output, root};

/// Arguments of `cargo xtask fuzz`.
#[derive(Args)]
pub struct FuzzArgs {
    /// The decoder; without one, all names are listed
    target: Option<String>,
    /// How long
    #[arg(long, default_value_t = 10)]
    minutes: u32,
}

/// `cargo xtask fuzz`.
///
/// # Errors
/// cargo-fuzz is not installed, or a program cannot be started.
pub fn task(args: &FuzzArgs) -> Result<bool> {
    let Some(target) = &args.target else {
        return Ok(Shell::new("cargo run --quiet --locked -p fuzzing -- list")
            .tee()?
            .ok);
    };
    if !on_path("cargo-fuzz") {
        bail!("cargo-fuzz is missing: cargo install cargo-fuzz --locked");
    }
    let corpus = root::join("fuzz/corpus");
    let seeds = Shell::new("cargo run --quiet --locked -p fuzzing -- seeds")
        .arg(&corpus)
        .tee()?;
    if !seeds.ok {
        return Ok(false);
    }
    let said = Shell::new("cargo fuzz run --fuzz-dir fuzz -s none")
        .arg(target)
        .arg(corpus.join(target))
        .arg("--")
        .arg(format!("-max_total_time={}", u64::from(args.minutes) * 60))
        .arg("-max_len=65536")
        .env("RUSTC_BOOTSTRAP", "1")
        .tee()?;
    if !said.ok {
        output::line("the input that failed lies in fuzz/artifacts/");
    }
    Ok(said.ok)
}
