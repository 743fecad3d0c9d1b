//! `irefuda-registrar`: checks identity, signs credentials blindly, keeps evidence.

use std::path::PathBuf;
use std::process::ExitCode;
use std::sync::Arc;

use clap::{Parser, Subcommand};
use host::exit::Exit;
use host::log::{Detail, init as start_log};
use host::serve::{Server, stop_signal};
use registrar::routes::{BODY_LIMIT, router};
use registrar::service::{default_database, read_manifest};
use registrar::store::Store;
use registrar::{Config, Registrar, init};

/// Checks identity and signs credentials it cannot see.
#[derive(Parser)]
#[command(version)]
struct Arguments {
    /// The configuration file.
    #[arg(long)]
    config: PathBuf,
    /// The data folder.
    #[arg(long)]
    data: PathBuf,
    #[command(subcommand)]
    command: Option<Command>,
}

#[derive(Subcommand)]
enum Command {
    /// Serves requests (the default).
    Run,
    /// Makes this registrar's keys for one election and writes public.json.
    Init,
    /// Checks the manifest and that it lists this registrar as its public.json says.
    SealCheck,
    /// Posts every daily report that is due and waits until the board holds it.
    Report,
    /// Writes the sealed evidence into a new folder for the auditors, one file a day; only after the
    /// close.
    ExportEvidence {
        /// The folder to make.
        #[arg(long)]
        out: PathBuf,
    },
    /// Overwrites and removes salt key and card secret; only after the close.
    DestroySalt,
    /// Prints credentials and further ballots issued per channel and day, as JSON.
    Counts,
}

type Failure = (Exit, String);

#[tokio::main]
async fn main() -> ExitCode {
    match run(Arguments::parse()).await {
        Ok(()) => Exit::Ok.into(),
        Err((exit, why)) => exit.with_message("irefuda-registrar", &why),
    }
}

fn usage(error: impl std::fmt::Display) -> Failure {
    (Exit::Usage, error.to_string())
}

async fn run(arguments: Arguments) -> Result<(), Failure> {
    host::harden().map_err(usage)?;
    let config = Config::read(&arguments.config).map_err(usage)?;
    start_log(&config.log, Detail::Untimed).map_err(usage)?;
    std::fs::create_dir_all(&arguments.data).map_err(usage)?;
    match arguments.command.unwrap_or(Command::Run) {
        Command::Run => serve(&config, &arguments.data).await,
        Command::Init => {
            let public = init::init(&config, &arguments.data).map_err(usage)?;
            say(&format!("{}", public.display()));
            Ok(())
        }
        Command::SealCheck => seal_check(&config, &arguments.data),
        Command::Report => report(&config, &arguments.data).await,
        Command::ExportEvidence { out } => export(&config, &arguments.data, &out).await,
        Command::DestroySalt => destroy_salt(&config, &arguments.data).await,
        Command::Counts => counts(&config, &arguments.data).await,
    }
}

#[expect(clippy::print_stdout, reason = "the result of a command")]
fn say(text: &str) {
    println!("{text}");
}

async fn serve(config: &Config, data: &std::path::Path) -> Result<(), Failure> {
    let registrar = Arc::new(Registrar::start(config, data).await.map_err(usage)?);
    let server = Server::bind(config.listen, Some(&registrar.keys().tls))
        .await
        .map_err(usage)?;
    let server = server.body_limit(BODY_LIMIT);
    tracing::info!(
        "registrar {} serves election {:?}",
        config.id,
        registrar.election()
    );
    let watched = Arc::clone(&registrar);
    let watch = tokio::spawn(async move { watched.watch().await });
    server
        .run(router(Arc::clone(&registrar)), stop_signal())
        .await;
    watch.abort();
    registrar.night().await;
    registrar.store().close().await;
    Ok(())
}

fn seal_check(config: &Config, data: &std::path::Path) -> Result<(), Failure> {
    let failed = |why: String| (Exit::CheckFailed, why);
    let (sealed, election) = read_manifest(config).map_err(|e| failed(e.to_string()))?;
    let text = std::fs::read_to_string(data.join("public.json")).map_err(usage)?;
    let own: api::registrar::PublicPart = serde_json::from_str(&text).map_err(usage)?;
    let listed = sealed.manifest.registrars.iter().any(|r| {
        r.origin == own.origin
            && r.spki == own.spki.0
            && r.key == own.key.0
            && r.first == own.first.0
            && own.again.len() >= r.again.len()
            && r.again.iter().zip(&own.again).all(|(a, b)| *a == b.0)
            && r.survey == own.survey.0
            && r.salt_depth == own.salt_depth
            && r.salt_root == own.salt_root.0
    });
    if !listed {
        return Err(failed(
            "the manifest does not list this registrar as public.json says".into(),
        ));
    }
    say(&format!("election {election}"));
    Ok(())
}

async fn report(config: &Config, data: &std::path::Path) -> Result<(), Failure> {
    let registrar = Registrar::start(config, data).await.map_err(usage)?;
    let posted = registrar.report_due().await;
    let posted = posted.map_err(|error| (Exit::Unreachable, error.to_string()))?;
    say(&format!("{posted} reports posted"));
    Ok(())
}

async fn export(
    config: &Config,
    data: &std::path::Path,
    out: &std::path::Path,
) -> Result<(), Failure> {
    let registrar = Registrar::start(config, data).await.map_err(usage)?;
    if !registrar.is_over() {
        let why = "the vote is not closed: evidence is handed out after it";
        return Err((Exit::CheckFailed, why.to_owned()));
    }
    let records = registrar::export::export(&registrar, out).await;
    let records = records.map_err(|error| (Exit::Unreachable, error.to_string()))?;
    say(&format!("{records} sealed records"));
    Ok(())
}

async fn destroy_salt(config: &Config, data: &std::path::Path) -> Result<(), Failure> {
    let registrar = Registrar::start(config, data).await.map_err(usage)?;
    let now_ms = config.clock.open().map_err(usage)?.now_ms();
    if now_ms < registrar.hours().close_ms() {
        let why = "the vote is not closed: without its salt key no voter could enter";
        return Err((Exit::CheckFailed, why.to_owned()));
    }
    let destroyed = registrar::keys::destroy_salt(&data.join("keys")).map_err(usage)?;
    say(if destroyed {
        "the salt key is destroyed"
    } else {
        "there is no salt key any more"
    });
    Ok(())
}

async fn counts(config: &Config, data: &std::path::Path) -> Result<(), Failure> {
    let database = config
        .database
        .clone()
        .unwrap_or_else(|| default_database(data));
    let store = Store::open(&database).await.map_err(usage)?;
    let counts = store.counts().await.map_err(usage)?;
    let rows: Vec<_> = counts
        .iter()
        .map(|((kind, channel, day), count)| {
            serde_json::json!({ "kind": kind, "channel": channel, "day": day, "count": count })
        })
        .collect();
    let incidents = store.incidents().await.map_err(usage)?;
    say(&serde_json::json!({ "issued": rows, "incidents": incidents }).to_string());
    Ok(())
}
