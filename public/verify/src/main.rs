//! `irefuda-verify RECORD [--trust FILE] [--election HASH] [--json | --explain]`: 0 every check
//! passed, 1 a check failed, 2 usage, 3 the record is not there or temporary files cannot be written,
//! 4 every check passed, but registrars' reports are late, too low or missing, 5 every check passed,
//! but neither a trust file nor an election hash was given to compare with.
//! `dispute RECEIPT RECORD` and `evidence FILE` say who broke a promise or signed two histories.

mod disputes;

use board::record::{ENTRIES, Source};
use clap::Parser;
use crypto::Hash;
use indicatif::{ProgressBar, ProgressStyle};
use std::path::{Path, PathBuf};
use std::process::ExitCode;
use std::time::Duration;
use verify::{
    Expected, Folder, Progress, Report, Resources, TarError, TarFile, Trust, verify_streaming,
    without_its_files,
};

const NAME: &str = "irefuda-verify";

/// Re-checks the public record of an election. 投票の公開記録を確認します。
#[derive(Parser)]
#[command(
    name = NAME,
    version,
    args_conflicts_with_subcommands = true,
    subcommand_negates_reqs = true
)]
struct Args {
    #[command(subcommand)]
    command: Option<disputes::Command>,
    /// Folder or tar of the record. 公開記録のフォルダーまたは tar。
    #[arg(required = true)]
    record: Option<PathBuf>,
    /// Keys to believe (trust.json). 信頼する鍵のファイル。
    #[arg(long)]
    trust: Option<PathBuf>,
    /// Election hash the record must be about (R8.13). 投票の識別値（16進）。
    #[arg(long, value_name = "HASH")]
    election: Option<String>,
    /// Machine-readable report. 機械用の出力。
    #[arg(long)]
    json: bool,
    /// A sentence under each check about what it means. 確認ごとに意味を説明します。
    #[arg(long, conflicts_with = "json")]
    explain: bool,
    /// Threads; all processors without it. 使うプロセッサの数。
    #[arg(long, value_name = "N", value_parser = clap::value_parser!(u16).range(1..=1024))]
    threads: Option<u16>,
    /// Memory for the board's tables in MiB; it does not grow with the record. 使うメモリー（MiB）。
    #[arg(long, value_name = "MIB", default_value_t = 64, value_parser = clap::value_parser!(u32).range(1..=1_048_576))]
    memory: u32,
    /// Folder for temporary files. 一時ファイルの置き場所。
    #[arg(long, value_name = "FOLDER")]
    temporary: Option<PathBuf>,
}

/// How the program ends besides 0.
enum End {
    /// The tar has not the files of a record.
    Files(String),
    Usage(String),
    Unreachable(String),
}

/// The record and the length of its largest file.
fn source(path: &Path) -> Result<(Box<dyn Source>, u64), End> {
    let unreachable = |e: std::io::Error| End::Unreachable(format!("{}: {e}", path.display()));
    let meta = std::fs::metadata(path).map_err(unreachable)?;
    if meta.is_dir() {
        let len = std::fs::metadata(path.join(ENTRIES)).map_or(0, |m| m.len());
        Ok((Box::new(Folder(path.to_owned())), len))
    } else {
        match TarFile::open(path) {
            Ok(tar) => {
                let len = tar.len(ENTRIES);
                Ok((Box::new(tar), len))
            }
            Err(TarError::Io(e)) => Err(unreachable(e)),
            Err(TarError::Files(what)) => Err(End::Files(what)),
        }
    }
}

fn trust(path: &Path) -> Result<Trust, End> {
    let wrong = |e: &dyn core::fmt::Display| End::Usage(format!("{}: {e}", path.display()));
    let bytes = std::fs::read(path).map_err(|e| wrong(&e))?;
    Trust::parse(&bytes).map_err(|e| wrong(&e))
}

fn election(hex: Option<&String>) -> Result<Option<Hash>, End> {
    let wrong = || End::Usage("--election: 128 hexadecimal digits".to_owned());
    hex.map(|h| Hash::from_hex(h).ok_or_else(wrong)).transpose()
}

fn check(args: &Args) -> Result<Report, End> {
    let trust = args.trust.as_deref().map(trust).transpose()?;
    let election = election(args.election.as_ref())?;
    let (source, len) = match source(args.record.as_deref().unwrap_or(Path::new(""))) {
        Err(End::Files(what)) => return Ok(without_its_files(what)),
        other => other?,
    };
    let mut resources = Resources::of_this_machine();
    resources.threads = args.threads.map_or(resources.threads, usize::from);
    resources.memory = usize::try_from(args.memory).unwrap_or(usize::MAX);
    resources.temporary.clone_from(&args.temporary);
    let expected = Expected {
        trust: trust.as_ref(),
        election: election.as_ref(),
    };
    look(&*source, len, expected, &resources)
}

/// Checks a record and shows how far it is.
fn look(
    source: &dyn Source,
    len: u64,
    expected: Expected<'_>,
    resources: &Resources,
) -> Result<Report, End> {
    let progress = Progress::new(source);
    let bar = bar(len);
    let report = verify_streaming(&progress, expected, resources, &mut |blocks| {
        bar.set_position(progress.done());
        bar.set_message(format!("{blocks} blocks"));
    });
    bar.finish_and_clear();
    report.map_err(|e| End::Unreachable(format!("一時ファイル / temporary files: {e}")))
}

/// Shows how much of the record was read, on a terminal only.
fn bar(len: u64) -> ProgressBar {
    let bar = ProgressBar::new(len);
    let template = "{bar:30} {percent:>3} %  {bytes} / {total_bytes}  {msg}  残り ETA {eta}";
    if let Ok(style) = ProgressStyle::with_template(template) {
        bar.set_style(style);
    }
    bar.enable_steady_tick(Duration::from_millis(250));
    bar
}

#[expect(
    clippy::print_stdout,
    reason = "the report is what this program is for"
)]
fn run(args: &Args) -> Result<u8, End> {
    if let Some(command) = &args.command {
        return disputes::run(command);
    }
    let report = check(args)?;
    if args.json {
        let json = serde_json::to_string_pretty(&report)
            .map_err(|e| End::Usage(format!("cannot write the report: {e}")))?;
        println!("{json}");
    } else if args.explain {
        print!("{}", report.to_explained_text());
    } else {
        print!("{}", report.to_text());
    }
    Ok(report.exit_code())
}

#[expect(clippy::print_stderr, reason = "the last words of a program")]
fn main() -> ExitCode {
    match run(&Args::parse()) {
        Ok(code) => ExitCode::from(code),
        Err(End::Usage(why) | End::Files(why)) => {
            eprintln!("{NAME}: {why}");
            ExitCode::from(2)
        }
        Err(End::Unreachable(why)) => {
            eprintln!("{NAME}: {why}");
            ExitCode::from(3)
        }
    }
}
