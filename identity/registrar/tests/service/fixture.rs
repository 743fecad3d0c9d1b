//! A registrar with everything around it: its place in a test election, the authority's list,
//! database, TLS.

use std::net::SocketAddr;
use std::path::Path;
use std::sync::Arc;
use std::sync::atomic::{AtomicU8, Ordering};

use api::hex::Hex;
use axum::Router;
use axum::http::StatusCode;
use axum::routing::get;
use ballot::manifest::{Channel, Validator};
use ballot::{Manifest, SealedManifest};
use crypto::schnorr::SigningKey;
use crypto::wire::TopLevel as _;
use evidence::AuditorKey;
use host::clock::ManualClock;
use host::serve::Server;
use host::tls::SpkiPin;
use rand_chacha::ChaCha20Rng;
use rand_core::SeedableRng as _;
use registrar::config::{JpkiConfig, LimitsConfig, Policy, StationConfig};
use registrar::keys::Keys;
use registrar::store::Visit;
use registrar::{Config, Registrar};
use tempfile::TempDir;
use testkit::boundaries::hours;
use testkit::election::{Lab, Options, fit_windows, places_of};

use crate::cards::{Cards, OPENING_MS};
use crate::kept_keys::{kept, listed};

pub const ORIGIN: &str = "https://127.0.0.1:47101";
/// Of the second registrar, where there is one.
pub const SECOND_ORIGIN: &str = "https://127.0.0.1:47102";
/// Six hours each, from the opening to the close.
pub const WINDOWS: u8 = 22;
/// Above the nodes that are kept, so that paths cross them.
pub const SALT_DEPTH: u8 = 12;
/// From home, at the beginning of time.
pub const VISIT: Visit = Visit {
    now_ms: 0,
    at_station: false,
};
pub const MINUTE: u64 = 60_000;
pub const HOUR: u64 = 60 * MINUTE;
pub const DAY: u64 = 24 * HOUR;
/// 2019-08-28 16:00 in Japan.
pub const CLOSE_MS: u64 = OPENING_MS + 5 * DAY + 7 * HOUR + 30 * MINUTE;

/// What the authority's web server answers.
#[derive(Clone, Copy, PartialEq, Eq)]
#[repr(u8)]
pub enum ListMode {
    Good = 0,
    Down = 1,
    Stale = 2,
    BeforeOpening = 3,
    Rubbish = 4,
    /// Takes the request and says nothing.
    Silent = 5,
    /// As before, and somebody has asked.
    SilentToSomebody = 6,
}

pub struct City {
    pub folder: TempDir,
    pub cards: Cards,
    pub clock: ManualClock,
    pub registrar: Arc<Registrar>,
    pub address: SocketAddr,
    pub pin: SpkiPin,
    /// Everybody else of the election.
    pub lab: Lab,
    pub auditors: Vec<AuditorKey>,
    pub counter: SigningKey,
    pub venue: SigningKey,
    pub list_address: SocketAddr,
    pub second: Option<Second>,
    list: Arc<AtomicU8>,
}

/// Another registrar of the same election.
pub struct Second {
    pub address: SocketAddr,
    pub pin: SpkiPin,
    _folder: TempDir,
}

/// What may differ between tests.
pub struct Plan {
    pub database: Option<String>,
    pub limits: LimitsConfig,
    pub face_required: Vec<Channel>,
    pub ticket_url: Option<String>,
    pub now_ms: u64,
    /// A second registrar with this database, or with one of its own for `Some(None)`.
    pub second: Option<Option<String>>,
}

impl Default for Plan {
    fn default() -> Self {
        Self {
            database: None,
            limits: LimitsConfig::default(),
            face_required: vec![Channel::Home],
            ticket_url: None,
            now_ms: OPENING_MS + HOUR,
            second: None,
        }
    }
}

impl City {
    pub async fn new() -> Self {
        Self::with(Plan::default()).await
    }

