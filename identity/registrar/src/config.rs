//! The configuration file.

use std::net::SocketAddr;
use std::path::{Path, PathBuf};

use api::hex::Hex;
use crypto::{Hash, Point};
use host::clock::ClockConfig;
use host::config::{ConfigError, beside, load};
use serde::{Deserialize, Serialize};

/// What `irefuda-registrar run` needs. Paths are relative to the configuration file.
#[derive(Clone, Debug, Deserialize, Serialize)]
#[serde(deny_unknown_fields)]
pub struct Config {
    /// Short machine name.
    pub id: String,
    /// Name in Japanese, for the manifest.
    pub name_ja: String,
    /// Name in English, for the manifest.
    pub name_en: String,
    /// `https://host:port` as voters reach it.
    pub origin: String,
    /// Address to listen on.
    pub listen: SocketAddr,
    /// The sealed manifest, canonical bytes.
    pub manifest: PathBuf,
    /// The election hash expected, hex; without it any well-sealed manifest is served.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub election_hash: Option<Hex<Hash>>,
    /// Whether a practice election is meant; otherwise a real one (rule R1.10). Nobody may forget it.
    pub practice: bool,
    /// File with the passphrase of the keys.
    pub passphrase_file: PathBuf,
    /// Says that the passphrase has 128 random bits and needs no costly stretching.
    #[serde(default)]
    pub random_passphrase: bool,
    /// The table of salts that `init` makes has 2^`salt_depth` leaves: 16…28, in a practice
    /// election 8…28 (rule R1.14).
    #[serde(default = "default_salt_depth")]
    pub salt_depth: u8,
    /// So many keys for further ballots does `init` make: one for each six hours from the first
    /// opening to the close, 1…255. The manifest lists as many as it has windows.
    #[serde(default = "default_again_keys")]
    pub again_keys: u8,
    /// `sqlite://FILE` or `postgres://…`; `DIR/registrar.db` of `--data` otherwise.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub database: Option<String>,
    /// How cards are checked.
    pub jpki: JpkiConfig,
    /// Where tickets of start files are redeemed; without it no ticket is asked for.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub ticket_url: Option<String>,
    /// The clock.
    #[serde(default)]
    pub clock: ClockConfig,
    /// Limits.
    #[serde(default)]
    pub limits: LimitsConfig,
    /// Whether `Evidence` entries are posted to the manifest's validators, once a day.
    #[serde(default = "yes")]
    pub report: bool,
    /// Kiosks.
    #[serde(default)]
    pub stations: Vec<StationConfig>,
    /// Log filter.
    #[serde(default = "default_log")]
    pub log: String,
}

/// How cards are checked.
#[derive(Clone, Debug, Deserialize, Serialize)]
#[serde(deny_unknown_fields)]
pub struct JpkiConfig {
    /// Pinned authorities: the JSON trust file of crate `jpki`.
    pub trust: PathBuf,
    /// Whether certificates of the test authority are meant: `test` or `production`.
    pub policy: Policy,
    /// Where the revocation list is fetched.
    pub crl_url: String,
    /// How long a fetched list is used before it is fetched again, seconds.
    #[serde(default = "default_crl_seconds")]
    pub crl_seconds: u64,
}

/// Which certificate policy is accepted.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Policy {
    /// Certificates of the test authority; only in practice elections.
    Test,
    /// Real cards.
    Production,
}

/// Limits against floods.
#[derive(Clone, Debug, Deserialize, Serialize)]
#[serde(deny_unknown_fields, default)]
pub struct LimitsConfig {
    /// Sessions one ticket may open.
    pub sessions_per_ticket: u32,
    /// Further ballots of one person and day.
    pub again_per_day: u32,
    /// Sessions open at the same time; beyond it the oldest without a card are forgotten.
    pub sessions: usize,
    /// Sessions one address (IPv6: one /64) may open in a second, in the long run. This machine's
    /// own address is not limited.
    pub sessions_per_second: u32,
    /// Sessions one address may open at once.
    pub session_burst: u32,
}

impl Default for LimitsConfig {
    fn default() -> Self {
        Self {
            sessions_per_ticket: 20,
            again_per_day: 5,
            sessions: 100_000,
            sessions_per_second: 5,
            session_burst: 100,
        }
    }
}

/// One kiosk.
#[derive(Clone, Debug, Deserialize, Serialize)]
#[serde(deny_unknown_fields)]
pub struct StationConfig {
    /// Its id.
    pub id: String,
    /// `counter` or `venue`.
    pub channel: String,
    /// Its Schnorr key, hex.
    pub public_key: Hex<Point>,
    /// In service from, ms.
    #[serde(default)]
    pub from_ms: u64,
    /// In service until before, ms.
    #[serde(default = "never")]
    pub to_ms: u64,
}

fn default_salt_depth() -> u8 {
    24
}

fn default_again_keys() -> u8 {
    72
}

fn default_log() -> String {
    "info".to_owned()
}

fn default_crl_seconds() -> u64 {
    300
}

fn yes() -> bool {
    true
}

fn never() -> u64 {
    // TOML integers are signed.
    i64::MAX.unsigned_abs()
}

impl Config {
    /// Reads the file and resolves its paths.
    ///
    /// # Errors
    /// As [`load`].
    pub fn read(path: &Path) -> Result<Self, ConfigError> {
        let mut config: Self = load(path)?;
        for file in [
            &mut config.manifest,
            &mut config.passphrase_file,
            &mut config.jpki.trust,
        ] {
            *file = beside(path, file);
        }
        Ok(config)
    }
}

#[cfg(test)]
mod tests;
