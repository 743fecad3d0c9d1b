//! From the network file to the bytes that the board hashes: one function for validators and for
//! everybody who follows them, because two readings would give two network ids.

use crate::node::NetworkFile;
use ballot::manifest::Validator;
use ballot::text::Text;
use board::NetworkConfig;
use crypto::Point;
use crypto::hash::from_hex;
use crypto::wire::WireError;

/// Why a network file is refused.
#[derive(Debug, thiserror::Error)]
pub enum NetworkFault {
    /// A key or pin is not the hex of one.
    #[error("validator {0}: a key or pin is not 64 hexadecimal digits of one")]
    Key(String),
    /// An authority's key is not the hex of one.
    #[error("authority {0}: not 64 hexadecimal digits of a key")]
    Authority(String),
    /// Too few, too many, or one twice.
    #[error("not 1 to 32 different validators and 1 to 64 different authorities ({0})")]
    Parties(WireError),
}

/// What the network file says, in the form the board hashes. The order of the lists in the file
/// does not matter.
///
/// # Errors
/// [`NetworkFault`].
pub fn network_config(file: &NetworkFile) -> Result<NetworkConfig, NetworkFault> {
    let mut validators = Vec::with_capacity(file.validators.len());
    for v in &file.validators {
        let wrong = || NetworkFault::Key(v.name.clone());
        validators.push(Validator {
            name: Text::new(&v.name, &v.name, &v.name),
            engine_key: bytes(&v.engine_key).ok_or_else(wrong)?,
            node_key: point(&v.node_key).ok_or_else(wrong)?,
            origin: v.gateway.clone(),
            spki: bytes(&v.spki).ok_or_else(wrong)?,
        });
    }
    let mut authorities = Vec::with_capacity(file.authorities.len());
    for hex in &file.authorities {
        authorities.push(point(hex).ok_or_else(|| NetworkFault::Authority(hex.clone()))?);
    }
    NetworkConfig::new(&file.name, validators, authorities, 0).map_err(NetworkFault::Parties)
}

fn bytes(hex: &str) -> Option<[u8; 32]> {
    from_hex(hex)?.try_into().ok()
}

fn point(hex: &str) -> Option<Point> {
    Point::from_bytes(&bytes(hex)?)
}

#[cfg(test)]
mod tests;
