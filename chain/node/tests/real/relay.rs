//! Real validators behind the real relay, and behind relays that lie: the vote is cast once or the
//! voter is told, nothing goes directly unless somebody says so, and neither relay nor nodes keep
//! what would join a voter's address with a ballot.

use crate::chain::{committee_of, days};
use crate::cluster::{Cluster, Node};
use crate::election::Election;
use api::node::{Declined, Status};
use axum::Router;
use axum::body::Bytes;
use axum::extract::{Path as At, State};
use axum::http::{StatusCode, header};
use axum::response::{IntoResponse as _, Response};
use axum::routing::post;
use ballot::manifest::{Manifest, Relay};
use ballot::text::Text;
use board::Committee;
use client::{NodeError, Outcome, Quorum, Spread};
use crypto::Hash;
use crypto::hash::to_hex;
use crypto::wire::TopLevel as _;
use host::problem::Refused;
use host::serve::Server;
use host::tls::{Identity, SpkiPin};
use oblivious::{ANSWER_TYPE, MAX_SEALED_QUESTION, QUESTION_TYPE, Request};
use std::collections::BTreeMap;
use std::net::{IpAddr, SocketAddr};
use std::path::{Path, PathBuf};
use std::process::{Child, Command};
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, Mutex};
use std::time::Duration;
use tempfile::TempDir;

/// Beside the node's program: a whole run builds both. Alone: `cargo build -p relay` first.
fn program() -> PathBuf {
    let path = Path::new(env!("CARGO_BIN_EXE_irefuda-node")).with_file_name("irefuda-relay");
    assert!(path.exists(), "build irefuda-relay first: {path:?}");
    path
}

/// A relay as a process with a folder of its own.
pub struct RelayProcess {
    process: Child,
    folder: TempDir,
    /// As a manifest lists it.
    pub listed: Relay,
}

impl RelayProcess {
    /// In front of these nodes.
    pub fn start(cluster: &Cluster) -> Self {
        let folder = tempfile::tempdir().unwrap();
        let at = folder.path();
        let port = testkit::ports::free(1)[0];
        std::fs::write(at.join("passphrase"), "sixteen random bytes, honestly\n").unwrap();
        let network = toml::to_string(&cluster.network).unwrap();
        std::fs::write(at.join("network.toml"), network).unwrap();
        let config = format!(
            "name_ja = \"中継\"\nname_en = \"Relay\"\norigin = \"https://127.0.0.1:{port}\"\n\
             listen = \"127.0.0.1:{port}\"\nnetwork = \"network.toml\"\n\
             passphrase_file = \"passphrase\"\nlight_key_files = true\n"
        );
        std::fs::write(at.join("relay.toml"), config).unwrap();
        let command = |word: &str| {
            let mut command = Command::new(program());
            let (config, data) = (at.join("relay.toml"), at.join("data"));
            command.arg("--config").arg(config).arg("--data").arg(data);
            command.arg(word);
            command
        };
        let made = command("init").output().unwrap();
        assert!(made.status.success(), "{made:?}");
        let public = std::fs::read(at.join("data/public.json")).unwrap();
        let public: api::relay::PublicPart = serde_json::from_slice(&public).unwrap();
        let log = std::fs::File::create(at.join("log")).unwrap();
        let out = std::fs::File::create(at.join("out")).unwrap();
        let process = command("run").stdout(out).stderr(log).spawn().unwrap();
        Self {
            process,
            folder,
            listed: Relay {
                name: Text::new("中継", "Relay", "中継"),
                origin: public.origin,
                spki: public.spki.0,
            },
        }
    }
    /// Waits until it answers.
    pub async fn wait(&self) {
        let pin = SpkiPin(self.listed.spki);
        let client = host::http::pinned_client(pin, Duration::from_secs(2)).unwrap();
        let url = format!("{}/healthz", self.listed.origin);
        for _ in 0..200 {
            if client.get(&url).send().await.is_ok() {
                return;
            }
            tokio::time::sleep(Duration::from_millis(100)).await;
        }
        unreachable!("the relay does not answer");
    }
    /// Stops it where it stands, or lets it go on: as a machine that hangs.
    pub fn hang(&self, hang: bool) {
        let signal = if hang { "-STOP" } else { "-CONT" };
        let pid = self.process.id().to_string();
        let done = Command::new("kill").args([signal, pid.as_str()]).status();
        assert!(done.unwrap().success());
    }
    /// Its folder, log included.
    pub fn folder(&self) -> &Path {
        self.folder.path()
    }
    /// Ends it.
    pub fn stop(&mut self) {
        self.process.kill().unwrap();
        self.process.wait().unwrap();
    }
}

