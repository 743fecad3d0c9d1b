//! The booth's own voting edge with two real registrars over TLS, a virtual card, and a board that
//! judges by its rules: a first ballot, a further one, and what goes wrong in between.

#![expect(clippy::unwrap_used, reason = "a test fails by panicking")]

use std::collections::BTreeMap;
use std::net::SocketAddr;
use std::path::Path;
use std::sync::{Arc, Mutex};

use api::node::{Bucket, BucketRow};
use api::registrar::FaceVerdict;
use axum::Router;
use axum::body::Bytes;
use axum::extract::{Path as At, State};
use axum::http::StatusCode;
use axum::response::{IntoResponse as _, Response};
use axum::routing::{get, post};
use ballot::manifest::{Channel, Registrar as Listed, Validator};
use board::Receipt;
use booth::devices::{CardReader, ReaderPort};
use booth::election_context::ElectionContext;
use booth::fault::Fault;
use booth::ports::{CardPort as _, Choice, Leftover, VotingPort as _};
use booth::voting::secrets::Fresh;
use booth::voting::{Voting, VotingSetup};
use card::{Apdu, InProcess, LastTry, Pin, Transport, TransportError};
use crypto::Hash;
use crypto::schnorr::SigningKey;
use crypto::signed::Statement as _;
use crypto::wire::TopLevel as _;
use evidence::AuditorKey;
use host::clock::ManualClock;
use host::passphrase::Passphrase;
use host::serve::Server;
use host::tls::Identity;
use jpki::TrustStore;
use registrar::config::{JpkiConfig, LimitsConfig, Policy};
use registrar::keys::Keys;
use registrar::store::PAUSE_MS;
use registrar::{Config, Registrar};
use tempfile::TempDir;
use testkit::election::{Lab, Options};
use tokio::runtime::Runtime;
use tokio::task::JoinHandle;
use vcard::TestPki;
use vcard::persona::make::{Order, make};

const OPENS: u64 = 1_800_000_000_000;
const DAY: u64 = 86_400_000;
const MINUTE: u64 = 60_000;

struct Reader(std::path::PathBuf);
struct OnReader(vcard::Card);

impl Apdu for OnReader {
    fn apdu(&mut self, command: &[u8]) -> Vec<u8> {
        self.0.apdu(command)
    }
    fn power_cycle(&mut self) {
        self.0.power_cycle();
    }
}

impl ReaderPort for Reader {
    fn connect(&mut self) -> Result<Box<dyn Transport>, TransportError> {
        let card = vcard::Card::load(&self.0).map_err(|_| TransportError::Mute)?;
        Ok(Box::new(InProcess::new(OnReader(card))))
    }
    fn present(&mut self) -> bool {
        true
    }
}

/// Cards of the test authority.
fn cards() -> TempDir {
    let data = TempDir::new().unwrap();
    let photos = data.path().join("photos");
    std::fs::create_dir_all(&photos).unwrap();
    std::fs::write(photos.join("1.jp2"), b"a photo nobody looks at here").unwrap();
    make(&Order {
        data: data.path().to_owned(),
        seed: 9,
        count: 1,
        opening_ms: OPENS,
        photo_dir: photos,
        extra: BTreeMap::new(),
        cache: Some(Path::new(env!("CARGO_TARGET_TMPDIR")).join("further-keys")),
    })
    .unwrap();
    data
}

type Board = Arc<Mutex<Lab>>;

fn receipt(lab: &Lab, hash: &Hash) -> Option<Receipt> {
    let place = lab.state.find(hash)?;
    let stored = &lab.chain[usize::try_from(place.height).unwrap()];
    let entry = &stored.block.entries[usize::try_from(place.index).unwrap()];
    let headers = vec![stored.block.header.clone()];
    let hashes = stored.block.entry_hashes();
    Receipt::new(
        entry,
        &hashes,
        place.index,
        headers,
        stored.certificate.clone()?,
    )
}

/// A node of the board: takes what the rules take, at once.
async fn take(State((board, _)): State<(Board, SigningKey)>, entry: Bytes) -> Response {
    let mut lab = board.lock().unwrap();
    let hash = crypto::hash::entry_hash(&entry);
    if receipt(&lab, &hash).is_none() {
        lab.post(&[entry]);
    }
    let receipt = receipt(&lab, &hash).unwrap();
    (StatusCode::OK, receipt.to_bytes()).into_response()
}

