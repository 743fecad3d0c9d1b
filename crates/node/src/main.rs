//! `irefuda-node`: one validator of the bulletin board.

use anyhow::Context as _;
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
use std::net::SocketAddr;
use std::path::{Path, PathBuf};
use std::process::ExitCode;
use std::time::Duration;

#[derive(Parser)]
#[command(
    name = "irefuda-node",
    version,
    about = "A validator of the Irefuda bulletin board"
)]
struct Cli {
    #[command(subcommand)]
    command: Command,
}

#[derive(Subcommand)]
enum Command {
    /// Draw this validator's keys and print its lines for the network file
    Init(Init),
    /// Run the validator
    Run(Place),
    /// Ask a node where it is
    Status(Ask),
    /// Check configuration, keys and ports without starting
    Doctor(Place),
}

#[derive(Args)]
struct Init {
    /// Folder the key files are written into
    #[arg(long)]
    keys: PathBuf,
    /// Name of the validator
    #[arg(long)]
    name: String,
    /// File whose first line seals the key files
    #[arg(long)]
    passphrase_file: PathBuf,
    /// Address the other validators reach this one at
    #[arg(long)]
    p2p: SocketAddr,
    /// Origin of the gateway, https://host:port
    #[arg(long)]
    gateway: String,
    /// Cheap key derivation, for passphrases with 128 random bits
    #[arg(long)]
    light: bool,
}

#[derive(Args)]
struct Place {
    /// Configuration
    #[arg(long)]
    config: PathBuf,
    /// Data folder
    #[arg(long)]
    data: PathBuf,
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

fn main() -> ExitCode {
    let (exit, result) = match Cli::parse().command {
        Command::Init(args) => (Exit::Usage, init(&args)),
        Command::Run(place) => match prepare(&place) {
            Ok(setup) => (Exit::CheckFailed, run_node(setup)),
            Err(e) => (Exit::Usage, Err(e)),
        },
        Command::Status(args) => (Exit::Unreachable, status(&args)),
        Command::Doctor(place) => (Exit::Usage, doctor(&place)),
    };
    match result {
        Ok(()) => Exit::Ok.into(),
        Err(e) => exit.with_message(&format!("irefuda-node: {e:#}")),
    }
}

#[expect(
    clippy::print_stdout,
    reason = "the lines for the network file are the result"
)]
fn init(args: &Init) -> anyhow::Result<()> {
    std::fs::create_dir_all(&args.keys)?;
    let passphrase = Passphrase::from_file(&args.passphrase_file)?;
    let cost = if args.light {
        Cost::LIGHT
    } else {
        Cost::STANDARD
    };
    let keys = Keys::create(&args.keys, &passphrase, cost)?;
    let entry = ValidatorEntry {
        name: args.name.clone(),
        engine_key: keys.engine_hex(),
        node_key: keys.node_hex(),
        p2p: args.p2p,
        gateway: args.gateway.clone(),
        spki: keys.tls.pin().to_string(),
    };
    println!("[[validators]]\n{}", toml::to_string(&entry)?);
    Ok(())
}

fn prepare(place: &Place) -> anyhow::Result<Setup> {
    host::log::init("info,commonware=warn", Detail::Untimed)?;
    let config: NodeConfig = load(&place.config)?;
    let near = |file: &Path| beside(&place.config, file);
    let file: NetworkFile = load(&near(&config.network))?;
    let network = Network::new(&file)?;
    let passphrase = Passphrase::from_file(&near(&config.passphrase_file))?;
    let keys = Keys::open(&near(&config.keys), &passphrase)?;
    let clock = config.clock.open()?;
    Ok(Setup {
        config,
        network,
        keys,
        clock,
        data: place.data.clone(),
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
fn doctor(place: &Place) -> anyhow::Result<()> {
    let setup = prepare(place)?;
    let me = setup.network.me(&setup.config.name)?;
    println!(
        "network     {} validators, id {}",
        setup.network.validators.len(),
        setup.network.id_hex()
    );
    println!("validator   {} at {}", me.name, me.p2p);
    println!(
        "keys        open; engine {} node {}",
        setup.keys.engine_hex(),
        setup.keys.node_hex()
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