impl Drop for RelayProcess {
    fn drop(&mut self) {
        let _ = self.process.kill();
        let _ = self.process.wait();
    }
}

/// What a dishonest relay does with every question.
#[derive(Clone, Copy, Debug)]
enum Lies {
    /// Changes a byte of the question.
    Question,
    /// Passes it on and changes a byte of the answer.
    Answer,
    /// Passes it on three times and gives the answer to the first question that it ever saw.
    Replay,
    /// Passes it on and says that the node does not answer.
    Swallow,
    /// Passes nothing on.
    Refuse,
    /// Sends the voter somewhere else.
    Redirect,
    /// Answers itself: nothing there, in the form of an answer.
    Invent,
}

struct Liar {
    lies: Lies,
    nodes: BTreeMap<String, (String, reqwest::Client)>,
    first: Mutex<Option<Vec<u8>>>,
    asked: AtomicUsize,
}

impl Liar {
    async fn pass(&self, node: &str, question: Vec<u8>) -> Option<Vec<u8>> {
        let (url, client) = self.nodes.get(node)?;
        let request = client.post(format!("{url}/v1/oblivious"));
        let request = request.header(header::CONTENT_TYPE, QUESTION_TYPE);
        let answer = request.body(question).send().await.ok()?;
        (answer.status() == StatusCode::OK).then_some(())?;
        Some(answer.bytes().await.ok()?.to_vec())
    }
}

async fn lie(State(liar): State<Arc<Liar>>, At(node): At<String>, body: Bytes) -> Response {
    liar.asked.fetch_add(1, Ordering::SeqCst);
    let mut question = body.to_vec();
    let sealed = |bytes: Vec<u8>| ([(header::CONTENT_TYPE, ANSWER_TYPE)], bytes).into_response();
    let nothing = StatusCode::BAD_GATEWAY.into_response();
    match liar.lies {
        Lies::Question => {
            let last = question.len() - 1;
            question[last] ^= 1;
            match liar.pass(&node, question).await {
                Some(answer) => sealed(answer),
                None => nothing,
            }
        }
        Lies::Answer => match liar.pass(&node, question).await {
            Some(mut answer) => {
                answer[100] ^= 1;
                sealed(answer)
            }
            None => nothing,
        },
        Lies::Replay => {
            let mut answer = None;
            for _ in 0..3 {
                answer = liar.pass(&node, question.clone()).await;
            }
            let Some(answer) = answer else { return nothing };
            let mut first = liar.first.lock().unwrap();
            match first.as_ref() {
                Some(old) => sealed(old.clone()),
                // Even the first question gets another's answer: bytes that somebody sealed.
                None => {
                    *first = Some(answer);
                    nothing
                }
            }
        }
        Lies::Swallow => {
            let _ = liar.pass(&node, question).await;
            nothing
        }
        Lies::Refuse => StatusCode::SERVICE_UNAVAILABLE.into_response(),
        Lies::Redirect => {
            let to = [(header::LOCATION, "https://127.0.0.1:1/v1/entries")];
            (StatusCode::TEMPORARY_REDIRECT, to).into_response()
        }
        Lies::Invent => sealed(vec![0x40; 4144]),
    }
}

