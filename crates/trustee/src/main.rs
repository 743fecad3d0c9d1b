//! Command line of a trustee.

use anyhow::Result;
use clap::{Parser, Subcommand};
use host::exit::Exit;
use std::path::PathBuf;
use std::process::ExitCode;
use trustee::{Refusal, TrusteeConfig};

#[derive(Parser)]
#[command(
    name = "irefuda-trustee",
    version,
    about = "入れ札：開票管理者のプログラム"
)]
struct Args {
    /// Configuration file (TOML).
    #[arg(long)]
    config: PathBuf,
    /// Folder for keys and public.json.
    #[arg(long)]
    data: PathBuf,
    #[command(subcommand)]
    command: Command,
}

#[derive(Subcommand)]
enum Command {
    /// Make the two keys (once) and write public.json.
    Init,
    /// Take part in the key ceremony until it is finished.
    Ceremony,
    /// Check a draft manifest against the ceremony and sign it.
    Sign {
        /// The draft (canonical bytes).
        #[arg(long)]
        manifest: PathBuf,
        /// Where the signature goes (JSON).
        #[arg(long)]
        out: PathBuf,
    },
    /// Check that the share on this computer fits the election's key.
    CheckShare,
    /// After the close: recompute the box and commit to the decryption share.
    Commit,
    /// On stage, after the announcement: release the share.
    Release,
}

fn main() -> ExitCode {
    let args = Args::parse();
    if let Err(e) = host::log::init("warn", host::log::Detail::Timed) {
        return Exit::Usage.with_message(&e.to_string());
    }
    let runtime = match tokio::runtime::Builder::new_current_thread()
        .enable_all()
        .build()
    {
        Ok(r) => r,
        Err(e) => return Exit::Usage.with_message(&e.to_string()),
    };
    match runtime.block_on(run(&args)) {
        Ok(()) => Exit::Ok.into(),
        Err(e) if e.is::<Refusal>() => Exit::CheckFailed.with_message(&format!("{e:#}")),
        Err(e) if e.is::<client::GatewayError>() => {
            Exit::Unreachable.with_message(&format!("{e:#}"))
        }
        Err(e) => Exit::Usage.with_message(&format!("{e:#}")),
    }
}

async fn run(args: &Args) -> Result<()> {
    let config: TrusteeConfig = host::config::load(&args.config)?;
    let beside = |p: &PathBuf| host::config::beside(&args.config, p);
    let trustee = trustee::Trustee::new(&config, &args.data, beside)?;
    match &args.command {
        Command::Init => trustee.init(),
        Command::Ceremony => trustee.ceremony().await,
        Command::Sign { manifest, out } => trustee.sign(manifest, out).await,
        Command::CheckShare => trustee.check_share().await,
        Command::Commit => trustee.commit().await,
        Command::Release => trustee.release().await,
    }
}
