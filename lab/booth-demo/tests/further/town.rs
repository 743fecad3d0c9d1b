//! Two real registrars over TLS, a virtual card, and a board that judges by its rules.

use std::collections::BTreeMap;
use std::ffi::{CStr, CString};
use std::net::SocketAddr;
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex};

use api::hex::Hex;
use api::node::{Bucket, BucketRow, Refusal, Status};
use api::papers::Sitting;
use api::registrar::FaceVerdict;
use axum::body::Bytes;
use axum::extract::{Path as At, State};
use axum::http::StatusCode;
use axum::response::{IntoResponse as _, Response};
use axum::routing::{get, post};
use axum::{Json, Router};
use ballot::Manifest;
use ballot::card_text::CardText;
use ballot::manifest::{Channel, Registrar as Listed, Validator};
use board::Receipt;
use board::judgement::Judgement;
use booth::devices::{CardReader, ReaderPort};
use booth::election_context::ElectionContext;
use booth::fault::Fault;
use booth::ports::{CardPort as _, CardSigner, Choice, Leftover, Standing, VotingPort as _};
use booth::voting::secrets::{Fresh, Secrets};
use booth::voting::{Voting, VotingSetup};
use card::{Apdu, InProcess, LastTry, Pin, Transport, TransportError};
use crypto::Hash;
use crypto::schnorr::SigningKey;
use crypto::signed::Statement as _;
use crypto::wire::TopLevel as _;
use evidence::AuditorKey;
use host::clock::ManualClock;
use host::serve::Server;
use host::tls::Identity;
use jpki::TrustStore;
use registrar::config::{JpkiConfig, LimitsConfig, Policy};
use registrar::keys::Keys;
use registrar::store::PAUSE_MS;
use registrar::{Config, Registrar};
use sqlx::any::AnyPoolOptions;
use tempfile::TempDir;
use testkit::election::{Lab, Options};
use tokio::runtime::{Handle, Runtime};
use tokio::task::JoinHandle;
use vcard::TestPki;
use vcard::persona::make::{Order, make};
use zeroize::Zeroizing;

use crate::kept_keys::{kept, listed, pass, write};

const OPENS: u64 = 1_800_000_000_000;
const DAY: u64 = 86_400_000;
pub const MINUTE: u64 = 60_000;

struct Reader(PathBuf);
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
    fn readers(&mut self) -> Result<Vec<CString>, TransportError> {
        Ok(vec![CString::default()])
    }
    fn connect(&mut self, _reader: &CStr) -> Result<Box<dyn Transport>, TransportError> {
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
    for n in 1..=2 {
        let photo = photos.join(format!("{n}.jp2"));
        std::fs::write(photo, b"a photo nobody looks at here").unwrap();
    }
    make(&Order {
        data: data.path().to_owned(),
        seed: 9,
        count: 2,
        opening_ms: OPENS,
        photo_dir: photos,
        extra: BTreeMap::new(),
        cache: Some(Path::new(env!("CARGO_TARGET_TMPDIR")).join("further-keys")),
    })
    .unwrap();
    data
}

pub type Board = Arc<Mutex<Lab>>;
/// A node: the board and the node's key.
type Node = (Board, SigningKey);

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
async fn take(State((board, key)): State<Node>, entry: Bytes) -> Response {
    let mut lab = board.lock().unwrap();
    let hash = crypto::hash::entry_hash(&entry);
    if receipt(&lab, &hash).is_none() {
        let time = lab.now + 1000;
        if let Err(refused) = lab.try_block(time, &[entry]) {
            return refuse(&lab, &key, hash, refused.rule());
        }
    }
    let receipt = receipt(&lab, &hash).unwrap();
    (StatusCode::OK, receipt.to_bytes()).into_response()
}

fn refuse(lab: &Lab, key: &SigningKey, entry: Hash, rule: crypto::Rule) -> Response {
    let said = Judgement {
        network: lab.network().id(),
        entry,
        rule: Some(rule),
        height: lab.state.tip().height,
        time_ms: lab.now,
    };
    let refusal = Refusal {
        answer: said.signed(key, &mut rand::rng()),
        held_by: Vec::new(),
    };
    (StatusCode::CONFLICT, refusal.to_bytes()).into_response()
}

/// The receipt of an entry, if it is on the board.
async fn find(State((board, _)): State<Node>, At(hash): At<String>) -> Response {
    let lab = board.lock().unwrap();
    match receipt(&lab, &Hash::from_hex(&hash).unwrap()) {
        Some(receipt) => receipt.to_bytes().into_response(),
        None => StatusCode::NOT_FOUND.into_response(),
    }
}

