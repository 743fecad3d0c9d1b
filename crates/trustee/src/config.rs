//! `trustee.toml`. Relative paths are looked up beside the file.

use host::clock::ClockConfig;
use serde::Deserialize;
use std::path::PathBuf;

/// One trustee's configuration.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct TrusteeConfig {
    /// 1…n, as on the roster.
    pub id: u16,
    /// Name shown to people.
    pub name_ja: String,
    /// Name in English.
    pub name_en: String,
    /// The board's network file.
    pub network: PathBuf,
    /// File whose first line opens the key files.
    pub passphrase_file: PathBuf,
    /// Cheap key derivation, for random passphrases of demonstrations only.
    #[serde(default)]
    pub light: bool,
    /// The clock.
    #[serde(default)]
    pub clock: ClockConfig,
}
