//! Configuration files: TOML, unknown keys refused, errors that say where.

use std::fs;
use std::path::{Path, PathBuf};

use serde::de::DeserializeOwned;

/// Reads the configuration at `path`. The type should carry
/// `#[serde(deny_unknown_fields)]` at every level.
///
/// # Errors
/// When the file cannot be read or does not say exactly what `T` asks for.
pub fn load<T: DeserializeOwned>(path: &Path) -> Result<T, ConfigError> {
    let text = fs::read_to_string(path).map_err(|cause| ConfigError::Read {
        path: path.to_owned(),
        cause,
    })?;
    parse(&text, path)
}

/// Parses configuration text; `path` is used in messages only.
///
/// # Errors
/// When the text does not say exactly what `T` asks for.
pub fn parse<T: DeserializeOwned>(text: &str, path: &Path) -> Result<T, ConfigError> {
    toml::from_str(text).map_err(|cause| ConfigError::Parse {
        path: path.to_owned(),
        cause: Box::new(cause),
    })
}

/// Resolves `file` against the folder of the configuration file `config`, so
/// that a configuration can be moved together with what it names.
#[must_use]
pub fn beside(config: &Path, file: &Path) -> PathBuf {
    config
        .parent()
        .map_or_else(|| file.to_owned(), |folder| folder.join(file))
}

/// Why a configuration was refused. Programs exit with code 2.
#[derive(Debug, thiserror::Error)]
pub enum ConfigError {
    /// The file could not be read.
    #[error("cannot read the configuration {}: {cause}", path.display())]
    Read {
        /// The configuration file.
        path: PathBuf,
        /// What the system said.
        cause: std::io::Error,
    },
    /// The text is not what the program asks for.
    #[error("the configuration {} is not usable (unknown keys are refused):\n{cause}", path.display())]
    Parse {
        /// The configuration file.
        path: PathBuf,
        /// Line, column and what was expected there.
        cause: Box<toml::de::Error>,
    },
}

#[cfg(test)]
mod tests;
