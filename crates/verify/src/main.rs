//! `irefuda-verify RECORD [--trust FILE] [--election HASH] [--json]`: 0 every check passed, 1 a check failed,
//! 2 usage, 3 the record is not there.

use board::header::Header;
use board::record::{BLOCKS, Source};
use clap::Parser;
use crypto::Hash;
use indicatif::{ProgressBar, ProgressStyle};
use std::path::{Path, PathBuf};
use std::process::ExitCode;
use verify::{Expected, Folder, Report, TarError, Tarball, Trust, verify, without_its_files};

/// Re-checks the public record of an election. 投票の公開記録を確認します。
#[derive(Parser)]
#[command(name = "irefuda-verify", version)]
struct Args {
    /// Folder or tar of the record. 公開記録のフォルダーまたは tar。
    record: PathBuf,
    /// Keys to believe (trust.json). 信頼する鍵のファイル。
    #[arg(long)]
    trust: Option<PathBuf>,
    /// Election hash the record must be about (R8.13). 投票の識別値（16進）。
    #[arg(long, value_name = "HASH")]
    election: Option<String>,
    /// Machine-readable report. 機械用の出力。
    #[arg(long)]
    json: bool,
}

/// How the program ends besides 0.
enum End {
    /// The tar has not the files of a record.
    Files(String),
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
        match Tarball::open(path) {
            Ok(tar) => Ok((Box::new(tar), 0)),
            Err(TarError::Io(e)) => Err(unreachable(e)),
            Err(TarError::Files(what)) => Err(End::Files(what)),
        }
    }
}

fn trust(path: Option<&PathBuf>) -> Result<Option<Trust>, End> {
    let Some(path) = path else { return Ok(None) };
    let bytes = std::fs::read(path).map_err(|e| End::Usage(format!("{}: {e}", path.display())))?;
    let trust = Trust::parse(&bytes).map_err(|e| End::Usage(format!("{}: {e}", path.display())))?;
    Ok(Some(trust))
}

fn election(hex: Option<&String>) -> Result<Option<Hash>, End> {
    let wrong = || End::Usage("--election: 128 hexadecimal digits".to_owned());
    hex.map(|h| Hash::from_hex(h).ok_or_else(wrong)).transpose()
}

fn check(args: &Args) -> Result<Report, End> {
    let trust = trust(args.trust.as_ref())?;
    let election = election(args.election.as_ref())?;
    let (source, blocks_len) = match source(&args.record) {
        Err(End::Files(what)) => return Ok(without_its_files(what)),
        other => other?,
    };
    let header = u64::try_from(Header::LEN).unwrap_or(1);
    let bar = ProgressBar::new(blocks_len / header);
    if let Ok(style) = ProgressStyle::with_template("{bar:30} {pos}/{len} blocks {eta}") {
        bar.set_style(style);
    }
    let expected = Expected {
        trust: trust.as_ref(),
        election: election.as_ref(),
    };
    let report = verify(&*source, expected, &mut rand::rng(), &mut |n| {
        bar.set_position(n);
    });
    bar.finish_and_clear();
    Ok(report)
}

#[expect(
    clippy::print_stdout,
    reason = "the report is what this program is for"
)]
fn run(args: &Args) -> Result<bool, End> {
    let report = check(args)?;
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
        Err(End::Usage(why) | End::Files(why)) => {
            eprintln!("{why}");
            ExitCode::from(2)
        }
        Err(End::Unreachable(why)) => {
            eprintln!("{why}");
            ExitCode::from(3)
        }
    }
}
