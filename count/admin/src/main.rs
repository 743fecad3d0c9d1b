//! Command line of the authority's office. Officers sign with a program of their own.

use admin::acts::{self, Posted, Proposal};
use admin::keys::OthersKey;
use admin::{AdminConfig, Office};
use anyhow::{Context as _, Result};
use api::act_file::BadAct;
use board::entry::Act;
use clap::{Parser, Subcommand};
use host::exit::Exit;
use std::io::Write as _;
use std::path::{Path, PathBuf};
use std::process::ExitCode;

const NAME: &str = "irefuda-admin";

#[derive(Parser)]
#[command(
    name = NAME,
    version,
    about = "入れ札：選挙管理のプログラム / the office's program"
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
    /// Make the authority's key (once) and write public.json.
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
    /// Write an act to a file that two officers countersign with their own programs.
    Propose {
        /// Where the unsigned act goes; a file that is there is not replaced.
        #[arg(long)]
        out: PathBuf,
        #[command(subcommand)]
        act: ActCommand,
    },
    /// Put the officers' copies of an act together and post it.
    Post {
        /// A copy of the act with signatures; may be given several times.
        #[arg(long, required = true)]
        act: Vec<PathBuf>,
        /// Hand-over only: where the order goes that the present validators certify.
        #[arg(long)]
        order: Option<PathBuf>,
    },
    /// Write start.json anew with the addresses that the board has now; restart the portal with it.
    StartFile,
    /// Compute and post the result; write result.json into the data folder.
    Result,
    /// Download the public record.
    Record {
        /// Folder that is made.
        #[arg(long)]
        out: PathBuf,
    },
}

/// What two officers can order.
#[derive(Subcommand)]
enum ActCommand {
    /// Show that the box is empty and open it.
    Open,
    /// Move the close to a later time.
    Extend {
        /// New close: 2027-01-31T17:00:00+09:00, or ms since 1970.
        #[arg(long, value_parser = time)]
        until: u64,
    },
    /// Go on after a halt that began more than ten minutes before the close, for as long as was lost
    /// at most.
    Resume {
        /// New close: 2027-01-31T17:00:00+09:00, or ms since 1970.
        #[arg(long, value_parser = time)]
        until: u64,
    },
    /// Let a halted election take the ballots that were promised before its close, and then close.
    Drain,
    /// Announce: trustees may release their shares.
    Announce,
    /// Put a notice on the board.
    Notice {
        /// Key, e.g. incidents.
        #[arg(long)]
        key: String,
        /// Japanese.
        #[arg(long)]
        ja: String,
        /// English.
        #[arg(long)]
        en: String,
        /// Plain Japanese; the Japanese text without it.
        #[arg(long)]
        plain: Option<String>,
    },
    /// Record that a registrar's salt key was destroyed.
    SaltDestroyed {
        /// Index of the registrar in the manifest.
        #[arg(long)]
        registrar: u16,
    },
    /// Release a booth program to the voters.
    Release {
        /// Version.
        #[arg(long)]
        version: String,
        /// linux-x86_64, windows-x86_64 …
        #[arg(long)]
        platform: String,
        /// The package; its size and SHA-256 are computed.
        #[arg(long)]
        package: PathBuf,
    },
    /// Withdraw a sealed election before its opening: it is not held.
    Withdraw {
        /// Why, Japanese.
        #[arg(long)]
        ja: String,
        /// Why, English.
        #[arg(long)]
        en: String,
        /// Why, plain Japanese; the Japanese text without it.
        #[arg(long)]
        plain: Option<String>,
    },
    /// Give a sealed election new addresses.
    Hints {
        /// Address of the public pages.
        #[arg(long)]
        portal: String,
        /// Where booths ask for the manifest; may be given several times, the portal without it.
        #[arg(long)]
        hint: Vec<String>,
    },
    /// Hand the board over to other validators.
    HandOver {
        /// Network file with all validators from then on.
        #[arg(long)]
        validators: PathBuf,
        /// When the order ends, ms since 1970; at most seven days from the block that holds it.
        #[arg(long)]
        until: u64,
    },
}

impl ActCommand {
    fn proposal(&self) -> Result<Proposal> {
        Ok(Proposal::Act(match self {
            Self::Open => return Ok(Proposal::Open),
            Self::HandOver { validators, until } => {
                return Ok(Proposal::HandOver {
                    validators: validators.clone(),
                    until: *until,
                });
            }
            Self::Hints { portal, hint } => {
                return Ok(Proposal::Hints(portal.clone(), hint.clone()));
            }
            Self::Withdraw { ja, en, plain } => Act::Withdraw {
                reason: acts::words(ja, en, plain.as_deref()),
            },
            Self::Extend { until } => Act::Extend { until: *until },
            Self::Resume { until } => Act::Resume { until: *until },
            Self::Drain => Act::Drain,
            Self::Announce => Act::Announce,
            Self::Notice { key, ja, en, plain } => {
                acts::notice(key, acts::words(ja, en, plain.as_deref()))
            }
            Self::SaltDestroyed { registrar } => Act::SaltDestroyed {
                registrar: *registrar,
            },
            Self::Release {
                version,
                platform,
                package,
            } => acts::release(version, platform, package)?,
        }))
    }
}

/// A time as people or programs write it.
fn time(text: &str) -> Result<u64, String> {
    match text.parse() {
        Ok(ms) => Ok(ms),
        Err(_) => admin::content::instant(text).map_err(|e| format!("{e:#}")),
    }
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
        None if e.is::<BadAct>() || e.is::<OthersKey>() => Exit::CheckFailed,
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
        Command::Propose { out, act } => office.propose(&act.proposal()?, out).await,
        Command::Post { act, order } => posted(office.post_act(act).await?, order.as_deref()),
        Command::StartFile => office.start_file().await,
        Command::Result => office.result().await,
        Command::Record { out } => office.record(out).await,
    }
}

/// A hand-over is not on the board yet: the validators get the order.
fn posted(posted: Posted, order: Option<&Path>) -> Result<()> {
    match (posted, order) {
        (Posted::Final, None) => Ok(()),
        (Posted::Final, Some(_)) => anyhow::bail!("posted; --order is for a hand-over"),
        (Posted::ToBeCertified(bytes), Some(path)) => {
            std::fs::write(path, bytes).with_context(|| path.display().to_string())
        }
        (Posted::ToBeCertified(_), None) => anyhow::bail!(
            "a hand-over is certified by the present validators before it is posted: give --order FILE"
        ),
    }
}
