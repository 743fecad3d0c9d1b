//! A city with its board, nodes and trustees: real programs' libraries, each with a folder of its own.

use crate::nodes::{Node, Shows, bind, serve};
use anyhow::Result;
use ballot::manifest::Validator;
use board::NetworkConfig;
use board::entry::Setup;
use ceremony::{HpkeSecret, Member, Roster};
use crypto::Hash;
use crypto::schnorr::SigningKey;
use crypto::signed::Statement as _;
use crypto::wire::TopLevel as _;
use host::clock::ManualClock;
use host::passphrase::Passphrase;
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex, MutexGuard};
use testkit::election::{Lab, Options};
use trustee::{Config, Nodes, Refusal, Silent, Trustee};

/// How long a test waits for what must happen.
const LIMIT: std::time::Duration = std::time::Duration::from_secs(60);

pub(crate) struct World {
    pub(crate) lab: Arc<Mutex<Lab>>,
    pub(crate) network: NetworkConfig,
    pub(crate) shows: Vec<Arc<Mutex<Shows>>>,
    pub(crate) trustees: Vec<Trustee>,
    pub(crate) clock: ManualClock,
    pub(crate) dir: tempfile::TempDir,
}

pub(crate) fn passphrase() -> Passphrase {
    Passphrase::new(zeroize::Zeroizing::new("a long enough passphrase".into()))
}

/// A trustee's program with its folder.
pub(crate) fn program(dir: &Path, id: u16, clock: &ManualClock) -> Trustee {
    let config = Config {
        id,
        name_ja: format!("開票管理者{id}"),
        name_en: format!("trustee {id}"),
        network: PathBuf::from("network.toml"),
        practice: true,
        passphrase_file: None,
        light: true,
        appeal_days: 30,
        clock: host::clock::ClockConfig::default(),
    };
    let data = dir.join(format!("trustee-{id}"));
    std::fs::create_dir_all(&data).unwrap();
    let trustee = Trustee::new(&config, &data, passphrase()).unwrap();
    trustee.with_clock(clock.wall())
}

