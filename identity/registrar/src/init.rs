//! `init`: keys for one election and their public part.

use std::fs;
use std::path::{Path, PathBuf};

use ballot::salt::{self, MAX_DEPTH};
use host::keyfile::Cost;
use host::passphrase::{Passphrase, PassphraseError};

use crate::config::Config;
use crate::keys::{Keys, KeysError};

/// Makes the keys in `data/keys` and writes `data/public.json`. A second call changes nothing.
///
/// # Errors
/// [`InitError`].
pub fn init(config: &Config, data: &Path) -> Result<PathBuf, InitError> {
    let public = data.join("public.json");
    if public.exists() {
        return Ok(public);
    }
    let depths = salt::depths(config.practice);
    if !depths.contains(&config.salt_depth) {
        return Err(InitError::SaltDepth {
            depth: config.salt_depth,
            least: *depths.start(),
        });
    }
    if config.again_keys == 0 {
        return Err(InitError::AgainKeys);
    }
    let passphrase = Passphrase::from_file(&config.passphrase_file)?;
    let folder = data.join("keys");
    let io = |source| InitError::Io {
        path: data.to_owned(),
        source,
    };
    fs::create_dir_all(&folder).map_err(io)?;
    let keys = Keys::generate(config.salt_depth, config.again_keys)?;
    let cost = if config.random_passphrase {
        Cost::LIGHT
    } else {
        Cost::STANDARD
    };
    keys.write(&folder, &passphrase, cost)?;
    let part = keys.public_part(&config.id, &config.name_ja, &config.name_en, &config.origin);
    let text = serde_json::to_string_pretty(&part).map_err(|_| InitError::Json)?;
    // Written last: its presence means that the keys are complete.
    fs::write(&public, text + "\n").map_err(io)?;
    Ok(public)
}

/// Why keys could not be made.
#[derive(Debug, thiserror::Error)]
pub enum InitError {
    /// The passphrase file.
    #[error(transparent)]
    Passphrase(#[from] PassphraseError),
    /// Rule R1.14: no manifest with such a table is sealed.
    #[error(
        "salt_depth = {depth}: {least} to {MAX_DEPTH} are allowed here (R1.14); no key was made"
    )]
    SaltDepth {
        /// As configured.
        depth: u8,
        /// The least allowed.
        least: u8,
    },
    /// Rule R1.15: every manifest has a window.
    #[error("again_keys = 0: 1 to 255 are allowed (R1.15); no key was made")]
    AgainKeys,
    /// The keys.
    #[error(transparent)]
    Keys(#[from] KeysError),
    /// The data folder.
    #[error("cannot write to {}: {source}", path.display())]
    Io {
        /// The folder.
        path: PathBuf,
        /// What the system said.
        source: std::io::Error,
    },
    /// The public part cannot be written as JSON.
    #[error("the public part cannot be written")]
    Json,
}

#[cfg(test)]
mod tests;
