//! A registrar with everything around it: manifest, authority's list, database, TLS.

use std::net::SocketAddr;
use std::sync::Arc;
use std::sync::atomic::{AtomicU8, Ordering};

use api::hex::Hex;
use axum::Router;
use axum::http::StatusCode;
use axum::routing::get;
use ballot::contest::Shape;
use ballot::manifest::{
    Channel, ChannelHours, Contest, MANIFEST_PURPOSE, Officer, OptionItem, Registrar as Listed,
    Trustee, Trustees, Validator, Window,
};
use ballot::text::Text;
use ballot::{Manifest, SealedManifest};
use crypto::Hash;
use crypto::schnorr::SigningKey;
use crypto::wire::TopLevel as _;
use host::clock::ManualClock;
use host::serve::Server;
use host::tls::SpkiPin;
use hpke::Kem as _;
use hpke::Serializable as _;
use rand_chacha::ChaCha20Rng;
use rand_core::SeedableRng as _;
use registrar::config::{JpkiConfig, LimitsConfig, Policy, StationConfig};
use registrar::keys::Keys;
use registrar::{Config, Registrar};
use tempfile::TempDir;

use crate::cards::{Cards, OPENING_MS};

pub const ORIGIN: &str = "https://127.0.0.1:47101";
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
    pub manifest: Manifest,
    pub auditors: Vec<[u8; 32]>,
    pub counter: SigningKey,
    pub venue: SigningKey,
    pub officers: [SigningKey; 2],
    pub list_address: SocketAddr,
    list: Arc<AtomicU8>,
}

/// What may differ between tests.
pub struct Plan {
    pub database: Option<String>,
    pub limits: LimitsConfig,
    pub face_required: Vec<Channel>,
    pub ticket_url: Option<String>,
    pub now_ms: u64,
}

impl Default for Plan {
    fn default() -> Self {
        Self {
            database: None,
            limits: LimitsConfig::default(),
            face_required: vec![Channel::Home],
            ticket_url: None,
            now_ms: OPENING_MS + HOUR,
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
        let keys = Keys::generate().unwrap();
        let (auditors, public): (Vec<_>, Vec<_>) = (1..=3).map(auditor).unzip();
        let (manifest, sealed) = manifest(&keys, public, plan.face_required);
        let mut rng = ChaCha20Rng::seed_from_u64(21);
        let (counter, venue) = (
            SigningKey::generate(&mut rng),
            SigningKey::generate(&mut rng),
        );
        let crl = serve_list(Cards::get(), clock.clone(), Arc::clone(&list)).await;
        let mut config = config(&folder, &sealed, &cards, crl);
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
            manifest,
            auditors,
            counter,
            venue,
            officers: officers(),
            list_address: crl,
            list,
        }
    }

    /// Changes what the authority's web server answers.
    /// Whether nobody has asked the silent server for its list.
    pub fn list_unasked(&self) -> bool {
        self.list.load(Ordering::SeqCst) == ListMode::Silent as u8
    }

