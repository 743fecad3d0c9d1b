//! `irefuda-bench --out DIR`: ratios of the targets, cost over the number of options, and a
//! comparison with peers, as tables, JSON and SVG plots.
#![expect(clippy::print_stdout, reason = "a command-line report")]

use bench::peer::{self, Peer};
use bench::targets::Row;
use bench::{plot, scale, sizes, twelve};
use clap::Parser;
use serde_json::json;
use std::path::{Path, PathBuf};
use std::process::ExitCode;

/// Measures the ballot's arithmetic against its targets; writes tables, JSON and plots.
#[derive(Parser)]
#[command(name = "irefuda-bench", version)]
struct Args {
    /// Folder for the tables and plots.
    #[arg(long)]
    out: PathBuf,
    /// Exit with 1 when a target is missed.
    #[arg(long)]
    strict: bool,
    /// How often everything is measured; medians count.
    #[arg(long, default_value_t = 15)]
    rounds: u32,
    /// Ballots of the comparison with peers; 0 leaves it out.
    #[arg(long, default_value_t = 100)]
    ballots: u16,
    /// What other programs needed for the same job (JSON list), to show next to ours.
    #[arg(long)]
    others: Option<PathBuf>,
}

fn main() -> std::io::Result<ExitCode> {
    let args = Args::parse();
    std::fs::create_dir_all(&args.out)?;
    let met = twelve_options(&args)?;
    over_options(&args)?;
    if args.ballots > 0 {
        beside_peers(&args)?;
    }
    Ok(u8::from(args.strict && !met).into())
}

/// Whether every target is met.
fn twelve_options(args: &Args) -> std::io::Result<bool> {
    println!(
        "twelve options, one mark; CPU time, median of {} rounds",
        args.rounds
    );
    let times = twelve::measure(args.rounds);
    let rows = twelve::rows(&times);
    for row in &rows {
        println!("{}", row.line());
    }
    let further = twelve::further(&times);
    for (name, micros) in &further {
        println!("{name:<52} {micros:>10.1} µs");
    }
    let further: serde_json::Map<_, _> = further
        .into_iter()
        .map(|(name, micros)| (name.to_owned(), json!(micros)))
        .collect();
    let scales = scale::table(&times);
    let markdown = scale::markdown(&scales);
    println!("\nelections of twelve options and two registrars\n{markdown}");
    std::fs::write(args.out.join("scale.md"), markdown)?;
    let report = json!({
        "rounds": args.rounds,
        "targets": rows,
        "further_micros": further,
        "entry_bytes": peer::entry_bytes(),
        "scale": scales,
    });
    save(&args.out, "bench", &report, &plot::bars(&rows))?;
    Ok(rows.iter().all(Row::met))
}

fn over_options(args: &Args) -> std::io::Result<()> {
    println!("\ncost of a ballot over the number of options, CPU µs");
    let sizes = sizes::measure(args.rounds.div_ceil(3));
    for line in sizes::table(&sizes) {
        println!("{line}");
    }
    save(
        &args.out,
        "options",
        &json!(sizes),
        &sizes::plot(&sizes).svg(),
    )
}

fn beside_peers(args: &Args) -> std::io::Result<()> {
    println!(
        "\n{} ballots of twelve options beside peers, CPU time of one ballot",
        args.ballots
    );
    let mut peers = vec![peer::ours(args.ballots)];
    peers.extend(peer::classic(args.ballots));
    if let Some(others) = &args.others {
        let others: Vec<Peer> = serde_json::from_slice(&std::fs::read(others)?)?;
        peers.extend(others);
    }
    for line in peer::table(&peers) {
        println!("{line}");
    }
    save(&args.out, "peers", &json!(peers), &plot::peers(&peers))
}

fn save(out: &Path, name: &str, value: &serde_json::Value, svg: &str) -> std::io::Result<()> {
    let text = serde_json::to_string_pretty(value)?;
    std::fs::write(out.join(format!("{name}.json")), text)?;
    std::fs::write(out.join(format!("{name}.svg")), svg)
}
