//! Command line of an auditor.

use anyhow::Result;
use audit::{Config, KeyFolder, OthersKey};
use clap::{Parser, Subcommand};
use host::exit::Exit;
use host::passphrase::Passphrase;
use std::io::Write as _;
use std::path::PathBuf;
use std::process::ExitCode;

const NAME: &str = "irefuda-audit";

#[derive(Parser)]
#[command(
    name = NAME,
    version,
    about = "入れ札：監査する人のプログラム / the program of an auditor"
)]
struct Args {
    /// 設定ファイル / configuration file (TOML).
    #[arg(long)]
    config: PathBuf,
    /// 鍵と public.json のフォルダー / folder for this auditor's key and public.json.
    #[arg(long)]
    data: PathBuf,
    #[command(subcommand)]
    command: Command,
}

#[derive(Subcommand)]
enum Command {
    /// 鍵を作る（1回だけ） / make the key (once) and write public.json.
    Init,
}

fn main() -> ExitCode {
    match run(&Args::parse()) {
        Ok(()) => Exit::Ok.into(),
        Err(e) if e.is::<OthersKey>() => Exit::CheckFailed.with_message(NAME, &format!("{e:#}")),
        Err(e) => Exit::Usage.with_message(NAME, &format!("{e:#}")),
    }
}

fn run(args: &Args) -> Result<()> {
    let config: Config = host::config::load(&args.config)?;
    let passphrase = match &config.passphrase_file {
        Some(file) => Passphrase::from_file(&host::config::beside(&args.config, file))?,
        None if KeyFolder::exists(&args.data) => {
            Passphrase::ask("鍵ファイルの合言葉 / passphrase", false)?
        }
        None => Passphrase::ask(
            "新しい鍵ファイルの合言葉（12バイト以上） / new passphrase",
            true,
        )?,
    };
    let folder = KeyFolder::open(&args.data, passphrase, config.light)?;
    match args.command {
        Command::Init => folder.init(&config.name_ja, &config.name_en)?,
    };
    let mut out = std::io::stdout().lock();
    Ok(writeln!(
        out,
        "public.json を選挙管理に渡してください。\n    hand public.json to the office"
    )?)
}
