//! `relay.toml`. Relative paths start from the folder of the file.

use api::hex::Hex;
use api::node::NetworkFile;
use host::config::{ConfigError, beside, load};
use serde::Deserialize;
use std::collections::BTreeMap;
use std::net::SocketAddr;
use std::path::{Path, PathBuf};

/// Configuration of a relay.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Config {
    /// Name of the body in Japanese, for the manifest.
    pub name_ja: String,
    /// Name of the body in English.
    pub name_en: String,
    /// Address as voters reach it, `https://host:port`.
    pub origin: String,
    /// Where it listens.
    pub listen: SocketAddr,
    /// The network file of the board: its nodes, and no others, can be asked.
    pub network: PathBuf,
    /// File whose first line opens the key file.
    pub passphrase_file: PathBuf,
    /// Certificate of a public authority for the relay's key (PEM), so that browsers take it; without
    /// it the relay makes one that only programs with the pin take.
    pub certificate: Option<PathBuf>,
    /// Cheap derivation for new key files, for passphrases with 128 random bits.
    #[serde(default)]
    pub light_key_files: bool,
    /// Limits.
    #[serde(default)]
    pub limits: Limits,
}

/// Limits against floods.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct Limits {
    /// Questions one address may ask per second, in the long run.
    pub rate_per_second: u32,
    /// Questions one address may ask at once.
    pub burst: u32,
    /// Questions under way at the same time, until the answer has gone to its end.
    pub under_way: usize,
    /// The same to one node: fewer than the 1,024 connections that a node grants a relay.
    pub per_node: usize,
    /// Connections of voters at the same time.
    pub connections: usize,
}

impl Default for Limits {
    fn default() -> Self {
        Self {
            rate_per_second: 100,
            burst: 3_000,
            under_way: 4096,
            per_node: 960,
            connections: 8192,
        }
    }
}

/// A node that can be asked.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Target {
    /// `https://host:port`.
    pub origin: String,
    /// SHA-256 of its TLS key.
    pub spki: [u8; 32],
}

/// The nodes that can be asked, by their pin.
pub type Targets = BTreeMap<[u8; 32], Target>;

impl Config {
    /// Reads the file; paths in it are relative to its folder.
    ///
    /// # Errors
    /// When it cannot be read or says something unknown.
    pub fn read(path: &Path) -> Result<Self, ConfigError> {
        let mut config: Self = load(path)?;
        config.network = beside(path, &config.network);
        config.passphrase_file = beside(path, &config.passphrase_file);
        config.certificate = config.certificate.map(|file| beside(path, &file));
        Ok(config)
    }

    /// The nodes of the network file.
    ///
    /// # Errors
    /// When it cannot be read or is not one.
    pub fn targets(&self) -> Result<Targets, ConfigError> {
        let file: NetworkFile = load(&self.network)?;
        let target = |v: api::node::ValidatorEntry| Target {
            origin: v.gateway.trim_end_matches('/').to_owned(),
            spki: v.spki.0,
        };
        let all = file.validators.into_iter().map(target);
        Ok(all.map(|target| (target.spki, target)).collect())
    }

    /// What the authority needs for the manifest.
    #[must_use]
    pub fn public(&self, spki: [u8; 32]) -> api::relay::PublicPart {
        api::relay::PublicPart {
            name_ja: self.name_ja.clone(),
            name_en: self.name_en.clone(),
            origin: self.origin.clone(),
            spki: Hex(spki),
        }
    }
}

#[cfg(test)]
mod tests;
