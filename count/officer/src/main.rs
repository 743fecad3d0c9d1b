//! Command line of an officer.

use anyhow::{Context as _, Result};
use api::act_file::ActFile;
use board::Committee;
use board::state::State;
use clap::{Parser, Subcommand};
use client::{Quorum, Replica, ReplicaError};
use host::exit::Exit;
use host::passphrase::Passphrase;
use host::private::Build;
use officer::{Asked, Config, KeyFolder, Line, Person as _, Refusal, Terminal};
use std::path::{Path, PathBuf};
use std::process::ExitCode;

const NAME: &str = "irefuda-officer";

#[derive(Parser)]
#[command(
    name = NAME,
    version,
    about = "入れ札：選挙管理の担当者のプログラム / the program of an officer"
)]
struct Args {
    /// 設定ファイル / configuration file (TOML).
    #[arg(long)]
    config: PathBuf,
    /// 鍵と public.json のフォルダー / folder for this officer's key and public.json.
    #[arg(long)]
    data: PathBuf,
    #[command(subcommand)]
    command: Command,
}

#[derive(Subcommand)]
enum Command {
    /// 鍵を作る（1回だけ） / make the key (once) and write public.json.
    Init,
    /// 操作の内容を見る（署名しない） / show an act in words, sign nothing.
    Show {
        /// 操作のファイル / file with the act.
        #[arg(long)]
        act: PathBuf,
    },
    /// 操作の内容を見て、確認のうえ署名する / show an act, ask, and countersign it.
    Sign {
        /// 操作のファイル / file with the act.
        #[arg(long)]
        act: PathBuf,
        /// 署名を加えたファイルの置き場所 / where the file with the signature added goes.
        #[arg(long)]
        out: PathBuf,
        /// 確認しない（実演と試験のプログラムだけ） / ask nothing; demonstrations and tests only.
        #[arg(long)]
        yes: bool,
    },
}

#[tokio::main(flavor = "current_thread")]
async fn main() -> ExitCode {
    let args = Args::parse();
    if let Err(e) = host::harden() {
        return Exit::Usage.with_message(NAME, &e.to_string());
    }
    if let Err(e) = host::log::init("warn", host::log::Detail::Timed) {
        return Exit::Usage.with_message(NAME, &e.to_string());
    }
    match run(&args).await {
        Ok(()) => Exit::Ok.into(),
        Err(e) if e.is::<Refusal>() => Exit::CheckFailed.with_message(NAME, &format!("{e:#}")),
        Err(e) if e.is::<client::NodeError>() || e.is::<ReplicaError>() => {
            Exit::Unreachable.with_message(NAME, &format!("{e:#}"))
        }
        Err(e) => Exit::Usage.with_message(NAME, &format!("{e:#}")),
    }
}

async fn run(args: &Args) -> Result<()> {
    let config: Config = host::config::load(&args.config)?;
    match &args.command {
        Command::Init => init(args, &config),
        Command::Show { act } => {
            let mut person = Terminal::open(false, Build::this())?;
            let (file, state) = (read(act)?, board(args, &config).await?);
            let asked = Asked {
                file: &file,
                state: &state,
                practice: config.practice,
                now_ms: config.clock.open()?.now_ms(),
            };
            officer::show(&asked, &mut person)
        }
        Command::Sign { act, out, yes } => {
            let mut person = Terminal::open(*yes, Build::this())?;
            let file = read(act)?;
            let key = folder(args, &config)?.key()?;
            let state = board(args, &config).await?;
            let asked = Asked {
                file: &file,
                state: &state,
                practice: config.practice,
                now_ms: config.clock.open()?.now_ms(),
            };
            let signed = officer::sign(&asked, &key, &mut person)?;
            std::fs::write(out, signed.to_json()?).with_context(|| out.display().to_string())?;
            person.say(&Line::new(
                format!("署名を加えました：{}", out.display()),
                "the signature was added to this file",
            ))
        }
    }
}

fn init(args: &Args, config: &Config) -> Result<()> {
    let public = folder(args, config)?.init(&config.name_ja, &config.name_en)?;
    let mut person = Terminal::open(false, Build::this())?;
    let six = crypto::words::six(public.key.0.as_bytes()).join("　");
    person.say(&Line::new(
        format!("public.json を選挙管理に渡してください。鍵の合言葉：{six}"),
        "hand public.json to the office and read these six words of the key aloud",
    ))
}

fn folder(args: &Args, config: &Config) -> Result<KeyFolder> {
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
    KeyFolder::open(&args.data, passphrase, config.light)
}

fn read(path: &Path) -> Result<ActFile> {
    let bytes = std::fs::read(path).with_context(|| path.display().to_string())?;
    Ok(ActFile::parse(&bytes).map_err(Refusal::from)?)
}

/// The board, replayed here; f + 1 nodes show the same.
async fn board(args: &Args, config: &Config) -> Result<State> {
    let path = host::config::beside(&args.config, &config.network);
    let (_, network) = client::read_network(&path)?;
    let committee = Committee::from(&network);
    let nodes = Quorum::new(&network.validators, &committee, client::TIMEOUT)?;
    let mut replica = Replica::new(&network);
    match replica.follow(nodes.nodes(), nodes.enough()).await {
        Ok(()) => Ok(replica.state().clone()),
        Err(ReplicaError::Disagreement { agreeing, needed }) => {
            Err(Refusal::Heads { agreeing, needed }.into())
        }
        Err(e) => Err(e.into()),
    }
}