async fn liar(cluster: &Cluster, lies: Lies) -> (Relay, Arc<Liar>) {
    let node = |(node, v): (&Node, &api::node::ValidatorEntry)| {
        let client = host::http::pinned_client(SpkiPin(v.spki.0), Duration::from_secs(60));
        (v.spki.to_string(), (node.url.clone(), client.unwrap()))
    };
    let nodes = cluster.nodes.iter().zip(&cluster.network.validators);
    let liar = Arc::new(Liar {
        lies,
        nodes: nodes.map(node).collect(),
        first: Mutex::default(),
        asked: AtomicUsize::default(),
    });
    let identity = Identity::generate().unwrap();
    let any = SocketAddr::from(([127, 0, 0, 1], 0));
    let server = Server::bind(any, Some(&identity)).await.unwrap();
    let server = server.body_limit(MAX_SEALED_QUESTION);
    let listed = Relay {
        name: Text::new("うそ", "Liar", "うそ"),
        origin: format!("https://{}", server.local_addr().unwrap()),
        spki: identity.pin().0,
    };
    let routes = Router::new().route("/v1/nodes/{spki}", post(lie));
    let routes = routes.with_state(Arc::clone(&liar));
    tokio::spawn(server.run(routes, std::future::pending()));
    (listed, liar)
}

/// The election's manifest with these relays.
pub fn with(election: &Election, relays: Vec<Relay>) -> Manifest {
    Manifest {
        relays,
        ..election.manifest.clone()
    }
}

fn nobody() -> Relay {
    Relay {
        name: Text::new("不在", "Nobody", "不在"),
        origin: "https://127.0.0.1:1".to_owned(),
        spki: [1; 32],
    }
}

async fn posted(quorum: &Quorum, ballot: &[u8]) -> Outcome {
    let patience = Duration::from_secs(40);
    quorum.post(ballot, Spread::Ballot, patience).await
}

/// Ballots on the board, as the node says that is farthest: one may be a block behind the one that
/// gave a receipt.
async fn received(cluster: &Cluster) -> u64 {
    let mut most = 0;
    for node in &cluster.nodes {
        most = most.max(node.status().await.unwrap().elections[0].received);
    }
    most
}

/// How long a question may take.
pub const TIMEOUT: Duration = Duration::from_secs(20);

/// An open election on these nodes.
pub async fn vote(cluster: &Cluster) -> (Election, Committee) {
    let (network, committee) = committee_of(cluster);
    let times = days(cluster, 1).await;
    let election = Election::open(&network, &cluster.nodes[0], 21, times).await;
    cluster.level().await;
    (election, committee)
}

/// Every file below a folder that holds one of these, in one of the spellings of text and bytes.
pub fn holding(folder: &Path, planted: &[Vec<u8>]) -> Vec<PathBuf> {
    let mut found = Vec::new();
    let mut open = vec![folder.to_owned()];
    while let Some(next) = open.pop() {
        for item in std::fs::read_dir(&next).unwrap() {
            let path = item.unwrap().path();
            if path.is_dir() {
                open.push(path);
                continue;
            }
            let bytes = std::fs::read(&path).unwrap_or_default();
            let has = |one: &Vec<u8>| bytes.windows(one.len()).any(|window| window == one);
            if planted.iter().any(has) {
                found.push(path);
            }
        }
    }
    found
}

/// Bytes as they are, in hexadecimal and in capitals.
pub fn spelled(secret: &[u8]) -> [Vec<u8>; 3] {
    let hex = to_hex(secret);
    [
        secret.to_vec(),
        hex.to_uppercase().into_bytes(),
        hex.into_bytes(),
    ]
}