    pub async fn with(plan: Plan) -> Self {
        let folder = tempfile::tempdir().unwrap();
        let cards = Cards::get();
        let clock = ManualClock::new(plan.now_ms);
        let list = Arc::new(AtomicU8::new(ListMode::Good as u8));
        let keys = keys(0);
        let second = plan.second.is_some().then(|| self::keys(1));
        let auditors: Vec<AuditorKey> = (1..=3).map(auditor).collect();
        let public = auditors.iter().map(|key| *key.public()).collect();
        let all: Vec<&Keys> = [&keys].into_iter().chain(&second).collect();
        let lab = election(&all, public, plan.face_required);
        let mut rng = ChaCha20Rng::seed_from_u64(21);
        let (counter, venue) = (
            SigningKey::generate(&mut rng),
            SigningKey::generate(&mut rng),
        );
        let crl = serve_list(Cards::get(), clock.clone(), Arc::clone(&list)).await;
        let mut config = config(&folder, sealed(&lab), &cards, crl);
        config.database = plan.database;
        config.limits = plan.limits;
        config.ticket_url = plan.ticket_url;
        let station = |id: &str, channel: Channel, key: &SigningKey| StationConfig {
            id: id.to_owned(),
            channel: channel.as_str().to_owned(),
            public_key: Hex(key.public()),
            from_ms: 0,
            to_ms: u64::MAX,
        };
        config.stations = vec![
            station("counter-1", Channel::Counter, &counter),
            station("venue-1", Channel::Venue, &venue),
        ];
        let second = match (second, plan.second) {
            (Some(keys), Some(database)) => Some(another(&config, keys, database, &clock).await),
            _ => None,
        };
        let pin = keys.tls.pin();
        let registrar = Registrar::with_keys(&config, folder.path(), keys, clock.wall());
        let registrar = Arc::new(registrar.await.unwrap());
        let address = serve(&registrar).await;
        Self {
            folder,
            cards,
            clock,
            registrar,
            address,
            pin,
            lab,
            auditors,
            counter,
            venue,
            list_address: crl,
            second,
            list,
        }
    }

    pub fn manifest(&self) -> &Manifest {
        &sealed(&self.lab).manifest
    }

    /// The first two officers.
    pub fn officers(&self) -> [&SigningKey; 2] {
        let [a, b, ..] = self.lab.parties.officers.as_slice() else {
            panic!("two officers at least")
        };
        [a, b]
    }

    /// Whether nobody has asked the silent server for its list.
    pub fn list_unasked(&self) -> bool {
        self.list.load(Ordering::SeqCst) == ListMode::Silent as u8
    }

    /// Lets the wait before a further ballot pass.
    pub fn after_the_pause(&self) {
        let now_ms = self.clock.wall().now_ms();
        self.clock.set_ms(now_ms + registrar::store::PAUSE_MS);
    }

    /// Changes what the authority's web server answers.
    pub fn set_list(&self, mode: ListMode) {
        self.list.store(mode as u8, Ordering::SeqCst);
        // A minute later nothing held from before counts as fresh.
        self.clock.set_ms(self.clock.wall().now_ms() + 2_000);
    }
}

/// The second registrar, with the configuration of the first but for its name.
async fn another(
    first: &Config,
    keys: Keys,
    database: Option<String>,
    clock: &ManualClock,
) -> Second {
    let folder = tempfile::tempdir().unwrap();
    let config = Config {
        id: "registrar-2".into(),
        origin: SECOND_ORIGIN.into(),
        database,
        ..first.clone()
    };
    let pin = keys.tls.pin();
    let registrar = Registrar::with_keys(&config, folder.path(), keys, clock.wall());
    let registrar = Arc::new(registrar.await.unwrap());
    Second {
        address: serve(&registrar).await,
        pin,
        _folder: folder,
    }
}

/// The keys of registrar number `n`.
pub fn keys(n: u8) -> Keys {
    let base = Path::new(env!("CARGO_TARGET_TMPDIR")).join(format!("registrar-keys-1-{n}"));
    kept(&base, SALT_DEPTH, WINDOWS)
}

/// Starts answering for `registrar` on a free port.
pub async fn serve(registrar: &Arc<Registrar>) -> SocketAddr {
    let any = "127.0.0.1:0".parse().unwrap();
    let server = Server::bind(any, Some(&registrar.keys().tls))
        .await
        .unwrap();
    let address = server.local_addr().unwrap();
    let router = registrar::routes::router(Arc::clone(registrar));
    tokio::spawn(
        server
            .body_limit(registrar::routes::BODY_LIMIT)
            .run(router, std::future::pending()),
    );
    address
}

