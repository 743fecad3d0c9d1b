//! `admin.toml`. Relative paths start from the folder of the file.

use api::trust::Version;
use host::clock::ClockConfig;
use serde::Deserialize;
use std::path::PathBuf;

/// Configuration of the authority's tool.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct AdminConfig {
    /// The board's network file.
    pub network: PathBuf,
    /// The election's content file.
    pub content: PathBuf,
    /// File whose first line opens the authority's key file.
    pub passphrase_file: PathBuf,
    /// Officers' `public.json` files, in the manifest's order.
    pub officers: Vec<PathBuf>,
    /// Trustees' `public.json` files, by id.
    pub trustees: Vec<PathBuf>,
    /// Registrars' `public.json` files, in the manifest's order.
    pub registrars: Vec<PathBuf>,
    /// Address of the public pages, `http://host:port`.
    pub portal: String,
    /// Address hints of the start file; the portal when empty.
    #[serde(default)]
    pub hints: Vec<String>,
    /// Relays' `public.json` files.
    #[serde(default)]
    pub relays: Vec<PathBuf>,
    /// Auditors' `public.json` files.
    pub auditors: Vec<PathBuf>,
    /// Channels with a face step.
    #[serde(default)]
    pub face_required: Vec<String>,
    /// Fewest counted ballots trustees decrypt.
    #[serde(default = "ten")]
    pub min_counted: u32,
    /// How long blocks accept ballots taken before the close, ms.
    #[serde(default = "a_minute")]
    pub drain_ms: u64,
    /// By how much the close may be moved at most, ms.
    #[serde(default = "two_hours")]
    pub extend_ms: u64,
    /// Cheap key derivation, for random passphrases of demonstrations only.
    #[serde(default)]
    pub light: bool,
    /// Oldest booth program that is accepted.
    #[serde(default = "first_version")]
    pub minimum_booth: Version,
    /// The clock.
    #[serde(default)]
    pub clock: ClockConfig,
}

fn ten() -> u32 {
    10
}

fn a_minute() -> u64 {
    60_000
}

fn two_hours() -> u64 {
    7_200_000
}

fn first_version() -> Version {
    Version::FIRST
}

#[cfg(test)]
mod tests;
