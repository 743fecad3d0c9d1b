//! Everything that has to be right before the first page is shown.

use std::fs;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::{Duration, Instant};

use ballot::manifest::{Channel, Manifest};
use crypto::schnorr::SigningKey;
use face::{WorkerConfig, WorkerEngine};
use host::keyfile;
use host::passphrase::Passphrase;
use jpki::TrustStore;
use rand::TryRng as _;
use rand::rngs::SysRng;
use tokio::runtime::Handle;

use super::{Arguments, Dependencies, StartupError, standing};
use crate::config::{Config, FaceConfig, StationConfig, WithoutRelay};
use crate::devices::{CardReader, FaceWorker, StaffOnly};
use crate::election_context::{ElectionContext, clock_error};
use crate::ports::FacePort;
use crate::session::{Rules, Session};
use crate::startfile;
use crate::storage;
use crate::trust::Trust;
use crate::voting::station::Station;
use crate::voting::{Voting, VotingSetup};

/// Keys built into a released booth: the text of a trust file.
const BUILT_IN: Option<&str> = option_env!("IREFUDA_BOOTH_TRUST");
/// Card authorities built into a released booth.
const BUILT_IN_CARDS: Option<&str> = option_env!("IREFUDA_BOOTH_CARD_TRUST");

/// A booth ready to serve.
pub(super) struct Built {
    pub(super) config: Config,
    pub(super) place: ElectionContext,
    pub(super) session: Session,
}

/// The configuration the command line names, that of the package, or the defaults.
pub(super) fn config(arguments: &Arguments) -> Result<Config, StartupError> {
    let packed = Config::packed(this_program().as_deref());
    match arguments.config.as_ref().or(packed.as_ref()) {
        Some(path) => Config::read(path).map_err(StartupError::usage),
        None => Ok(Config::default()),
    }
}

/// Where the sealed ballot goes.
pub(super) fn folder(arguments: &Arguments) -> Result<PathBuf, StartupError> {
    let named = arguments.data.clone().or_else(storage::of_the_user);
    named.ok_or_else(|| StartupError::disk("this user has no folder for data: use --data"))
}

pub(super) async fn build(
    arguments: &Arguments,
    config: Config,
    folder: PathBuf,
    dependencies: Dependencies,
) -> Result<Built, StartupError> {
    storage::prepare(&folder)
        .map_err(|e| StartupError::disk(format!("{}: {e}", folder.display())))?;
    let clock = config.clock.open().map_err(StartupError::usage)?;
    let file = arguments.file.as_ref().or(arguments.start.as_ref());
    let file = file.ok_or_else(StartupError::no_file)?;
    let bytes =
        fs::read(file).map_err(|e| StartupError::usage(format!("{}: {e}", file.display())))?;
    let trust = trust(arguments.trust.as_deref())?;
    let opened = startfile::open(&bytes, &trust)?;
    let cards = card_trust(config.card_trust.as_deref())?;
    let sealed = startfile::fetch(&opened, &trust).await?;
    let standing = standing::ask(&sealed.manifest, &opened.election).await?;
    let here = clock.now_ms();
    let manifest = Arc::new(sealed.manifest);
    let station = arguments
        .station
        .as_deref()
        .map(|p| station(p, &manifest))
        .transpose()?;
    let (channel, station) = match station {
        Some((channel, station)) => (channel, Some(station)),
        None => (Channel::Home, None),
    };
    if station.is_none() {
        opened.good_at(standing.time.map_or(here, |time| time.now))?;
    }
    let hours = Some((Arc::clone(&manifest), channel));
    let place = ElectionContext {
        manifest,
        election: opened.election,
        portal: standing.portal,
        clock_error: standing.time.and_then(|time| clock_error(here, time.now)),
        channel,
        station: station.as_ref().map(|s| s.id.clone()),
        clock,
    };
    let rules = Rules {
        options: place.count(),
        face_required: place.face_required(),
        kiosk: station.is_some(),
        idle: Duration::from_secs(config.idle_seconds),
        hours,
    };
    let reader = (dependencies.readers)(&config.card).map_err(StartupError::usage)?;
    let card = CardReader::new(reader, cards);
    let face = face(&config.face, rules.face_required)?;
    let setup = VotingSetup {
        place: place.clone(),
        ticket: opened.ticket,
        station,
        folder,
        runtime: Handle::current(),
    };
    let voting = Voting::new(setup, dependencies.secrets).map_err(StartupError::usage)?;
    let session = Session::new(
        rules,
        Box::new(card),
        face,
        Box::new(voting),
        Box::new(random_start),
        Instant::now(),
    )
    .at(standing.time, standing.asked);
    Ok(Built {
        config,
        place,
        session,
    })
}

