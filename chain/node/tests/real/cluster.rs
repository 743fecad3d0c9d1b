//! Real `irefuda-node` processes on loopback, with fresh keys in a temporary folder.

use api::hex::Hex;
use api::node::{NetworkFile, Status, ValidatorEntry};
use host::tls::SpkiPin;
use std::io::Write as _;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};
use tempfile::TempDir;

const BINARY: &str = env!("CARGO_BIN_EXE_irefuda-node");

/// One validator of the cluster.
pub struct Node {
    /// Origin of its gateway.
    pub url: String,
    /// A client that accepts only this gateway.
    pub client: reqwest::Client,
    pin: SpkiPin,
    folder: PathBuf,
    metrics: u16,
    process: Option<Child>,
}

/// The validators. Dropping it stops them and removes their data.
pub struct Cluster {
    /// The validators.
    pub nodes: Vec<Node>,
    /// The network file they share.
    pub network: NetworkFile,
    folder: TempDir,
}

fn program(folder: &Path) -> Command {
    let mut command = Command::new(BINARY);
    command.arg("--config").arg(folder.join("node.toml"));
    command.arg("--data").arg(folder.join("data"));
    command
}

impl Cluster {
    /// Makes keys and configuration for `n` validators; starts nothing. `extra` goes into every
    /// configuration.
    pub fn new(n: usize, extra: &str) -> Self {
        let folder = tempfile::tempdir().unwrap();
        let ports = testkit::ports::free(3 * n);
        std::fs::write(folder.path().join("clock"), [0u8; 16]).unwrap();
        let mut validators = Vec::new();
        let mut nodes = Vec::new();
        for i in 0..n {
            let at = folder.path().join(format!("node-{i}"));
            std::fs::create_dir(&at).unwrap();
            std::fs::write(at.join("passphrase"), "sixteen random bytes, honestly\n").unwrap();
            let (api, p2p, metrics) = (ports[3 * i], ports[3 * i + 1], ports[3 * i + 2]);
            let url = format!("https://127.0.0.1:{api}");
            let config = format!(
                "name = \"node-{i}\"\nnetwork = \"../network.toml\"\n\
                 passphrase_file = \"passphrase\"\napi = \"127.0.0.1:{api}\"\n\
                 p2p = \"127.0.0.1:{p2p}\"\nmetrics = \"127.0.0.1:{metrics}\"\n\
                 private_addresses = true\nlight_key_files = true\n{extra}\n",
            );
            std::fs::write(at.join("clock"), [0u8; 16]).unwrap();
            let config = config.replace("OWN-CLOCK", &at.join("clock").to_string_lossy());
            let config = config.replace("CLOCK", &folder.path().join("clock").to_string_lossy());
            std::fs::write(at.join("node.toml"), config).unwrap();
            let out = program(&at).arg("init").output().unwrap();
            assert!(
                out.status.success(),
                "{}",
                String::from_utf8_lossy(&out.stderr)
            );
            let public = std::fs::read(at.join("data/public.json")).unwrap();
            validators.push(serde_json::from_slice::<ValidatorEntry>(&public).unwrap());
            nodes.push((url, at, metrics));
        }
        let network = NetworkFile {
            name: "test".to_owned(),
            authorities: vec![Hex(crate::election::authority().public())],
            validators,
        };
        let text = toml::to_string(&network).unwrap();
        std::fs::write(folder.path().join("network.toml"), text).unwrap();
        let nodes = nodes
            .into_iter()
            .zip(&network.validators)
            .map(|((url, at, metrics), v)| {
                let pin = SpkiPin(v.spki.0);
                let client = host::http::pinned_client(pin, Duration::from_secs(90)).unwrap();
                Node {
                    url,
                    client,
                    pin,
                    folder: at,
                    metrics,
                    process: None,
                }
            })
            .collect();
        Self {
            nodes,
            network,
            folder,
        }
    }

    /// The demo clock's file (when `extra` names it).
    pub fn clock_file(&self) -> PathBuf {
        self.folder.path().join("clock")
    }

    /// Starts all validators and waits until they answer.
    pub async fn start(&mut self) {
        for node in &mut self.nodes {
            node.start();
        }
        for node in &self.nodes {
            node.wait_healthy().await;
        }
    }

    /// Waits until every validator has what any one has now: one that is a block behind refuses
    /// ballots of an election it has not seen opened.
    pub async fn level(&self) {
        let height = self.height_without(self.nodes.len()).await;
        self.wait_height(height, Duration::from_secs(30)).await;
    }

    /// The greatest height any validator but one has.
    pub async fn height_without(&self, out: usize) -> u64 {
        let mut height = 0;
        for (i, node) in self.nodes.iter().enumerate() {
            if i != out {
                height = height.max(node.status().await.map_or(0, |s| s.height));
            }
        }
        height
    }

    /// Waits until every validator has at least this height.
    pub async fn wait_height(&self, height: u64, limit: Duration) {
        let end = Instant::now() + limit;
        for node in &self.nodes {
            node.wait_until(height, end).await;
        }
    }
}

