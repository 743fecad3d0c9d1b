//! Configuration of a validator and the network it belongs to.

use crate::rules::{self, BadParties, NetworkConfig};
use api::node::NetworkFile;
use commonware_codec::{Copying, DecodeExt as _};
use commonware_cryptography::ed25519::PublicKey;
use host::clock::ClockConfig;
use serde::Deserialize;
use std::collections::{BTreeMap, BTreeSet};
use std::net::{IpAddr, SocketAddr};
use std::path::PathBuf;

/// `node.toml`. Relative paths start from the folder of the file.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct NodeConfig {
    /// This validator's name in the network file.
    pub name: String,
    /// The network file (not needed for `init`).
    pub network: PathBuf,
    /// Folder with `engine.key`, `node.key`, `tls.key`; `keys` in the data folder without it.
    pub keys: Option<PathBuf>,
    /// File whose first line opens the key files.
    pub passphrase_file: PathBuf,
    /// Where the gateway listens.
    pub api: SocketAddr,
    /// Origin of the gateway as others reach it; `https://<api>` without it.
    pub gateway: Option<String>,
    /// Where the other validators are answered.
    pub p2p: SocketAddr,
    /// Address the other validators reach this one at; `p2p` without it.
    pub p2p_public: Option<SocketAddr>,
    /// Where `/metrics` is answered (plain HTTP); nowhere without it.
    pub metrics: Option<SocketAddr>,
    /// Whether peers may have private or loopback addresses (one machine, one building).
    #[serde(default)]
    pub private_addresses: bool,
    /// Cheap derivation for new key files, for passphrases with 128 random bits.
    #[serde(default)]
    pub light_key_files: bool,
    /// Threads of the engine and the gateway; all processors without it.
    pub threads: Option<usize>,
    /// File in which every request is noted, for tests of what a node can learn; refused in release
    /// builds.
    pub note_requests: Option<PathBuf>,
    /// Addresses from which relays ask: many people stand behind each.
    #[serde(default)]
    pub relays: Vec<IpAddr>,
    /// Authorities (PEM) that vouch for the names of portals; those that browsers know without it.
    pub portal_roots: Option<PathBuf>,
    /// Limits.
    #[serde(default)]
    pub limits: Limits,
    /// The clock.
    #[serde(default)]
    pub clock: ClockConfig,
}

/// Limits against floods.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct Limits {
    /// Entries waiting for a block at most.
    pub waiting: usize,
    /// Entries one address may post per second, in the long run.
    pub rate_per_second: u32,
    /// Entries one address may post at once.
    pub burst: u32,
    /// Sealed questions one relay may pass on per second, in the long run.
    pub relay_per_second: u32,
    /// Sealed questions one relay may pass on at once.
    pub relay_burst: u32,
    /// Entries in a block at most.
    pub block_entries: usize,
}

impl Default for Limits {
    fn default() -> Self {
        Self {
            waiting: 100_000,
            rate_per_second: 200,
            burst: 2_000,
            relay_per_second: 5_000,
            relay_burst: 20_000,
            block_entries: 256,
        }
    }
}

/// One validator, its keys read.
#[derive(Clone, Debug)]
pub struct Validator {
    /// Name in the network file.
    pub name: String,
    /// Key of the engine.
    pub engine: PublicKey,
    /// Key of "seen" and refusals.
    pub node: [u8; 32],
    /// Where the others reach it.
    pub p2p: SocketAddr,
    /// Key to which relays' questions are sealed.
    pub door: [u8; 32],
}

/// The network, checked.
#[derive(Clone, Debug)]
pub struct Network {
    /// The validators by name.
    pub validators: BTreeMap<String, Validator>,
    /// What the board's rules know of the network.
    pub rules: NetworkConfig,
}

/// Why a network file was refused.
#[derive(Debug, thiserror::Error)]
pub enum NetworkError {
    /// The board refuses it.
    #[error(transparent)]
    Parties(#[from] BadParties),
    /// An engine key is not one that rule R6.24 takes.
    #[error("validator {0}: engine_key is not a canonical Ed25519 key")]
    Engine(String),
    /// Two validators share a name, node key or address.
    #[error("validator {0}: its name, key or address is used twice")]
    Twice(String),
    /// This node is not in the file.
    #[error("{0} is not a validator of this network")]
    Stranger(String),
    /// The key files belong to somebody else.
    #[error("the key files are not those the network file names for {0}")]
    OtherKeys(String),
}

impl Network {
    /// Checks a network file.
    ///
    /// # Errors
    /// Any [`NetworkError`].
    pub fn new(file: &NetworkFile) -> Result<Self, NetworkError> {
        let rules = rules::network_config(file)?;
        let mut validators = BTreeMap::new();
        let mut seen = BTreeSet::new();
        for v in &file.validators {
            let engine = rules::engine_key(&v.engine_key.0)
                .and_then(|_| PublicKey::decode(Copying(v.engine_key.0.as_slice())).ok())
                .ok_or_else(|| NetworkError::Engine(v.name.clone()))?;
            let node = *v.node_key.0.as_bytes();
            let fresh = seen.insert(v.node_key.to_string()) && seen.insert(v.p2p.to_string());
            let one = Validator {
                name: v.name.clone(),
                engine,
                node,
                p2p: v.p2p,
                door: v.hpke.0,
            };
            if !fresh || validators.insert(v.name.clone(), one).is_some() {
                return Err(NetworkError::Twice(v.name.clone()));
            }
        }
        Ok(Self { validators, rules })
    }

    /// Names of the validators in the order of their engine keys, as certificates number them.
    #[must_use]
    pub fn names_by_engine_key(&self) -> Vec<String> {
        let mut sorted: Vec<&Validator> = self.validators.values().collect();
        sorted.sort_by_key(|v| v.engine.clone());
        sorted.into_iter().map(|v| v.name.clone()).collect()
    }

    /// The network's id, hex.
    #[must_use]
    pub fn id_hex(&self) -> String {
        crypto::hash::to_hex(&self.rules.id())
    }

    /// This node's own line.
    ///
    /// # Errors
    /// [`NetworkError::Stranger`].
    pub fn me(&self, name: &str) -> Result<&Validator, NetworkError> {
        self.validators
            .get(name)
            .ok_or_else(|| NetworkError::Stranger(name.to_owned()))
    }
}

#[cfg(test)]
mod tests;
