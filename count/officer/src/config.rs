//! `officer.toml`. Relative paths start from the folder of the file.

use host::clock::ClockConfig;
use serde::Deserialize;
use std::path::PathBuf;

/// One officer's configuration.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Config {
    /// Name shown to people.
    pub name_ja: String,
    /// Name in English.
    pub name_en: String,
    /// Whether a practice election is meant; otherwise a real one (rule R1.10). Nobody may forget it.
    pub practice: bool,
    /// The board's network file.
    pub network: PathBuf,
    /// File whose first line opens the key file; without it the terminal is asked.
    pub passphrase_file: Option<PathBuf>,
    /// Cheap key derivation, for random passphrases of demonstrations only.
    #[serde(default)]
    pub light: bool,
    /// The clock.
    #[serde(default)]
    pub clock: ClockConfig,
}

#[cfg(test)]
mod tests;
