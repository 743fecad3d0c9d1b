//! Command line of an auditor.

use audit::{
    Audit, Cards, Config, Extent, KeyFolder, OthersKey, PublicRecord, RecordFolder, Report, Vault,
    check, release,
};
use clap::{Args, Parser, Subcommand};
use crypto::Hash;
use crypto::wire::TopLevel as _;
use evidence::Partial;
use host::config::{beside, load};
use host::exit::Exit;
use host::passphrase::Passphrase;
use std::fmt::Display;
use std::path::{Path, PathBuf};
use std::process::ExitCode;

const NAME: &str = "irefuda-audit";

#[derive(Parser)]
#[command(
    name = NAME,
    version,
    about = "入れ札：監査する人のプログラム / the program of an auditor"
)]
struct Arguments {
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
    /// 自分の鍵で部分的に開け、ほかの監査人あてに封をする / open in part, for another auditor.
    Release {
        #[command(flatten)]
        about: About,
        /// 渡す相手の番号（1から） / place of that auditor in the manifest, from 1.
        #[arg(long = "for", value_name = "PLACE")]
        reader: u16,
        /// 置き場所（新しいフォルダー） / where the files go, a new folder.
        #[arg(long)]
        out: PathBuf,
    },
    /// 受け取った部分と自分の鍵で開けて調べる / open with what the others released, and check.
    Check {
        #[command(flatten)]
        about: About,
        /// ほかの監査人から受け取ったフォルダー / folder of another auditor's release, repeatable.
        #[arg(long, required = true)]
        partial: Vec<PathBuf>,
        /// カードの認証局のファイル / the pinned authorities of the cards (JSON).
        #[arg(long)]
        cards: PathBuf,
        /// 機械用の出力 / machine-readable report.
        #[arg(long)]
        json: bool,
    },
}

#[derive(Args)]
struct About {
    /// 公開記録のフォルダー / folder of the public record.
    #[arg(long)]
    record: PathBuf,
    /// 投票の識別値（16進） / election hash.
    #[arg(long, value_name = "HASH")]
    election: String,
    /// 登録機関の記録のフォルダー（定義書の順） / folder of a registrar's evidence, in the manifest's order.
    #[arg(long, required = true)]
    evidence: Vec<PathBuf>,
    /// すべてではなく、登録機関ごとにこの数を抽出 / a sample of so many records of each registrar.
    #[arg(long, value_name = "N")]
    sample: Option<usize>,
}

type Failure = (Exit, String);

fn usage(error: impl Display) -> Failure {
    (Exit::Usage, error.to_string())
}

fn failed(error: impl Display) -> Failure {
    (Exit::CheckFailed, error.to_string())
}

fn unreachable(error: impl Display) -> Failure {
    (Exit::Unreachable, error.to_string())
}

fn main() -> ExitCode {
    let arguments = Arguments::parse();
    if let Err(error) = host::harden() {
        return Exit::Usage.with_message(NAME, &error.to_string());
    }
    if let Err(error) = host::log::init("warn", host::log::Detail::Untimed) {
        return Exit::Usage.with_message(NAME, &error.to_string());
    }
    match run(&arguments) {
        Ok(exit) => exit.into(),
        Err((exit, why)) => exit.with_message(NAME, &why),
    }
}

/// The own folder, opened.
fn folder(arguments: &Arguments, config: &Config) -> Result<KeyFolder, Failure> {
    let passphrase = match &config.passphrase_file {
        Some(file) => Passphrase::from_file(&beside(&arguments.config, file)),
        None if KeyFolder::exists(&arguments.data) => {
            Passphrase::ask("鍵ファイルの合言葉 / passphrase", false)
        }
        None => Passphrase::ask(
            "新しい鍵ファイルの合言葉（12バイト以上） / new passphrase",
            true,
        ),
    };
    let passphrase = passphrase.map_err(usage)?;
    KeyFolder::open(&arguments.data, passphrase, config.light).map_err(|error| {
        if error.is::<OthersKey>() {
            failed(format!("{error:#}"))
        } else {
            usage(format!("{error:#}"))
        }
    })
}

