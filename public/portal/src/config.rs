//! The configuration file.

use std::net::SocketAddr;
use std::path::{Path, PathBuf};

use host::clock::ClockConfig;
use host::config::{ConfigError, beside, load};
use serde::Deserialize;

/// `portal.toml`; unknown keys are refused, paths are relative to the file.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Config {
    /// Where pages are served (plain http; a front end adds TLS for the public).
    pub listen: SocketAddr,
    /// The sealed manifest.
    pub manifest: PathBuf,
    /// Static part of the start file.
    pub start_file: PathBuf,
    /// The board's network file.
    pub network: PathBuf,
    /// Pins the election, hex.
    #[serde(default)]
    pub election_hash: Option<String>,
    /// `sqlite://…` or `postgres://…`; a file in the data folder when missing.
    #[serde(default)]
    pub database: Option<String>,
    /// An urgent notice, shown while this file exists.
    #[serde(default)]
    pub emergency: Option<PathBuf>,
    /// The verifier's pages (`cargo xtask web`); without it there is no `/verify/`.
    #[serde(default)]
    pub pages: Option<PathBuf>,
    /// Whether a practice election is meant; otherwise a real one (rule R1.10). Shows the label
    /// and, with the demo's clock, its buttons.
    pub practice: bool,
    /// Log filter.
    #[serde(default = "info")]
    pub log: String,
    /// The clock.
    #[serde(default)]
    pub clock: ClockConfig,
}

fn info() -> String {
    "info".to_owned()
}

impl Config {
    /// Reads a configuration file.
    ///
    /// # Errors
    /// [`ConfigError`].
    pub fn read(path: &Path) -> Result<Self, ConfigError> {
        let mut config: Self = load(path)?;
        for file in [
            &mut config.manifest,
            &mut config.start_file,
            &mut config.network,
        ] {
            *file = beside(path, file);
        }
        config.emergency = config.emergency.map(|file| beside(path, &file));
        config.pages = config.pages.map(|folder| beside(path, &folder));
        config.clock.file = config.clock.file.map(|file| beside(path, &file));
        Ok(config)
    }

    /// The database's address.
    #[must_use]
    pub fn database_url(&self, data: &Path) -> String {
        self.database
            .clone()
            .unwrap_or_else(|| format!("sqlite://{}", data.join("portal.db").display()))
    }
}

#[cfg(test)]
mod tests;
