//! A trustee's own program: key ceremony, share, commitment, release (spec 02 and 07).
//!
//! It believes no node: it replays the chain itself, compares heads of several nodes, and refuses
//! whatever the rules of chapter 07 tell a trustee to refuse.

mod ceremony_run;
pub mod config;
pub mod keys;
mod refusal;
mod tally_run;

pub use config::TrusteeConfig;
pub use refusal::Refusal;

use anyhow::{Context as _, Result};
use board::network::NetworkConfig;
use board::receipt::Committee;
use board::state::Election;
use client::{Gateway, Replica};
use host::WallClock;
use keys::KeyFolder;
use std::path::{Path, PathBuf};

/// One trustee on one computer.
#[derive(Debug)]
pub struct Trustee {
    id: u16,
    names: (String, String),
    data: PathBuf,
    folder: KeyFolder,
    network_file: PathBuf,
    clock: WallClock,
}

impl Trustee {
    /// Opens the folder; `beside` resolves the configuration's relative paths.
    ///
    /// # Errors
    /// When the passphrase or the clock cannot be read.
    pub fn new(
        config: &TrusteeConfig,
        data: &Path,
        beside: impl Fn(&PathBuf) -> PathBuf,
    ) -> Result<Self> {
        let passphrase = beside(&config.passphrase_file);
        Ok(Self {
            id: config.id,
            names: (config.name_ja.clone(), config.name_en.clone()),
            data: data.to_owned(),
            folder: KeyFolder::new(&data.join("keys"), &passphrase, config.light)?,
            network_file: beside(&config.network),
            clock: config.clock.open()?,
        })
    }
    /// Makes the keys and writes `public.json`.
    ///
    /// # Errors
    /// When files cannot be written.
    pub fn init(&self) -> Result<()> {
        let public = self.folder.init(self.id, (&self.names.0, &self.names.1))?;
        let path = self.data.join("public.json");
        std::fs::write(&path, serde_json::to_string_pretty(&public)?)
            .with_context(|| path.display().to_string())
    }
    fn network(&self) -> Result<(NetworkConfig, Vec<Gateway>)> {
        let (_, network) = client::read_network(&self.network_file)?;
        let committee = Committee::from(&network);
        let nodes = network
            .validators
            .iter()
            .map(|v| Gateway::new(v, committee.clone()));
        let nodes = nodes.collect::<Result<_, _>>()?;
        Ok((network, nodes))
    }
    /// The one election this trustee belongs to: the roster holds both its keys, and once there is
    /// a share, the election is that of the share. A second election that names the same keys is
    /// an attack or a mistake, and nothing is done.
    fn mine<'a>(&self, replica: &'a Replica) -> Result<Option<&'a Election>> {
        let (keys, hpke) = self.folder.read()?;
        let key = keys.signing.public();
        let pinned = self.folder.share_setup()?;
        let mut found = replica.state().elections().filter(|e| {
            e.setup()
                .roster
                .member(self.id)
                .is_ok_and(|m| m.key == key && m.hpke == hpke)
                && pinned.is_none_or(|setup| setup == *e.setup_hash())
                && e.ceremony().culprit().is_none()
        });
        let first = found.next();
        if found.next().is_some() {
            anyhow::bail!(Refusal::Ambiguous);
        }
        Ok(first)
    }
    /// A replica at the newest height that f + 1 nodes agree on.
    async fn replica(&self) -> Result<(Replica, Vec<Gateway>)> {
        let (network, nodes) = self.network()?;
        let needed = board::network::tolerated(nodes.len()) + 1;
        let mut replica = Replica::new(&network);
        replica.follow(&nodes, needed).await?;
        Ok((replica, nodes))
    }
}
