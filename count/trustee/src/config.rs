//! `trustee.toml`. Relative paths start from the folder of the file.

use host::clock::ClockConfig;
use serde::Deserialize;
use std::path::PathBuf;

/// One trustee's configuration.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Config {
    /// 1…n, as the authority numbers the trustees. After a ceremony began anew without somebody the
    /// number may be another; the board's roster says which.
    pub id: u16,
    /// Name shown to people.
    pub name_ja: String,
    /// Name in English.
    pub name_en: String,
    /// The board's network file.
    pub network: PathBuf,
    /// Whether a practice election is meant; otherwise a real one (rule R1.10). Nobody may forget it.
    pub practice: bool,
    /// File whose first line opens the key files; without it the terminal is asked.
    pub passphrase_file: Option<PathBuf>,
    /// Cheap key derivation, for random passphrases of demonstrations only.
    #[serde(default)]
    pub light: bool,
    /// Days after the announced time before the share may be destroyed: the term of appeal.
    #[serde(default = "thirty")]
    pub appeal_days: u64,
    /// The clock.
    #[serde(default)]
    pub clock: ClockConfig,
}

fn thirty() -> u64 {
    30
}

#[cfg(test)]
mod tests;
