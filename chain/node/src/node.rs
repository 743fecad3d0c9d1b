//! One running validator.

use crate::app::MakeBlocks;
use crate::config::{Network, NetworkError, NodeConfig};
use crate::engine::{self, Parts};
use crate::gateway::{self, Gateway, Lock, Notes, Surveys};
use crate::keys::Keys;
use crate::ledger::Ledger;
use crate::pool::Pool;
use crate::pool_log::{Log, Stored};
use crate::promise::Speaker;
use crate::receipts::Receipts;
use crate::record::Records;
use crate::rules;
use crate::scheme::{RefusedVotes, SignVotes};
use axum::Router;
use axum::routing::get;
use commonware_cryptography::Signer as _;
use commonware_runtime::{Metrics as _, Runner as _, Supervisor as _, tokio as engine_runtime};
use host::WallClock;
use host::http::HttpError;
use host::rate::Rate;
use host::serve::{self, ServeError, Server};
use host::site::Roots;
use host::tls::TlsError;
use oblivious::DoorKey;
use std::fs::{self, File, TryLockError};
use std::io;
use std::net::SocketAddr;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::Duration;
use tokio::sync::{Semaphore, mpsc};

/// How many entries may wait to be sent to the other validators.
const OUTBOX: usize = 4096;
/// How long a reader may take for the public record.
const LONGEST_ANSWER: Duration = Duration::from_mins(10);
/// Posted entries that wait for their checks at most.
const CHECKS_WAITING: usize = 512;
/// How often a promised entry that does not check is looked at again after a start.
const RESTORE_TRIES: usize = 60;

/// What a node is started with.
pub struct Setup {
    /// Its configuration.
    pub config: NodeConfig,
    /// The network, checked.
    pub network: Network,
    /// Its keys, opened.
    pub keys: Keys,
    /// Signs its votes, with the engine key of the network file.
    pub votes: Arc<dyn SignVotes>,
    /// Puts its blocks together.
    pub blocks: Arc<dyn MakeBlocks>,
    /// The clock.
    pub clock: WallClock,
    /// Where it keeps its data.
    pub data: PathBuf,
}

