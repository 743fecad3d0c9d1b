//! `cargo xtask test`: everything that must be green, one step after the other, each timed.
//!
//! No step is left out silently: a step that could not run because an earlier one failed counts
//! as failed, ignored tests are run as well, and an ignored doc test makes its step fail.

use std::time::{Duration, Instant};

use anyhow::Result;
use clap::Args;
use toolbox::shell::Shell;
use toolbox::{Counts, output, root};

use crate::{checkers, setup, vectors, web};

mod counts;
mod hostile;
mod steady;
mod whole;

pub use whole::OUT as DEMO;

/// Crates that build for the browser and whose documentation is part of the interface.
pub const PURE: [&str; 7] = [
    "crypto",
    "ceremony",
    "ballot",
    "board",
    "oblivious",
    "tally",
    "verify",
];

/// Where nextest writes its report (`.config/nextest.toml`).
const JUNIT: &str = "target/nextest/default/junit.xml";

/// Arguments of `cargo xtask test`.
#[derive(Args)]
pub struct TestArgs {
    /// Install what is missing without asking
    #[arg(long)]
    yes: bool,
    /// Only the steps whose name contains this text (for work on one step)
    #[arg(long, value_name = "TEXT")]
    only: Option<String>,
}

/// One step of the run.
struct Step {
    name: &'static str,
    needs_build: bool,
    run: fn() -> Result<Counts>,
}

/// How a step ended.
struct Ended {
    name: &'static str,
    counts: Counts,
    took: Duration,
}

const STEPS: [Step; 18] = [
    Step {
        name: "assets",
        needs_build: false,
        run: fetch_assets,
    },
    Step {
        name: "format",
        needs_build: false,
        run: format,
    },
    Step {
        name: "build",
        needs_build: false,
        run: build,
    },
    Step {
        name: "clippy",
        needs_build: true,
        run: clippy,
    },
    Step {
        name: "tests",
        needs_build: true,
        run: tests,
    },
    Step {
        name: "doc tests",
        needs_build: true,
        run: doc_tests,
    },
    Step {
        name: "wasm",
        needs_build: false,
        run: wasm,
    },
    Step {
        name: "pages",
        needs_build: true,
        run: web::step,
    },
    Step {
        name: "documentation",
        needs_build: false,
        run: documentation,
    },
    Step {
        name: "tidy",
        needs_build: false,
        run: house_rules::counted,
    },
    Step {
        name: "other checkers",
        needs_build: false,
        run: checkers::counted,
    },
    Step {
        name: "fuzz",
        needs_build: true,
        run: hostile::fuzz,
    },
    Step {
        name: "constant time",
        needs_build: false,
        run: steady::counted,
    },
    Step {
        name: "demo",
        needs_build: true,
        run: whole::demo,
    },
    Step {
        name: "damage",
        needs_build: true,
        run: whole::damage,
    },
    Step {
        name: "by hand",
        needs_build: true,
        run: whole::by_hand,
    },
    Step {
        name: "twins",
        needs_build: true,
        run: whole::twins,
    },
    Step {
        name: "second verifier",
        needs_build: true,
        run: vectors::second_verifier,
    },
];

/// `cargo xtask test`.
///
/// # Errors
/// The set-up failed; a failing step is a result, not an error.
pub fn test(args: &TestArgs) -> Result<bool> {
    let started = Instant::now();
    output::heading("setup");
    let installs = setup::ensure(args.yes)?;
    let took = |name, took| Ended {
        name,
        counts: Counts::one(true),
        took,
    };
    // A new machine pays for these once; the two are told apart so that runs can be compared.
    let mut ended = vec![
        took("setup", started.elapsed() - installs),
        took("installations", installs),
    ];
    let wanted = |step: &&Step| {
        args.only
            .as_ref()
            .is_none_or(|text| step.name.contains(text))
    };
    run_steps(STEPS.iter().filter(wanted), &mut ended);
    Ok(report(&ended, started.elapsed()))
}