#[expect(clippy::print_stdout, reason = "the result of a command")]
fn say(text: &str) {
    println!("{text}");
}

fn run(arguments: &Arguments) -> Result<Exit, Failure> {
    let config: Config = load(&arguments.config).map_err(usage)?;
    let folder = folder(arguments, &config)?;
    let key = || {
        folder
            .auditor()
            .map_err(|error| usage(format!("{error:#}")))
    };
    match &arguments.command {
        Command::Init => {
            let made = folder.init(&config.name_ja, &config.name_en);
            made.map_err(|error| usage(format!("{error:#}")))?;
            say("public.json を選挙管理に渡してください。\n    hand public.json to the office");
            Ok(Exit::Ok)
        }
        Command::Release { about, reader, out } => {
            let (key, read) = (key()?, Read::new(about)?);
            let partials = release(&read.audit(&key, about), *reader, &mut rand::rng());
            write(out, &partials.map_err(usage)?)?;
            say(&out.display().to_string());
            Ok(Exit::Ok)
        }
        Command::Check {
            about,
            partial,
            cards,
            json,
        } => {
            let (key, read) = (key()?, Read::new(about)?);
            let cards = Cards::read(cards, read.record.manifest.practice).map_err(usage)?;
            let partials = partials(partial)?;
            let report = check(&read.audit(&key, about), &cards, &partials).map_err(usage)?;
            show(&report, *json)?;
            Ok(report.exit())
        }
    }
}

fn show(report: &Report, json: bool) -> Result<(), Failure> {
    if json {
        say(&serde_json::to_string_pretty(report).map_err(usage)?);
    } else {
        say(report.to_text().trim_end());
    }
    Ok(())
}

/// What both steps read.
struct Read {
    record: PublicRecord,
    vaults: Vec<Vault>,
}

impl Read {
    fn new(about: &About) -> Result<Self, Failure> {
        let election = Hash::from_hex(&about.election);
        let election = election.ok_or_else(|| usage("--election: 128 hexadecimal digits"))?;
        if !about.record.is_dir() {
            return Err(unreachable(format!(
                "{}: no folder",
                about.record.display()
            )));
        }
        let source = RecordFolder(about.record.clone());
        let record = PublicRecord::read(&source, &election, &mut rand::rng()).map_err(failed)?;
        let vaults = (0u16..)
            .zip(&about.evidence)
            .map(|(registrar, folder)| Vault::open(folder, &election, registrar))
            .collect::<Result<_, _>>()
            .map_err(unreachable)?;
        Ok(Self { record, vaults })
    }
    fn audit<'a>(&'a self, key: &'a evidence::AuditorKey, about: &About) -> Audit<'a> {
        Audit {
            record: &self.record,
            vaults: &self.vaults,
            key,
            extent: about.sample.map_or(Extent::Whole, Extent::Sample),
        }
    }
}

fn write(out: &Path, partials: &[Partial]) -> Result<(), Failure> {
    let failed = |error| unreachable(format!("{}: {error}", out.display()));
    std::fs::create_dir(out).map_err(failed)?;
    for partial in partials {
        let name = format!("registrar-{}.partial", partial.registrar);
        host::keyfile::write_private(&out.join(name), &partial.to_bytes()).map_err(failed)?;
    }
    Ok(())
}

fn partials(folders: &[PathBuf]) -> Result<Vec<Partial>, Failure> {
    let mut out = Vec::new();
    for folder in folders {
        let failed = |error| unreachable(format!("{}: {error}", folder.display()));
        for item in std::fs::read_dir(folder).map_err(failed)? {
            let path = item.map_err(failed)?.path();
            let bytes = std::fs::read(&path).map_err(failed)?;
            let partial = Partial::from_bytes(&bytes);
            out.push(partial.map_err(|e| usage(format!("{}: {e}", path.display())))?);
        }
    }
    Ok(out)
}
