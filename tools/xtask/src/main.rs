//! The project's own tasks: `cargo xtask {demo,test,check,tidy,…}`.
//!
//! Exit status as for every program of the project: 0 ok, 1 a check failed, 2 usage or
//! configuration, 3 something that must be reached did not answer.

mod bench;
mod book;
mod cargo_tools;
mod checkers;
mod ci;
mod coverage;
mod demo;
mod dist;
mod fuzz;
mod setup;
mod vectors;
mod web;

use std::process::ExitCode;

use clap::{Parser, Subcommand};
use toolbox::{output, root};

#[derive(Parser)]
#[command(
    name = "cargo xtask",
    bin_name = "cargo xtask",
    about = "Tasks of the Irefuda project",
    version
)]
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
    /// Checkers that others wrote: spelling, links, licences, unused dependencies, workflow files
    Lint(setup::SetupArgs),
    /// A whole election of a fictional city on this machine
    #[command(disable_help_flag = true)]
    Demo(demo::DemoArgs),
    /// Two elections that differ in one choice must look alike from outside
    #[command(disable_help_flag = true)]
    Twins(demo::DemoArgs),
    /// Fetches face models and pictures that are not in the repository
    Assets,
    /// Flips bits in a public record; the verifier must refuse each
    #[command(disable_help_flag = true)]
    Tamper(demo::DemoArgs),
    /// Puts the pages for the browser together: one folder of static files
    Web(web::WebArgs),
    /// Packages of the voter's program for Linux and Windows (docs/packages.md)
    Dist(dist::DistArgs),
    /// Writes the test vectors of `vectors/` again
    Vectors(vectors::VectorsArgs),
    /// A long run of libFuzzer on one decoder
    Fuzz(fuzz::FuzzArgs),
    /// Measures, and writes tables and plots
    Bench(bench::BenchArgs),
    /// Builds `docs/` as a book and checks its links
    Book,
    /// Measures which share of the lines the tests run, zone by zone
    Coverage(coverage::CoverageArgs),
    /// Installs what is missing on this machine and nothing else
    Setup(setup::SetupArgs),
}

fn main() -> ExitCode {
    let outcome = match Cli::parse().task {
        Task::Test(args) => ci::test(&args),
        Task::Check => ci::check(),
        Task::Tidy => house_rules::task(),
        Task::Assets => assets::ensure(&root::dir(), &output::line).map(|_| true),
        Task::Lint(args) => setup::ensure(args.yes).and_then(|_| checkers::task()),
        Task::Demo(args) => demo::task("demo", &args),
        Task::Twins(args) => demo::task("twins", &args),
        Task::Tamper(args) => demo::task("tamper", &args),
        Task::Web(args) => web::task(&args),
        Task::Dist(args) => dist::task(&args),
        Task::Vectors(args) => vectors::task(&args),
        Task::Fuzz(args) => fuzz::task(&args),
        Task::Bench(args) => bench::task(&args),
        Task::Book => book::task(),
        Task::Coverage(args) => coverage::task(&args),
        Task::Setup(args) => setup::task(&args),
    };
    output::exit_code(outcome)
}