/// `cargo xtask check`: the quick part.
///
/// # Errors
/// Never; the signature is that of every task.
pub fn check() -> Result<bool> {
    let started = Instant::now();
    let mut ended = Vec::new();
    let quick = ["assets", "format", "clippy", "tests", "tidy"];
    run_steps(
        STEPS.iter().filter(|step| quick.contains(&step.name)),
        &mut ended,
    );
    Ok(report(&ended, started.elapsed()))
}

fn run_steps<'a>(steps: impl Iterator<Item = &'a Step>, ended: &mut Vec<Ended>) {
    let mut built = true;
    for step in steps {
        output::heading(step.name);
        let began = Instant::now();
        let counts = if step.needs_build && !built {
            output::line("not run: the build failed");
            Counts::one(false)
        } else {
            (step.run)().unwrap_or_else(|error| {
                output::line(&format!("error: {error:#}"));
                Counts::one(false)
            })
        };
        if step.name == "build" {
            built = counts.failed == 0;
        }
        ended.push(Ended {
            name: step.name,
            counts,
            took: began.elapsed(),
        });
    }
}

fn report(ended: &[Ended], total: Duration) -> bool {
    output::heading("seconds per step");
    output::line(&format!(
        "{:<16} {:>8} {:>8} {:>8}",
        "step", "seconds", "passed", "failed"
    ));
    let mut sum = Counts::default();
    for step in ended {
        let Counts { passed, failed } = step.counts;
        let seconds = step.took.as_secs_f64();
        output::line(&format!(
            "{:<16} {seconds:>8.1} {passed:>8} {failed:>8}",
            step.name
        ));
        sum = sum.plus(step.counts);
    }
    output::line(&format!("{:<16} {:>8.1}", "all", total.as_secs_f64()));
    output::line("");
    output::line(&format!("{} passed, {} failed", sum.passed, sum.failed));
    if sum.failed == 0 {
        output::line("0 skipped, 0 ignored: both would count as failed");
    }
    sum.failed == 0
}

fn simple(shell: Shell) -> Result<Counts> {
    Ok(Counts::one(shell.tee()?.ok))
}

/// Face models and test pictures, which tests with the real engine need.
fn fetch_assets() -> Result<Counts> {
    assets::ensure(&root::dir(), &output::line)?;
    Ok(Counts::one(true))
}

fn format() -> Result<Counts> {
    simple(Shell::new("cargo fmt --all --check"))
}

fn build() -> Result<Counts> {
    simple(Shell::new("cargo build --workspace --all-targets --locked"))
}

fn clippy() -> Result<Counts> {
    simple(Shell::new(
        "cargo clippy --workspace --all-targets --locked -- -D warnings",
    ))
}

/// What needs the pages is run by the step that builds them.
const NOT_OF_PAGES: &str = "not (binary(real) and test(/^page::/))";

fn tests() -> Result<Counts> {
    let report = root::join(JUNIT);
    let _ = std::fs::remove_file(&report);
    let run = "cargo nextest run --workspace --locked --no-fail-fast --run-ignored all";
    let said = Shell::new(run).arg("-E").arg(NOT_OF_PAGES).tee()?;
    let report = std::fs::read_to_string(&report).ok();
    Ok(counts::junit(report.as_deref(), said.ok))
}

fn doc_tests() -> Result<Counts> {
    let said = Shell::new("cargo test --doc --workspace --locked").tee()?;
    Ok(counts::libtest(&said))
}

fn wasm() -> Result<Counts> {
    simple(pure(Shell::new(
        "cargo build --locked --lib --target wasm32-unknown-unknown",
    )))
}

fn documentation() -> Result<Counts> {
    let shell = Shell::new("cargo doc --locked --no-deps --workspace --lib");
    simple(shell.env("RUSTDOCFLAGS", "-D warnings"))
}

fn pure(shell: Shell) -> Shell {
    PURE.iter()
        .fold(shell, |shell, name| shell.arg("-p").arg(name))
}
