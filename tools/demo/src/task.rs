//! One demo from its arguments to the report.

use std::path::PathBuf;

use anyhow::{Context, Result};
use clap::Args;
use toolbox::{output, root};

use crate::calendar::{Calendar, Content};
use crate::capture::Capture;
use crate::configs::{self, Numbers};
use crate::namespaces::Namespaces;
use crate::plan::Plan;
use crate::progress::Progress;
use crate::run_folder::RunFolder;
use crate::scenario::Scenario;
use crate::trace::Trace;
use crate::{chart, interactive, leak_checks, relay_checks};

/// Last port used, as distance from the first.
const PORTS: u16 = 99;

/// Arguments of `cargo xtask demo`.
#[derive(Args)]
pub struct DemoArgs {
    /// Let N voters vote without anybody at the keyboard
    #[arg(long, value_name = "N")]
    auto: Option<usize>,
    /// Number that decides the plan
    #[arg(long, default_value_t = 1)]
    seed: u64,
    /// Where everything is written
    #[arg(long, default_value = "demo-out")]
    out: PathBuf,
    /// First port used
    #[arg(long, default_value_t = 47_100, value_parser = clap::value_parser!(u16).range(1_024..65_400))]
    port_base: u16,
    /// Validators of the board
    #[arg(long, default_value_t = 4)]
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
        output::line(&serde_json::to_string_pretty(&plan)?);
        return Ok(true);
    }
    if !args.inside {
        return Namespaces {
            network: args.auto.is_some(),
            ports: args.port_base..=args.port_base + PORTS,
        }
        .run_again();
    }
    let run_folder = RunFolder::make(&args.out, args.port_base)?;
    configs::ports_are_free(&run_folder, args.validators, args.registrars)?;
    std::fs::write(
        run_folder.out.join("plan.json"),
        serde_json::to_string_pretty(&plan)?,
    )?;
    if args.auto.is_some() {
        output::also_to(std::fs::File::create(run_folder.own_log("demo")?)?);
    }
    let mut progress = Progress::default();
    let assets = progress.step("models and pictures", || {
        assets::ensure(&root::dir(), &output::line)
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
        Some(_) => Some(Capture::start(&run_folder.out.join("capture"))?),
        None => None,
    };
    let mut run = Scenario::start(
        &run_folder,
        &plan,
        &calendar,
        &assets,
        numbers,
        &mut progress,
    )?;
    (run.capture, run.through_pcscd) = (capture, args.pcsc);
    if args.auto.is_none() {
        return interactive::serve(&mut run, &content.proposals);
    }
    if args.trace {
        let requests = run_folder.requests(0);
        run.trace = Trace::measuring(&run_folder.out, requests)?;
    }
    progress.step("votes", || run.vote())?;
    if args.trace {
        return lengths(&mut run);
    }
    run.count(&mut progress)?;
    let pages = progress.step("public pages", || leak_checks::portal(&mut run))?;
    output::line(&format!(
        "  {pages} pages inspected, every receipt looked up"
    ));
    run.election.stop();
    progress.step("what relay and nodes kept", || relay_checks::logs(&mut run))?;
    progress.step("secrets that leaked", || leak_checks::canaries(&mut run))?;
    finish(&mut run, progress, &content, &run_folder)
}

fn make_plan(args: &DemoArgs, content: &Content, calendar: &Calendar) -> Result<Plan> {
    let options: Vec<String> = content.proposals.iter().map(|p| p.id.clone()).collect();
    let mut plan = Plan::make(args.seed, args.auto.unwrap_or(0), &options, calendar);
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
pub fn script() -> Result<String> {
    Ok(interactive::script(&content()?.calendar()?))
}

fn content() -> Result<Content> {
    let text = std::fs::read_to_string(root::join("data/demo/election.json"))
        .context("data/demo/election.json")?;
    Content::parse(&text)
}

/// Keeps the lengths of messages, files and entries, and stops.
fn lengths(run: &mut Scenario<'_>) -> Result<bool> {
    run.election.report_what_is_due()?;
    let record = run.election.record()?;
    run.trace.measure_entries(&record)?;
    run.trace.measure_files(&run.run_folder.out)?;
    let text = serde_json::to_string_pretty(&run.trace)?;
    std::fs::write(run.run_folder.out.join("trace.json"), text)?;
    run.election.stop();
    let received: usize = run.receipts.values().map(Vec::len).sum();
    Ok(u64::try_from(received)? == run.plan.expected_received())
}

/// Writes report and chart and says how it went.
fn finish(
    run: &mut Scenario<'_>,
    progress: Progress,
    content: &Content,
    run_folder: &RunFolder,
) -> Result<bool> {
    run.report.seconds = progress.seconds();
    let report = &run.report;
    std::fs::write(
        run_folder.out.join("report.json"),
        serde_json::to_string_pretty(report)?,
    )?;
    let chart = chart::svg(
        "投票の結果（架空のデモ）",
        &content.proposals,
        &report.votes,
    );
    std::fs::write(run_folder.out.join("result.svg"), chart)?;
    output::heading("結果 result");
    for row in chart::table(&content.proposals, &report.votes) {
        output::line(&row);
    }
    output::line("");
    output::line(&format!(
        "received {} = counted {} + overwritten {}; refused {}; verify exit {}",
        report.received,
        report.counted,
        report.overwritten,
        report.refused.values().sum::<u64>(),
        report.verify_exit
    ));
    let contradictions = report.contradictions(run.plan);
    for line in contradictions.iter().chain(&run.findings) {
        output::line(&format!("NOT AS PLANNED  {line}"));
    }
    output::line(&format!("everything is in {}", run_folder.out.display()));
    output::line(&format!(
        "passphrases of this demo are in {}",
        run_folder.out.join("demo-secrets").display()
    ));
    Ok(contradictions.is_empty() && run.findings.is_empty())
}
