//! `cargo xtask demo | twins | tamper`: builds what the program `irefuda-demo` needs and starts it.

use std::ffi::OsString;
use std::process::{Command, ExitStatus};

use anyhow::{Context, Result, ensure};
use clap::Args;
use toolbox::shell::Shell;
use toolbox::{output, root};

use crate::{setup, web};

/// Arguments of `cargo xtask demo`, `twins` and `tamper`; `--help` lists those of the program.
#[derive(Args)]
pub struct DemoArgs {
    /// `--yes` installs what is missing without asking; everything else is for the program
    #[arg(trailing_var_arg = true, allow_hyphen_values = true)]
    words: Vec<OsString>,
}

impl DemoArgs {
    fn yes(&self) -> bool {
        self.words.iter().any(|word| word == "--yes")
    }

    /// Arguments of the program itself.
    fn for_the_program(&self) -> impl Iterator<Item = &OsString> {
        self.words.iter().filter(|word| *word != "--yes")
    }

    /// Nothing of an election is needed for these.
    fn only_prints(&self) -> bool {
        let prints = ["--help", "-h", "--plan-only"];
        self.words
            .iter()
            .any(|word| prints.iter().any(|one| word == one))
    }
}

/// Starts one task of the program with the terminal as it is.
///
/// # Errors
/// The set-up or the build failed, or the program had nobody to talk to.
pub fn task(name: &str, args: &DemoArgs) -> Result<bool> {
    if args.only_prints() {
        let built = Shell::new("cargo build --locked --quiet -p demo").tee()?;
        ensure!(built.ok, "the build failed");
    } else {
        setup::ensure(args.yes())?;
        assets::ensure(&root::dir(), &output::line)?;
        build()?;
    }
    let status = Command::new(root::program("irefuda-demo"))
        .arg(name)
        .args(args.for_the_program())
        .status()
        .context("irefuda-demo")?;
    outcome(status)
}

/// 0 and 1 are results, everything else an error the program has printed itself.
fn outcome(status: ExitStatus) -> Result<bool> {
    match status.code() {
        Some(0) => Ok(true),
        Some(1) => Ok(false),
        code => anyhow::bail!("irefuda-demo ended with {code:?}"),
    }
}

/// Every program of the workspace and the pages for the browser.
fn build() -> Result<()> {
    let said = Shell::new("cargo build --locked --workspace --bins").tee()?;
    ensure!(said.ok, "the build failed");
    web::bundle(&root::join(root::PAGES))
}