impl Node {
    /// A client that speaks from this local address.
    pub fn client_from(&self, address: std::net::IpAddr) -> reqwest::Client {
        reqwest::Client::builder()
            .use_preconfigured_tls(host::tls::client_config(self.pin).unwrap())
            .local_address(address)
            .build()
            .unwrap()
    }
    /// Starts the process.
    pub fn start(&mut self) {
        let log = std::fs::OpenOptions::new()
            .create(true)
            .append(true)
            .open(self.folder.join("log"))
            .unwrap();
        let child = program(&self.folder)
            .stdout(Stdio::null())
            .stderr(log)
            .spawn()
            .unwrap();
        self.process = Some(child);
    }
    /// Kills the process (SIGKILL) and waits until it is gone.
    pub fn kill(&mut self) {
        if let Some(mut child) = self.process.take() {
            child.kill().unwrap();
            child.wait().unwrap();
        }
    }
    /// The folder with configuration, keys and data.
    pub fn folder(&self) -> &Path {
        &self.folder
    }
    /// Starts a second process over the same data, which must fail; what it says.
    pub fn second_process(&self) -> String {
        let out = program(&self.folder).output().unwrap();
        assert_eq!(out.status.code(), Some(1));
        String::from_utf8_lossy(&out.stderr).into_owned()
    }
    /// What the process wrote to stderr.
    pub fn log(&self) -> String {
        std::fs::read_to_string(self.folder.join("log")).unwrap_or_default()
    }
    /// Waits until the gateway answers.
    pub async fn wait_healthy(&self) {
        let end = Instant::now() + Duration::from_secs(60);
        while self.status().await.is_none() {
            assert!(
                Instant::now() < end,
                "{} does not answer: {}",
                self.url,
                self.log()
            );
            tokio::time::sleep(Duration::from_millis(50)).await;
        }
    }
    /// Waits half a minute at most until this validator has at least this height.
    pub async fn wait_at(&self, height: u64) {
        self.wait_until(height, Instant::now() + Duration::from_secs(30))
            .await;
    }
    async fn wait_until(&self, height: u64, end: Instant) {
        loop {
            let at = self.status().await.map_or(0, |s| s.height);
            if at >= height {
                return;
            }
            assert!(
                Instant::now() < end,
                "{} is at {at}, not {height}: {}",
                self.url,
                self.log()
            );
            tokio::time::sleep(Duration::from_millis(50)).await;
        }
    }
    /// What the process would start with, for a validator inside the test's own process.
    pub fn setup(&self) -> node::node::Setup {
        let config: node::config::NodeConfig =
            host::config::load(&self.folder.join("node.toml")).unwrap();
        let file: NetworkFile = host::config::load(&self.folder.join("../network.toml")).unwrap();
        let passphrase =
            host::passphrase::Passphrase::from_file(&self.folder.join("passphrase")).unwrap();
        let keys = node::keys::Keys::open(&self.folder.join("data/keys"), &passphrase).unwrap();
        node::node::Setup {
            network: node::config::Network::new(&file).unwrap(),
            votes: std::sync::Arc::new(keys.engine.clone()),
            blocks: std::sync::Arc::new(node::app::ByTheRules),
            keys,
            clock: config.clock.open().unwrap(),
            data: self.folder.join("data"),
            config,
        }
    }
    /// The text of `/metrics`.
    pub async fn metrics(&self) -> String {
        let url = format!("http://127.0.0.1:{}/metrics", self.metrics);
        let client = host::http::plain_client(Duration::from_secs(10)).unwrap();
        let answer = client.get(url).send().await.unwrap();
        answer.text().await.unwrap()
    }
    /// `GET /v1/status`.
    pub async fn status(&self) -> Option<Status> {
        let url = format!("{}/v1/status", self.url);
        self.client.get(url).send().await.ok()?.json().await.ok()
    }
    /// Posts an entry: status and body, or none when the node is not reachable.
    pub async fn post(&self, entry: &[u8]) -> Option<(u16, Vec<u8>)> {
        let url = format!("{}/v1/entries", self.url);
        let answer = self
            .client
            .post(url)
            .body(entry.to_vec())
            .send()
            .await
            .ok()?;
        Some((
            answer.status().as_u16(),
            answer.bytes().await.ok()?.to_vec(),
        ))
    }
    /// `GET` of a path: status and body, or none when the node is not reachable.
    pub async fn get(&self, path: &str) -> Option<(u16, Vec<u8>)> {
        let answer = self
            .client
            .get(format!("{}{path}", self.url))
            .send()
            .await
            .ok()?;
        Some((
            answer.status().as_u16(),
            answer.bytes().await.ok()?.to_vec(),
        ))
    }
    /// Waits for the receipt of an entry.
    pub async fn receipt(&self, entry: &[u8], wait: u64) -> Option<Vec<u8>> {
        let hash = crypto::hash::entry_hash(entry).to_hex();
        let (status, body) = self.get(&format!("/v1/entries/{hash}?wait={wait}")).await?;
        (status == 200).then_some(body)
    }
}

impl Drop for Cluster {
    fn drop(&mut self) {
        for (i, node) in self.nodes.iter_mut().enumerate() {
            node.kill();
            if std::thread::panicking() {
                let log = node.log();
                let tail = log.len().saturating_sub(4000);
                let tail = log.get(tail..).unwrap_or(&log);
                let _ = writeln!(std::io::stderr(), "--- node {i}\n{tail}");
            }
        }
    }
}
