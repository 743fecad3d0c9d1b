//! `irefuda-demo`: what `cargo xtask demo`, `twins` and `tamper` start once everything is built.
//!
//! Exit status as for every program of the project: 0 ok, 1 a check failed, 2 usage or
//! configuration, 3 something that must be reached did not answer.

use std::process::ExitCode;

use clap::{Parser, Subcommand};
use toolbox::output;

/// A whole election of a fictional city on this machine.
#[derive(Parser)]
#[command(name = "irefuda-demo", version)]
struct Cli {
    #[command(subcommand)]
    task: Task,
}

#[derive(Subcommand)]
enum Task {
    /// A whole election of a fictional city on this machine
    Demo(demo::DemoArgs),
    /// Two elections that differ in one choice must look alike from outside
    Twins(demo::TwinsArgs),
    /// Flips bits in a public record; the verifier must refuse each
    Tamper(demo::TamperArgs),
    /// Prints what somebody types who votes once and counts
    Script,
}

fn main() -> ExitCode {
    let outcome = match Cli::parse().task {
        Task::Demo(args) => demo::demo(&args),
        Task::Twins(args) => demo::twins(&args),
        Task::Tamper(args) => demo::tamper(&args),
        Task::Script => demo::script().map(|text| {
            output::line(text.trim_end());
            true
        }),
    };
    output::exit_code(outcome)
}
