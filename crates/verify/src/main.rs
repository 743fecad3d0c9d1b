//! `irefuda-verify RECORD [--trust FILE] [--json]`: 0 every check passed, 1 a check failed,
//! 2 usage, 3 the record is not there.

use board::header::Header;
use board::record::{BLOCKS, Source};
use clap::Parser;
use indicatif::{ProgressBar, ProgressStyle};
use std::path::{Path, PathBuf};
use std::process::ExitCode;
use verify::{Folder, Tarball, Trust, verify};

/// Re-checks the public record of an election. 投票の公開記録を確認します。
#[derive(Parser)]
#[command(name = "irefuda-verify", version)]
struct Args {
    /// Folder or tar of the record. 公開記録のフォルダーまたは tar。
    record: PathBuf,
    /// Keys to believe (trust.json). 信頼する鍵のファイル。
    #[arg(long)]
    trust: Option<PathBuf>,
    /// Machine-readable report. 機械用の出力。
    #[arg(long)]
    json: bool,
}

/// How the program ends besides 0.
enum End {
    Usage(String),
    Unreachable(String),
}

fn source(path: &Path) -> Result<(Box<dyn Source>, u64), End> {
    let unreachable = |e: std::io::Error| End::Unreachable(format!("{}: {e}", path.display()));
    let meta = std::fs::metadata(path).map_err(unreachable)?;
    if meta.is_dir() {
        let len = std::fs::metadata(path.join(BLOCKS)).map_or(0, |m| m.len());
        Ok((Box::new(Folder(path.to_owned())), len))
    } else {
        Ok((Box::new(Tarball::open(path).map_err(unreachable)?), 0))
    }
}

fn trust(path: Option<&PathBuf>) -> Result<Option<Trust>, End> {
    let Some(path) = path else { return Ok(None) };
    let bytes = std::fs::read(path).map_err(|e| End::Usage(format!("{}: {e}", path.display())))?;
    let trust = Trust::parse(&bytes).map_err(|e| End::Usage(format!("{}: {e}", path.display())))?;
    Ok(Some(trust))
}

#[expect(
    clippy::print_stdout,
    reason = "the report is what this program is for"
)]
fn run(args: &Args) -> Result<bool, End> {
    let trust = trust(args.trust.as_ref())?;
    let (source, blocks_len) = source(&args.record)?;
    let header = u64::try_from(Header::LEN).unwrap_or(1);
    let bar = ProgressBar::new(blocks_len / header);
    if let Ok(style) = ProgressStyle::with_template("{bar:30} {pos}/{len} blocks {eta}") {
        bar.set_style(style);
    }
    let report = verify(&*source, trust.as_ref(), &mut rand::rng(), &mut |n| {
        bar.set_position(n);
    });
    bar.finish_and_clear();
    if args.json {
        let json = serde_json::to_string_pretty(&report)
            .map_err(|e| End::Usage(format!("cannot write the report: {e}")))?;
        println!("{json}");
    } else {
        print!("{}", report.to_text());
    }
    Ok(report.ok)
}

#[expect(clippy::print_stderr, reason = "the last words of a program")]
fn main() -> ExitCode {
    match run(&Args::parse()) {
        Ok(true) => ExitCode::SUCCESS,
        Ok(false) => ExitCode::from(1),
        Err(End::Usage(why)) => {
            eprintln!("{why}");
            ExitCode::from(2)
        }
        Err(End::Unreachable(why)) => {
            eprintln!("{why}");
            ExitCode::from(3)
        }
    }
}
