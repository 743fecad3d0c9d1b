//! Command line of the authority and its officers.

use admin::{AdminConfig, Office};
use anyhow::Result;
use board::entry::Act;
use clap::{Parser, Subcommand};
use host::exit::Exit;
use std::io::Write as _;
use std::path::PathBuf;
use std::process::ExitCode;

const NAME: &str = "irefuda-admin";

#[derive(Parser)]
#[command(
    name = NAME,
    version,
    about = "入れ札：選挙管理のプログラム / the officers' program"
)]
struct Args {
    /// Configuration file (TOML).
    #[arg(long)]
    config: PathBuf,
    /// Folder for keys and results.
    #[arg(long)]
    data: PathBuf,
    #[command(subcommand)]
    command: Command,
}

#[derive(Subcommand)]
enum Command {
    /// Make the keys of authority, officers and auditors (once) and write public.json.
    Init,
    /// Post the Setup entry: the trustees' ceremony can begin.
    Setup,
    /// Show the key ceremony: round, who is missing, who was blamed.
    Ceremony,
    /// Begin the key ceremony anew without somebody (a new Setup; 2t > n is checked again).
    Restart {
        /// Number of a trustee in the table of `ceremony`; may be given several times.
        #[arg(long, required = true)]
        without: Vec<u16>,
        /// How many open the box from now on; otherwise as before.
        #[arg(long)]
        threshold: Option<u16>,
    },
    /// Build the manifest from content, public parts and the finished ceremony.
    Manifest {
        /// Where the unsigned manifest goes.
        #[arg(long)]
        out: PathBuf,
    },
    /// Post the Seal entry; write manifest.bin, trust.json and start.json into the data folder.
    Seal {
        /// The unsigned manifest.
        #[arg(long)]
        manifest: PathBuf,
        /// Trustees' signature files; at least t.
        #[arg(long, required = true)]
        signature: Vec<PathBuf>,
    },
    /// Show that the box is empty and open it (two officers).
    Open,
    /// Move the close to a later time (two officers).
    Extend {
        /// New close, ms since 1970.
        #[arg(long)]
        until: u64,
    },
    /// Go on after a halt (two officers).
    Resume {
        /// New close, ms since 1970.
        #[arg(long)]
        until: u64,
    },
    /// Close an election that is halted (two officers).
    Close,
    /// Announce: trustees may release their shares (two officers).
    Announce,
    /// Record that a registrar's salt key was destroyed (two officers).
    SaltDestroyed {
        /// Index of the registrar in the manifest.
        #[arg(long)]
        registrar: u16,
    },
    /// Compute and post the result; write result.json into the data folder.
    Result,
    /// Download the public record.
    Record {
        /// Folder that is made.
        #[arg(long)]
        out: PathBuf,
    },
}

#[tokio::main(flavor = "current_thread")]
async fn main() -> ExitCode {
    let args = Args::parse();
    if let Err(e) = host::log::init("warn", host::log::Detail::Timed) {
        return Exit::Usage.with_message(NAME, &e.to_string());
    }
    match run(&args).await {
        Ok(()) => Exit::Ok.into(),
        Err(e) => exit_of(&e).with_message(NAME, &format!("{e:#}")),
    }
}

fn exit_of(e: &anyhow::Error) -> Exit {
    match e.downcast_ref() {
        Some(client::NotFinal::Refused(_)) => Exit::CheckFailed,
        Some(_) => Exit::Unreachable,
        None if e.is::<client::NodeError>() => Exit::Unreachable,
        None => Exit::Usage,
    }
}

async fn run(args: &Args) -> Result<()> {
    let config: AdminConfig = host::config::load(&args.config)?;
    let beside = |p: &PathBuf| host::config::beside(&args.config, p);
    let office = Office::new(config, &args.data, &beside)?;
    match &args.command {
        Command::Init => office.init(),
        Command::Setup => office.setup().await,
        Command::Ceremony => {
            let table = office.ceremony().await?;
            Ok(std::io::stdout().write_all(table.as_bytes())?)
        }
        Command::Restart { without, threshold } => office.restart(without, *threshold).await,
        Command::Manifest { out } => {
            let look = office.manifest(out).await?;
            Ok(std::io::stdout().write_all(look.as_bytes())?)
        }
        Command::Seal {
            manifest,
            signature,
        } => office.seal(manifest, signature).await,
        Command::Open => office.open().await,
        Command::Extend { until } => office.act(Act::Extend { until: *until }).await,
        Command::Resume { until } => office.act(Act::Resume { until: *until }).await,
        Command::Close => office.act(Act::Close).await,
        Command::Announce => office.act(Act::Announce).await,
        Command::SaltDestroyed { registrar } => {
            office
                .act(Act::SaltDestroyed {
                    registrar: *registrar,
                })
                .await
        }
        Command::Result => office.result().await,
        Command::Record { out } => office.record(out).await,
    }
}