/// Cast, look-ups and a re-vote through the real relay. Afterwards the relay's folder holds
/// nothing of the voting key or the ballot, and the nodes' logs hold no address of the voter, who
/// came from one that nobody else uses.
#[tokio::test(flavor = "multi_thread")]
async fn real_a_80_relay_and_nodes_each_know_half() {
    let mut cluster = Cluster::new(4, "relays = [\"127.0.0.1\"]");
    cluster.start().await;
    let mut relay = RelayProcess::start(&cluster);
    relay.wait().await;
    let (election, committee) = vote(&cluster).await;
    let manifest = with(&election, vec![relay.listed.clone()]);
    let quorum = Quorum::of(&manifest, TIMEOUT).unwrap();
    let (vk, hash) = (election.voter(1).public(), election.hash);
    let none = quorum.last(&vk, &hash, TIMEOUT).await.unwrap();
    assert!(none.is_none());
    let first = election.ballot_from(1, 2, (1, Hash::ZERO), &[8; 32]);
    let Outcome::Final(receipt) = posted(&quorum, &first).await else {
        unreachable!("not final");
    };
    receipt.verify_entry(&committee, &first).unwrap();
    let last = quorum.last(&vk, &hash, TIMEOUT).await.unwrap().unwrap();
    assert_eq!(last.receipt.entry, crypto::hash::entry_hash(&first));
    assert!(quorum.find(&first, TIMEOUT).await.is_some());
    assert_eq!(quorum.statuses(TIMEOUT).await.len(), 4);
    assert_eq!(received(&cluster).await, 1);

    cluster.level().await;
    // A voter with an address of its own.
    let own: IpAddr = "127.0.0.77".parse().unwrap();
    let status = ask_from(own, &relay.listed, &cluster, "/v1/status").await;
    let status: Status = serde_json::from_slice(&status).unwrap();
    assert_eq!(status.elections[0].received, 1);
    let entry = crypto::hash::entry_hash(&first);
    let opening = election.opening(entry, 2, &[8; 32], ballot::Side::BOTH[0]);
    let opened = posted(&quorum, &opening).await;
    assert!(matches!(opened, Outcome::Final(_)), "{opened:?}");
    cluster.level().await;
    let path = format!("/v1/openings/{}", entry.to_hex());
    let shown = board::Receipt::from_bytes(&ask_from(own, &relay.listed, &cluster, &path).await);
    shown.unwrap().verify_entry(&committee, &opening).unwrap();

    // Other keys of the nodes in a manifest: nothing that comes back is taken for an answer.
    let mut other = manifest.clone();
    for validator in &mut other.validators {
        validator.hpke = oblivious::DoorKey::generate(&mut rand::rng()).1;
    }
    let wrong = Quorum::of(&other, TIMEOUT).unwrap();
    assert!(wrong.statuses(TIMEOUT).await.is_empty());
    let second = election.ballot(2, 3, 1, Hash::ZERO);
    let outcome = posted(&wrong, &second).await;
    assert!(
        matches!(outcome, Outcome::NoRelay { unsent: false }),
        "{outcome:?}"
    );
    assert_eq!(received(&cluster).await, 1);

    relay.stop();
    let entry = crypto::hash::entry_hash(&first);
    let secrets = [
        &first[..],
        vk.as_bytes(),
        entry.as_bytes(),
        &first[200..264],
    ];
    let planted: Vec<Vec<u8>> = secrets.iter().flat_map(|s| spelled(s)).collect();
    // The search finds what is there: the key of the relay's own list of nodes.
    let node_key = spelled(&cluster.network.validators[0].spki.0);
    let kept = |what: &[Vec<u8>]| holding(relay.folder.path(), what);
    assert!(!kept(&node_key).is_empty());
    assert_eq!(kept(&planted), Vec::<PathBuf>::new());
    let address = [b"127.0.0.77".to_vec(), b"7f00004d".to_vec()];
    assert_eq!(kept(&address), Vec::<PathBuf>::new());
    for node in &cluster.nodes {
        assert!(!node.log().is_empty());
        assert_eq!(holding(node.folder(), &address), Vec::<PathBuf>::new());
        assert!(!node.log().contains(&vk.to_hex()));
    }
}

/// A question from a local address, through the relay, to the first node.
async fn ask_from(own: IpAddr, relay: &Relay, cluster: &Cluster, path: &str) -> Vec<u8> {
    let client = reqwest::Client::builder()
        .use_preconfigured_tls(host::tls::client_config(SpkiPin(relay.spki)).unwrap())
        .local_address(own)
        .build()
        .unwrap();
    let node = &cluster.network.validators[0];
    let question = Request::get(path);
    let sealed = question.seal(&node.hpke.0, 4096, &mut rand::rng());
    let (sealed, waiting) = sealed.unwrap();
    let url = format!("{}/v1/nodes/{}", relay.origin, node.spki);
    let request = client.post(url).header(header::CONTENT_TYPE, QUESTION_TYPE);
    let answer = request.body(sealed).send().await.unwrap();
    assert_eq!(answer.status(), StatusCode::OK);
    let answer = waiting.open(&answer.bytes().await.unwrap()).unwrap();
    assert_eq!(answer.status, 200);
    answer.body
}

