//! `irefuda-node`: one validator of the bulletin board.

use anyhow::Context as _;
use api::hex::Hex;
use api::node::{NetworkFile, Status, ValidatorEntry};
use clap::{Args, Parser, Subcommand};
use host::config::{beside, load};
use host::exit::Exit;
use host::keyfile::Cost;
use host::log::Detail;
use host::passphrase::Passphrase;
use host::tls::SpkiPin;
use node::config::{Network, NodeConfig};
use node::keys::Keys;
use node::node::{Setup, run};
use std::path::{Path, PathBuf};
use std::process::ExitCode;
use std::sync::Arc;
use std::time::Duration;

const NAME: &str = "irefuda-node";

#[derive(Parser)]
#[command(
    name = NAME,
    version,
    about = "A validator of the Irefuda bulletin board"
)]
struct Cli {
    /// Configuration file (TOML); `status` needs none
    #[arg(long, global = true)]
    config: Option<PathBuf>,
    /// Folder for keys and the board; `status` needs none
    #[arg(long, global = true)]
    data: Option<PathBuf>,
    #[command(subcommand)]
    command: Option<Command>,
}

#[derive(Subcommand)]
enum Command {
    /// Make this validator's keys (once) and write public.json into the data folder
    Init,
    /// Run the validator (the default)
    Run,
    /// Check configuration, keys and ports without starting
    Doctor,
    /// Ask a node for its status: height, phase, entries
    Status(Ask),
}

#[derive(Args)]
struct Ask {
    /// Origin of the gateway
    #[arg(long)]
    url: String,
    /// Pin of the gateway, hex
    #[arg(long)]
    pin: SpkiPin,
}

struct Paths {
    config: PathBuf,
    data: PathBuf,
}

fn main() -> ExitCode {
    let cli = Cli::parse();
    if let Some(Command::Status(args)) = &cli.command {
        return finish(Exit::Unreachable, status(args));
    }
    let (Some(config), Some(data)) = (cli.config, cli.data) else {
        return Exit::Usage.with_message(NAME, "--config and --data are needed");
    };
    let paths = Paths { config, data };
    match cli.command {
        Some(Command::Init) => finish(Exit::Usage, init(&paths)),
        Some(Command::Doctor) => finish(Exit::Usage, doctor(&paths)),
        _ => match prepare(&paths) {
            Ok(setup) => finish(Exit::CheckFailed, run_node(setup)),
            Err(e) => finish(Exit::Usage, Err(e)),
        },
    }
}

fn finish(failed: Exit, result: anyhow::Result<()>) -> ExitCode {
    match result {
        Ok(()) => Exit::Ok.into(),
        Err(e) => failed.with_message(NAME, &format!("{e:#}")),
    }
}

fn key_folder(paths: &Paths, config: &NodeConfig) -> PathBuf {
    match &config.keys {
        Some(folder) => beside(&paths.config, folder),
        None => paths.data.join("keys"),
    }
}

fn init(paths: &Paths) -> anyhow::Result<()> {
    let public = paths.data.join("public.json");
    if public.exists() {
        return Ok(());
    }
    let config: NodeConfig = load(&paths.config)?;
    let folder = key_folder(paths, &config);
    std::fs::create_dir_all(&paths.data)?;
    std::fs::create_dir_all(&folder)?;
    let passphrase = Passphrase::from_file(&beside(&paths.config, &config.passphrase_file))?;
    let cost = if config.light_key_files {
        Cost::LIGHT
    } else {
        Cost::STANDARD
    };
    // Keys without public.json: an earlier call was interrupted, or the file was removed.
    let keys = if folder.join(node::keys::TLS_FILE).exists() {
        Keys::open(&folder, &passphrase)?
    } else {
        Keys::create(&folder, &passphrase, cost)?
    };
    let entry = ValidatorEntry {
        name: config.name,
        engine_key: keys.engine_key(),
        node_key: keys.node_key(),
        p2p: config.p2p_public.unwrap_or(config.p2p),
        gateway: config
            .gateway
            .unwrap_or_else(|| format!("https://{}", config.api)),
        spki: Hex(keys.tls.pin().0),
        hpke: Hex(keys.door_public()),
    };
    std::fs::write(public, serde_json::to_string_pretty(&entry)? + "\n")?;
    Ok(())
}

fn prepare(paths: &Paths) -> anyhow::Result<Setup> {
    host::log::init("info", Detail::Untimed)?;
    let mut config: NodeConfig = load(&paths.config)?;
    let near = |file: &Path| beside(&paths.config, file);
    let file: NetworkFile = load(&near(&config.network))?;
    let network = Network::new(&file)?;
    let passphrase = Passphrase::from_file(&near(&config.passphrase_file))?;
    let keys = Keys::open(&key_folder(paths, &config), &passphrase)?;
    let clock = config.clock.open()?;
    config.portal_roots = config.portal_roots.as_deref().map(near);
    Ok(Setup {
        config,
        network,
        votes: Arc::new(keys.engine.clone()),
        blocks: Arc::new(node::app::ByTheRules),
        keys,
        clock,
        data: paths.data.clone(),
    })
}

fn run_node(setup: Setup) -> anyhow::Result<()> {
    tracing::info!(name = setup.config.name, api = %setup.config.api, "validator starts");
    run(setup)?;
    Ok(())
}

#[expect(clippy::print_stdout, reason = "the answer is the result")]
fn status(args: &Ask) -> anyhow::Result<()> {
    let runtime = tokio::runtime::Builder::new_current_thread()
        .enable_all()
        .build()?;
    let status: Status = runtime.block_on(async {
        let client = host::http::pinned_client(args.pin, Duration::from_secs(10))?;
        let answer = client.get(format!("{}/v1/status", args.url)).send().await?;
        anyhow::Ok(host::http::json(answer).await?)
    })?;
    println!("{}", serde_json::to_string_pretty(&status)?);
    Ok(())
}

#[expect(clippy::print_stdout, reason = "the findings are the result")]
fn doctor(paths: &Paths) -> anyhow::Result<()> {
    let setup = prepare(paths)?;
    let me = setup.network.me(&setup.config.name)?;
    println!(
        "network     {} validators, id {}",
        setup.network.validators.len(),
        setup.network.id_hex()
    );
    println!("validator   {} at {}", me.name, me.p2p);
    println!(
        "keys        open; engine {} node {}",
        setup.keys.engine_key(),
        setup.keys.node_key()
    );
    println!("gateway pin {}", setup.keys.tls.pin());
    println!(
        "clock       {} ms{}",
        setup.clock.now_ms(),
        if setup.clock.is_demo() { " (demo)" } else { "" }
    );
    for address in [Some(setup.config.api), setup.config.metrics]
        .into_iter()
        .flatten()
    {
        std::net::TcpListener::bind(address).with_context(|| format!("port {address}"))?;
        println!("port        {address} is free");
    }
    Ok(())
}
