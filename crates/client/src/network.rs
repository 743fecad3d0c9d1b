//! The network file, which every party of a board has.

use api::node::NetworkFile;
use ballot::manifest::Validator;
use ballot::text::Text;
use board::network::NetworkConfig;
use crypto::Point;
use crypto::hash::from_hex;
use std::path::Path;

/// Why a network file is refused.
#[derive(Debug, thiserror::Error)]
pub enum NetworkFileError {
    /// It cannot be read or is not a network file.
    #[error(transparent)]
    Config(#[from] host::config::ConfigError),
    /// A key or pin is not the hex of one.
    #[error("validator {0}: a key is not a key")]
    Key(String),
    /// An authority's key is not the hex of one.
    #[error("authority {0}: not a key")]
    Authority(String),
    /// No validator or authority, too many, or a key twice.
    #[error("the network has not 1 to 32 different validators and 1 to 64 different authorities")]
    Parties,
}

/// Reads a network file.
///
/// # Errors
/// [`NetworkFileError`].
pub fn read_network(path: &Path) -> Result<(NetworkFile, NetworkConfig), NetworkFileError> {
    let file: NetworkFile = host::config::load(path)?;
    let mut validators = Vec::new();
    for v in &file.validators {
        let wrong = || NetworkFileError::Key(v.name.clone());
        let bytes = |hex: &str| -> Result<[u8; 32], NetworkFileError> {
            from_hex(hex)
                .and_then(|b| b.try_into().ok())
                .ok_or_else(wrong)
        };
        validators.push(Validator {
            name: Text::new(&v.name, &v.name, &v.name),
            engine_key: bytes(&v.engine_key)?,
            node_key: Point::from_bytes(&bytes(&v.node_key)?).ok_or_else(wrong)?,
            origin: v.gateway.clone(),
            spki: bytes(&v.spki)?,
        });
    }
    let mut authorities = Vec::new();
    for hex in &file.authorities {
        let bytes: Option<[u8; 32]> = from_hex(hex).and_then(|b| b.try_into().ok());
        let key = bytes.and_then(|b| Point::from_bytes(&b));
        authorities.push(key.ok_or_else(|| NetworkFileError::Authority(hex.clone()))?);
    }
    let config = NetworkConfig::new(&file.name, validators, authorities, 0)
        .map_err(|_| NetworkFileError::Parties)?;
    Ok((file, config))
}
