//! `cargo xtask demo`: a whole election of the fictional city ひばり野市 on this machine.
//!
//! Every party is a process of its own under `DIR/run/`, with a generated configuration. This
//! program links none of them: it drives voters over the booth's own interface and officers and
//! trustees over their command lines.

use std::path::PathBuf;

use anyhow::{Context, Result};
use clap::Args;

use calendar::{Calendar, Content};
use capture::Capture;
use configs::Numbers;
use place::Place;
use progress::Progress;
use run::Run;
use spaces::Spaces;

pub use booth::node as browser;
pub use election::verify;
pub use twins::{TwinsArgs, task as twins};

use crate::shell::Shell;
use crate::{assets, root, say, setup, web};

mod after;
mod booth;
mod calendar;
mod canary;
mod capture;
mod cards;
mod chart;
mod clock;
mod configs;
mod driver;
mod election;
mod hand;
mod http;
mod party;
mod place;
mod plan;
mod process;
mod progress;
mod report;
mod run;
mod sockets;
mod spaces;
mod trace;
mod twins;

/// Last port used, as distance from the first.
const PORTS: u16 = 99;

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
    #[arg(long, default_value_t = 47_100, value_parser = clap::value_parser!(u16).range(1_024..65_400))]
    port_base: u16,
    /// Validators of the board
    #[arg(long, default_value_t = 1)]
    validators: u16,
    /// Registrars
    #[arg(long, default_value_t = 2)]
    registrars: u16,
    /// How many voters use the smart-card service; later ones have the card inside their booth
    #[arg(long, default_value_t = 60, value_name = "N")]
    pcsc: usize,
    /// Stop after the close and keep the lengths of all messages, files and entries
    #[arg(long, hide = true)]
    trace: bool,
    /// Let this voter choose something else
    #[arg(long, hide = true, value_name = "VOTER")]
    other_choice: Option<String>,
    /// Only print the plan
    #[arg(long)]
    plan_only: bool,
    /// Already in namespaces of its own
    #[arg(long, hide = true)]
    inside: bool,
}

/// `cargo xtask demo`.
///
/// # Errors
/// A party cannot be started or does not answer.
pub fn task(args: &DemoArgs) -> Result<bool> {
    let content = content()?;
    let calendar = content.calendar()?;
    let plan = make_plan(args, &content, &calendar)?;
    if args.plan_only {
        say::line(&serde_json::to_string_pretty(&plan)?);
        return Ok(true);
    }
    if !args.inside {
        setup::ensure(args.yes)?;
        build()?;
        assets::ensure(&root::dir(), &say::line)?;
        return Spaces {
            network: args.auto.is_some(),
            ports: args.port_base..=args.port_base + PORTS,
        }
        .run_again();
    }
    let place = Place::make(&args.out, args.port_base)?;
    configs::ports_are_free(&place, args.validators, args.registrars)?;
    std::fs::write(
        place.out.join("plan.json"),
        serde_json::to_string_pretty(&plan)?,
    )?;
    if args.auto.is_some() {
        say::also_to(std::fs::File::create(place.own_log("demo")?)?);
    }
    let mut progress = Progress::default();
    let assets = progress.step("models and pictures", || {
        assets::ensure(&root::dir(), &say::line)
    })?;
    let numbers = Numbers {
        validators: args.validators,
        registrars: args.registrars,
        trustees: 5,
        min_counted: if args.auto.is_some_and(|count| count >= 10) {
            10
        } else {
            1
        },
    };
    let capture = match args.auto {
        Some(_) => Some(Capture::start(&place.out.join("capture"))?),
        None => None,
    };
    let mut run = Run::start(&place, &plan, &calendar, &assets, numbers, &mut progress)?;
    (run.capture, run.through_pcscd) = (capture, args.pcsc);
    if args.auto.is_none() {
        return hand::serve(&mut run, &content.proposals);
    }
    if args.trace {
        run.trace = trace::Trace::measuring(&place.out)?;
    }
    progress.step("votes", || run.vote())?;
    if args.trace {
        return lengths(&mut run);
    }
    run.count(&mut progress)?;
    let pages = progress.step("public pages", || after::portal(&mut run))?;
    say::line(&format!(
        "  {pages} pages inspected, every receipt looked up"
    ));
    run.election.stop();
    progress.step("secrets that leaked", || after::canaries(&mut run))?;
    finish(&mut run, progress, &content, &place)
}

fn make_plan(args: &DemoArgs, content: &Content, calendar: &Calendar) -> Result<plan::Plan> {
    let options: Vec<String> = content.proposals.iter().map(|p| p.id.clone()).collect();
    let mut plan = plan::Plan::make(args.seed, args.auto.unwrap_or(0), &options, calendar);
    if args.trace {
        plan.without_browsers();
    }
    if let Some(voter) = &args.other_choice {
        plan.choose_otherwise(voter)?;
    }
    Ok(plan)
}

/// What is typed in a run by hand that nobody types in.
///
/// # Errors
/// The content file has another shape.
pub fn hand_script() -> Result<String> {
    Ok(hand::script(&content()?.calendar()?))
}

fn content() -> Result<Content> {
    let text = std::fs::read_to_string(root::join("data/demo/election.json"))
        .context("data/demo/election.json")?;
    Content::parse(&text)
}

/// Keeps the lengths of messages, files and entries, and stops.
fn lengths(run: &mut Run<'_>) -> Result<bool> {
    run.election.report_the_last_day()?;
    let record = run.election.record()?;
    run.trace.measure_entries(&record)?;
    run.trace.measure_files(&run.place.out)?;
    let text = serde_json::to_string_pretty(&run.trace)?;
    std::fs::write(run.place.out.join("trace.json"), text)?;
    run.election.stop();
    let received: usize = run.receipts.values().map(Vec::len).sum();
    Ok(u64::try_from(received)? == run.plan.expected_received())
}

/// Writes report and chart and says how it went.
fn finish(run: &mut Run<'_>, progress: Progress, content: &Content, place: &Place) -> Result<bool> {
    run.report.seconds = progress.seconds();
    let report = &run.report;
    std::fs::write(
        place.out.join("report.json"),
        serde_json::to_string_pretty(report)?,
    )?;
    let chart = chart::svg(
        "投票の結果（架空のデモ）",
        &content.proposals,
        &report.votes,
    );
    std::fs::write(place.out.join("result.svg"), chart)?;
    say::heading("結果 result");
    for row in chart::table(&content.proposals, &report.votes) {
        say::line(&row);
    }
    say::line("");
    say::line(&format!(
        "received {} = counted {} + overwritten {}; refused {}; verify exit {}",
        report.received,
        report.counted,
        report.overwritten,
        report.refused.values().sum::<u64>(),
        report.verify_exit
    ));
    let contradictions = report.contradictions(run.plan);
    for line in contradictions.iter().chain(&run.findings) {
        say::line(&format!("NOT AS PLANNED  {line}"));
    }
    say::line(&format!("everything is in {}", place.out.display()));
    say::line(&format!(
        "passphrases of this demo are in {}",
        place.out.join("demo-secrets").display()
    ));
    Ok(contradictions.is_empty() && run.findings.is_empty())
}

fn build() -> Result<()> {
    let said = Shell::new("cargo build --locked --workspace --bins").tee()?;
    anyhow::ensure!(said.ok, "the build failed");
    web::bundle(&root::join(web::OUT))?;
    Ok(())
}