/// Why a node did not start or stopped.
#[derive(Debug, thiserror::Error)]
pub enum NodeError {
    /// The network file and the configuration do not fit.
    #[error(transparent)]
    Network(#[from] NetworkError),
    /// The data folder belongs to a running process.
    #[error("{} is in use by another process", .0.display())]
    Busy(PathBuf),
    /// The data folder belongs to another board or another validator.
    #[error("{} holds the data of another board or validator", .0.display())]
    Foreign(PathBuf),
    /// The data folder cannot be used.
    #[error("{}: {cause}", path.display())]
    Data {
        /// The folder or file.
        path: PathBuf,
        /// What the system said.
        cause: io::Error,
    },
    /// A port cannot be bound.
    #[error(transparent)]
    Serve(#[from] ServeError),
    /// No authority can vouch for a portal.
    #[error("portal_roots: {0}")]
    Roots(#[from] TlsError),
    /// The client for portals cannot be set up.
    #[error(transparent)]
    Portal(#[from] HttpError),
    /// The engine ended by itself.
    #[error("the consensus engine has stopped")]
    EngineStopped,
}

/// Runs a validator until it gets the signal to stop.
///
/// # Errors
/// Any [`NodeError`].
pub fn run(setup: Setup) -> Result<(), NodeError> {
    let me = setup.network.me(&setup.config.name)?;
    let own = me.engine == setup.keys.engine.public_key()
        && me.engine == setup.votes.engine_key()
        && me.node == *setup.keys.node.public().as_bytes()
        && me.door == setup.keys.door_public();
    if !own {
        return Err(NetworkError::OtherKeys(setup.config.name.clone()).into());
    }
    let _lock = claim(&setup)?;
    let listen = setup.config.p2p;
    let threads = setup.config.threads.unwrap_or_else(threads);
    let config = engine_runtime::Config::default()
        .with_worker_threads(threads.max(2))
        .with_tcp_nodelay(Some(true))
        .with_storage_directory(setup.data.join("engine"));
    engine_runtime::Runner::new(config).start(|context| serve_node(context, setup, listen))
}

fn threads() -> usize {
    std::thread::available_parallelism().map_or(2, std::num::NonZeroUsize::get)
}

/// Takes the data folder for this process, this board and this validator. A second process over
/// one voting journal would sign two different votes.
fn claim(setup: &Setup) -> Result<File, NodeError> {
    let data = |path: &Path| {
        let path = path.to_owned();
        move |cause| NodeError::Data { path, cause }
    };
    fs::create_dir_all(&setup.data).map_err(data(&setup.data))?;
    let path = setup.data.join("lock");
    let lock = File::create(&path).map_err(data(&path))?;
    match lock.try_lock() {
        Ok(()) => {}
        Err(TryLockError::WouldBlock) => return Err(NodeError::Busy(setup.data.clone())),
        Err(TryLockError::Error(cause)) => return Err(NodeError::Data { path, cause }),
    }
    let path = setup.data.join("owner");
    let owner = format!(
        "network {}\nvalidator {}\n",
        setup.network.id_hex(),
        setup.keys.engine_key(),
    );
    match fs::read_to_string(&path) {
        Ok(found) if found == owner => Ok(lock),
        Ok(_) => Err(NodeError::Foreign(setup.data.clone())),
        Err(e) if e.kind() == io::ErrorKind::NotFound => {
            fs::write(&path, owner).map_err(data(&path))?;
            Ok(lock)
        }
        Err(cause) => Err(NodeError::Data { path, cause }),
    }
}

fn noted(file: Option<&Path>) -> Result<Option<Notes>, NodeError> {
    let open = |file: &Path| {
        Notes::open(file).map_err(|cause| NodeError::Data {
            path: file.to_owned(),
            cause,
        })
    };
    file.map(open).transpose()
}

/// Where figures are answered, and the way to portals.
async fn outside(config: &NodeConfig) -> Result<(Option<Server>, Surveys), NodeError> {
    let metrics = match config.metrics {
        Some(address) => Some(Server::bind(address, None).await?),
        None => None,
    };
    let roots = Roots::of(config.portal_roots.as_deref())?;
    Ok((metrics, Surveys::new(&roots)?))
}

/// The door for relays.
fn lock(setup: &Setup) -> Lock {
    let limits = &setup.config.limits;
    Lock {
        key: DoorKey::from_bytes(*setup.keys.door()),
        relay_rate: Rate::new(limits.relay_per_second, limits.relay_burst),
        rate: Rate::new(limits.rate_per_second, limits.burst),
        relays: setup.config.relays.clone(),
    }
}

async fn serve_node(
    context: engine_runtime::Context,
    setup: Setup,
    listen: SocketAddr,
) -> Result<(), NodeError> {
    let ledger = Arc::new(Ledger::new(&setup.network.rules));
    let (log, promised) = Log::open(&setup.data).map_err(|cause| NodeError::Data {
        path: setup.data.join("seen.log"),
        cause,
    })?;
    let notes = noted(setup.config.note_requests.as_deref())?;
    let (gossip, outbox) = mpsc::channel(OUTBOX);
    let limits = setup.config.limits.clone();
    let me = *setup.keys.node.public().as_bytes();
    let pool = Arc::new(Pool::new(log, gossip, limits.waiting, me));
    let lock = lock(&setup);
    let speaker = Arc::new(Speaker::new(setup.keys.node, setup.network.rules.id()));
    let api = Server::bind(setup.config.api, Some(&setup.keys.tls))
        .await?
        .body_limit(gateway::MAX_BODY)
        .relays(&setup.config.relays)
        .longest_connection(LONGEST_ANSWER);
    let (metrics, surveys) = outside(&setup.config).await?;
    let refused = Arc::new(RefusedVotes::new(setup.network.names_by_engine_key()));
    let parts = Parts {
        network: setup.network.clone(),
        key: setup.keys.engine.clone(),
        votes: setup.votes,
        refused: Arc::clone(&refused),
        listen,
        private_addresses: setup.config.private_addresses,
        limits: limits.clone(),
        clock: setup.clock.clone(),
        ledger: Arc::clone(&ledger),
        pool: Arc::clone(&pool),
        outbox,
        speaker: Arc::clone(&speaker),
        blocks: setup.blocks,
    };
    let (chain, engine) = engine::start(&context, parts).await;
    tokio::spawn(restore(Arc::clone(&ledger), Arc::clone(&pool), promised));
    let gateway = Arc::new(Gateway {
        genesis: rules::genesis_block(&setup.network.rules),
        records: Records::new(setup.data.join("record")).map_err(|cause| NodeError::Data {
            path: setup.data.join("record"),
            cause,
        })?,
        receipts: Receipts::new(Arc::clone(&ledger), chain.clone()),
        ledger,
        pool,
        chain,
        clock: setup.clock,
        speaker,
        name: setup.config.name,
        rate: Rate::new(limits.rate_per_second, limits.burst),
        readers: Gateway::readers(),
        queue: Semaphore::new(CHECKS_WAITING),
        checks: Semaphore::new(threads()),
        lists: gateway::Lists::default(),
        surveys,
        notes,
    });
    if let Some(server) = metrics {
        let routes = metrics_routes(context.child("metrics"), Arc::clone(&gateway), refused);
        tokio::spawn(server.run(routes, std::future::pending()));
    }
    let routes = gateway::router(gateway, lock).merge(serve::healthz());
    tokio::select! {
        () = api.run(routes, serve::stop_signal()) => Ok(()),
        _ = engine => Err(NodeError::EngineStopped),
    }
}

/// `/metrics`: the engine's numbers and the board's.
fn metrics_routes(
    context: engine_runtime::Context,
    gateway: Arc<Gateway>,
    refused: Arc<RefusedVotes>,
) -> Router {
    let context = Arc::new(context);
    let text = move || {
        let (context, gateway) = (Arc::clone(&context), Arc::clone(&gateway));
        let refused = Arc::clone(&refused);
        async move {
            let tip = gateway.ledger.tip();
            let mut text = context.encode();
            for (name, help, value) in [
                (
                    "height",
                    "Height of the last final block",
                    tip.header.height.to_string(),
                ),
                (
                    "block_time_ms",
                    "Time of that block",
                    tip.header.time_ms.to_string(),
                ),
                (
                    "now_ms",
                    "The wall clock",
                    gateway.clock.now_ms().to_string(),
                ),
                (
                    "entries",
                    "Entries on the board",
                    gateway.ledger.entries().to_string(),
                ),
                (
                    "waiting",
                    "Entries waiting for a block",
                    gateway.pool.len().to_string(),
                ),
            ] {
                let name = format!("irefuda_{name}");
                let lines = format!("# HELP {name} {help}\n# TYPE {name} gauge\n{name} {value}\n");
                // The registry's text ends with a line that must stay last.
                let end = text.find("# EOF").unwrap_or(text.len());
                text.insert_str(end, &lines);
            }
            let end = text.find("# EOF").unwrap_or(text.len());
            text.insert_str(end, &refused_lines(&refused));
            text
        }
    };
    Router::new().route("/metrics", get(text))
}

/// The counter that names validators whose votes the board's rule refused.
fn refused_lines(refused: &RefusedVotes) -> String {
    let name = "irefuda_refused_votes";
    let mut out =
        format!("# HELP {name} Votes of a validator with a signature the board refuses\n");
    out.push_str(&format!("# TYPE {name} counter\n"));
    for (validator, n) in refused.each() {
        // Names are quoted as in JSON, which is what the format wants.
        let validator = serde_json::Value::from(validator);
        out.push_str(&format!("{name}_total{{validator={validator}}} {n}\n"));
    }
    out
}

/// Takes up the promises of before the restart that are not on the board yet. The chain here may
/// still be behind the one the promise was given on, so an entry gets several chances.
async fn restore(ledger: Arc<Ledger>, pool: Arc<Pool>, mut promised: Vec<Stored>) {
    let mut heard: Vec<_> = promised.iter().filter_map(Stored::other).collect();
    promised.retain(|stored| stored.other().is_none());
    let mut watch = ledger.watch();
    for _ in 0..RESTORE_TRIES {
        let tip = watch.borrow_and_update().clone();
        promised.retain(|stored| {
            let hash = crypto::hash::entry_hash(&stored.entry);
            if ledger.place(&hash).is_some() {
                return false;
            }
            rules::check(&tip.state, &stored.entry)
                .map(|checked| pool.restore(checked, stored.answer.clone()))
                .is_err()
        });
        heard.retain(|(key, answer)| {
            let waits = pool.contains(&answer.body.entry);
            if waits {
                pool.note(*key, answer.clone());
            }
            !waits
        });
        if promised.is_empty() {
            break;
        }
        // Time out or a new tip: either way, look again.
        let _ = tokio::time::timeout(Duration::from_secs(1), watch.changed()).await;
    }
    if !promised.is_empty() {
        tracing::warn!(
            count = promised.len(),
            "promised entries that are not valid any more"
        );
    }
    pool.restored();
}
