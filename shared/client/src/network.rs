//! The network file, which every party of a board has.

use api::network::{BadParties, network_config};
use api::node::NetworkFile;
use board::network::NetworkConfig;
use std::path::Path;

/// Why a network file is refused.
#[derive(Debug, thiserror::Error)]
pub enum NetworkFileError {
    /// It cannot be read or is not a network file.
    #[error(transparent)]
    Config(#[from] host::config::ConfigError),
    /// There are too few or too many parties, or one twice.
    #[error(transparent)]
    Parties(#[from] BadParties),
}

/// Reads a network file.
///
/// # Errors
/// [`NetworkFileError`].
pub fn read_network(path: &Path) -> Result<(NetworkFile, NetworkConfig), NetworkFileError> {
    let file: NetworkFile = host::config::load(path)?;
    let config = network_config(&file)?;
    Ok((file, config))
}