/// Whatever a relay does to questions and answers is noticed, the next one is tried, and the
/// vote is on the board exactly once.
#[tokio::test(flavor = "multi_thread")]
async fn real_a_81_a_lying_relay_changes_nothing_and_casts_nothing_twice() {
    let mut cluster = Cluster::new(4, "");
    cluster.start().await;
    let mut relay = RelayProcess::start(&cluster);
    relay.wait().await;
    let (election, committee) = vote(&cluster).await;
    let all = [
        Lies::Question,
        Lies::Answer,
        Lies::Replay,
        Lies::Swallow,
        Lies::Refuse,
        Lies::Redirect,
        Lies::Invent,
    ];
    for (n, lies) in (1..).zip(all) {
        let (listed, liar) = liar(&cluster, lies).await;
        let relays = vec![listed.clone(), nobody(), relay.listed.clone()];
        let ballot = election.ballot(n, 2, 1, Hash::ZERO);
        // Whichever is asked first.
        loop {
            let quorum = Quorum::of(&with(&election, relays.clone()), TIMEOUT).unwrap();
            let outcome = posted(&quorum, &ballot).await;
            let Outcome::Final(receipt) = outcome else {
                unreachable!("{lies:?}: {outcome:?}");
            };
            receipt.verify_entry(&committee, &ballot).unwrap();
            if liar.asked.load(Ordering::SeqCst) > 0 {
                break;
            }
        }
        assert_eq!(received(&cluster).await, n, "{lies:?}");
        // Alone it brings nothing, and nobody is told that the vote is or is not in the box.
        let quorum = Quorum::of(&with(&election, vec![listed]), TIMEOUT).unwrap();
        let outcome = posted(&quorum, &ballot).await;
        let expected = matches!(outcome, Outcome::NoRelay { unsent: false });
        assert!(expected, "{lies:?}: {outcome:?}");
        let vk = election.voter(n).public();
        let last = quorum.last(&vk, &election.hash, TIMEOUT).await;
        assert!(matches!(last, Err(NodeError::NoRelay)), "{lies:?}");
    }
    relay.stop();
    without_a_relay(&cluster, &election, &relay.listed).await;
}

/// No relay answers: nothing goes anywhere until somebody says so, and then the same bytes.
async fn without_a_relay(cluster: &Cluster, election: &Election, gone: &Relay) {
    let before = received(cluster).await;
    let quorum = Quorum::of(&with(election, vec![gone.clone(), nobody()]), TIMEOUT).unwrap();
    let ballot = election.ballot(90, 2, 1, Hash::ZERO);
    let outcome = posted(&quorum, &ballot).await;
    assert!(
        matches!(outcome, Outcome::NoRelay { unsent: true }),
        "{outcome:?}"
    );
    assert!(quorum.statuses(TIMEOUT).await.is_empty());
    assert_eq!(received(cluster).await, before);
    quorum.relays().unwrap().go_direct(true);
    let outcome = posted(&quorum, &ballot).await;
    assert!(matches!(outcome, Outcome::Final(_)), "{outcome:?}");
    assert_eq!(received(cluster).await, before + 1);
    quorum.relays().unwrap().go_direct(false);
    let outcome = posted(&quorum, &ballot).await;
    assert!(
        matches!(outcome, Outcome::NoRelay { unsent: true }),
        "{outcome:?}"
    );
    // A kiosk whose configuration says so asks nobody.
    quorum.relays().unwrap().fall_back();
    let other = election.ballot(91, 2, 1, Hash::ZERO);
    let outcome = posted(&quorum, &other).await;
    assert!(matches!(outcome, Outcome::Final(_)), "{outcome:?}");
}

