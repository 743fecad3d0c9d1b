//! `cargo xtask demo`: a whole election of the fictional city ひばり野市 on this machine.
//!
//! Every party is a process of its own under `DIR/run/`, with a generated configuration. This
//! program links none of them: it drives voters over the booth's own interface and officers and
//! trustees over their command lines.

use std::path::PathBuf;

use anyhow::{Context, Result};
use clap::Args;

use crate::{root, say, setup};

mod calendar;
mod canary;
mod capture;
mod cards;
mod chart;
mod clock;
mod configs;
mod driver;
mod election;
mod http;
mod party;
mod place;
mod plan;
mod process;
mod report;

/// Arguments of `cargo xtask demo`.
#[derive(Args)]
pub struct DemoArgs {
    /// Let N voters vote without anybody at the keyboard
    #[arg(long, value_name = "N")]
    auto: Option<usize>,
    /// Where the plan comes from
    #[arg(long, default_value_t = 1)]
    seed: u64,
    /// Where everything is written
    #[arg(long, default_value = "demo-out")]
    out: PathBuf,
    /// Install what is missing without asking
    #[arg(long)]
    yes: bool,
    /// First port used
    #[arg(long, default_value_t = 47_100)]
    port_base: u16,
    /// Validators of the board
    #[arg(long, default_value_t = 1)]
    validators: u16,
    /// Only write the plan
    #[arg(long)]
    plan_only: bool,
}

/// `cargo xtask demo`.
///
/// # Errors
/// A party cannot be started or does not answer.
pub fn task(args: &DemoArgs) -> Result<bool> {
    let text = std::fs::read_to_string(root::join("data/demo/election.json"))
        .context("data/demo/election.json")?;
    let content = calendar::Content::parse(&text)?;
    let calendar = content.calendar()?;
    let options: Vec<String> = content.proposals.iter().map(|p| p.id.clone()).collect();
    let plan = plan::Plan::make(args.seed, args.auto.unwrap_or(0), &options, &calendar);
    std::fs::create_dir_all(&args.out)?;
    std::fs::write(
        args.out.join("plan.json"),
        serde_json::to_string_pretty(&plan)?,
    )?;
    if args.plan_only {
        say::line(&format!("{}", args.out.join("plan.json").display()));
        return Ok(true);
    }
    setup::ensure(args.yes)?;
    say::line("the parties are not there yet");
    Ok(true)
}