async fn bytes(State((board, _)): State<(Board, SigningKey)>, At(hash): At<String>) -> Response {
    let lab = board.lock().unwrap();
    let place = lab.state.find(&Hash::from_hex(&hash).unwrap()).unwrap();
    let block = &lab.chain[usize::try_from(place.height).unwrap()].block;
    let index = usize::try_from(place.index).unwrap();
    block.entries[index].clone().into_response()
}

async fn bucket(
    State((board, key)): State<(Board, SigningKey)>,
    At((election, index)): At<(String, u32)>,
) -> Response {
    let lab = board.lock().unwrap();
    let election = Hash::from_hex(&election).unwrap();
    let found = lab.state.election(&election).unwrap();
    let said = Bucket {
        network: lab.network().id(),
        election,
        index,
        height: lab.state.tip().height,
        time_ms: lab.now + 1,
        rows: BucketRow::all(found, index).unwrap(),
    };
    said.signed(&key, &mut rand::rng())
        .to_bytes()
        .into_response()
}

/// Two registrars, four nodes and a card.
struct Town {
    runtime: Runtime,
    board: Board,
    /// Of each registrar.
    clocks: [ManualClock; 2],
    configs: Vec<Config>,
    services: Vec<JoinHandle<()>>,
    data: TempDir,
    cards: TempDir,
    card: CardReader,
    voting: Voting,
}

fn pass() -> Passphrase {
    Passphrase::new("0123456789abcdef".to_owned().into())
}

fn listed(keys: &Keys, origin: &str) -> Listed {
    let part = keys.public_part("", "登", "r", origin);
    Listed {
        name: ballot::text::Text::new("登", "r", "登"),
        origin: origin.to_owned(),
        spki: part.spki.0,
        key: part.key.0,
        first: part.first.0,
        again: part.again.iter().map(|m| m.0).collect(),
        survey: part.survey.0,
        salt_depth: part.salt_depth,
        salt_root: part.salt_root.0,
    }
}

/// The authority's list, on the first registrar's clock; the other's may be behind.
async fn authority(cards: &Path, clock: ManualClock) -> SocketAddr {
    let pki = Arc::new(TestPki::load(&cards.join("pki")).unwrap());
    let list = move || {
        let now = clock.wall().now_ms();
        let from = now.saturating_sub(2 * MINUTE).max(OPENS);
        let list = pki.issue_crl_between(from, now + DAY).unwrap();
        async move { list }
    };
    let server = Server::bind(([127, 0, 0, 1], 0).into(), None)
        .await
        .unwrap();
    let address = server.local_addr().unwrap();
    let router = Router::new().route("/auth.crl", get(list));
    tokio::spawn(server.run(router, std::future::pending()));
    address
}

/// Nodes with addresses here, in a lab whose chain begins anew.
async fn nodes(lab: &mut Lab) -> Vec<(Server, SigningKey)> {
    let (mut servers, mut validators) = (Vec::new(), Vec::new());
    for old in lab.network().validators.clone() {
        let identity = Identity::generate().unwrap();
        let any = SocketAddr::from(([127, 0, 0, 1], 0));
        let server = Server::bind(any, Some(&identity)).await.unwrap();
        let mut keys = lab.parties.nodes.iter();
        let key = keys.find(|k| k.public() == old.node_key).unwrap().clone();
        validators.push(Validator {
            origin: format!("https://{}", server.local_addr().unwrap()),
            spki: identity.pin().0,
            ..old
        });
        servers.push((server, key));
    }
    lab.move_nodes(validators);
    servers
}

/// Starts a registrar with the keys in its folder; the task is its service.
async fn start(config: &Config, data: &Path, clock: &ManualClock) -> JoinHandle<()> {
    let keys = Keys::read(&data.join("keys"), &pass()).unwrap();
    let tls = Keys::read(&data.join("keys"), &pass()).unwrap().tls;
    let registrar = Registrar::with_keys(config, data, keys, clock.wall());
    let registrar = Arc::new(registrar.await.unwrap());
    let server = Server::bind(config.listen, Some(&tls)).await.unwrap();
    let router = registrar::routes::router(registrar);
    tokio::spawn(server.run(router, std::future::pending()))
}