/// The door takes what is sealed to its own key, asks nothing but what voters need, and does not
/// count a relay as one voter.
#[tokio::test(flavor = "multi_thread")]
async fn real_a_80_the_door_opens_for_voters_questions_only() {
    let extra = "relays = [\"127.0.0.1\"]\n[limits]\nrate_per_second = 1\nburst = 2";
    let mut cluster = Cluster::new(1, extra);
    cluster.start().await;
    let mut relay = RelayProcess::start(&cluster);
    relay.wait().await;
    let door = cluster.network.validators[0].hpke.0;
    let node = &cluster.nodes[0];
    for _ in 0..8 {
        let own = "127.0.0.1".parse().unwrap();
        ask_from(own, &relay.listed, &cluster, "/v1/status").await;
    }
    // Another address than the relay's has the budget of one voter.
    let stranger = node.client_from("127.0.0.5".parse().unwrap());
    let mut turned_away = false;
    for _ in 0..4 {
        let (status, _) = knock(&stranger, node, sealed(&door, "/v1/status")).await;
        turned_away |= status == 429;
    }
    assert!(turned_away);
    for path in [
        "/v1/record",
        "/v1/blocks?from=1",
        "/v1/network",
        "/v1/oblivious",
        "/metrics",
        // Printable, and no path.
        "/v1/<status>",
    ] {
        let (question, waiting) = Request::get(path)
            .seal(&door, 4096, &mut rand::rng())
            .unwrap();
        let (status, body) = knock(&node.client, node, question).await;
        assert_eq!(status, 200);
        let answer = waiting.open(&body).unwrap();
        let refused = Refused::new(answer.status, answer.body);
        assert_eq!(refused.reason(), Some(Declined::NoSuchQuestion), "{path}");
    }
    short_wait(node, &door).await;
    let other = oblivious::DoorKey::generate(&mut rand::rng()).1;
    for question in [
        sealed(&other, "/v1/status"),
        b"/v1/status".to_vec(),
        Vec::new(),
    ] {
        let (status, body) = knock(&node.client, node, question).await;
        let refused = Refused::new(status, body);
        assert_eq!(refused.reason(), Some(Declined::NotSealed));
    }
    let (status, _) = knock(&node.client, node, vec![1; MAX_SEALED_QUESTION + 1]).await;
    assert_eq!(status, 413);
    relay.stop();
}

/// A question that would wait for a minute is answered long before.
async fn short_wait(node: &Node, door: &[u8; 32]) {
    let path = format!("/v1/entries/{}?wait=60", "ab".repeat(64));
    let sealed = Request::get(path).seal(door, 4096, &mut rand::rng());
    let (question, waiting) = sealed.unwrap();
    let within = Duration::from_secs(40);
    let knocked = tokio::time::timeout(within, knock(&node.client, node, question)).await;
    let (_, body) = knocked.expect("the door does not wait for a minute");
    assert_eq!(waiting.open(&body).unwrap().status, 404);
}

fn sealed(door: &[u8; 32], path: &str) -> Vec<u8> {
    let question = Request::get(path);
    question.seal(door, 4096, &mut rand::rng()).unwrap().0
}

async fn knock(client: &reqwest::Client, node: &Node, body: Vec<u8>) -> (u16, Vec<u8>) {
    let request = client.post(format!("{}/v1/oblivious", node.url));
    let request = request.header(header::CONTENT_TYPE, QUESTION_TYPE);
    let answer = request.body(body).send().await.unwrap();
    let status = answer.status().as_u16();
    (status, answer.bytes().await.unwrap().to_vec())
}

/// The key that relays' questions are sealed to is the one in the network file, and follows from the
/// node key alone: another node key gives another door.
#[test]
fn every_field_of_the_doors_key_counts() {
    let doors = [(); 2].map(|()| {
        let keys = node::keys::Keys::generate().unwrap();
        let secret = keys.node.to_secret_bytes();
        let expected = crypto::hash::hash("node-door", &[secret.as_ref()]);
        assert_eq!(keys.door()[..], expected.0[..32]);
        let door = oblivious::DoorKey::from_bytes(*keys.door());
        assert_eq!(door.public(), Some(keys.door_public()));
        keys.door_public()
    });
    assert_ne!(doors[0], doors[1]);
}
