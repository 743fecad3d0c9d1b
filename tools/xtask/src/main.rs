//! The project's own tasks: `cargo xtask {demo,test,check,tidy,assets,web,bench,vectors,twins,fuzz}`.
//!
//! Exit status as for every program of the project: 0 ok, 1 a check failed, 2 usage or
//! configuration, 3 something that must be reached did not answer.

mod assets;
mod bench;
mod ci;
mod demo;
mod fuzz;
mod root;
mod say;
mod setup;
mod shell;
mod tamper;
mod tidy;
mod vectors;
mod web;

use std::process::ExitCode;

use clap::{Parser, Subcommand};

#[derive(Parser)]
#[command(name = "cargo xtask", about = "Tasks of the Irefuda project", version)]
struct Cli {
    #[command(subcommand)]
    task: Task,
}

#[derive(Subcommand)]
enum Task {
    /// Everything that must be green: set-up, format, build, lints, tests, wasm, docs, tidy, demo
    Test(ci::TestArgs),
    /// The quick part of `test`: format, lints, unit tests, tidy
    Check,
    /// The house rules that no compiler knows
    Tidy,
    /// A whole election of a fictional city on this machine
    Demo(demo::DemoArgs),
    /// Two elections that differ in one choice must look alike from outside
    Twins(demo::TwinsArgs),
    /// Fetches face models and pictures that are not in the repository
    Assets,
    /// Flips bits in a public record; the verifier must refuse each
    Tamper(tamper::TamperArgs),
    /// Puts the pages for the browser together: one folder of static files
    Web(web::WebArgs),
    /// Writes the test vectors of `vectors/` again
    Vectors(vectors::VectorsArgs),
    /// A long run of libFuzzer on one decoder
    Fuzz(fuzz::FuzzArgs),
    /// Measures, and writes tables and plots
    Bench(bench::BenchArgs),
    /// Installs what is missing on this machine and nothing else
    Setup(setup::SetupArgs),
}

fn main() -> ExitCode {
    let cli = Cli::parse();
    let outcome = match cli.task {
        Task::Test(args) => ci::test(&args),
        Task::Check => ci::check(),
        Task::Tidy => tidy::task(),
        Task::Assets => assets::ensure(&root::dir(), &say::line).map(|_| true),
        Task::Demo(args) => demo::task(&args),
        Task::Twins(args) => demo::twins(&args),
        Task::Tamper(args) => tamper::task(&args),
        Task::Web(args) => web::task(&args),
        Task::Vectors(args) => vectors::task(&args),
        Task::Fuzz(args) => fuzz::task(&args),
        Task::Bench(args) => bench::task(&args),
        Task::Setup(args) => setup::task(&args),
    };
    match outcome {
        Ok(true) => ExitCode::SUCCESS,
        Ok(false) => ExitCode::from(1),
        Err(error) => {
            say::line(&format!("error: {error:#}"));
            ExitCode::from(2)
        }
    }
}