/// An auditor's key.
fn auditor(n: u8) -> AuditorKey {
    AuditorKey::from_bytes(&[n; 32]).unwrap()
}

/// The network of these tests, always the same, with nothing on its board and nobody at its nodes'
/// addresses.
pub fn network() -> Lab {
    let mut lab = Lab::new(Options {
        opens: OPENING_MS,
        ..Options::small()
    });
    let all = lab.network().validators.clone();
    let silent = |(port, validator)| Validator {
        origin: format!("https://127.0.0.1:{port}"),
        ..validator
    };
    lab.move_nodes((2u16..).zip(all).map(silent).collect());
    lab
}

/// A sealed election that lists registrars with these keys and has the seed's hours.
pub fn election(keys: &[&Keys], auditors: Vec<[u8; 32]>, face_required: Vec<Channel>) -> Lab {
    let mut lab = network();
    lab.set_up();
    lab.run_ceremony();
    let mut manifest = Manifest {
        registrars: keys
            .iter()
            .zip([ORIGIN, SECOND_ORIGIN])
            .map(|(keys, origin)| listed(keys, origin))
            .collect(),
        channels: hours(),
        places: places_of(&hours()),
        close_at: CLOSE_MS,
        extend_limit: CLOSE_MS + 4 * HOUR,
        announce_at: CLOSE_MS + HOUR,
        auditors,
        face_required,
        ..lab.draft_manifest()
    };
    fit_windows(&mut manifest);
    lab.seal_as(manifest);
    lab
}

pub fn sealed(lab: &Lab) -> &SealedManifest {
    lab.manifest.as_ref().unwrap()
}

pub fn config(folder: &TempDir, sealed: &SealedManifest, cards: &Cards, crl: SocketAddr) -> Config {
    let file = |name: &str| folder.path().join(name);
    std::fs::write(file("manifest.bin"), sealed.to_bytes()).unwrap();
    std::fs::write(file("trust.json"), cards.trust_json()).unwrap();
    Config {
        id: "registrar-1".into(),
        name_ja: "登録所".into(),
        name_en: "Registrar".into(),
        origin: ORIGIN.into(),
        listen: "127.0.0.1:0".parse().unwrap(),
        manifest: file("manifest.bin"),
        election_hash: Some(Hex(sealed.manifest.election_hash())),
        practice: true,
        passphrase_file: file("passphrase"),
        random_passphrase: true,
        salt_depth: SALT_DEPTH,
        again_keys: WINDOWS,
        database: None,
        jpki: JpkiConfig {
            trust: file("trust.json"),
            policy: Policy::Test,
            crl_url: format!("http://{crl}/auth.crl"),
            crl_seconds: 1,
        },
        ticket_url: None,
        clock: host::clock::ClockConfig::default(),
        limits: LimitsConfig::default(),
        report: false,
        stations: Vec::new(),
        log: "info".into(),
    }
}

/// The authority's web server, on the same clock.
pub async fn serve_list(cards: Cards, clock: ManualClock, mode: Arc<AtomicU8>) -> SocketAddr {
    let cards = Arc::new(cards);
    let list = move || {
        let now = clock.wall().now_ms();
        let between = |from, to| {
            (
                StatusCode::OK,
                cards.pki.issue_crl_between(from, to).unwrap(),
            )
        };
        let answer = match mode.load(Ordering::SeqCst) {
            0 => between(now, now + DAY),
            1 => (StatusCode::INTERNAL_SERVER_ERROR, Vec::new()),
            2 => between(now - DAY, now - HOUR),
            3 => between(OPENING_MS - HOUR, now + DAY),
            _ => (StatusCode::OK, b"rubbish".to_vec()),
        };
        let silent = [ListMode::Silent as u8, ListMode::SilentToSomebody as u8]
            .contains(&mode.load(Ordering::SeqCst));
        let asked = Arc::clone(&mode);
        async move {
            if silent {
                asked.store(ListMode::SilentToSomebody as u8, Ordering::SeqCst);
                std::future::pending::<()>().await;
            }
            answer
        }
    };
    let server = Server::bind("127.0.0.1:0".parse().unwrap(), None)
        .await
        .unwrap();
    let address = server.local_addr().unwrap();
    let router = Router::new().route("/auth.crl", get(list));
    tokio::spawn(server.run(router, std::future::pending()));
    address
}