/// Makes the keys of two registrars and lists them where they will listen.
fn registrars(data: &Path) -> Vec<Listed> {
    let ports = testkit::ports::free(2);
    let one = |(n, port): (usize, &u16)| {
        let keys = Keys::generate(10, 2).unwrap();
        let folder = data.join(format!("r{n}/keys"));
        std::fs::create_dir_all(&folder).unwrap();
        keys.write(&folder, &pass(), host::keyfile::Cost::LIGHT)
            .unwrap();
        listed(&keys, &format!("https://127.0.0.1:{port}"))
    };
    ports.iter().enumerate().map(one).collect()
}

fn config(data: &Path, listed: &Listed, trust: &Path, crl: SocketAddr) -> Config {
    Config {
        id: "r".into(),
        name_ja: "登".into(),
        name_en: "r".into(),
        origin: listed.origin.clone(),
        listen: listed
            .origin
            .trim_start_matches("https://")
            .parse()
            .unwrap(),
        manifest: data.join("manifest.bin"),
        election_hash: None,
        practice: true,
        passphrase_file: "passphrase".into(),
        random_passphrase: true,
        salt_depth: 10,
        again_keys: 2,
        database: None,
        jpki: JpkiConfig {
            trust: trust.to_owned(),
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

/// An open election of these registrars, whose nodes answer.
fn board(runtime: &Runtime, data: &Path) -> Board {
    let mut lab = Lab::new(Options {
        opens: OPENS,
        registrars: 2,
        ..Options::small()
    });
    let servers = runtime.block_on(nodes(&mut lab));
    lab.set_up();
    lab.run_ceremony();
    let mut manifest = lab.draft_manifest();
    manifest.registrars = registrars(data);
    manifest.auditors = (1..=3u8)
        .map(|n| *AuditorKey::from_bytes(&[n; 32]).unwrap().public())
        .collect();
    manifest.face_required = Vec::new();
    lab.seal_as(manifest);
    lab.open_box();
    let sealed = lab.manifest.as_ref().unwrap().to_bytes();
    std::fs::write(data.join("manifest.bin"), sealed).unwrap();
    let board = Arc::new(Mutex::new(lab));
    for (server, key) in servers {
        let router = Router::new()
            .route("/v1/entries", post(take))
            .route("/v1/entries/{hash}/bytes", get(bytes))
            .route("/v1/buckets/{election}/{index}", get(bucket))
            .with_state((Arc::clone(&board), key));
        runtime.spawn(server.run(router, std::future::pending()));
    }
    board
}

impl Town {
    fn new() -> Self {
        let runtime = Runtime::new().unwrap();
        let (data, cards) = (TempDir::new().unwrap(), cards());
        let board = board(&runtime, data.path());
        let (now, election, manifest) = {
            let lab = board.lock().unwrap();
            let sealed = lab.manifest.as_ref().unwrap();
            (lab.now, lab.election, Arc::new(sealed.manifest.clone()))
        };
        let clocks = [ManualClock::new(now), ManualClock::new(now)];
        let trust_file = cards.path().join("pki/trust.json");
        let crl = runtime.block_on(authority(cards.path(), clocks[0].clone()));
        let configs = manifest.registrars.iter();
        let configs = configs.map(|listed| config(data.path(), listed, &trust_file, crl));
        let configs: Vec<Config> = configs.collect();
        let setup = VotingSetup {
            place: ElectionContext {
                manifest,
                election,
                portal: "http://127.0.0.1:9".into(),
                channel: Channel::Home,
                station: None,
                clock: clocks[0].wall(),
            },
            ticket: None,
            station: None,
            folder: data.path().join("booth"),
            runtime: runtime.handle().clone(),
        };
        let voting = Voting::new(setup, Box::new(Fresh)).unwrap();
        let trust = std::fs::read_to_string(&trust_file).unwrap();
        let reader = Reader(cards.path().join("personas/p001"));
        let card = CardReader::new(Box::new(reader), TrustStore::from_json(&trust).unwrap());
        let mut town = Self {
            runtime,
            board,
            clocks,
            configs,
            services: Vec::new(),
            data,
            cards,
            card,
            voting,
        };
        town.services = (0..2).map(|n| town.serve(n)).collect();
        town
    }

    fn serve(&self, n: usize) -> JoinHandle<()> {
        let data = self.data.path().join(format!("r{n}"));
        let work = start(&self.configs[n], &data, &self.clocks[n]);
        self.runtime.block_on(work)
    }

    /// Ends a registrar; what it held in memory is gone.
    fn kill(&mut self, n: usize) {
        self.services[n].abort();
        let ended = core::mem::replace(&mut self.services[n], self.runtime.spawn(async {}));
        let _aborted = self.runtime.block_on(ended);
    }

    fn pause(&self) {
        let mut lab = self.board.lock().unwrap();
        let time = lab.now + PAUSE_MS;
        lab.advance_to(time);
        for clock in &self.clocks {
            clock.set_ms(time);
        }
    }

    /// The card step. The voter has entered the PIN.
    fn card_step(&mut self) -> Result<Option<u64>, Fault> {
        let listed = vcard::persona::list(self.cards.path()).unwrap();
        let pin = Pin::parse(&listed[0].persona.pin).unwrap();
        self.card.open().unwrap();
        self.card.unlock(&pin, LastTry::NotAgreed).unwrap();
        let standing = self
            .voting
            .authorize(&mut self.card, FaceVerdict::NotDone)?;
        assert_eq!(standing.pending, Leftover::None);
        Ok(standing.previous)
    }

    fn cast(&mut self, choice: u16) -> u32 {
        self.voting.prepare(Choice(choice), [1, 2]).unwrap();
        let seq = self.voting.send().unwrap().seq;
        self.voting.wipe(false);
        seq
    }
}

#[test]
fn a_72_the_booth_votes_again_with_the_same_card_and_names_a_registrar_that_changes_its_key() {
    let mut town = Town::new();
    assert_eq!(town.card_step(), Ok(None));
    assert_eq!(town.cast(0), 1);

    // Too early: both registrars know the card, and neither gives K.
    let wait = town.card_step().unwrap_err();
    assert!(
        matches!(wait, Fault::RateLimited { until: Some(_) }),
        "{wait}"
    );
    town.voting.wipe(false);

    town.pause();
    assert!(town.card_step().unwrap().is_some());
    assert_eq!(town.cast(1), 2);
    town.pause();
    assert!(town.card_step().unwrap().is_some());
    assert_eq!(town.cast(0), 3);

    // The second registrar's clock is behind: it gives no K and is asked why before the first one
    // grants anything. A minute later the same sitting goes on with a new card step.
    town.pause();
    let now = town.board.lock().unwrap().now;
    town.clocks[1].set_ms(now - MINUTE);
    let wait = town.card_step().unwrap_err();
    let says = |until: u64| (now - MINUTE..=now).contains(&until);
    assert!(
        matches!(wait, Fault::RateLimited { until: Some(at) } if says(at)),
        "{wait}"
    );
    town.clocks[1].set_ms(now);
    assert!(town.card_step().unwrap().is_some());
    assert_eq!(town.cast(1), 4);

    // The second registrar loses its card secret and uses another one: other person keys, each of
    // them well proven and signed.
    town.pause();
    town.kill(1);
    let file = town.data.path().join("r1/keys/card.key");
    let other = tempfile::tempdir().unwrap();
    let strange = Keys::generate(8, 1).unwrap();
    strange
        .write(other.path(), &pass(), host::keyfile::Cost::LIGHT)
        .unwrap();
    std::fs::remove_file(&file).unwrap();
    std::fs::copy(other.path().join("card.key"), &file).unwrap();
    town.services[1] = town.serve(1);
    let named = Fault::CardKeyDiffers { registrar: 1 };
    assert_eq!(town.card_step().unwrap_err(), named);
    let lab = town.board.lock().unwrap();
    let state = lab.on_board();
    assert_eq!((state.received(), state.counted()), (4, 1));
}