/// The receipt of the last ballot of a voting key.
async fn last(State((board, _)): State<Node>, At(vk): At<String>) -> Response {
    let lab = board.lock().unwrap();
    let bits = sealed(&lab).bucket_bits;
    let found = lab.state.election(&lab.election).unwrap();
    let rows = (0..1 << bits).flat_map(|index| BucketRow::all(found, index).unwrap());
    let mut rows = rows.filter(|row| crypto::hash::to_hex(&row.vk.0) == vk);
    let entry = rows.next().unwrap().entry;
    receipt(&lab, &entry).unwrap().to_bytes().into_response()
}

async fn status(State((board, _)): State<Node>) -> Json<Status> {
    let lab = board.lock().unwrap();
    Json(Status {
        validator: String::new(),
        network: Hex(lab.network().id()),
        height: lab.state.tip().height,
        head: Hex([0; 32]),
        block_time_ms: lab.now,
        now_ms: lab.now,
        entries: 0,
        waiting: 0,
        elections: Vec::new(),
    })
}

pub fn sealed(lab: &Lab) -> &Manifest {
    &lab.manifest.as_ref().unwrap().manifest
}

async fn bytes(State((board, _)): State<Node>, At(hash): At<String>) -> Response {
    let lab = board.lock().unwrap();
    let place = lab.state.find(&Hash::from_hex(&hash).unwrap()).unwrap();
    let block = &lab.chain[usize::try_from(place.height).unwrap()].block;
    let index = usize::try_from(place.index).unwrap();
    block.entries[index].clone().into_response()
}

async fn bucket(
    State((board, key)): State<Node>,
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
pub struct Town {
    runtime: Runtime,
    pub board: Board,
    /// Of each registrar.
    pub clocks: [ManualClock; 2],
    configs: Vec<Config>,
    pub services: Vec<JoinHandle<()>>,
    pub data: TempDir,
    cards: TempDir,
    card: CardReader,
    /// Whose card that is.
    person: usize,
    place: ElectionContext,
    pub voting: Voting,
}

/// A booth of its own, whose sealed ballots are in this folder.
fn booth(
    place: &ElectionContext,
    runtime: &Handle,
    folder: PathBuf,
    secrets: Box<dyn Secrets>,
) -> Voting {
    let setup = VotingSetup {
        place: place.clone(),
        ticket: None,
        station: None,
        folder,
        runtime: runtime.clone(),
    };
    Voting::new(setup, secrets).unwrap()
}

/// The card of one person, in a reader of its own.
fn in_reader(cards: &Path, person: usize) -> CardReader {
    let listed = vcard::persona::list(cards).unwrap();
    let folder = cards.join(&listed[person].dir);
    let trust = std::fs::read_to_string(cards.join("pki/trust.json")).unwrap();
    let trust = TrustStore::from_json(&trust).unwrap();
    CardReader::new(Box::new(Reader(folder)), trust)
}

/// The card in the reader, and a registrar that ends when the booth looks at the certificate for the
/// last time: it has answered the card, and no token has been asked for.
struct Cutting<'a> {
    card: &'a mut CardReader,
    service: &'a JoinHandle<()>,
    looks: u8,
}

impl CardSigner for Cutting<'_> {
    fn certificate(&mut self) -> Result<Vec<u8>, Fault> {
        self.looks -= 1;
        if self.looks == 0 {
            self.service.abort();
            while !self.service.is_finished() {
                std::thread::yield_now();
            }
        }
        self.card.certificate()
    }
    fn sign(&mut self, text: &CardText) -> Result<Zeroizing<[u8; 256]>, Fault> {
        self.card.sign(text)
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
        let base = Path::new(env!("CARGO_TARGET_TMPDIR")).join(format!("registrar-keys-{n}"));
        let keys = kept(&base, 10, 2);
        write(&keys, &data.join(format!("r{n}/keys")));
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
            .route("/v1/status", get(status))
            .route("/v1/entries/{hash}", get(find))
            .route("/v1/entries/{hash}/bytes", get(bytes))
            .route("/v1/voters/{vk}/last", get(last))
            .route("/v1/buckets/{election}/{index}", get(bucket))
            .with_state((Arc::clone(&board), key));
        runtime.spawn(server.run(router, std::future::pending()));
    }
    board
}