    pub fn set_list(&self, mode: ListMode) {
        self.list.store(mode as u8, Ordering::SeqCst);
        // A minute later nothing held from before counts as fresh.
        self.clock.set_ms(self.clock.wall().now_ms() + 2_000);
    }
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

/// An auditor's private and public key.
fn auditor(n: u8) -> ([u8; 32], [u8; 32]) {
    let (private, public) = hpke::kem::X25519HkdfSha256::derive_keypair(&[n; 32]);
    (private.to_bytes().into(), public.to_bytes().into())
}

fn text(s: &str) -> Text {
    Text::new(s, s, s)
}

/// The seed's hours.
fn hours() -> Vec<ChannelHours> {
    let day = |n: u64, closes: u64| Window {
        opens: OPENING_MS + n * DAY,
        closes: OPENING_MS + n * DAY + closes,
    };
    let counter = 8 * HOUR + 45 * MINUTE;
    let channel = |kind, windows| ChannelHours {
        kind,
        name: text("名"),
        place: text("所"),
        windows,
    };
    vec![
        channel(
            Channel::Home,
            vec![Window {
                opens: OPENING_MS,
                closes: CLOSE_MS,
            }],
        ),
        channel(
            Channel::Counter,
            vec![day(0, counter), day(3, counter), day(4, counter)],
        ),
        channel(Channel::Venue, vec![day(5, 7 * HOUR + 30 * MINUTE)]),
    ]
}

/// The two officers, the same in every test.
fn officers() -> [SigningKey; 2] {
    let mut rng = ChaCha20Rng::seed_from_u64(31);
    [
        SigningKey::generate(&mut rng),
        SigningKey::generate(&mut rng),
    ]
}

/// The one validator's engine key, the same in every test.
pub fn engine() -> ed25519_dalek::SigningKey {
    ed25519_dalek::SigningKey::from_bytes(&[2; 32])
}

struct Keyring(ChaCha20Rng);

impl Keyring {
    fn key(&mut self) -> crypto::Point {
        SigningKey::generate(&mut self.0).public()
    }
}

fn contest() -> Contest {
    let option = |number: u16| OptionItem {
        id: format!("P{number:02}"),
        number,
        title: text("題"),
        proposer: text("提"),
        summary: text("要"),
    };
    Contest {
        id: "c".into(),
        title: text("問"),
        shape: Shape::new(11, 1, 1).unwrap(),
        options: (1..=11).map(option).collect(),
        blank: None,
    }
}

fn listed(keys: &Keys) -> Listed {
    Listed {
        name: text("登"),
        origin: ORIGIN.into(),
        spki: keys.tls.pin().0,
        key: keys.board.public(),
        first: *keys.issuers.first.modulus(),
        again: *keys.issuers.again.modulus(),
        survey: *keys.issuers.survey.modulus(),
    }
}

fn trustees(keys: &[SigningKey], ring: &mut Keyring) -> Trustees {
    let mut member = |(id, key): (u16, &SigningKey)| Trustee {
        id,
        name: text("信"),
        key: key.public(),
        verification: ring.key(),
    };
    let members = (1u16..).zip(keys).map(&mut member).collect();
    Trustees {
        t: 2,
        members,
        joint: ring.key(),
        ceremony_root: Hash([6; 64]),
    }
}

pub fn manifest(
    keys: &Keys,
    auditors: Vec<[u8; 32]>,
    face_required: Vec<Channel>,
) -> (Manifest, SealedManifest) {
    let mut ring = Keyring(ChaCha20Rng::seed_from_u64(11));
    let authority = SigningKey::generate(&mut ring.0);
    let holders: Vec<_> = (0..3).map(|_| SigningKey::generate(&mut ring.0)).collect();
    let officers = officers()
        .map(|key| Officer {
            name: text("係"),
            key: key.public(),
        })
        .into();
    let manifest = Manifest {
        network: [4; 32],
        setup: Hash([5; 64]),
        id: "registrar-test".into(),
        demo: true,
        title: text("選"),
        municipality: text("市"),
        contests: vec![contest()],
        channels: hours(),
        close_at: CLOSE_MS,
        drain_ms: 60_000,
        extend_limit: CLOSE_MS + 4 * HOUR,
        announce_at: CLOSE_MS + HOUR,
        min_counted: 1,
        trustees: trustees(&holders, &mut ring),
        registrars: vec![listed(keys)],
        officers,
        authority: authority.public(),
        auditors,
        validators: vec![Validator {
            name: text("検"),
            engine_key: engine().verifying_key().to_bytes(),
            node_key: ring.key(),
            origin: "https://127.0.0.1:2".into(),
            spki: [3; 32],
        }],
        portal: "http://127.0.0.1:3".into(),
        face_required,
        survey: Vec::new(),
        notices: Vec::new(),
        releases: Vec::new(),
    };
    let hash = manifest.election_hash();
    let mut sign = |key: &SigningKey| key.sign(MANIFEST_PURPOSE, hash.as_bytes(), &mut ring.0);
    let sealed = SealedManifest {
        authority_signature: sign(&authority),
        trustee_signatures: (1u16..)
            .zip(&holders[..2])
            .map(|(id, t)| (id, sign(t)))
            .collect(),
        manifest: manifest.clone(),
    };
    (manifest, sealed)
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
        passphrase_file: file("passphrase"),
        random_passphrase: true,
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
