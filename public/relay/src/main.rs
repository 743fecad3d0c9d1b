//! `irefuda-relay`: passes sealed questions on and cannot read them.

use clap::{Parser, Subcommand};
use host::exit::Exit;
use host::keyfile::Cost;
use host::log::Detail;
use host::passphrase::Passphrase;
use host::serve::{Server, healthz, stop_signal};
use host::tls::Identity;
use relay::config::Config;
use relay::serve::router;
use std::path::{Path, PathBuf};
use std::process::ExitCode;

const NAME: &str = "irefuda-relay";
/// File name of the TLS key in the data folder.
const KEY_FILE: &str = "tls.key";

/// A relay between voters and the nodes of the bulletin board: it sees who asks and not what
#[derive(Parser)]
#[command(name = NAME, version)]
struct Arguments {
    /// Configuration file (TOML)
    #[arg(long, global = true)]
    config: Option<PathBuf>,
    /// Folder for the key
    #[arg(long, global = true)]
    data: Option<PathBuf>,
    #[command(subcommand)]
    command: Option<Command>,
}

#[derive(Subcommand)]
enum Command {
    /// Make the key (once) and write public.json into the data folder, for the authority
    Init,
    /// Run the relay (the default)
    Run,
    /// Print a request (PEM) for a public certificate of the relay's key, for this host name
    Csr {
        /// Host name
        #[arg(long)]
        host: String,
    },
}

type Failure = (Exit, String);

fn usage(error: impl std::fmt::Display) -> Failure {
    (Exit::Usage, error.to_string())
}

fn main() -> ExitCode {
    let arguments = Arguments::parse();
    let (Some(config), Some(data)) = (&arguments.config, &arguments.data) else {
        return Exit::Usage.with_message(NAME, "--config and --data are needed");
    };
    let done = Config::read(config).map_err(usage);
    let done = done.and_then(|config| match &arguments.command {
        Some(Command::Init) => init(&config, data),
        Some(Command::Csr { host }) => csr(&config, data, host),
        Some(Command::Run) | None => run(&config, data),
    });
    match done {
        Ok(()) => Exit::Ok.into(),
        Err((exit, why)) => exit.with_message(NAME, &why),
    }
}

fn passphrase(config: &Config) -> Result<Passphrase, Failure> {
    Passphrase::from_file(&config.passphrase_file).map_err(usage)
}

fn identity(config: &Config, data: &Path) -> Result<Identity, Failure> {
    Identity::read(&data.join(KEY_FILE), &passphrase(config)?).map_err(usage)
}

fn init(config: &Config, data: &Path) -> Result<(), Failure> {
    let public = data.join("public.json");
    if public.exists() {
        return Ok(());
    }
    std::fs::create_dir_all(data).map_err(usage)?;
    let file = data.join(KEY_FILE);
    let identity = if file.exists() {
        identity(config, data)?
    } else {
        let cost = if config.light_key_files {
            Cost::LIGHT
        } else {
            Cost::STANDARD
        };
        let made = Identity::generate().map_err(usage)?;
        made.write(&file, &passphrase(config)?, cost)
            .map_err(usage)?;
        made
    };
    let part = config.public(identity.pin().0);
    let text = serde_json::to_string_pretty(&part).map_err(usage)?;
    std::fs::write(public, text + "\n").map_err(usage)
}

#[expect(clippy::print_stdout, reason = "the request is the result")]
fn csr(config: &Config, data: &Path, host: &str) -> Result<(), Failure> {
    let request = identity(config, data)?.request(host).map_err(usage)?;
    println!("{}", request.trim_end());
    Ok(())
}

/// No line of the log has an address or anything of a question: there is none about requests.
fn run(config: &Config, data: &Path) -> Result<(), Failure> {
    host::log::init("info", Detail::Untimed).map_err(usage)?;
    let mut identity = identity(config, data)?;
    if let Some(file) = &config.certificate {
        let text = std::fs::read_to_string(file).map_err(usage)?;
        identity = identity.with_certificate(&text).map_err(usage)?;
    }
    let targets = config.targets().map_err(usage)?;
    let nodes = targets.len();
    let routes = router(targets, &config.limits).map_err(usage)?;
    let runtime = tokio::runtime::Builder::new_multi_thread()
        .enable_all()
        .build()
        .map_err(usage)?;
    runtime.block_on(async {
        let server = Server::bind(config.listen, Some(&identity)).await;
        let server = server.map_err(usage)?;
        tracing::info!(nodes, "relay starts");
        let server = server
            .body_limit(oblivious::MAX_SEALED_QUESTION)
            .connections(config.limits.connections);
        server.run(routes.merge(healthz()), stop_signal()).await;
        Ok(())
    })
}