impl Town {
    pub fn new() -> Self {
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
        let place = ElectionContext {
            manifest,
            election,
            portal: "http://127.0.0.1:9".into(),
            channel: Channel::Home,
            station: None,
            clock: clocks[0].wall(),
            clock_error: None,
        };
        let folder = data.path().join("booth");
        let voting = booth(&place, runtime.handle(), folder, Box::new(Fresh));
        let card = in_reader(cards.path(), 0);
        let mut town = Self {
            runtime,
            board,
            clocks,
            configs,
            services: Vec::new(),
            data,
            cards,
            card,
            person: 0,
            place,
            voting,
        };
        town.services = (0..2).map(|n| town.serve(n)).collect();
        town
    }

    pub fn serve(&self, n: usize) -> JoinHandle<()> {
        let data = self.data.path().join(format!("r{n}"));
        let work = start(&self.configs[n], &data, &self.clocks[n]);
        self.runtime.block_on(work)
    }

    /// Ends a registrar; what it held in memory is gone.
    pub fn kill(&mut self, n: usize) {
        self.services[n].abort();
        let ended = core::mem::replace(&mut self.services[n], self.runtime.spawn(async {}));
        let _aborted = self.runtime.block_on(ended);
    }

    /// What only the operator of a registrar can do to its database.
    pub fn forget(&self, n: usize, statement: &'static str) {
        let file = self.data.path().join(format!("r{n}/registrar.db"));
        let work = async {
            sqlx::any::install_default_drivers();
            let url = format!("sqlite://{}", file.display());
            let pool = AnyPoolOptions::new().connect(&url).await.unwrap();
            sqlx::query(statement).execute(&pool).await.unwrap();
            pool.close().await;
        };
        self.runtime.block_on(work);
    }

    /// Whether each registrar said that there is a *first*, out of what the booth offers to keep; each
    /// signature is verified under its key in the manifest.
    pub fn statements(&self) -> Vec<bool> {
        let lab = self.board.lock().unwrap();
        let saved: serde_json::Value =
            serde_json::from_str(&self.voting.papers().unwrap()).unwrap();
        let sitting: Sitting = serde_json::from_value(saved["sitting"].clone()).unwrap();
        let said = sitting.statements(&lab.election);
        let listed = &sealed(&lab).registrars;
        said.zip(listed)
            .map(|((statement, signature), listed)| {
                statement.verify(&listed.key, &signature).unwrap();
                statement.exists
            })
            .collect()
    }

    /// Another booth of the same election.
    pub fn another_booth(&self) -> Voting {
        self.booth_with(Box::new(Fresh))
    }

    /// Another booth whose secrets come from here.
    pub fn booth_with(&self, secrets: Box<dyn Secrets>) -> Voting {
        let folder = self.data.path().join("another");
        booth(&self.place, self.runtime.handle(), folder, secrets)
    }

    /// Another person's card is in the reader from now on.
    pub fn take_card_of(&mut self, person: usize) {
        self.card = in_reader(self.cards.path(), person);
        self.person = person;
    }

    pub fn pause(&self) {
        self.later(PAUSE_MS);
    }

    pub fn later(&self, ms: u64) {
        let mut lab = self.board.lock().unwrap();
        let time = lab.now + ms;
        lab.advance_to(time);
        for clock in &self.clocks {
            clock.set_ms(time);
        }
    }

    /// The card step. The voter has entered the PIN.
    pub fn card_step(&mut self) -> Result<Option<u64>, Fault> {
        let standing = self.enter()?;
        assert_eq!(standing.pending, Leftover::None);
        Ok(standing.previous)
    }

    pub fn leftover(&mut self) -> Leftover {
        self.enter().unwrap().pending
    }

    fn unlock(&mut self) {
        let listed = vcard::persona::list(self.cards.path()).unwrap();
        let pin = Pin::parse(&listed[self.person].persona.pin).unwrap();
        self.card.open().unwrap();
        self.card.unlock(&pin, LastTry::NotAgreed).unwrap();
    }

    fn enter(&mut self) -> Result<Standing, Fault> {
        self.unlock();
        self.voting.authorize(&mut self.card, FaceVerdict::NotDone)
    }

    /// The card step of a further ballot in which the second registrar ends after *auth*.
    pub fn card_step_cut_off(&mut self) -> Result<Standing, Fault> {
        self.unlock();
        let mut card = Cutting {
            card: &mut self.card,
            service: &self.services[1],
            // One for the sitting, one for each registrar, one for what goes on.
            looks: 4,
        };
        self.voting.authorize(&mut card, FaceVerdict::NotDone)
    }

    pub fn cast(&mut self, choice: u16) -> u32 {
        self.voting.prepare(Choice(choice), [1, 2]).unwrap();
        let seq = self.voting.send().unwrap().seq;
        self.voting.wipe(false);
        seq
    }
}