/// Rule: a released booth believes what is built into it and nothing else.
pub(super) fn trust(file: Option<&Path>) -> Result<Trust, StartupError> {
    let text = match (file, BUILT_IN) {
        (Some(_), _) if !cfg!(debug_assertions) => {
            return Err(StartupError::usage(
                "--trust is for demonstration builds only",
            ));
        }
        (Some(path), _) => {
            fs::read(path).map_err(|e| StartupError::usage(format!("{}: {e}", path.display())))?
        }
        (None, Some(text)) => text.as_bytes().to_vec(),
        (None, None) => {
            return Err(StartupError::usage(
                "no keys are built in: use --trust FILE",
            ));
        }
    };
    Trust::parse(&text).map_err(StartupError::usage)
}

pub(super) fn card_trust(file: Option<&Path>) -> Result<TrustStore, StartupError> {
    let text = match (file, BUILT_IN_CARDS) {
        (Some(path), _) => fs::read_to_string(path)
            .map_err(|e| StartupError::usage(format!("{}: {e}", path.display())))?,
        (None, Some(text)) => text.to_owned(),
        (None, None) => return Err(StartupError::usage("the configuration lacks card_trust")),
    };
    let store = TrustStore::from_json(&text).map_err(StartupError::usage)?;
    if store.is_test() && !cfg!(debug_assertions) {
        return Err(StartupError::usage(
            "test cards are refused: this is a release build",
        ));
    }
    Ok(store)
}

/// The station and its channel. Addresses in its file may only narrow down, never add to, what
/// the manifest says.
fn station(path: &Path, manifest: &Manifest) -> Result<(Channel, Station), StartupError> {
    let config = StationConfig::read(path).map_err(StartupError::usage)?;
    let channel = Channel::parse(&config.channel)
        .filter(|channel| *channel != Channel::Home)
        .ok_or_else(|| StartupError::usage("a station's channel is counter or venue"))?;
    let registrars: Vec<&str> = manifest
        .registrars
        .iter()
        .map(|r| r.origin.as_str())
        .collect();
    let nodes: Vec<&str> = manifest
        .validators
        .iter()
        .map(|v| v.origin.as_str())
        .collect();
    let known = config
        .registrars
        .iter()
        .all(|o| registrars.contains(&o.as_str()))
        && config.nodes.iter().all(|o| nodes.contains(&o.as_str()));
    if !known {
        return Err(StartupError::usage(
            "the station's file names an address the manifest does not",
        ));
    }
    let passphrase = Passphrase::from_file(&config.passphrase_file).map_err(StartupError::usage)?;
    let secret =
        keyfile::read(&config.key_file, "SCHNORR", &passphrase).map_err(StartupError::usage)?;
    let secret: &[u8; 32] = secret
        .as_slice()
        .try_into()
        .map_err(|_| StartupError::usage("the station's key is invalid"))?;
    let key = SigningKey::from_bytes(secret)
        .ok_or_else(|| StartupError::usage("the station's key is invalid"))?;
    let direct = config.without_relay == WithoutRelay::Direct;
    let id = config.id;
    Ok((channel, Station { id, key, direct }))
}

fn face(config: &FaceConfig, required: bool) -> Result<Box<dyn FacePort>, StartupError> {
    let Some((program, models)) = config.engine(this_program().as_deref()) else {
        if required {
            tracing::warn!("no face worker: the face step leads to the counter");
        }
        return Ok(Box::new(StaffOnly));
    };
    config.policy.check().map_err(StartupError::usage)?;
    let worker = WorkerConfig::new(program, models);
    let engine = match WorkerEngine::start(worker) {
        Ok(engine) => engine,
        Err(error) => {
            tracing::warn!(%error, "no face engine: the face step leads to the counter");
            return Ok(Box::new(StaffOnly));
        }
    };
    config
        .policy
        .check_engine(face::FaceEngine::info(&engine))
        .map_err(StartupError::usage)?;
    Ok(Box::new(FaceWorker::new(engine, config.policy)))
}

/// The file that runs, links followed: its folder is that of a package.
pub(super) fn this_program() -> Option<PathBuf> {
    fs::canonicalize(std::env::current_exe().ok()?).ok()
}

/// A number below `n`, close enough to even for the order of a list.
fn random_start(n: u16) -> u16 {
    let drawn = SysRng.try_next_u64().unwrap_or_default();
    u16::try_from(drawn % u64::from(n.max(1))).unwrap_or_default()
}