impl World {
    /// Four validators, trustees with keys, nothing on the board.
    pub(crate) async fn new(n: u16, t: u16, min_counted: u32) -> Self {
        let mut lab = Lab::new(Options {
            n,
            t,
            min_counted,
            seed: u64::from(n) * 100 + u64::from(t),
            ..Options::default()
        });
        let (mut servers, mut validators, mut keys) = (Vec::new(), Vec::new(), Vec::new());
        for old in &lab.parties.network.validators {
            let (server, address, identity) = bind().await;
            let key = SigningKey::generate(&mut rand::rng());
            validators.push(Validator {
                node_key: key.public(),
                origin: format!("https://{address}"),
                spki: identity.pin().0,
                ..old.clone()
            });
            servers.push(server);
            keys.push(key);
        }
        lab.move_nodes(validators);
        let network = lab.network().clone();
        let dir = tempfile::tempdir().unwrap();
        let clock = ManualClock::new(lab.now);
        let trustees: Vec<Trustee> = (1..=n).map(|id| program(dir.path(), id, &clock)).collect();
        for trustee in &trustees {
            trustee.init().unwrap();
        }
        let lab = Arc::new(Mutex::new(lab));
        let mut shows = Vec::new();
        for (server, key) in servers.into_iter().zip(keys) {
            let lies = Arc::new(Mutex::new(Shows::Honest));
            shows.push(Arc::clone(&lies));
            let lab = Arc::clone(&lab);
            serve(
                server,
                Node {
                    lab,
                    key,
                    shows: lies,
                },
            );
        }
        let world = Self {
            lab,
            network,
            shows,
            trustees,
            clock,
            dir,
        };
        let all: Vec<usize> = (0..usize::from(n)).collect();
        world.name(&all, t);
        world
    }
    /// A sealed election of these trustees' real keys.
    pub(crate) async fn sealed(n: u16, t: u16, min_counted: u32) -> Self {
        let world = Self::new(n, t, min_counted).await;
        world.set_up();
        world.ceremony().await;
        world.lab().seal();
        world
    }
    /// A closed election in which these choices were cast, reports posted.
    pub(crate) async fn closed(n: u16, t: u16, choices: &[u16]) -> Self {
        let world = Self::sealed(n, t, 1).await;
        world.vote(choices);
        world.close();
        world
    }
    pub(crate) fn lab(&self) -> MutexGuard<'_, Lab> {
        self.lab.lock().unwrap()
    }
    /// These trustees become the roster, numbered anew from 1.
    pub(crate) fn name(&self, who: &[usize], t: u16) {
        let mut lab = self.lab();
        let members = (1u16..).zip(who).map(|(id, i)| {
            let keys = self.trustees[*i].folder().keys().unwrap();
            Member {
                id,
                key: keys.signing.public(),
                hpke: keys.hpke_public,
            }
        });
        lab.parties.roster = Roster::new(t, members.collect()).unwrap();
        let keys = |i: &usize| self.trustees[*i].folder().keys().unwrap();
        lab.parties.trustees = who.iter().map(|i| keys(i).signing.clone()).collect();
        let boxes = who
            .iter()
            .map(|i| HpkeSecret::from_bytes(*keys(i).hpke.expose()));
        lab.parties.boxes = boxes.collect();
    }
    /// Posts the setup and returns its hash.
    pub(crate) fn set_up(&self) -> Hash {
        let mut lab = self.lab();
        lab.set_up();
        lab.setup
    }
    /// Posts a setup signed by the authority after `change`.
    pub(crate) fn other_setup(&self, change: impl Fn(&mut Setup)) -> Hash {
        let mut lab = self.lab();
        let mut setup = lab.parties.setup();
        change(&mut setup);
        let key = lab.parties.authority.clone();
        let entry = setup.signed(&key, &mut rand::rng()).to_bytes();
        lab.post(&[&entry]);
        board::entry_hash(&entry)
    }
    /// Every program of the roster takes part until the end.
    pub(crate) async fn ceremony(&self) {
        let all: Vec<usize> = (0..self.trustees.len()).collect();
        self.join(&all).await.unwrap();
    }
    /// These programs take part until the end.
    pub(crate) async fn join(&self, who: &[usize]) -> Result<()> {
        let joins = who.iter().map(|i| self.join_one(*i));
        futures::future::try_join_all(joins).await.map(drop)
    }
    async fn join_one(&self, i: usize) -> Result<()> {
        let (mut nodes, mut talk) = (self.nodes(), Silent);
        tokio::time::timeout(LIMIT, self.trustees[i].join(&mut nodes, &mut talk)).await?
    }
    pub(crate) fn nodes(&self) -> Nodes {
        Nodes::of(&self.network).unwrap()
    }
    pub(crate) fn vote(&self, choices: &[u16]) {
        let mut lab = self.lab();
        lab.open_box();
        for (voter, choice) in choices.iter().enumerate() {
            lab.cast(voter, *choice);
        }
    }
    /// Close, evidence, and the trustees' clocks with the board's.
    pub(crate) fn close(&self) {
        let mut lab = self.lab();
        lab.close();
        lab.evidence();
        self.clock.set_ms(lab.now);
    }
    pub(crate) fn announce(&self) {
        let mut lab = self.lab();
        lab.announce();
        self.clock.set_ms(lab.now);
    }
    pub(crate) async fn commit(&self, i: usize) -> Result<()> {
        self.trustees[i]
            .commit(&mut self.nodes(), &mut Silent)
            .await
    }
    pub(crate) async fn release(&self, i: usize) -> Result<()> {
        self.trustees[i]
            .release(&mut self.nodes(), &mut Silent)
            .await
    }
    /// What each node shows.
    pub(crate) fn show(&self, node: usize, what: Shows) {
        *self.shows[node].lock().unwrap() = what;
    }
}

/// The refusal inside an error.
#[track_caller]
pub(crate) fn refusal(result: Result<()>) -> Refusal {
    let error = result.expect_err("nothing was refused");
    match error.downcast() {
        Ok(refusal) => refusal,
        Err(other) => panic!("not a refusal: {other:#}"),
    }
}
