//! `audit.toml`. Relative paths start from the folder of the file.

use serde::Deserialize;
use std::path::PathBuf;

/// One auditor's configuration.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Config {
    /// Name shown to people.
    pub name_ja: String,
    /// Name in English.
    pub name_en: String,
    /// File whose first line opens the key file; without it the terminal is asked.
    pub passphrase_file: Option<PathBuf>,
    /// Cheap key derivation, for random passphrases of demonstrations only.
    #[serde(default)]
    pub light: bool,
}

#[cfg(test)]
mod tests;
