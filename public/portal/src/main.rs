//! `irefuda-portal`: the public site.

use std::path::{Path, PathBuf};
use std::process::ExitCode;
use std::sync::Arc;

use clap::Parser;
use host::exit::Exit;
use host::log::{Detail, init as start_log};
use host::serve::{Server, healthz, stop_signal};
use portal::config::Config;
use portal::content::Content;
use portal::demo::DemoHands;
use portal::emergency::Source;
use portal::follow::Board;
use portal::start::Start;
use portal::store::Store;
use portal::web::{BODY_LIMIT, Limits, Site, Verifier, router, verifier};

/// The public site of an election.
#[derive(Parser)]
#[command(version)]
struct Arguments {
    /// The configuration file.
    #[arg(long)]
    config: PathBuf,
    /// The data folder.
    #[arg(long)]
    data: PathBuf,
}

type Failure = (Exit, String);

fn usage(error: impl std::fmt::Display) -> Failure {
    (Exit::Usage, error.to_string())
}

#[tokio::main]
async fn main() -> ExitCode {
    match run(&Arguments::parse()).await {
        Ok(()) => Exit::Ok.into(),
        Err((exit, why)) => exit.with_message("irefuda-portal", &why),
    }
}

async fn run(arguments: &Arguments) -> Result<(), Failure> {
    let config = Config::read(&arguments.config).map_err(usage)?;
    start_log(&config.log, Detail::Untimed).map_err(usage)?;
    std::fs::create_dir_all(&arguments.data).map_err(usage)?;
    let site = Arc::new(open(&config, &arguments.data).await?);
    let pages = config.pages.clone();
    let pages = pages.map(|folder| Verifier::new(folder, site.content.manifest()));
    let pages = verifier(pages.transpose().map_err(usage)?);
    let server = Server::bind(config.listen, None).await.map_err(usage)?;
    tracing::info!("portal serves election {}", site.content.hash().to_hex());
    let board = Arc::clone(&site.board);
    follow(board).map_err(usage)?;
    server
        .body_limit(BODY_LIMIT)
        .run(
            router(Arc::clone(&site)).merge(pages).merge(healthz()),
            stop_signal(),
        )
        .await;
    site.store.close().await;
    Ok(())
}

/// Follows the board on a thread of its own: checking many proofs must not delay a page.
fn follow(board: Arc<Board>) -> std::io::Result<()> {
    let runtime = tokio::runtime::Builder::new_current_thread()
        .enable_all()
        .build()?;
    std::thread::Builder::new()
        .name("board".to_owned())
        .spawn(move || runtime.block_on(board.run()))?;
    Ok(())
}

async fn open(config: &Config, data: &Path) -> Result<Site, Failure> {
    let content =
        Content::read(&config.manifest, config.election_hash.as_deref()).map_err(usage)?;
    let practice = config.practice;
    content.manifest().check_practice(practice).map_err(usage)?;
    let start = Start::read(&config.start_file, &content).map_err(usage)?;
    let (_, network) = client::read_network(&config.network).map_err(usage)?;
    let board = Board::new(network, content.manifest(), *content.hash()).map_err(usage)?;
    let store = Store::open(&config.database_url(data))
        .await
        .map_err(usage)?;
    Ok(Site {
        content,
        start,
        board: Arc::new(board),
        store,
        clock: config.clock.open().map_err(usage)?,
        emergency: Source::new(config.emergency.clone()),
        practice,
        hands: DemoHands::new(practice, &config.clock),
        limits: Limits::default(),
    })
}
